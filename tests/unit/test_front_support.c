/* test_front_support.c - see the header. Arenas live until the test program ends. */
#include "test_front_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct front front_parse_bytes(const char *bytes, size_t length)
{
    struct front front = {.arena = arena_create()};
    front.names = names_create(front.arena);
    front.diagnostics = diagnostics_create(front.arena);
    struct source *source = source_from_text(front.arena, "a.net", bytes, length);
    front.tree = tree_parse(front.arena, front.names, source, front.diagnostics);
    return front;
}

struct front front_parse(const char *text)
{
    return front_parse_bytes(text, strlen(text));
}

static bool is_reserved(const char *name)
{
    return strcmp(name, "conv") == 0 || strcmp(name, "relu") == 0 || strcmp(name, "dropout") == 0;
}

struct front front_expand(const char *text, const struct tree_override *overrides, int override_count)
{
    struct front front = front_parse(text);
    const struct tree_expansion options = {overrides, override_count, is_reserved};
    front.expanded = tree_expand(front.arena, front.names, front.tree, &options, front.diagnostics);
    return front;
}

static const struct tree_body *find_section(const struct tree *tree)
{
    for (int i = 0; i < tree->declaration_count; i++) {
        if (tree->declarations[i]->body)
            return tree->declarations[i]->body;
    }
    return NULL;
}

struct tree_statement *front_statement(const struct tree *tree, int index)
{
    const struct tree_body *body = find_section(tree);
    return body && index < body->statement_count ? body->statements[index] : NULL;
}

const char *front_print_net(const struct front *front)
{
    struct text text = text_create(front->arena);
    struct tree_statement *statement;
    for (int i = 0; (statement = front_statement(front->expanded, i)); i++) {
        struct tree_statement computed = *statement;
        computed.written = NULL;
        tree_print_statement(&text, &computed);
        text_format(&text, computed.has_failed ? " (failed)\n" : "\n");
    }
    return text.bytes;
}

const char *front_print_value(const struct front *front, const struct tree_value *value)
{
    struct text text = text_create(front->arena);
    tree_print_value(&text, value);
    return text.bytes;
}

const char *front_print_errors(const struct front *front, enum diagnostics_format format)
{
    char *bytes = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&bytes, &length);
    diagnostics_print(front->diagnostics, memory, format, false);
    fclose(memory);
    const char *copy = arena_copy(front->arena, bytes, length);
    free(bytes);
    return copy;
}

const char *front_print_headlines(const struct front *front)
{
    struct text headlines = text_create(front->arena);
    const char *line = front_print_errors(front, DIAGNOSTICS_TEXT);
    for (const char *end; (end = strchr(line, '\n')); line = end + 1) {
        if (strncmp(line, "a.net:", 6) == 0 && memmem(line, (size_t)(end - line), ": error: ", 9))
            text_format(&headlines, "%.*s\n", (int)(end - line) - 6, line + 6);
    }
    return headlines.bytes;
}
