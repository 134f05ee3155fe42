/* history.h - the epochs of a run as a diagnosis wants them. */
#ifndef NETC_RUN_REPORT_HISTORY_H
#define NETC_RUN_REPORT_HISTORY_H

#include "run/run_folder.h"
#include "run_report/diagnosis.h"

void history_create(struct history *history, const struct run_record *record);
void history_release(struct history *history);

#endif
