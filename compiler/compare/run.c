/* run.c - the two files of a run's folder, read with the places of what is wrong in them. */
#include "compare/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "command/files.h"
#include "formats/yaml_tree.h"

struct reading {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const struct source *source;
    struct run *run;
    int room; /* of its entries */
};

static void *get_from_arena(void *arena, size_t size)
{
    return arena_allocate(arena, size);
}

/* A place in the source; line 0: its start. */
static struct span span_at(const struct source *source, int line, int column)
{
    if (line < 1 || line > source->line_count)
        return (struct span){source, 0, 0};
    const uint32_t start = source->lines[line - 1];
    uint32_t offset = start;
    for (int i = 1; i < column && offset < source->length && source->bytes[offset] != '\n'; i++)
        do
            offset++;
        while (offset < source->length && ((unsigned char)source->bytes[offset] & 0xc0) == 0x80);
    return (struct span){source, offset, 1};
}

static void add_entry(struct reading *reading, const char *name, const char *text)
{
    struct run *run = reading->run;
    if (run->entry_count == reading->room) {
        const int room = reading->room ? 2 * reading->room : 64;
        struct entry *more = ARENA_ARRAY(reading->arena, struct entry, (size_t)room);
        if (run->entry_count)
            memcpy(more, run->entries, (size_t)run->entry_count * sizeof *more);
        run->entries = more;
        reading->room = room;
    }
    run->entries[run->entry_count++] = (struct entry){name, text};
}

static const char *joined(struct arena *arena, const struct yaml_node *sequence)
{
    struct text text = text_create(arena);
    for (int i = 0; i < sequence->count; i++)
        if (sequence->items[i]->kind == YAML_SCALAR)
            text_format(&text, "%s%s", i ? " " : "", sequence->items[i]->text);
    return text.bytes;
}

/* yaml_parse has bounded how deep nodes nest. */
static void add_node(struct reading *reading, const char *name, const struct yaml_node *node)
{
    if (node->kind == YAML_SCALAR)
        add_entry(reading, name, node->text);
    if (node->kind == YAML_SEQUENCE)
        add_entry(reading, name, joined(reading->arena, node));
    for (int i = 0; node->kind == YAML_MAPPING && i < node->count; i++)
        add_node(reading, arena_format(reading->arena, *name ? "%s.%s" : "%s%s", name, node->keys[i]->text),
                 node->items[i]);
}

static bool open_source(struct reading *reading, const char *file)
{
    const char *folder = reading->run->path, *why;
    const char *path = arena_format(reading->arena, "%s/%s", folder, file);
    reading->source = source_read(reading->arena, path, &why);
    if (reading->source)
        return true;
    struct diagnostic *error =
        diagnostics_error(reading->diagnostics, E0601, (struct span){0},
                          "'%s' is no finished run: cannot read '%s': %s", folder, path, why);
    if (file_exists(arena_format(reading->arena, "%s/state", folder)))
        diagnostic_help(error,
                        "it is still going, or was killed; its trainer's train --resume %s goes on with it",
                        folder);
    else
        diagnostic_help(error, "compare wants folders of runs, as runs/NAME-1");
    return false;
}

static bool read_record(struct reading *reading)
{
    struct yaml_fault fault = {0};
    if (!open_source(reading, "run.yaml"))
        return false;
    const struct source *source = reading->source;
    const struct yaml_node *root = yaml_parse(source->bytes, source->length, "a record of a run",
                                              (struct yaml_memory){get_from_arena, reading->arena}, &fault);
    if (!root) {
        diagnostics_error(reading->diagnostics, E0801, span_at(source, fault.line, fault.column), "%s",
                          fault.sentence);
        return false;
    }
    const struct yaml_node *net = root->kind == YAML_MAPPING ? yaml_find(root, "net") : NULL;
    if (!net || net->kind != YAML_SCALAR) {
        diagnostics_error(reading->diagnostics, E0801, span_at(source, root->line, root->column),
                          "this is no record of a run: it does not say which 'net'");
        return false;
    }
    add_node(reading, "", root);
    return true;
}

/* Cells of a line; one more than it has commas. */
static int count_cells(const char *line)
{
    int count = 1;
    for (; *line && *line != '\n'; line++)
        count += *line == ',';
    return count;
}

static void read_head(struct reading *reading)
{
    struct run *run = reading->run;
    const char *at = reading->source->bytes;
    run->column_count = count_cells(at);
    run->columns = ARENA_ARRAY(reading->arena, struct column, (size_t)run->column_count);
    for (int i = 0; i < run->column_count; i++) {
        const size_t length = strcspn(at, ",\r\n");
        run->columns[i].name = arena_copy(reading->arena, at, length);
        run->columns[i].numbers = ARENA_ARRAY(reading->arena, double, (size_t)reading->source->line_count);
        at += length + (at[length] == ',');
    }
}

static bool read_row(struct reading *reading, const char *line)
{
    struct run *run = reading->run;
    const char *at = line;
    const uint32_t start = (uint32_t)(line - reading->source->bytes);
    const int cells = count_cells(line);
    if (cells != run->column_count) {
        diagnostics_error(reading->diagnostics, E0801,
                          (struct span){reading->source, start, (uint32_t)strcspn(line, "\r\n")},
                          "this row has %d cells, but the first line names %d columns", cells,
                          run->column_count);
        return false;
    }
    for (int i = 0; i < cells; i++) {
        const size_t length = strcspn(at, ",\r\n");
        char *end = (char *)at;
        run->columns[i].numbers[run->row_count] = length ? strtod(at, &end) : NAN;
        if (end != at + length) {
            diagnostics_error(
                reading->diagnostics, E0801,
                (struct span){reading->source, (uint32_t)(at - reading->source->bytes), (uint32_t)length},
                "'%.*s' is no number", (int)(length < 60 ? length : 60), at);
            return false;
        }
        at += length + (at[length] == ',');
    }
    run->row_count++;
    return true;
}

static bool read_history(struct reading *reading)
{
    if (!open_source(reading, "history.csv"))
        return false;
    const struct source *source = reading->source;
    read_head(reading);
    for (int i = 1; i < source->line_count; i++) {
        const char *line = source->bytes + source->lines[i];
        if (*line && !read_row(reading, line))
            return false;
    }
    if (run_column(reading->run, "epoch") && run_column(reading->run, "train_loss"))
        return true;
    diagnostics_error(reading->diagnostics, E0801, span_at(source, 1, 1),
                      "this is no history of a run: it needs the columns 'epoch' and 'train_loss'");
    return false;
}

static struct reading begin(struct arena *arena, const char *path, struct run *run,
                            struct diagnostics *diagnostics)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    *run = (struct run){.path = arena_copy(arena, path, length)};
    run->name = path_name(run->path);
    return (struct reading){.arena = arena, .diagnostics = diagnostics, .run = run};
}

bool run_read(struct arena *arena, const char *path, struct run *run, struct diagnostics *diagnostics)
{
    struct reading reading = begin(arena, path, run, diagnostics);
    const bool has_record = read_record(&reading);
    return has_record && read_history(&reading);
}

bool run_read_record(struct arena *arena, const char *path, struct run *run, struct diagnostics *diagnostics)
{
    struct reading reading = begin(arena, path, run, diagnostics);
    return read_record(&reading);
}

const char *run_text(const struct run *run, const char *name)
{
    for (int i = 0; i < run->entry_count; i++)
        if (strcmp(run->entries[i].name, name) == 0)
            return run->entries[i].text;
    return NULL;
}

const double *run_column(const struct run *run, const char *name)
{
    for (int i = 0; i < run->column_count; i++)
        if (strcmp(run->columns[i].name, name) == 0)
            return run->columns[i].numbers;
    return NULL;
}
