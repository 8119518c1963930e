/* report/shown_whose.h: for publish_again.c: the sets that a row of a published document shows,
   with whose they are where that is known. */

#ifndef REPORT_SHOWN_WHOSE_H
#define REPORT_SHOWN_WHOSE_H

#include "evidence/published_work.h"
#include "report/shown_sets.h"

/* A row of the report in hand, or of an earlier one. */
struct shown_row {
    const char *name;   /* of the report; NULL: the one in hand */
    const char *sha256; /* "": the one in hand */
    const json_t *document;
    const json_t *row;
};

/* As shown_change, shown_comparison and shown_counts. Whoever was forgotten since is somebody of
   whom only the items are known. Where what is known is of other items than are shown, nothing is
   known. */
size_t whose_change(const struct published_work *work, const struct shown_row *of,
                    const json_t *changing, struct shown_set *out);
size_t whose_comparison(const struct published_work *work, const struct shown_row *of,
                        struct shown_set *out);
struct shown_set whose_counts(const struct published_work *work, const struct shown_row *of);

/* The arms that a guardrail of the row is told of: without counts and value. Returns 0 where it is
   not known whose they are, else 2. */
size_t whose_guardrail(const struct published_work *work, const struct shown_row *of,
                       const json_t *guardrail, struct shown_set *out);

/* What has a change in a row: itself, then its further metrics; NULL: no more. */
json_t *whose_changing(const json_t *row, size_t index);

/* Has published_work_keep keep what the row in hand shows. */
void whose_keep(const struct published_work *work, const struct shown_row *of);

#endif
