/* again.c - which lines of the model a point changes, and the words of `netc train` for all else. */
#include "sweep/again.h"

#include <string.h>

#include "base/arena.h"
#include "command/files.h"

static int line_at(const struct source *source, uint32_t offset)
{
    return span_line((struct span){source, offset, 0}) - 1;
}

static void print_line(struct text *to, const struct source *source, int line, bool is_new)
{
    const char *start = source->bytes + source->lines[line];
    text_format(to, "%s:%d: %.*s%s\n", path_name(source->path), line + 1, (int)strcspn(start, "\r\n"), start,
                is_new ? "    # a new line" : "");
}

struct text again_lines(const struct plan *plan, const struct result *row)
{
    const struct sweep *sweep = plan->sweep;
    const struct edited edited = edit_net(sweep, plan->points[row->point].values);
    struct text text = text_create(sweep->arena);
    int printed = -1; /* the last line that was, of the new text */
    for (int i = 0; i < sweep->axis_count; i++) {
        const int axis = edited.order[i];
        const struct place *place = &sweep->axes[axis].place;
        const struct span put_in = edited.spans[axis];
        const bool is_new = place->before[0] == '\n';
        int line = line_at(edited.source, put_in.offset) + is_new;
        const int last = line_at(edited.source, put_in.offset + put_in.length);
        for (; line <= last && !place->is_let && !edit_is_as_written(&edited, axis); line++)
            if (line > printed) {
                print_line(&text, edited.source, line, is_new);
                printed = line;
            }
    }
    return text;
}

/* A word of a shell, in quotes where it needs them. */
static void add_word(struct text *to, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/%@";
    if (to->length)
        text_append(to, " ", 1);
    if (*word && word[strspn(word, plain)] == 0) {
        text_append(to, word, strlen(word));
        return;
    }
    text_append(to, "'", 1);
    for (; *word; word++)
        text_format(to, *word == '\'' ? "'\\''" : "%c", *word);
    text_append(to, "'", 1);
}

static void add_pair(struct text *to, const char *name, const char *value)
{
    if (!value)
        return;
    add_word(to, name);
    add_word(to, value);
}

/* How the trainer is compiled, as the sweep was told. */
static void add_compiling(struct text *to, const struct options *options)
{
    if (options->twice)
        add_word(to, "--double");
    if (options->plain)
        add_word(to, "--plain");
    add_pair(to, "--march", options->march);
    add_pair(to, "--cc", options->cc);
    add_pair(to, "--cflags", options->cflags);
}

struct text again_command(const struct plan *plan, const struct result *row, enum again_from from)
{
    const struct sweep *sweep = plan->sweep;
    const struct sweep_run *run = &plan->runs[row->run], *before = run_predecessor(plan, run);
    const char *share = run_share(plan, run);
    const bool is_here = from == AGAIN_FROM_HERE;
    struct text text = text_create(sweep->arena);
    add_word(&text, "netc");
    add_word(&text, "train");
    add_word(&text, is_here ? sweep->model : sweep->model_written);
    for (int i = 0; i < sweep->axis_count; i++)
        if (sweep->axes[i].place.is_let)
            add_pair(&text, "-D",
                     arena_format(sweep->arena, "%s=%s", sweep->axes[i].name,
                                  edit_value(sweep, &sweep->axes[i], &plan->points[row->point].values[i])));
    add_compiling(&text, plan->options);
    add_pair(&text, "--data", is_here ? sweep->data : sweep->data_written);
    add_pair(&text, "--share", share && strcmp(share, "100%") != 0 ? share : NULL);
    add_pair(&text, "--epochs", sweep->budget == BUDGET_EPOCHS ? run->budget : NULL);
    add_pair(&text, "--seed", sweep->seed_count == 1 ? run_seed(plan, run) : NULL);
    if (before && is_here)
        add_pair(&text, "--init",
                 arena_format(sweep->arena, "%s/model.safetensors", run_folder(plan, before)));
    return text;
}
