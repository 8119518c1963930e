/* report/publish_near.h: inside publish: what could be had by subtracting one shown result from
   another, of a row or of an earlier row of its use case. */

#ifndef REPORT_PUBLISH_NEAR_H
#define REPORT_PUBLISH_NEAR_H

#include "base/arena.h"
#include "report/between.h"
#include "report/withhold.h"

#include <stdbool.h>

struct publishing {
    struct withhold *withhold;
    json_t *document;
    json_t *row;
    const json_t *between;    /* between.h, of the row */
    const json_t *behind;     /* the same, for rows before it */
    struct near_rows *before; /* what these show */
    const json_t *fewest;     /* workers behind result i, in the smaller arm or period; 0: none */
    bool is_trial;            /* its arms were given: its comparison goes before every change */
    bool shown[results_max];
};

/* What the rows so far show, by who is behind it. */
struct near_rows;

/* near   of between_rows; it has to live as long as the arena */
struct near_rows *near_rows_start(struct arena *arena, const json_t *near);

/* The row is done: what it shows counts for those that follow. */
void near_rows_add(struct near_rows *rows, const struct publishing *done);

/* Few, but some, stand between two results of the row, the other of which is shown. */
bool publish_near(const struct publishing *p, size_t one, size_t other);

/* Says of a number (between.h) that it is shown, of a metric; and whether one near to it is. */
void near_rows_add_number(struct near_rows *rows, const json_t *number, const json_t *metric);
bool near_rows_has(const struct near_rows *rows, const json_t *number);

/* Near to any shown result of the row, or of an earlier row of the use case. */
bool publish_near_any(const struct publishing *p, size_t one);

/* Near to a shown result of an earlier row of the use case.
   same_unit   only to one in the same unit, whose values can be subtracted */
bool publish_near_rows(const struct publishing *p, size_t one, bool same_unit);

/* Says in the document that something of a row is withheld, and why.
   metric   whose it is: the row's, or that of one of its further changes */
void publish_note(struct withhold *withhold, json_t *document, const json_t *row,
                  const json_t *metric, const char *what, const char *why);

/* In place of a change that is withheld; NULL: there is no memory. */
json_t *publish_withheld_change(const char *why);

/* Leaves of a change no counts, and two digits of each number: who is behind it is not known. */
void publish_change_in_two_digits(struct withhold *withhold, json_t *change);

/* Are two numbers one in two digits? */
bool publish_same_two_digits(double a, double b);

/* Takes out the comparison of a row, and all that speaks of it. */
void publish_withhold_comparison(struct withhold *withhold, json_t *document, json_t *row,
                                 const char *why);

/* Are two results of the row in the same unit? */
bool publish_same_unit(const struct publishing *p, size_t one, size_t other);

#endif
