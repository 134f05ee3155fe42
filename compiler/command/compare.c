/* compare.c - `netc compare RUN…`: several runs side by side, as a table or, with -o, also as a page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "command/commands.h"
#include "command/files.h"
#include "compare/page.h"
#include "report/buffer.h"
#include "compare/table.h"

/* Runs of one name, of several folders, are called by their whole paths. */
static void tell_apart(struct run *runs, int count)
{
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            if (i != j && strcmp(path_name(runs[i].path), path_name(runs[j].path)) == 0)
                runs[i].name = runs[i].path;
}

/* Columns of the terminal; COLUMNS wins, as in other programs. 0: it is none. */
static int terminal_columns(void)
{
    const char *wish = getenv("COLUMNS");
    struct winsize size;
    if (wish && atoi(wish) > 0)
        return atoi(wish);
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static bool write_page(struct arena *arena, const struct options *options,
                       const struct comparison *comparison)
{
    struct buffer buffer;
    bool is_whole = buffer_open(&buffer) && page_print(arena, comparison, buffer.to) && buffer_close(&buffer);
    if (!is_whole)
        fprintf(stderr, "netc compare: there is no memory for the page\n");
    else if (strcmp(options->output, "-") == 0)
        is_whole = fwrite(buffer.bytes, 1, buffer.length, stdout) == buffer.length;
    else
        is_whole = file_write(options->output, buffer.bytes, buffer.length);
    buffer_free(&buffer);
    return is_whole;
}

int command_compare(struct arena *arena, const struct options *options)
{
    struct diagnostics *diagnostics = diagnostics_create(arena);
    struct run *runs = ARENA_ARRAY(arena, struct run, (size_t)options->file_count + 1);
    struct comparison comparison;
    bool is_good = true;
    if (!options->file_count) {
        fprintf(stderr, "netc compare: which runs? Their folders, as runs/NAME-1\n");
        return EXIT_USAGE;
    }
    for (int i = 0; i < options->file_count; i++)
        is_good = run_read(arena, options->files[i], &runs[i], diagnostics) && is_good;
    if (!is_good)
        return report(options, diagnostics);
    tell_apart(runs, options->file_count);
    comparison_make(arena, runs, options->file_count, &comparison);
    if (options->output && !write_page(arena, options, &comparison))
        return EXIT_INPUT;
    if (options->output && strcmp(options->output, "-") == 0)
        return EXIT_GOOD;
    struct text table = text_create(arena);
    table_print(&table, &comparison, terminal_columns());
    return print_text(&table);
}
