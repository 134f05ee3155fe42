/* text.h - a string that grows, for everything that netc prints or writes. */
#ifndef NETC_TEXT_H
#define NETC_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

struct text {
    struct arena *arena; /* where the bytes live */
    char *bytes;         /* always ends with a NUL; "" when empty */
    size_t length;       /* without the NUL */
    size_t capacity;
};

struct text text_create(struct arena *arena);
void text_append(struct text *text, const char *bytes, size_t length);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "a, b or c", one after the other: `is_last` is that of c. */
void text_append_choice(struct text *list, const char *choice, bool is_last);
/* A whole number in full, another as %g has it: 1000000, 0.05, 1e+30. */
const char *text_of_number(struct arena *arena, double number);
void text_format_list(struct text *text, const char *format, va_list arguments);

#endif
