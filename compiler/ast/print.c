/* print.c - the tree as text in one canonical layout.
 *
 *     c1 :conv  2*n   3×3  pad = 1  relu  # edges      becomes      c1: conv 2*n 3x3 pad=1 relu */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ast/tree.h"
#include "base/text.h"

/* What may stand without parentheses where a value is printed. */
enum level { LEVEL_OPERAND, LEVEL_SIGNED, LEVEL_PRODUCT, LEVEL_SUM };

static void print_value(struct text *to, const struct tree_value *value, enum level level);

static void print_word(struct text *to, const char *word)
{
    text_append(to, word, strlen(word));
}

/* As short as reads back to the same number. */
static void print_real(struct text *to, double real)
{
    char digits[40];
    for (int precision = 6; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, real);
        if (strtod(digits, NULL) == real)
            break;
    }
    print_word(to, digits);
    if (!strpbrk(digits, ".en"))
        print_word(to, ".0");
}

static void print_string(struct text *to, const char *string)
{
    print_word(to, "\"");
    for (; *string; string++) {
        const char *escape = *string == '"'    ? "\\\""
                             : *string == '\\' ? "\\\\"
                             : *string == '\n' ? "\\n"
                             : *string == '\t' ? "\\t"
                                               : NULL;
        if (escape)
            print_word(to, escape);
        else
            text_append(to, string, 1);
    }
    print_word(to, "\"");
}

/* 5x5 where every part is a plain number, else (k, 2*k). */
static void print_size(struct text *to, const struct tree_value *value)
{
    bool is_plain = true;
    for (int i = 0; i < value->element_count; i++)
        is_plain = is_plain && value->elements[i]->kind == TREE_INTEGER && value->elements[i]->integer >= 0;
    print_word(to, is_plain ? "" : "(");
    for (int i = 0; i < value->element_count; i++) {
        print_word(to, i == 0 ? "" : is_plain ? "x" : ", ");
        print_value(to, value->elements[i], LEVEL_SUM);
    }
    print_word(to, is_plain ? "" : ")");
}

static void print_list(struct text *to, const struct tree_value *value)
{
    bool is_matrix = value->kind == TREE_MATRIX;
    print_word(to, "[");
    for (int i = 0; i < value->element_count; i++) {
        if (i > 0)
            print_word(to, !is_matrix ? ", " : i % value->columns == 0 ? "; " : " ");
        print_value(to, value->elements[i], LEVEL_SUM);
    }
    print_word(to, "]");
}

static void print_operation(struct text *to, const struct tree_value *value, enum level level)
{
    bool is_sum = value->operation == '+' || value->operation == '-';
    enum level own = value->operation == '~' ? LEVEL_SIGNED : is_sum ? LEVEL_SUM : LEVEL_PRODUCT;
    print_word(to, own > level ? "(" : "");
    if (value->operation == '~') {
        print_word(to, "-");
        print_value(to, value->elements[0], LEVEL_OPERAND);
    } else {
        print_value(to, value->elements[0], own);
        text_format(to, is_sum ? " %c " : "%c", value->operation);
        print_value(to, value->elements[1], is_sum ? LEVEL_PRODUCT : LEVEL_SIGNED);
    }
    print_word(to, own > level ? ")" : "");
}

static void print_value(struct text *to, const struct tree_value *value, enum level level)
{
    switch (value->kind) {
    case TREE_INTEGER:
        text_format(to, "%lld", (long long)value->integer);
        break;
    case TREE_REAL:
    case TREE_PERCENT:
        if (value->text)
            print_word(to, value->text);
        else
            print_real(to, value->real);
        break;
    case TREE_SIZE:
        print_size(to, value);
        break;
    case TREE_STRING:
        print_string(to, value->text);
        break;
    case TREE_LIST:
    case TREE_MATRIX:
        print_list(to, value);
        break;
    case TREE_NAME:
        print_word(to, value->text);
        break;
    case TREE_OPERATION:
        print_operation(to, value, level);
        break;
    }
}

static void print_item(struct text *to, const struct tree_item *item, enum level level)
{
    switch (item->kind) {
    case TREE_ITEM_VALUE:
        /* A name in parentheses is a value; without them it would be a word. */
        if (item->value->kind == TREE_NAME)
            text_format(to, "(%s)", item->value->text);
        else
            print_value(to, item->value, level);
        break;
    case TREE_ITEM_PAIR:
        text_format(to, "%s=", item->name);
        print_value(to, item->value, level);
        break;
    case TREE_ITEM_NAME:
        print_word(to, item->name);
        break;
    case TREE_ITEM_CALL:
        text_format(to, "%s(", item->name);
        for (int i = 0; i < item->argument_count; i++) {
            print_word(to, i == 0 ? "" : ", ");
            print_item(to, item->arguments[i], LEVEL_SUM);
        }
        print_word(to, ")");
        break;
    }
}

void tree_print_value(struct text *to, const struct tree_value *value)
{
    print_value(to, value, LEVEL_PRODUCT);
}

void tree_print_statement(struct text *to, const struct tree_statement *statement)
{
    /* In a block, what was written stands for many: what it became is told. */
    if (statement->written && !statement->scope)
        statement = statement->written;
    if (statement->let) {
        text_format(to, "let %s = ", statement->let->name);
        print_value(to, statement->let->value, LEVEL_PRODUCT);
        return;
    }
    if (statement->label)
        text_format(to, "%s: ", statement->label);
    print_word(to, statement->kind);
    if (statement->is_call)
        print_word(to, "(");
    for (int i = 0; i < statement->item_count; i++) {
        print_word(to, !statement->is_call ? " " : i > 0 ? ", " : "");
        print_item(to, statement->items[i], statement->is_call ? LEVEL_SUM : LEVEL_PRODUCT);
    }
    if (statement->is_call)
        print_word(to, ")");
}

static void print_body(struct text *to, const struct tree_body *body, int indent)
{
    if (body->name)
        text_format(to, " %s", body->name);
    print_word(to, " {\n");
    for (int i = 0; i < body->statement_count; i++) {
        const struct tree_statement *statement = body->statements[i];
        text_format(to, "%*s", indent + 4, "");
        tree_print_statement(to, statement);
        for (int j = 0; j < statement->body_count; j++)
            print_body(to, statement->bodies[j], indent + 4);
        print_word(to, "\n");
    }
    text_format(to, "%*s}", indent, "");
}

static void print_block(struct text *to, const struct tree_block *block)
{
    text_format(to, "block %s(", block->name);
    for (int i = 0; i < block->parameter_count; i++) {
        const struct tree_parameter *parameter = block->parameters[i];
        text_format(to, i == 0 ? "%s" : ", %s", parameter->name);
        if (!parameter->value)
            continue;
        print_word(to, "=");
        print_value(to, parameter->value, LEVEL_SUM);
    }
    print_word(to, ")");
    print_body(to, block->body, 0);
}

static void print_declaration(struct text *to, const struct tree_declaration *declaration)
{
    switch (declaration->kind) {
    case TREE_LET:
        text_format(to, "let %s = ", declaration->let->name);
        tree_print_value(to, declaration->let->value);
        break;
    case TREE_FILTER:
        text_format(to, "filter %s = ", declaration->filter->name);
        tree_print_value(to, declaration->filter->value);
        break;
    case TREE_INCLUDE:
        print_word(to, "include ");
        print_string(to, declaration->include->path);
        break;
    case TREE_BLOCK:
        print_block(to, declaration->block);
        break;
    case TREE_NET:
        text_format(to, "net %s", declaration->name);
        print_body(to, declaration->body, 0);
        break;
    case TREE_TRAIN:
        print_word(to, "train");
        print_body(to, declaration->body, 0);
        break;
    }
    print_word(to, "\n");
}

void tree_print(struct text *to, const struct tree *tree)
{
    for (int i = 0; i < tree->declaration_count; i++) {
        const struct tree_declaration *declaration = tree->declarations[i];
        bool has_body = declaration->body || declaration->block;
        if (i > 0 && (has_body || tree->declarations[i - 1]->body || tree->declarations[i - 1]->block))
            print_word(to, "\n");
        print_declaration(to, declaration);
    }
}
