/* test_report_support.c - a small parser of XML: enough of it for the pages of report/. */
#include "test_report_support.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <string.h>

void paper_begin(struct paper *paper, const char *title)
{
    html_begin(&paper->page, open_memstream(&paper->text, &paper->length), title);
}

static bool is_name(char character)
{
    return isalnum((unsigned char)character) || strchr("-:_", character);
}

static const char *skip_attributes(const char *at)
{
    while (isspace((unsigned char)*at)) {
        const char *start = at;
        while (isspace((unsigned char)*at))
            at++;
        if (*at == '>' || *at == '/')
            return at;
        while (*at && is_name(*at))
            at++;
        cr_assert(at[0] == '=' && at[1] == '"', "attribute without a value: %.40s", start);
        at += 2;
        at += strcspn(at, "\"<");
        cr_assert_eq(*at, '"', "a value that does not end: %.40s", start);
        at++;
    }
    return at;
}

static void check_entity(const char *at)
{
    static const char *const known[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&#39;"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strncmp(at, known[i], strlen(known[i])) == 0)
            return;
    cr_assert_fail("a lonely &: %.40s", at);
}

/* Tags that are open, with the number of them. */
struct open_tags {
    const char *names[64];
    size_t lengths[64];
    int count;
};

static const char *read_tag(struct open_tags *open, const char *at)
{
    const bool is_end = at[1] == '/';
    const char *name = at + 1 + is_end, *end = name;
    while (is_name(*end))
        end++;
    const size_t length = (size_t)(end - name);
    cr_assert_gt(length, 0, "no tag: %.40s", at);
    if (is_end) {
        cr_assert_gt(open->count, 0, "nothing is open: %.40s", at);
        const int top = --open->count;
        cr_assert(open->lengths[top] == length && strncmp(open->names[top], name, length) == 0,
                  "%.*s is closed by %.40s", (int)open->lengths[top], open->names[top], at);
    }
    end = skip_attributes(end);
    if (end[0] == '/' && end[1] == '>')
        return end + 2;
    cr_assert_eq(*end, '>', "a tag that does not end: %.40s", at);
    if (!is_end) {
        cr_assert_lt(open->count, 64);
        open->names[open->count] = name;
        open->lengths[open->count++] = length;
    }
    return end + 1;
}

void paper_check(const char *text)
{
    static const char start[] = "<!DOCTYPE html>\n";
    struct open_tags open = {0};
    cr_assert_eq(strncmp(text, start, sizeof start - 1), 0);
    for (const char *at = text + sizeof start - 1; *at;) {
        if (*at == '<') {
            at = read_tag(&open, at);
            continue;
        }
        if (*at == '&')
            check_entity(at);
        at++;
    }
    cr_assert_eq(open.count, 0, "%.20s is not closed", open.count ? open.names[open.count - 1] : "");
}

void paper_end(struct paper *paper)
{
    cr_expect(html_end(&paper->page));
    fclose(paper->page.to);
    paper_check(paper->text);
}

int count_of(const char *text, const char *what)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
        count++;
    return count;
}
