/* html.c - the tags of a page.
 *
 *     html_paragraph(page, "a < %d", 3)    ->    <p>a &lt; 3</p> */
#include "report/html.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/style.h"

/* Length of the UTF-8 sequence that `text` begins with; 0 where it begins with none, or with a character
 * that XML does not have. Overlong forms and surrogates are none. */
static int sequence_length(const unsigned char *text)
{
    const unsigned first = text[0];
    if (first < 0x80)
        return (first >= ' ' && first != 0x7f) || first == '\n' || first == '\t';
    const int length = first >= 0xc2 && first <= 0xdf   ? 2
                       : first >= 0xe0 && first <= 0xef ? 3
                       : first >= 0xf0 && first <= 0xf4 ? 4
                                                        : 0;
    for (int i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    const unsigned second = length ? text[1] : 0;
    const bool is_odd = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                        (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f) ||
                        (first == 0xef && second == 0xbf && text[2] >= 0xbe) ||
                        (first == 0xc2 && second < 0xa0);
    return is_odd ? 0 : length;
}

static const char *entity_of(char character)
{
    switch (character) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* A sequence never runs over `end`, which is a line break or a NUL: neither continues one. */
static void print_until(FILE *to, const char *text, const char *end)
{
    while (text < end) {
        const char *entity = entity_of(*text);
        const int length = sequence_length((const unsigned char *)text);
        if (entity)
            fputs(entity, to);
        else if (length)
            fwrite(text, 1, (size_t)length, to);
        else
            fputs("\xef\xbf\xbd", to);
        text += length ? length : 1;
    }
}

void html_text(FILE *to, const char *text)
{
    print_until(to, text, text + strlen(text));
}

/* What printf would print, escaped. */
__attribute__((format(printf, 2, 0))) static void print(struct html *page, const char *format,
                                                        va_list arguments)
{
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0) {
        page->lacks_memory = true;
        return;
    }
    html_text(page->to, text);
    free(text);
}

/* PRINT(page, "<p>", "</p>\n"): the text of `format` and what follows it, between two tags. */
#define PRINT(page, before, after)                                                                           \
    do {                                                                                                     \
        va_list arguments;                                                                                   \
        va_start(arguments, format);                                                                         \
        fputs(before, (page)->to);                                                                           \
        print(page, format, arguments);                                                                      \
        fputs(after, (page)->to);                                                                            \
        va_end(arguments);                                                                                   \
    } while (0)

static void print_between(struct html *page, const char *before, const char *text, const char *after)
{
    fputs(before, page->to);
    html_text(page->to, text);
    fputs(after, page->to);
}

void html_begin(struct html *page, FILE *to, const char *title)
{
    *page = (struct html){.to = to};
    fputs("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
          "<meta charset=\"utf-8\"/>\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
          "<meta name=\"color-scheme\" content=\"light dark\"/>\n",
          to);
    print_between(page, "<title>", title, "</title>\n<style>\n");
    style_print(to);
    fputs("</style>\n</head>\n<body>\n<main>\n", to);
    print_between(page, "<h1>", title, "</h1>\n");
}

void html_section_end(struct html *page)
{
    if (page->is_in_section)
        fputs("</section>\n", page->to);
    page->is_in_section = false;
}

bool html_end(struct html *page)
{
    html_section_end(page);
    fputs("</main>\n</body>\n</html>\n", page->to);
    return !page->lacks_memory;
}

void html_heading(struct html *page, const char *text)
{
    html_section_end(page);
    print_between(page, "<section>\n<h2>", text, "</h2>\n");
    page->is_in_section = true;
}

void html_subheading(struct html *page, const char *text)
{
    print_between(page, "<h3>", text, "</h3>\n");
}

void html_paragraph(struct html *page, const char *format, ...)
{
    PRINT(page, "<p>", "</p>\n");
}

void html_statement(struct html *page, const char *format, ...)
{
    PRINT(page, "<p class=\"statement\">", "</p>\n");
}

void html_note(struct html *page, const char *format, ...)
{
    PRINT(page, "<p class=\"note\">", "</p>\n");
}

void html_code(struct html *page, const char *text)
{
    print_between(page, "<pre>", text, "</pre>\n");
}

void html_listing(struct html *page, const char *text)
{
    int number = 0;
    fputs("<pre class=\"listing\">", page->to);
    while (*text) {
        const size_t length = strcspn(text, "\n");
        fprintf(page->to, "<i>%d</i>", ++number);
        print_until(page->to, text, text + length);
        fputs("\n", page->to);
        text += length + (text[length] == '\n');
    }
    fputs("</pre>\n", page->to);
}

void html_items_begin(struct html *page)
{
    fputs("<ul>\n", page->to);
}

void html_item(struct html *page, const char *format, ...)
{
    PRINT(page, "<li>", "</li>\n");
}

void html_items_end(struct html *page)
{
    fputs("</ul>\n", page->to);
}

void html_facts_begin(struct html *page)
{
    fputs("<dl class=\"facts\">\n", page->to);
}

void html_fact(struct html *page, const char *name, const char *format, ...)
{
    print_between(page, "<div><dt>", name, "</dt>");
    PRINT(page, "<dd>", "</dd></div>\n");
}

void html_facts_end(struct html *page)
{
    fputs("</dl>\n", page->to);
}

void html_figures_begin(struct html *page)
{
    fputs("<div class=\"figures\">\n", page->to);
}

void html_figures_end(struct html *page)
{
    fputs("</div>\n", page->to);
}

void html_tables_begin(struct html *page)
{
    fputs("<div class=\"tables\">\n", page->to);
}

void html_tables_end(struct html *page)
{
    html_figures_end(page);
}

static void begin_table(struct html *page, const char *caption, const char *class)
{
    fprintf(page->to, "<div class=\"wide\"><table%s>\n", class);
    if (caption)
        print_between(page, "<caption>", caption, "</caption>\n");
    fputs("<thead><tr>", page->to);
    page->is_in_row = false;
}

void html_table_begin(struct html *page, const char *caption, const struct html_column *columns, int count)
{
    begin_table(page, caption, "");
    for (int i = 0; i < count; i++)
        print_between(page, columns[i].is_number ? "<th class=\"number\">" : "<th>", columns[i].name,
                      "</th>");
    fputs("</tr></thead>\n<tbody>\n", page->to);
    page->columns = columns;
}

void html_row(struct html *page)
{
    fputs(page->is_in_row ? "</tr>\n<tr>" : "<tr>", page->to);
    page->is_in_row = true;
    page->column = 0;
}

void html_cell(struct html *page, const char *format, ...)
{
    PRINT(page, page->columns[page->column].is_number ? "<td class=\"number\">" : "<td>", "</td>");
    page->column++;
}

void html_table_end(struct html *page)
{
    fputs(page->is_in_row ? "</tr>\n</tbody>\n</table></div>\n" : "</tbody>\n</table></div>\n", page->to);
    page->is_in_row = false;
}

void html_matrix_begin(struct html *page, const char *caption, const char *corner, const char *const *names,
                       int count)
{
    bool is_short = true;
    for (int i = 0; i < count; i++)
        is_short = is_short && strlen(names[i]) <= 3;
    begin_table(page, caption, is_short ? " class=\"matrix short\"" : " class=\"matrix\"");
    print_between(page, "<th class=\"corner\">", corner, "</th>");
    for (int i = 0; i < count; i++)
        print_between(page, "<th><span>", names[i], "</span></th>");
    fputs("</tr></thead>\n<tbody>\n", page->to);
}

void html_matrix_row(struct html *page, const char *name)
{
    html_row(page);
    print_between(page, "<th>", name, "</th>");
}

void html_matrix_cell(struct html *page, double share, const char *format, ...)
{
    const int strength = share > 0 ? (int)(share * STYLE_HEATS) : 0;
    fprintf(page->to, "<td class=\"h%d\">", strength < STYLE_HEATS ? strength : STYLE_HEATS - 1);
    PRINT(page, "", "</td>");
}

void html_matrix_end(struct html *page)
{
    html_table_end(page);
}

void html_pairs_begin(struct html *page, const char *title)
{
    fputs("<div class=\"pairs\">\n", page->to);
    if (title)
        html_subheading(page, title);
    fputs("<dl>\n", page->to);
}

void html_pairs_end(struct html *page)
{
    fputs("</dl>\n</div>\n", page->to);
}

void html_fold_begin(struct html *page, const char *title, bool is_open)
{
    print_between(page, is_open ? "<details open=\"open\"><summary>" : "<details><summary>", title,
                  "</summary>\n");
}

void html_fold_end(struct html *page)
{
    fputs("</details>\n", page->to);
}

void html_gallery_begin(struct html *page)
{
    fputs("<div class=\"gallery\">\n", page->to);
}

void html_picture(struct html *page, const char *source, const char *description, int width,
                  const char *format, ...)
{
    /* The text below wraps at the picture's width, or at one that it can be read at. */
    enum { NARROWEST = 112 };
    fprintf(page->to, "<figure style=\"width: %dpx\">", width > NARROWEST ? width : NARROWEST);
    print_between(page, "<img src=\"", source, "\" alt=\"");
    html_text(page->to, description);
    fprintf(page->to, "\" width=\"%d\"/>", width);
    PRINT(page, "<figcaption>", "</figcaption></figure>\n");
}

void html_gallery_end(struct html *page)
{
    fputs("</div>\n", page->to);
}
