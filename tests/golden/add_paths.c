/* add_paths.c - trains the network 'add_paths': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "add_paths.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* d: dense 7 tanh
 * 4x4x2 -> 7, 231 parameters, 448 FLOP */

/* tanh(x w + b): tiles of examples by units */
static void d_forward(struct add_paths *net, struct range examples)
{
    for (int p = 0; p < D_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile8_affine, D_VECTORS,
            &net->value.input[0][0][0][0], D_INPUTS, net->param.d.weight[p][0], net->param.d.bias, p, D_UNITS, net->value.d[0]);
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < D_UNITS; i++)
            net->value.d[n][i] = real_tanh(net->value.d[n][i]);
}

/* The parts of the gradient that the layers behind it made */
static void d_backward_sum(struct add_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < D_UNITS; i++)
            net->dvalue.d[n][i] = net->dvalue.d_from_d_add[n][i] + net->dvalue.d_from_b[n][i] + net->dvalue.d_from_a[n][i];
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void d_backward_output(struct add_paths *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < D_UNITS; i++)
            net->dvalue.d[n][i] = net->dvalue.d[n][i] * (1 - net->value.d[n][i] * net->value.d[n][i]);
    tile8_sum(examples.end - examples.first, D_UNITS, net->dvalue.d[examples.first], net->group[g].d.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void d_backward_weight(struct add_paths *net, int batch, struct range tiles)
{
    for (int p = 0; p < D_PANELS; p++)
        TILE_INPUTS(8, 0, tiles, D_WEIGHT_TILES, tile8_outer_product, D_VECTORS,
            &net->value.input[0][0][0][0], D_INPUTS, net->dvalue.d[0], p, D_UNITS, batch, net->dparam.d.weight[p][0]);
}

/* a: dense 7 relu
 * 7 -> 7, 56 parameters, 98 FLOP */

/* relu(x w + b): tiles of examples by units */
static void a_forward(struct add_paths *net, struct range examples)
{
    for (int p = 0; p < A_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile8_affine_relu, A_VECTORS,
            net->value.d[0], A_INPUTS, net->param.a.weight[p][0], net->param.a.bias, p, A_UNITS, net->value.a[0]);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct add_paths *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < A_UNITS; i++)
            net->dvalue.a[n][i] = net->value.a[n][i] > 0 ? net->dvalue.a[n][i] : 0;
    tile8_sum(examples.end - examples.first, A_UNITS, net->dvalue.a[examples.first], net->group[g].a.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void a_backward_weight(struct add_paths *net, int batch, struct range tiles)
{
    for (int p = 0; p < A_PANELS; p++)
        TILE_INPUTS(7, 0, tiles, A_WEIGHT_TILES, tile8_outer_product, A_VECTORS,
            net->value.d[0], A_INPUTS, net->dvalue.a[0], p, A_UNITS, batch, net->dparam.a.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void a_backward_input(struct add_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile8_row_product(A_VECTORS, net->dvalue.a[n], A_UNITS, net->param.a.weight[0][0], A_INPUTS, 0, A_INPUTS, net->dvalue.d_from_a[n]);
}

/* b: dense 3
 * 7 -> 3, 24 parameters, 42 FLOP */

/* x w + b: tiles of examples by units */
static void b_forward(struct add_paths *net, struct range examples)
{
    for (int p = 0; p < B_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, B_VECTORS,
            net->value.d[0], B_INPUTS, net->param.b.weight[p][0], net->param.b.bias, p, B_UNITS, net->value.b[0]);
}

/* dbias = sum of dy */
static void b_backward_output(struct add_paths *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, B_UNITS, net->dvalue.b[examples.first], net->group[g].b.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void b_backward_weight(struct add_paths *net, int batch, struct range tiles)
{
    for (int p = 0; p < B_PANELS; p++)
        TILE_INPUTS(7, 0, tiles, B_WEIGHT_TILES, tile4_outer_product, B_VECTORS,
            net->value.d[0], B_INPUTS, net->dvalue.b[0], p, B_UNITS, batch, net->dparam.b.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void b_backward_input(struct add_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(B_VECTORS, net->dvalue.b[n], B_UNITS, net->param.b.weight[0][0], B_INPUTS, 0, B_INPUTS, net->dvalue.d_from_b[n]);
}

/* c: dense 7
 * 3 -> 7, 28 parameters, 42 FLOP */

/* x w + b: tiles of examples by units */
static void c_forward(struct add_paths *net, struct range examples)
{
    for (int p = 0; p < C_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile8_affine, C_VECTORS,
            net->value.b[0], C_INPUTS, net->param.c.weight[p][0], net->param.c.bias, p, C_UNITS, net->value.c[0]);
}

/* dbias = sum of dy */
static void c_backward_output(struct add_paths *net, int g, struct range examples)
{
    tile8_sum(examples.end - examples.first, C_UNITS, net->dvalue.c[examples.first], net->group[g].c.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void c_backward_weight(struct add_paths *net, int batch, struct range tiles)
{
    for (int p = 0; p < C_PANELS; p++)
        TILE_INPUTS(3, 0, tiles, C_WEIGHT_TILES, tile8_outer_product, C_VECTORS,
            net->value.b[0], C_INPUTS, net->dvalue.c[0], p, C_UNITS, batch, net->dparam.c.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void c_backward_input(struct add_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile8_row_product(C_VECTORS, net->dvalue.c[n], C_UNITS, net->param.c.weight[0][0], C_INPUTS, 0, C_INPUTS, net->dvalue.b[n]);
}

/* add
 * 7 -> 7 */

static void d_add_forward(struct add_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < D_ADD_UNITS; i++)
            net->value.d_add[n][i] = net->value.a[n][i] + net->value.c[n][i] + net->value.d[n][i];
}

static void d_add_backward(struct add_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < C_UNITS; i++)
            net->dvalue.c[n][i] = net->dvalue.d_add[n][i];
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < D_UNITS; i++)
            net->dvalue.d_from_d_add[n][i] = net->dvalue.d_add[n][i];
}

/* sum: dense 2
 * 7 -> 2, 16 parameters, 28 FLOP */

/* x w + b: tiles of examples by units */
static void sum_forward(struct add_paths *net, struct range examples)
{
    for (int p = 0; p < SUM_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, SUM_VECTORS,
            net->value.d_add[0], SUM_INPUTS, net->param.sum.weight[p][0], net->param.sum.bias, p, SUM_UNITS, net->value.sum[0]);
}

/* The parts of the gradient that the layers behind it made */
static void sum_backward_sum(struct add_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < SUM_UNITS; i++)
            net->dvalue.sum[n][i] = net->dvalue.sum_from_sum_add[n][i] + net->dvalue.sum_from_sum_add_2[n][i];
}

/* dbias = sum of dy */
static void sum_backward_output(struct add_paths *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, SUM_UNITS, net->dvalue.sum[examples.first], net->group[g].sum.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void sum_backward_weight(struct add_paths *net, int batch, struct range tiles)
{
    for (int p = 0; p < SUM_PANELS; p++)
        TILE_INPUTS(7, 0, tiles, SUM_WEIGHT_TILES, tile4_outer_product, SUM_VECTORS,
            net->value.d_add[0], SUM_INPUTS, net->dvalue.sum[0], p, SUM_UNITS, batch, net->dparam.sum.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void sum_backward_input(struct add_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(SUM_VECTORS, net->dvalue.sum[n], SUM_UNITS, net->param.sum.weight[0][0], SUM_INPUTS, 0, SUM_INPUTS, net->dvalue.d_add[n]);
}

/* add with=sum
 * 2 -> 2 */

static void sum_add_forward(struct add_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < SUM_ADD_UNITS; i++)
            net->value.sum_add[n][i] = net->value.sum[n][i] + net->value.sum[n][i];
}

static void sum_add_backward(struct add_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < SUM_UNITS; i++)
            net->dvalue.sum_from_sum_add[n][i] = net->dvalue.sum_add[n][i];
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < SUM_UNITS; i++)
            net->dvalue.sum_from_sum_add_2[n][i] = net->dvalue.sum_add[n][i];
}

/* output squared_error
 * 2 -> 2 */

static void output_forward(struct add_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.sum_add[n];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct add_paths *net, struct range examples)
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

static void output_backward(struct add_paths *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.sum_add[n];
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            dz[k] = 2 * (mean[k] - net->target[n][k]) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct add_paths *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d_from_d_add = (void *)(net->arena + D_FROM_D_ADD_GRADIENT_AT);
    net->dvalue.d_from_b = (void *)(net->arena + D_FROM_B_GRADIENT_AT);
    net->dvalue.d_from_a = (void *)(net->arena + D_FROM_A_GRADIENT_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + D_ADD_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.d_add = (void *)(net->arena + D_ADD_AT);
    net->dvalue.d_add = (void *)(net->arena + D_ADD_GRADIENT_AT);
    net->value.sum = (void *)(net->arena + SUM_AT);
    net->dvalue.sum_from_sum_add = (void *)(net->arena + SUM_FROM_SUM_ADD_GRADIENT_AT);
    net->dvalue.sum_from_sum_add_2 = (void *)(net->arena + SUM_FROM_SUM_ADD_2_GRADIENT_AT);
    net->dvalue.sum = (void *)(net->arena + SUM_GRADIENT_AT);
    net->value.sum_add = (void *)(net->arena + SUM_ADD_AT);
    net->dvalue.sum_add = (void *)(net->arena + SUM_ADD_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct add_paths *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    d_forward(net, examples);
    a_forward(net, examples);
    b_forward(net, examples);
    c_forward(net, examples);
    d_add_forward(net, examples);
    sum_forward(net, examples);
    sum_add_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct add_paths *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    sum_add_backward(net, examples);
    sum_backward_sum(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        sum_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    sum_backward_weight(net, batch, team_share(team, SUM_WEIGHT_TILES));
    sum_backward_input(net, examples);
    d_add_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    c_backward_weight(net, batch, team_share(team, C_WEIGHT_TILES));
    c_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        b_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    b_backward_weight(net, batch, team_share(team, B_WEIGHT_TILES));
    b_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        a_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    a_backward_weight(net, batch, team_share(team, A_WEIGHT_TILES));
    a_backward_input(net, examples);
    d_backward_sum(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        d_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    d_backward_weight(net, batch, team_share(team, D_WEIGHT_TILES));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, d.bias);
    TEAM_ADD_GROUPS(team, net, a.bias);
    TEAM_ADD_GROUPS(team, net, b.bias);
    TEAM_ADD_GROUPS(team, net, c.bias);
    TEAM_ADD_GROUPS(team, net, sum.bias);
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
static void update(struct add_paths *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(sum.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(sum.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct add_paths *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        examples_read_target(batch.examples, i, net->target[n], OUTPUT_TARGETS);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct add_paths *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct add_paths *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct add_paths *net, struct batch batch, struct team team)
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
static void step_together(struct add_paths *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct add_paths *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct add_paths *net, struct training *run, struct training_epoch *row)
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
    struct add_paths *net = memory;
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
    {"input", "input 4x4x2", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"d", "dense 7 tanh", {1, 1, D_UNITS, true}, D_PARAMETERS, D_FLOP, D_AT, D_UNITS},
    {"a", "dense 7 relu", {1, 1, A_UNITS, true}, A_PARAMETERS, A_FLOP, A_AT, A_UNITS},
    {"b", "dense 3", {1, 1, B_UNITS, true}, B_PARAMETERS, B_FLOP, B_AT, B_UNITS},
    {"c", "dense 7", {1, 1, C_UNITS, true}, C_PARAMETERS, C_FLOP, C_AT, C_UNITS},
    {"d_add", "add", {1, 1, D_ADD_UNITS, true}, 0, 0, D_ADD_AT, D_ADD_UNITS},
    {"sum", "dense 2", {1, 1, SUM_UNITS, true}, SUM_PARAMETERS, SUM_FLOP, SUM_AT, SUM_UNITS},
    {"sum_add", "add with=sum", {1, 1, SUM_ADD_UNITS, true}, 0, 0, SUM_ADD_AT, SUM_ADD_UNITS},
    {"output", "output squared_error", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(add_paths, d.weight), 2, D_UNITS, INPUT_CHANNELS, INPUT_HEIGHT, INPUT_WIDTH, D_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(add_paths, d.bias), 1, D_UNITS, 1, 1, 1, D_PANEL, INIT_ZERO},
    {MODEL_TENSOR(add_paths, a.weight), 2, A_UNITS, D_UNITS, 1, 1, A_PANEL, INIT_HE},
    {MODEL_TENSOR(add_paths, a.bias), 1, A_UNITS, 1, 1, 1, A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(add_paths, b.weight), 2, B_UNITS, D_UNITS, 1, 1, B_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(add_paths, b.bias), 1, B_UNITS, 1, 1, 1, B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(add_paths, c.weight), 2, C_UNITS, B_UNITS, 1, 1, C_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(add_paths, c.bias), 1, C_UNITS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {MODEL_TENSOR(add_paths, sum.weight), 2, SUM_UNITS, D_ADD_UNITS, 1, 1, SUM_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(add_paths, sum.bias), 1, SUM_UNITS, 1, 1, 1, SUM_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(add_paths, param),
    MODEL_PIECE(add_paths, best),
    MODEL_PIECE(add_paths, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct add_paths *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct add_paths *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct add_paths *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model add_paths_model = {
    MODEL_OF(add_paths),
    .march = "x86-64-v3",
    .input = {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false},
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
    return trainer_main(&add_paths_model, argc, argv);
}
#endif
