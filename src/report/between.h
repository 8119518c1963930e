/* report/between.h: for publish() only: who stands between two results, as counts of workers. */

#ifndef REPORT_BETWEEN_H
#define REPORT_BETWEEN_H

#include "evidence/result.h"

#include <jansson.h>

/* Results of a row as these tables number them; further changes follow. */
enum { result_counts, result_change, result_comparison, results_least };
enum { results_max = results_least + also_max };

/* Between the results of a row: line i holds result i with each j < i. 0: nobody. NULL: there is no
   memory. */
json_t *between_json(const struct row *row);

/* Who is behind the results of all rows, by numbers: results of one number are of the same items,
   and few stand between those of some numbers. Rows of one use case only are held against each
   other, since their items may be nearly the same, and of them only what is of days that meet: the
   earlier period of one plan may be the period of another. Where many plans rest on the same items
   their results have the same numbers, so that the work grows with what differs, not with pairs of
   rows.
   behind   of each row, for each of its results [number of the earlier period or null, of this;
              of a comparison also of each arm: two plans may differ by many, and one arm by few;
              and of a plan of more than two, of all its arms that may be shown: readers add them]
   by       of each row, for each formula that its effects are told by the numbers of its cells'
   arms near     of each number, those from which it differs by some workers, but fewer than
   min_group */
struct all_between {
    json_t *behind;
    json_t *by;
    json_t *near;
};

/* The caller owns all; each is NULL where there is no memory. */
struct all_between between_rows(const struct evidence *evidence);

#endif
