/* collect/unmet.h: calls that name items which are not here, most often because the ids of calls
   and of items got different sources. */

#ifndef COLLECT_UNMET_H
#define COLLECT_UNMET_H

#include "base/arena.h"
#include "engine/engine.h"

/* A sentence with the mend about some calls of a workspace; NULL: each names an item that is here,
   or none. calls   SQL that gives their item_id */
enum status unmet_calls(struct engine *engine, const char *calls, struct arena *arena,
                        const char **note, struct error *error);

#endif
