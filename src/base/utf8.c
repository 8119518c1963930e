#include "base/utf8.h"

#include <stdbool.h>

static bool follows(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* Length of the valid sequence at text, or 0 (Unicode 15, table 3-7). */
static size_t sequence(const unsigned char *text, size_t left)
{
    unsigned char first = text[0];
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return left >= 2 && follows(text[1]) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        if (left < 3 || !follows(text[1]) || !follows(text[2]))
            return 0;
        if ((first == 0xe0 && text[1] < 0xa0) || (first == 0xed && text[1] > 0x9f))
            return 0;
        return 3;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        if (left < 4 || !follows(text[1]) || !follows(text[2]) || !follows(text[3]))
            return 0;
        if ((first == 0xf0 && text[1] < 0x90) || (first == 0xf4 && text[1] > 0x8f))
            return 0;
        return 4;
    }
    return 0;
}

size_t utf8_valid(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t step = sequence((const unsigned char *)text + at, length - at);
        if (step == 0)
            return at;
        at += step;
    }
    return at;
}

size_t utf8_count(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        if (!follows((unsigned char)text[i]))
            count++;
    return count;
}
