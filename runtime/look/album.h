/* album.h - a folder of pictures with one page that shows them, which appears whole or not at all: all files
 * stay in memory until the last is made.
 *
 *     album_begin(&album, "What lenet5 sees");
 *     album_add(&album, &picture, "filters-c1.png");  html_…(&album.page, …);
 *     album_save(&album, folder, &problem);            folder/index.html, folder/filters-c1.png
 */
#ifndef NETC_LOOK_ALBUM_H
#define NETC_LOOK_ALBUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/buffer.h"
#include "report/html.h"
#include "report/png.h"

struct problem;

enum { ALBUM_NAME = 320 }; /* bytes of a file name, more than any system takes */

struct album_file {
    char name[ALBUM_NAME];
    unsigned char *bytes;
    size_t length;
};

struct album {
    struct html page; /* index.html, as far as it is written */
    struct buffer text;
    struct album_file *files;
    int file_count;
    bool has_failed; /* something did not fit into memory */
};

/* An album must stay where it is. */
void album_begin(struct album *album, const char *title);
/* Takes the picture, which is released: it becomes a file of that name. A picture that could not be made may
 * be given, too: the album then cannot be saved. */
void album_add(struct album *album, struct picture *picture, const char *name);
/* Makes the files of `folder`, an empty one: all appear at once. On a fault the folder stays empty. */
bool album_save(struct album *album, const char *folder, struct problem *problem);
void album_release(struct album *album);

#endif
