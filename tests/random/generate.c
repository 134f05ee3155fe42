/* generate.c - a valid .net file from a seed: layers of all kinds in odd sizes, blocks, joins, outputs,
 * training, in a layout that nobody would choose.
 *
 *     generate 7            prints the network of seed 7; the same one always
 *     generate 7 --tidy     without the layout's oddities
 *
 * Each move knows what it makes of the shape so far and is offered only where it is valid, so nothing that
 * comes out may be refused. Networks are small: their gradients are checked number by number. What one line
 * draws is drawn in statements: in which order arguments are evaluated is left to the compiler. */
#include "drawing.h"
#include "ends.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_SIDE = 9, LARGEST_CHANNELS = 9, LARGEST_NUMBERS = 200 };

static const char *activation(struct net *net)
{
    return ONE_OF(net, "relu", "leaky_relu(0.1)", "elu", "selu", "gelu", "silu", "hard_swish", "sigmoid",
                  "tanh", "softplus", "leaky_relu", "tanh", "tanh");
}

/* Words behind a layer with weights. A batch of 1 has no variance where there is one pixel. */
static const char *words(struct net *net, int pixels)
{
    static char text[128];
    const bool has_activation = chance(net, 60);
    const char *norm = chance(net, 15) ? ONE_OF(net, " batchnorm", " layernorm") : "";
    if (norm[0] && net->batch * pixels == 1)
        norm = " layernorm";
    snprintf(text, sizeof text, "%s%s%s", norm, has_activation ? " " : "",
             has_activation ? activation(net) : "");
    if (chance(net, 8))
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s",
                 ONE_OF(net, " dropout(0.2)", " noise(0.1)"));
    return text;
}

static const char *weight_settings(struct net *net)
{
    return chance(net, 70) ? ""
                           : ONE_OF(net, " bias=no", " init=he", " init=glorot", " l1=1e-4", " l2=1e-3",
                                    " max_norm=2", " frozen");
}

/* A sliding window: each number is that of rows, then that of columns. */
struct window {
    int size[2], stride[2], dilation[2];
    int before[2], after[2]; /* padding */
    const char *same;        /* the padding's name in its place; NULL: none */
};

static int seen(const struct window *window, int axis)
{
    return (window->size[axis] - 1) * window->dilation[axis] + 1;
}

static int size_behind(const struct window *window, int axis, int size)
{
    if (window->same)
        return (size + window->stride[axis] - 1) / window->stride[axis];
    return (size + window->before[axis] + window->after[axis] - seen(window, axis)) / window->stride[axis] +
           1;
}

/* One that fits into the picture. Of a pool no window may lie in the padding alone. */
static struct window draw_window(struct net *net, int largest, bool is_pool)
{
    struct window window = {.same = chance(net, 10) ? "same" : NULL};
    const bool is_square = chance(net, 50);
    for (int axis = 0; axis < 2; axis++) {
        const int size = axis == 0 ? net->height : net->width;
        if (!is_pool && !window.same && chance(net, 60)) {
            window.before[axis] = below(net, 3);
            window.after[axis] = is_square ? window.before[axis] : below(net, 3);
        }
        const int room = size + window.before[axis] + window.after[axis];
        window.size[axis] = between(net, 1, room < largest ? room : largest);
        window.stride[axis] = between(net, 1, 2);
        window.dilation[axis] =
            !is_pool && window.size[axis] > 1 && (window.size[axis] - 1) * 2 + 1 <= room && chance(net, 20)
                ? 2
                : 1;
        if (is_pool && !window.same && window.size[axis] > 1 && chance(net, 30)) {
            window.before[axis] = between(net, 1, window.size[axis] - 1);
            window.after[axis] = below(net, window.size[axis]);
        }
    }
    return window;
}

/* "3x2 pad=[1, 0, 2, 0] stride=2x1 dilation=1x2" */
static const char *window_text(struct net *net, const struct window *window)
{
    static char text[160];
    int used =
        snprintf(text, sizeof text, window->size[0] == window->size[1] && chance(net, 50) ? "%d" : "%dx%d",
                 window->size[0], window->size[1]);
    const bool is_even = window->before[0] == window->after[0] && window->before[1] == window->after[1] &&
                         window->before[0] == window->before[1];
    if (window->same)
        used += snprintf(text + used, sizeof text - (size_t)used, " pad=same");
    else if (is_even && (window->before[0] || chance(net, 20)))
        used += snprintf(text + used, sizeof text - (size_t)used, " pad=%d", window->before[0]);
    else if (!is_even)
        used += snprintf(text + used, sizeof text - (size_t)used, " pad=[%d, %d, %d, %d]", window->before[0],
                         window->before[1], window->after[0], window->after[1]);
    used += snprintf(text + used, sizeof text - (size_t)used, " stride=%dx%d", window->stride[0],
                     window->stride[1]);
    if (window->dilation[0] > 1 || window->dilation[1] > 1)
        snprintf(text + used, sizeof text - (size_t)used, " dilation=%dx%d", window->dilation[0],
                 window->dilation[1]);
    return text;
}

static void pass_window(struct net *net, const struct window *window)
{
    net->height = size_behind(window, 0, net->height);
    net->width = size_behind(window, 1, net->width);
}

static void add_conv(struct net *net)
{
    const struct window window = draw_window(net, 5, false);
    const int divisor = net->channels % 3 == 0 ? 3 : 2;
    const int groups = net->channels % divisor == 0 && chance(net, 25) ? divisor : 1;
    const int filters = groups * between(net, 1, groups > 1 ? 4 : LARGEST_CHANNELS);
    pass_window(net, &window);
    const char *behind = words(net, net->height * net->width), *settings = weight_settings(net);
    put(net, "c%d: conv %d %s%s%s%s", label(net), filters, window_text(net, &window),
        groups == 3   ? " groups=3"
        : groups == 2 ? " groups=2"
                      : "",
        settings, behind);
    net->channels = filters;
}

static void add_own_filters(struct net *net)
{
    const char *behind = words(net, net->height * net->width);
    put(net, "o%d: conv filters=[edge, edge, [0 1 0; 1 -4 1; 0 1 0]] pad=1%s%s", label(net),
        ONE_OF(net, "", " frozen", " bias=no"), behind);
    net->channels = 3;
}

static void add_depthwise(struct net *net)
{
    const struct window window = draw_window(net, 3, false);
    const int multiplier = net->channels < 5 && chance(net, 30) ? 2 : 1;
    pass_window(net, &window);
    const char *behind = words(net, net->height * net->width), *bias = chance(net, 20) ? " bias=no" : "";
    put(net, "w%d: depthwise %s%s%s%s", label(net), window_text(net, &window),
        multiplier > 1 ? " multiplier=2" : "", bias, behind);
    net->channels *= multiplier;
}

static void add_pool(struct net *net)
{
    const struct window window = draw_window(net, 3, true);
    const char *text = window_text(net, &window);
    put(net, "%s %s", ONE_OF(net, "maxpool", "avgpool"), text);
    pass_window(net, &window);
}

/* A transposed convolution: (size - 1) stride + kernel - 2 pad + output_pad. */
static void add_transposed(struct net *net)
{
    int kernel[2], stride[2], pad[2], more[2];
    int *sides[2] = {&net->height, &net->width};
    for (int axis = 0; axis < 2; axis++) {
        kernel[axis] = between(net, 1, 3);
        stride[axis] = between(net, 1, 2);
        more[axis] = chance(net, 30) ? below(net, stride[axis]) : 0;
        pad[axis] = chance(net, 30) ? below(net, (kernel[axis] + 1) / 2) : 0;
        const int size = (*sides[axis] - 1) * stride[axis] + kernel[axis] - 2 * pad[axis] + more[axis];
        if (size < 1)
            pad[axis] = 0;
        *sides[axis] = (*sides[axis] - 1) * stride[axis] + kernel[axis] - 2 * pad[axis] + more[axis];
    }
    net->channels = between(net, 1, 5);
    const char *behind = words(net, net->height * net->width);
    put(net, "u%d: conv_transpose %d %dx%d stride=%dx%d pad=%dx%d output_pad=%dx%d%s%s", label(net),
        net->channels, kernel[0], kernel[1], stride[0], stride[1], pad[0], pad[1], more[0], more[1],
        chance(net, 80) ? "" : ONE_OF(net, " bias=no", " l2=1e-3", " init=glorot"), behind);
}

static void add_growth(struct net *net)
{
    if (net->height > 4 || net->width > 4)
        return;
    if (chance(net, 60)) {
        add_transposed(net);
        return;
    }
    const int rows = between(net, 1, 2), columns = between(net, 1, 3);
    put(net, "upsample %dx%d", rows, columns);
    net->height *= rows;
    net->width *= columns;
}

/* A path that keeps height and width. */
static void add_path(struct net *net, int filters)
{
    const char *behind = words(net, net->height * net->width);
    put(net, "p%d: conv %d %s pad=1%s", label(net), filters, ONE_OF(net, "3x3", "3"), behind);
}

static void add_residual(struct net *net)
{
    int filters = chance(net, 50) ? net->channels : between(net, 1, 6);
    bool has_shortcut = filters != net->channels || chance(net, 20);
    open_body(net, ONE_OF(net, "residual", "residual relu", "residual tanh"));
    add_path(net, filters);
    if (chance(net, 40))
        add_path(net, filters);
    net->depth--;
    if (has_shortcut) {
        put(net, "} shortcut {");
        net->depth++;
        put(net, "s%d: conv %d 1x1", label(net), filters);
        net->depth--;
    }
    put(net, "}");
    net->channels = filters;
}

static void add_join(struct net *net)
{
    const bool is_add = chance(net, 50);
    const int first = between(net, 1, 4), paths = between(net, 2, 3);
    int channels = 0;
    open_body(net, is_add ? "add" : "concat");
    for (int i = 0; i < paths; i++) {
        const int filters = is_add ? first : between(net, 1, 4);
        open_body(net, "path");
        add_path(net, filters);
        if (chance(net, 20))
            put(net, "dropout 0.25");
        close_body(net);
        channels += filters;
    }
    const bool has_input = !is_add && chance(net, 40);
    if (has_input)
        put(net, "path { }");
    close_body(net);
    net->channels = is_add ? first : channels + (has_input ? net->channels : 0);
}

/* A result that a later layer takes once more. */
static void add_reference(struct net *net)
{
    int first = label(net), filters = between(net, 1, 4);
    bool is_add = chance(net, 50);
    put(net, "r%d: conv %d 3x3 pad=1 %s", first, filters, activation(net));
    add_path(net, filters);
    put(net, "%s with=r%d", is_add ? "add" : "concat", first);
    net->channels = is_add ? filters : 2 * filters;
}

static void add_layer_of_image(struct net *net)
{
    switch (below(net, 15)) {
    case 13:
        add_own_filters(net);
        break;
    case 0:
        add_depthwise(net);
        break;
    case 1:
    case 2:
        add_pool(net);
        break;
    case 3:
        add_growth(net);
        break;
    case 4:
        add_residual(net);
        break;
    case 5:
        add_join(net);
        break;
    case 6:
        put(net, "%s",
            ONE_OF(net, "relu", "tanh", "gelu", "dropout 0.3", "noise 0.2", "silu", "elu alpha=0.7",
                   "leaky_relu slope=0.3"));
        break;
    case 7: {
        const char *norm =
            ONE_OF(net, "batchnorm", "layernorm", "batchnorm momentum=0.8 eps=1e-4", "layernorm eps=1e-3");
        put(net, "n%d: %s", label(net), net->batch * net->height * net->width == 1 ? "layernorm" : norm);
        break;
    }
    case 8: {
        int filters = between(net, 1, 5);
        put(net, "b%d: part(%d%s)", label(net), filters, ONE_OF(net, "", ", size=1", ", size=3"));
        net->channels = filters;
        break;
    }
    case 9:
        put(net, "t%d: repeat %d { k: conv width 3x3 pad=1 tanh }", label(net), between(net, 1, 2));
        net->channels = 3;
        break;
    case 10:
        add_reference(net);
        break;
    default:
        add_conv(net);
    }
}

static void add_dense(struct net *net)
{
    net->channels = between(net, 1, 19);
    const char *behind = words(net, 1);
    put(net, "f%d: dense %d%s%s", label(net), net->channels, weight_settings(net), behind);
    net->height = net->width = 1;
    net->is_vector = true;
}

static void add_layer_of_vector(struct net *net)
{
    if (net->channels % 4 == 0 && chance(net, 25)) {
        put(net, "reshape 2x2x%d", net->channels / 4);
        net->height = net->width = 2;
        net->channels /= 4;
        net->is_vector = false;
    } else if (chance(net, 20)) {
        put(net, "%s", ONE_OF(net, "relu", "softplus", "dropout 25%", "tanh"));
    } else {
        add_dense(net);
    }
}

static void add_global_pool(struct net *net)
{
    put(net, "globalpool%s", ONE_OF(net, "", " max", " avg"));
    net->height = net->width = 1;
    net->is_vector = true;
}

/* Of few examples for an eighth of the seeds, of a single one for half of these: much is emitted otherwise.
 * Drawn by itself, so that the other networks are what they were before. */
static int few_examples(uint64_t seed)
{
    struct net own = {.state = ~seed * 0x2545F4914F6CDD1Du};
    const int drawn = below(&own, 32);
    return drawn < 2 ? 1 : drawn == 2 ? 2 : drawn == 3 ? 3 : 0;
}

static void add_declarations(struct net *net)
{
    put(net, "let width = 3");
    put(net, "filter edge = [1 0 -1; 2 0 -2; 1 0 -1]");
    open_body(net, "block part(n, size=3)");
    put(net, "q: conv n size pad=same %s", activation(net));
    close_body(net);
}

int main(int count, char **words_given)
{
    struct net net = {.is_tidy = count > 2 && strcmp(words_given[2], "--tidy") == 0};
    if (count < 2)
        return 2;
    const uint64_t seed = strtoull(words_given[1], NULL, 10);
    net.state = seed * 0x2545F4914F6CDD1Du;
    net.batch = few_examples(seed);
    add_declarations(&net);
    open_body(&net, "net drawn");
    net.is_vector = chance(&net, 20);
    net.height = net.is_vector ? 1 : between(&net, 2, LARGEST_SIDE);
    net.width = net.is_vector ? 1 : between(&net, 2, LARGEST_SIDE);
    net.channels = between(&net, 1, net.is_vector ? 12 : 4);
    net.input = net.height * net.width * net.channels;
    if (net.is_vector)
        put(&net, "input %d", net.channels);
    else
        put(&net, "input %dx%dx%d", net.height, net.width, net.channels);
    for (int layers = between(&net, 1, 6); layers > 0; layers--) {
        if (net.is_vector)
            add_layer_of_vector(&net);
        else if (net.height * net.width * net.channels > LARGEST_NUMBERS && chance(&net, 60))
            add_pool(&net);
        else
            add_layer_of_image(&net);
        if (!net.is_vector && chance(&net, 10))
            add_dense(&net);
    }
    if (!net.is_vector && chance(&net, 30))
        add_global_pool(&net);
    add_output(&net);
    close_body(&net);
    add_train(&net);
    return 0;
}
