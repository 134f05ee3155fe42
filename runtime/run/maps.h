/* maps.h - networks that tell something at each position of a picture: their figures, and their answers as a
 * line, as JSON and as PNG files.
 *
 *     street.png  road 61.2 %  sky 30.8 %  car 8.0 %        DIR/street.png: a colour for each class */
#ifndef NETC_RUN_MAPS_H
#define NETC_RUN_MAPS_H

#include <jansson.h>

#include "dataset.h"
#include "model.h"

struct problem;

/* What is known of the answers of a network. */
struct maps {
    const struct model *model;
    const char *const *names; /* [classes], of bernoulli {no, yes}; NULL: they have none */
    int top;                  /* how many classes a line has; 0: all of 0.05 % and more */
};

/* Classes of a position; yes or no: as many as it has. */
int maps_channels(const struct model *model);

/* "  road 61.2 %  sky 30.8 %": classes by their share of the positions, the largest first. */
void maps_print(const struct maps *maps, const real *prediction);
/* Adds "share" and "map", the number of its class for each position, row by row; of yes or no the
 * probabilities. */
void maps_add_json(const struct maps *maps, const real *prediction, json_t *object);

/* Makes the folder and finds a file in it for each example, "street.png" of "pictures/street.jpg". False and
 * a problem where it is there already, two would have one name, or classes are too many for a picture. */
bool maps_folder_create(const struct maps *maps, const char *folder, const struct dataset *data, size_t count,
                        struct problem *problem);
/* Writes the picture of an example: classes in the colours of PASCAL VOC, each sample the number of its
 * class; yes or no as grey, white for certain, and one picture for each of several. */
bool maps_write(const struct maps *maps, const char *folder, const char *example, const real *prediction,
                struct problem *problem);

/* The figures of a split, printed as a table of classes or, where it is not NULL, added to an object. */
void maps_evaluate(const struct maps *maps, void *net, const struct examples *examples, json_t *object);

#endif
