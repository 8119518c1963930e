/* evidence/facts/facts.h

   What is derived: the view usage_link (which item each call belongs to) and the table facts (one
   row per item, with its measures, calls and cost). They are rebuilt when the data or the rules
   have changed. src/evidence/README has the linking rules. */

#ifndef EVIDENCE_FACTS_H
#define EVIDENCE_FACTS_H

#include "workspace/workspace.h"

/* Opens the workspace for reading, with facts that are current; where they are not, it is opened
   alone before that, to build them. Parameters as workspace_open. */
enum status facts_open(struct arena *arena, const char *folder, bool wait, const char *command,
                       struct workspace **out, struct error *error);

/* Rebuilds the facts of a workspace that is open for writing, if they are not current. */
enum status facts_build(struct workspace *workspace, struct error *error);

/* Names of the measures that facts have a column for, sorted. */
enum status facts_measures(struct workspace *workspace, struct arena *arena, const char ***out,
                           size_t *count, struct error *error);

/* "m_NAME" as an SQL name. */
char *facts_measure_column(struct arena *arena, const char *measure);

#endif
