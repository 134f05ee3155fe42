/* build.c - `netc build` and `netc train`: emit, compile with the user's C compiler, link with the runtime,
 * keep the result.
 *
 *     lenet5.net  ->  NAME.c NAME.h NAME_source.c  ->  cc -O3 -march=… -lnetc_runtime …  ->  the trainer
 * lenet5 */
#include <dirent.h>
#include <errno.h>
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
#include "command/cache.h"
#include "command/commands.h"
#include "command/files.h"
#include "command/toolchain.h"
#include "config.h"

struct building {
    struct arena *arena;
    const struct options *options;
    const char *march;
    struct compiled compiled;
    struct toolchain toolchain;
    struct cache_entry entry;
    const char *binary; /* the trainer, in its cache entry */
};

/* A C array of bytes: the .net text may hold anything. */
static void print_bytes(struct text *to, const char *name, const char *bytes, size_t length)
{
    text_format(to, "static const char %s[] = {", name);
    for (size_t i = 0; i < length; i++)
        text_format(to, "%s%d,", i % 24 ? "" : "\n    ", (signed char)bytes[i]);
    text_format(to, "\n    0};\n");
}

/* The model's text, and behind it that of the files which it includes. */
static struct text whole_text(struct building *building)
{
    const struct compiled *compiled = &building->compiled;
    struct text text = text_create(building->arena);
    for (int i = 0; i < compiled->source_count; i++) {
        const struct source *source = compiled->sources[i];
        if (i > 0)
            text_format(&text, "\n# include \"%s\"\n", path_name(source->path));
        text_append(&text, source->bytes, source->length);
    }
    return text;
}

/* NAME_source.c: the .net text as an object of its own, so that NAME.c does not change with its comments. */
static struct text source_object(struct building *building)
{
    struct text whole = whole_text(building);
    const struct source *source = building->compiled.source;
    struct text text = text_create(building->arena);
    char folder[PATH_MAX];
    const char *path = path_folder(building->arena, source->path);
    const char *name = path_name(source->path);
    if (!realpath(path, folder))
        snprintf(folder, sizeof folder, "%s", path);
    text_format(&text, "/* The .net text that this trainer was made from. */\n#include \"model.h\"\n\n");
    print_bytes(&text, "text", whole.bytes, whole.length);
    print_bytes(&text, "path", name, strlen(name));
    print_bytes(&text, "folder", folder, strlen(folder));
    text_format(&text, "\nconst struct model_source model_source = {path, text, %zu, folder};\n",
                whole.length);
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

/* The trainer of the model, from the cache or compiled now. */
static int build(struct building *building)
{
    struct arena *arena = building->arena;
    const struct options *options = building->options;
    struct diagnostics *diagnostics = diagnostics_create(arena);
    struct compile_options compile_options = options_for_compiler(options);
    bool is_native = !options->march || strcmp(options->march, "native") == 0;
    compile_options.march = building->march = is_native ? toolchain_native_march() : options->march;
    if (!compile_emit(arena, &compile_options, diagnostics, &building->compiled))
        return report(options, diagnostics);
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

static void release(struct building *building)
{
    if (!building->entry.is_kept && building->entry.work)
        folder_remove(building->entry.work);
}

int command_build(struct arena *arena, const struct options *options)
{
    struct building building = {.arena = arena, .options = options};
    int end = build(&building);
    if (end == EXIT_GOOD) {
        const char *output = options->output ? options->output : building.compiled.name;
        end = file_copy(building.binary, output) ? EXIT_GOOD : EXIT_INPUT;
    }
    release(&building);
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
    release(&building);
    return end < 0 ? EXIT_FAULT : end;
}
