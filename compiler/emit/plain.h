/* plain.h - settings that are plain numbers of the generated C: a constant there, or, in a trainer that reads
 * its settings at start, a variable of the same name and nothing else. */
#ifndef NETC_PLAIN_H
#define NETC_PLAIN_H

struct plain_setting {
    enum { PLAIN_REAL, PLAIN_COUNT, PLAIN_OF_RUN } type; /* of a run: only the runtime looks at it */
    const char *name;                                    /* RATE */
    const char *text;                                    /* 0.05, as C has it */
};

/* All of a network, in the order of their definition. */
struct plain_settings {
    struct plain_setting *list;
    int count;
};

#endif
