/* collect/quick_text.h

   What most cells are, told by their bytes: text that needs no trimming, a name in lower case, a
   time of ISO 8601. Each tells less than the macro that asks it (macros.sql), which reads what is
   left by ways that cost ten times as much; and what it tells is what they would. */

#ifndef COLLECT_QUICK_TEXT_H
#define COLLECT_QUICK_TEXT_H

#include "engine/engine.h"

/* Trimming may change it: it is empty, or has a sign at either end that is a blank, a control sign
   or not ASCII. */
bool quick_text_is_untrimmed(const char *text, size_t length);

/* a to z, digits, _ and . only, one of them at least. */
bool quick_text_is_word(const char *text, size_t length);

/* 2026-07-31, 2026-07-31 10:00:00, 2026-07-31T10:00:00.123456Z, 2026-07-31 10:00:00+05:30, of 1900
   to 9999, as UTC microseconds. utc   texts without an offset are meant in UTC; else they are left
   to others False: it is none of these, or no time. */
bool quick_text_time(const char *text, size_t length, bool utc, int64_t *out);

/* Makes is_untrimmed, is_plain_word and plain_time for macros.sql.
   time_zone   in which times without offset are meant; NULL: UTC */
enum status quick_text_register(struct engine *engine, const char *time_zone, struct error *error);

#endif
