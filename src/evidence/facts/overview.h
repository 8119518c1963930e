/* evidence/facts/overview.h: what a workspace holds, for `assay status`. */

#ifndef EVIDENCE_OVERVIEW_H
#define EVIDENCE_OVERVIEW_H

#include "workspace/workspace.h"

struct overview {
    int64_t data_version;
    struct frame imports;         /* connector, imported_at, rows_read, accepted, rejected */
    struct frame tables;          /* name, rows */
    struct frame use_cases;       /* of overview_use_cases */
    struct frame links;           /* explicit, session, inferred, dangling, none: calls */
    struct frame unbelieved;      /* items with such a date; done and closed in the future */
    const char **hidden_measures; /* named like columns: formulas write measure('name') */
    size_t hidden_measure_count;
    double unsorted_share; /* of items that no rule and no source gave a use case; NAN: no items */
};

enum status overview_read(struct workspace *workspace, struct arena *arena, struct overview *out,
                          struct error *error);

/* First columns of overview_use_cases; with calls and marked follow. */
enum { overview_use_case, overview_items, overview_first_day, overview_last_day };

/* Use cases of all times, the largest first; those of fewer than min_group people are one row whose
   name is NULL. */
enum status overview_use_cases(struct workspace *workspace, struct arena *arena, struct frame *out,
                               struct error *error);

#endif
