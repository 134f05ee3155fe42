/* test_run_gradcheck.c - a right backward pass agrees with finite differences, each wrong one does not. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "run/gradcheck.h"
#include "test_run_support.h"

/* What the check of a network with this flaw prints; the caller frees it. */
static char *run_check(enum fake_flaw flaw, bool is_good)
{
    fake_flaw = flaw;
    capture_begin(&stdout);
    bool is_found_good = gradcheck_run(&fake_model, 1, false);
    char *text = capture_end(&stdout);
    cr_expect_eq(is_found_good, is_good, "%s", text);
    return text;
}

static void expect_failed(enum fake_flaw flaw, const char *tensor)
{
    char *text = run_check(flaw, false);
    cr_expect_eq(strncmp(text, tensor, strlen(tensor)), 0, "%s", text);
    cr_expect(strstr(text, "FAILED"), "%s", text);
    free(text);
}

Test(run_gradcheck, right_gradients_agree_silently)
{
    char *text = run_check(FLAW_NONE, true);
    cr_expect_str_empty(text);
    free(text);
}

Test(run_gradcheck, one_percent_off_is_found)
{
    expect_failed(FLAW_SCALE, "linear.weight ");
}

Test(run_gradcheck, nan_is_no_kink)
{
    expect_failed(FLAW_NAN, "linear.weight ");
}

Test(run_gradcheck, infinite_is_no_scale)
{
    expect_failed(FLAW_INFINITE, "linear.weight ");
}

Test(run_gradcheck, inputs_are_checked_too)
{
    expect_failed(FLAW_INPUT, "loss by input ");
}
