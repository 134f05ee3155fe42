/* html.h - a page of one file, for people: text, tables and figures, without network and without scripts.
 *
 *     html_begin(&page, to, "lenet5");  html_heading(&page, "Layers");  …tables…  html_end(&page);
 *
 * It is readable in light and dark (the reader's wish decides) and on a telephone, and it is XML as well as
 * HTML: every tag is closed, every attribute quoted, so that any parser of either can check it. All texts are
 * escaped here. Of what a page is about this folder knows nothing. */
#ifndef NETC_REPORT_HTML_H
#define NETC_REPORT_HTML_H

#include <stdbool.h>
#include <stdio.h>

struct html_column {
    const char *name;
    bool is_number; /* set to the right */
};

struct html {
    FILE *to; /* errors are found by whoever closes it */
    bool is_in_section, is_in_row;
    bool lacks_memory;                 /* something is missing from the page */
    const struct html_column *columns; /* of the table that is open */
    int column;                        /* of the next cell */
};

/* Head, style and title of the page; the title is its first heading, too. */
void html_begin(struct html *page, FILE *to, const char *title);
/* False where memory was wanting: the page is not whole. */
bool html_end(struct html *page);

/* Text as it is to be read: <, >, & and quotes become entities; a byte that is no UTF-8, or a control
 * character, becomes U+FFFD. */
void html_text(FILE *to, const char *text);

/* A heading opens a section, which lasts until the next heading or the end, unless it is ended before. */
void html_heading(struct html *page, const char *text);
void html_section_end(struct html *page);
void html_subheading(struct html *page, const char *text);
void html_paragraph(struct html *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What matters most on a page, in a box. */
void html_statement(struct html *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A small paragraph below what it is about. */
void html_note(struct html *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Text to copy: line breaks and blanks stay. A listing has numbers before its lines. */
void html_code(struct html *page, const char *text);
void html_listing(struct html *page, const char *text);

void html_items_begin(struct html *page);
void html_item(struct html *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
void html_items_end(struct html *page);

/* The largest figures of a page: html_fact(page, "test accuracy", "%.2f %%", 90.95). */
void html_facts_begin(struct html *page);
void html_fact(struct html *page, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void html_facts_end(struct html *page);

/* Charts and lists between these stand side by side in columns of one width, where there is room. */
void html_figures_begin(struct html *page);
void html_figures_end(struct html *page);
/* Tables between these stand side by side, each as wide as it wants to be. */
void html_tables_begin(struct html *page);
void html_tables_end(struct html *page);

/* A table; one that is wider than the page scrolls in itself. `columns` must stay until its end. A line break
 * in a cell is one.
 *
 *     html_table_begin(page, "By class", columns, 2);
 *     html_row(page);  html_cell(page, "%s", name);  html_cell(page, "%.2f", precision);
 *     html_table_end(page);
 *
 * caption NULL: none. */
void html_table_begin(struct html *page, const char *caption, const struct html_column *columns, int count);
void html_row(struct html *page);
void html_cell(struct html *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
void html_table_end(struct html *page);

/* A square table whose column names stand upright, so that many fit; the first cell of each row is its name,
 * the others lie on a ground whose strength is `share`, 0 … 1, of the strongest. `corner` says what rows and
 * columns are. */
void html_matrix_begin(struct html *page, const char *caption, const char *corner, const char *const *names,
                       int count);
void html_matrix_row(struct html *page, const char *name);
void html_matrix_cell(struct html *page, double share, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void html_matrix_end(struct html *page);

/* Facts in small print, each by html_fact on a line of its own. title NULL: none. */
void html_pairs_begin(struct html *page, const char *title);
void html_pairs_end(struct html *page);

/* What a reader may fold away under its title; it is open at first where it is wanted so. */
void html_fold_begin(struct html *page, const char *title, bool is_open);
void html_fold_end(struct html *page);

/* Pictures with a text below each. `source` is a data URI or a path, `description` is for those who do not
 * see it; shown `width` of CSS's pixels wide, each pixel of the picture as a square. */
void html_gallery_begin(struct html *page);
void html_picture(struct html *page, const char *source, const char *description, int width,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));
void html_gallery_end(struct html *page);

#endif
