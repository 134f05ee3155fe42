/* unknown.c - a name that nothing has where it stands: what was probably meant, or where it belongs.
 *
 *     rate 0.1       of train        help: it belongs to the optimizer: 'optimizer sgd rate=…'
 *     dropout=0.5    of dense 'f'    help: it is a word behind the layer's values: 'dropout(…)'
 *     softmax        as a layer      help: that is the output's: 'output categorical' */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "check/check.h"

/* Of what may be chosen behind `statement`. */
static const char *nearest_choice(const char *statement, const char *name)
{
    struct suggestion suggestion = suggestion_for(name);
    struct choice choice;
    for (int i = 0; (choice = catalogue_choice(statement, i)).name; i++)
        suggestion_offer(&suggestion, choice.name);
    return suggestion.nearest;
}

static const char *nearest_key(const struct attribute *attributes, const char *name)
{
    struct suggestion suggestion = suggestion_for(name);
    for (int i = 0; attributes[i].name; i++)
        suggestion_offer(&suggestion, attributes[i].name);
    return suggestion.nearest;
}

/* A setting of train that is a key of one: "λ l2=…". Of the optimizer that is read, or stands by default. */
static const char *owner_of_key(struct check *check, const char *name)
{
    const struct optimizer_kind *optimizer = check->graph->training.optimizer;
    const char *key = nearest_key(optimizer->attributes, name);
    if (key)
        return arena_format(check->arena, "optimizer %s %s=…", optimizer->name, key);
    for (int i = 0; catalogue_training[i]; i++) {
        const struct training_kind *kind = catalogue_training[i];
        key =
            kind->attributes[0].name && kind->attributes[1].name ? nearest_key(kind->attributes, name) : NULL;
        if (key)
            return arena_format(check->arena, "%s %s=…", strcmp(kind->name, "lambda") == 0 ? "λ" : kind->name,
                                key);
    }
    return NULL;
}

static void help_setting(struct check *check, struct diagnostic *error, const char *name)
{
    const char *optimizer = nearest_choice("optimizer", name), *schedule = nearest_choice("schedule", name);
    const char *owner = optimizer || schedule ? NULL : owner_of_key(check, name);
    if (optimizer || schedule)
        diagnostic_help(error, "write '%s %s'", optimizer ? "optimizer" : "schedule",
                        optimizer ? optimizer : schedule);
    else if (owner)
        diagnostic_help(error, "it is a part of another setting: '%s'", owner);
    else if (strcmp(name, "loss") == 0)
        diagnostic_help(error,
                        "the loss is that of the output: 'output categorical', 'output squared_error', …");
    else if (catalogue_find_layer(name))
        diagnostic_help(error, "layers stand in net { }");
    else
        diagnostic_help(error, "'netc explain' lists what there is");
}

static void help_layer(struct diagnostic *error, const char *name)
{
    const char *output = nearest_choice("output", name);
    if (strcmp(name, "optimizer") == 0 || strcmp(name, "schedule") == 0 || catalogue_find_training(name))
        diagnostic_help(error, "it is a setting of train { }");
    else if (output)
        diagnostic_help(error, "that is the output's: 'output %s'", output);
    else
        diagnostic_help(error, "'netc explain' lists what there is");
}

/* Of a layer's key that is a word in truth. */
static bool help_key(struct diagnostic *error, const char *name)
{
    const struct layer_kind *kind = catalogue_find_layer(name);
    if (strcmp(name, "activation") == 0)
        diagnostic_help(error, "an activation is a word behind the layer's values: 'relu'");
    else if (kind && kind->is_word)
        diagnostic_help(error, "it is a word behind the layer's values: '%s%s'", name,
                        kind->attributes[0].name && kind->attributes[0].position == 0 ? "(…)" : "");
    else
        return false;
    return true;
}

/* "there are rate, momentum and nesterov", where they are few. */
static void help_list(struct check *check, struct diagnostic *error, const struct suggestion *suggestion)
{
    const int count = suggestion->offered_count;
    if (!count)
        return;
    if (count > (int)(sizeof suggestion->offered / sizeof *suggestion->offered)) {
        diagnostic_help(error, "'netc explain' lists what there is");
        return;
    }
    struct text list = text_create(check->arena);
    for (int i = 0; i < count; i++)
        text_format(&list, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " and ", suggestion->offered[i]);
    diagnostic_help(error, "there %s %s", count == 1 ? "is only" : "are", list.bytes);
}

void report_unknown(struct check *check, enum code code, const char *what, const char *name, struct span span,
                    const char *owner, const struct suggestion *suggestion)
{
    struct diagnostic *error = diagnostics_error(check->diagnostics, code, span, "unknown %s '%s'%s%s", what,
                                                 name, *owner ? " of " : "", owner);
    if (suggestion->nearest)
        diagnostic_help(error, "did you mean '%s'?", suggestion->nearest);
    else if (strcmp(what, "setting") == 0)
        help_setting(check, error, name);
    else if (strcmp(what, "kind of layer") == 0)
        help_layer(error, name);
    else if (strcmp(what, "key") != 0 || !help_key(error, name))
        help_list(check, error, suggestion);
}
