/* answer_print.h - an answer as a line for people, or as JSON.
 *
 *     shirt.png  shirt 83.1 %                           7.png  unlike the training data
 *     shirt.png  shirt 81.0 %  entropy 0.60, of which 0.11 mutual information
 *     street.csv:2  152.1 ± 53.4                        street.csv:2  152.1  47.4 to 256.8 */
#ifndef NETC_RUN_ANSWER_PRINT_H
#define NETC_RUN_ANSWER_PRINT_H

#include "run/answers.h"
#include "run/maps.h"
#include "run/model_file.h"
#include "run/options.h"

struct printing {
    const struct model *model;
    const struct options *options;
    const struct model_file *file;
    const struct answers *answers;
    int width; /* of the column of names */
    real
        *map; /* [output_size], room for the answers at the positions of a picture; NULL where there is one */
};

struct maps printing_maps(const struct printing *printing);

/* The answers at the positions of a picture, in the room for them. */
const real *answer_map(const struct printing *printing, const struct answer *answer);

/* With a newline; `name` is the example's. */
void answer_print(const struct printing *printing, const char *name, const struct answer *answer);

#endif
