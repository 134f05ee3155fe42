/* lsp.c - `netc lsp`: the language server on standard input and output. */
#include <stdio.h>

#include "command/commands.h"
#include "lsp/server.h"

int command_lsp(const struct options *options)
{
    if (options->file_count) {
        fprintf(stderr, "netc lsp: it takes no files; the editor sends them\n");
        return EXIT_USAGE;
    }
    return server_run(stdin, stdout);
}
