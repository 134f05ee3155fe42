/* difference.c - two networks compared layer by layer and setting by setting.
 *
 *     layer c3      conv 16 5x5 relu, 14x14x16         conv 32 5x5 relu, 14x14x32
 *     parameters    61,706                             107,786 */
#include "describe/difference.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "cost.h"
#include "ir/graph.h"
#include "layers/catalogue.h"

enum { MOST_CHANGES = 4096 };

static void add(struct changes *changes, const char *what, const char *before, const char *after)
{
    if (strcmp(before, after) != 0 && changes->count < MOST_CHANGES)
        changes->all[changes->count++] = (struct change){what, before, after};
}

static const struct layer *find_layer(const struct graph *graph, const char *name)
{
    for (int i = 0; i < graph->layer_count; i++)
        if (strcmp(graph->layers[i]->name, name) == 0)
            return graph->layers[i];
    return NULL;
}

static void print_setting(struct text *to, const struct attribute *attribute, const struct setting *setting)
{
    const int64_t *integer = setting->integer;
    switch (attribute->type) {
    case ATTRIBUTE_FLAG:
        text_format(to, "%s%s", setting->is_given ? " " : "", setting->is_given ? attribute->name : "");
        return;
    case ATTRIBUTE_CHOICE:
    case ATTRIBUTE_TEXT:
        text_format(to, " %s=%s", attribute->name, setting->text ? setting->text : "");
        return;
    case ATTRIBUTE_COUNT:
    case ATTRIBUTE_FILTERS:
        text_format(to, " %s=%lld", attribute->name, (long long)integer[0]);
        break;
    case ATTRIBUTE_SIZE:
        text_format(to, " %s=%lldx%lld", attribute->name, (long long)integer[0], (long long)integer[1]);
        return;
    case ATTRIBUTE_PADDING:
    case ATTRIBUTE_SHAPE:
        text_format(to, " %s=[%lld, %lld, %lld, %lld]", attribute->name, (long long)integer[0],
                    (long long)integer[1], (long long)integer[2], (long long)integer[3]);
        return;
    default:
        text_format(to, " %s=%.15g", attribute->name, setting->real);
        break;
    }
    int64_t numbers = setting->numbers ? integer[0] * (integer[1] ? integer[1] * integer[2] : 1) : 0;
    for (int64_t i = 0; i < numbers; i++)
        text_format(to, "%s%.15g", i ? " " : " of ", setting->numbers[i]);
}

/* "sgd rate=0.05 momentum=0.9": a kind with its settings as resolved. */
static const char *kind_text(struct arena *arena, const char *name, const struct attribute *attributes,
                             const struct setting *settings)
{
    struct text text = text_create(arena);
    text_format(&text, "%s", name);
    for (int i = 0; attributes[i].name; i++)
        print_setting(&text, &attributes[i], &settings[i]);
    return text.bytes;
}

/* "conv 16 5x5 relu, 14x14x16, 2416 parameters"; where it takes its input from, if not from the layer before.
 */
static const char *layer_text(struct arena *arena, const struct graph *graph, const struct layer *layer)
{
    struct text text = text_create(arena);
    const char *colon = layer->statement ? strstr(layer->statement, ": ") : NULL;
    text_format(&text, "%s, ", colon ? colon + 2 : layer->statement ? layer->statement : layer->kind->name);
    shape_print(&text, layer->output->shape);
    int64_t parameters = layer_parameter_size(layer);
    if (parameters)
        text_format(&text, ", %lld parameters", (long long)parameters);
    for (int i = 0; i < layer->joined_count; i++)
        text_format(&text, "%s%s", i ? " and " : ", of ", layer->joined[i]->layer->name);
    bool is_chained = !layer->input || layer->joined_count;
    for (int i = 1; i < graph->layer_count && !is_chained; i++)
        is_chained = graph->layers[i] == layer && layer->input->layer == graph->layers[i - 1];
    if (!is_chained)
        text_format(&text, ", of %s", layer->input->layer->name);
    return text.bytes;
}

/* The same words, but maybe of another let or filter: the settings that differ, as resolved. */
static void compare_settings(struct changes *changes, struct arena *arena, const char *what,
                             const struct layer *before, const struct layer *after)
{
    const struct attribute *attributes =
        after->likelihood ? after->likelihood->attributes : after->kind->attributes;
    struct text texts[2] = {text_create(arena), text_create(arena)};
    if (before->kind != after->kind || before->likelihood != after->likelihood)
        return;
    for (int i = 0; attributes[i].name; i++) {
        struct text sides[2] = {text_create(arena), text_create(arena)};
        print_setting(&sides[0], &attributes[i], &before->settings[i]);
        print_setting(&sides[1], &attributes[i], &after->settings[i]);
        if (strcmp(sides[0].bytes, sides[1].bytes) == 0)
            continue;
        text_append(&texts[0], sides[0].bytes, sides[0].length);
        text_append(&texts[1], sides[1].bytes, sides[1].length);
    }
    add(changes, what, arena_format(arena, "%s%s", after->kind->name, texts[0].bytes),
        arena_format(arena, "%s%s", after->kind->name, texts[1].bytes));
}

static void compare_layers(struct changes *changes, struct arena *arena, const struct graph *before,
                           const struct graph *after)
{
    for (int i = 0; i < after->layer_count; i++) {
        const struct layer *layer = after->layers[i], *old = find_layer(before, layer->name);
        const char *what = arena_format(arena, "layer %s", layer->name);
        int count = changes->count;
        add(changes, what, old ? layer_text(arena, before, old) : "", layer_text(arena, after, layer));
        if (old && changes->count == count)
            compare_settings(changes, arena, what, old, layer);
    }
    for (int i = 0; i < before->layer_count; i++)
        if (!find_layer(after, before->layers[i]->name))
            add(changes, arena_format(arena, "layer %s", before->layers[i]->name),
                layer_text(arena, before, before->layers[i]), "");
}

static void compare_number(struct changes *changes, struct arena *arena, const char *what, double before,
                           double after)
{
    add(changes, what, arena_format(arena, "%.15g", before), arena_format(arena, "%.15g", after));
}

static const char *validate_text(struct arena *arena, const struct training *training)
{
    switch (training->validate) {
    case VALIDATION_SHARE:
        return arena_format(arena, "%.15g%%", 100 * training->validate_share);
    case VALIDATION_COUNT:
        return arena_format(arena, "%lld examples", (long long)training->validate_count);
    case VALIDATION_SPLIT:
        return training->validate_split;
    case VALIDATION_NONE:
        break;
    }
    return "";
}

static const char *augment_text(struct arena *arena, const struct training *training)
{
    return training->augment ? kind_text(arena, "augment", catalogue_find_training("augment")->attributes,
                                         training->augment)
                             : "";
}

static const char *adversarial_text(struct arena *arena, const struct training *training)
{
    return training->adversarial
               ? kind_text(arena, "adversarial", catalogue_find_training("adversarial")->attributes,
                           training->adversarial)
               : "";
}

static const char *balance_text(const struct training *training)
{
    static const char *const texts[] = {
        [BALANCE_NOTHING] = "", [BALANCE_BY_CLASS] = "classes", [BALANCE_BY_GROUP] = "groups"};
    return texts[training->balance];
}

static void compare_training(struct changes *changes, struct arena *arena, const struct training *before,
                             const struct training *after)
{
    compare_number(changes, arena, "batch", (double)before->batch, (double)after->batch);
    compare_number(changes, arena, "epochs", (double)before->epochs, (double)after->epochs);
    add(changes, "optimizer",
        kind_text(arena, before->optimizer->name, before->optimizer->attributes, before->optimizer_settings),
        kind_text(arena, after->optimizer->name, after->optimizer->attributes, after->optimizer_settings));
    add(changes, "schedule",
        kind_text(arena, before->schedule->name, before->schedule->attributes, before->schedule_settings),
        kind_text(arena, after->schedule->name, after->schedule->attributes, after->schedule_settings));
    compare_number(changes, arena, "λ l1", before->l1, after->l1);
    compare_number(changes, arena, "λ l2", before->l2, after->l2);
    add(changes, "validate", validate_text(arena, before), validate_text(arena, after));
    compare_number(changes, arena, "patience", (double)before->patience, (double)after->patience);
    compare_number(changes, arena, "min_delta", before->min_delta, after->min_delta);
    add(changes, "monitor", before->monitor_accuracy ? "accuracy" : "loss",
        after->monitor_accuracy ? "accuracy" : "loss");
    add(changes, "augment", augment_text(arena, before), augment_text(arena, after));
    add(changes, "adversarial", adversarial_text(arena, before), adversarial_text(arena, after));
    add(changes, "balance", balance_text(before), balance_text(after));
    compare_number(changes, arena, "clip norm", before->clip_norm, after->clip_norm);
    compare_number(changes, arena, "clip value", before->clip_value, after->clip_value);
    compare_number(changes, arena, "average ema", before->ema, after->ema);
    compare_number(changes, arena, "average swa", before->swa, after->swa);
    compare_number(changes, arena, "limit time", before->limit_seconds, after->limit_seconds);
    compare_number(changes, arena, "seed", (double)before->seed, (double)after->seed);
    add(changes, "data", before->data ? before->data : "", after->data ? after->data : "");
}

struct changes difference_find(struct arena *arena, const struct graph *before, const struct graph *after)
{
    struct changes changes = {ARENA_ARRAY(arena, struct change, MOST_CHANGES), 0};
    struct cost old = cost_of(before), new = cost_of(after);
    add(&changes, "net", before->name, after->name);
    compare_layers(&changes, arena, before, after);
    compare_number(&changes, arena, "parameters", (double)old.parameters, (double)new.parameters);
    compare_number(&changes, arena, "frozen", (double)old.frozen, (double)new.frozen);
    compare_number(&changes, arena, "FLOP forward", (double)old.flop, (double)new.flop);
    compare_number(&changes, arena, "bytes to train", (double)old.memory, (double)new.memory);
    compare_training(&changes, arena, &before->training, &after->training);
    return changes;
}

static void widen(int *width, const char *text)
{
    int length = 0;
    for (; *text; text++)
        length += ((unsigned char)*text & 0xc0) != 0x80; /* characters, not bytes */
    *width = length > *width ? length : *width;
}

static void print_cell(struct text *to, const char *text, int width)
{
    int length = 0;
    widen(&length, text);
    text_format(to, "%s%*s  ", text, width - length, "");
}

void difference_print(struct text *to, const struct changes *changes)
{
    int widths[2] = {0};
    for (int i = 0; i < changes->count; i++) {
        widen(&widths[0], changes->all[i].what);
        widen(&widths[1], *changes->all[i].before ? changes->all[i].before : "-");
    }
    for (int i = 0; i < changes->count; i++) {
        const struct change *change = &changes->all[i];
        print_cell(to, change->what, widths[0]);
        print_cell(to, *change->before ? change->before : "-", widths[1]);
        text_format(to, "%s\n", *change->after ? change->after : "-");
    }
}

char *difference_json(const struct changes *changes)
{
    json_t *list = json_array();
    for (int i = 0; i < changes->count; i++) {
        const struct change *change = &changes->all[i];
        json_t *object = json_object();
        json_object_set_new(object, "what", json_string(change->what));
        json_object_set_new(object, "old", *change->before ? json_string(change->before) : json_null());
        json_object_set_new(object, "new", *change->after ? json_string(change->after) : json_null());
        json_array_append_new(list, object);
    }
    char *text = json_dumps(list, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    json_decref(list);
    return text;
}
