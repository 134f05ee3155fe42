/* test_report_diagnosis.c - verdicts on made-up histories, the numbers that they name, and what they advise
 * for a .net text. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run_report/advice.h"
#include "run_report/diagnosis.h"
#include "test_run_support.h"

enum { EPOCHS = 40 };

/* Curves that fall from `high` to `low` by a constant share, then rise by `rise` an epoch from `turn` on. */
static void fill(double *curve, double high, double low, double share, int turn, double rise)
{
    for (int i = 0; i < EPOCHS; i++) {
        curve[i] = low + (high - low) * pow(1 - share, i);
        curve[i] += i > turn ? rise * (i - turn) : 0;
    }
}

static const struct history unknown = {.count = EPOCHS, .test = NAN, .guess = NAN, .unexplained = NAN};

static void expect(const struct history *history, enum verdict verdict, const char *const *parts)
{
    struct diagnosis diagnosis;
    diagnosis_make(&diagnosis, history);
    cr_expect_eq(diagnosis.verdict, verdict, "%s: %s", diagnosis.name, diagnosis.sentence);
    for (; *parts; parts++)
        cr_expect(strstr(diagnosis.sentence, *parts), "no '%s' in: %s", *parts, diagnosis.sentence);
    cr_expect_not(strstr(diagnosis.sentence, "nan"), "%s", diagnosis.sentence);
}

#define PARTS(...) ((const char *const[]){__VA_ARGS__, NULL})

Test(diagnosis, a_loss_that_settles_is_good)
{
    double train[EPOCHS], validation[EPOCHS];
    struct history history = unknown;
    fill(train, 2.3, 0.30, 0.3, EPOCHS, 0);
    fill(validation, 2.3, 0.33, 0.3, EPOCHS, 0);
    history.train = train;
    history.validation = validation;
    history.guess = 2.3026;
    expect(&history, VERDICT_GOOD, PARTS("0.33", "at 0.3", "Good"));
}

Test(diagnosis, validation_that_rises_is_overfitting)
{
    double train[EPOCHS], validation[EPOCHS];
    struct history history = unknown;
    fill(train, 2.3, 0.05, 0.2, EPOCHS, 0);
    fill(validation, 2.3, 0.40, 0.3, 19, 0.01);
    history.train = train;
    history.validation = validation;
    expect(&history, VERDICT_OVERFITTING,
           PARTS("since epoch 2", "risen", "from 0.404 to 0.585", "Overfitting"));
}

Test(diagnosis, a_gap_that_grows_is_overfitting)
{
    double train[EPOCHS], validation[EPOCHS];
    struct history history = unknown;
    fill(train, 0.6, 0.1, 0.06, EPOCHS, 0);
    fill(validation, 0.6, 0.30, 0.3, EPOCHS, 0);
    history.train = train;
    history.validation = validation;
    expect(&history, VERDICT_OVERFITTING, PARTS("gap", "validation loss only went from 0.300", "grew from"));
    fill(validation, 0.6, 0.15, 0.06, EPOCHS, 0); /* it follows */
    expect(&history, VERDICT_FALLING, PARTS("validation"));
}

Test(diagnosis, a_loss_that_falls_wants_more_epochs)
{
    double train[EPOCHS];
    struct history history = unknown;
    fill(train, 2.3, 0.2, 0.04, EPOCHS, 0);
    history.train = train;
    history.guess = 2.3;
    expect(&history, VERDICT_FALLING, PARTS("training loss", "over the last 8 epochs"));
    history.is_density = true;
    for (int i = 0; i < EPOCHS; i++)
        train[i] -= 5; /* where 0 is means nothing */
    expect(&history, VERDICT_FALLING, PARTS("training loss went from -4"));
}

Test(diagnosis, a_loss_that_stays_high_is_underfitting)
{
    double train[EPOCHS], validation[EPOCHS];
    struct history history = unknown;
    fill(train, 2.3, 1.5, 0.4, EPOCHS, 0);
    fill(validation, 2.3, 1.6, 0.4, EPOCHS, 0);
    history.train = train;
    history.validation = validation;
    history.guess = 2.3026;
    expect(&history, VERDICT_UNDERFITTING, PARTS("stays at 1.5", "65 %", "2.303"));
    history.guess = NAN;
    history.unexplained = 0.8;
    expect(&history, VERDICT_UNDERFITTING, PARTS("80 % of the variance", "R² 0.200"));
    history.unexplained = 0.1;
    expect(&history, VERDICT_GOOD, PARTS("Good"));
}

Test(diagnosis, without_validation_the_test_split_tells)
{
    double train[EPOCHS];
    struct history history = unknown;
    fill(train, 2.3, 0.1, 0.4, EPOCHS, 0);
    history.train = train;
    history.test = 0.5;
    expect(&history, VERDICT_OVERFITTING, PARTS("test loss is 0.5", "training loss 0.1"));
    history.test = 0.12;
    expect(&history, VERDICT_UNCHECKED, PARTS("Test loss is 0.12", "no sign"));
    history.test = NAN;
    expect(&history, VERDICT_UNCHECKED, PARTS("neither validation nor a test split"));
}

Test(diagnosis, a_run_that_diverged_says_where)
{
    double train[EPOCHS];
    struct history history = unknown;
    fill(train, 2.3, 0.1, 0.4, EPOCHS, 0);
    history.train = train;
    history.divergence = "'c1.weight' is no longer finite after step 33 (epoch 2)";
    history.count = 1;
    expect(&history, VERDICT_DIVERGED,
           PARTS("'c1.weight' is no longer finite after step 33", "2.3 in epoch 1"));
    history.count = 0;
    expect(&history, VERDICT_DIVERGED, PARTS("Not one epoch"));
}

Test(diagnosis, few_epochs_are_not_judged)
{
    double train[EPOCHS];
    struct history history = unknown;
    fill(train, 2.3, 0.1, 0.4, EPOCHS, 0);
    history.train = train;
    history.count = 0;
    expect(&history, VERDICT_UNTRAINED, PARTS("No epoch"));
    history.count = 1;
    expect(&history, VERDICT_SHORT, PARTS("1 epoch,", "2.3"));
    history.count = 2;
    expect(&history, VERDICT_SHORT, PARTS("2 epochs,"));
    history.count = 3;
    expect(&history, VERDICT_FALLING, PARTS("over the last 2 epochs"));
}

/* A loss that falls to nothing does not fall for ever, though each epoch halves it. */
Test(diagnosis, nothing_left_is_no_fall)
{
    double train[EPOCHS];
    struct history history = unknown;
    fill(train, 2, 0, 0.5, EPOCHS, 0);
    history.train = train;
    history.guess = 2;
    expect(&history, VERDICT_UNCHECKED, PARTS("Settled"));
}

static const char text[] = "# raise dropout here\n"
                           "net a {\n"
                           "    input 8x8x1 # dropout 0.9\n"
                           "    c1: conv 4 3x3 relu dropout(0.1)\n"
                           "    f5: dense 10 relu\n"
                           "    dropout 0.2\n"
                           "    f6: dense 2\n"
                           "}\n"
                           "\n"
                           "train {\n"
                           "    data \"epochs 5 # dropout.yaml\"\n"
                           "    epochs 20 # not 30\n"
                           "    optimizer sgd rate=0.05 momentum=0.9\n"
                           "    lambda l2=1e-4\n"
                           "}\n";

static const struct model_layer layers[] = {{"c1", "conv 4 3x3 relu", {6, 6, 4, false}, 40, 0, 0, 0},
                                            {"f5", "dense 10 relu", {1, 1, 10, true}, 1450, 0, 0, 0},
                                            {"f5_dropout", "dropout 0.2", {1, 1, 10, true}, 0, 0, 0, 0},
                                            {"f6", "dense 2", {1, 1, 2, true}, 22, 0, 0, 0}};

static int epochs = 20; /* of the run */

/* What is said of a remedy for that text, or "" for nothing. */
static const char *said(const char *net, enum remedy remedy, bool is_image)
{
    static char sentence[700];
    struct model model = fake_model;
    const struct normaliser normaliser = {.scale = 1};
    model.layers = layers;
    model.layer_count = 4;
    model.input = is_image ? (struct model_shape){8, 8, 1, false} : (struct model_shape){1, 1, 64, true};
    model.settings.optimizer = "sgd rate=0.05 momentum=0.9";
    model.settings.epochs = 20;
    const struct advised advised = {&model, &normaliser, 1000, epochs, net};
    const bool is_said = advice_text(&advised, remedy, sentence, sizeof sentence);
    cr_expect_eq(is_said, sentence[0] != 0);
    return sentence;
}

Test(advice, names_the_line_to_change)
{
    cr_expect_str_eq(said(text, REMEDY_DROPOUT, true),
                     "raise dropout, here or in those after it (line 4: c1: conv 4 3x3 relu dropout(0.1))");
    cr_expect_str_eq(said(text, REMEDY_EPOCHS, true), "train longer: raise epochs (line 12: epochs 20)");
    cr_expect_str_eq(said(text, REMEDY_PENALTY, true), "raise λ (line 14: lambda l2=1e-4)");
    cr_expect_str_eq(said(text, REMEDY_LESS_PENALTY, true), "lower λ (line 14: lambda l2=1e-4)");
    cr_expect_str_eq(said(text, REMEDY_LOWER_RATE, true),
                     "lower the rate, such as rate=0.005 (line 13: optimizer sgd rate=0.05 momentum=0.9)");
    cr_expect_str_eq(said(text, REMEDY_WIDEN, true),
                     "widen the layers, or add some; for example (line 5: f5: dense 10 relu)");
    cr_expect_str_eq(said(text, REMEDY_DATA, true),
                     "more data, or fewer weights: there are 1000 examples and 1512 parameters");
}

Test(advice, sees_that_a_run_was_shortened)
{
    epochs = 3;
    cr_expect_str_eq(said(text, REMEDY_EPOCHS, true),
                     "train longer: this run had --epochs 3, the network wants 20");
}

Test(advice, proposes_what_is_missing)
{
    static const char bare[] = "net a { f5: dense 10 relu\n f6: dense 2 }";
    cr_expect_str_eq(said(bare, REMEDY_DROPOUT, true),
                     "add \"dropout 0.3\" behind a layer, such as (line 1: f5: dense 10 relu)");
    cr_expect_str_eq(said(bare, REMEDY_EPOCHS, true), "add \"epochs 40\" to train { }");
    cr_expect_str_eq(said(bare, REMEDY_PENALTY, true), "add \"λ l2=1e-4\" to train { }");
    cr_expect_str_eq(said(bare, REMEDY_AUGMENT, true), "add \"augment shift=2\" to train { }");
    cr_expect_str_eq(said(bare, REMEDY_HIGHER_RATE, true), "add \"optimizer sgd rate=0.15\" to train { }");
    cr_expect_str_eq(said(bare, REMEDY_STANDARDIZE, true),
                     "standardize the inputs: \"standardize: inputs\" in the data manifest");
    cr_expect_str_eq(said("net a {\n f6: dense 2\n}", REMEDY_WIDEN, true),
                     "add \"hidden: dense 64 relu\" before (line 2: f6: dense 2)");
}

Test(advice, says_nothing_that_makes_no_sense)
{
    static const char bare[] = "net a { f5: dense 10 relu\n f6: dense 2 }";
    cr_expect_str_eq(said(bare, REMEDY_AUGMENT, false), "");
    cr_expect_str_eq(said(bare, REMEDY_LESS_DROPOUT, true), "");
    cr_expect_str_eq(said(bare, REMEDY_LESS_PENALTY, true), "");
    cr_expect_str_eq(said("", REMEDY_WIDEN, true), "");
    cr_expect_str_eq(said("", REMEDY_DROPOUT, true), "");
}

Test(advice, lines_of_an_included_file_begin_anew)
{
    static const char parted[] = "include \"common/train.net\"\nnet a {\n f6: dense 2\n}\n"
                                 "\n# include \"train.net\"\ntrain {\n    epochs 7\n}\n";
    cr_expect_str_eq(said(parted, REMEDY_EPOCHS, true),
                     "train longer: raise epochs (line 2 of train.net: epochs 7)");
}
