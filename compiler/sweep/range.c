/* range.c - what a setting runs over: values that stand in a list, steps of a range, or draws from it.
 *
 *     [16, 32]                                                two values
 *     {from: 1e-4, to: 1e-1, scale: log, steps: 4}            1e-4, 0.001, 0.01, 0.1
 *     {from: 1, to: 9, whole: yes}  with search: random       7, 2, 9, … */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/names.h"
#include "formats/yaml_tree.h"
#include "sweep/sweep.h"

enum { MOST_STEPS = 10000 };

bool text_number(const char *text, size_t length, double *number)
{
    char copy[64], *end;
    if (length == 0 || length >= sizeof copy || strspn(text, "+-.0123456789eE") < length)
        return false;
    memcpy(copy, text, length);
    copy[length] = 0;
    *number = strtod(copy, &end);
    return !*end && isfinite(*number);
}

static uint32_t skip_characters(const struct source *source, uint32_t offset, int count)
{
    while (count > 0 && offset < source->length) {
        offset++;
        while (offset < source->length && ((unsigned char)source->bytes[offset] & 0xc0) == 0x80)
            offset++;
        count--;
    }
    return offset;
}

struct span node_span(const struct sweep *sweep, const struct yaml_node *node)
{
    const struct source *source = sweep->source;
    int line = node->line < source->line_count ? node->line : source->line_count;
    uint32_t start = skip_characters(source, source->lines[line - 1], node->column - 1);
    return (struct span){source, start,
                         skip_characters(source, start, node->length > 0 ? node->length : 1) - start};
}

/* "10%" counts as 10 where percentages may stand. */
static struct sweep_value value_of(const struct sweep *sweep, const struct yaml_node *node)
{
    struct sweep_value value = {.text = node->text, .number = NAN, .span = node_span(sweep, node)};
    size_t length = strlen(node->text);
    text_number(node->text, length - (length > 0 && node->text[length - 1] == '%'), &value.number);
    return value;
}

static bool is_percentage(const char *text)
{
    size_t length = strlen(text);
    return length > 1 && text[length - 1] == '%';
}

static bool refuse(struct sweep *sweep, const struct yaml_node *node, const char *sentence)
{
    diagnostics_error(sweep->diagnostics, E0701, node_span(sweep, node), "%s", sentence);
    return false;
}

static bool read_list(struct sweep *sweep, const struct yaml_node *node, struct sweep_axis *axis)
{
    if (node->count == 0)
        return refuse(sweep, node, "the list is empty: there is nothing to run");
    axis->values = ARENA_ARRAY(sweep->arena, struct sweep_value, (size_t)node->count);
    for (int i = 0; i < node->count; i++) {
        const struct yaml_node *item = node->items[i];
        if (item->kind != YAML_SCALAR || !*item->text)
            return refuse(sweep, item, "a value is wanted here: a number, a word or a text");
        struct sweep_value value = value_of(sweep, item);
        for (int j = 0; j < i; j++) {
            bool is_same = isnan(value.number) ? strcmp(axis->values[j].text, value.text) == 0
                                               : axis->values[j].number == value.number;
            if (!is_same)
                continue;
            struct diagnostic *error = diagnostics_error(sweep->diagnostics, E0703, value.span,
                                                         "'%.40s' stands in this list twice", value.text);
            diagnostic_note(error, axis->values[j].span, "the first one is here");
            return false;
        }
        axis->values[axis->count++] = value;
    }
    return true;
}

/* The shortest text of few digits, with the percent sign where the ends have it. */
static struct sweep_value make_value(const struct sweep *sweep, const struct sweep_axis *axis, double number,
                                     int digits)
{
    const char *text = axis->is_whole ? arena_format(sweep->arena, "%.0f", number)
                                      : arena_format(sweep->arena, "%.*g", digits, number);
    number = strtod(text, NULL);
    if (number < axis->from || number > axis->to) {
        number = number < axis->from ? axis->from : axis->to;
        text = text_of_number(sweep->arena, number);
    }
    if (axis->is_percent)
        text = arena_format(sweep->arena, "%s%%", text);
    return (struct sweep_value){text, number, axis->range_span};
}

/* `share` of the way, 0 … 1, from one end to the other. */
static double range_at(const struct sweep_axis *axis, double share)
{
    if (axis->is_log)
        return exp(log(axis->from) + share * (log(axis->to) - log(axis->from)));
    return axis->from + share * (axis->to - axis->from);
}

static bool make_steps(struct sweep *sweep, const struct yaml_node *node, struct sweep_axis *axis,
                       double steps)
{
    axis->values = ARENA_ARRAY(sweep->arena, struct sweep_value, (size_t)steps);
    for (int i = 0; i < (int)steps; i++) {
        struct sweep_value value = make_value(sweep, axis, range_at(axis, i / (steps - 1)), 6);
        if (axis->is_whole)
            value = make_value(sweep, axis, floor(range_at(axis, i / (steps - 1)) + 0.5), 6);
        if (axis->count > 0 && axis->values[axis->count - 1].number == value.number)
            return refuse(sweep, node, "there are not so many whole numbers between the ends");
        axis->values[axis->count++] = value;
    }
    return true;
}

/* The keys of a range, as far as they stand there. */
struct range_keys {
    const struct yaml_node *from, *to, *scale, *whole, *steps;
};

static bool find_keys(struct sweep *sweep, const struct yaml_node *node, struct range_keys *keys)
{
    static const char *const names[] = {"from", "to", "scale", "whole", "steps"};
    const struct yaml_node **places[] = {&keys->from, &keys->to, &keys->scale, &keys->whole, &keys->steps};
    for (int i = 0; i < node->count; i++) {
        struct suggestion suggestion = suggestion_for(node->keys[i]->text);
        bool is_known = false;
        for (int j = 0; j < 5; j++) {
            suggestion_offer(&suggestion, names[j]);
            if (strcmp(names[j], node->keys[i]->text) != 0)
                continue;
            if (node->items[i]->kind != YAML_SCALAR)
                return refuse(sweep, node->items[i], "one value is wanted here");
            *places[j] = node->items[i];
            is_known = true;
        }
        if (is_known)
            continue;
        struct diagnostic *error =
            diagnostics_error(sweep->diagnostics, E0701, node_span(sweep, node->keys[i]),
                              "unknown key '%.40s' of a range", node->keys[i]->text);
        if (suggestion.nearest)
            diagnostic_help(error, "did you mean '%s'?", suggestion.nearest);
        return false;
    }
    return (keys->from && keys->to) || refuse(sweep, node, "a range needs both ends: {from: 0.001, to: 0.1}");
}

static bool read_ends(struct sweep *sweep, const struct range_keys *keys, struct sweep_axis *axis)
{
    const struct sweep_value from = value_of(sweep, keys->from), to = value_of(sweep, keys->to);
    if (isnan(from.number) || isnan(to.number))
        return refuse(sweep, isnan(from.number) ? keys->from : keys->to, "an end of a range is a number");
    axis->is_percent = is_percentage(keys->from->text);
    if (axis->is_percent != is_percentage(keys->to->text))
        return refuse(sweep, keys->to, "one end is a percentage and the other is none");
    axis->from = from.number;
    axis->to = to.number;
    if (!(axis->from < axis->to))
        return refuse(sweep, keys->to, "'to' must be above 'from'");
    if (axis->is_log && axis->from <= 0)
        return refuse(sweep, keys->from, "a logarithmic range begins above 0");
    if (axis->is_whole && (axis->from != floor(axis->from) || axis->to != floor(axis->to)))
        return refuse(sweep, axis->from != floor(axis->from) ? keys->from : keys->to,
                      "an end of whole numbers is whole itself");
    return true;
}

static bool read_word(struct sweep *sweep, const struct yaml_node *node, const char *no, const char *yes,
                      bool *is)
{
    if (!node)
        return true;
    *is = strcmp(node->text, yes) == 0;
    if (*is || strcmp(node->text, no) == 0)
        return true;
    diagnostics_error(sweep->diagnostics, E0701, node_span(sweep, node), "'%.40s' is neither %s nor %s",
                      node->text, no, yes);
    return false;
}

static bool read_range(struct sweep *sweep, const struct yaml_node *node, struct sweep_axis *axis)
{
    struct range_keys keys = {0};
    double steps = 0;
    axis->is_range = true;
    if (!find_keys(sweep, node, &keys) || !read_word(sweep, keys.scale, "linear", "log", &axis->is_log) ||
        !read_word(sweep, keys.whole, "no", "yes", &axis->is_whole) || !read_ends(sweep, &keys, axis))
        return false;
    axis->range_span = span_join(node_span(sweep, keys.from), node_span(sweep, keys.to));
    if (!keys.steps)
        return true;
    if (!text_number(keys.steps->text, strlen(keys.steps->text), &steps) || steps != floor(steps) ||
        steps < 2 || steps > MOST_STEPS)
        return refuse(sweep, keys.steps, "'steps' is a whole number from 2 to 10000");
    return make_steps(sweep, keys.steps, axis, steps);
}

bool range_read(struct sweep *sweep, const struct yaml_node *node, struct sweep_axis *axis)
{
    if (node->kind == YAML_SEQUENCE)
        return read_list(sweep, node, axis);
    if (node->kind == YAML_MAPPING)
        return read_range(sweep, node, axis);
    return refuse(sweep, node, "a list of values [0.1, 0.2] or a range {from: 0.1, to: 1} is wanted here");
}

/* SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014) of seed, name and
 * counter. */
static uint64_t random_bits(uint64_t seed, const char *name, uint64_t counter)
{
    uint64_t bits = seed;
    for (; *name; name++)
        bits = (bits ^ (unsigned char)*name) * 0x100000001b3u;
    for (int i = 0; i < 2; i++) {
        bits += 0x9e3779b97f4a7c15u * (counter + 1);
        bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9u;
        bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
        bits ^= bits >> 31;
    }
    return bits;
}

struct sweep_value range_draw(const struct sweep *sweep, const struct sweep_axis *axis, uint64_t counter)
{
    double share = (double)(random_bits(sweep->seed, axis->name, counter) >> 11) * 0x1p-53;
    if (axis->count > 0)
        return axis->values[(int)(share * axis->count)];
    if (!axis->is_whole)
        return make_value(sweep, axis, range_at(axis, share), 4);
    /* Each whole number has its own part of the range, the ends as well. */
    struct sweep_axis wide = *axis;
    wide.from -= axis->is_log ? 0.5 * fmin(1, axis->from) : 0.5;
    wide.to += 0.5;
    return make_value(sweep, axis, floor(range_at(&wide, share) + 0.5), 4);
}
