/* conv.h - between conv.c (rules and nodes), conv_constants.c (the header of generated C) and the forms of
 * its functions: conv_tiled.c with conv_gathered.c, conv_folded.c, conv_weight.c and conv_inside.c;
 * conv_pairs.c, conv_channels.c, conv_looped.c, conv_plain.c. */
#ifndef NETC_CONV_H
#define NETC_CONV_H

#include "layers/weights.h"
#include "layers/window.h"

/* Which filters see which channels. */
struct grouping {
    int64_t groups;
    int64_t channels, filters; /* of one group */
    bool is_depthwise;         /* one channel to a group, so weights have no index for it */
};

/* How the fast form walks a convolution. */
enum conv_walk {
    WALK_TILES,    /* filters are lanes: every filter sees one run of the input for each row of its kernel */
    WALK_CHANNELS, /* channels are lanes: each filter sees the channel of its own number */
    WALK_LOOPS,
    WALKS
};

enum conv_walk conv_walk(const struct layer *layer);
/* Which part of the gradient of its weights a thread makes. */
enum split conv_weight_split(const struct layer *layer);
struct window conv_window(const struct layer *layer);
struct grouping conv_grouping(const struct layer *layer);
/* Does each tap of the kernel, not each row, see one run of the input? */
bool conv_runs_are_apart(const struct layer *layer);
/* Is what goes back to the image folded (conv_folded.c), in the tiled form? */
bool conv_is_folded(const struct layer *layer);

/* conv_constants.c: reals of such a run, "C3_KERNEL_ROW", "C1_FILTERS", "C3_GROUP_CHANNELS"; and what
 * struct layer_kind calls so. */
const char *conv_run(struct writer *writer, const struct layer *layer);
void conv_constants(struct writer *writer, const struct layer *layer);
void conv_parameters(struct writer *writer, const struct layer *layer);
void conv_transposed(struct writer *writer, const struct layer *layer);

/* A convolution as tiles see it: an image under the kernel, or its gradient, and pixels with a number for
 * each filter, or their gradients. conv goes from the image to the pixels and back with the gradient;
 * conv_transpose the other way. */
struct conv_sides {
    const struct layer *layer;
    struct window window;
    struct grouping grouping;
    bool is_apart; /* each tap of the kernel, not each row, has a run of its own */
    const struct value *image, *pixels;
};

/* The image under row i of the kernel, or its tap (i, j), for the pixel in row y and column x; `group` is the
 * group's number. */
const char *conv_sides_under(struct writer *writer, const struct conv_sides *sides, const char *x,
                             const char *group);
/* "C1_CHANNELS", or "C3_STRIDE_X * C1_CHANNELS": reals of the image between what neighbouring pixels see. */
const char *conv_sides_step(struct writer *writer, const struct conv_sides *sides);
/* "p / (C1_GROUP_FILTERS / C1_PANEL)": the group of the filters in panel p. */
const char *conv_sides_group(struct writer *writer, const struct conv_sides *sides);
/* The first filter of panel p for the pixel in row y and column x. */
const char *conv_sides_filters(struct writer *writer, const struct conv_sides *sides, const char *x);
/* Loops over the runs under the kernel; gives their number. */
int conv_sides_run_loops(struct writer *writer, const struct conv_sides *sides);
/* Reals of a run: "C3_KERNEL_ROW" */
const char *conv_sides_run(struct writer *writer, const struct conv_sides *sides);
/* Where a run's weights begin in row i of the kernel: "0", "k", "j * INPUT_CHANNELS + k". */
const char *conv_sides_run_start(struct writer *writer, const struct conv_sides *sides, const char *k);

/* Opens the loop over the rows i of the kernel that are on the image, and not on its padding, for row y. */
void conv_rows_loop(struct writer *writer, const struct layer *layer, const struct window *window,
                    const struct value *image);
/* Is each tap of the kernel multiplied with the pixels alone that see the image with it, for the tiles of
 * `use`, which are of `images` images? */
bool conv_sides_leave_columns(const struct conv_sides *sides, enum tiling_use use, int images);
/* Then: opens the loop over the taps j of a row, each a number to the compiler; */
void conv_sides_columns_loop(struct writer *writer, const struct conv_sides *sides);
/* prints "const struct range columns = range_inside(x + j - C3_PAD_LEFT, 1, pixels, C1_WIDTH);"; */
void conv_sides_columns(struct writer *writer, const struct conv_sides *sides, int images);
/* says so behind the tile's comment; */
const char *conv_sides_columns_comment(const struct conv_sides *sides, enum tiling_use use, int images);
/* and, as the body of the loop that the caller opened, which ends here: the line `first` (NULL: none) and
 * tile(net, arguments, 8, 8) for the tiles of a row, with literal places x where columns are left out. */
void conv_sides_row_calls(struct writer *writer, const struct conv_sides *sides, enum tiling_use use,
                          const char *first, const char *tile, const char *arguments);
/* conv_inside.c, of the gradient of weights: prints the rows and columns of pixels that a tile has to look
 * at, and gives its loop over y, the first x of a row and how many there are. */
void conv_weight_inside(struct writer *writer, const struct conv_sides *sides, bool is_band);
const char *conv_weight_rows_loop(struct writer *writer, const struct conv_sides *sides, bool is_band);
const char *conv_weight_first_column(const struct conv_sides *sides);
const char *conv_weight_columns(struct writer *writer, const struct conv_sides *sides);
/* conv_gathered.c: pixels = what each of them sees of the image; the layer's result with its bias and
 * activation, where `is_result`. Prints the function LABEL_NAME and its tile. */
void conv_sides_gather(struct writer *writer, const struct conv_sides *sides, const char *name,
                       bool is_result);
/* conv_weight.c: dweight, function LABEL_backward_weight; what its parts are, and how many; and, for people,
 * what its tiles sum up at a time: ", over 4 examples". */
void conv_sides_weight(struct writer *writer, const struct conv_sides *sides);
const char *conv_weight_parts(struct writer *writer, const struct layer *layer);
const char *conv_weight_note(struct writer *writer, const struct conv_sides *sides);
/* The call that makes the weights as conv_sides_fold and conv_sides_spread read them */
void conv_sides_call_transpose(struct writer *writer, const struct conv_sides *sides);
/* image = bias + what the pixels give to it; `bias` is "NULL" without. The function LABEL_NAME
 * stays open. */
void conv_sides_fold(struct writer *writer, const struct conv_sides *sides, const char *name,
                     const char *bias);
/* For people: of how many images its tiles are, or over what they sum, where that is to be said. */
const char *conv_sides_note(struct writer *writer, const struct conv_sides *sides, enum tiling_use use);
/* From how many examples a tile takes the same row, where one has few pixels and many weights. */
int conv_sides_images(const struct writer *writer, const struct conv_sides *sides, enum tiling_use use);
/* Do a batch's pixels come from far away, for no second-level cache holds them? */
bool conv_sides_are_far(const struct writer *writer, const struct conv_sides *sides);
/* "C3_WIDTH, C3_SIZE": pixels of a row, and reals from one image to the next. */
const char *conv_images_apart(struct writer *writer, const struct conv_sides *sides,
                              const struct value *images);
/* Does each panel of weights work with these pixels of all examples before the next? */
bool conv_panels_first(const struct layer *layer, struct shape pixels);
/* tile(net, …, n, pixels) for all examples, in tiles of so many images. */
void conv_image_calls(struct writer *writer, const struct tiling *tiling, int images, const char *tile,
                      const char *arguments);
/* Has a thread's stack room for that: rows of so many pixels, each with what it gives to a run? */
bool conv_folds(int64_t pixels, int64_t run);
/* Opens the loop over n and prints what the image is before the pixels are added. */
typedef void (*conv_start)(struct writer *writer, const struct conv_sides *sides);
/* image += what the pixels give to it. Function and loop over n stay open. */
void conv_sides_spread(struct writer *writer, const struct conv_sides *sides, const char *name,
                       conv_start start);

const char *conv_tiled_note(struct writer *writer, const struct layer *layer, enum tiling_use use);
void conv_tiled_forward(struct writer *writer, const struct layer *layer);
void conv_tiled_backward_weight(struct writer *writer, const struct layer *layer);
void conv_tiled_call_transpose(struct writer *writer, const struct layer *layer);
void conv_tiled_backward_input(struct writer *writer, const struct layer *layer);

/* Pairs for the passes that they suit; needs the other tilings. */
void conv_pairs_schedule(const struct target *target, struct layer *layer);
void conv_pairs_constants(struct writer *writer, const struct layer *layer);
void conv_pairs_forward(struct writer *writer, const struct layer *layer);
void conv_pairs_backward_weight(struct writer *writer, const struct layer *layer);

void conv_channels_forward(struct writer *writer, const struct layer *layer);
void conv_channels_backward_weight(struct writer *writer, const struct layer *layer);
void conv_channels_backward_input(struct writer *writer, const struct layer *layer);

void conv_looped_forward(struct writer *writer, const struct layer *layer);

void conv_plain_forward(struct writer *writer, const struct layer *layer);
void conv_plain_backward_weight(struct writer *writer, const struct layer *layer);
void conv_plain_backward_input(struct writer *writer, const struct layer *layer);

/* Loops over the taps i and j and the channels c of a group; gives their number. */
int conv_kernel_loops(struct writer *writer, const struct layer *layer);
/* "net->param.c1.weight[i][j][c][f]" */
const char *conv_weight(struct writer *writer, const struct layer *layer, const char *tensors);
/* What the tap (i, j) of pixel (y, x) sees of the input or its gradient, in the channel that c and f are
 * about. */
const char *conv_under(struct writer *writer, const struct layer *layer, const struct value *value);

/* conv_transpose.c: the activation of all results, if there is one. */
void conv_transpose_activate(struct writer *writer, const struct layer *layer);

/* Tilings and the shape of the transposed weights. */
void conv_transpose_tiled_schedule(struct graph *graph, struct layer *layer);
void conv_transpose_tiled_call_transpose(struct writer *writer, const struct layer *layer);
const char *conv_transpose_tiled_note(struct writer *writer, const struct layer *layer, enum tiling_use use);
void conv_transpose_tiled_constants(struct writer *writer, const struct layer *layer);
const char *conv_transpose_tiled_run(struct writer *writer, const struct layer *layer);
void conv_transpose_tiled_member(struct writer *writer, const struct layer *layer);
void conv_transpose_tiled_forward(struct writer *writer, const struct layer *layer);
void conv_transpose_tiled_backward_weight(struct writer *writer, const struct layer *layer);
void conv_transpose_tiled_backward_input(struct writer *writer, const struct layer *layer);

#endif
