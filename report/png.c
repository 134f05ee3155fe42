/* png.c - pictures to PNG by libspng, and that to base64 (RFC 4648). */
#include "report/png.h"

#include <limits.h>
#include <spng.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURE_LARGEST = 1 << 28 /* bytes of samples: a report's pictures are far below */ };

static size_t picture_size(const struct picture *picture)
{
    return (size_t)picture->height * (size_t)picture->width * (size_t)picture->channels;
}

bool picture_create(struct picture *picture, int height, int width, int channels)
{
    *picture = (struct picture){0};
    bool has_channels = channels == 1 || channels == 3 || channels == 4;
    if (!has_channels || height < 1 || width < 1 || width > PICTURE_LARGEST / channels / height)
        return false;
    *picture = (struct picture){height, width, channels, NULL, NULL};
    picture->samples = calloc(picture_size(picture), 1);
    if (!picture->samples)
        *picture = (struct picture){0};
    return picture->samples;
}

void picture_release(struct picture *picture)
{
    free(picture->samples);
    *picture = (struct picture){0};
}

unsigned char *picture_at(const struct picture *picture, int y, int x)
{
    size_t pixel = (size_t)y * (size_t)picture->width + (size_t)x;
    return picture->samples + pixel * (size_t)picture->channels;
}

bool picture_enlarge(struct picture *to, const struct picture *from, int times)
{
    *to = (struct picture){0};
    if (times < 1 || from->height > INT_MAX / times || from->width > INT_MAX / times ||
        !picture_create(to, from->height * times, from->width * times, from->channels))
        return false;
    to->palette = from->palette;
    for (int y = 0; y < to->height; y++)
        for (int x = 0; x < to->width; x++)
            memcpy(picture_at(to, y, x), picture_at(from, y / times, x / times), (size_t)from->channels);
    return true;
}

static void place_pixel(unsigned char *to, int to_channels, const unsigned char *from, int from_channels)
{
    for (int c = 0; c < to_channels; c++) {
        bool is_made_up = c == 3 && from_channels < 4;
        to[c] = is_made_up ? 255 : from[from_channels == 1 ? 0 : c];
    }
}

void picture_place(struct picture *to, const struct picture *from, int y, int x)
{
    for (int i = 0; i < from->height; i++)
        for (int j = 0; j < from->width; j++) {
            if (y + i < 0 || y + i >= to->height || x + j < 0 || x + j >= to->width)
                continue;
            place_pixel(picture_at(to, y + i, x + j), to->channels, picture_at(from, i, j), from->channels);
        }
}

static int png_set_palette(spng_ctx *png, const struct picture_palette *palette)
{
    struct spng_plte table = {.n_entries = (uint32_t)palette->count};
    for (int i = 0; i < palette->count; i++)
        table.entries[i] = (struct spng_plte_entry){palette->colours[i][0], palette->colours[i][1],
                                                    palette->colours[i][2], 255};
    return spng_set_plte(png, &table);
}

unsigned char *png_encode(const struct picture *picture, size_t *length)
{
    static const unsigned char types[] = {[1] = SPNG_COLOR_TYPE_GRAYSCALE,
                                          [3] = SPNG_COLOR_TYPE_TRUECOLOR,
                                          [4] = SPNG_COLOR_TYPE_TRUECOLOR_ALPHA};
    spng_ctx *png = spng_ctx_new(SPNG_CTX_ENCODER);
    struct spng_ihdr header = {.height = (uint32_t)picture->height,
                               .width = (uint32_t)picture->width,
                               .bit_depth = 8,
                               .color_type =
                                   picture->palette ? SPNG_COLOR_TYPE_INDEXED : types[picture->channels]};
    unsigned char *bytes = NULL;
    int fault = !png;
    *length = 0;
    if (!fault)
        fault = spng_set_option(png, SPNG_ENCODE_TO_BUFFER, 1);
    if (!fault)
        fault = spng_set_option(png, SPNG_IMG_COMPRESSION_LEVEL, 9);
    if (!fault)
        fault = spng_set_ihdr(png, &header);
    if (!fault && picture->palette)
        fault = png_set_palette(png, picture->palette);
    if (!fault)
        fault = spng_encode_image(png, picture->samples, picture_size(picture), SPNG_FMT_PNG,
                                  SPNG_ENCODE_FINALIZE);
    if (!fault)
        bytes = spng_get_png_buffer(png, length, &fault);
    spng_ctx_free(png);
    return bytes;
}

bool png_write(const struct picture *picture, FILE *to)
{
    size_t length;
    unsigned char *bytes = png_encode(picture, &length);
    bool is_written = bytes && fwrite(bytes, 1, length, to) == length;
    free(bytes);
    return is_written;
}

/* Three bytes become four letters; the last one or two are filled up with zeros, and with '=' in the text. */
static void base64_write(char *to, const unsigned char *bytes, size_t length)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; at < length; at += 3) {
        size_t left = length - at;
        uint32_t word = (uint32_t)bytes[at] << 16;
        word |= left > 1 ? (uint32_t)bytes[at + 1] << 8 : 0;
        word |= left > 2 ? bytes[at + 2] : 0;
        *to++ = letters[word >> 18];
        *to++ = letters[word >> 12 & 63];
        *to++ = left > 1 ? letters[word >> 6 & 63] : '=';
        *to++ = left > 2 ? letters[word & 63] : '=';
    }
    *to = 0;
}

char *png_data_uri(const struct picture *picture)
{
    static const char head[] = "data:image/png;base64,";
    size_t length;
    unsigned char *bytes = png_encode(picture, &length);
    char *text = bytes ? malloc(sizeof head + (length + 2) / 3 * 4) : NULL;
    if (text) {
        memcpy(text, head, sizeof head - 1);
        base64_write(text + sizeof head - 1, bytes, length);
    }
    free(bytes);
    return text;
}
