/* join.c - paths that come together: their sum (residual, add) or their channels side by side (concat).
 *
 *     residual { a: conv 8 3x3 pad=1 }        concat { path { … } path { … } }        concat with=c1
 *
 *     add:    y = Σ_p x_p, every path gets dy                                (He et al. 2015, eq. 1)
 *     concat: y[c] = x_p[c - begin_p], path p gets its own channels of dy    (Szegedy et al. 2014)
 *
 * Where one result goes several ways, each taker makes a part of its gradient; backward_sum adds the parts.
 */
#include "layers/join.h"

#include <string.h>

#include "base/arena.h"
#include "emit/writer.h"
#include "ir/build.h"
#include "layers/catalogue.h"

static const struct attribute residual_attributes[] = {{0}};

static const struct attribute join_attributes[] = {
    {.name = "with",
     .type = ATTRIBUTE_LABELS,
     .position = -1,
     .fallback = "",
     .meaning = "label of an earlier layer, or [labels], whose results join this one instead of paths"},
    {0},
};

/* "and 16x16x8 of 'p'", with the place where that path ends. */
static void report_shapes(struct layer *layer, const struct value *other, struct shape_check *check,
                          const char *what)
{
    const struct value *first = layer->joined[0];
    struct text shapes[2] = {text_create(check->arena), text_create(check->arena)};
    shape_print(&shapes[0], first->shape);
    shape_print(&shapes[1], other->shape);
    check->failed = true;
    struct diagnostic *error = diagnostics_error(
        check->diagnostics, E0406, check->span, "%s '%s' cannot %s %s from '%s' and %s from '%s'",
        layer->kind->name, layer->name, what, shapes[0].bytes, first->name, shapes[1].bytes, other->name);
    diagnostic_note(error, first->layer->span, "'%s' is %s here", first->name, shapes[0].bytes);
    diagnostic_note(error, other->layer->span, "'%s' is %s here", other->name, shapes[1].bytes);
}

static struct shape add_shape(struct graph *graph, struct layer *layer, struct shape input,
                              struct shape_check *check)
{
    (void)graph;
    for (int i = 1; i < layer->joined_count && !check->failed; i++)
        if (!shape_equal(input, layer->joined[i]->shape))
            report_shapes(layer, layer->joined[i], check, "add");
    return input;
}

static struct shape concat_shape(struct graph *graph, struct layer *layer, struct shape input,
                                 struct shape_check *check)
{
    (void)graph;
    struct shape result = input;
    for (int i = 1; i < layer->joined_count && !check->failed; i++) {
        struct shape other = layer->joined[i]->shape;
        result.channels += other.channels;
        if (other.height != input.height || other.width != input.width || other.is_vector != input.is_vector)
            report_shapes(layer, layer->joined[i], check, "put side by side");
    }
    return result;
}

/* "A_FILTERS + B_FILTERS": channels in front of path `end`; "" of the first. */
static const char *channels_before(struct writer *writer, const struct layer *layer, int end)
{
    struct text sum = text_create(writer->graph->arena);
    for (int i = 0; i < end; i++)
        text_format(&sum, "%s%s", i ? " + " : "", value_channels(writer, layer->joined[i]));
    return sum.bytes;
}

static void concat_constants(struct writer *writer, const struct layer *layer)
{
    const struct value *first = layer->joined[0];
    bool is_vector = layer->output->shape.is_vector;
    if (!is_vector) {
        writer_define(writer, layer, "height", "%s", value_height(writer, first));
        writer_define(writer, layer, "width", "%s", value_width(writer, first));
    }
    writer_define(writer, layer, is_vector ? "units" : "channels", "(%s)",
                  channels_before(writer, layer, layer->joined_count));
}

/* The element of a value inside writer_elements' loops. */
static const char *element_of(struct writer *writer, const struct value *value)
{
    return value_at(writer, value, "n", "y", "x", value->shape.is_vector ? "i" : "c");
}

static const char *sum_of(struct writer *writer, struct value *const *values, int count)
{
    struct text sum = text_create(writer->graph->arena);
    for (int i = 0; i < count; i++)
        text_format(&sum, "%s%s", i ? " + " : "", element_of(writer, values[i]));
    return sum.bytes;
}

/* to = expression for every element of a batch. */
static void emit_elements(struct writer *writer, const struct value *to, const char *expression)
{
    const char *element;
    writer_examples(writer);
    int loops = writer_elements(writer, &to, 1, &element);
    writer_line(writer, "%s = %s;", element, expression);
    writer_end(writer, loops + 1);
}

static void emit_add_forward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "forward");
    emit_elements(writer, layer->output, sum_of(writer, layer->joined, layer->joined_count));
    writer_function_end(writer);
}

/* Does it make the gradients that a probe alone wants? */
static bool is_rest(const struct operation *operation)
{
    return strcmp(operation->name, "backward_rest") == 0;
}

/* The gradient of a path that has dy's own memory needs no copy. What only a probe wants has a node of its
 * own. */
static bool is_copied(const struct layer *layer, int path, bool is_for_probe)
{
    const struct value *gradient = layer->djoined[path];
    return gradient && gradient->view_of != layer->doutput && gradient->is_for_probe == is_for_probe;
}

static void emit_add_backward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, writer->operation->name);
    for (int i = 0; i < layer->joined_count; i++)
        if (is_copied(layer, i, is_rest(writer->operation)))
            emit_elements(writer, layer->djoined[i], element_of(writer, layer->doutput));
    writer_function_end(writer);
}

/* Element of the whole that stands for element c of path `path`. */
static const char *whole_at(struct writer *writer, const struct layer *layer, const struct value *whole,
                            int path)
{
    const char *index = whole->shape.is_vector ? "i" : "c";
    if (path)
        index = writer_format(writer, "%s + %s", channels_before(writer, layer, path), index);
    return value_at(writer, whole, "n", "y", "x", index);
}

static void emit_concat_forward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "forward");
    for (int i = 0; i < layer->joined_count; i++) {
        const struct value *path = layer->joined[i];
        const char *element;
        writer_examples(writer);
        int loops = writer_elements(writer, &path, 1, &element);
        writer_line(writer, "%s = %s;", whole_at(writer, layer, layer->output, i), element);
        writer_end(writer, loops + 1);
    }
    writer_function_end(writer);
}

static void emit_concat_backward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, writer->operation->name);
    for (int i = 0; i < layer->joined_count; i++)
        if (is_copied(layer, i, is_rest(writer->operation)))
            emit_elements(writer, layer->djoined[i], whole_at(writer, layer, layer->doutput, i));
    writer_function_end(writer);
}

static void emit_sum(struct writer *writer, const struct layer *layer)
{
    const struct value *output = layer->output;
    writer_line(writer, "/* The parts of the gradient that the layers behind it made */");
    writer_function(writer, layer, "backward_sum");
    emit_elements(writer, layer->doutput, sum_of(writer, output->parts, output->part_count));
    writer_function_end(writer);
}

const struct operation join_sum = OPERATION("backward_sum", PHASE_BACKWARD, emit_sum);
static const struct operation add_forward_node = OPERATION("forward", PHASE_FORWARD, emit_add_forward);
static const struct operation add_rest_node = OPERATION("backward_rest", PHASE_BACKWARD, emit_add_backward);
static const struct operation add_backward_node = OPERATION("backward", PHASE_BACKWARD, emit_add_backward);
static const struct operation concat_forward_node = OPERATION("forward", PHASE_FORWARD, emit_concat_forward);
static const struct operation concat_rest_node =
    OPERATION("backward_rest", PHASE_BACKWARD, emit_concat_backward);
static const struct operation concat_backward_node =
    OPERATION("backward", PHASE_BACKWARD, emit_concat_backward);

static void join_forward(struct graph *graph, struct layer *layer, const struct operation *operation)
{
    struct node *node = graph_add_node(graph, operation, layer);
    for (int i = 0; i < layer->joined_count; i++)
        node_reads(node, layer->joined[i]);
    node_writes(node, layer->output);
}

static void add_forward(struct graph *graph, struct layer *layer)
{
    join_forward(graph, layer, &add_forward_node);
}

static void concat_forward(struct graph *graph, struct layer *layer)
{
    join_forward(graph, layer, &concat_forward_node);
}

static void make_gradients(struct graph *graph, struct layer *layer)
{
    layer->djoined = ARENA_ARRAY(graph->arena, struct value *, (size_t)layer->joined_count);
    for (int i = 0; i < layer->joined_count; i++)
        layer->djoined[i] = build_gradient_of(graph, layer, layer->joined[i]);
}

/* A node for all copies that training wants, or for those that a probe alone wants; none where there are
 * none. */
static void join_backward(struct graph *graph, struct layer *layer, const struct operation *operation)
{
    struct node *node = NULL;
    for (int i = 0; i < layer->joined_count; i++) {
        if (!is_copied(layer, i, is_rest(operation)))
            continue;
        node = node ? node : graph_add_node(graph, operation, layer);
        node_writes(node, layer->djoined[i]);
    }
    if (node)
        node_reads(node, layer->doutput);
}

/* The first path that nobody else takes gets dy itself: its layers may change it, and the others have their
 * copies by then. Training's paths come first. */
static void share_gradient(struct layer *layer, bool is_for_probe)
{
    for (int i = 0; i < layer->joined_count; i++) {
        struct value *gradient = layer->djoined[i];
        if (!gradient || gradient->is_for_probe != is_for_probe || layer->joined[i]->consumers != 1 ||
            layer->joined[i]->view_of)
            continue;
        gradient->view_of = layer->doutput;
        return;
    }
}

static bool shares_gradient(const struct layer *layer)
{
    for (int i = 0; i < layer->joined_count; i++)
        if (layer->djoined[i] && layer->djoined[i]->view_of == layer->doutput)
            return true;
    return false;
}

static void add_backward(struct graph *graph, struct layer *layer)
{
    make_gradients(graph, layer);
    share_gradient(layer, false);
    if (!shares_gradient(layer))
        share_gradient(layer, true);
    join_backward(graph, layer, &add_rest_node);
    join_backward(graph, layer, &add_backward_node);
}

static void concat_backward(struct graph *graph, struct layer *layer)
{
    make_gradients(graph, layer);
    join_backward(graph, layer, &concat_rest_node);
    join_backward(graph, layer, &concat_backward_node);
}

const struct layer_kind layer_residual = {
    .name = "residual",
    .summary = "the sum of what its { } and its shortcut { } make of the input; without shortcut, the input",
    .attributes = residual_attributes,
    .joins = JOIN_SHORTCUT,
    .keeps_shape = true,
    .shape = add_shape,
    .forward = add_forward,
    .backward = add_backward,
};

const struct layer_kind layer_add = {
    .name = "add",
    .summary = "the sum of paths of one shape, or of the result so far and earlier layers (with=)",
    .attributes = join_attributes,
    .joins = JOIN_PATHS,
    .keeps_shape = true,
    .shape = add_shape,
    .forward = add_forward,
    .backward = add_backward,
};

const struct layer_kind layer_concat = {
    .name = "concat",
    .summary = "channels of paths, or of the result so far and earlier layers (with=), side by side",
    .attributes = join_attributes,
    .joins = JOIN_PATHS,
    .shape = concat_shape,
    .forward = concat_forward,
    .backward = concat_backward,
    .constants = concat_constants,
};
