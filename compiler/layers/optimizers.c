/* optimizers.c - how weights move: sgd and adam. The arithmetic is in runtime/optimizer.h; here are the
 * settings and the line that generated code has for each tensor:
 *
 *     sgd_step(SGD_TENSOR(c1.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM, .l2 = LAMBDA_L2}); */
#include "layers/training.h"

#include "emit/writer.h"

static const struct attribute sgd_attributes[] = {
    {.name = "rate",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "0.01",
     .least = 0,
     .most = 1e6,
     .above_least = true,
     .meaning = "learning rate"},
    {.name = "momentum",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "0",
     .least = 0,
     .most = 1,
     .below_most = true,
     .meaning = "share of the last step that is kept"},
    {.name = "nesterov",
     .type = ATTRIBUTE_FLAG,
     .position = -1,
     .fallback = "",
     .meaning = "look ahead by the momentum"},
    {0},
};

static const struct attribute adam_attributes[] = {
    {.name = "rate",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "0.001",
     .least = 0,
     .most = 1e6,
     .above_least = true,
     .meaning = "learning rate"},
    {.name = "beta1",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "0.9",
     .least = 0,
     .most = 1,
     .below_most = true,
     .meaning = "decay of the mean of the gradients"},
    {.name = "beta2",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "0.999",
     .least = 0,
     .most = 1,
     .below_most = true,
     .meaning = "decay of the mean of their squares"},
    {.name = "eps",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "1e-8",
     .least = 0,
     .most = 1,
     .above_least = true,
     .meaning = "what keeps the division finite"},
    {0},
};

static const struct setting *setting(const struct graph *graph, const char *name)
{
    return setting_find(graph->training.optimizer->attributes, graph->training.optimizer_settings, name);
}

static void define_real(struct writer *writer, const char *name, double number)
{
    text_format(&writer->text, "#define %s %s\n", name, writer_number(writer, number));
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
    define_real(writer, "RATE", setting(graph, "rate")->real);
    if (has_momentum(graph))
        define_real(writer, "MOMENTUM", setting(graph, "momentum")->real);
}

static void sgd_tensor(struct writer *writer, const struct graph *graph)
{
    writer_line(writer, "#define SGD_TENSOR(name) \\");
    writer_line(writer,
                "    (real *)net->param.name, (const real *)net->dparam.name, %s, sizeof(net->param.name) / "
                "sizeof(real)",
                has_momentum(graph) ? "(real *)net->velocity.name" : "NULL");
}

static void sgd_update(struct writer *writer, const struct graph *graph, const struct parameter *parameter)
{
    const char *momentum = has_momentum(graph) ? ", .momentum = MOMENTUM" : "";
    const char *nesterov =
        has_momentum(graph) && setting(graph, "nesterov")->integer[0] ? ", .nesterov = true" : "";
    writer_line(writer, "sgd_step(SGD_TENSOR(%s.%s), (struct sgd){.rate = rate%s%s%s});",
                parameter->layer->name, parameter->name, momentum, nesterov, penalties(writer, parameter));
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
    define_real(writer, "RATE", setting(graph, "rate")->real);
    define_real(writer, "ADAM_BETA1", setting(graph, "beta1")->real);
    define_real(writer, "ADAM_BETA2", setting(graph, "beta2")->real);
    define_real(writer, "ADAM_EPS", setting(graph, "eps")->real);
}

static void adam_tensor(struct writer *writer, const struct graph *graph)
{
    (void)graph;
    writer_line(writer, "#define ADAM_TENSOR(name) \\");
    writer_line(writer, "    (real *)net->param.name, (const real *)net->dparam.name, (real "
                        "*)net->mean.name, (real *)net->square.name, sizeof(net->param.name) / sizeof(real)");
    writer_line(writer, "#define ADAM_SETTINGS .rate = rate, .beta1 = ADAM_BETA1, .beta2 = ADAM_BETA2, .eps "
                        "= ADAM_EPS, .step = net->step");
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

static const char *const sgd_buffer_names[] = {"velocity"};
static const char *const adam_buffer_names[] = {"mean", "square"};

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
