/* model.h - what a generated network tells the runtime about itself.
 *
 * The generated file ends with one `const struct model NAME_model`, made of tables in source order;
 * everything that the commands of a trainer do, they do through it. */
#ifndef NETC_MODEL_H
#define NETC_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "real.h"

/* Raised whenever a generated file and this runtime would no longer fit together. */
#define NETC_ABI 13

/* A constant's value as a string, for settings that are shown as they were resolved. */
#define TEXT_OF(constant) TEXT(constant)
#define TEXT(constant) #constant

struct training;
struct augment;
struct score;
struct batch;
struct examples;
struct probe;

struct model_shape {
    int height, width, channels; /* a vector of n features is 1x1xn */
    bool is_vector;              /* declared as a vector: printed as n, not as 1x1xn */
};

/* One row of the table of layers. */
struct model_layer {
    const char *label;        /* c1, c1_maxpool, … */
    const char *kind;         /* what the table shows: "conv 5x5 relu" */
    struct model_shape shape; /* of the result */
    int64_t parameters;       /* without padding */
    int64_t flop;  /* of one example's forward pass: 2 per multiply-add of conv and dense, else 0 */
    size_t offset; /* of the first real of its result in the arena */
    size_t size;   /* reals per example, border included; 0 where it is the result before in another shape */
};

/* What a tensor is at first. The running mean (0) and variance (1) of a batchnorm are measured in training,
 * not learned: they have no gradient. */
enum model_init {
    INIT_ZERO,
    INIT_ONE,
    INIT_HE,
    INIT_GLOROT,
    INIT_RUNNING_MEAN,
    INIT_RUNNING_VARIANCE,
    INIT_GIVEN,         /* `create` has set it */
    TENSOR_FROZEN = 256 /* added to one of them: not learned */
};

/* A tensor of parameters: where it lies in memory and what it looks like in a model file. In memory weights
 * stand in panels of `panel` filters, [filters / panel][height][width][channels][panel], so a dense layer is
 * a convolution whose kernel is its whole input; in a file they stand as [filters][channels][height][width].
 */
struct model_tensor {
    const char *name; /* "c1.weight" */
    size_t offset;    /* of the first real in the parameters of the network */
    size_t size;      /* reals in memory, padding of the last panel included */
    int rank; /* dimensions in a file: 4 = conv weight, 2 = dense weight [filters][channels*height*width], 1 =
                 bias [filters] */
    int filters, channels, height, width;
    int panel; /* filters side by side in memory */
    enum model_init init;
};

enum model_output {
    OUTPUT_CATEGORICAL,
    OUTPUT_BERNOULLI,
    OUTPUT_NORMAL,
    OUTPUT_SQUARED_ERROR,
    OUTPUT_LAPLACE,
    OUTPUT_HUBER,
    OUTPUT_POISSON,
};
enum model_monitor { MONITOR_LOSS, MONITOR_ACCURACY };
enum model_validate { VALIDATE_NONE, VALIDATE_SHARE, VALIDATE_COUNT, VALIDATE_SPLIT };

enum model_balance { BALANCE_NONE, BALANCE_CLASSES, BALANCE_GROUPS };

struct model_settings { /* of train { }, as far as the runtime needs them */
    int batch;
    int epochs;
    uint64_t seed;
    enum model_validate validate;
    double validate_share; /* 0.1 */
    int64_t validate_count;
    const char *validate_split; /* "dev" */
    int patience;               /* 0: no early stopping */
    double min_delta;
    enum model_monitor monitor;
    const char *optimizer;         /* as resolved: "sgd rate=0.05 momentum=0.9" */
    const char *schedule;          /* "cosine warmup=2" */
    const struct augment *augment; /* NULL: nothing is changed */
    enum model_balance balance;    /* whose examples an epoch has as many of */
    const char *penalty;           /* "l2=0.0001", "" without */
    const char *clip;              /* "norm=1"; NULL without */
    const char *average;           /* "ema=0.999"; NULL without */
    const char *adversarial;       /* "fgsm epsilon=0.1"; NULL without */
    const char *data;              /* default manifest, as written; NULL without. Relative to the .net file */
};

/* "c1.weight", offset and size of a tensor. */
#define MODEL_TENSOR(network, tensor)                                                                        \
#tensor, offsetof(struct network##_parameters, tensor) / sizeof(real),                                   \
        sizeof(((struct network##_parameters *)0)->tensor) / sizeof(real)

/* A member of the network that a run takes from step to step: weights, the optimizer's memory, … */
struct model_piece {
    const char *name;
    size_t at, size; /* bytes from the start of the network */
};
#define MODEL_PIECE(network, member)                                                                         \
    {                                                                                                        \
#member, offsetof(struct network, member), sizeof(((struct network *)0)->member)                     \
    }

struct model {
    int abi; /* NETC_ABI of the generated file */
    const char *name;
    const char *march; /* x86-64-v3, … */
    struct model_shape input;
    enum model_output output;
    bool target_is_input;            /* the target of an example is its input: data need none */
    int target_size;                 /* classes, or length of the target vector */
    int target_height, target_width; /* of an image of targets, one at each position; 0: there is none */
    int output_size; /* reals that the network predicts per example: K probabilities; d means, then d sigmas;
                        … */
    double sigma;    /* of `normal sigma=1`, else 0 */
    struct model_settings settings;
    int threads_most; /* that a step has work for */
    const struct model_layer *layers;
    int layer_count;
    const struct model_tensor *tensors;
    int tensor_count;
    size_t parameter_size; /* reals of all parameters, padding included */
    size_t arena_size;     /* reals */
    size_t memory;         /* bytes of the whole network in training: what `create` wants, 64-byte aligned */
    size_t probe_memory;   /* the same with what `probe` needs besides: as much, or a little more */

    const struct model_piece *pieces; /* of which a state is made */
    int piece_count;
    size_t parameters_at; /* bytes from the start of a network to its parameters */
    size_t gradients_at;  /* and to their gradients: the same layout, valid after `gradient` */

    /* Makes a network in `memory` zeroed bytes: sets places, draws nothing. */
    void (*create)(void *net, uint64_t seed);
    /* Mean loss, penalty left out, and scores over a split, dropout off. */
    void (*evaluate)(void *net, const struct examples *examples, struct score *score);
    /* Forward pass over up to `batch` examples from number `first`, dropout off; returns
     * [count][output_size]. */
    const real *(*predict)(void *net, const struct examples *examples, size_t first, int count);
    /* The same with dropout on, as the seed has it in sample number `number`: one thinned network for all
     * examples, so that none depends on those beside it. NULL without dropout. */
    const real *(*sample)(void *net, const struct examples *examples, size_t first, int count, uint64_t seed,
                          uint64_t number);
    /* Loss of one batch (mean over its examples, penalty left out) and the gradients of it, dropout on as in
     * step number `step`. For gradient checks and benchmarks. */
    double (*gradient)(void *net, const struct examples *examples, size_t first, int count, uint64_t step);
    /* One step of training, number `step`, at that rate, whatever the schedule says. Returns the loss of the
     * batch before it; where that is not finite, nothing has moved. */
    double (*step)(void *net, struct batch batch, uint64_t step, double rate);
    /* The forward pass of `predict`, and where asked for the backward pass, in evaluation mode, with looks at
     * what every layer gives and at the gradient of one number by it, the input included: probe.h says how.
     * Wants a network of probe_memory bytes. NULL in a file that was emitted without --probe. */
    const real *(*probe)(void *net, const struct examples *examples, size_t first, int count,
                         const struct probe *probe);
    /* The training loop; ends with the weights that are to be kept in place. */
    void (*train)(void *net, struct training *run);
};

/* What every generated file says of its network's memory, and of its own tables and functions. */
#define MODEL_OF(network)                                                                                    \
    .abi = NETC_ABI, .name = #network, .layers = layers, .layer_count = sizeof layers / sizeof layers[0],    \
    .tensors = tensors, .tensor_count = sizeof tensors / sizeof tensors[0], .pieces = pieces,                \
    .piece_count = sizeof pieces / sizeof pieces[0],                                                         \
    .parameter_size = sizeof(struct network##_parameters) / sizeof(real), .arena_size = ARENA_SIZE,          \
    .parameters_at = offsetof(struct network, param), .gradients_at = offsetof(struct network, dparam),      \
    .memory = sizeof(struct network) + ARENA_SIZE * sizeof(real), .create = create, .evaluate = evaluate,    \
    .predict = predict, .gradient = gradient, .step = step, .train = train

/* Positions of an example that have a class, or as many yes and no, each: height x width, 1 without. */
static inline int model_positions(const struct model *model)
{
    return model->target_height > 0 ? model->target_height * model->target_width : 1;
}

/* Is the target a class, or are its parts yes or no, so that a prediction is right or wrong? */
static inline bool model_has_classes(const struct model *model)
{
    return model->output == OUTPUT_CATEGORICAL ||
           (model->output == OUTPUT_BERNOULLI && !model->target_is_input);
}

/* One class for each example? */
static inline bool model_has_class(const struct model *model)
{
    return model->output == OUTPUT_CATEGORICAL && model_positions(model) == 1;
}

/* [parameter_size] */
static inline real *model_parameters(const struct model *model, void *net)
{
    return (real *)((char *)net + model->parameters_at);
}

static inline real *model_gradients(const struct model *model, void *net)
{
    return (real *)((char *)net + model->gradients_at);
}

/* [arena_size], the end of a network's memory */
static inline real *model_arena(const struct model *model, void *net)
{
    return (real *)((char *)net + model->memory) - model->arena_size;
}

/* [count][output_size], what the output made its probabilities of in the last forward pass: the result before
 * it */
static inline const real *model_logits(const struct model *model, void *net)
{
    const struct model_layer *layer = &model->layers[model->layer_count - 2];
    while (layer->size == 0)
        layer--;
    return model_arena(model, net) + layer->offset;
}

/* What `netc build` links beside the generated file: the .net text. Empty where somebody compiled by hand. */
struct model_source {
    const char *path; /* as given to netc: basename only */
    const char *text;
    size_t length;
    const char *folder; /* absolute folder of the .net file: the default manifest is relative to it */
};
extern struct model_source model_source;

/* A setting that the generated file keeps in a variable, for a trainer that reads its settings at start. */
struct model_plain_setting {
    const char *name; /* as the constant would be called: RATE */
    double *real;     /* where it is, or */
    int *count;
};
extern const struct model_plain_setting model_plain_settings[]; /* ends with a NULL name */

static inline bool model_tensor_is_learned(const struct model_tensor *tensor)
{
    return !(tensor->init & TENSOR_FROZEN) && tensor->init != INIT_RUNNING_MEAN &&
           tensor->init != INIT_RUNNING_VARIANCE;
}

/* Position in memory of element (filter, channel, y, x) of a tensor, in reals from its first. */
static inline size_t model_tensor_at(const struct model_tensor *tensor, int filter, int channel, int y, int x)
{
    size_t panel = (size_t)(filter / tensor->panel), lane = (size_t)(filter % tensor->panel);
    size_t tap = ((size_t)y * (size_t)tensor->width + (size_t)x) * (size_t)tensor->channels + (size_t)channel;
    size_t taps = (size_t)tensor->height * (size_t)tensor->width * (size_t)tensor->channels;
    return (panel * taps + tap) * (size_t)tensor->panel + lane;
}

#endif
