/* collect/pseudonyms.h: names of people made into pseudonyms as imports make them, in an engine
   that lives in memory and spills nothing. */

#ifndef COLLECT_PSEUDONYMS_H
#define COLLECT_PSEUDONYMS_H

#include "workspace/workspace.h"

/* What fills macros.sql. */
struct reading_macros {
    const char *dates;    /* read_iso, read_dmy, read_mdy */
    const char *decimal;  /* cast_point, cast_comma */
    const char *kept_key; /* a truth over the lambda's e.key: is it kept among attrs? */
};

/* Makes pseudonym() and the macros that read text in an engine of clear text that was opened.
   key   must outlive the engine
   time_zone   in which times without offset are meant; NULL: UTC */
enum status pseudonyms_prepare(struct engine *engine, const struct hash_key *key,
                               const char *time_zone, const struct reading_macros *macros,
                               struct arena *arena, struct error *error);

/* An engine that names may pass through, with the macros that read text (worker_of among them). The
   workspace's key has been read. */
enum status pseudonyms_open(const struct workspace *workspace, struct arena *arena,
                            struct engine **out, struct error *error);

/* The pseudonym of each name, in order; NULL for one that is blank. At most engine_frame_rows. */
enum status pseudonyms_of(const struct workspace *workspace, const char *const *names, size_t count,
                          struct arena *arena, const char ***out, struct error *error);

#endif
