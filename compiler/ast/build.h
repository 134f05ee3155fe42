/* build.h - one function for each action of the grammar: parts in, a piece of the tree out. */
#ifndef NETC_AST_BUILD_H
#define NETC_AST_BUILD_H

#include "ast/parse.h"

/* `list` may be NULL: a new one. */
struct parse_list *build_list(struct parse *parse, struct parse_list *list, void *element);

struct tree_value *build_literal(struct parse *parse, enum tree_value_kind kind, struct span span);
struct tree_value *build_name(struct parse *parse, struct span span, const char *name);
struct tree_value *build_operation(struct parse *parse, struct span span, char operation,
                                   struct tree_value *left, struct tree_value *right);
struct tree_value *build_parenthesised(struct span span, struct tree_value *value);
struct tree_value *build_sequence(struct parse *parse, enum tree_value_kind kind, struct span span,
                                  struct parse_list *elements);
/* `rows` is a list of lists; one row of one value is a list. */
struct tree_value *build_matrix(struct parse *parse, struct span span, struct parse_list *rows);

/* A bare name becomes an item of its own, everything else a value. */
struct tree_item *build_item(struct parse *parse, struct tree_value *value);
struct tree_item *build_pair(struct parse *parse, struct span span, const char *name, struct span name_span,
                             struct tree_value *value);
struct tree_item *build_call(struct parse *parse, struct span span, const char *name, struct span name_span,
                             struct parse_list *arguments);

struct tree_statement *build_statement(struct parse *parse, struct span span, const char *kind,
                                       struct span kind_span, struct parse_list *items, bool is_call);
struct tree_statement *build_label(const char *label, struct span label_span,
                                   struct tree_statement *statement);
struct tree_statement *build_bodies(struct parse *parse, struct tree_statement *statement,
                                    struct parse_list *bodies);
/* Stands for a line that could not be read. */
struct tree_statement *build_failed(struct parse *parse, struct span span);
struct tree_body *build_body(struct parse *parse, struct span span, struct parse_list *statements);
struct tree_body *build_named_body(const char *name, struct span span, struct tree_body *body);

struct tree_parameter *build_parameter(struct parse *parse, struct span span, const char *name,
                                       struct tree_value *value);
void build_let(struct parse *parse, struct span span, const char *name, struct span name_span,
               struct tree_value *value);
/* The same inside a body, as a statement. */
struct tree_statement *build_local_let(struct parse *parse, struct span span, const char *name,
                                       struct span name_span, struct tree_value *value);
void build_filter(struct parse *parse, struct span span, const char *name, struct span name_span,
                  struct tree_value *value);
void build_include(struct parse *parse, struct span span, struct tree_value *path);
void build_block(struct parse *parse, struct span span, const char *name, struct span name_span,
                 struct parse_list *parameters, struct tree_body *body);
void build_net(struct parse *parse, struct span span, const char *name, struct span name_span,
               struct tree_body *body);
void build_train(struct parse *parse, struct span span, struct tree_body *body);
/* Tells that a statement outside net and train declares nothing. */
void build_stray_statement(struct parse *parse, struct tree_statement *statement);

#endif
