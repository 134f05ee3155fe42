/* all.c - functions over all parameters as one row of numbers: clipping gradients, averaging weights.
 *
 *     clip norm=1       ->    static void clip(struct lenet5 *net), called in front of the optimizer's step
 *     average ema=0.99  ->    static void average(struct lenet5 *net, double share), called behind it */
#include "emit/emit.h"

static bool is_shared(const struct writer *writer)
{
    return writer->graph->form == NODE_TILED;
}

static void open_function(struct writer *writer, const char *name, const char *arguments)
{
    writer_line(writer, "static void %s(struct %s *net%s%s)", name, writer->graph->name, arguments,
                is_shared(writer) ? ", struct team team" : "");
    writer_line(writer, "{");
    writer->depth++;
}

/* The loop over all numbers, or those of this thread. */
static void number_loop(struct writer *writer)
{
    if (is_shared(writer))
        writer_under(writer, "for (int i = numbers.first; i < numbers.end; i++)");
    else
        writer_under(writer, "for (size_t i = 0; i < sizeof(net->param) / sizeof(real); i++)");
}

static void emit_share(struct writer *writer)
{
    if (is_shared(writer))
        writer_line(writer,
                    "const struct range numbers = team_numbers(team, sizeof(net->param) / sizeof(real));");
}

static void emit_square(struct writer *writer)
{
    writer_line(writer, "double square = 0;");
    if (!is_shared(writer)) {
        number_loop(writer);
        writer_line(writer, "square += (double)gradient[i] * (double)gradient[i];");
        writer_end(writer, 1);
        return;
    }
    writer_line(writer, "const struct range parts = team_share(team, TEAM_PARTS);");
    writer_open(writer, "for (int part = parts.first; part < parts.end; part++)");
    writer_line(writer,
                "const struct range some = team_group(part, TEAM_PARTS, sizeof(net->param) / sizeof(real));");
    writer_line(writer, "net->gradient_square[part] = 0;");
    writer_under(writer, "for (int i = some.first; i < some.end; i++)");
    writer_line(writer, "net->gradient_square[part] += (double)gradient[i] * (double)gradient[i];");
    writer_end(writer, 1);
    writer_close(writer);
    writer_line(writer, "team_wait(team);");
    writer_loop(writer, "part", "TEAM_PARTS");
    writer_line(writer, "square += net->gradient_square[part];");
    writer_end(writer, 1);
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
    emit_share(writer);
    if (is_norm) {
        emit_square(writer);
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
    emit_share(writer);
    number_loop(writer);
    writer_line(writer, "mean[i] += (real)share * (weight[i] - mean[i]);");
    writer_end(writer, 1);
    writer_function_end(writer);
    writer_line(writer, "/* The average is judged and kept in the weights' place. */");
    writer_line(writer, "static void swap_average(struct %s *net)", writer->graph->name);
    writer_line(writer, "{");
    writer->depth++;
    writer_line(writer, "real *weight = (real *)&net->param, *mean = (real *)&net->average;");
    writer_under(writer, "for (size_t i = 0; i < sizeof(net->param) / sizeof(real); i++)");
    writer_brace(writer);
    writer_line(writer, "const real own = weight[i];");
    writer_line(writer, "weight[i] = mean[i];");
    writer_line(writer, "mean[i] = own;");
    writer_close(writer);
    writer_function_end(writer);
}
