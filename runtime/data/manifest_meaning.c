/* manifest_meaning.c - what a manifest says of its data, key by key, wherever their files lie.
 *
 *     scale: 1/255            ->   scale          0.0039215686274509803
 *     standardize: inputs          standardize    inputs by deviation
 *
 * Manifests that are laid out otherwise, or whose files lie elsewhere, mean the same and give the same texts:
 * a run that goes on must find them again. */
#include "data/manifest.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sha256.h"

/* A text of any length: its beginning, and the hash of all of it. */
struct long_text {
    char begin[MANIFEST_MEANING_TEXT];
    size_t length;
    struct sha256 hash;
};

static void text_start(struct long_text *text)
{
    text->length = 0;
    sha256_start(&text->hash);
}

static void text_add(struct long_text *text, const char *bytes, size_t length)
{
    sha256_add(&text->hash, bytes, length);
    for (size_t i = 0; i < length && text->length + i < sizeof text->begin; i++)
        text->begin[text->length + i] = bytes[i];
    text->length += length;
}

__attribute__((format(printf, 2, 3))) static void text_print(struct long_text *text, const char *format, ...)
{
    char words[64];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    text_add(text, words, strlen(words));
}

/* One more of a list, in quotes: no name can be read as two. */
static void text_add_name(struct long_text *text, const char *name)
{
    text_print(text, text->length ? ", '" : "'");
    for (const char *at = name; *at; at++)
        text_add(text, *at == '\'' ? "''" : at, *at == '\'' ? 2 : 1);
    text_add(text, "'", 1);
}

static void text_add_names(struct long_text *text, const struct yaml_node *names)
{
    for (int i = 0; names && i < names->count; i++)
        text_add_name(text, names->items[i]->text);
}

static void print_format(const struct manifest *manifest, struct long_text *text)
{
    text_print(text, manifest->format == FORMAT_CSV ? "csv" : "idx");
}

static void print_splits(const struct manifest *manifest, struct long_text *text)
{
    for (int i = 0; i < manifest->split_count; i++)
        text_add_name(text, manifest->splits[i].name);
}

static void print_test(const struct manifest *manifest, struct long_text *text)
{
    if (manifest->test_count)
        text_print(text, "%" PRId64 " examples", manifest->test_count);
    else if (manifest->test_share > 0)
        text_print(text, "%.17g of train", manifest->test_share);
}

static void print_classes(const struct manifest *manifest, struct long_text *text)
{
    text_add_names(text, manifest->classes);
}

static void print_scale(const struct manifest *manifest, struct long_text *text)
{
    text_print(text, "%.17g", manifest->scale);
}

static void print_inputs(const struct manifest *manifest, struct long_text *text)
{
    text_add_names(text, manifest->inputs);
}

static void print_targets(const struct manifest *manifest, struct long_text *text)
{
    text_add_names(text, manifest->targets);
}

static void print_groups(const struct manifest *manifest, struct long_text *text)
{
    for (int i = 0; i < manifest->group_count; i++) {
        const struct manifest_group *group = &manifest->groups[i];
        text_add_name(text, group->node->text);
        for (int k = 0; k < group->edge_count; k++) {
            text_print(text, k ? ", " : " cut at ");
            text_add(text, group->edges[k], strlen(group->edges[k]));
        }
    }
}

static void print_standardize(const struct manifest *manifest, struct long_text *text)
{
    static const char *const ways[] = {
        [STANDARDIZE_DEVIATION] = "deviation", [STANDARDIZE_NORM] = "norm", [STANDARDIZE_RANGE] = "range"};
    if (manifest->standardize_inputs)
        text_print(text, "inputs by %s", ways[manifest->standardize_inputs]);
    if (manifest->standardize_targets)
        text_print(text, "%stargets by %s", text->length ? ", " : "", ways[manifest->standardize_targets]);
}

static const struct {
    const char *key;
    void (*print)(const struct manifest *manifest, struct long_text *text);
} keys[] = {
    {"format", print_format},           {"splits", print_splits},        {"test", print_test},
    {"classes", print_classes},         {"scale", print_scale},          {"columns.inputs", print_inputs},
    {"columns.targets", print_targets}, {"columns.group", print_groups}, {"standardize", print_standardize},
};

bool manifest_tell_meaning(const struct manifest *manifest, int i, struct manifest_meaning *meaning)
{
    struct long_text text;
    char hex[SHA256_HEX];
    if (i >= (int)(sizeof keys / sizeof *keys))
        return false;
    text_start(&text);
    keys[i].print(manifest, &text);
    meaning->key = keys[i].key;
    if (text.length < sizeof meaning->text) {
        snprintf(meaning->text, sizeof meaning->text, "%.*s", (int)text.length, text.begin);
        return true;
    }
    sha256_finish(&text.hash, hex);
    snprintf(meaning->text, sizeof meaning->text, "a list of SHA-256 %s", hex);
    return true;
}
