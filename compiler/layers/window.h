/* window.h - what layers that slide a window over an image share (conv, pooling): the rule for the result's
 * size, and the stride in generated index expressions. */
#ifndef NETC_WINDOW_H
#define NETC_WINDOW_H

#include "layers/catalogue.h"

struct writer;

struct window {
    const char *name; /* "kernel" or "window", as messages and constants call it */
    int64_t height, width;
    int64_t stride_y, stride_x;
    int64_t dilation_y, dilation_x; /* step from one tap of the window to the next */
    struct border pad;
};

extern const char *const padding_words[];

/* Reads the settings `size_name`, stride and pad of a layer, resolves pad=same for this input and writes the
 * result back into the setting. */
struct window window_of(struct layer *layer, const char *size_name, struct shape input);
/* Height and width of the result; channels as the input's. Reports a window that is larger than the padded
 * input. */
struct shape window_shape(const struct window *window, struct shape input, struct shape_check *check);
/* KERNEL_HEIGHT, STRIDE_Y, PAD_TOP, … and the result's HEIGHT and WIDTH as expressions of them. */
void window_constants(struct writer *writer, const struct layer *layer, const struct window *window);
/* "y", or "y * C1_STRIDE_Y"; `axis` is 'y' or 'x', and index may be "0". */
const char *window_position(struct writer *writer, const struct layer *layer, const struct window *window,
                            const char *index, char axis);
/* "y + i", "y * C1_STRIDE_Y + i * C1_DILATION_Y": the row, or column, under a tap; index or tap may be "0".
 */
const char *window_tap(struct writer *writer, const struct layer *layer, const struct window *window,
                       const char *index, const char *tap, char axis);
/* Reports an input that is not an image. */
bool window_wants_image(struct shape input, struct shape_check *check);

#endif
