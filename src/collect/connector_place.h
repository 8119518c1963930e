/* collect/connector_place.h: where in a connector's file a fault lies, by what the engine says of
   the checked statement around it. */

#ifndef COLLECT_CONNECTOR_PLACE_H
#define COLLECT_CONNECTOR_PLACE_H

#include "collect/connector.h"

struct connector_place {
    int line;
    int column; /* 0: unknown */
};

/* Of a message that ends in "LINE 14: a part of that line" with a caret below it.
   checked   the text around the select, with {select} in its place; NULL: nothing is around it
   The block's first line, where the message shows none, or one outside of the block. */
struct connector_place connector_place_of(struct arena *arena, const struct connector_block *block,
                                          const char *checked, const char *message);

/* Of a byte of the block's select, from 0. */
struct connector_place connector_place_at(const struct connector_block *block, size_t offset);

#endif
