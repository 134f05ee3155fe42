/* test_team.c - shares and ranges of runtime/team.h against counting: groups cover a batch in order, threads
 * the groups; range_inside and range_common hold what their comments say and nothing else. */
#include <criterion/criterion.h>

#include "team.h"

Test(team, groups_cover_the_batch_in_order)
{
    for (int groups = 1; groups <= 16; groups++)
        for (int batch = 0; batch <= 40; batch++) {
            int end = 0;
            for (int g = 0; g < groups; g++) {
                struct range some = team_group(g, groups, batch);
                cr_assert_eq(some.first, end);
                cr_assert_geq(some.end, some.first);
                end = some.end;
            }
            cr_assert_eq(end, batch);
        }
}

/* Which examples a thread has must not depend on how many threads there are: only whole groups change hands.
 */
Test(team, threads_have_the_examples_of_their_groups)
{
    for (int threads = 1; threads <= 20; threads++)
        for (int groups = 1; groups <= 16; groups++) {
            int end = 0;
            for (int thread = 0; thread < threads; thread++) {
                struct team team = {thread, threads};
                struct range own = team_share(team, groups), some = team_examples(team, groups, 37);
                cr_assert_eq(some.first, end);
                cr_assert_eq(some.first, team_group(own.first, groups, 37).first);
                end = some.end;
            }
            cr_assert_eq(end, 37);
        }
}

static bool is_in(struct range range, int place)
{
    return place >= range.first && place < range.end;
}

static void compare_inside(int at, int step, int most, int count)
{
    struct range inside = range_inside(at, step, most, count);
    cr_assert(inside.first >= 0 && inside.first <= inside.end && inside.end <= most);
    for (int k = 0; k < most; k++) {
        int place = at + k * step;
        cr_assert_eq(is_in(inside, k), place >= 0 && place < count,
                     "place %d of at %d step %d most %d count %d", k, at, step, most, count);
    }
}

Test(team, ranges_inside_an_image)
{
    for (int at = -9; at <= 9; at++)
        for (int step = 1; step <= 4; step++)
            for (int most = 0; most <= 6; most++)
                for (int count = 1; count <= 6; count++)
                    compare_inside(at, step, most, count);
}

Test(team, what_two_ranges_have_in_common)
{
    for (int i = 0; i < 6 * 6 * 6 * 6; i++) {
        struct range a = {i % 6, i / 6 % 6}, b = {i / 36 % 6, i / 216};
        for (int place = 0; place < 6; place++)
            cr_assert_eq(is_in(range_common(a, b), place), is_in(a, place) && is_in(b, place));
    }
}
