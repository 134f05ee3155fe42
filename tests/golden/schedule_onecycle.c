/* schedule_onecycle.c - trains the network 'schedule_onecycle': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "schedule_onecycle.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: dense 6 tanh
 * 5 -> 6, 36 parameters, 60 FLOP */

/* tanh(x w + b): tiles of examples by units */
static void a_forward(struct schedule_onecycle *net, struct range examples)
{
    for (int p = 0; p < A_PANELS; p++)
        TILE_EXAMPLES(4, 0, examples, tile8_affine, A_VECTORS,
            net->value.input[0], A_INPUTS, net->param.a.weight[p][0], net->param.a.bias, p, A_UNITS, net->value.a[0]);
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < A_UNITS; i++)
            net->value.a[n][i] = real_tanh(net->value.a[n][i]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct schedule_onecycle *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < A_UNITS; i++)
            net->dvalue.a[n][i] = net->dvalue.a[n][i] * (1 - net->value.a[n][i] * net->value.a[n][i]);
    tile8_sum(examples.end - examples.first, A_UNITS, net->dvalue.a[examples.first], net->group[g].a.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void a_backward_weight(struct schedule_onecycle *net, int batch, struct range tiles)
{
    for (int p = 0; p < A_PANELS; p++)
        TILE_INPUTS(5, 0, tiles, A_WEIGHT_TILES, tile8_outer_product, A_VECTORS,
            net->value.input[0], A_INPUTS, net->dvalue.a[0], p, A_UNITS, batch, net->dparam.a.weight[p][0]);
}

/* b: dense 3
 * 6 -> 3, 21 parameters, 36 FLOP */

/* x w + b: tiles of examples by units */
static void b_forward(struct schedule_onecycle *net, struct range examples)
{
    for (int p = 0; p < B_PANELS; p++)
        TILE_EXAMPLES(4, 0, examples, tile4_affine, B_VECTORS,
            net->value.a[0], B_INPUTS, net->param.b.weight[p][0], net->param.b.bias, p, B_UNITS, net->value.b[0]);
}

/* dbias = sum of dy */
static void b_backward_output(struct schedule_onecycle *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, B_UNITS, net->dvalue.b[examples.first], net->group[g].b.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void b_backward_weight(struct schedule_onecycle *net, int batch, struct range tiles)
{
    for (int p = 0; p < B_PANELS; p++)
        TILE_INPUTS(6, 0, tiles, B_WEIGHT_TILES, tile4_outer_product, B_VECTORS,
            net->value.a[0], B_INPUTS, net->dvalue.b[0], p, B_UNITS, batch, net->dparam.b.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void b_backward_input(struct schedule_onecycle *net, struct range examples)
{
    for (int q = 0; q < B_BACK_PANELS; q++)
        TILE_EXAMPLES(4, 0, examples, tile8_affine, B_BACK_VECTORS,
            net->dvalue.b[0], B_UNITS, net->transposed.b[q][0], TILE_NO_BIAS, q, B_INPUTS, net->dvalue.a[0]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct schedule_onecycle *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.b[n];
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
static void output_loss(struct schedule_onecycle *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        double loss = 0;
        const real *z = net->value.b[n];
        const real largest = z[score_most_probable(z, OUTPUT_UNITS)];
        double sum = 0;
        for (int k = 0; k < OUTPUT_UNITS; k++)
            sum += exp((double)(z[k] - largest));
        loss += log(sum) - (double)(z[net->target[n]] - largest);
        net->loss[n] = loss;
    }
}

static void output_backward(struct schedule_onecycle *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.b[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct schedule_onecycle *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->transposed.b = (void *)(net->arena + B_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct schedule_onecycle *net, struct team team)
{
    panels_transpose(net->param.b.weight[0][0], B_UNITS, 1, B_INPUTS, B_PANEL, net->transposed.b[0][0], B_BACK_PANEL, team_share(team, B_BACK_PANELS));
}

static void forward(struct schedule_onecycle *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    a_forward(net, examples);
    b_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct schedule_onecycle *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        b_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    b_backward_weight(net, batch, team_share(team, B_WEIGHT_TILES));
    b_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        a_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    a_backward_weight(net, batch, team_share(team, A_WEIGHT_TILES));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, a.bias);
    TEAM_ADD_GROUPS(team, net, b.bias);
}

/* half a cosine up to the rate, then one down to nearly 0 (Smith 2018; PyTorch's OneCycleLR): the rate of step `step`, from 0 */
static double learning_rate(uint64_t step, uint64_t steps_per_epoch, int epochs)
{
    const double steps = (double)epochs * (double)steps_per_epoch;
    const double top = ONECYCLE_START * steps - 1, last = steps - 1, at = (double)step;
    const double first = (double)RATE / ONECYCLE_DIV;
    if (at <= top)
        return RATE + (first - RATE) * (1 + cos(M_PI * (top > 0 ? at / top : 1))) / 2;
    const double end = first / ONECYCLE_FINAL_DIV;
    return end + (RATE - end) * (1 + cos(M_PI * (at - top) / (last - top))) / 2;
}

#define SGD_TENSOR(name) \
    (real *)net->param.name, (const real *)net->dparam.name, (real *)net->velocity.name, team_numbers(team, sizeof(net->param.name) / sizeof(real))

/* stochastic gradient descent, with momentum where it is set */
static void update(struct schedule_onecycle *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM});
}

/* Some examples of the batch, from the data into the network */
static void load(struct schedule_onecycle *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, net->value.input[n], 1, INPUT_UNITS, INPUT_UNITS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct schedule_onecycle *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct schedule_onecycle *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct schedule_onecycle *net, struct batch batch, struct team team)
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
static void step_together(struct schedule_onecycle *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct schedule_onecycle *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct schedule_onecycle *net, struct training *run, struct training_epoch *row)
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
    struct schedule_onecycle *net = memory;
    if (!run->is_resumed)
        net->best = net->param;
    run->end = TRAINING_COMPLETE;
    for (int epoch = run->at.epoch; epoch <= run->epochs; epoch++) {
        struct training_epoch *row = training_epoch_begin(run, epoch);
        if (!train_epoch(net, run, row))
            break;
        evaluate(net, run->validation, &row->validation);
        const double figure = score_loss(&row->validation);
        row->is_best = figure < run->at.least;
        if (row->is_best) {
            run->at.least = figure;
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
    {"input", "input 5", {1, 1, INPUT_UNITS, true}, 0, 0, INPUT_AT, INPUT_UNITS},
    {"a", "dense 6 tanh", {1, 1, A_UNITS, true}, A_PARAMETERS, A_FLOP, A_AT, A_UNITS},
    {"b", "dense 3", {1, 1, B_UNITS, true}, B_PARAMETERS, B_FLOP, B_AT, B_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(schedule_onecycle, a.weight), 2, A_UNITS, INPUT_UNITS, 1, 1, A_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(schedule_onecycle, a.bias), 1, A_UNITS, 1, 1, 1, A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(schedule_onecycle, b.weight), 2, B_UNITS, A_UNITS, 1, 1, B_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(schedule_onecycle, b.bias), 1, B_UNITS, 1, 1, 1, B_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(schedule_onecycle, param),
    MODEL_PIECE(schedule_onecycle, velocity),
    MODEL_PIECE(schedule_onecycle, best),
    MODEL_PIECE(schedule_onecycle, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct schedule_onecycle *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct schedule_onecycle *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct schedule_onecycle *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model schedule_onecycle_model = {
    MODEL_OF(schedule_onecycle),
    .march = "x86-64-v3",
    .input = {1, 1, INPUT_UNITS, true},
    .output = OUTPUT_CATEGORICAL,
    .target_size = OUTPUT_UNITS,
    .output_size = OUTPUT_UNITS,
    .settings = {
        .batch = BATCH,
        .epochs = EPOCHS,
        .seed = SEED,
        .validate = VALIDATE_SHARE,
        .validate_share = VALIDATION_SHARE,
        .optimizer = "sgd rate=" TEXT_OF(RATE) " momentum=" TEXT_OF(MOMENTUM),
        .schedule = "onecycle start=" TEXT_OF(ONECYCLE_START) " div=" TEXT_OF(ONECYCLE_DIV) " final_div=" TEXT_OF(ONECYCLE_FINAL_DIV),
        .penalty = "",
    },
    .threads_most = THREADS_MOST,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&schedule_onecycle_model, argc, argv);
}
#endif
