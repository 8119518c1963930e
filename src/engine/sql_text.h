/* engine/sql_text.h: names, texts and numbers as they stand in SQL. */

#ifndef ENGINE_SQL_TEXT_H
#define ENGINE_SQL_TEXT_H

#include "base/arena.h"

char *sql_literal(struct arena *arena, const char *text); /* 'it''s' */
char *sql_name(struct arena *arena, const char *text);    /* "a ""b""" */

/* The SQL text `part` with each | and \ in its value marked by a \, so that values joined by | stay
   apart. */
char *sql_joinable(struct arena *arena, const char *part);

/* The shortest digits that read back as the same double, with an exponent: a bare 0.5 would be a
   DECIMAL and change the arithmetic around it. Negative ones stand in parentheses.
   number   finite */
char *sql_number(struct arena *arena, double number);

#endif
