#include "report/lines.h"

#include "base/terminal.h"

#include <string.h>

enum { width_least = 60, word_cells = 13 };

struct lines lines_start(struct arena *arena, const struct text_style *style)
{
    return (struct lines){
        {.arena = arena}, style, style->width < width_least ? width_least : style->width};
}

/* Cells of a text without its colours. */
static size_t cells_of(const char *text, size_t length)
{
    char plain[1024];
    size_t n = 0;
    for (size_t i = 0; i < length && n + 1 < sizeof plain; i++) {
        if (text[i] == '\033') {
            while (i < length && text[i] != 'm')
                i++;
            continue;
        }
        plain[n++] = text[i];
    }
    plain[n] = '\0';
    return text_width(plain);
}

void lines_add(struct lines *lines, const char *first, const char *rest, const char *text)
{
    size_t used = cells_of(first, strlen(first));
    size_t blanks = 0; /* before the word, as written */
    bool at_start = true;
    text_add(&lines->out, first);
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        size_t cells = cells_of(text, length);
        if (!at_start && used + blanks + cells > lines->width) {
            text_add(&lines->out, "\n");
            text_add(&lines->out, rest);
            used = cells_of(rest, strlen(rest));
            at_start = true;
        }
        for (; !at_start && blanks > 0; blanks--, used++)
            text_add(&lines->out, " ");
        text_add_n(&lines->out, text, length);
        used += cells;
        at_start = false;
        text += length;
        blanks = strspn(text, " ");
        text += blanks;
    }
    text_add(&lines->out, "\n");
}

void lines_blank(struct lines *lines)
{
    text_add(&lines->out, "\n");
}

char *lines_colour(const struct lines *lines, enum line_colour colour, const char *text)
{
    static const char *const codes[] = {"32", "31", "2", "1"};
    if (!lines->style->colour)
        return arena_text(lines->out.arena, text);
    return arena_printf(lines->out.arena, "\033[%sm%s\033[0m", codes[colour], text);
}

char *lines_padded(struct arena *arena, const char *text, size_t cells)
{
    struct text out = {.arena = arena};
    text_add(&out, text);
    for (size_t used = cells_of(text, strlen(text)); used < cells; used++)
        text_add(&out, " ");
    return arena_text(arena, text_get(&out));
}

static enum line_colour colour_of(const char *glyph)
{
    if (strcmp(glyph, "▲") == 0)
        return COLOUR_GOOD;
    return strcmp(glyph, "▼") == 0 || strcmp(glyph, "◆") == 0 ? COLOUR_BAD : COLOUR_FAINT;
}

char *lines_word(const struct lines *lines, const char *glyph, const char *word)
{
    struct arena *arena = lines->out.arena;
    /* A wide glyph takes the cell of the blank behind it. */
    bool wide = text_width(glyph) > 1;
    const char *plain = arena_printf(arena, "%s%s%s", glyph, wide ? "" : " ", word);
    const char *padded = lines_padded(arena, plain, word_cells - 1);
    return arena_printf(arena, "%s ", lines_colour(lines, colour_of(glyph), padded));
}

/* What ASCII has no sign for. Anything else that is not ASCII becomes a question mark. */
static const struct {
    const char *sign;
    const char *ascii;
} signs[] = {
    {"▲", "^"},  {"▼", "v"},  {"◆", "*"}, {"＝", "= "}, {"−", "-"}, {"–", "-"},
    {"…", ".."}, {"→", "->"}, {"×", "x"}, {"·", "-"},   {"≈", "~"}, {"≥", ">="},
};

static char *to_ascii(struct arena *arena, const char *text)
{
    struct text out = {.arena = arena};
    while (*text != '\0') {
        size_t i = 0;
        size_t count = sizeof signs / sizeof signs[0];
        while (i < count && strncmp(text, signs[i].sign, strlen(signs[i].sign)) != 0)
            i++;
        if (i < count) {
            text_add(&out, signs[i].ascii);
            text += strlen(signs[i].sign);
        } else if ((unsigned char)*text < 0x80) {
            text_add_n(&out, text++, 1);
        } else {
            text_add(&out, "?");
            text++;
            while (((unsigned char)*text & 0xc0) == 0x80)
                text++;
        }
    }
    return arena_text(arena, text_get(&out));
}

char *lines_finish(struct lines *lines)
{
    const char *text = text_get(&lines->out);
    return lines->style->ascii ? to_ascii(lines->out.arena, text)
                               : arena_text(lines->out.arena, text);
}
