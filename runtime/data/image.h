/* image.h - a picture file (PGM or PNG) as one example: brightness times `white`, channels last.
 *
 *     digit.pgm, 28x28, samples 0 to 255  +  white 255, input 28x28x1   ->   784 doubles from 0 to 255
 *
 * `white` is what the training data had for the brightest sample, so that a picture of any depth meets the
 * network as those did. */
#ifndef NETC_DATA_IMAGE_H
#define NETC_DATA_IMAGE_H

struct model_shape;
struct problem;

/* The values of the picture, as many as the input has, in the order of the input; NULL and a problem if it is
 * of another size. free() them. Grey becomes RGB and RGB grey (Rec. 601) as the input wants it; opacity is
 * dropped where it has no channel. A vector takes a grey picture with as many pixels. The kind of the file is
 * told by its first bytes, not by its name. */
double *image_read(const char *path, const struct model_shape *input, double white, struct problem *problem);

#endif
