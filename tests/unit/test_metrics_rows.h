/* test_metrics_rows.h - logits that are eighths, and targets that the largest of them hits in half of the
 * cases, the same as those of tests/judges/calibration.py. */
#ifndef NETC_TEST_METRICS_ROWS_H
#define NETC_TEST_METRICS_ROWS_H

#include "metrics/calibration.h"

enum { EXAMPLES = 400, MOST_CLASSES = 5 };

struct made {
    real logits[EXAMPLES * MOST_CLASSES];
    int32_t targets[EXAMPLES];
    struct calibration_rows rows;
};

/* The logits and targets of the judge. */
static inline const struct calibration_rows *make_rows(struct made *made, int classes)
{
    for (int i = 0; i < EXAMPLES; i++) {
        real *logit = made->logits + i * classes;
        int largest = 0;
        for (int k = 0; k < classes; k++) {
            logit[k] = (real)((i * 7919 + k * 104729 + i * k * 31) % 97 - 48) / 8;
            largest = logit[k] > logit[largest] ? k : largest;
        }
        made->targets[i] = i % 7 < 3 ? (i * i + 3 * i) % classes : largest;
    }
    made->rows = (struct calibration_rows){made->logits, made->targets, EXAMPLES, classes};
    return &made->rows;
}

#endif
