/* test_data_balance.c - what a balanced epoch is made of: each part gives as many, each member as often as
 * any other of its part, and other ones in every epoch. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "augment.h"
#include "data/augmented.h"
#include "data/balance.h"
#include "test_data_support.h"

TestSuite(data_balance, .init = data_begin, .fini = data_end);

enum { ROWS = 20 };

/* 20 examples: 14 of class 0, 4 of class 1, 2 of class 2; who is m for the first 15, f for the others. */
static int class_of(uint32_t row)
{
    return row < 14 ? 0 : row < 18 ? 1 : 2;
}

static void write_rows(const char *columns)
{
    char text[1024] = "x,who,age,y\n", manifest[256];
    for (uint32_t i = 0; i < ROWS; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%u,%s,%u,%d\n", i, i < 15 ? "m" : "f",
                 20 + i % 2 * 40, class_of(i));
    snprintf(manifest, sizeof manifest,
             "format: csv\ntrain: {file: a.csv}\ncolumns: {inputs: [x], targets: [y]%s}\n", columns);
    data_write_text("a.csv", text);
    data_write_text("data.yaml", manifest);
}

static struct model balancing(enum model_balance balance)
{
    struct model model = data_model_vector(1, OUTPUT_CATEGORICAL, 3);
    model.settings.balance = balance;
    return model;
}

static struct balance create(const struct dataset *data, const struct model *model)
{
    struct problem problem = {0};
    struct balance balance;
    cr_assert(balance_create(&balance, data, model, &problem), "%s", problem.text);
    return balance;
}

/* How often each row is in the epoch; copies of a row are counted from 0. */
static void count_rows(const struct balance *balance, int *times)
{
    memset(times, 0, ROWS * sizeof *times);
    cr_assert_eq(balance->examples.count, ROWS);
    for (int i = 0; i < ROWS; i++) {
        cr_expect_eq(balance->examples.copies[i], (uint32_t)times[balance->examples.rows[i]]);
        times[balance->examples.rows[i]]++;
    }
}

/* Examples of each class, and how much more often one member of a class is there than another. */
static void count_classes(const int *times, int *counts, int *unevenness)
{
    int least[3] = {ROWS, ROWS, ROWS}, most[3] = {0};
    memset(counts, 0, 3 * sizeof *counts);
    for (uint32_t row = 0; row < ROWS; row++) {
        const int k = class_of(row);
        counts[k] += times[row];
        least[k] = times[row] < least[k] ? times[row] : least[k];
        most[k] = times[row] > most[k] ? times[row] : most[k];
    }
    *unevenness = 0;
    for (int k = 0; k < 3; k++)
        *unevenness = most[k] - least[k] > *unevenness ? most[k] - least[k] : *unevenness;
}

Test(data_balance, each_class_gives_as_many)
{
    write_rows("");
    const struct model model = balancing(BALANCE_CLASSES);
    struct dataset *data = data_open(&model);
    struct balance balance = create(data, &model);
    int times[ROWS], counts[3], unevenness, total[3] = {0}, seen[ROWS] = {0};
    cr_expect_eq(balance.parts, 3);
    for (int epoch = 1; epoch <= 30; epoch++) {
        balance_draw(&balance, 7, epoch);
        count_rows(&balance, times);
        count_classes(times, counts, &unevenness);
        for (int k = 0; k < 3; k++) {
            cr_expect(counts[k] == 6 || counts[k] == 7);
            total[k] += counts[k];
        }
        cr_expect_eq(counts[0] + counts[1] + counts[2], ROWS);
        cr_expect_leq(unevenness, 1);
        for (int i = 0; i < ROWS; i++)
            seen[i] += times[i];
    }
    for (int k = 0; k < 3; k++)
        cr_expect_eq(total[k], 200); /* the one more is each class's in turn */
    for (int i = 0; i < 14; i++)     /* 200 / 14 = 14.3 of each, not the same ones again and again */
        cr_expect(seen[i] >= 8 && seen[i] <= 21, "row %d: %d times", i, seen[i]);
    balance_release(&balance);
    dataset_close(data);
}

Test(data_balance, an_epoch_is_a_function_of_seed_and_epoch)
{
    write_rows("");
    const struct model model = balancing(BALANCE_CLASSES);
    struct dataset *data = data_open(&model);
    struct balance balance = create(data, &model);
    uint32_t first[ROWS];
    balance_draw(&balance, 1, 1);
    memcpy(first, balance.rows, sizeof first);
    balance_draw(&balance, 1, 2);
    cr_expect(memcmp(first, balance.rows, sizeof first) != 0);
    balance_draw(&balance, 1, 4); /* the same parts give one more */
    cr_expect(memcmp(first, balance.rows, sizeof first) != 0);
    balance_draw(&balance, 2, 1);
    cr_expect(memcmp(first, balance.rows, sizeof first) != 0);
    balance_draw(&balance, 1, 1);
    cr_expect(memcmp(first, balance.rows, sizeof first) == 0);
    balance_release(&balance);
    dataset_close(data);
}

Test(data_balance, groups_and_what_several_have_in_common)
{
    const struct model model = balancing(BALANCE_GROUPS);
    int times[ROWS], m = 0;
    write_rows(", group: who");
    struct dataset *data = data_open(&model);
    struct balance balance = create(data, &model);
    balance_draw(&balance, 1, 1);
    count_rows(&balance, times);
    for (int i = 0; i < 15; i++)
        m += times[i];
    cr_expect_eq(balance.parts, 2);
    cr_expect_eq(m, 10);
    balance_release(&balance);
    dataset_close(data);

    write_rows(", group: [who, {column: age, edges: [40]}]");
    data = data_open(&model);
    balance = create(data, &model);
    balance_draw(&balance, 1, 1);
    count_rows(&balance, times);
    int parts[4] = {0};
    for (int i = 0; i < ROWS; i++)
        parts[i % 2 + 2 * (i >= 15)] += times[i];
    cr_expect_eq(balance.parts, 4);
    for (int k = 0; k < 4; k++)
        cr_expect_eq(parts[k], 5);
    balance_release(&balance);
    dataset_close(data);
}

Test(data_balance, only_the_training_split_and_no_class_that_it_lacks)
{
    struct model model = balancing(BALANCE_CLASSES);
    struct problem problem = {0};
    write_rows("");
    data_write_text("a.csv", "x,y\n0,0\n1,0\n2,0\n3,0\n4,0\n5,0\n6,0\n7,2\n8,2\n9,2\n");
    model.settings.validate = VALIDATE_COUNT;
    model.settings.validate_count = 3;
    struct dataset *data = data_open(&model);
    cr_assert(dataset_divide(data, &model, 1, &problem));
    struct balance balance = create(data, &model);
    balance_draw(&balance, 1, 1);
    int counts[3] = {0};
    cr_assert_eq(balance.examples.count, 7);
    for (size_t i = 0; i < 7; i++) {
        counts[examples_read_class(&balance.examples, i)]++;
        for (size_t j = 0; j < 3; j++)
            cr_expect_neq(balance.examples.rows[i], dataset_validation(data)->rows[j]);
    }
    cr_expect_eq(balance.parts, 2);
    cr_expect(counts[0] >= 3 && counts[2] >= 3 && counts[1] == 0);
    balance_release(&balance);
    dataset_close(data);
}

Test(data_balance, yes_and_no_are_classes)
{
    struct model model = data_model_vector(1, OUTPUT_BERNOULLI, 1);
    model.settings.balance = BALANCE_CLASSES;
    data_write_text("a.csv", "x,y\n0,0\n1,0\n2,0\n3,1\n");
    data_write_text("data.yaml", "format: csv\ntrain: {file: a.csv}\n");
    struct dataset *data = data_open(&model);
    struct balance balance = create(data, &model);
    balance_draw(&balance, 1, 1);
    int last = 0;
    for (size_t i = 0; i < 4; i++)
        last += balance.examples.rows[i] == 3;
    cr_expect_eq(last, 2);
    balance_release(&balance);
    dataset_close(data);
}

/* The copies of an example are not changed alike. */
Test(data_balance, copies_are_augmented_each_in_its_way)
{
    static const struct augment augment = {.noise = 1};
    write_rows("");
    const struct model model = balancing(BALANCE_CLASSES);
    struct dataset *data = data_open(&model);
    struct balance balance = create(data, &model);
    real value[ROWS];
    balance_draw(&balance, 1, 1);
    const struct examples changed = augment_examples(&balance.examples, &augment, 1, 1);
    const struct examples alone = augment_examples(dataset_train(data), &augment, 1, 1);
    for (size_t i = 0; i < ROWS; i++)
        examples_read_input(&changed, i, &value[i], 1, 1, 1);
    for (size_t i = 0; i < ROWS; i++) {
        real wanted;
        examples_read_input(&alone, balance.rows[i], &wanted, 1, 1, 1);
        if (balance.copies[i] == 0)
            cr_expect_eq(value[i], wanted); /* as it would be in an epoch that is not balanced */
        for (size_t j = 0; j < i; j++)
            cr_expect(balance.rows[i] != balance.rows[j] || value[i] != value[j]);
    }
    balance_release(&balance);
    dataset_close(data);
}

Test(data_balance, a_manifest_without_groups_is_named)
{
    const struct model model = balancing(BALANCE_GROUPS);
    struct problem problem = {0};
    struct balance balance;
    write_rows("");
    struct dataset *data = data_open(&model);
    cr_expect(!balance_create(&balance, data, &model, &problem));
    cr_expect_str_eq(problem.text,
                     "data.yaml: error: names no groups, but the network's train { } says 'balance groups'\n"
                     "help: name a column that divides the examples: columns: { group: NAME, ... }");
    balance_release(&balance);
    dataset_close(data);
}
