/* include.c - the declarations of a file with those of the files that it includes in their place.
 *
 *     include "blocks.net"      ->      block basic(n) { … } of that file
 *
 * A file is read once, however often it is named. Paths are relative to the file that includes. */
#include <stdlib.h>
#include <string.h>

#include "ast/expand.h"
#include "base/arena.h"
#include "base/diagnostics.h"

enum { DEEPEST = 16 };

/* The files on the way to the one that is read. */
struct including {
    const struct including *outer;
    const char *path; /* canonical; NULL of standard input */
    struct origin origin;
    int depth;
};

static const char *resolve(struct expansion *expansion, const char *from, const char *path)
{
    const char *slash = strrchr(from, '/');
    if (path[0] == '/' || !slash)
        return path;
    return arena_format(expansion->arena, "%.*s/%s", (int)(slash - from), from, path);
}

/* The path without links and dots, so that one file is known by any name. */
static const char *canonical(struct expansion *expansion, const char *path)
{
    char *real = realpath(path, NULL);
    const char *copy = real ? arena_copy(expansion->arena, real, strlen(real)) : path;
    free(real);
    return copy;
}

static bool is_read(struct expansion *expansion, const char *path)
{
    for (int i = 0; i < expansion->sources.count; i++) {
        const struct source *source = expansion->sources.elements[i];
        if (strcmp(canonical(expansion, source->path), path) == 0)
            return true;
    }
    return false;
}

static void read_declarations(struct expansion *expansion, const struct tree *tree,
                              const struct including *file);

/* False, and told, when the file is on the way to itself or too many files are. */
static bool check_chain(struct expansion *expansion, const struct tree_include *include, const char *path,
                        const struct including *from)
{
    for (const struct including *file = from; file; file = file->outer) {
        if (!file->path || strcmp(file->path, path) != 0)
            continue;
        diagnostics_error(expansion->diagnostics, E0217, include->path_span,
                          "'%s' includes itself, through this line", include->path);
        return false;
    }
    if (from->depth < DEEPEST)
        return true;
    diagnostics_error(expansion->diagnostics, E0217, include->path_span,
                      "includes are nested more than %d deep", DEEPEST);
    return false;
}

static void read_include(struct expansion *expansion, const struct tree_include *include,
                         const struct including *from)
{
    const char *path = resolve(expansion, include->span.source->path, include->path);
    struct including file = {
        .outer = from,
        .path = canonical(expansion, path),
        .origin = {from->outer ? &from->origin : NULL, include->span, "included from here"},
        .depth = from->depth + 1};
    const char *why = NULL;
    if (!check_chain(expansion, include, file.path, from) || is_read(expansion, file.path))
        return;
    const struct source *source = source_read(expansion->arena, path, &why);
    if (!source) {
        expansion->lacks_include = true;
        diagnostics_error(expansion->diagnostics, E0601, include->path_span, "cannot read '%s': %s",
                          include->path, why);
        return;
    }
    /* Errors are told apart by their origin, so it has a place of its own. */
    struct origin *origin = ARENA_NEW(expansion->arena, struct origin);
    *origin = file.origin;
    const struct origin *before = diagnostics_set_origin(expansion->diagnostics, origin);
    expansion_add(expansion, &expansion->sources, (void *)source);
    read_declarations(expansion,
                      tree_parse(expansion->arena, expansion->names, source, expansion->diagnostics), &file);
    diagnostics_set_origin(expansion->diagnostics, before);
}

static void read_declarations(struct expansion *expansion, const struct tree *tree,
                              const struct including *file)
{
    for (int i = 0; i < tree->declaration_count; i++) {
        struct tree_declaration *declaration = tree->declarations[i];
        if (declaration->kind == TREE_INCLUDE)
            read_include(expansion, declaration->include, file);
        else
            expansion_add(expansion, &expansion->declarations, declaration);
    }
}

void include_declarations(struct expansion *expansion, const struct tree *tree)
{
    struct including file = {.path = canonical(expansion, tree->source->path)};
    expansion_add(expansion, &expansion->sources, (void *)tree->source);
    read_declarations(expansion, tree, &file);
}
