/* state.c - a state of a run, as --resume reads it. The hash of its data is put right first: what a fuzzer
 * changes should get further than that. */
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "model.h"
#include "problem.h"
#include "run/state.h"
#include "run/weights.h"
#include "sha256.h"

extern const struct model fuzzed_model;

static void mend_hash(uint8_t *bytes, size_t length)
{
    static const char name[] = "\"sha256\":\"";
    uint64_t header = 0;
    char hex[SHA256_HEX];
    struct sha256 hash;
    uint8_t *place = memmem(bytes, length, name, sizeof name - 1);
    for (size_t i = 8; i-- > 0 && length >= 8;)
        header = header << 8 | bytes[i];
    if (!place || header > length || header + 8 > length ||
        place + sizeof name - 1 + SHA256_HEX - 1 > bytes + length)
        return;
    sha256_start(&hash);
    sha256_add(&hash, bytes + 8 + header, length - 8 - (size_t)header);
    sha256_finish(&hash, hex);
    memcpy(place + sizeof name - 1, hex, SHA256_HEX - 1);
}

/* Everything fits that a mutation leaves alone: the state is asked for what it would be asked for. */
static void restore(struct state *state, struct problem *problem)
{
    struct observer observer;
    const struct examples examples = {.count = 12};
    struct training run = {.model = &fuzzed_model, .epochs = 3, .observer = &observer, .train = &examples};
    void *net = weights_allocate(&fuzzed_model, 1, problem);
    if (!net || !observer_create(&observer, &fuzzed_model, NULL, PROGRESS_NONE, run.epochs))
        abort();
    if (!state_restore(state, net, &run, problem) && !problem->text[0])
        abort();
    observer_release(&observer);
    free(net);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct problem problem = {{0}};
    struct state state;
    uint8_t *mended = malloc(length + 1);
    if (!mended)
        abort();
    memcpy(mended, bytes, length);
    mend_hash(mended, length);
    input_write("state", mended, length);
    free(mended);
    if (state_open(&state, ".", &problem)) {
        json_t *identity = json_object();
        state_fits(&state, &fuzzed_model, identity, &problem);
        restore(&state, &problem);
        json_decref(identity);
        state_close(&state);
    } else if (!problem.text[0]) {
        abort();
    }
    return 0;
}
