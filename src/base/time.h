/* base/time.h

   Times are UTC microseconds since 1970. Dates of a calendar are kept apart from them: what moment
   a day starts at depends on a time zone, which the engine knows. */

#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "assay/status.h"
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define TIME_SECOND INT64_C(1000000)
#define TIME_DAY (INT64_C(86400) * TIME_SECOND)

/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
int64_t day_of(int year, int month, int day);
void day_split(int64_t day, int *year, int *month, int *day_of_month);

/* "2026-07-01" exactly; false if it is anything else or no day of the calendar. */
bool day_parse(const char *text, int64_t *out);
char *day_format(struct arena *arena, int64_t day);

/* First day of the quarter that the day lies in, moved by a number of quarters. */
int64_t day_quarter(int64_t day, int move);

/* The same day of the calendar a year earlier; of 29 February, 28. */
int64_t day_year_before(int64_t day);

/* Half-open days [from, until). */
struct days {
    int64_t from;
    int64_t until;
};

/* "2026Q3", "2026-07" or "2026". */
bool days_parse(const char *text, struct days *out);

/* "2026Q3" where the days are exactly a quarter, else "2026-07-01 … 2026-09-30". */
char *days_format(struct arena *arena, struct days days);

/* As flags that name them: "2026Q3", or "--from 2026-07-01 --to 2026-07-20". */
char *days_flags(struct arena *arena, struct days days);

/* Days of the calendar (UTC) from one moment to another: 1 from 23:59 to 00:01, below 0 backwards.
 */
int64_t days_between(int64_t from, int64_t to);

/* The span before that people would compare with: the quarter, month or year before where the days
   are exactly one, else the same number of days. */
struct days days_before(struct days days);

/* Now, from the machine's clock. */
int64_t time_now(void);

/* "2026-09-30T12:00:00Z". */
char *time_format(struct arena *arena, int64_t microseconds);

/* Exactly so; false if it is anything else or no moment of the calendar. */
bool time_parse(const char *text, int64_t *out);

#endif
