/* dense_moved.c - weights of a fully connected layer that move in the backward pass, where a tile of their
 * gradient is at hand: it is never stored, and the optimizer does not read it again.
 *
 *     dw = Σ_n x[n]^T dz[n] for some inputs and the units of a panel;  w -= rate (momentum v + dw)
 *
 * The gradient by the input has read the weights before. With rate NULL the gradient is kept in its place
 * among the others', for gradcheck. Which layers do so is decided here, also where a step has one example and
 * rows move instead (dense_one.c); tiles do not where gradients are looked at (--debug-numerics). */
#include "emit/writer.h"
#include "layers/dense.h"
#include "layers/weights.h"

bool dense_moves_at_once(const struct graph *graph, const struct layer *layer)
{
    /* dz of one example is on the stack; fewer weights, or fewer and their gradient, stay in a cache; tiles
     * of fewer inputs are too few for all threads */
    enum { MOST_UNITS = 4096, LEAST_OF_ONE = 1 << 13, LEAST_OF_MANY = 1 << 17, LEAST_INPUTS = 256 };
    const struct training *training = &graph->training;
    const bool is_clipped = training->clip_norm > 0 || training->clip_value > 0;
    const int64_t weights = parameter_size(layer->weight);
    if (graph->form != NODE_TILED || is_clipped || layer->is_frozen || !training->optimizer->update_part)
        return false;
    if (training->batch > 1)
        return weights >= LEAST_OF_MANY && shape_size(layer->input->shape) >= LEAST_INPUTS &&
               !graph->checks_numerics;
    return weights >= LEAST_OF_ONE && layer->output->shape.channels <= MOST_UNITS;
}

static const char *constant(struct writer *writer, const struct layer *layer, const char *name)
{
    return layer_constant(writer, layer, name);
}

static void emit_tile(struct writer *writer, const struct layer *layer)
{
    const struct graph *graph = writer->graph;
    const struct tiling *tiling = &layer->tiling[TILING_WEIGHT];
    const char *panel = constant(writer, layer, "panel");
    const bool is_filled = layer->output->shape.channels % tiling->panel == 0;
    writer_line(
        writer,
        "/* dw = x^T dz over the batch, of `rows` inputs from k on and the units of panel p: w moves by "
        "it; without a rate it is kept */");
    writer_tile_function(writer, layer, "backward_weight_tile",
                         "int batch, const double *rate, int p, int k, int rows");
    writer_line(writer, "real dw[%d][%s]%s", tiling->rows, panel,
                is_filled ? ";" : " = {0}; /* what no unit needs stays 0 */");
    writer_line(writer, "%s_outer_product(%s, %s + k, %s, %s, p, %s, batch,", tile_name(writer, tiling),
                constant(writer, layer, "vectors"), value_start(writer, layer->input, "0"),
                constant(writer, layer, "inputs"), value_start(writer, layer->doutput, "0"),
                constant(writer, layer, "units"));
    writer_more(writer, "rate ? dw[0] : net->dparam.%s.weight[p][k], 0, rows);", layer->name);
    writer_under(writer, "if (rate)");
    graph->training.optimizer->update_part(writer, graph, layer->weight, "[p][k]",
                                           writer_format(writer, "(size_t)rows * %s", panel), NULL, "dw[0]");
    writer_end(writer, 1);
    writer_function_end(writer);
}

void dense_moved_backward_weight(struct writer *writer, const struct layer *layer)
{
    emit_tile(writer, layer);
    writer_function(writer, layer, "backward_weight");
    writer_loop(writer, "p", constant(writer, layer, "panels"));
    tile_calls_shared(writer, layer, writer_format(writer, "%s_backward_weight_tile", layer->name),
                      "net, batch, rate, p", NULL);
    writer_end(writer, 1);
    writer_function_end(writer);
}
