#include "collect/file_hash.h"

#include "base/error.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct file_hash {
    pthread_t thread;
    int file;
    const char *path;
    char digits[hash_hex_length + 1];
    enum status status;
    struct error error;
};

static void *run(void *argument)
{
    struct file_hash *hash = argument;
    hash->status = hash_sha256_file(hash->file, hash->path, hash->digits, &hash->error);
    return NULL;
}

enum status file_hash_start(int file, const char *path, struct file_hash **out, struct error *error)
{
    struct file_hash *hash = calloc(1, sizeof *hash);
    if (hash == NULL)
        return error_memory(error);
    hash->file = file;
    hash->path = path;
    if (pthread_create(&hash->thread, NULL, run, hash) != 0) {
        free(hash);
        return error_memory(error);
    }
    *out = hash;
    return STATUS_OK;
}

enum status file_hash_end(struct file_hash *hash, char *out, struct error *error)
{
    if (hash == NULL)
        return STATUS_OK;
    (void)pthread_join(hash->thread, NULL);
    enum status status = hash->status;
    if (status == STATUS_OK && out != NULL)
        memcpy(out, hash->digits, sizeof hash->digits);
    if (status != STATUS_OK && error != NULL)
        *error = hash->error;
    free(hash);
    return status;
}
