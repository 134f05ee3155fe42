/* machine.c - a trainer on a machine with fewer instructions says so instead of dying of one that is unknown.
 *
 *     lenet5: error: compiled for x86-64-v4, but this machine has no avx512f
 *     help: netc build --march=x86-64-v3 makes one that runs here
 *
 * The runtime itself is compiled for every machine of its family; only the generated file needs more. Of each
 * level of the x86-64 psABI those features are asked for that a processor could lack. */
#include "run/machine.h"

#include <string.h>

#if defined(__x86_64__)
#define NAMED(feature) feature, __builtin_cpu_supports(feature)

/* The first feature of a level, or of one below, that is missing; NULL: none. */
static const char *missing_feature(int level)
{
    __builtin_cpu_init();
    const struct {
        int level;
        const char *name;
        bool is_there;
    } features[] = {
        {3, NAMED("avx2")},     {3, NAMED("fma")},      {3, NAMED("bmi")},
        {3, NAMED("bmi2")},     {4, NAMED("avx512f")},  {4, NAMED("avx512bw")},
        {4, NAMED("avx512cd")}, {4, NAMED("avx512dq")}, {4, NAMED("avx512vl")},
    };
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
        if (features[i].level <= level && !features[i].is_there)
            return features[i].name;
    return NULL;
}

bool machine_can_run(const struct model *model, struct problem *problem)
{
    const int level = strcmp(model->march, "x86-64-v4") == 0   ? 4
                      : strcmp(model->march, "x86-64-v3") == 0 ? 3
                                                               : 0;
    const char *missing = missing_feature(level);
    if (!missing)
        return true;
    problem_at(problem, model->name, 0, 0, "compiled for %s, but this machine has no %s", model->march,
               missing);
    problem_help(problem, "netc build --march=%s makes one that runs here",
                 missing_feature(3) ? "portable" : "x86-64-v3");
    return false;
}
#else
bool machine_can_run(const struct model *model, struct problem *problem)
{
    (void)model, (void)problem;
    return true;
}
#endif
