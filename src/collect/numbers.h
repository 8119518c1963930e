/* collect/numbers.h

   Numbers that could not be read for their decimal sign: whether the other value of the option
   `decimal` would read them. Which of the two a comma is, is never guessed. */

#ifndef COLLECT_NUMBERS_H
#define COLLECT_NUMBERS_H

#include "collect/connector.h"
#include "engine/engine.h"

/* Looks where the writer's table `incoming` has rows rejected for a comma or a point in a number,
   at the column that has most of them. Reads the block's select once more, as dates_check does.
   note   a sentence with the mend, that begins with the column; NULL: there is nothing to say */
enum status numbers_check(struct engine *reading, struct engine *writer,
                          const struct connector *connector, const struct connector_block *block,
                          struct arena *arena, const char **note, struct error *error);

#endif
