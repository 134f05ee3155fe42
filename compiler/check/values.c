/* values.c - one value of a statement as its attribute wants it, or an error that says what it should be.
 *
 *     kernel 5x5    ->    5, 5        memory="64 MiB"    ->    67108864        rate="fast"    ->    an error
 */
#include "check/values.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/names.h"
#include "base/text.h"

const char *value_type_name(enum attribute_type type)
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
const char *value_subject(const struct reading *reading)
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
                          value_subject(reading), value_type_name(reading->attribute->type), written.bytes);
    if (value->kind != TREE_NAME)
        return false;
    struct suggestion suggestion = suggestion_for(value->text);
    offer_lets(reading->check, &suggestion);
    if (suggestion.nearest)
        diagnostic_help(error, "did you mean '%s'?", suggestion.nearest);
    return false;
}

static bool in_range(const struct reading *reading, double number, struct span span)
{
    const struct attribute *attribute = reading->attribute;
    bool is_low = number < attribute->least || (attribute->above_least && number <= attribute->least);
    bool is_high = number > attribute->most || (attribute->below_most && number >= attribute->most);
    if (!is_low && !is_high && !isnan(number))
        return true;
    struct check *check = reading->check;
    const char *least = text_of_number(check->arena, attribute->least),
               *most = text_of_number(check->arena, attribute->most);
    const char *range =
        is_low
            ? arena_format(check->arena, "%s %s", attribute->above_least ? "greater than" : "at least", least)
            : arena_format(check->arena, "%s %s", attribute->below_most ? "less than" : "at most", most);
    diagnostics_error(check->diagnostics, E0305, span, "%s must be %s, not %s", value_subject(reading), range,
                      text_of_number(check->arena, number));
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
        const bool is_number = value->kind == TREE_INTEGER && isdigit((unsigned char)choices[i][0]) &&
                               value->integer == strtoll(choices[i], NULL, 10);
        if (is_number || (value->kind == TREE_NAME && strcmp(value->text, choices[i]) == 0)) {
            setting->text = choices[i];
            setting->integer[0] = i;
            return true;
        }
        text_append_choice(&list, choices[i], !choices[i + 1]);
        suggestion_offer(&suggestion, choices[i]);
    }
    struct text written = text_create(reading->check->arena);
    tree_print_value(&written, value);
    struct diagnostic *error =
        diagnostics_error(reading->check->diagnostics, E0304, value->span, "%s must be %s, not %s",
                          value_subject(reading), list.bytes, written.bytes);
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

bool value_read(const struct reading *reading, struct setting *setting)
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
