/* file.c - SWEEP.yaml, key by key, into struct sweep. Faults are told with the line and a caret, as those of
 * a .net file are.
 *
 *     sweep.yaml:3:1: error: unknown key 'seting' of a sweep
 *     help: did you mean 'settings'? */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/names.h"
#include "formats/yaml_tree.h"
#include "sweep/sweep.h"

enum { MOST_SEEDS = 1000, MOST_DRAWS = 10000 };

bool sweep_refuse(struct sweep *sweep, enum code code, struct span span, const char *format, ...)
{
    struct text text = text_create(sweep->arena);
    va_list arguments;
    va_start(arguments, format);
    text_format_list(&text, format, arguments);
    va_end(arguments);
    diagnostics_error(sweep->diagnostics, code, span, "%s", text.bytes);
    return false;
}

static bool is_scalar(struct sweep *sweep, const struct yaml_node *node, const char *wanted)
{
    return (node->kind == YAML_SCALAR && *node->text) ||
           sweep_refuse(sweep, E0701, node_span(sweep, node), "%s is wanted here", wanted);
}

/* Place of the word in a list; -1 and an error with the nearest. */
static int choose(struct sweep *sweep, const struct yaml_node *node, const char *what,
                  const char *const *words)
{
    struct suggestion suggestion = suggestion_for(node->text);
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], node->text) == 0)
            return i;
        suggestion_offer(&suggestion, words[i]);
    }
    struct diagnostic *error = diagnostics_error(sweep->diagnostics, E0701, node_span(sweep, node),
                                                 "unknown %s '%.60s'", what, node->text);
    if (suggestion.nearest)
        diagnostic_help(error, "did you mean '%s'?", suggestion.nearest);
    return -1;
}

static bool read_whole(struct sweep *sweep, const struct yaml_node *node, double least, double most,
                       double *number)
{
    if (!is_scalar(sweep, node, "a whole number"))
        return false;
    if (text_number(node->text, strlen(node->text), number) && *number == floor(*number) &&
        *number >= least && *number <= most)
        return true;
    return sweep_refuse(sweep, E0701, node_span(sweep, node), "'%.40s' is no whole number from %.0f to %.0f",
                        node->text, least, most);
}

/* A path as seen from where netc runs: those of the sweep are relative to it. */
static const char *read_path(struct sweep *sweep, const struct yaml_node *node)
{
    if (!is_scalar(sweep, node, "the path of a file"))
        return NULL;
    const char *slash = strrchr(sweep->source->path, '/');
    if (node->text[0] == '/' || !slash)
        return node->text;
    return arena_format(sweep->arena, "%.*s%s", (int)(slash + 1 - sweep->source->path), sweep->source->path,
                        node->text);
}

static bool read_model(struct sweep *sweep, const struct yaml_node *value)
{
    sweep->model = read_path(sweep, value);
    sweep->model_written = value->text;
    sweep->model_span = node_span(sweep, value);
    return sweep->model != NULL;
}

static bool read_data(struct sweep *sweep, const struct yaml_node *value)
{
    sweep->data = read_path(sweep, value);
    sweep->data_written = value->text;
    sweep->data_span = node_span(sweep, value);
    return sweep->data != NULL;
}

static bool read_search(struct sweep *sweep, const struct yaml_node *value)
{
    static const char *const words[] = {"grid", "random", "halving", NULL};
    if (!is_scalar(sweep, value, "grid, random or halving"))
        return false;
    int search = choose(sweep, value, "search", words);
    sweep->search = (enum sweep_search)(search < 0 ? 0 : search);
    sweep->search_span = node_span(sweep, value);
    return search >= 0;
}

static bool read_settings(struct sweep *sweep, const struct yaml_node *value)
{
    if (value->kind != YAML_MAPPING || value->count == 0)
        return sweep_refuse(sweep, E0701, node_span(sweep, value),
                            "settings and their values are wanted here: { optimizer.rate: [0.1, 0.01] }");
    bool is_good = true;
    sweep->axes = ARENA_ARRAY(sweep->arena, struct sweep_axis, (size_t)value->count);
    for (int i = 0; i < value->count; i++) {
        struct sweep_axis *axis = &sweep->axes[sweep->axis_count++];
        axis->name = value->keys[i]->text;
        axis->span = node_span(sweep, value->keys[i]);
        is_good = range_read(sweep, value->items[i], axis) && is_good;
    }
    return is_good;
}

static bool check_share(struct sweep *sweep, const struct sweep_value *share)
{
    size_t length = strlen(share->text);
    if (!isnan(share->number) && length > 1 && share->text[length - 1] == '%' && share->number > 0 &&
        share->number <= 100)
        return true;
    diagnostics_error(sweep->diagnostics, E0701, share->span,
                      "'%.40s' is no share: one is above 0%% and at most 100%%", share->text);
    return false;
}

static bool read_share(struct sweep *sweep, const struct yaml_node *value)
{
    struct sweep_axis axis = {.name = "share"};
    sweep->share_span = node_span(sweep, value);
    if (!range_read(sweep, value, &axis))
        return false;
    if (axis.count == 0)
        return sweep_refuse(sweep, E0701, node_span(sweep, value),
                            "shares are a list, or a range with its steps: {from: 1%%, to: 100%%, scale: "
                            "log, steps: 7}");
    for (int i = 0; i < axis.count; i++)
        if (!check_share(sweep, &axis.values[i]))
            return false;
    sweep->shares = axis.values;
    sweep->share_count = axis.count;
    return true;
}

static bool read_seeds(struct sweep *sweep, const struct yaml_node *value)
{
    struct sweep_axis axis = {.name = "seeds"};
    double count, seed;
    sweep->seeds_span = node_span(sweep, value);
    if (value->kind == YAML_SCALAR) {
        if (!read_whole(sweep, value, 1, MOST_SEEDS, &count))
            return false;
        sweep->seeds = ARENA_ARRAY(sweep->arena, struct sweep_value, (size_t)count);
        for (int i = 0; i < (int)count; i++)
            sweep->seeds[sweep->seed_count++] =
                (struct sweep_value){arena_format(sweep->arena, "%d", i + 1), i + 1, sweep->seeds_span};
        return true;
    }
    if (value->kind != YAML_SEQUENCE)
        return sweep_refuse(sweep, E0701, node_span(sweep, value),
                            "a count of seeds, or a list of them, is wanted here");
    for (int i = 0; i < value->count; i++)
        if (!read_whole(sweep, value->items[i], 0, 9007199254740992.0, &seed))
            return false;
    bool is_good = range_read(sweep, value, &axis);
    sweep->seeds = axis.values;
    sweep->seed_count = axis.count;
    return is_good;
}

static bool read_runs(struct sweep *sweep, const struct yaml_node *value)
{
    double draws = 0;
    bool is_good = read_whole(sweep, value, 1, MOST_DRAWS, &draws);
    sweep->draws = (int)draws;
    sweep->draws_span = node_span(sweep, value);
    return is_good;
}

static bool read_seed(struct sweep *sweep, const struct yaml_node *value)
{
    double seed = 0;
    bool is_good = read_whole(sweep, value, 0, 9007199254740992.0, &seed);
    sweep->seed = (uint64_t)seed;
    sweep->seed_span = node_span(sweep, value);
    return is_good;
}

static bool read_measure(struct sweep *sweep, const struct yaml_node *value)
{
    static const char *const splits[] = {"train", "validation", "test"}, *const figures[] = {"loss", "rmse",
                                                                                             "accuracy",
                                                                                             "error"};
    static const char *words[13];
    if (!is_scalar(sweep, value, "a split and a figure, such as 'validation loss',"))
        return false;
    for (int i = 0; i < 12; i++)
        words[i] = arena_format(sweep->arena, "%s %s", splits[i / 4], figures[i % 4]);
    int found = choose(sweep, value, "measure", words);
    if (found < 0)
        return false;
    sweep->measure = (struct measure){splits[found / 4], figures[found % 4], node_span(sweep, value)};
    return true;
}

static bool read_halving(struct sweep *sweep, const struct yaml_node *value)
{
    static const char *const keys[] = {"of", "from", "factor", NULL}, *const budgets[] = {"epochs", "share",
                                                                                          NULL};
    if (value->kind != YAML_MAPPING)
        return sweep_refuse(sweep, E0701, node_span(sweep, value),
                            "the first round is wanted here: {from: 1, factor: 3}");
    const struct yaml_node *of = yaml_find(value, "of"), *from = yaml_find(value, "from"),
                           *factor = yaml_find(value, "factor");
    sweep->halving_span = node_span(sweep, value);
    for (int i = 0; i < value->count; i++)
        if (choose(sweep, value->keys[i], "key of halving", keys) < 0)
            return false;
    if (of && (!is_scalar(sweep, of, "epochs or share") || choose(sweep, of, "budget", budgets) < 0))
        return false;
    sweep->budget = of && strcmp(of->text, "share") == 0 ? BUDGET_SHARE : BUDGET_EPOCHS;
    if (!from)
        return sweep_refuse(sweep, E0701, node_span(sweep, value),
                            "halving needs 'from', the %s of its first round",
                            sweep->budget == BUDGET_SHARE ? "share" : "epochs");
    sweep->halving_span = node_span(sweep, from);
    sweep->budget_factor = 3;
    if (factor && (!is_scalar(sweep, factor, "a number") ||
                   !text_number(factor->text, strlen(factor->text), &sweep->budget_factor) ||
                   sweep->budget_factor < 1.5 || sweep->budget_factor > 100))
        return sweep_refuse(sweep, E0701, node_span(sweep, factor), "'factor' is a number from 1.5 to 100");
    if (sweep->budget == BUDGET_EPOCHS)
        return read_whole(sweep, from, 1, 1e9, &sweep->budget_from);
    struct sweep_value share = {
        .text = from->text ? from->text : "", .number = NAN, .span = sweep->halving_span};
    text_number(share.text, strlen(share.text) ? strlen(share.text) - 1 : 0, &share.number);
    sweep->budget_from = share.number;
    return check_share(sweep, &share);
}

static bool read_warm(struct sweep *sweep, const struct yaml_node *value)
{
    static const char *const words[] = {"no", "yes", NULL};
    int is = value->kind == YAML_SCALAR ? choose(sweep, value, "answer", words) : -1;
    sweep->is_warm = is == 1;
    sweep->warm_span = node_span(sweep, value);
    return is >= 0 || sweep_refuse(sweep, E0701, node_span(sweep, value), "yes or no is wanted here");
}

/* "weights of effect" */
static bool read_collect(struct sweep *sweep, const struct yaml_node *value)
{
    static const char head[] = "weights of ";
    if (!is_scalar(sweep, value, "'weights of LABEL'"))
        return false;
    if (strncmp(value->text, head, strlen(head)) != 0 || !value->text[strlen(head)])
        return sweep_refuse(sweep, E0701, node_span(sweep, value), "'weights of LABEL' is wanted here");
    sweep->collect = value->text + strlen(head);
    sweep->collect_span = node_span(sweep, value);
    return true;
}

static const struct {
    const char *name;
    bool (*read)(struct sweep *sweep, const struct yaml_node *value);
} keys[] = {
    {"model", read_model},     {"data", read_data},   {"settings", read_settings},
    {"share", read_share},     {"seeds", read_seeds}, {"search", read_search},
    {"runs", read_runs},       {"seed", read_seed},   {"halving", read_halving},
    {"measure", read_measure}, {"warm", read_warm},   {"collect", read_collect},
};
enum { KEYS = sizeof keys / sizeof keys[0] };

static bool read_root(struct sweep *sweep, const struct yaml_node *root)
{
    bool is_good = true;
    const char *names[KEYS + 1] = {0};
    for (int i = 0; i < KEYS; i++)
        names[i] = keys[i].name;
    if (root->kind != YAML_MAPPING)
        return sweep_refuse(sweep, E0701, node_span(sweep, root),
                            "a sweep is keys with values: model: lenet5.net");
    for (int i = 0; i < root->count; i++) {
        int found = choose(sweep, root->keys[i], "key of a sweep", names);
        is_good = found >= 0 && keys[found].read(sweep, root->items[i]) && is_good;
    }
    if (is_good && !sweep->model)
        return sweep_refuse(sweep, E0701, node_span(sweep, root), "a sweep needs a model: model: lenet5.net");
    if (is_good && !sweep->axis_count && !sweep->share_count && !sweep->seed_count)
        return sweep_refuse(sweep, E0701, node_span(sweep, root),
                            "there is nothing that differs: give settings, share or seeds");
    return is_good;
}

static bool contradict(struct sweep *sweep, struct span span, const char *sentence)
{
    diagnostics_error(sweep->diagnostics, E0703, span, "%s", sentence);
    return false;
}

/* Keys that only some searches have. */
static bool check_search(struct sweep *sweep)
{
    bool is_grid = sweep->search == SEARCH_GRID, is_halving = sweep->search == SEARCH_HALVING;
    if (is_grid && sweep->draws_span.source)
        return contradict(sweep, sweep->draws_span,
                          "a grid runs everything: 'runs' is for random and halving");
    if (is_grid && sweep->seed_span.source)
        return contradict(sweep, sweep->seed_span, "a grid draws nothing: 'seed' is for random and halving");
    if (!is_grid && !sweep->draws)
        return contradict(sweep, sweep->search_span, "how many points are drawn? give runs: 20");
    if (!is_grid && !sweep->axis_count)
        return contradict(sweep, sweep->search_span, "there is nothing to draw: give settings");
    if (!is_halving && sweep->halving_span.source)
        return contradict(sweep, sweep->halving_span, "'halving' is for search: halving");
    if (is_halving && !sweep->halving_span.source)
        return contradict(sweep, sweep->search_span, "halving needs its first round: halving: {from: 1}");
    if (is_halving && sweep->budget == BUDGET_SHARE && sweep->share_count)
        return contradict(sweep, sweep->share_span, "halving sets the share of each round itself");
    for (int i = 0; i < sweep->axis_count; i++)
        if (is_grid && sweep->axes[i].count == 0)
            return contradict(sweep, sweep->axes[i].range_span,
                              "a range of a grid needs steps: {from: 0.01, to: 1, scale: log, steps: 5}");
    return true;
}

static bool check_warm(struct sweep *sweep)
{
    if (sweep->is_warm && sweep->search != SEARCH_GRID)
        return contradict(sweep, sweep->warm_span, "only the runs of a grid have an order to go along");
    if (sweep->is_warm && !sweep->axis_count)
        return contradict(sweep, sweep->warm_span, "there are no settings to go along");
    return true;
}

static void *get_from_arena(void *arena, size_t size)
{
    return arena_allocate(arena, size);
}

bool sweep_read(struct sweep *sweep, const char *path)
{
    const char *why = NULL;
    struct yaml_fault fault = {0};
    sweep->seed = 1;
    sweep->source = source_read(sweep->arena, path, &why);
    if (sweep->source && sweep->source->length > YAML_BYTES)
        why = "larger than 1 MiB, which no sweep is";
    if (!sweep->source || why) {
        diagnostics_error(sweep->diagnostics, E0601, (struct span){0}, "cannot read '%s': %s", path, why);
        return false;
    }
    const struct yaml_node *root = yaml_parse(sweep->source->bytes, sweep->source->length, "a sweep",
                                              (struct yaml_memory){get_from_arena, sweep->arena}, &fault);
    if (root)
        return read_root(sweep, root) && check_search(sweep) && check_warm(sweep);
    struct yaml_node place = {.line = fault.line > 0 ? fault.line : 1, .column = fault.column};
    diagnostics_error(sweep->diagnostics, E0701, node_span(sweep, &place), "%s", fault.sentence);
    return false;
}
