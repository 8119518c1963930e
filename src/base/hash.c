#include "base/hash.h"

#include "base/error.h"
#include "base/sha256.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

/* sodium_init is idempotent and safe to call from several threads; random bytes need it. */
void hash_key_random(struct hash_key *key)
{
    if (sodium_init() < 0)
        sodium_misuse();
    randombytes_buf(key->bytes, sizeof key->bytes);
}

void hash_key_forget(struct hash_key *key)
{
    sodium_memzero(key, sizeof *key);
}

void hash_pseudonym(const struct hash_key *key, const char *text, size_t length, char out[16])
{
    uint8_t digest[crypto_generichash_BYTES_MIN];
    char digits[17];
    crypto_generichash(digest, sizeof digest, (const uint8_t *)text, length, key->bytes,
                       sizeof key->bytes);
    sodium_bin2hex(digits, sizeof digits, digest, 8);
    memcpy(out, digits, 16);
}

void hash_sha256(const void *bytes, size_t length, char out[hash_hex_length + 1])
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, bytes, length);
    sodium_bin2hex(out, hash_hex_length + 1, digest, sizeof digest);
}

enum status hash_sha256_file(int file, const char *path, char out[hash_hex_length + 1],
                             struct error *error)
{
    struct sha256 sha;
    sha256_start(&sha, sha256_by_processor());
    if (lseek(file, 0, SEEK_SET) < 0)
        return error_at(error, ERROR_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
    static const size_t block = 1 << 16;
    uint8_t bytes[1 << 16];
    for (;;) {
        ssize_t got = read(file, bytes, block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_at(error, ERROR_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
        if (got == 0)
            break;
        sha256_add(&sha, bytes, (size_t)got);
    }
    uint8_t digest[sha256_size];
    sha256_end(&sha, digest);
    sodium_bin2hex(out, hash_hex_length + 1, digest, sizeof digest);
    return STATUS_OK;
}
