#include "collect/git_patch.h"

#include <string.h>

#include "base/error.h"

/* Longer header lines are no headers of ours: a path has at most 4096 bytes, quoted 16 KiB. */
enum { longest_header = 64 * 1024 };

static const uint64_t most_lines = UINT64_C(1) << 40;

static bool set_path(struct git_bytes *path, const char *text, size_t length)
{
    path->length = 0;
    return git_bytes_append(path, text, length) && git_bytes_append(path, "", 1);
}

static char unescaped(char letter)
{
    static const char letters[] = "abtnvfr";
    static const char values[] = "\a\b\t\n\v\f\r";
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);
    if (found == NULL)
        return letter;
    return values[found - letters];
}

/* A path as git prints it: plain, or in double quotes with C escapes. skip drops a leading a/ or
   b/. False without memory; a path that is not well quoted becomes empty. */
static bool read_path(struct git_bytes *path, const char *text, size_t length, size_t skip)
{
    path->length = 0;
    if (length == 0 || text[0] != '"')
        return length < skip || set_path(path, text + skip, length - skip);
    if (length < 2 + skip || text[length - 1] != '"')
        return true;
    for (size_t i = 1 + skip; i + 1 < length; i++) {
        char byte = text[i];
        if (byte == '\\' && i + 2 < length) {
            i++;
            if (text[i] >= '0' && text[i] <= '3' && i + 3 < length) {
                byte = (char)(unsigned char)(((text[i] - '0') << 6) |
                                             (((text[i + 1] - '0') & 7) << 3) |
                                             ((text[i + 2] - '0') & 7));
                i += 2;
            } else {
                byte = unescaped(text[i]);
            }
        }
        if (!git_bytes_append(path, &byte, 1))
            return false;
    }
    return git_bytes_append(path, "", 1);
}

/* The paths in `diff --git a/PATH b/PATH`, which are the same unless `rename` lines follow: then,
   and when blanks make the middle unclear, the halves differ and stay empty until these come. */
static bool read_both_paths(struct git_patch *patch, const char *text, size_t length)
{
    patch->old_path.length = patch->new_path.length = 0;
    size_t half = length / 2;
    if (length % 2 == 0 || text[half] != ' ')
        return true;
    if (!read_path(&patch->old_path, text, half, 2) ||
        !read_path(&patch->new_path, text + half + 1, half, 2))
        return false;
    if (patch->old_path.length != patch->new_path.length || patch->old_path.length == 0 ||
        memcmp(patch->old_path.data, patch->new_path.data, patch->old_path.length) != 0)
        patch->old_path.length = patch->new_path.length = 0;
    return true;
}

static enum status announce(struct git_patch *patch, struct error *error)
{
    if (!patch->in_file || patch->announced)
        return STATUS_OK;
    patch->announced = true;
    if (patch->old_path.length == 0 || patch->new_path.length == 0) {
        patch->in_file = false; /* a header we cannot read: its hunks have no file */
        return STATUS_OK;
    }
    patch->change.old_path = patch->old_path.data;
    patch->change.new_path = patch->new_path.data;
    return patch->events.file(patch->events.context, &patch->change, error);
}

/* START or START,COUNT. */
static bool read_range(const char **text, const char *end, uint64_t *start, uint64_t *count)
{
    uint64_t values[2] = {0, 1};
    const char *at = *text;
    for (int i = 0; i < 2; i++) {
        if (i == 1) {
            if (at == end || *at != ',')
                break;
            at++;
        }
        const char *first = at;
        for (values[i] = 0; at < end && *at >= '0' && *at <= '9'; at++) {
            values[i] = values[i] * 10 + (uint64_t)(*at - '0');
            if (values[i] > most_lines)
                return false;
        }
        if (at == first)
            return false;
    }
    *text = at;
    *start = values[0];
    *count = values[1];
    return true;
}

/* `@@ -START,COUNT +START,COUNT @@` */
static enum status hunk_line(struct git_patch *patch, const char *line, size_t length,
                             struct error *error)
{
    const char *at = line + 4;
    const char *end = line + length;
    struct git_hunk hunk;
    uint64_t new_start;
    if (!read_range(&at, end, &hunk.old_start, &hunk.old_count) || end - at < 2 || at[0] != ' ' ||
        at[1] != '+')
        return STATUS_OK;
    at += 2;
    if (!read_range(&at, end, &new_start, &hunk.new_count))
        return STATUS_OK;
    enum status status = announce(patch, error);
    if (status != STATUS_OK)
        return status;
    patch->old_left = hunk.old_count;
    patch->new_left = hunk.new_count;
    patch->inside_line = false;
    return patch->in_file ? patch->events.hunk(patch->events.context, &hunk, error) : STATUS_OK;
}

/* The rest of a line behind start, or NULL. */
static const char *after(const char *line, size_t length, const char *start, size_t *rest)
{
    size_t skip = strlen(start);
    if (length < skip || memcmp(line, start, skip) != 0)
        return NULL;
    *rest = length - skip;
    return line + skip;
}

static enum status file_line(struct git_patch *patch, const char *line, size_t length,
                             struct error *error)
{
    size_t rest;
    const char *path;
    bool memory = true;
    if (after(line, length, "@@ -", &rest) != NULL)
        return hunk_line(patch, line, length, error);
    if (patch->announced)
        return STATUS_OK;
    if (after(line, length, "new file mode ", &rest) != NULL)
        patch->change.created = true;
    else if (after(line, length, "deleted file mode ", &rest) != NULL)
        patch->change.deleted = true;
    else if (after(line, length, "Binary files ", &rest) != NULL)
        patch->change.binary = true;
    else if ((path = after(line, length, "rename from ", &rest)) != NULL)
        memory = read_path(&patch->old_path, path, rest, 0);
    else if ((path = after(line, length, "rename to ", &rest)) != NULL)
        memory = read_path(&patch->new_path, path, rest, 0);
    return memory ? STATUS_OK : error_memory(error);
}

static enum status header_line(struct git_patch *patch, const char *line, size_t length,
                               struct error *error)
{
    char sha[git_sha_bytes + 1];
    if (git_commit_line(line, length, sha)) {
        enum status status = git_patch_finish(patch, error);
        return status != STATUS_OK ? status
                                   : patch->events.commit(patch->events.context, sha, error);
    }
    size_t rest;
    const char *paths = after(line, length, "diff --git ", &rest);
    if (paths == NULL)
        return patch->in_file ? file_line(patch, line, length, error) : STATUS_OK;
    enum status status = git_patch_finish(patch, error);
    if (status != STATUS_OK)
        return status;
    patch->in_file = true;
    return read_both_paths(patch, paths, rest) ? STATUS_OK : error_memory(error);
}

/* Counts the hunk's lines by their first byte; returns how many bytes it took. */
static size_t skip_hunk(struct git_patch *patch, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length && (patch->inside_line || patch->old_left > 0 || patch->new_left > 0)) {
        if (!patch->inside_line) {
            char first = bytes[at];
            if (first == '-' && patch->old_left > 0) {
                patch->old_left--;
            } else if (first == '+' && patch->new_left > 0) {
                patch->new_left--;
            } else if (first != '\\') { /* "\ No newline at end of file" is no line */
                patch->old_left = patch->new_left = 0;
                break;
            }
        }
        const char *end = memchr(bytes + at, '\n', length - at);
        patch->inside_line = end == NULL;
        at = end == NULL ? length : (size_t)(end - bytes) + 1;
    }
    return at;
}

enum status git_patch_push(struct git_patch *patch, const char *bytes, size_t length,
                           struct error *error)
{
    while (length > 0) {
        size_t skipped = skip_hunk(patch, bytes, length);
        bytes += skipped;
        length -= skipped;
        if (length == 0)
            break;
        const char *end = memchr(bytes, '\n', length);
        size_t piece = end == NULL ? length : (size_t)(end - bytes);
        size_t room = longest_header - patch->line.length;
        if (!git_bytes_append(&patch->line, bytes, piece < room ? piece : room))
            return error_memory(error);
        if (end == NULL)
            break;
        enum status status = header_line(patch, patch->line.data, patch->line.length, error);
        patch->line.length = 0;
        if (status != STATUS_OK)
            return status;
        bytes += piece + 1;
        length -= piece + 1;
    }
    return STATUS_OK;
}

enum status git_patch_finish(struct git_patch *patch, struct error *error)
{
    enum status status = announce(patch, error);
    patch->in_file = patch->announced = false;
    patch->change = (struct git_file_change){0};
    return status;
}

void git_patch_free(struct git_patch *patch)
{
    git_bytes_free(&patch->line);
    git_bytes_free(&patch->old_path);
    git_bytes_free(&patch->new_path);
}
