/* dense_moved_few.c - trains the network 'dense_moved_few': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "dense_moved_few.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: dense 256 relu
 * 512 -> 256, 131328 parameters, 262 kFLOP */

/* relu(x w + b): tiles of examples by units */
static void a_forward(struct dense_moved_few *net, int batch, struct range panels)
{
    for (int p = panels.first; p < panels.end; p++)
        TILE_EXAMPLES(3, 0, range_of_all((size_t)batch), tile8_affine_relu, A_VECTORS,
            net->value.input[0], A_INPUTS, net->param.a.weight[p][0], net->param.a.bias, p, A_UNITS, net->value.a[0]);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct dense_moved_few *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < A_UNITS; i++)
            net->dvalue.a[n][i] = net->value.a[n][i] > 0 ? net->dvalue.a[n][i] : 0;
    tile8_sum(examples.end - examples.first, A_UNITS, net->dvalue.a[examples.first], net->group[g].a.bias);
}

/* dw = x^T dz over the batch, of `rows` inputs from k on and the units of panel p: w moves by it; without a rate it is kept */
TILE_FUNCTION a_backward_weight_tile(struct dense_moved_few *net, int batch, const double *rate, int p, int k, int rows)
{
    real dw[4][A_PANEL] = {0}; /* what no unit needs stays 0 */
    tile8_outer_product(A_VECTORS, net->value.input[0] + k, A_INPUTS, net->dvalue.a[0], p, A_UNITS, batch,
        rate ? dw[0] : net->dparam.a.weight[p][k], 0, rows);
    if (rate)
        sgd_step(net->param.a.weight[p][k], dw[0], NULL, range_of_all((size_t)rows * A_PANEL),
            (struct sgd){.rate = *rate});
}

static void a_backward_weight(struct dense_moved_few *net, int batch, const double *rate, struct range tiles)
{
    for (int p = 0; p < A_PANELS; p++)
        TILE_INPUTS(4, 0, tiles, A_WEIGHT_TILES, a_backward_weight_tile, net, batch, rate, p);
}

/* b: dense 512 tanh
 * 256 -> 512, 131584 parameters, 262 kFLOP */

/* tanh(x w + b): tiles of examples by units */
static void b_forward(struct dense_moved_few *net, struct range examples)
{
    for (int p = 0; p < B_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile8_affine, B_VECTORS,
            net->value.a[0], B_INPUTS, net->param.b.weight[p][0], net->param.b.bias, p, B_UNITS, net->value.b[0]);
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < B_UNITS; i++)
            net->value.b[n][i] = real_tanh(net->value.b[n][i]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void b_backward_output(struct dense_moved_few *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < B_UNITS; i++)
            net->dvalue.b[n][i] = net->dvalue.b[n][i] * (1 - net->value.b[n][i] * net->value.b[n][i]);
    tile8_sum(examples.end - examples.first, B_UNITS, net->dvalue.b[examples.first], net->group[g].b.bias);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void b_backward_input(struct dense_moved_few *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile8_row_product(B_VECTORS, net->dvalue.b[n], B_UNITS, net->param.b.weight[0][0], B_INPUTS, 0, B_INPUTS, net->dvalue.a[n]);
}

/* dw = x^T dz over the batch, of `rows` inputs from k on and the units of panel p: w moves by it; without a rate it is kept */
TILE_FUNCTION b_backward_weight_tile(struct dense_moved_few *net, int batch, const double *rate, int p, int k, int rows)
{
    real dw[4][B_PANEL] = {0}; /* what no unit needs stays 0 */
    tile8_outer_product(B_VECTORS, net->value.a[0] + k, B_INPUTS, net->dvalue.b[0], p, B_UNITS, batch,
        rate ? dw[0] : net->dparam.b.weight[p][k], 0, rows);
    if (rate)
        sgd_step(net->param.b.weight[p][k], dw[0], NULL, range_of_all((size_t)rows * B_PANEL),
            (struct sgd){.rate = *rate});
}

static void b_backward_weight(struct dense_moved_few *net, int batch, const double *rate, struct range tiles)
{
    for (int p = 0; p < B_PANELS; p++)
        TILE_INPUTS(4, 0, tiles, B_WEIGHT_TILES, b_backward_weight_tile, net, batch, rate, p);
}

/* z: dense 4
 * 512 -> 4, 2052 parameters, 4.1 kFLOP */

/* x w + b: tiles of examples by units */
static void z_forward(struct dense_moved_few *net, struct range examples)
{
    for (int p = 0; p < Z_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, Z_VECTORS,
            net->value.b[0], Z_INPUTS, net->param.z.weight[p][0], net->param.z.bias, p, Z_UNITS, net->value.z[0]);
}

/* dbias = sum of dy */
static void z_backward_output(struct dense_moved_few *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, Z_UNITS, net->dvalue.z[examples.first], net->group[g].z.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void z_backward_weight(struct dense_moved_few *net, int batch, struct range tiles)
{
    for (int p = 0; p < Z_PANELS; p++)
        TILE_INPUTS(8, 0, tiles, Z_WEIGHT_TILES, tile4_outer_product, Z_VECTORS,
            net->value.b[0], Z_INPUTS, net->dvalue.z[0], p, Z_UNITS, batch, net->dparam.z.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void z_backward_input(struct dense_moved_few *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(Z_VECTORS, net->dvalue.z[n], Z_UNITS, net->param.z.weight[0][0], Z_INPUTS, 0, Z_INPUTS, net->dvalue.b[n]);
}

/* output categorical
 * 4 -> 4 */

static void output_forward(struct dense_moved_few *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.z[n];
        real *p = net->value.output[n];
        const real largest = z[score_most_probable(z, OUTPUT_UNITS)];
        real sum = 0;
        for (int k = 0; k < OUTPUT_UNITS; k++) {
            p[k] = real_exp(z[k] - largest);
            sum += p[k];
        }
        for (int k = 0; k < OUTPUT_UNITS; k++)
            p[k] /= sum;
    }
}

/* loss[n] = -log softmax(z)[target], computed as log(sum of e^(z - max)) + max - z[target] */
static void output_loss(struct dense_moved_few *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        double loss = 0;
        const real *z = net->value.z[n];
        const real largest = z[score_most_probable(z, OUTPUT_UNITS)];
        double sum = 0;
        for (int k = 0; k < OUTPUT_UNITS; k++)
            sum += exp((double)(z[k] - largest));
        loss += log(sum) - (double)(z[net->target[n]] - largest);
        net->loss[n] = loss;
    }
}

static void output_backward(struct dense_moved_few *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.z[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct dense_moved_few *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->value.z = (void *)(net->arena + Z_AT);
    net->dvalue.z = (void *)(net->arena + Z_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct dense_moved_few *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    team_wait(team);
    a_forward(net, batch, team_share(team, A_PANELS));
    team_wait(team);
    b_forward(net, examples);
    z_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer.
 * With a rate, weights that take one move at once and keep no gradient. */
static void backward(struct dense_moved_few *net, int batch, const double *rate, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        z_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    z_backward_weight(net, batch, team_share(team, Z_WEIGHT_TILES));
    z_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        b_backward_output(net, g, team_group(g, GROUPS, batch));
    b_backward_input(net, examples);
    team_wait(team);
    b_backward_weight(net, batch, rate, team_share(team, B_WEIGHT_TILES));
    for (int g = groups.first; g < groups.end; g++)
        a_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    a_backward_weight(net, batch, rate, team_share(team, A_WEIGHT_TILES));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, a.bias);
    TEAM_ADD_GROUPS(team, net, b.bias);
    TEAM_ADD_GROUPS(team, net, z.bias);
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
static void update(struct dense_moved_few *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(z.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(z.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct dense_moved_few *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, net->value.input[n], 1, INPUT_UNITS, INPUT_UNITS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct dense_moved_few *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct dense_moved_few *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct dense_moved_few *net, struct batch batch, const double *rate, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch.count);
    load(net, batch, examples);
    forward(net, batch.count, team);
    output_loss(net, examples);
    team_wait(team);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count, rate, team);
    return loss;
}

/* A step as one of a team; where the loss is not finite, nothing moves. */
static void step_together(struct dense_moved_few *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, &rate, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct dense_moved_few *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct dense_moved_few *net, struct training *run, struct training_epoch *row)
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
        score_add_categorical(&row->train, loss, net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
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
    struct dense_moved_few *net = memory;
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
    {"input", "input 512", {1, 1, INPUT_UNITS, true}, 0, 0, INPUT_AT, INPUT_UNITS},
    {"a", "dense 256 relu", {1, 1, A_UNITS, true}, A_PARAMETERS, A_FLOP, A_AT, A_UNITS},
    {"b", "dense 512 tanh", {1, 1, B_UNITS, true}, B_PARAMETERS, B_FLOP, B_AT, B_UNITS},
    {"z", "dense 4", {1, 1, Z_UNITS, true}, Z_PARAMETERS, Z_FLOP, Z_AT, Z_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(dense_moved_few, a.weight), 2, A_UNITS, INPUT_UNITS, 1, 1, A_PANEL, INIT_HE},
    {MODEL_TENSOR(dense_moved_few, a.bias), 1, A_UNITS, 1, 1, 1, A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(dense_moved_few, b.weight), 2, B_UNITS, A_UNITS, 1, 1, B_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(dense_moved_few, b.bias), 1, B_UNITS, 1, 1, 1, B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(dense_moved_few, z.weight), 2, Z_UNITS, B_UNITS, 1, 1, Z_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(dense_moved_few, z.bias), 1, Z_UNITS, 1, 1, 1, Z_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(dense_moved_few, param),
    MODEL_PIECE(dense_moved_few, best),
    MODEL_PIECE(dense_moved_few, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct dense_moved_few *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct dense_moved_few *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch, NULL);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct dense_moved_few *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model dense_moved_few_model = {
    MODEL_OF(dense_moved_few),
    .march = "x86-64-v3",
    .input = {1, 1, INPUT_UNITS, true},
    .output = OUTPUT_CATEGORICAL,
    .target_size = OUTPUT_UNITS,
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
    return trainer_main(&dense_moved_few_model, argc, argv);
}
#endif
