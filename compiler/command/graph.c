/* graph.c - `netc graph`: the network as Graphviz text, or drawn as SVG by dot where that is installed. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "command/commands.h"
#include "command/files.h"
#include "command/toolchain.h"
#include "describe/drawing.h"

static bool is_svg(const char *path)
{
    size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, ".svg") == 0;
}

/* Graphviz reads the text from a file beside the picture, which goes away. */
static int draw(struct arena *arena, const char *path, const struct text *text)
{
    const char *source = arena_format(arena, "%s.dot", path);
    struct arguments arguments = {0};
    if (file_exists(source)) {
        fprintf(stderr, "netc graph: '%s' is in the way\n", source);
        return EXIT_INPUT;
    }
    if (!file_write(source, text->bytes, text->length))
        return EXIT_INPUT;
    const char *const words[] = {"dot", "-Tsvg", "-o", path, source};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        arguments_add(arena, &arguments, words[i]);
    int status = arguments_run(&arguments);
    unlink(source);
    if (status == 0)
        return EXIT_GOOD;
    fprintf(stderr,
            "netc graph: 'dot' could not draw '%s'\n"
            "help: install it, for example: apt-get install graphviz; or write FILE.dot\n",
            path);
    return EXIT_INPUT;
}

int command_graph(struct arena *arena, const struct options *options)
{
    struct diagnostics *diagnostics = diagnostics_create(arena);
    const struct compile_options compile = options_for_compiler(options);
    struct compiled compiled = {0};
    if (!compile_check(arena, &compile, diagnostics, &compiled))
        return report(options, diagnostics);
    struct text text = text_create(arena);
    drawing_print(&text, compiled.graph);
    if (!options->output || strcmp(options->output, "-") == 0)
        return print_text(&text);
    if (is_svg(options->output))
        return draw(arena, options->output, &text);
    return file_write(options->output, text.bytes, text.length) ? EXIT_GOOD : EXIT_INPUT;
}
