/* tests/fuzz/fuzz_git_log.c

   The push parsers of git's output, and the line owners and marks behind them, on any bytes. The
   first byte chooses the parser, the second the size of the pieces in which the rest arrives.

   clang -g -O1 -fsanitize=fuzzer,address,undefined -D_POSIX_C_SOURCE=200809L -Iinclude -Isrc \
       tests/fuzz/fuzz_git_log.c src/base/{arena,error}.c \
       src/collect/git_{bytes,records,patch,owners,identities,marks,pulls}.c -o /tmp/fuzz_git_log
   /tmp/fuzz_git_log -max_total_time=60 tests/fuzz/corpus/git_log */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "collect/git_marks.h"
#include "collect/git_owners.h"
#include "collect/git_pulls.h"
#include "collect/git_records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status take_record(void *context, const struct git_record *record, struct error *error)
{
    (void)error;
    struct git_marks marks = git_marks_read(context, record->name, record->email, record->message,
                                            record->message_length, NULL);
    if (marks.ai_author && (marks.is_bot || marks.tool == NULL))
        abort();
    return STATUS_OK;
}

static enum status take_size(void *context, const struct git_size *size, struct error *error)
{
    (void)context;
    (void)error;
    if (size->lines_added < 0 || size->lines_deleted < 0)
        abort();
    return STATUS_OK;
}

struct replay {
    struct git_owners *owners;
    uint32_t current;
};

static void lines_deleted(void *context, uint32_t owner)
{
    const struct replay *replay = context;
    if (owner > replay->current)
        abort();
}

static bool owner_matters(void *context, uint32_t owner)
{
    const struct replay *replay = context;
    return owner + 8 > replay->current;
}

static enum status begin_commit(void *context, const char *sha, struct error *error)
{
    (void)sha;
    struct replay *replay = context;
    enum status status = git_owners_end(replay->owners, error);
    git_owners_begin(replay->owners, ++replay->current);
    if (replay->current % 16 == 15)
        git_owners_forget(replay->owners, "f");
    return status;
}

static enum status begin_file(void *context, const struct git_file_change *change,
                              struct error *error)
{
    struct replay *replay = context;
    return git_owners_file(replay->owners, change, error);
}

static enum status apply_hunk(void *context, const struct git_hunk *hunk, struct error *error)
{
    struct replay *replay = context;
    return git_owners_hunk(replay->owners, hunk, error);
}

static void fuzz_records(struct arena *arena, const char *bytes, size_t size, size_t piece)
{
    struct error error;
    struct git_records records = {.sink = take_record, .context = arena};
    enum status status = STATUS_OK;
    for (size_t at = 0; at < size && status == STATUS_OK; at += piece)
        status =
            git_records_push(&records, bytes + at, size - at < piece ? size - at : piece, &error);
    git_records_free(&records);
}

static void fuzz_sizes(const char *bytes, size_t size, size_t piece)
{
    struct error error;
    struct git_sizes sizes = {.sink = take_size};
    for (size_t at = 0; at < size; at += piece)
        (void)git_sizes_push(&sizes, bytes + at, size - at < piece ? size - at : piece, &error);
    (void)git_sizes_finish(&sizes, true, &error);
    git_sizes_free(&sizes);
}

static void fuzz_patch(const char *bytes, size_t size, size_t piece)
{
    struct error error;
    struct replay replay = {0};
    replay.owners = git_owners_open(
        &(struct git_owners_events){lines_deleted, owner_matters, lines_deleted, &replay});
    struct git_patch patch = {.events = {begin_commit, begin_file, apply_hunk, &replay}};
    for (size_t at = 0; at < size; at += piece)
        (void)git_patch_push(&patch, bytes + at, size - at < piece ? size - at : piece, &error);
    (void)git_patch_finish(&patch, &error);
    (void)git_owners_end(replay.owners, &error);
    git_patch_free(&patch);
    git_owners_close(replay.owners);
}

/* A message alone, too: most bytes of a record never come past its sha. */
static void fuzz_marks(struct arena *arena, const char *bytes, size_t size)
{
    (void)git_marks_read(arena, "Ann", "ann@example.org", bytes, size, NULL);
    if (git_pull_merged(bytes, size) < 0 || git_pull_squashed(bytes, size) < 0 ||
        git_pull_reverted(bytes, size) < 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    /* An exact copy: reading one byte past the end is seen. */
    size_t length = size - 2;
    char *bytes = malloc(length + (length == 0));
    if (bytes == NULL)
        return 0;
    memcpy(bytes, data + 2, length);
    size_t piece = (size_t)data[1] + 1;
    struct arena *arena = arena_create();
    switch (data[0] % 4) {
    case 0:
        fuzz_records(arena, bytes, length, piece);
        break;
    case 1:
        fuzz_sizes(bytes, length, piece);
        break;
    case 2:
        fuzz_patch(bytes, length, piece);
        break;
    default:
        fuzz_marks(arena, bytes, length);
        break;
    }
    arena_destroy(arena);
    free(bytes);
    return 0;
}
