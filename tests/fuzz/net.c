/* net.c - a .net text through the whole compiler: parsed, laid out, checked, and emitted in both forms. */
#include <stdio.h>
#include <string.h>

#include "ast/format.h"
#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/source.h"
#include "base/text.h"
#include "compile.h"
#include "input.h"

static void emit(const uint8_t *bytes, size_t length, enum compile_form form, const char *march)
{
    struct arena *arena = arena_create();
    struct diagnostics *diagnostics = diagnostics_create(arena);
    const struct source *source = source_from_text(arena, "fuzzed.net", (const char *)bytes, length);
    const struct compile_options options = {
        .path = "fuzzed.net", .text = source, .form = form, .march = march, .probe = true};
    struct compiled compiled = {0};
    if (compile_emit(arena, &options, diagnostics, &compiled)) {
        struct text table = text_create(arena);
        compile_print_table(&table, &compiled);
        compile_print_schedule(&table, &compiled);
    } else {
        FILE *nowhere = fopen("/dev/null", "w");
        if (nowhere) {
            diagnostics_print(diagnostics, nowhere, DIAGNOSTICS_TEXT, false);
            diagnostics_print(diagnostics, nowhere, DIAGNOSTICS_JSON, false);
            fclose(nowhere);
        }
    }
    arena_release(arena);
}

/* What was laid out once stays as it is. */
static void format(const uint8_t *bytes, size_t length)
{
    struct arena *arena = arena_create();
    struct diagnostics *diagnostics = diagnostics_create(arena);
    struct text once = text_create(arena), twice = text_create(arena);
    const struct source *source = source_from_text(arena, "fuzzed.net", (const char *)bytes, length);
    if (format_source(&once, arena, source, diagnostics)) {
        source = source_from_text(arena, "fuzzed.net", once.bytes, once.length);
        if (!format_source(&twice, arena, source, diagnostics) || once.length != twice.length ||
            memcmp(once.bytes, twice.bytes, once.length) != 0)
            __builtin_trap();
    }
    arena_release(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    input_write("fuzzed.net", "", 0); /* into an empty folder: no include finds anything */
    format(bytes, length);
    emit(bytes, length, FORM_TILED, "x86-64-v3");
    emit(bytes, length, FORM_PLAIN, "portable");
    return 0;
}
