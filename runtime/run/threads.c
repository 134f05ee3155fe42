/* threads.c - asks OpenMP where the trainer was linked with it; the functions are weak, so that their absence
 * is an answer and not a fault of linking. */
#include "run/threads.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "model.h"

void omp_set_num_threads(int count) __attribute__((weak));
int omp_get_max_threads(void) __attribute__((weak));

/* gcc's OpenMP lets waiting threads spin for milliseconds. Where another program has taken the core of one of
 * them, the others then burn their own time slices and all stand still together, some ten times a step:
 * measured, a fiftieth of the speed. How long they spin is read from the environment before main, so this
 * program starts itself again with it; where that is not possible it goes on as it is, and where OpenMP was
 * told to bind threads: then it has bound this one to a core, which would be all that the new program may
 * use. */
void threads_settle(char **argv)
{
    static const char looks[] = "1000"; /* some ten microseconds */
    if (!omp_get_max_threads || omp_get_max_threads() < 2 || getenv("GOMP_SPINCOUNT") ||
        getenv("OMP_WAIT_POLICY") || getenv("OMP_PROC_BIND") || getenv("GOMP_CPU_AFFINITY"))
        return;
    char program[PATH_MAX]; /* by its own name: lists of processes would call "/proc/self/exe" exe */
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0 || setenv("GOMP_SPINCOUNT", looks, 0) != 0)
        return;
    program[length] = 0;
    execv(program, argv);
}

void threads_set(int count)
{
    if (count > 0 && omp_set_num_threads)
        omp_set_num_threads(count);
}

int threads_asked(void)
{
    return omp_get_max_threads ? omp_get_max_threads() : 1;
}

int threads_of(const struct model *model)
{
    const int most = model->threads_most > 1 ? model->threads_most : 1;
    const int count = threads_asked();
    return count < most ? count : most;
}
