/* inject.c - runs a command whose N-th system call, or N-th allocation, of a kind fails.
 *
 *     inject fsync 3 TALLY ./lenet5 train …     the third fsync gives EIO; exits as the command does, with
 *                                               128 + signal when one ended it
 *
 * TALLY becomes one line: how many calls of the kind there were, and the descriptor of the one that failed,
 * "-" when there was no N-th. Only the command's own process is watched and only its first thread; what it
 * starts, a C compiler, is left alone. Counting begins when its libraries are loaded, and ends where
 * a command that counts its own coverage writes that down: preload.c says so by calls that mean nothing, and
 * is also what makes allocations fail. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shared.h"

struct fault {
    const char *kind;
    long calls[3];    /* that are of the kind */
    long result;      /* instead of doing it; HALVE: do half of it; KILL: end the command */
    bool is_sticky;   /* each later one fails, too */
    bool counts_data; /* only calls on files that are not standard streams */
};

enum { HALVE = 1, KILL };

static const struct fault faults[] = {
    {"alloc", {-1, -1, -1}, 0, false, false},
    {"open", {SYS_openat, SYS_open, -1}, -EIO, false, false},
    {"read", {SYS_read, SYS_pread64, -1}, -EIO, false, false},
    {"cut", {SYS_read, SYS_pread64, -1}, 0, false, false}, /* the file has become shorter */
    {"short-read", {SYS_read, SYS_pread64, -1}, HALVE, false, false},
    {"write", {SYS_write, SYS_pwrite64, SYS_writev}, -EIO, false, false},
    {"short-write", {SYS_write, SYS_pwrite64, -1}, HALVE, false, true},
    {"full", {SYS_write, SYS_pwrite64, SYS_writev}, -ENOSPC, true, true},
    {"close", {SYS_close, -1, -1}, -EIO, false, false},
    {"fsync", {SYS_fsync, SYS_fdatasync, -1}, -EIO, false, false},
    {"kill", {SYS_fsync, SYS_fdatasync, -1}, KILL, false, false},
    {"rename", {SYS_rename, SYS_renameat, SYS_renameat2}, -EIO, false, false},
    {"link", {SYS_link, SYS_linkat, -1}, -EIO, false, false},
    {"unlink", {SYS_unlink, SYS_unlinkat, SYS_rmdir}, -EIO, false, false},
    {"mkdir", {SYS_mkdir, SYS_mkdirat, -1}, -ENOSPC, false, false},
    {"stat", {SYS_newfstatat, SYS_fstat, SYS_statx}, -EIO, false, false},
};

static const struct fault *find_fault(const char *kind)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (strcmp(faults[i].kind, kind) == 0)
            return &faults[i];
    fprintf(stderr, "inject: no kind '%s'\n", kind);
    exit(70);
}

static void die(const char *what)
{
    fprintf(stderr, "inject: %s: %s\n", what, strerror(errno));
    exit(70);
}

static bool is_of(const struct fault *fault, const struct user_regs_struct *registers)
{
    const long number = (long)registers->orig_rax;
    if (fault->counts_data && registers->rdi <= STDERR_FILENO)
        return false;
    return number >= 0 &&
           (number == fault->calls[0] || number == fault->calls[1] || number == fault->calls[2]);
}

static struct user_regs_struct registers_of(pid_t child)
{
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, child, NULL, &registers) != 0)
        die("its registers cannot be read");
    return registers;
}

static void registers_set(pid_t child, const struct user_regs_struct *registers)
{
    if (ptrace(PTRACE_SETREGS, child, NULL, registers) != 0)
        die("its registers cannot be set");
}

/* Until the next stop at the edge of a call; false when it has ended, with its exit. Signals are passed on.
 */
static bool go_on(pid_t child, int *end)
{
    int status, pass = 0;
    for (;;) {
        if (ptrace(PTRACE_SYSCALL, child, NULL, (long)pass) != 0 || waitpid(child, &status, 0) < 0)
            die("it cannot be watched");
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            *end = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            return false;
        }
        if (WSTOPSIG(status) == (SIGTRAP | 0x80))
            return true;
        pass = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
    }
}

/* From the entry of the call that is to fail to its exit. */
static bool fail(pid_t child, const struct fault *fault, struct user_regs_struct *registers, int *end)
{
    if (fault->result == KILL) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        *end = 128 + SIGKILL;
        return false;
    }
    if (fault->result == HALVE) {
        registers->rdx = registers->rdx > 1 ? registers->rdx / 2 : registers->rdx;
        registers_set(child, registers);
        return go_on(child, end);
    }
    /* A close that fails has closed nevertheless, as Linux has it. */
    if ((long)registers->orig_rax != SYS_close) {
        registers->orig_rax = (unsigned long long)-1;
        registers_set(child, registers);
    }
    if (!go_on(child, end))
        return false;
    *registers = registers_of(child);
    registers->rax = (unsigned long long)fault->result;
    registers_set(child, registers);
    return true;
}

/* The command from its start to its end; returns how it ended. */
static int watch(pid_t child, const struct fault *fault, struct tally *tally)
{
    int status, end = 0;
    bool is_its_own = false; /* the command's: not those of loading it */
    if (waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status))
        die("it did not start");
    ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC);
    while (go_on(child, &end)) { /* at the entry of a call */
        struct user_regs_struct registers = registers_of(child);
        if (registers.orig_rax == SYS_tgkill && registers.rdi == 0)
            is_its_own = registers.rdx == 0;
        if (is_its_own && is_of(fault, &registers)) {
            tally->count++;
            if (tally->count == tally->fails_at || (fault->is_sticky && tally->count > tally->fails_at)) {
                tally->descriptor = (int)registers.rdi;
                if (!fail(child, fault, &registers, &end))
                    return end;
                continue;
            }
        }
        if (!go_on(child, &end)) /* to its exit */
            return end;
    }
    return end;
}

static struct tally *tally_open(const char *path, long fails_at)
{
    const int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
    if (file < 0 || ftruncate(file, sizeof(struct tally)) != 0)
        die(path);
    struct tally *tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (tally == MAP_FAILED)
        die(path);
    close(file);
    *tally = (struct tally){.fails_at = fails_at, .descriptor = -1};
    return tally;
}

int main(int count, char **words)
{
    if (count < 6) {
        fprintf(stderr, "usage: inject KIND N TALLY PRELOAD COMMAND…\n");
        return 70;
    }
    const struct fault *fault = find_fault(words[1]);
    struct tally *tally = tally_open(words[3], strtol(words[2], NULL, 10));
    const pid_t child = fork();
    if (child == 0) {
        setenv("LD_PRELOAD", words[4], 1);
        if (strcmp(fault->kind, "alloc") == 0)
            setenv(TALLY_NAME, words[3], 1);
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        execvp(words[5], words + 5);
        die(words[5]);
    }
    const int end = watch(child, fault, tally);
    const struct tally last = *tally;
    FILE *report = fopen(words[3], "w");
    if (!report)
        die(words[3]);
    fprintf(report, last.count >= last.fails_at ? "%ld %d\n" : "%ld -\n", last.count, last.descriptor);
    fclose(report);
    return end;
}
