/* drawing.h - choices from a seed, and statements in a layout that nobody would choose. */
#ifndef NETC_TESTS_RANDOM_DRAWING_H
#define NETC_TESTS_RANDOM_DRAWING_H

#include <stdbool.h>
#include <stdint.h>

struct net {
    uint64_t state;
    bool is_tidy;
    int depth, labels;
    int height, width, channels; /* of the result so far; 1x1xn of features */
    bool is_vector;
    int input; /* its numbers */
    int batch; /* where it is of few examples; 0: any */
};

/* A number below `limit`, and one from `least` to `most`. */
int below(struct net *net, int limit);
int between(struct net *net, int least, int most);
bool chance(struct net *net, int percent);
const char *one_of(struct net *net, const char *const *texts, int count);

#define ONE_OF(net, ...)                                                                                     \
    one_of(net, (const char *const[]){__VA_ARGS__},                                                          \
           (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

/* One statement on a line of its own, with blanks and comments around it. */
void put(struct net *net, const char *format, ...) __attribute__((format(printf, 2, 3)));
void open_body(struct net *net, const char *line);
void close_body(struct net *net);
/* The number of the next label. */
int label(struct net *net);

#endif
