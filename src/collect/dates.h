/* collect/dates.h

   Times that could not be read: whether another value of the option `dates` would read them. In
   31/07/2026 and 07/31/2026 day and month tell themselves apart; in 08/05/2026 they do not, so a
   file that is read by the wrong order gives wrong times beside rejected rows. */

#ifndef COLLECT_DATES_H
#define COLLECT_DATES_H

#include "collect/connector.h"
#include "engine/engine.h"

/* Looks where the writer's table `incoming` has rows whose time could not be read, at the column
   that has most of them. Reads the block's select once more, and so belongs behind whatever asks
   for the rejects of its last scan.
   note   a sentence with the mend; NULL: there is nothing to say
   ERROR_INPUT: the other order of day and month reads all values, and this one some. */
enum status dates_check(struct engine *reading, struct engine *writer,
                        const struct connector *connector, const struct connector_block *block,
                        const char *path, struct arena *arena, const char **note,
                        struct error *error);

#endif
