/* online_paths.c - trains the network 'online_paths': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "online_paths.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: dense 256 relu bias=no
 * 40 -> 256, 10240 parameters, 20.5 kFLOP */

/* relu(x w): tiles of examples by units */
static void a_forward(struct online_paths *net, struct range examples)
{
    for (int p = 0; p < A_PANELS; p++)
        TILE_EXAMPLES(1, 0, examples, tile8_affine_relu, A_VECTORS,
            net->value.input[0], A_INPUTS, net->param.a.weight[p][0], TILE_NO_BIAS, p, A_UNITS, net->value.a[0]);
}

/* The parts of the gradient that the layers behind it made */
static void a_backward_sum(struct online_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < A_UNITS; i++)
            net->dvalue.a[n][i] = net->dvalue.a_from_c[n][i] + net->dvalue.a_from_b[n][i];
}

/* dz = dy * relu'(z), in the place of dy */
static void a_backward_output(struct online_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < A_UNITS; i++)
            net->dvalue.a[n][i] = net->value.a[n][i] > 0 ? net->dvalue.a[n][i] : 0;
}

/* dw = x^T dz, which moves w row by row; without a rate dw is kept */
static void a_backward(struct online_paths *net, const double *rate, struct range inputs)
{
    const real *x = net->value.input[0];
    real dz[A_PANELS * A_PANEL] = {0};
    memcpy(dz, net->dvalue.a[0], A_UNITS * sizeof(real));
    for (int p = 0; p < A_PANELS; p++)
        for (int r = inputs.first; r < inputs.end; r++)
            if (rate)
                sgd_step(net->param.a.weight[p][r], &dz[p * A_PANEL], net->velocity.a.weight[p][r], range_of_all(A_PANEL),
                    (struct sgd){.rate = *rate, .momentum = MOMENTUM, .nesterov = true, .input = &x[r]});
            else
                tile8_outer_product(A_VECTORS, x, A_INPUTS, dz, p, A_UNITS, 1, net->dparam.a.weight[p][0], r, 1);
}

/* b: dense 60
 * 256 -> 60, 15420 parameters, 30.7 kFLOP */

/* x w + b: tiles of examples by units */
static void b_forward(struct online_paths *net, struct range examples)
{
    for (int p = 0; p < B_PANELS; p++)
        TILE_EXAMPLES(1, 0, examples, tile8_affine, B_VECTORS,
            net->value.a[0], B_INPUTS, net->param.b.weight[p][0], net->param.b.bias, p, B_UNITS, net->value.b[0]);
}

/* dbias = sum of dy */
static void b_backward_output(struct online_paths *net, int g, struct range examples)
{
    tile8_sum(examples.end - examples.first, B_UNITS, net->dvalue.b[examples.first], net->group[g].b.bias);
}

/* dx = dz w^T and dw = x^T dz, which moves w row by row; without a rate dw is kept */
static void b_backward(struct online_paths *net, const double *rate, struct range inputs)
{
    const real *x = net->value.a[0];
    real dz[B_PANELS * B_PANEL] = {0};
    memcpy(dz, net->dvalue.b[0], B_UNITS * sizeof(real));
    for (int k = inputs.first; k < inputs.end; k += 2 * TILE_DOTS) {
        const struct range rows = range_within(k, 2 * TILE_DOTS, inputs.end);
        tile8_row_product(B_VECTORS, dz, B_PANELS * B_PANEL, net->param.b.weight[0][0], B_INPUTS, rows.first, rows.end, net->dvalue.a_from_b[0]);
        for (int p = 0; p < B_PANELS; p++)
            for (int r = rows.first; r < rows.end; r++)
                if (rate)
                    sgd_step(net->param.b.weight[p][r], &dz[p * B_PANEL], net->velocity.b.weight[p][r], range_of_all(B_PANEL),
                        (struct sgd){.rate = *rate, .momentum = MOMENTUM, .nesterov = true, .input = &x[r]});
                else
                    tile8_outer_product(B_VECTORS, x, B_INPUTS, dz, p, B_UNITS, 1, net->dparam.b.weight[p][0], r, 1);
    }
}

/* c: dense 60 tanh
 * 256 -> 60, 15420 parameters, 30.7 kFLOP */

/* tanh(x w + b): tiles of examples by units */
static void c_forward(struct online_paths *net, struct range examples)
{
    for (int p = 0; p < C_PANELS; p++)
        TILE_EXAMPLES(1, 0, examples, tile8_affine, C_VECTORS,
            net->value.a[0], C_INPUTS, net->param.c.weight[p][0], net->param.c.bias, p, C_UNITS, net->value.c[0]);
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < C_UNITS; i++)
            net->value.c[n][i] = real_tanh(net->value.c[n][i]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void c_backward_output(struct online_paths *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < C_UNITS; i++)
            net->dvalue.c[n][i] = net->dvalue.c[n][i] * (1 - net->value.c[n][i] * net->value.c[n][i]);
    tile8_sum(examples.end - examples.first, C_UNITS, net->dvalue.c[examples.first], net->group[g].c.bias);
}

/* dx = dz w^T and dw = x^T dz, which moves w row by row; without a rate dw is kept */
static void c_backward(struct online_paths *net, const double *rate, struct range inputs)
{
    const real *x = net->value.a[0];
    real dz[C_PANELS * C_PANEL] = {0};
    memcpy(dz, net->dvalue.c[0], C_UNITS * sizeof(real));
    for (int k = inputs.first; k < inputs.end; k += 2 * TILE_DOTS) {
        const struct range rows = range_within(k, 2 * TILE_DOTS, inputs.end);
        tile8_row_product(C_VECTORS, dz, C_PANELS * C_PANEL, net->param.c.weight[0][0], C_INPUTS, rows.first, rows.end, net->dvalue.a_from_c[0]);
        for (int p = 0; p < C_PANELS; p++)
            for (int r = rows.first; r < rows.end; r++)
                if (rate)
                    sgd_step(net->param.c.weight[p][r], &dz[p * C_PANEL], net->velocity.c.weight[p][r], range_of_all(C_PANEL),
                        (struct sgd){.rate = *rate, .momentum = MOMENTUM, .nesterov = true, .input = &x[r]});
                else
                    tile8_outer_product(C_VECTORS, x, C_INPUTS, dz, p, C_UNITS, 1, net->dparam.c.weight[p][0], r, 1);
    }
}

/* add
 * 60 -> 60 */

static void a_add_forward(struct online_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < A_ADD_UNITS; i++)
            net->value.a_add[n][i] = net->value.b[n][i] + net->value.c[n][i];
}

static void a_add_backward(struct online_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < C_UNITS; i++)
            net->dvalue.c[n][i] = net->dvalue.a_add[n][i];
}

/* e: dense 200 max_norm=2 l1=0.001 l2=0.01 sigmoid
 * 60 -> 200, 12200 parameters, 24 kFLOP */

/* sigmoid(x w + b): tiles of examples by units */
static void e_forward(struct online_paths *net, struct range examples)
{
    for (int p = 0; p < E_PANELS; p++)
        TILE_EXAMPLES(1, 0, examples, tile8_affine, E_VECTORS,
            net->value.a_add[0], E_INPUTS, net->param.e.weight[p][0], net->param.e.bias, p, E_UNITS, net->value.e[0]);
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < E_UNITS; i++)
            net->value.e[n][i] = sigmoid(net->value.e[n][i]);
}

/* dz = dy * sigmoid'(z), in the place of dy; dbias = sum of dz */
static void e_backward_output(struct online_paths *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < E_UNITS; i++)
            net->dvalue.e[n][i] = net->dvalue.e[n][i] * net->value.e[n][i] * (1 - net->value.e[n][i]);
    tile8_sum(examples.end - examples.first, E_UNITS, net->dvalue.e[examples.first], net->group[g].e.bias);
}

/* dx = dz w^T and dw = x^T dz, which moves w row by row; without a rate dw is kept */
static void e_backward(struct online_paths *net, const double *rate, struct range inputs)
{
    const real *x = net->value.a_add[0];
    real dz[E_PANELS * E_PANEL] = {0};
    memcpy(dz, net->dvalue.e[0], E_UNITS * sizeof(real));
    for (int k = inputs.first; k < inputs.end; k += 2 * TILE_DOTS) {
        const struct range rows = range_within(k, 2 * TILE_DOTS, inputs.end);
        tile8_row_product(E_VECTORS, dz, E_PANELS * E_PANEL, net->param.e.weight[0][0], E_INPUTS, rows.first, rows.end, net->dvalue.a_add[0]);
        for (int p = 0; p < E_PANELS; p++)
            for (int r = rows.first; r < rows.end; r++)
                if (rate)
                    sgd_step(net->param.e.weight[p][r], &dz[p * E_PANEL], net->velocity.e.weight[p][r], range_of_all(E_PANEL),
                        (struct sgd){.rate = *rate, .momentum = MOMENTUM, .nesterov = true, .l1 = E_L1, .l2 = E_L2, .input = &x[r]});
                else
                    tile8_outer_product(E_VECTORS, x, E_INPUTS, dz, p, E_UNITS, 1, net->dparam.e.weight[p][0], r, 1);
    }
}

/* No weights into a filter or unit are longer than E_MAX_NORM */
static void e_limit_norm(struct online_paths *net, struct range filters)
{
    const int inputs = E_WEIGHTS / E_UNITS;
    for (int f = filters.first; f < filters.end; f++) {
        real *weight = (real *)net->param.e.weight + f / E_PANEL * inputs * E_PANEL + f % E_PANEL;
        real square = 0;
        for (int k = 0; k < inputs; k++)
            square += weight[k * E_PANEL] * weight[k * E_PANEL];
        const real norm = real_sqrt(square);
        for (int k = 0; k < inputs; k++)
            weight[k * E_PANEL] *= norm > E_MAX_NORM ? E_MAX_NORM / norm : 1;
    }
}

/* f: dense 100 frozen
 * 200 -> 100, 40 kFLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct online_paths *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(1, 0, examples, tile8_affine, F_VECTORS,
            net->value.e[0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void f_backward_input(struct online_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile8_row_product(F_VECTORS, net->dvalue.f[n], F_UNITS, net->param.f.weight[0][0], F_INPUTS, 0, F_INPUTS, net->dvalue.e[n]);
}

/* z: dense 4
 * 100 -> 4, 404 parameters, 800 FLOP */

/* x w + b: tiles of examples by units */
static void z_forward(struct online_paths *net, struct range examples)
{
    for (int p = 0; p < Z_PANELS; p++)
        TILE_EXAMPLES(1, 0, examples, tile4_affine, Z_VECTORS,
            net->value.f[0], Z_INPUTS, net->param.z.weight[p][0], net->param.z.bias, p, Z_UNITS, net->value.z[0]);
}

/* dbias = sum of dy */
static void z_backward_output(struct online_paths *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, Z_UNITS, net->dvalue.z[examples.first], net->group[g].z.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void z_backward_weight(struct online_paths *net, int batch, struct range tiles)
{
    for (int p = 0; p < Z_PANELS; p++)
        TILE_INPUTS(8, 4, tiles, Z_WEIGHT_TILES, tile4_outer_product, Z_VECTORS,
            net->value.f[0], Z_INPUTS, net->dvalue.z[0], p, Z_UNITS, batch, net->dparam.z.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void z_backward_input(struct online_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(Z_VECTORS, net->dvalue.z[n], Z_UNITS, net->param.z.weight[0][0], Z_INPUTS, 0, Z_INPUTS, net->dvalue.f[n]);
}

/* output categorical
 * 4 -> 4 */

static void output_forward(struct online_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
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
static void output_loss(struct online_paths *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
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

static void output_backward(struct online_paths *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.z[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct online_paths *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a_from_c = (void *)(net->arena + A_FROM_C_GRADIENT_AT);
    net->dvalue.a_from_b = (void *)(net->arena + A_FROM_B_GRADIENT_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + A_ADD_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.a_add = (void *)(net->arena + A_ADD_AT);
    net->dvalue.a_add = (void *)(net->arena + A_ADD_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.z = (void *)(net->arena + Z_AT);
    net->dvalue.z = (void *)(net->arena + Z_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct online_paths *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    a_forward(net, examples);
    b_forward(net, examples);
    c_forward(net, examples);
    a_add_forward(net, examples);
    e_forward(net, examples);
    f_forward(net, examples);
    z_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer.
 * With a rate, weights that take one move at once and keep no gradient. */
static void backward(struct online_paths *net, int batch, const double *rate, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        z_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    z_backward_weight(net, batch, team_share(team, Z_WEIGHT_TILES));
    z_backward_input(net, examples);
    f_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        e_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    e_backward(net, rate, team_share(team, E_INPUTS));
    team_wait(team);
    a_add_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    c_backward(net, rate, team_share(team, C_INPUTS));
    for (int g = groups.first; g < groups.end; g++)
        b_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    b_backward(net, rate, team_share(team, B_INPUTS));
    team_wait(team);
    a_backward_sum(net, examples);
    a_backward_output(net, examples);
    team_wait(team);
    a_backward(net, rate, team_share(team, A_INPUTS));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, b.bias);
    TEAM_ADD_GROUPS(team, net, c.bias);
    TEAM_ADD_GROUPS(team, net, e.bias);
    TEAM_ADD_GROUPS(team, net, z.bias);
}

/* the same rate throughout: the rate of step `step`, from 0 */
static double learning_rate(uint64_t step, uint64_t steps_per_epoch, int epochs)
{
    (void)step, (void)steps_per_epoch;
    (void)epochs;
    return RATE;
}

#define SGD_TENSOR(name) \
    (real *)net->param.name, (const real *)net->dparam.name, (real *)net->velocity.name, team_numbers(team, sizeof(net->param.name) / sizeof(real))

/* stochastic gradient descent, with momentum where it is set */
static void update(struct online_paths *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM, .nesterov = true});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM, .nesterov = true});
    sgd_step(SGD_TENSOR(e.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM, .nesterov = true});
    sgd_step(SGD_TENSOR(z.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM, .nesterov = true});
    sgd_step(SGD_TENSOR(z.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM, .nesterov = true});
    team_wait(team);
    e_limit_norm(net, team_share(team, E_UNITS));
}

/* Some examples of the batch, from the data into the network */
static void load(struct online_paths *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, net->value.input[n], 1, INPUT_UNITS, INPUT_UNITS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct online_paths *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct online_paths *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The average moves towards the weights by a share of the way. */
static void average(struct online_paths *net, double share, struct team team)
{
    const real *weight = (const real *)&net->param;
    real *mean = (real *)&net->average;
    const struct range numbers = team_numbers(team, sizeof(net->param) / sizeof(real));
    for (int i = numbers.first; i < numbers.end; i++)
        mean[i] += (real)share * (weight[i] - mean[i]);
}

/* The average is judged and kept in the weights' place. */
static void swap_average(struct online_paths *net)
{
    real *weight = (real *)&net->param, *mean = (real *)&net->average;
    for (size_t i = 0; i < sizeof(net->param) / sizeof(real); i++) {
        const real own = weight[i];
        weight[i] = mean[i];
        mean[i] = own;
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct online_paths *net, struct batch batch, const double *rate, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch.count);
    load(net, batch, examples);
    forward(net, batch.count, team);
    output_loss(net, examples);
    team_wait(team);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count, rate, team);
    return loss;
}

/* A step as one of a team; where the loss is not finite, nothing moves. */
static void step_together(struct online_paths *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, &rate, team);
    team_wait(team);
    if (isfinite(sum)) {
        update(net, rate, team);
        team_wait(team);
        average(net, net->step == 0 ? 1 : 1 - AVERAGE_EMA, team);
    }
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct online_paths *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct online_paths *net, struct training *run, struct training_epoch *row)
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
    struct online_paths *net = memory;
    if (!run->is_resumed) {
        net->average = net->param;
        net->best = net->param;
    }
    run->end = TRAINING_COMPLETE;
    for (int epoch = run->at.epoch; epoch <= run->epochs; epoch++) {
        struct training_epoch *row = training_epoch_begin(run, epoch);
        if (!train_epoch(net, run, row))
            break;
        swap_average(net);
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
        swap_average(net);
    }
    run->steps = net->step;
    net->param = net->best;
}

static const struct model_layer layers[] = {
    {"input", "input 40", {1, 1, INPUT_UNITS, true}, 0, 0, INPUT_AT, INPUT_UNITS},
    {"a", "dense 256 relu bias=no", {1, 1, A_UNITS, true}, A_PARAMETERS, A_FLOP, A_AT, A_UNITS},
    {"b", "dense 60", {1, 1, B_UNITS, true}, B_PARAMETERS, B_FLOP, B_AT, B_UNITS},
    {"c", "dense 60 tanh", {1, 1, C_UNITS, true}, C_PARAMETERS, C_FLOP, C_AT, C_UNITS},
    {"a_add", "add", {1, 1, A_ADD_UNITS, true}, 0, 0, A_ADD_AT, A_ADD_UNITS},
    {"e", "dense 200 max_norm=2 l1=0.001 l2=0.01 sigmoid", {1, 1, E_UNITS, true}, E_PARAMETERS, E_FLOP, E_AT, E_UNITS},
    {"f", "dense 100 frozen", {1, 1, F_UNITS, true}, 0, F_FLOP, F_AT, F_UNITS},
    {"z", "dense 4", {1, 1, Z_UNITS, true}, Z_PARAMETERS, Z_FLOP, Z_AT, Z_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(online_paths, a.weight), 2, A_UNITS, INPUT_UNITS, 1, 1, A_PANEL, INIT_HE},
    {MODEL_TENSOR(online_paths, b.weight), 2, B_UNITS, A_UNITS, 1, 1, B_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(online_paths, b.bias), 1, B_UNITS, 1, 1, 1, B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(online_paths, c.weight), 2, C_UNITS, A_UNITS, 1, 1, C_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(online_paths, c.bias), 1, C_UNITS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {MODEL_TENSOR(online_paths, e.weight), 2, E_UNITS, A_ADD_UNITS, 1, 1, E_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(online_paths, e.bias), 1, E_UNITS, 1, 1, 1, E_PANEL, INIT_ZERO},
    {MODEL_TENSOR(online_paths, f.weight), 2, F_UNITS, E_UNITS, 1, 1, F_PANEL, INIT_GLOROT | TENSOR_FROZEN},
    {MODEL_TENSOR(online_paths, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(online_paths, z.weight), 2, Z_UNITS, F_UNITS, 1, 1, Z_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(online_paths, z.bias), 1, Z_UNITS, 1, 1, 1, Z_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(online_paths, param),
    MODEL_PIECE(online_paths, velocity),
    MODEL_PIECE(online_paths, best),
    MODEL_PIECE(online_paths, average),
    MODEL_PIECE(online_paths, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct online_paths *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct online_paths *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch, NULL);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct online_paths *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model online_paths_model = {
    MODEL_OF(online_paths),
    .march = "x86-64-v3",
    .input = {1, 1, INPUT_UNITS, true},
    .output = OUTPUT_CATEGORICAL,
    .target_size = OUTPUT_UNITS,
    .output_size = OUTPUT_UNITS,
    .settings = {
        .batch = BATCH,
        .epochs = EPOCHS,
        .seed = SEED,
        .optimizer = "sgd rate=" TEXT_OF(RATE) " momentum=" TEXT_OF(MOMENTUM) " nesterov",
        .schedule = "constant",
        .penalty = "",
        .average = "ema=" TEXT_OF(AVERAGE_EMA),
    },
    .threads_most = THREADS_MOST,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&online_paths_model, argc, argv);
}
#endif
