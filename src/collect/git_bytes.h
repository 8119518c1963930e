/* collect/git_bytes.h: a growing run of bytes, for what arrives in pieces from a child process.

   Unlike an arena it can be emptied and used again, so that one huge commit message does not stay
   in memory for the rest of an import. */

#ifndef COLLECT_GIT_BYTES_H
#define COLLECT_GIT_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct git_bytes {
    char *data; /* not NUL-terminated by itself */
    size_t length;
    size_t capacity;
};

/* Appends; false when there is no memory left (what was there stays). */
bool git_bytes_append(struct git_bytes *bytes, const char *data, size_t length);

/* Frees and empties. */
void git_bytes_free(struct git_bytes *bytes);

/* A copy in which every byte that is not part of valid UTF-8 is U+FFFD, and ASCII letters are
   lower case if lower is true. */
char *git_text_valid(struct arena *arena, const char *text, size_t length, bool lower);

#endif
