#include "collect/git_missing.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "collect/git_bytes.h"
#include "collect/git_process.h"
#include "collect/git_records.h"

/* A content that a commit needs. */
struct need {
    unsigned char id[git_sha_bytes / 2];
    uint32_t commit;
    bool present; /* told in the first of the needs of one id */
};

struct search {
    const struct git_commit *commits;
    size_t count;
    size_t at; /* the commit whose lines come; count before the first */
    size_t first;
    struct need *needs;
    size_t need_count;
    size_t capacity;
    struct git_bytes line;
};

static unsigned digit(char hex)
{
    return hex >= 'a' ? (unsigned)(hex - 'a') + 10 : (unsigned)(hex - '0');
}

/* False for what is no object id. */
static bool read_id(const char *text, size_t length, unsigned char id[git_sha_bytes / 2])
{
    if (!git_is_sha(text, length))
        return false;
    memset(id, 0, git_sha_bytes / 2);
    for (size_t i = 0; i < length; i++)
        id[i / 2] = (unsigned char)(id[i / 2] * 16 + digit(text[i]));
    return true;
}

static enum status add_need(struct search *search, const char *text, size_t length,
                            struct error *error)
{
    struct need need = {.commit = (uint32_t)search->at};
    if (length == 0 || strspn(text, "0") >= length || !read_id(text, length, need.id))
        return STATUS_OK; /* created or deleted: nothing on this side */
    if (search->need_count == search->capacity) {
        size_t capacity = search->capacity == 0 ? 1024 : search->capacity * 2;
        struct need *needs = realloc(search->needs, capacity * sizeof *needs);
        if (needs == NULL)
            return error_memory(error);
        search->needs = needs;
        search->capacity = capacity;
    }
    search->needs[search->need_count++] = need;
    return STATUS_OK;
}

/* `:MODE MODE ID ID STATUS<tab>PATH`; a submodule's id (mode 160000) is no object of ours. */
static enum status raw_line(struct search *search, const char *line, struct error *error)
{
    char sha[git_sha_bytes + 1];
    if (git_commit_line(line, strlen(line), sha)) {
        size_t next = search->at == search->count ? search->first : search->at + 1;
        while (next < search->count && strcmp(search->commits[next].sha, sha) != 0)
            next++;
        search->at = next;
        return STATUS_OK;
    }
    if (line[0] != ':' || search->at == search->count)
        return STATUS_OK;
    const char *field[4];
    size_t length[4];
    const char *at = line + 1;
    for (size_t i = 0; i < 4; i++) {
        field[i] = at;
        length[i] = strcspn(at, " ");
        at += length[i];
        at += *at == ' ';
    }
    enum status status = STATUS_OK;
    for (size_t side = 0; side < 2 && status == STATUS_OK; side++)
        if (strncmp(field[side], "160000", 6) != 0)
            status = add_need(search, field[2 + side], length[2 + side], error);
    return status;
}

static int compare_needs(const void *left, const void *right)
{
    const struct need *a = left;
    const struct need *b = right;
    int order = memcmp(a->id, b->id, sizeof a->id);
    return order != 0 ? order : (a->commit > b->commit) - (a->commit < b->commit);
}

static enum status object_line(struct search *search, const char *line, struct error *error)
{
    (void)error;
    unsigned char id[git_sha_bytes / 2];
    if (!read_id(line, strlen(line), id))
        return STATUS_OK;
    size_t low = 0;
    size_t high = search->need_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(search->needs[middle].id, id, sizeof id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < search->need_count && memcmp(search->needs[low].id, id, sizeof id) == 0)
        search->needs[low].present = true;
    return STATUS_OK;
}

/* Cuts output into lines of at most 255 bytes; more is a path, which is not needed. */
static enum status take_lines(struct search *search, const char *bytes, size_t length,
                              enum status (*line)(struct search *, const char *, struct error *),
                              struct error *error)
{
    while (length > 0) {
        const char *end = memchr(bytes, '\n', length);
        size_t piece = end == NULL ? length : (size_t)(end - bytes);
        size_t room = 255 - search->line.length;
        if (!git_bytes_append(&search->line, bytes, piece < room ? piece : room))
            return error_memory(error);
        if (end == NULL)
            return STATUS_OK;
        if (!git_bytes_append(&search->line, "", 1))
            return error_memory(error);
        enum status status = line(search, search->line.data, error);
        search->line.length = 0;
        if (status != STATUS_OK)
            return status;
        bytes += piece + 1;
        length -= piece + 1;
    }
    return STATUS_OK;
}

static enum status take_raw(void *context, const char *bytes, size_t length, struct error *error)
{
    return take_lines(context, bytes, length, raw_line, error);
}

static enum status take_objects(void *context, const char *bytes, size_t length,
                                struct error *error)
{
    return take_lines(context, bytes, length, object_line, error);
}

/* Every need of an id stands behind the first one of it, which knows whether it is there. */
static void mark_lost(const struct search *search, bool *lost)
{
    bool present = false;
    for (size_t i = 0; i < search->need_count; i++) {
        const struct need *need = &search->needs[i];
        if (i == 0 || memcmp(need->id, search->needs[i - 1].id, sizeof need->id) != 0)
            present = need->present;
        lost[need->commit] = lost[need->commit] || !present;
    }
}

enum status git_missing_find(const char *directory, const struct git_commit *commits, size_t first,
                             size_t count, bool *lost, struct error *error)
{
    char limit[32];
    (void)snprintf(limit, sizeof limit, "-n%zu", count - first);
    const char *raw[] = {
        "log",         "--first-parent",       "-m",         "--reverse",     "--raw",
        "--no-abbrev", "--no-renames",         "--no-color", "--no-relative", "--format=commit %H",
        limit,         commits[count - 1].sha, NULL};
    static const char *const objects[] = {"cat-file", "--batch-all-objects", "--unordered",
                                          "--batch-check=%(objectname)", NULL};
    struct search search = {.commits = commits, .count = count, .at = count, .first = first};
    struct git_exit ended;
    memset(lost + first, 0, (count - first) * sizeof *lost);
    enum status status = git_run(directory, raw, take_raw, &search, &ended, error);
    if (status != STATUS_OK)
        goto done;
    if (ended.code != 0) /* trees are missing, too: from the last commit begun on */
        for (size_t i = search.at == count ? first : search.at; i < count; i++)
            lost[i] = true;
    if (search.need_count > 0)
        qsort(search.needs, search.need_count, sizeof *search.needs, compare_needs);
    search.line.length = 0;
    status = git_run(directory, objects, take_objects, &search, &ended, error);
    if (status == STATUS_OK && ended.code != 0) /* what it did not list may be there */
        status = error_at(error, ERROR_INPUT, directory, 0, 0,
                          "git could not list the objects of this repository (exit %d); `git fsck` "
                          "in it says more",
                          ended.code);
    if (status == STATUS_OK)
        mark_lost(&search, lost);
done:
    free(search.needs);
    git_bytes_free(&search.line);
    return status;
}
