/* table.h - runs side by side on a terminal. */
#ifndef NETC_COMPARE_TABLE_H
#define NETC_COMPARE_TABLE_H

#include "base/text.h"
#include "compare/comparison.h"

/* As many runs beside each other as `columns` have room for, the others below; 0: all. */
void table_print(struct text *to, const struct comparison *comparison, int columns);

#endif
