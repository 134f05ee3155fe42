/* look.h - what the parts of `NAME look` share: the network, the inputs, what of it is asked about, and the
 * page that grows. */
#ifndef NETC_LOOK_LOOK_H
#define NETC_LOOK_LOOK_H

#include "look/album.h"
#include "look/insight.h"
#include "look/maximise.h"
#include "run/options.h"
#include "run/trained.h"

enum { LOOK_INPUTS_MOST = 32, LOOK_CLASSES_MOST = 100, LOOK_UNITS_MOST = 64, LOOK_UNITS = 16 };

struct look {
    const struct model *model;
    const struct options *options;
    uint64_t seed; /* --seed, or 1 */
    struct trained trained;
    struct insight insight;
    struct dataset *data;
    int input_count; /* that are looked at: the first ones */
    struct look_range range;
    int score_layer; /* whose units are the classes or values; -1: the output is a picture */
    int score_count; /* of them */
    int class;       /* --class; -1: of each input the one that is predicted */
    int layer, unit; /* --layer, --unit; -1: none */
    int cam_layer;   /* of Grad-CAM; -1: there is no convolution */
    struct album album;
};

/* look/choose.c: what the options name. A name that is not there is told with the nearest. */
bool look_choose(struct look *look, struct problem *problem);
/* The lowest and the highest value of each channel, as the network reads them. */
void look_find_range(struct look *look);
/* "shirt", a target's name or a number; the unit that the network gives most, or the first target. */
const char *look_class_name(const struct look *look, int class, char *number, size_t size);
bool look_has_pictures(const struct look *look); /* the input is one, not a vector */

/* look/page_input.c: a section for input number i. */
void look_at_input(struct look *look, size_t i);
/* look/page_network.c: sections about the network, whatever the input. */
void look_at_filters(struct look *look);
void look_at_units(struct look *look);

/* A picture of the album, shown at `width` of CSS's pixels; 0: as wide as it is. */
void look_show(struct look *look, struct picture *picture, int width, const char *file,
               const char *description, const char *caption);
/* An input as a person sees it: its channels are grey, colour, or pictures side by side. */
bool look_draw_input(const struct map *input, const struct look_range *range, struct picture *to);

#endif
