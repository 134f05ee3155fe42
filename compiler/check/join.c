/* join.c - statements with paths in them, which all begin at one result and come together in one layer.
 *
 *     residual { a: conv 8 3x3 pad=1 }    ->    layer a behind the fork; its result and that of the fork join
 *     concat with=c1                      ->    the result so far and that of c1 join */
#include <string.h>

#include "base/arena.h"
#include "check/check.h"

enum { MOST_JOINED = 1000 };

struct joining {
    struct check *check;
    struct span span;       /* of the join's kind */
    struct layer *fork;     /* whose result every path begins with */
    const char *last_label; /* at the fork */
    bool fork_failed, failed;
    struct value **values; /* results of the paths */
    int count;
};

static void add_value(struct joining *joining, struct layer *layer)
{
    if (!layer)
        return;
    if (joining->count == MOST_JOINED) {
        joining->failed = true;
        diagnostics_error(joining->check->diagnostics, E0314, joining->span,
                          "more than %d results are joined here", MOST_JOINED);
        return;
    }
    ARENA_GROW(joining->check->arena, joining->values, joining->count);
    joining->values[joining->count++] = layer->output;
}

/* Reads one path; an empty body is the identity. */
static void read_path(struct joining *joining, const struct tree_body *body)
{
    struct check *check = joining->check;
    check->current = joining->fork;
    check->failed = joining->fork_failed;
    check->last_label = joining->last_label;
    check->path_depth++;
    if (body)
        check_read_body(check, body);
    check->path_depth--;
    joining->failed = joining->failed || check->failed;
    add_value(joining, check->current);
}

static void report_form(struct joining *joining, struct span span, const char *message, const char *help)
{
    diagnostic_help(diagnostics_error(joining->check->diagnostics, E0314, span, "%s", message), "%s", help);
    joining->failed = true;
}

static void read_residual(struct joining *joining, const struct tree_statement *statement)
{
    static const char help[] = "write 'residual { … }' or 'residual { … } shortcut { … }'";
    if (statement->body_count == 0 || statement->bodies[0]->statement_count == 0) {
        report_form(joining, statement->kind_span, "residual needs layers in { }", help);
        return;
    }
    read_path(joining, statement->bodies[0]);
    if (statement->body_count == 1) {
        read_path(joining, NULL);
        return;
    }
    if (statement->body_count > 2 || strcmp(statement->bodies[1]->name, "shortcut") != 0)
        report_form(joining, statement->bodies[statement->body_count > 2 ? 2 : 1]->span,
                    "behind the { } of a residual only one 'shortcut { … }' can stand", help);
    read_path(joining, statement->bodies[1]);
}

/* `path { … }`, on one line also `path { … } path { … }`: gives how many. */
static int read_path_statement(struct joining *joining, const struct tree_statement *path, const char *join,
                               const char *help)
{
    bool is_path = strcmp(path->kind, "path") == 0 && !path->label && !path->item_count && path->body_count;
    for (int i = 1; i < path->body_count; i++)
        is_path = is_path && strcmp(path->bodies[i]->name, "path") == 0;
    if (!is_path) {
        report_form(joining, path->span,
                    arena_format(joining->check->arena, "'%s' is made of paths, each a 'path { … }'", join),
                    help);
        return 0;
    }
    for (int i = 0; i < path->body_count; i++)
        read_path(joining, path->bodies[i]);
    return path->body_count;
}

static void read_paths(struct joining *joining, const struct tree_statement *statement)
{
    struct arena *arena = joining->check->arena;
    const char *help = arena_format(arena, "write '%s { path { … } path { … } }'", statement->kind);
    const struct tree_body *body = statement->bodies[0];
    if (statement->body_count > 1)
        report_form(joining, statement->bodies[1]->span, "the paths stand in one { }", help);
    int paths = 0;
    for (int i = 0; i < body->statement_count; i++) {
        const struct tree_statement *path = body->statements[i];
        if (path->has_failed)
            joining->failed = true;
        else
            paths += read_path_statement(joining, path, statement->kind, help);
    }
    if (paths < 2 && !joining->failed)
        report_form(joining, statement->kind_span,
                    arena_format(arena, "%s needs at least two paths", statement->kind), help);
}

/* The layer of a label as the statement's scope sees it: s1_2_a, s1_a, a. */
static struct label_entry *find_label(struct check *check, const struct tree_scope *scope, const char *name)
{
    for (; scope; scope = scope->outer) {
        struct label_entry *entry =
            scope->prefix ? label_find(check, arena_format(check->arena, "%s_%s", scope->prefix, name))
                          : NULL;
        if (entry)
            return entry;
    }
    return label_find(check, name);
}

static void read_label(struct joining *joining, const struct tree_statement *statement,
                       const struct label *label)
{
    struct check *check = joining->check;
    const struct label_entry *entry = find_label(check, statement->scope, label->name);
    if (entry) {
        add_value(joining, entry->result);
        return;
    }
    joining->failed = true;
    struct suggestion suggestion = suggestion_for(label->name);
    for (int i = 0; i < check->graph->layer_count; i++)
        suggestion_offer(&suggestion, check->graph->layers[i]->name);
    struct diagnostic *error = diagnostics_error(check->diagnostics, E0313, label->span,
                                                 "no layer before this one is called '%s'", label->name);
    if (suggestion.nearest)
        diagnostic_help(error, "did you mean '%s'?", suggestion.nearest);
}

static void read_with(struct joining *joining, const struct tree_statement *statement,
                      const struct setting *with)
{
    if (statement->body_count)
        report_form(joining, with->span, "with= and paths exclude each other",
                    "join the result so far with earlier layers, or paths with one another");
    add_value(joining, joining->fork);
    for (int i = 0; i < with->label_count; i++)
        read_label(joining, statement, &with->labels[i]);
}

void join_read(struct check *check, const struct tree_statement *statement, const struct layer_kind *kind,
               struct setting *settings, struct value ***joined, int *count)
{
    struct joining joining = {.check = check,
                              .span = statement->kind_span,
                              .fork = check->current,
                              .last_label = check->last_label,
                              .fork_failed = check->failed,
                              .failed = check->failed || !settings};
    const struct setting *with =
        settings && kind->joins == JOIN_PATHS ? setting_find(kind->attributes, settings, "with") : NULL;
    if (kind->joins == JOIN_SHORTCUT)
        read_residual(&joining, statement);
    else if (with && with->is_given)
        read_with(&joining, statement, with);
    else if (statement->body_count)
        read_paths(&joining, statement);
    else if (settings)
        report_form(&joining, statement->kind_span,
                    arena_format(check->arena, "%s needs paths, or with=", statement->kind),
                    arena_format(check->arena, "write '%s { path { … } path { … } }' or '%s with=LABEL'",
                                 statement->kind, statement->kind));
    check->current = joining.fork;
    check->last_label = joining.last_label;
    check->failed = joining.failed;
    *joined = joining.values;
    *count = joining.count;
}

void join_refuse_bodies(struct check *check, const struct tree_statement *statement)
{
    if (!statement->body_count)
        return;
    struct span brace = statement->bodies[0]->span;
    brace.length = 1;
    diagnostics_error(check->diagnostics, E0213, brace, "'%s' takes no { }", statement->kind);
}
