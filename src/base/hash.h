/* base/hash.h: keyed and plain hashes, and the workspace's secret key. libsodium does the work. */

#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "assay/status.h"

#include <stddef.h>
#include <stdint.h>

enum { hash_key_bytes = 32, hash_hex_length = 64 };

struct hash_key {
    uint8_t bytes[hash_key_bytes];
};

/* A fresh random key. */
void hash_key_random(struct hash_key *key);

/* Overwrites the key in memory. */
void hash_key_forget(struct hash_key *key);

/* The first 8 bytes of a 16-byte BLAKE2b of the text under the key, as 16 hex digits. */
void hash_pseudonym(const struct hash_key *key, const char *text, size_t length, char out[16]);

/* SHA-256 as 64 hex digits and a NUL. */
void hash_sha256(const void *bytes, size_t length, char out[hash_hex_length + 1]);

/* SHA-256 of a file from its start; its position ends anywhere.
   Fails with ERROR_IO. */
enum status hash_sha256_file(int file, const char *path, char out[hash_hex_length + 1],
                             struct error *error);

#endif
