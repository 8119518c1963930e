#include "base/hash.h"
#include "base/sha256.h"

#include "check.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void hex_of(const void *bytes, size_t length, bool by_processor, size_t piece,
                   char out[2 * sha256_size + 1])
{
    struct sha256 sha;
    uint8_t digest[sha256_size];
    sha256_start(&sha, by_processor);
    for (size_t at = 0; at < length; at += piece)
        sha256_add(&sha, (const uint8_t *)bytes + at, length - at < piece ? length - at : piece);
    sha256_end(&sha, digest);
    sodium_bin2hex(out, 2 * sha256_size + 1, digest, sizeof digest);
}

/* FIPS 180-4's examples as NIST publishes them, and `printf '' | sha256sum`. */
static const struct {
    const char *text;
    size_t times;
    const char *hex;
} known[] = {
    {"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

static void sha256_gives_the_published_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t size = strlen(known[i].text);
        char *bytes = malloc(size * known[i].times + 1);
        assert_non_null(bytes);
        for (size_t k = 0; k < known[i].times; k++)
            memcpy(bytes + k * size, known[i].text, size);
        char hex[2 * sha256_size + 1];
        hex_of(bytes, size * known[i].times, false, 1000, hex);
        assert_string_equal(hex, known[i].hex);
        if (sha256_by_processor()) {
            hex_of(bytes, size * known[i].times, true, 1000, hex);
            assert_string_equal(hex, known[i].hex);
        }
        free(bytes);
    }
}

/* Every length up to five blocks, in pieces of every size that leaves another rest. */
static void the_processor_and_libsodium_agree(void **state)
{
    (void)state;
    uint8_t bytes[5 * sha256_block];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 167 + 13);
    if (!sha256_by_processor()) {
        print_message("this processor has no instructions for SHA-256: not tested\n");
        skip();
    }
    for (size_t length = 0; length <= sizeof bytes; length++)
        for (size_t piece = 1; piece <= 2 * sha256_block + 1; piece += 16) {
            char ours[2 * sha256_size + 1];
            uint8_t digest[crypto_hash_sha256_BYTES];
            char wanted[2 * sha256_size + 1];
            hex_of(bytes, length, true, piece, ours);
            crypto_hash_sha256(digest, bytes, length);
            sodium_bin2hex(wanted, sizeof wanted, digest, sizeof digest);
            assert_string_equal(ours, wanted);
        }
}

static void a_file_has_the_hash_of_its_bytes(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    for (int i = 0; i < 1000000; i++)
        (void)fputc('a', file);
    assert_int_equal(fflush(file), 0);
    char hex[hash_hex_length + 1];
    struct error error = {0};
    assert_int_equal(hash_sha256_file(fileno(file), "a", hex, &error), STATUS_OK);
    assert_string_equal(hex, known[3].hex);
    (void)fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_published_examples),
        cmocka_unit_test(the_processor_and_libsodium_agree),
        cmocka_unit_test(a_file_has_the_hash_of_its_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
