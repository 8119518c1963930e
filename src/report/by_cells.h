/* report/by_cells.h: the effect by cell, raw beside shrunken: as JSON, as withheld, as people read
   it. */

#ifndef REPORT_BY_CELLS_H
#define REPORT_BY_CELLS_H

#include "evidence/result.h"
#include "report/lines.h"
#include "report/withhold.h"

#include <jansson.h>

/* A new reference: a list of formulas, each with its cells. publish() asks by_cells_publish before
   anything is shown. */
json_t *by_cells_json(const struct by_cells *list, size_t count);

/* Withholds all cells of a formula where one has fewer than `least` workers in an arm, and their
   counts where those of the comparison would tell of fewer. Returns why cells were withheld, or
   NULL.
   why   withholds them, whatever they are; or NULL */
const char *by_cells_publish(const json_t *comparison, json_t *by, const char *why,
                             struct withhold *withhold);

void by_cells_lines(struct lines *lines, const json_t *row);

/* "role (named by the plan): dev −12 % (shrunken −14 %), lead −40 % (shrunken −36 %; different)".
 */
const char *by_cells_text(struct arena *arena, const json_t *row, const json_t *by);

#endif
