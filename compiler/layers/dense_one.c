/* dense_one.c - the backward pass of a fully connected layer where a step has one example: the gradient of
 * its weights is an outer product, which a step need not store. A row of the weights moves as soon as the
 * gradient by the input has read it:
 *
 *     f5_backward(net, rate, team_share(team, F5_INPUTS));
 *     dx[k] = Σ_u dz[u] w[k][u];  w[k][u] -= rate (momentum v[k][u] + x[k] dz[u]);  for each input k
 *
 * Weights, and what the optimizer keeps of them, are read and written once a step, where the gradient as a
 * tensor would be written, and it and the weights read again. With rate NULL the gradient is kept in
 * its place among the others', for gradcheck. */
#include "emit/writer.h"
#include "layers/dense.h"
#include "layers/weights.h"

static const char *constant(struct writer *writer, const struct layer *layer, const char *name)
{
    return layer_constant(writer, layer, name);
}

static bool gives_input(const struct layer *layer)
{
    return layer->dinput && !layer->dinput->is_for_probe;
}

/* dx of some rows: few enough to be at hand still when they move. */
static void open_rows(struct writer *writer, const struct layer *layer, const char *tile)
{
    const char *inputs = constant(writer, layer, "inputs"), *vectors = constant(writer, layer, "vectors");
    writer_open(writer, "for (int k = inputs.first; k < inputs.end; k += 2 * TILE_DOTS)");
    writer_line(writer, "const struct range rows = range_within(k, 2 * TILE_DOTS, inputs.end);");
    writer_line(writer,
                "%s_row_product(%s, dz, %s * %s, net->param.%s.weight[0][0], %s, rows.first, rows.end, %s);",
                tile, vectors, constant(writer, layer, "panels"), constant(writer, layer, "panel"),
                layer->name, inputs, value_start(writer, layer->dinput, "0"));
}

void dense_backward_one(struct writer *writer, const struct layer *layer)
{
    const struct graph *graph = writer->graph;
    const char *units = constant(writer, layer, "units"), *panel = constant(writer, layer, "panel");
    const char *panels = constant(writer, layer, "panels"), *inputs = constant(writer, layer, "inputs");
    const char *tile = tile_name(writer, &layer->tiling[TILING_FORWARD]);
    writer_line(writer, "/* %sdw = x^T dz, which moves w row by row; without a rate dw is kept */",
                gives_input(layer) ? "dx = dz w^T and " : "");
    writer_function(writer, layer, "backward");
    writer_line(writer, "const real *x = %s;", value_start(writer, layer->input, "0"));
    writer_line(writer, "real dz[%s * %s] = {0};", panels, panel);
    writer_line(writer, "memcpy(dz, %s, %s * sizeof(real));", value_start(writer, layer->doutput, "0"),
                units);
    const char *rows = "inputs";
    if (gives_input(layer)) {
        open_rows(writer, layer, tile);
        rows = "rows";
    }
    writer_loop(writer, "p", panels);
    writer_under(writer, "for (int r = %s.first; r < %s.end; r++)", rows, rows);
    writer_under(writer, "if (rate)");
    graph->training.optimizer->update_part(writer, graph, layer->weight, "[p][r]", panel, "&x[r]",
                                           writer_format(writer, "&dz[p * %s]", panel));
    writer_end(writer, 1);
    writer_under(writer, "else");
    writer_line(writer, "%s_outer_product(%s, x, %s, dz, p, %s, 1, net->dparam.%s.weight[p][0], r, 1);", tile,
                constant(writer, layer, "vectors"), inputs, units, layer->name);
    writer_end(writer, 3);
    if (gives_input(layer))
        writer_close(writer);
    writer_function_end(writer);
}
