#include "collect/git_bytes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

bool git_bytes_append(struct git_bytes *bytes, const char *data, size_t length)
{
    if (length > SIZE_MAX / 2 - bytes->length)
        return false;
    size_t wanted = bytes->length + length;
    if (wanted > bytes->capacity) {
        size_t capacity = bytes->capacity < 256 ? 256 : bytes->capacity;
        while (capacity < wanted)
            capacity *= 2;
        char *larger = realloc(bytes->data, capacity);
        if (larger == NULL)
            return false;
        bytes->data = larger;
        bytes->capacity = capacity;
    }
    if (length > 0)
        memcpy(bytes->data + bytes->length, data, length);
    bytes->length = wanted;
    return true;
}

void git_bytes_free(struct git_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct git_bytes){0};
}

/* Length of the valid UTF-8 character at text, or 0 (RFC 3629: nothing overlong, no surrogates). */
static size_t character_length(const unsigned char *text, size_t length)
{
    unsigned char first = text[0];
    if (first < 0x80)
        return 1;
    size_t wanted = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || wanted > length)
        return 0;
    for (size_t i = 1; i < wanted; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if ((first == 0xe0 && text[1] < 0xa0) || (first == 0xed && text[1] > 0x9f) ||
        (first == 0xf0 && text[1] < 0x90) || (first == 0xf4 && text[1] > 0x8f))
        return 0;
    return wanted;
}

char *git_text_valid(struct arena *arena, const char *text, size_t length, bool lower)
{
    static const char replacement[] = "\xef\xbf\xbd";
    char *copy = arena_array(arena, length + 1, 3);
    size_t at = 0;
    for (size_t i = 0; i < length;) {
        size_t step = character_length((const unsigned char *)text + i, length - i);
        if (step == 0) {
            for (size_t byte = 0; byte < 3; byte++)
                copy[at++] = replacement[byte];
            i++;
            continue;
        }
        memcpy(copy + at, text + i, step);
        if (lower && text[i] >= 'A' && text[i] <= 'Z')
            copy[at] = (char)(text[i] - 'A' + 'a');
        at += step;
        i += step;
    }
    return copy;
}
