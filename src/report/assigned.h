/* report/assigned.h: what was drawn for a plan, as a table for people, CSV or JSON. It says what
   the asker gave and which arm it has, and nothing of what came out. */

#ifndef REPORT_ASSIGNED_H
#define REPORT_ASSIGNED_H

#include "assignment/assign.h"

#include <stdio.h>

/* A line per unit; of a schedule one per date, with the units of each arm. */
void assigned_text(FILE *out, struct arena *arena, const struct assigned *assigned);
/* unit,arm,from,to,probability: days, both included; empty where there is no bound. */
void assigned_csv(FILE *out, struct arena *arena, const struct assigned *assigned);
void assigned_json(FILE *out, struct arena *arena, const struct assigned *assigned);

/* What was done, in a sentence or two. */
void assigned_summary(FILE *out, const struct assigned *assigned);

#endif
