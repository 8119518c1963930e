/* collect/ticker.h: a thread that reports the progress of a running statement. */

#ifndef COLLECT_TICKER_H
#define COLLECT_TICKER_H

#include "collect/import.h"

struct ticker;

/* NULL if no thread can be had: work goes on without progress. */
struct ticker *ticker_start(struct engine *engine, const struct import_progress *progress);
void ticker_stop(struct ticker *ticker); /* NULL is fine */

#endif
