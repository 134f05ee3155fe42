/* find_rate.h - what the parts of `NAME find-rate` share: the steps that were made, and what they say. */
#ifndef NETC_FIND_RATE_FIND_RATE_H
#define NETC_FIND_RATE_FIND_RATE_H

#include "find_rate/curve.h"
#include "run/rate.h"
#include "run/session.h"

struct find_rate {
    struct session session;
    struct rate_curve curve;
    struct rate_finding finding;
    int batch;                       /* examples of a step */
    struct rate_statement statement; /* that says what is suggested */
};

/* "stopped at rate 1.4, after 88 of 100 steps: …"; "" where all were made. */
const char *find_rate_end_text(const struct find_rate *find, char *text, size_t size);
/* "line 19 says rate=0.05": the place to change; or what is to be added. */
const char *find_rate_place_text(const struct find_rate *find, char *text, size_t size);
/* FOLDER/rates.csv and FOLDER/index.html, both or none. */
bool find_rate_save(const struct find_rate *find, const char *folder, struct problem *problem);

#endif
