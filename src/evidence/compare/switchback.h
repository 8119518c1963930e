/* evidence/compare/switchback.h

   Teams that take turns: each keeps an arm for a block of time, drawn anew for the next (Bojinov,
   Simchi-Levi & Zhao 2023, Management Science 69:3759-3777). What was drawn is the block of a team,
   so that it is the cluster. Teams differ and so do weeks, whence effects of either: dummies of the
   regression as far as it has room, else cells by team. Items that start in the washout of a block
   may still be under the arm before, and are left out. */

#ifndef EVIDENCE_SWITCHBACK_H
#define EVIDENCE_SWITCHBACK_H

#include "evidence/compare/comparison.h"

/* Puts team and period effects into the sample, whose block is set, and says so in out. The units
   of its arms become blocks. why_not   set, to a sentence, where blocks cannot tell */
enum status switchback_take(struct workspace *workspace, const struct comparison_request *request,
                            struct sample *sample, struct arena *arena, struct strata_used *out,
                            const char **why_not, struct error *error);

/* Does the arm of the block before still act? p of its effect beside that of the block's own, among
   items of blocks that have one before; NAN where it cannot be told. */
enum status switchback_carry_over(struct workspace *workspace, const struct sample *sample,
                                  struct arena *arena, double *p, struct error *error);

#endif
