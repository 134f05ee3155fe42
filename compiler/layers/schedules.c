/* schedules.c - the learning rate of each step: constant, step, exponential, cosine, each with a linear
 * warm-up where it is set.
 *
 *     schedule cosine warmup=2    ->    static double learning_rate(step, steps_per_epoch, epochs) */
#include "layers/training.h"

#include "emit/writer.h"

#define WARMUP                                                                                               \
    {                                                                                                        \
        .name = "warmup", .type = ATTRIBUTE_REAL, .position = -1, .fallback = "0", .least = 0, .most = 1e6,  \
        .meaning = "epochs in which the rate rises from 0 in a straight line"                                \
    }

static const struct attribute constant_attributes[] = {WARMUP, {0}};
static const struct attribute cosine_attributes[] = {WARMUP, {0}};
static const struct attribute step_attributes[] = {
    {.name = "every",
     .type = ATTRIBUTE_COUNT,
     .position = 0,
     .least = 1,
     .most = 1 << 30,
     .meaning = "epochs between two steps"},
    {.name = "factor",
     .type = ATTRIBUTE_REAL,
     .position = 1,
     .fallback = "0.1",
     .least = 0,
     .most = 1,
     .above_least = true,
     .meaning = "what the rate is multiplied by"},
    WARMUP,
    {0},
};

static const struct attribute exponential_attributes[] = {
    {.name = "factor",
     .type = ATTRIBUTE_REAL,
     .position = 0,
     .fallback = "0.95",
     .least = 0,
     .most = 1,
     .above_least = true,
     .meaning = "what the rate is multiplied by after every epoch"},
    WARMUP,
    {0},
};

static const struct attribute onecycle_attributes[] = {
    {.name = "start",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "0.3",
     .least = 0,
     .most = 1,
     .above_least = true,
     .below_most = true,
     .meaning = "share of the steps in which the rate rises"},
    {.name = "div",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "25",
     .least = 1,
     .most = 1e9,
     .meaning = "the first rate is the optimizer's, divided by this"},
    {.name = "final_div",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "1e4",
     .least = 1,
     .most = 1e12,
     .meaning = "the last rate is the first, divided by this"},
    {0},
};

static const struct attribute plateau_attributes[] = {
    {.name = "patience",
     .type = ATTRIBUTE_COUNT,
     .position = 0,
     .fallback = "10",
     .least = 0,
     .most = 1e9,
     .meaning = "epochs without improvement that are borne"},
    {.name = "factor",
     .type = ATTRIBUTE_REAL,
     .position = 1,
     .fallback = "0.1",
     .least = 0,
     .most = 1,
     .above_least = true,
     .below_most = true,
     .meaning = "what the rate is multiplied by then"},
    WARMUP,
    {0},
};

static const struct setting *setting(const struct graph *graph, const char *name)
{
    return setting_find(graph->training.schedule->attributes, graph->training.schedule_settings, name);
}

static bool has_warmup(const struct graph *graph)
{
    return setting(graph, "warmup")->real > 0;
}

static void warmup_constants(struct writer *writer, const struct graph *graph)
{
    if (has_warmup(graph))
        writer_setting(writer, "WARMUP_EPOCHS", setting(graph, "warmup")->real);
}

static void emit_warmup(struct writer *writer, const struct graph *graph)
{
    if (!has_warmup(graph))
        return;
    writer_line(writer, "const double warmup = WARMUP_EPOCHS * (double)steps_per_epoch;");
    writer_under(writer, "if ((double)step < warmup)");
    writer_line(writer, "return RATE * (double)(step + 1) / warmup;");
    writer_end(writer, 1);
}

/* Two string literals side by side are one: "constant warmup=" TEXT_OF(WARMUP_EPOCHS). */
static const char *described(struct writer *writer, const struct graph *graph, const char *name)
{
    return has_warmup(graph) ? writer_format(writer, "\"%s warmup=\" TEXT_OF(WARMUP_EPOCHS)", name)
                             : writer_format(writer, "\"%s\"", name);
}

static const char *constant_description(struct writer *writer, const struct graph *graph)
{
    return described(writer, graph, "constant");
}

static const char *step_description(struct writer *writer, const struct graph *graph)
{
    return writer_format(writer, "\"step every=\" TEXT_OF(STEP_EVERY) \" factor=\" TEXT_OF(STEP_FACTOR)%s",
                         has_warmup(graph) ? " \" warmup=\" TEXT_OF(WARMUP_EPOCHS)" : "");
}

static const char *cosine_description(struct writer *writer, const struct graph *graph)
{
    return described(writer, graph, "cosine");
}

static void constant_body(struct writer *writer, const struct graph *graph)
{
    emit_warmup(writer, graph);
    if (!has_warmup(graph))
        writer_line(writer, "(void)step, (void)steps_per_epoch;");
    writer_line(writer, "(void)epochs;");
    writer_line(writer, "return RATE;");
}

static void step_constants(struct writer *writer, const struct graph *graph)
{
    writer_setting_count(writer, "STEP_EVERY", setting(graph, "every")->integer[0]);
    writer_setting(writer, "STEP_FACTOR", setting(graph, "factor")->real);
    warmup_constants(writer, graph);
}

static void step_body(struct writer *writer, const struct graph *graph)
{
    emit_warmup(writer, graph);
    writer_line(writer, "(void)epochs;");
    writer_line(writer, "return RATE * pow(STEP_FACTOR, (double)(step / steps_per_epoch / STEP_EVERY));");
}

static void exponential_constants(struct writer *writer, const struct graph *graph)
{
    writer_setting(writer, "EXPONENTIAL_FACTOR", setting(graph, "factor")->real);
    warmup_constants(writer, graph);
}

static void exponential_body(struct writer *writer, const struct graph *graph)
{
    emit_warmup(writer, graph);
    writer_line(writer, "(void)epochs;");
    writer_line(writer, "return RATE * pow(EXPONENTIAL_FACTOR, (double)(step / steps_per_epoch));");
}

static const char *exponential_description(struct writer *writer, const struct graph *graph)
{
    return writer_format(writer, "\"exponential factor=\" TEXT_OF(EXPONENTIAL_FACTOR)%s",
                         has_warmup(graph) ? " \" warmup=\" TEXT_OF(WARMUP_EPOCHS)" : "");
}

static void cosine_body(struct writer *writer, const struct graph *graph)
{
    emit_warmup(writer, graph);
    writer_line(writer, "const double steps = (double)epochs * (double)steps_per_epoch;");
    if (has_warmup(graph))
        writer_line(writer,
                    "return RATE * (1 + cos(M_PI * ((double)step - warmup) / (steps - warmup))) / 2;");
    else
        writer_line(writer, "return RATE * (1 + cos(M_PI * (double)step / steps)) / 2;");
}

static void onecycle_constants(struct writer *writer, const struct graph *graph)
{
    writer_setting(writer, "ONECYCLE_START", setting(graph, "start")->real);
    writer_setting(writer, "ONECYCLE_DIV", setting(graph, "div")->real);
    writer_setting(writer, "ONECYCLE_FINAL_DIV", setting(graph, "final_div")->real);
}

static void onecycle_body(struct writer *writer, const struct graph *graph)
{
    (void)graph;
    writer_line(writer, "const double steps = (double)epochs * (double)steps_per_epoch;");
    writer_line(writer,
                "const double top = ONECYCLE_START * steps - 1, last = steps - 1, at = (double)step;");
    writer_line(writer, "const double first = (double)RATE / ONECYCLE_DIV;");
    writer_under(writer, "if (at <= top)");
    writer_line(writer, "return RATE + (first - RATE) * (1 + cos(M_PI * (top > 0 ? at / top : 1))) / 2;");
    writer_end(writer, 1);
    writer_line(writer, "const double end = first / ONECYCLE_FINAL_DIV;");
    writer_line(writer, "return end + (RATE - end) * (1 + cos(M_PI * (at - top) / (last - top))) / 2;");
}

static const char *onecycle_description(struct writer *writer, const struct graph *graph)
{
    (void)graph;
    return writer_format(writer,
                         "\"onecycle start=\" TEXT_OF(ONECYCLE_START) \" div=\" TEXT_OF(ONECYCLE_DIV) \" "
                         "final_div=\" TEXT_OF(ONECYCLE_FINAL_DIV)");
}

static void plateau_constants(struct writer *writer, const struct graph *graph)
{
    writer_setting_count(writer, "PLATEAU_PATIENCE", setting(graph, "patience")->integer[0]);
    writer_setting(writer, "PLATEAU_FACTOR", setting(graph, "factor")->real);
    warmup_constants(writer, graph);
}

/* PyTorch's ReduceLROnPlateau: an improvement is one by more than a ten-thousandth. */
static void plateau_judge(struct writer *writer, const struct graph *graph)
{
    (void)graph;
    writer_line(writer, "run->at.plateau = figure < run->at.lowest - 1e-4 * fabs(run->at.lowest) || epoch == "
                        "1 ? 0 : run->at.plateau + 1;");
    writer_line(writer, "run->at.lowest = run->at.plateau ? run->at.lowest : figure;");
    writer_open(writer, "if (run->at.plateau > PLATEAU_PATIENCE)");
    writer_line(writer, "net->rate_factor *= PLATEAU_FACTOR;");
    writer_line(writer, "run->at.plateau = 0;");
    writer_close(writer);
}

static const char *plateau_description(struct writer *writer, const struct graph *graph)
{
    return writer_format(
        writer, "\"plateau patience=\" TEXT_OF(PLATEAU_PATIENCE) \" factor=\" TEXT_OF(PLATEAU_FACTOR)%s",
        has_warmup(graph) ? " \" warmup=\" TEXT_OF(WARMUP_EPOCHS)" : "");
}

const struct schedule_kind schedule_constant = {
    .name = "constant",
    .summary = "the same rate throughout",
    .attributes = constant_attributes,
    .constants = warmup_constants,
    .body = constant_body,
    .description = constant_description,
};

const struct schedule_kind schedule_step = {
    .name = "step",
    .summary = "every so many epochs the rate is multiplied by a factor",
    .attributes = step_attributes,
    .constants = step_constants,
    .body = step_body,
    .description = step_description,
};

const struct schedule_kind schedule_exponential = {
    .name = "exponential",
    .summary = "after every epoch the rate is multiplied by a factor",
    .attributes = exponential_attributes,
    .constants = exponential_constants,
    .body = exponential_body,
    .description = exponential_description,
};

const struct schedule_kind schedule_cosine = {
    .name = "cosine",
    .summary = "half a cosine from the rate to 0 over all steps (Loshchilov and Hutter 2017, one period)",
    .attributes = cosine_attributes,
    .constants = warmup_constants,
    .body = cosine_body,
    .description = cosine_description,
};

const struct schedule_kind schedule_onecycle = {
    .name = "onecycle",
    .summary = "half a cosine up to the rate, then one down to nearly 0 (Smith 2018; PyTorch's OneCycleLR)",
    .attributes = onecycle_attributes,
    .constants = onecycle_constants,
    .body = onecycle_body,
    .description = onecycle_description,
};

const struct schedule_kind schedule_plateau = {
    .name = "plateau",
    .summary = "the rate falls by a factor when the validation figure no longer does",
    .attributes = plateau_attributes,
    .constants = plateau_constants,
    .body = constant_body,
    .judge = plateau_judge,
    .description = plateau_description,
};
