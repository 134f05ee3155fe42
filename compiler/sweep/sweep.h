/* sweep.h - what SWEEP.yaml says, and the runs that it means.
 *
 *     model: lasso.net
 *     settings: { λ.l1: [0.1, 1, 10] }     ->    3 points, each with 2 seeds: 6 runs
 *     seeds: 2
 *
 * A point is one value for every setting; it becomes a .net text with these values written into it (edit.c),
 * and that is all that compiler and trainer ever see of a sweep. */
#ifndef NETC_SWEEP_H
#define NETC_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diagnostics.h"
#include "base/text.h"

struct graph;

/* A value as it is written into the .net file. */
struct sweep_value {
    const char *text;
    double number; /* NAN where the text is none; a percentage counts as it is written */
    struct span span;
};

/* Where in the .net text a setting stands, or would stand. */
struct place {
    uint32_t offset, length; /* what is replaced; length 0: put in */
    const char *before;      /* what comes with a value that is put in: " l1=" */
    bool is_text;            /* the value is put into quotes */
    bool is_flag;            /* yes puts the word in, no takes it out */
    bool is_let;             /* -D sets it, too */
    bool is_statement;       /* a statement of train { } that the model lacks is put in */
};

struct sweep_axis {
    const char *name;        /* λ.l1, batch, width */
    struct span span;        /* of it */
    const char *owner, *key; /* lambda and l1; key NULL: a name without a dot */
    struct place place;
    struct sweep_value *values; /* of a list, or the steps of a range in a grid */
    int count;                  /* 0: values are drawn between `from` and `to` */
    double from, to;
    bool is_log, is_whole, is_percent, is_range;
    struct span range_span;
};

enum sweep_search { SEARCH_GRID, SEARCH_RANDOM, SEARCH_HALVING };
enum sweep_budget { BUDGET_EPOCHS, BUDGET_SHARE };

/* "validation loss": what points are ranked by. */
struct measure {
    const char *split;  /* train, validation, test */
    const char *figure; /* loss, rmse, accuracy, or error, which is 1 - accuracy */
    struct span span;   /* source NULL: nobody said so */
};

struct sweep {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const struct source *source; /* SWEEP.yaml */
    const char *model;           /* path of the .net file, as seen from here */
    const char *model_written;   /* as SWEEP.yaml has it: relative to that */
    struct span model_span;
    const char *data; /* path of a manifest, as seen from here; NULL: the model's */
    const char *data_written;
    struct span data_span;
    enum sweep_search search;
    struct span search_span;
    struct sweep_axis *axes;
    int axis_count;
    struct span settings_span;
    struct sweep_value *shares; /* of the training examples; count 0: all */
    int share_count;
    struct span share_span;
    struct sweep_value *seeds; /* count 0: the model's */
    int seed_count;
    struct span seeds_span;
    int draws;     /* `runs` of random and halving: points that are drawn */
    uint64_t seed; /* that they are drawn from */
    struct span draws_span, seed_span;
    struct measure measure;
    enum sweep_budget budget; /* of halving */
    double budget_from, budget_factor;
    struct span halving_span;
    bool is_warm; /* each run begins with the weights of the one before */
    struct span warm_span;
    const char *collect; /* label of the layer whose weights stand in the table; NULL: none */
    struct span collect_span;

    const struct source *net; /* the model's text */
    struct graph *graph;      /* of the model as it is */
};

/* sweep/file.c: reads and checks the file; false when errors were told. */
bool sweep_read(struct sweep *sweep, const char *path);

/* sweep/range.c: a list of values, or a range, of one setting; percentages only where `is_share`. */
struct yaml_node;
bool range_read(struct sweep *sweep, const struct yaml_node *node, struct sweep_axis *axis);
/* A number between the ends of a range, from the seed, the axis and a counter alone. */
struct sweep_value range_draw(const struct sweep *sweep, const struct sweep_axis *axis, uint64_t counter);
/* The place of a node in the file. */
struct span node_span(const struct sweep *sweep, const struct yaml_node *node);
/* Tells an error of the sweep, at a place of its file; false, for the caller to return. */
bool sweep_refuse(struct sweep *sweep, enum code code, struct span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* One finite decimal number and nothing else. */
bool text_number(const char *text, size_t length, double *number);

/* sweep/place.c: reads the model and finds every axis in it; false when errors were told. */
bool places_find(struct sweep *sweep);

/* sweep/edit.c: the .net text with a value of every axis in it; NULL: as it is. `values` as the axes are
 * ordered. */
struct edited {
    const struct source *source; /* the new text under the model's path */
    const struct sweep *sweep;
    const struct sweep_value *values; /* [axis_count] */
    struct span *spans;               /* [axis_count] of it, what was put in */
    int *order;                       /* [axis_count] axes by place */
};
struct edited edit_net(const struct sweep *sweep, const struct sweep_value *values);
/* A value as it stands there: text in quotes. */
const char *edit_value(const struct sweep *sweep, const struct sweep_axis *axis,
                       const struct sweep_value *value);
/* Is the value of an axis what stands in the model already? */
bool edit_is_as_written(const struct edited *edited, int axis);
/* The sweep's errors from number `first` on, told about the new text, become errors about the sweep, with
 * what was set as notes. */
void edit_move_errors(const struct edited *edited, int first);

#endif
