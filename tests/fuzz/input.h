/* input.h - bytes of a fuzzer as a file, for readers that want one.
 *
 *     input_write("data.csv", bytes, length)      in a folder in memory, which goes when the program ends */
#ifndef NETC_TESTS_FUZZ_INPUT_H
#define NETC_TESTS_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls with each input, and replay.c with each of the corpus. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The working folder becomes an empty one, at the first call. */
void input_write(const char *name, const void *bytes, size_t length);

#endif
