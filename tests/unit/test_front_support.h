/* test_front_support.h - a text run through the front end, and what came out as text again. */
#ifndef NETC_TEST_FRONT_SUPPORT_H
#define NETC_TEST_FRONT_SUPPORT_H

#include "ast/tree.h"
#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/names.h"
#include "base/text.h"

struct front {
    struct arena *arena;
    struct names *names;
    struct diagnostics *diagnostics;
    struct tree *tree;     /* as written */
    struct tree *expanded; /* NULL before front_expand */
};

struct front front_parse(const char *text);
struct front front_parse_bytes(const char *bytes, size_t length);
/* Parses and expands; "conv", "relu" and "dropout" are reserved names. `overrides` may be NULL. */
struct front front_expand(const char *text, const struct tree_override *overrides, int override_count);

/* The statements of `net` after expansion, each with its computed values: "conv 8 5x5\nrelu\n". */
const char *front_print_net(const struct front *front);
const char *front_print_value(const struct front *front, const struct tree_value *value);
/* Everything told, as text or JSON lines. */
const char *front_print_errors(const struct front *front, enum diagnostics_format format);
/* The headlines alone, one a line: "2:5: error: …". */
const char *front_print_headlines(const struct front *front);

/* The statement at that place of the first net or train of the tree. */
struct tree_statement *front_statement(const struct tree *tree, int index);

#endif
