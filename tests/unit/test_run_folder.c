/* test_run_folder.c - folders that are numbered and never overwritten, and what stands in the files of a run.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

#include "run/output_file.h"
#include "run/run_folder.h"
#include "test_data_support.h"
#include "test_run_support.h"

TestSuite(run_folder, .init = run_begin, .fini = run_end);

static void expect_created(const char *wanted, const char *path)
{
    struct problem problem = {{0}};
    char created[4096];
    cr_assert(run_folder_create("runs", "net", wanted, created, sizeof created, &problem), "%s",
              problem.text);
    cr_expect_str_eq(created, path);
    cr_expect_eq(access(path, W_OK), 0);
}

static void expect_refused(const char *wanted, const char *message)
{
    struct problem problem = {{0}};
    char created[4096];
    cr_expect_not(run_folder_create("runs", "net", wanted, created, sizeof created, &problem), "%s", message);
    cr_expect_str_eq(problem.text, message, "%s", problem.text);
}

Test(run_folder, takes_the_first_free_number)
{
    expect_created(NULL, "runs/net-1");
    expect_created(NULL, "runs/net-2");
    mkdir("runs/net-3", 0777);
    data_write_text("runs/net-4", "a file");
    expect_created(NULL, "runs/net-5");
    rmdir("runs/net-2");
    expect_created(NULL, "runs/net-2");
}

Test(run_folder, takes_a_wanted_one_that_is_new_or_empty)
{
    expect_created("here", "here");
    expect_created("here", "here");
}

Test(run_folder, overwrites_nothing)
{
    mkdir("full", 0777);
    data_write_text("full/notes", "mine");
    data_write_text("file", "mine");
    expect_refused(
        "full", "full: error: is there already, and nothing is overwritten\nhelp: give --out another name");
    expect_refused(
        "file", "file: error: is there already, and nothing is overwritten\nhelp: give --out another name");
    expect_refused("none/here", "none/here: error: cannot be made: No such file or directory");
}

Test(run_folder, tells_what_stands_in_the_way)
{
    char path[4096];
    data_write_text("runs", "a file");
    expect_refused(NULL, "runs/net-1: error: cannot be made: Not a directory");
    struct problem problem = {{0}};
    char wanted[5001];
    memset(wanted, 'x', 5000);
    wanted[5000] = 0;
    cr_expect_not(run_folder_create("runs", "net", wanted, path, sizeof path, &problem));
    cr_expect(strstr(problem.text, "error: the path is too long"), "%s", problem.text);
}

/* Names in the test's folder. */
static int count_entries(void)
{
    DIR *folder = opendir(".");
    int count = -2; /* . and .. */
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void expect_commit_fails(const char *path, const char *message)
{
    struct problem problem = {{0}};
    struct output_file file;
    cr_assert(output_file_open(&file, path, &problem), "%s", problem.text);
    fprintf(file.stream, "text");
    cr_expect_not(output_file_commit(&file, &problem));
    cr_expect_str_eq(problem.text, message, "%s", problem.text);
}

Test(run_folder, a_file_that_fails_leaves_what_was_there)
{
    struct problem problem = {{0}};
    struct output_file file;
    data_write_text("old", "old text");
    mkdir("folder", 0777);
    expect_commit_fails("folder", "folder: error: cannot be written: Is a directory");
    cr_assert(output_file_open(&file, "old", &problem));
    output_file_abandon(&file);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit, none;
    getrlimit(RLIMIT_FSIZE, &limit);
    none = limit;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_FSIZE, &none);
    expect_commit_fails("old", "old: error: cannot be written: File too large");
    setrlimit(RLIMIT_FSIZE, &limit);
    cr_expect_eq(count_entries(), 2);
    size_t length;
    unsigned char *old = run_read("old", &length);
    cr_expect_str_eq((char *)old, "old text");
    free(old);
}

Test(run_folder, a_file_has_the_permissions_of_a_new_one)
{
    struct problem problem = {{0}};
    struct output_file file;
    struct stat status;
    umask(027);
    cr_assert(output_file_open(&file, "new", &problem) && output_file_commit(&file, &problem));
    cr_expect(stat("new", &status) == 0 && (status.st_mode & 0777) == 0640, "%o", status.st_mode);
}

static void expect_end(enum training_end end, int epochs, const char *text)
{
    char found[600];
    struct model model = fake_model;
    struct observer observer = {.divergence = "'c1' is …"};
    model.settings.patience = epochs;
    struct training run = {
        .model = &model, .observer = &observer, .end = end, .epochs = epochs, .at.epochs_done = 4};
    cr_expect_str_eq(training_end_text(&run, found, sizeof found), text);
}

Test(run_folder, says_how_training_ended)
{
    expect_end(TRAINING_COMPLETE, 30, "all 30 epochs done");
    expect_end(TRAINING_COMPLETE, 1, "1 epoch done");
    expect_end(TRAINING_PATIENCE, 5, "no improvement for 5 epochs");
    expect_end(TRAINING_PATIENCE, 1, "no improvement for 1 epoch");
    expect_end(TRAINING_INTERRUPTED, 30, "interrupted in epoch 5");
    expect_end(TRAINING_DIVERGED, 30, "'c1' is …");
}

/* The value of `key` in the mapping `from` of a parsed file. */
static yaml_node_t *find_node(yaml_document_t *document, yaml_node_t *from, const char *key)
{
    cr_assert(from && from->type == YAML_MAPPING_NODE, "%s", key);
    for (yaml_node_pair_t *pair = from->data.mapping.pairs.start; pair < from->data.mapping.pairs.top; pair++)
        if (strcmp((char *)yaml_document_get_node(document, pair->key)->data.scalar.value, key) == 0)
            return yaml_document_get_node(document, pair->value);
    cr_assert_fail("no %s", key);
    return NULL;
}

static void expect_value(yaml_document_t *document, const char *section, const char *part, const char *key,
                         const char *value)
{
    yaml_node_t *node = find_node(document, yaml_document_get_root_node(document), section);
    if (part)
        node = find_node(document, node, part);
    node = find_node(document, node, key);
    cr_expect_str_eq((char *)node->data.scalar.value, value, "%s %s: %s", section, key,
                     (char *)node->data.scalar.value);
}

/* Saves a run of two epochs in "run" and gives the parsed run.yaml; the caller releases it. */
static void save_run(const char *manifest, yaml_document_t *document)
{
    struct problem problem = {{0}};
    struct fake *net = fake_create();
    struct training_epoch best = {.epoch = 2,
                                  .train = {.examples = 2, .values = 4, .loss = 5, .squared_error = 16}};
    struct score test = {.examples = 1, .values = 2, .loss = 3, .squared_error = 18};
    struct observer observer;
    run_write_data();
    struct dataset *data = data_open(&fake_model);
    cr_assert(dataset_divide(data, &fake_model, 1, &problem) &&
              dataset_fit_normaliser(data, &fake_model, &problem));
    cr_assert(observer_create(&observer, &fake_model, dataset_normaliser(data), PROGRESS_NONE, 2));
    struct training run = {.model = &fake_model,
                           .epochs = 2,
                           .seed = 5,
                           .train = dataset_train(data),
                           .validation = dataset_validation(data),
                           .observer = &observer,
                           .at.epochs_done = 2,
                           .at.best_epoch = 2,
                           .at.best = best,
                           .steps = 8};
    training_epoch_done(&run, &best);
    const struct run_record record = {.model = &fake_model,
                                      .run = &run,
                                      .observer = &observer,
                                      .data = data,
                                      .manifest = manifest,
                                      .test = &test,
                                      .seconds = 1.5};
    mkdir("run", 0777);
    cr_assert(run_folder_save("run", &record, net, &problem), "%s", problem.text);
    observer_release(&observer);
    dataset_close(data);
    free(net);
    yaml_parser_t parser;
    FILE *from = fopen("run/run.yaml", "rb");
    cr_assert(from && yaml_parser_initialize(&parser));
    yaml_parser_set_input_file(&parser, from);
    cr_assert(yaml_parser_load(&parser, document), "%s", parser.problem);
    yaml_parser_delete(&parser);
    fclose(from);
}

Test(run_folder, record_holds_settings_and_figures)
{
    yaml_document_t document;
    save_run("some: odd\n'name'", &document);
    expect_value(&document, "settings", NULL, "seed", "5");
    expect_value(&document, "settings", NULL, "optimizer", "none");
    expect_value(&document, "data", NULL, "manifest", "some: odd\n'name'");
    expect_value(&document, "data", NULL, "train", "4");
    expect_value(&document, "machine", NULL, "real", "float");
    expect_value(&document, "result", NULL, "end", "all 2 epochs done");
    expect_value(&document, "result", NULL, "best_epoch", "2");
    expect_value(&document, "result", NULL, "steps", "8");
    expect_value(&document, "result", "train", "loss", "2.5");
    expect_value(&document, "result", "train", "rmse", "2");
    expect_value(&document, "result", "test", "rmse", "3");
    expect_value(&document, "result", NULL, "diagnosis", "too short to judge");
    yaml_document_delete(&document);
}

Test(run_folder, a_name_that_is_no_utf8_does_not_cost_the_record)
{
    yaml_document_t document;
    save_run("caf\xe9.yaml", &document);
    expect_value(&document, "data", NULL, "manifest", "caf?.yaml");
    yaml_document_delete(&document);
}

Test(run_folder, history_is_saved_and_nothing_temporary_stays)
{
    size_t length;
    yaml_document_t document;
    save_run("data.yaml", &document);
    yaml_document_delete(&document);
    unsigned char *history = run_read("run/history.csv", &length);
    static const char start[] =
        "epoch,train_loss,train_rmse,validation_loss,validation_rmse,rate,seconds,best\n"
        "2,2.5,2,,,0,";
    cr_expect_eq(strncmp((char *)history, start, sizeof start - 1), 0, "%s", (char *)history);
    free(history);
    cr_expect_eq(unlink("run/model.safetensors") + unlink("run/history.csv") + unlink("run/run.yaml") +
                     unlink("run/report.html"),
                 0);
    cr_expect_eq(rmdir("run"), 0);
}
