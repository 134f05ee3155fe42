/* explain.c - `netc explain conv`: the catalogue's own text about a name, or the list of all names. */
#include <stdio.h>

#include "base/names.h"
#include "base/text.h"
#include "command/commands.h"
#include "describe/describe.h"

int command_explain(struct arena *arena, const struct options *options)
{
    struct text text = text_create(arena);
    if (!options->file_count)
        describe_all(&text);
    for (int i = 0; i < options->file_count; i++) {
        struct suggestion nearest = suggestion_for(options->files[i]);
        if (describe_name(&text, options->files[i], &nearest))
            continue;
        fprintf(stderr, "netc explain: nothing is called '%s'\n", options->files[i]);
        if (nearest.nearest)
            fprintf(stderr, "help: did you mean '%s'?\n", nearest.nearest);
        return EXIT_USAGE;
    }
    return print_text(&text);
}
