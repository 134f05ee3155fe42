/* emit.h - a finished graph as C: NAME.h (sizes, parameters, places) and NAME.c (stanzas, schedule, training
 * loop). */
#ifndef NETC_EMIT_H
#define NETC_EMIT_H

#include "emit/writer.h"

/* NETC_ABI of the runtime that generated files are made for (runtime/model.h). */
#define EMIT_ABI 13

/* `header_name` is what the .c file includes: "lenet5.h". */
struct plain_settings emit_header(struct text *to, const struct graph *graph);
void emit_source(struct text *to, const struct graph *graph, const char *header_name,
                 const struct plain_settings *settings);

/* Parts of the source, one file each. */
void emit_stanzas(struct writer *writer); /* stanza.c: the layers */
/* emit/all.c: functions over all parameters as one row of numbers, where train wants them. */
void emit_clip(struct writer *writer);
void emit_average(struct writer *writer);
void emit_schedule(struct writer *writer); /* schedule.c: create, forward, backward, update */
void emit_training(struct writer *writer); /* training.c: load, evaluate, train */
void emit_tables(struct writer *writer);   /* tables.c: what the runtime is told */
/* at_start.c: where a trainer that reads its settings puts them; nothing for any other. */
void emit_settings_at_start(struct writer *writer);
/* "conv 6 5x5 relu": the statement without its label */
const char *emit_layer_description(const struct layer *layer);

/* numerics.c: looks for numbers that are not finite, where --debug-numerics asks for them: behind a node, and
 * at all tensors that a member of the network `has`: "the gradient", "dparam". */
void emit_numerics_mark(struct writer *writer); /* tells the runtime that there are such looks */
void emit_numerics_of_node(struct writer *writer, const struct node *node);
void emit_numerics_of_tensors(struct writer *writer, const char *what, const char *member,
                              bool (*has)(const struct parameter *parameter));

/* laps.c: the clock behind a part of a step, where --time-layers asks for it; `layer` is "" for what belongs
 * to none. */
void emit_laps_mark(struct writer *writer); /* tells the runtime that there are laps */
void emit_lap_start(struct writer *writer);
void emit_lap(struct writer *writer, const char *layer, const char *part);
void emit_lap_of_node(struct writer *writer, const struct node *node);

/* training.c: a function that each thread of a team calls, up to its body, and the call by all of them; in
 * the textbook form one thread calls it. */
void emit_team_function(struct writer *writer, const char *name, const char *arguments);
void emit_team_call(struct writer *writer, const char *function, const char *arguments);

/* schedule.c: the calls of a pass in their order, and what of the batch is this thread's. */
void emit_pass(struct writer *writer, enum node_phase phase);

/* probe.c: numbers of the layers, the passes of a probe, and the function behind them, where a probe is
 * wanted. */
void emit_probe_constants(struct writer *writer);
void emit_probe_passes(struct writer *writer);
void emit_probe(struct writer *writer);
/* Is there probe_move_gradients, which stands around a probe's backward pass? */
bool emit_has_moves(const struct graph *graph);

/* adversary.c: where inputs are moved against the network while it trains. */
void emit_adversary_constants(struct writer *writer);
const char *emit_adversary_description(struct writer *writer); /* for model.settings */
void emit_adversary(struct writer *writer);                    /* perturb, and what it calls */
void emit_adversary_clean_gradients(struct writer *writer);    /* clean_gradients: of a batch as it is */

/* augment.c: "#define AUGMENT_SHIFT 2", and the table made of them, where anything changes. */
bool emit_has_augment(const struct graph *graph);
void emit_augment_constants(struct writer *writer);
void emit_augment(struct writer *writer);

/* All values that have a place, in source order: layer after layer, each with its result, index, gradient and
 * transposed weights. NULL-terminated. */
const struct value **emit_values_in_order(const struct graph *graph);
/* Is there dropout, so that a prediction can be sampled? */
bool emit_has_samples(const struct graph *graph);
/* Are there gradients that groups of examples sum apart? */
bool emit_has_groups(const struct graph *graph);
/* Does a function `prepare` stand in front of the forward pass? */
bool emit_has_prepare(const struct graph *graph);
bool emit_has_values(const struct graph *graph, enum value_kind kind);
/* The constant of the target's length, or of the number of classes. */
const char *emit_target_size(const struct writer *writer);
/* plan.c: the constants of the arena. */
void emit_plan(struct writer *writer);
/* "C1_AT", "C1_GRADIENT_AT", …: the constants of the plan; `what` is "at" or "end". */
const char *emit_place(const struct writer *writer, const struct value *value, const char *what);
/* "C1_PROBE_GRADIENT_AT": of what moves. */
const char *emit_probe_place(const struct writer *writer, const struct value *value, const char *what);

#endif
