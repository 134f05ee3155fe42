/* test_report_html.c - escaping, and that what is opened is closed. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "report/buffer.h"
#include "report/place.h"
#include "test_report_support.h"

static void expect_text(const char *from, const char *wanted)
{
    char *text;
    size_t length;
    FILE *to = open_memstream(&text, &length);
    html_text(to, from);
    fclose(to);
    cr_expect_str_eq(text, wanted);
    free(text);
}

#define UNKNOWN "\xef\xbf\xbd"

Test(html, text_is_escaped)
{
    expect_text("a < b && c > \"d\" 'e'", "a &lt; b &amp;&amp; c &gt; &quot;d&quot; &#39;e&#39;");
    expect_text("λ ± 2σ \xf0\x9f\x91\x9f\n\t", "λ ± 2σ \xf0\x9f\x91\x9f\n\t");
}

Test(html, what_is_no_utf8_becomes_the_replacement)
{
    expect_text("caf\xe9.yaml", "caf" UNKNOWN ".yaml");
    expect_text("\x1b[2J\x7f", UNKNOWN "[2J" UNKNOWN);
    expect_text("\xc0\xaf", UNKNOWN UNKNOWN);                         /* overlong */
    expect_text("\xed\xa0\x80", UNKNOWN UNKNOWN UNKNOWN);             /* a surrogate */
    expect_text("\xf4\x90\x80\x80", UNKNOWN UNKNOWN UNKNOWN UNKNOWN); /* beyond the last */
    expect_text("\xe2\x82", UNKNOWN UNKNOWN);                         /* cut off */
    expect_text("\xef\xbf\xbf", UNKNOWN UNKNOWN UNKNOWN);             /* no character of XML */
    expect_text("\xc2\x85", UNKNOWN UNKNOWN);                         /* a control character */
}

/* What stands in a place is put there anew; a text that looks like one is none. */
Test(html, a_place_is_filled_again_and_again)
{
    struct html page;
    char *text, *filled, *again;
    size_t length;
    FILE *to = open_memstream(&text, &length);
    html_begin(&page, to, "<!-- gap -->\n");
    html_heading(&page, "Before");
    place_print(&page, "gap");
    html_heading(&page, "Behind");
    html_end(&page);
    fclose(to);
    to = open_memstream(&filled, &length);
    cr_assert(place_fill(to, text, "gap", "<p>one</p>\n"));
    fclose(to);
    cr_expect(strstr(filled, "</section>\n<!-- gap -->\n<p>one</p>\n<!-- end of gap -->\n<section>\n"), "%s",
              filled);
    to = open_memstream(&again, &length);
    cr_assert(place_fill(to, filled, "gap", ""));
    fclose(to);
    cr_expect_str_eq(again, text);
    free(again);
    to = open_memstream(&again, &length);
    cr_expect_not(place_fill(to, filled, "hole", "<p>two</p>\n"));
    fclose(to);
    cr_expect_eq(length, 0);
    free(again);
    free(filled);
    free(text);
}

/* Beyond the first room and stdio's own buffer, in pieces of all sizes. */
Test(html, a_buffer_keeps_everything)
{
    struct buffer buffer;
    size_t at = 0;
    cr_assert(buffer_open(&buffer));
    for (int i = 0; i < 20000; i++)
        fprintf(buffer.to, "%*d\n", i % 97, i);
    cr_assert(buffer_close(&buffer));
    for (int i = 0; i < 20000; i++) {
        char line[128];
        const int length = snprintf(line, sizeof line, "%*d\n", i % 97, i);
        cr_assert(at + (size_t)length <= buffer.length &&
                  memcmp(buffer.bytes + at, line, (size_t)length) == 0);
        at += (size_t)length;
    }
    cr_expect_eq(at, buffer.length);
    cr_expect_eq(buffer.bytes[at], 0);
    buffer_free(&buffer);
    cr_expect_not(buffer_close(&buffer));
}

static void print_texts(struct html *page)
{
    html_facts_begin(page);
    html_fact(page, "test <accuracy>", "%.1f %%", 91.0);
    html_facts_end(page);
    html_heading(page, "one & two");
    html_statement(page, "%s", "<");
    html_subheading(page, "<sub>");
    html_paragraph(page, "%d < %d", 1, 2);
    html_note(page, "%s", "&");
    html_code(page, "net a {\n    input 2 # <\n}");
    html_listing(page, "one <\n\nthree");
    html_items_begin(page);
    html_item(page, "%s", "<item>");
    html_items_end(page);
}

static void print_tables(struct html *page)
{
    static const struct html_column columns[] = {{"<class>", false}, {"n & m", true}};
    static const char *const names[] = {"t-shirt", "\"bag\""};
    html_figures_begin(page);
    html_table_begin(page, "cap < tion", columns, 2);
    for (int i = 0; i < 3; i++) {
        html_row(page);
        html_cell(page, "%s", "<x>");
        html_cell(page, "%d", i);
    }
    html_table_end(page);
    html_tables_begin(page);
    html_table_begin(page, NULL, columns, 2);
    html_table_end(page);
    html_tables_end(page);
    html_figures_end(page);
    html_heading(page, "three");
    html_matrix_begin(page, "matrix", "true \\ <predicted>", names, 2);
    html_matrix_row(page, names[1]);
    html_matrix_cell(page, 1, "%d", 12);
    html_matrix_cell(page, 0, "%d", 0);
    html_matrix_end(page);
    html_pairs_begin(page, "machine <x>");
    html_fact(page, "cpu & more", "%s", "<cpu>");
    html_pairs_end(page);
    html_fold_begin(page, "fold & open", true);
    html_fold_begin(page, "fold", false);
    html_fold_end(page);
    html_fold_end(page);
    html_gallery_begin(page);
    html_picture(page, "data:image/png;base64,AA==", "a \"picture\"", 56, "%s", "<shirt>");
    html_gallery_end(page);
}

Test(html, a_page_with_everything_is_well_formed)
{
    struct paper paper;
    paper_begin(&paper, "a <b> & \"c\"");
    print_texts(&paper.page);
    print_tables(&paper.page);
    paper_end(&paper);
    cr_expect_eq(count_of(paper.text, "<section>"), 2);
    cr_expect_eq(count_of(paper.text, "<td class=\"number\">"), 3);
    cr_expect(strstr(paper.text, "<td class=\"h9\">12</td><td class=\"h0\">0</td>"));
    cr_expect(strstr(paper.text, "<title>a &lt;b&gt; &amp; &quot;c&quot;</title>"));
    cr_expect(strstr(paper.text, "<figure style=\"width: 112px\"><img src=\"data:image/png;base64,AA==\" "
                                 "alt=\"a &quot;picture&quot;\" width=\"56\"/>"));
    cr_expect(strstr(paper.text, "<i>1</i>one &lt;\n<i>2</i>\n<i>3</i>three\n</pre>"));
    cr_expect(strstr(paper.text, "<details open=\"open\"><summary>fold &amp; open</summary>\n"
                                 "<details><summary>fold</summary>\n</details>\n</details>\n"));
    cr_expect_not(strstr(paper.text, "<script"));
    free(paper.text);
}
