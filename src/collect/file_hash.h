/* collect/file_hash.h: the hash of a file, made in a thread while the file is looked at otherwise.
 */

#ifndef COLLECT_FILE_HASH_H
#define COLLECT_FILE_HASH_H

#include "base/hash.h"

struct file_hash;

/* Begins. file's position is this thread's until the end; path is for messages. Both outlive it.
   ERROR_MEMORY. */
enum status file_hash_start(int file, const char *path, struct file_hash **out,
                            struct error *error);

/* Waits for the hash; out and error may be NULL, and so may the hash, which is STATUS_OK.
   Fails with ERROR_IO. */
enum status file_hash_end(struct file_hash *hash, char *out, struct error *error);

#endif
