/* weights.h - what layers with weights (conv, dense) share: attributes, parameters, panels and tiles, and the
 * first step of their backward pass. */
#ifndef NETC_WEIGHTS_H
#define NETC_WEIGHTS_H

#include "layers/catalogue.h"

struct writer;

extern const char *const weights_init_choices[];
extern const char *const yes_no_choices[];

/* As in runtime/tile.h: a tile of fewer sums adds up every second pixel by sums of its own; none has more. */
enum { TILE_PAIRED_SUMS = 8, TILE_SUMS = 32 };

/* The attributes that every layer with weights has, to be put at the end of its table. */
#define WEIGHTS_ATTRIBUTES                                                                                   \
    {.name = "bias",                                                                                         \
     .type = ATTRIBUTE_CHOICE,                                                                               \
     .position = -1,                                                                                         \
     .fallback = "yes",                                                                                      \
     .choices = yes_no_choices,                                                                              \
     .meaning = "add a learned constant to each result"},                                                    \
        {.name = "init",                                                                                     \
         .type = ATTRIBUTE_CHOICE,                                                                           \
         .position = -1,                                                                                     \
         .fallback = "",                                                                                     \
         .choices = weights_init_choices,                                                                    \
         .meaning = "first weights: he (default before a relu), glorot (default elsewhere), zero"},          \
        {.name = "l1",                                                                                       \
         .type = ATTRIBUTE_REAL,                                                                             \
         .position = -1,                                                                                     \
         .fallback = "",                                                                                     \
         .least = 0,                                                                                         \
         .most = 1e6,                                                                                        \
         .meaning = "lasso penalty of this layer's weights, instead of the model's"},                        \
        {.name = "frozen",                                                                                   \
         .type = ATTRIBUTE_FLAG,                                                                             \
         .position = -1,                                                                                     \
         .fallback = "",                                                                                     \
         .meaning = "training leaves the parameters as they are"},                                           \
    {                                                                                                        \
        .name = "l2", .type = ATTRIBUTE_REAL, .position = -1, .fallback = "", .least = 0, .most = 1e6,       \
        .meaning = "ridge penalty of this layer's weights, instead of the model's"                           \
    }

#define MAX_NORM_ATTRIBUTE                                                                                   \
    {                                                                                                        \
        .name = "max_norm", .type = ATTRIBUTE_REAL, .position = -1, .fallback = "", .least = 0,              \
        .above_least = true, .most = 1e6,                                                                    \
        .meaning = "largest Euclidean norm of the weights into each filter or unit, after every step"        \
    }

/* Gives the layer its weight and, unless bias=no, its bias. Reports a weight that is too large for a trainer.
 */
void weights_attach(struct graph *graph, struct layer *layer, struct parameter shape,
                    struct shape_check *check);
/* The penalties of the weight: the layer's own, else the model's. */
void weights_resolve_penalties(const struct graph *graph, struct layer *layer);
/* Panels for `filters` and rows for a run of `count` pixels, examples or inputs, by shape and target alone.
 * Filters in groups of `group`, a multiple of 4, have panels that divide it; 0: no groups. */
/* Divides what the tiles cover into tiles of at most `most` rows, all alike but the last. */
void tiling_divide(struct tiling *tiling, int64_t most);
/* Of how many images a tile has room for all its rows. */
int tiling_images(const struct target *target, const struct tiling *tiling);
void tiling_choose(const struct target *target, struct tiling *tiling, int64_t filters, int64_t count,
                   int64_t group);

/* Wider panels where few rows are all that there is: `tiling` of the forward pass and `weight` of the
 * weight's gradient. A multiply-add takes as long as TILE_PAIRED_SUMS of them need to start. */
void tiling_widen(const struct target *target, struct tiling *tiling, struct tiling *weight, int64_t filters);

/* C1_WEIGHTS (`product`), C1_PARAMETERS, C1_FLOP; C1_PANEL, C1_PANELS, C1_VECTORS of the tiled form; C1_L1,
 * C1_L2 of a layer with its own. */
void weights_constants(struct writer *writer, const struct layer *layer, const char *product);
/* The same for the transposed weights: C1_BACK_PANEL, … */
void weights_transposed_constants(struct writer *writer, const struct layer *layer);
/* "real bias[…];" */
void weights_bias_member(struct writer *writer, const struct layer *layer);

/* "net->dparam.c1.weight", or "net->group[g].c1.weight" of the group that is being summed. */
const char *weights_gradient(struct writer *writer, const struct parameter *parameter);
/* dz = f'(z) dy in place and dbias, node backward_output; there is none for a linear layer without bias. */
extern const struct operation weights_backward_output;
bool weights_needs_backward_output(const struct layer *layer);
/* A layer whose result is above 0 exactly where both a relu before it and it itself let the gradient through
 * makes dz of the layer with weights that stores through that relu, for this one alone: that one's gate.
 * `node` is its backward pass, which then reads its result. */
void weights_take_gate(const struct graph *graph, struct layer *layer, struct node *node);
/* Would it? */
bool weights_may_gate(const struct graph *graph, const struct layer *layer);
/* What a gate looks at: its result, or what a dropout behind it that it takes along has made of it. */
struct value *weights_gate_result(const struct layer *layer);
/* Does it make dz of the layer before it? */
bool weights_is_gate(const struct layer *layer);
/* The comment above the backward pass of a gate as a probe takes it */
void weights_explain_ungated(struct writer *writer, const struct layer *layer);

/* The nodes of all layers behind the optimizer's step (max_norm) and at the start (the author's filters). */
void weights_add_steps(struct graph *graph);

/* sum = f(sum) for a tile in registers, where the activation has such a function; else after_store does it.
 */
void weights_activate_tile(struct writer *writer, const struct layer *layer, const char *rows);
/* The activation over the elements of example n, inside the loop over n, for those without a tile function.
 */
void weights_activate_stored(struct writer *writer, const struct layer *layer);
/* "tile8": functions for vectors of so many reals */
const char *tile_name(struct writer *writer, const struct tiling *tiling);
/* Declares a tile's sums: "tile8 sum[6 * C3_VECTORS];" */
void tile_declare(struct writer *writer, const struct tiling *tiling, const char *vectors);
/* The same, and starts them: at the bias of panel p where `at_bias`, else at 0. */
void tile_sums(struct writer *writer, const struct layer *layer, const struct tiling *tiling,
               const char *prefix, const char *rows, bool at_bias);
/* Prints the store or addition of a tile. `call` is "store" or "add"; the panel's index is `panel`, its
 * constants begin with `prefix` ("", "back_"). */
void tile_write(struct writer *writer, const struct layer *layer, const struct tiling *tiling,
                const char *call, const char *prefix, const char *panel, const char *rows, const char *to,
                const char *stride);
/* Are the gradients of so few weights that every group of examples may have its own? */
bool weights_fit_groups(const struct parameter *weight);
/* C3_WEIGHT_TILES: how many tiles of the weight's gradient lie over a run. */
void weights_tiles_constant(struct writer *writer, const struct layer *layer);
/* The call that makes transposed weights of weights, of this thread's panels (runtime/panels.h): `rows` of
 * the kernel, and how the first number of both is reached, "[0][0]". */
void weights_call_transpose(struct writer *writer, const struct layer *layer, const char *filters,
                            const char *rows, const char *weight, const char *transposed);
/* The same as tile_calls for the tiles of this thread alone, tiles.first to tiles.end, and a function that is
 * told all of its arguments: function(arguments, more, k, rows). `more`, on a line of its own, may be NULL.
 */
void tile_calls_shared(struct writer *writer, const struct layer *layer, const char *function,
                       const char *arguments, const char *more);
/* Tiles along a row of `limit` pixels or inputs, `function(net, arguments, x, rows)` with literal rows:
 * TILE_ALONG(10, 8, C1_WIDTH, c1_forward_tile, net, n, p, y); */
void tile_calls(struct writer *writer, const struct tiling *tiling, const char *limit, const char *function,
                const char *arguments);

#endif
