/* evidence/compare/compliers.h

   What taking it did to those who took it because it was offered (assay/instrument.h), beside the
   effect of the offer. */

#ifndef EVIDENCE_COMPLIERS_H
#define EVIDENCE_COMPLIERS_H

#include "evidence/compare/comparison.h"
#include "evidence/estimate/estimators.h"

/* Fills the compliers of the row's comparison, which exists and is of arms as the plan assigned
   them. What cannot be told has a sentence there. */
enum status compliers_fill(struct workspace *workspace, const struct comparison_request *request,
                           struct arena *arena, struct row *row, struct error *error);

#endif
