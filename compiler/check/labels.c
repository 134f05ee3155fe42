/* labels.c - labels become names in C and in model files: which may be used, and what unlabelled layers are
 * called.
 *
 *     maxpool 2x2 behind c1    ->    c1_maxpool, and c1_maxpool_2 for a second one there */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/names.h"
#include "check/check.h"

/* C11's keywords and what the headers that generated code includes turn into macros. */
static const char *const c_words[] = {
    "auto",          "break",
    "case",          "char",
    "const",         "continue",
    "default",       "do",
    "double",        "else",
    "enum",          "extern",
    "float",         "for",
    "goto",          "if",
    "inline",        "int",
    "long",          "register",
    "restrict",      "return",
    "short",         "signed",
    "sizeof",        "static",
    "struct",        "switch",
    "typedef",       "union",
    "unsigned",      "void",
    "volatile",      "while",
    "bool",          "true",
    "false",         "NULL",
    "asm",           "typeof",
    "linux",         "unix",
    "NAN",           "INFINITY",
    "TILE_FUNCTION", "OPTIMIZER_FUNCTION",
    "UINT64_C",      NULL,
};

/* First words of constants that belong to the network as a whole: BATCH, LAMBDA_L1, ARENA_SIZE, … */
static const char *const own_words[] = {
    "arena",  "adam",          "augment", "exponential", "rmsprop", "scaled",     "selu",   "batch", "epochs",
    "lambda", "learning_rate", "min",     "momentum",    "output",  "patience",   "place",  "probe", "seed",
    "sgd",    "step",          "tensor",  "text",        "tile",    "validation", "warmup", NULL,
};

/* Headers and structs of the runtime: NAME.h and struct NAME of a net with such a name would stand in their
 * place. */
static const char *const runtime_words[] = {
    "activation",
    "adam",
    "augment",
    "batch",
    "dataset",
    "dropout",
    "elementary",
    "examples",
    "generated",
    "lap",
    "laps",
    "model",
    "model_layer",
    "model_plain_setting",
    "model_plain_settings",
    "model_shape",
    "model_source",
    "model_tensor",
    "noise",
    "normaliser",
    "numerics",
    "optimizer",
    "panels",
    "probe",
    "probe_place",
    "probe_view",
    "problem",
    "random",
    "random_block",
    "random_blocks",
    "range",
    "real",
    "scaled",
    "score",
    "sgd",
    "team",
    "tile",
    "tile_lanes",
    "trainer",
    "training",
    "training_epoch",
    NULL,
};

static bool is_in(const char *const *list, const char *name)
{
    for (int i = 0; list[i]; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

static bool is_own(const char *name)
{
    for (int i = 0; own_words[i]; i++)
        if (strcasecmp(own_words[i], name) == 0)
            return true;
    return false;
}

/* Last parts of the constants that a layer may have. A label that ends with one can meet another layer's
 * constant: C1_KERNEL_HEIGHT is the height of 'c1_kernel' and the kernel's height of 'c1'. */
static const char *const constant_heads[] = {
    "kernel", "window",   "pad",   "weights",    "parameters", "stride", "back",  "gradient",
    "eps",    "momentum", "index", "transposed", "padded",     "sigma",  "probe", NULL,
};

static uint32_t hash_name(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name; name++)
        hash = (hash ^ (uint32_t)tolower((unsigned char)*name)) * 16777619u;
    return hash;
}

/* The entry of the name, or the free one where it belongs. */
static struct label_entry *find_place(const struct label_table *table, const char *name)
{
    for (uint32_t i = hash_name(name);; i++) {
        struct label_entry *entry = &table->entries[i & (table->capacity - 1)];
        if (!entry->name || strcasecmp(entry->name, name) == 0)
            return entry;
    }
}

struct label_entry *label_find(const struct check *check, const char *name)
{
    if (!check->labels.capacity)
        return NULL;
    struct label_entry *entry = find_place(&check->labels, name);
    return entry->name ? entry : NULL;
}

void label_add(struct check *check, struct layer *layer)
{
    struct label_table *table = &check->labels;
    if (2 * (table->count + 1) > table->capacity) {
        struct label_table larger = {.capacity = table->capacity ? 2 * table->capacity : 64,
                                     .count = table->count};
        larger.entries = ARENA_ARRAY(check->arena, struct label_entry, larger.capacity);
        for (uint32_t i = 0; i < table->capacity; i++)
            if (table->entries[i].name)
                *find_place(&larger, table->entries[i].name) = table->entries[i];
        *table = larger;
    }
    struct label_entry *entry = find_place(table, layer->name);
    if (entry->name)
        return; /* a label that is used twice has been told */
    *entry = (struct label_entry){.name = layer->name, .layer = layer, .result = layer};
    table->count++;
}

static void report_shared_constant(struct check *check, const char *label, struct span span,
                                   const struct layer *other)
{
    struct diagnostic *error = diagnostics_error(
        check->diagnostics, E0311, span, "label '%s' would share names of constants with '%s' in generated C",
        label, other->name);
    diagnostic_note(error, other->span, "'%s' is declared here", other->name);
}

/* False, and told, when another label and a constant's name make the same name as this label, or this one
 * with a constant's name makes that of another. */
static bool check_constants(struct check *check, const char *label, struct span span)
{
    for (int i = 0; constant_heads[i]; i++) {
        const char *head = constant_heads[i];
        size_t length = strlen(label), tail = strlen(head) + 1;
        const struct label_entry *longer =
            label_find(check, arena_format(check->arena, "%s_%s", label, head));
        const struct label_entry *shorter = NULL;
        if (length > tail && label[length - tail] == '_' && strcmp(label + length - tail + 1, head) == 0)
            shorter = label_find(check, arena_copy(check->arena, label, length - tail));
        if (!longer && !shorter)
            continue;
        report_shared_constant(check, label, span, longer ? longer->layer : shorter->layer);
        return false;
    }
    return true;
}

static bool check_clash(struct check *check, const char *label, struct span span)
{
    const struct label_entry *entry = label_find(check, label);
    if (!entry)
        return check_constants(check, label, span);
    const struct layer *other = entry->layer;
    struct diagnostic *error =
        strcmp(other->name, label) == 0
            ? diagnostics_error(check->diagnostics, E0310, span, "label '%s' is used twice", label)
            : diagnostics_error(
                  check->diagnostics, E0310, span,
                  "labels '%s' and '%s' differ only in case: their constants would have one name",
                  other->name, label);
    diagnostic_note(error, other->span, "first used here");
    return false;
}

bool label_check(struct check *check, const struct tree_statement *statement)
{
    const char *label = statement->label;
    if (!label)
        return true;
    if (is_in(c_words, label) || label[0] == '_') {
        diagnostics_error(check->diagnostics, E0311, statement->label_span, "'%s' cannot be a label: %s",
                          label,
                          label[0] == '_' ? "names with '_' in front belong to C" : "it is a word of C");
        return false;
    }
    if (is_own(label)) {
        diagnostics_error(check->diagnostics, E0311, statement->label_span,
                          "'%s' cannot be a label: generated C needs the name for itself", label);
        return false;
    }
    if (strstr(label, "_from_")) {
        diagnostics_error(check->diagnostics, E0311, statement->label_span,
                          "'%s' cannot be a label: generated C calls parts of gradients so", label);
        return false;
    }
    return check_clash(check, label, statement->label_span);
}

bool net_name_check(struct check *check, const char *name, struct span span)
{
    if (!is_in(c_words, name) && !is_in(runtime_words, name) && name[0] != '_')
        return true;
    diagnostics_error(check->diagnostics, E0311, span,
                      "'%s' cannot be the name of a net: generated C needs it for itself", name);
    return false;
}

const char *label_derive(struct check *check, const char *kind)
{
    char *base = arena_format(check->arena, "%s_%s", check->last_label, kind), *name = base;
    struct label_entry *entry = label_find(check, base);
    while (label_find(check, name)) {
        entry->repeats++;
        name = arena_format(check->arena, "%s_%d", base, entry->repeats + 1);
    }
    return name;
}

bool name_is_reserved(const char *name)
{
    if (catalogue_find_layer(name) || catalogue_find_training(name))
        return true;
    static const char *const chosen[] = {"output", "optimizer", "schedule", NULL};
    struct choice choice;
    for (int i = 0; chosen[i]; i++) {
        if (strcmp(chosen[i], name) == 0)
            return true;
        for (int j = 0; (choice = catalogue_choice(chosen[i], j)).name; j++)
            if (strcmp(choice.name, name) == 0)
                return true;
    }
    static const char *const words[] = {"same",   "valid",    "yes",  "no",       "net", "train",
                                        "repeat", "residual", "path", "shortcut", "let", NULL};
    return is_in(words, name);
}
