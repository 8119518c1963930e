#include "base/hash.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The hash of a file that holds the bytes. */
static void hash_of(const void *bytes, size_t length, char hex[hash_hex_length + 1])
{
    struct error error = {0};
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fflush(file), 0);
    assert_int_equal(hash_sha256_file(fileno(file), "a", hex, &error), STATUS_OK);
    (void)fclose(file);
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

static void bytes_and_files_have_the_published_hashes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t size = strlen(known[i].text);
        char *bytes = malloc(size * known[i].times + 1);
        assert_non_null(bytes);
        for (size_t k = 0; k < known[i].times; k++)
            memcpy(bytes + k * size, known[i].text, size);
        char hex[hash_hex_length + 1];
        hash_of(bytes, size * known[i].times, hex);
        assert_string_equal(hex, known[i].hex);
        hash_sha256(bytes, size * known[i].times, hex);
        assert_string_equal(hex, known[i].hex);
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_and_files_have_the_published_hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
