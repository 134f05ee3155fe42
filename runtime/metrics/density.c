/* density.c - means and covariances of logits by class, and the density that they give to other logits. */
#include "metrics/density.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"

/* What is added to the variances, as a share of their mean: softmax cannot tell z from z + c, so logits may
 * have no variance at all in that direction. */
#define RIDGE 1e-3

void density_create(struct density *density, int classes)
{
    const size_t row = (size_t)classes, matrix = row * row;
    *density = (struct density){.classes = classes,
                                .share = memory_resize(NULL, row, sizeof(double)),
                                .mean = memory_resize(NULL, matrix, sizeof(double)),
                                .factor = memory_resize(NULL, row * matrix, sizeof(double))};
    memset(density->share, 0, row * sizeof(double));
    memset(density->mean, 0, matrix * sizeof(double));
    memset(density->factor, 0, row * matrix * sizeof(double));
}

void density_release(struct density *density)
{
    free(density->share);
    free(density->mean);
    free(density->factor);
    *density = (struct density){0};
}

/* The sums over examples become shares and means. */
static void take_means(struct density *density, const struct calibration_rows *rows)
{
    const size_t classes = (size_t)density->classes;
    for (size_t i = 0; i < rows->count; i++) {
        const size_t target = (size_t)rows->targets[i];
        density->share[target] += 1;
        for (size_t k = 0; k < classes; k++)
            density->mean[target * classes + k] += (double)rows->logits[i * classes + k];
    }
    for (size_t c = 0; c < classes; c++) {
        for (size_t k = 0; k < classes && density->share[c] > 0; k++)
            density->mean[c * classes + k] /= density->share[c];
        density->share[c] /= (double)rows->count;
    }
}

/* Sums of squares about the mean of each class, in place of the factors. */
static void take_squares(struct density *density, const struct calibration_rows *rows)
{
    const size_t classes = (size_t)density->classes;
    double off[DENSITY_CLASSES_MOST];
    for (size_t i = 0; i < rows->count; i++) {
        const size_t target = (size_t)rows->targets[i];
        double *square = density->factor + target * classes * classes;
        for (size_t k = 0; k < classes; k++)
            off[k] = (double)rows->logits[i * classes + k] - density->mean[target * classes + k];
        for (size_t k = 0; k < classes; k++)
            for (size_t j = 0; j <= k; j++)
                square[k * classes + j] += off[k] * off[j];
    }
}

/* Cholesky's factor in the place of a lower triangle. */
static void factorise(double *matrix, size_t size)
{
    for (size_t k = 0; k < size; k++)
        for (size_t j = 0; j <= k; j++) {
            double sum = matrix[k * size + j];
            for (size_t i = 0; i < j; i++)
                sum -= matrix[k * size + i] * matrix[j * size + i];
            matrix[k * size + j] = k == j ? sqrt(sum) : sum / matrix[j * size + j];
        }
}

/* From sums of squares to factors: (squares of the class + 2 K · covariance of all) / (its examples + 2 K).
 */
static void take_factors(struct density *density, size_t count)
{
    const size_t classes = (size_t)density->classes, matrix = classes * classes;
    double *all = memory_resize(NULL, matrix, sizeof *all), trace = 0;
    memset(all, 0, matrix * sizeof *all);
    for (size_t c = 0; c < classes; c++)
        for (size_t i = 0; i < matrix; i++)
            all[i] += density->factor[c * matrix + i] / (double)count;
    for (size_t k = 0; k < classes; k++)
        trace += all[k * classes + k];
    const double ridge = trace > 0 ? RIDGE * trace / (double)classes : RIDGE, prior = 2 * (double)classes;
    for (size_t c = 0; c < classes; c++) {
        double *square = density->factor + c * matrix;
        const double examples = density->share[c] * (double)count;
        for (size_t i = 0; i < matrix; i++)
            square[i] = (square[i] + prior * all[i]) / (examples + prior);
        for (size_t k = 0; k < classes; k++)
            square[k * classes + k] += ridge;
        factorise(square, classes);
    }
    free(all);
}

bool density_fit(struct density *density, const struct calibration_rows *rows)
{
    *density = (struct density){0};
    if (rows->classes > DENSITY_CLASSES_MOST || rows->count < 2 * (size_t)rows->classes)
        return false;
    density_create(density, rows->classes);
    take_means(density, rows);
    take_squares(density, rows);
    take_factors(density, rows->count);
    return true;
}

/* log N(z | mean, L Lᵀ): with L x = z - mean it is -|x|²/2 - Σ log L[k][k] - K/2 log 2π. */
static double log_normal(const real *logit, const double *mean, const double *factor, size_t size)
{
    double x[DENSITY_CLASSES_MOST], sum = 0;
    for (size_t k = 0; k < size; k++) {
        x[k] = (double)logit[k] - mean[k];
        for (size_t j = 0; j < k; j++)
            x[k] -= factor[k * size + j] * x[j];
        x[k] /= factor[k * size + k];
        sum -= x[k] * x[k] / 2 + log(factor[k * size + k]);
    }
    return sum - (double)size / 2 * log(2 * M_PI);
}

double density_log(const struct density *density, const real *logit)
{
    const size_t classes = (size_t)density->classes;
    double part[DENSITY_CLASSES_MOST], largest = -INFINITY, sum = 0;
    for (size_t c = 0; c < classes; c++) {
        part[c] = log(density->share[c]) + log_normal(logit, density->mean + c * classes,
                                                      density->factor + c * classes * classes, classes);
        largest = fmax(largest, part[c]);
    }
    for (size_t c = 0; c < classes; c++)
        sum += exp(part[c] - largest);
    return largest + log(sum);
}
