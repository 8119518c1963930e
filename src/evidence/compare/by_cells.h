/* evidence/compare/by_cells.h: the effect in each cell of --by (role, team, kind of task), raw and
   shrunken, and which cells are different. Cells of few people are put together. */

#ifndef EVIDENCE_BY_CELLS_H
#define EVIDENCE_BY_CELLS_H

#include "evidence/compare/comparison.h"

/* Fills out->by, one for each wish of the request.
   sample   of the comparison; its cells are those that the estimate is within, if any */
enum status by_cells_fill(struct workspace *workspace, const struct comparison_request *request,
                          const struct sample *sample, struct arena *arena, struct comparison *out,
                          struct error *error);

#endif
