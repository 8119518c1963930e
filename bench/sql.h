/* bench/sql.h: the .sql files of this folder, by name; embedded as those of src/ are. */

#ifndef BENCH_SQL_H
#define BENCH_SQL_H

#include "base/embedded.h"
#include "base/text.h"

#include <string.h>

extern const struct embedded bench_files[]; /* ends as embedded_files does */

static inline const char *bench_sql(const char *name)
{
    const struct embedded *file = bench_files;
    while (file->path != NULL && strcmp(file->path, name) != 0)
        file++;
    return file->text;
}

#endif
