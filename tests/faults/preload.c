/* preload.c - loaded into a command that inject.c runs: says when the command itself begins and ends, and
 * where allocations are to fail, counts them and lets the N-th fail.
 *
 * What the command starts in turn is not to be counted: the environment no longer names this library. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shared.h"

/* glibc's own names of its allocator, which stay reachable behind the ones below. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static struct tally *tally;

static bool fails(void)
{
    if (!tally)
        return false;
    const long number = __atomic_add_fetch(&tally->count, 1, __ATOMIC_RELAXED);
    if (number != tally->fails_at)
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return fails() ? NULL : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **to, size_t alignment, size_t size)
{
    *to = fails() ? NULL : __libc_memalign(alignment, size);
    return *to ? 0 : ENOMEM;
}

/* A build for coverage asks for these when all is done, and then opens and writes a file for each object. */
char *getenv(const char *name)
{
    const size_t length = strlen(name);
    if (strncmp(name, "GCOV_", 5) == 0) {
        tally = NULL;
        syscall(SYS_tgkill, 0, 0, 1); /* the calls are no longer the command's */
    }
    for (char **entry = environ; entry && *entry; entry++)
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
            return *entry + length + 1;
    return NULL;
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv(TALLY_NAME);
    const int file = path ? open(path, O_RDWR) : -1;
    if (file >= 0) {
        void *mapped = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        close(file);
        if (mapped == MAP_FAILED)
            _exit(70);
        tally = mapped;
    } else if (path) {
        _exit(70);
    }
    unsetenv(TALLY_NAME);
    unsetenv("LD_PRELOAD");
    syscall(SYS_tgkill, 0, 0, 0); /* from here on the calls are the command's */
}
