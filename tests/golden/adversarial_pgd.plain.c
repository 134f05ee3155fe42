/* adversarial_pgd.c - trains the network 'adversarial_pgd': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "adversarial_pgd.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: dense 6 batchnorm tanh
 * 5 -> 6, 30 parameters, 60 FLOP */

static void a_forward(struct adversarial_pgd *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.input[n];
        for (int u = 0; u < A_UNITS; u++) {
            real sum = 0;
            for (int k = 0; k < A_INPUTS; k++)
                sum += net->param.a.weight[k][u] * x[k];
            net->value.a[n][u] = sum;
        }
    }
}

static void a_backward_weight(struct adversarial_pgd *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.input[n];
        for (int k = 0; k < A_INPUTS; k++)
            for (int u = 0; u < A_UNITS; u++)
                net->dparam.a.weight[k][u] += x[k] * net->dvalue.a[n][u];
    }
}

static void a_backward_input(struct adversarial_pgd *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.input[n];
        for (int k = 0; k < A_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < A_UNITS; u++)
                sum += net->dvalue.a[n][u] * net->param.a.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* Mean and inverse deviation of each channel over the batch; the running ones follow. */
static void a_batchnorm_measure(struct adversarial_pgd *net, int batch)
{
    if (!net->is_training)
        return;
    const double pixels = batch;
    double sum[A_BATCHNORM_UNITS] = {0}, square[A_BATCHNORM_UNITS] = {0};
    real mean[A_BATCHNORM_UNITS];
    for (int n = 0; n < batch; n++)
        for (int c = 0; c < A_BATCHNORM_UNITS; c++)
            sum[c] += net->value.a[n][c];
    for (int c = 0; c < A_BATCHNORM_UNITS; c++) {
        mean[c] = (real)(sum[c] / pixels);
        net->statistic.a_batchnorm.mean[c] = mean[c];
    }
    for (int n = 0; n < batch; n++)
        for (int c = 0; c < A_BATCHNORM_UNITS; c++)
            square[c] += (net->value.a[n][c] - mean[c]) * (net->value.a[n][c] - mean[c]);
    for (int c = 0; c < A_BATCHNORM_UNITS; c++) {
        net->statistic.a_batchnorm.scale[c] = 1 / real_sqrt((real)(square[c] / pixels) + A_BATCHNORM_EPS);
        if (batch == 1)
            continue; /* one number has no variance: the running ones stay */
        const real variance = (real)(square[c] / (pixels - 1)); /* unbiased */
        net->param.a_batchnorm.running_mean[c] = A_BATCHNORM_MOMENTUM * net->param.a_batchnorm.running_mean[c] + (1 - A_BATCHNORM_MOMENTUM) * mean[c];
        net->param.a_batchnorm.running_var[c] = A_BATCHNORM_MOMENTUM * net->param.a_batchnorm.running_var[c] + (1 - A_BATCHNORM_MOMENTUM) * variance;
    }
}

static void a_batchnorm_forward(struct adversarial_pgd *net, int batch)
{
    real mean[A_BATCHNORM_UNITS], scale[A_BATCHNORM_UNITS], bias[A_BATCHNORM_UNITS];
    for (int c = 0; c < A_BATCHNORM_UNITS; c++) {
        mean[c] = net->is_training ? net->statistic.a_batchnorm.mean[c] : net->param.a_batchnorm.running_mean[c];
        scale[c] = net->is_training ? net->statistic.a_batchnorm.scale[c] : 1 / real_sqrt(net->param.a_batchnorm.running_var[c] + A_BATCHNORM_EPS);
        scale[c] *= net->param.a_batchnorm.weight[c];
        bias[c] = net->param.a_batchnorm.bias[c];
    }
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < A_BATCHNORM_UNITS; i++) {
            const real z = (net->value.a[n][i] - mean[i]) * scale[i] + bias[i];
            net->value.a_batchnorm[n][i] = real_tanh(z);
        }
}

/* dz = dy * tanh'(z), in the place of dy; the gradients of gain and bias */
static void a_batchnorm_backward_gain(struct adversarial_pgd *net, int batch)
{
    double dbias[A_BATCHNORM_UNITS] = {0}, dgain[A_BATCHNORM_UNITS] = {0};
    real mean[A_BATCHNORM_UNITS];
    for (int c = 0; c < A_BATCHNORM_UNITS; c++)
        mean[c] = net->statistic.a_batchnorm.mean[c];
    for (int n = 0; n < batch; n++)
        for (int c = 0; c < A_BATCHNORM_UNITS; c++) {
            net->dvalue.a_batchnorm[n][c] = net->dvalue.a_batchnorm[n][c] * (1 - net->value.a_batchnorm[n][c] * net->value.a_batchnorm[n][c]);
            dbias[c] += net->dvalue.a_batchnorm[n][c];
            dgain[c] += net->dvalue.a_batchnorm[n][c] * (net->value.a[n][c] - mean[c]);
        }
    for (int c = 0; c < A_BATCHNORM_UNITS; c++) {
        net->dparam.a_batchnorm.bias[c] = (real)dbias[c];
        net->dparam.a_batchnorm.weight[c] = (real)dgain[c] * net->statistic.a_batchnorm.scale[c];
    }
}

static void a_batchnorm_backward(struct adversarial_pgd *net, int batch)
{
    const real pixels = (real)(batch);
    real mean[A_BATCHNORM_UNITS], factor[A_BATCHNORM_UNITS], level[A_BATCHNORM_UNITS], slope[A_BATCHNORM_UNITS]; /* dx = factor (dy - level - (x - mean) slope) */
    for (int c = 0; c < A_BATCHNORM_UNITS; c++) {
        const real scale = net->statistic.a_batchnorm.scale[c];
        mean[c] = net->statistic.a_batchnorm.mean[c];
        factor[c] = net->param.a_batchnorm.weight[c] * scale;
        level[c] = net->dparam.a_batchnorm.bias[c] / pixels;
        slope[c] = net->dparam.a_batchnorm.weight[c] / pixels * scale;
    }
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < A_UNITS; i++)
            net->dvalue.a[n][i] = factor[i] * (net->dvalue.a_batchnorm[n][i] - level[i] - (net->value.a[n][i] - mean[i]) * slope[i]);
}

/* dz = dy * tanh'(z), in the place of dy, for a probe */
static void a_batchnorm_backward_slope(struct adversarial_pgd *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < A_BATCHNORM_UNITS; i++)
            net->dvalue.a_batchnorm[n][i] = net->dvalue.a_batchnorm[n][i] * (1 - net->value.a_batchnorm[n][i] * net->value.a_batchnorm[n][i]);
}

/* With the running statistics, for a probe: each channel is scaled */
static void a_batchnorm_backward_running(struct adversarial_pgd *net, int batch)
{
    real factor[A_BATCHNORM_UNITS];
    for (int c = 0; c < A_BATCHNORM_UNITS; c++)
        factor[c] = net->param.a_batchnorm.weight[c] / real_sqrt(net->param.a_batchnorm.running_var[c] + A_BATCHNORM_EPS);
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < A_UNITS; i++)
            net->dvalue.a[n][i] = factor[i] * net->dvalue.a_batchnorm[n][i];
}

/* b: dense 2
 * 6 -> 2, 14 parameters, 24 FLOP */

static void b_forward(struct adversarial_pgd *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.a_batchnorm[n];
        for (int u = 0; u < B_UNITS; u++) {
            real sum = net->param.b.bias[u];
            for (int k = 0; k < B_INPUTS; k++)
                sum += net->param.b.weight[k][u] * x[k];
            net->value.b[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void b_backward_output(struct adversarial_pgd *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < B_UNITS; i++)
            net->dparam.b.bias[i] += net->dvalue.b[n][i];
    }
}

static void b_backward_weight(struct adversarial_pgd *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.a_batchnorm[n];
        for (int k = 0; k < B_INPUTS; k++)
            for (int u = 0; u < B_UNITS; u++)
                net->dparam.b.weight[k][u] += x[k] * net->dvalue.b[n][u];
    }
}

static void b_backward_input(struct adversarial_pgd *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.a_batchnorm[n];
        for (int k = 0; k < B_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < B_UNITS; u++)
                sum += net->dvalue.b[n][u] * net->param.b.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* output squared_error
 * 2 -> 2 */

static void output_forward(struct adversarial_pgd *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *z = net->value.b[n];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct adversarial_pgd *net, int batch)
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

static void output_backward(struct adversarial_pgd *net, int batch)
{
    const real share = 1 / (real)(net->is_training ? batch : 1); /* the loss of a batch is the mean over its examples; for a probe each stands alone */
    for (int n = 0; n < batch; n++) {
        real *dz = net->dvalue.b[n];
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            dz[k] = 2 * (mean[k] - net->target[n][k]) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct adversarial_pgd *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->dvalue.input = (void *)(net->arena + INPUT_GRADIENT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.a_batchnorm = (void *)(net->arena + A_BATCHNORM_AT);
    net->dvalue.a_batchnorm = (void *)(net->arena + A_BATCHNORM_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct adversarial_pgd *net, int batch)
{
    a_forward(net, batch);
    a_batchnorm_measure(net, batch);
    a_batchnorm_forward(net, batch);
    b_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct adversarial_pgd *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    b_backward_output(net, batch);
    b_backward_weight(net, batch);
    b_backward_input(net, batch);
    a_batchnorm_backward_gain(net, batch);
    a_batchnorm_backward(net, batch);
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
static void update(struct adversarial_pgd *net, double rate)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(a_batchnorm.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(a_batchnorm.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct adversarial_pgd *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, net->value.input[n], 1, INPUT_UNITS, INPUT_UNITS);
        examples_read_target(batch.examples, i, net->target[n], OUTPUT_TARGETS);
    }
}

/* The forward pass alone */
static void infer(struct adversarial_pgd *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct adversarial_pgd *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* How each example changes as it is read for training, by seed, epoch and its number */
static const struct augment augment = {
    .noise = AUGMENT_NOISE,
};

/* The gradient of each example's loss by its input, in evaluation mode */
static void input_gradient(struct adversarial_pgd *net, int batch)
{
    output_backward(net, batch);
    b_backward_input(net, batch);
    a_batchnorm_backward_slope(net, batch);
    a_batchnorm_backward_running(net, batch);
    a_backward_input(net, batch);
}

/* The batch with a share of its inputs moved to where their loss is larger, within ADVERSARIAL_EPSILON */
static void perturb(struct adversarial_pgd *net, struct batch batch)
{
    const struct adversary adversary = {
        .norm = ADVERSARY_2,
        .epsilon = ADVERSARIAL_EPSILON,
        .step = ADVERSARIAL_STEP_SIZE,
        .starts_anywhere = true,
    };
    const struct input_space *space = dataset_input_space(batch.examples->data);
    const struct probe_place input = probe_row(net->value.input[0], INPUT_UNITS);
    const struct probe_place dinput = probe_row(net->dvalue.input[0], INPUT_UNITS);
    const int count = (int)(ADVERSARIAL_SHARE * batch.count + 0.5);
    net->is_training = false;
    load(net, batch, range_of_all((size_t)batch.count));
    const struct range examples = range_of_all((size_t)count);
    for (int n = examples.first; n < examples.end; n++)
        adversary_start(&adversary, space, probe_view_of(input, n), net->clean[n], net->seed, random_stream("adversarial") + net->step, (uint32_t)n);
    for (int step = 0; step < ADVERSARIAL_STEPS; step++) {
        forward(net, count);
        input_gradient(net, count);
        for (int n = examples.first; n < examples.end; n++)
            adversary_step(&adversary, space, probe_view_of(input, n), probe_view_of(dinput, n), net->clean[n]);
    }
    net->is_training = true;
}

/* The gradients of a batch that is loaded, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct adversarial_pgd *net, struct batch batch)
{
    forward(net, batch.count);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct adversarial_pgd *net, struct batch batch, double rate)
{
    perturb(net, batch);
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct adversarial_pgd *net, struct training *run, struct training_epoch *row)
{
    const uint64_t steps_per_epoch = (run->train->count + BATCH - 1) / BATCH;
    const struct examples augmented = augment_examples(run->train, &augment, run->seed, row->epoch);
    net->is_training = true;
    for (size_t first = run->at.first; first < run->train->count; first += BATCH) {
        const struct batch batch = batch_of(&augmented, run->order, first, BATCH);
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
    struct adversarial_pgd *net = memory;
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
    {"input", "input 5", {1, 1, INPUT_UNITS, true}, 0, 0, INPUT_AT, INPUT_UNITS},
    {"a", "dense 6 batchnorm tanh", {1, 1, A_UNITS, true}, A_PARAMETERS, A_FLOP, A_AT, A_UNITS},
    {"a_batchnorm", "batchnorm", {1, 1, A_BATCHNORM_UNITS, true}, A_BATCHNORM_PARAMETERS, 0, A_BATCHNORM_AT, A_BATCHNORM_UNITS},
    {"b", "dense 2", {1, 1, B_UNITS, true}, B_PARAMETERS, B_FLOP, B_AT, B_UNITS},
    {"output", "output squared_error", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(adversarial_pgd, a.weight), 2, A_UNITS, INPUT_UNITS, 1, 1, A_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(adversarial_pgd, a_batchnorm.weight), 1, A_BATCHNORM_UNITS, 1, 1, 1, A_BATCHNORM_UNITS, INIT_ONE},
    {MODEL_TENSOR(adversarial_pgd, a_batchnorm.bias), 1, A_BATCHNORM_UNITS, 1, 1, 1, A_BATCHNORM_UNITS, INIT_ZERO},
    {MODEL_TENSOR(adversarial_pgd, a_batchnorm.running_mean), 1, A_BATCHNORM_UNITS, 1, 1, 1, A_BATCHNORM_UNITS, INIT_RUNNING_MEAN},
    {MODEL_TENSOR(adversarial_pgd, a_batchnorm.running_var), 1, A_BATCHNORM_UNITS, 1, 1, 1, A_BATCHNORM_UNITS, INIT_RUNNING_VARIANCE},
    {MODEL_TENSOR(adversarial_pgd, b.weight), 2, B_UNITS, A_BATCHNORM_UNITS, 1, 1, B_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(adversarial_pgd, b.bias), 1, B_UNITS, 1, 1, 1, B_UNITS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(adversarial_pgd, param),
    MODEL_PIECE(adversarial_pgd, best),
    MODEL_PIECE(adversarial_pgd, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct adversarial_pgd *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

/* The gradients of a batch as it is, not moved */
static void clean_gradients(struct adversarial_pgd *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    compute_gradients(net, batch);
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct adversarial_pgd *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    clean_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct adversarial_pgd *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model adversarial_pgd_model = {
    MODEL_OF(adversarial_pgd),
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
        .augment = &augment,
        .penalty = "",
        .adversarial = "pgd norm=2 epsilon=" TEXT_OF(ADVERSARIAL_EPSILON) " steps=" TEXT_OF(ADVERSARIAL_STEPS) " step_size=" TEXT_OF(ADVERSARIAL_STEP_SIZE) " share=" TEXT_OF(ADVERSARIAL_SHARE),
    },
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&adversarial_pgd_model, argc, argv);
}
#endif
