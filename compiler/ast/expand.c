/* expand.c - the tree as written becomes the tree as meant: lets and -D values put in, expressions computed.
 *
 *     let n = 4
 *     net a { input 2*n }      becomes      net a { input 8 } */
#include <string.h>

#include "ast/expand.h"
#include "ast/parse.h"
#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/names.h"
#include "base/text.h"

static bool is_planned_kind(const char *kind)
{
    static const char *const planned[] = {"repeat", "residual", "add", "concat"};
    for (size_t i = 0; i < sizeof planned / sizeof *planned; i++) {
        if (strcmp(kind, planned[i]) == 0)
            return true;
    }
    return false;
}

static void report_planned(struct expansion *expansion, struct span span, const char *what)
{
    diagnostics_error(expansion->diagnostics, E0210, span, "'%s' is not supported yet", what);
}

/* Enters a name; tells when it is there already. */
static struct declared *declare_name(struct expansion *expansion, const char *name, struct span span)
{
    struct declared *declared = expansion_find(expansion, name);
    if (declared->name) {
        struct diagnostic *error =
            diagnostics_error(expansion->diagnostics, E0202, span, "'%.40s' is declared twice", name);
        diagnostic_note(error, declared->span, "the first one is here");
        return NULL;
    }
    *declared = (struct declared){.name = name, .span = span, .state = DECLARED_PLANNED};
    return declared;
}

static void declare_let(struct expansion *expansion, const struct tree_let *let,
                        const struct tree_expansion *options)
{
    if (options->is_reserved && options->is_reserved(let->name)) {
        struct diagnostic *error =
            diagnostics_error(expansion->diagnostics, E0203, let->name_span,
                              "'%s' is a word of the language, and no let can be called so", let->name);
        diagnostic_help(error, "choose another name, for example '%s_value'", let->name);
        return;
    }
    struct declared *declared = declare_name(expansion, let->name, let->name_span);
    if (declared) {
        declared->state = DECLARED_LATER;
        declared->written = let->value;
    }
}

/* Enters every name of the file before anything is computed, so that messages know those that come later. */
static void declare_names(struct expansion *expansion, const struct tree *tree,
                          const struct tree_expansion *options)
{
    expansion->capacity = 16;
    while (expansion->capacity / 2 < (uint32_t)tree->declaration_count + 1)
        expansion->capacity *= 2;
    expansion->table = ARENA_ARRAY(expansion->arena, struct declared, expansion->capacity);
    for (int i = 0; i < tree->declaration_count; i++) {
        const struct tree_declaration *declaration = tree->declarations[i];
        if (declaration->kind == TREE_LET) {
            declare_let(expansion, declaration->let, options);
        } else if (declaration->kind == TREE_FILTER) {
            declare_name(expansion, declaration->filter->name, declaration->filter->name_span);
            report_planned(expansion, declaration->filter->span, "filter");
        } else if (declaration->kind == TREE_BLOCK) {
            declare_name(expansion, declaration->block->name, declaration->block->name_span);
            report_planned(expansion, declaration->block->span, "block");
        } else if (declaration->kind == TREE_INCLUDE) {
            expansion->has_include = true;
            report_planned(expansion, declaration->include->span, "include");
        }
    }
}

static void apply_override(struct expansion *expansion, const struct tree_override *override)
{
    const char *name = names_intern(expansion->names, override->name, strlen(override->name));
    struct declared *declared = expansion_find(expansion, name);
    if (declared->name && declared->state == DECLARED_LATER) {
        const char *place = arena_format(expansion->arena, "-D %s", name);
        const struct source *source =
            source_from_text(expansion->arena, place, override->text, strlen(override->text));
        struct tree_value *value =
            parse_value(expansion->arena, expansion->names, source, expansion->diagnostics);
        if (value)
            declared->written = value;
        else
            declared->state = DECLARED_FAILED;
        return;
    }
    struct diagnostic *error = diagnostics_error(expansion->diagnostics, E0204, (struct span){0},
                                                 "-D %.40s: the file has no 'let %.40s'", name, name);
    expansion_suggest(expansion, error, name, true);
}

/* In the order of the file, so that a let sees those before it. */
static void compute_lets(struct expansion *expansion, const struct tree *tree)
{
    for (int i = 0; i < tree->declaration_count; i++) {
        const struct tree_let *let = tree->declarations[i]->let;
        struct declared *declared = let ? expansion_find(expansion, let->name) : NULL;
        if (!declared || !declared->name || declared->state != DECLARED_LATER)
            continue;
        declared->computed = value_compute(expansion, declared->written, true);
        declared->state = declared->computed ? DECLARED_READY : DECLARED_FAILED;
    }
}

static struct tree_item *expand_item(struct expansion *expansion, struct tree_item *item);

static struct tree_item *item_copy(struct expansion *expansion, const struct tree_item *item)
{
    struct tree_item *copy = ARENA_NEW(expansion->arena, struct tree_item);
    *copy = *item;
    return copy;
}

static struct tree_item *expand_call(struct expansion *expansion, const struct tree_item *item)
{
    struct tree_item *result = item_copy(expansion, item);
    result->arguments = ARENA_ARRAY(expansion->arena, struct tree_item *, (size_t)item->argument_count);
    for (int i = 0; i < item->argument_count; i++) {
        result->arguments[i] = expand_item(expansion, item->arguments[i]);
        if (!result->arguments[i])
            return NULL;
    }
    return result;
}

/* The item itself when there is nothing to do; NULL when it could not be expanded. */
static struct tree_item *expand_item(struct expansion *expansion, struct tree_item *item)
{
    if (item->kind == TREE_ITEM_CALL)
        return expand_call(expansion, item);
    bool is_name = item->kind == TREE_ITEM_NAME;
    struct tree_value name = {.kind = TREE_NAME, .span = item->span, .text = item->name};
    struct tree_value *written = is_name ? &name : item->value;
    struct tree_value *value = value_compute(expansion, written, item->kind == TREE_ITEM_VALUE);
    if (!value || value == written)
        return value ? item : NULL;
    struct tree_item *result = item_copy(expansion, item);
    result->value = value;
    if (is_name) {
        result->kind = TREE_ITEM_VALUE;
        result->name = NULL;
    }
    return result;
}

/* Says why a statement of the form `name(…)` cannot be one; all fail until blocks are supported. */
static void report_call(struct expansion *expansion, const struct tree_statement *statement,
                        const struct tree_expansion *options)
{
    const struct declared *declared = expansion_find(expansion, statement->kind);
    bool is_block = declared->name && !declared->written;
    if (is_block || expansion->has_include)
        return;
    if (options->is_reserved && options->is_reserved(statement->kind)) {
        struct diagnostic *error =
            diagnostics_error(expansion->diagnostics, E0212, statement->kind_span,
                              "'%s' takes its values without parentheses here", statement->kind);
        struct tree_statement plain = *statement;
        plain.label = NULL;
        plain.is_call = false;
        struct text text = text_create(expansion->arena);
        tree_print_statement(&text, &plain);
        if (text.length < 80)
            diagnostic_help(error, "write '%s'", text.bytes);
        return;
    }
    struct diagnostic *error = diagnostics_error(expansion->diagnostics, E0211, statement->kind_span,
                                                 "no block '%.40s' is declared", statement->kind);
    expansion_suggest(expansion, error, statement->kind, false);
}

/* False when nothing more can be said about the statement. */
static bool check_form(struct expansion *expansion, const struct tree_statement *statement,
                       const struct tree_expansion *options)
{
    if (statement->has_failed)
        return false;
    if (is_planned_kind(statement->kind)) {
        report_planned(expansion, statement->kind_span, statement->kind);
        return false;
    }
    if (statement->is_call) {
        report_call(expansion, statement, options);
        return false;
    }
    /* Of an unknown kind the check says that it is unknown. */
    if (statement->body_count > 0 && options->is_reserved && options->is_reserved(statement->kind)) {
        struct span brace = statement->bodies[0]->span;
        brace.length = 1;
        diagnostics_error(expansion->diagnostics, E0213, brace, "'%s' takes no { }", statement->kind);
        return false;
    }
    return true;
}

static struct tree_statement *expand_statement(struct expansion *expansion,
                                               const struct tree_statement *statement,
                                               const struct tree_expansion *options)
{
    struct tree_statement *result = ARENA_NEW(expansion->arena, struct tree_statement);
    *result = *statement;
    result->written = statement;
    result->items = ARENA_ARRAY(expansion->arena, struct tree_item *, (size_t)statement->item_count);
    result->has_failed = !check_form(expansion, statement, options);
    for (int i = 0; i < statement->item_count && !result->has_failed; i++) {
        result->items[i] = expand_item(expansion, statement->items[i]);
        result->has_failed = !result->items[i];
    }
    if (result->has_failed) {
        result->item_count = 0;
        result->body_count = 0;
    }
    return result;
}

static struct tree_declaration *expand_section(struct expansion *expansion,
                                               const struct tree_declaration *declaration,
                                               const struct tree_expansion *options)
{
    struct tree_declaration *result = ARENA_NEW(expansion->arena, struct tree_declaration);
    *result = *declaration;
    result->body = ARENA_NEW(expansion->arena, struct tree_body);
    *result->body = *declaration->body;
    int count = declaration->body->statement_count;
    result->body->statements = ARENA_ARRAY(expansion->arena, struct tree_statement *, (size_t)count);
    for (int i = 0; i < count; i++)
        result->body->statements[i] = expand_statement(expansion, declaration->body->statements[i], options);
    return result;
}

/* True for the first net and the first train. */
static bool check_section(struct expansion *expansion, const struct tree_declaration *declaration,
                          const struct tree_declaration **first)
{
    if (!*first) {
        *first = declaration;
        return true;
    }
    const char *word = declaration->kind == TREE_NET ? "net" : "train";
    struct diagnostic *error =
        diagnostics_error(expansion->diagnostics, E0202, declaration->span, "a file has %s '%s'",
                          *word == 'n' ? "exactly one" : "at most one", word);
    diagnostic_note(error, (*first)->span, "the first one is here");
    return false;
}

struct tree *tree_expand(struct arena *arena, struct names *names, const struct tree *tree,
                         const struct tree_expansion *options, struct diagnostics *diagnostics)
{
    static const struct tree_expansion nothing = {0};
    if (!options)
        options = &nothing;
    struct expansion expansion = {.arena = arena, .names = names, .diagnostics = diagnostics};
    declare_names(&expansion, tree, options);
    for (int i = 0; i < options->override_count; i++)
        apply_override(&expansion, &options->overrides[i]);
    compute_lets(&expansion, tree);

    struct tree *result = ARENA_NEW(arena, struct tree);
    result->source = tree->source;
    result->declarations = ARENA_ARRAY(arena, struct tree_declaration *, (size_t)tree->declaration_count);
    const struct tree_declaration *net = NULL, *train = NULL;
    for (int i = 0; i < tree->declaration_count; i++) {
        struct tree_declaration *declaration = tree->declarations[i];
        bool is_net = declaration->kind == TREE_NET;
        if (declaration->kind == TREE_LET)
            result->declarations[result->declaration_count++] = declaration;
        else if ((is_net || declaration->kind == TREE_TRAIN) &&
                 check_section(&expansion, declaration, is_net ? &net : &train))
            result->declarations[result->declaration_count++] =
                expand_section(&expansion, declaration, options);
    }
    if (!net && diagnostics_error_count(diagnostics) == 0)
        diagnostics_error(diagnostics, E0209, (struct span){tree->source, 0, 0},
                          "this file declares no 'net'");
    return result;
}
