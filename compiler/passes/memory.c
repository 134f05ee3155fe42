/* memory.c - one arena for all values of a batch: a value that is no longer needed gives its place to later
 * ones.
 *
 *     c1 needed in stages 0 to 4, df7 in 2 to 3    ->    c1 at 0, df7 behind it, where dc3 will be later
 *
 * Needs: nodes in their final order with their stages, shapes and borders.
 * Gives: value->size, first, last, offset, after; graph->arena_size.
 * Keeps: everything else. One value after the other gets the lowest place that is free while it lives, so
 * that every place is 0 or the end of another value. Largest first is nearly always as small as the most that
 * lives at one time; where it is not, what did not find room below chooses earlier. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "passes/passes.h"

enum { ALIGNMENT = 16 }; /* reals: 64 bytes of floats */

static struct value *value_root(struct value *value)
{
    while (value->view_of)
        value = value->view_of;
    return value;
}

static void value_live(struct value *value, int stage)
{
    struct value *root = value_root(value);
    if (stage < root->first)
        root->first = stage;
    if (stage > root->last)
        root->last = stage;
}

static int last_forward_stage(const struct graph *graph)
{
    int last = 0;
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i]->operation->phase == PHASE_FORWARD)
            last = graph->nodes[i]->stage;
    return last;
}

/* The input is there from the start, and the prediction until the end. All results of the forward pass stay
 * until its end, where a search for the first NaN wants them. A border of zeros is written once, so its value
 * shares with no one. */
static void find_lives(struct graph *graph)
{
    int end = graph->stage_count - 1, forward_end = last_forward_stage(graph);
    for (int i = 0; i < graph->value_count; i++) {
        graph->values[i]->first = end;
        graph->values[i]->last = 0;
    }
    for (int i = 0; i < graph->node_count; i++) {
        const struct node *node = graph->nodes[i];
        for (int j = 0; j < node->read_count; j++)
            value_live(node->reads[j], node->stage);
        for (int j = 0; j < node->write_count; j++)
            value_live(node->writes[j], node->stage);
    }
    value_live(graph->layers[0]->output, 0);
    value_live(graph->layers[graph->layer_count - 1]->output, end);
    if (graph->layers[0]->doutput)
        value_live(graph->layers[0]->doutput, end);
    for (int i = 0; i < graph->value_count; i++) {
        struct value *value = graph->values[i];
        if (value->kind != VALUE_ACTIVATION)
            continue;
        value_live(value, forward_end);
        if (value_has_border(value)) {
            value_live(value, 0);
            value_live(value, end);
        }
    }
}

/* Reals of a value for a whole batch. The index of a maximum takes a quarter of a real. */
static int64_t batch_size(const struct graph *graph, const struct value *value)
{
    int64_t size = value_example_size(value);
    if (value->kind != VALUE_TRANSPOSED)
        size *= graph->training.batch;
    if (value->kind == VALUE_INDEX)
        size = (size + 3) / 4;
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* What a search for a place reads of a value that has one. */
struct tenant {
    int first, last; /* stages */
    int64_t offset, end;
    struct value *value;
};

/* Gives `value` the lowest place among those placed already, which stand by offset, and a place in their
 * list. */
static void place(struct tenant *placed, int count, struct value *value)
{
    const int first = value->first, last = value->last;
    int64_t offset = 0;
    value->after = NULL;
    for (int i = 0; i < count; i++) {
        if (placed[i].first > last || placed[i].last < first || placed[i].end <= offset)
            continue;
        if (placed[i].offset >= offset + value->size)
            break;
        offset = placed[i].end;
        value->after = placed[i].value;
    }
    value->offset = offset;
    int at = count;
    for (; at > 0 && placed[at - 1].offset > offset; at--)
        placed[at] = placed[at - 1];
    placed[at] = (struct tenant){first, last, offset, offset + value->size, value};
}

/* The largest first; of equal ones in the graph's order, which `mark` holds. */
static int compare_sizes(const void *left, const void *right)
{
    const struct value *one = *(struct value *const *)left, *other = *(struct value *const *)right;
    if (one->size != other->size)
        return one->size > other->size ? -1 : 1;
    return one->mark - other->mark;
}

/* The values that have memory of their own, in the order in which they get their places. */
struct tenancy {
    struct value **order, **best;
    struct tenant *placed;
    int count;
};

/* Gives all values places in the order that they stand in. The size of the plan; `highest` becomes the number
 * of the value that ends there. */
static int64_t place_all(const struct tenancy *tenancy, int *highest)
{
    int64_t size = 0;
    for (int i = 0; i < tenancy->count; i++) {
        const struct value *value = tenancy->order[i];
        place(tenancy->placed, i, tenancy->order[i]);
        if (value->offset + value->size <= size)
            continue;
        size = value->offset + value->size;
        *highest = i;
    }
    return size;
}

/* The value at the end of a plan that is larger than `least` chooses earlier in the next, in every round at
 * another place of the order. Leaves the smallest plan in place. */
static int64_t place_better(const struct tenancy *tenancy, int64_t least)
{
    enum { ROUNDS = 64 };
    const size_t bytes = (size_t)tenancy->count * sizeof *tenancy->order;
    int highest = 0, round = 0, best_round = 0;
    int64_t size = place_all(tenancy, &highest), smallest = size;
    memcpy(tenancy->best, tenancy->order, bytes);
    while (smallest > least && round++ < ROUNDS) {
        struct value *value = tenancy->order[highest];
        const int to = round % (highest + 1);
        memmove(tenancy->order + to + 1, tenancy->order + to,
                (size_t)(highest - to) * sizeof *tenancy->order);
        tenancy->order[to] = value;
        size = place_all(tenancy, &highest);
        if (size >= smallest)
            continue;
        smallest = size;
        best_round = round;
        memcpy(tenancy->best, tenancy->order, bytes);
    }
    if (best_round == round)
        return smallest;
    memcpy(tenancy->order, tenancy->best, bytes);
    return place_all(tenancy, &highest);
}

int64_t memory_least(const struct graph *graph)
{
    int64_t *change = ARENA_ARRAY(graph->arena, int64_t, (size_t)graph->stage_count + 1), sum = 0, most = 0;
    for (int i = 0; i < graph->value_count; i++) {
        const struct value *value = graph->values[i];
        if (value->view_of || value->first > value->last)
            continue;
        change[value->first] += value->size;
        change[value->last + 1] -= value->size;
    }
    for (int stage = 0; stage < graph->stage_count; stage++) {
        sum += change[stage];
        most = sum > most ? sum : most;
    }
    return most;
}

void pass_memory(struct graph *graph)
{
    find_lives(graph);
    const size_t most = (size_t)graph->value_count;
    struct tenancy tenancy = {.order = ARENA_ARRAY(graph->arena, struct value *, most),
                              .best = ARENA_ARRAY(graph->arena, struct value *, most),
                              .placed = ARENA_ARRAY(graph->arena, struct tenant, most)};
    for (int i = 0; i < graph->value_count; i++) {
        struct value *value = graph->values[i];
        if (value->view_of)
            continue;
        value->size = batch_size(graph, value);
        value->mark = i;
        tenancy.order[tenancy.count++] = value;
    }
    qsort(tenancy.order, (size_t)tenancy.count, sizeof *tenancy.order, compare_sizes);
    graph->arena_size = place_better(&tenancy, memory_least(graph));
}
