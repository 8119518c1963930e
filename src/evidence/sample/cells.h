/* evidence/sample/cells.h: what makes two items alike, as one SQL text per item. */

#ifndef EVIDENCE_CELLS_H
#define EVIDENCE_CELLS_H

#include "evidence/sample/sample.h"
#include "workspace/workspace.h"

enum { cell_parts_max = 16 };

struct cells {
    const char *sql;   /* NULL: nothing to go by */
    const char *label; /* "team × size" */
    /* What it is put together from: an SQL text each, and its name; "person" is the worker. Of more
       than so many the rest is left out here. */
    const char *parts[cell_parts_max];
    const char *names[cell_parts_max];
    size_t part_count;
};

/* The default: team × size, worker × size where the items have no teams; size in fifths of the
   items in span. */
enum status cells_default(struct workspace *workspace, const char *use_case,
                          const struct span *span, struct arena *arena, struct cells *out,
                          struct error *error);

/* From formulas: numbers in fifths, everything else as it is. labels: as the user wrote them. */
enum status cells_of(struct workspace *workspace, const char *use_case, const struct span *span,
                     const struct formula *formulas, const char *const *labels, size_t count,
                     struct arena *arena, struct cells *out, struct error *error);

#endif
