/* at_start.h - settings that a trainer reads when it starts, where `netc sweep` has built it so.
 *
 *     {"net": "net lasso { … }", "path": "lasso.net", "folder": "/home/…",
 *      "settings": {"RATE": "0.9", "EPOCHS": "100", …}, "layers": ["input 10", …]}
 *
 * The trainer is then the one that `netc build` makes of that .net text, to the byte of what it writes. */
#ifndef NETC_RUN_AT_START_H
#define NETC_RUN_AT_START_H

#include <stdbool.h>

struct model;
struct problem;

/* Fills the variables of the generated file and gives a model with the settings in it. `path` NULL: nobody
 * said --settings, which a trainer with its settings compiled in must not get, and any other must. */
bool at_start_read(const struct model **model, const char *path, struct problem *problem);

#endif
