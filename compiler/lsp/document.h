/* document.h - a text that is open in an editor, and what netc knows about it. */
#ifndef NETC_LSP_DOCUMENT_H
#define NETC_LSP_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/source.h"

struct arena;
struct graph;
struct tree;

struct document {
    struct document *next;
    char *uri, *path;
    char *bytes; /* the text now */
    size_t length;
    json_int_t version;
    bool counts_bytes;           /* columns are UTF-8 bytes, not UTF-16 units */
    struct arena *arena;         /* of source and tree */
    const struct source *source; /* the text of the last analysis: that of now */
    const struct tree *tree;     /* as far as it could be read; not expanded */
    struct arena *good_arena;    /* of `good` */
    struct graph *good;          /* of the last text without errors; NULL before */
    json_t *diagnostics;         /* as published */
};

struct document *document_create(const char *uri, bool counts_bytes);
void document_release(struct document *document);
void document_set_text(struct document *document, const char *bytes, size_t length);
/* One of didChange's: with a range or the whole text. False when it is malformed. */
bool document_change(struct document *document, const json_t *change);
/* Parses and checks the text; fills tree, good and diagnostics. */
void document_analyse(struct document *document);

/* {"line": …, "character": …} to a place in the text, at most its end; false when it is malformed. */
bool document_offset(const struct document *document, const json_t *position, size_t *offset);
json_t *document_position(const struct document *document, size_t offset);
json_t *document_range(const struct document *document, size_t start, size_t end);
/* file:///… of a path. */
char *document_uri_of(const char *path);

#endif
