/* place.c - walks the text up to the cursor and reads the statement that it is in.
 *
 *     net a { c1: conv 6 5x5 pa|    ->    body net, label c1, kind conv, name "pa" */
#include "lsp/place.h"

#include <string.h>

#include "layers/catalogue.h"
#include "lsp/document.h"

static bool is_name(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || (unsigned char)byte >= 0x80;
}

static void copy_name(char to[PLACE_NAME], const char *from, size_t length)
{
    length = length < PLACE_NAME ? length : PLACE_NAME - 1;
    memcpy(to, from, length);
    to[length] = '\0';
    if (strcmp(to, "λ") == 0)
        strcpy(to, "lambda");
}

/* The end of the comment or string that begins here; `at` itself where none does. */
static size_t skip_text(const char *text, size_t at, size_t length)
{
    char end = text[at] == '#' ? '\n' : text[at] == '"' ? '"' : '\0';
    if (!end)
        return at;
    size_t close = at + 1;
    while (close < length && text[close] != end && text[close] != '\n')
        close++;
    return end == '"' && close < length && text[close] == '"' ? close + 1 : close;
}

static enum place_body body_of(const char *statement, size_t length)
{
    while (length && (*statement == ' ' || *statement == '\t')) {
        statement++;
        length--;
    }
    return length >= 5 && strncmp(statement, "train", 5) == 0 ? PLACE_TRAIN : PLACE_NET;
}

/* Finds the statement's first byte and the body that it stands in. */
static void find_statement(struct place *place, const char *text, size_t offset, size_t length)
{
    int depth = 0, brackets = 0;
    for (size_t at = 0; at < offset;) {
        size_t behind = skip_text(text, at, length);
        if (behind > at) {
            place->is_comment = behind > offset || (behind == offset && text[behind - 1] != '"');
            at = behind;
            continue;
        }
        char byte = text[at++];
        brackets += byte == '(' || byte == '[' ? 1 : (byte == ')' || byte == ']') && brackets ? -1 : 0;
        if (byte == '{' && depth++ == 0)
            place->body = body_of(text + place->line, at - 1 - place->line);
        if (byte == '}' && depth > 0 && --depth == 0)
            place->body = PLACE_FILE;
        if (byte == '{' || byte == '}' || (byte == '\n' && !brackets)) {
            place->line = at;
            brackets = 0;
        }
    }
}

/* The next name of the line, and where it ends; NULL at the line's end. */
static const char *next_name(const char *at, const char *end, size_t *length)
{
    while (at < end && !is_name(*at) && !strchr("\n{}#", *at))
        at++;
    const char *from = at;
    while (at < end && is_name(*at))
        at++;
    *length = (size_t)(at - from);
    return at > from ? from : NULL;
}

bool place_has_choice(const char *kind)
{
    return strcmp(kind, "output") == 0 || strcmp(kind, "optimizer") == 0 || strcmp(kind, "schedule") == 0;
}

/* Label, kind and choice, of which those behind `end` are not written yet. */
static void read_statement(struct place *place, const char *from, const char *end)
{
    size_t length;
    const char *name = next_name(from, end, &length);
    if (!name)
        return;
    const char *behind = name + length;
    while (behind < end && *behind == ' ')
        behind++;
    if (behind < end && *behind == ':') {
        copy_name(place->label, name, length);
        name = next_name(behind, end, &length);
    }
    if (!name)
        return;
    copy_name(place->kind, name, length);
    if (!place_has_choice(place->kind))
        return;
    behind = name + length;
    name = next_name(behind, end, &length);
    if (name && (name + length >= end || name[length] != '='))
        copy_name(place->choice, name, length);
}

struct place place_find(const struct document *document, size_t offset)
{
    const char *text = document->bytes;
    struct place place = {.word = offset, .word_end = offset};
    while (place.word > 0 && is_name(text[place.word - 1]))
        place.word--;
    while (place.word_end < document->length && is_name(text[place.word_end]))
        place.word_end++;
    copy_name(place.name, text + place.word, place.word_end - place.word);
    place.is_value = place.word > 0 && text[place.word - 1] == '=';
    find_statement(&place, text, offset, document->length);
    read_statement(&place, text + place.line, text + (place.word > place.line ? place.word : place.line));
    return place;
}

void place_attributes(const struct place *place, const struct attribute *tables[PLACE_TABLES])
{
    const bool in_train = place->body == PLACE_TRAIN;
    tables[0] = tables[1] = NULL;
    if (in_train) {
        const struct training_kind *kind = catalogue_find_training(place->kind);
        tables[0] = kind ? kind->attributes : NULL;
    } else {
        const struct layer_kind *kind = catalogue_find_layer(place->kind);
        tables[0] = kind ? kind->attributes : NULL;
    }
    struct choice choice;
    for (int i = 0; (choice = catalogue_choice(place->kind, i)).name; i++)
        if (in_train != (strcmp(place->kind, "output") == 0) && strcmp(place->choice, choice.name) == 0)
            tables[1] = choice.attributes;
}
