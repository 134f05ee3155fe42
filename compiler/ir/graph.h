/* graph.h - a network as the middle of the compiler sees it: layers, the values that they make, and the steps
 * (nodes) that make them, in the order in which they run.
 *
 *     c1: conv 6 5x5 pad=2 relu    ->    layer c1, values c1 and dc1, parameters c1.weight and c1.bias,
 *                                        nodes c1.forward, later c1.backward_output, c1.backward_weight, …
 *
 * Every value has a shape here and nothing has a token: what the author wrote is kept as text and as places
 * for messages. Shapes are those of one example; the batch is an outer dimension of all of them. */
#ifndef NETC_GRAPH_H
#define NETC_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/source.h"

struct arena;
struct text;
struct writer;
struct layer_kind;
struct output_kind;
struct optimizer_kind;
struct schedule_kind;

struct shape {
    int64_t height, width, channels; /* n features are 1x1xn */
    bool is_vector;                  /* declared as features, not as an image */
};

/* Zeros around an image in memory, so that loops of a padded convolution need no tests. */
struct border {
    int64_t top, left, bottom, right;
};

enum value_kind {
    VALUE_ACTIVATION, /* result of a layer, or the input       net->value.c1            */
    VALUE_GRADIENT,   /* of the loss by an activation          net->dvalue.c1           */
    VALUE_INDEX,      /* which tap of a window was the largest net->index.c1_maxpool    */
    VALUE_TRANSPOSED, /* weights as the backward pass reads    net->transposed.c3       */
};

struct value {
    enum value_kind kind;
    const char *name;     /* of the layer it belongs to: c1; of a part c1_from_c2 */
    struct layer *layer;  /* that layer, whose constants tell the shape */
    struct shape shape;   /* of one example; of the whole for VALUE_TRANSPOSED */
    int consumers;        /* layers that take it; set by check */
    struct value **parts; /* of a value that several take: their gradients, which add up to its own */
    int part_count;
    const struct layer *taker;        /* of a part: whose backward pass makes it */
    bool is_for_probe;                /* a gradient that training does without */
    struct border border;             /* physical zeros around it; set by schedule */
    const struct layer *border_of[4]; /* whose padding each side is: top, left, bottom, right; NULL without */
    struct value *view_of;            /* the same memory under another shape or name; NULL otherwise */
    int64_t size;                /* reals in the arena for a whole batch, a multiple of 16; set by memory */
    int first, last;             /* stages between which it must not be overwritten; set by memory */
    int probe_first, probe_last; /* the same of the probe's stages; last below first: it has none */
    int64_t offset;              /* in the arena, in reals; set by memory */
    int mark;                    /* scratch of the verifier and of memory */
    int touched, touched_in;     /* scratch of the team pass: how, and in which stage */
    const struct value *after;   /* it begins where this one ends; NULL: at 0; set by memory */
    bool moves; /* a gradient, or indices of a maximum, that a probe has elsewhere: it still needs what
                   training overwrites; set by memory */
    int64_t probe_offset; /* there */
    const struct value *probe_after;
};

enum parameter_init {
    PARAMETER_ZERO,
    PARAMETER_ONE,
    PARAMETER_HE,
    PARAMETER_GLOROT,
    PARAMETER_RUNNING_MEAN,     /* 0, measured in training, not learned: no gradient, no step */
    PARAMETER_RUNNING_VARIANCE, /* 1, the same */
    PARAMETER_GIVEN,            /* by the author */
};

/* Weights or biases of a layer. In memory they stand in panels of `panel` filters,
 * [count][height][width][channels][panel], the last one filled up with zeros; the plain form has one panel of
 * exactly all filters. */
struct parameter {
    const char *name; /* weight, bias */
    struct layer *layer;
    int64_t filters, channels, height, width; /* logical shape; units are filters */
    int rank;                                 /* dimensions in a model file: 4 conv, 2 dense, 1 bias */
    enum parameter_init init;
    int64_t fan_in, fan_out;
    bool is_grouped;     /* its channels are those of a group: C1_GROUP_CHANNELS */
    bool has_no_panels;  /* stands in one piece whatever the layer's tiling */
    bool in_groups;      /* its gradient is summed by groups of examples, apart; set by backward */
    bool moves_at_once;  /* in the backward pass, while its gradient is at hand; set by backward */
    bool is_penalised;   /* λ applies: weights, not biases */
    bool has_l1, has_l2; /* the layer's own l1=, l2= */
    double l1, l2;       /* resolved: the layer's own or the model's */
};

/* How the fast form walks a layer: set by schedule. */
struct tiling {
    int lanes;     /* of one vector: 4, 8 or 16; where two rows share one, of its half */
    int vectors;   /* side by side in a panel */
    int64_t panel; /* lanes * vectors filters */
    int64_t panels;
    int64_t count; /* pixels of a row, examples or inputs, which tiles divide among them */
    int rows;      /* of these in the main tile */
    int rest;      /* in the edge tile; 0: none */
    bool in_pairs; /* pixels, or taps of the kernel, two to a vector; `rows` are then pixels, or rows of the
                      kernel */
};

/* Rows of tiles as they were measured (passes/tune.c). */
struct tuned_tile {
    const char *layer, *part; /* c3, forward */
    int rows;                 /* at most */
};
struct tuning {
    int rows; /* of all that no row of the table names; 0: by rule */
    const struct tuned_tile *tiles;
    int count;
};

enum tiling_use { TILING_FORWARD, TILING_WEIGHT, TILING_INPUT, TILING_FOLD, TILING_USES };

/* A reference to another layer, as written. */
struct label {
    const char *name;
    struct span span;
};

/* One setting of a layer, an optimizer, …: what the author wrote or the default, as the attribute table says.
 */
struct setting {
    bool is_given;
    struct span span;
    int64_t integer[4]; /* count, size (height, width), padding (top, left, bottom, right) */
    double real;
    const char *text;           /* word or string */
    const struct label *labels; /* of ATTRIBUTE_LABELS */
    int label_count;
    const double *numbers; /* of ATTRIBUTE_NUMBERS; of ATTRIBUTE_FILTERS: matrices of integer[1] x integer[2],
                              one after the other */
};

struct layer {
    const struct layer_kind *kind;
    const char *name; /* c1, c1_maxpool */
    const char
        *statement;   /* "c1: conv 6 5x5 pad=2 relu"; NULL when it is a later word of the statement before */
    struct span span; /* of the statement, for notes */
    struct setting *settings;       /* as the kind's attribute table orders them */
    struct value *input, *output;   /* input: NULL for the input layer */
    struct value *dinput, *doutput; /* gradients; NULL where none is wanted or before the backward pass */
    struct value **joined,
        **djoined; /* of a join: the results of its paths, `input` the first, and gradients */
    int joined_count;
    struct value *index;             /* of a maxpool */
    struct value *transposed;        /* of a layer with weights, in the tiled form */
    struct parameter *weight, *bias; /* of a layer that multiplies */
    struct parameter **parameters;   /* all of them, in the order of the model file */
    int parameter_count;
    double max_norm;                /* of the weights into a filter or unit; 0: no limit */
    bool is_frozen;                 /* its parameters stay as they are */
    bool wants_gradient;            /* by its result; set by backward */
    bool trains_gradient;           /* in training, too, not for the probe alone */
    const struct layer *activation; /* fused into this layer's store; NULL without */
    const struct layer *gate;       /* the layer whose backward pass has applied its derivative */
    const struct layer *dropout;    /* the layer behind it, whose backward pass is a part of this one's */
    const struct output_kind *likelihood; /* of the output layer */
    int64_t target_size, prediction_size; /* of the output layer */
    bool target_is_input;                 /* of the output layer */
    bool is_per_position;                 /* of the output layer: a likelihood for each pixel of an image */
    int64_t flop;                         /* of the forward pass of one example */
    struct tiling tiling[TILING_USES];
    int mark; /* scratch: its place among the layers */
};

enum node_phase {
    PHASE_PREPARE, /* in front of a step: what its weights look like to the backward pass */
    PHASE_FORWARD,
    PHASE_BACKWARD,
    PHASE_UPDATE,        /* behind the optimizer's step */
    PHASE_CREATE,        /* when the network is made */
    PHASE_PROBE_FORWARD, /* the probe's own passes, in evaluation mode */
    PHASE_PROBE_BACKWARD,
};
enum node_form { NODE_TILED, NODE_PLAIN, NODE_FORMS };

/* Who computes what of a node in the tiled form, where threads share it. The textbook has one thread. */
enum split {
    SPLIT_EXAMPLES, /* each thread its examples                                (net, examples)       */
    SPLIT_GROUPS,   /* its groups of examples, with sums of their own          (net, g, examples)    */
    SPLIT_PARTS,    /* some of the layer's panels, tiles, …, for all examples  (net, batch, panels)  */
    SPLIT_NONE,     /* one thread does it all                                  (net, batch)          */
};

/* What a node does and how it is printed as C. Each becomes one function LABEL_NAME(net, …). */
struct operation {
    const char *name; /* forward, backward_weight, … */
    enum node_phase phase;
    bool is_of_net;   /* the function takes no batch: it is about weights alone, or one example */
    bool takes_batch; /* by examples, it must know how many all threads have together */
    bool takes_rate;  /* weights move in it; where the rate is NULL their gradient is kept instead */
    bool is_awaited;  /* gives more than its values tell: all threads wait behind it */
    /* By examples: does it want all that a thread has at once, not a few after a few? NULL: no. */
    bool (*wants_all)(const struct layer *layer);
    enum split split;
    enum split (*split_of)(const struct layer *layer); /* where it depends on the layer; else NULL */
    const char *part; /* of SPLIT_PARTS: what its range is called, "panels" */
    /* Of SPLIT_PARTS: how many there are, "F5_PANELS". */
    const char *(*parts)(struct writer *writer, const struct layer *layer);
    void (*emit[NODE_FORMS])(struct writer *writer, const struct layer *layer);
    /* Prints its own lines in a pass, and is no function of its own; NULL: LABEL_NAME(net, …). */
    void (*call)(struct writer *writer, const struct layer *layer);
    /* What stands for it in the probe's backward pass, which knows no batch and no gradients of weights: of
     * this layer, or NULL for itself. */
    const struct operation *(*in_probe)(const struct layer *layer);
};

/* For `emit`, where the C is the same in both forms; and an operation of which no more is to be said. */
#define BOTH_FORMS(print)                                                                                    \
    {                                                                                                        \
        [NODE_TILED] = print, [NODE_PLAIN] = print                                                           \
    }
#define OPERATION(title, when, print)                                                                        \
    {                                                                                                        \
        .name = title, .phase = when, .emit = BOTH_FORMS(print)                                              \
    }

struct node {
    struct arena *arena; /* of the graph, for the lists */
    const struct operation *operation;
    enum node_phase phase;      /* its operation's, or the probe's */
    const struct node *repeats; /* of the probe: the node of training that it is another copy of */
    struct layer *layer;
    struct value **reads;
    int read_count;
    struct value **writes;
    int write_count;
    bool changes_read; /* it changes weights that the node before it reads; set by backward */
    bool waits;        /* in front of it, until all threads are there; set by team */
    int stage;         /* how many waits lie before it; set by team */
    int chain; /* it goes group by group with its neighbours of the same number; 0: alone; set by chain */
};

enum validate_kind { VALIDATION_NONE, VALIDATION_SHARE, VALIDATION_COUNT, VALIDATION_SPLIT };

/* train { }, with every default filled in. */
enum balance_kind { BALANCE_NOTHING, BALANCE_BY_CLASS, BALANCE_BY_GROUP };

struct training {
    int64_t batch, epochs;
    uint64_t seed;
    const struct optimizer_kind *optimizer;
    const struct setting *optimizer_settings;
    const struct schedule_kind *schedule;
    const struct setting *schedule_settings;
    double l1, l2;
    enum validate_kind validate;
    double validate_share;
    int64_t validate_count;
    const char *validate_split;
    int64_t patience; /* 0: none */
    double min_delta;
    bool monitor_accuracy;
    const struct setting *augment;     /* as its attribute table orders them; NULL: nothing is changed */
    const struct setting *adversarial; /* the same; NULL: inputs are as they are */
    const char *data;                  /* as written; NULL without */
    double clip_norm, clip_value;      /* 0: none */
    double ema, swa;                   /* below 0: none */
    enum balance_kind balance;
    double limit_parameters, limit_memory, limit_seconds; /* 0: none */
    struct span limit_span;
};

/* The machine that the C is for, as far as the compiler cares. */
struct target {
    const char *march;
    int lanes;     /* floats in a vector */
    int registers; /* vector registers */
};

struct graph {
    struct arena *arena;
    const char *name;
    const struct target *target;
    enum node_form form;
    const struct tuning *tuning; /* NULL: tiles by rule */
    bool checks_numerics;        /* --debug-numerics */
    bool times_layers;           /* --time-layers */
    bool wants_probe;            /* gradients in evaluation mode, by the input and all results */
    bool wants_looks;            /* and calls through which the runtime sees them (--probe) */
    bool settings_at_start;      /* plain settings are variables that a trainer fills when it starts */
    struct layer **layers;       /* [0] is the input, the last one the output */
    int layer_count;
    struct node **nodes; /* forward nodes, then backward nodes */
    int node_count;
    struct value **values;
    int value_count;
    int stage_count;
    int threads_most;         /* that a step has work for; set by team */
    int64_t arena_size;       /* reals; set by memory */
    int64_t probe_arena_size; /* the same with what the probe alone needs */
    struct training training;
};

struct graph *graph_create(struct arena *arena, const char *name);
struct layer *graph_add_layer(struct graph *graph, const struct layer_kind *kind, const char *name);
/* Moves the last layer, and its node, the last one, in front of another layer and that one's first node. */
void graph_move_before(struct graph *graph, const struct layer *layer);
/* One more parameter of the layer, empty but for that. */
struct parameter *layer_add_parameter(struct graph *graph, struct layer *layer);
bool parameter_is_learned(const struct parameter *parameter);
/* Does its gradient wait for the optimizer? That of weights which move in the backward pass does not. */
bool parameter_is_updated(const struct parameter *parameter);
int64_t layer_parameter_size(const struct layer *layer); /* learned numbers, without filling */
int64_t layer_frozen_size(const struct layer *layer);    /* those that are frozen */
int64_t layer_running_size(const struct layer *layer);   /* running statistics, which are measured */
struct value *graph_add_value(struct graph *graph, enum value_kind kind, struct layer *layer,
                              struct shape shape);
struct node *graph_add_node(struct graph *graph, const struct operation *operation, struct layer *layer);
/* The same in front of all other nodes of the layer. */
struct node *graph_add_first_node(struct graph *graph, const struct operation *operation,
                                  struct layer *layer);
void node_reads(struct node *node, struct value *value); /* NULL is passed over */
void node_writes(struct node *node, struct value *value);
/* How the threads share it. */
enum split node_split(const struct graph *graph, const struct node *node);
/* The node of a layer with that operation, or NULL. */
struct node *graph_find_node(const struct graph *graph, const struct layer *layer,
                             const struct operation *operation);
/* Into how many groups of examples a batch is divided, each of which may have gradients of its own. They are
 * added up in their order: what decides a sum is the batch, not who computes it. No more threads than groups
 * have examples. */
int64_t graph_groups(const struct graph *graph);
bool graph_has_phase(const struct graph *graph, enum node_phase phase);
/* Do weights move in the backward pass already? */
bool graph_moves_at_once(const struct graph *graph);
bool phase_is_of_probe(enum node_phase phase);

int64_t shape_size(struct shape shape);
bool shape_equal(struct shape left, struct shape right);
void shape_print(struct text *to, struct shape shape); /* 28x28x1, or 120 for features */
bool value_has_border(const struct value *value);
bool border_equal(const struct border *left, const struct border *right);
/* A layer reads the value with that padding: the border becomes wide enough for all that do. */
void value_widen_border(struct value *value, const struct layer *layer, struct border pad);
int64_t value_example_size(const struct value *value);        /* reals of one example, border included */
int64_t parameter_size(const struct parameter *parameter);    /* without filling */
bool parameter_has_panels(const struct parameter *parameter); /* Needs the schedule. */
/* Reals in memory: the last panel of the tiled form is filled up. Needs the schedule. */
int64_t parameter_memory(const struct graph *graph, const struct parameter *parameter);

/* ir/print.c: the graph in the author's names, one node a line. */
void graph_print(struct text *to, const struct graph *graph);
/* ir/verify.c: a sentence about the first thing that does not hold, or NULL. A finding is a fault of netc. */
const char *graph_verify(const struct graph *graph);

#endif
