/* dense_moved_few.c - trains the network 'dense_moved_few': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "dense_moved_few.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: dense 256 relu
 * 512 -> 256, 131328 parameters, 262 kFLOP */

static void a_forward(struct dense_moved_few *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.input[n];
        for (int u = 0; u < A_UNITS; u++) {
            real sum = net->param.a.bias[u];
            for (int k = 0; k < A_INPUTS; k++)
                sum += net->param.a.weight[k][u] * x[k];
            net->value.a[n][u] = sum < 0 ? 0 : sum;
        }
    }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct dense_moved_few *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < A_UNITS; i++)
            net->dvalue.a[n][i] = net->value.a[n][i] > 0 ? net->dvalue.a[n][i] : 0;
        for (int i = 0; i < A_UNITS; i++)
            net->dparam.a.bias[i] += net->dvalue.a[n][i];
    }
}

static void a_backward_weight(struct dense_moved_few *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.input[n];
        for (int k = 0; k < A_INPUTS; k++)
            for (int u = 0; u < A_UNITS; u++)
                net->dparam.a.weight[k][u] += x[k] * net->dvalue.a[n][u];
    }
}

/* b: dense 512 tanh
 * 256 -> 512, 131584 parameters, 262 kFLOP */

static void b_forward(struct dense_moved_few *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.a[n];
        for (int u = 0; u < B_UNITS; u++) {
            real sum = net->param.b.bias[u];
            for (int k = 0; k < B_INPUTS; k++)
                sum += net->param.b.weight[k][u] * x[k];
            net->value.b[n][u] = real_tanh(sum);
        }
    }
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void b_backward_output(struct dense_moved_few *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < B_UNITS; i++)
            net->dvalue.b[n][i] = net->dvalue.b[n][i] * (1 - net->value.b[n][i] * net->value.b[n][i]);
        for (int i = 0; i < B_UNITS; i++)
            net->dparam.b.bias[i] += net->dvalue.b[n][i];
    }
}

static void b_backward_weight(struct dense_moved_few *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.a[n];
        for (int k = 0; k < B_INPUTS; k++)
            for (int u = 0; u < B_UNITS; u++)
                net->dparam.b.weight[k][u] += x[k] * net->dvalue.b[n][u];
    }
}

static void b_backward_input(struct dense_moved_few *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.a[n];
        for (int k = 0; k < B_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < B_UNITS; u++)
                sum += net->dvalue.b[n][u] * net->param.b.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* z: dense 4
 * 512 -> 4, 2052 parameters, 4.1 kFLOP */

static void z_forward(struct dense_moved_few *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.b[n];
        for (int u = 0; u < Z_UNITS; u++) {
            real sum = net->param.z.bias[u];
            for (int k = 0; k < Z_INPUTS; k++)
                sum += net->param.z.weight[k][u] * x[k];
            net->value.z[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void z_backward_output(struct dense_moved_few *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < Z_UNITS; i++)
            net->dparam.z.bias[i] += net->dvalue.z[n][i];
    }
}

static void z_backward_weight(struct dense_moved_few *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.b[n];
        for (int k = 0; k < Z_INPUTS; k++)
            for (int u = 0; u < Z_UNITS; u++)
                net->dparam.z.weight[k][u] += x[k] * net->dvalue.z[n][u];
    }
}

static void z_backward_input(struct dense_moved_few *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.b[n];
        for (int k = 0; k < Z_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < Z_UNITS; u++)
                sum += net->dvalue.z[n][u] * net->param.z.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* output categorical
 * 4 -> 4 */

static void output_forward(struct dense_moved_few *net, int batch)
{
    for (int n = 0; n < batch; n++) {
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
static void output_loss(struct dense_moved_few *net, int batch)
{
    for (int n = 0; n < batch; n++) {
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

static void output_backward(struct dense_moved_few *net, int batch)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = 0; n < batch; n++) {
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

static void forward(struct dense_moved_few *net, int batch)
{
    a_forward(net, batch);
    b_forward(net, batch);
    z_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct dense_moved_few *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    z_backward_output(net, batch);
    z_backward_weight(net, batch);
    z_backward_input(net, batch);
    b_backward_output(net, batch);
    b_backward_weight(net, batch);
    b_backward_input(net, batch);
    a_backward_output(net, batch);
    a_backward_weight(net, batch);
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
static void update(struct dense_moved_few *net, double rate)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate});
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

/* The forward pass alone */
static void infer(struct dense_moved_few *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct dense_moved_few *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct dense_moved_few *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct dense_moved_few *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
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
    {MODEL_TENSOR(dense_moved_few, a.weight), 2, A_UNITS, INPUT_UNITS, 1, 1, A_UNITS, INIT_HE},
    {MODEL_TENSOR(dense_moved_few, a.bias), 1, A_UNITS, 1, 1, 1, A_UNITS, INIT_ZERO},
    {MODEL_TENSOR(dense_moved_few, b.weight), 2, B_UNITS, A_UNITS, 1, 1, B_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(dense_moved_few, b.bias), 1, B_UNITS, 1, 1, 1, B_UNITS, INIT_ZERO},
    {MODEL_TENSOR(dense_moved_few, z.weight), 2, Z_UNITS, B_UNITS, 1, 1, Z_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(dense_moved_few, z.bias), 1, Z_UNITS, 1, 1, 1, Z_UNITS, INIT_ZERO},
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
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct dense_moved_few *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
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
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&dense_moved_few_model, argc, argv);
}
#endif
