/* drawing.h - a network as Graphviz text, for `netc graph`. */
#ifndef NETC_DRAWING_H
#define NETC_DRAWING_H

struct text;
struct graph;

/* One box a layer, with what was written, its parameters; one arrow a value, with its shape. */
void drawing_print(struct text *to, const struct graph *graph);

#endif
