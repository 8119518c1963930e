#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void text_add_n(struct text *text, const char *more, size_t length)
{
    if (text->bytes == NULL || text->length + length + 1 > text->capacity) {
        size_t capacity = (text->length + length + 1) * 2;
        char *bytes = arena_alloc(text->arena, capacity);
        if (text->bytes != NULL)
            memcpy(bytes, text->bytes, text->length);
        text->bytes = bytes;
        text->capacity = capacity;
    }
    memcpy(text->bytes + text->length, more, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void text_add(struct text *text, const char *more)
{
    text_add_n(text, more, strlen(more));
}

void text_addf(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char small[256];
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(small, sizeof small, format, arguments);
    if (length >= 0 && (size_t)length < sizeof small) {
        text_add_n(text, small, (size_t)length);
    } else if (length >= 0) {
        char *large = arena_alloc(text->arena, (size_t)length + 1);
        (void)vsnprintf(large, (size_t)length + 1, format, again);
        text_add_n(text, large, (size_t)length);
    }
    va_end(again);
    va_end(arguments);
}

const char *text_get(const struct text *text)
{
    return text->bytes != NULL ? text->bytes : "";
}

/* Levenshtein distance over one row of the table; names are short. */
static size_t edits(const char *a, const char *b)
{
    enum { longest = 64 };
    size_t row[longest + 1];
    size_t width = strlen(b);
    if (width > longest || strlen(a) > longest)
        return longest;
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            bool same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            size_t best = diagonal + (same ? 0 : 1);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[width];
}

const char *text_nearest(const char *written, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t least = strlen(written) / 3 + 2;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edits(written, names[i]);
        if (distance < least && distance < strlen(names[i])) {
            least = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

char *text_trimmed(struct arena *arena, const char *text, size_t length)
{
    while (length > 0 && isspace((unsigned char)*text)) {
        text++;
        length--;
    }
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    return arena_text_n(arena, text, length);
}

/* The slot whose {name} stands at text, or NULL. */
static const struct text_slot *slot_at(const char *text, const struct text_slot *slots,
                                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(slots[i].name);
        if (strncmp(text + 1, slots[i].name, length) == 0 && text[1 + length] == '}')
            return &slots[i];
    }
    return NULL;
}

char *text_filled(struct arena *arena, const char *template, const struct text_slot *slots,
                  size_t count)
{
    struct text out = {.arena = arena};
    for (;;) {
        size_t length = strcspn(template, "{");
        text_add_n(&out, template, length);
        template += length;
        if (*template == '\0')
            return arena_text(arena, text_get(&out));
        const struct text_slot *slot = slot_at(template, slots, count);
        if (slot != NULL) {
            text_add(&out, slot->value);
            template += strlen(slot->name) + 2;
        } else {
            text_add_n(&out, template, 1);
            template ++;
        }
    }
}

const char *text_joined(struct arena *arena, const char *const *texts, size_t count)
{
    struct text all = {.arena = arena};
    for (size_t i = 0; i < count; i++)
        text_addf(&all, "%s%s", i > 0 ? ", " : "", texts[i]);
    return count > 0 ? text_get(&all) : NULL;
}
