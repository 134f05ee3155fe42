/* activation_smooth.c - trains the network 'activation_smooth': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "activation_smooth.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: dense 5 elu(0.5)
 * 6 -> 5, 35 parameters, 60 FLOP */

static void a_forward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.input[n];
        for (int u = 0; u < A_UNITS; u++) {
            real sum = net->param.a.bias[u];
            for (int k = 0; k < A_INPUTS; k++)
                sum += net->param.a.weight[k][u] * x[k];
            net->value.a[n][u] = sum < 0 ? A_ELU_ALPHA * real_expm1(sum) : sum;
        }
    }
}

/* dz = dy * elu'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < A_UNITS; i++)
            net->dvalue.a[n][i] = net->value.a[n][i] > 0 ? net->dvalue.a[n][i] : net->dvalue.a[n][i] * (net->value.a[n][i] + A_ELU_ALPHA);
        for (int i = 0; i < A_UNITS; i++)
            net->dparam.a.bias[i] += net->dvalue.a[n][i];
    }
}

static void a_backward_weight(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.input[n];
        for (int k = 0; k < A_INPUTS; k++)
            for (int u = 0; u < A_UNITS; u++)
                net->dparam.a.weight[k][u] += x[k] * net->dvalue.a[n][u];
    }
}

/* b: dense 5 selu
 * 5 -> 5, 30 parameters, 50 FLOP */

static void b_forward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.a[n];
        for (int u = 0; u < B_UNITS; u++) {
            real sum = net->param.b.bias[u];
            for (int k = 0; k < B_INPUTS; k++)
                sum += net->param.b.weight[k][u] * x[k];
            net->value.b[n][u] = selu(sum);
        }
    }
}

/* dz = dy * selu'(z), in the place of dy; dbias = sum of dz */
static void b_backward_output(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < B_UNITS; i++)
            net->dvalue.b[n][i] = net->dvalue.b[n][i] * selu_slope(net->value.b[n][i]);
        for (int i = 0; i < B_UNITS; i++)
            net->dparam.b.bias[i] += net->dvalue.b[n][i];
    }
}

static void b_backward_weight(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.a[n];
        for (int k = 0; k < B_INPUTS; k++)
            for (int u = 0; u < B_UNITS; u++)
                net->dparam.b.weight[k][u] += x[k] * net->dvalue.b[n][u];
    }
}

static void b_backward_input(struct activation_smooth *net, int batch)
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

/* c: dense 5 silu
 * 5 -> 5, 30 parameters, 50 FLOP */

static void c_forward(struct activation_smooth *net, int batch)
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
static void c_backward_output(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < C_UNITS; i++)
            net->dparam.c.bias[i] += net->dvalue.c[n][i];
    }
}

static void c_backward_weight(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.b[n];
        for (int k = 0; k < C_INPUTS; k++)
            for (int u = 0; u < C_UNITS; u++)
                net->dparam.c.weight[k][u] += x[k] * net->dvalue.c[n][u];
    }
}

static void c_backward_input(struct activation_smooth *net, int batch)
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

static void c_silu_forward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < C_SILU_UNITS; i++)
            net->value.c_silu[n][i] = silu(net->value.c[n][i]);
}

static void c_silu_backward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < C_UNITS; i++) {
            const real dy = net->dvalue.c_silu[n][i];
            net->dvalue.c[n][i] = dy * silu_slope(net->value.c[n][i]);
        }
}

/* d: dense 5 gelu
 * 5 -> 5, 30 parameters, 50 FLOP */

static void d_forward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.c_silu[n];
        for (int u = 0; u < D_UNITS; u++) {
            real sum = net->param.d.bias[u];
            for (int k = 0; k < D_INPUTS; k++)
                sum += net->param.d.weight[k][u] * x[k];
            net->value.d[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void d_backward_output(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < D_UNITS; i++)
            net->dparam.d.bias[i] += net->dvalue.d[n][i];
    }
}

static void d_backward_weight(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.c_silu[n];
        for (int k = 0; k < D_INPUTS; k++)
            for (int u = 0; u < D_UNITS; u++)
                net->dparam.d.weight[k][u] += x[k] * net->dvalue.d[n][u];
    }
}

static void d_backward_input(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.c_silu[n];
        for (int k = 0; k < D_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < D_UNITS; u++)
                sum += net->dvalue.d[n][u] * net->param.d.weight[k][u];
            dx[k] = sum;
        }
    }
}

static void d_gelu_forward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < D_GELU_UNITS; i++)
            net->value.d_gelu[n][i] = gelu(net->value.d[n][i]);
}

static void d_gelu_backward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < D_UNITS; i++) {
            const real dy = net->dvalue.d_gelu[n][i];
            net->dvalue.d[n][i] = dy * gelu_slope(net->value.d[n][i]);
        }
}

/* e: dense 5 hard_swish
 * 5 -> 5, 30 parameters, 50 FLOP */

static void e_forward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d_gelu[n];
        for (int u = 0; u < E_UNITS; u++) {
            real sum = net->param.e.bias[u];
            for (int k = 0; k < E_INPUTS; k++)
                sum += net->param.e.weight[k][u] * x[k];
            net->value.e[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void e_backward_output(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < E_UNITS; i++)
            net->dparam.e.bias[i] += net->dvalue.e[n][i];
    }
}

static void e_backward_weight(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d_gelu[n];
        for (int k = 0; k < E_INPUTS; k++)
            for (int u = 0; u < E_UNITS; u++)
                net->dparam.e.weight[k][u] += x[k] * net->dvalue.e[n][u];
    }
}

static void e_backward_input(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.d_gelu[n];
        for (int k = 0; k < E_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < E_UNITS; u++)
                sum += net->dvalue.e[n][u] * net->param.e.weight[k][u];
            dx[k] = sum;
        }
    }
}

static void e_hard_swish_forward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < E_HARD_SWISH_UNITS; i++)
            net->value.e_hard_swish[n][i] = hard_swish(net->value.e[n][i]);
}

static void e_hard_swish_backward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < E_UNITS; i++) {
            const real dy = net->dvalue.e_hard_swish[n][i];
            net->dvalue.e[n][i] = dy * hard_swish_slope(net->value.e[n][i]);
        }
}

/* gelu
 * 5 -> 5 */

static void e_gelu_forward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < E_GELU_UNITS; i++)
            net->value.e_gelu[n][i] = gelu(net->value.e_hard_swish[n][i]);
}

static void e_gelu_backward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < E_HARD_SWISH_UNITS; i++) {
            const real dy = net->dvalue.e_gelu[n][i];
            net->dvalue.e_hard_swish[n][i] = dy * gelu_slope(net->value.e_hard_swish[n][i]);
        }
}

/* f: dense 2
 * 5 -> 2, 12 parameters, 20 FLOP */

static void f_forward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.e_gelu[n];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void f_backward_output(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.e_gelu[n];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

static void f_backward_input(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.e_gelu[n];
        for (int k = 0; k < F_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < F_UNITS; u++)
                sum += net->dvalue.f[n][u] * net->param.f.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* elu
 * 2 -> 2 */

static void f_elu_forward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < F_ELU_UNITS; i++)
            net->value.f_elu[n][i] = net->value.f[n][i] < 0 ? F_ELU_ALPHA * real_expm1(net->value.f[n][i]) : net->value.f[n][i];
}

static void f_elu_backward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < F_UNITS; i++) {
            const real dy = net->dvalue.f_elu[n][i];
            net->dvalue.f[n][i] = net->value.f_elu[n][i] > 0 ? dy : dy * (net->value.f_elu[n][i] + F_ELU_ALPHA);
        }
}

/* g: dense 2
 * 2 -> 2, 6 parameters, 8 FLOP */

static void g_forward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.f_elu[n];
        for (int u = 0; u < G_UNITS; u++) {
            real sum = net->param.g.bias[u];
            for (int k = 0; k < G_INPUTS; k++)
                sum += net->param.g.weight[k][u] * x[k];
            net->value.g[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void g_backward_output(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < G_UNITS; i++)
            net->dparam.g.bias[i] += net->dvalue.g[n][i];
    }
}

static void g_backward_weight(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.f_elu[n];
        for (int k = 0; k < G_INPUTS; k++)
            for (int u = 0; u < G_UNITS; u++)
                net->dparam.g.weight[k][u] += x[k] * net->dvalue.g[n][u];
    }
}

static void g_backward_input(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.f_elu[n];
        for (int k = 0; k < G_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < G_UNITS; u++)
                sum += net->dvalue.g[n][u] * net->param.g.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* output categorical
 * 2 -> 2 */

static void output_forward(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *z = net->value.g[n];
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
static void output_loss(struct activation_smooth *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        double loss = 0;
        const real *z = net->value.g[n];
        const real largest = z[score_most_probable(z, OUTPUT_UNITS)];
        double sum = 0;
        for (int k = 0; k < OUTPUT_UNITS; k++)
            sum += exp((double)(z[k] - largest));
        loss += log(sum) - (double)(z[net->target[n]] - largest);
        net->loss[n] = loss;
    }
}

static void output_backward(struct activation_smooth *net, int batch)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = 0; n < batch; n++) {
        real *dz = net->dvalue.g[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct activation_smooth *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.c_silu = (void *)(net->arena + C_SILU_AT);
    net->dvalue.c_silu = (void *)(net->arena + C_SILU_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->value.d_gelu = (void *)(net->arena + D_GELU_AT);
    net->dvalue.d_gelu = (void *)(net->arena + D_GELU_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->value.e_hard_swish = (void *)(net->arena + E_HARD_SWISH_AT);
    net->dvalue.e_hard_swish = (void *)(net->arena + E_HARD_SWISH_GRADIENT_AT);
    net->value.e_gelu = (void *)(net->arena + E_GELU_AT);
    net->dvalue.e_gelu = (void *)(net->arena + E_GELU_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.f_elu = (void *)(net->arena + F_ELU_AT);
    net->dvalue.f_elu = (void *)(net->arena + F_ELU_GRADIENT_AT);
    net->value.g = (void *)(net->arena + G_AT);
    net->dvalue.g = (void *)(net->arena + G_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct activation_smooth *net, int batch)
{
    a_forward(net, batch);
    b_forward(net, batch);
    c_forward(net, batch);
    c_silu_forward(net, batch);
    d_forward(net, batch);
    d_gelu_forward(net, batch);
    e_forward(net, batch);
    e_hard_swish_forward(net, batch);
    e_gelu_forward(net, batch);
    f_forward(net, batch);
    f_elu_forward(net, batch);
    g_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct activation_smooth *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    g_backward_output(net, batch);
    g_backward_weight(net, batch);
    g_backward_input(net, batch);
    f_elu_backward(net, batch);
    f_backward_output(net, batch);
    f_backward_weight(net, batch);
    f_backward_input(net, batch);
    e_gelu_backward(net, batch);
    e_hard_swish_backward(net, batch);
    e_backward_output(net, batch);
    e_backward_weight(net, batch);
    e_backward_input(net, batch);
    d_gelu_backward(net, batch);
    d_backward_output(net, batch);
    d_backward_weight(net, batch);
    d_backward_input(net, batch);
    c_silu_backward(net, batch);
    c_backward_output(net, batch);
    c_backward_weight(net, batch);
    c_backward_input(net, batch);
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
static void update(struct activation_smooth *net, double rate)
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
    sgd_step(SGD_TENSOR(g.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct activation_smooth *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, net->value.input[n], 1, INPUT_UNITS, INPUT_UNITS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone */
static void infer(struct activation_smooth *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct activation_smooth *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct activation_smooth *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct activation_smooth *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct activation_smooth *net, struct training *run, struct training_epoch *row)
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
    struct activation_smooth *net = memory;
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
    {"a", "dense 5 elu(0.5)", {1, 1, A_UNITS, true}, A_PARAMETERS, A_FLOP, A_AT, A_UNITS},
    {"b", "dense 5 selu", {1, 1, B_UNITS, true}, B_PARAMETERS, B_FLOP, B_AT, B_UNITS},
    {"c", "dense 5 silu", {1, 1, C_UNITS, true}, C_PARAMETERS, C_FLOP, C_AT, C_UNITS},
    {"c_silu", "silu", {1, 1, C_SILU_UNITS, true}, 0, 0, C_SILU_AT, C_SILU_UNITS},
    {"d", "dense 5 gelu", {1, 1, D_UNITS, true}, D_PARAMETERS, D_FLOP, D_AT, D_UNITS},
    {"d_gelu", "gelu", {1, 1, D_GELU_UNITS, true}, 0, 0, D_GELU_AT, D_GELU_UNITS},
    {"e", "dense 5 hard_swish", {1, 1, E_UNITS, true}, E_PARAMETERS, E_FLOP, E_AT, E_UNITS},
    {"e_hard_swish", "hard_swish", {1, 1, E_HARD_SWISH_UNITS, true}, 0, 0, E_HARD_SWISH_AT, E_HARD_SWISH_UNITS},
    {"e_gelu", "gelu", {1, 1, E_GELU_UNITS, true}, 0, 0, E_GELU_AT, E_GELU_UNITS},
    {"f", "dense 2", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"f_elu", "elu", {1, 1, F_ELU_UNITS, true}, 0, 0, F_ELU_AT, F_ELU_UNITS},
    {"g", "dense 2", {1, 1, G_UNITS, true}, G_PARAMETERS, G_FLOP, G_AT, G_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(activation_smooth, a.weight), 2, A_UNITS, INPUT_UNITS, 1, 1, A_UNITS, INIT_HE},
    {MODEL_TENSOR(activation_smooth, a.bias), 1, A_UNITS, 1, 1, 1, A_UNITS, INIT_ZERO},
    {MODEL_TENSOR(activation_smooth, b.weight), 2, B_UNITS, A_UNITS, 1, 1, B_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(activation_smooth, b.bias), 1, B_UNITS, 1, 1, 1, B_UNITS, INIT_ZERO},
    {MODEL_TENSOR(activation_smooth, c.weight), 2, C_UNITS, B_UNITS, 1, 1, C_UNITS, INIT_HE},
    {MODEL_TENSOR(activation_smooth, c.bias), 1, C_UNITS, 1, 1, 1, C_UNITS, INIT_ZERO},
    {MODEL_TENSOR(activation_smooth, d.weight), 2, D_UNITS, C_SILU_UNITS, 1, 1, D_UNITS, INIT_HE},
    {MODEL_TENSOR(activation_smooth, d.bias), 1, D_UNITS, 1, 1, 1, D_UNITS, INIT_ZERO},
    {MODEL_TENSOR(activation_smooth, e.weight), 2, E_UNITS, D_GELU_UNITS, 1, 1, E_UNITS, INIT_HE},
    {MODEL_TENSOR(activation_smooth, e.bias), 1, E_UNITS, 1, 1, 1, E_UNITS, INIT_ZERO},
    {MODEL_TENSOR(activation_smooth, f.weight), 2, F_UNITS, E_GELU_UNITS, 1, 1, F_UNITS, INIT_HE},
    {MODEL_TENSOR(activation_smooth, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
    {MODEL_TENSOR(activation_smooth, g.weight), 2, G_UNITS, F_ELU_UNITS, 1, 1, G_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(activation_smooth, g.bias), 1, G_UNITS, 1, 1, 1, G_UNITS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(activation_smooth, param),
    MODEL_PIECE(activation_smooth, best),
    MODEL_PIECE(activation_smooth, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct activation_smooth *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct activation_smooth *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct activation_smooth *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model activation_smooth_model = {
    MODEL_OF(activation_smooth),
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
    return trainer_main(&activation_smooth_model, argc, argv);
}
#endif
