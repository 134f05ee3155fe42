/* test_run_support.c - the network of test_run_support.h, and what a program prints as a string. */
#include "test_run_support.h"
#include "trainer.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dataset.h"
#include "probe.h"
#include "run/weights.h"
#include "score.h"
#include "test_data_support.h"
#include "training.h"

enum fake_flaw fake_flaw;

static const struct model_layer layers[] = {
    {"input", "input 3", {1, 1, 3, true}, 0, 0, 0, 3},
    {"linear", "dense 2", {1, 1, 2, true}, 8, 12, (size_t)FAKE_BATCH * 3, 2},
    {"output", "output squared_error", {1, 1, 2, true}, 0, 0, 0, 0},
};

static const struct model_tensor tensors[FAKE_TENSORS] = {
    {"linear.weight", LINEAR_WEIGHT_AT, 24, 2, 2, 3, 1, 1, 8, INIT_GLOROT},
    {"linear.bias", LINEAR_BIAS_AT, 8, 1, 2, 1, 1, 1, 8, INIT_ZERO},
    {"edges.weight", EDGES_WEIGHT_AT, 144, 4, 5, 2, 3, 3, 4, INIT_HE},
    {"edges.bias", EDGES_BIAS_AT, 8, 1, 5, 1, 1, 1, 4, INIT_ZERO},
};

static void create(void *net, uint64_t seed)
{
    (void)net, (void)seed;
}

static const real *predict(void *memory, const struct examples *examples, size_t first, int count)
{
    struct fake *net = memory;
    real *input = net->arena, *output = net->arena + FAKE_BATCH * 3;
    for (int n = 0; n < count; n++) {
        examples_read_input(examples, first + (size_t)n, input + n * 3, 1, 3, 3);
        for (int f = 0; f < 2; f++) {
            output[n * 2 + f] = net->param[LINEAR_BIAS_AT + f];
            for (int c = 0; c < 3; c++)
                output[n * 2 + f] += net->param[LINEAR_WEIGHT_AT + c * 8 + f] * input[n * 3 + c];
        }
    }
    return output;
}

/* Sum over the batch; |edges|^2 is left to the gradient check. */
static double forward(struct fake *net, const struct examples *examples, size_t first, int count)
{
    const real *output = predict(net, examples, first, count);
    double loss = 0;
    for (int n = 0; n < count; n++) {
        examples_read_target(examples, first + (size_t)n, net->target[n], 2);
        for (int f = 0; f < 2; f++) {
            double off = (double)output[n * 2 + f] - (double)net->target[n][f];
            loss += off * off / 2;
        }
    }
    return loss;
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct fake *net = memory;
    for (size_t first = 0; first < examples->count; first += FAKE_BATCH) {
        size_t left = examples->count - first;
        int count = left < FAKE_BATCH ? (int)left : FAKE_BATCH;
        double loss = forward(net, examples, first, count);
        score_add_values(score, loss, net->arena + FAKE_BATCH * 3, 2, net->target[0], count, 2);
    }
}

static double gradient(void *memory, const struct examples *examples, size_t first, int count, uint64_t step)
{
    struct fake *net = memory;
    double loss = forward(net, examples, first, count) / count;
    net->count = count;
    const real *output = net->arena + FAKE_BATCH * 3;
    (void)step;
    memset(net->dparam, 0, sizeof net->dparam);
    for (int n = 0; n < count; n++)
        for (int f = 0; f < 2; f++) {
            real off = (output[n * 2 + f] - net->target[n][f]) / (real)count;
            net->dparam[LINEAR_BIAS_AT + f] += off;
            for (int c = 0; c < 3; c++)
                net->dparam[LINEAR_WEIGHT_AT + c * 8 + f] += off * net->arena[n * 3 + c];
        }
    for (int i = EDGES_WEIGHT_AT; i < FAKE_PARAMETERS; i++) {
        loss += (double)net->param[i] * (double)net->param[i] / 2;
        net->dparam[i] = net->param[i];
    }
    real *spoiled = &net->dparam[LINEAR_WEIGHT_AT + 8 + 1];
    if (fake_flaw == FLAW_SCALE)
        *spoiled *= (real)1.01;
    if (fake_flaw == FLAW_NAN || fake_flaw == FLAW_INFINITE)
        *spoiled = fake_flaw == FLAW_NAN ? (real)NAN : (real)INFINITY;
    return loss;
}

/* `linear` of example n, and its loss. */
static void probe_example(struct fake *net, int n, const struct probe *probe)
{
    real *input = net->arena + n * 3, *output = net->arena + FAKE_BATCH * 3 + n * 2, dinput[3], doutput[2];
    double loss = 0;
    probe->value(probe->context, 0, n, (struct probe_view){input, 1, 3, 3});
    for (int f = 0; f < 2; f++) {
        output[f] = net->param[LINEAR_BIAS_AT + f];
        for (int c = 0; c < 3; c++)
            output[f] += net->param[LINEAR_WEIGHT_AT + c * 8 + f] * input[c];
    }
    probe->value(probe->context, 1, n, (struct probe_view){output, 1, 2, 2});
    for (int f = 0; f < 2; f++) {
        doutput[f] = probe->unit == PROBE_LOSS ? output[f] - net->target[n][f] : f == probe->unit;
        loss += pow((double)(output[f] - net->target[n][f]), 2) / 2;
    }
    if (probe->loss)
        probe->loss[n] = loss;
    if (!probe->gradient)
        return;
    probe->gradient(probe->context, 1, n, (struct probe_view){doutput, 1, 2, 2});
    for (int c = 0; c < 3; c++) {
        dinput[c] = 0;
        for (int f = 0; f < 2; f++)
            dinput[c] += doutput[f] * net->param[LINEAR_WEIGHT_AT + c * 8 + f];
        dinput[c] *= fake_flaw == FLAW_INPUT ? (real)1.01 : 1;
    }
    probe->gradient(probe->context, 0, n, (struct probe_view){dinput, 1, 3, 3});
}

static const real *probe(void *memory, const struct examples *examples, size_t first, int count,
                         const struct probe *probe)
{
    struct fake *net = memory;
    forward(net, examples, first, count);
    for (int n = 0; n < count; n++)
        probe_example(net, n, probe);
    return net->arena + FAKE_BATCH * 3;
}

/* Epochs that change nothing. */
static void train(void *net, struct training *run)
{
    for (int epoch = 1; epoch <= run->epochs; epoch++) {
        struct training_epoch row = {.epoch = epoch, .rate = 0.5, .is_best = epoch == 1};
        training_shuffle(run, epoch);
        evaluate(net, run->train, &row.train);
        run->steps += (run->train->count + FAKE_BATCH - 1) / FAKE_BATCH;
        if (row.is_best)
            run->at.best = row;
        training_epoch_done(run, &row);
        run->at.epochs_done = epoch;
    }
    run->at.best_epoch = 1;
    run->end = TRAINING_COMPLETE;
}

const struct model fake_model = {
    .abi = NETC_ABI,
    .name = "fake",
    .march = "x86-64-v3",
    .input = {1, 1, 3, true},
    .output = OUTPUT_SQUARED_ERROR,
    .target_size = 2,
    .output_size = 2,
    .settings = {.batch = FAKE_BATCH,
                 .epochs = 2,
                 .seed = 1,
                 .optimizer = "none",
                 .schedule = "constant",
                 .penalty = ""},
    .layers = layers,
    .layer_count = 3,
    .tensors = tensors,
    .tensor_count = FAKE_TENSORS,
    .parameter_size = FAKE_PARAMETERS,
    .arena_size = FAKE_ARENA,
    .memory = sizeof(struct fake),
    .probe_memory = sizeof(struct fake),
    .create = create,
    .parameters_at = offsetof(struct fake, param),
    .gradients_at = offsetof(struct fake, dparam),
    .evaluate = evaluate,
    .predict = predict,
    .gradient = gradient,
    .probe = probe,
    .train = train,
};

struct fake *fake_create(void)
{
    struct problem problem = {{0}};
    struct fake *net = weights_allocate(&fake_model, 1, &problem);
    cr_assert(net, "%s", problem.text);
    return net;
}

void run_begin(void)
{
    data_begin();
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status, (void)type;
    return at->level > 0 ? remove(path) : 0;
}

void run_end(void)
{
    nftw(".", remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    data_end();
}

unsigned char *run_read(const char *path, size_t *length)
{
    FILE *from = fopen(path, "rb");
    cr_assert(from, "%s", path);
    unsigned char *bytes = calloc(1, 1 << 20);
    *length = fread(bytes, 1, (1 << 20) - 1, from);
    fclose(from);
    return bytes;
}

void run_write_data(void)
{
    data_write_text("data.csv", "a,b,c,y,z\n1,2,3,4,5\n2,3,4,5,7\n5,6,9,1,2\n7,1,2,3,1\n");
    data_write_text("data.yaml", "format: csv\n"
                                 "train: { file: data.csv }\n"
                                 "test: { file: data.csv }\n"
                                 "columns: { inputs: [a, b, c], targets: [y, z] }\n"
                                 "standardize: { inputs: deviation, targets: deviation }\n");
}

void command_line_split(struct command_line *command, const char *line)
{
    snprintf(command->text, sizeof command->text, "fake %s", line);
    command->count = 0;
    for (char *word = strtok(command->text, " "); word; word = strtok(NULL, " "))
        command->words[command->count++] = word;
    command->words[command->count] = NULL;
}

static FILE *kept;
static char *captured;
static size_t captured_length;

void capture_begin(FILE **stream)
{
    fflush(*stream);
    kept = *stream;
    *stream = open_memstream(&captured, &captured_length);
}

char *capture_end(FILE **stream)
{
    fclose(*stream);
    *stream = kept;
    return captured;
}

char *run_command(const struct model *model, const char *line, int end, FILE **stream)
{
    struct command_line command;
    command_line_split(&command, line);
    capture_begin(stream);
    int found = trainer_main(model, command.count, command.words);
    char *printed = capture_end(stream);
    cr_expect_eq(found, end, "%s: exit %d, printed: %s", line, found, printed);
    return printed;
}
