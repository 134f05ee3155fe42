/* catalogue.h - everything that a .net file can name: layers, outputs, optimizers, schedules, training
 * settings. Each describes itself with tables, and nothing outside this folder asks which kind it has before
 * it.
 *
 * A new layer is one row of layers.def and one file here: its attributes, shape rule, nodes and the C they
 * become. */
#ifndef NETC_CATALOGUE_H
#define NETC_CATALOGUE_H

#include "base/diagnostics.h"
#include "ir/graph.h"

enum attribute_type {
    ATTRIBUTE_COUNT,   /* whole number                                  integer[0] */
    ATTRIBUTE_SIZE,    /* 5x5, or 5 for the square                      integer[0..1] = height, width */
    ATTRIBUTE_PADDING, /* 2, same, valid, [top, left, bottom, right]    integer[0..3], text = "same" or NULL
                        */
    ATTRIBUTE_SHAPE,   /* 28x28x1, or features                          integer[0..2], integer[3] = 1 for a
                          vector */
    ATTRIBUTE_REAL,    /* number or percentage                          real */
    ATTRIBUTE_CHOICE,  /* one of `choices`                              text, integer[0] = its place in the
                          list */
    ATTRIBUTE_FLAG,    /* a bare word that is there or not              integer[0] = 1 if there */
    ATTRIBUTE_TEXT,    /* "string"                                      text */
    ATTRIBUTE_BYTES,   /* 65536, or "64 KiB"                            real */
    ATTRIBUTE_SECONDS, /* 90, or "90 s", "10 min", "2 h"                real */
    ATTRIBUTE_NUMBERS, /* [1, 2.5]                                      integer[0] = count; numbers */
    ATTRIBUTE_FILTERS, /* a count, or a list of matrices                integer[0], [1..2] = height, width;
                          numbers */
    ATTRIBUTE_LABELS,  /* a label or a list of them                     labels */
};

struct attribute {
    const char *name;
    enum attribute_type type;
    int position;                 /* place among the positional values, from 0; -1: by its key only */
    const char *fallback;         /* the default as it would be written; NULL: must be given; "": absent */
    double least, most;           /* range of counts and reals; sizes: of each part */
    bool above_least, below_most; /* the end itself is excluded */
    const char *const *choices;   /* NULL-terminated, for ATTRIBUTE_CHOICE */
    const char *meaning;          /* one line, for `netc explain` and the documentation */
};

/* What a shape rule may say: errors at the layer or at one of its settings, notes at where the input comes
 * from. */
struct shape_check {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct layer *layer;
    const struct layer *source; /* the layer that gives the input */
    struct span span;           /* of the kind's name in this layer's statement */
    bool failed;
};

/* How a layer that joins paths is written. */
enum join_form {
    JOIN_NONE,
    JOIN_SHORTCUT, /* residual { … } shortcut { … } */
    JOIN_PATHS,    /* add { path { … } path { … } }, or add with=LABEL */
};

struct layer_kind {
    const char *name;
    const char *summary;                /* one line */
    const struct attribute *attributes; /* ends with a NULL name */
    enum join_form joins;               /* its inputs are layer->joined */
    bool reads_flat;                    /* takes an image as one run of numbers, so without a border */
    bool has_parameters;                /* so it must carry a label */
    bool is_word;                       /* may stand as a trailing word */
    bool keeps_shape;                   /* the result has the input's shape: its constants are the input's */
    const char
        *channel_word;     /* its constant for channels: FILTERS, UNITS; NULL: CHANNELS or UNITS by shape */
    bool is_normalisation; /* weights before it are initialised for what follows it */
    bool replaces_bias;    /* a layer right before it has no bias unless the author wants one */
    bool measures_batch;   /* keeps mean and scale of each channel for its backward pass */
    bool may_be_sampled;   /* random in training, and in passes that net->is_sampling asks to be */
    bool is_relu_like;     /* weights before it are initialised after He */
    /* Sets layer->output's shape, parameters and cost from the input's shape and the settings. */
    struct shape (*shape)(struct graph *graph, struct layer *layer, struct shape input,
                          struct shape_check *check);
    void (*forward)(struct graph *graph, struct layer *layer);  /* appends the forward nodes */
    void (*backward)(struct graph *graph, struct layer *layer); /* appends the backward nodes; NULL: none */
    bool may_be_tuned; /* its tiles are of forward, backward_weight and backward_input, and pass tune may
                          change them */
    void (*schedule)(struct graph *graph, struct layer *layer); /* sets tilings and borders; NULL: none */
    /* For people, of the tiles of a part that has them, what a size does not say: ", of 2 images"; NULL:
     * nothing.
     */
    const char *(*tile_note)(struct writer *writer, const struct layer *layer, enum tiling_use use);
    void (*constants)(struct writer *writer,
                      const struct layer *layer); /* its #define lines besides its shape */
    void (*parameters)(struct writer *writer,
                       const struct layer *layer); /* its members of struct NET_parameters */
    /* With transposed weights: how many inputs lie in one run in memory, "C3_KERNEL_ROW". */
    const char *(*run)(struct writer *writer, const struct layer *layer);
    void (*transposed)(struct writer *writer,
                       const struct layer *layer); /* its member of struct NET_transposed */
    /* Of a weight whose first dimension in a file is the input's channels, and so its lanes in memory:
     * "filters, channels, height, width" of struct model_tensor; NULL: the other way round. */
    const char *(*tensor_shape)(struct writer *writer, const struct layer *layer);
    bool may_fuse_activation; /* an activation that follows as a word is applied in its store */
    bool may_be_gated;        /* its dz may be made by the layer behind it: weights_take_gate */
    /* Will it make dz of the layer before it, so that a dropout behind it may leave its own mask and scale to
     * it? NULL: no. */
    bool (*may_take_dropout)(const struct graph *graph, const struct layer *layer);
    /* Of elementwise activations, which other layers may fuse; else NULL. */
    const struct activation *activation;
};

struct activation {
    /* f(x), and f'(x) dy, as C expressions of the given texts. The second gets the result y = f(x), or x
     * itself where `from_input`; only what needs no x can be fused into the layer before. */
    const char *(*forward)(struct writer *writer, const struct layer *layer, const char *x);
    const char *(*backward)(struct writer *writer, const struct layer *layer, const char *from,
                            const char *dy);
    bool from_input;
    bool is_gate;     /* its derivative is 1 where y > 0 and 0 elsewhere */
    const char *tile; /* what applies it to a tile in registers: "relu" of tile8_relu; NULL: nothing does */
    const char *tile_argument; /* suffix of the constant that it takes, "slope"; NULL: none */
};

struct output_kind {
    const char *name;
    const char *summary;
    const char *constant;                                 /* OUTPUT_… of runtime/model.h */
    const char *formula;                                  /* of the loss of one target, for a comment */
    const char *(*formula_of)(const struct layer *layer); /* where settings change it; NULL: they do not */
    const struct attribute *attributes;
    bool is_class;    /* the target is a class number */
    bool has_targets; /* its constants have OUTPUT_TARGETS, the length of the target */
    bool (*fixed_sigma)(
        const struct layer *layer); /* is OUTPUT_SIGMA the deviation of all targets? NULL: no */
    bool is_per_position;           /* after an image: one likelihood per pixel */
    int64_t (*target_size)(const struct layer *layer, int64_t inputs); /* -1: no such count of inputs */
    int64_t (*prediction_size)(const struct layer *layer, int64_t inputs);
    const char *needs; /* what the last layer must give, for the message */
    /* More that must hold of the settings, told when it does not; may be NULL. */
    bool (*check)(const struct layer *layer, int64_t inputs, struct shape_check *check);
    void (*functions)(struct writer *writer,
                      const struct layer *layer); /* what loss and backward call; may be NULL */
    void (*constants)(struct writer *writer, const struct layer *layer); /* may be NULL */
    void (*forward)(struct writer *writer, const struct layer *layer);   /* body of output_forward */
    void (*loss)(struct writer *writer, const struct layer *layer);      /* body of output_loss */
    void (*backward)(struct writer *writer, const struct layer *layer);  /* body of output_backward */
    /* The call that adds `batch`, with its `loss`, to a score at address `score`. */
    void (*score)(struct writer *writer, const struct layer *layer, const char *score, const char *loss);
};

struct optimizer_kind {
    const char *name;
    const char *summary;
    const struct attribute *attributes;
    int (*buffers)(const struct graph *graph); /* how many arrays of the parameters' layout it keeps */
    const char *const *buffer_names;           /* velocity; mean, square */
    void (*constants)(struct writer *writer, const struct graph *graph);
    void (*tensor)(struct writer *writer,
                   const struct graph *graph); /* the macro that `update`'s lines use */
    /* Name and settings as a C string expression made of the constants. */
    const char *(*description)(struct writer *writer, const struct graph *graph);
    /* Prints the line that moves one tensor; called once per parameter. */
    void (*update)(struct writer *writer, const struct graph *graph, const struct parameter *parameter);
    /* The same for `count` numbers of a weight in panels from `place` ("[p][k]") on, whose gradient is
     * `gradient`, times what `input` points to where that is not NULL, and for a rate that is pointed to;
     * NULL: it moves nothing but whole tensors. */
    void (*update_part)(struct writer *writer, const struct graph *graph, const struct parameter *parameter,
                        const char *place, const char *count, const char *input, const char *gradient);
};

struct schedule_kind {
    const char *name;
    const char *summary;
    const struct attribute *attributes;
    void (*constants)(struct writer *writer, const struct graph *graph);
    void (*body)(struct writer *writer, const struct graph *graph); /* of learning_rate() */
    /* What an epoch's `figure` changes in net->rate_factor, which the rate is multiplied by; NULL: there is
     * none. */
    void (*judge)(struct writer *writer, const struct graph *graph);
    const char *(*description)(struct writer *writer, const struct graph *graph); /* as of an optimizer */
};

/* A statement of train { } that is no optimizer or schedule itself: batch, epochs, patience, … */
struct training_kind {
    const char *name;
    const char *summary;
    const struct attribute *attributes;
};

/* What may be chosen behind `output`, `optimizer` and `schedule`, as far as their kinds are alike. */
struct choice {
    const char *name; /* NULL: no more of them */
    const char *summary;
    const struct attribute *attributes;
};

extern const struct layer_kind *const catalogue_layers[]; /* NULL-terminated, in the order of layers.def */
extern const struct output_kind *const catalogue_outputs[];
extern const struct optimizer_kind *const catalogue_optimizers[];
extern const struct schedule_kind *const catalogue_schedules[];
extern const struct training_kind *const catalogue_training[];
extern const struct layer_kind layer_copy; /* nobody writes it: passes/share.c puts it in */

const struct layer_kind *catalogue_find_layer(const char *name);
const struct training_kind *catalogue_find_training(const char *name);
/* The kind in that place of the list for `statement`; any other statement has none. */
struct choice catalogue_choice(const char *statement, int place);
int attribute_count(const struct attribute *attributes);
/* The setting of that name; a name that the table lacks is a fault of netc. */
const struct setting *layer_setting(const struct layer *layer, const char *name);
/* Of an ATTRIBUTE_SHAPE. */
struct shape setting_shape(const struct setting *setting);
/* Is it something else than 0, or another choice than the first? */
bool setting_is_on(const struct setting *setting);
/* The same, or NULL where the table lacks it. */
const struct setting *layer_setting_if_any(const struct layer *layer, const char *name);
const struct setting *setting_find(const struct attribute *attributes, const struct setting *settings,
                                   const char *name);

#endif
