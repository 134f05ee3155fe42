/* all.c - functions over all parameters as one row of numbers: clipping gradients, averaging weights.
 *
 *     clip norm=1       ->    static void clip(struct lenet5 *net), called in front of the optimizer's step
 *     average ema=0.99  ->    static void average(struct lenet5 *net, double share), called behind it */
#include "emit/emit.h"

static void open_function(struct writer *writer, const char *name, const char *arguments)
{
    writer_line(writer, "static void %s(struct %s *net%s)", name, writer->graph->name, arguments);
    writer_line(writer, "{");
    writer->depth++;
}

static void number_loop(struct writer *writer)
{
    writer_under(writer, "for (size_t i = 0; i < sizeof(net->param) / sizeof(real); i++)");
}

void emit_clip(struct writer *writer)
{
    bool is_norm = writer->graph->training.clip_norm > 0;
    if (!is_norm && !(writer->graph->training.clip_value > 0))
        return;
    writer_line(writer,
                is_norm
                    ? "/* All gradients together become no longer than CLIP_NORM (Pascanu, Mikolov, Bengio "
                      "2013; PyTorch's clip_grad_norm_) */"
                    : "/* No gradient is larger than CLIP_VALUE, up or down */");
    open_function(writer, "clip", "");
    writer_line(writer, "real *gradient = (real *)&net->dparam;");
    if (is_norm) {
        writer_line(writer, "double square = 0;");
        number_loop(writer);
        writer_line(writer, "square += (double)gradient[i] * (double)gradient[i];");
        writer_end(writer, 1);
        writer_line(writer, "const double scale = CLIP_NORM / (sqrt(square) + 1e-6);");
        number_loop(writer);
        writer_line(writer, "gradient[i] *= scale < 1 ? (real)scale : 1;");
    } else {
        number_loop(writer);
        writer_line(writer, "gradient[i] = (real)fmax(-CLIP_VALUE, fmin(CLIP_VALUE, (double)gradient[i]));");
    }
    writer_end(writer, 1);
    writer_function_end(writer);
}

void emit_average(struct writer *writer)
{
    if (writer->graph->training.ema < 0 && writer->graph->training.swa < 0)
        return;
    writer_line(writer, "/* The average moves towards the weights by a share of the way. */");
    open_function(writer, "average", ", double share");
    writer_line(writer, "const real *weight = (const real *)&net->param;");
    writer_line(writer, "real *mean = (real *)&net->average;");
    number_loop(writer);
    writer_line(writer, "mean[i] += (real)share * (weight[i] - mean[i]);");
    writer_end(writer, 1);
    writer_function_end(writer);
    writer_line(writer, "/* The average is judged and kept in the weights' place. */");
    open_function(writer, "swap_average", "");
    writer_line(writer, "real *weight = (real *)&net->param, *mean = (real *)&net->average;");
    number_loop(writer);
    writer_brace(writer);
    writer_line(writer, "const real own = weight[i];");
    writer_line(writer, "weight[i] = mean[i];");
    writer_line(writer, "mean[i] = own;");
    writer_close(writer);
    writer_function_end(writer);
}
