/* jobs.c - starts as many processes as there is room for, and takes note when they end.
 *
 *     trainer of the next run there?  no:  compile it, once
 *                                     yes: NAME train --settings … --out DIR/runs/0007
 *
 * A run that was interrupted has a state in its folder and goes on with it; any other that is not done begins
 * anew. Children have a group of their own, so that Ctrl-C reaches netc alone, which hands it on once; when
 * netc is killed, the system does that. The lock of the sweep's folder is theirs as well: nobody goes on with
 * the sweep before the last of them has gone. */
#include "sweep/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "command/commands.h"
#include "command/files.h"

/* One process. */
struct job {
    pid_t process;
    int run;     /* in plan->runs; -1: it compiles */
    int trainer; /* that it compiles */
};

static const int signals[] = {SIGINT, SIGTERM, SIGCHLD};
static volatile sig_atomic_t interruptions;

static void on_signal(int signal_number)
{
    interruptions += signal_number != SIGCHLD;
}

/* Signals come while netc waits, and only then: none is missed between looking and waiting. */
static sigset_t watch_signals(void)
{
    const struct sigaction action = {.sa_handler = on_signal};
    sigset_t watched, before;
    sigemptyset(&watched);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaddset(&watched, signals[i]);
        sigaction(signals[i], &action, NULL);
    }
    sigprocmask(SIG_BLOCK, &watched, &before);
    return before;
}

static const char *log_path(const struct jobs *jobs, const char *what, int number)
{
    return arena_format(jobs->plan->sweep->arena, "%s/logs/%s%04d.txt", jobs->plan->folder, what, number);
}

/* In the child: everything that it prints goes into a file. */
static void child_begin(const char *log, pid_t parent)
{
    sigset_t none;
    setpgid(0, 0);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(EXIT_FAULT); /* it was killed before */
    int file = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0666), nothing = open("/dev/null", O_RDONLY);
    if (file >= 0) {
        dup2(file, STDOUT_FILENO);
        dup2(file, STDERR_FILENO);
    }
    if (nothing >= 0)
        dup2(nothing, STDIN_FILENO);
}

/* -1: told. */
static pid_t begin_process(void)
{
    fflush(NULL);
    pid_t process = fork();
    if (process < 0)
        fprintf(stderr, "netc: no process could be started: %s\n", strerror(errno));
    return process;
}

static pid_t start_compiling(struct jobs *jobs, int number)
{
    struct sweep_trainer *trainer = &jobs->plan->trainers[number];
    const char *log = log_path(jobs, "trainer-", number + 1);
    const pid_t parent = getpid(), process = begin_process();
    if (process != 0)
        return process;
    child_begin(log, parent);
    int end = building_make(&trainer->building);
    if (end == EXIT_GOOD && !file_copy(trainer->building.binary, trainer->path))
        end = EXIT_INPUT;
    building_release(&trainer->building);
    _exit(end);
}

static void add_pair(struct arena *arena, struct arguments *arguments, const char *name, const char *value)
{
    if (!value)
        return;
    arguments_add(arena, arguments, name);
    arguments_add(arena, arguments, value);
}

static struct arguments command_of(struct jobs *jobs, const struct sweep_run *run, bool goes_on)
{
    const struct plan *plan = jobs->plan;
    const struct sweep *sweep = plan->sweep;
    struct arena *arena = sweep->arena;
    struct arguments arguments = {0};
    const struct sweep_run *before = run_predecessor(plan, run);
    arguments_add(arena, &arguments, plan->trainers[plan->points[run->point].trainer].path);
    arguments_add(arena, &arguments, "train");
    add_pair(arena, &arguments, "--settings",
             arena_format(arena, "%s/settings/%04d.json", plan->folder, run->point + 1));
    add_pair(arena, &arguments, "--threads", arena_format(arena, "%d", jobs->threads));
    add_pair(arena, &arguments, "--progress", "none");
    if (goes_on) {
        add_pair(arena, &arguments, "--resume", run_folder(plan, run));
        return arguments;
    }
    add_pair(arena, &arguments, "--out", run_folder(plan, run));
    add_pair(arena, &arguments, "--data", sweep->data);
    add_pair(arena, &arguments, "--seed", run_seed(plan, run));
    add_pair(arena, &arguments, "--share", run_share(plan, run));
    add_pair(arena, &arguments, "--epochs", sweep->budget == BUDGET_EPOCHS ? run->budget : NULL);
    if (before)
        add_pair(arena, &arguments, "--init",
                 arena_format(arena, "%s/model.safetensors", run_folder(plan, before)));
    return arguments;
}

static pid_t start_run(struct jobs *jobs, struct sweep_run *run)
{
    const bool goes_on = outcome_is_begun(jobs->plan, run);
    const char *log = log_path(jobs, "", run->number);
    if (!goes_on)
        folder_remove(run_folder(jobs->plan, run)); /* of a run that was killed before its first state */
    const struct arguments arguments = command_of(jobs, run, goes_on);
    const pid_t parent = getpid(), process = begin_process();
    if (process != 0)
        return process;
    child_begin(log, parent);
    execv(arguments.words[0], (char *const *)arguments.words);
    fprintf(stderr, "netc: cannot run '%s': %s\n", arguments.words[0], strerror(errno));
    _exit(EXIT_FAULT);
}

/* May it start, as far as the runs before it are concerned? */
static bool is_ready(const struct jobs *jobs, const struct sweep_run *run)
{
    const struct plan *plan = jobs->plan;
    if (run->state != RUN_PENDING)
        return false;
    if (run->before < 0)
        return true;
    const enum run_state before = plan->runs[run->before].state;
    return before != RUN_PENDING && before != RUN_GOING;
}

/* The next thing to do; false when there is none now. */
static bool find_work(struct jobs *jobs, struct job *job)
{
    struct plan *plan = jobs->plan;
    for (int i = jobs->first; i < jobs->end; i++) {
        struct sweep_trainer *trainer = &plan->trainers[plan->points[plan->runs[i].point].trainer];
        if (!is_ready(jobs, &plan->runs[i]) || trainer->state == TRAINER_MAKING)
            continue;
        *job = (struct job){.run = i, .trainer = -1};
        if (trainer->state == TRAINER_WANTED && file_exists(trainer->path))
            trainer->state = TRAINER_MADE; /* by the sweep before it was interrupted */
        if (trainer->state == TRAINER_WANTED)
            *job = (struct job){.run = -1, .trainer = (int)(trainer - plan->trainers)};
        return true;
    }
    return false;
}

static bool start(struct jobs *jobs, struct job *job)
{
    struct plan *plan = jobs->plan;
    if (job->run < 0) {
        plan->trainers[job->trainer].state = TRAINER_MAKING;
        job->process = start_compiling(jobs, job->trainer);
    } else {
        plan->runs[job->run].state = RUN_GOING;
        job->process = start_run(jobs, &plan->runs[job->run]);
    }
    return job->process > 0;
}

/* The first line that a failed process has printed; netc's own prefix "error: " and the like as they are. */
static const char *first_line(const struct jobs *jobs, const char *log)
{
    size_t length = 0;
    char *bytes = file_read(jobs->plan->sweep->arena, log, &length);
    if (!bytes || length == 0)
        return "it ended without a word";
    bytes[length] = 0;
    bytes[strcspn(bytes, "\n")] = 0;
    return bytes;
}

/* False: told. It is netc that failed, not the run, where a run did well and nothing is known of it. */
static bool end_run(struct jobs *jobs, struct sweep_run *run, int status)
{
    const char *log = log_path(jobs, "", run->number);
    const bool is_good = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_GOOD;
    if (outcome_read(jobs->plan, run)) {
        unlink(log);
        jobs->told++;
        jobs->tell(jobs, run);
        return true;
    }
    run->state = RUN_PENDING;
    if (jobs->is_stopped || (is_good && outcome_is_begun(jobs->plan, run)))
        return true; /* somebody stopped it, and it kept its state */
    if (is_good) {
        fprintf(stderr, "netc sweep: '%s': what it came to cannot be read; --resume goes on\n",
                run_folder(jobs->plan, run));
        return false;
    }
    run->state = RUN_FAILED;
    run->why = WIFSIGNALED(status)
                   ? arena_format(jobs->plan->sweep->arena, "it was ended by signal %d", WTERMSIG(status))
                   : first_line(jobs, log);
    jobs->told++;
    jobs->tell(jobs, run);
    return true;
}

static bool end_compiling(struct jobs *jobs, struct sweep_trainer *trainer, int number, int status)
{
    const char *log = log_path(jobs, "trainer-", number + 1);
    trainer->state = TRAINER_WANTED;
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_GOOD) {
        trainer->state = TRAINER_MADE;
        unlink(log);
        return true;
    }
    if (jobs->is_stopped)
        return true;
    size_t length = 0;
    const char *bytes = file_read(jobs->plan->sweep->arena, log, &length);
    fwrite(bytes ? bytes : "", 1, bytes ? length : 0, stderr);
    fprintf(stderr, "netc sweep: a trainer could not be compiled\n");
    return false;
}

/* Runs save their states and end; who asks twice does not want to wait for that. */
static void hand_on(const struct job *running, int count, int signal_number)
{
    for (int i = 0; i < count; i++)
        kill(-running[i].process, signal_number);
}

/* Waits for a signal, and takes note of a process that has ended. False: a failure that concerns all. */
static bool wait_for_one(struct jobs *jobs, struct job *running, int *count, const sigset_t *open)
{
    int status = 0;
    const int before = interruptions;
    const pid_t process = waitpid(-1, &status, WNOHANG);
    if (process == 0)
        sigsuspend(open);
    if (interruptions > before) {
        jobs->is_stopped = true;
        hand_on(running, *count, interruptions > 1 ? SIGKILL : SIGTERM);
    }
    for (int i = 0; i < *count; i++) {
        if (running[i].process != process)
            continue;
        const struct job job = running[i];
        running[i] = running[--*count];
        if (job.run >= 0)
            return end_run(jobs, &jobs->plan->runs[job.run], status);
        return end_compiling(jobs, &jobs->plan->trainers[job.trainer], job.trainer, status);
    }
    return true;
}

/* Starts what there is room for, and waits, until nothing is left. */
static bool work(struct jobs *jobs, struct job *running, const sigset_t *open)
{
    int count = 0;
    bool is_good = true;
    for (;;) {
        struct job job;
        while (is_good && !jobs->is_stopped && !interruptions && count < jobs->most &&
               find_work(jobs, &job)) {
            is_good = start(jobs, &job);
            if (is_good)
                running[count++] = job;
        }
        if (!is_good)
            hand_on(running, count, SIGTERM);
        if (count == 0)
            return is_good;
        is_good = wait_for_one(jobs, running, &count, open) && is_good;
    }
}

bool jobs_run(struct jobs *jobs)
{
    struct job *running = ARENA_ARRAY(jobs->plan->sweep->arena, struct job, (size_t)jobs->most);
    const sigset_t open = watch_signals();
    for (int i = jobs->first; i < jobs->end; i++)
        if (outcome_read(jobs->plan, &jobs->plan->runs[i])) {
            jobs->told++;
            jobs->tell(jobs, &jobs->plan->runs[i]);
        }
    const bool is_good = work(jobs, running, &open);
    jobs->is_stopped = jobs->is_stopped || interruptions;
    sigprocmask(SIG_SETMASK, &open, NULL);
    return is_good;
}
