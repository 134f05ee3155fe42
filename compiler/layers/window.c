/* window.c - sliding windows: out = (in + pad - window) / stride + 1, rounded down. */
#include "layers/window.h"

#include <string.h>

#include "base/arena.h"
#include "emit/writer.h"

const char *const padding_words[] = {"same", "valid", NULL};

/* Zeros that keep the size (divided by the stride): the smaller half in front. */
static void pad_same(int64_t input, int64_t size, int64_t stride, int64_t *before, int64_t *after)
{
    int64_t result = (input + stride - 1) / stride;
    int64_t total = (result - 1) * stride + size - input;
    if (total < 0)
        total = 0;
    *before = total / 2;
    *after = total - total / 2;
}

/* Rows and columns from the first tap to the last. */
static int64_t seen_height(const struct window *window)
{
    return (window->height - 1) * window->dilation_y + 1;
}

static int64_t seen_width(const struct window *window)
{
    return (window->width - 1) * window->dilation_x + 1;
}

struct window window_of(struct layer *layer, const char *size_name, struct shape input)
{
    const struct setting *size = layer_setting(layer, size_name), *stride = layer_setting(layer, "stride");
    struct setting *pad = (struct setting *)layer_setting(layer, "pad");
    const struct setting *dilation = layer_setting_if_any(layer, "dilation");
    struct window window = {.name = size_name,
                            .height = size->integer[0],
                            .width = size->integer[1],
                            .dilation_y = dilation ? dilation->integer[0] : 1,
                            .dilation_x = dilation ? dilation->integer[1] : 1};
    window.stride_y = stride->integer[0] ? stride->integer[0] : window.height;
    window.stride_x = stride->integer[1] ? stride->integer[1] : window.width;
    if (pad->text && strcmp(pad->text, "same") == 0) {
        pad_same(input.height, seen_height(&window), window.stride_y, &pad->integer[0], &pad->integer[2]);
        pad_same(input.width, seen_width(&window), window.stride_x, &pad->integer[1], &pad->integer[3]);
        pad->text = NULL;
    }
    window.pad = (struct border){
        .top = pad->integer[0], .left = pad->integer[1], .bottom = pad->integer[2], .right = pad->integer[3]};
    return window;
}

bool window_wants_image(struct shape input, struct shape_check *check)
{
    if (!input.is_vector)
        return true;
    check->failed = true;
    struct diagnostic *error = diagnostics_error(
        check->diagnostics, E0402, check->span,
        "%s '%s' needs an image (height x width x channels), but '%s' gives %lld features",
        check->layer->kind->name, check->layer->name, check->source->name, (long long)input.channels);
    diagnostic_note(error, check->source->span, "'%s' has this size here", check->source->name);
    return false;
}

static void report_too_large(const struct window *window, struct shape input, struct shape_check *check)
{
    const struct setting *size = layer_setting(check->layer, window->name);
    int64_t height = window->pad.top + input.height + window->pad.bottom;
    int64_t width = window->pad.left + input.width + window->pad.right;
    bool padded = height != input.height || width != input.width;
    bool is_dilated = window->dilation_y > 1 || window->dilation_x > 1;
    int64_t rows = seen_height(window), columns = seen_width(window);
    const char *seen = is_dilated ? arena_format(check->arena, " that reaches over %lldx%lld",
                                                 (long long)rows, (long long)columns)
                                  : "";
    check->failed = true;
    struct diagnostic *error = diagnostics_error(
        check->diagnostics, E0401, size->is_given ? size->span : check->span,
        "%s '%s' has %s %lldx%lld%s, but its input is only %lldx%lld%s", check->layer->kind->name,
        check->layer->name, window->name, (long long)window->height, (long long)window->width, seen,
        (long long)height, (long long)width, padded ? " with its padding" : "");
    diagnostic_note(error, check->source->span, "'%s' has this size here", check->source->name);
    int64_t missing = rows - height > columns - width ? rows - height : columns - width;
    int64_t pad = window->pad.top + (missing + 1) / 2;
    if (is_dilated)
        diagnostic_help(error, "use a smaller dilation, or pad=%lld", (long long)pad);
    else
        diagnostic_help(error, "use a %s of at most %lldx%lld, or pad=%lld", window->name, (long long)height,
                        (long long)width, (long long)pad);
}

struct shape window_shape(const struct window *window, struct shape input, struct shape_check *check)
{
    int64_t height = window->pad.top + input.height + window->pad.bottom;
    int64_t width = window->pad.left + input.width + window->pad.right;
    if (seen_height(window) > height || seen_width(window) > width) {
        report_too_large(window, input, check);
        return input;
    }
    return (struct shape){.height = (height - seen_height(window)) / window->stride_y + 1,
                          .width = (width - seen_width(window)) / window->stride_x + 1,
                          .channels = input.channels};
}

/* "PAD_TOP + INPUT_HEIGHT + PAD_BOTTOM - KERNEL_HEIGHT", whatever of it is not zero, in brackets where
 * needed. */
static const char *result_size(struct writer *writer, const struct layer *layer, const char *input,
                               const char *seen, int64_t before, const char *before_name, int64_t after,
                               const char *after_name, int64_t stride, const char *stride_name)
{
    struct text text = text_create(writer->graph->arena);
    text_format(&text, "(%s%s%s", stride > 1 ? "(" : "",
                before ? layer_constant(writer, layer, before_name) : "", before ? " + " : "");
    text_format(&text, "%s", input);
    if (after)
        text_format(&text, " + %s", layer_constant(writer, layer, after_name));
    text_format(&text, " - %s", seen);
    if (stride > 1)
        text_format(&text, ") / %s", layer_constant(writer, layer, stride_name));
    text_format(&text, " + 1)");
    return text.bytes;
}

/* "C1_KERNEL_HEIGHT", or "((C1_KERNEL_HEIGHT - 1) * C1_DILATION_Y + 1)". */
static const char *seen_size(struct writer *writer, const struct layer *layer, const char *size,
                             int64_t dilation, const char *dilation_name)
{
    const char *constant = layer_constant(writer, layer, size);
    if (dilation == 1)
        return constant;
    return writer_format(writer, "((%s - 1) * %s + 1)", constant,
                         layer_constant(writer, layer, dilation_name));
}

void window_constants(struct writer *writer, const struct layer *layer, const struct window *window)
{
    struct arena *arena = writer->graph->arena;
    const char *height = arena_format(arena, "%s_height", window->name);
    const char *width = arena_format(arena, "%s_width", window->name);
    const struct border *pad = &window->pad;
    writer_define(writer, layer, height, "%lld", (long long)window->height);
    writer_define(writer, layer, width, "%lld", (long long)window->width);
    if (window->stride_y > 1)
        writer_define(writer, layer, "stride_y", "%lld", (long long)window->stride_y);
    if (window->stride_x > 1)
        writer_define(writer, layer, "stride_x", "%lld", (long long)window->stride_x);
    if (window->dilation_y > 1)
        writer_define(writer, layer, "dilation_y", "%lld", (long long)window->dilation_y);
    if (window->dilation_x > 1)
        writer_define(writer, layer, "dilation_x", "%lld", (long long)window->dilation_x);
    if (pad->top)
        writer_define(writer, layer, "pad_top", "%lld", (long long)pad->top);
    if (pad->left)
        writer_define(writer, layer, "pad_left", "%lld", (long long)pad->left);
    if (pad->bottom)
        writer_define(writer, layer, "pad_bottom", "%lld", (long long)pad->bottom);
    if (pad->right)
        writer_define(writer, layer, "pad_right", "%lld", (long long)pad->right);
    writer_define(writer, layer, "height", "%s",
                  result_size(writer, layer, value_height(writer, layer->input),
                              seen_size(writer, layer, height, window->dilation_y, "dilation_y"), pad->top,
                              "pad_top", pad->bottom, "pad_bottom", window->stride_y, "stride_y"));
    writer_define(writer, layer, "width", "%s",
                  result_size(writer, layer, value_width(writer, layer->input),
                              seen_size(writer, layer, width, window->dilation_x, "dilation_x"), pad->left,
                              "pad_left", pad->right, "pad_right", window->stride_x, "stride_x"));
}

const char *window_position(struct writer *writer, const struct layer *layer, const struct window *window,
                            const char *index, char axis)
{
    int64_t stride = axis == 'y' ? window->stride_y : window->stride_x;
    if (stride == 1 || strcmp(index, "0") == 0)
        return index;
    return writer_format(writer, "%s * %s", index,
                         layer_constant(writer, layer, axis == 'y' ? "stride_y" : "stride_x"));
}

const char *window_tap(struct writer *writer, const struct layer *layer, const struct window *window,
                       const char *index, const char *tap, char axis)
{
    const char *position = window_position(writer, layer, window, index, axis);
    if (strcmp(tap, "0") == 0)
        return position;
    if ((axis == 'y' ? window->dilation_y : window->dilation_x) > 1)
        tap = writer_format(writer, "%s * %s", tap,
                            layer_constant(writer, layer, axis == 'y' ? "dilation_y" : "dilation_x"));
    return strcmp(index, "0") == 0 ? tap : writer_format(writer, "%s + %s", position, tap);
}
