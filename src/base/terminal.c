#include "base/terminal.h"

#include "base/text.h"

#include <string.h>

/* Bytes of the character here that steers a terminal, or 0 where it is another. */
static size_t steering(const unsigned char *at)
{
    if (at[0] < 0x20 || at[0] == 0x7f)
        return 1;
    if (at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f) /* U+0080 to U+009F */
        return 2;
    if (at[0] != 0xe2)
        return 0;
    if (at[1] == 0x80 && (at[2] == 0x8e || at[2] == 0x8f || (at[2] >= 0xa8 && at[2] <= 0xae)))
        return 3; /* U+200E, U+200F, U+2028 to U+202E */
    return at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9 ? 3 : 0; /* U+2066 to U+2069 */
}

/* Code point at text, and its length in bytes (1 where invalid). */
static size_t code_point(const unsigned char *text, unsigned *out)
{
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    size_t length = text[0] < 0x80   ? 1
                    : text[0] < 0xc2 ? 0
                    : text[0] < 0xe0 ? 2
                    : text[0] < 0xf0 ? 3
                    : text[0] < 0xf5 ? 4
                                     : 0;
    *out = 0xfffd;
    if (length == 0)
        return 1;
    unsigned value = text[0] & masks[length];
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 1;
        value = value << 6 | (text[i] & 0x3f);
    }
    *out = value;
    return length;
}

char *text_printable(struct arena *arena, const char *text)
{
    struct text out = {.arena = arena};
    while (*text != '\0') {
        unsigned c = 0;
        size_t length = code_point((const unsigned char *)text, &c);
        size_t bad = steering((const unsigned char *)text);
        if (bad == 0 && length == 1 && c == 0xfffd)
            bad = 1;
        if (bad == 0)
            text_add_n(&out, text, length);
        else
            text_add(&out, strchr("\t\n\r", *text) != NULL ? " " : "\xef\xbf\xbd");
        text += bad > 0 ? bad : length;
    }
    return arena_text(arena, text_get(&out));
}

static size_t cells(unsigned c)
{
    if ((c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200f) || (c >= 0xfe00 && c <= 0xfe0f))
        return 0;
    bool wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
                (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
                (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
                (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff);
    return wide ? 2 : 1;
}

size_t text_width(const char *text)
{
    size_t width = 0;
    const unsigned char *at = (const unsigned char *)text;
    while (*at != '\0') {
        unsigned c = 0;
        at += code_point(at, &c);
        width += cells(c);
    }
    return width;
}
