#include "base/text.h"

#include "assay/status.h"
#include "base/error.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

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

char *text_printable(struct arena *arena, const char *text)
{
    struct text out = {.arena = arena};
    while (*text != '\0') {
        size_t bad = steering((const unsigned char *)text);
        if (bad == 0)
            text_add_n(&out, text, 1);
        else
            text_add(&out, strchr("\t\n\r", *text) != NULL ? " " : "\xef\xbf\xbd");
        text += bad > 0 ? bad : 1;
    }
    return arena_text(arena, text_get(&out));
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

enum status text_read_file(struct arena *arena, const char *path, size_t max, char **out,
                           size_t *length, struct error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return error_at(error, ERROR_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
    struct stat about;
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        (void)close(file);
        return error_at(error, ERROR_INPUT, path, 0, 0, "this is not a regular file");
    }
    if ((uintmax_t)about.st_size > max) {
        (void)close(file);
        return error_at(error, ERROR_INPUT, path, 0, 0, "the file is over %zu bytes", max);
    }
    size_t size = (size_t)about.st_size;
    char *bytes = arena_alloc(arena, size + 1);
    size_t at = 0;
    while (at < size) {
        ssize_t got = read(file, bytes + at, size - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            int reason = errno;
            (void)close(file);
            return error_at(error, ERROR_IO, path, 0, 0, "cannot be read: %s", strerror(reason));
        }
        if (got == 0)
            break;
        at += (size_t)got;
    }
    (void)close(file);
    bytes[at] = '\0';
    if (memchr(bytes, '\0', at) != NULL)
        return error_at(error, ERROR_INPUT, path, 0, 0, "the file holds a NUL byte; it is no text");
    *out = bytes;
    if (length != NULL)
        *length = at;
    return STATUS_OK;
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return fsync(file) == 0;
}

/* A new name is on the disk when its folder is. */
static bool sync_folder_of(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    int length = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);
    (void)snprintf(folder, sizeof folder, "%.*s", length, slash == NULL ? "." : path);
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = file >= 0 && fsync(file) == 0;
    if (file >= 0)
        (void)close(file);
    return synced;
}

enum status text_write_file(const char *path, const char *bytes, size_t length, unsigned mode,
                            struct error *error)
{
    char beside[4096];
    if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
        return error_at(error, ERROR_INPUT, path, 0, 0, "the path is too long");
    int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
    if (file < 0)
        return error_unwritten(error, path, errno);
    bool written = write_all(file, bytes, length);
    int reason = errno;
    written = close(file) == 0 && written;
    if (!written || rename(beside, path) != 0) {
        if (written)
            reason = errno;
        (void)unlink(beside);
        return error_unwritten(error, path, reason);
    }
    if (!sync_folder_of(path))
        return error_at(error, ERROR_IO, path, 0, 0, "its folder cannot be synced: %s",
                        strerror(errno));
    return STATUS_OK;
}
