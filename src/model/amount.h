/* model/amount.h: the amounts and durations that people write in plans, metrics and flags. */

#ifndef MODEL_AMOUNT_H
#define MODEL_AMOUNT_H

#include "assay/status.h"
#include "base/arena.h"
#include "base/place.h"

#include <stdint.h>

enum amount_scale {
    AMOUNT_RELATIVE, /* 10%: of the baseline; value 0.10 */
    AMOUNT_POINTS,   /* 1pp: points of a proportion or of a metric's range; value 0.01 */
    AMOUNT_UNITS     /* 12.5: in the metric's unit */
};

struct amount {
    enum amount_scale scale;
    double value; /* finite, at least 0 */
};

/* Reads "10%", "10 %", "1pp", "12.5". Signs are refused: a direction is said by the key
   (improve_by, allow) and the metric's `better`.
   unit   of the metric, for the error's advice; NULL or "": none known
   out    untouched on error */
enum status amount_read(const char *text, const char *unit, const struct place *place,
                        struct amount *out, struct error *error);

/* As one would write it: "10%", "1pp", "12.5". */
const char *amount_text(struct arena *arena, struct amount amount);

/* Reads a length of time: a number and w, d, h or m (minutes), e.g. "30d", "12h", "1.5h", "45m",
   "3w"; "0d" is none. In microseconds, at most 100 years. */
enum status duration_read(const char *text, const struct place *place, int64_t *out,
                          struct error *error);

/* In the largest unit that gives a whole number: "3w", "30d", "12h", "45m". */
const char *duration_text(struct arena *arena, int64_t microseconds);

#endif
