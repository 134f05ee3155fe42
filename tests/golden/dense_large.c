/* dense_large.c - trains the network 'dense_large': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "dense_large.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* f: dense 261 relu
 * 9 -> 261, 2610 parameters, 4.7 kFLOP */

/* relu(x w + b): tiles of examples by units */
static void f_forward(struct dense_large *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(4, 3, examples, tile8_affine_relu, F_VECTORS,
            net->value.input[0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void f_backward_output(struct dense_large *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f[n][i] = net->value.f[n][i] > 0 ? net->dvalue.f[n][i] : 0;
    tile8_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct dense_large *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(5, 4, tiles, F_WEIGHT_TILES, tile8_outer_product, F_VECTORS,
            net->value.input[0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* g: dense 257 relu
 * 261 -> 257, 67334 parameters, 134 kFLOP */

/* relu(x w + b): tiles of examples by units */
static void g_forward(struct dense_large *net, int batch, struct range panels)
{
    for (int p = panels.first; p < panels.end; p++)
        TILE_EXAMPLES(4, 3, range_of_all((size_t)batch), tile8_affine_relu, G_VECTORS,
            net->value.f[0], G_INPUTS, net->param.g.weight[p][0], net->param.g.bias, p, G_UNITS, net->value.g[0]);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void g_backward_output(struct dense_large *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < G_UNITS; i++)
            net->dvalue.g[n][i] = net->value.g[n][i] > 0 ? net->dvalue.g[n][i] : 0;
    tile8_sum(examples.end - examples.first, G_UNITS, net->dvalue.g[examples.first], net->group[g].g.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void g_backward_weight(struct dense_large *net, int batch, struct range tiles)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_INPUTS(6, 3, tiles, G_WEIGHT_TILES, tile8_outer_product, G_VECTORS,
            net->value.f[0], G_INPUTS, net->dvalue.g[0], p, G_UNITS, batch, net->dparam.g.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs, for each panel of the weights with units and inputs exchanged */
static void g_backward_input(struct dense_large *net, int batch, struct range panels)
{
    real turned[G_UNITS][G_BACK_PANEL] = {0};
    for (int q = panels.first; q < panels.end; q++) {
        panels_transpose_one(net->param.g.weight[0][0], G_UNITS, G_INPUTS, G_PANEL, q, turned[0], G_BACK_PANEL);
        TILE_EXAMPLES(4, 3, range_of_all((size_t)batch), tile8_affine, G_BACK_VECTORS,
            net->dvalue.g[0], G_UNITS, turned[0], TILE_NO_BIAS, q, G_INPUTS, net->dvalue.f[0]);
    }
}

/* h: dense 3
 * 257 -> 3, 774 parameters, 1.54 kFLOP */

/* x w + b: tiles of examples by units */
static void h_forward(struct dense_large *net, struct range examples)
{
    for (int p = 0; p < H_PANELS; p++)
        TILE_EXAMPLES(7, 0, examples, tile4_affine, H_VECTORS,
            net->value.g[0], H_INPUTS, net->param.h.weight[p][0], net->param.h.bias, p, H_UNITS, net->value.h[0]);
}

/* dbias = sum of dy */
static void h_backward_output(struct dense_large *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, H_UNITS, net->dvalue.h[examples.first], net->group[g].h.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void h_backward_weight(struct dense_large *net, int batch, struct range tiles)
{
    for (int p = 0; p < H_PANELS; p++)
        TILE_INPUTS(8, 1, tiles, H_WEIGHT_TILES, tile4_outer_product, H_VECTORS,
            net->value.g[0], H_INPUTS, net->dvalue.h[0], p, H_UNITS, batch, net->dparam.h.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void h_backward_input(struct dense_large *net, struct range examples)
{
    for (int q = 0; q < H_BACK_PANELS; q++)
        TILE_EXAMPLES(4, 3, examples, tile8_affine, H_BACK_VECTORS,
            net->dvalue.h[0], H_UNITS, net->transposed.h[q][0], TILE_NO_BIAS, q, H_INPUTS, net->dvalue.g[0]);
}

/* output squared_error
 * 3 -> 3 */

static void output_forward(struct dense_large *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.h[n];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct dense_large *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        double loss = 0;
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++) {
            const double error = (double)(mean[k] - net->target[n][k]);
            loss += error * error;
        }
        net->loss[n] = loss;
    }
}

static void output_backward(struct dense_large *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.h[n];
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            dz[k] = 2 * (mean[k] - net->target[n][k]) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct dense_large *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.g = (void *)(net->arena + G_AT);
    net->dvalue.g = (void *)(net->arena + G_GRADIENT_AT);
    net->value.h = (void *)(net->arena + H_AT);
    net->dvalue.h = (void *)(net->arena + H_GRADIENT_AT);
    net->transposed.h = (void *)(net->arena + H_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct dense_large *net, struct team team)
{
    panels_transpose(net->param.h.weight[0][0], H_UNITS, 1, H_INPUTS, H_PANEL, net->transposed.h[0][0], H_BACK_PANEL, team_share(team, H_BACK_PANELS));
}

static void forward(struct dense_large *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    f_forward(net, examples);
    team_wait(team);
    g_forward(net, batch, team_share(team, G_PANELS));
    team_wait(team);
    h_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct dense_large *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        h_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    h_backward_weight(net, batch, team_share(team, H_WEIGHT_TILES));
    h_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        g_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    g_backward_weight(net, batch, team_share(team, G_WEIGHT_TILES));
    g_backward_input(net, batch, team_share(team, G_BACK_PANELS));
    team_wait(team);
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, f.bias);
    TEAM_ADD_GROUPS(team, net, g.bias);
    TEAM_ADD_GROUPS(team, net, h.bias);
}

/* the same rate throughout: the rate of step `step`, from 0 */
static double learning_rate(uint64_t step, uint64_t steps_per_epoch, int epochs)
{
    (void)step, (void)steps_per_epoch;
    (void)epochs;
    return RATE;
}

#define SGD_TENSOR(name) \
    (real *)net->param.name, (const real *)net->dparam.name, NULL, team_numbers(team, sizeof(net->param.name) / sizeof(real))

/* stochastic gradient descent, with momentum where it is set */
static void update(struct dense_large *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(h.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(h.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct dense_large *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, net->value.input[n], 1, INPUT_UNITS, INPUT_UNITS);
        examples_read_target(batch.examples, i, net->target[n], OUTPUT_TARGETS);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct dense_large *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct dense_large *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct dense_large *net, struct batch batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch.count);
    load(net, batch, examples);
    prepare(net, team);
    forward(net, batch.count, team);
    output_loss(net, examples);
    team_wait(team);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count, team);
    return loss;
}

/* A step as one of a team; where the loss is not finite, nothing moves. */
static void step_together(struct dense_large *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct dense_large *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct dense_large *net, struct training *run, struct training_epoch *row)
{
    const uint64_t steps_per_epoch = (run->train->count + BATCH - 1) / BATCH;
    net->is_training = true;
    for (size_t first = run->at.first; first < run->train->count; first += BATCH) {
        const struct batch batch = batch_of(run->train, run->order, first, BATCH);
        row->rate = learning_rate(net->step, steps_per_epoch, run->epochs);
        const double loss = train_step(net, batch, row->rate);
        if (!isfinite(loss)) {
            training_diverged(run, net, row->epoch, net->step + 1, batch.count);
            return false;
        }
        score_add_values(&row->train, loss, net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
        net->step++;
        if (!training_step_done(run, row->epoch, loss, batch.count)) {
            run->end = TRAINING_INTERRUPTED;
            break;
        }
    }
    return training_weights_hold(run, net, row->epoch, net->step);
}

/* Ends with the best weights in place, however it ends. */
static void train(void *memory, struct training *run)
{
    struct dense_large *net = memory;
    if (!run->is_resumed)
        net->best = net->param;
    run->end = TRAINING_COMPLETE;
    for (int epoch = run->at.epoch; epoch <= run->epochs; epoch++) {
        struct training_epoch *row = training_epoch_begin(run, epoch);
        if (!train_epoch(net, run, row))
            break;
        row->is_best = true; /* nothing to judge by: the last weights are kept */
        if (row->is_best) {
            net->best = net->param;
            run->at.best_epoch = epoch;
            run->at.best = *row;
        }
        training_epoch_done(run, row);
        if (run->end == TRAINING_INTERRUPTED)
            break;
        run->at.epochs_done = epoch;
    }
    run->steps = net->step;
    net->param = net->best;
}

static const struct model_layer layers[] = {
    {"input", "input 9", {1, 1, INPUT_UNITS, true}, 0, 0, INPUT_AT, INPUT_UNITS},
    {"f", "dense 261 relu", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"g", "dense 257 relu", {1, 1, G_UNITS, true}, G_PARAMETERS, G_FLOP, G_AT, G_UNITS},
    {"h", "dense 3", {1, 1, H_UNITS, true}, H_PARAMETERS, H_FLOP, H_AT, H_UNITS},
    {"output", "output squared_error", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(dense_large, f.weight), 2, F_UNITS, INPUT_UNITS, 1, 1, F_PANEL, INIT_HE},
    {MODEL_TENSOR(dense_large, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
    {MODEL_TENSOR(dense_large, g.weight), 2, G_UNITS, F_UNITS, 1, 1, G_PANEL, INIT_HE},
    {MODEL_TENSOR(dense_large, g.bias), 1, G_UNITS, 1, 1, 1, G_PANEL, INIT_ZERO},
    {MODEL_TENSOR(dense_large, h.weight), 2, H_UNITS, G_UNITS, 1, 1, H_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(dense_large, h.bias), 1, H_UNITS, 1, 1, 1, H_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(dense_large, param),
    MODEL_PIECE(dense_large, best),
    MODEL_PIECE(dense_large, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct dense_large *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct dense_large *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct dense_large *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model dense_large_model = {
    MODEL_OF(dense_large),
    .march = "x86-64-v3",
    .input = {1, 1, INPUT_UNITS, true},
    .output = OUTPUT_SQUARED_ERROR,
    .target_size = OUTPUT_TARGETS,
    .output_size = OUTPUT_UNITS,
    .settings = {
        .batch = BATCH,
        .epochs = EPOCHS,
        .seed = SEED,
        .optimizer = "sgd rate=" TEXT_OF(RATE),
        .schedule = "constant",
        .penalty = "",
    },
    .threads_most = THREADS_MOST,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&dense_large_model, argc, argv);
}
#endif
