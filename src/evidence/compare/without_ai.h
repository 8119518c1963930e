/* evidence/compare/without_ai.h: the comparison read the other way: where work without AI is
   better, or as good for less, on how many items it was left out, and what that saved. Better is
   said only where the hours (of a time) or dollars (of a cost) that it saved lie beyond 0. */

#ifndef EVIDENCE_WITHOUT_AI_H
#define EVIDENCE_WITHOUT_AI_H

#include "evidence/compare/comparison.h"

/* Fills row->without_ai, once the comparison has its checks and verdict.
   sample   of the comparison; its cells are those that the estimate is within, if any */
enum status without_ai_fill(struct workspace *workspace, const struct comparison_request *request,
                            const struct sample *sample, struct arena *arena, struct row *row,
                            struct error *error);

#endif
