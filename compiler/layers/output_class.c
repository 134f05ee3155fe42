/* output_class.c - targets that are classes or yes and no.
 *
 *     categorical   p = softmax(z)              loss = -log p[y]                            dz = p - [k = y]
 *     bernoulli     p = 1 / (1 + e^-z)          loss = -y log p - (1 - y) log(1 - p)        dz = p - y
 *                                               (Bishop: Pattern Recognition and Machine Learning, 2006, 4.3)
 *
 * With smoothing=s or weights=[w] of categorical: loss = -Σ_k a_k log p_k, a_k = w_k ((1 - s) [k = y] + s /
 * K), so dz = p Σ_k a_k - a (Szegedy et al. 2016, 7; PyTorch's CrossEntropyLoss, but for its mean: ours is
 * over examples).
 *
 * Losses are computed from z, not from p, so that a hopeless example has a large loss and not an infinite
 * one. */
#include "emit/writer.h"
#include "layers/output.h"

static const struct attribute bernoulli_attributes[] = {TARGET_ATTRIBUTE, {0}};

static const struct attribute categorical_attributes[] = {
    {.name = "smoothing",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "0",
     .least = 0,
     .most = 1,
     .below_most = true,
     .meaning = "share of the target that all classes get alike"},
    {.name = "weights",
     .type = ATTRIBUTE_NUMBERS,
     .position = -1,
     .fallback = "",
     .least = 0,
     .most = 1e6,
     .meaning = "how much each class counts in the loss: a list of one number a class"},
    {0},
};

static bool has_weights(const struct layer *layer)
{
    return layer_setting(layer, "weights")->is_given;
}

static bool is_smooth(const struct layer *layer)
{
    return layer_setting(layer, "smoothing")->real > 0;
}

static bool has_aims(const struct layer *layer)
{
    return has_weights(layer) || is_smooth(layer);
}

static bool check_weights(const struct layer *layer, int64_t inputs, struct shape_check *check)
{
    const struct setting *weights = layer_setting(layer, "weights");
    if (!weights->is_given || weights->integer[0] == inputs)
        return true;
    diagnostics_error(check->diagnostics, E0404, weights->span,
                      "output 'categorical' has %lld weights for %lld classes",
                      (long long)weights->integer[0], (long long)inputs);
    return false;
}

static void categorical_constants(struct writer *writer, const struct layer *layer)
{
    if (is_smooth(layer))
        writer_define(writer, layer, "smoothing", "%s",
                      writer_real(writer, layer_setting(layer, "smoothing")->real));
}

/* output_aim: how much the loss wants of class k. */
static void categorical_functions(struct writer *writer, const struct layer *layer)
{
    const struct setting *weights = layer_setting(layer, "weights");
    if (!has_aims(layer))
        return;
    if (has_weights(layer)) {
        struct text list = text_create(writer->graph->arena);
        for (int64_t k = 0; k < weights->integer[0]; k++)
            text_format(&list, "%s%s", k ? ", " : "", writer_number(writer, weights->numbers[k]));
        writer_line(writer, "static const real output_weights[%s] = {%s};", output_size(writer, layer),
                    list.bytes);
        writer_blank(writer);
    }
    writer_line(writer, "/* How much the loss wants of class k: %s */",
                !is_smooth(layer)    ? "its weight, of the target alone"
                : has_weights(layer) ? "its weight times the smoothed target"
                                     : "the smoothed target");
    writer_line(writer, "static real output_aim(int target, int k)");
    writer_line(writer, "{");
    const char *smoothed =
        writer_format(writer, "((k == target ? 1 - OUTPUT_SMOOTHING : 0) + OUTPUT_SMOOTHING / %s)",
                      output_size(writer, layer));
    writer_line(writer, "    return %s%s;", has_weights(layer) ? "output_weights[k] * " : "",
                is_smooth(layer) ? smoothed : "(real)(k == target)");
    writer_line(writer, "}");
    writer_blank(writer);
}

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

/* The class of an example, or of one of its positions. */
static const char *target_class(const struct layer *layer)
{
    return output_loops_over_positions(layer) ? "net->target[n][y][x]" : "net->target[n]";
}

static void emit_largest(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "const real largest = z[score_most_probable(z, %s)];", output_size(writer, layer));
}

static void categorical_forward(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "real *p = %s;", output_at(writer, layer, layer->output));
    emit_largest(writer, layer);
    writer_line(writer, "real sum = 0;");
    writer_loop_open(writer, "k", output_size(writer, layer));
    writer_line(writer, "p[k] = real_exp(z[k] - largest);");
    writer_line(writer, "sum += p[k];");
    writer_close(writer);
    writer_loop(writer, "k", output_size(writer, layer));
    writer_line(writer, "p[k] /= sum;");
    writer_end(writer, 1);
}

static const char *categorical_formula(const struct layer *layer)
{
    return has_aims(layer) ? "-(sum over k of output_aim(target, k) log softmax(z)[k])"
                           : output_categorical.formula;
}

static void categorical_loss(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "const real *z = %s;", output_at(writer, layer, layer->input));
    emit_largest(writer, layer);
    writer_line(writer, "double sum = 0;");
    writer_loop(writer, "k", output_size(writer, layer));
    writer_line(writer, "sum += exp((double)(z[k] - largest));");
    writer_end(writer, 1);
    if (!has_aims(layer)) {
        writer_line(writer, "loss += log(sum) - (double)(z[%s] - largest);", target_class(layer));
        return;
    }
    writer_loop(writer, "k", output_size(writer, layer));
    writer_line(writer, "loss += (double)output_aim(%s, k) * (log(sum) - (double)(z[k] - largest));",
                target_class(layer));
    writer_end(writer, 1);
}

static void categorical_backward(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "const real *p = %s;", output_at(writer, layer, layer->output));
    if (has_aims(layer)) {
        writer_line(writer, "real sum = 0;");
        writer_loop(writer, "k", output_size(writer, layer));
        writer_line(writer, "sum += output_aim(%s, k);", target_class(layer));
        writer_end(writer, 1);
    }
    writer_loop(writer, "k", output_size(writer, layer));
    if (has_aims(layer))
        writer_line(writer, "dz[k] = (p[k] * sum - output_aim(%s, k)) * share;", target_class(layer));
    else
        writer_line(writer, "dz[k] = (p[k] - (k == %s)) * share;", target_class(layer));
    writer_end(writer, 1);
}

static void categorical_score(struct writer *writer, const struct layer *layer, const char *score,
                              const char *loss)
{
    const char *start = value_start(writer, layer->output, "0");
    if (layer->is_per_position)
        writer_line(writer,
                    "score_add_positions(%s, %s, %s, net->target[0][0], batch.count, OUTPUT_POSITIONS, "
                    "OUTPUT_CHANNELS);",
                    score, loss, start);
    else
        writer_line(writer, "score_add_categorical(%s, %s, %s, net->target, batch.count, OUTPUT_UNITS);",
                    score, loss, start);
}

static void bernoulli_forward(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "real *p = %s;", output_at(writer, layer, layer->output));
    writer_loop(writer, "k", output_size(writer, layer));
    writer_line(writer, "p[k] = sigmoid(z[k]);");
    writer_end(writer, 1);
}

static void bernoulli_loss(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "const real *z = %s;", output_at(writer, layer, layer->input));
    writer_loop(writer, "k", output_size(writer, layer));
    writer_line(writer, "loss += (double)(softplus(z[k]) - net->target[n][k] * z[k]);");
    writer_end(writer, 1);
}

static void bernoulli_backward(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "const real *p = %s;", output_at(writer, layer, layer->output));
    writer_loop(writer, "k", output_size(writer, layer));
    writer_line(writer, "dz[k] = (p[k] - net->target[n][k]) * share;");
    writer_end(writer, 1);
}

static void bernoulli_score(struct writer *writer, const struct layer *layer, const char *score,
                            const char *loss)
{
    writer_line(writer, "score_add_bernoulli(%s, %s, %s, net->target[0], batch.count, %s);", score, loss,
                value_start(writer, layer->output, "0"), output_size(writer, layer));
}

const struct output_kind output_categorical = {
    .name = "categorical",
    .summary =
        "one of K classes; the last layer gives K logits, or an image of K channels those of each position",
    .constant = "OUTPUT_CATEGORICAL",
    .formula = "-log softmax(z)[target], computed as log(sum of e^(z - max)) + max - z[target]",
    .attributes = categorical_attributes,
    .is_class = true,
    .is_per_position = true,
    .target_size = at_least_two,
    .prediction_size = every_input,
    .needs = "a number for each class, at least 2",
    .formula_of = categorical_formula,
    .check = check_weights,
    .functions = categorical_functions,
    .constants = categorical_constants,
    .forward = categorical_forward,
    .loss = categorical_loss,
    .backward = categorical_backward,
    .score = categorical_score,
};

const struct output_kind output_bernoulli = {
    .name = "bernoulli",
    .summary = "yes or no, one or many; the last layer gives a logit each; behind an image averaged over the "
               "positions",
    .constant = "OUTPUT_BERNOULLI",
    .formula = "-target log p - (1 - target) log(1 - p), computed as softplus(z) - target z",
    .attributes = bernoulli_attributes,
    .is_per_position = true,
    .target_size = every_input,
    .prediction_size = every_input,
    .needs = "a logit for each target",
    .forward = bernoulli_forward,
    .loss = bernoulli_loss,
    .backward = bernoulli_backward,
    .score = bernoulli_score,
};
