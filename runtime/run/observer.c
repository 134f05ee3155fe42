/* observer.c - the functions of training.h that the generated loop calls. */
#include "run/observer.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "numerics.h"
#include "data/balance.h"
#include "random.h"
#include "run/figures.h"
#include "run/state.h"
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
    signal(SIGPIPE, SIG_IGN);
}

double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

bool observer_create(struct observer *observer, const struct model *model,
                     const struct normaliser *normaliser, enum progress_form form, int epochs)
{
    if (form == PROGRESS_AUTO)
        form = isatty(STDOUT_FILENO) ? PROGRESS_BAR : PROGRESS_PLAIN;
    *observer =
        (struct observer){.model = model, .normaliser = normaliser, .form = form, .started = clock_seconds()};
    observer->seconds = calloc((size_t)epochs + 1, sizeof *observer->seconds);
    observer->rows = calloc((size_t)epochs + 1, sizeof *observer->rows);
    return observer->seconds && observer->rows;
}

void observer_release(struct observer *observer)
{
    free(observer->seconds);
    free(observer->rows);
}

double training_seconds(const struct training *run)
{
    const struct observer *observer = run->observer;
    return clock_seconds() - observer->started;
}

/* Fisher and Yates, from the end; every draw is a number of its own by counter. */
void training_shuffle(struct training *run, int epoch)
{
    struct observer *observer = run->observer;
    uint64_t stream = random_stream("shuffle");
    uint32_t drawn = 0;
    if (run->balance)
        balance_draw(run->balance, run->seed, epoch);
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

struct training_epoch *training_epoch_begin(struct training *run, int epoch)
{
    struct training_standing *at = &run->at;
    struct observer *observer = run->observer;
    const bool is_new = at->row.epoch != epoch;
    if (is_new) {
        at->epoch = epoch;
        at->first = 0;
        at->row = (struct training_epoch){.epoch = epoch};
    }
    training_shuffle(run, epoch);
    observer->seen = at->row.train.examples;
    observer->loss = at->row.train.loss;
    if (run->keeper && is_new)
        state_keep_epoch(run->keeper);
    return &at->row;
}

/* Columns of the terminal; COLUMNS wins, as in other programs. */
static size_t terminal_columns(void)
{
    const char *wish = getenv("COLUMNS");
    int columns = wish ? atoi(wish) : 0;
    struct winsize size;
    if (columns <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    return columns > 0 ? (size_t)columns : 80;
}

/* "4:05", "2:04:05", "12 days" */
static const char *duration_text(double seconds, char *text, size_t size)
{
    long whole = seconds < 1e9 ? (long)seconds : 1000000000;
    if (whole >= 2 * 86400)
        snprintf(text, size, "%ld days", whole / 86400);
    else if (whole >= 3600)
        snprintf(text, size, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    else
        snprintf(text, size, "%ld:%02ld", whole / 60, whole % 60);
    return text;
}

/* Cut off before the last column, so that no terminal wraps the line and no line is left behind. */
void observer_print_bar(const struct training *run, int epoch, double now, size_t columns, FILE *to)
{
    enum { WIDTH = 24 };
    const struct observer *observer = run->observer;
    double share = (double)observer->seen / (double)run->train->count;
    double done = (epoch - 1 + share) / run->epochs, elapsed = now - observer->started;
    double left = done > 0 ? elapsed / done - elapsed : 0;
    int filled = (int)(share * WIDTH);
    char line[256], duration[32];
    snprintf(line, sizeof line, "epoch %d/%d [%.*s%.*s] loss %.4f  %.0f examples/s  %s left", epoch,
             run->epochs, filled, "########################", WIDTH - filled, "........................",
             observer->loss / (double)observer->seen,
             (double)observer->seen / (now - observer->epoch_started + 1e-9),
             duration_text(left, duration, sizeof duration));
    fprintf(to, "\r%.*s\033[K", (int)(columns < sizeof line ? columns - 1 : sizeof line), line);
    fflush(to);
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
            observer_print_bar(run, epoch, now, terminal_columns(), stdout);
        }
    }
    run->at.first += (size_t)count;
    if (run->keeper)
        state_keep_step(run->keeper, interruptions > 0);
    return !interruptions;
}

static double value_of(const struct observer *observer, const struct score *score)
{
    return metric_value(metric_of(observer->model), score, observer->normaliser);
}

static void show_json(const struct observer *observer, const struct training_epoch *row, double seconds)
{
    char name[64];
    const char *metric = metric_of(observer->model)->name;
    json_t *object =
        json_pack("{s:i, s:o, s:o}", "epoch", row->epoch, "loss", figures_json(score_loss(&row->train)),
                  metric, figures_json(value_of(observer, &row->train)));
    if (row->validation.examples) {
        snprintf(name, sizeof name, "validation_%s", metric);
        json_object_set_new(object, "validation_loss", figures_json(score_loss(&row->validation)));
        json_object_set_new(object, name, figures_json(value_of(observer, &row->validation)));
    }
    json_object_set_new(object, "rate", figures_json(row->rate));
    json_object_set_new(object, "seconds", figures_json(seconds));
    json_object_set_new(object, "best", json_boolean(row->is_best));
    json_dumpf(object, stdout, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    json_decref(object);
    printf("\n");
    fflush(stdout);
}

static void show_figures(const struct observer *observer, const struct score *score)
{
    const struct metric *metric = metric_of(observer->model);
    printf("loss %.4f  %s %.*f%s", score_loss(score), metric->name, metric->decimals,
           metric->scale * value_of(observer, score), metric->unit);
}

static void show_line(const struct training *run, const struct training_epoch *row, double seconds)
{
    int digits = snprintf(NULL, 0, "%d", run->epochs);
    printf("epoch %*d/%d  ", digits, row->epoch, run->epochs);
    show_figures(run->observer, &row->train);
    if (row->validation.examples) {
        printf("   validation ");
        show_figures(run->observer, &row->validation);
        printf(" %c", row->is_best ? '*' : ' ');
    }
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
        show_json(observer, row, seconds);
    else if (observer->form != PROGRESS_NONE && (row->epoch % every == 0 || row->epoch == run->epochs))
        show_line(run, row, seconds);
}

void observer_write_history(const struct observer *observer, FILE *to)
{
    const struct metric *metric = metric_of(observer->model);
    fprintf(to, "epoch,train_loss,train_%s,validation_loss,validation_%s,rate,seconds,best\n", metric->name,
            metric->name);
    for (int i = 0; i < observer->row_count; i++) {
        const struct training_epoch *row = &observer->rows[i];
        fprintf(to, "%d,%.9g,%.9g,", row->epoch, score_loss(&row->train), value_of(observer, &row->train));
        if (row->validation.examples)
            fprintf(to, "%.9g,%.9g,", score_loss(&row->validation), value_of(observer, &row->validation));
        else
            fprintf(to, ",,");
        fprintf(to, "%.9g,%.3f,%d\n", row->rate, observer->seconds[i], row->is_best);
    }
}

/* The first result of the forward pass with a NaN or Inf in it. */
static const char *find_value(const struct model *model, void *net, int count)
{
    const real *arena = model_arena(model, net);
    for (int i = 0; i < model->layer_count; i++)
        for (size_t j = 0; j < model->layers[i].size * (size_t)count; j++)
            if (!isfinite(arena[model->layers[i].offset + j]))
                return model->layers[i].label;
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
    const char *finding = numerics_finding();
    const struct model_tensor *tensor = weights_find_not_finite(run->model, net);
    const char *label = tensor ? NULL : find_value(run->model, net, count);
    if (finding)
        snprintf(what, sizeof what, "%s, in step %llu (epoch %d)", finding, (unsigned long long)step, epoch);
    else if (tensor)
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
