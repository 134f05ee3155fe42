/* test_report_chart.c - what a chart draws, and that nothing makes it large or ill-formed. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/chart.h"
#include "test_report_support.h"

/* The page with one chart; the caller frees it. */
static char *page_of(const struct chart *chart)
{
    struct paper paper;
    paper_begin(&paper, "chart");
    chart_print(&paper.page, chart);
    paper_end(&paper);
    char *drawing = strstr(paper.text, "<figure");
    cr_assert(drawing);
    memmove(paper.text, drawing, strlen(drawing) + 1); /* without the style */
    cr_expect_not(strstr(paper.text, "nan") || strstr(paper.text, "inf"));
    return paper.text;
}

Test(chart, a_line_goes_through_its_numbers)
{
    static const double y[] = {0, 1, 0.5};
    const struct chart_series line = {.name = "a & b", .mark = CHART_LINE, .colour = 1, .count = 3, .y = y};
    const struct chart_rule rule = {.text = "epoch 2 is kept", .at = 2};
    char *text = page_of(&(struct chart){.title = "Loss <1>",
                                         .x_name = "epoch",
                                         .series = &line,
                                         .series_count = 1,
                                         .rules = &rule,
                                         .rule_count = 1});
    /* 0 is at the bottom (250 - 15 - 6 - 15), 1 at the top (8); x from 1 to 3 over what ticks and border
     * leave */
    cr_expect(strstr(text, "214.0L217.5 8.0L406.0 111.0\""), "%s", text);
    cr_expect(strstr(text, "<path class=\"rule\" d=\"M217.5 214.0L217.5 8.0\"/>"));
    cr_expect(strstr(text, "epoch 2 is kept</li>"));
    cr_expect(strstr(text, "<title>a &amp; b, epoch 2: 1</title>"));
    cr_expect(strstr(text, "Loss &lt;1&gt;"));
    cr_expect_eq(count_of(text, "class=\"s1 curve\""), 2); /* with the legend's */
    free(text);
}

Test(chart, what_is_not_finite_is_a_gap)
{
    static const double y[] = {1, 2, NAN, 3, INFINITY, 2};
    const struct chart_series line = {.mark = CHART_LINE, .count = 6, .y = y};
    char *text = page_of(&(struct chart){.title = "gaps", .series = &line, .series_count = 1});
    const char *path = strstr(text, "curve\" d=\"");
    cr_assert(path);
    const char *end = strchr(path + 10, '"');
    int moves = 0;
    for (const char *at = path + 10; at < end; at++)
        moves += *at == 'M';
    cr_expect_eq(moves, 3);
    free(text);
}

Test(chart, nothing_at_all_is_an_empty_chart)
{
    static const double none[] = {NAN};
    const struct chart_series lines[] = {{.mark = CHART_LINE},
                                         {.mark = CHART_LINE, .count = 1, .y = none},
                                         {.mark = CHART_BARS},
                                         {.mark = CHART_POINTS}};
    free(page_of(&(struct chart){.title = "empty", .series = lines, .series_count = 4}));
    free(page_of(&(struct chart){.title = "nothing"}));
    static const double zero[] = {0};
    const struct chart_series one = {.mark = CHART_LINE, .count = 1, .y = zero};
    free(page_of(
        &(struct chart){.title = "logarithm of zero", .is_y_log = true, .series = &one, .series_count = 1}));
}

Test(chart, many_numbers_do_not_make_it_large)
{
    enum { COUNT = 200000 };
    double *x = malloc(COUNT * sizeof *x), *y = malloc(COUNT * sizeof *y);
    for (int i = 0; i < COUNT; i++) {
        x[i] = sin(i * 0.7);
        y[i] = i == COUNT / 2 ? 9 : cos(i * 1.3);
    }
    const struct chart_series line = {.mark = CHART_LINE, .count = COUNT, .y = y},
                              dots = {.mark = CHART_POINTS, .count = COUNT, .x = x, .y = y},
                              band = {.mark = CHART_BAND, .count = COUNT, .y = y, .low = x};
    char *text = page_of(&(struct chart){.title = "line", .series = &line, .series_count = 1});
    cr_expect_lt(strlen(text), 30000, "%zu", strlen(text));
    cr_expect(strstr(text, " 8.") != NULL); /* the one peak is not lost: it is near the top */
    free(text);
    text = page_of(&(struct chart){.title = "dots", .series = &dots, .series_count = 1});
    cr_expect_lt(strlen(text), 60000, "%zu", strlen(text));
    free(text);
    text = page_of(&(struct chart){.title = "band", .series = &band, .series_count = 1});
    cr_expect_lt(strlen(text), 30000, "%zu", strlen(text));
    free(text);
    free(x);
    free(y);
}

Test(chart, bars_stand_on_zero_beside_each_other)
{
    static const double one[] = {2, -1, 0}, other[] = {1, 1, 1};
    static const char *const names[] = {"t-shirt <1>", "trouser and other long names", "bag"};
    const struct chart_series bars[] = {
        {.name = "one", .mark = CHART_BARS, .count = 3, .y = one},
        {.name = "other", .mark = CHART_BARS, .colour = 1, .count = 3, .y = other}};
    char *text =
        page_of(&(struct chart){.title = "bars", .categories = names, .series = bars, .series_count = 2});
    cr_expect_eq(count_of(text, "<rect class=\"s0 bar\""), 2); /* 0 has none */
    cr_expect_eq(count_of(text, "<rect class=\"s1 bar\""), 3);
    cr_expect(strstr(text, "t-shirt &lt;1&gt;: 2</title>"));
    cr_expect_not(strstr(text, "rotate"));
    free(text);
}

Test(chart, names_that_have_no_room_are_slanted_and_cut)
{
    static const double y[] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const char *const names[] = {"a", "übergroße Stiefel", "c", "d", "e", "f", "g", "h"};
    const struct chart_series bars = {.mark = CHART_BARS, .count = 8, .y = y};
    char *text =
        page_of(&(struct chart){.title = "bars", .categories = names, .series = &bars, .series_count = 1});
    cr_expect_eq(count_of(text, "rotate(-40)"), 8);
    cr_expect(strstr(text, ">übergroße Stie…</text>"));
    free(text);
}
