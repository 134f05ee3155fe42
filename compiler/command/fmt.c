/* fmt.c - `netc fmt`: the texts of files in their canonical layout, as text, as a diff, in place, or only
 * whether they have it. A file with errors is told and stays as it is. */
#include <stdio.h>
#include <string.h>

#include "ast/format.h"
#include "base/arena.h"
#include "base/text.h"
#include "command/commands.h"
#include "command/files.h"
#include "command/layout_diff.h"

enum { CHECK_DIFFERENT = 1, CHECK_FAILED = 2 };

/* What the option asks for, of one text. */
static int write_text(const struct options *options, const char *path, const struct source *source,
                      const struct text *formatted)
{
    bool is_same =
        formatted->length == source->length && memcmp(formatted->bytes, source->bytes, source->length) == 0;
    if (options->only_check) {
        if (!is_same)
            printf("%s\n", source->path);
        return is_same ? EXIT_GOOD : CHECK_DIFFERENT;
    }
    if (options->in_place)
        return is_same || file_replace(path, formatted->bytes, formatted->length) ? EXIT_GOOD : EXIT_INPUT;
    if (!options->as_diff)
        return print_text(formatted);
    struct text diff = text_create(formatted->arena);
    layout_diff(&diff, source->path, source->bytes, source->length, formatted->bytes, formatted->length);
    return print_text(&diff);
}

static int format_file(const struct options *options, const char *path)
{
    struct arena *arena = arena_create();
    struct diagnostics *diagnostics = diagnostics_create(arena);
    struct text formatted = text_create(arena);
    const char *why = NULL;
    const struct source *source = source_read(arena, path, &why);
    if (!source)
        diagnostics_error(diagnostics, E0601, (struct span){0}, "cannot read '%s': %s", path, why);
    int end = source && format_source(&formatted, arena, source, diagnostics)
                  ? write_text(options, path, source, &formatted)
                  : report(options, diagnostics);
    bool has_failed = diagnostics_error_count(diagnostics) > 0;
    arena_release(arena);
    return has_failed && options->only_check ? CHECK_FAILED : end;
}

int command_fmt(struct arena *arena, const struct options *options)
{
    static const char *const standard_input[] = {"-"};
    (void)arena;
    const char *const *files = options->file_count ? options->files : standard_input;
    int count = options->file_count ? options->file_count : 1, worst = EXIT_GOOD;
    if (options->in_place + options->as_diff + options->only_check > 1) {
        fprintf(stderr, "netc fmt: one of -w, -d and --check\n");
        return EXIT_USAGE;
    }
    for (int i = 0; i < count; i++) {
        if (options->in_place && strcmp(files[i], "-") == 0) {
            fprintf(stderr, "netc fmt: -w rewrites files, and standard input is none\n");
            return EXIT_USAGE;
        }
    }
    for (int i = 0; i < count; i++) {
        int end = format_file(options, files[i]);
        worst = end > worst ? end : worst;
    }
    if (options->only_check && (fflush(stdout) != 0 || ferror(stdout))) {
        fprintf(stderr, "netc: cannot write to standard output\n");
        return CHECK_FAILED;
    }
    return worst;
}
