/* report/methods_table.h

   What is said of each design and kind of metric in a methods section, and the one list of
   references. A row cites by the numbers of enum reference. */

#ifndef REPORT_METHODS_TABLE_H
#define REPORT_METHODS_TABLE_H

#include "model/plan.h"

enum reference {
    REFERENCE_NONE,
    REFERENCE_ABADIE,
    REFERENCE_ANDERSON,
    REFERENCE_ANDERSON_RUBIN,
    REFERENCE_BARNETT,
    REFERENCE_BELL,
    REFERENCE_BENJAMINI,
    REFERENCE_BERGER,
    REFERENCE_BOJINOV,
    REFERENCE_CALLAWAY,
    REFERENCE_CAMERON,
    REFERENCE_CINELLI,
    REFERENCE_COX,
    REFERENCE_DENG_CUPED,
    REFERENCE_DENG_QUANTILE,
    REFERENCE_DENG_RATIO,
    REFERENCE_EFRON,
    REFERENCE_EFRON_STEIN,
    REFERENCE_FIELLER,
    REFERENCE_IACUS,
    REFERENCE_IMBENS,
    REFERENCE_JUNG,
    REFERENCE_KNAPP,
    REFERENCE_LEE,
    REFERENCE_LIN_WEI,
    REFERENCE_LIN,
    REFERENCE_MANTEL,
    REFERENCE_NEWCOMBE,
    REFERENCE_PRASAD,
    REFERENCE_PUSTEJOVSKY,
    REFERENCE_SCHUIRMANN,
    REFERENCE_UNO,
    REFERENCE_VIECHTBAUER,
    REFERENCE_WAUDBY,
    REFERENCE_ZOU,
    REFERENCES
};

const char *methods_reference(enum reference reference);
const char *methods_citation(enum reference reference); /* "Lin 2013" */

struct methods_of_design {
    const char *design;
    const char *estimand;
    const char *assumptions;
    const char *sensitivity;
    enum reference of_assumptions[1];
    enum reference of_sensitivity[1];
};

/* By the plan's design and, of an offer and of turns, by the kind of its primary metric. */
const struct methods_of_design *methods_of_design(const struct plan *plan);

/* "the difference of means" */
const char *methods_effect(const struct metric *metric);

#endif
