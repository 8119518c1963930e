/* evidence/cells.h: what makes two items alike, as one SQL text per item. */

#ifndef EVIDENCE_CELLS_H
#define EVIDENCE_CELLS_H

#include "evidence/sample.h"
#include "workspace/workspace.h"

struct cells {
    const char *sql;   /* NULL: nothing to go by */
    const char *label; /* "team × size" */
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
