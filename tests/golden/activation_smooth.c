/* activation_smooth.c - trains the network 'activation_smooth': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "activation_smooth.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: dense 5 elu(0.5)
 * 6 -> 5, 35 parameters, 60 FLOP */

/* elu(x w + b): tiles of examples by units */
static void a_forward(struct activation_smooth *net, struct range examples)
{
    for (int p = 0; p < A_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, A_VECTORS,
            net->value.input[0], A_INPUTS, net->param.a.weight[p][0], net->param.a.bias, p, A_UNITS, net->value.a[0]);
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < A_UNITS; i++)
            net->value.a[n][i] = net->value.a[n][i] < 0 ? A_ELU_ALPHA * real_expm1(net->value.a[n][i]) : net->value.a[n][i];
}

/* dz = dy * elu'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct activation_smooth *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < A_UNITS; i++)
            net->dvalue.a[n][i] = net->value.a[n][i] > 0 ? net->dvalue.a[n][i] : net->dvalue.a[n][i] * (net->value.a[n][i] + A_ELU_ALPHA);
    tile8_sum(examples.end - examples.first, A_UNITS, net->dvalue.a[examples.first], net->group[g].a.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void a_backward_weight(struct activation_smooth *net, int batch, struct range tiles)
{
    for (int p = 0; p < A_PANELS; p++)
        TILE_INPUTS(6, 0, tiles, A_WEIGHT_TILES, tile8_outer_product, A_VECTORS,
            net->value.input[0], A_INPUTS, net->dvalue.a[0], p, A_UNITS, batch, net->dparam.a.weight[p][0]);
}

/* b: dense 5 selu
 * 5 -> 5, 30 parameters, 50 FLOP */

/* selu(x w + b): tiles of examples by units */
static void b_forward(struct activation_smooth *net, struct range examples)
{
    for (int p = 0; p < B_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, B_VECTORS,
            net->value.a[0], B_INPUTS, net->param.b.weight[p][0], net->param.b.bias, p, B_UNITS, net->value.b[0]);
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < B_UNITS; i++)
            net->value.b[n][i] = selu(net->value.b[n][i]);
}

/* dz = dy * selu'(z), in the place of dy; dbias = sum of dz */
static void b_backward_output(struct activation_smooth *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < B_UNITS; i++)
            net->dvalue.b[n][i] = net->dvalue.b[n][i] * selu_slope(net->value.b[n][i]);
    tile8_sum(examples.end - examples.first, B_UNITS, net->dvalue.b[examples.first], net->group[g].b.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void b_backward_weight(struct activation_smooth *net, int batch, struct range tiles)
{
    for (int p = 0; p < B_PANELS; p++)
        TILE_INPUTS(5, 0, tiles, B_WEIGHT_TILES, tile8_outer_product, B_VECTORS,
            net->value.a[0], B_INPUTS, net->dvalue.b[0], p, B_UNITS, batch, net->dparam.b.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void b_backward_input(struct activation_smooth *net, struct range examples)
{
    for (int q = 0; q < B_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, B_BACK_VECTORS,
            net->dvalue.b[0], B_UNITS, net->transposed.b[q][0], TILE_NO_BIAS, q, B_INPUTS, net->dvalue.a[0]);
}

/* c: dense 5 silu
 * 5 -> 5, 30 parameters, 50 FLOP */

/* x w + b: tiles of examples by units */
static void c_forward(struct activation_smooth *net, struct range examples)
{
    for (int p = 0; p < C_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, C_VECTORS,
            net->value.b[0], C_INPUTS, net->param.c.weight[p][0], net->param.c.bias, p, C_UNITS, net->value.c[0]);
}

/* dbias = sum of dy */
static void c_backward_output(struct activation_smooth *net, int g, struct range examples)
{
    tile8_sum(examples.end - examples.first, C_UNITS, net->dvalue.c[examples.first], net->group[g].c.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void c_backward_weight(struct activation_smooth *net, int batch, struct range tiles)
{
    for (int p = 0; p < C_PANELS; p++)
        TILE_INPUTS(5, 0, tiles, C_WEIGHT_TILES, tile8_outer_product, C_VECTORS,
            net->value.b[0], C_INPUTS, net->dvalue.c[0], p, C_UNITS, batch, net->dparam.c.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void c_backward_input(struct activation_smooth *net, struct range examples)
{
    for (int q = 0; q < C_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, C_BACK_VECTORS,
            net->dvalue.c[0], C_UNITS, net->transposed.c[q][0], TILE_NO_BIAS, q, C_INPUTS, net->dvalue.b[0]);
}

static void c_silu_forward(struct activation_smooth *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < C_SILU_UNITS; i++)
            net->value.c_silu[n][i] = silu(net->value.c[n][i]);
}

static void c_silu_backward(struct activation_smooth *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < C_UNITS; i++) {
            const real dy = net->dvalue.c_silu[n][i];
            net->dvalue.c[n][i] = dy * silu_slope(net->value.c[n][i]);
        }
}

/* d: dense 5 gelu
 * 5 -> 5, 30 parameters, 50 FLOP */

/* x w + b: tiles of examples by units */
static void d_forward(struct activation_smooth *net, struct range examples)
{
    for (int p = 0; p < D_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, D_VECTORS,
            net->value.c_silu[0], D_INPUTS, net->param.d.weight[p][0], net->param.d.bias, p, D_UNITS, net->value.d[0]);
}

/* dbias = sum of dy */
static void d_backward_output(struct activation_smooth *net, int g, struct range examples)
{
    tile8_sum(examples.end - examples.first, D_UNITS, net->dvalue.d[examples.first], net->group[g].d.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void d_backward_weight(struct activation_smooth *net, int batch, struct range tiles)
{
    for (int p = 0; p < D_PANELS; p++)
        TILE_INPUTS(5, 0, tiles, D_WEIGHT_TILES, tile8_outer_product, D_VECTORS,
            net->value.c_silu[0], D_INPUTS, net->dvalue.d[0], p, D_UNITS, batch, net->dparam.d.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void d_backward_input(struct activation_smooth *net, struct range examples)
{
    for (int q = 0; q < D_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, D_BACK_VECTORS,
            net->dvalue.d[0], D_UNITS, net->transposed.d[q][0], TILE_NO_BIAS, q, D_INPUTS, net->dvalue.c_silu[0]);
}

static void d_gelu_forward(struct activation_smooth *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < D_GELU_UNITS; i++)
            net->value.d_gelu[n][i] = gelu(net->value.d[n][i]);
}

static void d_gelu_backward(struct activation_smooth *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < D_UNITS; i++) {
            const real dy = net->dvalue.d_gelu[n][i];
            net->dvalue.d[n][i] = dy * gelu_slope(net->value.d[n][i]);
        }
}

/* e: dense 5 hard_swish
 * 5 -> 5, 30 parameters, 50 FLOP */

/* x w + b: tiles of examples by units */
static void e_forward(struct activation_smooth *net, struct range examples)
{
    for (int p = 0; p < E_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, E_VECTORS,
            net->value.d_gelu[0], E_INPUTS, net->param.e.weight[p][0], net->param.e.bias, p, E_UNITS, net->value.e[0]);
}

/* dbias = sum of dy */
static void e_backward_output(struct activation_smooth *net, int g, struct range examples)
{
    tile8_sum(examples.end - examples.first, E_UNITS, net->dvalue.e[examples.first], net->group[g].e.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void e_backward_weight(struct activation_smooth *net, int batch, struct range tiles)
{
    for (int p = 0; p < E_PANELS; p++)
        TILE_INPUTS(5, 0, tiles, E_WEIGHT_TILES, tile8_outer_product, E_VECTORS,
            net->value.d_gelu[0], E_INPUTS, net->dvalue.e[0], p, E_UNITS, batch, net->dparam.e.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void e_backward_input(struct activation_smooth *net, struct range examples)
{
    for (int q = 0; q < E_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, E_BACK_VECTORS,
            net->dvalue.e[0], E_UNITS, net->transposed.e[q][0], TILE_NO_BIAS, q, E_INPUTS, net->dvalue.d_gelu[0]);
}

static void e_hard_swish_forward(struct activation_smooth *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < E_HARD_SWISH_UNITS; i++)
            net->value.e_hard_swish[n][i] = hard_swish(net->value.e[n][i]);
}

static void e_hard_swish_backward(struct activation_smooth *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < E_UNITS; i++) {
            const real dy = net->dvalue.e_hard_swish[n][i];
            net->dvalue.e[n][i] = dy * hard_swish_slope(net->value.e[n][i]);
        }
}

/* gelu
 * 5 -> 5 */

static void e_gelu_forward(struct activation_smooth *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < E_GELU_UNITS; i++)
            net->value.e_gelu[n][i] = gelu(net->value.e_hard_swish[n][i]);
}

static void e_gelu_backward(struct activation_smooth *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < E_HARD_SWISH_UNITS; i++) {
            const real dy = net->dvalue.e_gelu[n][i];
            net->dvalue.e_hard_swish[n][i] = dy * gelu_slope(net->value.e_hard_swish[n][i]);
        }
}

/* f: dense 2
 * 5 -> 2, 12 parameters, 20 FLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct activation_smooth *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile4_affine, F_VECTORS,
            net->value.e_gelu[0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct activation_smooth *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct activation_smooth *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(5, 0, tiles, F_WEIGHT_TILES, tile4_outer_product, F_VECTORS,
            net->value.e_gelu[0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void f_backward_input(struct activation_smooth *net, struct range examples)
{
    for (int q = 0; q < F_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, F_BACK_VECTORS,
            net->dvalue.f[0], F_UNITS, net->transposed.f[q][0], TILE_NO_BIAS, q, F_INPUTS, net->dvalue.e_gelu[0]);
}

/* elu
 * 2 -> 2 */

static void f_elu_forward(struct activation_smooth *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < F_ELU_UNITS; i++)
            net->value.f_elu[n][i] = net->value.f[n][i] < 0 ? F_ELU_ALPHA * real_expm1(net->value.f[n][i]) : net->value.f[n][i];
}

static void f_elu_backward(struct activation_smooth *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < F_UNITS; i++) {
            const real dy = net->dvalue.f_elu[n][i];
            net->dvalue.f[n][i] = net->value.f_elu[n][i] > 0 ? dy : dy * (net->value.f_elu[n][i] + F_ELU_ALPHA);
        }
}

/* g: dense 2
 * 2 -> 2, 6 parameters, 8 FLOP */

/* x w + b: tiles of examples by units */
static void g_forward(struct activation_smooth *net, struct range examples)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile4_affine, G_VECTORS,
            net->value.f_elu[0], G_INPUTS, net->param.g.weight[p][0], net->param.g.bias, p, G_UNITS, net->value.g[0]);
}

/* dbias = sum of dy */
static void g_backward_output(struct activation_smooth *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, G_UNITS, net->dvalue.g[examples.first], net->group[g].g.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void g_backward_weight(struct activation_smooth *net, int batch, struct range tiles)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_INPUTS(2, 0, tiles, G_WEIGHT_TILES, tile4_outer_product, G_VECTORS,
            net->value.f_elu[0], G_INPUTS, net->dvalue.g[0], p, G_UNITS, batch, net->dparam.g.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void g_backward_input(struct activation_smooth *net, struct range examples)
{
    for (int q = 0; q < G_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile4_affine, G_BACK_VECTORS,
            net->dvalue.g[0], G_UNITS, net->transposed.g[q][0], TILE_NO_BIAS, q, G_INPUTS, net->dvalue.f_elu[0]);
}

/* output categorical
 * 2 -> 2 */

static void output_forward(struct activation_smooth *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
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
static void output_loss(struct activation_smooth *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
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

static void output_backward(struct activation_smooth *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
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
    net->transposed.b = (void *)(net->arena + B_TRANSPOSED_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->transposed.c = (void *)(net->arena + C_TRANSPOSED_AT);
    net->value.c_silu = (void *)(net->arena + C_SILU_AT);
    net->dvalue.c_silu = (void *)(net->arena + C_SILU_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->transposed.d = (void *)(net->arena + D_TRANSPOSED_AT);
    net->value.d_gelu = (void *)(net->arena + D_GELU_AT);
    net->dvalue.d_gelu = (void *)(net->arena + D_GELU_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->transposed.e = (void *)(net->arena + E_TRANSPOSED_AT);
    net->value.e_hard_swish = (void *)(net->arena + E_HARD_SWISH_AT);
    net->dvalue.e_hard_swish = (void *)(net->arena + E_HARD_SWISH_GRADIENT_AT);
    net->value.e_gelu = (void *)(net->arena + E_GELU_AT);
    net->dvalue.e_gelu = (void *)(net->arena + E_GELU_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->transposed.f = (void *)(net->arena + F_TRANSPOSED_AT);
    net->value.f_elu = (void *)(net->arena + F_ELU_AT);
    net->dvalue.f_elu = (void *)(net->arena + F_ELU_GRADIENT_AT);
    net->value.g = (void *)(net->arena + G_AT);
    net->dvalue.g = (void *)(net->arena + G_GRADIENT_AT);
    net->transposed.g = (void *)(net->arena + G_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct activation_smooth *net, struct team team)
{
    panels_transpose(net->param.g.weight[0][0], G_UNITS, 1, G_INPUTS, G_PANEL, net->transposed.g[0][0], G_BACK_PANEL, team_share(team, G_BACK_PANELS));
    panels_transpose(net->param.f.weight[0][0], F_UNITS, 1, F_INPUTS, F_PANEL, net->transposed.f[0][0], F_BACK_PANEL, team_share(team, F_BACK_PANELS));
    panels_transpose(net->param.e.weight[0][0], E_UNITS, 1, E_INPUTS, E_PANEL, net->transposed.e[0][0], E_BACK_PANEL, team_share(team, E_BACK_PANELS));
    panels_transpose(net->param.d.weight[0][0], D_UNITS, 1, D_INPUTS, D_PANEL, net->transposed.d[0][0], D_BACK_PANEL, team_share(team, D_BACK_PANELS));
    panels_transpose(net->param.c.weight[0][0], C_UNITS, 1, C_INPUTS, C_PANEL, net->transposed.c[0][0], C_BACK_PANEL, team_share(team, C_BACK_PANELS));
    panels_transpose(net->param.b.weight[0][0], B_UNITS, 1, B_INPUTS, B_PANEL, net->transposed.b[0][0], B_BACK_PANEL, team_share(team, B_BACK_PANELS));
}

static void forward(struct activation_smooth *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    a_forward(net, examples);
    b_forward(net, examples);
    c_forward(net, examples);
    c_silu_forward(net, examples);
    d_forward(net, examples);
    d_gelu_forward(net, examples);
    e_forward(net, examples);
    e_hard_swish_forward(net, examples);
    e_gelu_forward(net, examples);
    f_forward(net, examples);
    f_elu_forward(net, examples);
    g_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct activation_smooth *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        g_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    g_backward_weight(net, batch, team_share(team, G_WEIGHT_TILES));
    g_backward_input(net, examples);
    f_elu_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    f_backward_input(net, examples);
    e_gelu_backward(net, examples);
    e_hard_swish_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        e_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    e_backward_weight(net, batch, team_share(team, E_WEIGHT_TILES));
    e_backward_input(net, examples);
    d_gelu_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        d_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    d_backward_weight(net, batch, team_share(team, D_WEIGHT_TILES));
    d_backward_input(net, examples);
    c_silu_backward(net, examples);
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
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, a.bias);
    TEAM_ADD_GROUPS(team, net, b.bias);
    TEAM_ADD_GROUPS(team, net, c.bias);
    TEAM_ADD_GROUPS(team, net, d.bias);
    TEAM_ADD_GROUPS(team, net, e.bias);
    TEAM_ADD_GROUPS(team, net, f.bias);
    TEAM_ADD_GROUPS(team, net, g.bias);
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
static void update(struct activation_smooth *net, double rate, struct team team)
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

/* The forward pass alone, as one of a team */
static void infer(struct activation_smooth *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct activation_smooth *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct activation_smooth *net, struct batch batch, struct team team)
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
static void step_together(struct activation_smooth *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct activation_smooth *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
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
    {MODEL_TENSOR(activation_smooth, a.weight), 2, A_UNITS, INPUT_UNITS, 1, 1, A_PANEL, INIT_HE},
    {MODEL_TENSOR(activation_smooth, a.bias), 1, A_UNITS, 1, 1, 1, A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(activation_smooth, b.weight), 2, B_UNITS, A_UNITS, 1, 1, B_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(activation_smooth, b.bias), 1, B_UNITS, 1, 1, 1, B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(activation_smooth, c.weight), 2, C_UNITS, B_UNITS, 1, 1, C_PANEL, INIT_HE},
    {MODEL_TENSOR(activation_smooth, c.bias), 1, C_UNITS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {MODEL_TENSOR(activation_smooth, d.weight), 2, D_UNITS, C_SILU_UNITS, 1, 1, D_PANEL, INIT_HE},
    {MODEL_TENSOR(activation_smooth, d.bias), 1, D_UNITS, 1, 1, 1, D_PANEL, INIT_ZERO},
    {MODEL_TENSOR(activation_smooth, e.weight), 2, E_UNITS, D_GELU_UNITS, 1, 1, E_PANEL, INIT_HE},
    {MODEL_TENSOR(activation_smooth, e.bias), 1, E_UNITS, 1, 1, 1, E_PANEL, INIT_ZERO},
    {MODEL_TENSOR(activation_smooth, f.weight), 2, F_UNITS, E_GELU_UNITS, 1, 1, F_PANEL, INIT_HE},
    {MODEL_TENSOR(activation_smooth, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
    {MODEL_TENSOR(activation_smooth, g.weight), 2, G_UNITS, F_ELU_UNITS, 1, 1, G_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(activation_smooth, g.bias), 1, G_UNITS, 1, 1, 1, G_PANEL, INIT_ZERO},
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
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct activation_smooth *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
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
    .threads_most = THREADS_MOST,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&activation_smooth_model, argc, argv);
}
#endif
