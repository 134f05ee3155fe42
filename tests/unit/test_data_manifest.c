/* test_data_manifest.c - manifests as they are read, and every fault of one at its place. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/manifest.h"
#include "data/pool.h"
#include "test_data_support.h"

#define CSV "format: csv\ntrain: {file: a.csv}\n"
#define COUNT(list) (sizeof(list) / sizeof *(list))

static struct pool pool;
static struct manifest manifest;

static void begin(void)
{
    data_begin();
    data_write_text("a.csv", "x,y\n1,2\n3,4\n5,6\n");
}

static void end(void)
{
    pool_free(&pool);
    data_end();
}

TestSuite(data_manifest, .init = begin, .fini = end);

static void read_manifest(const char *text)
{
    struct problem problem = {0};
    data_write_text("data.yaml", text);
    cr_assert(manifest_read(&manifest, "data.yaml", &pool, &problem), "%s", problem.text);
}

Test(data_manifest, reads_every_key)
{
    read_manifest("format: csv\n"
                  "train: { file: a.csv }\n"
                  "test: 20%\n"
                  "dev: { file: a.csv }\n"
                  "classes: [no, 'yes']\n"
                  "scale: 1/255\n"
                  "columns: { inputs: [x], targets: [y], group: { column: x, edges: [1, 2] } }\n"
                  "standardize: { inputs: norm, targets: deviation }\n");
    cr_expect_eq(manifest.split_count, 2);
    cr_expect_str_eq(manifest_find_split(&manifest, "dev")->inputs, "a.csv");
    cr_expect_float_eq(manifest.test_share, 0.2, 1e-15);
    cr_expect_float_eq(manifest.scale, 1 / 255.0, 0);
    cr_expect_eq(manifest.standardize_inputs, STANDARDIZE_NORM);
    cr_expect_eq(manifest.standardize_targets, STANDARDIZE_DEVIATION);
    cr_expect_str_eq(manifest.classes->items[1]->text, "yes");
    cr_expect_str_eq(manifest.targets->items[0]->text, "y");
}

#define WHOLE                                                                                                \
    "format: csv\ntrain: {file: a.csv}\ntest: 20%\nclasses: [no, 'yes']\nscale: 1/4\n"                       \
    "columns: {inputs: [x], targets: [y], group: {column: x, edges: [1, 2]}}\nstandardize: {inputs: norm}\n"

/* All meanings, a line each. */
static void print_meaning(char *to, size_t length)
{
    struct manifest_meaning meaning;
    *to = 0;
    for (int i = 0; manifest_tell_meaning(&manifest, i, &meaning); i++)
        snprintf(to + strlen(to), length - strlen(to), "%s: %s\n", meaning.key, meaning.text);
}

Test(data_manifest, each_key_has_a_meaning)
{
    char text[2000];
    read_manifest(WHOLE);
    print_meaning(text, sizeof text);
    cr_expect_str_eq(text, "format: csv\n"
                           "splits: 'train'\n"
                           "test: 0.20000000000000001 of train\n"
                           "classes: 'no', 'yes'\n"
                           "scale: 0.25\n"
                           "columns.inputs: 'x'\n"
                           "columns.targets: 'y'\n"
                           "columns.group: 'x' cut at 1, 2\n"
                           "standardize: inputs by norm\n");
}

/* WHOLE with one text in place of another. */
static void read_changed(const char *text, const char *by)
{
    char changed[1000];
    const char *place = strstr(WHOLE, text);
    cr_assert(place, "%s", text);
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)(place - WHOLE), WHOLE, by, place + strlen(text));
    read_manifest(changed);
}

/* Each change of the whole manifest leaves its meaning as it was, or does not. */
static void expect_meanings(const char *const (*changes)[2], size_t count, bool is_same)
{
    char before[2000], after[2000];
    for (size_t i = 0; i < count; i++) {
        read_manifest(WHOLE);
        print_meaning(before, sizeof before);
        read_changed(changes[i][0], changes[i][1]);
        print_meaning(after, sizeof after);
        cr_expect((strcmp(before, after) == 0) == is_same, "%s -> %s: %s", changes[i][0], changes[i][1],
                  after);
    }
}

Test(data_manifest, every_change_of_meaning_is_seen)
{
    static const char *const changes[][2] = {{"test: 20%", "test: 2"},
                                             {"test: 20%", "test: 21%"},
                                             {"test: 20%\n", ""},
                                             {"test: 20%", "dev: {file: a.csv}"},
                                             {"[no, 'yes']", "['yes', no]"},
                                             {"1/4", "1/5"},
                                             {"[x]", "[y]"},
                                             {"inputs: [x], ", ""},
                                             {"targets: [y]", "targets: [x]"},
                                             {"edges: [1, 2]", "edges: [1, 3]"},
                                             {"column: x", "column: y"},
                                             {"inputs: norm", "inputs: range"},
                                             {"inputs: norm", "inputs: norm, targets: deviation"}};
    expect_meanings(changes, COUNT(changes), false);
}

Test(data_manifest, layout_and_places_have_no_meaning)
{
    static const char *const changes[][2] = {{"test: 20%", "# a fifth\ntest: 20.0%"},
                                             {"[no, 'yes']", "\n  - no\n  - \"yes\""},
                                             {"1/4", "0.25"},
                                             {"a.csv", "./a.csv"},
                                             {"format: csv\n", "folder: .\nformat: csv\n"},
                                             {"{inputs: norm}", "\n  inputs: norm"}};
    expect_meanings(changes, COUNT(changes), true);
}

static void tell_names(struct manifest_meaning *meaning, const char *names)
{
    char text[3000];
    snprintf(text, sizeof text, CSV "columns: {inputs: [%s]}\n", names);
    read_manifest(text);
    for (int i = 0; manifest_tell_meaning(&manifest, i, meaning); i++)
        if (strcmp(meaning->key, "columns.inputs") == 0)
            return;
    cr_assert_fail();
}

Test(data_manifest, lists_of_names_differ_in_any_name_and_at_any_length)
{
    struct manifest_meaning one, other;
    char names[2000] = "";
    tell_names(&one, "\"a', 'b\", c");
    tell_names(&other, "a, \"b', 'c\"");
    cr_expect_str_neq(one.text, other.text);
    for (int i = 0; i < 200; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), "%sc%d", i ? ", " : "", i);
    tell_names(&one, names);
    cr_expect(strncmp(one.text, "a list of SHA-256 ", 18) == 0, "%s", one.text);
    names[strlen(names) - 1] = 'x';
    tell_names(&other, names);
    cr_expect_str_neq(one.text, other.text);
}

Test(data_manifest, order_of_keys_does_not_matter)
{
    read_manifest("test: 3\ntrain: {file: a.csv}\nstandardize: inputs\nfolder: .\nformat: csv\n");
    cr_expect_str_eq(manifest.splits[0].inputs, "./a.csv");
    cr_expect_eq(manifest.test_count, 3);
    cr_expect_eq(manifest.standardize_inputs, STANDARDIZE_DEVIATION);
}

Test(data_manifest, paths_are_relative_to_the_manifest)
{
    struct problem problem = {0};
    char path[64];
    char *here = getcwd(NULL, 0);
    data_write_text("data.yaml", CSV);
    cr_assert(chdir("/") == 0);
    snprintf(path, sizeof path, "%s/data.yaml", here);
    cr_assert(manifest_read(&manifest, path, &pool, &problem), "%s", problem.text);
    cr_expect(strncmp(manifest.splits[0].inputs, here, strlen(here)) == 0);
    cr_assert(chdir(here) == 0);
    free(here);
}

Test(data_manifest, refuses_unknown_keys_and_words)
{
    static const struct refusal refusals[] = {
        {CSV "scael: 1/255\n", "data.yaml:3:1: error: unknown key 'scael'\nhelp: did you mean 'scale'?"},
        {CSV "colums: {inputs: [x], targets: [y]}\n",
         "data.yaml:3:1: error: unknown key 'colums'\nhelp: did you mean 'columns'?"},
        {CSV "columns: {input: [x]}\n",
         "data.yaml:3:11: error: unknown key 'input'\nhelp: did you mean 'inputs'?"},
        {CSV "zebra: 3\n", "data.yaml:3:1: error: unknown key 'zebra'"},
        {"format: csv\ntrain: {files: a.csv}\n",
         "data.yaml:2:9: error: unknown key 'files'\nhelp: did you mean 'file'?"},
        {CSV "columns: {group: {colum: x}}\n",
         "data.yaml:3:19: error: unknown key 'colum'\nhelp: did you mean 'column'?"},
        {CSV "standardize: {inputs: derivation}\n",
         "data.yaml:3:23: error: unknown way to standardize 'derivation'\nhelp: did you mean 'deviation'?"},
        {CSV "standardize: {targets: norm}\n",
         "data.yaml:3:24: error: unknown way to standardize targets 'norm'"},
        {CSV "standardize: input\n",
         "data.yaml:3:14: error: unknown value of 'standardize' 'input'\nhelp: did you mean 'inputs'?"},
        {"format: cvs\n", "data.yaml:1:9: error: unknown format 'cvs'\nhelp: did you mean 'csv'?"},
        {"format: npy\n", "data.yaml:1:9: error: format 'npy' is not supported yet"},
        {"format: npz\n", "data.yaml:1:9: error: format 'npz' is not supported yet"},
        {"format: cifar\n", "data.yaml:1:9: error: format 'cifar' is not supported yet"},
        {"format: images\n", "data.yaml:1:9: error: format 'images' is not supported yet"},
    };
    struct model model = data_model_vector(1, OUTPUT_SQUARED_ERROR, 1);
    data_expect_all_refused("data.yaml", refusals, COUNT(refusals), &model);
}

Test(data_manifest, refuses_values_out_of_range)
{
    static const struct refusal refusals[] = {
        {CSV "scale: 1/0\n", "data.yaml:3:8: error: 'scale' must be above 0, but is 1/0"},
        {CSV "scale: 0,05\n", "data.yaml:3:8: error: '0,05' is not a number or a quotient such as 1/255"},
        {CSV "scale: [1]\n",
         "data.yaml:3:8: error: expected a number or a quotient such as 1/255, not a list"},
        {CSV "test: 120%\n", "data.yaml:3:7: error: 'test' must be between 0% and 100%, but is 120%"},
        {CSV "test: 0\n", "data.yaml:3:7: error: 'test' must be a whole number from 1, but is 0"},
        {CSV "test: many\n", "data.yaml:3:7: error: 'many' is not a share such as 20% or a count"},
        {CSV "classes: []\n", "data.yaml:3:10: error: the list is empty"},
        {CSV "classes: [a, b, a]\n", "data.yaml:3:17: error: 'a' stands in this list twice"},
        {CSV "scale: 1\nscale: 2\n",
         "data.yaml:4:1: error: key 'scale' stands here a second time; the first is in line 3"},
        {"format: csv\ntrain: a.csv\n", "data.yaml:2:8: error: expected { file: ... }, not a single value"},
        {"format: csv\ntrain: {}\n", "data.yaml:2:8: error: 'train' needs 'file'"},
        {"format: idx\ntrain: {inputs: a.csv}\n", "data.yaml:2:8: error: 'train' needs 'targets'"},
        {"format: idx\ncolumns: {}\n", "data.yaml:2:10: error: 'columns' are for format csv only"},
        {"format: csv\n", "data.yaml:1:1: error: the manifest names no 'train' split"},
        {"format: csv\ntrian: {file: a.csv}\n",
         "data.yaml:1:1: error: the manifest names no 'train' split\n"
         "help: 'trian' is taken for a split of its own; did you mean 'train'?"},
        {"scale: 1\n", "data.yaml:1:1: error: a data manifest needs 'format: idx' or 'format: csv'"},
        {"- a\n",
         "data.yaml:1:1: error: expected keys such as 'format: idx', not a list\n"
         "help: a manifest names the data: 'format: csv' and 'train: { file: data.csv }', a line each"},
        {"", "data.yaml: error: is empty"},
        {CSV "classes: [a, b]\n",
         "data.yaml:3:10: error: 'classes' are named, but the network's output is no class"},
    };
    struct model model = data_model_vector(1, OUTPUT_SQUARED_ERROR, 1);
    data_expect_all_refused("data.yaml", refusals, COUNT(refusals), &model);
}

Test(data_manifest, refuses_what_yaml_can_but_a_manifest_need_not)
{
    static const struct refusal refusals[] = {
        {"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
         "data.yaml:1:4: error: anchors (&name) are not allowed in a data manifest"},
        {CSV "classes: *b\n", "data.yaml:3:10: error: aliases (*name) are not allowed in a data manifest"},
        {CSV "scale: !!float 1\n", "data.yaml:3:8: error: tags (!name) are not allowed in a data manifest"},
        {CSV "---\n" CSV, "data.yaml:3:1: error: a second document is not allowed in a data manifest"},
        {"format: [\n", "data.yaml:2:1: error: is not valid YAML: did not find expected node content"},
        {"? [a]\n: b\n",
         "data.yaml:1:3: error: a list or mapping cannot stand here, or is nested too deep (64 levels)"},
    };
    struct model model = data_model_vector(1, OUTPUT_SQUARED_ERROR, 1);
    data_expect_all_refused("data.yaml", refusals, COUNT(refusals), &model);
}

Test(data_manifest, refuses_what_is_too_deep_or_too_big)
{
    struct model model = data_model_vector(1, OUTPUT_SQUARED_ERROR, 1);
    char deep[201] = {0};
    memset(deep, '[', 200);
    data_write_text("data.yaml", deep);
    data_expect_refused(&model,
                        "data.yaml:1:65: error: a list or mapping cannot stand here, or is nested too "
                        "deep (64 levels)");
    size_t size = (1 << 20) + 1;
    char *big = calloc(1, size);
    memset(big, '#', size);
    data_write("data.yaml", big, size);
    data_expect_refused(&model, "data.yaml: error: has 1048577 bytes; at most 1048576 are read");
    free(big);
}

Test(data_manifest, names_missing_files)
{
    static const struct refusal refusals[] = {
        {"format: csv\ntrain: {file: b.csv}\n",
         "data.yaml:2:15: error: cannot open 'b.csv': No such file or directory"},
        {"format: csv\nfolder: /nowhere\ntrain: {file: b.csv}\n",
         "data.yaml:3:15: error: cannot open '/nowhere/b.csv': No such file or directory"},
        {"format: csv\ntrain: {file: .}\n", "data.yaml:2:15: error: cannot open '.': not a regular file"},
        {"format: idx\nfolder: /usr/share/datasets/no-such-thing\n"
         "train: {inputs: a.gz, targets: b.gz}\n",
         "data.yaml:3:17: error: cannot open '/usr/share/datasets/no-such-thing/a.gz': No such file or "
         "directory\nhelp: install Debian's package: apt install dataset-no-such-thing"},
    };
    struct model model = data_model_vector(1, OUTPUT_SQUARED_ERROR, 1);
    data_expect_all_refused("data.yaml", refusals, COUNT(refusals), &model);
    remove("data.yaml");
    data_expect_refused(&model, "data.yaml: error: cannot open: No such file or directory");
}

Test(data_manifest, disarms_control_characters)
{
    struct model model = data_model_vector(1, OUTPUT_SQUARED_ERROR, 1);
    data_write_text("data.yaml", CSV "\"\\e[2Jx\": 3\n");
    data_expect_refused(&model, "data.yaml:3:1: error: unknown key '?[2Jx'");
}
