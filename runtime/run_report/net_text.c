/* net_text.c - words of a .net text and where they stand. */
#include "run_report/net_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* A walk from word to word. */
struct walk {
    const char *at;
    const char *line_start, *statement; /* starts of the line and of the statement that `at` is in */
    int line, depth;
    char file[64];
    bool is_first;     /* of its statement, or behind its label */
    bool is_in_train;  /* the outer braces are those of train */
    const char *outer; /* the first word of the outer statement */
    int outer_length;
    const char *word; /* the word found */
    int length;
};

static bool is_letter(char character)
{
    return isalnum((unsigned char)character) || character == '_' || (unsigned char)character >= 0x80;
}

/* "# include "common.net"", which stands between the texts of two files: lines begin anew. */
static bool begin_file(struct walk *walk)
{
    static const char mark[] = "# include \"";
    if (walk->at != walk->line_start || strncmp(walk->at, mark, sizeof mark - 1) != 0)
        return false;
    const char *name = walk->at + sizeof mark - 1;
    snprintf(walk->file, sizeof walk->file, "%.*s", (int)strcspn(name, "\"\n"), name);
    walk->line = 0;
    walk->depth = 0;
    return true;
}

static void end_line(struct walk *walk)
{
    walk->line++;
    walk->line_start = walk->statement = walk->at + 1;
    walk->is_first = true;
}

static void take_brace(struct walk *walk, bool is_open)
{
    walk->depth += is_open ? 1 : walk->depth > 0 ? -1 : 0;
    walk->statement = walk->at + 1;
    walk->is_first = true;
    if (is_open && walk->depth == 1)
        walk->is_in_train = walk->outer_length == 5 && strncmp(walk->outer, "train", 5) == 0;
}

static void pass_string(struct walk *walk)
{
    for (walk->at++; *walk->at && *walk->at != '"' && *walk->at != '\n'; walk->at++)
        if (*walk->at == '\\' && walk->at[1])
            walk->at++;
    if (*walk->at == '\n')
        walk->at--;
}

static void take_word(struct walk *walk)
{
    walk->word = walk->at;
    while (is_letter(*walk->at))
        walk->at++;
    walk->length = (int)(walk->at - walk->word);
    if (walk->depth == 0 && walk->is_first) {
        walk->outer = walk->word;
        walk->outer_length = walk->length;
    }
}

/* The next word; `is_first` tells of it until the walk goes on. */
static bool walk_on(struct walk *walk)
{
    if (walk->word)
        walk->is_first = walk->is_first && *walk->at == ':'; /* a label leaves its kind the first */
    for (; *walk->at; walk->at++) {
        if (*walk->at == '#') {
            begin_file(walk);
            walk->at += strcspn(walk->at, "\n");
        }
        if (*walk->at == '\n')
            end_line(walk);
        else if (*walk->at == '"')
            pass_string(walk);
        else if (*walk->at == '{' || *walk->at == '}')
            take_brace(walk, *walk->at == '{');
        else if (is_letter(*walk->at)) {
            take_word(walk);
            return true;
        }
        if (!*walk->at)
            break;
    }
    return false;
}

static struct walk walk_from(const char *text)
{
    return (struct walk){
        .at = text, .line_start = text, .statement = text, .line = 1, .is_first = true, .outer = text};
}

static bool is_word(const struct walk *walk, const char *word)
{
    return (int)strlen(word) == walk->length && strncmp(walk->word, word, (size_t)walk->length) == 0;
}

/* Shows the statement up to its comment or braces. */
static bool found(const struct walk *walk, struct net_place *place)
{
    const char *start = walk->statement + strspn(walk->statement, " \t\r"), *end = start;
    bool is_string = false;
    for (; *end && *end != '\n' && (is_string || !strchr("#{}", *end)); end++)
        is_string = is_string != (*end == '"');
    while (end > start && isspace((unsigned char)end[-1]))
        end--;
    place->line = walk->line;
    snprintf(place->file, sizeof place->file, "%s", walk->file);
    snprintf(place->statement, sizeof place->statement, "%.*s", (int)(end - start), start);
    return true;
}

bool net_text_find_layer(const char *text, const char *word, int skip, struct net_place *place)
{
    struct walk walk = walk_from(text);
    while (walk_on(&walk)) {
        const char next = walk.at[strspn(walk.at, " \t")];
        const bool is_in_net = walk.depth > 0 && !walk.is_in_train;
        if (is_in_net && is_word(&walk, word) && next != ':' && next != '=' && skip-- == 0)
            return found(&walk, place);
    }
    *place = (struct net_place){0};
    return false;
}

bool net_text_find_label(const char *text, const char *label, struct net_place *place)
{
    struct walk walk = walk_from(text);
    while (walk_on(&walk))
        if (walk.depth > 0 && walk.is_first && is_word(&walk, label) &&
            walk.at[strspn(walk.at, " \t")] == ':')
            return found(&walk, place);
    *place = (struct net_place){0};
    return false;
}

bool net_text_find_setting(const char *text, const char *word, struct net_place *place)
{
    struct walk walk = walk_from(text);
    const bool is_lambda = strcmp(word, "λ") == 0;
    while (walk_on(&walk))
        if (walk.depth == 1 && walk.is_in_train && walk.is_first &&
            (is_word(&walk, word) || (is_lambda && is_word(&walk, "lambda"))))
            return found(&walk, place);
    *place = (struct net_place){0};
    return false;
}
