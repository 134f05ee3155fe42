/* declare.c - the builders of declarations: let, include, filter, block, net, train.
 *
 *     build_let(parse, span of "let n = 4", "n", span of "n", value 4)     one more declaration of the file
 */
#include <string.h>

#include "ast/build.h"
#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/names.h"

static struct tree_declaration *declaration_add(struct parse *parse, enum tree_declaration_kind kind,
                                                struct span span)
{
    struct tree_declaration *declaration = ARENA_NEW(parse->arena, struct tree_declaration);
    declaration->kind = kind;
    declaration->span = span;
    build_list(parse, parse->declarations, declaration);
    return declaration;
}

void build_let(struct parse *parse, struct span span, const char *name, struct span name_span,
               struct tree_value *value)
{
    struct tree_let *let = ARENA_NEW(parse->arena, struct tree_let);
    *let = (struct tree_let){span, name_span, name, value};
    declaration_add(parse, TREE_LET, span)->let = let;
}

struct tree_statement *build_local_let(struct parse *parse, struct span span, const char *name,
                                       struct span name_span, struct tree_value *value)
{
    struct tree_let *let = ARENA_NEW(parse->arena, struct tree_let);
    *let = (struct tree_let){span, name_span, name, value};
    struct tree_statement *statement = ARENA_NEW(parse->arena, struct tree_statement);
    *statement = (struct tree_statement){.span = span, .kind = "let", .kind_span = span, .let = let};
    return statement;
}

void build_filter(struct parse *parse, struct span span, const char *name, struct span name_span,
                  struct tree_value *value)
{
    struct tree_filter *filter = ARENA_NEW(parse->arena, struct tree_filter);
    *filter = (struct tree_filter){span, name_span, name, value};
    declaration_add(parse, TREE_FILTER, span)->filter = filter;
}

void build_include(struct parse *parse, struct span span, struct tree_value *path)
{
    struct tree_include *include = ARENA_NEW(parse->arena, struct tree_include);
    *include = (struct tree_include){span, path->span, path->text};
    declaration_add(parse, TREE_INCLUDE, span)->include = include;
}

struct tree_parameter *build_parameter(struct parse *parse, struct span span, const char *name,
                                       struct tree_value *value)
{
    struct tree_parameter *parameter = ARENA_NEW(parse->arena, struct tree_parameter);
    *parameter = (struct tree_parameter){span, name, value};
    return parameter;
}

void build_block(struct parse *parse, struct span span, const char *name, struct span name_span,
                 struct parse_list *parameters, struct tree_body *body)
{
    struct tree_block *block = ARENA_NEW(parse->arena, struct tree_block);
    *block = (struct tree_block){.span = span, .name_span = name_span, .name = name, .body = body};
    block->parameter_count = parameters->count;
    block->parameters = ARENA_ARRAY(parse->arena, struct tree_parameter *, (size_t)parameters->count);
    for (int i = 0; i < parameters->count; i++)
        block->parameters[i] = parameters->elements[i];
    declaration_add(parse, TREE_BLOCK, span)->block = block;
}

void build_net(struct parse *parse, struct span span, const char *name, struct span name_span,
               struct tree_body *body)
{
    struct tree_declaration *net = declaration_add(parse, TREE_NET, span);
    net->name = name;
    net->name_span = name_span;
    net->body = body;
}

void build_train(struct parse *parse, struct span span, struct tree_body *body)
{
    declaration_add(parse, TREE_TRAIN, span)->body = body;
}

void build_stray_statement(struct parse *parse, struct tree_statement *statement)
{
    static const char *const words[] = {"net", "train", "let", "include", "filter", "block"};
    struct suggestion suggestion = suggestion_for(statement->kind);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        suggestion_offer(&suggestion, words[i]);
    bool is_declaration = suggestion.nearest && suggestion.distance == 0;
    struct diagnostic *error =
        is_declaration
            ? diagnostics_error(parse->diagnostics, E0111, statement->span, "'%s' takes no label",
                                statement->kind)
            : diagnostics_error(parse->diagnostics, E0111, statement->kind_span,
                                "'%.40s' cannot stand outside net { } and train { }", statement->kind);
    if (suggestion.nearest && !is_declaration)
        diagnostic_help(error, "did you mean '%s'?", suggestion.nearest);
}
