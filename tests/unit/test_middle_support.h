/* test_middle_support.h - a .net text taken as far as the tests of the middle want it. */
#ifndef TEST_MIDDLE_SUPPORT_H
#define TEST_MIDDLE_SUPPORT_H

#include "base/diagnostics.h"
#include "ir/graph.h"

/* The graph of a text after the checks; fails the test when there were errors. */
struct graph *checked_graph(const char *text);
/* The same after all passes, for a target ("x86-64-v3") in the tiled or plain form. */
struct graph *passed_graph(const char *text, const char *march, enum node_form form);
const struct layer *find_layer(const struct graph *graph, const char *name);
/* "c1.forward c1_maxpool.forward …" */
const char *node_names(const struct graph *graph);

#endif
