/* compute.c - the arithmetic of values.
 *
 *     let n = 4:  (n + 1)*2 -> 10    1/255 -> 0.00392…    (n, n/2) -> 4x2    n/0 -> an error
 */
#include <math.h>
#include <string.h>

#include "ast/expand.h"
#include "base/arena.h"
#include "base/diagnostics.h"

/* A copy that lies where it is used, so that messages point there. */
static struct tree_value *value_place(struct expansion *expansion, struct tree_value *value, struct span span)
{
    struct tree_value *copy = ARENA_NEW(expansion->arena, struct tree_value);
    *copy = *value;
    copy->span = span;
    return copy;
}

static void report_name(struct expansion *expansion, const struct tree_value *value,
                        const struct declared *declared)
{
    if (!declared->name) {
        if (expansion->lacks_include)
            return;
        struct diagnostic *error = diagnostics_error(expansion->diagnostics, E0201, value->span,
                                                     "no let declares the name '%.40s'", value->text);
        expansion_suggest(expansion, error, value->text, true);
    } else if (declared->state == DECLARED_BLOCK) {
        diagnostics_error(expansion->diagnostics, E0201, value->span, "'%.40s' is a block, not a value",
                          value->text);
    } else if (declared->state == DECLARED_LATER) {
        struct diagnostic *error = diagnostics_error(expansion->diagnostics, E0201, value->span,
                                                     "'%.40s' is used before its let", value->text);
        diagnostic_note(error, declared->span, "the let is here");
    }
}

static struct tree_value *compute_name(struct expansion *expansion, struct tree_value *value, bool is_strict)
{
    for (const struct binding *binding = expansion->bindings; binding; binding = binding->outer)
        if (binding->name == value->text)
            return binding->value ? value_place(expansion, binding->value, value->span) : NULL;
    const struct declared *declared = expansion_find(expansion, value->text);
    if (declared->state == DECLARED_READY)
        return value_place(expansion, declared->computed, value->span);
    if (!declared->name && !is_strict)
        return value;
    report_name(expansion, value, declared);
    return NULL;
}

/* The value with every element computed; itself when nothing changes, NULL if one fails. */
static struct tree_value *compute_elements(struct expansion *expansion, struct tree_value *value,
                                           bool is_strict)
{
    struct tree_value *result = value;
    bool has_failed = false;
    for (int i = 0; i < value->element_count; i++) {
        struct tree_value *element = value_compute(expansion, value->elements[i], is_strict);
        has_failed = has_failed || !element;
        if (element == value->elements[i])
            continue;
        if (result == value) {
            size_t count = (size_t)value->element_count;
            result = value_place(expansion, value, value->span);
            result->elements = ARENA_ARRAY(expansion->arena, struct tree_value *, count);
            memcpy(result->elements, value->elements, count * sizeof *result->elements);
        }
        result->elements[i] = element;
    }
    return has_failed ? NULL : result;
}

static struct tree_value *compute_size(struct expansion *expansion, struct tree_value *value)
{
    struct tree_value *size = compute_elements(expansion, value, true);
    for (int i = 0; size && i < size->element_count; i++) {
        if (size->elements[i]->kind == TREE_INTEGER)
            continue;
        diagnostics_error(expansion->diagnostics, E0208, size->elements[i]->span,
                          "a size is made of whole numbers, and this is none");
        return NULL;
    }
    return size;
}

static bool is_number(const struct tree_value *value)
{
    return value->kind == TREE_INTEGER || value->kind == TREE_REAL || value->kind == TREE_PERCENT;
}

static const char *describe_kind(enum tree_value_kind kind)
{
    static const char *const descriptions[] = {
        [TREE_SIZE] = "a size", [TREE_STRING] = "a text", [TREE_LIST] = "a list", [TREE_MATRIX] = "a matrix"};
    return descriptions[kind];
}

static double as_real(const struct tree_value *value)
{
    return value->kind == TREE_INTEGER ? (double)value->integer : value->real;
}

/* Sets result->integer; false when it does not fit. A quotient must be whole. */
static bool compute_integers(char operation, int64_t left, int64_t right, int64_t *result)
{
    switch (operation) {
    case '+':
        return !__builtin_add_overflow(left, right, result);
    case '*':
        return !__builtin_mul_overflow(left, right, result);
    case '/':
        if (right == -1)
            return !__builtin_sub_overflow(0, left, result);
        *result = left / right;
        return true;
    default:
        return !__builtin_sub_overflow(left, right, result);
    }
}

static double compute_reals(char operation, double left, double right)
{
    return operation == '+'   ? left + right
           : operation == '*' ? left * right
           : operation == '/' ? left / right
                              : left - right;
}

static struct tree_value *compute_operation(struct expansion *expansion, struct tree_value *value)
{
    static const struct tree_value zero = {.kind = TREE_INTEGER};
    const struct tree_value *operands = compute_elements(expansion, value, true);
    if (!operands)
        return NULL;
    bool is_negation = value->operation == '~';
    for (int i = 0; i < value->element_count; i++) {
        if (is_number(operands->elements[i]))
            continue;
        diagnostics_error(expansion->diagnostics, E0207, operands->elements[i]->span,
                          "arithmetic needs numbers, and this is %s",
                          describe_kind(operands->elements[i]->kind));
        return NULL;
    }
    /* -a is 0 - a; for a real 0 this gives 0, not -0, which nobody writes on purpose. */
    const struct tree_value *left = is_negation ? &zero : operands->elements[0];
    const struct tree_value *right = operands->elements[is_negation ? 0 : 1];
    bool is_division = value->operation == '/';
    if (is_division && as_real(right) == 0) {
        diagnostics_error(expansion->diagnostics, E0206, value->span, "this divides by zero");
        return NULL;
    }
    struct tree_value *result = ARENA_NEW(expansion->arena, struct tree_value);
    result->span = value->span;
    bool is_whole = left->kind == TREE_INTEGER && right->kind == TREE_INTEGER &&
                    !(is_division && right->integer != -1 && left->integer % right->integer != 0);
    result->kind = is_whole ? TREE_INTEGER : TREE_REAL;
    bool fits;
    if (is_whole) {
        fits = compute_integers(value->operation, left->integer, right->integer, &result->integer);
    } else {
        result->real = compute_reals(value->operation, as_real(left), as_real(right));
        fits = isfinite(result->real);
    }
    if (fits)
        return result;
    diagnostics_error(expansion->diagnostics, E0205, value->span, "the result of this is too large");
    return NULL;
}

struct tree_value *value_compute(struct expansion *expansion, struct tree_value *value, bool is_strict)
{
    if (value->has_failed)
        return NULL;
    switch (value->kind) {
    case TREE_NAME:
        return compute_name(expansion, value, is_strict);
    case TREE_OPERATION:
        return compute_operation(expansion, value);
    case TREE_SIZE:
        return compute_size(expansion, value);
    case TREE_LIST:
    case TREE_MATRIX:
        return compute_elements(expansion, value, is_strict);
    default:
        return value;
    }
}
