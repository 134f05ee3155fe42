/* training.h - optimizers, schedules and the other statements of train { }, one variable each. */
#ifndef NETC_TRAINING_CATALOGUE_H
#define NETC_TRAINING_CATALOGUE_H

#include "layers/catalogue.h"

extern const struct optimizer_kind optimizer_sgd, optimizer_adam, optimizer_adamw, optimizer_rmsprop,
    optimizer_adagrad;
extern const struct schedule_kind schedule_constant, schedule_step, schedule_exponential, schedule_cosine,
    schedule_onecycle, schedule_plateau;
extern const struct training_kind training_data, training_batch, training_epochs, training_lambda,
    training_validate, training_patience, training_augment, training_seed, training_clip, training_average,
    training_limit, training_balance, training_adversarial;

#endif
