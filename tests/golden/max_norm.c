/* max_norm.c - trains the network 'max_norm': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "max_norm.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* c: conv 5 3x3 relu max_norm=0.75
 * 6x6x1 -> 4x4x5, 50 parameters, 1.44 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION c_forward_tile(struct max_norm *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[4 * C_VECTORS];
    tile8_start(pixels, C_VECTORS, sum, &net->param.c.bias[p * C_PANEL]);
    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
        tile8_multiply(pixels, C_VECTORS, sum, &net->value.input[n][y + i][x][0], INPUT_CHANNELS,
            net->param.c.weight[p][i][0], C_KERNEL_ROW);
    tile8_relu(pixels, C_VECTORS, sum);
    tile8_store(pixels, C_VECTORS, p, C_FILTERS, sum, &net->value.c[n][y][x][p * C_PANEL], C_FILTERS);
}

static void c_forward(struct max_norm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int y = 0; y < C_HEIGHT; y++)
                TILE_ALONG(4, 0, C_WIDTH, c_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void c_backward_output(struct max_norm *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->value.c[n][y][x][c] > 0 ? net->dvalue.c[n][y][x][c] : 0;
        tile8_sum(C_HEIGHT * C_WIDTH, C_FILTERS, &net->dvalue.c[n][0][0][0], net->group[g].c.bias);
    }
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION c_backward_weight_tile(struct max_norm *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[3 * C_VECTORS];
    tile8_clear(rows, C_VECTORS, sum);
    for (int y = 0; y < C_HEIGHT; y++)
        tile8_outer(rows, C_VECTORS, sum, &net->value.input[n][y + i][0][0] + k, INPUT_CHANNELS,
            &net->dvalue.c[n][y][0][p * C_PANEL], C_FILTERS, C_WIDTH);
    tile8_add(rows, C_VECTORS, p, C_FILTERS, sum, net->group[g].c.weight[p][i][k], C_PANEL);
}

static void c_backward_weight(struct max_norm *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                TILE_ALONG(3, 0, C_KERNEL_ROW, c_backward_weight_tile, net, g, n, p, i);
}

/* No weights into a filter or unit are longer than C_MAX_NORM */
static void c_limit_norm(struct max_norm *net, struct range filters)
{
    const int inputs = C_WEIGHTS / C_FILTERS;
    for (int f = filters.first; f < filters.end; f++) {
        real *weight = (real *)net->param.c.weight + f / C_PANEL * inputs * C_PANEL + f % C_PANEL;
        real square = 0;
        for (int k = 0; k < inputs; k++)
            square += weight[k * C_PANEL] * weight[k * C_PANEL];
        const real norm = real_sqrt(square);
        for (int k = 0; k < inputs; k++)
            weight[k * C_PANEL] *= norm > C_MAX_NORM ? C_MAX_NORM / norm : 1;
    }
}

/* d: dense 20 relu max_norm=1
 * 4x4x5 -> 20, 1620 parameters, 3.2 kFLOP */

/* relu(x w + b): tiles of examples by units */
static void d_forward(struct max_norm *net, struct range examples)
{
    for (int p = 0; p < D_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile8_affine_relu, D_VECTORS,
            &net->value.c[0][0][0][0], D_INPUTS, net->param.d.weight[p][0], net->param.d.bias, p, D_UNITS, net->value.d[0]);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void d_backward_output(struct max_norm *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < D_UNITS; i++)
            net->dvalue.d[n][i] = net->value.d[n][i] > 0 ? net->dvalue.d[n][i] : 0;
    tile8_sum(examples.end - examples.first, D_UNITS, net->dvalue.d[examples.first], net->group[g].d.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void d_backward_weight(struct max_norm *net, int batch, struct range tiles)
{
    for (int p = 0; p < D_PANELS; p++)
        TILE_INPUTS(4, 0, tiles, D_WEIGHT_TILES, tile8_outer_product, D_VECTORS,
            &net->value.c[0][0][0][0], D_INPUTS, net->dvalue.d[0], p, D_UNITS, batch, net->dparam.d.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void d_backward_input(struct max_norm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile8_row_product(D_VECTORS, net->dvalue.d[n], D_UNITS, net->param.d.weight[0][0], D_INPUTS, 0, D_INPUTS, &net->dvalue.c[n][0][0][0]);
}

/* No weights into a filter or unit are longer than D_MAX_NORM */
static void d_limit_norm(struct max_norm *net, struct range filters)
{
    const int inputs = D_WEIGHTS / D_UNITS;
    for (int f = filters.first; f < filters.end; f++) {
        real *weight = (real *)net->param.d.weight + f / D_PANEL * inputs * D_PANEL + f % D_PANEL;
        real square = 0;
        for (int k = 0; k < inputs; k++)
            square += weight[k * D_PANEL] * weight[k * D_PANEL];
        const real norm = real_sqrt(square);
        for (int k = 0; k < inputs; k++)
            weight[k * D_PANEL] *= norm > D_MAX_NORM ? D_MAX_NORM / norm : 1;
    }
}

/* f: dense 3
 * 20 -> 3, 63 parameters, 120 FLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct max_norm *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, F_VECTORS,
            net->value.d[0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct max_norm *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct max_norm *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(7, 6, tiles, F_WEIGHT_TILES, tile4_outer_product, F_VECTORS,
            net->value.d[0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void f_backward_input(struct max_norm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(F_VECTORS, net->dvalue.f[n], F_UNITS, net->param.f.weight[0][0], F_INPUTS, 0, F_INPUTS, net->dvalue.d[n]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct max_norm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.f[n];
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
static void output_loss(struct max_norm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        double loss = 0;
        const real *z = net->value.f[n];
        const real largest = z[score_most_probable(z, OUTPUT_UNITS)];
        double sum = 0;
        for (int k = 0; k < OUTPUT_UNITS; k++)
            sum += exp((double)(z[k] - largest));
        loss += log(sum) - (double)(z[net->target[n]] - largest);
        net->loss[n] = loss;
    }
}

static void output_backward(struct max_norm *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.f[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct max_norm *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct max_norm *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    c_forward(net, examples);
    d_forward(net, examples);
    f_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct max_norm *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    f_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        d_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    d_backward_weight(net, batch, team_share(team, D_WEIGHT_TILES));
    d_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        c_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, c.weight);
    TEAM_ADD_GROUPS(team, net, c.bias);
    TEAM_ADD_GROUPS(team, net, d.bias);
    TEAM_ADD_GROUPS(team, net, f.bias);
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
static void update(struct max_norm *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    team_wait(team);
    c_limit_norm(net, team_share(team, C_FILTERS));
    d_limit_norm(net, team_share(team, D_UNITS));
}

/* Some examples of the batch, from the data into the network */
static void load(struct max_norm *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct max_norm *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct max_norm *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct max_norm *net, struct batch batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch.count);
    load(net, batch, examples);
    forward(net, batch.count, team);
    output_loss(net, examples);
    team_wait(team);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count, team);
    return loss;
}

/* A step as one of a team; where the loss is not finite, nothing moves. */
static void step_together(struct max_norm *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct max_norm *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct max_norm *net, struct training *run, struct training_epoch *row)
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
    struct max_norm *net = memory;
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
    {"input", "input 6x6x1", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"c", "conv 5 3x3 relu max_norm=0.75", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"d", "dense 20 relu max_norm=1", {1, 1, D_UNITS, true}, D_PARAMETERS, D_FLOP, D_AT, D_UNITS},
    {"f", "dense 3", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(max_norm, c.weight), 4, C_FILTERS, INPUT_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_HE},
    {MODEL_TENSOR(max_norm, c.bias), 1, C_FILTERS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {MODEL_TENSOR(max_norm, d.weight), 2, D_UNITS, C_FILTERS, C_HEIGHT, C_WIDTH, D_PANEL, INIT_HE},
    {MODEL_TENSOR(max_norm, d.bias), 1, D_UNITS, 1, 1, 1, D_PANEL, INIT_ZERO},
    {MODEL_TENSOR(max_norm, f.weight), 2, F_UNITS, D_UNITS, 1, 1, F_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(max_norm, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(max_norm, param),
    MODEL_PIECE(max_norm, best),
    MODEL_PIECE(max_norm, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct max_norm *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct max_norm *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct max_norm *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model max_norm_model = {
    MODEL_OF(max_norm),
    .march = "x86-64-v3",
    .input = {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false},
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
    return trainer_main(&max_norm_model, argc, argv);
}
#endif
