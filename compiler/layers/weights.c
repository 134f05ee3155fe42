/* weights.c - parameters, panels and tiles of the layers that multiply (conv, dense). */
#include "layers/weights.h"

#include <string.h>

#include "base/arena.h"
#include "emit/writer.h"

const char *const weights_init_choices[] = {"he", "glorot", "zero", NULL};
const char *const yes_no_choices[] = {"yes", "no", NULL};

/* Index arithmetic of generated C is in int; no tensor may need more. */
static const int64_t most_elements = INT32_MAX / 2;

static enum parameter_init weights_init(const struct layer *layer)
{
    const struct setting *init = layer_setting(layer, "init");
    if (init->is_given)
        return strcmp(init->text, "he") == 0       ? PARAMETER_HE
               : strcmp(init->text, "glorot") == 0 ? PARAMETER_GLOROT
                                                   : PARAMETER_ZERO;
    return PARAMETER_GLOROT;
}

static bool product_fits(const struct parameter *shape)
{
    int64_t product;
    return !__builtin_mul_overflow(shape->filters, shape->channels, &product) &&
           !__builtin_mul_overflow(product, shape->height, &product) &&
           !__builtin_mul_overflow(product, shape->width, &product) && product <= most_elements;
}

/* What acts on a step has nothing to act on where there is none. */
static void refuse_frozen(const struct layer *layer, const char *name, struct shape_check *check)
{
    const struct setting *frozen = layer_setting(layer, "frozen"), *other = layer_setting_if_any(layer, name);
    if (!frozen->is_given || !other || !other->is_given)
        return;
    struct diagnostic *error = diagnostics_error(check->diagnostics, E0315, other->span,
                                                 "%s '%s' is frozen: %s would have nothing to act on",
                                                 layer->kind->name, layer->name, name);
    diagnostic_note(error, frozen->span, "frozen here");
}

void weights_attach(struct graph *graph, struct layer *layer, struct parameter shape,
                    struct shape_check *check)
{
    if (!product_fits(&shape)) {
        check->failed = true;
        diagnostics_error(
            check->diagnostics, E0405, check->span,
            "%s '%s' would have %lld x %lld x %lld x %lld weights, more than a trainer can index (%lld)",
            layer->kind->name, layer->name, (long long)shape.filters, (long long)shape.channels,
            (long long)shape.height, (long long)shape.width, (long long)most_elements);
        return;
    }
    refuse_frozen(layer, "l1", check);
    refuse_frozen(layer, "l2", check);
    refuse_frozen(layer, "max_norm", check);
    struct parameter *weight = layer_add_parameter(graph, layer);
    *weight = shape;
    weight->name = "weight";
    weight->layer = layer;
    weight->init = weights_init(layer);
    weight->fan_in = shape.channels * shape.height * shape.width;
    weight->fan_out = shape.filters * (shape.rank == 4 ? shape.height * shape.width : 1);
    weight->is_penalised = true;
    layer->weight = weight;
    layer->is_frozen = layer_setting(layer, "frozen")->is_given;
    const struct setting *max_norm = layer_setting_if_any(layer, "max_norm");
    layer->max_norm = max_norm ? max_norm->real : 0;
    if (strcmp(layer_setting(layer, "bias")->text, "yes") != 0)
        return;
    struct parameter *bias = layer_add_parameter(graph, layer);
    *bias = (struct parameter){.name = "bias",
                               .layer = layer,
                               .filters = shape.filters,
                               .channels = 1,
                               .height = 1,
                               .width = 1,
                               .rank = 1};
    layer->bias = bias;
}

void weights_resolve_penalties(const struct graph *graph, struct layer *layer)
{
    const struct setting *l1 = layer_setting(layer, "l1"), *l2 = layer_setting(layer, "l2");
    struct parameter *weight = layer->weight;
    weight->has_l1 = l1->is_given;
    weight->has_l2 = l2->is_given;
    weight->l1 = l1->is_given ? l1->real : graph->training.l1;
    weight->l2 = l2->is_given ? l2->real : graph->training.l2;
}

/* Most rows of a tile that gcc 12 and clang 14 keep in registers without spilling, by measurement. */
static int tiling_most_rows(const struct target *target, int vectors)
{
    if (vectors > 2) { /* beside the sums a row of weights and one factor */
        const int rows = (target->registers - 1) / vectors - 1,
                  most = tiling_most_rows(target, 2) * 2 / vectors;
        return rows < 1 || most < 1 ? 1 : rows < most ? rows : most;
    }
    if (target->registers >= 32)
        return vectors == 1 ? 12 : 8;
    if (vectors == 1)
        return 8;
    return target->registers >= 16 ? 6 : 5;
}

void tiling_divide(struct tiling *tiling, int64_t most)
{
    const int64_t count = tiling->count, tiles = (count + most - 1) / most;
    const int64_t rows = (count + tiles - 1) / tiles, rest = count - rows * (tiles - 1);
    tiling->rows = (int)rows;
    tiling->rest = rest == rows ? 0 : (int)rest;
}

int tiling_images(const struct target *target, const struct tiling *tiling)
{
    const int images = tiling_most_rows(target, tiling->vectors) / tiling->rows;
    return tiling->rows < tiling->count || images < 1 ? 1 : images;
}

void tiling_choose(const struct target *target, struct tiling *tiling, int64_t filters, int64_t count,
                   int64_t group)
{
    int64_t widest = group ? group : filters;
    int lanes = 4;
    while (lanes < target->lanes && lanes < widest && (!group || group % (2 * lanes) == 0))
        lanes *= 2;
    tiling->lanes = lanes;
    tiling->vectors = widest > lanes && (!group || group % (2 * lanes) == 0) ? 2 : 1;
    tiling->panel = (int64_t)lanes * tiling->vectors;
    tiling->panels = (filters + tiling->panel - 1) / tiling->panel;
    tiling->count = count;
    tiling_divide(tiling, tiling_most_rows(target, tiling->vectors));
}

/* Panels of so many vectors, all else alike */
static void tiling_set_vectors(const struct target *target, struct tiling *tiling, int64_t filters,
                               int vectors)
{
    tiling->vectors = vectors;
    tiling->panel = (int64_t)tiling->lanes * vectors;
    tiling->panels = (filters + tiling->panel - 1) / tiling->panel;
    tiling_divide(tiling, tiling_most_rows(target, vectors));
}

void tiling_widen(const struct target *target, struct tiling *tiling, struct tiling *weight, int64_t filters)
{
    const int64_t wanted = (TILE_PAIRED_SUMS + tiling->rows - 1) / tiling->rows;
    const int64_t most = (filters + tiling->lanes - 1) / tiling->lanes;
    const int vectors = (int)(wanted < most ? wanted : most);
    if (vectors <= tiling->vectors)
        return;
    tiling_set_vectors(target, tiling, filters, vectors);
    tiling_set_vectors(target, weight, filters, vectors);
}

/* What the lanes of the weights' panels are: C1_FILTERS, or the input's channels. */
static const char *lane_count(struct writer *writer, const struct layer *layer)
{
    return value_channels(writer, layer->kind->tensor_shape ? layer->input : layer->output);
}

static void panel_constants(struct writer *writer, const struct layer *layer, const struct tiling *tiling,
                            const char *prefix, const char *filters)
{
    struct arena *arena = writer->graph->arena;
    const char *vectors = arena_format(arena, "%svectors", prefix),
               *panel = arena_format(arena, "%spanel", prefix);
    const char *panels = arena_format(arena, "%spanels", prefix);
    const char *panel_name = layer_constant(writer, layer, panel);
    writer_define(writer, layer, vectors, "%d", tiling->vectors);
    writer_define(writer, layer, panel, "(%s * %d)", layer_constant(writer, layer, vectors), tiling->lanes);
    writer_define(writer, layer, panels, "((%s + %s - 1) / %s)", filters, panel_name, panel_name);
}

/* C1_WEIGHTS, C1_PARAMETERS, C1_FLOP: numbers of the table of layers, as expressions. */
static void count_constants(struct writer *writer, const struct layer *layer, const char *product)
{
    const char *weights = layer_constant(writer, layer, "weights"),
               *filters = value_channels(writer, layer->output);
    /* Each weight is used once for each pixel of the side that it has a lane for. */
    const struct value *pixels = layer->kind->tensor_shape ? layer->input : layer->output;
    writer_define(writer, layer, "weights", "(%s)", product);
    if (layer->bias && !layer->is_frozen)
        writer_define(writer, layer, "parameters", "(%s + %s)", weights, filters);
    else if (!layer->is_frozen)
        writer_define(writer, layer, "parameters", "%s", weights);
    if (layer->output->shape.is_vector)
        writer_define(writer, layer, "flop", "((int64_t)2 * %s)", weights);
    else
        writer_define(writer, layer, "flop", "((int64_t)2 * %s * %s * %s)", value_height(writer, pixels),
                      value_width(writer, pixels), weights);
}

void weights_constants(struct writer *writer, const struct layer *layer, const char *product)
{
    count_constants(writer, layer, product);
    if (layer->tiling[TILING_FORWARD].panels)
        panel_constants(writer, layer, &layer->tiling[TILING_FORWARD], "", lane_count(writer, layer));
    if (layer->max_norm > 0)
        writer_define(writer, layer, "max_norm", "%s", writer_real(writer, layer->max_norm));
    if (layer->weight->has_l1)
        writer_setting(writer, layer_constant(writer, layer, "l1"), layer->weight->l1);
    if (layer->weight->has_l2)
        writer_setting(writer, layer_constant(writer, layer, "l2"), layer->weight->l2);
}

void weights_transposed_constants(struct writer *writer, const struct layer *layer)
{
    panel_constants(writer, layer, &layer->tiling[TILING_INPUT], "back_", layer->kind->run(writer, layer));
}

void weights_bias_member(struct writer *writer, const struct layer *layer)
{
    if (!layer->bias)
        return;
    if (parameter_has_panels(layer->bias))
        writer_line(writer, "real bias[%s * %s];", layer_constant(writer, layer, "panels"),
                    layer_constant(writer, layer, "panel"));
    else
        writer_line(writer, "real bias[%s];", value_channels(writer, layer->output));
}

bool weights_fit_groups(const struct parameter *weight)
{
    enum { MOST = 16384 }; /* 64 KiB of floats, a small part of a second-level cache */
    return parameter_size(weight) <= MOST;
}

void weights_tiles_constant(struct writer *writer, const struct layer *layer)
{
    const int rows = layer->tiling[TILING_WEIGHT].rows;
    writer_define(writer, layer, "weight_tiles", "((%s + %d - 1) / %d)", layer->kind->run(writer, layer),
                  rows, rows);
}

void tile_calls_shared(struct writer *writer, const struct layer *layer, const char *function,
                       const char *arguments, const char *more)
{
    const struct tiling *tiling = &layer->tiling[TILING_WEIGHT];
    writer_line(writer, "TILE_INPUTS(%d, %d, tiles, %s, %s, %s%s", tiling->rows, tiling->rest,
                layer_constant(writer, layer, "weight_tiles"), function, arguments, more ? "," : ");");
    if (more)
        writer_more(writer, "%s);", more);
}

void weights_call_transpose(struct writer *writer, const struct layer *layer, const char *filters,
                            const char *rows, const char *weight, const char *transposed)
{
    const char *back_panels = layer_constant(writer, layer, "back_panels");
    writer_line(writer,
                "panels_transpose(net->param.%s.weight%s, %s, %s, %s, %s, net->transposed.%s%s, %s, "
                "team_share(team, %s));",
                layer->name, weight, filters, rows, layer->kind->run(writer, layer),
                layer_constant(writer, layer, "panel"), layer->name, transposed,
                layer_constant(writer, layer, "back_panel"), back_panels);
}

const char *tile_name(struct writer *writer, const struct tiling *tiling)
{
    return writer_format(writer, "tile%d", tiling->in_pairs ? 2 * tiling->lanes : tiling->lanes);
}

void tile_declare(struct writer *writer, const struct tiling *tiling, const char *vectors)
{
    const char *rows = tiling->rows > 1 ? writer_format(writer, "%d * ", tiling->rows) : "";
    writer_line(writer, "%s sum[%s%s];", tile_name(writer, tiling), rows, vectors);
}

void tile_sums(struct writer *writer, const struct layer *layer, const struct tiling *tiling,
               const char *prefix, const char *rows, bool at_bias)
{
    const char *tile = tile_name(writer, tiling);
    const char *vectors = layer_constant(writer, layer, writer_format(writer, "%svectors", prefix));
    tile_declare(writer, tiling, vectors);
    if (at_bias)
        writer_line(writer, "%s_start(%s, %s, sum, &net->param.%s.bias[p * %s]);", tile, rows, vectors,
                    layer->name, layer_constant(writer, layer, "panel"));
    else
        writer_line(writer, "%s_clear(%s, %s, sum);", tile, rows, vectors);
}

void weights_activate_tile(struct writer *writer, const struct layer *layer, const char *rows)
{
    const struct layer *activation = layer->activation;
    if (!activation || !activation->kind->activation->tile)
        return;
    const char *call =
        writer_format(writer, "%s_%s(%s, %s, sum", tile_name(writer, &layer->tiling[TILING_FORWARD]),
                      activation->kind->activation->tile, rows, layer_constant(writer, layer, "vectors"));
    const char *argument = activation->kind->activation->tile_argument;
    if (argument)
        writer_line(writer, "%s, %s);", call, layer_constant(writer, activation, argument));
    else
        writer_line(writer, "%s);", call);
}

void weights_activate_stored(struct writer *writer, const struct layer *layer)
{
    const struct layer *activation = layer->activation;
    if (!activation || activation->kind->activation->tile)
        return;
    const struct value *values[] = {layer->output};
    const char *element[1];
    writer_examples(writer);
    int loops = writer_elements(writer, values, 1, element);
    writer_line(writer, "%s = %s;", element[0],
                activation->kind->activation->forward(writer, activation, element[0]));
    writer_end(writer, loops + 1);
}

void tile_write(struct writer *writer, const struct layer *layer, const struct tiling *tiling,
                const char *call, const char *prefix, const char *panel, const char *rows, const char *to,
                const char *stride)
{
    const char *vectors = layer_constant(writer, layer, writer_format(writer, "%svectors", prefix));
    const char *columns = *prefix ? layer->kind->run(writer, layer) : lane_count(writer, layer);
    writer_line(writer, "%s_%s(%s, %s, %s, %s, sum, %s, %s);", tile_name(writer, tiling), call, rows, vectors,
                panel, columns, to, stride);
}

void tile_calls(struct writer *writer, const struct tiling *tiling, const char *limit, const char *function,
                const char *arguments)
{
    writer_line(writer, "TILE_ALONG(%d, %d, %s, %s, net, %s);", tiling->rows, tiling->rest, limit, function,
                arguments);
}
