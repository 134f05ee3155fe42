/* document.c - an open text: edits, and places as the protocol counts them.
 *
 *     line 0, character 2 of "😀x" (two UTF-16 units, then x)    ->    offset 4 */
#include "lsp/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum { LARGEST_TEXT = 4 * 1024 * 1024 };

static int hex_digit(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = digit ? strchr(digits, digit | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* The path of file://HOST/PATH; of any other URI a name without a folder. */
static char *path_of(const char *uri)
{
    static const char scheme[] = "file://";
    const char *from =
        strncmp(uri, scheme, sizeof scheme - 1) == 0 ? strchr(uri + sizeof scheme - 1, '/') : NULL;
    char *path = heap_copy(from ? from : "untitled.net"), *to = path;
    for (const char *at = path; *at; at++) {
        int high = *at == '%' ? hex_digit(at[1]) : -1, low = high < 0 ? -1 : hex_digit(at[2]);
        *to++ = low < 0 ? *at : (char)(16 * high + low);
        at += low < 0 ? 0 : 2;
    }
    *to = '\0';
    return path;
}

char *document_uri_of(const char *path)
{
    struct arena *arena = arena_create();
    struct text uri = text_create(arena);
    char *absolute = realpath(path, NULL);
    text_format(&uri, "file://");
    for (const char *at = absolute ? absolute : path; *at; at++) {
        bool is_plain =
            (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || strchr("0123456789/._-~", *at);
        text_format(&uri, is_plain ? "%c" : "%%%02X", (unsigned char)*at);
    }
    char *copy = heap_copy(uri.bytes);
    free(absolute);
    arena_release(arena);
    return copy;
}

struct document *document_create(const char *uri, bool counts_bytes)
{
    struct document *document = heap_resize(NULL, sizeof *document);
    *document = (struct document){.uri = heap_copy(uri)};
    document->path = path_of(uri);
    document->counts_bytes = counts_bytes;
    document_set_text(document, "", 0);
    return document;
}

void document_release(struct document *document)
{
    if (document->arena)
        arena_release(document->arena);
    if (document->good_arena && document->good_arena != document->arena)
        arena_release(document->good_arena);
    json_decref(document->diagnostics);
    free(document->uri);
    free(document->path);
    free(document->bytes);
    free(document);
}

static void replace(struct document *document, size_t start, size_t end, const char *bytes, size_t length)
{
    size_t rest = document->length - end;
    if (start + length + rest > LARGEST_TEXT)
        return;
    char *text = heap_resize(NULL, start + length + rest + 1);
    if (start)
        memcpy(text, document->bytes, start);
    memcpy(text + start, bytes, length);
    if (rest)
        memcpy(text + start + length, document->bytes + end, rest);
    free(document->bytes);
    document->bytes = text;
    document->length = start + length + rest;
    text[document->length] = '\0';
}

void document_set_text(struct document *document, const char *bytes, size_t length)
{
    replace(document, 0, document->length, bytes, length);
}

bool document_change(struct document *document, const json_t *change)
{
    const json_t *text = json_object_get(change, "text"), *range = json_object_get(change, "range");
    size_t start = 0, end = document->length;
    if (!json_is_string(text))
        return false;
    if (range && (!document_offset(document, json_object_get(range, "start"), &start) ||
                  !document_offset(document, json_object_get(range, "end"), &end) || start > end))
        return false;
    replace(document, start, end, json_string_value(text), json_string_length(text));
    return true;
}

/* How many columns the byte begins: those inside of a character none, the first of four bytes two units. */
static int columns_of(const struct document *document, size_t offset)
{
    unsigned char byte = (unsigned char)document->bytes[offset];
    if (document->counts_bytes)
        return 1;
    return (byte & 0xc0) == 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
}

bool document_offset(const struct document *document, const json_t *position, size_t *offset)
{
    const json_t *line = json_object_get(position, "line"),
                 *character = json_object_get(position, "character");
    if (!json_is_integer(line) || !json_is_integer(character) || json_integer_value(line) < 0 ||
        json_integer_value(character) < 0)
        return false;
    size_t at = 0;
    for (json_int_t i = 0; i < json_integer_value(line); i++) {
        const char *newline = memchr(document->bytes + at, '\n', document->length - at);
        if (!newline) {
            *offset = document->length;
            return true;
        }
        at = (size_t)(newline - document->bytes) + 1;
    }
    json_int_t columns = 0;
    while (at < document->length && document->bytes[at] != '\n') {
        columns += columns_of(document, at);
        if (columns > json_integer_value(character))
            break;
        at++;
    }
    *offset = at;
    return true;
}

json_t *document_position(const struct document *document, size_t offset)
{
    json_int_t line = 0, column = 0;
    for (size_t i = 0; i < offset && i < document->length; i++) {
        bool is_end = document->bytes[i] == '\n';
        line += is_end;
        column = is_end ? 0 : column + columns_of(document, i);
    }
    return json_pack("{s:I, s:I}", "line", line, "character", column);
}

json_t *document_range(const struct document *document, size_t start, size_t end)
{
    return json_pack("{s:o, s:o}", "start", document_position(document, start), "end",
                     document_position(document, end));
}
