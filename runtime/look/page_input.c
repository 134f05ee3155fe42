/* page_input.c - one input: what the network says of it, what that rests on, and what each layer gives. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "look/attribution.h"
#include "look/board.h"
#include "look/look.h"
#include "look/palette.h"
#include "report/chart.h"

enum { PICTURE_WIDTH = 224, BARS_MOST = 40, TOP = 5 };

/* One input on its way through. */
struct visit {
    struct look *look;
    struct map input; /* as the network reads it */
    int number;       /* from 1, for the names of files */
    struct unit unit; /* that is asked about */
    char name[200];   /* of the class */
};

static void save(const struct visit *visit, struct picture *picture, int width, const char *what,
                 const char *description, const char *caption)
{
    char file[ALBUM_NAME];
    snprintf(file, sizeof file, "%d-%s.png", visit->number, what);
    look_show(visit->look, picture, width, file, description, caption);
}

/* `map` has one channel and the size of the picture. */
static void save_map(const struct visit *visit, const struct map *map, enum shade shade, const char *what,
                     const char *caption)
{
    struct picture small, big = {0};
    int larger = map->height > map->width ? map->height : map->width;
    /* A few pixels far above the others would leave these without colour. */
    double most = fmax(map_quantile(map, 0.995), -map_quantile(map, 0.005));
    if (!board_shade(&small, map, 0, shade, most > 0 ? most : map_largest(map)) ||
        !picture_enlarge(&big, &small, larger < PICTURE_WIDTH ? PICTURE_WIDTH / larger : 1))
        visit->look->album.has_failed = true;
    picture_release(&small);
    save(visit, &big, PICTURE_WIDTH, what, what, caption);
}

static void show_gradient(const struct visit *visit)
{
    struct map sum;
    char caption[400];
    map_sum_channels(&sum, &visit->look->insight.dinput[0]);
    snprintf(caption, sizeof caption,
             "Gradient: where a brighter pixel would raise the score of %s (red) or lower it (blue).",
             visit->name);
    save_map(visit, &sum, SHADE_SIGNED, "gradient", caption);
    map_release(&sum);
}

static void show_smooth(const struct visit *visit, const struct map *smooth)
{
    struct map largest;
    char caption[400];
    map_largest_channel(&largest, smooth);
    snprintf(caption, sizeof caption,
             "SmoothGrad: how much each pixel counts, by the mean gradient of %d noisy copies.",
             SMOOTH_COPIES);
    save_map(visit, &largest, SHADE_HEAT, "smoothgrad", caption);
    map_release(&largest);
}

/* The picture in grey, and over it the colour of the heat, the stronger the more it hides. */
static bool draw_overlay(const struct look *look, const struct map *input, const struct map *heat,
                         struct picture *to)
{
    struct picture below;
    double most = map_largest(heat);
    int larger = input->height > input->width ? input->height : input->width;
    int times = larger < PICTURE_WIDTH ? PICTURE_WIDTH / larger : 1;
    struct map fine;
    bool is_drawn = look_draw_input(input, &look->range, &below) &&
                    picture_create(to, input->height * times, input->width * times, 3);
    map_resize(&fine, heat, input->height * times, input->width * times);
    for (int y = 0; is_drawn && y < to->height; y++)
        for (int x = 0; x < to->width; x++) {
            const unsigned char *pixel =
                picture_at(&below, y * below.height / to->height, x * below.width / to->width);
            int green = below.channels > 1 ? 1 : 0, blue = below.channels > 1 ? 2 : 0;
            double grey = 0.299 * pixel[0] + 0.587 * pixel[green] + 0.114 * pixel[blue];
            double value = most > 0 ? *map_at(&fine, y, x, 0) / most : 0, cover = 0.75 * sqrt(value);
            struct colour colour = palette_heat(value);
            unsigned char *at = picture_at(to, y, x);
            at[0] = (unsigned char)((1 - cover) * grey + cover * colour.red);
            at[1] = (unsigned char)((1 - cover) * grey + cover * colour.green);
            at[2] = (unsigned char)((1 - cover) * grey + cover * colour.blue);
        }
    picture_release(&below);
    map_release(&fine);
    return is_drawn;
}

static void show_gradcam(const struct visit *visit)
{
    struct look *look = visit->look;
    const struct model_layer *layer = &look->model->layers[look->cam_layer];
    struct map heat;
    struct picture picture = {0};
    char caption[400];
    attribution_gradcam(&look->insight.value[look->cam_layer], &look->insight.gradient[look->cam_layer],
                        &heat);
    if (!draw_overlay(look, &visit->input, &heat, &picture))
        look->album.has_failed = true;
    snprintf(caption, sizeof caption, "Grad-CAM at %.100s: %s%s.", layer->label,
             map_largest(&heat) > 0 ? "where this layer found what speaks for "
                                    : "nowhere does this layer find what speaks for ",
             visit->name);
    save(visit, &picture, PICTURE_WIDTH, "gradcam", "Grad-CAM over the picture", caption);
    map_release(&heat);
}

/* A picture of the input's kind. */
static void show_as_picture(const struct visit *visit, const struct map *map, const char *what,
                            const char *caption)
{
    struct picture small, big = {0};
    int larger = map->height > map->width ? map->height : map->width;
    if (!look_draw_input(map, &visit->look->range, &small) ||
        !picture_enlarge(&big, &small, larger < PICTURE_WIDTH ? PICTURE_WIDTH / larger : 1))
        visit->look->album.has_failed = true;
    picture_release(&small);
    save(visit, &big, PICTURE_WIDTH, what, what, caption);
}

static void show_picture(const struct visit *visit)
{
    char caption[200];
    snprintf(caption, sizeof caption, "The picture, %dx%dx%d.", visit->input.height, visit->input.width,
             visit->input.channels);
    show_as_picture(visit, &visit->input, "picture", caption);
}

/* Beside the input what an autoencoder makes of it. */
static void show_copy(const struct visit *visit)
{
    const struct map *made = &visit->look->insight.value[visit->look->model->layer_count - 2];
    if (visit->look->model->target_is_input && made->height == visit->input.height &&
        made->width == visit->input.width && made->channels == visit->input.channels)
        show_as_picture(visit, made, "copy", "What the network makes of it.");
}

/* Where in `text` a word begins; NULL where it does not stand there. */
static const char *find_word(const char *text, const char *word)
{
    for (const char *at = text; (at = strstr(at, word)); at++)
        if (at > text && at[-1] == ' ')
            return at;
    return NULL;
}

/* What a layer does. Of a statement with words behind it that are layers of their own each gets its part:
 * "conv 16 3x3 batchnorm relu" -> "conv 16 3x3" and "batchnorm relu". */
static void describe(const struct model *model, int i, char *text, size_t size)
{
    const struct model_layer *layer = &model->layers[i];
    int first = i;
    while (first > 1 &&
           strncmp(layer->label, model->layers[first - 1].label, strlen(model->layers[first - 1].label)) == 0)
        first--;
    const char *start = layer->kind, *end = NULL;
    if (first < i && !strchr(layer->kind, ' ') && find_word(model->layers[first].kind, layer->kind))
        start = find_word(model->layers[first].kind, layer->kind);
    const char *next = i + 1 < model->layer_count ? model->layers[i + 1].kind : "";
    if (!strchr(next, ' '))
        end = find_word(start, next);
    snprintf(text, size, "%.*s", end ? (int)(end - start - 1) : (int)strlen(start), start);
}

/* "c1: conv 6 5x5 pad=2 relu, 6 channels of 28x28, 0 to 2.31" */
static void show_layer(const struct visit *visit, int i)
{
    const struct model_layer *layer = &visit->look->model->layers[i];
    const struct map *value = &visit->look->insight.value[i];
    struct picture picture = {0};
    char caption[800], kind[300], size[64] = "units", part[64] = "";
    bool is_vector = value->height * value->width == 1, is_signed = map_has_negative(value);
    int most = is_vector ? 1024 : 64, count = value->channels < most ? value->channels : most;
    double largest = map_largest(value);
    if (!board_of_map(&picture, value, count, is_signed ? SHADE_SIGNED : SHADE_LEVEL, largest))
        visit->look->album.has_failed = true;
    describe(visit->look->model, i, kind, sizeof kind);
    if (!is_vector)
        snprintf(size, sizeof size, "maps of %dx%d", value->height, value->width);
    if (count < value->channels)
        snprintf(part, sizeof part, " (the first %d are shown)", count);
    snprintf(caption, sizeof caption, "%.100s: %s; %d %s%s, %s%.3g", layer->label, kind, value->channels,
             size, part, is_signed ? "colours end at ±" : "0 to ", largest);
    save(visit, &picture, 0, layer->label, "what the layer gives", caption);
}

/* Dropout and noise pass on what they get here: to see it once is enough. */
static bool passes_on(const struct visit *visit, int i)
{
    const struct map *before = &visit->look->insight.value[i - 1], *value = &visit->look->insight.value[i];
    return map_size(before) == map_size(value) &&
           memcmp(before->values, value->values, map_size(value) * sizeof *value->values) == 0;
}

static void show_layers(const struct visit *visit)
{
    struct html *page = &visit->look->album.page;
    html_fold_begin(page, "What each layer gives", visit->number == 1);
    html_gallery_begin(page);
    for (int i = 1; i < visit->look->model->layer_count - 1; i++)
        if (!passes_on(visit, i))
            show_layer(visit, i);
    html_gallery_end(page);
    html_fold_end(page);
}

/* The most probable classes, or the values. */
static void show_answer(const struct visit *visit)
{
    static const struct html_column columns[] = {{"class", false}, {"score", true}, {"probability", true}};
    struct look *look = visit->look;
    struct html *page = &look->album.page;
    const struct map *score = &look->insight.value[look->score_layer],
                     *answer = &look->insight.value[look->model->layer_count - 1];
    if (look->model->output != OUTPUT_CATEGORICAL || map_size(score) != map_size(answer))
        return;
    html_table_begin(page, NULL, columns, 3);
    int last = -1;
    for (int i = 0; i < TOP && i < look->score_count; i++) {
        int best = -1;
        for (int k = 0; k < look->score_count; k++) {
            bool is_left = last < 0 || score->values[k] < score->values[last] ||
                           (score->values[k] <= score->values[last] && k > last);
            if (is_left && (best < 0 || score->values[k] > score->values[best]))
                best = k;
        }
        if (best < 0)
            break;
        char number[32];
        html_row(page);
        html_cell(page, "%s", look_class_name(look, best, number, sizeof number));
        html_cell(page, "%.2f", score->values[best]);
        html_cell(page, "%.1f %%", 100 * answer->values[best]);
        last = best;
    }
    html_table_end(page);
}

/* A vector: which features the score hangs on, as bars, or as strips where they are many. */
static void show_features(const struct visit *visit, const struct map *smooth)
{
    struct look *look = visit->look;
    const struct normaliser *normaliser = &look->trained.file.normaliser;
    int count = visit->input.channels;
    char title[300];
    snprintf(title, sizeof title, "Gradient of the score of %.200s by each feature", visit->name);
    if (count > BARS_MOST) {
        struct picture picture = {0};
        if (!board_of_map(&picture, smooth, count, SHADE_SIGNED, map_largest(smooth)))
            look->album.has_failed = true;
        html_gallery_begin(&look->album.page);
        save(visit, &picture, 0, "smoothgrad", "a cell for each feature", title);
        html_gallery_end(&look->album.page);
        return;
    }
    char(*numbers)[16] = memory_resize(NULL, (size_t)count, sizeof *numbers);
    const char **names = memory_resize(NULL, (size_t)count, sizeof *names);
    for (int i = 0; i < count; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%d", i);
        names[i] = normaliser->feature_count == count ? normaliser->features[i] : numbers[i];
    }
    const struct chart_series bars[] = {
        {.name = "gradient",
         .mark = CHART_BARS,
         .colour = 0,
         .count = count,
         .y = look->insight.dinput[0].values},
        {.name = "SmoothGrad", .mark = CHART_POINTS, .colour = 1, .count = count, .y = smooth->values}};
    html_figures_begin(&look->album.page);
    chart_print(&look->album.page,
                &(struct chart){.title = title,
                                .categories = names,
                                .series = bars,
                                .series_count = 2,
                                .note = "How the score would change if the feature, as the network "
                                        "reads it, grew by 1."});
    html_figures_end(&look->album.page);
    free(names);
    free(numbers);
}

static void ask(const struct visit *visit)
{
    insight_ask(&visit->look->insight, &visit->input, &visit->unit, 1);
}

/* --class, else the unit that the network gives most. */
static void choose_unit(struct visit *visit)
{
    struct look *look = visit->look;
    char number[32];
    const struct map *score;
    visit->unit = (struct unit){look->score_layer, look->class >= 0 ? look->class : 0};
    ask(visit);
    score = &look->insight.value[look->score_layer];
    bool is_class = look->model->output == OUTPUT_CATEGORICAL || look->model->output == OUTPUT_BERNOULLI;
    for (int k = 1; k < look->score_count && look->class < 0 && is_class; k++)
        if (map_mean(score, k) > map_mean(score, visit->unit.channel))
            visit->unit.channel = k;
    snprintf(visit->name, sizeof visit->name, "%s",
             look_class_name(look, visit->unit.channel, number, sizeof number));
}

/* "The network says shirt (96.8 %)." */
static void show_verdict(const struct visit *visit)
{
    struct look *look = visit->look;
    struct html *page = &look->album.page;
    const struct map *answer = &look->insight.value[look->model->layer_count - 1];
    char number[32];
    int best = 0;
    if (look->model->output != OUTPUT_CATEGORICAL || map_size(answer) != (size_t)look->score_count)
        return;
    for (int k = 1; k < look->score_count; k++)
        best = answer->values[k] > answer->values[best] ? k : best;
    const char *name = look_class_name(look, best, number, sizeof number);
    if (best == visit->unit.channel)
        html_paragraph(page, "The network says %s (%.1f %%).", name, 100 * answer->values[best]);
    else
        html_paragraph(page, "The network says %s (%.1f %%). What speaks for %s (%.1f %%) is shown.", name,
                       100 * answer->values[best], visit->name, 100 * answer->values[visit->unit.channel]);
}

static void show_evidence(struct visit *visit)
{
    struct look *look = visit->look;
    struct map smooth;
    choose_unit(visit);
    show_verdict(visit);
    attribution_smooth(&look->insight, &visit->input, visit->unit, look->seed, &smooth);
    ask(visit);
    if (!look_has_pictures(look)) {
        show_answer(visit);
        show_features(visit, &smooth);
    } else {
        html_gallery_begin(&look->album.page);
        show_picture(visit);
        show_gradient(visit);
        show_smooth(visit, &smooth);
        if (look->cam_layer > 0)
            show_gradcam(visit);
        html_gallery_end(&look->album.page);
        show_answer(visit);
    }
    map_release(&smooth);
}

static void read_input(struct visit *visit, size_t i)
{
    const struct model_shape *shape = &visit->look->model->input;
    const struct examples *examples = dataset_split(visit->look->data, "predict");
    map_create(&visit->input, shape->height, shape->width, shape->channels);
    size_t size = map_size(&visit->input);
    real *values = memory_resize(NULL, size, sizeof *values);
    int row = shape->width * shape->channels;
    examples_read_input(examples, i, values, shape->height, row, row);
    for (size_t j = 0; j < size; j++)
        visit->input.values[j] = (double)values[j];
    free(values);
}

void look_at_input(struct look *look, size_t i)
{
    struct visit visit = {.look = look, .number = (int)i + 1};
    read_input(&visit, i);
    html_heading(&look->album.page, dataset_example_name(look->data, i));
    if (look->score_layer >= 0) {
        show_evidence(&visit);
    } else {
        insight_ask(&look->insight, &visit.input, NULL, 1);
        html_gallery_begin(&look->album.page);
        show_picture(&visit);
        show_copy(&visit);
        html_gallery_end(&look->album.page);
    }
    show_layers(&visit);
    map_release(&visit.input);
}
