/* output_real.c - targets that are real numbers.
 *
 *     squared_error    loss = Σ (y - ŷ)²                                   dŷ = 2 (ŷ - y)
 *     normal           loss = Σ ½ log(2πσ²) + (y - μ)² / 2σ²               dμ = (μ - y) / σ²
 *                      σ = softplus(s) + 1e-6, learned          ds = (1/σ - (y - μ)²/σ³) / (1 + e^-s)
 *     normal sigma=1   the same with σ fixed
 *     laplace          loss = Σ |y - ŷ|                                    dŷ = sign(ŷ - y)
 *     huber delta=δ    loss = Σ ½ e², or δ (|e| - ½ δ) where |e| > δ       dŷ = e, or ± δ
 *     poisson          ŷ = e^z, loss = Σ ŷ - y z                           dz = ŷ - y
 *
 * A learned σ makes the last layer give 2 d numbers: the d means, then the d values s (Nix and Weigend:
 * Estimating the mean and variance …, 1994). laplace is PyTorch's L1Loss, poisson its PoissonNLLLoss (without
 * log y!, which no weight changes); huber is Huber's of 1964. */
#include "emit/writer.h"
#include "layers/output.h"

static const struct attribute value_attributes[] = {TARGET_ATTRIBUTE, {0}};

static const struct attribute normal_attributes[] = {
    {.name = "sigma",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "",
     .least = 0,
     .most = 1e30,
     .above_least = true,
     .meaning = "the deviation, fixed; learned when left out"},
    TARGET_ATTRIBUTE,
    {0},
};

static const struct attribute huber_attributes[] = {
    {.name = "delta",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "1",
     .least = 0,
     .most = 1e30,
     .above_least = true,
     .meaning = "errors up to this count squared, larger ones by their size"},
    TARGET_ATTRIBUTE,
    {0},
};

static bool is_fixed(const struct layer *layer)
{
    return layer_setting(layer, "sigma")->is_given;
}

static int64_t every_input(const struct layer *layer, int64_t inputs)
{
    (void)layer;
    return inputs;
}

static int64_t normal_target_size(const struct layer *layer, int64_t inputs)
{
    if (is_fixed(layer))
        return inputs;
    return inputs % 2 ? -1 : inputs / 2;
}

static void target_constant(struct writer *writer, const struct layer *layer)
{
    bool has_sigmas = layer->target_size != layer->prediction_size;
    writer_define(writer, layer, "targets", has_sigmas ? "(%s / 2)" : "%s", value_size(writer, layer->input));
}

static void normal_constants(struct writer *writer, const struct layer *layer)
{
    target_constant(writer, layer);
    if (is_fixed(layer))
        writer_define(writer, layer, "sigma", "%s", writer_real(writer, layer_setting(layer, "sigma")->real));
    else
        writer_define(writer, layer, "sigma_floor", "((real)1e-6)");
}

static void copy_means(struct writer *writer)
{
    writer_loop(writer, "k", "OUTPUT_TARGETS");
    writer_line(writer, "mean[k] = z[k];");
    writer_end(writer, 1);
}

static void squared_forward(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "real *mean = %s;", value_start(writer, layer->output, "n"));
    copy_means(writer);
}

static void means_of(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "const real *mean = %s;", value_start(writer, layer->output, "n"));
}

static void squared_loss(struct writer *writer, const struct layer *layer)
{
    means_of(writer, layer);
    writer_loop_open(writer, "k", "OUTPUT_TARGETS");
    writer_line(writer, "const double error = (double)(mean[k] - net->target[n][k]);");
    writer_line(writer, "loss += error * error;");
    writer_close(writer);
}

static void squared_backward(struct writer *writer, const struct layer *layer)
{
    means_of(writer, layer);
    writer_loop(writer, "k", "OUTPUT_TARGETS");
    writer_line(writer, "dz[k] = 2 * (mean[k] - net->target[n][k]) * share;");
    writer_end(writer, 1);
}

static void values_score(struct writer *writer, const struct layer *layer, const char *score,
                         const char *loss)
{
    writer_line(writer,
                "score_add_values(%s, %s, %s, OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);",
                score, loss, value_start(writer, layer->output, "0"));
}

static void normal_forward(struct writer *writer, const struct layer *layer)
{
    squared_forward(writer, layer);
    if (is_fixed(layer))
        return;
    writer_line(writer, "real *sigma = mean + OUTPUT_TARGETS;");
    writer_loop(writer, "k", "OUTPUT_TARGETS");
    writer_line(writer, "sigma[k] = softplus(z[OUTPUT_TARGETS + k]) + OUTPUT_SIGMA_FLOOR;");
    writer_end(writer, 1);
}

static void normal_loss(struct writer *writer, const struct layer *layer)
{
    means_of(writer, layer);
    if (!is_fixed(layer))
        writer_line(writer, "const real *sigma = mean + OUTPUT_TARGETS;");
    writer_loop_open(writer, "k", "OUTPUT_TARGETS");
    writer_line(writer, "const double deviation = (double)%s;",
                is_fixed(layer) ? "OUTPUT_SIGMA" : "sigma[k]");
    writer_line(writer, "const double error = (double)(net->target[n][k] - mean[k]) / deviation;");
    writer_line(writer, "loss += 0.5 * log(2 * M_PI) + log(deviation) + 0.5 * error * error;");
    writer_close(writer);
}

static void normal_backward(struct writer *writer, const struct layer *layer)
{
    means_of(writer, layer);
    if (is_fixed(layer)) {
        writer_loop(writer, "k", "OUTPUT_TARGETS");
        writer_line(writer, "dz[k] = (mean[k] - net->target[n][k]) / (OUTPUT_SIGMA * OUTPUT_SIGMA) * share;");
        writer_end(writer, 1);
        return;
    }
    writer_line(writer, "const real *z = %s;", value_start(writer, layer->input, "n"));
    writer_line(writer, "const real *sigma = mean + OUTPUT_TARGETS;");
    writer_loop_open(writer, "k", "OUTPUT_TARGETS");
    writer_line(writer, "const real error = (mean[k] - net->target[n][k]) / sigma[k];");
    writer_line(writer, "dz[k] = error / sigma[k] * share;");
    writer_line(
        writer,
        "dz[OUTPUT_TARGETS + k] = (1 - error * error) / sigma[k] * sigmoid(z[OUTPUT_TARGETS + k]) * share;");
    writer_close(writer);
}

static void laplace_loss(struct writer *writer, const struct layer *layer)
{
    means_of(writer, layer);
    writer_loop(writer, "k", "OUTPUT_TARGETS");
    writer_line(writer, "loss += fabs((double)(mean[k] - net->target[n][k]));");
    writer_end(writer, 1);
}

static void laplace_backward(struct writer *writer, const struct layer *layer)
{
    means_of(writer, layer);
    writer_loop_open(writer, "k", "OUTPUT_TARGETS");
    writer_line(writer, "const real error = mean[k] - net->target[n][k];");
    writer_line(writer, "dz[k] = (real)((error > 0) - (error < 0)) * share;");
    writer_close(writer);
}

static void huber_constants(struct writer *writer, const struct layer *layer)
{
    target_constant(writer, layer);
    writer_define(writer, layer, "delta", "%s", writer_real(writer, layer_setting(layer, "delta")->real));
}

static void huber_loss(struct writer *writer, const struct layer *layer)
{
    means_of(writer, layer);
    writer_loop_open(writer, "k", "OUTPUT_TARGETS");
    writer_line(writer, "const double error = fabs((double)(mean[k] - net->target[n][k]));");
    writer_line(writer, "const double delta = (double)OUTPUT_DELTA;");
    writer_line(writer, "loss += error <= delta ? 0.5 * error * error : delta * (error - 0.5 * delta);");
    writer_close(writer);
}

static void huber_backward(struct writer *writer, const struct layer *layer)
{
    means_of(writer, layer);
    writer_loop_open(writer, "k", "OUTPUT_TARGETS");
    writer_line(writer, "const real error = mean[k] - net->target[n][k];");
    writer_line(writer, "const real slope = error > OUTPUT_DELTA ? OUTPUT_DELTA : error;");
    writer_line(writer, "dz[k] = (slope < -OUTPUT_DELTA ? -OUTPUT_DELTA : slope) * share;");
    writer_close(writer);
}

static void poisson_forward(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "real *mean = %s;", value_start(writer, layer->output, "n"));
    writer_loop(writer, "k", "OUTPUT_TARGETS");
    writer_line(writer, "mean[k] = real_exp(z[k]);");
    writer_end(writer, 1);
}

static void poisson_loss(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "const real *z = %s;", value_start(writer, layer->input, "n"));
    writer_loop(writer, "k", "OUTPUT_TARGETS");
    writer_line(writer, "loss += (double)(real_exp(z[k]) - net->target[n][k] * z[k]);");
    writer_end(writer, 1);
}

static void poisson_backward(struct writer *writer, const struct layer *layer)
{
    means_of(writer, layer);
    writer_loop(writer, "k", "OUTPUT_TARGETS");
    writer_line(writer, "dz[k] = (mean[k] - net->target[n][k]) * share;");
    writer_end(writer, 1);
}

const struct output_kind output_normal = {
    .name = "normal",
    .summary = "real numbers with a normal distribution around them, its deviation learned or fixed",
    .constant = "OUTPUT_NORMAL",
    .formula = "log(2 pi sigma^2) / 2 + (target - mean)^2 / (2 sigma^2)",
    .attributes = normal_attributes,
    .target_size = normal_target_size,
    .prediction_size = every_input,
    .has_targets = true,
    .fixed_sigma = is_fixed,
    .needs = "an even count: d means and then d values for the deviations (or sigma= to fix them)",
    .constants = normal_constants,
    .forward = normal_forward,
    .loss = normal_loss,
    .backward = normal_backward,
    .score = values_score,
};

/* What is the same of all whose last layer gives a number for each target. */
#define A_NUMBER_EACH                                                                                        \
    .has_targets = true, .target_size = every_input, .prediction_size = every_input,                         \
    .needs = "a number for each target", .score = values_score

const struct output_kind output_squared_error = {
    .name = "squared_error",
    .summary = "real numbers; the sum of squared differences",
    .constant = "OUTPUT_SQUARED_ERROR",
    .formula = "(target - mean)^2",
    .attributes = value_attributes,
    A_NUMBER_EACH,
    .constants = target_constant,
    .forward = squared_forward,
    .loss = squared_loss,
    .backward = squared_backward,
};

const struct output_kind output_laplace = {
    .name = "laplace",
    .summary = "real numbers; the sum of absolute differences, so the median and not the mean",
    .constant = "OUTPUT_LAPLACE",
    .formula = "|target - mean|",
    .attributes = value_attributes,
    A_NUMBER_EACH,
    .constants = target_constant,
    .forward = squared_forward,
    .loss = laplace_loss,
    .backward = laplace_backward,
};

const struct output_kind output_huber = {
    .name = "huber",
    .summary = "real numbers; squared differences up to delta, absolute ones beyond",
    .constant = "OUTPUT_HUBER",
    .formula = "(target - mean)^2 / 2, or delta (|target - mean| - delta / 2) beyond delta",
    .attributes = huber_attributes,
    A_NUMBER_EACH,
    .constants = huber_constants,
    .forward = squared_forward,
    .loss = huber_loss,
    .backward = huber_backward,
};

const struct output_kind output_poisson = {
    .name = "poisson",
    .summary = "counts, from 0; the last layer gives the logarithm of each mean",
    .constant = "OUTPUT_POISSON",
    .formula = "mean - target log mean",
    .attributes = value_attributes,
    A_NUMBER_EACH,
    .constants = target_constant,
    .forward = poisson_forward,
    .loss = poisson_loss,
    .backward = poisson_backward,
};
