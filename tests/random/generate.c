/* generate.c - a valid .net file from a seed: layers of all kinds in odd sizes, blocks, joins, outputs,
 * training, in a layout that nobody would choose.
 *
 *     generate 7            prints the network of seed 7; the same one always
 *     generate 7 --tidy     without the layout's oddities
 *
 * Each move knows what it makes of the shape so far and is offered only where it is valid, so nothing that
 * comes out may be refused. Networks are small: their gradients are checked number by number. */
#include <stdbool.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_SIDE = 9, LARGEST_CHANNELS = 9, LARGEST_NUMBERS = 200 };

struct net {
    uint64_t state;
    bool is_tidy;
    int depth, labels;
    int height, width, channels; /* of the result so far; 1x1xn of features */
    bool is_vector;
};

/* A number below `limit` (splitmix64: Steele, Lea, Flood 2014). */
static int below(struct net *net, int limit)
{
    uint64_t z = net->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (int)((z ^ (z >> 31)) % (uint64_t)limit);
}

static int between(struct net *net, int least, int most)
{
    return least + below(net, most - least + 1);
}

static bool chance(struct net *net, int percent)
{
    return below(net, 100) < percent;
}

static const char *one_of(struct net *net, const char *const *texts, int count)
{
    return texts[below(net, count)];
}

#define ONE_OF(net, ...)                                                                                     \
    one_of(net, (const char *const[]){__VA_ARGS__},                                                          \
           (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

/* One statement on a line of its own, with blanks and comments around it. */
__attribute__((format(printf, 2, 3))) static void put(struct net *net, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (!net->is_tidy && chance(net, 15))
        printf("%s", ONE_OF(net, "\n", "   # a comment of its own\n", "\n\n", "\t\n"));
    printf("%*s", net->is_tidy ? 4 * net->depth : below(net, 9), "");
    for (const char *at = line; *at; at++) {
        putchar(*at);
        if (!net->is_tidy && *at == ' ' && chance(net, 20))
            printf("%*s", below(net, 3), "");
    }
    printf("%s\n", net->is_tidy || chance(net, 80) ? "" : ONE_OF(net, "  # why", " #", "   "));
}

static void open(struct net *net, const char *line)
{
    put(net, "%s {", line);
    net->depth++;
}

static void close(struct net *net)
{
    net->depth--;
    put(net, "}");
}

static int label(struct net *net)
{
    return ++net->labels;
}

static const char *activation(struct net *net)
{
    return ONE_OF(net, "relu", "leaky_relu(0.1)", "elu", "selu", "gelu", "silu", "hard_swish", "sigmoid",
                  "tanh", "softplus", "leaky_relu", "tanh", "tanh");
}

/* Words behind a layer with weights. */
static const char *words(struct net *net)
{
    static char text[128];
    snprintf(text, sizeof text, "%s%s%s", chance(net, 15) ? ONE_OF(net, " batchnorm", " layernorm") : "",
             chance(net, 60) ? " " : "", "");
    if (text[0] && text[strlen(text) - 1] == ' ')
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s", activation(net));
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

static int size_behind(int size, int kernel, int stride, int pad, int dilation)
{
    return (size + 2 * pad - ((kernel - 1) * dilation + 1)) / stride + 1;
}

static void add_conv(struct net *net)
{
    int least = net->height < net->width ? net->height : net->width;
    int pad = below(net, 3), kernel = between(net, 1, least + 2 * pad < 5 ? least + 2 * pad : 5);
    int dilation = kernel > 1 && 2 * (kernel - 1) + 1 <= least + 2 * pad && chance(net, 20) ? 2 : 1;
    int stride = between(net, 1, 2), groups = net->channels % 2 == 0 && chance(net, 20) ? 2 : 1;
    int filters = groups * between(net, 1, groups > 1 ? 4 : LARGEST_CHANNELS);
    char settings[96] = "";
    if (dilation > 1)
        strcat(settings, " dilation=2");
    if (groups > 1)
        strcat(settings, " groups=2");
    put(net, "c%d: conv %d %dx%d pad=%d stride=%d%s%s%s", label(net), filters, kernel, kernel, pad, stride,
        settings, weight_settings(net), words(net));
    net->height = size_behind(net->height, kernel, stride, pad, dilation);
    net->width = size_behind(net->width, kernel, stride, pad, dilation);
    net->channels = filters;
}

static void add_depthwise(struct net *net)
{
    put(net, "w%d: depthwise 3x3 pad=1 stride=%d%s%s", label(net), 1, chance(net, 20) ? " bias=no" : "",
        words(net));
}

static void add_pool(struct net *net)
{
    int least = net->height < net->width ? net->height : net->width;
    int window = between(net, 1, least < 3 ? least : 3), stride = between(net, 1, window);
    int pad = window > 2 && chance(net, 30);
    put(net, "%s %dx%d stride=%d pad=%d", ONE_OF(net, "maxpool", "avgpool"), window, window, stride, pad);
    net->height = size_behind(net->height, window, stride, pad, 1);
    net->width = size_behind(net->width, window, stride, pad, 1);
}

static void add_growth(struct net *net)
{
    if (net->height > 4 || net->width > 4)
        return;
    if (chance(net, 50)) {
        put(net, "upsample 2");
    } else {
        net->channels = between(net, 1, 5);
        put(net, "u%d: conv_transpose %d 2x2 stride=2%s%s", label(net), net->channels, weight_settings(net),
            words(net));
    }
    net->height *= 2;
    net->width *= 2;
}

/* A path that keeps height and width. */
static void add_path(struct net *net, int filters)
{
    put(net, "p%d: conv %d %s pad=1%s", label(net), filters, ONE_OF(net, "3x3", "3"), words(net));
}

static void add_residual(struct net *net)
{
    int filters = chance(net, 50) ? net->channels : between(net, 1, 6);
    bool has_shortcut = filters != net->channels || chance(net, 20);
    open(net, ONE_OF(net, "residual", "residual relu", "residual tanh"));
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
    bool is_add = chance(net, 50);
    int first = between(net, 1, 4), second = is_add ? first : between(net, 1, 4);
    open(net, is_add ? "add" : "concat");
    for (int i = 0; i < 2; i++) {
        open(net, "path");
        add_path(net, i ? second : first);
        close(net);
    }
    bool has_input = !is_add && chance(net, 40);
    if (has_input)
        put(net, "path { }");
    close(net);
    net->channels = is_add ? first : first + second + (has_input ? net->channels : 0);
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
    switch (below(net, 13)) {
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
        put(net, "%s", ONE_OF(net, "relu", "tanh", "gelu", "dropout 0.3", "noise 0.2", "silu"));
        break;
    case 7:
        put(net, "n%d: %s", label(net),
            ONE_OF(net, "batchnorm", "layernorm", "batchnorm momentum=0.8 eps=1e-4"));
        break;
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
    put(net, "f%d: dense %d%s%s", label(net), net->channels, weight_settings(net), words(net));
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

/* Behind an image: a likelihood for each of its positions. */
static void add_output_of_image(struct net *net)
{
    put(net, "z: conv 3 1x1%s", ONE_OF(net, "", " bias=no"));
    put(net, "output %s",
        ONE_OF(net, "categorical", "categorical weights=[1, 2.5, 0.5] smoothing=0.1", "bernoulli"));
}

static void add_output(struct net *net)
{
    int count = between(net, 1, 4);
    switch (below(net, 8)) {
    case 0:
        put(net, "z: dense %d", count);
        put(net, "output bernoulli");
        break;
    case 1:
        put(net, "z: dense %d", 2 * count);
        put(net, "output normal");
        break;
    case 2:
        put(net, "z: dense %d", count);
        put(net, "output %s", ONE_OF(net, "normal sigma=0.5", "squared_error", "poisson"));
        break;
    case 3:
        put(net, "z: dense %d", count);
        put(net, "output %s", ONE_OF(net, "laplace", "huber delta=0.7", "huber"));
        break;
    case 4:
        put(net, "z: dense 3");
        put(net, "output categorical weights=[1, 2.5, 0.5]%s", ONE_OF(net, "", " smoothing=0.1"));
        break;
    default:
        put(net, "z: dense %d", count + 1);
        put(net, "output categorical");
    }
}

static void add_train(struct net *net)
{
    open(net, "train");
    put(net, "batch %d", between(net, 2, 6));
    put(net, "optimizer %s",
        ONE_OF(net, "sgd rate=0.01", "sgd rate=0.01 momentum=0.9", "sgd rate=0.01 momentum=0.8 nesterov",
               "adam", "adamw decay=0.02", "rmsprop rate=0.002", "adagrad rate=0.02"));
    if (chance(net, 60))
        put(net, "schedule %s",
            ONE_OF(net, "constant", "step 2 factor=0.5", "exponential 0.9 warmup=1", "cosine", "onecycle",
                   "cosine warmup=2"));
    if (chance(net, 40))
        put(net, "%s", ONE_OF(net, "λ l2=1e-3", "lambda l1=1e-4", "λ l1=1e-4 l2=1e-3"));
    if (chance(net, 30))
        put(net, "%s", ONE_OF(net, "clip norm=0.5", "clip value=0.1"));
    if (chance(net, 20))
        put(net, "%s", ONE_OF(net, "average ema=0.9", "average swa=0.5"));
    if (chance(net, 30)) {
        put(net, "validate 20%%");
        put(net, "patience 3");
    }
    if (chance(net, 10))
        put(net, "balance groups");
    put(net, "seed %d", between(net, 1, 99));
    close(net);
}

static void add_declarations(struct net *net)
{
    put(net, "let width = 3");
    open(net, "block part(n, size=3)");
    put(net, "q: conv n size pad=same %s", activation(net));
    close(net);
}

int main(int count, char **words_given)
{
    struct net net = {.is_tidy = count > 2 && strcmp(words_given[2], "--tidy") == 0};
    if (count < 2)
        return 2;
    net.state = strtoull(words_given[1], NULL, 10) * 0x2545F4914F6CDD1Du;
    add_declarations(&net);
    open(&net, "net drawn");
    net.is_vector = chance(&net, 20);
    net.height = net.is_vector ? 1 : between(&net, 2, LARGEST_SIDE);
    net.width = net.is_vector ? 1 : between(&net, 2, LARGEST_SIDE);
    net.channels = between(&net, 1, net.is_vector ? 12 : 4);
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
    bool is_image = !net.is_vector;
    if (is_image && chance(&net, 30)) {
        put(&net, "globalpool%s", ONE_OF(&net, "", " max", " avg"));
        is_image = false;
    }
    if (is_image && chance(&net, 40))
        add_output_of_image(&net);
    else
        add_output(&net);
    close(&net);
    add_train(&net);
    return 0;
}
