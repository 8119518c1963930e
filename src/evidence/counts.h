/* evidence/counts.h: who is in which arm, and why the others are in none. */

#ifndef EVIDENCE_COUNTS_H
#define EVIDENCE_COUNTS_H

#include "evidence/estimators.h"

/* Counts from a frame that begins with the columns worker, arm, excluded, items, ordered by worker;
   value is left at NAN. Reaches are of the arena, names of the frame. */
void counts_of_frame(const struct frame *frame, struct arena *arena, struct sample_counts *out);

/* Counts of a sample of durations. */
enum status counts_of_durations(struct workspace *workspace, const struct sample *sample,
                                struct arena *arena, struct sample_counts *out,
                                struct error *error);

#endif
