/* net_diff.c - what a point changes in the .net text, as a unified diff that patch takes.
 *
 *     -        λ         l1=2
 *     +        λ         l1=0.02 */
#include "sweep/net_diff.h"

#include <string.h>

#include "base/arena.h"

enum { CONTEXT = 3 };

/* Lines from..to of both texts, numbers from 0, `to` excluded, that stand for each other. */
struct change {
    int old_from, old_to, new_from, new_to;
};

static int line_at(const struct source *source, uint32_t offset)
{
    return span_line((struct span){source, offset, 0}) - 1;
}

/* The lines that each value stands in; those on one line, or on lines that touch, are one change. */
static int find_changes(const struct edited *edited, struct change *changes)
{
    const struct sweep *sweep = edited->sweep;
    int count = 0;
    bool is_new_line = false;
    for (int i = 0; i < sweep->axis_count; i++) {
        if (edit_is_as_written(edited, edited->order[i]))
            continue;
        const struct place *place = &sweep->axes[edited->order[i]].place;
        const struct span put_in = edited->spans[edited->order[i]];
        /* What is put in behind a line leaves that as it is; so does what stands behind it on the new line.
         */
        const bool begins_line = place->before[0] == '\n';
        is_new_line =
            begins_line || (is_new_line && place->offset == sweep->axes[edited->order[i - 1]].place.offset);
        const int old_line = line_at(sweep->net, place->offset) + is_new_line;
        const struct change change = {
            old_line, is_new_line ? old_line : line_at(sweep->net, place->offset + place->length) + 1,
            line_at(edited->source, put_in.offset) + begins_line,
            line_at(edited->source, put_in.offset + put_in.length) + 1};
        if (count > 0 && change.old_from <= changes[count - 1].old_to) {
            changes[count - 1].old_to = change.old_to;
            changes[count - 1].new_to = change.new_to;
        } else {
            changes[count++] = change;
        }
    }
    return count;
}

static void print_lines(struct text *to, const struct source *source, int from, int end, char mark)
{
    for (int i = from; i < end; i++) {
        const uint32_t start = source->lines[i],
                       stop = i + 1 < source->line_count ? source->lines[i + 1] : (uint32_t)source->length;
        if (start == stop)
            continue; /* behind the last line end */
        text_append(to, &mark, 1);
        text_append(to, source->bytes + start, stop - start);
        if (source->bytes[stop - 1] != '\n')
            text_format(to, "\n\\ No newline at end of file\n");
    }
}

static int last_line(const struct source *source)
{
    const uint32_t start = source->lines[source->line_count - 1];
    return start == source->length ? source->line_count - 1 : source->line_count;
}

static int least(int left, int right)
{
    return left < right ? left : right;
}

/* Changes that share their context are one hunk: first..end of them. */
static void print_hunk(struct text *to, const struct edited *edited, const struct change *changes, int count)
{
    const struct source *old = edited->sweep->net, *new = edited->source;
    const struct change *first = &changes[0], *last = &changes[count - 1];
    const int before = least(CONTEXT, first->old_from), after = least(CONTEXT, last_line(old) - last->old_to);
    text_format(to, "@@ -%d,%d +%d,%d @@\n", first->old_from - before + 1,
                last->old_to + after - first->old_from + before, first->new_from - before + 1,
                last->new_to + after - first->new_from + before);
    print_lines(to, old, first->old_from - before, first->old_from, ' ');
    for (int i = 0; i < count; i++) {
        print_lines(to, old, changes[i].old_from, changes[i].old_to, '-');
        print_lines(to, new, changes[i].new_from, changes[i].new_to, '+');
        print_lines(to, old, changes[i].old_to,
                    i + 1 < count ? changes[i + 1].old_from : changes[i].old_to + after, ' ');
    }
}

void net_diff(struct text *to, const struct edited *edited)
{
    const struct sweep *sweep = edited->sweep;
    struct change *changes = ARENA_ARRAY(sweep->arena, struct change, (size_t)sweep->axis_count + 1);
    const int count = find_changes(edited, changes);
    if (sweep->net->length == edited->source->length &&
        memcmp(sweep->net->bytes, edited->source->bytes, sweep->net->length) == 0)
        return;
    const char *slash = strrchr(sweep->net->path, '/'), *name = slash ? slash + 1 : sweep->net->path;
    text_format(to, "--- %s\n+++ %s\n", name, name);
    for (int i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && changes[end].old_from <= changes[end - 1].old_to + 2 * CONTEXT;)
            end++;
        print_hunk(to, edited, changes + i, end - i);
    }
}
