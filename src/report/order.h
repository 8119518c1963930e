/* report/order.h

   The order in which rows are read: plans (better, at a price, worse, no change, unproven, still
   running, without an answer), then use cases without a plan by the size of their change beside
   what is material. Works on numbers that are shown, so that no order tells of one that is not. */

#ifndef REPORT_ORDER_H
#define REPORT_ORDER_H

#include <jansson.h>
#include <stdbool.h>

/* For publish(): puts the rows of a document that has been withheld from in that order. false:
   there is no memory. */
bool order_rows(json_t *document);

/* A plan whose period has not ended, or ends after the report's: it has no numbers yet. */
bool is_running(const json_t *document, const json_t *row);

/* The code of a change or comparison without numbers: withheld, failed, running or no_answer.
   row   NULL: it is no plan's */
const char *word_without_numbers(const json_t *document, const json_t *row, const json_t *part);

#endif
