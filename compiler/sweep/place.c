/* place.c - the names of a sweep's settings, found in the .net text.
 *
 *     width             the value of `let width = 4`
 *     batch             the value of `batch 64` in train { }
 *     λ.l1              the value of `l1=` in `λ l1=2`, which is put in where it is not written
 *     optimizer         all behind `optimizer`
 *     f5_dropout.rate   the value of a layer, by the names that `netc check` shows */
#include <string.h>

#include "ast/tree.h"
#include "base/arena.h"
#include "base/names.h"
#include "compile.h"
#include "layers/catalogue.h"
#include "sweep/sweep.h"

/* What is looked for: λ and l1 of λ.l1. */
struct finding {
    struct sweep *sweep;
    struct sweep_axis *axis;
    const struct tree *tree; /* as written */
    const char *owner, *key; /* the axis' */
    struct suggestion suggestion;
};

/* The setting is the run of text that a span covers. */
static bool take_span(struct finding *finding, struct span span, bool is_text)
{
    if (span.source != finding->sweep->net && strcmp(span.source->path, finding->sweep->net->path) != 0)
        return sweep_refuse(finding->sweep, E0702, finding->axis->span,
                            "'%s' stands in '%s', which the model includes: sweep a let of the model instead",
                            finding->axis->name, span.source->path);
    finding->axis->place =
        (struct place){.offset = span.offset, .length = span.length, .before = "", .is_text = is_text};
    return true;
}

/* Where nothing stands yet, behind `offset`; `before` is what leads to the value. */
static bool take_gap(struct finding *finding, uint32_t offset, const char *before,
                     const struct attribute *attribute)
{
    finding->axis->place = (struct place){.offset = offset,
                                          .before = before,
                                          .is_text = attribute->type == ATTRIBUTE_TEXT,
                                          .is_flag = attribute->type == ATTRIBUTE_FLAG};
    return true;
}

static const struct attribute *find_attribute(const struct attribute *attributes, const char *name)
{
    for (; attributes->name; attributes++)
        if (strcmp(attributes->name, name) == 0)
            return attributes;
    return NULL;
}

static const struct tree_declaration *find_train(const struct tree *tree)
{
    for (int i = 0; i < tree->declaration_count; i++)
        if (tree->declarations[i]->kind == TREE_TRAIN)
            return tree->declarations[i];
    return NULL;
}

static const struct tree_statement *find_statement(const struct tree_declaration *train, const char *kind)
{
    for (int i = 0; train && i < train->body->statement_count; i++)
        if (strcmp(train->body->statements[i]->kind, kind) == 0)
            return train->body->statements[i];
    return NULL;
}

/* The item of a statement that sets an attribute; of flags, the word. */
static const struct tree_item *find_item(const struct tree_statement *statement, int first,
                                         const struct attribute *attribute)
{
    int position = 0;
    for (int i = first; i < statement->item_count; i++) {
        const struct tree_item *item = statement->items[i];
        bool is_named = item->name && strcmp(item->name, attribute->name) == 0;
        if (item->kind == TREE_ITEM_PAIR || attribute->type == ATTRIBUTE_FLAG) {
            if (is_named)
                return item;
        } else if (position++ == attribute->position) {
            return item; /* a value, or a let's name */
        }
    }
    return NULL;
}

static uint32_t end_of(struct span span)
{
    return span.offset + span.length;
}

/* The blanks in front of the line that a place is in. */
static const char *indentation(const struct finding *finding, uint32_t offset)
{
    const char *bytes = finding->sweep->net->bytes;
    uint32_t start = offset;
    while (start > 0 && bytes[start - 1] != '\n')
        start--;
    return arena_copy(finding->sweep->arena, bytes + start, strspn(bytes + start, " \t"));
}

static const char *pair_before(const struct finding *finding, const struct attribute *attribute)
{
    if (attribute->type == ATTRIBUTE_FLAG)
        return arena_format(finding->sweep->arena, " %s", attribute->name);
    return attribute->position == 0 ? " " : arena_format(finding->sweep->arena, " %s=", attribute->name);
}

/* A statement of train { } that is not there: a new line, or, behind one that an earlier setting puts in, the
 * rest of that. */
static bool take_statement(struct finding *finding, const struct attribute *attribute)
{
    const struct tree_declaration *train = find_train(finding->tree);
    if (!train)
        return sweep_refuse(finding->sweep, E0702, finding->axis->span,
                            "'%s' is set in train { }, which '%s' has not: add 'train { }' to it",
                            finding->axis->name, finding->sweep->net->path);
    const struct tree_body *body = train->body;
    const struct tree_statement *last =
        body->statement_count ? body->statements[body->statement_count - 1] : NULL;
    const char *blanks = last ? indentation(finding, last->span.offset) : "    ";
    uint32_t offset = last ? end_of(last->span) : body->span.offset + 1;
    const char *before =
        arena_format(finding->sweep->arena, "\n%s%.*s%s", blanks, (int)strcspn(finding->axis->name, "."),
                     finding->axis->name, pair_before(finding, attribute));
    for (const struct sweep_axis *other = finding->sweep->axes; other < finding->axis; other++)
        if (other->place.is_statement && strcmp(other->owner, finding->owner) == 0)
            before = pair_before(finding, attribute);
    take_gap(finding, offset, before, attribute);
    finding->axis->place.is_statement = true;
    return true;
}

/* A key of a statement of train { } whose name is taken up by `first` items (optimizer sgd …). */
static bool take_train(struct finding *finding, const struct attribute *attributes, const char *kind,
                       int first)
{
    const struct tree_statement *statement = find_statement(find_train(finding->tree), kind);
    const struct attribute *attribute = attributes;
    if (finding->key)
        attribute = find_attribute(attributes, finding->key);
    else if (attributes->position != 0)
        attribute = NULL;
    if (!attribute)
        return false;
    if (!statement && first > 0)
        return sweep_refuse(finding->sweep, E0702, finding->axis->span,
                            "'%s' needs the name of the %s in front of it: write '%s …' into the model",
                            finding->axis->name, kind, kind);
    if (!statement)
        return take_statement(finding, attribute);
    const struct tree_item *item = find_item(statement, first, attribute);
    if (!item)
        return take_gap(finding, end_of(statement->span), pair_before(finding, attribute), attribute);
    if (attribute->type == ATTRIBUTE_FLAG) {
        uint32_t offset = item->span.offset - 1; /* with the blank in front of it */
        finding->axis->place = (struct place){.offset = offset,
                                              .length = end_of(item->span) - offset,
                                              .before = pair_before(finding, attribute),
                                              .is_flag = true};
        return true;
    }
    return take_span(finding, item->value ? item->value->span : item->span,
                     attribute->type == ATTRIBUTE_TEXT);
}

/* Everything behind `optimizer` or `schedule`. */
static bool take_whole(struct finding *finding)
{
    static const struct attribute all = {.name = "", .type = ATTRIBUTE_CHOICE, .position = 0};
    const struct tree_statement *statement = find_statement(find_train(finding->tree), finding->owner);
    if (!statement)
        return take_statement(finding, &all);
    uint32_t from = end_of(statement->kind_span) + 1;
    return take_span(finding, (struct span){finding->sweep->net, from, end_of(statement->span) - from},
                     false);
}

static const struct attribute *layer_attributes(const struct layer *layer)
{
    return layer->likelihood ? layer->likelihood->attributes : layer->kind->attributes;
}

static bool is_same(struct span left, struct span right)
{
    return left.source == right.source && left.offset == right.offset;
}

static bool take_layer(struct finding *finding, const struct layer *layer)
{
    const struct attribute *attributes = layer_attributes(layer),
                           *attribute = finding->key ? find_attribute(attributes, finding->key) : NULL;
    const struct graph *graph = finding->sweep->graph;
    if (!attribute)
        return false;
    const struct setting *setting = &layer->settings[attribute - attributes];
    int copies = 0;
    for (int i = 0; i < graph->layer_count; i++) {
        const struct layer *other = graph->layers[i];
        bool has_it = layer_attributes(other) == attributes;
        copies += has_it &&
                  (setting->is_given ? is_same(other->settings[attribute - attributes].span, setting->span)
                                     : is_same(other->span, layer->span));
    }
    if (copies > 1)
        return sweep_refuse(finding->sweep, E0702, finding->axis->span,
                            "'%s' is written once for %d layers: give it a let, and sweep that",
                            finding->axis->name, copies);
    if (setting->is_given)
        return take_span(finding, setting->span, attribute->type == ATTRIBUTE_TEXT);
    if (!layer->statement || layer->span.source != finding->sweep->graph->layers[0]->span.source)
        return sweep_refuse(finding->sweep, E0702, finding->axis->span,
                            "'%s' is not written in the model: write %s= there first", finding->axis->name,
                            attribute->name);
    return take_gap(finding, end_of(layer->span),
                    arena_format(finding->sweep->arena, " %s=", attribute->name), attribute);
}

static bool take_let(struct finding *finding)
{
    for (int i = 0; i < finding->tree->declaration_count; i++) {
        const struct tree_let *let = finding->tree->declarations[i]->let;
        if (!let || strcmp(let->name, finding->owner) != 0)
            continue;
        const bool is_taken = take_span(finding, let->value->span, let->value->kind == TREE_STRING);
        finding->axis->place.is_let = true;
        return is_taken;
    }
    return false;
}

static void offer_keys(struct finding *finding, const char *owner, const struct attribute *attributes)
{
    for (; attributes->name; attributes++) {
        if (attributes->position == 0)
            suggestion_offer(&finding->suggestion, owner);
        suggestion_offer(&finding->suggestion,
                         arena_format(finding->sweep->arena, "%s.%s", owner, attributes->name));
    }
}

static bool refuse_unknown(struct finding *finding)
{
    const struct graph *graph = finding->sweep->graph;
    finding->suggestion = suggestion_for(finding->axis->name);
    for (int i = 0; i < finding->tree->declaration_count; i++)
        if (finding->tree->declarations[i]->let)
            suggestion_offer(&finding->suggestion, finding->tree->declarations[i]->let->name);
    offer_keys(finding, "optimizer", graph->training.optimizer->attributes);
    offer_keys(finding, "schedule", graph->training.schedule->attributes);
    for (int i = 0; catalogue_training[i]; i++) {
        bool is_lambda = strcmp(catalogue_training[i]->name, "lambda") == 0;
        offer_keys(finding, is_lambda ? "λ" : catalogue_training[i]->name, catalogue_training[i]->attributes);
    }
    for (int i = 0; i < graph->layer_count; i++)
        offer_keys(finding, graph->layers[i]->name, layer_attributes(graph->layers[i]));
    struct diagnostic *error = diagnostics_error(finding->sweep->diagnostics, E0702, finding->axis->span,
                                                 "unknown setting '%.60s'", finding->axis->name);
    if (finding->suggestion.nearest)
        diagnostic_help(error, "did you mean '%s'?", finding->suggestion.nearest);
    return false;
}

/* Is it one that has another way? */
static bool check_own(const struct finding *finding)
{
    if (finding->key)
        return true;
    if (strcmp(finding->owner, "seed") == 0)
        return sweep_refuse(finding->sweep, E0702, finding->axis->span,
                            "seeds have a key of their own: seeds: [1, 2, 3], beside 'settings'");
    if (strcmp(finding->owner, "share") == 0)
        return sweep_refuse(finding->sweep, E0702, finding->axis->span,
                            "shares have a key of their own: share: [10%%, 100%%], beside 'settings'");
    if (finding->sweep->search == SEARCH_HALVING && finding->sweep->budget == BUDGET_EPOCHS &&
        strcmp(finding->owner, "epochs") == 0)
        return sweep_refuse(finding->sweep, E0702, finding->axis->span,
                            "halving sets the epochs of each round itself");
    return true;
}

static bool find_place(struct finding *finding)
{
    const struct graph *graph = finding->sweep->graph;
    const char *owner = finding->owner;
    int before = diagnostics_error_count(finding->sweep->diagnostics);
    if (!check_own(finding))
        return false;
    if (!finding->key && take_let(finding))
        return true;
    bool is_optimizer = strcmp(owner, "optimizer") == 0, is_schedule = strcmp(owner, "schedule") == 0;
    const struct training_kind *kind = catalogue_find_training(owner);
    bool is_found = false;
    if ((is_optimizer || is_schedule) && !finding->key)
        is_found = take_whole(finding);
    else if (is_optimizer)
        is_found = take_train(finding, graph->training.optimizer->attributes, owner, 1);
    else if (is_schedule)
        is_found = take_train(finding, graph->training.schedule->attributes, owner, 1);
    else if (kind)
        is_found = take_train(finding, kind->attributes, owner, 0);
    for (int i = 0; !is_found && !kind && i < graph->layer_count; i++)
        if (strcmp(graph->layers[i]->name, owner) == 0)
            is_found = take_layer(finding, graph->layers[i]);
    return is_found ||
           (diagnostics_error_count(finding->sweep->diagnostics) == before && refuse_unknown(finding));
}

/* λ is lambda in the tree, however it is written. */
static void split_name(struct sweep *sweep, struct sweep_axis *axis)
{
    const char *dot = strchr(axis->name, '.');
    axis->owner = dot ? arena_copy(sweep->arena, axis->name, (size_t)(dot - axis->name)) : axis->name;
    axis->key = dot ? dot + 1 : NULL;
    if (strcmp(axis->owner, "λ") == 0)
        axis->owner = "lambda";
}

static bool is_same_name(const struct sweep_axis *a, const struct sweep_axis *b)
{
    return strcmp(a->owner, b->owner) == 0 && !a->key == !b->key && (!a->key || strcmp(a->key, b->key) == 0);
}

/* One name for one place: optimizer and optimizer.rate, λ.l1 and lambda.l1 are the same. */
static bool check_apart(const struct sweep *sweep)
{
    bool is_good = true;
    for (int i = 0; i < sweep->axis_count; i++)
        for (int j = 0; j < i; j++) {
            const struct place *a = &sweep->axes[i].place, *b = &sweep->axes[j].place;
            bool overlaps = a->offset < b->offset + b->length && b->offset < a->offset + a->length;
            if (!overlaps && !is_same_name(&sweep->axes[i], &sweep->axes[j]))
                continue;
            struct diagnostic *error =
                diagnostics_error(sweep->diagnostics, E0703, sweep->axes[i].span,
                                  "'%s' is set by '%s' already", sweep->axes[i].name, sweep->axes[j].name);
            diagnostic_note(error, sweep->axes[j].span, "which stands here");
            is_good = false;
        }
    return is_good;
}

static bool read_model(struct sweep *sweep)
{
    const char *why = NULL;
    struct compiled compiled = {0};
    sweep->net = source_read(sweep->arena, sweep->model, &why);
    if (!sweep->net) {
        diagnostics_error(sweep->diagnostics, E0601, sweep->model_span, "cannot read '%s': %s", sweep->model,
                          why);
        return false;
    }
    const struct compile_options options = {.path = sweep->model, .text = sweep->net};
    bool is_good = compile_check(sweep->arena, &options, sweep->diagnostics, &compiled);
    sweep->graph = compiled.graph;
    return is_good;
}

bool places_find(struct sweep *sweep)
{
    if (!read_model(sweep))
        return false;
    bool is_good = true;
    const struct tree *tree =
        tree_parse(sweep->arena, names_create(sweep->arena), sweep->net, sweep->diagnostics);
    for (int i = 0; i < sweep->axis_count; i++) {
        split_name(sweep, &sweep->axes[i]);
        struct finding finding = {.sweep = sweep,
                                  .axis = &sweep->axes[i],
                                  .tree = tree,
                                  .owner = sweep->axes[i].owner,
                                  .key = sweep->axes[i].key};
        is_good = find_place(&finding) && is_good;
    }
    return is_good && check_apart(sweep);
}
