/* memory.c - one arena for all values of a batch: a value that is no longer needed gives its place to later
 * ones.
 *
 *     c1 needed in stages 0 to 4, df7 in 2 to 3    ->    c1 at 0, df7 behind it, where dc3 will be later
 *
 * Needs: nodes in their final order with their stages, shapes and borders.
 * Gives: value->size, first, last, offset, after, and the same for a probe; graph->arena_size and
 * probe_arena_size.
 * Keeps: everything else. One value after the other gets the lowest place that is free while it lives, so
 * that every place is 0 or the end of another value. Largest first is nearly always as small as the most that
 * lives at one time; where it is not, what did not find room below chooses earlier. The plan of training is
 * the same with and without a probe. */
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

/* One walk through the stages, of training or of a probe, from `start` to `end`. */
struct walk {
    bool is_probe;
    int start, end, forward_end;
};

static void value_live(struct value *value, int stage, bool is_probe)
{
    struct value *root = value_root(value);
    int *first = is_probe ? &root->probe_first : &root->first;
    int *last = is_probe ? &root->probe_last : &root->last;
    if (stage < *first)
        *first = stage;
    if (stage > *last)
        *last = stage;
}

static void node_live(const struct node *node, int stage, bool is_probe)
{
    for (int i = 0; i < node->read_count; i++)
        value_live(node->reads[i], stage, is_probe);
    for (int i = 0; i < node->write_count; i++)
        value_live(node->writes[i], stage, is_probe);
}

static struct walk training_walk(const struct graph *graph)
{
    struct walk walk = {.end = graph->stage_count - 1};
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i]->phase == PHASE_FORWARD)
            walk.forward_end = graph->nodes[i]->stage;
    return walk;
}

static struct walk probe_walk(const struct graph *graph)
{
    struct walk walk = {.is_probe = true, .start = graph->stage_count, .end = graph->stage_count};
    for (int i = 0; i < graph->node_count; i++) {
        const struct node *node = graph->nodes[i];
        if (node->phase == PHASE_PROBE_FORWARD)
            walk.forward_end = node->stage;
        if (phase_is_of_probe(node->phase) && node->stage > walk.end)
            walk.end = node->stage;
    }
    return walk;
}

/* The input is there from the start, and the prediction until the end; a probe may want its input again. All
 * results of the forward pass stay until its end, where a search for the first NaN wants them. A border of
 * zeros is written once, so its value shares with no one. */
static void find_results(const struct graph *graph, const struct walk *walk)
{
    const struct value *input = graph->layers[0]->output;
    value_live(graph->layers[0]->output, walk->start, walk->is_probe);
    value_live(graph->layers[graph->layer_count - 1]->output, walk->end, walk->is_probe);
    for (int i = 0; i < graph->value_count; i++) {
        struct value *value = graph->values[i];
        if (value->kind != VALUE_ACTIVATION)
            continue;
        value_live(value, walk->forward_end, walk->is_probe);
        if (value_has_border(value) || (walk->is_probe && value == input)) {
            value_live(value, walk->start, walk->is_probe);
            value_live(value, walk->end, walk->is_probe);
        }
    }
}

/* When each value must not be overwritten: in training, and in the passes of a probe, which has its weights
 * turned before it starts. What moves inputs in several steps goes through them again and again. */
static void find_lives(struct graph *graph)
{
    const struct walk training = training_walk(graph), probe = probe_walk(graph);
    for (int i = 0; i < graph->value_count; i++) {
        graph->values[i]->first = training.end;
        graph->values[i]->probe_first = probe.end;
        graph->values[i]->last = 0;
        graph->values[i]->probe_last = -1;
    }
    for (int i = 0; i < graph->node_count; i++) {
        const struct node *node = graph->nodes[i];
        node_live(node, node->stage, phase_is_of_probe(node->phase));
        if (node->phase != PHASE_PREPARE || !graph->wants_probe)
            continue;
        node_live(node, probe.start, true);
        if (graph->training.adversarial)
            node_live(node, probe.end, true);
    }
    find_results(graph, &training);
    if (graph->wants_probe)
        find_results(graph, &probe);
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
    const struct value *value;
};

/* Adds one to those that have places already, which stand by offset. */
static void tenant_add(struct tenant *placed, int count, struct tenant tenant)
{
    int at = count;
    for (; at > 0 && placed[at - 1].offset > tenant.offset; at--)
        placed[at] = placed[at - 1];
    placed[at] = tenant;
}

static bool live_together(const struct tenant *left, const struct tenant *right)
{
    return left->first <= right->last && right->first <= left->last;
}

/* Gives it the lowest place among them; `after` becomes the value behind which that is, NULL at 0. */
static void tenant_place(struct tenant *placed, int count, struct tenant *tenant, const struct value **after)
{
    const int64_t size = tenant->value->size;
    tenant->offset = 0;
    *after = NULL;
    for (int i = 0; i < count; i++) {
        if (!live_together(&placed[i], tenant) || placed[i].end <= tenant->offset)
            continue;
        if (placed[i].offset >= tenant->offset + size)
            break;
        tenant->offset = placed[i].end;
        *after = placed[i].value;
    }
    tenant->end = tenant->offset + size;
    tenant_add(placed, count, *tenant);
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
        struct value *value = tenancy->order[i];
        struct tenant tenant = {.first = value->first, .last = value->last, .value = value};
        tenant_place(tenancy->placed, i, &tenant, &value->after);
        value->offset = tenant.offset;
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

static struct tenant tenant_of_probe(const struct value *value)
{
    return (struct tenant){value->probe_first, value->probe_last, value->offset, value->offset + value->size,
                           value};
}

static bool is_free(const struct tenant *placed, int count, const struct tenant *tenant)
{
    for (int i = 0; i < count; i++)
        if (live_together(&placed[i], tenant) && placed[i].offset < tenant->end &&
            tenant->offset < placed[i].end)
            return false;
    return true;
}

/* Training may do without it, or need it for a shorter time: of a maxpool whose input wants no gradient, the
 * indices. */
static bool may_move(const struct value *value)
{
    return value->kind == VALUE_GRADIENT || value->kind == VALUE_INDEX;
}

/* What lies in a probe where training has it: everything but gradients and indices that would overwrite what
 * the probe still needs. Returns how many. */
static int keep_places(const struct tenancy *tenancy)
{
    int count = 0;
    for (int moving = 0; moving < 2; moving++)
        for (int i = 0; i < tenancy->count; i++) {
            struct value *value = tenancy->order[i];
            const struct tenant tenant = tenant_of_probe(value);
            if (value->is_for_probe || may_move(value) != moving)
                continue;
            value->moves = moving && !is_free(tenancy->placed, count, &tenant);
            if (!value->moves)
                tenant_add(tenancy->placed, count++, tenant);
        }
    return count;
}

/* The size of the probe's plan. */
static int64_t place_for_probe(const struct tenancy *tenancy, int64_t size)
{
    int count = keep_places(tenancy);
    for (int i = 0; i < tenancy->count; i++) {
        struct value *value = tenancy->order[i];
        struct tenant tenant = tenant_of_probe(value);
        if (!value->is_for_probe && !value->moves)
            continue;
        tenant_place(tenancy->placed, count++, &tenant, &value->probe_after);
        value->probe_offset = tenant.offset;
        size = tenant.end > size ? tenant.end : size;
    }
    return size;
}

static struct tenancy tenancy_create(const struct graph *graph)
{
    const size_t most = (size_t)graph->value_count;
    return (struct tenancy){.order = ARENA_ARRAY(graph->arena, struct value *, most),
                            .best = ARENA_ARRAY(graph->arena, struct value *, most),
                            .placed = ARENA_ARRAY(graph->arena, struct tenant, most)};
}

/* The largest first. */
static void tenancy_add(struct tenancy *tenancy, const struct graph *graph, bool is_probe)
{
    for (int i = 0; i < graph->value_count; i++) {
        struct value *value = graph->values[i];
        if (value->view_of || (value->is_for_probe && !is_probe))
            continue;
        value->size = batch_size(graph, value);
        value->mark = i;
        tenancy->order[tenancy->count++] = value;
    }
    qsort(tenancy->order, (size_t)tenancy->count, sizeof *tenancy->order, compare_sizes);
}

void pass_memory(struct graph *graph)
{
    struct tenancy training = tenancy_create(graph), probe = tenancy_create(graph);
    find_lives(graph);
    tenancy_add(&training, graph, false);
    graph->arena_size = place_better(&training, memory_least(graph));
    graph->probe_arena_size = graph->arena_size;
    if (!graph->wants_probe)
        return;
    tenancy_add(&probe, graph, true);
    graph->probe_arena_size = place_for_probe(&probe, graph->arena_size);
    if (graph->training.adversarial) /* which makes the probe's gradients a part of training */
        graph->arena_size = graph->probe_arena_size;
}
