/* report/lines.h: lines of a terminal: wrapped at a width, coloured, or in ASCII. */

#ifndef REPORT_LINES_H
#define REPORT_LINES_H

#include "base/text.h"
#include "report/text.h"

struct lines {
    struct text out;
    const struct text_style *style;
    size_t width;
};

struct lines lines_start(struct arena *arena, const struct text_style *style);

/* Adds a paragraph: the first line after `first`, further ones after `rest`; words are kept whole.
 */
void lines_add(struct lines *lines, const char *first, const char *rest, const char *text);
void lines_blank(struct lines *lines);

/* The text with a colour around it, where colours are asked for. Colours take no cells. */
enum line_colour { COLOUR_GOOD, COLOUR_BAD, COLOUR_FAINT, COLOUR_HEAD };
char *lines_colour(const struct lines *lines, enum line_colour colour, const char *text);

/* The column of a sign and its word: "▲ better     ", coloured by the sign. */
char *lines_word(const struct lines *lines, const char *glyph, const char *word);

/* Padded with blanks to a number of cells. */
char *lines_padded(struct arena *arena, const char *text, size_t cells);

/* The whole, in ASCII where that was asked for. */
char *lines_finish(struct lines *lines);

#endif
