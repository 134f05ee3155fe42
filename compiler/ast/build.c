/* build.c - what the grammar's actions do: puts parts together into pieces of the tree.
 *
 *     build_pair(parse, span of "pad=2", "pad", span of "pad", value 2)     the item pad=2 */
#include "ast/build.h"

#include <string.h>

#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/names.h"

struct parse_list *build_list(struct parse *parse, struct parse_list *list, void *element)
{
    if (!list)
        list = ARENA_NEW(parse->arena, struct parse_list);
    if (!element)
        return list;
    ARENA_GROW(parse->arena, list->elements, list->count);
    list->elements[list->count++] = element;
    return list;
}

/* Sets `array` and `count` to the elements of a finished list. */
#define TAKE_LIST(parse, list, array, number)                                                                \
    do {                                                                                                     \
        (number) = (list)->count;                                                                            \
        (array) = arena_allocate_array((parse)->arena, (size_t)(list)->count, sizeof *(array));              \
        if ((list)->count > 0)                                                                               \
            memcpy((array), (list)->elements, (size_t)(list)->count * sizeof *(array));                      \
    } while (0)

static struct tree_value *value_create(struct parse *parse, enum tree_value_kind kind, struct span span)
{
    struct tree_value *value = ARENA_NEW(parse->arena, struct tree_value);
    value->kind = kind;
    value->span = span;
    return value;
}

/* Values are walked by recursion, so how far they are nested is limited. */
static void value_set_depth(struct parse *parse, struct tree_value *value)
{
    for (int i = 0; i < value->element_count; i++) {
        if (value->elements[i]->depth >= value->depth)
            value->depth = value->elements[i]->depth + 1;
    }
    if (value->depth <= PARSE_CHAIN)
        return;
    diagnostics_error(parse->diagnostics, E0107, value->span,
                      "this expression has more than %d operators in a row", PARSE_CHAIN);
    *value = (struct tree_value){.kind = TREE_INTEGER, .span = value->span, .has_failed = true};
}

struct tree_value *build_literal(struct parse *parse, enum tree_value_kind kind, struct span span)
{
    struct tree_value *value = value_create(parse, kind, span);
    if (kind != TREE_STRING)
        value->text = arena_copy(parse->arena, span.source->bytes + span.offset, span.length);
    return value;
}

struct tree_value *build_name(struct parse *parse, struct span span, const char *name)
{
    struct tree_value *value = value_create(parse, TREE_NAME, span);
    value->text = name;
    return value;
}

struct tree_value *build_operation(struct parse *parse, struct span span, char operation,
                                   struct tree_value *left, struct tree_value *right)
{
    struct tree_value *value = value_create(parse, TREE_OPERATION, span);
    value->operation = operation;
    value->element_count = right ? 2 : 1;
    value->elements = ARENA_ARRAY(parse->arena, struct tree_value *, 2);
    value->elements[0] = left;
    value->elements[1] = right;
    value_set_depth(parse, value);
    return value;
}

struct tree_value *build_parenthesised(struct span span, struct tree_value *value)
{
    value->span = span;
    return value;
}

struct tree_value *build_sequence(struct parse *parse, enum tree_value_kind kind, struct span span,
                                  struct parse_list *elements)
{
    struct tree_value *value = value_create(parse, kind, span);
    if (elements)
        TAKE_LIST(parse, elements, value->elements, value->element_count);
    value_set_depth(parse, value);
    return value;
}

struct tree_value *build_matrix(struct parse *parse, struct span span, struct parse_list *rows)
{
    struct parse_list *first = rows->elements[0];
    if (rows->count == 1 && first->count == 1)
        return build_sequence(parse, TREE_LIST, span, first);
    struct parse_list *all = NULL;
    bool is_ragged = false;
    for (int i = 0; i < rows->count && !is_ragged; i++) {
        struct parse_list *row = rows->elements[i];
        for (int j = 0; j < row->count; j++)
            all = build_list(parse, all, row->elements[j]);
        if (row->count == first->count)
            continue;
        struct tree_value *start = row->elements[0], *end = row->elements[row->count - 1];
        diagnostics_error(parse->diagnostics, E0112, span_join(start->span, end->span),
                          "row %d of this matrix has %d value%s, but the first has %d", i + 1, row->count,
                          row->count == 1 ? "" : "s", first->count);
        is_ragged = true;
    }
    struct tree_value *value = build_sequence(parse, TREE_MATRIX, span, all);
    value->has_failed = value->has_failed || is_ragged;
    value->columns = first->count;
    return value;
}

static struct tree_item *item_create(struct parse *parse, enum tree_item_kind kind, struct span span,
                                     const char *name, struct span name_span)
{
    struct tree_item *item = ARENA_NEW(parse->arena, struct tree_item);
    item->kind = kind;
    item->span = span;
    item->name = name;
    item->name_span = name_span;
    return item;
}

struct tree_item *build_item(struct parse *parse, struct tree_value *value)
{
    bool is_parenthesised = value->span.source->bytes[value->span.offset] == '(';
    bool is_name = value->kind == TREE_NAME && !is_parenthesised;
    struct tree_item *item = item_create(parse, is_name ? TREE_ITEM_NAME : TREE_ITEM_VALUE, value->span,
                                         is_name ? value->text : NULL, value->span);
    if (!is_name)
        item->value = value;
    return item;
}

struct tree_item *build_pair(struct parse *parse, struct span span, const char *name, struct span name_span,
                             struct tree_value *value)
{
    struct tree_item *item = item_create(parse, TREE_ITEM_PAIR, span, name, name_span);
    item->value = value;
    return item;
}

struct tree_item *build_call(struct parse *parse, struct span span, const char *name, struct span name_span,
                             struct parse_list *arguments)
{
    struct tree_item *item = item_create(parse, TREE_ITEM_CALL, span, name, name_span);
    TAKE_LIST(parse, arguments, item->arguments, item->argument_count);
    return item;
}

struct tree_statement *build_statement(struct parse *parse, struct span span, const char *kind,
                                       struct span kind_span, struct parse_list *items, bool is_call)
{
    struct tree_statement *statement = ARENA_NEW(parse->arena, struct tree_statement);
    statement->span = span;
    statement->kind = kind;
    statement->kind_span = kind_span;
    statement->is_call = is_call;
    TAKE_LIST(parse, items, statement->items, statement->item_count);
    /* Without items the grammar joins the kind with nothing behind it, which may lie after blanks. */
    if (items->count == 0 && !is_call)
        statement->span = kind_span;
    return statement;
}

struct tree_statement *build_label(const char *label, struct span label_span,
                                   struct tree_statement *statement)
{
    statement->span = span_join(label_span, statement->span);
    statement->label = label;
    statement->label_span = label_span;
    return statement;
}

struct tree_statement *build_bodies(struct parse *parse, struct tree_statement *statement,
                                    struct parse_list *bodies)
{
    TAKE_LIST(parse, bodies, statement->bodies, statement->body_count);
    return statement;
}

struct tree_statement *build_failed(struct parse *parse, struct span span)
{
    struct tree_statement *statement = ARENA_NEW(parse->arena, struct tree_statement);
    statement->span = span;
    statement->kind = names_intern(parse->names, "", 0);
    statement->kind_span = span;
    statement->has_failed = true;
    return statement;
}

struct tree_body *build_body(struct parse *parse, struct span span, struct parse_list *statements)
{
    struct tree_body *body = ARENA_NEW(parse->arena, struct tree_body);
    body->span = span;
    TAKE_LIST(parse, statements, body->statements, body->statement_count);
    return body;
}

struct tree_body *build_named_body(const char *name, struct span span, struct tree_body *body)
{
    body->name = name;
    body->span = span_join(span, body->span);
    return body;
}
