/* report/publish_periods.h

   Numbers of several periods together. Who has April to June and May, June each has April: a number
   of days is the sum up to its end less the sum up to its start, so that published periods tie days
   together, and of any two days that are tied the days between can be had. What a report would add
   to that is held to the rule of complementary suppression: what equals a known total less parts
   that are known is of min_group people, or of nobody. */

#ifndef REPORT_PUBLISH_PERIODS_H
#define REPORT_PUBLISH_PERIODS_H

#include "report/shown_sets.h"

/* Numbers of one kind of work and metric, on days. Start with {.arena = arena}. */
struct periods {
    struct arena *arena;
    struct period_number {
        const struct contributions *whose;
        const char *from;
        const char *until;
        const char *report;
    } * list;
    size_t count;
    size_t capacity;
};

/* Nothing where it is not known whose the number is, or when. */
void periods_add(struct periods *periods, const struct shown_set *set, const char *report);

enum periods_told {
    PERIODS_TELL_NOTHING,
    /* What was said of its days, part by part, differs by few people's late items, which do not
       show in two digits. */
    PERIODS_TELL_LATE,
    PERIODS_TELL_FEW
};

/* What a number, with all those that were added, would tell of fewer than `least` people.
   report   one of those with which it does; untouched otherwise */
enum periods_told periods_tell(const struct periods *periods, const struct shown_set *number,
                               json_int_t least, const char **report);

#endif
