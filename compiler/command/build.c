/* build.c - `netc build` and `netc train`: from the .net file to a trainer, and on to the run.
 *
 *     netc build lenet5.net  ->  lenet5        netc train lenet5.net --epochs 5  ->  lenet5 train --epochs 5
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "command/building.h"
#include "command/commands.h"
#include "command/files.h"

static int build(struct building *building)
{
    int end = building_emit(building, options_for_compiler(building->options));
    return end == EXIT_GOOD ? building_make(building) : end;
}

int command_build(struct arena *arena, const struct options *options)
{
    struct building building = {.arena = arena, .options = options};
    int end = build(&building);
    if (end == EXIT_GOOD) {
        const char *output = options->output ? options->output : building.compiled.name;
        end = file_copy(building.binary, output) ? EXIT_GOOD : EXIT_INPUT;
    }
    building_release(&building);
    return end;
}

int command_train(struct arena *arena, const struct options *options)
{
    struct building building = {.arena = arena, .options = options};
    int end = build(&building);
    if (end != EXIT_GOOD)
        return end;
    struct arguments arguments = {0};
    arguments_add(arena, &arguments, building.compiled.name);
    arguments_add(arena, &arguments, "train");
    for (int i = 0; i < options->trainer_count; i++)
        arguments_add(arena, &arguments, options->trainer[i]);
    if (building.entry.is_kept) {
        execv(building.binary, (char *const *)arguments.words);
        fprintf(stderr, "netc: cannot run '%s': %s\n", building.binary, strerror(errno));
        return EXIT_FAULT;
    }
    arguments.words[0] = building.binary; /* without a cache its folder goes away behind it */
    end = arguments_run(&arguments);
    building_release(&building);
    return end < 0 ? EXIT_FAULT : end;
}
