/* test_data_score.c - losses and metrics against sums done by hand. */
#include <criterion/criterion.h>
#include <math.h>

#include "score.h"

Test(score, counts_the_most_probable_class)
{
    static const real prediction[] = {0.2f, 0.7f, 0.1f, 0.5f, 0.5f, 0, 0, 0, 1};
    static const int32_t target[] = {1, 0, 1};
    struct score score = {0};
    score_add_categorical(&score, 3, prediction, target, 3, 3);
    score_add_categorical(&score, 1, prediction, target, 1, 3);
    cr_expect_eq(score.examples, 4);
    cr_expect_float_eq(score_loss(&score), 1, 1e-12);
    cr_expect_float_eq(score_accuracy(&score), 0.75, 1e-12);
}

/* One example of two positions, each of three classes. */
Test(score, counts_the_most_probable_class_of_each_position)
{
    static const real prediction[] = {0.2f, 0.7f, 0.1f, 0.5f, 0.2f, 0.3f};
    static const int32_t target[] = {1, 2};
    struct score score = {0};
    score_add_positions(&score, 3, prediction, target, 1, 2, 3);
    cr_expect_eq(score.examples, 1);
    cr_expect_float_eq(score_loss(&score), 3, 1e-12);
    cr_expect_float_eq(score_accuracy(&score), 0.5, 1e-12);
}

Test(score, counts_each_of_several_yes_or_no)
{
    static const real prediction[] = {0.6f, 0.4f, 0.9f, 0.2f}, target[] = {1, 1, 1, 0};
    struct score score = {0};
    score_add_bernoulli(&score, 3, prediction, target, 2, 2);
    cr_expect_float_eq(score_loss(&score), 1.5, 1e-12);
    cr_expect_float_eq(score_accuracy(&score), 0.75, 1e-12);
}

Test(score, measures_real_values)
{
    /* Rows of a mean and a sigma; only the mean counts. */
    static const real prediction[] = {1, 9, 2, 9, 4, 9}, target[] = {1, 3, 5};
    struct score score = {0};
    score_add_values(&score, 6, prediction, 2, target, 2, 1);
    score_add_values(&score, 3, prediction + 4, 2, target + 2, 1, 1);
    cr_expect_float_eq(score_loss(&score), 3, 1e-12);
    cr_expect_float_eq(score_rmse(&score), sqrt(2 / 3.0), 1e-12);
    cr_expect_float_eq(score.absolute_error, 2, 1e-12);
    cr_expect_float_eq(score_r_squared(&score), 1 - 2 / 8.0, 1e-12);
}

Test(score, nothing_gives_no_nan)
{
    struct score none = {0};
    static const real one[] = {2};
    cr_expect_eq(score_loss(&none) + score_accuracy(&none) + score_rmse(&none) + score_r_squared(&none), 0);
    score_add_values(&none, 0, one, 1, one, 1, 1);
    cr_expect_eq(score_r_squared(&none), 0);
}
