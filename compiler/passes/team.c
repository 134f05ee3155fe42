/* team.c - where the threads of a step wait for each other. Between two waits each computes its share without
 * looking at the others', so what one has made for its own examples only it may read:
 *
 *     c1.forward, c1_maxpool.forward (each thread its examples), wait, f5.forward (each some panels for all)
 *
 * Needs: nodes in their final order, and how each is split.
 * Gives: node->waits and node->stage, graph->stage_count, graph->threads_most. The probe's stages are
 * numbered behind training's. Keeps: the nodes and their order. In the textbook form every node is a stage.
 */
#include "passes/passes.h"

/* How a value was touched since the last wait: by threads that keep to their examples, or otherwise. */
enum { OWN_READ = 1, OWN_WRITE = 2, SHARED_READ = 4, SHARED_WRITE = 8 };

enum {
    LEAST_WORK = 1 << 19, /* FLOP of a step for one more thread: about the time of ten waits */
    MOST_THREADS = 16,    /* as runtime/team.h divides a batch into groups */
};

static struct value *value_root(struct value *value)
{
    while (value->view_of)
        value = value->view_of;
    return value;
}

static int touched(const struct value *value, int stage)
{
    return value->touched_in == stage ? value->touched : 0;
}

static bool must_wait(const struct node *node, bool is_own, int stage)
{
    const int bad_reads = is_own ? SHARED_WRITE : SHARED_WRITE | OWN_WRITE;
    const int bad_writes =
        is_own ? SHARED_READ | SHARED_WRITE : OWN_READ | OWN_WRITE | SHARED_READ | SHARED_WRITE;
    for (int i = 0; i < node->read_count; i++)
        if (touched(value_root(node->reads[i]), stage) & bad_reads)
            return true;
    for (int i = 0; i < node->write_count; i++)
        if (touched(value_root(node->writes[i]), stage) & bad_writes)
            return true;
    return false;
}

static void touch(struct value *value, int how, int stage)
{
    struct value *root = value_root(value);
    root->touched = touched(root, stage) | how;
    root->touched_in = stage;
}

struct walk {
    int stage;
    bool must_wait; /* behind the node before */
    int repeated;   /* of the probe: the last stage of training of which it has a node */
};

/* The probe waits wherever training does, too: what may share a place in training then may share it here. */
static bool repeats_wait(const struct node *node, struct walk *walk)
{
    if (!node->repeats || node->repeats->stage <= walk->repeated)
        return false;
    const bool waits = walk->repeated > 0;
    walk->repeated = node->repeats->stage;
    return waits;
}

static void place_node(const struct graph *graph, struct node *node, struct walk *walk)
{
    enum split split = node_split(graph, node);
    bool is_own = split == SPLIT_EXAMPLES || split == SPLIT_GROUPS;
    const bool waits_again = repeats_wait(node, walk);
    node->waits =
        waits_again || walk->must_wait || node->changes_read || must_wait(node, is_own, walk->stage);
    walk->stage += node->waits;
    node->stage = walk->stage;
    walk->must_wait = node->operation->is_awaited;
    for (int i = 0; i < node->read_count; i++)
        touch(node->reads[i], is_own ? OWN_READ : SHARED_READ, walk->stage);
    for (int i = 0; i < node->write_count; i++)
        touch(node->writes[i], is_own ? OWN_WRITE : SHARED_WRITE, walk->stage);
}

static void place_phase(struct graph *graph, enum node_phase phase, struct walk *walk)
{
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i]->phase == phase)
            place_node(graph, graph->nodes[i], walk);
}

/* Examples are shared out in groups; more threads than there are of these have only what is shared by panels.
 */
static int threads_most(const struct graph *graph)
{
    int64_t work = 0, by_panels = 0;
    for (int i = 0; i < graph->node_count; i++) {
        const struct node *node = graph->nodes[i];
        const int64_t flop = 3 * node->layer->flop * graph->training.batch;
        if (node->phase != PHASE_FORWARD)
            continue;
        work += flop;
        if (node_split(graph, node) == SPLIT_PARTS)
            by_panels += flop;
    }
    int64_t most = work / LEAST_WORK;
    if (most > graph_groups(graph))
        most = graph_groups(graph);
    if (most < by_panels / LEAST_WORK)
        most = by_panels / LEAST_WORK;
    return most < 1 ? 1 : most > MOST_THREADS ? MOST_THREADS : (int)most;
}

/* One behind the other, and nobody waits. */
static void place_alone(struct graph *graph)
{
    graph->stage_count = 0;
    for (int i = 0; i < graph->node_count; i++) {
        graph->nodes[i]->stage = i;
        graph->stage_count += !phase_is_of_probe(graph->nodes[i]->phase);
    }
}

static void place_probe(struct graph *graph)
{
    struct walk walk = {.stage = graph->stage_count};
    touch(graph->layers[0]->output, OWN_WRITE, walk.stage);
    place_phase(graph, PHASE_PROBE_FORWARD, &walk);
    walk = (struct walk){.stage = walk.stage + 1};
    place_phase(graph, PHASE_PROBE_BACKWARD, &walk);
}

void pass_team(struct graph *graph)
{
    if (graph->form == NODE_PLAIN) {
        place_alone(graph);
        return;
    }
    struct walk walk = {.stage = 1};
    touch(graph->layers[0]->output, OWN_WRITE, walk.stage); /* each thread loads its examples */
    place_phase(graph, PHASE_PREPARE, &walk);
    place_phase(graph, PHASE_FORWARD, &walk);
    walk = (struct walk){.stage = walk.stage + 1}; /* all wait for the loss */
    place_phase(graph, PHASE_BACKWARD, &walk);
    graph->stage_count = walk.stage + 1;
    graph->threads_most = threads_most(graph);
    place_probe(graph);
}
