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
    REFERENCE_BARNETT,
    REFERENCE_BENJAMINI,
    REFERENCE_BENJAMINI_YEKUTIELI,
    REFERENCE_BERGER,
    REFERENCE_BOJINOV,
    REFERENCE_CALLAWAY,
    REFERENCE_CAMERON,
    REFERENCE_CINELLI,
    REFERENCE_DENG_CUPED,
    REFERENCE_DENG_QUANTILE,
    REFERENCE_DENG_RATIO,
    REFERENCE_FIELLER,
    REFERENCE_IACUS,
    REFERENCE_IMBENS,
    REFERENCE_KNAPP,
    REFERENCE_LEE,
    REFERENCE_LIN,
    REFERENCE_PUSTEJOVSKY,
    REFERENCE_SCHUIRMANN,
    REFERENCE_UNO,
    REFERENCE_VIECHTBAUER,
    REFERENCE_WAUDBY,
    REFERENCES
};

const char *methods_reference(enum reference reference);
const char *methods_citation(enum reference reference); /* "Lin 2013" */

enum { cites_max = 3 };

struct methods_of_design {
    const char *design;
    const char *estimand;
    const char *assumptions;
    const char *sensitivity;
    const char *estimator; /* in place of that of the metric's kind; NULL: that of the kind */
    enum reference cites[cites_max];
};

const struct methods_of_design *methods_of_design(enum plan_design design);

struct methods_of_kind {
    const char *effect;    /* "the difference of means" */
    const char *estimator; /* with its interval */
    enum reference cites[cites_max];
};

const struct methods_of_kind *methods_of_kind(const struct metric *metric);

#endif
