/* report/between.h: for publish() only: who stands between two results, as counts of workers. */

#ifndef REPORT_BETWEEN_H
#define REPORT_BETWEEN_H

#include "evidence/result.h"

#include <jansson.h>

/* Results of a row as these tables number them; further changes follow. */
enum { result_counts, result_change, result_comparison, results_least };
enum { results_max = results_least + also_max };

/* Between the results of a row: line i holds result i with each j < i. 0: nobody. */
json_t *between_json(const struct row *row);

/* Between the results of a row and those of each earlier row of the same use case, whose items may
   be nearly the same: [{"row": j, "between": lines of this row's results, a column for each of
   row j's}]. */
json_t *between_rows_json(const struct row *rows, size_t index);

#endif
