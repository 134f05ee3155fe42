/* diagnosis.c - the rules.
 *
 * Losses are compared as means over a tenth of the run (one to ten epochs), so that the noise of an epoch
 * decides nothing. What counts as much or little is a share of the loss itself or, for densities, whose zero
 * means nothing, of how far the curve fell in all. */
#include "run_report/diagnosis.h"

#include <math.h>
#include <stdio.h>

static const double rise_of_overfitting = 0.1; /* of validation loss above its least */
static const double gap_of_overfitting = 0.25; /* between training and validation loss */
static const double gap_growth = 1.5;          /* times the gap in the middle of the run */
static const double fall_of_training = 0.1;    /* from the middle to the end, while */
static const double fall_that_follows = 0.3;   /* of it, or less, is seen in validation loss */
static const double fall_of_short_run = 0.01;  /* in the last tenth: longer training pays */
static const double high_share = 0.5;          /* of what guessing costs, or of the variance */
static const double gap_of_test = 0.5;         /* between test and training loss, without validation */

/* Below this share of what it was in the first epochs a loss is small: near 0 it rises and falls by large
 * shares for ever. */
static const double small_loss = 0.1;

static double mean(const double *series, int from, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += series[from + i];
    return sum / count;
}

static int window_of(const struct history *history)
{
    const int tenth = history->count / 10;
    return tenth < 1 ? 1 : tenth > 10 ? 10 : tenth;
}

static double last_of(const struct history *history, const double *series)
{
    const int window = window_of(history);
    return mean(series, history->count - window, window);
}

static double middle_of(const struct history *history, const double *series)
{
    const int window = window_of(history);
    return mean(series, (history->count - window) / 2, window);
}

/* The first epoch (from 0) of the window with the least mean. */
static int least_of(const struct history *history, const double *series)
{
    const int window = window_of(history);
    int least = 0;
    for (int i = 1; i + window <= history->count; i++)
        if (mean(series, i, window) < mean(series, least, window))
            least = i;
    return least;
}

/* What a difference of losses is measured by. */
static double unit_of(const struct history *history, const double *series, double loss)
{
    double least = series[0];
    for (int i = 1; i < history->count; i++)
        least = fmin(least, series[i]);
    if (history->is_density)
        return fmax(series[0] - least, 1e-3);
    return fmax(loss, small_loss * mean(series, 0, window_of(history)));
}

static const double *watched(const struct history *history)
{
    return history->validation ? history->validation : history->train;
}

static const char *watched_name(const struct history *history)
{
    return history->validation ? "validation" : "training";
}

static const char *plural(int count)
{
    return count == 1 ? "" : "s";
}

static bool is_diverged(const struct history *history)
{
    return history->divergence != NULL;
}

static void tell_diverged(const struct history *history, char *text, size_t size)
{
    const int length = snprintf(text, size, "Diverged: %s. ", history->divergence);
    if (length < 0 || (size_t)length >= size)
        return;
    if (history->count)
        snprintf(text + length, size - (size_t)length,
                 "Training loss was %.4g in epoch %d, the last that was whole.",
                 history->train[history->count - 1], history->count);
    else
        snprintf(text + length, size - (size_t)length, "Not one epoch was whole.");
}

static bool is_untrained(const struct history *history)
{
    return history->count == 0;
}

static void tell_untrained(const struct history *history, char *text, size_t size)
{
    (void)history;
    snprintf(text, size, "No epoch was completed: there is nothing to judge yet.");
}

static bool is_short(const struct history *history)
{
    return history->count < 3;
}

static void tell_short(const struct history *history, char *text, size_t size)
{
    const double *series = watched(history);
    snprintf(text, size, "Too short to judge: %d epoch%s, at the end of which %s loss is %.4g.",
             history->count, plural(history->count), watched_name(history), series[history->count - 1]);
}

/* Validation loss has risen since its least, while training loss fell on. */
static bool has_risen(const struct history *history)
{
    if (!history->validation)
        return false;
    const int least = least_of(history, history->validation), window = window_of(history);
    const double low = mean(history->validation, least, window);
    const double rise = last_of(history, history->validation) - low;
    return rise > rise_of_overfitting * unit_of(history, history->validation, low) &&
           last_of(history, history->train) < mean(history->train, least, window);
}

static void tell_risen(const struct history *history, char *text, size_t size)
{
    const int least = least_of(history, history->validation), window = window_of(history);
    snprintf(
        text, size,
        "Overfitting: since epoch %d validation loss has risen from %.4g to %.4g, while training loss fell "
        "from %.4g to %.4g: the network learns its examples by heart.",
        least + window, mean(history->validation, least, window), last_of(history, history->validation),
        mean(history->train, least, window), last_of(history, history->train));
}

static double gap_in(const struct history *history, double (*when)(const struct history *, const double *))
{
    return when(history, history->validation) - when(history, history->train);
}

/* Training loss falls on, validation loss does not follow. */
static bool has_gap(const struct history *history)
{
    if (!history->validation)
        return false;
    const double middle = middle_of(history, history->train);
    const double fall = middle - last_of(history, history->train);
    const double followed = middle_of(history, history->validation) - last_of(history, history->validation);
    const double gap = gap_in(history, last_of), gap_before = gap_in(history, middle_of);
    return gap > gap_of_overfitting *
                     unit_of(history, history->validation, last_of(history, history->validation)) &&
           gap > gap_growth * gap_before &&
           fall > fall_of_training * unit_of(history, history->train, middle) &&
           followed < fall_that_follows * fall;
}

static void tell_gap(const struct history *history, char *text, size_t size)
{
    const int middle = (history->count - window_of(history)) / 2 + window_of(history);
    snprintf(text, size,
             "Overfitting: since epoch %d training loss fell from %.4g to %.4g, validation loss only went "
             "from %.4g "
             "to %.4g: the gap between them grew from %.3g to %.3g.",
             middle, middle_of(history, history->train), last_of(history, history->train),
             middle_of(history, history->validation), last_of(history, history->validation),
             gap_in(history, middle_of), gap_in(history, last_of));
}

/* Without validation the test split tells, once, at the end. */
static bool has_test_gap(const struct history *history)
{
    const double end = last_of(history, history->train);
    return !history->validation &&
           history->test - end > gap_of_test * unit_of(history, history->train, history->test);
}

static void tell_test_gap(const struct history *history, char *text, size_t size)
{
    snprintf(
        text, size,
        "Overfitting: test loss is %.4g, training loss %.4g. There was no validation that would tell since "
        "when.",
        history->test, last_of(history, history->train));
}

static double fall_at_end(const struct history *history)
{
    const int window = window_of(history);
    const double *series = watched(history);
    return mean(series, history->count - 2 * window, window) - last_of(history, series);
}

static bool is_falling(const struct history *history)
{
    const double *series = watched(history);
    const double unit = unit_of(history, series, last_of(history, series));
    return least_of(history, series) == history->count - window_of(history) &&
           fall_at_end(history) > fall_of_short_run * unit;
}

static void tell_falling(const struct history *history, char *text, size_t size)
{
    const int window = window_of(history);
    const double *series = watched(history);
    snprintf(text, size,
             "Still falling: %s loss went from %.4g to %.4g over the last %d epochs, and is at its least.",
             watched_name(history), mean(series, history->count - 2 * window, window),
             last_of(history, series), 2 * window);
}

/* NaN where it is unknown what much is. */
static double share_left(const struct history *history)
{
    return isnan(history->unexplained) ? last_of(history, history->train) / history->guess
                                       : history->unexplained;
}

static bool is_high(const struct history *history)
{
    return share_left(history) > high_share;
}

static void tell_high(const struct history *history, char *text, size_t size)
{
    if (isnan(history->unexplained))
        snprintf(text, size,
                 "Underfitting: training loss stays at %.4g, %.0f %% of the %.4g that guessing by the "
                 "frequencies of "
                 "the classes costs.",
                 last_of(history, history->train), 100 * share_left(history), history->guess);
    else
        snprintf(text, size,
                 "Underfitting: training loss stays at %.4g, and %.0f %% of the variance of the training "
                 "targets is "
                 "left unexplained (R² %.3f), by noise in them or for want of a better network.",
                 last_of(history, history->train), 100 * history->unexplained, 1 - history->unexplained);
}

static bool is_checked(const struct history *history)
{
    return history->validation != NULL;
}

static void tell_good(const struct history *history, char *text, size_t size)
{
    const double train = last_of(history, history->train), validation = last_of(history, history->validation);
    snprintf(text, size, "Good: validation loss has settled at %.4g, training loss %s %.4g%s.", validation,
             train > validation ? "lies above it, at" : "is not far below, at", train,
             train > validation ? ": it is measured while the epoch goes, with dropout and augmentation"
                                : "");
}

static bool is_any(const struct history *history)
{
    (void)history;
    return true;
}

static void tell_unchecked(const struct history *history, char *text, size_t size)
{
    const int length = snprintf(text, size, "Settled: training loss no longer falls, at %.4g.",
                                last_of(history, history->train));
    if (length < 0 || (size_t)length >= size)
        return;
    if (isnan(history->test))
        snprintf(text + length, size - (size_t)length,
                 " There is neither validation nor a test split: nothing tells what it is worth elsewhere.");
    else
        snprintf(text + length, size - (size_t)length, " Test loss is %.4g: no sign of overfitting.",
                 history->test);
}

static const struct rule {
    enum verdict verdict;
    const char *name;
    bool (*applies)(const struct history *history);
    void (*tell)(const struct history *history, char *text, size_t size);
    enum remedy remedies[REMEDIES];
} rules[] = {
    {VERDICT_DIVERGED,
     "diverged",
     is_diverged,
     tell_diverged,
     {REMEDY_LOWER_RATE, REMEDY_STANDARDIZE, REMEDY_WARMUP, REMEDY_CLIP}},
    {VERDICT_UNTRAINED, "untrained", is_untrained, tell_untrained, {REMEDY_EPOCHS}},
    {VERDICT_SHORT, "too short to judge", is_short, tell_short, {REMEDY_EPOCHS}},
    {VERDICT_OVERFITTING,
     "overfitting",
     has_risen,
     tell_risen,
     {REMEDY_DROPOUT, REMEDY_PENALTY, REMEDY_AUGMENT, REMEDY_PATIENCE, REMEDY_DATA}},
    {VERDICT_OVERFITTING,
     "overfitting",
     has_gap,
     tell_gap,
     {REMEDY_DROPOUT, REMEDY_PENALTY, REMEDY_AUGMENT, REMEDY_DATA}},
    {VERDICT_FALLING, "still falling", is_falling, tell_falling, {REMEDY_EPOCHS, REMEDY_HIGHER_RATE}},
    {VERDICT_UNDERFITTING,
     "underfitting",
     is_high,
     tell_high,
     {REMEDY_WIDEN, REMEDY_LESS_DROPOUT, REMEDY_LESS_PENALTY, REMEDY_HIGHER_RATE}},
    {VERDICT_OVERFITTING,
     "overfitting",
     has_test_gap,
     tell_test_gap,
     {REMEDY_VALIDATE, REMEDY_DROPOUT, REMEDY_PENALTY, REMEDY_AUGMENT, REMEDY_DATA}},
    {VERDICT_GOOD, "good", is_checked, tell_good, {REMEDY_NONE}},
    {VERDICT_UNCHECKED, "settled", is_any, tell_unchecked, {REMEDY_VALIDATE}},
};

void diagnosis_make(struct diagnosis *diagnosis, const struct history *history)
{
    const struct rule *rule = rules;
    while (!rule->applies(history))
        rule++;
    *diagnosis = (struct diagnosis){.verdict = rule->verdict, .name = rule->name, .remedies = rule->remedies};
    rule->tell(history, diagnosis->sentence, sizeof diagnosis->sentence);
}
