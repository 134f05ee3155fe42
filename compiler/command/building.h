/* building.h - what `netc build`, `train` and `sweep` share: a trainer from a .net file. */
#ifndef NETC_COMMAND_BUILDING_H
#define NETC_COMMAND_BUILDING_H

#include "command/cache.h"
#include "command/options.h"
#include "command/toolchain.h"

struct building {
    struct arena *arena;
    const struct options *options; /* compiler, flags, --double, how to tell errors */
    const char *march;
    bool settings_at_start;
    struct compiled compiled;
    struct toolchain toolchain;
    struct cache_entry entry;
    const char *binary; /* the trainer, in its cache entry */
};

/* Emits C for the machine that the options want. Returns EXIT_GOOD, or the exit code of what was told. */
int building_emit(struct building *building, struct compile_options compile_options);
/* The trainer of what was emitted, from the cache or compiled now. */
int building_make(struct building *building);
/* Without a cache the trainer goes with this. */
void building_release(struct building *building);

/* --march, native resolved. */
const char *building_march(const struct options *options);
/* What a trainer keeps of where it came from: the model's text with that of the files which it includes
 * behind it, and the absolute folder of the model. */
struct text building_text(struct arena *arena, const struct compiled *compiled);
const char *building_folder(struct arena *arena, const struct compiled *compiled);

#endif
