/* train.c - the statements of train { }, and what training uses where the author said nothing.
 *
 *     optimizer sgd rate=0.05 momentum=0.9    ->    training.optimizer and its settings */
#include <string.h>

#include "base/arena.h"
#include "base/names.h"
#include "check/check.h"
#include "check/train.h"

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
        const struct tree_statement *first = train_find_statement(&seen, statement->kind);
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
        train_check_together(check, &seen);
}
