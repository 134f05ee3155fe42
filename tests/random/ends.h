/* ends.h - what a generated network ends with. */
#ifndef NETC_TESTS_RANDOM_ENDS_H
#define NETC_TESTS_RANDOM_ENDS_H

#include "drawing.h"

/* The last layer, with as many numbers as its output wants. */
void add_output(struct net *net);
void add_train(struct net *net);

#endif
