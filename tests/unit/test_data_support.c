/* test_data_support.c - what the tests of the data readers share. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "test_data_support.h"

static char folder[] = "/tmp/netc-test-XXXXXX";

void data_begin(void)
{
    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
}

void data_end(void)
{
    DIR *files = opendir(folder);
    for (struct dirent *entry; files && (entry = readdir(files));)
        unlink(entry->d_name);
    closedir(files);
    rmdir(folder);
}

void data_write(const char *name, const void *bytes, size_t length)
{
    FILE *to = fopen(name, "wb");
    cr_assert(to && fwrite(bytes, 1, length, to) == length && fclose(to) == 0);
}

void data_write_text(const char *name, const char *text)
{
    data_write(name, text, strlen(text));
}

void data_write_gzip(const char *name, const void *bytes, size_t length)
{
    gzFile to = gzopen(name, "wb");
    cr_assert(to && gzwrite(to, bytes, (unsigned)length) == (int)length && gzclose(to) == Z_OK);
}

size_t data_make_idx(unsigned char *to, int type, int rank, const unsigned *sizes, const void *values,
                     size_t length)
{
    unsigned char *at = to;
    *at++ = 0, *at++ = 0, *at++ = (unsigned char)type, *at++ = (unsigned char)rank;
    for (int i = 0; i < rank; i++)
        for (int shift = 24; shift >= 0; shift -= 8)
            *at++ = (unsigned char)(sizes[i] >> shift);
    memcpy(at, values, length);
    return (size_t)(at - to) + length;
}

struct model data_model_vector(int features, enum model_output output, int target_size)
{
    return (struct model){.input = {1, 1, features, true}, .output = output, .target_size = target_size};
}

struct model data_model_image(int height, int width, int channels, int classes)
{
    return (struct model){
        .input = {height, width, channels, false}, .output = OUTPUT_CATEGORICAL, .target_size = classes};
}

struct dataset *data_open(const struct model *model)
{
    struct problem problem = {0};
    struct dataset *data = dataset_open("data.yaml", model, &problem);
    cr_assert(data, "%s", problem.text);
    return data;
}

void data_expect_refused(const struct model *model, const char *message)
{
    struct problem problem = {0};
    struct dataset *data = dataset_open("data.yaml", model, &problem);
    cr_expect_null(data, "should be refused: %s", message);
    cr_expect_str_eq(problem.text, message, "wanted:\n%s\ngot:\n%s", message, problem.text);
    dataset_close(data);
}

void data_expect_all_refused(const char *file, const struct refusal *refusals, size_t count,
                             const struct model *model)
{
    for (size_t i = 0; i < count; i++) {
        data_write_text(file, refusals[i].text);
        data_expect_refused(model, refusals[i].message);
    }
}
