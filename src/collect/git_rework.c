#include "collect/git_rework.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "collect/git_owners.h"
#include "collect/git_patch.h"
#include "collect/git_range.h"

static const char *const patch_options[] = {
    "-p",
    "-U0",
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
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "-O/dev/null",
    NULL,
};

/* In longer stretches of lost commits, all files are forgotten instead of those they touched. */
enum { most_asked = 8 };

struct replay {
    struct git_range range;
    struct git_commit *commits;
    size_t *fixed_by;
    int64_t *horizon; /* per commit: the earliest time of a fix from it on */
    struct git_owners *owners;
    struct git_patch patch;
    struct git_bytes path; /* of a commit that is lost */
    size_t current;        /* SIZE_MAX before the first commit */
    size_t skipped;        /* the lost commit whose files are being forgotten */
    bool (*progress)(void *context, size_t reached);
    void *context;
};

static void lines_deleted(void *context, uint32_t owner)
{
    struct replay *replay = context;
    const struct git_commit *fix = &replay->commits[replay->current];
    if (fix->is_fix && replay->fixed_by[owner] == SIZE_MAX &&
        fix->committer_time - replay->commits[owner].committer_time <= GIT_REWORK_WINDOW)
        replay->fixed_by[owner] = replay->current;
}

/* Whether a fix from the commit `from` on could still rework the owner. */
static bool reworkable(const struct replay *replay, uint32_t owner, size_t from)
{
    return replay->fixed_by[owner] == SIZE_MAX && replay->horizon[from] != INT64_MAX &&
           replay->horizon[from] - replay->commits[owner].committer_time <= GIT_REWORK_WINDOW;
}

/* Asked while the current commit is applied: its own lines meet the fixes behind it. */
static bool owner_matters(void *context, uint32_t owner)
{
    const struct replay *replay = context;
    return reworkable(replay, owner, replay->current + 1);
}

static void lines_forgotten(void *context, uint32_t owner)
{
    struct replay *replay = context;
    if (reworkable(replay, owner, replay->skipped))
        replay->commits[owner].rework_known = false;
}

static enum status end_commit(struct replay *replay, struct error *error)
{
    return replay->current == SIZE_MAX ? STATUS_OK : git_owners_end(replay->owners, error);
}

static enum status begin_commit(void *context, const char *sha, struct error *error)
{
    struct replay *replay = context;
    enum status status = end_commit(replay, error);
    if (status == STATUS_OK)
        status = git_range_seen(&replay->range, sha, error);
    if (status != STATUS_OK)
        return status;
    replay->current = replay->range.next - 1;
    /* A merge owns what it brings into the branch, conflicts solved on the way included. */
    bool owns = replay->current < GIT_NOBODY;
    git_owners_begin(replay->owners, owns ? (uint32_t)replay->current : (uint32_t)GIT_NOBODY);
    if (replay->progress != NULL && replay->current % 64 == 0 &&
        !replay->progress(replay->context, replay->current))
        return error_set(error, ERROR_STOPPED, "stopped");
    return STATUS_OK;
}

static enum status begin_file(void *context, const struct git_file_change *change,
                              struct error *error)
{
    struct replay *replay = context;
    return replay->current == SIZE_MAX ? STATUS_OK : git_owners_file(replay->owners, change, error);
}

static enum status apply_hunk(void *context, const struct git_hunk *hunk, struct error *error)
{
    struct replay *replay = context;
    return replay->current == SIZE_MAX ? STATUS_OK : git_owners_hunk(replay->owners, hunk, error);
}

static enum status take_bytes(void *context, const char *bytes, size_t length, struct error *error)
{
    struct replay *replay = context;
    return git_patch_push(&replay->patch, bytes, length, error);
}

static enum status finish(void *context, bool complete, struct error *error)
{
    struct replay *replay = context;
    enum status status = STATUS_OK;
    if (complete) {
        status = git_patch_finish(&replay->patch, error);
        if (status == STATUS_OK)
            status = end_commit(replay, error);
    }
    struct git_patch_events events = replay->patch.events;
    git_patch_free(&replay->patch);
    replay->patch = (struct git_patch){.events = events};
    git_owners_begin(replay->owners, GIT_NOBODY); /* drops what was cut off */
    replay->current = SIZE_MAX;
    return status;
}

static enum status forget_paths(void *context, const char *bytes, size_t length,
                                struct error *error)
{
    struct replay *replay = context;
    for (size_t i = 0; i < length; i++) {
        if (!git_bytes_append(&replay->path, bytes + i, 1))
            return error_memory(error);
        if (bytes[i] != '\0')
            continue;
        git_owners_forget(replay->owners, replay->path.data);
        replay->path.length = 0;
    }
    return STATUS_OK;
}

/* Which files a lost commit touched is known from the trees alone. */
static enum status forget_commit(struct replay *replay, size_t index, struct error *error)
{
    const char *arguments[] = {
        "log",          "-n1",       "--first-parent",           "-m", "-z", "--name-only",
        "--no-renames", "--format=", replay->commits[index].sha, NULL};
    struct git_exit ended = {0};
    replay->path.length = 0;
    enum status status =
        git_run(replay->range.directory, arguments, forget_paths, replay, &ended, error);
    if (status == STATUS_OK && ended.code != 0)
        git_owners_forget_all(replay->owners);
    return status;
}

static enum status skip(void *context, size_t first, size_t count, struct error *error)
{
    struct replay *replay = context;
    for (size_t i = first; i < first + count; i++)
        replay->commits[i].rework_known = false;
    replay->skipped = first;
    if (count > most_asked) {
        git_owners_forget_all(replay->owners);
        return STATUS_OK;
    }
    enum status status = STATUS_OK;
    for (size_t i = first; i < first + count && status == STATUS_OK; i++) {
        replay->skipped = i;
        status = forget_commit(replay, i, error);
    }
    return status;
}

/* From the end: the earliest fix from each commit on; INT64_MAX where none is left. */
static int64_t *fix_horizon(const struct git_commit *commits, size_t count)
{
    int64_t *horizon = calloc(count + 1, sizeof *horizon);
    if (horizon == NULL)
        return NULL;
    horizon[count] = INT64_MAX;
    for (size_t i = count; i-- > 0;) {
        horizon[i] = horizon[i + 1];
        if (commits[i].is_fix && commits[i].committer_time < horizon[i])
            horizon[i] = commits[i].committer_time;
    }
    return horizon;
}

enum status git_rework_replay(const char *directory, struct git_commit *commits, size_t first,
                              size_t count, size_t *fixed_by, struct git_lost *lost,
                              bool (*progress)(void *context, size_t reached), void *context,
                              struct error *error)
{
    for (size_t i = 0; i < count; i++)
        fixed_by[i] = SIZE_MAX;
    struct replay replay = {
        .range = {.directory = directory,
                  .commits = commits,
                  .first = first,
                  .count = count,
                  .lost = lost,
                  .options = patch_options,
                  .sink = take_bytes,
                  .finish = finish,
                  .skip = skip},
        .commits = commits,
        .fixed_by = fixed_by,
        .current = SIZE_MAX,
        .progress = progress,
        .context = context,
    };
    replay.range.context = &replay;
    replay.patch.events = (struct git_patch_events){begin_commit, begin_file, apply_hunk, &replay};
    replay.horizon = fix_horizon(commits, count);
    replay.owners = git_owners_open(
        &(struct git_owners_events){lines_deleted, owner_matters, lines_forgotten, &replay});
    enum status status = replay.horizon == NULL || replay.owners == NULL
                             ? error_memory(error)
                             : git_range_read(&replay.range, error);
    git_patch_free(&replay.patch);
    git_bytes_free(&replay.path);
    git_owners_close(replay.owners);
    free(replay.horizon);
    return status;
}
