/* base/file.h: whole files, read and written at once. */

#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "assay/status.h"
#include "base/arena.h"

#include <stddef.h>

/* Whole file as text. Fails with ERROR_IO, or ERROR_INPUT over max bytes, or with a NUL inside. */
enum status file_read(struct arena *arena, const char *path, size_t max, char **out, size_t *length,
                      struct error *error);

/* The whole of a file of any kind, a pipe say, or of the standard input where path is "-"; it may
   hold NUL. ERROR_INPUT: it cannot be read, or is over max bytes. */
enum status file_read_any(struct arena *arena, const char *path, size_t max, char **out,
                          size_t *length, struct error *error);

/* Writes a file wholly or not at all (a new file beside it, synced, then renamed). mode as open. */
enum status file_write(const char *path, const char *bytes, size_t length, unsigned mode,
                       struct error *error);

/* The same for a file that must not be there yet. ERROR_INPUT: it is. */
enum status file_write_new(const char *path, const char *bytes, size_t length, unsigned mode,
                           struct error *error);

#endif
