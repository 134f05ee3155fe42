/* manifest.c - the tree of a manifest, key by key, into struct manifest. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/file.h"
#include "data/manifest.h"
#include "data/manifest_key.h"
#include "data/nearest.h"
#include "data/pool.h"
#include "problem.h"

#define ENTRIES(list) ((int)(sizeof(list) / sizeof *(list)))

/* Debian's data packages bear the name of their folder. */
#define DEBIAN_DATA "/usr/share/datasets/"

static bool read_format(struct manifest_reading *reading, const struct yaml_node *value)
{
    static const char *const formats[] = {"idx", "csv", "npy", "npz", "cifar", "images"};
    if (!node_is(reading, value, YAML_SCALAR, "the name of a format"))
        return false;
    int format = node_choose(reading, value, "format", formats, ENTRIES(formats));
    if (format > FORMAT_CSV)
        return node_refuse(reading, value, "format '%s' is not supported yet", formats[format]);
    reading->manifest->format = (enum manifest_format)format;
    return format >= 0;
}

static bool read_folder(struct manifest_reading *reading, const struct yaml_node *value)
{
    if (!node_is(reading, value, YAML_SCALAR, "a path"))
        return false;
    if (!*value->text)
        return node_refuse(reading, value, "'folder' is empty");
    bool is_absolute = value->text[0] == '/';
    reading->manifest->folder =
        pool_print(reading->pool, "%s%s/", is_absolute ? "" : reading->manifest->folder, value->text);
    return true;
}

static int node_compare(const void *left, const void *right)
{
    const struct yaml_node *const *a = left, *const *b = right;
    int order = strcmp((*a)->text, (*b)->text);
    return order ? order : (*a)->line != (*b)->line ? (*a)->line - (*b)->line : (*a)->column - (*b)->column;
}

/* Sorted rather than compared each with each: a list may have some hundred thousand names. */
static bool names_differ(struct manifest_reading *reading, const struct yaml_node *list)
{
    size_t count = (size_t)list->count;
    struct yaml_node **sorted = pool_get(reading->pool, count * sizeof *sorted);
    memcpy(sorted, list->items, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, node_compare);
    for (size_t i = 1; i < count; i++)
        if (strcmp(sorted[i - 1]->text, sorted[i]->text) == 0)
            return node_refuse(reading, sorted[i], "'%.60s' stands in this list twice", sorted[i]->text);
    return true;
}

static bool read_names(struct manifest_reading *reading, const struct yaml_node *value,
                       const struct yaml_node **names)
{
    if (!node_is(reading, value, YAML_SEQUENCE, "a list of names: [first, second]"))
        return false;
    if (value->count == 0)
        return node_refuse(reading, value, "the list is empty");
    for (int i = 0; i < value->count; i++)
        if (!node_is(reading, value->items[i], YAML_SCALAR, "a name"))
            return false;
    *names = value;
    return names_differ(reading, value);
}

static bool read_classes(struct manifest_reading *reading, const struct yaml_node *value)
{
    return read_names(reading, value, &reading->manifest->classes);
}

static bool read_inputs(struct manifest_reading *reading, const struct yaml_node *value)
{
    return read_names(reading, value, &reading->manifest->inputs);
}

static bool read_targets(struct manifest_reading *reading, const struct yaml_node *value)
{
    return read_names(reading, value, &reading->manifest->targets);
}

static bool read_columns(struct manifest_reading *reading, const struct yaml_node *value)
{
    static const struct manifest_key keys[] = {
        {"inputs", read_inputs}, {"targets", read_targets}, {"group", manifest_read_groups}};
    if (reading->manifest->format != FORMAT_CSV)
        return node_refuse(reading, value, "'columns' are for format csv only");
    return node_is(reading, value, YAML_MAPPING, "columns: { inputs: [...], targets: [...] }") &&
           manifest_read_keys(reading, value, keys, ENTRIES(keys));
}

static bool read_scale(struct manifest_reading *reading, const struct yaml_node *value)
{
    if (!node_is(reading, value, YAML_SCALAR, "a number or a quotient such as 1/255"))
        return false;
    const char *slash = strchr(value->text, '/');
    double below = 1, above;
    char *numerator =
        pool_text(reading->pool, value->text, slash ? (size_t)(slash - value->text) : strlen(value->text));
    if (!text_is_number(numerator, &above) || (slash && !text_is_number(slash + 1, &below)))
        return node_refuse(reading, value, "'%.60s' is not a number or a quotient such as 1/255",
                           value->text);
    double scale = above / below;
    if (!isfinite(scale) || scale <= 0)
        return node_refuse(reading, value, "'scale' must be above 0, but is %.60s", value->text);
    reading->manifest->scale = scale;
    return true;
}

static bool read_input_way(struct manifest_reading *reading, const struct yaml_node *value)
{
    static const char *const ways[] = {"deviation", "norm", "range"};
    int way = node_choose(reading, value, "way to standardize", ways, ENTRIES(ways));
    reading->manifest->standardize_inputs = (enum manifest_standardize)(STANDARDIZE_DEVIATION + way);
    return way >= 0;
}

static bool read_target_way(struct manifest_reading *reading, const struct yaml_node *value)
{
    static const char *const ways[] = {"deviation"};
    reading->manifest->standardize_targets = STANDARDIZE_DEVIATION;
    return node_choose(reading, value, "way to standardize targets", ways, ENTRIES(ways)) == 0;
}

static bool read_standardize(struct manifest_reading *reading, const struct yaml_node *value)
{
    static const struct manifest_key keys[] = {{"inputs", read_input_way}, {"targets", read_target_way}};
    static const char *const words[] = {"inputs"};
    reading->manifest->standardized = value;
    if (value->kind == YAML_MAPPING)
        return manifest_read_keys(reading, value, keys, ENTRIES(keys));
    reading->manifest->standardize_inputs = STANDARDIZE_DEVIATION;
    return node_choose(reading, value, "value of 'standardize'", words, ENTRIES(words)) == 0;
}

/* The path that a node holds, found to be a file. */
static const char *read_path(struct manifest_reading *reading, const struct yaml_node *value)
{
    if (!node_is(reading, value, YAML_SCALAR, "the path of a file"))
        return NULL;
    bool is_absolute = value->text[0] == '/';
    const char *path =
        pool_print(reading->pool, "%s%s", is_absolute ? "" : reading->manifest->folder, value->text);
    const char *fault = file_fault(path);
    if (!fault)
        return path;
    node_refuse(reading, value, "cannot open '%.300s': %s", path, fault);
    if (strncmp(path, DEBIAN_DATA, strlen(DEBIAN_DATA)) == 0) {
        const char *name = path + strlen(DEBIAN_DATA);
        problem_help(reading->problem, "install Debian's package: apt install dataset-%.*s",
                     (int)strcspn(name, "/"), name);
    }
    return NULL;
}

static bool read_split(struct manifest_reading *reading, const char *name, const struct yaml_node *value)
{
    static const char *const idx_keys[] = {"inputs", "targets"}, *const csv_keys[] = {"file"};
    bool is_csv = reading->manifest->format == FORMAT_CSV;
    const char *const *keys = is_csv ? csv_keys : idx_keys;
    const char *paths[2] = {NULL, NULL};
    for (int i = 0; i < value->count; i++) {
        int key = node_choose(reading, value->keys[i], "key", keys, is_csv ? 1 : 2);
        if (key < 0 || !(paths[key] = read_path(reading, value->items[i])))
            return false;
    }
    if (!paths[0])
        return node_refuse(reading, value, "'%.60s' needs '%s'", name, keys[0]);
    struct manifest *manifest = reading->manifest;
    manifest->splits =
        pool_grow(reading->pool, manifest->splits, manifest->split_count, sizeof *manifest->splits);
    manifest->splits[manifest->split_count++] =
        (struct manifest_split){.name = name, .node = value, .inputs = paths[0], .targets = paths[1]};
    return true;
}

static bool read_train(struct manifest_reading *reading, const struct yaml_node *value)
{
    return node_is(reading, value, YAML_MAPPING,
                   reading->manifest->format == FORMAT_CSV ? "{ file: ... }"
                                                           : "{ inputs: ..., targets: ... }") &&
           read_split(reading, "train", value);
}

static bool read_test(struct manifest_reading *reading, const struct yaml_node *value)
{
    struct manifest *manifest = reading->manifest;
    if (value->kind == YAML_MAPPING)
        return read_split(reading, "test", value);
    if (!node_is(reading, value, YAML_SCALAR, "files, a share such as 20%, or a count"))
        return false;
    size_t length = strlen(value->text);
    bool is_share = length > 0 && value->text[length - 1] == '%';
    double number;
    if (!text_is_number(pool_text(reading->pool, value->text, length - is_share), &number))
        return node_refuse(reading, value, "'%.60s' is not a share such as 20%% or a count", value->text);
    if (is_share ? !(number > 0 && number < 100) : !(number >= 1 && number < 4e9 && number == floor(number)))
        return node_refuse(reading, value, "'test' must be %s, but is %.60s",
                           is_share ? "between 0% and 100%" : "a whole number from 1", value->text);
    manifest->test = value;
    manifest->test_share = is_share ? number / 100 : 0;
    manifest->test_count = is_share ? 0 : (int64_t)number;
    return true;
}

/* A further split has the user's own name, so only its form tells it from a misspelt key. */
static bool node_is_split(const struct manifest *manifest, const struct yaml_node *value)
{
    if (value->kind != YAML_MAPPING || value->count == 0)
        return false;
    for (int i = 0; i < value->count; i++) {
        const char *key = value->keys[i]->text;
        bool is_known = manifest->format == FORMAT_CSV
                            ? strcmp(key, "file") == 0
                            : strcmp(key, "inputs") == 0 || strcmp(key, "targets") == 0;
        if (!is_known || value->items[i]->kind != YAML_SCALAR)
            return false;
    }
    return true;
}

static const struct manifest_key manifest_keys[] = {
    {"format", NULL}, /* these two are read first: the others depend on them */
    {"folder", NULL},
    {"train", read_train},
    {"test", read_test},
    {"classes", read_classes},
    {"scale", read_scale},
    {"columns", read_columns},
    {"standardize", read_standardize},
};

static bool manifest_read_root(struct manifest_reading *reading, const struct yaml_node *root)
{
    const struct yaml_node *format = yaml_find(root, "format"), *folder = yaml_find(root, "folder");
    if (!format)
        return node_refuse(reading, root, "a data manifest needs 'format: idx' or 'format: csv'");
    if (!read_format(reading, format) || (folder && !read_folder(reading, folder)))
        return false;
    for (int i = 0; i < root->count; i++) {
        const struct yaml_node *key = root->keys[i], *value = root->items[i];
        const struct manifest_key *known =
            manifest_find_key(manifest_keys, ENTRIES(manifest_keys), key->text);
        bool fits;
        if (known)
            fits = !known->read || known->read(reading, value);
        else if (node_is_split(reading->manifest, value))
            fits = read_split(reading, key->text, value);
        else
            fits = manifest_refuse_key(reading, key, manifest_keys, ENTRIES(manifest_keys));
        if (!fits)
            return false;
    }
    return true;
}

static void *get_from_pool(void *pool, size_t size)
{
    return pool_get(pool, size);
}

static const struct yaml_node *manifest_parse(const char *path, struct pool *pool, struct problem *problem)
{
    struct file file;
    struct yaml_fault fault = {0};
    if (!file_read(&file, path, YAML_BYTES, NULL, problem))
        return NULL;
    const struct yaml_node *root = yaml_parse((const char *)file.bytes, file.length, "a data manifest",
                                              (struct yaml_memory){get_from_pool, pool}, &fault);
    if (!root)
        problem_at(problem, path, fault.line, fault.column, "%s", fault.sentence);
    file_free(&file);
    return root;
}

bool manifest_read(struct manifest *manifest, const char *path, struct pool *pool, struct problem *problem)
{
    const char *slash = strrchr(path, '/');
    *manifest = (struct manifest){.path = pool_text(pool, path, strlen(path)), .scale = 1};
    manifest->folder = pool_text(pool, path, slash ? (size_t)(slash - path) + 1 : 0);
    struct manifest_reading reading = {.manifest = manifest, .pool = pool, .problem = problem};
    const struct yaml_node *root = manifest_parse(path, pool, problem);
    if (!root)
        return false;
    if (!node_is(&reading, root, YAML_MAPPING, "keys such as 'format: idx'")) {
        problem_help(problem,
                     "a manifest names the data: 'format: csv' and 'train: { file: data.csv }', a line each");
        return false;
    }
    if (!manifest_read_root(&reading, root))
        return false;
    if (manifest_find_split(manifest, "train"))
        return true;
    node_refuse(&reading, root, "the manifest names no 'train' split");
    for (int i = 0; i < manifest->split_count; i++) {
        const char *name = manifest->splits[i].name;
        if (nearest_name("train", &name, 1))
            problem_help(problem, "'%.40s' is taken for a split of its own; did you mean 'train'?", name);
    }
    return false;
}

const struct manifest_split *manifest_find_split(const struct manifest *manifest, const char *name)
{
    for (int i = 0; i < manifest->split_count; i++)
        if (strcmp(manifest->splits[i].name, name) == 0)
            return &manifest->splits[i];
    return NULL;
}
