/* complete.c - what may stand at the cursor: kinds, keys, words, settings, labels and names of lets. */
#include <string.h>

#include "ast/tree.h"
#include "layers/catalogue.h"
#include "lsp/answer.h"
#include "lsp/document.h"
#include "lsp/place.h"

/* Numbers of the protocol's CompletionItemKind. */
enum item_kind {
    ITEM_FUNCTION = 3,
    ITEM_VARIABLE = 6,
    ITEM_CLASS = 7,
    ITEM_PROPERTY = 10,
    ITEM_KEYWORD = 14,
    ITEM_REFERENCE = 18
};

static void offer(json_t *items, const char *name, enum item_kind kind, const char *detail)
{
    json_t *item = json_pack("{s:s, s:i}", "label", name, "kind", (int)kind);
    if (detail)
        json_object_set_new(item, "detail", json_string(detail));
    if (kind == ITEM_PROPERTY)
        json_object_set_new(item, "insertText", json_sprintf("%s=", name));
    json_array_append_new(items, item);
}

static void offer_declared(json_t *items, const struct tree *tree, bool wants_blocks)
{
    for (int i = 0; i < tree->declaration_count; i++) {
        const struct tree_declaration *declaration = tree->declarations[i];
        if (!wants_blocks && declaration->kind == TREE_LET)
            offer(items, declaration->let->name, ITEM_VARIABLE, "let");
        if (!wants_blocks && declaration->kind == TREE_FILTER)
            offer(items, declaration->filter->name, ITEM_VARIABLE, "filter");
        if (wants_blocks && declaration->kind == TREE_BLOCK)
            offer(items, declaration->block->name, ITEM_FUNCTION, "block");
    }
}

static void offer_labels(json_t *items, struct tree_body *const *bodies, int count)
{
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < bodies[i]->statement_count; j++) {
            const struct tree_statement *statement = bodies[i]->statements[j];
            if (statement->label)
                offer(items, statement->label, ITEM_REFERENCE, statement->kind);
            offer_labels(items, statement->bodies, statement->body_count);
        }
    }
}

static void offer_all_labels(json_t *items, const struct tree *tree)
{
    for (int i = 0; i < tree->declaration_count; i++)
        if (tree->declarations[i]->kind == TREE_NET && tree->declarations[i]->body)
            offer_labels(items, &tree->declarations[i]->body, 1);
}

/* What a statement may begin with. */
static void offer_kinds(json_t *items, const struct document *document, enum place_body body)
{
    static const char *const declarations[] = {"net", "train", "let", "filter", "block", "include", NULL};
    for (int i = 0; body == PLACE_FILE && declarations[i]; i++)
        offer(items, declarations[i], ITEM_KEYWORD, NULL);
    for (int i = 0; body == PLACE_TRAIN && catalogue_training[i]; i++)
        offer(items, catalogue_training[i]->name, ITEM_CLASS, catalogue_training[i]->summary);
    if (body == PLACE_TRAIN) {
        offer(items, "optimizer", ITEM_CLASS, NULL);
        offer(items, "schedule", ITEM_CLASS, NULL);
    }
    if (body != PLACE_NET)
        return;
    for (int i = 0; catalogue_layers[i]; i++)
        offer(items, catalogue_layers[i]->name, ITEM_CLASS, catalogue_layers[i]->summary);
    static const char *const others[] = {"repeat", "let", "path", "shortcut", NULL};
    for (int i = 0; others[i]; i++)
        offer(items, others[i], ITEM_KEYWORD, NULL);
    offer_declared(items, document->tree, true);
}

/* Behind output, optimizer or schedule: which. */
static void offer_choices(json_t *items, const char *kind)
{
    struct choice choice;
    for (int i = 0; (choice = catalogue_choice(kind, i)).name; i++)
        offer(items, choice.name, ITEM_KEYWORD, choice.summary);
}

static void offer_keys(json_t *items, const struct place *place)
{
    const struct attribute *tables[PLACE_TABLES];
    place_attributes(place, tables);
    for (int i = 0; i < PLACE_TABLES; i++)
        for (const struct attribute *key = tables[i]; key && key->name; key++)
            offer(items, key->name, key->type == ATTRIBUTE_FLAG ? ITEM_KEYWORD : ITEM_PROPERTY, key->meaning);
}

/* Behind key=: its choices, else labels and names of values. */
static void offer_values(json_t *items, const struct document *document, const struct place *place)
{
    const struct attribute *tables[PLACE_TABLES];
    size_t end = place->word ? place->word - 1 : 0, start = end;
    while (start > 0 && (strchr("_", document->bytes[start - 1]) ||
                         (document->bytes[start - 1] >= 'a' && document->bytes[start - 1] <= 'z')))
        start--;
    place_attributes(place, tables);
    for (int i = 0; i < PLACE_TABLES; i++) {
        for (const struct attribute *key = tables[i]; key && key->name; key++) {
            if (strlen(key->name) != end - start ||
                strncmp(key->name, document->bytes + start, end - start) != 0)
                continue;
            for (int j = 0; key->type == ATTRIBUTE_CHOICE && key->choices[j]; j++)
                offer(items, key->choices[j], ITEM_KEYWORD, NULL);
            if (key->type == ATTRIBUTE_LABELS)
                offer_all_labels(items, document->tree);
        }
    }
    offer_declared(items, document->tree, false);
}

json_t *answer_completion(const struct document *document, const json_t *params)
{
    size_t offset;
    json_t *items = json_array();
    if (!document_offset(document, json_object_get(params, "position"), &offset))
        return items;
    struct place place = place_find(document, offset);
    if (place.is_comment)
        return items;
    if (!*place.kind)
        offer_kinds(items, document, place.body);
    else if (place.is_value)
        offer_values(items, document, &place);
    else if (place_has_choice(place.kind) && !*place.choice)
        offer_choices(items, place.kind);
    else {
        offer_keys(items, &place);
        for (int i = 0; place.body == PLACE_NET && catalogue_layers[i]; i++)
            if (catalogue_layers[i]->is_word)
                offer(items, catalogue_layers[i]->name, ITEM_KEYWORD, catalogue_layers[i]->summary);
        offer_declared(items, document->tree, false);
    }
    return items;
}
