/* place.c - two comments, found again by their texts. What a page is about is escaped, so that none of it
 * looks like one. */
#include "report/place.h"

#include <string.h>

#include "report/html.h"

enum { MARK = 128 };

static void write_marks(const char *name, char begin[MARK], char end[MARK])
{
    snprintf(begin, MARK, "<!-- %s -->\n", name);
    snprintf(end, MARK, "<!-- end of %s -->\n", name);
}

void place_print(struct html *page, const char *name)
{
    char begin[MARK], end[MARK];
    write_marks(name, begin, end);
    html_section_end(page);
    fputs(begin, page->to);
    fputs(end, page->to);
}

bool place_fill(FILE *to, const char *page, const char *name, const char *part)
{
    char begin[MARK], end[MARK];
    write_marks(name, begin, end);
    const char *from = strstr(page, begin), *behind = from ? strstr(from, end) : NULL;
    if (!behind)
        return false;
    fwrite(page, 1, (size_t)(from - page) + strlen(begin), to);
    fputs(part, to);
    fputs(behind, to);
    return true;
}
