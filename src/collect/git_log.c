#include "collect/git_log.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "collect/git_branches.h"
#include "collect/git_marks.h"
#include "collect/git_process.h"
#include "collect/git_pulls.h"
#include "collect/git_records.h"
#include "collect/git_repository.h"
#include "collect/git_reverts.h"
#include "collect/git_rework.h"
#include "collect/git_sizes.h"

/* One import: the index of the whole branch, and the part of it that is in the result. */
struct reading {
    struct arena *arena;
    const struct git_options *options;
    const char *directory;
    struct git_repository repository;
    struct git_commit *commits; /* the whole branch, oldest first */
    size_t count;
    size_t capacity;
    size_t window; /* the first commit of the result */
    size_t fresh;  /* the first commit not seen before */
    size_t next;   /* the next commit whose message comes */
    struct git_branches branches;
    struct git_reverts reverts;
    size_t *fixed_by; /* of the whole branch; NULL without rework */
    struct git_lost lost;
    size_t done_before; /* progress of the passes before this one */
    size_t total;
};

static bool report(void *context, size_t reached)
{
    struct reading *reading = context;
    const struct git_options *options = reading->options;
    size_t done = reading->done_before + (reached - reading->window);
    return options->progress == NULL || options->progress(options->context, done, reading->total);
}

static struct git_commit *add_commit(struct reading *reading, const struct git_record *record)
{
    reading->commits = arena_grow(reading->arena, reading->commits, reading->count,
                                  &reading->capacity, sizeof *reading->commits);
    struct git_commit *commit = &reading->commits[reading->count++];
    *commit = (struct git_commit){
        .sha = arena_text(reading->arena, record->sha),
        .committer_time = record->committer_time * 1000000,
        .author_time = record->author_time * 1000000,
        .is_merge = record->parent_count > 1,
    };
    return commit;
}

static enum status take_index(void *context, const struct git_record *record, struct error *error)
{
    (void)error;
    (void)add_commit(context, record);
    return STATUS_OK;
}

static enum status take_commit(void *context, const struct git_record *record, struct error *error)
{
    struct reading *reading = context;
    size_t at = reading->next++;
    if (at >= reading->count)
        (void)add_commit(reading, record);
    struct git_commit *commit = &reading->commits[at];
    if (strcmp(commit->sha, record->sha) != 0)
        return error_set(error, ERROR_INTERNAL,
                         "the repository changed while it was read; try again");
    struct git_marks marks =
        git_marks_read(reading->arena, record->name, record->email, record->message,
                       record->message_length, reading->options->names);
    commit->person = marks.person;
    commit->tool = marks.tool;
    commit->is_bot = marks.is_bot && !commit->is_merge;
    commit->ai_author = marks.ai_author;
    commit->is_fix = marks.is_fix || (commit->is_merge && marks.title_is_fix);
    for (size_t i = 0; i < marks.revert_count; i++)
        git_reverts_add(&reading->reverts, reading->arena, at, marks.reverts[i]);
    if (!commit->is_merge)
        commit->pull = git_pull_squashed(record->message, record->message_length);
    int64_t pull = git_pull_reverted(record->message, record->message_length);
    if (pull > 0)
        git_reverts_add_pull(&reading->reverts, reading->arena, at, pull);
    if (at % 64 == 0 && !report(reading, at))
        return error_set(error, ERROR_STOPPED, "stopped");
    return STATUS_OK;
}

static enum status take_branch_commit(void *context, const struct git_record *record,
                                      struct error *error)
{
    (void)error;
    struct reading *reading = context;
    git_branches_add(&reading->branches, reading->arena, record);
    return STATUS_OK;
}

static enum status push_records(void *context, const char *bytes, size_t length,
                                struct error *error)
{
    return git_records_push(context, bytes, length, error);
}

/* The commits that `which` names to git log. */
static enum status read_records(struct reading *reading, const char *format,
                                const char *const which[4], git_record_sink *sink,
                                struct error *error)
{
    const char *arguments[] = {"log",
                               "-z",
                               "--no-mailmap",
                               "--no-notes",
                               "--no-color",
                               "--no-patch",
                               "--encoding=UTF-8",
                               arena_printf(reading->arena, "--format=%s", format),
                               which[0],
                               which[1],
                               which[2],
                               which[3],
                               NULL};
    struct git_records records = {.sink = sink, .context = reading};
    struct git_exit ended;
    enum status status =
        git_run(reading->directory, arguments, push_records, &records, &ended, error);
    git_records_free(&records);
    if (status == STATUS_OK && ended.code != 0)
        return error_at(error, ERROR_IO, reading->directory, 0, 0,
                        "git could not read all commits of the branch (exit code %d); `git fsck` "
                        "there says what is broken",
                        ended.code);
    return status;
}

/* The newest `limit` commits of the branch (0: all), oldest first. */
static enum status read_first_parents(struct reading *reading, const char *format, size_t limit,
                                      git_record_sink *sink, struct error *error)
{
    const char *which[4] = {"--first-parent", "--reverse", reading->repository.head,
                            limit == 0 ? NULL : arena_printf(reading->arena, "-n%zu", limit)};
    return read_records(reading, format, which, sink, error);
}

static bool has_merge(const struct reading *reading, size_t from, size_t to)
{
    while (from < to && !reading->commits[from].is_merge)
        from++;
    return from < to;
}

/* Branches that merges of the result brought in, with their messages. */
static enum status read_branches(struct reading *reading, struct error *error)
{
    if (!has_merge(reading, reading->window, reading->count))
        return STATUS_OK;
    const char *which[4] = {reading->repository.head};
    if (reading->window > 0)
        which[1] = arena_printf(reading->arena, "^%s", reading->commits[reading->window - 1].sha);
    enum status status = read_records(reading, GIT_RECORD_FORMAT, which, take_branch_commit, error);
    if (status != STATUS_OK)
        return status;
    git_branches_resolve(&reading->branches, reading->arena, reading->commits, reading->count,
                         reading->repository.shallow);
    git_reverts_add_branches(&reading->reverts, reading->arena, &reading->branches,
                             reading->commits);
    return STATUS_OK;
}

/* What is reverted may have come by a merge before the result: then the names of older branches are
   read, too. Their messages were read by an earlier import. */
static enum status resolve_reverts(struct reading *reading, struct error *error)
{
    bool all = git_reverts_resolve(&reading->reverts, reading->arena, &reading->branches,
                                   reading->commits, reading->count);
    if (all || !has_merge(reading, 0, reading->window))
        return STATUS_OK;
    const char *which[4] = {reading->commits[reading->window - 1].sha};
    enum status status =
        read_records(reading, GIT_SUBJECT_FORMAT, which, take_branch_commit, error);
    if (status != STATUS_OK)
        return status;
    git_branches_resolve(&reading->branches, reading->arena, reading->commits, reading->count,
                         reading->repository.shallow);
    (void)git_reverts_resolve(&reading->reverts, reading->arena, &reading->branches,
                              reading->commits, reading->count);
    return STATUS_OK;
}

/* Where the result begins after an earlier import: behind every commit that neither was maturing
   then nor is within reach of a new fix. */
static void find_window(struct reading *reading)
{
    const char *since = reading->options->since_commit;
    size_t seen = reading->count;
    while (seen > 0 && strcmp(reading->commits[seen - 1].sha, since) != 0)
        seen--;
    if (seen == 0)
        return;
    reading->fresh = seen;
    int64_t earliest = reading->commits[seen - 1].committer_time;
    for (size_t i = seen; i < reading->count; i++)
        if (reading->commits[i].committer_time < earliest)
            earliest = reading->commits[i].committer_time;
    while (reading->window < seen &&
           reading->commits[reading->window].committer_time < earliest - GIT_REWORK_WINDOW)
        reading->window++;
    if (seen == reading->count)
        reading->window = seen; /* nothing is new */
}

static enum status read_commits(struct reading *reading, struct error *error)
{
    enum status status = STATUS_OK;
    if (reading->options->since_commit != NULL) {
        status = read_first_parents(reading, GIT_INDEX_FORMAT, 0, take_index, error);
        if (status != STATUS_OK)
            return status;
        find_window(reading);
    }
    reading->next = reading->window;
    size_t limit = reading->count - reading->window;
    if (reading->count > 0 && limit == 0)
        return STATUS_OK;
    reading->total = limit * 3;
    status = read_first_parents(reading, GIT_RECORD_FORMAT, limit, take_commit, error);
    return status == STATUS_OK ? read_branches(reading, error) : status;
}

/* The commit at which a shallow clone was cut would seem to add every file. */
static size_t first_with_diff(const struct reading *reading)
{
    return reading->repository.shallow && reading->window == 0 ? 1 : reading->window;
}

static enum status read_diffs(struct reading *reading, struct error *error)
{
    size_t first = first_with_diff(reading);
    size_t length = reading->count - reading->window;
    reading->total = 3 * length;
    reading->done_before = length;
    reading->lost = (struct git_lost){
        .from = first,
        .commits = arena_array(reading->arena, reading->count, sizeof *reading->lost.commits)};
    enum status status = git_sizes_read(reading->directory, reading->commits,
                                        first > reading->fresh ? first : reading->fresh,
                                        reading->count, &reading->lost, report, reading, error);
    if (status != STATUS_OK)
        return status;
    reading->done_before = 2 * length;
    for (size_t i = first; i < reading->count; i++)
        reading->commits[i].rework_known = true;
    reading->fixed_by = arena_array(reading->arena, reading->count, sizeof *reading->fixed_by);
    return git_rework_replay(reading->directory, reading->commits, first, reading->count,
                             reading->fixed_by, &reading->lost, report, reading, error);
}

/* The first event on the branch counts, be it a revert or a fix. */
static void conclude_rework(struct reading *reading)
{
    int64_t head_time = reading->commits[reading->count - 1].committer_time;
    size_t *reverted_by = git_reverts_within(&reading->reverts, reading->arena, reading->commits,
                                             reading->count, GIT_REWORK_WINDOW);
    for (size_t i = reading->window; i < reading->count; i++) {
        struct git_commit *commit = &reading->commits[i];
        size_t by = reverted_by[i];
        if (reading->fixed_by != NULL && reading->fixed_by[i] < by)
            by = reading->fixed_by[i];
        commit->reworked = by != SIZE_MAX;
        commit->reworked_at = by == SIZE_MAX ? 0 : reading->commits[by].committer_time;
        commit->maturing = head_time - commit->committer_time < GIT_REWORK_WINDOW;
        commit->seen_before = i < reading->fresh;
    }
}

static void collect_late_reverts(const struct reading *reading, struct git_history *history)
{
    size_t capacity = 0;
    for (size_t i = 0; i < reading->window; i++) {
        const struct git_commit *commit = &reading->commits[i];
        if (!commit->reverted)
            continue;
        history->late_reverts =
            arena_grow(reading->arena, history->late_reverts, history->late_revert_count, &capacity,
                       sizeof *history->late_reverts);
        history->late_reverts[history->late_revert_count++] =
            (struct git_late_revert){commit->sha, commit->committer_time, commit->reverted_at};
    }
}

static void count_commits(const struct reading *reading, struct git_history *history)
{
    for (size_t i = reading->fresh; i < reading->count; i++) {
        const struct git_commit *commit = &reading->commits[i];
        history->merges += commit->is_merge;
        history->bots += commit->is_bot;
        if (commit->is_merge || commit->is_bot)
            continue;
        history->items++;
        history->without_person += commit->person == NULL;
        history->maturing += commit->maturing;
        history->size_unknown += !commit->size_known;
        history->rework_unknown += !commit->rework_known;
    }
}

static struct git_history result(const struct reading *reading)
{
    struct git_history history = {
        .commits = reading->commits + reading->window,
        .count = reading->count - reading->window,
        .branch = reading->repository.branch,
        .head = reading->repository.head,
        .head_time = reading->commits[reading->count - 1].committer_time,
        .first_parent_count = reading->count,
        .shallow = reading->repository.shallow,
        .contents_missing = reading->lost.known,
        .since_found = reading->fresh > 0,
    };
    collect_late_reverts(reading, &history);
    count_commits(reading, &history);
    return history;
}

enum status git_log_read(struct arena *arena, const char *directory,
                         const struct git_options *options, struct git_history *history,
                         struct error *error)
{
    static const struct git_options defaults = {0};
    struct reading reading = {
        .arena = arena, .options = options == NULL ? &defaults : options, .directory = directory};
    enum status status = git_repository_find(arena, directory, reading.options->revision,
                                             &reading.repository, error);
    if (status == STATUS_OK)
        status = read_commits(&reading, error);
    if (status != STATUS_OK)
        return status;
    if (reading.count == 0)
        return error_at(error, ERROR_INPUT, directory, 0, 0, "the repository has no commits");
    status = resolve_reverts(&reading, error);
    if (status == STATUS_OK && reading.window < reading.count)
        status = read_diffs(&reading, error);
    if (status != STATUS_OK)
        return status;
    conclude_rework(&reading);
    *history = result(&reading);
    return STATUS_OK;
}
