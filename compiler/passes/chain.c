/* chain.c - steps that follow each other without a wait, each thread with its own examples: where what they
 * hand on is too much for a second-level cache, they go by groups of a few examples, and what one stores the
 * next still finds there.
 *
 *     c1.forward, c1_maxpool.forward of 32 examples    ->    both of 4, then of the next 4, …
 *
 * Needs: where the threads wait, tilings.
 * Gives: node->chain.
 * Keeps: the order of the nodes, and of every sum: groups are those of runtime/team.h. */
#include "layers/catalogue.h"
#include "passes/passes.h"

enum {
    CACHED = 1 << 18,       /* reals of a batch in a second-level cache */
    LEAST_EXAMPLES = 2 * 16 /* two in a group */
};

static bool may_go_by_groups(const struct graph *graph, const struct node *node)
{
    const struct operation *operation = node->operation;
    const enum split split = node_split(graph, node);
    return (split == SPLIT_EXAMPLES || split == SPLIT_GROUPS) && !operation->call &&
           !(operation->wants_all && operation->wants_all(node->layer));
}

static bool is_large(const struct graph *graph, const struct node *node)
{
    for (int i = 0; i < node->write_count; i++)
        if (value_example_size(node->writes[i]) * graph->training.batch > CACHED)
            return true;
    return false;
}

/* The last of the nodes from `first` on that may go together; those of other phases stand apart. */
static int chain_end(const struct graph *graph, int first)
{
    int last = first;
    for (int i = first + 1; i < graph->node_count; i++) {
        const struct node *node = graph->nodes[i];
        if (node->phase != graph->nodes[first]->phase)
            continue;
        if (node->waits || !may_go_by_groups(graph, node))
            break;
        last = i;
    }
    return last;
}

/* Is anything handed on that is worth it? */
static bool hands_on(const struct graph *graph, int first, int last)
{
    for (int i = first; i < last; i++)
        if (graph->nodes[i]->phase == graph->nodes[first]->phase && is_large(graph, graph->nodes[i]))
            return true;
    return false;
}

static void chain_phase(struct graph *graph, enum node_phase phase, int *chain)
{
    for (int first = 0; first < graph->node_count; first++) {
        if (graph->nodes[first]->phase != phase || !may_go_by_groups(graph, graph->nodes[first]))
            continue;
        const int last = chain_end(graph, first);
        if (hands_on(graph, first, last)) {
            ++*chain;
            for (int i = first; i <= last; i++)
                if (graph->nodes[i]->phase == phase)
                    graph->nodes[i]->chain = *chain;
        }
        first = last;
    }
}

void pass_chain(struct graph *graph)
{
    int chain = 0;
    if (graph->form == NODE_PLAIN || graph->checks_numerics || graph->training.batch < LEAST_EXAMPLES)
        return;
    chain_phase(graph, PHASE_FORWARD, &chain);
    chain_phase(graph, PHASE_BACKWARD, &chain);
}
