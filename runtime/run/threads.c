/* threads.c - asks OpenMP where the trainer was linked with it; the functions are weak, so that their absence
 * is an answer and not a fault of linking. */
#include "run/threads.h"

#include <stddef.h>

#include "model.h"

void omp_set_num_threads(int count) __attribute__((weak));
int omp_get_max_threads(void) __attribute__((weak));

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
