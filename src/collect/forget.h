/* collect/forget.h

   Removes people wholly from a workspace: their items and what belongs to them, their calls,
   assignments, memberships and further names. Names are read from a file, become pseudonyms in an
   engine that spills nothing, and are gone; the database is then written anew, so that the
   pseudonyms are not in the file any more either (workspace/rewrite.h).

   Importing a file that names them brings them back: assay keeps no list of who was forgotten. */

#ifndef COLLECT_FORGET_H
#define COLLECT_FORGET_H

#include "workspace/workspace.h"

struct forget_request {
    const char *path; /* one name per line; "-" is the standard input */
    bool dry_run;     /* look who is known, and remove nothing */
};

/* One kind of thing that was removed, or changed. */
struct forget_count {
    const char *thing; /* "items"; static */
    int64_t rows;
};

enum { forget_counts = 11 };

struct forget_result {
    int64_t given;      /* different names in the file */
    int64_t found;      /* of them, names that the workspace knows */
    bool counted;       /* the rest may be shown: own data. Else it would count one person's work */
    int64_t pseudonyms; /* that the workspace knew these people by, further names included */
    struct forget_count removed[forget_counts];
    int64_t calls_of_others; /* calls that named an item which is gone; they name none now */
};

/* The workspace is open for writing. Where nobody was found, nothing is changed. Facts have to be
   rebuilt afterwards (evidence/facts/facts.h).
   ERROR_INPUT: the file holds no name, or a line is not UTF-8 text. No message quotes a line.
   After an error nothing was removed, unless the message says so. */
enum status forget_people(struct workspace *workspace, const struct forget_request *request,
                          struct arena *arena, struct forget_result *out, struct error *error);

#endif
