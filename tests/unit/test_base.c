/* test_base.c - arena, text, names and source. */
#include <criterion/criterion.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/names.h"
#include "base/source.h"
#include "base/text.h"

Test(arena, gives_zeroed_aligned_memory_of_any_size)
{
    struct arena *arena = arena_create();
    const size_t sizes[] = {1, 7, 16, 1000, 65535, 65536, 65537, 3000000, 3};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *memory = arena_allocate(arena, sizes[i]);
        cr_assert_eq((uintptr_t)memory % 16, 0);
        for (size_t j = 0; j < sizes[i]; j++)
            cr_assert_eq(memory[j], 0);
        memset(memory, 0xff, sizes[i]);
    }
    arena_release(arena);
}

Test(arena, keeps_pieces_apart)
{
    struct arena *arena = arena_create();
    char *pieces[2000];
    for (int i = 0; i < 2000; i++)
        pieces[i] = arena_format(arena, "piece %d of %s", i, "many");
    for (int i = 0; i < 2000; i++) {
        char expected[40];
        snprintf(expected, sizeof expected, "piece %d of many", i);
        cr_assert_str_eq(pieces[i], expected);
    }
    arena_release(arena);
}

Test(arena, refuses_a_product_that_overflows, .exit_code = 1)
{
    arena_allocate_array(arena_create(), SIZE_MAX / 2, 4);
}

Test(text, grows_and_stays_terminated)
{
    struct arena *arena = arena_create();
    struct text text = text_create(arena);
    cr_assert_str_eq(text.bytes, "");
    for (int i = 0; i < 1000; i++)
        text_format(&text, "%d,", i % 10);
    cr_assert_eq(text.length, 2000);
    cr_assert_eq(strlen(text.bytes), 2000);
    text_append(&text, "a\0b", 3);
    cr_assert_eq(text.length, 2003);
    cr_assert_eq(text.bytes[2002], 'b');
    cr_assert_str_eq(text.bytes + 1996, "8,9,a");
    arena_release(arena);
}

Test(text, writes_numbers_so_that_they_can_be_read)
{
    struct arena *arena = arena_create();
    static const struct {
        double number;
        const char *text;
    } cases[] = {{0, "0"},       {1000000, "1000000"}, {9007199254740992.0, "9007199254740992"},
                 {-3, "-3"},     {0.05, "0.05"},       {1e30, "1e+30"},
                 {1e-5, "1e-05"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert_str_eq(text_of_number(arena, cases[i].number), cases[i].text);
    arena_release(arena);
}

Test(names, equal_names_are_equal_pointers)
{
    struct arena *arena = arena_create();
    struct names *names = names_create(arena);
    const char *first[3000];
    for (int i = 0; i < 3000; i++) {
        const char *name = arena_format(arena, "layer_%d", i);
        first[i] = names_intern(names, name, strlen(name));
    }
    for (int i = 0; i < 3000; i++) {
        const char *name = arena_format(arena, "layer_%d and more", i);
        cr_assert_eq(names_intern(names, name, strlen(name) - 9), first[i]);
    }
    cr_assert_neq(first[1], first[10]);
    cr_assert_str_eq(first[2999], "layer_2999");
    arena_release(arena);
}

static const char *nearest(const char *wanted, const char *const *candidates)
{
    struct suggestion suggestion = suggestion_for(wanted);
    for (; *candidates; candidates++)
        suggestion_offer(&suggestion, *candidates);
    return suggestion.nearest ? suggestion.nearest : "";
}

Test(names, suggests_the_nearest)
{
    const char *const kinds[] = {"conv",      "dense", "dropout", "maxpool", "avgpool",
                                 "batchnorm", "lr",    "le",      NULL};
    cr_expect_str_eq(nearest("cnov", kinds), "conv", "a swap of neighbours");
    cr_expect_str_eq(nearest("dens", kinds), "dense", "a letter left out");
    cr_expect_str_eq(nearest("maxpoool", kinds), "maxpool", "a letter too many");
    cr_expect_str_eq(nearest("droqout", kinds), "dropout", "another letter");
    cr_expect_str_eq(nearest("bathcnrom", kinds), "batchnorm", "two swaps in nine letters");
    cr_expect_str_eq(nearest("lx", kinds), "lr", "of equally close ones the first");
    cr_expect_str_eq(nearest("pool", kinds), "", "three of seven letters are too many");
    cr_expect_str_eq(nearest("x", kinds), "", "one letter of two in common is none here");
    cr_expect_str_eq(
        nearest("convolutional_layer_with_a_name_that_is_longer_than_any_known_name_could_be", kinds), "");
}

Test(names, does_not_suggest_what_has_nothing_in_common)
{
    const char *const letters[] = {"n", "k", NULL};
    cr_expect_str_eq(nearest("q", letters), "");
    cr_expect_str_eq(nearest("nk", letters), "n");
}

Test(names, suggests_what_others_call_otherwise)
{
    const char *const words[] = {"rate", "pad", "dense", "conv", "relu", "squared_error", NULL};
    cr_expect_str_eq(nearest("learning_rate", words), "rate", "its end");
    cr_expect_str_eq(nearest("conv2d", words), "conv", "its beginning");
    cr_expect_str_eq(nearest("ReLU", words), "relu", "letters alone count");
    cr_expect_str_eq(nearest("lr", words), "rate");
    cr_expect_str_eq(nearest("mse", words), "squared_error");
    cr_expect_str_eq(nearest("linear", words), "dense");
    cr_expect_str_eq(nearest("padlock", words), "", "a part of three letters is in too many names");
    cr_expect_str_eq(nearest("accurate", words), "rate", "an end is an end");
    cr_expect_str_eq(nearest("iterations", words), "", "what is within is not");
}

static struct span span_of(const struct source *source, const char *part)
{
    const char *at = strstr(source->bytes, part);
    return (struct span){source, (uint32_t)(at - source->bytes), (uint32_t)strlen(part)};
}

Test(source, counts_lines_and_characters)
{
    struct arena *arena = arena_create();
    const char *text = "let a = 1\n\tlet λß = b\r\n\nlast";
    struct source *source = source_from_text(arena, "a.net", text, strlen(text));
    cr_expect_eq(source->line_count, 4);
    cr_expect_eq(span_line(span_of(source, "let a")), 1);
    cr_expect_eq(span_column(span_of(source, "1")), 9);
    cr_expect_eq(span_line(span_of(source, "= b")), 2);
    cr_expect_eq(span_column(span_of(source, "= b")), 9, "a tab and a letter of two bytes are one each");
    cr_expect_eq(span_line(span_of(source, "last")), 4);
    cr_expect_eq(span_column(span_of(source, "last")), 1);
    struct span joined = span_join(span_of(source, "let a"), span_of(source, "1"));
    cr_expect_eq(joined.offset, 0);
    cr_expect_eq(joined.length, 9);
    arena_release(arena);
}

Test(source, reads_files_of_any_length_and_says_why_not)
{
    struct arena *arena = arena_create();
    char path[] = "/tmp/netc_source_XXXXXX";
    int file = mkstemp(path);
    FILE *stream = fdopen(file, "wb");
    for (int i = 0; i < 50000; i++)
        fprintf(stream, "line %d\n", i % 10);
    fclose(stream);
    const char *why = NULL;
    struct source *source = source_read(arena, path, &why);
    cr_assert_not_null(source);
    cr_expect_eq(source->length, 350000);
    cr_expect_eq(source->line_count, 50001);
    cr_expect_str_eq(source->path, path);
    cr_assert_eq(truncate(path, 5 << 20), 0);
    cr_expect_null(source_read(arena, path, &why));
    cr_expect_str_eq(why, "larger than 4 MiB, which no .net file is");
    remove(path);
    cr_expect_null(source_read(arena, path, &why));
    cr_expect_str_eq(why, "No such file or directory");
    cr_expect_null(source_read(arena, "/tmp", &why));
    cr_expect_str_eq(why, "Is a directory");
    arena_release(arena);
}
