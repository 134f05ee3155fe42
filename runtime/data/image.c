/* image.c - PGM by hand, PNG by libspng, both into doubles. */
#include <limits.h>
#include <spng.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "data/file.h"
#include "data/image.h"
#include "data/pool.h"
#include "model.h"
#include "problem.h"

#define IMAGE_BYTES (1u << 30)   /* of the file */
#define IMAGE_REMARKS (1u << 24) /* of texts and colour profiles, however little they take in the file */

struct image {
    int height, width, channels; /* channels: 1 grey, 4 RGB and opacity */
    double *values;              /* [height][width][channels], each 0 to white */
};

struct pgm {
    const struct file *file;
    size_t position; /* of the next byte */
    int most;        /* the sample that is white */
};

/* Asked before anything of that size is allocated. */
static bool image_check_size(const char *path, int64_t height, int64_t width, const struct model_shape *input,
                             struct problem *problem)
{
    if (input->is_vector)
        return height * width == input->channels ||
               problem_at(problem, path, 0, 0, "is %lldx%lld pixels, but the network's input is %d features",
                          (long long)height, (long long)width, input->channels);
    return (height == input->height && width == input->width) ||
           problem_at(problem, path, 0, 0, "is %lldx%lld pixels, but the network's input is %dx%d",
                      (long long)height, (long long)width, input->height, input->width);
}

/* The next number of a header or of a P2 file; blanks and comments before it are skipped. -1: there is none.
 */
static int pgm_read_number(struct pgm *pgm)
{
    const unsigned char *bytes = pgm->file->bytes; /* ends with a zero, which is neither blank nor digit */
    size_t at = pgm->position;
    while (bytes[at] && strchr(" \t\r\n\v\f#", bytes[at])) {
        if (bytes[at] == '#')
            while (bytes[at] && bytes[at] != '\n')
                at++;
        else
            at++;
    }
    int number = bytes[at] >= '0' && bytes[at] <= '9' ? 0 : -1;
    for (; bytes[at] >= '0' && bytes[at] <= '9'; at++)
        if (number <= INT_MAX / 10 - 1)
            number = number * 10 + (bytes[at] - '0');
    pgm->position = at;
    return number;
}

/* The next sample of the pixels; -1: the file ends, or has something else there. */
static int pgm_read_sample(struct pgm *pgm, bool is_text)
{
    if (is_text)
        return pgm_read_number(pgm);
    size_t width = pgm->most > 255 ? 2 : 1;
    if (pgm->file->length - pgm->position < width)
        return -1;
    const unsigned char *from = pgm->file->bytes + pgm->position;
    pgm->position += width;
    return width == 2 ? from[0] << 8 | from[1] : from[0];
}

static bool pgm_read_header(struct pgm *pgm, struct image *image, const struct model_shape *input,
                            struct problem *problem)
{
    const char *path = pgm->file->path;
    pgm->position = 2;
    image->width = pgm_read_number(pgm);
    image->height = pgm_read_number(pgm);
    pgm->most = pgm_read_number(pgm);
    if (image->width < 0 || image->height < 0 || pgm->most < 1 || pgm->most > 65535)
        return problem_at(problem, path, 0, 0,
                          "is not a PGM file: its header is not 'P5 WIDTH HEIGHT MAXIMUM'");
    pgm->position += pgm->position < pgm->file->length; /* one blank ends the header */
    if (!image_check_size(path, image->height, image->width, input, problem))
        return false;
    /* Each sample takes a byte at least, in P2 with a blank even two; so nothing is allocated in vain. */
    if ((size_t)image->width * (size_t)image->height > pgm->file->length)
        return problem_at(problem, path, 0, 0, "is cut off: it has fewer than %dx%d samples", image->height,
                          image->width);
    return true;
}

static bool pgm_read(struct image *image, const struct file *file, const struct model_shape *input,
                     double white, struct problem *problem)
{
    struct pgm pgm = {.file = file};
    bool is_text = file->bytes[1] == '2';
    image->channels = 1;
    if (!pgm_read_header(&pgm, image, input, problem))
        return false;
    size_t count = (size_t)image->width * (size_t)image->height;
    image->values = memory_resize(NULL, count, sizeof *image->values);
    for (size_t i = 0; i < count; i++) {
        int sample = pgm_read_sample(&pgm, is_text);
        if (sample < 0)
            return problem_at(problem, file->path, 0, 0, "is cut off: sample %zu of %zu is missing", i + 1,
                              count);
        if (sample > pgm.most)
            return problem_at(problem, file->path, 0, 0, "has a sample of %d, above its maximum of %d",
                              sample, pgm.most);
        image->values[i] = sample * (white / pgm.most);
    }
    return true;
}

/* libspng's samples: 8 bits of red, green, blue and opacity. */
static bool png_decode(spng_ctx *png, struct image *image, unsigned char **samples, const struct file *file,
                       const struct model_shape *input, struct problem *problem)
{
    struct spng_ihdr header;
    size_t size;
    spng_set_image_limits(png, INT_MAX, INT_MAX);
    spng_set_chunk_limits(png, IMAGE_REMARKS, IMAGE_REMARKS);
    int fault = spng_set_png_buffer(png, file->bytes, file->length);
    if (!fault)
        fault = spng_get_ihdr(png, &header);
    if (!fault && !image_check_size(file->path, header.height, header.width, input, problem))
        return false;
    if (!fault)
        fault = spng_decoded_image_size(png, SPNG_FMT_RGBA8, &size);
    if (!fault) {
        image->height = (int)header.height;
        image->width = (int)header.width;
        *samples = memory_resize(NULL, size, 1);
        fault = spng_decode_image(png, *samples, size, SPNG_FMT_RGBA8, 0);
    }
    return !fault ||
           problem_at(problem, file->path, 0, 0, "is not a whole PNG file: %s", spng_strerror(fault));
}

static bool png_read(struct image *image, const struct file *file, const struct model_shape *input,
                     double white, struct problem *problem)
{
    unsigned char *samples = NULL;
    spng_ctx *png = spng_ctx_new(0);
    bool is_read = png && png_decode(png, image, &samples, file, input, problem);
    spng_ctx_free(png);
    if (is_read) {
        size_t count = (size_t)image->width * (size_t)image->height * 4;
        image->channels = 4;
        image->values = memory_resize(NULL, count, sizeof *image->values);
        for (size_t i = 0; i < count; i++)
            image->values[i] = samples[i] * (white / 255);
    }
    free(samples);
    return is_read;
}

/* From grey, or colour and opacity, to the channels that are wanted; `white` is full opacity too. */
static void image_convert(struct image *image, int channels, double white)
{
    size_t count = (size_t)image->width * (size_t)image->height;
    size_t from = (size_t)image->channels, to = (size_t)channels;
    double *values = memory_resize(NULL, count * to, sizeof *values);
    for (size_t i = 0; i < count; i++) {
        const double *pixel = image->values + i * from;
        for (size_t c = 0; c < to; c++) {
            if (c == 3)
                values[i * to + c] = from == 4 ? pixel[3] : white;
            else if (from == 1 || to > 1)
                values[i * to + c] = pixel[from == 1 ? 0 : c];
            else /* a grey PNG keeps its exact grey */
                values[i] = pixel[0] == pixel[1] && pixel[1] == pixel[2]
                                ? pixel[0]
                                : 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
        }
    }
    free(image->values);
    image->values = values;
    image->channels = channels;
}

double *image_read(const char *path, const struct model_shape *input, double white, struct problem *problem)
{
    struct file file;
    struct image image = {0};
    int channels = input->is_vector ? 1 : input->channels;
    if (channels != 1 && channels != 3 && channels != 4) {
        problem_at(problem, path, 0, 0, "pictures have 1, 3 or 4 channels, but the network's input has %d",
                   channels);
        return NULL;
    }
    if (!file_read(&file, path, IMAGE_BYTES, NULL, problem))
        return NULL;
    bool is_pgm = file.length > 2 && file.bytes[0] == 'P' && (file.bytes[1] == '5' || file.bytes[1] == '2');
    bool is_png = file.length > 4 && memcmp(file.bytes, "\x89PNG", 4) == 0;
    bool is_read = is_pgm   ? pgm_read(&image, &file, input, white, problem)
                   : is_png ? png_read(&image, &file, input, white, problem)
                            : problem_at(problem, path, 0, 0, "is neither a PGM nor a PNG picture");
    file_free(&file);
    if (!is_read) {
        free(image.values);
        return NULL;
    }
    if (image.channels != channels)
        image_convert(&image, channels, white);
    return image.values;
}
