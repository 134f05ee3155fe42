/* sha256.h - SHA-256 (FIPS 180-4) of a stream of bytes, as sha256sum prints it.
 *
 *     sha256_start(&hash); sha256_add(&hash, "abc", 3); sha256_finish(&hash, hex);   hex = "ba7816bf…" */
#ifndef NETC_SHA256_H
#define NETC_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_HEX 65 /* 64 digits and the final zero */

struct sha256 {
    uint32_t state[8];
    uint64_t length;         /* bytes added so far */
    unsigned char block[64]; /* the last length % 64 bytes, not yet mixed in */
};

void sha256_start(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *bytes, size_t length);
void sha256_finish(struct sha256 *hash, char hex[SHA256_HEX]);

#endif
