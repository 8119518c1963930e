#include "collect/git_sizes.h"

#include <stdint.h>

#include "base/error.h"
#include "collect/git_range.h"
#include "collect/git_records.h"

static const char *const size_options[] = {
    "--numstat",
    "-M50%",
    "-l1000",
    "--diff-algorithm=myers",
    "--indent-heuristic",
    "--inter-hunk-context=0",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-relative",
    "--no-notes",
    "--submodule=short",
    "-O/dev/null",
    NULL,
};

struct reading {
    struct git_range range;
    struct git_commit *commits;
    struct git_sizes sizes;
    bool (*progress)(void *context, size_t reached);
    void *context;
};

static enum status begin_commit(void *context, const char *sha, struct error *error)
{
    struct reading *reading = context;
    enum status status = git_range_seen(&reading->range, sha, error);
    if (status == STATUS_OK && reading->progress != NULL && reading->range.next % 64 == 0 &&
        !reading->progress(reading->context, reading->range.next))
        return error_set(error, ERROR_STOPPED, "stopped");
    return status;
}

/* The commit that began last: the next header comes after this. */
static enum status take_size(void *context, const struct git_size *size, struct error *error)
{
    (void)error;
    struct reading *reading = context;
    struct git_commit *commit = &reading->commits[reading->range.next - 1];
    commit->lines_added = size->lines_added;
    commit->lines_deleted = size->lines_deleted;
    commit->size_known = true;
    return STATUS_OK;
}

static enum status take_bytes(void *context, const char *bytes, size_t length, struct error *error)
{
    struct reading *reading = context;
    return git_sizes_push(&reading->sizes, bytes, length, error);
}

static enum status finish(void *context, bool complete, struct error *error)
{
    struct reading *reading = context;
    reading->sizes.line.length = 0;
    return git_sizes_finish(&reading->sizes, complete, error);
}

/* Its size stays unknown. */
static enum status skip(void *context, size_t first, size_t count, struct error *error)
{
    (void)context;
    (void)first;
    (void)count;
    (void)error;
    return STATUS_OK;
}

enum status git_sizes_read(const char *directory, struct git_commit *commits, size_t first,
                           size_t count, struct git_lost *lost,
                           bool (*progress)(void *context, size_t reached), void *context,
                           struct error *error)
{
    struct reading reading = {
        .range = {.directory = directory,
                  .commits = commits,
                  .first = first,
                  .count = count,
                  .lost = lost,
                  .options = size_options,
                  .sink = take_bytes,
                  .finish = finish,
                  .skip = skip},
        .commits = commits,
        .progress = progress,
        .context = context,
    };
    reading.range.context = &reading;
    reading.sizes.begin = begin_commit;
    reading.sizes.sink = take_size;
    reading.sizes.context = &reading;
    enum status status = git_range_read(&reading.range, error);
    git_sizes_free(&reading.sizes);
    return status;
}
