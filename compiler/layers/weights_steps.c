/* weights_steps.c - what happens to weights besides the optimizer's step: a limit on their norm behind it,
 * filters of the author's at the start.
 *
 *     f1: dense 800 max_norm=3        w of each unit becomes w · 3 / ‖w‖ where that is more than 3
 *                                     (Srivastava et al., JMLR 2014, 5.1)
 *     e: conv filters=[edge] frozen   w[f][c] = edge, for every channel c of the input */
#include "emit/writer.h"
#include "layers/weights.h"

/* The weights into filter f stand `step` apart, from `first` on. */
static void emit_limit_norm(struct writer *writer, const struct layer *layer)
{
    const char *filters = value_channels(writer, layer->output),
               *weights = layer_constant(writer, layer, "weights");
    const char *limit = layer_constant(writer, layer, "max_norm"), *step = filters, *first = "f";
    if (layer->tiling[TILING_FORWARD].panels) {
        step = layer_constant(writer, layer, "panel");
        first = writer_format(writer, "f / %s * inputs * %s + f %% %s", step, step, step);
    }
    writer_line(writer, "/* No weights into a filter or unit are longer than %s */", limit);
    writer_function(writer, layer, "limit_norm");
    writer_line(writer, "const int inputs = %s / %s;", weights, filters);
    if (writer->split == SPLIT_PARTS)
        writer_open(writer, "for (int f = filters.first; f < filters.end; f++)");
    else
        writer_loop_open(writer, "f", filters);
    writer_line(writer, "real *weight = (real *)net->param.%s.weight + %s;", layer->name, first);
    writer_line(writer, "real square = 0;");
    writer_loop(writer, "k", "inputs");
    writer_line(writer, "square += weight[k * %s] * weight[k * %s];", step, step);
    writer_end(writer, 1);
    writer_line(writer, "const real norm = real_sqrt(square);");
    writer_loop(writer, "k", "inputs");
    writer_line(writer, "weight[k * %s] *= norm > %s ? %s / norm : 1;", step, limit, limit);
    writer_end(writer, 1);
    writer_close(writer);
    writer_function_end(writer);
}

/* The matrices as the author wrote them: {{1, 0, -1}, {1, 0, -1}}, … */
static void emit_filters(struct writer *writer, const struct layer *layer)
{
    const struct setting *filters = layer_setting(layer, "filters");
    const double *number = filters->numbers;
    writer_open(writer, "static const real %s_filters[%s][%s][%s] =", layer->name,
                layer_constant(writer, layer, "filters"), layer_constant(writer, layer, "kernel_height"),
                layer_constant(writer, layer, "kernel_width"));
    for (int64_t f = 0; f < filters->integer[0]; f++) {
        struct text matrix = text_create(writer->graph->arena);
        for (int64_t i = 0; i < filters->integer[1]; i++) {
            text_format(&matrix, "%s{", i ? ", " : "");
            for (int64_t j = 0; j < filters->integer[2]; j++)
                text_format(&matrix, "%s%s", j ? ", " : "", writer_number(writer, *number++));
            text_format(&matrix, "}");
        }
        writer_line(writer, "{%s},", matrix.bytes);
    }
    writer->depth--;
    writer_line(writer, "};");
    writer_blank(writer);
}

static void emit_set_filters(struct writer *writer, const struct layer *layer)
{
    const char *channels = layer->weight->is_grouped ? layer_constant(writer, layer, "group_channels")
                                                     : value_channels(writer, layer->input);
    emit_filters(writer, layer);
    writer_function(writer, layer, "set_filters");
    writer_loop(writer, "f", layer_constant(writer, layer, "filters"));
    writer_loop(writer, "i", layer_constant(writer, layer, "kernel_height"));
    writer_loop(writer, "j", layer_constant(writer, layer, "kernel_width"));
    writer_loop(writer, "c", channels);
    const char *panel = layer->tiling[TILING_FORWARD].panels ? layer_constant(writer, layer, "panel") : NULL;
    if (panel)
        writer_line(writer, "net->param.%s.weight[f / %s][i][j * %s + c][f %% %s] = %s_filters[f][i][j];",
                    layer->name, panel, channels, panel, layer->name);
    else
        writer_line(writer, "net->param.%s.weight[i][j][c][f] = %s_filters[f][i][j];", layer->name,
                    layer->name);
    writer_end(writer, 4);
    writer_function_end(writer);
}

static const char *filter_count(struct writer *writer, const struct layer *layer)
{
    return value_channels(writer, layer->output);
}

static const struct operation limit_norm = {.name = "limit_norm",
                                            .phase = PHASE_UPDATE,
                                            .is_of_net = true,
                                            .split = SPLIT_PARTS,
                                            .part = "filters",
                                            .parts = filter_count,
                                            .emit = BOTH_FORMS(emit_limit_norm)};
static const struct operation set_filters = {.name = "set_filters",
                                             .phase = PHASE_CREATE,
                                             .is_of_net = true,
                                             .split = SPLIT_NONE,
                                             .emit = BOTH_FORMS(emit_set_filters)};

void weights_add_steps(struct graph *graph)
{
    for (int i = 0; i < graph->layer_count; i++)
        if (graph->layers[i]->max_norm > 0 && !graph->layers[i]->is_frozen)
            graph_add_node(graph, &limit_norm, graph->layers[i]);
    for (int i = 0; i < graph->layer_count; i++)
        if (graph->layers[i]->weight && graph->layers[i]->weight->init == PARAMETER_GIVEN)
            graph_add_node(graph, &set_filters, graph->layers[i]);
}
