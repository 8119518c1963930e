/* evidence/compare/reviewers.h: how far the people agree whose judgement a metric is made of. */

#ifndef EVIDENCE_REVIEWERS_H
#define EVIDENCE_REVIEWERS_H

#include "evidence/result.h"
#include "evidence/sample/sample.h"
#include "workspace/workspace.h"

/* Krippendorff's alpha of the reviews of a sample's items, where its metric names the measure
   quality and two or more reviewers scored the same items; exists is false otherwise, and where all
   scores are one value. */
enum status reviewers_fill(struct workspace *workspace, const struct sample *sample, double level,
                           struct arena *arena, struct reviewers_agree *out, struct error *error);

#endif
