/* base/sha256.h

   SHA-256 (FIPS 180-4) of bytes that come piece by piece: by the processor's own instructions where
   it has them, which are five times as fast, else by libsodium. */

#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sodium.h>

enum { sha256_block = 64, sha256_size = 32 };

struct sha256 {
    bool by_processor;
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    uint8_t rest[sha256_block];
    crypto_hash_sha256_state portable;
};

/* May the processor be asked? */
bool sha256_by_processor(void);

/* by_processor   only where sha256_by_processor says so */
void sha256_start(struct sha256 *sha, bool by_processor);
void sha256_add(struct sha256 *sha, const void *bytes, size_t length);
void sha256_end(struct sha256 *sha, uint8_t digest[sha256_size]);

#endif
