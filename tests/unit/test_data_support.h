/* test_data_support.h - files of a test in a folder of its own, networks that want data, faults as pinned. */
#ifndef NETC_TEST_DATA_SUPPORT_H
#define NETC_TEST_DATA_SUPPORT_H

#include <stddef.h>

#include "dataset.h"
#include "model.h"
#include "problem.h"

/* A text that must be refused, and the whole message that is wanted for it. */
struct refusal {
    const char *text;
    const char *message;
};

/* Fixture of a suite: the test runs in an empty folder, which goes with it. */
void data_begin(void);
void data_end(void);

void data_write(const char *name, const void *bytes, size_t length);
void data_write_text(const char *name, const char *text);
void data_write_gzip(const char *name, const void *bytes, size_t length);
/* An IDX file: `type`, `rank` big-endian sizes, then the values as they are. */
size_t data_make_idx(unsigned char *to, int type, int rank, const unsigned *sizes, const void *values,
                     size_t length);

struct model data_model_vector(int features, enum model_output output, int target_size);
struct model data_model_image(int height, int width, int channels, int classes);

/* Opens "data.yaml", which must work. */
struct dataset *data_open(const struct model *model);
/* Opens "data.yaml", which must be refused with this message. */
void data_expect_refused(const struct model *model, const char *message);
/* For each text: it is written to `file`, and "data.yaml" is refused. */
void data_expect_all_refused(const char *file, const struct refusal *refusals, size_t count,
                             const struct model *model);

#endif
