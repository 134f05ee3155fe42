/* record.h - run.yaml: how a network was trained, in full. */
#ifndef NETC_RUN_RECORD_H
#define NETC_RUN_RECORD_H

#include <stdbool.h>
#include <stdio.h>

#include "run/run_folder.h"

bool record_write(const struct run_record *record, FILE *to);

#endif
