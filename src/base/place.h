/* base/place.h: where in the user's input something stands, and errors that say so. */

#ifndef BASE_PLACE_H
#define BASE_PLACE_H

#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>

struct place {
    const char *file; /* a file as the user knows it, or a flag such as --adjust; never NULL */
    int line;         /* from 1; 0: not known (a flag) */
    int column;       /* from 1, in characters */
    bool exact;       /* one line of text stands there byte for byte, so that a column inside it can
                         be added; false for folded, escaped and many-line texts */
    const char *what; /* what the text is, said before the message ("value"), or NULL */
};

/* ERROR_INPUT at the place, with `what: ` before the sentence. Returns ERROR_INPUT. */
enum status place_error(struct error *error, const struct place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for the byte at `offset` of the text that stands at the place. Where the text is not
   exact, the sentence ends with the character's number instead. */
enum status place_error_in(struct error *error, const struct place *place, const char *text,
                           size_t length, size_t offset, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

#endif
