/* collect/git_records.h

   Push parsers of what `git log` prints: bytes go in as they arrive, commits come out. They know
   nothing of processes, allocate only for the record at hand, and accept any bytes at all. */

#ifndef COLLECT_GIT_RECORDS_H
#define COLLECT_GIT_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "assay/status.h"
#include "collect/git_bytes.h"

/* The value of --format (with -z) that git_records_push reads. */
#define GIT_RECORD_FORMAT "%H%x00%P%x00%at%x00%ct%x00%an%x00%ae%x00%B"
/* The same without what names people: enough for the order of commits; and with the subject. */
#define GIT_INDEX_FORMAT "%H%x00%P%x00%at%x00%ct%x00%x00%x00"
#define GIT_SUBJECT_FORMAT GIT_INDEX_FORMAT "%s"

/* Longer messages are cut here; a commit message of this size is a file by accident. */
enum { git_message_bytes = 16 * 1024 * 1024, git_record_fields = 7, git_sha_bytes = 64 };

struct git_record {
    const char *sha;     /* 40 or 64 hex digits */
    const char *parents; /* their shas between blanks; empty at the root, or where a shallow
                            clone was cut */
    size_t parent_count;
    int64_t author_time;    /* seconds since 1970, UTC */
    int64_t committer_time; /* seconds since 1970, UTC */
    const char *name;       /* the author's, as it stands in the commit: no .mailmap */
    const char *email;
    const char *message; /* NUL-terminated, subject first; any bytes */
    size_t message_length;
    bool message_cut;
};

typedef enum status git_record_sink(void *context, const struct git_record *record,
                                    struct error *error);

struct git_records {
    git_record_sink *sink;
    void *context;
    struct git_bytes bytes;
    size_t start[git_record_fields];
    size_t field;
    bool cut;
};

/* Fails as the sink does, with ERROR_MEMORY, or ERROR_INTERNAL on what git cannot have said. */
enum status git_records_push(struct git_records *records, const char *bytes, size_t length,
                             struct error *error);
void git_records_free(struct git_records *records);

/* `git log --numstat --format=commit %H`: the sum over a commit's files. */
struct git_size {
    const char *sha;
    int64_t lines_added;
    int64_t lines_deleted;
    size_t binary_files; /* of which git counts no lines */
};

typedef enum status git_size_sink(void *context, const struct git_size *size, struct error *error);

struct git_sizes {
    /* At a commit's header line; may be NULL. */
    enum status (*begin)(void *context, const char *sha, struct error *error);
    git_size_sink *sink; /* when all of its files have come */
    void *context;
    struct git_bytes line;
    char sha[git_sha_bytes + 1]; /* empty before the first commit */
    struct git_size sum;
};

/* Lines of a size nobody means (counts over 2^40) are ignored, as is all that is no such line. */
enum status git_sizes_push(struct git_sizes *sizes, const char *bytes, size_t length,
                           struct error *error);

/* Hands on the last commit. complete: git ended well; else the last one is left out. */
enum status git_sizes_finish(struct git_sizes *sizes, bool complete, struct error *error);
void git_sizes_free(struct git_sizes *sizes);

/* The sha in a line `commit SHA`, copied to sha; false (and sha untouched) on any other line. */
bool git_commit_line(const char *line, size_t length, char sha[git_sha_bytes + 1]);

/* 40 or 64 lower-case hex digits. */
bool git_is_sha(const char *text, size_t length);

#endif
