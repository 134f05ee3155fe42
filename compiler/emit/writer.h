/* writer.h - C text with indentation, and the names that generated C uses for what stands in the graph.
 *
 *     net->value.c1[n][y + C3_PAD_TOP][x][f]     C1_HEIGHT     net->param.c1.weight
 *
 * All names come from labels. Returned strings live in the graph's arena. */
#ifndef NETC_WRITER_H
#define NETC_WRITER_H

#include "base/text.h"
#include "emit/plain.h"
#include "ir/graph.h"

struct writer {
    struct text text;
    int depth; /* of indentation, in steps of four blanks */
    const struct graph *graph;
    const struct operation *operation; /* whose function is being printed */
    enum split split;                  /* of its node */
    bool has_looks;                    /* in a pass of the probe: the runtime looks at what it makes */
    struct plain_settings settings;    /* defined so far; in the source, those of the header */
};

struct writer writer_create(const struct graph *graph);
void writer_line(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The rest of the statement of the line before, one step deeper. Statements break at fixed places, never by
 * length: a longer name must not move another line. */
void writer_more(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void writer_blank(struct writer *writer);
/* A line that ends with " {" (the brace is added) and what follows one step deeper. */
void writer_open(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Gives the unbraced loop that was just opened a brace after all; writer_close closes it. */
void writer_brace(struct writer *writer);
void writer_close(struct writer *writer); /* "}" one step back */
/* for (int INDEX = 0; INDEX < LIMIT; INDEX++), what follows one step deeper, without a brace. */
void writer_loop(struct writer *writer, const char *index, const char *limit);
/* The same with a brace, closed by writer_close. */
void writer_loop_open(struct writer *writer, const char *index, const char *limit);
/* Any other line that governs the next one. */
void writer_under(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void writer_end(struct writer *writer, int loops); /* back out of so many unbraced loops */
/* static void LABEL_NAME(struct NET *net, …) with the arguments that the operation's split wants, and its
 * opening brace on a line of its own. */
void writer_function(struct writer *writer, const struct layer *layer, const char *name);
/* Inside it, the loop over n: all of the batch, or the examples of this thread or group. */
void writer_examples(struct writer *writer);
void writer_examples_open(struct writer *writer); /* with a brace */
/* Zeros in PLACE[n] of all those n. */
void writer_examples_clear(struct writer *writer, const char *place);
/* The same for a tile function: always inlined, with more arguments ("int n, int p, int rows"). */
void writer_tile_function(struct writer *writer, const struct layer *layer, const char *name,
                          const char *arguments);
void writer_function_end(struct writer *writer);
const char *writer_format(struct writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "C1_HEIGHT" of "c1" and "height"; a layer's constant of that name. */
const char *constant_name(const struct writer *writer, const char *owner, const char *name);
const char *layer_constant(const struct writer *writer, const struct layer *layer, const char *name);
/* Prints "#define C1_HEIGHT value". */
void writer_define(struct writer *writer, const struct layer *layer, const char *name, const char *format,
                   ...) __attribute__((format(printf, 4, 5)));
/* HEIGHT, WIDTH and CHANNELS, or UNITS, as numbers: of a layer whose size the author gives. */
void writer_define_shape(struct writer *writer, const struct layer *layer);
/* A setting that is a plain number: "#define RATE 0.05". With settings at start it is a variable of that
 * name, and one that only the runtime looks at is nothing. */
void writer_setting(struct writer *writer, const char *name, double number);
void writer_setting_count(struct writer *writer, const char *name, int64_t number);
void writer_setting_of_run(struct writer *writer, const char *name, const char *number);
/* The shortest text that reads back as the same double, and the same as a constant of type real:
 * "((real)0.01)". */
const char *writer_number(struct writer *writer, double number);
const char *writer_real(struct writer *writer, double number);
/* A C string literal with its quotes. */
const char *writer_string(struct writer *writer, const char *text);

/* FNV-1a, 64 bits, of a name: the stream of its random numbers (runtime/random.h). */
uint64_t writer_stream(const char *name);

/* The constants of a value's shape: C1_HEIGHT, C1_WIDTH, C1_FILTERS; F5_UNITS. Views and elementwise layers
 * have their own, defined by those of their input. */
const char *value_height(const struct writer *writer, const struct value *value);
const char *value_width(const struct writer *writer, const struct value *value);
const char *value_channels(const struct writer *writer, const struct value *value);
const char *value_size(const struct writer *writer,
                       const struct value *value); /* C1_SIZE, or F5_UNITS of a vector */

/* "net->value.c1" */
const char *value_place(const struct writer *writer, const struct value *value);
/* "net->value.c1[n][y + C3_PAD_TOP][x][f]": the border is added to y and x. For a vector only `c` is used. */
const char *value_at(const struct writer *writer, const struct value *value, const char *n, const char *y,
                     const char *x, const char *c);
/* The same for a layer that reads the value with the padding `pad`: rows and columns count from the corner of
 * the padding. Where another layer pads the value more, the difference is added. */
const char *value_at_corner(const struct writer *writer, const struct value *value, const struct layer *layer,
                            const struct border *pad, const char *n, const char *y, const char *x,
                            const char *c);
/* Rows and columns in memory, and reals of one example, border included: C1_ROWS, C1_COLUMNS, C1_PADDED_SIZE.
 */
const char *value_rows(const struct writer *writer, const struct value *value);
const char *value_columns(const struct writer *writer, const struct value *value);
const char *value_padded_size(const struct writer *writer, const struct value *value);
/* What the constants C1_ROWS and C1_COLUMNS stand for: "(C1_HEIGHT + C3_PAD_TOP + C3_PAD_BOTTOM)". */
const char *value_rows_extent(const struct writer *writer, const struct value *value);
const char *value_columns_extent(const struct writer *writer, const struct value *value);
/* Address of an example's first real: "net->value.f5[n]", "&net->value.c1[n][0][0][0]". */
const char *value_start(const struct writer *writer, const struct value *value, const char *n);

/* Loops over all elements of an example that several values of one shape share, inside the loop over n; names
 * of the elements are put in `element`. Returns how many loops writer_end must close. */
int writer_elements(struct writer *writer, const struct value *const *values, int count,
                    const char **element);

#endif
