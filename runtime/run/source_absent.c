/* source_absent.c - the .net text of a trainer that was compiled by hand: none. `netc build` links a
 * definition of its own, and then the linker never takes this one from the library. */
#include "model.h"

struct model_source model_source = {NULL, NULL, 0, NULL};
