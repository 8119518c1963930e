/* evidence/facts/moments_aggregate.h: moments(x, ..., y) as an aggregate function of the engine. */

#ifndef EVIDENCE_MOMENTS_AGGREGATE_H
#define EVIDENCE_MOMENTS_AGGREGATE_H

#include "engine/engine.h"

/* Makes moments(...) known: its result is the array of assay/moments.h, rows with a NULL left out.
   The plain SQL of moments_by_sums.sql gives the same numbers on an engine without functions. */
enum status moments_register(struct engine *engine, struct error *error);

#endif
