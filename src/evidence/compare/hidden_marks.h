/* evidence/compare/hidden_marks.h

   What a comparison of marked with unmarked work would be if some of the unmarked were AI's too.

   With a share h of the unmarked work done with AI, the unmarked mean is u = (1 - h) n + h m: n the
   mean without AI, m that of hidden AI work. If that is like marked AI work, n = (u - h m)/(1 - h),
   and the effect is m - n, or (m - n)/n as a share. Where n is no proportion, so much of it cannot
   be like the marked. With nothing assumed, n lies in [(u - h)/(1 - h), u/(1 - h)] (contaminated
   sampling: Horowitz & Manski 1995, Econometrica 63:281-302). */

#ifndef EVIDENCE_HIDDEN_MARKS_H
#define EVIDENCE_HIDDEN_MARKS_H

#include "evidence/result.h"
#include "model/metric.h"

/* Fills out->hidden from its estimate, the means behind it, and the arms; only for proportions. */
void hidden_marks_fill(const struct metric *metric, struct comparison *out);

#endif
