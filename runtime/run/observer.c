/* observer.c - the functions of training.h that the generated loop calls. */
#include "run/observer.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "random.h"
#include "run/weights.h"

static volatile sig_atomic_t interruptions;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    if (interruptions++)
        _exit(130);
}

void interruption_watch(void)
{
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

const struct metric *metric_of(const struct model *model)
{
    static const struct metric accuracy = {"accuracy", " %", 100, score_accuracy};
    static const struct metric rmse = {"rmse", "", 1, score_rmse};
    bool is_class = model->output == OUTPUT_CATEGORICAL || model->output == OUTPUT_BERNOULLI;
    return is_class ? &accuracy : &rmse;
}

bool observer_create(struct observer *observer, const struct model *model, enum progress_form form,
                     int epochs)
{
    if (form == PROGRESS_AUTO)
        form = isatty(STDOUT_FILENO) ? PROGRESS_BAR : PROGRESS_PLAIN;
    *observer = (struct observer){.model = model, .form = form, .started = clock_seconds()};
    observer->seconds = calloc((size_t)epochs + 1, sizeof *observer->seconds);
    observer->rows = calloc((size_t)epochs + 1, sizeof *observer->rows);
    return observer->seconds && observer->rows;
}

void observer_release(struct observer *observer)
{
    free(observer->seconds);
    free(observer->rows);
}

/* Fisher and Yates, from the end; every draw is a number of its own by counter. */
void training_shuffle(struct training *run, int epoch)
{
    struct observer *observer = run->observer;
    uint64_t stream = random_stream("shuffle");
    uint32_t drawn = 0;
    for (size_t i = 0; i < run->train->count; i++)
        run->order[i] = (uint32_t)i;
    for (uint32_t i = (uint32_t)run->train->count; i > 1; i--) {
        uint32_t other = random_below(run->seed, stream, (uint32_t)epoch, &drawn, i);
        uint32_t kept = run->order[i - 1];
        run->order[i - 1] = run->order[other];
        run->order[other] = kept;
    }
    observer->epoch_started = clock_seconds();
    observer->seen = 0;
    observer->loss = 0;
}

static void show_bar(const struct training *run, const struct observer *observer, int epoch, double now)
{
    enum { WIDTH = 24 };
    double share = (double)observer->seen / (double)run->train->count;
    double done = (epoch - 1 + share) / run->epochs, elapsed = now - observer->started;
    int filled = (int)(share * WIDTH);
    char bar[WIDTH + 1];
    memset(bar, '#', (size_t)filled);
    memset(bar + filled, '.', (size_t)(WIDTH - filled));
    bar[WIDTH] = 0;
    double left = done > 0 ? elapsed / done - elapsed : 0;
    printf("\repoch %d/%d [%s] loss %.4f  %.0f examples/s  %d:%02d left \033[K", epoch, run->epochs, bar,
           observer->loss / (double)observer->seen,
           (double)observer->seen / (now - observer->epoch_started + 1e-9), (int)left / 60, (int)left % 60);
    fflush(stdout);
}

bool training_step_done(struct training *run, int epoch, double loss, int count)
{
    struct observer *observer = run->observer;
    observer->seen += (size_t)count;
    observer->loss += loss;
    if (observer->form == PROGRESS_BAR) {
        double now = clock_seconds();
        if (now - observer->shown > 0.1) {
            observer->shown = now;
            show_bar(run, observer, epoch, now);
        }
    }
    return !interruptions;
}

static void show_json(const struct training *run, const struct training_epoch *row, double seconds)
{
    const struct metric *metric = metric_of(run->model);
    printf("{\"epoch\": %d, \"loss\": %.9g, \"%s\": %.9g", row->epoch, score_loss(&row->train), metric->name,
           metric->of(&row->train));
    if (row->validation.examples)
        printf(", \"validation_loss\": %.9g, \"validation_%s\": %.9g", score_loss(&row->validation),
               metric->name, metric->of(&row->validation));
    printf(", \"rate\": %.9g, \"seconds\": %.3f, \"best\": %s}\n", row->rate, seconds,
           row->is_best ? "true" : "false");
    fflush(stdout);
}

static void show_line(const struct training *run, const struct training_epoch *row, double seconds)
{
    const struct metric *metric = metric_of(run->model);
    int digits = snprintf(NULL, 0, "%d", run->epochs), decimals = metric->scale > 1 ? 2 : 4;
    printf("epoch %*d/%d  loss %.4f  %s %.*f%s", digits, row->epoch, run->epochs, score_loss(&row->train),
           metric->name, decimals, metric->scale * metric->of(&row->train), metric->unit);
    if (row->validation.examples)
        printf("   validation loss %.4f  %s %.*f%s %c", score_loss(&row->validation), metric->name, decimals,
               metric->scale * metric->of(&row->validation), metric->unit, row->is_best ? '*' : ' ');
    printf("   rate %-9.4g %.1f s\n", row->rate, seconds);
    fflush(stdout);
}

void training_epoch_done(struct training *run, const struct training_epoch *row)
{
    struct observer *observer = run->observer;
    double seconds = clock_seconds() - observer->epoch_started;
    observer->seconds[observer->row_count] = seconds;
    observer->rows[observer->row_count++] = *row;
    if (observer->form == PROGRESS_BAR)
        printf("\r\033[K");
    /* Thousands of epochs are shown in a hundred lines; history.csv has them all. */
    int every = run->epochs > 1000 ? run->epochs / 100 : 1;
    if (observer->form == PROGRESS_JSON)
        show_json(run, row, seconds);
    else if (observer->form != PROGRESS_NONE && row->epoch % every == 0)
        show_line(run, row, seconds);
}

void observer_write_history(const struct observer *observer, FILE *to)
{
    const struct metric *metric = metric_of(observer->model);
    fprintf(to, "epoch,train_loss,train_%s,validation_loss,validation_%s,rate,seconds,best\n", metric->name,
            metric->name);
    for (int i = 0; i < observer->row_count; i++) {
        const struct training_epoch *row = &observer->rows[i];
        fprintf(to, "%d,%.9g,%.9g,", row->epoch, score_loss(&row->train), metric->of(&row->train));
        if (row->validation.examples)
            fprintf(to, "%.9g,%.9g,", score_loss(&row->validation), metric->of(&row->validation));
        else
            fprintf(to, ",,");
        fprintf(to, "%.9g,%.3f,%d\n", row->rate, observer->seconds[i], row->is_best);
    }
}

/* The first result of the forward pass with a NaN or Inf in it. */
static const char *find_value(const struct model *model, void *net, int count)
{
    const real *arena = model->arena(net);
    for (int i = 0; i < model->value_count; i++)
        for (size_t j = 0; j < model->values[i].size * (size_t)count; j++)
            if (!isfinite(arena[model->values[i].offset + j]))
                return model->values[i].label;
    return NULL;
}

static void tell_divergence(struct training *run, const char *what)
{
    struct observer *observer = run->observer;
    if (observer->form == PROGRESS_BAR)
        printf("\r\033[K");
    snprintf(observer->divergence, sizeof observer->divergence, "%s", what);
    run->end = TRAINING_DIVERGED;
}

void training_diverged(struct training *run, void *net, int epoch, uint64_t step, int count)
{
    char what[400];
    const struct model_tensor *tensor = weights_find_not_finite(run->model, net);
    const char *label = tensor ? NULL : find_value(run->model, net, count);
    if (tensor)
        snprintf(what, sizeof what, "'%s' is no longer finite after step %llu (epoch %d)", tensor->name,
                 (unsigned long long)step - 1, epoch);
    else if (label)
        snprintf(what, sizeof what,
                 "'%s' is the first layer whose result is not finite, in step %llu (epoch %d)", label,
                 (unsigned long long)step, epoch);
    else
        snprintf(what, sizeof what, "the loss is not finite in step %llu (epoch %d), though all layers are",
                 (unsigned long long)step, epoch);
    tell_divergence(run, what);
}

bool training_weights_hold(struct training *run, void *net, int epoch, uint64_t step)
{
    if (!weights_find_not_finite(run->model, net))
        return true;
    training_diverged(run, net, epoch, step + 1, 0);
    return false;
}
