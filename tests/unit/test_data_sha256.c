/* test_data_sha256.c - SHA-256 against the examples of FIPS 180-4. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sha256.h"

static void expect_hash(const void *bytes, size_t length, const char *wanted)
{
    struct sha256 hash;
    char hex[SHA256_HEX];
    /* In pieces of every length: blocks must join up. */
    for (size_t piece = 1; piece < 70; piece++) {
        sha256_start(&hash);
        for (size_t at = 0; at < length; at += piece)
            sha256_add(&hash, (const char *)bytes + at, piece < length - at ? piece : length - at);
        sha256_finish(&hash, hex);
        cr_expect_str_eq(hex, wanted);
    }
}

Test(sha256, equals_the_standard)
{
    static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    char *million = malloc(1000000);
    memset(million, 'a', 1000000);
    expect_hash("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect_hash("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect_hash(two_blocks, 56, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    expect_hash(million, 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}
