/* test_run_weights.c - first weights: which numbers, whose, and how large. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "random_blocks.h"
#include "run/weights.h"
#include "test_run_support.h"

/* A tensor as a model file has it. */
struct listing {
    real numbers[100];
    size_t count;
};

static void list_number(void *context, size_t element, real *weight)
{
    struct listing *listing = context;
    listing->numbers[element] = *weight;
    listing->count++;
}

static struct listing list_tensor(const struct model *model, int tensor, uint64_t seed)
{
    struct fake *net = fake_create();
    struct listing listing = {.count = 0};
    weights_initialise(model, net, seed);
    weights_for_each(&model->tensors[tensor], net->param, list_number, &listing);
    free(net);
    return listing;
}

static void expect_within(const struct listing *listing, double bound)
{
    double largest = 0, sum = 0;
    for (size_t i = 0; i < listing->count; i++) {
        largest = fmax(largest, fabs((double)listing->numbers[i]));
        sum += (double)listing->numbers[i];
    }
    cr_expect_leq(largest, bound);
    cr_expect_geq(largest, 0.5 * bound);
    cr_expect_leq(fabs(sum / (double)listing->count), 0.4 * bound);
}

Test(run_weights, he_and_glorot_have_their_bounds)
{
    struct listing edges = list_tensor(&fake_model, EDGES_WEIGHT, 1);
    struct listing linear = list_tensor(&fake_model, LINEAR_WEIGHT, 1);
    cr_expect_eq(edges.count, 90);
    cr_expect_eq(linear.count, 6);
    expect_within(&edges, sqrt(6 / 18.0));       /* fan in 2x3x3 */
    expect_within(&linear, sqrt(6 / (3.0 + 2))); /* fan in 3, fan out 2 */
}

Test(run_weights, glorot_counts_the_area_of_a_kernel_twice)
{
    struct model_tensor tensor = fake_model.tensors[EDGES_WEIGHT];
    struct model model = fake_model;
    tensor.init = INIT_GLOROT;
    model.tensors = &tensor;
    model.tensor_count = 1;
    struct listing edges = list_tensor(&model, 0, 1);
    expect_within(&edges, sqrt(6 / (18.0 + 45)));
}

Test(run_weights, biases_begin_at_zero)
{
    struct listing bias = list_tensor(&fake_model, EDGES_BIAS, 1);
    for (size_t i = 0; i < 5; i++)
        cr_expect_eq(bias.numbers[i], 0);
}

Test(run_weights, neither_panels_nor_other_tensors_matter)
{
    struct model_tensor alone = fake_model.tensors[EDGES_WEIGHT];
    struct model model = fake_model;
    alone.offset = 3;
    alone.panel = 1;
    alone.size = 90;
    model.tensors = &alone;
    model.tensor_count = 1;
    struct listing here = list_tensor(&model, 0, 1), there = list_tensor(&fake_model, EDGES_WEIGHT, 1);
    for (size_t i = 0; i < 90; i++)
        cr_expect_eq(here.numbers[i], there.numbers[i], "element %zu", i);
}

Test(run_weights, seed_and_name_matter)
{
    struct model_tensor renamed = fake_model.tensors[EDGES_WEIGHT];
    struct model model = fake_model;
    renamed.name = "corners.weight";
    model.tensors = &renamed;
    model.tensor_count = 1;
    struct listing one = list_tensor(&fake_model, EDGES_WEIGHT, 1);
    struct listing two = list_tensor(&fake_model, EDGES_WEIGHT, 2), other = list_tensor(&model, 0, 1);
    cr_expect_neq(one.numbers[0], two.numbers[0]);
    cr_expect_neq(one.numbers[0], other.numbers[0]);
}

/* Known answers of Random123, the authors' own code. */
Test(run_weights, many_blocks_at_once_have_the_words_of_single_ones)
{
    static const uint32_t firsts[] = {0, 1, 77, UINT32_MAX - 5}; /* the last one goes round */
    for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
        uint32_t word[RANDOM_WORDS];
        random_blocks(0x123456789abcdefu, random_stream("f1"), 9, firsts[i], word);
        for (uint32_t j = 0; j < RANDOM_BLOCKS; j++) {
            struct random_block block =
                random_block(0x123456789abcdefu, random_stream("f1"), 9, firsts[i] + j);
            cr_expect_eq(memcmp(block.word, word + 4 * j, sizeof block.word), 0, "block %u", firsts[i] + j);
        }
    }
}

Test(run_weights, random_words_are_philox)
{
    static const struct {
        uint64_t seed, stream;
        uint32_t step, block, word[4];
    } known[] = {
        {0, 0, 0, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {UINT64_MAX, UINT64_MAX, UINT32_MAX, UINT32_MAX, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {0x299f31d0a4093822,
         0x0370734413198a2e,
         0x85a308d3,
         0x243f6a88,
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < 3; i++) {
        struct random_block block =
            random_block(known[i].seed, known[i].stream, known[i].step, known[i].block);
        for (int j = 0; j < 4; j++)
            cr_expect_eq(block.word[j], known[i].word[j], "%zu: word %d is %08x", i, j, block.word[j]);
    }
}

/* Trained models are reproduced from a seed: these numbers may never change. */
Test(run_weights, first_values_are_pinned)
{
    static const double expected[] = {-0.431447655, -0.126933098, -0.510798454, 0.205546483};
    struct listing edges = list_tensor(&fake_model, EDGES_WEIGHT, 1);
    for (size_t i = 0; i < 4; i++)
        cr_expect_float_eq((double)edges.numbers[i], expected[i], 1e-7, "%zu: %.9g", i,
                           (double)edges.numbers[i]);
}

Test(run_weights, padding_stays_zero)
{
    struct fake *net = fake_create();
    weights_initialise(&fake_model, net, 1);
    for (size_t i = 0; i < 24; i++)
        cr_expect_eq(net->param[LINEAR_WEIGHT_AT + i] != 0, i % 8 < 2, "real %zu", i);
    free(net);
}

Test(run_weights, counts_zeros_without_padding)
{
    struct fake *net = fake_create();
    cr_expect_eq(weights_count_zeros(&fake_model.tensors[EDGES_WEIGHT], net->param), 90);
    net->param[EDGES_WEIGHT_AT + 17] = 1;
    cr_expect_eq(weights_count_zeros(&fake_model.tensors[EDGES_WEIGHT], net->param), 89);
    free(net);
}

Test(run_weights, names_the_first_tensor_that_is_not_finite)
{
    struct fake *net = fake_create();
    cr_expect_null(weights_find_not_finite(&fake_model, net));
    net->param[EDGES_WEIGHT_AT + 5] = (real)NAN;
    cr_expect_str_eq(weights_find_not_finite(&fake_model, net)->name, "edges.weight");
    net->param[LINEAR_BIAS_AT] = (real)INFINITY;
    cr_expect_str_eq(weights_find_not_finite(&fake_model, net)->name, "linear.bias");
    free(net);
}
