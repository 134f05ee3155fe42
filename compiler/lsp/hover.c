/* hover.c - what stands under the cursor: the catalogue's text, and the layer's shapes and figures.
 *
 *     c1: conv 6 5x5 pad=2    ->    c1: 28x28x1 -> 28x28x6, 156 parameters, 235200 FLOP */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/names.h"
#include "base/text.h"
#include "describe/describe.h"
#include "ir/graph.h"
#include "layers/catalogue.h"
#include "lsp/answer.h"
#include "lsp/document.h"
#include "lsp/place.h"

static void print_shape(struct text *to, struct shape shape)
{
    if (shape.is_vector)
        text_format(to, "%" PRId64, shape.channels);
    else
        text_format(to, "%" PRId64 "x%" PRId64 "x%" PRId64, shape.height, shape.width, shape.channels);
}

static int64_t count_parameters(const struct layer *layer)
{
    int64_t count = 0;
    for (int i = 0; i < layer->parameter_count; i++) {
        const struct parameter *parameter = layer->parameters[i];
        count += parameter->filters * parameter->channels * parameter->height * parameter->width;
    }
    return count;
}

/* The layers of the statement: by its label, or where it stands. */
static void print_layers(struct text *to, const struct document *document, const struct place *place)
{
    const struct graph *graph = document->good;
    size_t position = place->line;
    while (position < document->length && strchr(" \t", document->bytes[position]))
        position++;
    for (int i = 0; graph && i < graph->layer_count; i++) {
        const struct layer *layer = graph->layers[i];
        bool is_meant = *place->label ? strcmp(layer->name, place->label) == 0
                                      : layer->span.source && layer->span.offset == position &&
                                            strcmp(layer->span.source->path, document->path) == 0;
        if (!is_meant || !layer->statement || !layer->output)
            continue;
        text_format(to, "%s: ", layer->name);
        if (layer->input) {
            print_shape(to, layer->input->shape);
            text_format(to, " -> ");
        }
        print_shape(to, layer->output->shape);
        text_format(to, ", %" PRId64 " parameters, %" PRId64 " FLOP\n", count_parameters(layer), layer->flop);
    }
}

/* A key of the statement's kind. */
static bool print_key(struct text *to, const struct place *place)
{
    const struct attribute *tables[PLACE_TABLES];
    place_attributes(place, tables);
    for (int i = 0; i < PLACE_TABLES; i++) {
        for (const struct attribute *key = tables[i]; key && key->name; key++) {
            if (strcmp(key->name, place->name) != 0)
                continue;
            text_format(to, "%s of %s: %s\n", key->name, *place->choice ? place->choice : place->kind,
                        key->meaning);
            if (!key->fallback)
                text_format(to, "needed\n");
            else if (*key->fallback)
                text_format(to, "default: %s\n", key->fallback);
            struct text range = text_create(to->arena);
            if (describe_range(&range, key))
                text_format(to, "range: %s\n", range.bytes);
            for (int j = 0; key->type == ATTRIBUTE_CHOICE && key->choices[j]; j++)
                text_format(to, "%s%s%s", j ? ", " : "one of: ", key->choices[j],
                            key->choices[j + 1] ? "" : "\n");
            return true;
        }
    }
    return false;
}

json_t *answer_hover(const struct document *document, const json_t *params)
{
    size_t offset;
    if (!document_offset(document, json_object_get(params, "position"), &offset))
        return json_null();
    struct place place = place_find(document, offset);
    if (place.is_comment || !*place.name)
        return json_null();
    struct arena *arena = arena_create();
    struct text text = text_create(arena);
    bool opens = !*place.kind; /* the name is the statement's label or kind */
    struct place whole = place;
    if (opens) {
        size_t line_end = place.word_end + strcspn(document->bytes + place.word_end, "\n{}");
        whole = place_find(document, line_end);
        print_layers(&text, document, &whole);
    }
    bool is_label = opens && strcmp(whole.label, place.name) == 0;
    const char *name = is_label ? whole.kind : place.name;
    struct suggestion nearest = suggestion_for(name);
    if (opens || !print_key(&text, &place))
        describe_name(&text, name, &nearest);
    json_t *result =
        text.length ? json_pack("{s:{s:s, s:s}, s:o}", "contents", "kind", "plaintext", "value", text.bytes,
                                "range", document_range(document, place.word, place.word_end))
                    : json_null();
    arena_release(arena);
    return result;
}
