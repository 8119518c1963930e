/* report/shown_sets.h: for publish_again.c: the sets of items that a published document shows a
   value of, with the days that they are of, and what two of them tell. Counts, values
   and days are what readers have; whose the items are is known to the workspace alone. */

#ifndef REPORT_SHOWN_SETS_H
#define REPORT_SHOWN_SETS_H

#include "evidence/estimate/contributions.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Texts live as long as the document. */
struct shown_set {
    const char *from; /* days compare as texts do; "" with until: whenever */
    const char *until;
    json_int_t items; /* -1: not shown */
    json_int_t workers;
    double value;                      /* NAN: not shown */
    const struct contributions *whose; /* NULL: not known */
};

/* The two periods of a change; the two arms of a comparison, and both arms together. */
enum { sets_of_change = 2, sets_of_comparison = 3 };

/* of   what has the change: a row, or one of its further metrics
   Returns how many sets there are: none of what is withheld or has no numbers. */
size_t shown_change(const json_t *document, const json_t *of, struct shown_set *out);
/* Only the arms, of a comparison of two periods. */
size_t shown_comparison(const json_t *document, const json_t *row, struct shown_set *out);
/* How many items and people a row is of. */
struct shown_set shown_counts(const json_t *document, const json_t *row);
/* One arm of a group, of a comparison's effects by group. */
struct shown_set shown_cell(const json_t *document, const json_t *row, const json_t *cell,
                            size_t arm);

/* On the same days exactly; on some days that are the same. */
bool sets_same_days(const struct shown_set *a, const struct shown_set *b);
bool sets_meet(const struct shown_set *a, const struct shown_set *b);

/* Their days meet, and what stands between them tells of some people, but fewer than `least`
   (contributions_tell_of); where it is not known whose they are, their counts differ by some items
   or people, but fewer than that. */
bool sets_near(struct arena *arena, const struct shown_set *a, const struct shown_set *b,
               json_int_t least);

/* As many items of as many people on the same days, with another value: somebody's data changed,
   and it is not known whose. */
bool sets_changed(const struct shown_set *a, const struct shown_set *b);

/* The same counts, shown, and the same value on the same days: a reader has the one who has the
   other. */
bool sets_equal(const struct shown_set *a, const struct shown_set *b);

/* Are two numbers of documents the same, as far as the ten digits of one of them tell? */
bool shown_same(double a, double b);

#endif
