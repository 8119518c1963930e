/* assignment/given.h: the units that somebody wants assigned, as the workspace knows them. */

#ifndef ASSIGNMENT_GIVEN_H
#define ASSIGNMENT_GIVEN_H

#include "model/plan.h"
#include "workspace/workspace.h"

struct assign_request {
    const char *const *words; /* units of the command line, or: */
    size_t word_count;
    const char *path;        /* a file, "-" for the standard input; NULL: words */
    const char *item_source; /* of item ids that name no source */
};

struct given_list {
    const char *const *shown; /* as they were given, by place: names of people among them */
    const int *lines;         /* of the file, by place; NULL: words */
    size_t count;
};

/* Makes the temporary table `given` (place, unit, known, stratum, missing), one row per unit given:
   the unit as the other tables have it, whether the data have it already, its stratum (values with
   | between) and the first formula of the strata that nothing says the value of, or null.
   Values come from the unit's latest item, else from the columns of the file.
   clear   holds what was given; the caller destroys it when all was printed
   ERROR_INPUT: as unit_file_parse; a blank unit; names of people on the command line. */
enum status given_units(struct workspace *workspace, const struct plan *plan,
                        const struct assign_request *request, struct arena *arena,
                        struct arena *clear, struct given_list *out, struct error *error);

#endif
