/* expand.c - the tree as written becomes the tree as meant: lets and -D values put in, expressions computed,
 * blocks and repeats written out.
 *
 *     let n = 4
 *     block pair(n) { a: conv n 3x3 }
 *     net x { input 2*n  s1: repeat 2 { pair(3) } }
 *
 * becomes  net x { input 8  s1_1_a: conv 3 3x3  s1_2_a: conv 3 3x3 } */
#include "ast/expand.h"

#include <string.h>

#include "ast/parse.h"
#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/names.h"
#include "base/text.h"

enum { MOST_REPEATS = 10000, MOST_STATEMENTS = 20000 };

static struct tree_item *expand_item(struct expansion *expansion, struct tree_item *item);

static struct tree_item *item_copy(struct expansion *expansion, const struct tree_item *item)
{
    struct tree_item *copy = ARENA_NEW(expansion->arena, struct tree_item);
    *copy = *item;
    return copy;
}

static struct tree_item *expand_word(struct expansion *expansion, const struct tree_item *item)
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
        return expand_word(expansion, item);
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

/* Says why a statement of the form `name(…)` cannot be one. */
static void report_call(struct expansion *expansion, const struct tree_statement *statement)
{
    if (expansion->is_reserved(statement->kind)) {
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
    if (expansion->lacks_include)
        return;
    struct diagnostic *error = diagnostics_error(expansion->diagnostics, E0211, statement->kind_span,
                                                 "no block '%.40s' is declared", statement->kind);
    if (!expansion_suggest(expansion, error, statement->kind, false))
        diagnostic_help(error, "a layer takes its values without parentheses: 'dense 10 relu'");
}

/* "s1" in front of "a": s1_a. */
static const char *prefixed(struct expansion *expansion, const char *label)
{
    const char *prefix = expansion->scope ? expansion->scope->prefix : NULL;
    if (!prefix || !label)
        return label ? label : prefix;
    const char *name = arena_format(expansion->arena, "%s_%s", prefix, label);
    return names_intern(expansion->names, name, strlen(name));
}

static struct tree_scope *scope_create(struct expansion *expansion, const struct tree_statement *call,
                                       const char *prefix)
{
    struct tree_scope *scope = ARENA_NEW(expansion->arena, struct tree_scope);
    scope->outer = expansion->scope;
    scope->call = call;
    scope->label = call->label ? prefixed(expansion, call->label) : NULL;
    scope->prefix = prefix;
    scope->origin = expansion->scope ? expansion->scope->origin : NULL;
    return scope;
}

/* A copy with its items computed and its bodies expanded. */
static struct tree_statement *expand_plain(struct expansion *expansion,
                                           const struct tree_statement *statement)
{
    struct tree_statement *result = ARENA_NEW(expansion->arena, struct tree_statement);
    *result = *statement;
    result->written = statement;
    result->scope = expansion->scope;
    result->label = statement->label ? prefixed(expansion, statement->label) : NULL;
    result->items = ARENA_ARRAY(expansion->arena, struct tree_item *, (size_t)statement->item_count);
    for (int i = 0; i < statement->item_count && !result->has_failed; i++) {
        result->items[i] = expand_item(expansion, statement->items[i]);
        result->has_failed = !result->items[i];
    }
    result->bodies = ARENA_ARRAY(expansion->arena, struct tree_body *, (size_t)statement->body_count);
    for (int i = 0; i < statement->body_count; i++)
        result->bodies[i] = expand_body(expansion, statement->bodies[i]);
    if (result->has_failed) {
        result->item_count = 0;
        result->body_count = 0;
    }
    return result;
}

static void add_failed(struct expansion *expansion, struct expansion_list *to,
                       const struct tree_statement *statement)
{
    struct tree_statement *failed = ARENA_NEW(expansion->arena, struct tree_statement);
    *failed = *statement;
    failed->written = statement;
    failed->scope = expansion->scope;
    failed->has_failed = true;
    failed->item_count = failed->body_count = 0;
    expansion_add(expansion, to, failed);
}

/* False, and told once, when a net has more statements and words, which are layers too, than anybody can
 * mean. */
static bool count_statement(struct expansion *expansion, const struct tree_statement *statement)
{
    const bool was_told = expansion->statement_count >= MOST_STATEMENTS;
    expansion->statement_count++;
    for (int i = 0; i < statement->item_count && expansion->statement_count < MOST_STATEMENTS; i++)
        expansion->statement_count +=
            statement->items[i]->kind == TREE_ITEM_NAME || statement->items[i]->kind == TREE_ITEM_CALL;
    if (expansion->statement_count < MOST_STATEMENTS)
        return true;
    if (!was_told)
        diagnostics_error(
            expansion->diagnostics, E0219, statement->span,
            "a net may have at most %d statements and words, with its blocks and repeats written "
            "out",
            MOST_STATEMENTS);
    return false;
}

static void expand_statements(struct expansion *expansion, const struct tree_body *body,
                              struct expansion_list *to);

/* The count of `repeat 2 { … }`; -1 when told that it is none. */
static int64_t repeat_count(struct expansion *expansion, const struct tree_statement *repeat)
{
    struct tree_item *item = repeat->item_count == 1 ? expand_item(expansion, repeat->items[0]) : NULL;
    if (repeat->item_count == 1 && !item)
        return -1;
    bool is_count = item && item->kind == TREE_ITEM_VALUE && item->value->kind == TREE_INTEGER;
    if (!is_count || repeat->body_count != 1) {
        struct diagnostic *error =
            diagnostics_error(expansion->diagnostics, E0218, repeat->kind_span,
                              "repeat needs a whole number and what is repeated in { }");
        diagnostic_help(error, "write 'repeat 2 { … }'");
        return -1;
    }
    if (item->value->integer >= 0 && item->value->integer <= MOST_REPEATS)
        return item->value->integer;
    diagnostics_error(expansion->diagnostics, E0305, item->span,
                      "the count of repeat must be from 0 to %d, not %lld", MOST_REPEATS,
                      (long long)item->value->integer);
    return -1;
}

/* Labels inside become LABEL_1_…, LABEL_2_…; without a label they stay, so a second one clashes. */
static void expand_repeat(struct expansion *expansion, const struct tree_statement *repeat,
                          struct expansion_list *to)
{
    int64_t count = repeat_count(expansion, repeat);
    if (count < 0) {
        add_failed(expansion, to, repeat);
        return;
    }
    const struct tree_scope *outer = expansion->scope;
    const struct binding *bindings = expansion->bindings;
    for (int64_t i = 1; i <= count && count_statement(expansion, repeat); i++) {
        const char *prefix = prefixed(expansion, repeat->label);
        if (repeat->label)
            prefix = arena_format(expansion->arena, "%s_%lld", prefix, (long long)i);
        expansion->scope = scope_create(expansion, repeat, prefix);
        expand_statements(expansion, repeat->bodies[0], to);
        expansion->scope = outer;
        expansion->bindings = bindings;
    }
}

static void expand_call(struct expansion *expansion, const struct tree_statement *call,
                        struct expansion_list *to)
{
    const struct declared *declared = expansion_find(expansion, call->kind);
    const struct binding *bindings = expansion->bindings;
    bool is_good = declared->block && declared->state == DECLARED_BLOCK;
    if (!declared->block)
        report_call(expansion, call);
    if (!is_good || !block_bind(expansion, declared->block, call)) {
        expansion->bindings = bindings;
        add_failed(expansion, to, call);
        return;
    }
    const struct tree_scope *outer = expansion->scope;
    struct tree_scope *scope = scope_create(expansion, call, prefixed(expansion, call->label));
    struct origin *origin = ARENA_NEW(expansion->arena, struct origin);
    *origin = (struct origin){outer ? outer->origin : NULL, call->span, "expanded from here"};
    scope->origin = origin;
    expansion->scope = scope;
    const struct origin *before = diagnostics_set_origin(expansion->diagnostics, origin);
    expand_statements(expansion, declared->block->body, to);
    diagnostics_set_origin(expansion->diagnostics, before);
    expansion->scope = outer;
    expansion->bindings = bindings;
}

static void expand_local_let(struct expansion *expansion, const struct tree_let *let)
{
    if (expansion_check_name(expansion, let->name, let->name_span, "let"))
        expansion_bind(expansion, let->name, value_compute(expansion, let->value, true));
}

static void expand_statements(struct expansion *expansion, const struct tree_body *body,
                              struct expansion_list *to)
{
    for (int i = 0; i < body->statement_count; i++) {
        const struct tree_statement *statement = body->statements[i];
        if (!count_statement(expansion, statement))
            return;
        if (statement->let)
            expand_local_let(expansion, statement->let);
        else if (statement->has_failed)
            add_failed(expansion, to, statement);
        else if (statement->is_call)
            expand_call(expansion, statement, to);
        else if (strcmp(statement->kind, "repeat") == 0)
            expand_repeat(expansion, statement, to);
        else
            expansion_add(expansion, to, expand_plain(expansion, statement));
    }
}

struct tree_body *expand_body(struct expansion *expansion, const struct tree_body *body)
{
    struct expansion_list statements = {0};
    const struct binding *bindings = expansion->bindings;
    expand_statements(expansion, body, &statements);
    expansion->bindings = bindings;
    struct tree_body *result = ARENA_NEW(expansion->arena, struct tree_body);
    *result = *body;
    result->statements = (struct tree_statement **)statements.elements;
    result->statement_count = statements.count;
    return result;
}

static struct tree_declaration *expand_section(struct expansion *expansion,
                                               const struct tree_declaration *declaration)
{
    struct tree_declaration *result = ARENA_NEW(expansion->arena, struct tree_declaration);
    *result = *declaration;
    result->body = expand_body(expansion, declaration->body);
    /* Told, and nothing more can be said. */
    if (expansion->statement_count >= MOST_STATEMENTS && declaration->body->statement_count > 0) {
        struct expansion_list failed = {0};
        add_failed(expansion, &failed, declaration->body->statements[0]);
        result->body->statements = (struct tree_statement **)failed.elements;
        result->body->statement_count = failed.count;
    }
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

/* What later stages see: lets, for their suggestions, one net and at most one train. */
static void expand_sections(struct expansion *expansion, struct tree *result)
{
    int count = expansion->declarations.count;
    const struct tree_declaration *net = NULL, *train = NULL;
    result->declarations = ARENA_ARRAY(expansion->arena, struct tree_declaration *, (size_t)count);
    for (int i = 0; i < count; i++) {
        struct tree_declaration *declaration = expansion->declarations.elements[i];
        bool is_net = declaration->kind == TREE_NET;
        if (declaration->kind == TREE_LET)
            result->declarations[result->declaration_count++] = declaration;
        else if ((is_net || declaration->kind == TREE_TRAIN) &&
                 check_section(expansion, declaration, is_net ? &net : &train))
            result->declarations[result->declaration_count++] = expand_section(expansion, declaration);
    }
    if (!net && diagnostics_error_count(expansion->diagnostics) == 0)
        diagnostic_help(diagnostics_error(expansion->diagnostics, E0209, (struct span){result->source, 0, 0},
                                          "this file declares no 'net'"),
                        "a network stands in 'net NAME { … }', its layers a line each");
}

struct tree *tree_expand(struct arena *arena, struct names *names, const struct tree *tree,
                         const struct tree_expansion *options, struct diagnostics *diagnostics)
{
    static const struct tree_expansion nothing = {0};
    if (!options)
        options = &nothing;
    struct expansion expansion = {
        .arena = arena,
        .names = names,
        .diagnostics = diagnostics,
        .is_reserved = options->is_reserved,
    };
    include_declarations(&expansion, tree);
    expansion_declare(&expansion, options);
    block_check_all(&expansion);
    struct tree *result = ARENA_NEW(arena, struct tree);
    result->source = tree->source;
    result->sources = (const struct source **)expansion.sources.elements;
    result->source_count = expansion.sources.count;
    expand_sections(&expansion, result);
    return result;
}
