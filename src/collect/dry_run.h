/* collect/dry_run.h

   What an import would store, and what it would refuse, as far as the first rows tell: they go the
   way of an import into temporary tables of the workspace, which may be open for reading only, and
   are dropped there. */

#ifndef COLLECT_DRY_RUN_H
#define COLLECT_DRY_RUN_H

#include "collect/import.h"
#include "collect/source_file.h"
#include "collect/source_view.h"

enum { dry_run_rows = 100000 }; /* of each table */

struct dry_run {
    const struct workspace *workspace;
    struct engine *reading; /* in which `source` counts its rows */
    const struct connector *connector;
    const struct source_file *file;
    const struct source_columns *columns;
    enum source_pass pass;
    struct arena *arena;
};

/* Fills out->tables but for what a merge would tell, and out->doubt.
   ERROR_INPUT: as the import would say it, where one of these rows or the file is the reason. */
enum status dry_run_blocks(const struct dry_run *run, struct import_result *out,
                           struct error *error);

#endif
