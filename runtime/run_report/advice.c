/* advice.c - one sentence a remedy: the line to change or, where there is none, the statement to add. */
#include "run_report/advice.h"

#include <stdio.h>
#include <string.h>

#include "run/rate.h"
#include "run_report/net_text.h"

/* "line 11: dropout 0.2", "line 3 of common.net: epochs 20" */
static const char *place_text(const struct net_place *place, char *text, size_t size)
{
    snprintf(text, size, "line %d%s%s: %s", place->line, *place->file ? " of " : "", place->file,
             place->statement);
    return text;
}

static void say(char *to, size_t size, const char *what, const struct net_place *place)
{
    char where[256];
    snprintf(to, size, "%s (%s)", what, place_text(place, where, sizeof where));
}

/* A setting that is there is changed, else added. */
static void change_or_add(const struct advised *advised, const char *word, const char *change,
                          const char *statement, char *to, size_t size)
{
    struct net_place place;
    if (net_text_find_setting(advised->text, word, &place))
        say(to, size, change, &place);
    else
        snprintf(to, size, "add \"%s\" to train { }", statement);
}

static void longer(const struct advised *advised, char *to, size_t size)
{
    char statement[64];
    if (advised->epochs < advised->model->settings.epochs) {
        snprintf(to, size, "train longer: this run had --epochs %d, the network wants %d", advised->epochs,
                 advised->model->settings.epochs);
        return;
    }
    snprintf(statement, sizeof statement, "epochs %d", 2 * advised->epochs);
    change_or_add(advised, "epochs", "train longer: raise epochs", statement, to, size);
}

/* Other rates are proposed as a number. */
static void other_rate(const struct advised *advised, double factor, const char *what, char *to, size_t size)
{
    char change[96], statement[128];
    const char *optimizer = advised->model->settings.optimizer;
    const double wanted = factor * rate_of(advised->model);
    if (!(wanted > 0))
        return;
    snprintf(change, sizeof change, "%s, such as rate=%.3g", what, wanted);
    snprintf(statement, sizeof statement, "optimizer %.*s rate=%.3g", (int)strcspn(optimizer, " "), optimizer,
             wanted);
    change_or_add(advised, "optimizer", change, statement, to, size);
}

static void warm_up(const struct advised *advised, char *to, size_t size)
{
    const char *schedule = advised->model->settings.schedule;
    if (!strstr(schedule, "warmup") && strncmp(schedule, "onecycle", 8) != 0)
        change_or_add(advised, "schedule", "let the rate warm up: add warmup=2", "schedule constant warmup=2",
                      to, size);
}

static void standardize(const struct advised *advised, char *to, size_t size)
{
    if (advised->normaliser->input_count == 0 && advised->normaliser->scale == 1)
        snprintf(to, size, "standardize the inputs: \"standardize: inputs\" in the data manifest");
}

/* The learned layer that is `back` before the last of them, and whose label stands in the text: of layers
 * within blocks none does. */
static bool find_learned(const struct advised *advised, int back, struct net_place *place)
{
    const struct model *model = advised->model;
    for (int i = model->layer_count - 1; i >= 0; i--) {
        const struct model_layer *layer = &model->layers[i];
        const bool is_wide = strncmp(layer->kind, "conv", 4) == 0 || strncmp(layer->kind, "dense", 5) == 0;
        if (is_wide && layer->parameters && back-- <= 0 &&
            net_text_find_label(advised->text, layer->label, place))
            return true;
    }
    return false;
}

static void widen(const struct advised *advised, char *to, size_t size)
{
    struct net_place place;
    if (find_learned(advised, 1, &place))
        say(to, size, "widen the layers, or add some; for example", &place);
    else if (find_learned(advised, 0, &place))
        say(to, size, "add \"hidden: dense 64 relu\" before", &place);
}

static void less_dropout(const struct advised *advised, char *to, size_t size)
{
    struct net_place place;
    if (net_text_find_layer(advised->text, "dropout", 0, &place))
        say(to, size, "lower dropout", &place);
}

static void less_penalty(const struct advised *advised, char *to, size_t size)
{
    struct net_place place;
    if (net_text_find_setting(advised->text, "λ", &place))
        say(to, size, "lower λ", &place);
}

static void more_dropout(const struct advised *advised, char *to, size_t size)
{
    struct net_place place, other;
    if (net_text_find_layer(advised->text, "dropout", 0, &place)) {
        const bool has_more = net_text_find_layer(advised->text, "dropout", 1, &other);
        say(to, size, has_more ? "raise dropout, here or in those after it" : "raise dropout", &place);
    } else if (find_learned(advised, 1, &place)) {
        say(to, size, "add \"dropout 0.3\" behind a layer, such as", &place);
    }
}

static void augment(const struct advised *advised, char *to, size_t size)
{
    if (!advised->model->input.is_vector)
        change_or_add(advised, "augment", "change the pictures more", "augment shift=2", to, size);
}

static void stop_early(const struct advised *advised, char *to, size_t size)
{
    if (!advised->model->settings.patience)
        snprintf(to, size,
                 "add \"patience 5\" to train { }: training then stops when validation no longer improves");
}

static void more_data(const struct advised *advised, char *to, size_t size)
{
    long long parameters = 0;
    for (int i = 0; i < advised->model->layer_count; i++)
        parameters += advised->model->layers[i].parameters;
    snprintf(to, size, "more data, or fewer weights: there are %zu examples and %lld parameters",
             advised->examples, parameters);
}

static void lower_rate(const struct advised *advised, char *to, size_t size)
{
    other_rate(advised, 0.1, "lower the rate", to, size);
}

static void higher_rate(const struct advised *advised, char *to, size_t size)
{
    other_rate(advised, 3, "try a higher rate", to, size);
}

static void clip(const struct advised *advised, char *to, size_t size)
{
    if (!advised->model->settings.clip)
        snprintf(to, size, "add \"clip norm=1\" to train { }");
}

static void penalise(const struct advised *advised, char *to, size_t size)
{
    change_or_add(advised, "λ", "raise λ", "λ l2=1e-4", to, size);
}

static void validate(const struct advised *advised, char *to, size_t size)
{
    (void)advised;
    snprintf(to, size, "add \"validate 10%%\" to train { }: then validation tells when to stop");
}

bool advice_text(const struct advised *advised, enum remedy remedy, char *to, size_t size)
{
    static void (*const sentences[])(const struct advised *, char *, size_t) = {
        [REMEDY_EPOCHS] = longer,
        [REMEDY_LOWER_RATE] = lower_rate,
        [REMEDY_HIGHER_RATE] = higher_rate,
        [REMEDY_WARMUP] = warm_up,
        [REMEDY_CLIP] = clip,
        [REMEDY_STANDARDIZE] = standardize,
        [REMEDY_WIDEN] = widen,
        [REMEDY_LESS_DROPOUT] = less_dropout,
        [REMEDY_LESS_PENALTY] = less_penalty,
        [REMEDY_DROPOUT] = more_dropout,
        [REMEDY_PENALTY] = penalise,
        [REMEDY_AUGMENT] = augment,
        [REMEDY_PATIENCE] = stop_early,
        [REMEDY_DATA] = more_data,
        [REMEDY_VALIDATE] = validate,
    };
    *to = 0;
    if (remedy != REMEDY_NONE)
        sentences[remedy](advised, to, size);
    return *to != 0;
}
