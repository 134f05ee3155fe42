/* state_pieces.h - what a state holds, piece by piece, for those who write and read it. */
#ifndef NETC_RUN_STATE_PIECES_H
#define NETC_RUN_STATE_PIECES_H

#include <stddef.h>

#include "run/observer.h"

enum { STATE_PIECES = 32 };

/* Raised when a state holds more, or something else, than one of the form before: 2 has what the manifest
 * means. */
#define STATE_FORM "netc state 2"
/* In front of the manifest's keys in a state's metadata. */
#define STATE_MANIFEST "manifest."

/* Bytes in memory. */
struct state_piece {
    const char *name;
    void *at;
    size_t size;
};

/* All pieces of a run, in their order; `rows` epochs of history. Returns how many. */
int state_list_pieces(const struct model *model, void *net, struct training *run, int rows,
                      struct state_piece pieces[STATE_PIECES]);

#endif
