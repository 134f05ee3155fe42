/* building.c - emitted C into a trainer: compiled with the user's C compiler, linked with the runtime, kept
 * in the cache.
 *
 *     NAME.c NAME.h NAME_source.c  ->  cc -O3 -march=… -lnetc_runtime …  ->  ~/.cache/netc/3f2a…/NAME */
#include "command/building.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include "base/arena.h"
#include "base/source.h"
#include "command/commands.h"
#include "command/files.h"
#include "command/tuning_file.h"
#include "config.h"

/* A C array of bytes: the .net text may hold anything. */
static void print_bytes(struct text *to, const char *name, const char *bytes, size_t length)
{
    text_format(to, "static const char %s[] = {", name);
    for (size_t i = 0; i < length; i++)
        text_format(to, "%s%d,", i % 24 ? "" : "\n    ", (signed char)bytes[i]);
    text_format(to, "\n    0};\n");
}

struct text building_text(struct arena *arena, const struct compiled *compiled)
{
    struct text text = text_create(arena);
    for (int i = 0; i < compiled->source_count; i++) {
        const struct source *source = compiled->sources[i];
        if (i > 0)
            text_format(&text, "\n# include \"%s\"\n", path_name(source->path));
        text_append(&text, source->bytes, source->length);
    }
    return text;
}

const char *building_folder(struct arena *arena, const struct compiled *compiled)
{
    char folder[PATH_MAX];
    const char *path = path_folder(arena, compiled->source->path);
    return realpath(path, folder) ? arena_copy(arena, folder, strlen(folder)) : path;
}

/* NAME_source.c: the .net text as an object of its own, so that NAME.c does not change with its comments. */
static struct text source_object(struct building *building)
{
    struct text whole = building_text(building->arena, &building->compiled);
    const struct source *source = building->compiled.source;
    struct text text = text_create(building->arena);
    const char *folder = building_folder(building->arena, &building->compiled);
    const char *name = path_name(source->path);
    text_format(&text, "/* The .net text that this trainer was made from. */\n#include \"model.h\"\n\n");
    if (building->settings_at_start) {
        text_format(&text, "struct model_source model_source = {NULL, NULL, 0, NULL}; /* read at start */\n");
        return text;
    }
    print_bytes(&text, "text", whole.bytes, whole.length);
    print_bytes(&text, "path", name, strlen(name));
    print_bytes(&text, "folder", folder, strlen(folder));
    text_format(&text, "\nstruct model_source model_source = {path, text, %zu, folder};\n", whole.length);
    return text;
}

static void add_flags(struct building *building, struct arguments *arguments)
{
    const struct options *options = building->options;
    *arguments = building->toolchain.cc;
    toolchain_flags(building->arena, &building->toolchain, building->march, options->twice, options->cflags,
                    arguments);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Size and time of each header of the runtime, by name. */
static void add_headers(struct building *building, struct text *key)
{
    enum { MOST = 256 };
    const char *folder = building->toolchain.include, *names[MOST];
    DIR *headers = opendir(folder);
    int count = 0;
    if (!headers)
        return;
    for (struct dirent *child; (child = readdir(headers)) && count < MOST;)
        if (strstr(child->d_name, ".h"))
            names[count++] = arena_copy(building->arena, child->d_name, strlen(child->d_name));
    closedir(headers);
    qsort(names, (size_t)count, sizeof *names, compare_names);
    for (int i = 0; i < count; i++) {
        struct stat status = {0};
        stat(arena_format(building->arena, "%s/%s", folder, names[i]), &status);
        text_format(key, "%s/%s %lld %lld.%09ld\n", folder, names[i], (long long)status.st_size,
                    (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    }
}

/* Everything that the trainer depends on, as one text. */
static struct text cache_key(struct building *building, const struct text *source)
{
    struct text key = text_create(building->arena);
    struct arguments arguments = {0};
    struct stat status = {0};
    add_flags(building, &arguments);
    text_format(&key, "netc %s\n%s\n", NETC_VERSION, building->toolchain.version);
    for (int i = 0; i < arguments.count; i++)
        text_format(&key, "%s\n", arguments.words[i]);
    stat(building->toolchain.library, &status);
    text_format(&key, "%s %lld %lld.%09ld\n", building->toolchain.library, (long long)status.st_size,
                (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    add_headers(building, &key);
    text_append(&key, building->compiled.header.bytes, building->compiled.header.length);
    text_append(&key, building->compiled.code.bytes, building->compiled.code.length);
    text_append(&key, source->bytes, source->length);
    return key;
}

static int compile(struct building *building)
{
    struct arena *arena = building->arena;
    const char *work = building->entry.work, *name = building->compiled.name;
    struct arguments arguments = {0};
    add_flags(building, &arguments);
    arguments_add(arena, &arguments, arena_format(arena, "-I%s", building->toolchain.include));
    /* The folder's name is drawn anew each time: with -g or a sanitizer it would stand in the trainer. */
    arguments_add(arena, &arguments, arena_format(arena, "-ffile-prefix-map=%s=.", work));
    arguments_add(arena, &arguments, "-o");
    arguments_add(arena, &arguments, arena_format(arena, "%s/%s", work, name));
    arguments_add(arena, &arguments, arena_format(arena, "%s/%s.c", work, name));
    arguments_add(arena, &arguments, arena_format(arena, "%s/%s_source.c", work, name));
    arguments_add(arena, &arguments, building->toolchain.library);
    arguments_split(arena, &arguments, NETC_LINK_LIBRARIES);
    int status = arguments_run(&arguments);
    if (status == 0)
        return EXIT_GOOD;
    fprintf(stderr, "netc: '%s' could not compile the trainer (exit %d)\n", building->toolchain.cc.words[0],
            status);
    if (building->options->cflags || building->toolchain.is_chosen) {
        fprintf(stderr, "help: try without --cflags, --cc and CC\n");
        return EXIT_INPUT;
    }
    fprintf(
        stderr,
        "If the packages %s are installed, this is a fault of netc: please report it with the .net file\n",
        NETC_LINK_PACKAGES);
    return EXIT_FAULT;
}

static int compile_entry(struct building *building, const struct text *source)
{
    struct arena *arena = building->arena;
    const struct compiled *compiled = &building->compiled;
    if (!cache_begin(arena, &building->entry))
        return EXIT_INPUT;
    const char *stem = arena_format(arena, "%s/%s", building->entry.work, compiled->name);
    bool is_written =
        file_write(arena_format(arena, "%s.c", stem), compiled->code.bytes, compiled->code.length) &&
        file_write(arena_format(arena, "%s.h", stem), compiled->header.bytes, compiled->header.length) &&
        file_write(arena_format(arena, "%s_source.c", stem), source->bytes, source->length);
    struct timespec start, stop;
    bool is_shown = is_written && isatty(STDERR_FILENO);
    if (is_shown)
        fprintf(stderr, "compiling %s for %s …", compiled->name, building->march);
    clock_gettime(CLOCK_MONOTONIC, &start);
    int end = is_written ? compile(building) : EXIT_INPUT;
    clock_gettime(CLOCK_MONOTONIC, &stop);
    if (is_shown)
        fprintf(stderr, " %.1f s\n",
                (double)(stop.tv_sec - start.tv_sec) + 1e-9 * (double)(stop.tv_nsec - start.tv_nsec));
    if (end == EXIT_GOOD)
        cache_finish(arena, &building->entry);
    else
        cache_abandon(&building->entry);
    return end;
}

int building_emit(struct building *building, struct compile_options compile_options)
{
    const struct options *options = building->options;
    struct diagnostics *diagnostics = diagnostics_create(building->arena);
    compile_options.march = building->march = building_march(options);
    building->settings_at_start = compile_options.settings_at_start;
    const bool is_tuned = !compile_options.tuning;
    if (is_tuned && !tuning_read(building->arena, options->file, building->march, &compile_options.tuning))
        return EXIT_INPUT;
    if (!compile_emit(building->arena, &compile_options, diagnostics, &building->compiled))
        return report(options, diagnostics);
    if (is_tuned && !tuning_fits(building->arena, options->file, building->march, building->compiled.graph))
        return EXIT_INPUT;
    return EXIT_GOOD;
}

const char *building_march(const struct options *options)
{
    bool is_native = !options->march || strcmp(options->march, "native") == 0;
    return is_native ? toolchain_native_march() : options->march;
}

int building_make(struct building *building)
{
    struct arena *arena = building->arena;
    const struct options *options = building->options;
    if (!toolchain_find(arena, options->cc, options->twice, &building->toolchain))
        return EXIT_INPUT;
    struct text source = source_object(building);
    struct text key = cache_key(building, &source);
    int end = EXIT_GOOD;
    if (!cache_find(arena, &building->entry, key.bytes, key.length, building->compiled.name))
        end = compile_entry(building, &source);
    else
        utime(building->entry.folder, NULL); /* used now: the last to be trimmed */
    building->binary = arena_format(arena, "%s/%s", building->entry.folder, building->compiled.name);
    return end;
}

void building_release(struct building *building)
{
    if (!building->entry.is_kept && building->entry.work)
        folder_remove(building->entry.work);
}
