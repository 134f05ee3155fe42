/* figures.c - from sums over a split to the figures that people and files are given.
 *
 *     rmse 0.5 of targets that were divided by 77.1  ->  rmse 38.55 */
#include "run/figures.h"

#include <math.h>
#include <stdio.h>

const struct metric *metric_of(const struct model *model)
{
    static const struct metric accuracy = {"accuracy", " %", 2, 100, score_accuracy};
    static const struct metric rmse = {"rmse", "", 4, 1, score_rmse};
    bool is_class = model->output == OUTPUT_CATEGORICAL || model->output == OUTPUT_BERNOULLI;
    return is_class ? &accuracy : &rmse;
}

bool metric_is_share(const struct metric *metric)
{
    return metric->of == score_accuracy;
}

double figures_target_unit(const struct normaliser *normaliser)
{
    return normaliser->target_count == 1 ? normaliser->target_deviation[0] : 1;
}

double metric_value(const struct metric *metric, const struct score *score,
                    const struct normaliser *normaliser)
{
    return metric_is_share(metric) ? metric->of(score) : metric->of(score) * figures_target_unit(normaliser);
}

void figures_print_share(double share)
{
    if (isnan(share))
        printf("  %9s", "-");
    else
        printf("  %7.2f %%", 100 * share);
}

double figures_real(const struct normaliser *normaliser, const real *values, int k)
{
    const double value = (double)values[k];
    return normaliser->target_count ? value * normaliser->target_deviation[k] + normaliser->target_mean[k]
                                    : value;
}

bool figures_have_sigma(const struct model *model)
{
    return model->output == OUTPUT_NORMAL;
}

double figures_sigma(const struct model *model, const struct normaliser *normaliser, const real *prediction,
                     int k)
{
    const double sigma = model->sigma > 0 ? model->sigma : (double)prediction[model->target_size + k];
    return normaliser->target_count ? sigma * normaliser->target_deviation[k] : sigma;
}

const char *figures_class_name(const char *const *names, int k, char *number, size_t size)
{
    if (names)
        return names[k];
    snprintf(number, size, "%d", k);
    return number;
}

json_t *figures_json(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}
