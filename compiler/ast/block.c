/* block.c - blocks: what speaks against a declaration, and what a call gives to the parameters.
 *
 *     block basic(n, stride=1) { … }        basic(2*width, stride=2)  ->  n = 128, stride = 2 */
#include <string.h>

#include "ast/expand.h"
#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/names.h"

enum { DEEPEST_CALLS = 100 };

static bool value_uses(const struct tree_value *value, const char *name)
{
    if (value->kind == TREE_NAME && value->text == name)
        return true;
    for (int i = 0; i < value->element_count; i++)
        if (value_uses(value->elements[i], name))
            return true;
    return false;
}

static bool item_uses(const struct tree_item *item, const char *name)
{
    if (item->kind == TREE_ITEM_NAME && item->name == name)
        return true;
    if (item->value && value_uses(item->value, name))
        return true;
    for (int i = 0; i < item->argument_count; i++)
        if (item_uses(item->arguments[i], name))
            return true;
    return false;
}

/* A line that could not be read may have used it. */
static bool body_uses(const struct tree_body *body, const char *name)
{
    for (int i = 0; i < body->statement_count; i++) {
        const struct tree_statement *statement = body->statements[i];
        if (statement->has_failed || (statement->let && value_uses(statement->let->value, name)))
            return true;
        for (int j = 0; j < statement->item_count; j++)
            if (item_uses(statement->items[j], name))
                return true;
        for (int j = 0; j < statement->body_count; j++)
            if (body_uses(statement->bodies[j], name))
                return true;
    }
    return false;
}

static bool is_used(const struct tree_block *block, const struct tree_parameter *parameter)
{
    for (int i = 0; i < block->parameter_count; i++)
        if (block->parameters[i]->value && value_uses(block->parameters[i]->value, parameter->name))
            return true;
    return body_uses(block->body, parameter->name);
}

static bool check_parameter(struct expansion *expansion, const struct tree_block *block, int at)
{
    const struct tree_parameter *parameter = block->parameters[at];
    if (!expansion_check_name(expansion, parameter->name, parameter->span, "parameter"))
        return false;
    for (int i = 0; i < at; i++) {
        if (block->parameters[i]->name != parameter->name)
            continue;
        struct diagnostic *error = diagnostics_error(expansion->diagnostics, E0202, parameter->span,
                                                     "parameter '%.40s' is declared twice", parameter->name);
        diagnostic_note(error, block->parameters[i]->span, "the first one is here");
        return false;
    }
    if (!is_used(block, parameter))
        diagnostics_error(expansion->diagnostics, E0214, parameter->span,
                          "block '%.40s' never uses its parameter '%.40s'", block->name, parameter->name);
    return true;
}

static bool visit_block(struct expansion *expansion, struct declared *declared, int depth);

/* False when the body leads back to a block that is on the way. */
static bool visit_body(struct expansion *expansion, const struct tree_body *body, int depth)
{
    for (int i = 0; i < body->statement_count; i++) {
        const struct tree_statement *statement = body->statements[i];
        struct declared *called =
            statement->is_call && !statement->has_failed ? expansion_find(expansion, statement->kind) : NULL;
        bool is_block = called && called->block;
        if (is_block && (called->mark == 1 || depth == DEEPEST_CALLS)) {
            struct diagnostic *error =
                diagnostics_error(expansion->diagnostics, E0215, statement->kind_span,
                                  called->mark == 1 ? "block '%.40s' calls itself through this line"
                                                    : "block '%.40s' is called more than 100 blocks deep",
                                  statement->kind);
            diagnostic_note(error, called->span, "'%s' is declared here", called->name);
            return false;
        }
        if (is_block && !visit_block(expansion, called, depth + 1))
            return false;
        for (int j = 0; j < statement->body_count; j++)
            if (!visit_body(expansion, statement->bodies[j], depth))
                return false;
    }
    return true;
}

static bool visit_block(struct expansion *expansion, struct declared *declared, int depth)
{
    if (declared->mark == 2)
        return declared->state != DECLARED_FAILED;
    declared->mark = 1;
    if (!visit_body(expansion, declared->block->body, depth))
        declared->state = DECLARED_FAILED;
    declared->mark = 2;
    return declared->state != DECLARED_FAILED;
}

enum { MOST_PARAMETERS = 1000 };

void block_check_all(struct expansion *expansion)
{
    for (int i = 0; i < expansion->declarations.count; i++) {
        const struct tree_declaration *declaration = expansion->declarations.elements[i];
        struct declared *declared =
            declaration->block ? expansion_find(expansion, declaration->block->name) : NULL;
        if (!declared || declared->block != declaration->block)
            continue;
        if (declared->block->parameter_count > MOST_PARAMETERS) {
            diagnostics_error(expansion->diagnostics, E0216, declared->block->name_span,
                              "a block may have at most %d parameters", MOST_PARAMETERS);
            declared->state = DECLARED_FAILED;
            continue;
        }
        for (int j = 0; j < declared->block->parameter_count; j++)
            if (!check_parameter(expansion, declared->block, j))
                declared->state = DECLARED_FAILED;
        visit_block(expansion, declared, 0);
    }
}

/* The parameter that an argument is for, or NULL, which has been told. */
static int find_parameter(struct expansion *expansion, const struct tree_block *block,
                          const struct tree_item *argument, int *position)
{
    if (argument->kind != TREE_ITEM_PAIR) {
        if (*position < block->parameter_count)
            return (*position)++;
        struct diagnostic *error =
            diagnostics_error(expansion->diagnostics, E0216, argument->span, "block '%.40s' takes %d value%s",
                              block->name, block->parameter_count, block->parameter_count == 1 ? "" : "s");
        diagnostic_note(error, block->name_span, "it is declared here");
        return -1;
    }
    struct suggestion suggestion = suggestion_for(argument->name);
    for (int i = 0; i < block->parameter_count; i++) {
        if (block->parameters[i]->name == argument->name)
            return i;
        suggestion_offer(&suggestion, block->parameters[i]->name);
    }
    struct diagnostic *error =
        diagnostics_error(expansion->diagnostics, E0216, argument->name_span,
                          "block '%.40s' has no parameter '%.40s'", block->name, argument->name);
    diagnostic_note(error, block->name_span, "it is declared here");
    if (suggestion.nearest)
        diagnostic_help(error, "did you mean '%s'?", suggestion.nearest);
    return -1;
}

/* The value of an argument, which is no call, in the scope of the one that gives it; NULL when told that
 * there is none. */
static struct tree_value *argument_value(struct expansion *expansion, const struct tree_item *argument)
{
    struct tree_value *name = ARENA_NEW(expansion->arena, struct tree_value);
    *name = (struct tree_value){.kind = TREE_NAME, .span = argument->span, .text = argument->name};
    return value_compute(expansion, argument->kind == TREE_ITEM_NAME ? name : argument->value, true);
}

/* Fills `values` with what the call gives; parameters that it leaves out stay NULL. */
static bool read_arguments(struct expansion *expansion, const struct tree_block *block,
                           const struct tree_statement *call, struct tree_value **values)
{
    int position = 0;
    bool is_good = true;
    for (int i = 0; i < call->item_count; i++) {
        const struct tree_item *argument = call->items[i];
        int at = find_parameter(expansion, block, argument, &position);
        if (at >= 0 && values[at]) {
            diagnostics_error(expansion->diagnostics, E0306, argument->span,
                              "parameter '%.40s' of block '%.40s' is given twice",
                              block->parameters[at]->name, block->name);
            at = -1;
        }
        if (at >= 0)
            values[at] = argument_value(expansion, argument);
        is_good = is_good && at >= 0 && values[at];
    }
    return is_good;
}

bool block_bind(struct expansion *expansion, const struct tree_block *block,
                const struct tree_statement *call)
{
    struct tree_value **values =
        ARENA_ARRAY(expansion->arena, struct tree_value *, (size_t)block->parameter_count);
    if (!read_arguments(expansion, block, call, values))
        return false;
    expansion->bindings = NULL;
    bool is_good = true;
    for (int i = 0; i < block->parameter_count; i++) {
        const struct tree_parameter *parameter = block->parameters[i];
        if (!values[i] && parameter->value)
            values[i] = value_compute(expansion, parameter->value, true);
        else if (!values[i])
            diagnostic_note(diagnostics_error(expansion->diagnostics, E0216, call->kind_span,
                                              "block '%.40s' needs its parameter '%.40s'", block->name,
                                              parameter->name),
                            parameter->span, "it is declared here");
        is_good = is_good && values[i];
        expansion_bind(expansion, parameter->name, values[i]);
    }
    return is_good;
}
