/* format.h - a .net text in its one canonical layout: what `netc fmt` writes.
 *
 *     net  a{  # a net                    net a {  # a net
 *     c1 :conv   6 3×3  pad = 1            c1: conv 6 3x3 pad=1
 *       }                                 }
 *
 * Only blanks and line ends change (and × in sizes, which becomes x): every token and every comment stays as
 * it was written, so a formatted file means the same. */
#ifndef NETC_AST_FORMAT_H
#define NETC_AST_FORMAT_H

#include <stdbool.h>

struct arena;
struct diagnostics;
struct source;
struct text;

/* False when the text has syntax errors, which are told. */
bool format_source(struct text *to, struct arena *scratch, const struct source *source,
                   struct diagnostics *diagnostics);

#endif
