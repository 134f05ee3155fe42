/* settings.c - what a statement says, against the table of what it may say:
 *
 *     conv 6 5x5 pad=2, and conv's attributes    ->    filters 6, kernel 5x5, pad 2 2 2 2, stride 1x1 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/names.h"
#include "check/values.h"

/* Defaults are written in the tables as a user would write them. */
static void read_fallback(const struct attribute *attribute, struct setting *setting)
{
    const char *fallback = attribute->fallback;
    if (!fallback || !*fallback)
        return;
    setting->real = strtod(fallback, NULL);
    setting->integer[0] = strtoll(fallback, NULL, 10);
    for (int i = 1; i < 4; i++)
        setting->integer[i] = setting->integer[0];
    setting->text =
        attribute->type == ATTRIBUTE_CHOICE || attribute->type == ATTRIBUTE_TEXT ? fallback : NULL;
    for (int i = 0; attribute->choices && attribute->choices[i]; i++)
        if (strcmp(attribute->choices[i], fallback) == 0)
            setting->integer[0] = i;
}

int choice_find(struct check *check, const struct tree_statement *statement, const struct tree_item *name,
                enum code code)
{
    struct suggestion suggestion = suggestion_for(name->name);
    struct choice choice;
    for (int i = 0; (choice = catalogue_choice(statement->kind, i)).name; i++) {
        if (strcmp(choice.name, name->name) == 0)
            return i;
        suggestion_offer(&suggestion, choice.name);
    }
    report_unknown(check, code, statement->kind, name->name, name->name_span, "", &suggestion);
    return -1;
}

static int find_attribute(const struct attribute *attributes, const char *name)
{
    for (int i = 0; attributes[i].name; i++)
        if (strcmp(attributes[i].name, name) == 0)
            return i;
    return -1;
}

static int find_position(const struct attribute *attributes, int position)
{
    for (int i = 0; attributes[i].name; i++)
        if (attributes[i].position == position)
            return i;
    return -1;
}

static void report_missing(struct check *check, const struct attribute *attributes,
                           const struct setting *settings, const char *owner, struct span span)
{
    for (int i = 0; attributes[i].name; i++)
        if (!attributes[i].fallback && !settings[i].is_given)
            diagnostics_error(check->diagnostics, E0307, span, "%s needs %s: %s", owner, attributes[i].name,
                              value_type_name(attributes[i].type));
}

static void report_key(struct check *check, const struct attribute *attributes, const struct tree_item *item,
                       const char *owner)
{
    struct suggestion suggestion = suggestion_for(item->name);
    for (int i = 0; attributes[i].name; i++)
        suggestion_offer(&suggestion, attributes[i].name);
    report_unknown(check, E0302, "key", item->name, item->name_span, owner, &suggestion);
}

enum { NO_ATTRIBUTE = -1, A_WORD = -2 };

/* Which attribute an item sets; NO_ATTRIBUTE has been told, A_WORD is the caller's business. */
static int attribute_of(struct check *check, const struct attribute *attributes, const struct tree_item *item,
                        const char *owner, int *position)
{
    if (item->kind == TREE_ITEM_PAIR) {
        int found = find_attribute(attributes, item->name);
        if (found < 0)
            report_key(check, attributes, item, owner);
        return found;
    }
    if (item->kind == TREE_ITEM_VALUE) {
        int found = find_position(attributes, (*position)++);
        if (found < 0)
            diagnostics_error(check->diagnostics, E0308, item->span, "%s takes %s", owner,
                              find_position(attributes, 0) < 0 ? "no value without a key"
                                                               : "no further value without a key");
        return found;
    }
    int found = item->kind == TREE_ITEM_NAME ? find_attribute(attributes, item->name) : -1;
    return found >= 0 && attributes[found].type == ATTRIBUTE_FLAG ? found : A_WORD;
}

/* A name before a value, or an unknown one where a value is missing, is a misspelt let, not a word: it takes
 * the value's place, and the caller tells it. */
static bool stands_for_value(const struct attribute *attributes, int position, const struct tree_item *item,
                             bool is_before_value)
{
    const int found = find_position(attributes, position);
    return is_before_value || (found >= 0 && !attributes[found].fallback && item->kind == TREE_ITEM_NAME &&
                               !catalogue_find_layer(item->name));
}

/* Reads one item into the setting that it is about. */
static bool read_item(struct check *check, const struct attribute *attribute, const char *owner,
                      const struct tree_item *item, struct setting *setting)
{
    struct reading reading = {check, attribute, owner, item->value};
    if (setting->is_given) {
        struct diagnostic *error = diagnostics_error(check->diagnostics, E0306, item->span,
                                                     "%s is given twice", value_subject(&reading));
        diagnostic_note(error, setting->span, "first given here");
        return false;
    }
    *setting = (struct setting){.is_given = true, .span = item->span};
    if (attribute->type == ATTRIBUTE_FLAG && item->kind == TREE_ITEM_NAME) {
        setting->integer[0] = 1;
        return true;
    }
    setting->span = item->value->span;
    return value_read(&reading, setting);
}

struct setting *settings_read(struct check *check, const struct attribute *attributes, const char *owner,
                              struct span span, struct tree_item *const *items, int count)
{
    struct setting *settings =
        ARENA_ARRAY(check->arena, struct setting, (size_t)attribute_count(attributes) + 1);
    bool is_good = true;
    int position = 0, last_value = -1;
    for (int i = 0; i < count; i++)
        last_value = items[i]->kind == TREE_ITEM_VALUE ? i : last_value;
    for (int i = 0; attributes[i].name; i++)
        read_fallback(&attributes[i], &settings[i]);
    for (int i = 0; i < count; i++) {
        int found = attribute_of(check, attributes, items[i], owner, &position);
        if (found >= 0) {
            is_good = read_item(check, &attributes[found], owner, items[i], &settings[found]) && is_good;
        } else if (found == NO_ATTRIBUTE) {
            is_good = false;
        } else if (stands_for_value(attributes, position, items[i], i < last_value)) {
            found = find_position(attributes, position++);
            if (found >= 0)
                settings[found].is_given = true;
            is_good = false;
        }
    }
    int before = diagnostics_error_count(check->diagnostics);
    report_missing(check, attributes, settings, owner, span);
    return is_good && diagnostics_error_count(check->diagnostics) == before ? settings : NULL;
}
