/* optimizers.c - how weights move: sgd, adam, adamw, rmsprop, adagrad. The arithmetic is in
 * runtime/optimizer.h; here are the settings and the line that generated code has for each tensor:
 *
 *     sgd_step(SGD_TENSOR(c1.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM, .l2 = LAMBDA_L2}); */
#include "layers/training.h"

#include "emit/writer.h"

#define RATE_ATTRIBUTE(start)                                                                                \
    {                                                                                                        \
        .name = "rate", .type = ATTRIBUTE_REAL, .position = -1, .fallback = start, .least = 0, .most = 1e6,  \
        .above_least = true, .meaning = "learning rate"                                                      \
    }
#define SHARE_ATTRIBUTE(setting_name, start, text)                                                           \
    {                                                                                                        \
        .name = setting_name, .type = ATTRIBUTE_REAL, .position = -1, .fallback = start, .least = 0,         \
        .most = 1, .below_most = true, .meaning = text                                                       \
    }
#define EPS_ATTRIBUTE(start)                                                                                 \
    {                                                                                                        \
        .name = "eps", .type = ATTRIBUTE_REAL, .position = -1, .fallback = start, .least = 0, .most = 1,     \
        .above_least = true, .meaning = "what keeps the division finite"                                     \
    }
#define ADAM_ATTRIBUTES                                                                                      \
    RATE_ATTRIBUTE("0.001"), SHARE_ATTRIBUTE("beta1", "0.9", "decay of the mean of the gradients"),          \
        SHARE_ATTRIBUTE("beta2", "0.999", "decay of the mean of their squares"), EPS_ATTRIBUTE("1e-8")

static const struct attribute sgd_attributes[] = {
    RATE_ATTRIBUTE("0.01"),
    SHARE_ATTRIBUTE("momentum", "0", "share of the last step that is kept"),
    {.name = "nesterov",
     .type = ATTRIBUTE_FLAG,
     .position = -1,
     .fallback = "",
     .meaning = "look ahead by the momentum"},
    {0},
};

static const struct attribute adam_attributes[] = {ADAM_ATTRIBUTES, {0}};

static const struct attribute adamw_attributes[] = {
    ADAM_ATTRIBUTES,
    {.name = "decay",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "0.01",
     .least = 0,
     .most = 1e6,
     .meaning = "share of each parameter, times the rate, that every step takes away"},
    {0},
};

static const struct attribute rmsprop_attributes[] = {
    RATE_ATTRIBUTE("0.01"),
    SHARE_ATTRIBUTE("alpha", "0.99", "decay of the mean of the squared gradients"),
    EPS_ATTRIBUTE("1e-8"),
    {0},
};

static const struct attribute adagrad_attributes[] = {RATE_ATTRIBUTE("0.01"), EPS_ATTRIBUTE("1e-10"), {0}};

static const struct setting *setting(const struct graph *graph, const char *name)
{
    return setting_find(graph->training.optimizer->attributes, graph->training.optimizer_settings, name);
}

/* ", .l1 = C1_L1, .l2 = LAMBDA_L2" of those that are not zero */
static const char *penalties(struct writer *writer, const struct parameter *parameter)
{
    if (!parameter->is_penalised)
        return "";
    const struct layer *layer = parameter->layer;
    const char *l1 = parameter->has_l1 ? layer_constant(writer, layer, "l1") : "LAMBDA_L1";
    const char *l2 = parameter->has_l2 ? layer_constant(writer, layer, "l2") : "LAMBDA_L2";
    const char *first = parameter->l1 > 0 ? writer_format(writer, ", .l1 = %s", l1) : "";
    const char *second = parameter->l2 > 0 ? writer_format(writer, ", .l2 = %s", l2) : "";
    return writer_format(writer, "%s%s", first, second);
}

static bool has_momentum(const struct graph *graph)
{
    return setting(graph, "momentum")->real > 0;
}

static int sgd_buffers(const struct graph *graph)
{
    return has_momentum(graph) ? 1 : 0;
}

static void sgd_constants(struct writer *writer, const struct graph *graph)
{
    writer_setting(writer, "RATE", setting(graph, "rate")->real);
    if (has_momentum(graph))
        writer_setting(writer, "MOMENTUM", setting(graph, "momentum")->real);
}

/* Which numbers of a tensor this thread moves. */
static const char *numbers(const struct graph *graph)
{
    return graph->form == NODE_TILED ? "team_numbers(team, sizeof(net->param.name) / sizeof(real))"
                                     : "range_of_all(sizeof(net->param.name) / sizeof(real))";
}

static void sgd_tensor(struct writer *writer, const struct graph *graph)
{
    writer_line(writer, "#define SGD_TENSOR(name) \\");
    writer_line(writer, "    (real *)net->param.name, (const real *)net->dparam.name, %s, %s",
                has_momentum(graph) ? "(real *)net->velocity.name" : "NULL", numbers(graph));
}

/* ", .momentum = MOMENTUM, .l2 = LAMBDA_L2": all but the rate */
static const char *sgd_settings(struct writer *writer, const struct graph *graph,
                                const struct parameter *parameter)
{
    const char *momentum = has_momentum(graph) ? ", .momentum = MOMENTUM" : "";
    const char *nesterov =
        has_momentum(graph) && setting(graph, "nesterov")->integer[0] ? ", .nesterov = true" : "";
    return writer_format(writer, "%s%s%s", momentum, nesterov, penalties(writer, parameter));
}

static void sgd_update(struct writer *writer, const struct graph *graph, const struct parameter *parameter)
{
    writer_line(writer, "sgd_step(SGD_TENSOR(%s.%s), (struct sgd){.rate = rate%s});", parameter->layer->name,
                parameter->name, sgd_settings(writer, graph, parameter));
}

/* Of the others, adam would correct its biases anew for each part; rmsprop and adagrad do not move parts yet.
 */
static void sgd_update_part(struct writer *writer, const struct graph *graph,
                            const struct parameter *parameter, const char *place, const char *count,
                            const char *input, const char *gradient)
{
    const char *tensor = writer_format(writer, "%s.%s%s", parameter->layer->name, parameter->name, place);
    writer_line(writer, "sgd_step(net->param.%s, %s, %s, range_of_all(%s),", tensor, gradient,
                has_momentum(graph) ? writer_format(writer, "net->velocity.%s", tensor) : "NULL", count);
    writer_more(writer, "(struct sgd){.rate = *rate%s%s});", sgd_settings(writer, graph, parameter),
                input ? writer_format(writer, ", .input = %s", input) : "");
}

static const char *sgd_description(struct writer *writer, const struct graph *graph)
{
    const char *nesterov = setting(graph, "nesterov")->integer[0] ? " \" nesterov\"" : "";
    return writer_format(writer, "\"sgd rate=\" TEXT_OF(RATE)%s%s",
                         has_momentum(graph) ? " \" momentum=\" TEXT_OF(MOMENTUM)" : "", nesterov);
}

static int adam_buffers(const struct graph *graph)
{
    (void)graph;
    return 2;
}

static void adam_constants(struct writer *writer, const struct graph *graph)
{
    writer_setting(writer, "RATE", setting(graph, "rate")->real);
    writer_setting(writer, "ADAM_BETA1", setting(graph, "beta1")->real);
    writer_setting(writer, "ADAM_BETA2", setting(graph, "beta2")->real);
    writer_setting(writer, "ADAM_EPS", setting(graph, "eps")->real);
}

static void adam_tensor(struct writer *writer, const struct graph *graph)
{
    writer_line(writer, "#define ADAM_TENSOR(name) \\");
    writer_line(writer,
                "    (real *)net->param.name, (const real *)net->dparam.name, (real "
                "*)net->mean.name, (real *)net->square.name, %s",
                numbers(graph));
    writer_line(writer, "#define ADAM_SETTINGS .rate = rate, .beta1 = ADAM_BETA1, .beta2 = ADAM_BETA2, .eps "
                        "= ADAM_EPS, .step = net->step + 1");
}

static void adam_update(struct writer *writer, const struct graph *graph, const struct parameter *parameter)
{
    (void)graph;
    writer_line(writer, "adam_step(ADAM_TENSOR(%s.%s), (struct adam){ADAM_SETTINGS%s});",
                parameter->layer->name, parameter->name, penalties(writer, parameter));
}

static const char *adam_description(struct writer *writer, const struct graph *graph)
{
    (void)graph;
    return writer_format(writer, "\"adam rate=\" TEXT_OF(RATE) \" beta1=\" TEXT_OF(ADAM_BETA1) \" beta2=\" "
                                 "TEXT_OF(ADAM_BETA2) \" eps=\" TEXT_OF(ADAM_EPS)");
}

static void adamw_constants(struct writer *writer, const struct graph *graph)
{
    adam_constants(writer, graph);
    writer_setting(writer, "ADAM_DECAY", setting(graph, "decay")->real);
}

static void adamw_update(struct writer *writer, const struct graph *graph, const struct parameter *parameter)
{
    (void)graph;
    writer_line(writer, "adamw_step(ADAM_TENSOR(%s.%s), ADAM_DECAY, (struct adam){ADAM_SETTINGS%s});",
                parameter->layer->name, parameter->name, penalties(writer, parameter));
}

static const char *adamw_description(struct writer *writer, const struct graph *graph)
{
    (void)graph;
    return writer_format(writer,
                         "\"adamw rate=\" TEXT_OF(RATE) \" beta1=\" TEXT_OF(ADAM_BETA1) \" beta2=\" "
                         "TEXT_OF(ADAM_BETA2) \" eps=\" TEXT_OF(ADAM_EPS) \" decay=\" TEXT_OF(ADAM_DECAY)");
}

static int scaled_buffers(const struct graph *graph)
{
    (void)graph;
    return 1;
}

static void scaled_tensor(struct writer *writer, const struct graph *graph)
{
    bool is_rmsprop = graph->training.optimizer == &optimizer_rmsprop;
    writer_line(writer, "#define SCALED_TENSOR(name) \\");
    writer_line(writer,
                "    (real *)net->param.name, (const real *)net->dparam.name, (real *)net->square.name, %s",
                numbers(graph));
    writer_line(writer, "#define SCALED_SETTINGS .rate = rate, .keep = %s, .add = %s, .eps = SCALED_EPS",
                is_rmsprop ? "RMSPROP_ALPHA" : "1", is_rmsprop ? "1 - RMSPROP_ALPHA" : "1");
}

static void scaled_update(struct writer *writer, const struct graph *graph, const struct parameter *parameter)
{
    (void)graph;
    writer_line(writer, "scaled_step(SCALED_TENSOR(%s.%s), (struct scaled){SCALED_SETTINGS%s});",
                parameter->layer->name, parameter->name, penalties(writer, parameter));
}

static void rmsprop_constants(struct writer *writer, const struct graph *graph)
{
    writer_setting(writer, "RATE", setting(graph, "rate")->real);
    writer_setting(writer, "RMSPROP_ALPHA", setting(graph, "alpha")->real);
    writer_setting(writer, "SCALED_EPS", setting(graph, "eps")->real);
}

static void adagrad_constants(struct writer *writer, const struct graph *graph)
{
    writer_setting(writer, "RATE", setting(graph, "rate")->real);
    writer_setting(writer, "SCALED_EPS", setting(graph, "eps")->real);
}

static const char *rmsprop_description(struct writer *writer, const struct graph *graph)
{
    (void)graph;
    return writer_format(writer,
                         "\"rmsprop rate=\" TEXT_OF(RATE) \" alpha=\" TEXT_OF(RMSPROP_ALPHA) \" eps=\" "
                         "TEXT_OF(SCALED_EPS)");
}

static const char *adagrad_description(struct writer *writer, const struct graph *graph)
{
    (void)graph;
    return writer_format(writer, "\"adagrad rate=\" TEXT_OF(RATE) \" eps=\" TEXT_OF(SCALED_EPS)");
}

static const char *const sgd_buffer_names[] = {"velocity"};
static const char *const adam_buffer_names[] = {"mean", "square"};
static const char *const scaled_buffer_names[] = {"square"};

const struct optimizer_kind optimizer_sgd = {
    .name = "sgd",
    .summary = "stochastic gradient descent, with momentum where it is set",
    .attributes = sgd_attributes,
    .buffers = sgd_buffers,
    .buffer_names = sgd_buffer_names,
    .constants = sgd_constants,
    .tensor = sgd_tensor,
    .description = sgd_description,
    .update = sgd_update,
    .update_part = sgd_update_part,
};

const struct optimizer_kind optimizer_adam = {
    .name = "adam",
    .summary = "Adam (Kingma and Ba 2015)",
    .attributes = adam_attributes,
    .buffers = adam_buffers,
    .buffer_names = adam_buffer_names,
    .constants = adam_constants,
    .tensor = adam_tensor,
    .description = adam_description,
    .update = adam_update,
};

const struct optimizer_kind optimizer_adamw = {
    .name = "adamw",
    .summary = "Adam with decoupled weight decay (Loshchilov and Hutter 2019)",
    .attributes = adamw_attributes,
    .buffers = adam_buffers,
    .buffer_names = adam_buffer_names,
    .constants = adamw_constants,
    .tensor = adam_tensor,
    .description = adamw_description,
    .update = adamw_update,
};

const struct optimizer_kind optimizer_rmsprop = {
    .name = "rmsprop",
    .summary = "the rate divided by a running root mean square of the gradient (Tieleman and Hinton 2012)",
    .attributes = rmsprop_attributes,
    .buffers = scaled_buffers,
    .buffer_names = scaled_buffer_names,
    .constants = rmsprop_constants,
    .tensor = scaled_tensor,
    .description = rmsprop_description,
    .update = scaled_update,
};

const struct optimizer_kind optimizer_adagrad = {
    .name = "adagrad",
    .summary = "the rate divided by the root of the sum of all squared gradients (Duchi, Hazan, Singer 2011)",
    .attributes = adagrad_attributes,
    .buffers = scaled_buffers,
    .buffer_names = scaled_buffer_names,
    .constants = adagrad_constants,
    .tensor = scaled_tensor,
    .description = adagrad_description,
    .update = scaled_update,
};
