/* One line of JSON: a scanner without recursion. Which brackets are open is one bit each, so that
   a line of brackets costs 125 bytes and no stack. */

#include "collect/json_lines.h"

#include "base/utf8.h"

#include <string.h>

const char *json_fault_text(enum json_fault fault)
{
    switch (fault) {
    case JSON_FINE:
    case JSON_BLANK:
        break;
    case JSON_BROKEN:
        return "not valid JSON";
    case JSON_NO_OBJECT:
        return "not a JSON object";
    case JSON_NOT_UTF8:
        return "not UTF-8";
    case JSON_TOO_DEEP:
        return "nested deeper than 1,000 levels";
    case JSON_TOO_LONG:
        return "longer than 16,000,000 bytes";
    }
    return "";
}

struct scan {
    const char *at;
    const char *end;
};

static void skip_blanks(struct scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\r' || *scan->at == '\n'))
        scan->at++;
}

static bool is_digit(const struct scan *scan)
{
    return scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9';
}

static bool take(struct scan *scan, char wanted)
{
    if (scan->at >= scan->end || *scan->at != wanted)
        return false;
    scan->at++;
    return true;
}

static bool take_word(struct scan *scan, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0)
        return false;
    scan->at += length;
    return true;
}

static bool take_digits(struct scan *scan)
{
    if (!is_digit(scan))
        return false;
    while (is_digit(scan))
        scan->at++;
    return true;
}

static bool take_number(struct scan *scan)
{
    (void)take(scan, '-');
    if (!take(scan, '0') && !take_digits(scan))
        return false;
    if (take(scan, '.') && !take_digits(scan))
        return false;
    if (take(scan, 'e') || take(scan, 'E')) {
        if (!take(scan, '+'))
            (void)take(scan, '-');
        return take_digits(scan);
    }
    return true;
}

/* Four hex digits, or -1. */
static int hex4(const char *at, const char *end)
{
    int value = 0;
    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static bool is_high(int unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low(int unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

/* Behind a backslash. A surrogate must have its other half: alone it is no character. */
static bool take_escape(struct scan *scan)
{
    if (scan->at >= scan->end)
        return false;
    char c = *scan->at++;
    if (c != 'u')
        return strchr("\"\\/bfnrt", c) != NULL && c != '\0';
    int unit = hex4(scan->at, scan->end);
    if (unit < 0 || is_low(unit))
        return false;
    scan->at += 4;
    if (!is_high(unit))
        return true;
    if (!take_word(scan, "\\u") || !is_low(hex4(scan->at, scan->end)))
        return false;
    scan->at += 4;
    return true;
}

/* At its opening quote. */
static bool take_string(struct scan *scan, struct json_piece *out)
{
    if (!take(scan, '"'))
        return false;
    *out = (struct json_piece){.bytes = scan->at, .is_string = true};
    while (scan->at < scan->end) {
        unsigned char c = (unsigned char)*scan->at;
        if (c == '"') {
            out->length = (size_t)(scan->at - out->bytes);
            scan->at++;
            return true;
        }
        if (c < 0x20)
            return false;
        scan->at++;
        if (c == '\\') {
            out->escaped = true;
            if (!take_escape(scan))
                return false;
        }
    }
    return false;
}

/* A value that is neither object nor array. */
static bool take_plain(struct scan *scan, struct json_piece *out)
{
    if (scan->at < scan->end && *scan->at == '"')
        return take_string(scan, out);
    *out = (struct json_piece){.bytes = scan->at};
    out->is_null = take_word(scan, "null");
    if (!out->is_null && !take_word(scan, "true") && !take_word(scan, "false") &&
        !take_number(scan))
        return false;
    out->length = (size_t)(scan->at - out->bytes);
    return true;
}

/* ---- Nesting ---------------------------------------------------------------------------- */

/* Bit i: is the bracket opened at depth i an object's? */
struct brackets {
    uint8_t objects[json_depth_max / 8 + 1];
    int depth;
};

static bool in_object(const struct brackets *open)
{
    int top = open->depth - 1;
    return (open->objects[top / 8] >> (top % 8) & 1) != 0;
}

static bool push(struct brackets *open, bool is_object)
{
    if (open->depth == json_depth_max)
        return false;
    uint8_t bit = (uint8_t)(1 << (open->depth % 8));
    uint8_t *byte = &open->objects[open->depth / 8];
    *byte = (uint8_t)(is_object ? *byte | bit : *byte & ~bit);
    open->depth++;
    return true;
}

/* "key" and its colon, inside an object. */
static bool take_key(struct scan *scan, struct json_piece *key)
{
    skip_blanks(scan);
    if (!take_string(scan, key))
        return false;
    skip_blanks(scan);
    return take(scan, ':');
}

/* One step into or over a value: opens a bracket, or takes a plain value. *done: a value ended. */
static enum json_fault take_value(struct scan *scan, struct brackets *open,
                                  struct json_piece *value, bool *done)
{
    skip_blanks(scan);
    *done = false;
    bool is_object = scan->at < scan->end && *scan->at == '{';
    if (!is_object && (scan->at >= scan->end || *scan->at != '[')) {
        *done = true;
        return take_plain(scan, value) ? JSON_FINE : JSON_BROKEN;
    }
    scan->at++;
    if (!push(open, is_object))
        return JSON_TOO_DEEP;
    skip_blanks(scan);
    if (take(scan, is_object ? '}' : ']')) {
        open->depth--;
        *done = true;
    } else if (is_object) {
        struct json_piece ignored;
        if (!take_key(scan, &ignored))
            return JSON_BROKEN;
    }
    return JSON_FINE;
}

/* Behind a value inside the brackets above `floor`: closes what ends here. *more: another value
   follows inside them. */
static bool close_brackets(struct scan *scan, struct brackets *open, int floor, bool *more)
{
    *more = false;
    while (open->depth > floor) {
        skip_blanks(scan);
        if (take(scan, ',')) {
            struct json_piece ignored;
            *more = true;
            return !in_object(open) || take_key(scan, &ignored);
        }
        if (!take(scan, in_object(open) ? '}' : ']'))
            return false;
        open->depth--;
    }
    return true;
}

/* One member's value, whole. */
static enum json_fault take_whole_value(struct scan *scan, struct brackets *open,
                                        struct json_piece *value)
{
    int floor = open->depth;
    skip_blanks(scan);
    const char *start = scan->at;
    for (bool more = true; more;) {
        bool done = false;
        enum json_fault fault = take_value(scan, open, value, &done);
        if (fault != JSON_FINE)
            return fault;
        if (done && !close_brackets(scan, open, floor, &more))
            return JSON_BROKEN;
    }
    if (*start == '{' || *start == '[')
        *value = (struct json_piece){.bytes = start, .length = (size_t)(scan->at - start)};
    return JSON_FINE;
}

/* ---- The line --------------------------------------------------------------------------- */

static enum json_fault scan_members(struct scan *scan, json_visit visit, void *context)
{
    struct brackets open = {.depth = 0};
    (void)push(&open, true);
    skip_blanks(scan);
    if (take(scan, '}'))
        return JSON_FINE;
    for (;;) {
        struct json_piece key;
        struct json_piece value;
        if (!take_key(scan, &key))
            return JSON_BROKEN;
        enum json_fault fault = take_whole_value(scan, &open, &value);
        if (fault != JSON_FINE)
            return fault;
        if (visit != NULL)
            visit(context, &key, &value);
        skip_blanks(scan);
        if (take(scan, '}'))
            return JSON_FINE;
        if (!take(scan, ','))
            return JSON_BROKEN;
    }
}

enum json_fault json_line_scan(const char *line, size_t length, json_visit visit, void *context)
{
    struct scan scan = {line, line + length};
    skip_blanks(&scan);
    if (scan.at == scan.end)
        return JSON_BLANK;
    if (utf8_valid(line, length) != length)
        return JSON_NOT_UTF8;
    enum json_fault fault = JSON_FINE;
    bool is_object = take(&scan, '{');
    if (is_object)
        fault = scan_members(&scan, visit, context);
    else {
        struct brackets open = {.depth = 0};
        struct json_piece value;
        fault = take_whole_value(&scan, &open, &value);
    }
    skip_blanks(&scan);
    if (fault == JSON_FINE && scan.at != scan.end)
        fault = JSON_BROKEN;
    return fault == JSON_FINE && !is_object ? JSON_NO_OBJECT : fault;
}

/* ---- Strings ---------------------------------------------------------------------------- */

static size_t put_utf8(unsigned code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

size_t json_unescape(const struct json_piece *piece, char *out)
{
    static const char letters[] = "bfnrt";
    static const char meant[] = "\b\f\n\r\t";
    const char *at = piece->bytes;
    const char *end = at + piece->length;
    size_t length = 0;
    while (at < end) {
        if (*at != '\\') {
            out[length++] = *at++;
            continue;
        }
        char c = at[1];
        at += 2;
        const char *letter = strchr(letters, c);
        if (c == 'u') {
            unsigned code = (unsigned)hex4(at, end);
            at += 4;
            if (is_high((int)code)) {
                code = 0x10000 + ((code - 0xd800) << 10) + ((unsigned)hex4(at + 2, end) - 0xdc00);
                at += 6;
            }
            length += put_utf8(code, out + length);
        } else {
            if (letter != NULL)
                c = meant[letter - letters];
            out[length++] = c;
        }
    }
    return length;
}
