/* base/utf8.h: is it UTF-8, and how many characters is it? */

#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* Bytes from the start that are valid UTF-8 (no overlong forms, no surrogates, up to U+10FFFF);
   equals length when all of it is. */
size_t utf8_valid(const char *text, size_t length);

/* Characters (code points) that begin in the first length bytes. */
size_t utf8_count(const char *text, size_t length);

#endif
