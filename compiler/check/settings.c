/* settings.c - what a statement says, against the table of what it may say:
 *
 *     conv 6 5x5 pad=2    and    conv's attributes    ->    filters 6, kernel 5x5, pad 2 2 2 2, stride 1x1
 * (default) … */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/names.h"
#include "base/text.h"
#include "check/check.h"

struct reading {
    struct check *check;
    const struct attribute *attribute;
    const char *owner;
    const struct tree_value *value;
};

static const char *type_name(enum attribute_type type)
{
    static const char *const names[] = {
        [ATTRIBUTE_COUNT] = "a whole number",
        [ATTRIBUTE_SIZE] = "a size such as 5x5, or one number for a square",
        [ATTRIBUTE_PADDING] = "a number, same, valid or [top, left, bottom, right]",
        [ATTRIBUTE_SHAPE] = "height x width x channels (28x28x1) or a number of features",
        [ATTRIBUTE_REAL] = "a number",
        [ATTRIBUTE_CHOICE] = "a word",
        [ATTRIBUTE_FLAG] = "no value",
        [ATTRIBUTE_TEXT] = "a string in quotes",
        [ATTRIBUTE_BYTES] = "bytes, or a text such as \"64 MiB\"",
        [ATTRIBUTE_SECONDS] = "seconds, or a text such as \"10 min\"",
        [ATTRIBUTE_NUMBERS] = "a list of numbers",
        [ATTRIBUTE_FILTERS] = "a whole number, or matrices in [ ]",
        [ATTRIBUTE_LABELS] = "a label, or labels in [ ]",
    };
    return names[type];
}

/* A bare name where a value must stand: most likely a misspelt let or choice. */
static void offer_lets(struct check *check, struct suggestion *suggestion)
{
    for (int i = 0; i < check->tree->declaration_count; i++)
        if (check->tree->declarations[i]->kind == TREE_LET)
            suggestion_offer(suggestion, check->tree->declarations[i]->let->name);
}

/* "kernel of conv 'c1'"; "batch" where statement and setting have one name. */
static const char *subject(const struct reading *reading)
{
    if (strcmp(reading->attribute->name, reading->owner) == 0)
        return reading->owner;
    return arena_format(reading->check->arena, "%s of %s", reading->attribute->name, reading->owner);
}

static bool report_type(const struct reading *reading)
{
    const struct tree_value *value = reading->value;
    struct text written = text_create(reading->check->arena);
    tree_print_value(&written, value);
    struct diagnostic *error =
        diagnostics_error(reading->check->diagnostics, E0304, value->span, "%s must be %s, not %s",
                          subject(reading), type_name(reading->attribute->type), written.bytes);
    if (value->kind != TREE_NAME)
        return false;
    struct suggestion suggestion = suggestion_for(value->text);
    offer_lets(reading->check, &suggestion);
    if (suggestion.nearest)
        diagnostic_help(error, "did you mean '%s'?", suggestion.nearest);
    return false;
}

static const char *number_text(struct check *check, double number)
{
    return fabs(number) < 1e15 && number == (double)(int64_t)number
               ? arena_format(check->arena, "%lld", (long long)number)
               : arena_format(check->arena, "%g", number);
}

static bool in_range(const struct reading *reading, double number, struct span span)
{
    const struct attribute *attribute = reading->attribute;
    bool is_low = number < attribute->least || (attribute->above_least && number <= attribute->least);
    bool is_high = number > attribute->most || (attribute->below_most && number >= attribute->most);
    if (!is_low && !is_high && !isnan(number))
        return true;
    const char *least = number_text(reading->check, attribute->least),
               *most = number_text(reading->check, attribute->most);
    struct check *check = reading->check;
    const char *range =
        is_low
            ? arena_format(check->arena, "%s %s", attribute->above_least ? "greater than" : "at least", least)
            : arena_format(check->arena, "%s %s", attribute->below_most ? "less than" : "at most", most);
    diagnostics_error(check->diagnostics, E0305, span, "%s must be %s, not %s", subject(reading), range,
                      number_text(check, number));
    return false;
}

static bool whole(const struct reading *reading, const struct tree_value *value, int64_t *to)
{
    if (value->kind != TREE_INTEGER)
        return report_type(reading);
    *to = value->integer;
    return in_range(reading, (double)value->integer, reading->value->span);
}

static bool read_size(const struct reading *reading, struct setting *setting, int parts)
{
    const struct tree_value *value = reading->value;
    if (value->kind == TREE_INTEGER) {
        if (!whole(reading, value, &setting->integer[0]))
            return false;
        setting->integer[1] = setting->integer[0];
        return true;
    }
    if (value->kind != TREE_SIZE || value->element_count != parts)
        return report_type(reading);
    for (int i = 0; i < parts; i++)
        if (!whole(reading, value->elements[i], &setting->integer[i]))
            return false;
    return true;
}

static bool read_shape(const struct reading *reading, struct setting *setting)
{
    if (reading->value->kind == TREE_INTEGER) {
        setting->integer[0] = setting->integer[1] = setting->integer[3] = 1;
        return whole(reading, reading->value, &setting->integer[2]);
    }
    return read_size(reading, setting, 3);
}

static bool read_padding(const struct reading *reading, struct setting *setting)
{
    const struct tree_value *value = reading->value;
    if (value->kind == TREE_NAME && strcmp(value->text, "valid") == 0)
        return true;
    if (value->kind == TREE_NAME && strcmp(value->text, "same") == 0) {
        setting->text = "same";
        return true;
    }
    if (value->kind == TREE_INTEGER) {
        if (!whole(reading, value, &setting->integer[0]))
            return false;
        setting->integer[1] = setting->integer[2] = setting->integer[3] = setting->integer[0];
        return true;
    }
    if (value->kind != TREE_LIST || value->element_count != 4)
        return report_type(reading);
    for (int i = 0; i < 4; i++)
        if (!whole(reading, value->elements[i], &setting->integer[i]))
            return false;
    return true;
}

static bool read_real(const struct reading *reading, struct setting *setting)
{
    const struct tree_value *value = reading->value;
    if (value->kind == TREE_INTEGER)
        setting->real = (double)value->integer;
    else if (value->kind == TREE_REAL || value->kind == TREE_PERCENT)
        setting->real = value->real;
    else
        return report_type(reading);
    return in_range(reading, setting->real, value->span);
}

/* A number, or one with a unit in quotes: "64 MiB", "10 min". */
static bool read_quantity(const struct reading *reading, struct setting *setting)
{
    static const struct {
        const char *name;
        enum attribute_type type;
        double factor;
    } units[] = {{"B", ATTRIBUTE_BYTES, 1},        {"KiB", ATTRIBUTE_BYTES, 0x1p10},
                 {"MiB", ATTRIBUTE_BYTES, 0x1p20}, {"GiB", ATTRIBUTE_BYTES, 0x1p30},
                 {"kB", ATTRIBUTE_BYTES, 1e3},     {"MB", ATTRIBUTE_BYTES, 1e6},
                 {"GB", ATTRIBUTE_BYTES, 1e9},     {"s", ATTRIBUTE_SECONDS, 1},
                 {"min", ATTRIBUTE_SECONDS, 60},   {"h", ATTRIBUTE_SECONDS, 3600}};
    if (reading->value->kind != TREE_STRING)
        return read_real(reading, setting);
    char *unit;
    double number = strtod(reading->value->text, &unit);
    bool has_number = unit != reading->value->text && isfinite(number);
    while (*unit == ' ')
        unit++;
    for (size_t i = 0; i < sizeof units / sizeof units[0] && has_number; i++)
        if (units[i].type == reading->attribute->type && strcmp(units[i].name, unit) == 0) {
            setting->real = number * units[i].factor;
            return in_range(reading, setting->real, reading->value->span);
        }
    return report_type(reading);
}

static bool read_choice(const struct reading *reading, struct setting *setting)
{
    const struct tree_value *value = reading->value;
    const char *const *choices = reading->attribute->choices;
    struct text list = text_create(reading->check->arena);
    struct suggestion suggestion = suggestion_for(value->kind == TREE_NAME ? value->text : "");
    for (int i = 0; choices[i]; i++) {
        if (value->kind == TREE_NAME && strcmp(value->text, choices[i]) == 0) {
            setting->text = choices[i];
            setting->integer[0] = i;
            return true;
        }
        text_format(&list, "%s%s", i == 0 ? "" : choices[i + 1] ? ", " : " or ", choices[i]);
        suggestion_offer(&suggestion, choices[i]);
    }
    struct text written = text_create(reading->check->arena);
    tree_print_value(&written, value);
    struct diagnostic *error =
        diagnostics_error(reading->check->diagnostics, E0304, value->span, "%s must be %s, not %s",
                          subject(reading), list.bytes, written.bytes);
    if (suggestion.nearest)
        diagnostic_help(error, "did you mean '%s'?", suggestion.nearest);
    return false;
}

/* A label or a list of them. */
static bool read_labels(const struct reading *reading, struct setting *setting)
{
    const struct tree_value *value = reading->value;
    bool is_list = value->kind == TREE_LIST && value->element_count;
    int count = is_list ? value->element_count : 1;
    struct label *labels = ARENA_ARRAY(reading->check->arena, struct label, (size_t)count);
    for (int i = 0; i < count; i++) {
        const struct tree_value *name = is_list ? value->elements[i] : value;
        if (name->kind != TREE_NAME)
            return report_type(reading);
        labels[i] = (struct label){name->text, name->span};
    }
    setting->labels = labels;
    setting->label_count = count;
    return true;
}

static bool read_numbers(const struct reading *reading, struct setting *setting)
{
    const struct tree_value *value = reading->value;
    if (value->kind != TREE_LIST || !value->element_count)
        return report_type(reading);
    double *numbers = ARENA_ARRAY(reading->check->arena, double, (size_t)value->element_count);
    for (int i = 0; i < value->element_count; i++) {
        struct setting number = {0};
        struct reading element = *reading;
        element.value = value->elements[i];
        if (!read_real(&element, &number))
            return false;
        numbers[i] = number.real;
    }
    setting->numbers = numbers;
    setting->integer[0] = value->element_count;
    return true;
}

static bool read_matrix(const struct reading *reading, const struct tree_value *matrix,
                        const struct setting *setting, double *to)
{
    int64_t rows = setting->integer[1], columns = setting->integer[2];
    if (matrix->kind != TREE_MATRIX)
        return report_type(reading);
    if (matrix->columns != columns || matrix->element_count != rows * columns) {
        diagnostics_error(reading->check->diagnostics, E0304, matrix->span,
                          "this filter is %dx%d, but the first is %lldx%lld",
                          matrix->element_count / matrix->columns, matrix->columns, (long long)rows,
                          (long long)columns);
        return false;
    }
    for (int i = 0; i < matrix->element_count; i++) {
        const struct tree_value *element = matrix->elements[i];
        if (element->kind != TREE_INTEGER && element->kind != TREE_REAL && element->kind != TREE_PERCENT)
            return report_type(reading);
        to[i] = element->kind == TREE_INTEGER ? (double)element->integer : element->real;
    }
    return true;
}

/* A count, a matrix, or matrices of one size. */
static bool read_filters(const struct reading *reading, struct setting *setting)
{
    struct tree_value *value = (struct tree_value *)reading->value;
    bool is_list = value->kind == TREE_LIST && value->element_count;
    struct tree_value **matrices = is_list ? value->elements : &value;
    int count = is_list ? value->element_count : 1;
    if (!is_list && value->kind != TREE_MATRIX)
        return whole(reading, value, &setting->integer[0]);
    const struct tree_value *first = matrices[0];
    if (first->kind != TREE_MATRIX)
        return report_type(reading);
    setting->integer[0] = count;
    setting->integer[1] = first->element_count / first->columns;
    setting->integer[2] = first->columns;
    double *numbers = ARENA_ARRAY(reading->check->arena, double, (size_t)count *(size_t)first->element_count);
    for (int i = 0; i < count; i++)
        if (!read_matrix(reading, matrices[i], setting, numbers + (int64_t)i * first->element_count))
            return false;
    setting->numbers = numbers;
    return true;
}

static bool read_value(const struct reading *reading, struct setting *setting)
{
    switch (reading->attribute->type) {
    case ATTRIBUTE_COUNT:
        return whole(reading, reading->value, &setting->integer[0]);
    case ATTRIBUTE_SIZE:
        return read_size(reading, setting, 2);
    case ATTRIBUTE_PADDING:
        return read_padding(reading, setting);
    case ATTRIBUTE_SHAPE:
        return read_shape(reading, setting);
    case ATTRIBUTE_REAL:
        return read_real(reading, setting);
    case ATTRIBUTE_CHOICE:
        return read_choice(reading, setting);
    case ATTRIBUTE_TEXT:
        if (reading->value->kind != TREE_STRING)
            return report_type(reading);
        setting->text = reading->value->text;
        return true;
    case ATTRIBUTE_BYTES:
    case ATTRIBUTE_SECONDS:
        return read_quantity(reading, setting);
    case ATTRIBUTE_NUMBERS:
        return read_numbers(reading, setting);
    case ATTRIBUTE_FILTERS:
        return read_filters(reading, setting);
    case ATTRIBUTE_LABELS:
        return read_labels(reading, setting);
    case ATTRIBUTE_FLAG:
        break;
    }
    return report_type(reading);
}

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

void report_unknown(struct check *check, enum code code, const char *what, const char *name, struct span span,
                    const char *owner, const struct suggestion *suggestion)
{
    if (catalogue_is_planned(name)) {
        diagnostics_error(check->diagnostics, E0210, span, "'%s' is not supported yet", name);
        return;
    }
    struct diagnostic *error = diagnostics_error(check->diagnostics, code, span, "unknown %s '%s'%s%s", what,
                                                 name, *owner ? " of " : "", owner);
    if (suggestion->nearest)
        diagnostic_help(error, "did you mean '%s'?", suggestion->nearest);
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
                              type_name(attributes[i].type));
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

/* A name before a value is a misspelt let, not a word: it takes the value's place, and the caller tells it.
 */
static bool stands_for_value(struct tree_item *const *items, int count, int at)
{
    for (int i = at + 1; i < count; i++)
        if (items[i]->kind == TREE_ITEM_VALUE)
            return true;
    return false;
}

/* Reads one item into the setting that it is about. */
static bool read_item(struct check *check, const struct attribute *attribute, const char *owner,
                      const struct tree_item *item, struct setting *setting)
{
    struct reading reading = {check, attribute, owner, item->value};
    if (setting->is_given) {
        struct diagnostic *error =
            diagnostics_error(check->diagnostics, E0306, item->span, "%s is given twice", subject(&reading));
        diagnostic_note(error, setting->span, "first given here");
        return false;
    }
    *setting = (struct setting){.is_given = true, .span = item->span};
    if (attribute->type == ATTRIBUTE_FLAG && item->kind == TREE_ITEM_NAME) {
        setting->integer[0] = 1;
        return true;
    }
    setting->span = item->value->span;
    return read_value(&reading, setting);
}

struct setting *settings_read(struct check *check, const struct attribute *attributes, const char *owner,
                              struct span span, struct tree_item *const *items, int count)
{
    struct setting *settings =
        ARENA_ARRAY(check->arena, struct setting, (size_t)attribute_count(attributes) + 1);
    bool is_good = true;
    int position = 0;
    for (int i = 0; attributes[i].name; i++)
        read_fallback(&attributes[i], &settings[i]);
    for (int i = 0; i < count; i++) {
        int found = attribute_of(check, attributes, items[i], owner, &position);
        if (found >= 0) {
            is_good = read_item(check, &attributes[found], owner, items[i], &settings[found]) && is_good;
        } else if (found == NO_ATTRIBUTE) {
            is_good = false;
        } else if (stands_for_value(items, count, i)) {
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
