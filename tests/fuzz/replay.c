/* replay.c - a fuzz target without a fuzzer: runs it on each file that is named, or on all of a folder.
 *
 *     fuzz_csv tests/fuzz/corpus/csv      what it once found must stay mended */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "input.h"

static int replayed;

static void replay_file(const char *path)
{
    FILE *from = fopen(path, "rb");
    struct stat status;
    if (!from || fstat(fileno(from), &status) != 0) {
        perror(path);
        exit(1);
    }
    uint8_t *bytes = malloc((size_t)status.st_size + 1);
    const size_t length = bytes ? fread(bytes, 1, (size_t)status.st_size, from) : 0;
    fclose(from);
    /* In memory of just that size, so that a sanitizer sees a byte too much. */
    uint8_t *exact = malloc(length ? length : 1);
    if (!bytes || !exact)
        exit(1);
    memcpy(exact, bytes, length);
    free(bytes);
    LLVMFuzzerTestOneInput(exact, length);
    free(exact);
    replayed++;
}

static void replay_folder(const char *path)
{
    struct dirent **entries;
    char *whole = realpath(path, NULL); /* a target may change to a folder of its own */
    const int count = whole ? scandir(whole, &entries, NULL, alphasort) : -1;
    for (int i = 0; i < count; i++) {
        char file[4096];
        snprintf(file, sizeof file, "%.3000s/%.255s", whole, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            replay_file(file);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    free(whole);
}

int main(int count, char **paths)
{
    for (int i = 1; i < count; i++) {
        struct stat status;
        if (stat(paths[i], &status) == 0 && S_ISDIR(status.st_mode))
            replay_folder(paths[i]);
        else
            replay_file(paths[i]);
    }
    printf("%d inputs\n", replayed);
    return replayed == 0;
}
