/* analyse.c - checks an open text and turns what netc tells into the protocol's diagnostics.
 *
 *     a.net:3:5: error: unknown kind 'cnv'; help: did you mean 'conv'?
 *         ->  {"range": …, "severity": 1, "code": "E0401", "source": "netc", "message": …, "data": help} */
#include <stdlib.h>
#include <string.h>

#include "ast/tree.h"
#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/names.h"
#include "compile.h"
#include "lsp/document.h"

/* Line and column as netc counts them, from 1 and in characters, to a place in the text. */
static size_t offset_of(const struct document *document, const json_t *told, const char *line_key,
                        const char *column_key)
{
    json_int_t line = json_integer_value(json_object_get(told, line_key));
    json_int_t column = json_integer_value(json_object_get(told, column_key));
    if (line < 1 || line > document->source->line_count)
        return 0;
    size_t at = document->source->lines[line - 1];
    for (; column > 1 && at < document->length; column--)
        do
            at++;
        while (at < document->length && ((unsigned char)document->bytes[at] & 0xc0) == 0x80);
    return at;
}

static bool is_here(const struct document *document, const json_t *told)
{
    const char *file = json_string_value(json_object_get(told, "file"));
    return file && strcmp(file, document->path) == 0;
}

static json_t *range_of(const struct document *document, const json_t *told)
{
    return document_range(document, offset_of(document, told, "line", "column"),
                          offset_of(document, told, "end_line", "end_column"));
}

static json_int_t number_before(const json_t *told, const char *key)
{
    return json_integer_value(json_object_get(told, key)) - 1;
}

/* {"location": …, "message": …} of a note or error, which may stand in another file. */
static json_t *related(const struct document *document, const json_t *told)
{
    const char *file = json_string_value(json_object_get(told, "file"));
    bool is_own = is_here(document, told);
    char *uri = is_own ? heap_copy(document->uri) : document_uri_of(file);
    json_t *range =
        is_own ? range_of(document, told)
               : json_pack("{s:{s:I,s:I}, s:{s:I,s:I}}", "start", "line", number_before(told, "line"),
                           "character", number_before(told, "column"), "end", "line",
                           number_before(told, "end_line"), "character", number_before(told, "end_column"));
    json_t *result = json_pack("{s:{s:s, s:o}, s:O}", "location", "uri", uri, "range", range, "message",
                               json_object_get(told, "message"));
    free(uri);
    return result;
}

static json_t *diagnostic_of(const struct document *document, const json_t *told)
{
    const json_t *notes = json_object_get(told, "notes"), *place = told;
    const char *help = json_string_value(json_object_get(told, "help"));
    const char *message = json_string_value(json_object_get(told, "message"));
    json_t *others = json_array();
    if (json_is_string(json_object_get(told, "file")) && !is_here(document, told))
        json_array_append_new(others, related(document, told));
    for (size_t i = 0; i < json_array_size(notes); i++) {
        const json_t *note = json_array_get(notes, i);
        if (!is_here(document, place) && is_here(document, note))
            place = note;
        if (json_is_string(json_object_get(note, "file")))
            json_array_append_new(others, related(document, note));
    }
    json_t *range = is_here(document, place) ? range_of(document, place) : document_range(document, 0, 0);
    json_t *code = json_object_get(told, "code");
    json_t *result =
        json_pack("{s:o, s:i, s:s, s:o, s:o}", "range", range, "severity", 1, "source", "netc", "message",
                  json_sprintf("%s%s%s", message, help ? "\nhelp: " : "", help ? help : ""),
                  "relatedInformation", others);
    if (json_is_string(code))
        json_object_set(result, "code", code);
    if (help && place == told)
        json_object_set_new(result, "data", json_string(help));
    return result;
}

static json_t *read_told(const struct document *document, const struct diagnostics *diagnostics)
{
    char *lines = NULL;
    size_t length = 0;
    json_t *all = json_array();
    FILE *file = open_memstream(&lines, &length);
    if (!file)
        return all;
    diagnostics_print(diagnostics, file, DIAGNOSTICS_JSON, false);
    fclose(file);
    for (char *at = lines, *end; at && (end = strchr(at, '\n')); at = end + 1) {
        json_t *told = json_loadb(at, (size_t)(end - at), JSON_ALLOW_NUL, NULL);
        if (told)
            json_array_append_new(all, diagnostic_of(document, told));
        json_decref(told);
    }
    free(lines);
    return all;
}

void document_analyse(struct document *document)
{
    struct arena *arena = arena_create();
    const struct source *source = source_from_text(arena, document->path, document->bytes, document->length);
    struct diagnostics *diagnostics = diagnostics_create(arena);
    struct compiled compiled = {0};
    const struct compile_options options = {.path = document->path, .text = source};
    bool is_good = compile_check(arena, &options, diagnostics, &compiled);
    if (document->arena && document->arena != document->good_arena)
        arena_release(document->arena);
    if (is_good) {
        if (document->good_arena)
            arena_release(document->good_arena);
        document->good_arena = arena;
        document->good = compiled.graph;
    }
    document->arena = arena;
    document->source = source;
    document->tree = tree_parse(arena, names_create(arena), source, diagnostics_create(arena));
    json_decref(document->diagnostics);
    document->diagnostics = read_told(document, diagnostics);
}
