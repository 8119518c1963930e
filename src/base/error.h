/* base/error.h: filling in a struct error. */

#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "assay/status.h"

/* Writes the status and a printf-style sentence into error (which may be NULL); the place becomes
   empty. Returns status, so that `return error_set(...)` is the whole of a failure. */
enum status error_set(struct error *error, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with a place. line and column count from 1; 0 leaves them out. */
enum status error_at(struct error *error, enum status status, const char *file, int line,
                     int column, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Adds what else is to be known to the sentence of a failure, in parentheses: what was done before
   it. Nothing where status is STATUS_OK, which it returns. */
enum status error_add(struct error *error, enum status status, const char *what);

/* No room on the disk where path lies: a fixed sentence. Returns ERROR_IO. */
enum status error_no_room(struct error *error, const char *path);

/* A file could not be written, for the errno in reason. Returns ERROR_IO. */
enum status error_unwritten(struct error *error, const char *path, int reason);

/* No memory: a fixed sentence. Returns ERROR_MEMORY. */
enum status error_memory(struct error *error);

#endif
