/* sha256.c - bytes in, 64 hex digits out: the fingerprint of data files and of a .net text. */
#include <stdio.h>
#include <string.h>

#include "sha256.h"

static const uint32_t sha256_round[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static inline uint32_t turn_right(uint32_t word, int bits)
{
    return word >> bits | word << (32 - bits);
}

/* Words 16 to 63 of the schedule follow from the sixteen of the block. */
static void sha256_expand(uint32_t word[64], const unsigned char block[64])
{
    for (int i = 0; i < 16; i++)
        word[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
                  (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t near = word[i - 2], far = word[i - 15];
        word[i] = word[i - 16] + word[i - 7] + (turn_right(near, 17) ^ turn_right(near, 19) ^ near >> 10) +
                  (turn_right(far, 7) ^ turn_right(far, 18) ^ far >> 3);
    }
}

static void sha256_mix(uint32_t state[8], const unsigned char block[64])
{
    uint32_t word[64];
    sha256_expand(word, block);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; i++) {
        uint32_t low = h + (turn_right(e, 6) ^ turn_right(e, 11) ^ turn_right(e, 25)) + ((e & f) ^ (~e & g)) +
                       sha256_round[i] + word[i];
        uint32_t high =
            (turn_right(a, 2) ^ turn_right(a, 13) ^ turn_right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + low;
        d = c, c = b, b = a, a = low + high;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

void sha256_start(struct sha256 *hash)
{
    *hash = (struct sha256){.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
                                      0x1f83d9ab, 0x5be0cd19}};
}

void sha256_add(struct sha256 *hash, const void *bytes, size_t length)
{
    const unsigned char *from = bytes;
    size_t held = hash->length % 64;
    hash->length += length;
    while (length > 0) {
        if (held == 0 && length >= 64) {
            sha256_mix(hash->state, from);
            from += 64, length -= 64;
            continue;
        }
        size_t part = length < 64 - held ? length : 64 - held;
        memcpy(hash->block + held, from, part);
        from += part, length -= part;
        held = (held + part) % 64;
        if (held == 0)
            sha256_mix(hash->state, hash->block);
    }
}

void sha256_finish(struct sha256 *hash, char hex[SHA256_HEX])
{
    static const unsigned char padding[64] = {0x80};
    uint64_t bits = hash->length * 8;
    size_t held = hash->length % 64;
    sha256_add(hash, padding, held < 56 ? 56 - held : 120 - held);
    unsigned char tail[8];
    for (int i = 0; i < 8; i++)
        tail[i] = (unsigned char)(bits >> (56 - 8 * i));
    sha256_add(hash, tail, sizeof tail);
    for (int i = 0; i < 8; i++)
        snprintf(hex + 8 * i, SHA256_HEX - 8 * (size_t)i, "%08x", hash->state[i]);
}
