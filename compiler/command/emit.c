/* emit.c - `netc check` and `netc emit`: errors, the table of layers, the generated C. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "command/building.h"
#include "command/commands.h"
#include "command/files.h"
#include "command/tuning_file.h"

struct compile_options options_for_compiler(const struct options *options)
{
    return (struct compile_options){.path = options->file,
                                    .overrides = options->overrides,
                                    .override_count = options->override_count,
                                    .form = options->plain ? FORM_PLAIN : FORM_TILED,
                                    .march = options->march,
                                    .debug_numerics = options->debug_numerics,
                                    .time_layers = options->time_layers,
                                    .probe = options->probe ||
                                             (options->command & (COMMAND_BUILD | COMMAND_TRAIN)),
                                    .as_json = options->as_json,
                                    .dump_after = options->dump_after};
}

int report(const struct options *options, const struct diagnostics *diagnostics)
{
    diagnostics_print(diagnostics, stderr, options->json_diagnostics ? DIAGNOSTICS_JSON : DIAGNOSTICS_TEXT,
                      options->color);
    return diagnostics_error_count(diagnostics) ? EXIT_INPUT : EXIT_GOOD;
}

int print_text(const struct text *text)
{
    fwrite(text->bytes, 1, text->length, stdout);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_GOOD;
    fprintf(stderr, "netc: cannot write to standard output\n");
    return EXIT_INPUT;
}

/* The machine that C is emitted for, whatever machine this is unless it is asked for. */
static const char *emit_march(const struct options *options)
{
    return options->march ? building_march(options) : compile_march_names()[0];
}

int command_check(struct arena *arena, const struct options *options)
{
    struct diagnostics *diagnostics = diagnostics_create(arena);
    struct compile_options compile = options_for_compiler(options);
    struct compiled compiled = {0};
    const char *march = compile.march = emit_march(options);
    if (options->schedule && !tuning_read(arena, options->file, march, &compile.tuning))
        return EXIT_INPUT;
    if (!compile_check(arena, &compile, diagnostics, &compiled) || options->quiet)
        return report(options, diagnostics);
    if (options->schedule && !tuning_fits(arena, options->file, march, compiled.graph))
        return EXIT_INPUT;
    if (options->as_json)
        return print_text(&compiled.json);
    struct text table = text_create(arena);
    compile_print_table(&table, &compiled);
    if (options->schedule) {
        text_append(&table, "\n", 1);
        compile_print_schedule(&table, &compiled);
    }
    return print_text(&table);
}

/* "FILE" of FILE.c */
static const char *stem_of(struct arena *arena, const char *path)
{
    size_t length = strlen(path);
    bool is_c = length > 2 && strcmp(path + length - 2, ".c") == 0;
    return arena_copy(arena, path, is_c ? length - 2 : length);
}

/* A Make rule: what was written depends on the model and what it includes. */
static struct text make_rule(struct arena *arena, const struct options *options,
                             const struct compiled *compiled, const char *stem)
{
    struct text rule = text_create(arena);
    if (!options->header)
        text_format(&rule, "%s.c ", make_escape(arena, stem));
    text_format(&rule, "%s.h:", make_escape(arena, stem));
    for (int i = 0; i < compiled->source_count; i++)
        text_format(&rule, " %s", make_escape(arena, compiled->sources[i]->path));
    text_format(&rule, "\n");
    return rule;
}

static int write_files(struct arena *arena, const struct options *options, const struct compiled *compiled,
                       const char *stem)
{
    struct file_content files[3];
    struct text rule;
    int count = 0;
    files[count++] = (struct file_content){arena_format(arena, "%s.h", stem), compiled->header.bytes,
                                           compiled->header.length};
    if (!options->header)
        files[count++] = (struct file_content){arena_format(arena, "%s.c", stem), compiled->code.bytes,
                                               compiled->code.length};
    if (options->wants_depfile || options->depfile) {
        rule = make_rule(arena, options, compiled, stem);
        const char *path = options->depfile ? options->depfile : arena_format(arena, "%s.d", stem);
        files[count++] = (struct file_content){path, rule.bytes, rule.length};
    }
    return files_write(files, count) ? EXIT_GOOD : EXIT_INPUT;
}

int command_emit(struct arena *arena, const struct options *options)
{
    struct diagnostics *diagnostics = diagnostics_create(arena);
    struct compile_options compile = options_for_compiler(options);
    struct compiled compiled = {0};
    bool to_output = options->output && strcmp(options->output, "-") == 0;
    if (to_output && (options->wants_depfile || options->depfile)) {
        fprintf(stderr, "netc emit: a Make rule needs files: give -o FILE.c\n");
        return EXIT_USAGE;
    }
    const char *stem = options->output && !to_output ? stem_of(arena, options->output) : NULL;
    if (stem)
        compile.header_name = arena_format(arena, "%s.h", path_name(stem));
    const char *march = emit_march(options);
    if (!tuning_read(arena, options->file, march, &compile.tuning))
        return EXIT_INPUT;
    if (!compile_emit(arena, &compile, diagnostics, &compiled))
        return report(options, diagnostics);
    if (!tuning_fits(arena, options->file, march, compiled.graph))
        return EXIT_INPUT;
    if (options->dump_after)
        return print_text(&compiled.dump);
    if (to_output)
        return print_text(options->header ? &compiled.header : &compiled.code);
    return write_files(arena, options, &compiled, stem ? stem : compiled.name);
}
