/* add_paths.c - trains the network 'add_paths': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "add_paths.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* d: dense 7 tanh
 * 4x4x2 -> 7, 231 parameters, 448 FLOP */

static void d_forward(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.input[n][0][0][0];
        for (int u = 0; u < D_UNITS; u++) {
            real sum = net->param.d.bias[u];
            for (int k = 0; k < D_INPUTS; k++)
                sum += net->param.d.weight[k][u] * x[k];
            net->value.d[n][u] = real_tanh(sum);
        }
    }
}

/* The parts of the gradient that the layers behind it made */
static void d_backward_sum(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < D_UNITS; i++)
            net->dvalue.d[n][i] = net->dvalue.d_from_d_add[n][i] + net->dvalue.d_from_b[n][i] + net->dvalue.d_from_a[n][i];
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void d_backward_output(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < D_UNITS; i++)
            net->dvalue.d[n][i] = net->dvalue.d[n][i] * (1 - net->value.d[n][i] * net->value.d[n][i]);
        for (int i = 0; i < D_UNITS; i++)
            net->dparam.d.bias[i] += net->dvalue.d[n][i];
    }
}

static void d_backward_weight(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.input[n][0][0][0];
        for (int k = 0; k < D_INPUTS; k++)
            for (int u = 0; u < D_UNITS; u++)
                net->dparam.d.weight[k][u] += x[k] * net->dvalue.d[n][u];
    }
}

/* a: dense 7 relu
 * 7 -> 7, 56 parameters, 98 FLOP */

static void a_forward(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d[n];
        for (int u = 0; u < A_UNITS; u++) {
            real sum = net->param.a.bias[u];
            for (int k = 0; k < A_INPUTS; k++)
                sum += net->param.a.weight[k][u] * x[k];
            net->value.a[n][u] = sum < 0 ? 0 : sum;
        }
    }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < A_UNITS; i++)
            net->dvalue.a[n][i] = net->value.a[n][i] > 0 ? net->dvalue.a[n][i] : 0;
        for (int i = 0; i < A_UNITS; i++)
            net->dparam.a.bias[i] += net->dvalue.a[n][i];
    }
}

static void a_backward_weight(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d[n];
        for (int k = 0; k < A_INPUTS; k++)
            for (int u = 0; u < A_UNITS; u++)
                net->dparam.a.weight[k][u] += x[k] * net->dvalue.a[n][u];
    }
}

static void a_backward_input(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.d_from_a[n];
        for (int k = 0; k < A_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < A_UNITS; u++)
                sum += net->dvalue.a[n][u] * net->param.a.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* b: dense 3
 * 7 -> 3, 24 parameters, 42 FLOP */

static void b_forward(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d[n];
        for (int u = 0; u < B_UNITS; u++) {
            real sum = net->param.b.bias[u];
            for (int k = 0; k < B_INPUTS; k++)
                sum += net->param.b.weight[k][u] * x[k];
            net->value.b[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void b_backward_output(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < B_UNITS; i++)
            net->dparam.b.bias[i] += net->dvalue.b[n][i];
    }
}

static void b_backward_weight(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d[n];
        for (int k = 0; k < B_INPUTS; k++)
            for (int u = 0; u < B_UNITS; u++)
                net->dparam.b.weight[k][u] += x[k] * net->dvalue.b[n][u];
    }
}

static void b_backward_input(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.d_from_b[n];
        for (int k = 0; k < B_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < B_UNITS; u++)
                sum += net->dvalue.b[n][u] * net->param.b.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* c: dense 7
 * 3 -> 7, 28 parameters, 42 FLOP */

static void c_forward(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.b[n];
        for (int u = 0; u < C_UNITS; u++) {
            real sum = net->param.c.bias[u];
            for (int k = 0; k < C_INPUTS; k++)
                sum += net->param.c.weight[k][u] * x[k];
            net->value.c[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void c_backward_output(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < C_UNITS; i++)
            net->dparam.c.bias[i] += net->dvalue.c[n][i];
    }
}

static void c_backward_weight(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.b[n];
        for (int k = 0; k < C_INPUTS; k++)
            for (int u = 0; u < C_UNITS; u++)
                net->dparam.c.weight[k][u] += x[k] * net->dvalue.c[n][u];
    }
}

static void c_backward_input(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.b[n];
        for (int k = 0; k < C_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < C_UNITS; u++)
                sum += net->dvalue.c[n][u] * net->param.c.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* add
 * 7 -> 7 */

static void d_add_forward(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < D_ADD_UNITS; i++)
            net->value.d_add[n][i] = net->value.a[n][i] + net->value.c[n][i] + net->value.d[n][i];
}

static void d_add_backward(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < C_UNITS; i++)
            net->dvalue.c[n][i] = net->dvalue.d_add[n][i];
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < D_UNITS; i++)
            net->dvalue.d_from_d_add[n][i] = net->dvalue.d_add[n][i];
}

/* sum: dense 2
 * 7 -> 2, 16 parameters, 28 FLOP */

static void sum_forward(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d_add[n];
        for (int u = 0; u < SUM_UNITS; u++) {
            real sum = net->param.sum.bias[u];
            for (int k = 0; k < SUM_INPUTS; k++)
                sum += net->param.sum.weight[k][u] * x[k];
            net->value.sum[n][u] = sum;
        }
    }
}

/* The parts of the gradient that the layers behind it made */
static void sum_backward_sum(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < SUM_UNITS; i++)
            net->dvalue.sum[n][i] = net->dvalue.sum_from_sum_add[n][i] + net->dvalue.sum_from_sum_add_2[n][i];
}

/* dbias = sum of dy */
static void sum_backward_output(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < SUM_UNITS; i++)
            net->dparam.sum.bias[i] += net->dvalue.sum[n][i];
    }
}

static void sum_backward_weight(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d_add[n];
        for (int k = 0; k < SUM_INPUTS; k++)
            for (int u = 0; u < SUM_UNITS; u++)
                net->dparam.sum.weight[k][u] += x[k] * net->dvalue.sum[n][u];
    }
}

static void sum_backward_input(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.d_add[n];
        for (int k = 0; k < SUM_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < SUM_UNITS; u++)
                sum += net->dvalue.sum[n][u] * net->param.sum.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* add with=sum
 * 2 -> 2 */

static void sum_add_forward(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < SUM_ADD_UNITS; i++)
            net->value.sum_add[n][i] = net->value.sum[n][i] + net->value.sum[n][i];
}

static void sum_add_backward(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < SUM_UNITS; i++)
            net->dvalue.sum_from_sum_add[n][i] = net->dvalue.sum_add[n][i];
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < SUM_UNITS; i++)
            net->dvalue.sum_from_sum_add_2[n][i] = net->dvalue.sum_add[n][i];
}

/* output squared_error
 * 2 -> 2 */

static void output_forward(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *z = net->value.sum_add[n];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct add_paths *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        double loss = 0;
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++) {
            const double error = (double)(mean[k] - net->target[n][k]);
            loss += error * error;
        }
        net->loss[n] = loss;
    }
}

static void output_backward(struct add_paths *net, int batch)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = 0; n < batch; n++) {
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

static void forward(struct add_paths *net, int batch)
{
    d_forward(net, batch);
    a_forward(net, batch);
    b_forward(net, batch);
    c_forward(net, batch);
    d_add_forward(net, batch);
    sum_forward(net, batch);
    sum_add_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct add_paths *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    sum_add_backward(net, batch);
    sum_backward_sum(net, batch);
    sum_backward_output(net, batch);
    sum_backward_weight(net, batch);
    sum_backward_input(net, batch);
    d_add_backward(net, batch);
    c_backward_output(net, batch);
    c_backward_weight(net, batch);
    c_backward_input(net, batch);
    b_backward_output(net, batch);
    b_backward_weight(net, batch);
    b_backward_input(net, batch);
    a_backward_output(net, batch);
    a_backward_weight(net, batch);
    a_backward_input(net, batch);
    d_backward_sum(net, batch);
    d_backward_output(net, batch);
    d_backward_weight(net, batch);
}

/* the same rate throughout: the rate of step `step`, from 0 */
static double learning_rate(uint64_t step, uint64_t steps_per_epoch, int epochs)
{
    (void)step, (void)steps_per_epoch;
    (void)epochs;
    return RATE;
}

#define SGD_TENSOR(name) \
    (real *)net->param.name, (const real *)net->dparam.name, NULL, range_of_all(sizeof(net->param.name) / sizeof(real))

/* stochastic gradient descent, with momentum where it is set */
static void update(struct add_paths *net, double rate)
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

/* The forward pass alone */
static void infer(struct add_paths *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct add_paths *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct add_paths *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct add_paths *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
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
    {MODEL_TENSOR(add_paths, d.weight), 2, D_UNITS, INPUT_CHANNELS, INPUT_HEIGHT, INPUT_WIDTH, D_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(add_paths, d.bias), 1, D_UNITS, 1, 1, 1, D_UNITS, INIT_ZERO},
    {MODEL_TENSOR(add_paths, a.weight), 2, A_UNITS, D_UNITS, 1, 1, A_UNITS, INIT_HE},
    {MODEL_TENSOR(add_paths, a.bias), 1, A_UNITS, 1, 1, 1, A_UNITS, INIT_ZERO},
    {MODEL_TENSOR(add_paths, b.weight), 2, B_UNITS, D_UNITS, 1, 1, B_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(add_paths, b.bias), 1, B_UNITS, 1, 1, 1, B_UNITS, INIT_ZERO},
    {MODEL_TENSOR(add_paths, c.weight), 2, C_UNITS, B_UNITS, 1, 1, C_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(add_paths, c.bias), 1, C_UNITS, 1, 1, 1, C_UNITS, INIT_ZERO},
    {MODEL_TENSOR(add_paths, sum.weight), 2, SUM_UNITS, D_ADD_UNITS, 1, 1, SUM_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(add_paths, sum.bias), 1, SUM_UNITS, 1, 1, 1, SUM_UNITS, INIT_ZERO},
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
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct add_paths *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
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
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&add_paths_model, argc, argv);
}
#endif
