/* png.h - small pictures for reports: samples in memory, enlarged without smoothing, as a PNG file or as the
 * text that a page holds it by.
 *
 *     struct picture digit;                            28x28 grey
 *     picture_create(&digit, 28, 28, 1);               … set digit.samples …
 *     picture_enlarge(&big, &digit, 4);                112x112, each sample 4x4 pixels
 *     png_data_uri(&big)                               "data:image/png;base64,iVBORw0KGgo…"
 *
 * The same picture gives the same bytes: no date, no text, one level of compression. */
#ifndef NETC_REPORT_PNG_H
#define NETC_REPORT_PNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Red, green and blue of each sample of a picture of one channel. */
struct picture_palette {
    unsigned char colours[256][3];
    int count; /* samples are below it */
};

struct picture {
    int height, width, channels;           /* channels: 1 grey; 3 red, green, blue; 4 these and opacity */
    unsigned char *samples;                /* [height][width][channels], 0 black or clear to 255 */
    const struct picture_palette *palette; /* what one channel stands for; NULL: grey */
};

/* Black, or clear, of sizes above 0. Without memory, or for other sizes or channels, false and an empty one.
 */
bool picture_create(struct picture *picture, int height, int width, int channels);
void picture_release(struct picture *picture);
/* First sample of a pixel. */
unsigned char *picture_at(const struct picture *picture, int y, int x);
/* `times` as high and wide: each pixel becomes a square. */
bool picture_enlarge(struct picture *to, const struct picture *from, int times);
/* Copies a picture into another of as many channels or more, with its top left corner at (y, x); what would
 * lie outside is cut off. Grey becomes colour, and where the other has opacity the copy is opaque. */
void picture_place(struct picture *to, const struct picture *from, int y, int x);

/* The bytes of a PNG file, to be freed; NULL without memory. */
unsigned char *png_encode(const struct picture *picture, size_t *length);
/* Writes them; false without memory or where the stream fails. */
bool png_write(const struct picture *picture, FILE *to);
/* As the address of an <img>; to be freed; NULL without memory. */
char *png_data_uri(const struct picture *picture);

#endif
