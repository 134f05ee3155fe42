/* parse.c - runs scanner and grammar over one text.
 *
 *     "let n = 4\nnet a { input n }"     a tree of two declarations, with the errors told to diagnostics */
#include "ast/parse.h"

#include <string.h>

#include "ast/build.h"
#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/names.h"
#include "net.tab.h"

/* What flex would declare in a header that needs its other warnings off. */
int net_lex_init_extra(struct parse *parse, void **scanner);
int net_lex_destroy(void *scanner);
struct yy_buffer_state *net__scan_bytes(const char *bytes, int length, void *scanner);

/* How many bytes the character at `at` takes, 0 if it is not UTF-8. Overlong forms and surrogates are not. */
static int utf8_length(const unsigned char *at, size_t left)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    int length = *at < 0x80 ? 1 : *at >= 0xc2 && *at < 0xe0 ? 2 : *at >= 0xe0 && *at < 0xf0 ? 3 : 4;
    if (length == 1)
        return 1;
    if (*at < 0xc2 || *at > 0xf4 || (size_t)length > left)
        return 0;
    uint32_t character = *at & (0x7fu >> length);
    for (int i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        character = character << 6 | (at[i] & 0x3fu);
    }
    bool is_surrogate = character >= 0xd800 && character < 0xe000;
    return character < least[length] || character > 0x10ffff || is_surrogate ? 0 : length;
}

/* A file that is no text is told once: everything else said about it would be noise. */
static bool check_text(const struct source *source, struct diagnostics *diagnostics)
{
    const unsigned char *bytes = (const unsigned char *)source->bytes;
    for (size_t i = 0; i < source->length;) {
        int length = utf8_length(bytes + i, source->length - i);
        if (length == 0 || bytes[i] == 0) {
            struct span span = {source, (uint32_t)i, 1};
            diagnostics_error(diagnostics, E0102, span,
                              "this file is not UTF-8 text: it has the byte 0x%02x here", bytes[i]);
            return false;
        }
        i += (size_t)length;
    }
    return true;
}

static void run_parser(struct parse *parse)
{
    const struct source *source = parse->source;
    if (!check_text(source, parse->diagnostics))
        return;
    if (source->length >= 3 && memcmp(source->bytes, "\xef\xbb\xbf", 3) == 0)
        parse->offset = 3;
    void *scanner;
    net_lex_init_extra(parse, &scanner);
    net__scan_bytes(source->bytes + parse->offset, (int)(source->length - parse->offset), scanner);
    net_parse(scanner, parse);
    net_lex_destroy(scanner);
}

struct tree *tree_parse(struct arena *arena, struct names *names, const struct source *source,
                        struct diagnostics *diagnostics)
{
    struct parse *parse = ARENA_NEW(arena, struct parse);
    *parse = (struct parse){arena, names, source, diagnostics, .start = START_FILE};
    parse->declarations = build_list(parse, NULL, NULL);
    run_parser(parse);

    struct tree *tree = ARENA_NEW(arena, struct tree);
    tree->source = source;
    tree->declaration_count = parse->declarations->count;
    tree->declarations = ARENA_ARRAY(arena, struct tree_declaration *, (size_t)tree->declaration_count);
    for (int i = 0; i < tree->declaration_count; i++)
        tree->declarations[i] = parse->declarations->elements[i];
    return tree;
}

struct parse *parse_tokens(struct arena *arena, const struct source *source, struct diagnostics *diagnostics)
{
    struct parse *parse = ARENA_NEW(arena, struct parse);
    *parse = (struct parse){arena, names_create(arena), source, diagnostics, .start = START_FILE};
    parse->declarations = build_list(parse, NULL, NULL);
    parse->keeps_tokens = true;
    int errors = diagnostics_error_count(diagnostics);
    run_parser(parse);
    return diagnostics_error_count(diagnostics) == errors ? parse : NULL;
}

struct tree_value *parse_value(struct arena *arena, struct names *names, const struct source *source,
                               struct diagnostics *diagnostics)
{
    struct parse *parse = ARENA_NEW(arena, struct parse);
    *parse = (struct parse){arena, names, source, diagnostics, .start = START_VALUE};
    int errors = diagnostics_error_count(diagnostics);
    run_parser(parse);
    return diagnostics_error_count(diagnostics) == errors ? parse->value : NULL;
}
