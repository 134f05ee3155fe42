/* main.c - netc's commands; the logic is behind them. */
#include "base/arena.h"
#include "command/commands.h"

int main(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct options options;
    int end = options_read(arena, &options, argc, argv);
    if (end < 0) {
        switch (options.command) {
        case COMMAND_CHECK:
            end = command_check(arena, &options);
            break;
        case COMMAND_EMIT:
            end = command_emit(arena, &options);
            break;
        case COMMAND_BUILD:
            end = command_build(arena, &options);
            break;
        case COMMAND_TRAIN:
            end = command_train(arena, &options);
            break;
        case COMMAND_FMT:
            end = command_fmt(arena, &options);
            break;
        case COMMAND_EXPLAIN:
            end = command_explain(arena, &options);
            break;
        case COMMAND_GRAPH:
            end = command_graph(arena, &options);
            break;
        case COMMAND_DIFF:
            end = command_diff(arena, &options);
            break;
        case COMMAND_TUNE:
            end = command_tune(arena, &options);
            break;
        case COMMAND_COMPARE:
            end = command_compare(arena, &options);
            break;
        case COMMAND_SWEEP:
            end = command_sweep(arena, &options);
            break;
        case COMMAND_LSP:
            end = command_lsp(&options);
            break;
        }
    }
    arena_release(arena);
    return end;
}
