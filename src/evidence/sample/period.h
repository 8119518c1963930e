/* evidence/sample/period.h: days of people, in the workspace's time zone, as moments of the data.
 */

#ifndef EVIDENCE_PERIOD_H
#define EVIDENCE_PERIOD_H

#include "base/time.h"
#include "evidence/sample/sample.h"
#include "workspace/workspace.h"

/* What the flags said; each may be NULL. */
struct period_flags {
    const char *period;  /* "2026Q3", "2026-07", "2026" */
    const char *from;    /* a date */
    const char *to;      /* a date, itself included */
    const char *against; /* a period to compare with */
};

struct period {
    bool all; /* no period: items have no times, and none was asked for */
    struct days days;
    struct days against; /* before, of the same length, unless asked for */
    struct span now;
    struct span before;
};

/* Without flags: the last quarter that had ended by the end of the data.
   ERROR_INPUT: a flag that is no date or period, a period that ends before it begins, one to
   compare with that does not end before it, or years that nobody means. */
enum status period_of(struct workspace *workspace, const struct period_flags *flags,
                      struct arena *arena, struct period *out, struct error *error);

/* Days of the workspace's time zone as moments. */
enum status period_span(struct workspace *workspace, struct days days, struct arena *arena,
                        struct span *out, struct error *error);

#endif
