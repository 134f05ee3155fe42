/* train_together.c - what the statements of train { } must not contradict: one another, and the network.
 *
 *     patience 5, and no validate    ->    error: patience needs validate */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "check/check.h"
#include "check/train.h"

const struct tree_statement *train_find_statement(const struct train_statements *seen, const char *kind)
{
    for (int i = 0; i < seen->count; i++)
        if (strcmp(seen->all[i]->kind, kind) == 0)
            return seen->all[i];
    return NULL;
}

/* balance, clip, average and limit say one thing of two or three. */
static void check_choice(struct check *check, const struct tree_statement *statement, bool is_one)
{
    const struct attribute *attributes =
        statement ? catalogue_find_training(statement->kind)->attributes : NULL;
    if (!statement || (statement->item_count && (!is_one || statement->item_count == 1)))
        return;
    struct text list = text_create(check->arena);
    for (int i = 0; attributes[i].name; i++)
        text_append_choice(&list,
                           arena_format(check->arena, "%s%s", attributes[i].name,
                                        attributes[i].type == ATTRIBUTE_FLAG ? "" : "="),
                           !attributes[i + 1].name);
    diagnostics_error(check->diagnostics, statement->item_count ? E0306 : E0307, statement->kind_span,
                      statement->item_count ? "%s takes one of %s" : "%s needs %s", statement->kind,
                      list.bytes);
}

/* Targets of the positions of a picture are moved with it, so there must be one for each pixel. */
static void check_moved_targets(struct check *check, const struct attribute *attribute,
                                const struct setting *setting, struct shape input)
{
    const struct graph *graph = check->graph;
    const struct layer *output = graph->layers[graph->layer_count - 1];
    const struct shape shape = output->output->shape;
    bool moves = strcmp(attribute->name, "cutout") != 0;
    if (!moves || !output->is_per_position || output->target_is_input ||
        (shape.height == input.height && shape.width == input.width))
        return;
    struct diagnostic *error = diagnostics_error(
        check->diagnostics, E0402, setting->span,
        "%s of augment moves the targets with the picture, but the input has %lldx%lld pixels and the output "
        "%lldx%lld positions",
        attribute->name, (long long)input.height, (long long)input.width, (long long)shape.height,
        (long long)shape.width);
    diagnostic_note(error, output->span, "the output is here");
}

/* Pictures can be changed in more ways than features, and not by more than their size. */
static void check_augment(struct check *check, const struct tree_statement *statement)
{
    const struct training *training = &check->graph->training;
    const struct attribute *attributes = catalogue_find_training("augment")->attributes;
    const struct value *value = check->graph->layer_count ? check->graph->layers[0]->output : NULL;
    const struct shape input = value ? value->shape : (struct shape){0};
    const int64_t side = input.height < input.width ? input.height : input.width;
    if (!statement->item_count) {
        diagnostics_error(check->diagnostics, E0307, statement->kind_span,
                          "augment needs at least one of shift, flip, rotate, scale, cutout and noise");
        return;
    }
    for (int i = 0; attributes[i].name && shape_size(input) > 0; i++) {
        const struct setting *setting = &training->augment[i];
        bool is_noise = strcmp(attributes[i].name, "noise") == 0;
        if (!setting_is_on(setting) || is_noise)
            continue;
        if (input.is_vector)
            diagnostics_error(
                check->diagnostics, E0402, setting->span,
                "%s of augment changes pictures, but the input is %lld features; they take noise "
                "alone",
                attributes[i].name, (long long)input.channels);
        else if (attributes[i].type == ATTRIBUTE_COUNT && setting->integer[0] >= side)
            diagnostics_error(check->diagnostics, E0305, setting->span,
                              "%s of augment must be less than %lld, the smaller side of the input",
                              attributes[i].name, (long long)side);
        else
            check_moved_targets(check, &attributes[i], setting, input);
    }
}

/* Classes can be balanced where each example is of one. */
static void check_balance(struct check *check, const struct tree_statement *statement)
{
    const struct graph *graph = check->graph;
    const struct layer *output = graph->layer_count ? graph->layers[graph->layer_count - 1] : NULL;
    if (graph->training.balance != BALANCE_BY_CLASS || !output || !output->likelihood || !output->output)
        return;
    const bool is_answer = strcmp(output->likelihood->name, "bernoulli") == 0 && output->target_size == 1;
    if ((output->likelihood->is_class || is_answer) && !output->is_per_position && !output->target_is_input)
        return;
    struct diagnostic *error = diagnostics_error(
        check->diagnostics, E0502, statement->kind_span,
        "balance classes needs examples of one class each: output categorical, or bernoulli with one target");
    diagnostic_note(error, output->span, "the output is here");
}

static bool has_word(const struct tree_statement *statement)
{
    for (int i = 0; i < statement->item_count; i++)
        if (statement->items[i]->kind == TREE_ITEM_NAME)
            return true;
    return false;
}

/* One method; and fgsm is one step of epsilon. */
static void check_adversarial(struct check *check, const struct tree_statement *statement)
{
    const struct setting *settings = check->graph->training.adversarial;
    const struct attribute *attributes = catalogue_find_training("adversarial")->attributes;
    if (!has_word(statement))
        diagnostics_error(check->diagnostics, E0307, statement->kind_span, "adversarial needs fgsm or pgd");
    if (!settings || !setting_find(attributes, settings, "fgsm")->is_given)
        return;
    if (setting_find(attributes, settings, "pgd")->is_given) {
        diagnostics_error(check->diagnostics, E0306, statement->kind_span,
                          "adversarial takes one of fgsm or pgd");
        return;
    }
    for (int i = 0; attributes[i].name; i++) {
        const bool is_of_pgd =
            strcmp(attributes[i].name, "steps") == 0 || strcmp(attributes[i].name, "step_size") == 0;
        if (!is_of_pgd || !settings[i].is_given)
            continue;
        struct diagnostic *error = diagnostics_error(
            check->diagnostics, E0502, settings[i].span,
            "%s of adversarial is of pgd: fgsm makes one step of epsilon", attributes[i].name);
        diagnostic_note(error, statement->kind_span, "adversarial fgsm is here");
    }
}

/* A step moves share * batch examples, rounded: where that is 0, adversarial would change nothing. */
static void check_moved_share(struct check *check, const struct tree_statement *batch)
{
    const struct training *training = &check->graph->training;
    if (!training->adversarial)
        return;
    const struct setting *share =
        setting_find(catalogue_find_training("adversarial")->attributes, training->adversarial, "share");
    if (!share->is_given || (int64_t)(share->real * (double)training->batch + 0.5) > 0)
        return;
    struct diagnostic *error =
        diagnostics_error(check->diagnostics, E0305, share->span,
                          "share of adversarial would move no input: %g%% of a batch of %lld is rounded to 0",
                          100 * share->real, (long long)training->batch);
    if (batch)
        diagnostic_note(error, batch->span, "the batch is here");
    diagnostic_help(error, "use a larger share or a larger batch: share times batch must be at least 0.5");
}

/* What is judged by a validation figure has none without validate. */
static void check_judged(struct check *check, const struct train_statements *seen,
                         const struct tree_statement *statement, const char *why)
{
    if (!statement || train_find_statement(seen, "validate"))
        return;
    struct diagnostic *error = diagnostics_error(check->diagnostics, E0502, statement->kind_span, "%s", why);
    diagnostic_help(error, "add 'validate 10%%'");
}

/* One number is its own mean: what is left of it is 0, the layer's result its bias, and all gradients in
 * front of it 0. */
static void check_batch(struct check *check, const struct tree_statement *batch)
{
    for (const struct batch_measure *measure = check->measures; measure; measure = measure->next) {
        const struct layer *layer = measure->layer;
        const struct shape shape = layer->output->shape;
        if (check->graph->training.batch > 1 || shape_size(shape) > shape.channels)
            continue;
        const struct origin *before = diagnostics_set_origin(check->diagnostics, measure->origin);
        struct diagnostic *error =
            diagnostics_error(check->diagnostics, E0504, measure->span,
                              "%s '%s' would see one number of each %s in a batch of 1, which has no "
                              "variance: its result would be its bias, whatever the input",
                              layer->kind->name, layer->name, shape.is_vector ? "feature" : "channel");
        diagnostic_note(error, batch->span, "the batch is here");
        diagnostic_help(error,
                        "use a batch of 2 or more, or layernorm, which measures each example by itself");
        diagnostics_set_origin(check->diagnostics, before);
    }
}

static double warmup_of(const struct training *training)
{
    const struct attribute *attributes = training->schedule->attributes;
    for (int i = 0; training->schedule_settings && attributes[i].name; i++)
        if (strcmp(attributes[i].name, "warmup") == 0)
            return training->schedule_settings[i].real;
    return 0;
}

void train_check_together(struct check *check, const struct train_statements *seen)
{
    struct training *training = &check->graph->training;
    const struct tree_statement *augment = train_find_statement(seen, "augment"),
                                *adversarial = train_find_statement(seen, "adversarial"),
                                *balance = train_find_statement(seen, "balance"),
                                *batch = train_find_statement(seen, "batch"),
                                *limit = train_find_statement(seen, "limit"),
                                *schedule = train_find_statement(seen, "schedule");
    if (batch)
        check_batch(check, batch);
    if (augment)
        check_augment(check, augment);
    if (adversarial)
        check_adversarial(check, adversarial);
    check_moved_share(check, batch);
    check_choice(check, train_find_statement(seen, "clip"), true);
    check_choice(check, train_find_statement(seen, "average"), true);
    check_choice(check, limit, false);
    check_choice(check, balance, true);
    if (balance)
        check_balance(check, balance);
    if (limit)
        training->limit_span = limit->span;
    if (training->schedule->judge)
        check_judged(
            check, seen, schedule,
            "plateau needs validate: without examples kept aside nothing says when the rate is to fall");
    check_judged(check, seen, train_find_statement(seen, "patience"),
                 "patience needs validate: without examples kept aside nothing says when to stop");
    if (schedule && warmup_of(training) >= (double)training->epochs)
        diagnostics_error(check->diagnostics, E0305, schedule->span,
                          "warmup must be shorter than the training of %lld epochs",
                          (long long)training->epochs);
}
