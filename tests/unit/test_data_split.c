/* test_data_split.c - which rows are drawn: as many as asked, each class in its share, from the seed alone.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/split.h"
#include "random.h"
#include "test_data_support.h"

#define ROWS 1000

static uint32_t rows[ROWS], taken[ROWS], rest[ROWS];
static int32_t classes[ROWS];

/* Classes of 700, 299 and 1 rows. */
static void begin(void)
{
    data_begin();
    for (uint32_t i = 0; i < ROWS; i++) {
        rows[i] = i;
        classes[i] = i < 700 ? 0 : i < 999 ? 1 : 2;
    }
}

TestSuite(data_split, .init = begin, .fini = data_end);

static void draw(size_t wanted, uint64_t seed, const char *stream)
{
    split_draw(&(struct split_draw){.rows = rows,
                                    .count = ROWS,
                                    .wanted = wanted,
                                    .classes = classes,
                                    .class_count = 3,
                                    .seed = seed,
                                    .stream = random_stream(stream)},
               taken, rest);
}

Test(data_split, is_exact_and_stratified)
{
    int counts[3] = {0};
    bool is_seen[ROWS] = {0};
    draw(101, 1, "validate");
    for (int i = 0; i < 101; i++) {
        counts[classes[taken[i]]]++;
        is_seen[taken[i]] = true;
        cr_expect(i == 0 || taken[i] > taken[i - 1]);
    }
    cr_expect_eq(counts[0], 71, "of 70.7");
    cr_expect_eq(counts[1], 30, "of 30.199");
    cr_expect_eq(counts[2], 0, "of 0.101");
    for (int i = 0; i < ROWS - 101; i++) {
        cr_expect_not(is_seen[rest[i]]);
        is_seen[rest[i]] = true;
    }
    for (int i = 0; i < ROWS; i++)
        cr_expect(is_seen[i]);
}

Test(data_split, gives_what_is_left_to_the_largest_remainders)
{
    int counts[3] = {0};
    draw(999, 1, "validate");
    for (int i = 0; i < 999; i++)
        counts[classes[taken[i]]]++;
    cr_expect_eq(counts[0], 699, "of 699.3");
    cr_expect_eq(counts[1], 299, "of 298.701");
    cr_expect_eq(counts[2], 1, "of 0.999");
}

Test(data_split, depends_on_seed_and_stream_alone)
{
    uint32_t first[100];
    draw(100, 1, "validate");
    memcpy(first, taken, sizeof first);
    draw(100, 1, "validate");
    cr_expect(memcmp(first, taken, sizeof first) == 0);
    draw(100, 2, "validate");
    cr_expect(memcmp(first, taken, sizeof first) != 0);
    draw(100, 1, "test");
    cr_expect(memcmp(first, taken, sizeof first) != 0);
}

Test(data_split, every_row_has_the_same_chance)
{
    enum { DRAWS = 4000 };
    int hits[ROWS] = {0};
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        draw(100, seed, "validate");
        for (int i = 0; i < 100; i++)
            hits[taken[i]]++;
    }
    /* 400 expected with a deviation of 19: six of them. */
    for (int i = 0; i < 999; i++)
        cr_expect(abs(hits[i] - 400) < 114, "row %d was drawn %d times", i, hits[i]);
}

Test(data_split, bounded_numbers_are_fair)
{
    int hits[3] = {0};
    uint32_t element = 0;
    for (int i = 0; i < 30000; i++)
        hits[random_below(7, 8, 9, &element, 3)]++;
    for (int k = 0; k < 3; k++)
        cr_expect(abs(hits[k] - 10000) < 500, "%d: %d times", k, hits[k]);
    /* Limits just above a half of 2^32 reject every other word. */
    element = 0;
    for (int i = 0; i < 1000; i++)
        cr_expect(random_below(7, 8, 9, &element, 0x80000001u) <= 0x80000000u);
    cr_expect(element > 1800 && element < 2200, "%u words for 1000 numbers", element);
}

/* 100 rows in two classes, 80 and 20, and a further split of 2. */
static struct dataset *open_hundred(const char *more, const struct model *model)
{
    char manifest[256];
    FILE *to = fopen("a.csv", "w");
    fputs("x,y\n", to);
    for (int i = 0; i < 100; i++)
        fprintf(to, "%d,%d\n", i, i % 5 == 0);
    fclose(to);
    data_write_text("b.csv", "x,y\n1,0\n2,1\n");
    snprintf(manifest, sizeof manifest, "format: csv\ntrain: {file: a.csv}\ndev: {file: b.csv}\n%s", more);
    data_write_text("data.yaml", manifest);
    return data_open(model);
}

static size_t count_class(const struct examples *examples, int class)
{
    size_t count = 0;
    for (size_t i = 0; i < examples->count; i++)
        count += examples_read_class(examples, i) == class;
    return count;
}

Test(data_split, divides_into_train_validation_and_test)
{
    struct model model = data_model_vector(1, OUTPUT_CATEGORICAL, 2);
    struct problem problem = {0};
    model.settings.validate = VALIDATE_SHARE;
    model.settings.validate_share = 0.1;
    struct dataset *data = open_hundred("test: 20%\n", &model);
    cr_assert(dataset_divide(data, &model, 1, &problem), "%s", problem.text);
    cr_expect_eq(dataset_train(data)->count, 72);
    cr_expect_eq(dataset_validation(data)->count, 8);
    cr_expect_eq(dataset_split(data, "test")->count, 20);
    cr_expect_eq(count_class(dataset_split(data, "test"), 1), 4);
    cr_expect_eq(count_class(dataset_validation(data), 1), 2);
    cr_expect_eq(count_class(dataset_split(data, "train"), 1), 14);
    cr_expect_null(dataset_split(data, "holdout"));
    cr_expect_str_eq(dataset_summary(data),
                     "train 72, dev 2, test 20 and validation 8 examples with 1 feature in 2 classes, "
                     "values 0 to 99\nclasses are unbalanced: 1 has 14, 0 has 58 of the training examples");
    dataset_close(data);
}

Test(data_split, validates_on_a_split_by_name)
{
    struct model model = data_model_vector(1, OUTPUT_CATEGORICAL, 2);
    struct problem problem = {0};
    model.settings.validate = VALIDATE_SPLIT;
    model.settings.validate_split = "dev";
    struct dataset *data = open_hundred("", &model);
    cr_assert(dataset_divide(data, &model, 1, &problem), "%s", problem.text);
    cr_expect_eq(dataset_validation(data)->count, 2);
    cr_expect_eq(dataset_train(data)->count, 100);
    cr_expect(strncmp(dataset_summary(data), "train 100 and dev 2 (validation) examples", 41) == 0, "%s",
              dataset_summary(data));
    model.settings.validate_split = "dew";
    cr_expect_not(dataset_divide(data, &model, 1, &problem));
    cr_expect_str_eq(problem.text, "data.yaml: error: validate dew: the manifest names no such split\n"
                                   "help: did you mean 'dev'?");
    dataset_close(data);
}

static void expect_indivisible(const char *more, const struct model *model, const char *message)
{
    struct problem problem = {0};
    struct dataset *data = open_hundred(more, model);
    cr_expect_not(dataset_divide(data, model, 1, &problem));
    cr_expect_str_eq(problem.text, message, "wanted:\n%s\ngot:\n%s", message, problem.text);
    dataset_close(data);
}

Test(data_split, refuses_too_few_or_too_many)
{
    struct model model = data_model_vector(1, OUTPUT_CATEGORICAL, 2);
    expect_indivisible(
        "test: 100\n", &model,
        "data.yaml:4:7: error: test: taking 100 of 100 training examples leaves none to train on");
    model.settings.validate = VALIDATE_COUNT;
    model.settings.validate_count = 500;
    expect_indivisible(
        "", &model,
        "data.yaml: error: validate: taking 500 of 100 training examples leaves none to train on");
    model.settings.validate = VALIDATE_SHARE;
    model.settings.validate_share = 0.004;
    expect_indivisible("", &model,
                       "data.yaml: error: validate: 0.4% of 100 training examples is not one example");
}

Test(data_split, ranks_so_that_every_beginning_is_stratified)
{
    static uint32_t order[ROWS];
    int counts[3] = {0}, seen[ROWS] = {0};
    split_rank(&(struct split_draw){.rows = rows,
                                    .count = ROWS,
                                    .classes = classes,
                                    .class_count = 3,
                                    .seed = 1,
                                    .stream = random_stream("share")},
               order);
    for (int i = 0; i < ROWS; i++) {
        counts[classes[order[i]]]++;
        seen[order[i]]++;
        cr_expect(fabs(counts[0] - 0.7 * (i + 1)) <= 1, "%d: %d of class 0", i, counts[0]);
        cr_expect(fabs(counts[1] - 0.299 * (i + 1)) <= 1, "%d: %d of class 1", i, counts[1]);
    }
    for (int i = 0; i < ROWS; i++)
        cr_expect_eq(seen[i], 1);
}
