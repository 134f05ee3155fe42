/* diagnostics.c - collects what is wrong and prints it for people or as JSON lines.
 *
 *     struct diagnostic *error = diagnostics_error(all, E0202, span, "'%s' is declared twice", name);
 *     diagnostic_note(error, first, "the first one is here");
 *     diagnostic_help(error, "remove one of them"); */
#include "base/diagnostics.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/excerpt.h"
#include "base/text.h"

enum { MOST_ERRORS = 20 };

#define COLOR_PLACE "\033[01m"
#define COLOR_ERROR "\033[01;31m"
#define COLOR_NOTE "\033[01;36m"
#define COLOR_HELP "\033[01;32m"
#define COLOR_OFF "\033[m"

struct note {
    struct span span;
    const char *message;
    struct note *next;
};

struct diagnostic {
    struct arena *arena;
    enum code code;
    struct span span;
    const char *message;
    struct note *notes, **notes_end; /* in order of telling; those of the origin behind `notes_end` */
    const struct origin *origin;
    const char *help; /* NULL without */
};

struct diagnostics {
    struct arena *arena;
    struct diagnostic errors[MOST_ERRORS];
    int kept;                  /* errors in `errors` */
    int count;                 /* errors told, repeated ones apart */
    struct diagnostic dropped; /* takes the notes of what is not kept */
    const struct origin *origin;
};

struct diagnostics *diagnostics_create(struct arena *arena)
{
    struct diagnostics *all = ARENA_NEW(arena, struct diagnostics);
    all->arena = arena;
    return all;
}

static const char *format_message(struct arena *arena, const char *format, va_list arguments)
{
    struct text text = text_create(arena);
    text_format_list(&text, format, arguments);
    return text.bytes;
}

/* An error at the same place, and with that message unless it is NULL. The same text may be read from several
 * origins; then the code is enough. */
static bool is_told(const struct diagnostics *all, enum code code, struct span span, const char *message)
{
    for (int i = 0; i < all->kept; i++) {
        const struct diagnostic *other = &all->errors[i];
        if (other->span.source != span.source || other->span.offset != span.offset)
            continue;
        if (!message || strcmp(other->message, message) == 0 ||
            (other->origin != all->origin && other->code == code))
            return true;
    }
    return false;
}

const struct origin *diagnostics_set_origin(struct diagnostics *all, const struct origin *origin)
{
    const struct origin *before = all->origin;
    all->origin = origin;
    return before;
}

static struct note *note_create(struct arena *arena, struct span span, const char *message)
{
    struct note *note = ARENA_NEW(arena, struct note);
    note->span = span;
    note->message = message;
    return note;
}

static void note_origin(struct diagnostic *error, const struct origin *origin)
{
    enum { MOST_NOTES = 8 }; /* of a block in a block in a block … */
    struct note **end = &error->notes;
    for (int i = 0; origin && i < MOST_NOTES; i++, origin = origin->outer) {
        *end = note_create(error->arena, origin->span, origin->note);
        end = &(*end)->next;
    }
}

struct diagnostic *diagnostics_error(struct diagnostics *all, enum code code, struct span span,
                                     const char *format, ...)
{
    /* A million errors must not cost a million messages. */
    if (diagnostics_is_full(all) && !is_told(all, code, span, NULL)) {
        all->count++;
        return &all->dropped;
    }
    va_list arguments;
    va_start(arguments, format);
    const char *message = format_message(all->arena, format, arguments);
    va_end(arguments);
    if (is_told(all, code, span, message))
        return &all->dropped;
    all->count++;
    if (diagnostics_is_full(all))
        return &all->dropped;
    struct diagnostic *error = &all->errors[all->kept++];
    *error = (struct diagnostic){
        .arena = all->arena, .code = code, .span = span, .message = message, .origin = all->origin};
    error->notes_end = &error->notes;
    note_origin(error, all->origin);
    return error;
}

void diagnostic_note(struct diagnostic *error, struct span span, const char *format, ...)
{
    if (!error->arena)
        return;
    va_list arguments;
    va_start(arguments, format);
    struct note *note = note_create(error->arena, span, format_message(error->arena, format, arguments));
    note->next = *error->notes_end;
    *error->notes_end = note;
    error->notes_end = &note->next;
    va_end(arguments);
}

void diagnostic_help(struct diagnostic *error, const char *format, ...)
{
    if (!error->arena)
        return;
    va_list arguments;
    va_start(arguments, format);
    error->help = format_message(error->arena, format, arguments);
    va_end(arguments);
}

struct diagnostic *diagnostics_at(struct diagnostics *all, int i)
{
    return i < all->kept ? &all->errors[i] : NULL;
}

bool diagnostic_is_at(const struct diagnostic *error, struct span span)
{
    return error->span.source == span.source && error->span.offset == span.offset;
}

void diagnostics_move(struct diagnostics *all, int first,
                      struct span (*place)(void *context, struct span span), void *context)
{
    const int end = all->kept;
    all->kept = first < end ? first : end;
    for (int i = all->kept; i < end; i++) {
        struct diagnostic *error = &all->errors[i];
        error->span = place(context, error->span);
        for (struct note *note = error->notes; note; note = note->next)
            note->span = place(context, note->span);
        if (is_told(all, error->code, error->span, error->message)) {
            all->count--;
            continue;
        }
        struct diagnostic *kept = &all->errors[all->kept++];
        const bool is_first = error->notes_end == &error->notes;
        *kept = *error;
        if (is_first)
            kept->notes_end = &kept->notes;
    }
}

int diagnostics_error_count(const struct diagnostics *all)
{
    return all->count;
}

bool diagnostics_is_full(const struct diagnostics *all)
{
    return all->kept == MOST_ERRORS;
}

/* `FILE:LINE:COL: error: sentence`, or without the place where there is none. */
static void print_headline(FILE *to, struct span span, const char *kind, const char *kind_color,
                           const char *message, bool color)
{
    const char *off = color ? COLOR_OFF : "";
    if (span.source)
        fprintf(to, "%s%s:%d:%d:%s ", color ? COLOR_PLACE : "", span.source->path, span_line(span),
                span_column(span), off);
    fprintf(to, "%s%s:%s %s\n", color ? kind_color : "", kind, off, message);
}

static void print_text(const struct diagnostic *error, FILE *to, bool color)
{
    print_headline(to, error->span, "error", COLOR_ERROR, error->message, color);
    if (error->span.source)
        excerpt_print(to, error->span, color);
    for (const struct note *note = error->notes; note; note = note->next)
        print_headline(to, note->span, "note", COLOR_NOTE, note->message, color);
    if (error->help)
        fprintf(to, "%shelp:%s %s\n", color ? COLOR_HELP : "", color ? COLOR_OFF : "", error->help);
}

static void print_json_string(FILE *to, const char *text)
{
    if (!text) {
        fputs("null", to);
        return;
    }
    fputc('"', to);
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (*at == '"' || *at == '\\')
            fprintf(to, "\\%c", *at);
        else if (*at < 0x20 || *at == 0x7f)
            fprintf(to, "\\u%04x", *at);
        else
            fputc(*at, to);
    }
    fputc('"', to);
}

/* The members that say where; all null where there is no place. The end is the place behind the last
 * character. */
static void print_json_place(FILE *to, struct span span)
{
    fputs("\"file\":", to);
    print_json_string(to, span.source ? span.source->path : NULL);
    if (!span.source) {
        fputs(",\"line\":null,\"column\":null,\"end_line\":null,\"end_column\":null", to);
        return;
    }
    struct span end = {span.source, span.offset + span.length, 0};
    fprintf(to, ",\"line\":%d,\"column\":%d,\"end_line\":%d,\"end_column\":%d", span_line(span),
            span_column(span), span_line(end), span_column(end));
}

static void print_json(const struct diagnostic *error, FILE *to)
{
    fputc('{', to);
    print_json_place(to, error->span);
    fprintf(to, ",\"code\":\"%s\",\"severity\":\"error\",\"message\":", code_name(error->code));
    print_json_string(to, error->message);
    fputs(",\"notes\":[", to);
    for (const struct note *note = error->notes; note; note = note->next) {
        fputs(note == error->notes ? "{" : ",{", to);
        print_json_place(to, note->span);
        fputs(",\"message\":", to);
        print_json_string(to, note->message);
        fputc('}', to);
    }
    fputs("],\"help\":", to);
    print_json_string(to, error->help);
    fputs("}\n", to);
}

/* Does one stand before the other? Files follow one another as errors were found in them. */
static bool is_before(const struct diagnostics *all, const struct diagnostic *left,
                      const struct diagnostic *right)
{
    if (left->span.source == right->span.source)
        return left->span.offset < right->span.offset;
    for (const struct diagnostic *error = all->errors; error < all->errors + all->kept; error++)
        if (error->span.source == left->span.source || error->span.source == right->span.source)
            return error->span.source == left->span.source;
    return false;
}

/* By place; those of one place as they were told. */
static void sort_errors(const struct diagnostics *all, const struct diagnostic **order)
{
    for (int i = 0; i < all->kept; i++) {
        int at = i;
        for (; at > 0 && is_before(all, &all->errors[i], order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = &all->errors[i];
    }
}

void diagnostics_print(const struct diagnostics *all, FILE *to, enum diagnostics_format format, bool color)
{
    const struct diagnostic *order[MOST_ERRORS];
    sort_errors(all, order);
    for (int i = 0; i < all->kept; i++) {
        if (format == DIAGNOSTICS_JSON)
            print_json(order[i], to);
        else
            print_text(order[i], to, color);
    }
    int more = all->count - all->kept;
    if (more == 0)
        return;
    if (format == DIAGNOSTICS_TEXT) {
        fprintf(to, "%d more error%s\n", more, more == 1 ? "" : "s");
        return;
    }
    fputc('{', to);
    print_json_place(to, (struct span){0});
    fprintf(
        to,
        ",\"code\":null,\"severity\":\"note\",\"message\":\"%d more error%s\",\"notes\":[],\"help\":null}\n",
        more, more == 1 ? "" : "s");
}

const char *code_name(enum code code)
{
    static const char *const names[] = {
#define CODE(name, meaning) #name,
#include "base/codes.def"
#undef CODE
    };
    return names[code];
}

const char *code_meaning(enum code code)
{
    static const char *const meanings[] = {
#define CODE(name, meaning) meaning,
#include "base/codes.def"
#undef CODE
    };
    return meanings[code];
}
