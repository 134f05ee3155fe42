/* csv.h - a CSV file line by line: a header of column names, then cells that know where they stand.
 *
 *     age,"bmi"       ->   names { "age", "bmi" }
 *     0.03,0.06       ->   cells { "0.03" at 2:1, "0.06" at 2:6 }
 *
 * Separators are commas, semicolons or tabs, whichever the header has most of. Quotes, CRLF and a byte order
 * mark are understood; empty lines are skipped. */
#ifndef NETC_DATA_CSV_H
#define NETC_DATA_CSV_H

#include <stdbool.h>

#include "data/file.h"

struct pool;
struct problem;
struct sha256;

struct csv_cell {
    char *text; /* without quotes and blanks around it */
    int column; /* of the line, in characters from 1 */
};

struct csv {
    struct file file;
    const char **names; /* [column_count] */
    int column_count;
    struct csv_cell *cells; /* [column_count] of the line read last */
    int line;               /* its number, from 1 */
    char separator;
    char *next; /* the line after it */
};

/* Reads the file and its header. Names and cells come from the pool. */
bool csv_open(struct csv *csv, const char *path, struct sha256 *fingerprint, struct pool *pool,
              struct problem *problem);
void csv_close(struct csv *csv);
/* The next line's cells. False at the end, with an empty problem, or on a fault. */
bool csv_next(struct csv *csv, struct problem *problem);
/* The cell as a finite number. */
bool csv_read_number(const struct csv *csv, int column, double *number, struct problem *problem);
/* Index of the column; -1 if there is none of that name. */
int csv_find(const struct csv *csv, const char *name);

#endif
