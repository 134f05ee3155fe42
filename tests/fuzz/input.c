/* input.c - a folder for the files of a fuzzer: in memory where the system has a place for that. */
#include "input.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[64];

static void leave(void)
{
    DIR *files = opendir(folder);
    for (struct dirent *entry; files && (entry = readdir(files));)
        unlinkat(dirfd(files), entry->d_name, 0);
    if (files)
        closedir(files);
    rmdir(folder);
}

static void enter(void)
{
    static bool is_there;
    if (is_there)
        return;
    snprintf(folder, sizeof folder, "/dev/shm/netc-fuzz-XXXXXX");
    if (!mkdtemp(folder)) {
        snprintf(folder, sizeof folder, "/tmp/netc-fuzz-XXXXXX");
        if (!mkdtemp(folder))
            abort();
    }
    if (chdir(folder) != 0)
        abort();
    atexit(leave);
    is_there = true;
}

void input_write(const char *name, const void *bytes, size_t length)
{
    enter();
    FILE *to = fopen(name, "wb");
    if (!to || fwrite(bytes, 1, length, to) != length || fclose(to) != 0)
        abort();
}
