/* diff.c - `netc diff OLD.net NEW.net`: what changed in meaning. Exit 0 the same, 1 different, 2 anything
 * wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "command/commands.h"
#include "describe/difference.h"

enum { DIFFERENT = 1, WRONG = 2 };

static bool check_file(struct arena *arena, const struct options *options, const char *path,
                       struct compiled *compiled)
{
    struct diagnostics *diagnostics = diagnostics_create(arena);
    struct compile_options compile = options_for_compiler(options);
    compile.path = path;
    bool is_good = compile_check(arena, &compile, diagnostics, compiled);
    if (!is_good)
        report(options, diagnostics);
    return is_good;
}

int command_diff(struct arena *arena, const struct options *options)
{
    struct compiled before = {0}, after = {0};
    if (options->file_count != 2) {
        fprintf(stderr, "netc diff: OLD.net and NEW.net, two files\n");
        return EXIT_USAGE;
    }
    bool is_good = check_file(arena, options, options->files[0], &before);
    is_good = check_file(arena, options, options->files[1], &after) && is_good;
    if (!is_good)
        return WRONG;
    struct changes changes = difference_find(arena, before.graph, after.graph);
    struct text text = text_create(arena);
    if (options->as_json) {
        char *json = difference_json(&changes);
        text_format(&text, "%s\n", json ? json : "[]");
        free(json);
    } else {
        difference_print(&text, &changes);
    }
    if (print_text(&text) != EXIT_GOOD)
        return WRONG;
    return changes.count ? DIFFERENT : EXIT_GOOD;
}
