/* balance.c - the parts of a training split, and what each gives to an epoch. */
#include "data/balance.h"

#include <stdlib.h>
#include <string.h>

#include "data/rows.h"
#include "problem.h"
#include "random.h"

/* The number that tells an example's part from others: its class, or that of its groups. */
struct keyed {
    uint64_t key;
    uint32_t example;
};

static int keyed_compare(const void *left, const void *right)
{
    const struct keyed *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->example > b->example) - (a->example < b->example);
}

/* Equal keys become equal numbers from 0 on; the examples are sorted by them. Returns how many there are. */
static int keys_renumber(struct keyed *keyed, size_t count)
{
    uint64_t number = 0;
    qsort(keyed, count, sizeof *keyed, keyed_compare);
    for (size_t i = 0; i < count; i++) {
        const bool is_new = i + 1 < count && keyed[i + 1].key != keyed[i].key;
        keyed[i].key = number;
        number += is_new;
    }
    return (int)number + 1;
}

static int key_by_class(struct keyed *keyed, const struct examples *train)
{
    for (size_t i = 0; i < train->count; i++) {
        real answer = 0;
        if (train->data->classes)
            answer = (real)examples_read_class(train, i);
        else
            examples_read_target(train, i, &answer, 1);
        keyed[i] = (struct keyed){(uint64_t)answer, (uint32_t)i};
    }
    return keys_renumber(keyed, train->count);
}

/* Grouping after grouping, renumbered in between, so that the keys stay small however many there are. */
static int key_by_groups(struct keyed *keyed, const struct examples *train, const struct grouping *groupings,
                         int count)
{
    int parts = 0;
    for (size_t i = 0; i < train->count; i++)
        keyed[i] = (struct keyed){0, (uint32_t)i};
    for (int k = 0; k < count; k++) {
        const uint64_t groups = (uint64_t)groupings[k].count;
        for (size_t i = 0; i < train->count; i++)
            keyed[i].key =
                keyed[i].key * groups + (uint64_t)examples_group(train, &groupings[k], keyed[i].example);
        parts = keys_renumber(keyed, train->count);
    }
    return parts;
}

/* Fills members and starts from sorted keys. */
static void balance_divide(struct balance *balance, const struct keyed *keyed)
{
    const size_t count = balance->train->count;
    balance->starts = memory_resize(NULL, (size_t)balance->parts + 1, sizeof *balance->starts);
    for (size_t i = 0; i < count; i++) {
        balance->members[i] = keyed[i].example;
        if (i == 0 || keyed[i].key != keyed[i - 1].key)
            balance->starts[keyed[i].key] = i;
    }
    balance->starts[balance->parts] = count;
}

static bool has_no_groups(const struct dataset *data, struct problem *problem)
{
    const char *path = data->manifest.path;
    problem_at(problem, path, 0, 0, "names no groups, but the network's train { } says 'balance groups'");
    if (data->manifest.format == FORMAT_CSV)
        problem_help(problem, "name a column that divides the examples: columns: { group: NAME, ... }");
    return false;
}

bool balance_create(struct balance *balance, const struct dataset *data, const struct model *model,
                    struct problem *problem)
{
    int groupings;
    const struct grouping *all = dataset_groupings(data, &groupings);
    const struct examples *train = dataset_train(data);
    const bool is_by_group = model->settings.balance == BALANCE_GROUPS;
    *balance = (struct balance){.train = train};
    if (is_by_group && !groupings)
        return has_no_groups(data, problem);
    const size_t count = train->count;
    struct keyed *keyed = memory_resize(NULL, count, sizeof *keyed);
    balance->members = memory_resize(NULL, count, sizeof *balance->members);
    balance->drawn = memory_resize(NULL, count, sizeof *balance->drawn);
    balance->rows = memory_resize(NULL, count, sizeof *balance->rows);
    balance->copies = memory_resize(NULL, count, sizeof *balance->copies);
    balance->parts = is_by_group ? key_by_groups(keyed, train, all, groupings) : key_by_class(keyed, train);
    balance_divide(balance, keyed);
    balance->examples =
        (struct examples){.data = data, .rows = balance->rows, .count = count, .copies = balance->copies};
    free(keyed);
    return true;
}

void balance_release(struct balance *balance)
{
    free(balance->starts);
    free(balance->members);
    free(balance->drawn);
    free(balance->rows);
    free(balance->copies);
}

void balance_print_hash(const struct balance *balance, char hex[SHA256_HEX])
{
    struct sha256 hash;
    sha256_start(&hash);
    sha256_add(&hash, balance->starts, ((size_t)balance->parts + 1) * sizeof *balance->starts);
    sha256_add(&hash, balance->members, balance->train->count * sizeof *balance->members);
    sha256_finish(&hash, hex);
}

/* Brings `wanted` members of a random order to the front of `drawn`. Numbers depend on the part alone. */
static void part_shuffle(const struct balance *balance, int part, size_t wanted, uint64_t seed, int epoch)
{
    const size_t first = balance->starts[part], size = balance->starts[part + 1] - first;
    const uint64_t stream = random_stream("balance") + (uint64_t)part;
    uint32_t element = 0, *drawn = balance->drawn;
    memcpy(drawn, balance->members + first, size * sizeof *drawn);
    for (size_t i = 0; i < wanted; i++) {
        const size_t other = i + random_below(seed, stream, (uint32_t)epoch, &element, (uint32_t)(size - i));
        const uint32_t member = drawn[i];
        drawn[i] = drawn[other];
        drawn[other] = member;
    }
}

void balance_draw(struct balance *balance, uint64_t seed, int epoch)
{
    const size_t count = balance->train->count, parts = (size_t)balance->parts;
    size_t at = 0;
    for (size_t part = 0; part < parts; part++) {
        const size_t size = balance->starts[part + 1] - balance->starts[part];
        const bool gives_more = (part + (size_t)epoch) % parts < count % parts;
        const size_t quota = count / parts + gives_more;
        part_shuffle(balance, (int)part, quota % size, seed, epoch);
        for (size_t i = 0; i < quota; i++, at++) {
            balance->rows[at] = balance->train->rows[balance->drawn[i % size]];
            balance->copies[at] = (uint32_t)(i / size);
        }
    }
}
