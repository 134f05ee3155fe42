/* pipeline.c - the ordered table of passes, each checked by the verifier before the next one runs. */
#include "passes/passes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct pass pipeline[] = {
    {"share", pass_share},   {"fuse", pass_fuse},   {"backward", pass_backward}, {"schedule", pass_schedule},
    {"tune", pass_tune},     {"probe", pass_probe}, {"team", pass_team},         {"chain", pass_chain},
    {"memory", pass_memory}, {NULL, NULL},
};

void pipeline_run(struct graph *graph, const char *dump_after, struct text *dump)
{
    for (const struct pass *pass = pipeline; pass->name; pass++) {
        pass->run(graph);
        const char *finding = graph_verify(graph);
        if (finding) {
            fprintf(stderr,
                    "netc: internal fault after pass '%s': %s\nplease report this with the .net file\n",
                    pass->name, finding);
            exit(3);
        }
        if (dump_after && strcmp(dump_after, pass->name) == 0)
            graph_print(dump, graph);
    }
}
