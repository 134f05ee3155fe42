/* digest.h - a line for each tensor of what export.c tells, in which all of its numbers take part. */
#ifndef NETC_TESTS_DIGEST_H
#define NETC_TESTS_DIGEST_H

#include <jansson.h>

void digest_print(const json_t *all);

#endif
