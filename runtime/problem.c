/* problem.c - turns the place and the kind of a fault into the one message that a user reads.
 *
 *     problem_at(p, "data.csv", 17, 3, "'%s' is not a number", "abc")
 *         ->  data.csv:17:3: error: 'abc' is not a number */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "problem.h"

/* What a broken file put into a message must not steer the user's terminal. */
static void text_disarm(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 127)
            *text = '?';
}

__attribute__((format(printf, 3, 0))) static void problem_append(struct problem *problem, size_t length,
                                                                 const char *format, va_list arguments)
{
    char *end = problem->text + length;
    vsnprintf(end, sizeof problem->text - length, format, arguments);
    text_disarm(end);
}

bool problem_at(struct problem *problem, const char *path, int line, int column, const char *format, ...)
{
    char place[64] = "";
    if (line > 0 && column > 0)
        snprintf(place, sizeof place, "%d:%d:", line, column);
    else if (line > 0)
        snprintf(place, sizeof place, "%d:", line);
    /* The end of a long path is the part that tells files apart. */
    size_t length = strlen(path);
    const char *tail = length > 400 ? path + length - 400 : path;
    snprintf(problem->text, sizeof problem->text, "%s:%s error: ", tail, place);
    text_disarm(problem->text);
    va_list arguments;
    va_start(arguments, format);
    problem_append(problem, strlen(problem->text), format, arguments);
    va_end(arguments);
    return false;
}

void problem_help(struct problem *problem, const char *format, ...)
{
    static const char head[] = "\nhelp: ";
    size_t length = strlen(problem->text);
    if (length + sizeof head >= sizeof problem->text)
        return;
    memcpy(problem->text + length, head, sizeof head);
    va_list arguments;
    va_start(arguments, format);
    problem_append(problem, length + sizeof head - 1, format, arguments);
    va_end(arguments);
}
