/* net.y - the language on one page; language.md explains it. Each action is one call of ast/build.c.
 *
 *     net lenet5 {
 *         c1: conv 6 5x5 pad=2 relu    [label ':'] kind value* (key '=' value | word ['(' arguments ')'])*
 *     }
 */
%code top {
/* Bison's own text is not written for these warnings. */
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
}

%code requires {
#include "ast/build.h"
}

%define api.prefix {net_}
%define api.pure full
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%locations
%param { void *scanner }
%parse-param { struct parse *parse }
%expect 0

%union {
    const char *name;
    struct tree_value *value;
    struct tree_item *item;
    struct tree_statement *statement;
    struct tree_body *body;
    struct tree_parameter *parameter;
    struct parse_list *list;
}

%code {
/* The scanner needs to know what is being parsed, so the parser asks through it. */
#define net_lex(token, span, scanner) scan_next_token(token, span, scanner, parse)

/* A rule without parts lies behind what stands before it. */
#define YYLLOC_DEFAULT(whole, parts, count) \
    ((whole) = (count) ? span_join(YYRHSLOC(parts, 1), YYRHSLOC(parts, count)) : span_end(YYRHSLOC(parts, 0)))

static struct span span_end(struct span span)
{
    return (struct span){span.source, span.offset + span.length, 0};
}

static void net_error(struct span *span, void *scanner, struct parse *parse, const char *message);
}

%initial-action { @$ = (struct span){parse->source, 0, 0}; }

%token START_FILE START_VALUE INVALID COMMENT
%token END 0 "the end of the file"
%token NEWLINE "the end of the line"
%token LET "'let'" INCLUDE "'include'" FILTER "'filter'" BLOCK "'block'" NET "'net'" TRAIN "'train'"
%token <name> NAME "a name" CALL "a call"
%token <value> LITERAL "a value" STRING "a text in quotes"
%token NEGATIVE "'-'"
%token '+' "'+'" '-' "'- '" '*' "'*'" '/' "'/'" '=' "'='" ':' "':'" ';' "';'" ',' "','"
%token '(' "'('" ')' "')'" '[' "'['" ']' "']'" '{' "'{'" '}' "'}'"

%type <value> value sum product signed operand
%type <list> sums rows row items arguments argument_list statements bodies parameters parameter_list
%type <item> item argument
%type <parameter> parameter
%type <statement> statement line plain
%type <body> body

%%

start: START_FILE declarations
     | START_VALUE value NEWLINE                 { parse->value = $2; }
     | START_VALUE error NEWLINE
     ;

/* Declarations: the file. */

declarations: %empty
            | declarations declaration
            | declarations NEWLINE
            | declarations error NEWLINE         { yyerrok; }
            | declarations error bodies NEWLINE  { yyerrok; }
            ;

declaration: LET NAME '=' value NEWLINE          { build_let(parse, span_join(@1, @4), $2, @2, $4); }
           | FILTER NAME '=' value NEWLINE       { build_filter(parse, span_join(@1, @4), $2, @2, $4); }
           | INCLUDE STRING NEWLINE              { build_include(parse, span_join(@1, @2), $2); }
           | BLOCK CALL '(' parameters ')' body NEWLINE
                                                 { build_block(parse, span_join(@1, @5), $2, @2, $4, $6); }
           | NET NAME body NEWLINE               { build_net(parse, span_join(@1, @2), $2, @2, $3); }
           | TRAIN body NEWLINE                  { build_train(parse, @1, $2); }
           | statement                           { build_stray_statement(parse, $1); }
           ;

parameters: %empty                               { $$ = build_list(parse, NULL, NULL); }
          | parameter_list
          ;

parameter_list: parameter                        { $$ = build_list(parse, NULL, $1); }
              | parameter_list ',' parameter     { $$ = build_list(parse, $1, $3); }
              ;

parameter: NAME                                  { $$ = build_parameter(parse, @$, $1, NULL); }
         | NAME '=' sum                          { $$ = build_parameter(parse, @$, $1, $3); }
         ;

/* Statements: one a line. */

statements: %empty                               { $$ = build_list(parse, NULL, NULL); }
          | statements statement                 { $$ = build_list(parse, $1, $2); }
          | statements LET NAME '=' value NEWLINE
                   { $$ = build_list(parse, $1, build_local_let(parse, span_join(@2, @5), $3, @3, $5)); }
          | statements NEWLINE
          | statements error NEWLINE
                                 { $$ = build_list(parse, $1, build_failed(parse, @2)); yyerrok; }
          | statements error bodies NEWLINE
                                 { $$ = build_list(parse, $1, build_failed(parse, @2)); yyerrok; }
          ;

statement: line NEWLINE
         | line bodies NEWLINE                   { $$ = build_bodies(parse, $1, $2); }
         ;

line: plain
    | NAME ':' plain                             { $$ = build_label($1, @1, $3); }
    ;

plain: NAME items                                { $$ = build_statement(parse, @$, $1, @1, $2, false); }
     | CALL '(' arguments ')'                    { $$ = build_statement(parse, @$, $1, @1, $3, true); }
     ;

bodies: body                                     { $$ = build_list(parse, NULL, $1); }
      | bodies NAME body                         { $$ = build_list(parse, $1, build_named_body($2, @2, $3)); }
      ;

body: '{' statements '}'                         { $$ = build_body(parse, @$, $2); }
    ;

items: %empty                                    { $$ = build_list(parse, NULL, NULL); }
     | items item                                { $$ = build_list(parse, $1, $2); }
     ;

item: value                                      { $$ = build_item(parse, $1); }
    | NAME '=' value                             { $$ = build_pair(parse, @$, $1, @1, $3); }
    | CALL '(' arguments ')'                     { $$ = build_call(parse, @$, $1, @1, $3); }
    ;

arguments: %empty                                { $$ = build_list(parse, NULL, NULL); }
         | argument_list
         ;

argument_list: argument                          { $$ = build_list(parse, NULL, $1); }
             | argument_list ',' argument        { $$ = build_list(parse, $1, $3); }
             ;

argument: sum                                    { $$ = build_item(parse, $1); }
        | NAME '=' sum                           { $$ = build_pair(parse, @$, $1, @1, $3); }
        ;

/* Values: outside ( ) and [ ] only * and / join them. */

value: product
     ;

sum: product
   | sum '+' product                             { $$ = build_operation(parse, @$, '+', $1, $3); }
   | sum '-' product                             { $$ = build_operation(parse, @$, '-', $1, $3); }
   ;

product: signed
       | product '*' signed                      { $$ = build_operation(parse, @$, '*', $1, $3); }
       | product '/' signed                      { $$ = build_operation(parse, @$, '/', $1, $3); }
       ;

signed: operand
      | NEGATIVE operand                         { $$ = build_operation(parse, @$, '~', $2, NULL); }
      ;

operand: LITERAL
       | STRING
       | NAME                                    { $$ = build_name(parse, @$, $1); }
       | '(' sum ')'                             { $$ = build_parenthesised(@$, $2); }
       | '(' sums ')'                            { $$ = build_sequence(parse, TREE_SIZE, @$, $2); }
       | '[' ']'                                 { $$ = build_sequence(parse, TREE_LIST, @$, NULL); }
       | '[' sums ']'                            { $$ = build_sequence(parse, TREE_LIST, @$, $2); }
       | '[' rows ']'                            { $$ = build_matrix(parse, @$, $2); }
       ;

sums: sum ',' sum                                { $$ = build_list(parse, build_list(parse, NULL, $1), $3); }
    | sums ',' sum                               { $$ = build_list(parse, $1, $3); }
    ;

rows: row                                        { $$ = build_list(parse, NULL, $1); }
    | rows ';' row                               { $$ = build_list(parse, $1, $3); }
    ;

row: sum                                         { $$ = build_list(parse, NULL, $1); }
   | row sum                                     { $$ = build_list(parse, $1, $2); }
   ;

%%

static int yyreport_syntax_error(const yypcontext_t *context, void *scanner, struct parse *parse)
{
    (void)scanner;
    enum { MOST = 32 };
    yysymbol_kind_t kinds[MOST];
    const char *names[MOST];
    int count = yypcontext_expected_tokens(context, kinds, MOST);
    for (int i = 0; i < count; i++)
        names[i] = yysymbol_name(kinds[i]);
    parse_report_unexpected(parse, names, count);
    return 0;
}

/* Only for what is no syntax error: the parser's stack is full. */
static void net_error(struct span *span, void *scanner, struct parse *parse, const char *message)
{
    (void)scanner;
    (void)message;
    parse_report_depth(parse, *span);
}
