/* collect/pseudonyms.h: names of people made into pseudonyms as imports make them, in an engine
   that lives in memory and spills nothing. */

#ifndef COLLECT_PSEUDONYMS_H
#define COLLECT_PSEUDONYMS_H

#include "workspace/workspace.h"

/* An engine that names may pass through, with the macros that read text (worker_of among them). The
   workspace's key has been read. */
enum status pseudonyms_open(const struct workspace *workspace, struct arena *arena,
                            struct engine **out, struct error *error);

/* The pseudonym of each name, in order; NULL for one that is blank. At most engine_frame_rows. */
enum status pseudonyms_of(const struct workspace *workspace, const char *const *names, size_t count,
                          struct arena *arena, const char ***out, struct error *error);

#endif
