/* diagnostics.h - what netc tells about bad input, collected and printed by its place in the source.
 *
 *     models/digits.net:7:19: error: conv 'edges' has kernel 15x15, but its input is only 12x12
 *         7 |     edges: conv 4 15x15 relu
 *           |                   ^~~~~
 *     models/digits.net:5:5: note: 'input' has this size here
 *     help: use a kernel of at most 12x12, or pad=2
 *
 * The same message at the same place is kept once; after 20 errors the rest is only counted. */
#ifndef NETC_DIAGNOSTICS_H
#define NETC_DIAGNOSTICS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/source.h"

struct arena;
struct diagnostics;
struct diagnostic;

/* Every error has a code, E0101 …, that stays the same for ever: JSON output and `netc explain` use it. The
 * table is base/codes.def: CODE(E0101, "one-line meaning"). */
enum code {
#define CODE(name, meaning) name,
#include "base/codes.def"
#undef CODE
};

struct diagnostics *diagnostics_create(struct arena *arena);

/* Why a text is read that is not where it takes effect: a block that is called, a file that is included. */
struct origin {
    const struct origin *outer;
    struct span span; /* of the call */
    const char *note; /* "expanded from here" */
};
/* From now on every error gets a note for each of these; NULL: none. Gives what was set before. An error that
 * differs from a told one only in that is not told again. */
const struct origin *diagnostics_set_origin(struct diagnostics *all, const struct origin *origin);

/* Starts an error; the returned handle (never NULL) takes notes and help. */
struct diagnostic *diagnostics_error(struct diagnostics *all, enum code code, struct span span,
                                     const char *format, ...) __attribute__((format(printf, 4, 5)));
void diagnostic_note(struct diagnostic *error, struct span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diagnostic_help(struct diagnostic *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Error number `i` of those that are kept, in order of telling; NULL behind the last. */
struct diagnostic *diagnostics_at(struct diagnostics *all, int i);
bool diagnostic_is_at(const struct diagnostic *error, struct span span);
/* Errors from number `first` on, and their notes, were about a text that was made of others: `place` says
 * where in these a span of it is. One that is then the same as another goes. */
void diagnostics_move(struct diagnostics *all, int first,
                      struct span (*place)(void *context, struct span span), void *context);

int diagnostics_error_count(const struct diagnostics *all);
/* Further errors are only counted: nobody needs to look for help for them. */
bool diagnostics_is_full(const struct diagnostics *all);

enum diagnostics_format { DIAGNOSTICS_TEXT, DIAGNOSTICS_JSON };
/* Prints everything collected. `color` is for DIAGNOSTICS_TEXT only (ANSI, as gcc does: bold, red, cyan,
 * green). */
void diagnostics_print(const struct diagnostics *all, FILE *to, enum diagnostics_format format, bool color);

const char *code_name(enum code code);    /* "E0101" */
const char *code_meaning(enum code code); /* the one line of codes.def */

#endif
