/* place.h - where the cursor is, read from the text alone, so that it works in a text with errors too. */
#ifndef NETC_LSP_PLACE_H
#define NETC_LSP_PLACE_H

#include <stdbool.h>
#include <stddef.h>

struct attribute;
struct document;

enum place_body { PLACE_FILE, PLACE_NET, PLACE_TRAIN };
enum { PLACE_NAME = 64, PLACE_TABLES = 2 };

struct place {
    enum place_body body;
    size_t line;             /* first byte of the statement */
    char label[PLACE_NAME];  /* of the statement; "" without */
    char kind[PLACE_NAME];   /* conv, batch, …; "" where none stands before the cursor's word */
    char choice[PLACE_NAME]; /* of output, optimizer, schedule: categorical, sgd; else "" */
    size_t word, word_end;   /* the name under the cursor; both the cursor's where there is none */
    char name[PLACE_NAME];   /* that name */
    bool is_value;           /* behind an = */
    bool is_comment;         /* in a comment or string */
};

struct place place_find(const struct document *document, size_t offset);
/* The tables of keys that the statement takes; NULL where there is none. */
void place_attributes(const struct place *place, const struct attribute *tables[PLACE_TABLES]);
/* A kind whose second word says which: output, optimizer, schedule. */
bool place_has_choice(const char *kind);

#endif
