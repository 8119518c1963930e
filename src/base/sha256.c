#include "base/sha256.h"

#include <string.h>

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

bool sha256_by_processor(void)
{
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSE4_1) == 0 || (c & bit_SSSE3) == 0)
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
}

/* The instructions hold the state as (a, b, e, f) and (c, d, g, h), and take four words of the
   message, with their constants, for four rounds. The words w[t] from 16 on are made of the sixteen
   before, four at a time, in the same four registers. */
__attribute__((target("sha,sse4.1,ssse3"))) static void
take_blocks(uint32_t state[8], const uint8_t *bytes, size_t blocks)
{
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i dcba = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)state), 0xb1);
    __m128i hgfe =
        _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)(state + 4)), 0x1b);
    __m128i abef = _mm_alignr_epi8(dcba, hgfe, 8);
    __m128i cdgh = _mm_blend_epi16(hgfe, dcba, 0xf0);
    for (; blocks > 0; blocks--, bytes += sha256_block) {
        const __m128i abef_before = abef;
        const __m128i cdgh_before = cdgh;
        __m128i words[4];
        for (int i = 0; i < 4; i++)
            words[i] = _mm_shuffle_epi8(
                _mm_loadu_si128((const __m128i *)(const void *)(bytes + (size_t)i * 16)),
                big_endian);
        for (int i = 0; i < 16; i++) {
            __m128i w = words[i % 4];
            if (i >= 4) {
                const __m128i last = words[(i + 3) % 4];
                w = _mm_sha256msg1_epu32(w, words[(i + 1) % 4]);
                w = _mm_add_epi32(w, _mm_alignr_epi8(last, words[(i + 2) % 4], 4));
                w = words[i % 4] = _mm_sha256msg2_epu32(w, last);
            }
            const __m128i sum = _mm_add_epi32(
                w, _mm_loadu_si128((const __m128i *)(const void *)(round_constants + i * 4)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else

bool sha256_by_processor(void)
{
    return false;
}

static void take_blocks(uint32_t state[8], const uint8_t *bytes, size_t blocks)
{
    (void)state;
    (void)bytes;
    (void)blocks;
}

#endif

void sha256_start(struct sha256 *sha, bool by_processor)
{
    static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    *sha = (struct sha256){.by_processor = by_processor};
    memcpy(sha->state, initial, sizeof initial);
    if (!by_processor)
        crypto_hash_sha256_init(&sha->portable);
}

void sha256_add(struct sha256 *sha, const void *bytes, size_t length)
{
    if (!sha->by_processor) {
        crypto_hash_sha256_update(&sha->portable, bytes, length);
        return;
    }
    const uint8_t *at = bytes;
    size_t held = sha->length % sha256_block;
    sha->length += length;
    if (held > 0) {
        size_t room = sha256_block - held;
        size_t taken = length < room ? length : room;
        memcpy(sha->rest + held, at, taken);
        if (taken < room)
            return;
        take_blocks(sha->state, sha->rest, 1);
        at += taken;
        length -= taken;
    }
    take_blocks(sha->state, at, length / sha256_block);
    memcpy(sha->rest, at + length / sha256_block * sha256_block, length % sha256_block);
}

/* Behind the last byte stand a bit, zeros, and the length in bits, which end a block. */
void sha256_end(struct sha256 *sha, uint8_t digest[sha256_size])
{
    if (!sha->by_processor) {
        crypto_hash_sha256_final(&sha->portable, digest);
        return;
    }
    uint8_t tail[2 * sha256_block] = {0x80};
    uint64_t bits = sha->length * 8;
    size_t held = sha->length % sha256_block;
    size_t zeros_end = (held < sha256_block - 8 ? sha256_block : 2 * sha256_block) - held;
    for (size_t i = 0; i < 8; i++)
        tail[zeros_end - 1 - i] = (uint8_t)(bits >> (8 * i));
    sha256_add(sha, tail, zeros_end);
    for (size_t i = 0; i < sha256_size; i++)
        digest[i] = (uint8_t)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
}
