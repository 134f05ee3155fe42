/* comparison.c - the entries of all runs side by side; those that say nothing are left out. */
#include "compare/comparison.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum { RANKS = 9 };

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static const char *last_part(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

/* Figures are what training came to; of groups only the worst and the gaps. */
static bool is_figure(const char *name)
{
    return begins(name, "result.") || begins(name, "groups.");
}

static bool is_shown(const char *name)
{
    const char *last = last_part(name);
    return !begins(name, "groups.") || strcmp(last, "worst") == 0 || strcmp(last, "value") == 0;
}

/* What matters most comes first; the rest stays in its order. */
static int rank_of(const char *name)
{
    static const char *const order[] = {
        "result.test.",       "result.validation.", "result.train.", "result.diagnosis", "result.best_epoch",
        "result.epochs_done", "result.end",         "result.",       "groups."};
    for (int i = 0; i < RANKS; i++)
        if (begins(name, order[i]))
            return i;
    return -1; /* a setting */
}

/* Is more of it better (1), less (-1), or neither? */
static int direction_of(const char *name)
{
    static const char *const high[] = {"accuracy", "mean_iou", "r_squared"}, *const low[] = {"loss", "rmse",
                                                                                             "error",
                                                                                             "value"};
    const char *last = last_part(name);
    for (size_t i = 0; i < sizeof high / sizeof high[0]; i++)
        if (strcmp(last, high[i]) == 0)
            return 1;
    for (size_t i = 0; i < sizeof low / sizeof low[0]; i++)
        if (strcmp(last, low[i]) == 0)
            return -1;
    return 0;
}

/* "settings.augment.shift" -> "augment shift"; names of data and machine stay in front. */
static const char *name_for_people(struct arena *arena, const char *name)
{
    static const char *const left_out[] = {"settings.", "result.", "groups.by."};
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
        if (begins(name, left_out[i]))
            name += strlen(left_out[i]);
    char *text = arena_copy(arena, name, strlen(name));
    for (char *at = text; *at; at++)
        *at = *at == '.' || *at == '_' ? ' ' : *at;
    return text;
}

static bool number_of(const char *text, double *number)
{
    char *end;
    *number = text ? strtod(text, &end) : NAN;
    return text && end != text && !*end && isfinite(*number);
}

/* Of a hash the first digits tell apart what there is, of a figure six. */
static const char *text_for_people(struct arena *arena, const char *text, bool is_figure)
{
    size_t digits = 0;
    double number;
    if (is_figure && strpbrk(text, ".e") && number_of(text, &number))
        return arena_format(arena, "%.6g", number);
    while (isxdigit((unsigned char)text[digits]))
        digits++;
    return digits == 64 && !text[64] ? arena_format(arena, "%.10s…", text) : text;
}

/* Where runs differ, those that have the best. */
static void mark_best(struct row *row, int runs, int direction)
{
    double best = -INFINITY, worst = INFINITY, number;
    for (int i = 0; i < runs; i++)
        if (number_of(row->texts[i], &number)) {
            best = fmax(best, direction * number);
            worst = fmin(worst, direction * number);
        }
    for (int i = 0; i < runs; i++)
        row->is_best[i] = best > worst && number_of(row->texts[i], &number) && direction * number == best;
}

static bool is_number(const struct row *row, int runs)
{
    double number;
    for (int i = 0; i < runs; i++)
        if (row->texts[i] && !number_of(row->texts[i], &number))
            return false;
    return true;
}

static bool differs(const struct row *row, int runs)
{
    for (int i = 1; i < runs; i++)
        if (!row->texts[i] != !row->texts[0] || (row->texts[i] && strcmp(row->texts[i], row->texts[0]) != 0))
            return true;
    return false;
}

/* All names in the order of the runs' records: one that only a later run has stands behind the one that it
 * stands behind there. */
struct names {
    const char **names;
    int count;
};

static int find_name(const struct names *names, const char *name)
{
    for (int i = 0; i < names->count; i++)
        if (strcmp(names->names[i], name) == 0)
            return i;
    return -1;
}

static struct names all_names(struct arena *arena, const struct run *runs, int run_count)
{
    size_t room = 0;
    for (int i = 0; i < run_count; i++)
        room += (size_t)runs[i].entry_count;
    struct names names = {ARENA_ARRAY(arena, const char *, room + 1), 0};
    for (int i = 0; i < run_count; i++) {
        int at = -1;
        for (int j = 0; j < runs[i].entry_count; j++) {
            const int found = find_name(&names, runs[i].entries[j].name);
            if (found >= 0) {
                at = found;
                continue;
            }
            at++;
            memmove(&names.names[at + 1], &names.names[at], (size_t)(names.count - at) * sizeof *names.names);
            names.names[at] = runs[i].entries[j].name;
            names.count++;
        }
    }
    return names;
}

/* Figures on other data do not compare. */
static bool share_data(const struct comparison *comparison)
{
    const char *first = run_text(&comparison->runs[0], "data.sha256");
    for (int i = 1; i < comparison->run_count; i++) {
        const char *other = run_text(&comparison->runs[i], "data.sha256");
        if (!first || !other || strcmp(first, other) != 0)
            return false;
    }
    return true;
}

static void add_row(struct arena *arena, struct comparison *comparison, const char *name)
{
    const int runs = comparison->run_count;
    struct row *row = &comparison->rows[comparison->row_count];
    *row = (struct row){.name = name_for_people(arena, name), .is_figure = is_figure(name)};
    row->texts = ARENA_ARRAY(arena, const char *, (size_t)runs);
    row->is_best = ARENA_ARRAY(arena, bool, (size_t)runs);
    for (int i = 0; i < runs; i++) {
        const char *text = run_text(&comparison->runs[i], name);
        row->texts[i] = text ? text_for_people(arena, text, row->is_figure) : NULL;
    }
    row->is_number = is_number(row, runs);
    if (row->is_figure && direction_of(name) && share_data(comparison))
        mark_best(row, runs, direction_of(name));
    comparison->row_count += row->is_figure || differs(row, runs);
}

void comparison_make(struct arena *arena, const struct run *runs, int run_count,
                     struct comparison *comparison)
{
    const struct names names = all_names(arena, runs, run_count);
    *comparison = (struct comparison){.runs = runs, .run_count = run_count};
    comparison->rows = ARENA_ARRAY(arena, struct row, (size_t)names.count + 1);
    for (int rank = -1; rank < RANKS; rank++)
        for (int i = 0; i < names.count; i++)
            if (rank_of(names.names[i]) == rank && is_shown(names.names[i]))
                add_row(arena, comparison, names.names[i]);
}
