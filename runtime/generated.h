/* generated.h - all of the runtime that generated files may call, so that a first layer with noise or a first
 * augmentation changes no line but its own. */
#ifndef NETC_GENERATED_H
#define NETC_GENERATED_H

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "activation.h"
#include "adversary.h"
#include "augment.h"
#include "dataset.h"
#include "dropout.h"
#include "laps.h"
#include "noise.h"
#include "numerics.h"
#include "optimizer.h"
#include "panels.h"
#include "probe.h"
#include "random.h"
#include "score.h"
#include "team.h"
#include "tile.h"
#include "trainer.h"
#include "training.h"

#endif
