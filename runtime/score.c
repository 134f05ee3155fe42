/* score.c - sums of loss and metrics over batches, and the means that people read.
 *
 *     prediction {0.2 0.8}, class 1, loss 0.22  ->  examples 1, correct 1, loss 0.22 */
#include <math.h>

#include "score.h"

void score_add_categorical(struct score *score, double loss, const real *prediction, const int32_t *target,
                           int count, int classes)
{
    score_add_positions(score, loss, prediction, target, count, 1, classes);
}

void score_add_positions(struct score *score, double loss, const real *prediction, const int32_t *target,
                         int count, int positions, int classes)
{
    const size_t values = (size_t)count * (size_t)positions;
    for (size_t i = 0; i < values; i++)
        score->correct += score_most_probable(prediction + i * (size_t)classes, classes) == target[i];
    score->loss += loss;
    score->examples += (size_t)count;
    score->values += values;
}

void score_add_bernoulli(struct score *score, double loss, const real *prediction, const real *target,
                         int count, int size)
{
    size_t values = (size_t)count * (size_t)size;
    for (size_t i = 0; i < values; i++)
        score->correct += (prediction[i] > (real)0.5) == (target[i] > (real)0.5);
    score->loss += loss;
    score->examples += (size_t)count;
    score->values += values;
}

void score_add_values(struct score *score, double loss, const real *prediction, int stride,
                      const real *target, int count, int size)
{
    for (int n = 0; n < count; n++) {
        const real *mean = prediction + (size_t)n * (size_t)stride;
        const real *wanted = target + (size_t)n * (size_t)size;
        for (int i = 0; i < size; i++) {
            double y = wanted[i], off = y - mean[i];
            score->squared_error += off * off;
            score->absolute_error += off < 0 ? -off : off;
            score->target_sum += y;
            score->target_square += y * y;
        }
    }
    score->loss += loss;
    score->examples += (size_t)count;
    score->values += (size_t)count * (size_t)size;
}

double score_loss(const struct score *score)
{
    return score->examples ? score->loss / (double)score->examples : 0;
}

double score_accuracy(const struct score *score)
{
    return score->values ? score->correct / (double)score->values : 0;
}

double score_rmse(const struct score *score)
{
    return score->values ? sqrt(score->squared_error / (double)score->values) : 0;
}

double score_r_squared(const struct score *score)
{
    if (!score->values)
        return 0;
    double mean = score->target_sum / (double)score->values;
    double spread = score->target_square - mean * score->target_sum;
    return spread > 0 ? 1 - score->squared_error / spread : 0;
}
