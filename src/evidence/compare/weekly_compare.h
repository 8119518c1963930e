/* evidence/compare/weekly_compare.h: a comparison within units and weeks, from a sample on. */

#ifndef EVIDENCE_WEEKLY_COMPARE_H
#define EVIDENCE_WEEKLY_COMPARE_H

#include "evidence/compare/comparison.h"

/* Fills the row: counts and the naive difference of items, and the effect within unit and week,
   which the verdict reads. design, arms_from and arms_why of the comparison are set before. sample
   its clusters are units, its cell the week (evidence/estimate/weekly.h) */
enum status weekly_compare(struct workspace *workspace, const struct comparison_request *request,
                           struct sample *sample, struct arena *arena, struct row *row,
                           struct error *error);

/* Why a metric has no mean per unit and week: a sentence; NULL: it has. */
const char *weekly_refusal(const struct metric *metric);

/* Is it a kind of errors by unit? */
bool weekly_errors(enum variance variance);

#endif
