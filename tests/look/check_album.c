/* check_album.c - the folder that `look` made: its page is well-formed, every picture that it names is there
 * and can be decoded, and no other file is.
 *
 *     ALBUM=looks/net-1 check_album */
#include <criterion/criterion.h>
#include <dirent.h>
#include <spng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test_report_support.h"

static char *read_whole(const char *folder, const char *name, size_t *length)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *from = fopen(path, "rb");
    cr_assert(from, "%s is not there", path);
    char *text = malloc(1 << 22);
    *length = fread(text, 1, (1 << 22) - 1, from);
    text[*length] = 0;
    fclose(from);
    return text;
}

static void decode(const char *folder, const char *name)
{
    size_t length, size;
    char *bytes = read_whole(folder, name, &length);
    spng_ctx *png = spng_ctx_new(0);
    cr_assert_eq(spng_set_png_buffer(png, bytes, length), 0);
    cr_assert_eq(spng_decoded_image_size(png, SPNG_FMT_RGBA8, &size), 0, "%s is no picture", name);
    unsigned char *samples = malloc(size);
    cr_expect_eq(spng_decode_image(png, samples, size, SPNG_FMT_RGBA8, 0), 0, "%s is damaged", name);
    bool has_something = false;
    for (size_t i = 4; i < size; i++)
        has_something = has_something || samples[i] != samples[i % 4];
    bool shows_something = strstr(name, "gradient") || strstr(name, "smoothgrad") || strstr(name, "filters");
    cr_expect(has_something || !shows_something, "%s is of one colour", name);
    free(samples);
    free(bytes);
    spng_ctx_free(png);
}

Test(album, page_and_pictures_belong_together)
{
    const char *folder = getenv("ALBUM");
    size_t length;
    int named = 0, files = 0;
    cr_assert(folder);
    char *page = read_whole(folder, "index.html", &length);
    paper_check(page);
    for (char *at = page; (at = strstr(at, "<img src=\"")); named++) {
        char name[400];
        at += strlen("<img src=\"");
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at, "\""), at);
        decode(folder, name);
    }
    DIR *entries = opendir(folder);
    for (struct dirent *entry; (entry = readdir(entries));)
        files += entry->d_name[0] != '.';
    closedir(entries);
    cr_expect_gt(named, 0);
    cr_expect_eq(files, named + 1, "%d files, but the page names %d pictures", files, named);
    free(page);
}
