/* train.c - the statements of train { }: what training uses where the author said nothing, and what
 * contradicts itself.
 *
 *     optimizer sgd rate=0.05 momentum=0.9    ->    training.optimizer and its settings */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/names.h"
#include "base/text.h"
#include "check/check.h"

/* Where each kind of statement stands, so that a second one is told; by the kinds' names. */
struct train_statements {
    const struct tree_statement *all[32];
    int count;
};

static const struct tree_statement *find_statement(const struct train_statements *seen, const char *kind)
{
    for (int i = 0; i < seen->count; i++)
        if (strcmp(seen->all[i]->kind, kind) == 0)
            return seen->all[i];
    return NULL;
}

static void suggest_settings(struct check *check, const struct tree_statement *statement)
{
    struct suggestion suggestion = suggestion_for(statement->kind);
    for (int i = 0; catalogue_training[i]; i++)
        suggestion_offer(&suggestion, catalogue_training[i]->name);
    suggestion_offer(&suggestion, "optimizer");
    suggestion_offer(&suggestion, "schedule");
    report_unknown(check, E0501, "setting", statement->kind, statement->kind_span, "train", &suggestion);
}

/* Words that a statement of train does not take; `first` is where they may begin. */
static void refuse_words(struct check *check, const struct tree_statement *statement, int first,
                         const struct attribute *attributes, const char *owner)
{
    for (int i = first; i < statement->item_count; i++) {
        const struct tree_item *item = statement->items[i];
        if (item->kind != TREE_ITEM_NAME && item->kind != TREE_ITEM_CALL)
            continue;
        struct suggestion suggestion = suggestion_for(item->name);
        bool is_flag = false;
        for (int j = 0; attributes[j].name; j++) {
            is_flag = is_flag ||
                      (attributes[j].type == ATTRIBUTE_FLAG && strcmp(attributes[j].name, item->name) == 0);
            suggestion_offer(&suggestion, attributes[j].name);
        }
        if (!is_flag)
            report_unknown(check, E0303, "word", item->name, item->name_span, owner, &suggestion);
    }
}

/* The name behind `optimizer` or `schedule`: the first item, a bare name. */
static const struct tree_item *leading_name(struct check *check, const struct tree_statement *statement)
{
    if (statement->item_count && statement->items[0]->kind == TREE_ITEM_NAME)
        return statement->items[0];
    diagnostics_error(check->diagnostics, E0307, statement->kind_span, "%s needs a name behind it",
                      statement->kind);
    return NULL;
}

/* The optimizer or schedule that is chosen: its place among them, and its settings; -1 and told where there
 * is none. */
static int read_choice(struct check *check, const struct tree_statement *statement,
                       const struct setting **settings)
{
    const struct tree_item *name = leading_name(check, statement);
    const int place = name ? choice_find(check, statement, name, E0501) : -1;
    if (place < 0)
        return -1;
    const struct choice choice = catalogue_choice(statement->kind, place);
    const char *owner = arena_format(check->arena, "%s '%s'", statement->kind, choice.name);
    *settings = settings_read(check, choice.attributes, owner, name->span, statement->items + 1,
                              statement->item_count - 1);
    refuse_words(check, statement, 1, choice.attributes, owner);
    return place;
}

static void read_optimizer(struct check *check, const struct tree_statement *statement)
{
    struct training *training = &check->graph->training;
    const int place = read_choice(check, statement, &training->optimizer_settings);
    if (place >= 0)
        training->optimizer = catalogue_optimizers[place];
}

static void read_schedule(struct check *check, const struct tree_statement *statement)
{
    struct training *training = &check->graph->training;
    const int place = read_choice(check, statement, &training->schedule_settings);
    if (place >= 0)
        training->schedule = catalogue_schedules[place];
}

/* validate 10%, validate 5000, validate dev */
static void read_validate(struct check *check, const struct tree_statement *statement)
{
    struct training *training = &check->graph->training;
    const struct tree_item *item = statement->item_count ? statement->items[0] : NULL;
    const struct attribute *attributes = catalogue_find_training("validate")->attributes;
    if (item && item->kind == TREE_ITEM_NAME) {
        training->validate = VALIDATION_SPLIT;
        training->validate_split = item->name;
        if (statement->item_count > 1)
            diagnostics_error(check->diagnostics, E0308, statement->items[1]->span,
                              "validate takes no further value");
        return;
    }
    const struct setting *settings = settings_read(check, attributes, "validate", statement->kind_span,
                                                   statement->items, statement->item_count);
    refuse_words(check, statement, 0, attributes, "validate");
    if (!settings || !item)
        return;
    if (item->value->kind == TREE_INTEGER) {
        training->validate = VALIDATION_COUNT;
        training->validate_count = item->value->integer;
        return;
    }
    training->validate = VALIDATION_SHARE;
    training->validate_share = settings[0].real;
    if (settings[0].real >= 1)
        diagnostics_error(check->diagnostics, E0305, settings[0].span,
                          "validate must leave something to train on: a share below 100%% or a count");
}

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* A path that stands in an included file as seen from the file that includes it: what trainers start from.
 * "common/train.net" has data "digits.yaml"    ->    common/digits.yaml */
static const char *path_from_model(struct check *check, const struct source *source, const char *path)
{
    const char *model = check->tree->source->path, *own = source->path;
    size_t above = folder_length(model), length = folder_length(own);
    if (path[0] == '/' || source == check->tree->source)
        return path;
    if (length >= above && strncmp(own, model, above) == 0) {
        own += above;
        length -= above;
    }
    return arena_format(check->arena, "%.*s%s", (int)length, own, path);
}

static void apply(struct training *training, const char *kind, const struct attribute *attributes,
                  const struct setting *settings)
{
    if (strcmp(kind, "data") == 0) {
        training->data = settings[0].text;
    } else if (strcmp(kind, "batch") == 0) {
        training->batch = settings[0].integer[0];
    } else if (strcmp(kind, "epochs") == 0) {
        training->epochs = settings[0].integer[0];
    } else if (strcmp(kind, "seed") == 0) {
        training->seed = (uint64_t)settings[0].integer[0];
    } else if (strcmp(kind, "lambda") == 0) {
        training->l1 = setting_find(attributes, settings, "l1")->real;
        training->l2 = setting_find(attributes, settings, "l2")->real;
    } else if (strcmp(kind, "augment") == 0) {
        training->augment = settings;
    } else if (strcmp(kind, "adversarial") == 0) {
        const bool has_method = setting_find(attributes, settings, "fgsm")->is_given ||
                                setting_find(attributes, settings, "pgd")->is_given;
        training->adversarial = has_method ? settings : NULL;
    } else if (strcmp(kind, "clip") == 0) {
        training->clip_norm = setting_find(attributes, settings, "norm")->real;
        training->clip_value = setting_find(attributes, settings, "value")->real;
    } else if (strcmp(kind, "average") == 0) {
        const struct setting *ema = setting_find(attributes, settings, "ema"),
                             *swa = setting_find(attributes, settings, "swa");
        training->ema = ema->is_given ? ema->real : -1;
        training->swa = swa->is_given ? swa->real : -1;
    } else if (strcmp(kind, "balance") == 0) {
        training->balance = setting_find(attributes, settings, "groups")->is_given    ? BALANCE_BY_GROUP
                            : setting_find(attributes, settings, "classes")->is_given ? BALANCE_BY_CLASS
                                                                                      : BALANCE_NOTHING;
    } else if (strcmp(kind, "limit") == 0) {
        training->limit_parameters = setting_find(attributes, settings, "parameters")->real;
        training->limit_memory = setting_find(attributes, settings, "memory")->real;
        training->limit_seconds = setting_find(attributes, settings, "time")->real;
    } else {
        training->patience = setting_find(attributes, settings, "epochs")->integer[0];
        training->min_delta = setting_find(attributes, settings, "min_delta")->real;
        training->monitor_accuracy = setting_find(attributes, settings, "monitor")->integer[0] == 1;
    }
}

static void read_statement(struct check *check, const struct tree_statement *statement)
{
    if (strcmp(statement->kind, "optimizer") == 0) {
        read_optimizer(check, statement);
    } else if (strcmp(statement->kind, "schedule") == 0) {
        read_schedule(check, statement);
    } else if (strcmp(statement->kind, "validate") == 0) {
        read_validate(check, statement);
    } else {
        const struct training_kind *kind = catalogue_find_training(statement->kind);
        if (!kind) {
            suggest_settings(check, statement);
            return;
        }
        const struct setting *settings =
            settings_read(check, kind->attributes, statement->kind, statement->kind_span, statement->items,
                          statement->item_count);
        refuse_words(check, statement, 0, kind->attributes, statement->kind);
        struct training *training = &check->graph->training;
        if (settings)
            apply(training, kind->name, kind->attributes, settings);
        if (settings && strcmp(kind->name, "data") == 0)
            training->data = path_from_model(check, statement->span.source, training->data);
    }
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
        text_format(&list, "%s%s%s",
                    i == 0                   ? ""
                    : attributes[i + 1].name ? ", "
                                             : " or ",
                    attributes[i].name, attributes[i].type == ATTRIBUTE_FLAG ? "" : "=");
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

/* What is judged by a validation figure has none without validate. */
static void check_judged(struct check *check, const struct train_statements *seen,
                         const struct tree_statement *statement, const char *why)
{
    if (!statement || find_statement(seen, "validate"))
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
                              "variance: its result would "
                              "be its bias, whatever the input",
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

static void check_together(struct check *check, const struct train_statements *seen)
{
    struct training *training = &check->graph->training;
    const struct tree_statement *augment = find_statement(seen, "augment"),
                                *adversarial = find_statement(seen, "adversarial"),
                                *balance = find_statement(seen, "balance"),
                                *batch = find_statement(seen, "batch"),
                                *limit = find_statement(seen, "limit"),
                                *schedule = find_statement(seen, "schedule");
    if (batch)
        check_batch(check, batch);
    if (augment)
        check_augment(check, augment);
    if (adversarial)
        check_adversarial(check, adversarial);
    check_choice(check, find_statement(seen, "clip"), true);
    check_choice(check, find_statement(seen, "average"), true);
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
    check_judged(check, seen, find_statement(seen, "patience"),
                 "patience needs validate: without examples kept aside nothing says when to stop");
    if (schedule && warmup_of(training) >= (double)training->epochs)
        diagnostics_error(check->diagnostics, E0305, schedule->span,
                          "warmup must be shorter than the training of %lld epochs",
                          (long long)training->epochs);
}

static void set_defaults(struct check *check)
{
    struct training *training = &check->graph->training;
    for (int i = 0; catalogue_training[i]; i++) {
        const struct training_kind *kind = catalogue_training[i];
        if (kind->attributes[0].fallback)
            apply(training, kind->name, kind->attributes,
                  settings_read(check, kind->attributes, kind->name, (struct span){0}, NULL, 0));
    }
    training->ema = training->swa = -1;
    training->optimizer = catalogue_optimizers[0];
    training->optimizer_settings =
        settings_read(check, training->optimizer->attributes, "", (struct span){0}, NULL, 0);
    training->schedule = catalogue_schedules[0];
    training->schedule_settings =
        settings_read(check, training->schedule->attributes, "", (struct span){0}, NULL, 0);
}

void train_check(struct check *check, const struct tree_body *body)
{
    struct train_statements seen = {.count = 0};
    bool has_failed = false;
    set_defaults(check);
    for (int i = 0; body && i < body->statement_count; i++) {
        const struct tree_statement *statement = body->statements[i];
        if (statement->has_failed) {
            has_failed = true;
            continue;
        }
        const struct tree_statement *first = find_statement(&seen, statement->kind);
        join_refuse_bodies(check, statement);
        if (statement->label)
            diagnostics_error(check->diagnostics, E0311, statement->label_span,
                              "settings of train take no label");
        if (first) {
            struct diagnostic *error = diagnostics_error(check->diagnostics, E0306, statement->kind_span,
                                                         "%s is given twice", statement->kind);
            diagnostic_note(error, first->kind_span, "first given here");
            continue;
        }
        if (seen.count < (int)(sizeof seen.all / sizeof seen.all[0]))
            seen.all[seen.count++] = statement;
        read_statement(check, statement);
    }
    if (!has_failed)
        check_together(check, &seen);
}
