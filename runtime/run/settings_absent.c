/* settings_absent.c - the settings that a trainer reads at start: none, they are compiled in. A generated
 * file that has such settings defines a table of its own, and then the linker never takes this one. */
#include "model.h"

const struct model_plain_setting model_plain_settings[] = {{NULL, NULL, NULL}};
