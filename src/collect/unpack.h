/* collect/unpack.h

   The bytes of a file, unpacked where it is compressed by gzip or zstd. The end is verified: the
   engine takes a file that was cut short for a whole one, so every packed file is read through here
   once before its rows count. */

#ifndef COLLECT_UNPACK_H
#define COLLECT_UNPACK_H

#include "assay/status.h"

#include <stddef.h>

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_ZSTD };

/* By the first bytes of a file; four are enough. */
enum packing packing_of(const char *bytes, size_t length);

struct unpacker;

/* Reads an open file from its start, by offset: several unpackers may read one file, whose position
   is left alone. path is for messages and must outlive the unpacker. */
enum status unpacker_open(int file, const char *path, enum packing packing, struct unpacker **out,
                          struct error *error);
void unpacker_close(struct unpacker *unpacker); /* NULL is fine */

/* Up to size bytes; *got is less only at the end, and 0 from then on.
   ERROR_INPUT: cut short, damaged, or followed by bytes that are no part of it.
   ERROR_IO: cannot be read. */
enum status unpacker_read(struct unpacker *unpacker, char *bytes, size_t size, size_t *got,
                          struct error *error);

#endif
