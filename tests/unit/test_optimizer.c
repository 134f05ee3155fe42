/* test_optimizer.c - four steps of each optimizer against PyTorch 2.15 in float64 (torch.optim with the same
 * settings on the weights and gradients below), and the proximal lasso against its formula. */
#include <criterion/criterion.h>
#include <math.h>

#include "optimizer.h"

enum { WEIGHTS = 3, STEPS = 4 };

static const real gradients[STEPS][WEIGHTS] = {
    {0.1, -0.4, 0.25}, {-0.3, 0.2, 0.05}, {0.6, -0.1, -0.45}, {0.02, 0.7, -0.15}};

struct state {
    real weight[WEIGHTS], first[WEIGHTS], second[WEIGHTS];
};

static const struct range all_weights = {0, WEIGHTS};

static struct state start(void)
{
    return (struct state){.weight = {0.5, -1.25, 2.0}};
}

static void expect_weights(const struct state *state, double a, double b, double c)
{
    const double expected[WEIGHTS] = {a, b, c};
    for (int i = 0; i < WEIGHTS; i++)
        cr_expect(fabs(state->weight[i] - expected[i]) < 1e-12, "weight %d is %.15g instead of %.15g", i,
                  state->weight[i], expected[i]);
}

static struct state run_sgd(struct sgd sgd)
{
    struct state state = start();
    for (int t = 0; t < STEPS; t++)
        sgd_step(state.weight, gradients[t], state.first, all_weights, sgd);
    return state;
}

Test(optimizer, sgd)
{
    struct state state = run_sgd((struct sgd){.rate = 0.1});
    expect_weights(&state, 0.458, -1.29, 2.03);
}

Test(optimizer, momentum)
{
    struct state state = run_sgd((struct sgd){.rate = 0.1, .momentum = 0.9});
    expect_weights(&state, 0.43091, -1.21764, 2.000975);
}

Test(optimizer, nesterov)
{
    struct state state = run_sgd((struct sgd){.rate = 0.1, .momentum = 0.9, .nesterov = true});
    expect_weights(&state, 0.395819, -1.260876, 2.0308775);
}

/* l2 w² in the objective is PyTorch's weight_decay = 2 l2. */
Test(optimizer, ridge)
{
    struct state state = run_sgd((struct sgd){.rate = 0.1, .momentum = 0.9, .l2 = 0.05});
    expect_weights(&state, 0.386713465, -1.1091791275, 1.824730395);
}

static const struct adam adam_settings = {.rate = 0.1, .beta1 = 0.8, .beta2 = 0.95, .eps = 1e-8};

Test(optimizer, adam)
{
    struct state state = start();
    struct adam adam = adam_settings;
    for (adam.step = 1; adam.step <= STEPS; adam.step++)
        adam_step(state.weight, gradients[adam.step - 1], state.first, state.second, all_weights, adam);
    expect_weights(&state, 0.374925321738933, -1.14103455285687, 1.8997747707424);
}

Test(optimizer, adamw)
{
    struct state state = start();
    struct adam adam = adam_settings;
    for (adam.step = 1; adam.step <= STEPS; adam.step++)
        adamw_step(state.weight, gradients[adam.step - 1], state.first, state.second, all_weights, 0.1, adam);
    expect_weights(&state, 0.357552012366508, -1.09548175654974, 1.82514995322556);
}

static struct state run_scaled(struct scaled scaled)
{
    struct state state = start();
    for (int t = 0; t < STEPS; t++)
        scaled_step(state.weight, gradients[t], state.first, all_weights, scaled);
    return state;
}

Test(optimizer, rmsprop)
{
    struct state state = run_scaled((struct scaled){.rate = 0.1, .keep = 0.9, .add = 1 - 0.9, .eps = 1e-8});
    expect_weights(&state, 0.192214567844025, -1.28072804373536, 1.99456131073808);
}

Test(optimizer, adagrad)
{
    struct state state = run_scaled((struct scaled){.rate = 0.1, .keep = 1, .add = 1, .eps = 1e-10});
    expect_weights(&state, 0.40345559834091, -1.25656557318957, 1.99524897125255);
}

Test(optimizer, a_lasso_step_shrinks_to_exact_zeros)
{
    real weight[WEIGHTS] = {0.03, -0.5, -0.01}, velocity[WEIGHTS] = {0};
    const real none[WEIGHTS] = {0};
    sgd_step(weight, none, velocity, all_weights, (struct sgd){.rate = 0.1, .momentum = 0.9, .l1 = 0.5});
    cr_expect_eq(weight[0], 0);
    cr_expect(fabs(weight[1] + 0.45) < 1e-15);
    cr_expect_eq(weight[2], 0);
    cr_expect_not(signbit(weight[2]));
    cr_expect(fabs(velocity[0] - 0.3) < 1e-15, "the buffer is the displacement that was made");
}
