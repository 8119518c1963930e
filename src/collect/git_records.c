#include "collect/git_records.h"

#include <string.h>

#include "base/error.h"

bool git_is_sha(const char *text, size_t length)
{
    if (length != 40 && length != git_sha_bytes)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f')))
            return false;
    return true;
}

bool git_commit_line(const char *line, size_t length, char sha[git_sha_bytes + 1])
{
    static const char start[] = "commit ";
    size_t skip = sizeof start - 1;
    if (length < skip || memcmp(line, start, skip) != 0 || !git_is_sha(line + skip, length - skip))
        return false;
    memcpy(sha, line + skip, length - skip);
    sha[length - skip] = '\0';
    return true;
}

/* Seconds; git prints plain digits, or a minus sign before 1970. Absurd values become 0: the caller
   multiplies by a million. */
static int64_t seconds(const char *text)
{
    const int64_t most = INT64_C(1) << 40;
    bool negative = *text == '-';
    int64_t value = 0;
    for (text += negative; *text >= '0' && *text <= '9'; text++) {
        value = value * 10 + (*text - '0');
        if (value > most)
            return 0;
    }
    return negative ? -value : value;
}

static size_t count_words(const char *text)
{
    size_t count = 0;
    for (bool inside = false; *text != '\0'; text++) {
        count += *text != ' ' && !inside;
        inside = *text != ' ';
    }
    return count;
}

static enum status emit(struct git_records *records, struct error *error)
{
    const char *field[git_record_fields];
    for (size_t i = 0; i < git_record_fields; i++)
        field[i] = records->bytes.data + records->start[i];
    if (!git_is_sha(field[0], strlen(field[0])))
        return error_set(error, ERROR_INTERNAL,
                         "git log printed something other than a commit; report this together with "
                         "the output of `git --version`");
    struct git_record record = {
        .sha = field[0],
        .parents = field[1],
        .parent_count = count_words(field[1]),
        .author_time = seconds(field[2]),
        .committer_time = seconds(field[3]),
        .name = field[4],
        .email = field[5],
        .message = field[6],
        .message_length = records->bytes.length - records->start[6] - 1,
        .message_cut = records->cut,
    };
    enum status status = records->sink(records->context, &record, error);
    records->bytes.length = 0;
    records->field = 0;
    records->cut = false;
    return status;
}

/* Appends as much as may be kept of a field. */
static bool append(struct git_records *records, const char *bytes, size_t length)
{
    if (records->bytes.length >= git_message_bytes ||
        length > git_message_bytes - records->bytes.length) {
        records->cut = true;
        size_t held = records->bytes.length;
        length = held < git_message_bytes ? git_message_bytes - held : 0;
    }
    return git_bytes_append(&records->bytes, bytes, length);
}

enum status git_records_push(struct git_records *records, const char *bytes, size_t length,
                             struct error *error)
{
    while (length > 0) {
        const char *end = memchr(bytes, '\0', length);
        size_t piece = end == NULL ? length : (size_t)(end - bytes);
        if (!append(records, bytes, piece))
            return error_memory(error);
        bytes += piece;
        length -= piece;
        if (end == NULL)
            break;
        if (!git_bytes_append(&records->bytes, "", 1))
            return error_memory(error);
        bytes++;
        length--;
        records->field++;
        if (records->field == git_record_fields) {
            enum status status = emit(records, error);
            if (status != STATUS_OK)
                return status;
        }
        records->start[records->field] = records->bytes.length;
    }
    return STATUS_OK;
}

void git_records_free(struct git_records *records)
{
    git_bytes_free(&records->bytes);
}

/* `-` (a binary file) gives 0; -1 when the field is no count. *at moves behind the field's tab. */
static int64_t count_field(const char *line, size_t length, size_t *at, bool *binary)
{
    const int64_t most = INT64_C(1) << 40;
    size_t i = *at;
    int64_t value = 0;
    if (i < length && line[i] == '-') {
        *binary = true;
        i++;
    } else {
        size_t first = i;
        for (; i < length && line[i] >= '0' && line[i] <= '9'; i++) {
            value = value * 10 + (line[i] - '0');
            if (value > most)
                return -1;
        }
        if (i == first)
            return -1;
    }
    if (i >= length || line[i] != '\t')
        return -1;
    *at = i + 1;
    return value;
}

static enum status size_line(struct git_sizes *sizes, const char *line, size_t length,
                             struct error *error)
{
    char sha[git_sha_bytes + 1];
    if (git_commit_line(line, length, sha)) {
        enum status status = git_sizes_finish(sizes, true, error);
        memcpy(sizes->sha, sha, sizeof sha);
        if (status == STATUS_OK && sizes->begin != NULL)
            status = sizes->begin(sizes->context, sha, error);
        return status;
    }
    size_t at = 0;
    bool binary = false;
    int64_t added = count_field(line, length, &at, &binary);
    int64_t deleted = added < 0 ? -1 : count_field(line, length, &at, &binary);
    if (deleted < 0)
        return STATUS_OK;
    sizes->sum.lines_added += added;
    sizes->sum.lines_deleted += deleted;
    sizes->sum.binary_files += binary;
    return STATUS_OK;
}

enum status git_sizes_push(struct git_sizes *sizes, const char *bytes, size_t length,
                           struct error *error)
{
    while (length > 0) {
        const char *end = memchr(bytes, '\n', length);
        size_t piece = end == NULL ? length : (size_t)(end - bytes);
        /* The counts and the sha stand in front; the rest of an endless file name is not needed. */
        size_t kept = sizes->line.length >= 256 ? 0 : piece;
        if (!git_bytes_append(&sizes->line, bytes, kept > 256 ? 256 : kept))
            return error_memory(error);
        if (end == NULL)
            return STATUS_OK;
        enum status status = size_line(sizes, sizes->line.data, sizes->line.length, error);
        sizes->line.length = 0;
        if (status != STATUS_OK)
            return status;
        bytes += piece + 1;
        length -= piece + 1;
    }
    return STATUS_OK;
}

enum status git_sizes_finish(struct git_sizes *sizes, bool complete, struct error *error)
{
    enum status status = STATUS_OK;
    if (complete && sizes->sha[0] != '\0') {
        sizes->sum.sha = sizes->sha;
        status = sizes->sink(sizes->context, &sizes->sum, error);
    }
    sizes->sum = (struct git_size){0};
    sizes->sha[0] = '\0';
    return status;
}

void git_sizes_free(struct git_sizes *sizes)
{
    git_bytes_free(&sizes->line);
}
