/* maps_pictures.c - the answers at all positions of a picture as a PNG file.
 *
 *     pictures/street.pgm  ->  DIR/street.png        data/test.idx[3]  ->  DIR/test.idx-3.png
 *
 * A picture of classes has their numbers as samples and a palette of colours, as those of PASCAL VOC have. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "problem.h"
#include "report/png.h"
#include "run/maps.h"
#include "run/output_file.h"
#include "run/run_folder.h"
#include "score.h"

enum { PICTURE_CLASSES = 256 /* that a sample of a picture can tell */ };

/* The colours of PASCAL VOC (Everingham et al. 2010): bits of the number, from the lowest on, become bits of
 * red, green and blue, from the highest on. */
static struct picture_palette palette_of(int classes)
{
    struct picture_palette palette = {.count = classes};
    for (int k = 0; k < classes; k++)
        for (int bit = 0; bit < 8; bit++)
            palette.colours[k][bit % 3] |= (unsigned char)((k >> bit & 1) << (7 - bit / 3));
    return palette;
}

/* The name of an example's file, without its ending. */
static void file_stem(const char *example, char *stem, size_t size)
{
    const char *slash = strrchr(example, '/'), *name = slash ? slash + 1 : example;
    size_t length = strlen(name), at = 0;
    const char *ending = length > 4 ? name + length - 4 : "";
    if (strcmp(ending, ".png") == 0 || strcmp(ending, ".pgm") == 0)
        length -= 4;
    for (size_t i = 0; i < length && at + 1 < size; i++)
        if (name[i] != ']')
            stem[at++] = name[i];
    stem[at] = 0;
    for (char *mark = stem; (mark = strpbrk(mark, "[:"));)
        *mark = '-';
}

static int by_text(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* False and a problem where two examples would have one file. */
static bool check_names(const struct dataset *data, size_t count, struct problem *problem)
{
    enum { LONGEST = 256 };
    char(*stems)[LONGEST] = malloc((count + 1) * sizeof *stems);
    bool fits = stems;
    for (size_t i = 0; fits && i < count; i++)
        file_stem(dataset_example_name(data, i), stems[i], LONGEST);
    if (fits)
        qsort(stems, count, sizeof *stems, by_text);
    for (size_t i = 1; fits && i < count; i++)
        if (strcmp(stems[i - 1], stems[i]) == 0)
            fits = problem_at(problem, stems[i], 0, 0, "two examples would be written as %s.png", stems[i]);
    free(stems);
    return fits;
}

bool maps_folder_create(const struct maps *maps, const char *folder, const struct dataset *data, size_t count,
                        struct problem *problem)
{
    char path[4096];
    const bool is_class = maps->model->output == OUTPUT_CATEGORICAL;
    if (is_class && maps_channels(maps->model) > PICTURE_CLASSES)
        return problem_at(problem, folder, 0, 0, "%d classes are more than a picture has samples for, %d",
                          maps_channels(maps->model), PICTURE_CLASSES);
    return check_names(data, count, problem) &&
           run_folder_create("runs", maps->model->name, folder, path, sizeof path, problem);
}

static bool write_file(const struct picture *picture, const char *path, struct problem *problem)
{
    struct output_file file;
    if (!output_file_open(&file, path, problem))
        return false;
    if (png_write(picture, file.stream))
        return output_file_commit(&file, problem);
    return output_file_fail(&file, "cannot be written", problem);
}

/* The samples of channel k; of classes there is one picture, k = 0. */
static void fill(const struct model *model, const real *prediction, int k, struct picture *picture)
{
    const int channels = maps_channels(model), positions = model_positions(model);
    for (int p = 0; p < positions; p++, prediction += channels)
        picture->samples[p] =
            (unsigned char)(model->output == OUTPUT_CATEGORICAL ? score_most_probable(prediction, channels)
                                                                : (int)(prediction[k] * 255 + (real)0.5));
}

bool maps_write(const struct maps *maps, const char *folder, const char *example, const real *prediction,
                struct problem *problem)
{
    const struct model *model = maps->model;
    const bool is_class = model->output == OUTPUT_CATEGORICAL;
    const int count = is_class ? 1 : maps_channels(model);
    const struct picture_palette palette = palette_of(is_class ? maps_channels(model) : 0);
    struct picture picture;
    char stem[256], path[4608], number[16] = "";
    if (!picture_create(&picture, model->target_height, model->target_width, 1))
        return problem_at(problem, folder, 0, 0, "a picture of %dx%d needs more memory than there is",
                          model->target_height, model->target_width);
    picture.palette = is_class ? &palette : NULL;
    file_stem(example, stem, sizeof stem);
    bool is_written = true;
    for (int k = 0; is_written && k < count; k++) {
        if (count > 1)
            snprintf(number, sizeof number, "-%d", k);
        snprintf(path, sizeof path, "%s/%s%s.png", folder, stem, number);
        fill(model, prediction, k, &picture);
        is_written = write_file(&picture, path, problem);
    }
    picture_release(&picture);
    return is_written;
}
