/* conv.c - two-dimensional convolution (cross-correlation, as in every framework), channels last; depthwise
 * is the same with a group for each channel.
 *
 *     c3: conv 16 5x5 relu        d: depthwise 3x3 pad=1
 *
 *     y[n][y][x][f] = b[f] + Σ_ijc w[f][c][i][j] x[n][y s + i - p][x s + j - p][c]
 *     dw[f][c][i][j] = Σ_nyx dy[n][y][x][f] x[n][y s + i - p][x s + j - p][c]
 *     dx[n][y s + i - p][x s + j - p][c] += Σ_f dy[n][y][x][f] w[f][c][i][j]
 *     db[f] = Σ_nyx dy[n][y][x][f]
 *
 * (Goodfellow, Bengio, Courville: Deep Learning, 2016, 9.5)
 *
 * Padding is a border of zeros that stands in memory around the input, so no loop tests for it. */
#include "layers/conv.h"

#include "emit/writer.h"
#include "ir/build.h"

extern const struct layer_kind layer_depthwise;

#define KERNEL_ATTRIBUTE(place)                                                                              \
    {                                                                                                        \
        .name = "kernel", .type = ATTRIBUTE_SIZE, .position = place, .fallback = "", .least = 1,             \
        .most = 65535, .meaning = "height x width of each filter; one number means a square"                 \
    }

#define WINDOW_ATTRIBUTES                                                                                    \
    {.name = "stride",                                                                                       \
     .type = ATTRIBUTE_SIZE,                                                                                 \
     .position = -1,                                                                                         \
     .fallback = "1",                                                                                        \
     .least = 1,                                                                                             \
     .most = 65535,                                                                                          \
     .meaning = "step of the window"},                                                                       \
        {.name = "pad",                                                                                      \
         .type = ATTRIBUTE_PADDING,                                                                          \
         .position = -1,                                                                                     \
         .fallback = "0",                                                                                    \
         .least = 0,                                                                                         \
         .most = 65535,                                                                                      \
         .choices = padding_words,                                                                           \
         .meaning = "zeros around the input: N, same, valid or [top, left, bottom, right]"},                 \
    {                                                                                                        \
        .name = "dilation", .type = ATTRIBUTE_SIZE, .position = -1, .fallback = "1", .least = 1,             \
        .most = 65535, .meaning = "step from one tap of the kernel to the next"                              \
    }

static const struct attribute attributes[] = {
    {.name = "filters",
     .type = ATTRIBUTE_FILTERS,
     .position = 0,
     .least = 1,
     .most = 1 << 20,
     .meaning = "filters, which are the channels of the result; or a list of matrices to begin with"},
    KERNEL_ATTRIBUTE(1),
    WINDOW_ATTRIBUTES,
    {.name = "groups",
     .type = ATTRIBUTE_COUNT,
     .position = -1,
     .fallback = "1",
     .least = 1,
     .most = 1 << 20,
     .meaning = "channels and filters in so many groups, each on its own"},
    WEIGHTS_ATTRIBUTES,
    MAX_NORM_ATTRIBUTE,
    {0},
};

static const struct attribute depthwise_attributes[] = {
    KERNEL_ATTRIBUTE(0),
    WINDOW_ATTRIBUTES,
    {.name = "multiplier",
     .type = ATTRIBUTE_COUNT,
     .position = -1,
     .fallback = "1",
     .least = 1,
     .most = 1 << 20,
     .meaning = "filters for each channel"},
    WEIGHTS_ATTRIBUTES,
    MAX_NORM_ATTRIBUTE,
    {0},
};

struct grouping conv_grouping(const struct layer *layer)
{
    int64_t channels = layer->input->shape.channels;
    if (layer->kind == &layer_depthwise)
        return (struct grouping){channels, 1, layer_setting(layer, "multiplier")->integer[0], true};
    int64_t groups = layer_setting(layer, "groups")->integer[0];
    return (struct grouping){groups, channels / groups, layer_setting(layer, "filters")->integer[0] / groups,
                             false};
}

bool conv_runs_are_apart(const struct layer *layer)
{
    return conv_grouping(layer).groups > 1 || conv_window(layer).dilation_x > 1;
}

bool conv_is_folded(const struct layer *layer)
{
    return !conv_runs_are_apart(layer) && conv_window(layer).dilation_y == 1 &&
           conv_folds(layer->output->shape.width, conv_window(layer).width * layer->input->shape.channels);
}

enum conv_walk conv_walk(const struct layer *layer)
{
    struct grouping grouping = conv_grouping(layer);
    if (grouping.is_depthwise)
        return grouping.filters == 1 ? WALK_CHANNELS : WALK_LOOPS;
    return grouping.groups > 1 && grouping.filters % 4 ? WALK_LOOPS : WALK_TILES;
}

struct window conv_window(const struct layer *layer)
{
    return window_of((struct layer *)layer, "kernel", layer->input->shape);
}

static bool check_groups(struct layer *layer, struct shape input, struct shape_check *check)
{
    int64_t filters = layer_setting(layer, "filters")->integer[0];
    const struct setting *groups = layer_setting(layer, "groups");
    bool is_filters = filters % groups->integer[0] != 0;
    if (!is_filters && input.channels % groups->integer[0] == 0)
        return true;
    check->failed = true;
    diagnostics_error(check->diagnostics, E0408, groups->span,
                      "conv '%s' cannot have %lld groups: they do not divide its %lld %s", layer->name,
                      (long long)groups->integer[0], (long long)(is_filters ? filters : input.channels),
                      is_filters ? "filters" : "channels");
    return false;
}

/* The kernel has the size of the filters that the author gives; without such it must be given itself. */
static bool check_kernel(struct layer *layer, struct shape_check *check)
{
    struct setting *kernel = (struct setting *)layer_setting(layer, "kernel");
    const struct setting *filters = layer->kind == &layer_depthwise ? NULL : layer_setting(layer, "filters");
    bool has_filters = filters && filters->numbers;
    if (kernel->is_given != has_filters) {
        if (has_filters) {
            kernel->integer[0] = filters->integer[1];
            kernel->integer[1] = filters->integer[2];
        }
        return true;
    }
    check->failed = true;
    if (has_filters)
        diagnostics_error(check->diagnostics, E0306, kernel->span,
                          "conv '%s' has the kernel size of its filters, so it takes no kernel", layer->name);
    else
        diagnostics_error(check->diagnostics, E0307, check->span,
                          "%s '%s' needs kernel: a size such as 5x5, or one number for a square",
                          layer->kind->name, layer->name);
    return false;
}

static struct shape conv_shape(struct graph *graph, struct layer *layer, struct shape input,
                               struct shape_check *check)
{
    if (!window_wants_image(input, check) || !check_kernel(layer, check))
        return input;
    if (layer->kind != &layer_depthwise && !check_groups(layer, input, check))
        return input;
    struct window window = window_of(layer, "kernel", input);
    struct grouping grouping = conv_grouping(layer);
    struct shape shape = window_shape(&window, input, check);
    if (check->failed)
        return input;
    shape.channels = grouping.groups * grouping.filters;
    weights_attach(graph, layer,
                   (struct parameter){.filters = shape.channels,
                                      .channels = grouping.channels,
                                      .height = window.height,
                                      .width = window.width,
                                      .rank = 4,
                                      .is_grouped = grouping.groups > 1 || grouping.is_depthwise},
                   check);
    if (!check->failed && layer->kind != &layer_depthwise && layer_setting(layer, "filters")->numbers)
        layer->weight->init = PARAMETER_GIVEN;
    if (!check->failed)
        layer->flop = 2 * shape.height * shape.width * parameter_size(layer->weight);
    return shape;
}

/* Few weights are summed by groups of examples, each thread its own; of many each thread has some tiles. */
enum split conv_weight_split(const struct layer *layer)
{
    return layer->weight->in_groups         ? SPLIT_GROUPS
           : conv_walk(layer) == WALK_TILES ? SPLIT_PARTS
                                            : SPLIT_NONE;
}

static const char *back_panels(struct writer *writer, const struct layer *layer)
{
    return layer_constant(writer, layer, "back_panels");
}

static bool forward_wants_all(const struct layer *layer)
{
    return conv_panels_first(layer, layer->output->shape);
}

#define FORWARD(tiled)                                                                                       \
    {                                                                                                        \
        .name = "forward", .phase = PHASE_FORWARD, .wants_all = forward_wants_all, .emit = {                 \
            [NODE_TILED] = tiled,                                                                            \
            [NODE_PLAIN] = conv_plain_forward                                                                \
        }                                                                                                    \
    }
#define BACKWARD_WEIGHT(tiled)                                                                               \
    {                                                                                                        \
        .name = "backward_weight", .phase = PHASE_BACKWARD, .split_of = conv_weight_split, .part = "tiles",  \
        .parts = conv_weight_parts, .emit = {                                                                \
            [NODE_TILED] = tiled,                                                                            \
            [NODE_PLAIN] = conv_plain_backward_weight                                                        \
        }                                                                                                    \
    }
#define BACKWARD_INPUT(tiled)                                                                                \
    {                                                                                                        \
        .name = "backward_input", .phase = PHASE_BACKWARD, .emit = {                                         \
            [NODE_TILED] = tiled,                                                                            \
            [NODE_PLAIN] = conv_plain_backward_input                                                         \
        }                                                                                                    \
    }

static const struct {
    struct operation forward, weight, input;
} operations[WALKS] = {
    [WALK_TILES] = {FORWARD(conv_tiled_forward), BACKWARD_WEIGHT(conv_tiled_backward_weight),
                    BACKWARD_INPUT(conv_tiled_backward_input)},
    [WALK_CHANNELS] = {FORWARD(conv_channels_forward), BACKWARD_WEIGHT(conv_channels_backward_weight),
                       BACKWARD_INPUT(conv_channels_backward_input)},
    [WALK_LOOPS] = {FORWARD(conv_looped_forward), BACKWARD_WEIGHT(conv_plain_backward_weight),
                    BACKWARD_INPUT(conv_plain_backward_input)},
};
static const struct operation transpose = {
    .name = "transpose",
    .phase = PHASE_PREPARE,
    .is_of_net = true,
    .split = SPLIT_PARTS,
    .part = "panels",
    .parts = back_panels,
    .call = conv_tiled_call_transpose,
};

static void conv_forward(struct graph *graph, struct layer *layer)
{
    build_forward(graph, layer, &operations[conv_walk(layer)].forward);
}

static void conv_backward(struct graph *graph, struct layer *layer)
{
    enum conv_walk walk = conv_walk(layer);
    layer->weight->in_groups =
        graph->form == NODE_TILED && !layer->is_frozen &&
        (walk == WALK_CHANNELS || (walk == WALK_TILES && weights_fit_groups(layer->weight)));
    build_weights_backward(graph, layer,
                           &(struct build_weights){.output = &weights_backward_output,
                                                   .weight = &operations[walk].weight,
                                                   .transpose = walk == WALK_TILES ? &transpose : NULL,
                                                   .input = &operations[walk].input,
                                                   .needs_output = weights_needs_backward_output(layer)});
}

/* Panels of weights hold filters of one group. */
static void choose_tilings(const struct graph *graph, struct layer *layer, enum conv_walk walk,
                           const struct window *window)
{
    struct tiling *tiling = layer->tiling;
    struct grouping grouping = conv_grouping(layer);
    int64_t filters = layer->output->shape.channels, width = layer->output->shape.width;
    int64_t run = conv_runs_are_apart(layer) ? grouping.channels : window->width * grouping.channels;
    int64_t multiple = walk == WALK_TILES && grouping.groups > 1 ? grouping.filters : 0;
    tiling_choose(graph->target, &tiling[TILING_FORWARD], filters, width, multiple);
    tiling_choose(graph->target, &tiling[TILING_WEIGHT], filters, walk == WALK_TILES ? run : window->width,
                  multiple);
    if (walk == WALK_TILES)
        tiling_choose(graph->target, &tiling[TILING_INPUT], run, width, 0);
    tiling_choose(graph->target, &tiling[TILING_FOLD], layer->input->shape.channels, 1, 0);
    if (walk == WALK_TILES)
        conv_pairs_schedule(graph->target, layer);
    if (layer->transposed)
        layer->transposed->shape = (struct shape){
            .height = conv_runs_are_apart(layer) ? window->height * window->width : window->height,
            .width = tiling[TILING_INPUT].panels * tiling[TILING_INPUT].panel,
            .channels = filters};
}

static void conv_schedule(struct graph *graph, struct layer *layer)
{
    struct window window = conv_window(layer);
    struct value *input = layer->input;
    value_widen_border(input, layer, window.pad);
    enum conv_walk walk = conv_walk(layer);
    if (graph->form == NODE_TILED && walk != WALK_LOOPS)
        choose_tilings(graph, layer, walk, &window);
    if (layer->dinput && !(graph->form == NODE_TILED && walk == WALK_TILES && conv_is_folded(layer)))
        value_widen_border(layer->dinput, layer, window.pad);
}

static const char *tile_note(struct writer *writer, const struct layer *layer, enum tiling_use use)
{
    return conv_walk(layer) == WALK_TILES ? conv_tiled_note(writer, layer, use) : "";
}

const struct layer_kind layer_conv = {
    .name = "conv",
    .summary = "two-dimensional convolution: `filters` filters of size `kernel` slide over the image",
    .attributes = attributes,
    .has_parameters = true,
    .may_fuse_activation = true,
    .may_be_tuned = true,
    .may_be_gated = true,
    .channel_word = "filters",
    .run = conv_run,
    .shape = conv_shape,
    .forward = conv_forward,
    .backward = conv_backward,
    .schedule = conv_schedule,
    .tile_note = tile_note,
    .constants = conv_constants,
    .parameters = conv_parameters,
    .transposed = conv_transposed,
};

const struct layer_kind layer_depthwise = {
    .name = "depthwise",
    .summary = "convolution of each channel on its own, with `multiplier` filters each",
    .attributes = depthwise_attributes,
    .has_parameters = true,
    .may_fuse_activation = true,
    .may_be_gated = true,
    .channel_word = "filters",
    .shape = conv_shape,
    .forward = conv_forward,
    .backward = conv_backward,
    .schedule = conv_schedule,
    .constants = conv_constants,
    .parameters = conv_parameters,
};
