/* names.c - the table of interned names, and the nearest known name for a misspelt one.
 *
 *     names_intern(names, "conv", 4) == names_intern(names, "conv 6", 4)
 *     wanted "cnov", offered "dense", "conv"  ->  nearest "conv", distance 1 */
#include "base/names.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"

enum { FIRST_CAPACITY = 256, LONGEST_SUGGESTED = 63 };

struct entry {
    const char *name; /* NULL: free */
    size_t length;
    uint64_t hash;
};

struct names {
    struct arena *arena;   /* where names and table live */
    struct entry *entries; /* open addressing, linear probing */
    size_t capacity;       /* a power of two */
    size_t count;          /* entries in use, at most half */
};

struct names *names_create(struct arena *arena)
{
    struct names *names = ARENA_NEW(arena, struct names);
    names->arena = arena;
    names->capacity = FIRST_CAPACITY;
    names->entries = ARENA_ARRAY(arena, struct entry, names->capacity);
    return names;
}

/* FNV-1a. */
static uint64_t hash_bytes(const char *text, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
    return hash;
}

/* The entry of that name, or the free one where it belongs. */
static struct entry *names_find(struct names *names, const char *text, size_t length, uint64_t hash)
{
    for (size_t i = (size_t)hash;; i++) {
        struct entry *entry = &names->entries[i & (names->capacity - 1)];
        if (!entry->name)
            return entry;
        if (entry->hash == hash && entry->length == length && memcmp(entry->name, text, length) == 0)
            return entry;
    }
}

static void names_grow(struct names *names)
{
    struct entry *old = names->entries;
    size_t old_capacity = names->capacity;
    names->capacity *= 2;
    names->entries = ARENA_ARRAY(names->arena, struct entry, names->capacity);
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i].name)
            *names_find(names, old[i].name, old[i].length, old[i].hash) = old[i];
    }
}

const char *names_intern(struct names *names, const char *text, size_t length)
{
    uint64_t hash = hash_bytes(text, length);
    struct entry *entry = names_find(names, text, length, hash);
    if (entry->name)
        return entry->name;
    if (names->count >= names->capacity / 2) {
        names_grow(names);
        entry = names_find(names, text, length, hash);
    }
    *entry = (struct entry){arena_copy(names->arena, text, length), length, hash};
    names->count++;
    return entry->name;
}

/* What other tools and papers call it. */
static const struct synonym {
    const char *theirs, *ours;
} synonyms[] = {
    {"affine", "dense"},
    {"average_pooling", "avgpool"},
    {"bce", "bernoulli"},
    {"bn", "batchnorm"},
    {"cross_entropy", "categorical"},
    {"crossentropy", "categorical"},
    {"deconv", "conv_transpose"},
    {"early_stopping", "patience"},
    {"fc", "dense"},
    {"fully_connected", "dense"},
    {"gaussian", "normal"},
    {"linear", "dense"},
    {"ln", "layernorm"},
    {"lr", "rate"},
    {"mae", "laplace"},
    {"max_pooling", "maxpool"},
    {"mse", "squared_error"},
    {"padding", "pad"},
    {"pooling", "maxpool"},
    {"sigmoid", "bernoulli"},
    {"softmax", "categorical"},
    {"swish", "silu"},
    {"val", "validate"},
    {"weight_decay", "decay"},
    {"weight_decay", "l2"},
};

struct suggestion suggestion_for(const char *wanted)
{
    return (struct suggestion){.wanted = wanted};
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static bool is_same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Edit distance by rows of the usual table; the swap of neighbours needs the row before the last. */
static int edit_distance(const char *from, int from_length, const char *to, int to_length)
{
    int rows[3][LONGEST_SUGGESTED + 1];
    for (int j = 0; j <= to_length; j++)
        rows[0][j] = j;
    for (int i = 1; i <= from_length; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (int j = 1; j <= to_length; j++) {
            int change = above[j - 1] + !is_same_letter(from[i - 1], to[j - 1]);
            row[j] = smaller(change, smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && is_same_letter(from[i - 1], to[j - 2]) &&
                is_same_letter(from[i - 2], to[j - 1]))
                row[j] = smaller(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[from_length % 3][to_length];
}

static bool is_synonym(const char *wanted, const char *candidate)
{
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (strcasecmp(synonyms[i].theirs, wanted) == 0 && strcmp(synonyms[i].ours, candidate) == 0)
            return true;
    return false;
}

/* batch of batch_size, rate of learning_rate: parts of fewer letters are in too many names. */
static bool is_part(const char *wanted, size_t wanted_length, const char *candidate, size_t length)
{
    enum { LEAST = 4 };
    return length >= LEAST && length < wanted_length &&
           (strncasecmp(wanted, candidate, length) == 0 ||
            strcasecmp(wanted + wanted_length - length, candidate) == 0);
}

void suggestion_offer(struct suggestion *suggestion, const char *candidate)
{
    if (suggestion->offered_count < (int)(sizeof suggestion->offered / sizeof *suggestion->offered))
        suggestion->offered[suggestion->offered_count] = candidate;
    suggestion->offered_count++;
    size_t wanted_length = strlen(suggestion->wanted), candidate_length = strlen(candidate);
    if (wanted_length > LONGEST_SUGGESTED || candidate_length > LONGEST_SUGGESTED)
        return;
    int longer = (int)(wanted_length > candidate_length ? wanted_length : candidate_length);
    int distance = edit_distance(suggestion->wanted, (int)wanted_length, candidate, (int)candidate_length);
    const int most = longer >= 3 ? longer / 3 : 1;
    if (is_synonym(suggestion->wanted, candidate))
        distance = 1;
    else if (distance > most && is_part(suggestion->wanted, wanted_length, candidate, candidate_length))
        distance = most;
    if (distance > most || (distance > 0 && distance >= longer))
        return;
    if (suggestion->nearest && distance >= suggestion->distance)
        return;
    suggestion->nearest = candidate;
    suggestion->distance = distance;
}
