/* test_passes.c - fuse, backward, schedule, memory, and the verifier that stands between them. */
#include <criterion/criterion.h>
#include <string.h>

#include "layers/catalogue.h"
#include "test_middle_support.h"

static const char lenet[] =
    "net lenet5 {\n input 28x28x1\n c1: conv 6 5x5 pad=2 relu\n maxpool 2x2\n c3: conv 16 5x5 relu\n"
    " maxpool 2x2\n f5: dense 120 relu\n dropout 0.2\n f6: dense 84 relu\n f7: dense 10\n"
    " output categorical\n}\ntrain {\n batch 64\n}\n";

Test(fuse, a_trailing_activation_joins_its_layer_and_a_statement_stays)
{
    struct graph *graph =
        passed_graph("net n {\n input 4\n a: dense 3 relu\n b: dense 3\n relu\n output categorical\n}\n",
                     "x86-64-v3", NODE_TILED);
    cr_expect_str_eq(find_layer(graph, "a")->activation->kind->name, "relu");
    cr_expect_null(find_layer(graph, "b")->activation);
    cr_expect_eq(find_layer(graph, "b_relu")->input, find_layer(graph, "b")->output);
    cr_expect_eq(graph->layer_count, 5);
}

Test(backward, gradients_run_from_the_output_to_the_first_weights)
{
    struct graph *graph =
        passed_graph("net n {\n input 6x6x1\n c: conv 2 3x3 relu\n maxpool 2x2\n f: dense 2\n"
                     " output categorical\n}\n",
                     "x86-64-v3", NODE_TILED);
    cr_expect_str_eq(node_names(graph),
                     "c.forward c_maxpool.forward f.forward output.forward output.backward "
                     "f.backward_output f.backward_weight f.transpose f.backward_input "
                     "c_maxpool.backward c.backward_output c.backward_weight");
}

Test(backward, nothing_is_computed_below_the_first_weights)
{
    struct graph *graph =
        passed_graph("net n {\n input 4\n dropout 0.5\n f: dense 2 bias=no\n output categorical\n}\n",
                     "x86-64-v3", NODE_PLAIN);
    cr_expect_str_eq(node_names(graph), "input_dropout.forward f.forward output.forward output.backward "
                                        "f.backward_weight");
}

Test(schedule, panels_and_tiles_follow_shape_and_target)
{
    const struct layer *c3 = find_layer(passed_graph(lenet, "x86-64-v3", NODE_TILED), "c3");
    const struct tiling *forward = &c3->tiling[TILING_FORWARD];
    cr_expect_eq(forward->lanes, 8);
    cr_expect_eq(forward->vectors, 2);
    cr_expect_eq(forward->panels, 1);
    cr_expect_eq(forward->rows, 5);
    cr_expect_eq(forward->rest, 0);
    const struct layer *f5 = find_layer(passed_graph(lenet, "x86-64-v3", NODE_TILED), "f5");
    cr_expect_eq(f5->tiling[TILING_FORWARD].panels, 8);
    cr_expect_eq(f5->tiling[TILING_FORWARD].rows, 6);
    cr_expect_eq(f5->tiling[TILING_FORWARD].rest, 4);
    c3 = find_layer(passed_graph(lenet, "x86-64-v4", NODE_TILED), "c3");
    cr_expect_eq(c3->tiling[TILING_FORWARD].lanes, 16);
    cr_expect_eq(c3->tiling[TILING_FORWARD].vectors, 1);
    cr_expect_eq(c3->tiling[TILING_FORWARD].rows, 10);
}

Test(schedule, a_padded_convolution_gives_its_input_a_border)
{
    struct graph *graph = passed_graph(lenet, "x86-64-v3", NODE_TILED);
    const struct value *input = find_layer(graph, "input")->output;
    cr_expect_eq(input->border.top, 2);
    cr_expect_eq(value_example_size(input), 32 * 32);
    cr_expect_not(value_has_border(find_layer(graph, "c1")->output));
}

static const struct node *find_node(const struct graph *graph, const char *layer, const char *operation)
{
    for (int i = 0; i < graph->node_count; i++)
        if (strcmp(graph->nodes[i]->layer->name, layer) == 0 &&
            strcmp(graph->nodes[i]->operation->name, operation) == 0)
            return graph->nodes[i];
    cr_assert_fail("no node %s.%s", layer, operation);
    return NULL;
}

/* c1 gives 28x28x6 reals, of 64 examples more than 2^18; what f7 gives is small. */
Test(chain, what_hands_on_more_than_a_cache_holds_goes_group_by_group)
{
    const struct graph *graph = passed_graph(lenet, "x86-64-v3", NODE_TILED);
    const int chain = find_node(graph, "c1_maxpool", "backward")->chain;
    cr_expect_neq(chain, 0);
    cr_expect_eq(find_node(graph, "c3_maxpool", "backward")->chain, chain);
    cr_expect_eq(find_node(graph, "c1", "backward_weight")->chain, chain);
    cr_expect_eq(find_node(graph, "f7", "backward_output")->chain, 0);
    cr_expect_eq(find_node(graph, "f5", "backward_weight")->chain, 0); /* by tiles, not by examples */
    cr_expect_eq(find_node(passed_graph(lenet, "x86-64-v3", NODE_PLAIN), "c1", "backward_weight")->chain, 0);
}

/* Of 32 examples c1 gives less than 2^18. */
Test(chain, what_fits_a_cache_goes_for_all_examples)
{
    char small[sizeof lenet];
    memcpy(small, lenet, sizeof lenet);
    memcpy(strstr(small, "batch 64"), "batch 32", 8);
    const struct graph *graph = passed_graph(small, "x86-64-v3", NODE_TILED);
    for (int i = 0; i < graph->node_count; i++)
        cr_expect_eq(graph->nodes[i]->chain, 0, "%s.%s", graph->nodes[i]->layer->name,
                     graph->nodes[i]->operation->name);
}

static bool live_together(const struct value *left, const struct value *right)
{
    return left->first <= right->last && right->first <= left->last;
}

/* The most reals that are needed at the same time: no plan can do with less. */
static int64_t lower_bound(const struct graph *graph)
{
    int64_t most = 0;
    for (int node = 0; node < graph->node_count; node++) {
        int64_t sum = 0;
        for (int i = 0; i < graph->value_count; i++) {
            const struct value *value = graph->values[i];
            if (!value->view_of && value->first <= node && node <= value->last)
                sum += value->size;
        }
        most = sum > most ? sum : most;
    }
    return most;
}

Test(memory, values_needed_together_stand_apart_and_others_share)
{
    struct graph *graph = passed_graph(lenet, "x86-64-v3", NODE_TILED);
    int64_t all = 0;
    for (int i = 0; i < graph->value_count; i++) {
        const struct value *value = graph->values[i];
        all += value->size;
        cr_expect_eq(value->offset, value->after ? value->after->offset + value->after->size : 0);
        cr_expect_leq(value->offset + value->size, graph->arena_size);
        for (int j = 0; j < i; j++) {
            const struct value *other = graph->values[j];
            bool overlap =
                value->offset < other->offset + other->size && other->offset < value->offset + value->size;
            cr_expect_not(overlap && live_together(value, other), "%s and %s overlap", value->name,
                          other->name);
        }
    }
    cr_expect_lt(graph->arena_size, all);
    cr_expect_geq(graph->arena_size, lower_bound(graph));
}

Test(memory, flatten_needs_none)
{
    struct graph *graph =
        passed_graph("net n {\n input 4x4x2\n c: conv 2 3x3\n flatten\n f: dense 2\n output categorical\n}\n",
                     "x86-64-v3", NODE_TILED);
    const struct layer *flatten = find_layer(graph, "c_flatten");
    cr_expect_eq(flatten->output->view_of, find_layer(graph, "c")->output);
    cr_expect_eq(flatten->doutput->view_of, find_layer(graph, "c")->doutput);
    cr_expect_eq(flatten->output->size, 0);
}

Test(verify, finds_a_value_that_is_read_before_it_is_written)
{
    struct graph *graph = passed_graph(lenet, "x86-64-v3", NODE_TILED);
    cr_expect_null(graph_verify(graph));
    struct node *first = graph->nodes[0];
    graph->nodes[0] = graph->nodes[1];
    graph->nodes[1] = first;
    const char *finding = graph_verify(graph);
    cr_assert_not_null(finding);
    cr_expect(strstr(finding, "c1_maxpool.forward reads"));
}

Test(verify, finds_values_that_share_memory_while_both_are_needed)
{
    struct graph *graph = passed_graph(lenet, "x86-64-v3", NODE_TILED);
    struct value *c3 = find_layer(graph, "c3")->output;
    c3->offset = find_layer(graph, "c1")->output->offset;
    const char *finding = graph_verify(graph);
    cr_assert_not_null(finding);
    cr_expect(strstr(finding, "share memory"));
}
