/* training.c - the statements of train { } that are no kinds of their own: batch, epochs, λ, validate,
 * patience, augment, balance, seed, data. What they mean for a graph is decided in check/train.c, by name of
 * the setting. */
#include "layers/training.h"

#define COUNT(setting_name, start, from, to, text)                                                           \
    {                                                                                                        \
        .name = setting_name, .type = ATTRIBUTE_COUNT, .position = 0, .fallback = start, .least = from,      \
        .most = to, .meaning = text                                                                          \
    }

static const char *const monitors[] = {"loss", "accuracy", NULL};

static const struct attribute data_attributes[] = {
    {.name = "data",
     .type = ATTRIBUTE_TEXT,
     .position = 0,
     .meaning = "data manifest, relative to the file that names it"},
    {0},
};
static const struct attribute batch_attributes[] = {
    COUNT("batch", "32", 1, 1 << 20, "examples in a step; the last batch of an epoch may be smaller"), {0}};
static const struct attribute epochs_attributes[] = {
    COUNT("epochs", "10", 1, 1e9, "passes over the training split"), {0}};
static const struct attribute seed_attributes[] = {
    COUNT("seed", "1", 0, 9007199254740992.0, "where everything random comes from"), {0}};
static const struct attribute lambda_attributes[] = {
    {.name = "l1",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "0",
     .least = 0,
     .most = 1e6,
     .meaning = "lasso: Σ l1 |w| joins the loss; weights become exactly 0"},
    {.name = "l2",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "0",
     .least = 0,
     .most = 1e6,
     .meaning = "ridge: Σ l2 w² joins the loss"},
    {0},
};
static const struct attribute validate_attributes[] = {
    {.name = "validate",
     .type = ATTRIBUTE_REAL,
     .position = 0,
     .least = 0,
     .most = 1e12,
     .above_least = true,
     .meaning = "share (10%) or count of the training split, or the name of a split of the data"},
    {0},
};
static const struct attribute patience_attributes[] = {
    {.name = "epochs",
     .type = ATTRIBUTE_COUNT,
     .position = 0,
     .least = 1,
     .most = 1e9,
     .meaning = "epochs without improvement after which training stops"},
    {.name = "min_delta",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "0",
     .least = 0,
     .most = 1e30,
     .meaning = "smaller improvements do not count"},
    {.name = "monitor",
     .type = ATTRIBUTE_CHOICE,
     .position = -1,
     .fallback = "loss",
     .choices = monitors,
     .meaning = "what must improve on the validation split"},
    {0},
};

static const char *const flips[] = {"none", "horizontal", "vertical", "both", NULL};

#define CHANGE(setting_name, kind, to, text)                                                                 \
    {                                                                                                        \
        .name = setting_name, .type = kind, .position = -1, .fallback = "0", .least = 0, .most = to,         \
        .meaning = text                                                                                      \
    }

static const struct attribute augment_attributes[] = {
    CHANGE("shift", ATTRIBUTE_COUNT, 1 << 15, "pixels that a picture moves at most, both ways"),
    {.name = "flip",
     .type = ATTRIBUTE_CHOICE,
     .position = -1,
     .fallback = "none",
     .choices = flips,
     .meaning = "mirror images: horizontal exchanges left and right, vertical top and bottom"},
    CHANGE("rotate", ATTRIBUTE_REAL, 180, "degrees that a picture turns at most, both ways"),
    {.name = "scale",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "0",
     .least = 0,
     .most = 1,
     .below_most = true,
     .meaning = "a picture grows by a factor between 1 - scale and 1 + scale"},
    CHANGE("cutout", ATTRIBUTE_COUNT, 1 << 15, "side of a square at a random place that becomes 0"),
    CHANGE("noise", ATTRIBUTE_REAL, 1e6, "standard deviation of what is added to each value"),
    {0},
};

static const struct attribute clip_attributes[] = {
    {.name = "norm",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "",
     .least = 0,
     .above_least = true,
     .most = 1e30,
     .meaning = "Euclidean length that the gradients of a step have at most, all together"},
    {.name = "value",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "",
     .least = 0,
     .above_least = true,
     .most = 1e30,
     .meaning = "size that each gradient has at most"},
    {0},
};

static const struct attribute average_attributes[] = {
    {.name = "ema",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "",
     .least = 0,
     .most = 1,
     .below_most = true,
     .meaning = "share of the average that a step leaves: average = ema average + (1 - ema) weights"},
    {.name = "swa",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "",
     .least = 0,
     .most = 1,
     .below_most = true,
     .meaning = "share of the epochs behind which the weights at the end of each epoch are averaged"},
    {0},
};

static const char *const norms[] = {"inf", "2", NULL};

static const struct attribute adversarial_attributes[] = {
    {.name = "epsilon",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .least = 0,
     .above_least = true,
     .most = 1e6,
     .meaning = "how far an input moves at most: of pictures in their values as scaled"},
    {.name = "fgsm",
     .type = ATTRIBUTE_FLAG,
     .position = -1,
     .fallback = "",
     .meaning = "one step of epsilon along the gradient by the input"},
    {.name = "pgd",
     .type = ATTRIBUTE_FLAG,
     .position = -1,
     .fallback = "",
     .meaning = "several steps, from a random place within epsilon"},
    {.name = "steps",
     .type = ATTRIBUTE_COUNT,
     .position = -1,
     .fallback = "10",
     .least = 1,
     .most = 1000,
     .meaning = "steps of pgd"},
    {.name = "step_size",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "",
     .least = 0,
     .above_least = true,
     .most = 1e6,
     .meaning = "of pgd; 2.5 epsilon / steps when left out"},
    {.name = "norm",
     .type = ATTRIBUTE_CHOICE,
     .position = -1,
     .fallback = "inf",
     .choices = norms,
     .meaning = "what epsilon bounds: each number of the change, or its Euclidean length"},
    {.name = "share",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "1",
     .least = 0,
     .above_least = true,
     .most = 1,
     .meaning = "share of each batch that is moved"},
    {0},
};

static const struct attribute balance_attributes[] = {
    {.name = "classes",
     .type = ATTRIBUTE_FLAG,
     .position = -1,
     .fallback = "",
     .meaning = "each class gives as many examples to an epoch"},
    {.name = "groups",
     .type = ATTRIBUTE_FLAG,
     .position = -1,
     .fallback = "",
     .meaning = "each group that the data manifest names does"},
    {0},
};

static const struct attribute limit_attributes[] = {
    {.name = "parameters",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "",
     .least = 1,
     .most = 1e15,
     .meaning = "learned numbers that the net has at most, checked when it is compiled"},
    {.name = "memory",
     .type = ATTRIBUTE_BYTES,
     .position = -1,
     .fallback = "",
     .least = 1,
     .most = 1e15,
     .meaning = "bytes, or \"64 MiB\", that training in float takes at most, checked when it is compiled"},
    {.name = "time",
     .type = ATTRIBUTE_SECONDS,
     .position = -1,
     .fallback = "",
     .least = 0,
     .above_least = true,
     .most = 1e9,
     .meaning = "seconds, or \"10 min\" or \"2 h\", after which training ends with the epoch"},
    {0},
};

const struct training_kind training_data = {"data", "the default data manifest", data_attributes};
const struct training_kind training_batch = {"batch", "examples in a step", batch_attributes};
const struct training_kind training_epochs = {"epochs", "passes over the training split", epochs_attributes};
const struct training_kind training_lambda = {"lambda", "penalty of the weights, λ", lambda_attributes};
const struct training_kind training_validate = {
    "validate", "examples that are kept aside to choose the best weights", validate_attributes};
const struct training_kind training_patience = {"patience", "early stopping", patience_attributes};
const struct training_kind training_seed = {"seed", "where everything random comes from", seed_attributes};
const struct training_kind training_augment = {
    "augment", "each training example changed at random, anew in every epoch", augment_attributes};
const struct training_kind training_clip = {"clip", "gradients that are too large are made smaller",
                                            clip_attributes};
const struct training_kind training_average = {"average", "averaged weights are what is validated and kept",
                                               average_attributes};
const struct training_kind training_balance = {
    "balance", "sampling that makes rare classes or groups count as much as frequent ones",
    balance_attributes};
const struct training_kind training_adversarial = {
    "adversarial", "training on inputs that are moved to where the loss is larger", adversarial_attributes};
const struct training_kind training_limit = {"limit", "what the net and its training may take",
                                             limit_attributes};
