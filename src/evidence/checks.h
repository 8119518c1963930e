/* evidence/checks.h: what is looked at before a number is believed. */

#ifndef EVIDENCE_CHECKS_H
#define EVIDENCE_CHECKS_H

#include "evidence/result.h"
#include "evidence/sample.h"

/* Adds the checks of a comparison that exists to its row. A check whose state is `failed` blocks
   the verdict. */
void checks_run(const struct comparison *comparison, const struct arms *arms, struct row *row);

#endif
