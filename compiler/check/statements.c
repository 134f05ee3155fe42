/* statements.c - the statements of net { } become layers with values and forward nodes, one after the other.
 *
 * A statement is a layer and the words behind it, which are layers of their own applied to its result. After
 * an error the rest is still read, but a layer whose input has no shape is silent about shapes. */
#include "check/check.h"

#include <string.h>

#include "base/arena.h"
#include "base/names.h"
#include "base/text.h"

static bool is_kind(const struct layer_kind *kind, const char *name)
{
    return strcmp(kind->name, name) == 0;
}

struct layer *check_add_layer(struct check *check, const struct layer_kind *kind, const char *name,
                              struct setting *settings, struct span span)
{
    struct layer *layer = graph_add_layer(check->graph, kind, name);
    layer->span = span;
    layer->settings = settings;
    layer->input = check->current ? check->current->output : NULL;
    label_add(check, layer);
    return layer;
}

static void count_consumers(struct layer *layer)
{
    if (layer->input && !layer->joined_count)
        layer->input->consumers++;
    for (int i = 0; i < layer->joined_count; i++)
        layer->joined[i]->consumers++;
}

static void note_measure(struct check *check, const struct layer *layer, struct span kind_span)
{
    struct batch_measure *measure = ARENA_NEW(check->arena, struct batch_measure);
    *measure = (struct batch_measure){
        .layer = layer, .span = kind_span, .origin = check->scope ? check->scope->origin : NULL};
    *check->measures_end = measure;
    check->measures_end = &measure->next;
}

void check_finish_layer(struct check *check, struct layer *layer, struct span kind_span)
{
    struct graph *graph = check->graph;
    check->current = layer;
    count_consumers(layer);
    if (!layer->settings || check->failed) {
        check->failed = true;
        layer->output = graph_add_value(graph, VALUE_ACTIVATION, layer, (struct shape){1, 1, 1, false});
        return;
    }
    struct shape_check shape_check = {.arena = check->arena,
                                      .diagnostics = check->diagnostics,
                                      .layer = layer,
                                      .source = layer->input ? layer->input->layer : NULL,
                                      .span = kind_span};
    struct shape shape = layer->kind->shape(
        graph, layer, layer->input ? layer->input->shape : (struct shape){0}, &shape_check);
    int64_t area, size;
    if (!shape_check.failed &&
        (__builtin_mul_overflow(shape.height, shape.width, &area) ||
         __builtin_mul_overflow(area, shape.channels, &size) || size > INT32_MAX / 2)) {
        struct text text = text_create(check->arena);
        shape_print(&text, shape);
        diagnostics_error(check->diagnostics, E0405, kind_span,
                          "%s '%s' has a result of %s, more numbers than a trainer can index",
                          layer->kind->name, layer->name, text.bytes);
        shape_check.failed = true;
    }
    check->failed = shape_check.failed;
    layer->output = graph_add_value(graph, VALUE_ACTIVATION, layer,
                                    check->failed ? (struct shape){1, 1, 1, false} : shape);
    if (!check->failed && layer->kind->measures_batch)
        note_measure(check, layer, kind_span);
    if (!check->failed && layer->kind->forward)
        layer->kind->forward(graph, layer);
}

static void report_kind(struct check *check, const struct tree_statement *statement)
{
    struct suggestion suggestion = suggestion_for(statement->kind);
    for (int i = 0; catalogue_layers[i]; i++)
        suggestion_offer(&suggestion, catalogue_layers[i]->name);
    report_unknown(check, E0301, "kind of layer", statement->kind, statement->kind_span, "", &suggestion);
    check->failed = true;
}

static void report_word(struct check *check, const struct tree_item *item, const char *owner)
{
    struct suggestion suggestion = suggestion_for(item->name);
    for (int i = 0; catalogue_layers[i]; i++)
        if (catalogue_layers[i]->is_word)
            suggestion_offer(&suggestion, catalogue_layers[i]->name);
    for (int i = 0; i < check->tree->declaration_count; i++)
        if (check->tree->declarations[i]->kind == TREE_LET)
            suggestion_offer(&suggestion, check->tree->declarations[i]->let->name);
    report_unknown(check, E0303, "word", item->name, item->name_span, owner, &suggestion);
    check->failed = true;
}

static bool is_flag(const struct attribute *attributes, const char *name)
{
    for (int i = 0; attributes[i].name; i++)
        if (attributes[i].type == ATTRIBUTE_FLAG && strcmp(attributes[i].name, name) == 0)
            return true;
    return false;
}

static const char *statement_text(struct check *check, const struct tree_statement *statement)
{
    struct text text = text_create(check->arena);
    tree_print_statement(&text, statement);
    return text.bytes;
}

/* Calls and repeats whose layers have parameters need a label, which is in front of theirs; a single call in
 * a repeat or block has the label of that. */
static void check_calls(struct check *check, const struct tree_statement *statement)
{
    for (const struct tree_scope *scope = statement->scope; scope; scope = scope->outer) {
        const struct tree_statement *call = scope->call;
        if (call->label || (call->is_call && scope->prefix))
            continue;
        const struct origin *before =
            diagnostics_set_origin(check->diagnostics, scope->outer ? scope->outer->origin : NULL);
        struct diagnostic *error = diagnostics_error(
            check->diagnostics, E0309, call->kind_span,
            "%s needs a label: its layers have parameters, which are called after it", call->kind);
        diagnostic_help(error, "write 'NAME: %s'", statement_text(check, call));
        diagnostics_set_origin(check->diagnostics, before);
    }
}

/* A word with parameters calls them after the statement's label. */
static void check_word_label(struct check *check, const struct tree_statement *statement,
                             const struct tree_item *word)
{
    check_calls(check, statement);
    if (!statement->label)
        diagnostics_error(check->diagnostics, E0309, word->name_span,
                          "%s needs a label in front of its statement: it has parameters, which are called "
                          "after it",
                          word->name);
}

/* The words behind a layer, each a layer applied to the result so far. */
static void add_words(struct check *check, const struct tree_statement *statement,
                      const struct attribute *attributes, const char *owner)
{
    const char *base = check->last_label;
    for (int i = 0; i < statement->item_count; i++) {
        const struct tree_item *item = statement->items[i];
        if (item->kind == TREE_ITEM_VALUE || item->kind == TREE_ITEM_PAIR || is_flag(attributes, item->name))
            continue;
        const struct layer_kind *kind = catalogue_find_layer(item->name);
        if (!kind || !kind->is_word) {
            report_word(check, item, owner);
            continue;
        }
        if (kind->has_parameters)
            check_word_label(check, statement, item);
        const char *name = label_derive(check, kind->name);
        const char *word = arena_format(check->arena, "'%s'", kind->name);
        struct setting *settings =
            settings_read(check, kind->attributes, word, item->span, item->arguments, item->argument_count);
        check_finish_layer(check, check_add_layer(check, kind, name, settings, statement->span),
                           item->name_span);
    }
    check->last_label = base;
}

const char *check_owner(struct check *check, const struct tree_statement *statement)
{
    if (!statement->label)
        return statement->kind;
    return arena_format(check->arena, "%s '%s'", statement->kind, statement->label);
}

static void report_no_likelihood(struct check *check, const struct tree_statement *statement)
{
    struct text list = text_create(check->arena);
    struct choice choice;
    for (int i = 0; (choice = catalogue_choice("output", i)).name; i++)
        text_append_choice(&list, choice.name, !catalogue_choice("output", i + 1).name);
    diagnostics_error(check->diagnostics, E0307, statement->kind_span,
                      "output needs the kind of likelihood: %s", list.bytes);
    check->failed = true;
}

static void read_output(struct check *check, const struct tree_statement *statement)
{
    const struct tree_item *name = statement->item_count ? statement->items[0] : NULL;
    if (statement->label)
        diagnostics_error(check->diagnostics, E0311, statement->label_span,
                          "the output takes no label: it is called 'output'");
    if (!name || name->kind != TREE_ITEM_NAME) {
        report_no_likelihood(check, statement);
        return;
    }
    const int place = choice_find(check, statement, name, E0301);
    if (place < 0) {
        check->failed = true;
        return;
    }
    const struct output_kind *likelihood = catalogue_outputs[place];
    const char *owner = arena_format(check->arena, "output '%s'", likelihood->name);
    struct setting *settings = settings_read(check, likelihood->attributes, owner, name->span,
                                             statement->items + 1, statement->item_count - 1);
    for (int i = 1; i < statement->item_count; i++)
        if (statement->items[i]->kind == TREE_ITEM_NAME || statement->items[i]->kind == TREE_ITEM_CALL)
            report_word(check, statement->items[i], owner);
    struct layer *layer =
        check_add_layer(check, catalogue_find_layer("output"), "output", settings, statement->span);
    layer->likelihood = likelihood;
    layer->statement = statement_text(check, statement);
    check_finish_layer(check, layer, statement->kind_span);
}

/* False where a statement may not stand here: input first and only there, nothing behind output. */
static bool check_place(struct check *check, const struct tree_statement *statement)
{
    bool is_input = strcmp(statement->kind, "input") == 0;
    if (check->path_depth && (is_input || strcmp(statement->kind, "output") == 0)) {
        diagnostics_error(check->diagnostics, E0312, statement->kind_span, "'%s' cannot stand in a path",
                          statement->kind);
        return false;
    }
    if (check->output_span.source) {
        struct diagnostic *error = diagnostics_error(check->diagnostics, E0312, statement->span,
                                                     "nothing may stand behind the output");
        diagnostic_note(error, check->output_span, "the output is here");
        return false;
    }
    if (is_input == (check->graph->layer_count == 0))
        return true;
    if (is_input && strcmp(check->graph->layers[0]->kind->name, "input") != 0)
        return false; /* what stands before it has been told */
    if (is_input) {
        struct diagnostic *error =
            diagnostics_error(check->diagnostics, E0312, statement->kind_span, "a net has one input");
        diagnostic_note(error, check->graph->layers[0]->span, "it is here");
        return false;
    }
    if (!check->failed)
        diagnostics_error(check->diagnostics, E0312, statement->kind_span,
                          "a net begins with its input, for example 'input 28x28x1'");
    check->failed = true;
    return true;
}

static const char *layer_name(struct check *check, const struct tree_statement *statement,
                              const struct layer_kind *kind)
{
    if (is_kind(kind, "input")) {
        if (statement->label)
            diagnostics_error(check->diagnostics, E0311, statement->label_span,
                              "the input takes no label: it is called 'input'");
        return "input";
    }
    if (kind->has_parameters)
        check_calls(check, statement);
    if (statement->label)
        return label_check(check, statement) ? statement->label : label_derive(check, kind->name);
    if (kind->has_parameters) {
        struct diagnostic *error =
            diagnostics_error(check->diagnostics, E0309, statement->kind_span,
                              "%s needs a label: it has parameters, which are called after it", kind->name);
        diagnostic_help(error, "write 'NAME: %s'", statement_text(check, statement));
    }
    return label_derive(check, kind->name);
}

static bool is_within(const struct tree_scope *scope, const struct tree_scope *outer)
{
    while (scope && scope != outer)
        scope = scope->outer;
    return scope == outer;
}

/* Unlabelled layers are called after what they follow: the call around them, or one that has just ended. */
static void enter_scope(struct check *check, const struct tree_scope *scope)
{
    const struct tree_scope *before = check->scope;
    for (const struct tree_scope *left = before; left && !is_within(scope, left); left = left->outer)
        if (left->label)
            check->last_label = left->label;
    bool has_label = false;
    for (const struct tree_scope *entered = scope; entered && !is_within(before, entered);
         entered = entered->outer)
        has_label = has_label || entered->label;
    if (has_label)
        check->last_label = scope->prefix;
    check->scope = scope;
}

/* Does a batchnorm follow, as the first word or else as the next statement? */
static bool is_before_normalisation(const struct check *check, const struct tree_statement *statement,
                                    const struct layer_kind *kind)
{
    const struct layer_kind *next = NULL;
    for (int i = 0; i < statement->item_count && !next; i++) {
        const struct tree_item *item = statement->items[i];
        bool is_word = item->kind == TREE_ITEM_NAME || item->kind == TREE_ITEM_CALL;
        if (is_word && !is_flag(kind->attributes, item->name) && !(next = catalogue_find_layer(item->name)))
            return false;
    }
    if (!next && check->next)
        next = catalogue_find_layer(check->next->kind);
    return next && next->replaces_bias;
}

/* The constant that it would add is taken away again at once. */
static void drop_bias(const struct layer_kind *kind, struct setting *settings)
{
    for (int i = 0; kind->attributes[i].name; i++)
        if (strcmp(kind->attributes[i].name, "bias") == 0 && !settings[i].is_given)
            settings[i].text = "no";
}

static void read_layer(struct check *check, const struct tree_statement *statement)
{
    const struct layer_kind *kind = catalogue_find_layer(statement->kind);
    if (!kind) {
        report_kind(check, statement);
        return;
    }
    const char *owner = check_owner(check, statement);
    struct setting *settings = settings_read(check, kind->attributes, owner, statement->kind_span,
                                             statement->items, statement->item_count);
    if (settings && is_before_normalisation(check, statement, kind))
        drop_bias(kind, settings);
    struct value **joined = NULL;
    int joined_count = 0;
    if (kind->joins)
        join_read(check, statement, kind, settings, &joined, &joined_count);
    else
        join_refuse_bodies(check, statement);
    const char *name = layer_name(check, statement, kind);
    struct layer *layer = check_add_layer(check, kind, name, settings, statement->span);
    layer->joined = joined;
    layer->joined_count = joined_count;
    if (joined_count)
        layer->input = joined[0];
    layer->statement = statement_text(check, statement);
    check_finish_layer(check, layer, statement->kind_span);
    if (statement->label || is_kind(kind, "input"))
        check->last_label = name;
    add_words(check, statement, kind->attributes, owner);
    struct label_entry *entry = label_find(check, name);
    if (entry)
        entry->result = check->current;
}

static void read_statement(struct check *check, const struct tree_statement *statement)
{
    const struct tree_scope *scope = check->scope;
    enter_scope(check, statement->scope);
    const struct origin *origin =
        diagnostics_set_origin(check->diagnostics, statement->scope ? statement->scope->origin : NULL);
    if (statement->has_failed) {
        check->failed = true;
    } else if (check_place(check, statement)) {
        if (strcmp(statement->kind, "output") == 0) {
            check->output_span = statement->kind_span;
            join_refuse_bodies(check, statement);
            read_output(check, statement);
        } else {
            read_layer(check, statement);
        }
    }
    diagnostics_set_origin(check->diagnostics, origin);
    if (check->path_depth)
        enter_scope(check, scope);
}

void check_read_body(struct check *check, const struct tree_body *body)
{
    const struct tree_statement *outer_next = check->next;
    for (int i = 0; i < body->statement_count; i++) {
        check->next = i + 1 < body->statement_count ? body->statements[i + 1] : NULL;
        read_statement(check, body->statements[i]);
    }
    check->next = outer_next;
}
