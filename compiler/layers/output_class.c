/* output_class.c - targets that are classes or yes and no.
 *
 *     categorical   p = softmax(z)              loss = -log p[y]                            dz = p - [k = y]
 *     bernoulli     p = 1 / (1 + e^-z)          loss = -y log p - (1 - y) log(1 - p)        dz = p - y
 *                                               (Bishop: Pattern Recognition and Machine Learning, 2006, 4.3)
 *
 * Losses are computed from z, not from p, so that a hopeless example has a large loss and not an infinite
 * one. */
#include "emit/writer.h"
#include "layers/output.h"

static const struct attribute no_attributes[] = {{0}};

static int64_t every_input(const struct layer *layer, int64_t inputs)
{
    (void)layer;
    return inputs;
}

static int64_t at_least_two(const struct layer *layer, int64_t inputs)
{
    (void)layer;
    return inputs >= 2 ? inputs : -1;
}

static void emit_largest(struct writer *writer)
{
    writer_line(writer, "real largest = z[0];");
    writer_under(writer, "for (int k = 1; k < OUTPUT_UNITS; k++)");
    writer_line(writer, "largest = z[k] > largest ? z[k] : largest;");
    writer_end(writer, 1);
}

static void categorical_forward(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "real *p = %s;", value_start(writer, layer->output, "n"));
    emit_largest(writer);
    writer_line(writer, "real sum = 0;");
    writer_loop_open(writer, "k", "OUTPUT_UNITS");
    writer_line(writer, "p[k] = real_exp(z[k] - largest);");
    writer_line(writer, "sum += p[k];");
    writer_close(writer);
    writer_loop(writer, "k", "OUTPUT_UNITS");
    writer_line(writer, "p[k] /= sum;");
    writer_end(writer, 1);
}

static void categorical_loss(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "const real *z = %s;", value_start(writer, layer->input, "n"));
    emit_largest(writer);
    writer_line(writer, "double sum = 0;");
    writer_loop(writer, "k", "OUTPUT_UNITS");
    writer_line(writer, "sum += exp((double)(z[k] - largest));");
    writer_end(writer, 1);
    writer_line(writer, "loss += log(sum) - (double)(z[net->target[n]] - largest);");
}

static void categorical_backward(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "const real *p = %s;", value_start(writer, layer->output, "n"));
    writer_loop(writer, "k", "OUTPUT_UNITS");
    writer_line(writer, "dz[k] = (p[k] - (k == net->target[n])) * share;");
    writer_end(writer, 1);
}

static void categorical_score(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "score_add_categorical(score, loss, %s, net->target, batch, OUTPUT_UNITS);",
                value_start(writer, layer->output, "0"));
}

static void bernoulli_forward(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "real *p = %s;", value_start(writer, layer->output, "n"));
    writer_loop(writer, "k", "OUTPUT_UNITS");
    writer_line(writer, "p[k] = sigmoid(z[k]);");
    writer_end(writer, 1);
}

static void bernoulli_loss(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "const real *z = %s;", value_start(writer, layer->input, "n"));
    writer_loop(writer, "k", "OUTPUT_UNITS");
    writer_line(writer, "loss += (double)(softplus(z[k]) - net->target[n][k] * z[k]);");
    writer_end(writer, 1);
}

static void bernoulli_backward(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "const real *p = %s;", value_start(writer, layer->output, "n"));
    writer_loop(writer, "k", "OUTPUT_UNITS");
    writer_line(writer, "dz[k] = (p[k] - net->target[n][k]) * share;");
    writer_end(writer, 1);
}

static void bernoulli_score(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "score_add_bernoulli(score, loss, %s, net->target[0], batch, OUTPUT_UNITS);",
                value_start(writer, layer->output, "0"));
}

const struct output_kind output_categorical = {
    .name = "categorical",
    .summary = "one of K classes; the last layer gives K logits",
    .constant = "OUTPUT_CATEGORICAL",
    .formula = "-log softmax(z)[target], computed as log(sum of e^(z - max)) + max - z[target]",
    .attributes = no_attributes,
    .is_class = true,
    .is_per_position = true,
    .target_size = at_least_two,
    .prediction_size = every_input,
    .needs = "a number for each class, at least 2",
    .forward = categorical_forward,
    .loss = categorical_loss,
    .backward = categorical_backward,
    .score = categorical_score,
};

const struct output_kind output_bernoulli = {
    .name = "bernoulli",
    .summary = "yes or no, one or many; the last layer gives a logit each",
    .constant = "OUTPUT_BERNOULLI",
    .formula = "-target log p - (1 - target) log(1 - p), computed as softplus(z) - target z",
    .attributes = no_attributes,
    .is_per_position = true,
    .target_size = every_input,
    .prediction_size = every_input,
    .needs = "a logit for each target",
    .forward = bernoulli_forward,
    .loss = bernoulli_loss,
    .backward = bernoulli_backward,
    .score = bernoulli_score,
};
