/* trainer.c - from main to the command that was asked for. */
#include "trainer.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/file.h"
#include "data/pool.h"
#include "run/at_start.h"
#include "run/commands.h"
#include "run/machine.h"
#include "run/threads.h"

int command_failed(const struct problem *problem)
{
    fprintf(stderr, "%s\n", problem->text);
    return EXIT_INPUT;
}

const char *find_manifest(const struct model *model, const struct options *options, char *path, size_t size,
                          struct problem *problem)
{
    if (options->data)
        return options->data;
    if (!model->settings.data) {
        problem_at(problem, model->name, 0, 0, "no data: the .net file names none");
        problem_help(problem, "give --data D.yaml");
        return NULL;
    }
    if (model->settings.data[0] == '/' || !model_source.folder)
        return model->settings.data;
    snprintf(path, size, "%s/%s", model_source.folder, model->settings.data);
    const char *fault = file_fault(path);
    if (!fault)
        return path;
    problem_at(problem, path, 0, 0, "cannot open: %s", fault);
    problem_help(problem, "the .net file says data \"%.200s\", beside itself; --data D.yaml names another",
                 model->settings.data);
    return NULL;
}

/* A file that is opened must never get the number of a standard stream that the caller closed, or messages
 * would be written into it. Reading and writing there fails instead. */
static void hold_standard_streams(void)
{
    for (int i = 0; i <= 2; i++)
        if (fcntl(i, F_GETFD) < 0)
            open("/dev/null", i == 0 ? O_WRONLY : O_RDONLY);
}

/* jansson leaves out what it has no memory for, and goes on. */
static void *memory_for_json(size_t size)
{
    return memory_resize(NULL, size, 1);
}

static int run_command(const struct model *model, int argc, char **argv)
{
    struct options options;
    if (model->abi != NETC_ABI) {
        fprintf(
            stderr,
            "%s: made for version %d of the runtime, but linked with version %d: emit and build it again\n",
            model->name, model->abi, NETC_ABI);
        return EXIT_FAULT;
    }
    struct problem problem;
    if (!machine_can_run(model, &problem))
        return command_failed(&problem);
    int end = options_read(&options, model->name, argc, argv);
    if (end >= 0)
        return end;
    if (!at_start_read(&model, options.settings, &problem))
        return command_failed(&problem);
    threads_set(options.threads);
    switch (options.command) {
    case COMMAND_INFO:
        return command_info(model, &options);
    case COMMAND_TRAIN:
        return command_train(model, &options);
    case COMMAND_EVALUATE:
        return command_evaluate(model, &options);
    case COMMAND_PREDICT:
        return command_predict(model, &options);
    case COMMAND_LOOK:
        return command_look(model, &options);
    case COMMAND_ATTACK:
        return command_attack(model, &options);
    case COMMAND_CALIBRATE:
        return command_calibrate(model, &options);
    case COMMAND_FIND_RATE:
        return command_find_rate(model, &options);
    case COMMAND_GRADCHECK:
        return command_gradcheck(model, &options);
    case COMMAND_BENCH:
        return command_bench(model, &options);
    }
    return EXIT_FAULT;
}

int trainer_main(const struct model *model, int argc, char **argv)
{
    threads_settle(argv);
    hold_standard_streams();
    json_set_alloc_funcs(memory_for_json, free);
    int end = run_command(model, argc, argv);
    bool is_training = argc > 1 && strcmp(argv[1], "train") == 0; /* its result is in files */
    if ((fflush(stdout) == 0 && !ferror(stdout)) || is_training || end != EXIT_DONE)
        return end;
    fprintf(stderr, "%s: standard output cannot be written\n", model->name);
    return EXIT_INPUT;
}
