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

/* The same days of the calendar a year earlier, by the clocks of the workspace's time zone; of
   29 February, 28. */
enum status period_year_before(struct workspace *workspace, const struct span *span,
                               struct arena *arena, struct span *out, struct error *error);

/* When the first item of a use case and scope (NULL: all) that anybody did was counted; *out stays
   as it is where there is none. */
enum status period_first_item(struct workspace *workspace, const char *use_case, const char *scope,
                              struct arena *arena, int64_t *out, struct error *error);

/* Do items from then on reach all of a span? Those that reach into its first tenth are taken to:
   work need not begin on a first morning. */
bool period_is_reached(int64_t first, const struct span *span);

#endif
