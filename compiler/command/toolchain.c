/* toolchain.c - finding a C compiler on the PATH and the runtime beside netc's own program. */
#include "command/toolchain.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "command/files.h"
#include "config.h"

extern char **environ;

void arguments_add(struct arena *arena, struct arguments *arguments, const char *word)
{
    const char **grown = ARENA_ARRAY(arena, const char *, (size_t)arguments->count + 2);
    if (arguments->count)
        memcpy(grown, arguments->words, (size_t)arguments->count * sizeof *grown);
    grown[arguments->count++] = word;
    arguments->words = grown;
}

void arguments_split(struct arena *arena, struct arguments *arguments, const char *text)
{
    while (*text) {
        text += strspn(text, " \t\n");
        if (!*text)
            return;
        struct text word = text_create(arena);
        char quote = 0;
        for (; *text && (quote || !strchr(" \t\n", *text)); text++) {
            if (quote ? *text == quote : *text == '"' || *text == '\'')
                quote = quote ? 0 : *text;
            else if (*text == '\\' && quote != '\'' && text[1])
                text_append(&word, ++text, 1);
            else
                text_append(&word, text, 1);
        }
        arguments_add(arena, arguments, word.bytes);
    }
}

int arguments_run(const struct arguments *arguments)
{
    pid_t child;
    int status;
    if (posix_spawnp(&child, arguments->words[0], NULL, NULL, (char *const *)arguments->words, environ) != 0)
        return -1;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int arguments_output(struct arena *arena, const struct arguments *arguments, struct text *output)
{
    int ends[2], status = 1;
    pid_t child;
    posix_spawn_file_actions_t actions;
    *output = text_create(arena);
    if (pipe(ends) != 0)
        return -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    bool is_started = posix_spawnp(&child, arguments->words[0], &actions, NULL,
                                   (char *const *)arguments->words, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    char bytes[1024];
    ssize_t length;
    while (is_started && (length = read(ends[0], bytes, sizeof bytes)) > 0)
        text_append(output, bytes, (size_t)length);
    close(ends[0]);
    if (!is_started || waitpid(child, &status, 0) < 0)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What `CC --version` prints, "" when it cannot be run. */
static const char *ask_version(struct arena *arena, const struct arguments *cc)
{
    struct text text;
    struct arguments words = *cc;
    arguments_add(arena, &words, "--version");
    return arguments_output(arena, &words, &text) == 0 ? text.bytes : "";
}

/* Has clang the header of OpenMP, which stands in a package of its own? gcc brings it along. */
static bool ask_openmp(struct arena *arena, const struct arguments *cc)
{
    struct arguments words = *cc;
    int status = 1;
    pid_t child;
    posix_spawn_file_actions_t actions;
    arguments_split(arena, &words, "-fopenmp -include omp.h -fsyntax-only -x c /dev/null");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    bool is_started =
        posix_spawnp(&child, words.words[0], &actions, NULL, (char *const *)words.words, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    if (is_started)
        waitpid(child, &status, 0);
    return is_started && status == 0;
}

static bool try_compiler(struct arena *arena, const char *cc, struct toolchain *toolchain)
{
    toolchain->cc = (struct arguments){0};
    arguments_split(arena, &toolchain->cc, cc);
    toolchain->version = toolchain->cc.count ? ask_version(arena, &toolchain->cc) : "";
    toolchain->is_clang = strstr(toolchain->version, "clang") != NULL;
    toolchain->has_openmp = !toolchain->is_clang || ask_openmp(arena, &toolchain->cc);
    return *toolchain->version != 0;
}

static bool find_compiler(struct arena *arena, const char *wanted, struct toolchain *toolchain)
{
    static const char *const usual[] = {"cc", "gcc", "clang", NULL};
    const char *environment = getenv("CC");
    const char *chosen = wanted ? wanted : environment && *environment ? environment : NULL;
    toolchain->is_chosen = chosen != NULL;
    if (chosen && try_compiler(arena, chosen, toolchain))
        return true;
    for (int i = 0; !chosen && usual[i]; i++)
        if (try_compiler(arena, usual[i], toolchain))
            return true;
    if (chosen)
        fprintf(stderr, "netc: the C compiler '%s' cannot be run\n", chosen);
    else
        fprintf(stderr, "netc: no C compiler was found (tried cc, gcc and clang)\n");
    fprintf(stderr, "help: install one, for example: apt-get install gcc libc6-dev\n");
    return false;
}

static const char *own_folder(struct arena *arena)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        return ".";
    path[length] = 0;
    return path_folder(arena, arena_copy(arena, path, (size_t)length));
}

/* In its build folder netc finds a file with three lines: headers, libraries, flags that trainers need too.
 */
static bool find_uninstalled(struct arena *arena, const char *folder, const char *name,
                             struct toolchain *toolchain)
{
    size_t length;
    char *lines = file_read(arena, arena_format(arena, "%s/netc-uninstalled", folder), &length);
    char *second = lines ? strchr(lines, '\n') : NULL, *third = second ? strchr(second + 1, '\n') : NULL;
    if (!third)
        return false;
    *second = *third = 0;
    third[1 + strcspn(third + 1, "\n")] = 0;
    toolchain->include = lines;
    toolchain->library = arena_format(arena, "%s/%s", second + 1, name);
    toolchain->extra = third + 1;
    return true;
}

static bool find_runtime(struct arena *arena, bool twice, struct toolchain *toolchain)
{
    const char *folder = own_folder(arena), *name = twice ? "libnetc_runtime_double.a" : "libnetc_runtime.a";
    if (!find_uninstalled(arena, folder, name, toolchain)) {
        toolchain->include = arena_format(arena, "%s/../include/netc", folder);
        toolchain->library = arena_format(arena, "%s/../lib/netc/%s", folder, name);
        toolchain->extra = "";
    }
    const char *header = arena_format(arena, "%s/model.h", toolchain->include);
    const char *missing = !file_exists(header)               ? header
                          : !file_exists(toolchain->library) ? toolchain->library
                                                             : NULL;
    if (!missing)
        return true;
    fprintf(stderr, "netc: its runtime is not where it was installed: there is no '%s'\n", missing);
    fprintf(stderr, "help: install netc anew; its folders bin, include and lib must stay together\n");
    return false;
}

bool toolchain_find(struct arena *arena, const char *cc, bool twice, struct toolchain *toolchain)
{
    *toolchain = (struct toolchain){0};
    return find_runtime(arena, twice, toolchain) && find_compiler(arena, cc, toolchain);
}

const char *toolchain_native_march(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    bool has_v3 =
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    bool has_v4 = has_v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512vl");
    return has_v4 ? "x86-64-v4" : has_v3 ? "x86-64-v3" : "portable";
#elif defined(__aarch64__)
    return "armv8-a";
#else
    return "portable";
#endif
}

void toolchain_flags(struct arena *arena, const struct toolchain *toolchain, const char *march, bool twice,
                     const char *cflags, struct arguments *arguments)
{
    /* No one looks at floating-point exceptions; where they counted, a choice between two results would be a
     * branch, and a loop over exp or tanh no vectors. No one looks at errno: where it counted, the root of
     * what may be negative would be a call, and the step of an optimizer that divides by one no vectors. */
    arguments_split(arena, arguments, "-std=gnu11 -O3 -ffp-contract=fast -fno-trapping-math -fno-math-errno");
    /* Each function on its own: what products are joined with sums must not depend on who else calls it, or a
     * probe in the trainer would change how training rounds. What is declared inline still is. */
    arguments_add(arena, arguments, "-fno-inline-functions");
    if (!toolchain->is_clang)
        arguments_split(arena, arguments, "-fno-inline-functions-called-once -fno-inline-small-functions");
    /* Predictive commoning ruins sliding kernels; clang needs to be told to use 512-bit registers. */
    if (!toolchain->is_clang)
        arguments_add(arena, arguments, "-fno-predictive-commoning");
    else if (strcmp(march, "x86-64-v4") == 0)
        arguments_add(arena, arguments, "-mprefer-vector-width=512");
    if (strcmp(march, "portable") != 0)
        arguments_add(arena, arguments, arena_format(arena, "-march=%s", march));
    if (toolchain->has_openmp)
        arguments_add(arena, arguments, "-fopenmp");
    if (twice)
        arguments_add(arena, arguments, "-DNETC_DOUBLE");
    arguments_split(arena, arguments, toolchain->extra);
    if (cflags)
        arguments_split(arena, arguments, cflags);
}
