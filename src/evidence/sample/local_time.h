/* evidence/sample/local_time.h: the time that the clocks of the workspace's zone showed. */

#ifndef EVIDENCE_LOCAL_TIME_H
#define EVIDENCE_LOCAL_TIME_H

#include "workspace/workspace.h"

/* Reads when the clocks were changed within the time of the facts; once, later calls do nothing. */
enum status local_time_read(struct workspace *workspace, struct arena *arena, struct error *error);

/* The local time of a moment, as SQL. Where the changes were read, moments between two of them are
   shifted by so much. Others, and all where they were not read, are asked of the engine's calendar,
   which takes a microsecond for each: as long as all else that is done for an item. */
const char *local_time(struct arena *arena, const struct workspace *workspace, const char *moment);

#endif
