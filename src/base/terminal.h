/* base/terminal.h: what a text is on a terminal. */

#ifndef BASE_TERMINAL_H
#define BASE_TERMINAL_H

#include "base/arena.h"

#include <stddef.h>

/* Cells that UTF-8 text takes in a terminal, one per code point but combining marks (0) and wide
   East Asian characters (2). Invalid bytes count 1. */
size_t text_width(const char *text);

/* What may go to a terminal: characters that steer one (C0, DEL, C1) or turn the direction of
   writing become U+FFFD, as bytes that are not UTF-8 do, and blanks that are none (tab, end of
   line) a blank. */
char *text_printable(struct arena *arena, const char *text);

#endif
