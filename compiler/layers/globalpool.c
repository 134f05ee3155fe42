/* globalpool.c - the mean or the largest value of each channel over the whole image (Lin, Chen, Yan 2013).
 *
 *     globalpool avg           8x8x64 -> 64
 *
 *     avg: y[c] = Σ_yx x[y][x][c] / (h w), every pixel gets dy / (h w)
 *     max: y[c] = max_yx x[y][x][c], the first of equal ones gets dy; the backward pass looks for it again */
#include "emit/writer.h"
#include "ir/build.h"
#include "layers/window.h"

static const struct attribute attributes[] = {
    {.name = "avg",
     .type = ATTRIBUTE_FLAG,
     .position = -1,
     .fallback = "",
     .meaning = "the mean, as is the default"},
    {.name = "max", .type = ATTRIBUTE_FLAG, .position = -1, .fallback = "", .meaning = "the largest value"},
    {0},
};

static bool is_max(const struct layer *layer)
{
    return layer_setting(layer, "max")->is_given;
}

static struct shape globalpool_shape(struct graph *graph, struct layer *layer, struct shape input,
                                     struct shape_check *check)
{
    (void)graph;
    if (!window_wants_image(input, check))
        return input;
    const struct setting *avg = layer_setting(layer, "avg"), *max = layer_setting(layer, "max");
    if (avg->is_given && max->is_given) {
        check->failed = true;
        struct diagnostic *error =
            diagnostics_error(check->diagnostics, E0306, max->span, "globalpool takes avg or max, not both");
        diagnostic_note(error, avg->span, "first given here");
    }
    return (struct shape){.height = 1, .width = 1, .channels = input.channels, .is_vector = true};
}

static void globalpool_constants(struct writer *writer, const struct layer *layer)
{
    writer_define(writer, layer, "units", "%s", value_channels(writer, layer->input));
}

/* Loops over the pixels of example n and channel c. */
static void pixel_loops(struct writer *writer, const struct layer *layer)
{
    writer_loop(writer, "y", value_height(writer, layer->input));
    writer_loop(writer, "x", value_width(writer, layer->input));
}

static void channel_loops(struct writer *writer, const struct layer *layer)
{
    writer_examples(writer);
    writer_loop_open(writer, "c", layer_constant(writer, layer, "units"));
}

static void channel_loops_end(struct writer *writer)
{
    writer_close(writer);
    writer_end(writer, 1);
}

static const char *area(struct writer *writer, const struct layer *layer)
{
    return writer_format(writer, "(%s * %s)", value_height(writer, layer->input),
                         value_width(writer, layer->input));
}

static void emit_forward(struct writer *writer, const struct layer *layer)
{
    const char *pixel = value_at(writer, layer->input, "n", "y", "x", "c");
    const char *result = value_at(writer, layer->output, "n", "", "", "c");
    writer_function(writer, layer, "forward");
    channel_loops(writer, layer);
    writer_line(writer, is_max(layer) ? "real largest = -INFINITY;" : "real sum = 0;");
    pixel_loops(writer, layer);
    if (is_max(layer))
        writer_line(writer, "largest = %s > largest || %s != %s ? %s : largest;", pixel, pixel, pixel, pixel);
    else
        writer_line(writer, "sum += %s;", pixel);
    writer_end(writer, 2);
    if (is_max(layer))
        writer_line(writer, "%s = largest;", result);
    else
        writer_line(writer, "%s = sum / %s;", result, area(writer, layer));
    channel_loops_end(writer);
    writer_function_end(writer);
}

static void emit_backward(struct writer *writer, const struct layer *layer)
{
    const char *pixel = value_at(writer, layer->input, "n", "y", "x", "c");
    const char *gradient = value_at(writer, layer->dinput, "n", "y", "x", "c");
    const char *dy = value_at(writer, layer->doutput, "n", "", "", "c");
    writer_function(writer, layer, "backward");
    channel_loops(writer, layer);
    if (is_max(layer)) {
        writer_line(writer, "bool is_found = false;");
        writer_loop(writer, "y", value_height(writer, layer->input));
        writer_loop_open(writer, "x", value_width(writer, layer->input));
        writer_line(writer, "const bool is_largest = !is_found && %s == %s;", pixel,
                    value_at(writer, layer->output, "n", "", "", "c"));
        writer_line(writer, "%s = is_largest ? %s : 0;", gradient, dy);
        writer_line(writer, "is_found = is_found || is_largest;");
        writer_close(writer);
        writer_end(writer, 1);
    } else {
        writer_line(writer, "const real share = %s / %s;", dy, area(writer, layer));
        pixel_loops(writer, layer);
        writer_line(writer, "%s = share;", gradient);
        writer_end(writer, 2);
    }
    channel_loops_end(writer);
    writer_function_end(writer);
}

static const struct operation forward = OPERATION("forward", PHASE_FORWARD, emit_forward);
static const struct operation backward = OPERATION("backward", PHASE_BACKWARD, emit_backward);

static void globalpool_forward(struct graph *graph, struct layer *layer)
{
    build_forward(graph, layer, &forward);
}

static void globalpool_backward(struct graph *graph, struct layer *layer)
{
    struct node *node = build_backward(graph, layer, &backward);
    if (!node || !is_max(layer))
        return;
    node_reads(node, layer->input);
    node_reads(node, layer->output);
}

const struct layer_kind layer_globalpool = {
    .name = "globalpool",
    .summary = "the mean (avg) or the largest value (max) of each channel over the whole image",
    .attributes = attributes,
    .shape = globalpool_shape,
    .forward = globalpool_forward,
    .backward = globalpool_backward,
    .constants = globalpool_constants,
};
