/* evidence/checks.h: what is looked at before a number is believed. */

#ifndef EVIDENCE_CHECKS_H
#define EVIDENCE_CHECKS_H

#include "evidence/result.h"
#include "evidence/sample.h"

/* Adds to the row the checks of its comparison, which exists. A check whose state is `failed`
   blocks the verdict. */
void checks_run(const struct metric *metric, const struct arms *arms, struct arena *arena,
                struct row *row);

#endif
