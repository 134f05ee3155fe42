/* rate.c - finds "rate=NUMBER" in an optimizer as it was resolved, or as it was written. */
#include "run/rate.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "run_report/net_text.h"

double rate_of(const struct model *model)
{
    const char *rate = strstr(model->settings.optimizer, " rate=");
    return rate ? strtod(rate + strlen(" rate="), NULL) : 0;
}

static size_t blanks(const char *text)
{
    return strspn(text, " \t");
}

/* Where the value of "rate = (a + b) * 2" begins; NULL: the statement has no rate. */
static const char *find_value(const char *statement)
{
    for (const char *at = statement; (at = strstr(at, "rate")); at += strlen("rate")) {
        const char *equals = at + strlen("rate");
        equals += blanks(equals);
        if (*equals == '=' && at > statement && blanks(at - 1))
            return equals + 1 + blanks(equals + 1);
    }
    return NULL;
}

static bool is_operator(char character)
{
    return character == '*' || character == '/';
}

/* A value ends at a blank outside of brackets that is beside no operator. */
static size_t value_length(const char *value)
{
    int depth = 0;
    size_t length = 0;
    for (char before = 0; value[length]; length++) {
        const char *at = value + length;
        if (depth == 0 && blanks(at) && !is_operator(before) && !is_operator(at[blanks(at)]))
            break;
        depth += (*at == '(') - (*at == ')');
        before = blanks(at) ? before : *at;
    }
    return length;
}

/* "optimizer sgd momentum=0.9" has no rate: it then stands behind the name. */
static void replace_rate(struct rate_statement *statement, const char *number)
{
    const char *value = find_value(statement->now), *rest, *what = "";
    if (value) {
        rest = value + value_length(value);
    } else {
        rest = statement->now + strlen("optimizer");
        rest += blanks(rest);
        value = rest += strcspn(rest, " \t");
        what = " rate=";
    }
    snprintf(statement->then, sizeof statement->then, "%.*s%s%s%s", (int)(value - statement->now),
             statement->now, what, number, rest);
}

void rate_state(const struct model *model, const char *text, double rate, struct rate_statement *to)
{
    const char *optimizer = model->settings.optimizer;
    struct net_place place;
    char number[32];
    snprintf(number, sizeof number, "%.3g", rate);
    *to = (struct rate_statement){0};
    if (!net_text_find_setting(text, "optimizer", &place)) {
        snprintf(to->then, sizeof to->then, "optimizer %.*s rate=%s", (int)strcspn(optimizer, " "), optimizer,
                 number);
        return;
    }
    to->line = place.line;
    snprintf(to->file, sizeof to->file, "%s", place.file);
    snprintf(to->now, sizeof to->now, "%s", place.statement);
    replace_rate(to, number);
}
