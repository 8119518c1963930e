/* report/by_cells.h: the effect by cell, raw beside shrunken: as JSON, as withheld, as people read
   it. */

#ifndef REPORT_BY_CELLS_H
#define REPORT_BY_CELLS_H

#include "evidence/result.h"
#include "report/lines.h"
#include "report/withhold.h"

#include <jansson.h>

/* A new reference; null where no cells were asked for. publish() asks by_cells_publish before
   anything is shown. */
json_t *by_cells_json(const struct by_cells *by);

/* Withholds all cells of a comparison where one has fewer than `least` workers in an arm, and their
   counts where those of the comparison would tell of fewer. Returns whether cells were withheld. */
bool by_cells_publish(json_t *comparison, struct withhold *withhold);

void by_cells_lines(struct lines *lines, const json_t *row);

#endif
