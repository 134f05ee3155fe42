/* activation_statements.c - trains the network 'activation_statements': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "activation_statements.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "activation.h"
#include "dataset.h"
#include "dropout.h"
#include "optimizer.h"
#include "score.h"
#include "team.h"
#include "tile.h"
#include "trainer.h"
#include "training.h"

_Static_assert(NETC_ABI == 8, "this file and the runtime do not fit together: emit it again");

/* a: dense 5
 * 6 -> 5, 35 parameters, 60 FLOP */

/* `examples` examples from n on, and the units of panel p */
TILE_FUNCTION a_forward_tile(struct activation_statements *net, int p, int n, int examples)
{
    tile8 sum[5 * A_VECTORS];
    tile8_start(examples, A_VECTORS, sum, &net->param.a.bias[p * A_PANEL]);
    tile8_multiply(examples, A_VECTORS, sum,
        net->value.input[n], A_INPUTS,
        net->param.a.weight[p][0], A_INPUTS);
    tile8_store(examples, A_VECTORS, p, A_UNITS, sum, &net->value.a[n][p * A_PANEL], A_UNITS);
}

static void a_forward(struct activation_statements *net, struct range examples)
{
    for (int p = 0; p < A_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, a_forward_tile, net, p);
}

/* dbias = sum of dy */
static void a_backward_output(struct activation_statements *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int i = 0; i < A_UNITS; i++)
            net->group[g].a.bias[i] += net->dvalue.a[n][i];
    }
}

/* `rows` inputs from k on, and the units of panel p, over the batch */
TILE_FUNCTION a_backward_weight_tile(struct activation_statements *net, int batch, int p, int k, int rows)
{
    tile8 sum[6 * A_VECTORS];
    tile8_clear(rows, A_VECTORS, sum);
    tile8_outer(rows, A_VECTORS, sum,
        net->value.input[0] + k, A_INPUTS,
        &net->dvalue.a[0][p * A_PANEL], A_UNITS, batch);
    tile8_store(rows, A_VECTORS, p, A_UNITS, sum, net->dparam.a.weight[p][k], A_PANEL);
}

static void a_backward_weight(struct activation_statements *net, int batch, struct range tiles)
{
    for (int p = 0; p < A_PANELS; p++)
        for (int t = tiles.first; t < tiles.end; t++)
            a_backward_weight_tile(net, batch, p, t * 6, 6);
}

/* relu
 * 5 -> 5 */

static void a_relu_forward(struct activation_statements *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < A_RELU_UNITS; i++)
            net->value.a_relu[n][i] = net->value.a[n][i] < 0 ? 0 : net->value.a[n][i];
}

static void a_relu_backward(struct activation_statements *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < A_UNITS; i++)
            net->dvalue.a[n][i] = net->value.a_relu[n][i] > 0 ? net->dvalue.a_relu[n][i] : 0;
}

/* b: dense 5
 * 5 -> 5, 30 parameters, 50 FLOP */

/* `examples` examples from n on, and the units of panel p */
TILE_FUNCTION b_forward_tile(struct activation_statements *net, int p, int n, int examples)
{
    tile8 sum[5 * B_VECTORS];
    tile8_start(examples, B_VECTORS, sum, &net->param.b.bias[p * B_PANEL]);
    tile8_multiply(examples, B_VECTORS, sum,
        net->value.a_relu[n], B_INPUTS,
        net->param.b.weight[p][0], B_INPUTS);
    tile8_store(examples, B_VECTORS, p, B_UNITS, sum, &net->value.b[n][p * B_PANEL], B_UNITS);
}

static void b_forward(struct activation_statements *net, struct range examples)
{
    for (int p = 0; p < B_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, b_forward_tile, net, p);
}

/* dbias = sum of dy */
static void b_backward_output(struct activation_statements *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int i = 0; i < B_UNITS; i++)
            net->group[g].b.bias[i] += net->dvalue.b[n][i];
    }
}

/* `rows` inputs from k on, and the units of panel p, over the batch */
TILE_FUNCTION b_backward_weight_tile(struct activation_statements *net, int batch, int p, int k, int rows)
{
    tile8 sum[5 * B_VECTORS];
    tile8_clear(rows, B_VECTORS, sum);
    tile8_outer(rows, B_VECTORS, sum,
        net->value.a_relu[0] + k, B_INPUTS,
        &net->dvalue.b[0][p * B_PANEL], B_UNITS, batch);
    tile8_store(rows, B_VECTORS, p, B_UNITS, sum, net->dparam.b.weight[p][k], B_PANEL);
}

static void b_backward_weight(struct activation_statements *net, int batch, struct range tiles)
{
    for (int p = 0; p < B_PANELS; p++)
        for (int t = tiles.first; t < tiles.end; t++)
            b_backward_weight_tile(net, batch, p, t * 5, 5);
}

/* The weights with units and inputs exchanged, in panels of inputs: [panel][unit][input] */
static void b_transpose(struct activation_statements *net, struct range panels)
{
    for (int q = panels.first; q < panels.end; q++)
        for (int u = 0; u < B_UNITS; u++)
            for (int k = 0; k < B_BACK_PANEL && q * B_BACK_PANEL + k < B_INPUTS; k++)
                net->transposed.b[q][u][k] = net->param.b.weight[u / B_PANEL][q * B_BACK_PANEL + k][u % B_PANEL];
}

/* `examples` examples from n on, and the inputs of panel q */
TILE_FUNCTION b_backward_input_tile(struct activation_statements *net, int q, int n, int examples)
{
    tile8 sum[5 * B_BACK_VECTORS];
    tile8_clear(examples, B_BACK_VECTORS, sum);
    tile8_multiply(examples, B_BACK_VECTORS, sum,
        net->dvalue.b[n], B_UNITS,
        net->transposed.b[q][0], B_UNITS);
    tile8_store(examples, B_BACK_VECTORS, q, B_INPUTS, sum, net->dvalue.a_relu[n] + q * B_BACK_PANEL, B_INPUTS);
}

static void b_backward_input(struct activation_statements *net, struct range examples)
{
    for (int q = 0; q < B_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, b_backward_input_tile, net, q);
}

/* leaky_relu
 * 5 -> 5 */

static void b_leaky_relu_forward(struct activation_statements *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < B_LEAKY_RELU_UNITS; i++)
            net->value.b_leaky_relu[n][i] = net->value.b[n][i] < 0 ? B_LEAKY_RELU_SLOPE * net->value.b[n][i] : net->value.b[n][i];
}

static void b_leaky_relu_backward(struct activation_statements *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < B_UNITS; i++)
            net->dvalue.b[n][i] = net->value.b_leaky_relu[n][i] > 0 ? net->dvalue.b_leaky_relu[n][i] : B_LEAKY_RELU_SLOPE * net->dvalue.b_leaky_relu[n][i];
}

/* c: dense 5
 * 5 -> 5, 30 parameters, 50 FLOP */

/* `examples` examples from n on, and the units of panel p */
TILE_FUNCTION c_forward_tile(struct activation_statements *net, int p, int n, int examples)
{
    tile8 sum[5 * C_VECTORS];
    tile8_start(examples, C_VECTORS, sum, &net->param.c.bias[p * C_PANEL]);
    tile8_multiply(examples, C_VECTORS, sum,
        net->value.b_leaky_relu[n], C_INPUTS,
        net->param.c.weight[p][0], C_INPUTS);
    tile8_store(examples, C_VECTORS, p, C_UNITS, sum, &net->value.c[n][p * C_PANEL], C_UNITS);
}

static void c_forward(struct activation_statements *net, struct range examples)
{
    for (int p = 0; p < C_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, c_forward_tile, net, p);
}

/* dbias = sum of dy */
static void c_backward_output(struct activation_statements *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int i = 0; i < C_UNITS; i++)
            net->group[g].c.bias[i] += net->dvalue.c[n][i];
    }
}

/* `rows` inputs from k on, and the units of panel p, over the batch */
TILE_FUNCTION c_backward_weight_tile(struct activation_statements *net, int batch, int p, int k, int rows)
{
    tile8 sum[5 * C_VECTORS];
    tile8_clear(rows, C_VECTORS, sum);
    tile8_outer(rows, C_VECTORS, sum,
        net->value.b_leaky_relu[0] + k, C_INPUTS,
        &net->dvalue.c[0][p * C_PANEL], C_UNITS, batch);
    tile8_store(rows, C_VECTORS, p, C_UNITS, sum, net->dparam.c.weight[p][k], C_PANEL);
}

static void c_backward_weight(struct activation_statements *net, int batch, struct range tiles)
{
    for (int p = 0; p < C_PANELS; p++)
        for (int t = tiles.first; t < tiles.end; t++)
            c_backward_weight_tile(net, batch, p, t * 5, 5);
}

/* The weights with units and inputs exchanged, in panels of inputs: [panel][unit][input] */
static void c_transpose(struct activation_statements *net, struct range panels)
{
    for (int q = panels.first; q < panels.end; q++)
        for (int u = 0; u < C_UNITS; u++)
            for (int k = 0; k < C_BACK_PANEL && q * C_BACK_PANEL + k < C_INPUTS; k++)
                net->transposed.c[q][u][k] = net->param.c.weight[u / C_PANEL][q * C_BACK_PANEL + k][u % C_PANEL];
}

/* `examples` examples from n on, and the inputs of panel q */
TILE_FUNCTION c_backward_input_tile(struct activation_statements *net, int q, int n, int examples)
{
    tile8 sum[5 * C_BACK_VECTORS];
    tile8_clear(examples, C_BACK_VECTORS, sum);
    tile8_multiply(examples, C_BACK_VECTORS, sum,
        net->dvalue.c[n], C_UNITS,
        net->transposed.c[q][0], C_UNITS);
    tile8_store(examples, C_BACK_VECTORS, q, C_INPUTS, sum, net->dvalue.b_leaky_relu[n] + q * C_BACK_PANEL, C_INPUTS);
}

static void c_backward_input(struct activation_statements *net, struct range examples)
{
    for (int q = 0; q < C_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, c_backward_input_tile, net, q);
}

/* sigmoid
 * 5 -> 5 */

static void c_sigmoid_forward(struct activation_statements *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < C_SIGMOID_UNITS; i++)
            net->value.c_sigmoid[n][i] = sigmoid(net->value.c[n][i]);
}

static void c_sigmoid_backward(struct activation_statements *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < C_UNITS; i++)
            net->dvalue.c[n][i] = net->dvalue.c_sigmoid[n][i] * net->value.c_sigmoid[n][i] * (1 - net->value.c_sigmoid[n][i]);
}

/* d: dense 5
 * 5 -> 5, 30 parameters, 50 FLOP */

/* `examples` examples from n on, and the units of panel p */
TILE_FUNCTION d_forward_tile(struct activation_statements *net, int p, int n, int examples)
{
    tile8 sum[5 * D_VECTORS];
    tile8_start(examples, D_VECTORS, sum, &net->param.d.bias[p * D_PANEL]);
    tile8_multiply(examples, D_VECTORS, sum,
        net->value.c_sigmoid[n], D_INPUTS,
        net->param.d.weight[p][0], D_INPUTS);
    tile8_store(examples, D_VECTORS, p, D_UNITS, sum, &net->value.d[n][p * D_PANEL], D_UNITS);
}

static void d_forward(struct activation_statements *net, struct range examples)
{
    for (int p = 0; p < D_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, d_forward_tile, net, p);
}

/* dbias = sum of dy */
static void d_backward_output(struct activation_statements *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int i = 0; i < D_UNITS; i++)
            net->group[g].d.bias[i] += net->dvalue.d[n][i];
    }
}

/* `rows` inputs from k on, and the units of panel p, over the batch */
TILE_FUNCTION d_backward_weight_tile(struct activation_statements *net, int batch, int p, int k, int rows)
{
    tile8 sum[5 * D_VECTORS];
    tile8_clear(rows, D_VECTORS, sum);
    tile8_outer(rows, D_VECTORS, sum,
        net->value.c_sigmoid[0] + k, D_INPUTS,
        &net->dvalue.d[0][p * D_PANEL], D_UNITS, batch);
    tile8_store(rows, D_VECTORS, p, D_UNITS, sum, net->dparam.d.weight[p][k], D_PANEL);
}

static void d_backward_weight(struct activation_statements *net, int batch, struct range tiles)
{
    for (int p = 0; p < D_PANELS; p++)
        for (int t = tiles.first; t < tiles.end; t++)
            d_backward_weight_tile(net, batch, p, t * 5, 5);
}

/* The weights with units and inputs exchanged, in panels of inputs: [panel][unit][input] */
static void d_transpose(struct activation_statements *net, struct range panels)
{
    for (int q = panels.first; q < panels.end; q++)
        for (int u = 0; u < D_UNITS; u++)
            for (int k = 0; k < D_BACK_PANEL && q * D_BACK_PANEL + k < D_INPUTS; k++)
                net->transposed.d[q][u][k] = net->param.d.weight[u / D_PANEL][q * D_BACK_PANEL + k][u % D_PANEL];
}

/* `examples` examples from n on, and the inputs of panel q */
TILE_FUNCTION d_backward_input_tile(struct activation_statements *net, int q, int n, int examples)
{
    tile8 sum[5 * D_BACK_VECTORS];
    tile8_clear(examples, D_BACK_VECTORS, sum);
    tile8_multiply(examples, D_BACK_VECTORS, sum,
        net->dvalue.d[n], D_UNITS,
        net->transposed.d[q][0], D_UNITS);
    tile8_store(examples, D_BACK_VECTORS, q, D_INPUTS, sum, net->dvalue.c_sigmoid[n] + q * D_BACK_PANEL, D_INPUTS);
}

static void d_backward_input(struct activation_statements *net, struct range examples)
{
    for (int q = 0; q < D_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, d_backward_input_tile, net, q);
}

/* tanh
 * 5 -> 5 */

static void d_tanh_forward(struct activation_statements *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < D_TANH_UNITS; i++)
            net->value.d_tanh[n][i] = real_tanh(net->value.d[n][i]);
}

static void d_tanh_backward(struct activation_statements *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < D_UNITS; i++)
            net->dvalue.d[n][i] = net->dvalue.d_tanh[n][i] * (1 - net->value.d_tanh[n][i] * net->value.d_tanh[n][i]);
}

/* e: dense 5
 * 5 -> 5, 30 parameters, 50 FLOP */

/* `examples` examples from n on, and the units of panel p */
TILE_FUNCTION e_forward_tile(struct activation_statements *net, int p, int n, int examples)
{
    tile8 sum[5 * E_VECTORS];
    tile8_start(examples, E_VECTORS, sum, &net->param.e.bias[p * E_PANEL]);
    tile8_multiply(examples, E_VECTORS, sum,
        net->value.d_tanh[n], E_INPUTS,
        net->param.e.weight[p][0], E_INPUTS);
    tile8_store(examples, E_VECTORS, p, E_UNITS, sum, &net->value.e[n][p * E_PANEL], E_UNITS);
}

static void e_forward(struct activation_statements *net, struct range examples)
{
    for (int p = 0; p < E_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, e_forward_tile, net, p);
}

/* dbias = sum of dy */
static void e_backward_output(struct activation_statements *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int i = 0; i < E_UNITS; i++)
            net->group[g].e.bias[i] += net->dvalue.e[n][i];
    }
}

/* `rows` inputs from k on, and the units of panel p, over the batch */
TILE_FUNCTION e_backward_weight_tile(struct activation_statements *net, int batch, int p, int k, int rows)
{
    tile8 sum[5 * E_VECTORS];
    tile8_clear(rows, E_VECTORS, sum);
    tile8_outer(rows, E_VECTORS, sum,
        net->value.d_tanh[0] + k, E_INPUTS,
        &net->dvalue.e[0][p * E_PANEL], E_UNITS, batch);
    tile8_store(rows, E_VECTORS, p, E_UNITS, sum, net->dparam.e.weight[p][k], E_PANEL);
}

static void e_backward_weight(struct activation_statements *net, int batch, struct range tiles)
{
    for (int p = 0; p < E_PANELS; p++)
        for (int t = tiles.first; t < tiles.end; t++)
            e_backward_weight_tile(net, batch, p, t * 5, 5);
}

/* The weights with units and inputs exchanged, in panels of inputs: [panel][unit][input] */
static void e_transpose(struct activation_statements *net, struct range panels)
{
    for (int q = panels.first; q < panels.end; q++)
        for (int u = 0; u < E_UNITS; u++)
            for (int k = 0; k < E_BACK_PANEL && q * E_BACK_PANEL + k < E_INPUTS; k++)
                net->transposed.e[q][u][k] = net->param.e.weight[u / E_PANEL][q * E_BACK_PANEL + k][u % E_PANEL];
}

/* `examples` examples from n on, and the inputs of panel q */
TILE_FUNCTION e_backward_input_tile(struct activation_statements *net, int q, int n, int examples)
{
    tile8 sum[5 * E_BACK_VECTORS];
    tile8_clear(examples, E_BACK_VECTORS, sum);
    tile8_multiply(examples, E_BACK_VECTORS, sum,
        net->dvalue.e[n], E_UNITS,
        net->transposed.e[q][0], E_UNITS);
    tile8_store(examples, E_BACK_VECTORS, q, E_INPUTS, sum, net->dvalue.d_tanh[n] + q * E_BACK_PANEL, E_INPUTS);
}

static void e_backward_input(struct activation_statements *net, struct range examples)
{
    for (int q = 0; q < E_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, e_backward_input_tile, net, q);
}

/* softplus
 * 5 -> 5 */

static void e_softplus_forward(struct activation_statements *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < E_SOFTPLUS_UNITS; i++)
            net->value.e_softplus[n][i] = softplus(net->value.e[n][i]);
}

static void e_softplus_backward(struct activation_statements *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < E_UNITS; i++)
            net->dvalue.e[n][i] = net->dvalue.e_softplus[n][i] * -real_expm1(-net->value.e_softplus[n][i]);
}

/* f: dense 2
 * 5 -> 2, 12 parameters, 20 FLOP */

/* `examples` examples from n on, and the units of panel p */
TILE_FUNCTION f_forward_tile(struct activation_statements *net, int p, int n, int examples)
{
    tile4 sum[5 * F_VECTORS];
    tile4_start(examples, F_VECTORS, sum, &net->param.f.bias[p * F_PANEL]);
    tile4_multiply(examples, F_VECTORS, sum,
        net->value.e_softplus[n], F_INPUTS,
        net->param.f.weight[p][0], F_INPUTS);
    tile4_store(examples, F_VECTORS, p, F_UNITS, sum, &net->value.f[n][p * F_PANEL], F_UNITS);
}

static void f_forward(struct activation_statements *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, f_forward_tile, net, p);
}

/* dbias = sum of dy */
static void f_backward_output(struct activation_statements *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->group[g].f.bias[i] += net->dvalue.f[n][i];
    }
}

/* `rows` inputs from k on, and the units of panel p, over the batch */
TILE_FUNCTION f_backward_weight_tile(struct activation_statements *net, int batch, int p, int k, int rows)
{
    tile4 sum[5 * F_VECTORS];
    tile4_clear(rows, F_VECTORS, sum);
    tile4_outer(rows, F_VECTORS, sum,
        net->value.e_softplus[0] + k, F_INPUTS,
        &net->dvalue.f[0][p * F_PANEL], F_UNITS, batch);
    tile4_store(rows, F_VECTORS, p, F_UNITS, sum, net->dparam.f.weight[p][k], F_PANEL);
}

static void f_backward_weight(struct activation_statements *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        for (int t = tiles.first; t < tiles.end; t++)
            f_backward_weight_tile(net, batch, p, t * 5, 5);
}

/* The weights with units and inputs exchanged, in panels of inputs: [panel][unit][input] */
static void f_transpose(struct activation_statements *net, struct range panels)
{
    for (int q = panels.first; q < panels.end; q++)
        for (int u = 0; u < F_UNITS; u++)
            for (int k = 0; k < F_BACK_PANEL && q * F_BACK_PANEL + k < F_INPUTS; k++)
                net->transposed.f[q][u][k] = net->param.f.weight[u / F_PANEL][q * F_BACK_PANEL + k][u % F_PANEL];
}

/* `examples` examples from n on, and the inputs of panel q */
TILE_FUNCTION f_backward_input_tile(struct activation_statements *net, int q, int n, int examples)
{
    tile8 sum[5 * F_BACK_VECTORS];
    tile8_clear(examples, F_BACK_VECTORS, sum);
    tile8_multiply(examples, F_BACK_VECTORS, sum,
        net->dvalue.f[n], F_UNITS,
        net->transposed.f[q][0], F_UNITS);
    tile8_store(examples, F_BACK_VECTORS, q, F_INPUTS, sum, net->dvalue.e_softplus[n] + q * F_BACK_PANEL, F_INPUTS);
}

static void f_backward_input(struct activation_statements *net, struct range examples)
{
    for (int q = 0; q < F_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, f_backward_input_tile, net, q);
}

/* output categorical
 * 2 -> 2 */

static void output_forward(struct activation_statements *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.f[n];
        real *p = net->value.output[n];
        real largest = z[0];
        for (int k = 1; k < OUTPUT_UNITS; k++)
            largest = z[k] > largest ? z[k] : largest;
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
static void output_loss(struct activation_statements *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        double loss = 0;
        const real *z = net->value.f[n];
        real largest = z[0];
        for (int k = 1; k < OUTPUT_UNITS; k++)
            largest = z[k] > largest ? z[k] : largest;
        double sum = 0;
        for (int k = 0; k < OUTPUT_UNITS; k++)
            sum += exp((double)(z[k] - largest));
        loss += log(sum) - (double)(z[net->target[n]] - largest);
        net->loss[n] = loss;
    }
}

static void output_backward(struct activation_statements *net, int batch, struct range examples)
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
    net->transposed.b = (void *)(net->arena + B_TRANSPOSED_AT);
    net->value.b_leaky_relu = (void *)(net->arena + B_LEAKY_RELU_AT);
    net->dvalue.b_leaky_relu = (void *)(net->arena + B_LEAKY_RELU_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->transposed.c = (void *)(net->arena + C_TRANSPOSED_AT);
    net->value.c_sigmoid = (void *)(net->arena + C_SIGMOID_AT);
    net->dvalue.c_sigmoid = (void *)(net->arena + C_SIGMOID_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->transposed.d = (void *)(net->arena + D_TRANSPOSED_AT);
    net->value.d_tanh = (void *)(net->arena + D_TANH_AT);
    net->dvalue.d_tanh = (void *)(net->arena + D_TANH_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->transposed.e = (void *)(net->arena + E_TRANSPOSED_AT);
    net->value.e_softplus = (void *)(net->arena + E_SOFTPLUS_AT);
    net->dvalue.e_softplus = (void *)(net->arena + E_SOFTPLUS_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->transposed.f = (void *)(net->arena + F_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct activation_statements *net, struct team team)
{
    f_transpose(net, team_share(team, F_BACK_PANELS));
    e_transpose(net, team_share(team, E_BACK_PANELS));
    d_transpose(net, team_share(team, D_BACK_PANELS));
    c_transpose(net, team_share(team, C_BACK_PANELS));
    b_transpose(net, team_share(team, B_BACK_PANELS));
}

#define GROUP_TENSOR(name) \
    (real *)net->dparam.name, (const real *)net->group[0].name, sizeof(net->group[0]) / sizeof(real), sizeof(net->dparam.name) / sizeof(real)

static void forward(struct activation_statements *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, batch);
    a_forward(net, examples);
    a_relu_forward(net, examples);
    b_forward(net, examples);
    b_leaky_relu_forward(net, examples);
    c_forward(net, examples);
    c_sigmoid_forward(net, examples);
    d_forward(net, examples);
    d_tanh_forward(net, examples);
    e_forward(net, examples);
    e_softplus_forward(net, examples);
    f_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct activation_statements *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, batch);
    const struct range groups = team_share(team, TEAM_GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    f_backward_input(net, examples);
    e_softplus_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        e_backward_output(net, g, team_group(g, batch));
    team_wait(team);
    e_backward_weight(net, batch, team_share(team, E_WEIGHT_TILES));
    e_backward_input(net, examples);
    d_tanh_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        d_backward_output(net, g, team_group(g, batch));
    team_wait(team);
    d_backward_weight(net, batch, team_share(team, D_WEIGHT_TILES));
    d_backward_input(net, examples);
    c_sigmoid_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_output(net, g, team_group(g, batch));
    team_wait(team);
    c_backward_weight(net, batch, team_share(team, C_WEIGHT_TILES));
    c_backward_input(net, examples);
    b_leaky_relu_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        b_backward_output(net, g, team_group(g, batch));
    team_wait(team);
    b_backward_weight(net, batch, team_share(team, B_WEIGHT_TILES));
    b_backward_input(net, examples);
    a_relu_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        a_backward_output(net, g, team_group(g, batch));
    team_wait(team);
    a_backward_weight(net, batch, team_share(team, A_WEIGHT_TILES));
    team_wait(team);
    team_add_groups(team, GROUP_TENSOR(a.bias));
    team_add_groups(team, GROUP_TENSOR(b.bias));
    team_add_groups(team, GROUP_TENSOR(c.bias));
    team_add_groups(team, GROUP_TENSOR(d.bias));
    team_add_groups(team, GROUP_TENSOR(e.bias));
    team_add_groups(team, GROUP_TENSOR(f.bias));
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
static void update(struct activation_statements *net, double rate, struct team team)
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

/* The sum of the losses of the batch */
static double batch_loss(const struct activation_statements *net, int batch)
{
    double loss = 0;
    for (int n = 0; n < batch; n++)
        loss += net->loss[n];
    return loss;
}

/* The forward pass alone, by all threads together */
static void infer(struct activation_statements *net, struct batch batch)
{
    TEAM_PARALLEL(THREADS_MOST)
    {
        const struct team team = team_here();
        load(net, batch, team_examples(team, batch.count));
        forward(net, batch.count, team);
    }
}

/* Adds the batch that was just computed, with the sum of its losses. */
static void add_score(const struct activation_statements *net, struct score *score, double loss, int batch)
{
    score_add_categorical(score, loss, net->value.output[0], net->target, batch, OUTPUT_UNITS);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct activation_statements *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        add_score(net, score, batch_loss(net, batch.count), batch.count);
    }
}

/* The gradients of a batch, by all threads together, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct activation_statements *net, struct batch batch, struct team team)
{
    const struct range examples = team_examples(team, batch.count);
    load(net, batch, examples);
    prepare(net, team);
    forward(net, batch.count, team);
    output_loss(net, examples);
    team_wait(team);
    const double loss = batch_loss(net, batch.count);
    if (isfinite(loss))
        backward(net, batch.count, team);
    return loss;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct activation_statements *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_PARALLEL(THREADS_MOST)
    {
        const struct team team = team_here();
        const double sum = compute_gradients(net, batch, team);
        team_wait(team);
        if (isfinite(sum))
            update(net, rate, team);
        if (team.thread == 0)
            loss = sum;
    }
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
        add_score(net, &row->train, loss, batch.count);
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
    {"input", "input 6", {1, 1, INPUT_UNITS, true}, 0, 0},
    {"a", "dense 5", {1, 1, A_UNITS, true}, A_PARAMETERS, A_FLOP},
    {"a_relu", "relu", {1, 1, A_RELU_UNITS, true}, 0, 0},
    {"b", "dense 5", {1, 1, B_UNITS, true}, B_PARAMETERS, B_FLOP},
    {"b_leaky_relu", "leaky_relu", {1, 1, B_LEAKY_RELU_UNITS, true}, 0, 0},
    {"c", "dense 5", {1, 1, C_UNITS, true}, C_PARAMETERS, C_FLOP},
    {"c_sigmoid", "sigmoid", {1, 1, C_SIGMOID_UNITS, true}, 0, 0},
    {"d", "dense 5", {1, 1, D_UNITS, true}, D_PARAMETERS, D_FLOP},
    {"d_tanh", "tanh", {1, 1, D_TANH_UNITS, true}, 0, 0},
    {"e", "dense 5", {1, 1, E_UNITS, true}, E_PARAMETERS, E_FLOP},
    {"e_softplus", "softplus", {1, 1, E_SOFTPLUS_UNITS, true}, 0, 0},
    {"f", "dense 2", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0},
};

#define TENSOR_PLACE(name) \
    offsetof(struct activation_statements_parameters, name) / sizeof(real), sizeof(((struct activation_statements_parameters *)0)->name) / sizeof(real)

static const struct model_tensor tensors[] = {
    {"a.weight", TENSOR_PLACE(a.weight), 2, A_UNITS, INPUT_UNITS, 1, 1, A_PANEL, INIT_HE},
    {"a.bias", TENSOR_PLACE(a.bias), 1, A_UNITS, 1, 1, 1, A_PANEL, INIT_ZERO},
    {"b.weight", TENSOR_PLACE(b.weight), 2, B_UNITS, A_RELU_UNITS, 1, 1, B_PANEL, INIT_HE},
    {"b.bias", TENSOR_PLACE(b.bias), 1, B_UNITS, 1, 1, 1, B_PANEL, INIT_ZERO},
    {"c.weight", TENSOR_PLACE(c.weight), 2, C_UNITS, B_LEAKY_RELU_UNITS, 1, 1, C_PANEL, INIT_GLOROT},
    {"c.bias", TENSOR_PLACE(c.bias), 1, C_UNITS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {"d.weight", TENSOR_PLACE(d.weight), 2, D_UNITS, C_SIGMOID_UNITS, 1, 1, D_PANEL, INIT_GLOROT},
    {"d.bias", TENSOR_PLACE(d.bias), 1, D_UNITS, 1, 1, 1, D_PANEL, INIT_ZERO},
    {"e.weight", TENSOR_PLACE(e.weight), 2, E_UNITS, D_TANH_UNITS, 1, 1, E_PANEL, INIT_GLOROT},
    {"e.bias", TENSOR_PLACE(e.bias), 1, E_UNITS, 1, 1, 1, E_PANEL, INIT_ZERO},
    {"f.weight", TENSOR_PLACE(f.weight), 2, F_UNITS, E_SOFTPLUS_UNITS, 1, 1, F_PANEL, INIT_GLOROT},
    {"f.bias", TENSOR_PLACE(f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
};

static const struct model_value values[] = {
    {"input", INPUT_AT, INPUT_UNITS},
    {"a", A_AT, A_UNITS},
    {"a_relu", A_RELU_AT, A_RELU_UNITS},
    {"b", B_AT, B_UNITS},
    {"b_leaky_relu", B_LEAKY_RELU_AT, B_LEAKY_RELU_UNITS},
    {"c", C_AT, C_UNITS},
    {"c_sigmoid", C_SIGMOID_AT, C_SIGMOID_UNITS},
    {"d", D_AT, D_UNITS},
    {"d_tanh", D_TANH_AT, D_TANH_UNITS},
    {"e", E_AT, E_UNITS},
    {"e_softplus", E_SOFTPLUS_AT, E_SOFTPLUS_UNITS},
    {"f", F_AT, F_UNITS},
    {"output", OUTPUT_AT, OUTPUT_UNITS},
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
    TEAM_PARALLEL(THREADS_MOST)
    compute_gradients(net, batch, team_here());
    return batch_loss(net, batch.count) / batch.count;
}

static void step(void *memory, const struct examples *split, size_t first, int count, uint64_t number)
{
    struct activation_statements *net = memory;
    net->is_training = true;
    net->step = number;
    train_step(net, batch_of(split, NULL, first, count), learning_rate(number, number + 1, 1));
}

const struct model activation_statements_model = {
    .abi = 8,
    .name = "activation_statements",
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
    .layers = layers,
    .layer_count = sizeof(layers) / sizeof(layers[0]),
    .tensors = tensors,
    .tensor_count = sizeof(tensors) / sizeof(tensors[0]),
    .values = values,
    .value_count = sizeof(values) / sizeof(values[0]),
    .parameter_size = sizeof(struct activation_statements_parameters) / sizeof(real),
    .arena_size = ARENA_SIZE,
    .pieces = pieces,
    .piece_count = sizeof(pieces) / sizeof(pieces[0]),
    .parameters_at = offsetof(struct activation_statements, param),
    .gradients_at = offsetof(struct activation_statements, dparam),
    .memory = sizeof(struct activation_statements) + ARENA_SIZE * sizeof(real),
    .create = create,
    .evaluate = evaluate,
    .predict = predict,
    .gradient = gradient,
    .step = step,
    .train = train,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&activation_statements_model, argc, argv);
}
#endif
