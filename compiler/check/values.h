/* values.h - reading values by the type of their attribute; only for check/. */
#ifndef NETC_CHECK_VALUES_H
#define NETC_CHECK_VALUES_H

#include "check/check.h"

/* A value, what it is for and where. */
struct reading {
    struct check *check;
    const struct attribute *attribute;
    const char *owner;              /* "conv 'c1'" */
    const struct tree_value *value; /* NULL for a word */
};

/* Fills the setting; false when told that the value does not suit. */
bool value_read(const struct reading *reading, struct setting *setting);
/* "a whole number", for messages. */
const char *value_type_name(enum attribute_type type);
/* "kernel of conv 'c1'"; "batch" where statement and setting have one name. */
const char *value_subject(const struct reading *reading);

#endif
