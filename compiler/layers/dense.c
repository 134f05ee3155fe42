/* dense.c - a fully connected layer; an image that comes in is flattened, channels last.
 *
 *     f5: dense 120 relu
 *
 *     y[n][u] = b[u] + Σ_k w[u][k] x[n][k]
 *     dw[u][k] = Σ_n dy[n][u] x[n][k]     dx[n][k] = Σ_u dy[n][u] w[u][k]     db[u] = Σ_n dy[n][u]
 *                                          (Goodfellow, Bengio, Courville: Deep Learning, 2016, 6.5.4)
 *
 * Tiles take several examples at once; a batch that is not full ends with tiles of one example. For dx the
 * weights are turned, once a step and ahead of it, or panel by panel where they are many; unless there are
 * too few examples to pay for that: then dx is dot products with the weights as they lie. Large weights may
 * move in the backward pass: tile by tile (dense_moved.c), with one example row by row (dense_one.c). */
#include "emit/writer.h"
#include "ir/build.h"
#include "layers/dense.h"
#include "layers/weights.h"

static const struct attribute attributes[] = {
    {.name = "units",
     .type = ATTRIBUTE_COUNT,
     .position = 0,
     .least = 1,
     .most = 1 << 24,
     .meaning = "numbers that the layer gives"},
    WEIGHTS_ATTRIBUTES,
    MAX_NORM_ATTRIBUTE,
    {0},
};

/* With fewer examples turning the weights takes longer than it saves. */
enum { TURNED_FROM = 4 };

static const char *constant(struct writer *writer, const struct layer *layer, const char *name)
{
    return layer_constant(writer, layer, name);
}

static struct shape dense_shape(struct graph *graph, struct layer *layer, struct shape input,
                                struct shape_check *check)
{
    struct shape shape = {
        .height = 1, .width = 1, .channels = layer_setting(layer, "units")->integer[0], .is_vector = true};
    weights_attach(graph, layer,
                   (struct parameter){.filters = shape.channels,
                                      .channels = input.channels,
                                      .height = input.height,
                                      .width = input.width,
                                      .rank = 2},
                   check);
    if (!check->failed)
        layer->flop = 2 * parameter_size(layer->weight);
    return shape;
}

static void dense_schedule(struct graph *graph, struct layer *layer)
{
    if (graph->form != NODE_TILED)
        return;
    int64_t units = layer->output->shape.channels, inputs = shape_size(layer->input->shape);
    tiling_choose(graph->target, &layer->tiling[TILING_FORWARD], units, graph->training.batch, 0);
    tiling_choose(graph->target, &layer->tiling[TILING_WEIGHT], units, inputs, 0);
    tiling_widen(graph->target, &layer->tiling[TILING_FORWARD], &layer->tiling[TILING_WEIGHT], units);
    if (layer->weight->moves_at_once && graph->training.batch == 1)
        layer->tiling[TILING_WEIGHT] = (struct tiling){0};
    if (!layer->dinput || graph->training.batch < TURNED_FROM)
        return;
    tiling_choose(graph->target, &layer->tiling[TILING_INPUT], inputs, graph->training.batch, 0);
    if (layer->transposed)
        layer->transposed->shape =
            (struct shape){.height = 1,
                           .width = layer->tiling[TILING_INPUT].panels * layer->tiling[TILING_INPUT].panel,
                           .channels = units};
}

static void dense_constants(struct writer *writer, const struct layer *layer)
{
    writer_define(writer, layer, "units", "%lld", (long long)layer->output->shape.channels);
    writer_define(writer, layer, "inputs", "%s", value_size(writer, layer->input));
    weights_constants(writer, layer,
                      writer_format(writer, "%s * %s", constant(writer, layer, "units"),
                                    constant(writer, layer, "inputs")));
    if (layer->tiling[TILING_WEIGHT].rows && !layer->is_frozen)
        weights_tiles_constant(writer, layer);
    if (!layer->dinput || !layer->tiling[TILING_INPUT].panels)
        return;
    weights_transposed_constants(writer, layer);
    if (layer->transposed)
        writer_define(writer, layer, "transposed_size", "(%s * %s * %s)",
                      constant(writer, layer, "back_panels"), constant(writer, layer, "units"),
                      constant(writer, layer, "back_panel"));
}

static void dense_parameters(struct writer *writer, const struct layer *layer)
{
    if (writer->graph->form == NODE_TILED)
        writer_line(writer, "real weight[%s][%s][%s];", constant(writer, layer, "panels"),
                    constant(writer, layer, "inputs"), constant(writer, layer, "panel"));
    else
        writer_line(writer, "real weight[%s][%s];", constant(writer, layer, "inputs"),
                    constant(writer, layer, "units"));
    weights_bias_member(writer, layer);
}

static const char *dense_run(struct writer *writer, const struct layer *layer)
{
    return constant(writer, layer, "inputs");
}

static void dense_transposed(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "real (*%s)[%s][%s];", layer->name, constant(writer, layer, "units"),
                constant(writer, layer, "back_panel"));
}

/* Weights that fit a second-level cache beside the examples are read by all threads, each for its own
 * examples; of more each thread has some panels, for all of them. */
static enum split panel_split(const struct layer *layer)
{
    enum { MOST = 65536 };
    const struct layer *activation = layer->activation;
    bool is_stored_whole = activation && !activation->kind->activation->tile;
    return parameter_size(layer->weight) > MOST && !is_stored_whole ? SPLIT_PARTS : SPLIT_EXAMPLES;
}

/* Are the weights turned panel by panel where the backward pass reads them? Whoever takes panels reads each
 * once, and has it on the stack. */
static bool turns_panels(const struct layer *layer)
{
    enum { MOST = 65536, LARGEST_PANEL = 32 };
    return panel_split(layer) == SPLIT_PARTS && layer->output->shape.channels * LARGEST_PANEL <= MOST;
}

/* The loop over the panels, `index` of `limit`, or those of this thread. */
static void panel_loop(struct writer *writer, const char *index, const char *limit)
{
    if (writer->split == SPLIT_PARTS)
        writer_under(writer, "for (int %s = panels.first; %s < panels.end; %s++)", index, index, index);
    else
        writer_loop(writer, index, limit);
}

/* Full batches in tiles of `rows` and one of `rest`; what is left of a smaller batch one by one. */
static void example_tiles(struct writer *writer, const struct tiling *tiling, const char *tile,
                          const char *vectors, const char *argument, const char *matrices)
{
    const char *examples = writer->split == SPLIT_EXAMPLES ? "examples" : "range_of_all((size_t)batch)";
    writer_line(writer, "TILE_EXAMPLES(%d, %d, %s, %s, %s%s,", tiling->rows, tiling->rest, examples, tile,
                vectors, argument);
    writer_more(writer, "%s);", matrices);
}

/* "tile8_affine_relu", and what it takes after the vectors: ", SLOPE" */
static const char *affine_tile(struct writer *writer, const struct layer *layer, const char **argument)
{
    const char *tile = writer_format(writer, "%s_affine", tile_name(writer, &layer->tiling[TILING_FORWARD]));
    const struct layer *activation = layer->activation;
    *argument = "";
    if (!activation || !activation->kind->activation->tile)
        return tile;
    if (activation->kind->activation->tile_argument)
        *argument = writer_format(writer, ", %s",
                                  constant(writer, activation, activation->kind->activation->tile_argument));
    return writer_format(writer, "%s_%s", tile, activation->kind->activation->tile);
}

static void tiled_forward(struct writer *writer, const struct layer *layer)
{
    const char *argument, *tile = affine_tile(writer, layer, &argument);
    const char *product = layer->bias ? "x w + b" : "x w";
    if (layer->activation)
        writer_line(writer, "/* %s(%s): tiles of examples by units */", layer->activation->kind->name,
                    product);
    else
        writer_line(writer, "/* %s: tiles of examples by units */", product);
    writer_function(writer, layer, "forward");
    panel_loop(writer, "p", constant(writer, layer, "panels"));
    example_tiles(
        writer, &layer->tiling[TILING_FORWARD], tile, constant(writer, layer, "vectors"), argument,
        writer_format(writer, "%s, %s, net->param.%s.weight[p][0], %s, p, %s, %s",
                      value_start(writer, layer->input, "0"), constant(writer, layer, "inputs"), layer->name,
                      layer->bias ? writer_format(writer, "net->param.%s.bias", layer->name) : "TILE_NO_BIAS",
                      constant(writer, layer, "units"), value_start(writer, layer->output, "0")));
    writer_end(writer, 1);
    weights_activate_stored(writer, layer);
    writer_function_end(writer);
}

static void tiled_backward_weight(struct writer *writer, const struct layer *layer)
{
    const char *tile = tile_name(writer, &layer->tiling[TILING_WEIGHT]);
    writer_line(writer, "/* dw = x^T dz, over the batch: tiles of inputs by units */");
    writer_function(writer, layer, "backward_weight");
    writer_loop(writer, "p", constant(writer, layer, "panels"));
    tile_calls_shared(writer, layer, writer_format(writer, "%s_outer_product", tile),
                      constant(writer, layer, "vectors"),
                      writer_format(writer, "%s, %s, %s, p, %s, batch, net->dparam.%s.weight[p][0]",
                                    value_start(writer, layer->input, "0"), constant(writer, layer, "inputs"),
                                    value_start(writer, layer->doutput, "0"),
                                    constant(writer, layer, "units"), layer->name));
    writer_end(writer, 1);
    writer_function_end(writer);
}

/* The weights with units and inputs exchanged, in panels of inputs: [panel][unit][input] */
static void call_transpose(struct writer *writer, const struct layer *layer)
{
    weights_call_transpose(writer, layer, constant(writer, layer, "units"), "1", "[0][0]", "[0][0]");
}

static void call_transpose_one(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "panels_transpose_one(net->param.%s.weight[0][0], %s, %s, %s, q, turned[0], %s);",
                layer->name, constant(writer, layer, "units"), constant(writer, layer, "inputs"),
                constant(writer, layer, "panel"), constant(writer, layer, "back_panel"));
}

static void tiled_backward_input(struct writer *writer, const struct layer *layer)
{
    const struct tiling *tiling = &layer->tiling[TILING_INPUT];
    const bool is_turned = turns_panels(layer);
    const char *weights = writer_format(writer, "net->transposed.%s[q][0]", layer->name);
    writer_line(writer, "/* dx = dz w^T: tiles of examples by inputs%s */",
                is_turned ? ", for each panel of the weights with units and inputs exchanged" : "");
    writer_function(writer, layer, "backward_input");
    if (is_turned) {
        writer_line(writer, "real turned[%s][%s] = {0};", constant(writer, layer, "units"),
                    constant(writer, layer, "back_panel"));
        weights = "turned[0]";
    }
    panel_loop(writer, "q", constant(writer, layer, "back_panels"));
    if (is_turned) {
        writer_brace(writer);
        call_transpose_one(writer, layer);
    }
    example_tiles(writer, tiling, writer_format(writer, "%s_affine", tile_name(writer, tiling)),
                  constant(writer, layer, "back_vectors"), "",
                  writer_format(writer, "%s, %s, %s, TILE_NO_BIAS, q, %s, %s",
                                value_start(writer, layer->doutput, "0"), constant(writer, layer, "units"),
                                weights, constant(writer, layer, "inputs"),
                                value_start(writer, layer->dinput, "0")));
    if (is_turned)
        writer_close(writer);
    else
        writer_end(writer, 1);
    writer_function_end(writer);
}

/* Of one example after the other: there are few. */
static void tiled_dots(struct writer *writer, const struct layer *layer)
{
    const char *inputs = constant(writer, layer, "inputs");
    const bool is_shared = writer->split == SPLIT_PARTS;
    writer_line(writer, "/* dx = dz w^T: so few examples that the weights stay as they lie */");
    writer_function(writer, layer, "backward_input");
    if (is_shared)
        writer_loop(writer, "n", "batch");
    else
        writer_examples(writer);
    writer_line(writer, "%s_row_product(%s, %s, %s, net->param.%s.weight[0][0], %s, %s, %s);",
                tile_name(writer, &layer->tiling[TILING_FORWARD]), constant(writer, layer, "vectors"),
                value_start(writer, layer->doutput, "n"), constant(writer, layer, "units"), layer->name,
                inputs, is_shared ? "inputs.first, inputs.end" : writer_format(writer, "0, %s", inputs),
                value_start(writer, layer->dinput, "n"));
    writer_end(writer, 1);
    writer_function_end(writer);
}

static const char *forward_panels(struct writer *writer, const struct layer *layer)
{
    return constant(writer, layer, "panels");
}

static const char *back_panels(struct writer *writer, const struct layer *layer)
{
    return constant(writer, layer, "back_panels");
}

static const char *input_count(struct writer *writer, const struct layer *layer)
{
    return constant(writer, layer, "inputs");
}

static const char *weight_tiles(struct writer *writer, const struct layer *layer)
{
    return constant(writer, layer, "weight_tiles");
}

/* Its tiles are of examples. */
static bool wants_all(const struct layer *layer)
{
    (void)layer;
    return true;
}

static const struct operation forward = {
    .name = "forward",
    .phase = PHASE_FORWARD,
    .split_of = panel_split,
    .wants_all = wants_all,
    .part = "panels",
    .parts = forward_panels,
    .emit = {[NODE_TILED] = tiled_forward, [NODE_PLAIN] = dense_plain_forward}};
static const struct operation backward_weight = {
    .name = "backward_weight",
    .phase = PHASE_BACKWARD,
    .split = SPLIT_PARTS,
    .part = "tiles",
    .parts = weight_tiles,
    .emit = {[NODE_TILED] = tiled_backward_weight, [NODE_PLAIN] = dense_plain_backward_weight}};
static const struct operation moved_weight = {.name = "backward_weight",
                                              .phase = PHASE_BACKWARD,
                                              .takes_rate = true,
                                              .split = SPLIT_PARTS,
                                              .part = "tiles",
                                              .parts = weight_tiles,
                                              .emit = {[NODE_TILED] = dense_moved_backward_weight}};
static const struct operation transpose = {.name = "transpose",
                                           .phase = PHASE_PREPARE,
                                           .is_of_net = true,
                                           .split = SPLIT_PARTS,
                                           .part = "panels",
                                           .parts = back_panels,
                                           .call = call_transpose};
static const struct operation backward_input = {
    .name = "backward_input",
    .phase = PHASE_BACKWARD,
    .split_of = panel_split,
    .wants_all = wants_all,
    .part = "panels",
    .parts = back_panels,
    .emit = {[NODE_TILED] = tiled_backward_input, [NODE_PLAIN] = dense_plain_backward_input}};

static const struct operation backward_input_dots = {
    .name = "backward_input",
    .phase = PHASE_BACKWARD,
    .split_of = panel_split,
    .part = "inputs",
    .parts = input_count,
    .emit = {[NODE_TILED] = tiled_dots, [NODE_PLAIN] = dense_plain_backward_input}};

/* Where training wants no gradient by the input, the probe has a node of its own. */
static const struct operation *input_alone(const struct layer *layer)
{
    return layer->dinput && !layer->dinput->is_for_probe ? &backward_input_dots : NULL;
}

static const struct operation backward_one = {.name = "backward",
                                              .phase = PHASE_BACKWARD,
                                              .is_of_net = true,
                                              .takes_rate = true,
                                              .split = SPLIT_PARTS,
                                              .part = "inputs",
                                              .parts = input_count,
                                              .in_probe = input_alone,
                                              .emit = {[NODE_TILED] = dense_backward_one}};

static void dense_forward(struct graph *graph, struct layer *layer)
{
    build_forward(graph, layer, &forward);
}

static void dense_backward(struct graph *graph, struct layer *layer)
{
    const bool turns = graph->training.batch >= TURNED_FROM;
    const struct operation *weight = &backward_weight;
    layer->weight->moves_at_once = dense_moves_at_once(graph, layer);
    if (layer->weight->moves_at_once)
        weight = graph->training.batch == 1 ? &backward_one : &moved_weight;
    build_weights_backward(
        graph, layer,
        &(struct build_weights){.output = &weights_backward_output,
                                .weight = weight,
                                .weight_gives_input = weight == &backward_one,
                                .weight_moves = weight == &moved_weight,
                                .transpose = turns && !turns_panels(layer) ? &transpose : NULL,
                                .input = turns ? &backward_input : &backward_input_dots,
                                .needs_output = weights_needs_backward_output(layer)});
}

const struct layer_kind layer_dense = {
    .name = "dense",
    .summary = "fully connected layer of `units` units; flattens what comes in",
    .attributes = attributes,
    .reads_flat = true,
    .has_parameters = true,
    .may_fuse_activation = true,
    .may_be_gated = true,
    .may_be_tuned = true,
    .channel_word = "units",
    .run = dense_run,
    .shape = dense_shape,
    .forward = dense_forward,
    .backward = dense_backward,
    .schedule = dense_schedule,
    .constants = dense_constants,
    .parameters = dense_parameters,
    .transposed = dense_transposed,
};
