/* evidence/hidden_marks.h

   What a comparison of marked with unmarked work would be if some of the unmarked were AI's too.

   If hidden AI work is like marked AI work, a difference d becomes d / (1 - h) at a hidden share h.
   With nothing assumed, the mean without AI of an outcome in [0, 1] lies in
   [(m - h)/(1 - h), m/(1 - h)], m the unmarked mean (contaminated sampling: Horowitz & Manski 1995,
   Econometrica 63:281-302). */

#ifndef EVIDENCE_HIDDEN_MARKS_H
#define EVIDENCE_HIDDEN_MARKS_H

#include "evidence/result.h"
#include "model/metric.h"

/* Fills out->hidden from its estimate and arms; only for proportions. */
void hidden_marks_fill(const struct metric *metric, struct comparison *out);

#endif
