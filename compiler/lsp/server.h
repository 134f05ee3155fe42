/* server.h - `netc lsp`: answers an editor over a pair of streams. */
#ifndef NETC_LSP_SERVER_H
#define NETC_LSP_SERVER_H

#include <stdio.h>

/* Until `exit`, or the end of the input. 0 when the client asked for shutdown before, else 1. */
int server_run(FILE *from, FILE *to);

#endif
