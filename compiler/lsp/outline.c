/* outline.c - names of a document and what follows from them: definition, symbols; formatting and fixes. */
#include <string.h>

#include "ast/format.h"
#include "ast/tree.h"
#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/text.h"
#include "lsp/answer.h"
#include "lsp/document.h"
#include "lsp/place.h"

/* Numbers of the protocol's SymbolKind. */
enum symbol_kind {
    SYMBOL_MODULE = 2,
    SYMBOL_CLASS = 5,
    SYMBOL_FUNCTION = 12,
    SYMBOL_VARIABLE = 13,
    SYMBOL_CONSTANT = 14
};

static json_t *range_of(const struct document *document, struct span span)
{
    return document_range(document, span.offset, span.offset + span.length);
}

static json_t *symbol(const struct document *document, const char *name, enum symbol_kind kind,
                      struct span whole, struct span own)
{
    return json_pack("{s:s, s:i, s:o, s:o, s:[]}", "name", name, "kind", (int)kind, "range",
                     range_of(document, span_join(whole, own)), "selectionRange", range_of(document, own),
                     "children");
}

static void add_labels(const struct document *document, json_t *children, struct tree_body *const *bodies,
                       int count)
{
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < bodies[i]->statement_count; j++) {
            const struct tree_statement *statement = bodies[i]->statements[j];
            json_t *inner = children;
            if (statement->let)
                json_array_append_new(children, symbol(document, statement->let->name, SYMBOL_CONSTANT,
                                                       statement->let->name_span, statement->let->name_span));
            if (statement->label) {
                json_array_append_new(children, symbol(document, statement->label, SYMBOL_VARIABLE,
                                                       statement->label_span, statement->label_span));
                inner = json_object_get(json_array_get(children, json_array_size(children) - 1), "children");
            }
            add_labels(document, inner, statement->bodies, statement->body_count);
        }
    }
}

static json_t *symbol_of(const struct document *document, const struct tree_declaration *declaration)
{
    switch (declaration->kind) {
    case TREE_LET:
        return symbol(document, declaration->let->name, SYMBOL_CONSTANT, declaration->let->name_span,
                      declaration->let->name_span);
    case TREE_FILTER:
        return symbol(document, declaration->filter->name, SYMBOL_CONSTANT, declaration->filter->name_span,
                      declaration->filter->name_span);
    case TREE_BLOCK:
        return symbol(document, declaration->block->name, SYMBOL_FUNCTION, declaration->block->name_span,
                      declaration->block->name_span);
    case TREE_NET:
        return symbol(document, declaration->name, SYMBOL_CLASS, declaration->name_span,
                      declaration->name_span);
    case TREE_TRAIN:
        return symbol(document, "train", SYMBOL_MODULE, declaration->span, declaration->span);
    case TREE_INCLUDE:
        break;
    }
    return NULL;
}

json_t *answer_symbols(const struct document *document, const json_t *params)
{
    json_t *all = json_array();
    (void)params;
    for (int i = 0; i < document->tree->declaration_count; i++) {
        const struct tree_declaration *declaration = document->tree->declarations[i];
        json_t *one = symbol_of(document, declaration);
        struct tree_body *body = declaration->block ? declaration->block->body : declaration->body;
        if (one && body && declaration->kind != TREE_TRAIN)
            add_labels(document, json_object_get(one, "children"), &body, 1);
        if (one)
            json_array_append_new(all, one);
    }
    return all;
}

/* The place of the first symbol of that name, at any depth. */
static const json_t *find_symbol(const json_t *symbols, const char *name)
{
    const json_t *found = NULL;
    for (size_t i = 0; i < json_array_size(symbols) && !found; i++) {
        const json_t *one = json_array_get(symbols, i);
        bool is_it = strcmp(json_string_value(json_object_get(one, "name")), name) == 0;
        found = is_it ? json_object_get(one, "selectionRange")
                      : find_symbol(json_object_get(one, "children"), name);
    }
    return found;
}

json_t *answer_definition(const struct document *document, const json_t *params)
{
    size_t offset;
    if (!document_offset(document, json_object_get(params, "position"), &offset))
        return json_null();
    struct place place = place_find(document, offset);
    json_t *symbols = answer_symbols(document, params);
    const json_t *range = place.is_comment ? NULL : find_symbol(symbols, place.name);
    json_t *result =
        range ? json_pack("{s:s, s:o}", "uri", document->uri, "range", json_deep_copy(range)) : json_null();
    json_decref(symbols);
    return result;
}

json_t *answer_formatting(const struct document *document, const json_t *params)
{
    struct arena *arena = arena_create();
    struct text text = text_create(arena);
    json_t *edits = json_array();
    (void)params;
    bool is_done = format_source(&text, arena, document->source, diagnostics_create(arena));
    bool is_same = text.length == document->length && memcmp(text.bytes, document->bytes, text.length) == 0;
    if (is_done && !is_same)
        json_array_append_new(edits,
                              json_pack("{s:o, s:s%}", "range", document_range(document, 0, document->length),
                                        "newText", text.bytes, text.length));
    arena_release(arena);
    return edits;
}

/* "did you mean 'x'?" -> x; the length is 0 where the help says something else. */
static size_t find_fix(const char *help, const char **name)
{
    static const char question[] = "did you mean '";
    const char *from = help ? strstr(help, question) : NULL;
    const char *end = from ? strchr(from + sizeof question - 1, '\'') : NULL;
    if (!end)
        return 0;
    *name = from + sizeof question - 1;
    return (size_t)(end - *name);
}

static json_int_t line_of(const json_t *range, const char *end)
{
    return json_integer_value(json_object_get(json_object_get(range, end), "line"));
}

json_t *answer_actions(const struct document *document, const json_t *params)
{
    json_t *actions = json_array();
    const json_t *asked = json_object_get(params, "range");
    for (size_t i = 0; i < json_array_size(document->diagnostics); i++) {
        json_t *told = json_array_get(document->diagnostics, i), *range = json_object_get(told, "range");
        const char *name;
        size_t length = find_fix(json_string_value(json_object_get(told, "data")), &name);
        if (!length || line_of(range, "start") > line_of(asked, "end") ||
            line_of(range, "end") < line_of(asked, "start"))
            continue;
        json_t *edit = json_pack("{s:O, s:s%}", "range", range, "newText", name, length);
        json_array_append_new(actions, json_pack("{s:o, s:s, s:b, s:[O], s:{s:{s:[o]}}}", "title",
                                                 json_sprintf("Replace by '%.*s'", (int)length, name), "kind",
                                                 "quickfix", "isPreferred", 1, "diagnostics", told, "edit",
                                                 "changes", document->uri, edit));
    }
    return actions;
}
