/* model/arm_names.h: what the names of arms say. */

#ifndef MODEL_ARM_NAMES_H
#define MODEL_ARM_NAMES_H

#include <stdbool.h>

/* Of the usual names of the baseline (no_ai, control, without, off) which one it is, from 0; a
   larger number than any of theirs for all others. */
int arm_baseline_rank(const char *arm);
bool arm_is_baseline(const char *arm);

/* A baseline, or work that no mark says AI of. */
bool arm_is_without_ai(const char *arm);

/* The NAME of KEY=NAME, as in tool=NAME and model=NAME, or NULL. */
const char *arm_after_key(const char *arm, const char *key);

#endif
