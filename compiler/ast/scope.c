/* scope.c - the names that values may use: what the file declares, what -D says, what a block is given.
 *
 *     let n = 4        n is 4 from here on; with -D n=8 it is 8; in block basic(n) it is what the call says
 */
#include <string.h>

#include "ast/expand.h"
#include "ast/parse.h"
#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/names.h"

void expansion_add(struct expansion *expansion, struct expansion_list *list, void *element)
{
    ARENA_GROW(expansion->arena, list->elements, list->count);
    list->elements[list->count++] = element;
}

struct declared *expansion_find(const struct expansion *expansion, const char *name)
{
    uint64_t hash = (uint64_t)(uintptr_t)name * 0x9e3779b97f4a7c15u;
    for (uint32_t i = (uint32_t)(hash >> 32);; i++) {
        struct declared *declared = &expansion->table[i & (expansion->capacity - 1)];
        if (!declared->name || declared->name == name)
            return declared;
    }
}

bool expansion_suggest(const struct expansion *expansion, struct diagnostic *error, const char *wanted,
                       bool is_value)
{
    if (diagnostics_is_full(expansion->diagnostics))
        return true;
    struct suggestion suggestion = suggestion_for(wanted);
    for (const struct binding *binding = expansion->bindings; is_value && binding; binding = binding->outer)
        suggestion_offer(&suggestion, binding->name);
    for (uint32_t i = 0; i < expansion->capacity; i++) {
        const struct declared *declared = &expansion->table[i];
        if (declared->name && is_value == !declared->block)
            suggestion_offer(&suggestion, declared->name);
    }
    if (suggestion.nearest)
        diagnostic_help(error, "did you mean '%s'?", suggestion.nearest);
    return suggestion.nearest;
}

void expansion_bind(struct expansion *expansion, const char *name, struct tree_value *value)
{
    struct binding *binding = ARENA_NEW(expansion->arena, struct binding);
    *binding = (struct binding){expansion->bindings, name, value};
    expansion->bindings = binding;
}

bool expansion_check_name(struct expansion *expansion, const char *name, struct span span, const char *what)
{
    if (!expansion->is_reserved(name))
        return true;
    struct diagnostic *error =
        diagnostics_error(expansion->diagnostics, E0203, span,
                          "'%s' is a word of the language, and no %s can be called so", name, what);
    diagnostic_help(error, "choose another name, for example '%s_%s'", name,
                    strcmp(what, "block") == 0 ? "block" : "value");
    return false;
}

/* Enters a name; NULL when it may not be, which is told. */
static struct declared *declare_name(struct expansion *expansion, const char *name, struct span span,
                                     const char *what)
{
    struct declared *declared = expansion_find(expansion, name);
    if (declared->name) {
        struct diagnostic *error =
            diagnostics_error(expansion->diagnostics, E0202, span, "'%.40s' is declared twice", name);
        diagnostic_note(error, declared->span, "the first one is here");
        return NULL;
    }
    if (!expansion_check_name(expansion, name, span, what))
        return NULL;
    *declared = (struct declared){.name = name, .span = span};
    return declared;
}

static void declare_value(struct expansion *expansion, const char *name, struct span span,
                          struct tree_value *value, bool is_filter)
{
    struct declared *declared = declare_name(expansion, name, span, is_filter ? "filter" : "let");
    if (!declared)
        return;
    declared->state = DECLARED_LATER;
    declared->written = value;
    declared->is_filter = is_filter;
}

static void declare_block(struct expansion *expansion, struct tree_block *block)
{
    struct declared *declared = declare_name(expansion, block->name, block->name_span, "block");
    if (!declared)
        return;
    declared->state = DECLARED_BLOCK;
    declared->block = block;
}

/* Enters every name of the file before anything is computed, so that messages know those that come later. */
static void declare_names(struct expansion *expansion)
{
    int count = expansion->declarations.count;
    expansion->capacity = 16;
    while (expansion->capacity / 2 < (uint32_t)count + 1)
        expansion->capacity *= 2;
    expansion->table = ARENA_ARRAY(expansion->arena, struct declared, expansion->capacity);
    for (int i = 0; i < count; i++) {
        const struct tree_declaration *declaration = expansion->declarations.elements[i];
        const struct tree_let *let = declaration->let;
        const struct tree_filter *filter = declaration->filter;
        if (let)
            declare_value(expansion, let->name, let->name_span, let->value, false);
        else if (filter)
            declare_value(expansion, filter->name, filter->name_span, filter->value, true);
        else if (declaration->block)
            declare_block(expansion, declaration->block);
    }
}

static void apply_override(struct expansion *expansion, const struct tree_override *override)
{
    const char *name = names_intern(expansion->names, override->name, strlen(override->name));
    struct declared *declared = expansion_find(expansion, name);
    if (declared->name && declared->state == DECLARED_LATER && !declared->is_filter) {
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

static void compute_declared(struct expansion *expansion, struct declared *declared)
{
    declared->computed = value_compute(expansion, declared->written, true);
    declared->state = declared->computed ? DECLARED_READY : DECLARED_FAILED;
    if (!declared->computed || !declared->is_filter || declared->computed->kind == TREE_MATRIX)
        return;
    declared->state = DECLARED_FAILED;
    struct diagnostic *error = diagnostics_error(expansion->diagnostics, E0304, declared->written->span,
                                                 "a filter is a matrix of numbers");
    diagnostic_help(error, "write rows with ';' between them: [1 0 -1; 1 0 -1; 1 0 -1]");
}

/* In the order of the file, so that a let sees those before it. */
static void compute_values(struct expansion *expansion)
{
    for (int i = 0; i < expansion->declarations.count; i++) {
        const struct tree_declaration *declaration = expansion->declarations.elements[i];
        const char *name = declaration->let      ? declaration->let->name
                           : declaration->filter ? declaration->filter->name
                                                 : NULL;
        struct declared *declared = name ? expansion_find(expansion, name) : NULL;
        if (declared && declared->name && declared->state == DECLARED_LATER)
            compute_declared(expansion, declared);
    }
}

void expansion_declare(struct expansion *expansion, const struct tree_expansion *options)
{
    declare_names(expansion);
    for (int i = 0; i < options->override_count; i++)
        apply_override(expansion, &options->overrides[i]);
    compute_values(expansion);
}
