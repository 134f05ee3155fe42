/* test_ast_print.c - the canonical layout. */
#include <criterion/criterion.h>

#include <string.h>

#include "test_front_support.h"

static const char *printed(const char *text)
{
    struct front front = front_parse(text);
    cr_assert_eq(diagnostics_error_count(front.diagnostics), 0, "%s", front_print_headlines(&front));
    struct text result = text_create(front.arena);
    tree_print(&result, front.tree);
    return result.bytes;
}

/* Also: what is printed reads as the same tree. */
static void expect_printed(const char *text, const char *expected)
{
    const char *once = printed(text);
    cr_expect_str_eq(once, expected, "%s", once);
    cr_expect_str_eq(printed(once), once);
}

Test(print, normalises_blanks_and_drops_comments)
{
    expect_printed("net  a{  # a net\n\n\n\tc1 :conv   2*n 3×3 pad = 1\trelu # edges\n  }\n",
                   "net a {\n    c1: conv 2*n 3x3 pad=1 relu\n}\n");
}

Test(print, keeps_numbers_as_they_are_written)
{
    expect_printed("net a {\nk 1e-4 .5 2. 10% 0.050 1.5e+3 0\n}\n",
                   "net a {\n    k 1e-4 .5 2. 10% 0.050 1.5e+3 0\n}\n");
}

Test(print, sets_only_the_parentheses_that_are_needed)
{
    expect_printed("net a {\nk ((2)*(n)) (2*(n)) (n + (1)) ((n)) -(n) -(2*n) 2*(-n)\n}\n",
                   "net a {\n    k 2*n 2*n (n + 1) (n) -n -(2*n) 2*-n\n}\n");
    expect_printed("net a {\nk a=((n - 1) - (2 - 3)) b=8/(4/2) c=(8/4)/2 d=[(n - 1), (2)] e=(n + 1)*2\n}\n",
                   "net a {\n    k a=(n - 1 - (2 - 3)) b=8/(4/2) c=8/4/2 d=[n - 1, 2] e=(n + 1)*2\n}\n");
    expect_printed("net a {\nk f((n + 1), k=(2 - n)) (n, k) (5, 5) [1 (n - 1) -(n)]\n}\n",
                   "net a {\n    k f(n + 1, k=2 - n) (n, k) 5x5 [1 n - 1 -n]\n}\n");
}

Test(print, quotes_strings)
{
    expect_printed("train {\ndata \"a\\\"b\\\\c\\n\\tλ\"\n}\n",
                   "train {\n    data \"a\\\"b\\\\c\\n\\tλ\"\n}\n");
}

Test(print, lays_out_every_declaration)
{
    expect_printed(
        "include \"b.net\"\nlet n = 4\nfilter e = [1 0;0 1]\nblock b( n,stride = 1,k=(1+2) ){ residual{\n"
        "a: conv n } shortcut { p: conv n 1x1 }\nrelu }\nnet a{s1: repeat 2{b(n,stride=n-1)}\n}\ntrain{λ "
        "l2=1}",
        "include \"b.net\"\nlet n = 4\nfilter e = [1 0; 0 1]\n\n"
        "block b(n, stride=1, k=1 + 2) {\n    residual {\n        a: conv n\n    } shortcut {\n"
        "        p: conv n 1x1\n    }\n    relu\n}\n\n"
        "net a {\n    s1: repeat 2 {\n        b(n, stride=n - 1)\n    }\n}\n\n"
        "train {\n    lambda l2=1\n}\n");
}
