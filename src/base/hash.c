#include "base/hash.h"

#include "base/error.h"

#include <errno.h>
#include <openssl/evp.h>
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

static enum status failed(struct error *error, const char *path)
{
    return error_at(error, ERROR_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
}

static enum status digest_file(EVP_MD_CTX *sha, int file, const char *path, struct error *error)
{
    static const size_t block = 1 << 16;
    uint8_t bytes[1 << 16];
    if (lseek(file, 0, SEEK_SET) < 0)
        return failed(error, path);
    for (;;) {
        ssize_t got = read(file, bytes, block);
        if (got == 0)
            return STATUS_OK;
        if (got < 0 && errno != EINTR)
            return failed(error, path);
        if (got > 0 && EVP_DigestUpdate(sha, bytes, (size_t)got) != 1)
            return error_set(error, ERROR_MEMORY, "out of memory");
    }
}

enum status hash_sha256_file(int file, const char *path, char out[hash_hex_length + 1],
                             struct error *error)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    EVP_MD_CTX *sha = EVP_MD_CTX_new();
    enum status status = STATUS_OK;
    if (sha == NULL || EVP_DigestInit_ex(sha, EVP_sha256(), NULL) != 1)
        status = error_set(error, ERROR_MEMORY, "out of memory");
    if (status == STATUS_OK)
        status = digest_file(sha, file, path, error);
    if (status == STATUS_OK && EVP_DigestFinal_ex(sha, digest, &length) != 1)
        status = error_set(error, ERROR_MEMORY, "out of memory");
    if (status == STATUS_OK)
        sodium_bin2hex(out, hash_hex_length + 1, digest, length);
    EVP_MD_CTX_free(sha);
    return status;
}
