/* activation_statements.c - trains the network 'activation_statements': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "activation_statements.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: dense 5
 * 6 -> 5, 35 parameters, 60 FLOP */

static void a_forward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.input[n];
        for (int u = 0; u < A_UNITS; u++) {
            real sum = net->param.a.bias[u];
            for (int k = 0; k < A_INPUTS; k++)
                sum += net->param.a.weight[k][u] * x[k];
            net->value.a[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void a_backward_output(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < A_UNITS; i++)
            net->dparam.a.bias[i] += net->dvalue.a[n][i];
    }
}

static void a_backward_weight(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.input[n];
        for (int k = 0; k < A_INPUTS; k++)
            for (int u = 0; u < A_UNITS; u++)
                net->dparam.a.weight[k][u] += x[k] * net->dvalue.a[n][u];
    }
}

/* relu
 * 5 -> 5 */

static void a_relu_forward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < A_RELU_UNITS; i++)
            net->value.a_relu[n][i] = net->value.a[n][i] < 0 ? 0 : net->value.a[n][i];
}

static void a_relu_backward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < A_UNITS; i++) {
            const real dy = net->dvalue.a_relu[n][i];
            net->dvalue.a[n][i] = net->value.a_relu[n][i] > 0 ? dy : 0;
        }
}

/* b: dense 5
 * 5 -> 5, 30 parameters, 50 FLOP */

static void b_forward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.a_relu[n];
        for (int u = 0; u < B_UNITS; u++) {
            real sum = net->param.b.bias[u];
            for (int k = 0; k < B_INPUTS; k++)
                sum += net->param.b.weight[k][u] * x[k];
            net->value.b[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void b_backward_output(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < B_UNITS; i++)
            net->dparam.b.bias[i] += net->dvalue.b[n][i];
    }
}

static void b_backward_weight(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.a_relu[n];
        for (int k = 0; k < B_INPUTS; k++)
            for (int u = 0; u < B_UNITS; u++)
                net->dparam.b.weight[k][u] += x[k] * net->dvalue.b[n][u];
    }
}

static void b_backward_input(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.a_relu[n];
        for (int k = 0; k < B_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < B_UNITS; u++)
                sum += net->dvalue.b[n][u] * net->param.b.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* leaky_relu
 * 5 -> 5 */

static void b_leaky_relu_forward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < B_LEAKY_RELU_UNITS; i++)
            net->value.b_leaky_relu[n][i] = net->value.b[n][i] < 0 ? B_LEAKY_RELU_SLOPE * net->value.b[n][i] : net->value.b[n][i];
}

static void b_leaky_relu_backward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < B_UNITS; i++) {
            const real dy = net->dvalue.b_leaky_relu[n][i];
            net->dvalue.b[n][i] = net->value.b_leaky_relu[n][i] > 0 ? dy : B_LEAKY_RELU_SLOPE * dy;
        }
}

/* c: dense 5
 * 5 -> 5, 30 parameters, 50 FLOP */

static void c_forward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.b_leaky_relu[n];
        for (int u = 0; u < C_UNITS; u++) {
            real sum = net->param.c.bias[u];
            for (int k = 0; k < C_INPUTS; k++)
                sum += net->param.c.weight[k][u] * x[k];
            net->value.c[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void c_backward_output(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < C_UNITS; i++)
            net->dparam.c.bias[i] += net->dvalue.c[n][i];
    }
}

static void c_backward_weight(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.b_leaky_relu[n];
        for (int k = 0; k < C_INPUTS; k++)
            for (int u = 0; u < C_UNITS; u++)
                net->dparam.c.weight[k][u] += x[k] * net->dvalue.c[n][u];
    }
}

static void c_backward_input(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.b_leaky_relu[n];
        for (int k = 0; k < C_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < C_UNITS; u++)
                sum += net->dvalue.c[n][u] * net->param.c.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* sigmoid
 * 5 -> 5 */

static void c_sigmoid_forward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < C_SIGMOID_UNITS; i++)
            net->value.c_sigmoid[n][i] = sigmoid(net->value.c[n][i]);
}

static void c_sigmoid_backward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < C_UNITS; i++) {
            const real dy = net->dvalue.c_sigmoid[n][i];
            net->dvalue.c[n][i] = dy * net->value.c_sigmoid[n][i] * (1 - net->value.c_sigmoid[n][i]);
        }
}

/* d: dense 5
 * 5 -> 5, 30 parameters, 50 FLOP */

static void d_forward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.c_sigmoid[n];
        for (int u = 0; u < D_UNITS; u++) {
            real sum = net->param.d.bias[u];
            for (int k = 0; k < D_INPUTS; k++)
                sum += net->param.d.weight[k][u] * x[k];
            net->value.d[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void d_backward_output(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < D_UNITS; i++)
            net->dparam.d.bias[i] += net->dvalue.d[n][i];
    }
}

static void d_backward_weight(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.c_sigmoid[n];
        for (int k = 0; k < D_INPUTS; k++)
            for (int u = 0; u < D_UNITS; u++)
                net->dparam.d.weight[k][u] += x[k] * net->dvalue.d[n][u];
    }
}

static void d_backward_input(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.c_sigmoid[n];
        for (int k = 0; k < D_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < D_UNITS; u++)
                sum += net->dvalue.d[n][u] * net->param.d.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* tanh
 * 5 -> 5 */

static void d_tanh_forward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < D_TANH_UNITS; i++)
            net->value.d_tanh[n][i] = real_tanh(net->value.d[n][i]);
}

static void d_tanh_backward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < D_UNITS; i++) {
            const real dy = net->dvalue.d_tanh[n][i];
            net->dvalue.d[n][i] = dy * (1 - net->value.d_tanh[n][i] * net->value.d_tanh[n][i]);
        }
}

/* e: dense 5
 * 5 -> 5, 30 parameters, 50 FLOP */

static void e_forward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d_tanh[n];
        for (int u = 0; u < E_UNITS; u++) {
            real sum = net->param.e.bias[u];
            for (int k = 0; k < E_INPUTS; k++)
                sum += net->param.e.weight[k][u] * x[k];
            net->value.e[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void e_backward_output(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < E_UNITS; i++)
            net->dparam.e.bias[i] += net->dvalue.e[n][i];
    }
}

static void e_backward_weight(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d_tanh[n];
        for (int k = 0; k < E_INPUTS; k++)
            for (int u = 0; u < E_UNITS; u++)
                net->dparam.e.weight[k][u] += x[k] * net->dvalue.e[n][u];
    }
}

static void e_backward_input(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.d_tanh[n];
        for (int k = 0; k < E_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < E_UNITS; u++)
                sum += net->dvalue.e[n][u] * net->param.e.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* softplus
 * 5 -> 5 */

static void e_softplus_forward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < E_SOFTPLUS_UNITS; i++)
            net->value.e_softplus[n][i] = softplus(net->value.e[n][i]);
}

static void e_softplus_backward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < E_UNITS; i++) {
            const real dy = net->dvalue.e_softplus[n][i];
            net->dvalue.e[n][i] = dy * -real_expm1(-net->value.e_softplus[n][i]);
        }
}

/* f: dense 2
 * 5 -> 2, 12 parameters, 20 FLOP */

static void f_forward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.e_softplus[n];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void f_backward_output(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.e_softplus[n];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

static void f_backward_input(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.e_softplus[n];
        for (int k = 0; k < F_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < F_UNITS; u++)
                sum += net->dvalue.f[n][u] * net->param.f.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* output categorical
 * 2 -> 2 */

static void output_forward(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
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
static void output_loss(struct activation_statements *net, int batch)
{
    for (int n = 0; n < batch; n++) {
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

static void output_backward(struct activation_statements *net, int batch)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = 0; n < batch; n++) {
        real *dz = net->dvalue.f[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct activation_statements *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.a_relu = (void *)(net->arena + A_RELU_AT);
    net->dvalue.a_relu = (void *)(net->arena + A_RELU_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->value.b_leaky_relu = (void *)(net->arena + B_LEAKY_RELU_AT);
    net->dvalue.b_leaky_relu = (void *)(net->arena + B_LEAKY_RELU_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.c_sigmoid = (void *)(net->arena + C_SIGMOID_AT);
    net->dvalue.c_sigmoid = (void *)(net->arena + C_SIGMOID_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->value.d_tanh = (void *)(net->arena + D_TANH_AT);
    net->dvalue.d_tanh = (void *)(net->arena + D_TANH_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->value.e_softplus = (void *)(net->arena + E_SOFTPLUS_AT);
    net->dvalue.e_softplus = (void *)(net->arena + E_SOFTPLUS_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct activation_statements *net, int batch)
{
    a_forward(net, batch);
    a_relu_forward(net, batch);
    b_forward(net, batch);
    b_leaky_relu_forward(net, batch);
    c_forward(net, batch);
    c_sigmoid_forward(net, batch);
    d_forward(net, batch);
    d_tanh_forward(net, batch);
    e_forward(net, batch);
    e_softplus_forward(net, batch);
    f_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct activation_statements *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    f_backward_output(net, batch);
    f_backward_weight(net, batch);
    f_backward_input(net, batch);
    e_softplus_backward(net, batch);
    e_backward_output(net, batch);
    e_backward_weight(net, batch);
    e_backward_input(net, batch);
    d_tanh_backward(net, batch);
    d_backward_output(net, batch);
    d_backward_weight(net, batch);
    d_backward_input(net, batch);
    c_sigmoid_backward(net, batch);
    c_backward_output(net, batch);
    c_backward_weight(net, batch);
    c_backward_input(net, batch);
    b_leaky_relu_backward(net, batch);
    b_backward_output(net, batch);
    b_backward_weight(net, batch);
    b_backward_input(net, batch);
    a_relu_backward(net, batch);
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
static void update(struct activation_statements *net, double rate)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(e.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(e.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct activation_statements *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, net->value.input[n], 1, INPUT_UNITS, INPUT_UNITS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone */
static void infer(struct activation_statements *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct activation_statements *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct activation_statements *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct activation_statements *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct activation_statements *net, struct training *run, struct training_epoch *row)
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
    struct activation_statements *net = memory;
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
    {"input", "input 6", {1, 1, INPUT_UNITS, true}, 0, 0, INPUT_AT, INPUT_UNITS},
    {"a", "dense 5", {1, 1, A_UNITS, true}, A_PARAMETERS, A_FLOP, A_AT, A_UNITS},
    {"a_relu", "relu", {1, 1, A_RELU_UNITS, true}, 0, 0, A_RELU_AT, A_RELU_UNITS},
    {"b", "dense 5", {1, 1, B_UNITS, true}, B_PARAMETERS, B_FLOP, B_AT, B_UNITS},
    {"b_leaky_relu", "leaky_relu", {1, 1, B_LEAKY_RELU_UNITS, true}, 0, 0, B_LEAKY_RELU_AT, B_LEAKY_RELU_UNITS},
    {"c", "dense 5", {1, 1, C_UNITS, true}, C_PARAMETERS, C_FLOP, C_AT, C_UNITS},
    {"c_sigmoid", "sigmoid", {1, 1, C_SIGMOID_UNITS, true}, 0, 0, C_SIGMOID_AT, C_SIGMOID_UNITS},
    {"d", "dense 5", {1, 1, D_UNITS, true}, D_PARAMETERS, D_FLOP, D_AT, D_UNITS},
    {"d_tanh", "tanh", {1, 1, D_TANH_UNITS, true}, 0, 0, D_TANH_AT, D_TANH_UNITS},
    {"e", "dense 5", {1, 1, E_UNITS, true}, E_PARAMETERS, E_FLOP, E_AT, E_UNITS},
    {"e_softplus", "softplus", {1, 1, E_SOFTPLUS_UNITS, true}, 0, 0, E_SOFTPLUS_AT, E_SOFTPLUS_UNITS},
    {"f", "dense 2", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(activation_statements, a.weight), 2, A_UNITS, INPUT_UNITS, 1, 1, A_UNITS, INIT_HE},
    {MODEL_TENSOR(activation_statements, a.bias), 1, A_UNITS, 1, 1, 1, A_UNITS, INIT_ZERO},
    {MODEL_TENSOR(activation_statements, b.weight), 2, B_UNITS, A_RELU_UNITS, 1, 1, B_UNITS, INIT_HE},
    {MODEL_TENSOR(activation_statements, b.bias), 1, B_UNITS, 1, 1, 1, B_UNITS, INIT_ZERO},
    {MODEL_TENSOR(activation_statements, c.weight), 2, C_UNITS, B_LEAKY_RELU_UNITS, 1, 1, C_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(activation_statements, c.bias), 1, C_UNITS, 1, 1, 1, C_UNITS, INIT_ZERO},
    {MODEL_TENSOR(activation_statements, d.weight), 2, D_UNITS, C_SIGMOID_UNITS, 1, 1, D_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(activation_statements, d.bias), 1, D_UNITS, 1, 1, 1, D_UNITS, INIT_ZERO},
    {MODEL_TENSOR(activation_statements, e.weight), 2, E_UNITS, D_TANH_UNITS, 1, 1, E_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(activation_statements, e.bias), 1, E_UNITS, 1, 1, 1, E_UNITS, INIT_ZERO},
    {MODEL_TENSOR(activation_statements, f.weight), 2, F_UNITS, E_SOFTPLUS_UNITS, 1, 1, F_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(activation_statements, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(activation_statements, param),
    MODEL_PIECE(activation_statements, best),
    MODEL_PIECE(activation_statements, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct activation_statements *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct activation_statements *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct activation_statements *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model activation_statements_model = {
    MODEL_OF(activation_statements),
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
    return trainer_main(&activation_statements_model, argc, argv);
}
#endif
