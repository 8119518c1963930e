/* The first wall: characters and pairs that no formula needs, each with its own sentence. */

#include "model/formula_internal.h"

#include "base/utf8.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool starts_name(char c)
{
    return isalpha((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool continues_name(char c)
{
    return starts_name(c) || isdigit((unsigned char)c);
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

/* After the closing quote of 'text' or "name", a doubled quote being part of it; 0: none closes. */
static size_t after_quoted(const char *text, size_t length, size_t at)
{
    char quote = text[at++];
    while (at < length) {
        if (text[at] != quote) {
            at++;
        } else if (at + 1 < length && text[at + 1] == quote) {
            at += 2;
        } else {
            return at + 1;
        }
    }
    return 0;
}

static size_t skip_digits(const char *text, size_t length, size_t at)
{
    while (at < length && (isdigit((unsigned char)text[at]) || text[at] == '_'))
        at++;
    return at;
}

static enum status scan_number(struct formula_reading *reading, size_t *at)
{
    const char *text = reading->text;
    size_t length = reading->length;
    size_t start = *at;
    size_t end = skip_digits(text, length, start);
    if (end < length && text[end] == '.')
        end = skip_digits(text, length, end + 1);
    if (end < length && (text[end] == 'e' || text[end] == 'E')) {
        size_t exponent = end + 1;
        if (exponent < length && (text[exponent] == '+' || text[exponent] == '-'))
            exponent++;
        if (exponent < length && isdigit((unsigned char)text[exponent]))
            end = skip_digits(text, length, exponent);
    }
    if (end < length && (continues_name(text[end]) || text[end] == '.'))
        return formula_error(
            reading, start,
            "a number runs into what follows; write it as 12.5 or 1e3, then a blank");
    *at = end;
    return STATUS_OK;
}

static enum status scan_name(struct formula_reading *reading, size_t *at)
{
    const char *text = reading->text;
    size_t start = *at;
    size_t end = start;
    while (end < reading->length && continues_name(text[end]))
        end++;
    if (end < reading->length && text[end] == '\'')
        return formula_error(reading, start,
                             "%.*s stands against a quote; texts are written 'so', with nothing "
                             "before the quote",
                             (int)(end - start < 40 ? end - start : 40), text + start);
    if (is_word(text + start, end - start, "symmetric") ||
        is_word(text + start, end - start, "asymmetric"))
        return formula_error(reading, start, "between takes the lower bound first; no symmetric");
    if (is_word(text + start, end - start, "if"))
        return formula_error(reading, start, "write case when … then … else … end");
    if (is_word(text + start, end - start, "in")) {
        size_t next = end;
        while (next < reading->length && isspace((unsigned char)text[next]))
            next++;
        if (next == reading->length || text[next] != '(')
            return formula_error(reading, start, "in takes a list: write in ('a', 'b')");
    }
    *at = end;
    return STATUS_OK;
}

/* What a character that does not belong here was probably meant to be. */
static const char *advice(const char *at, size_t left)
{
    if (left >= 2) {
        static const struct {
            char pair[3];
            const char *advice;
        } pairs[] = {
            {"--", "comments have no place in a formula"},
            {"/*", "comments have no place in a formula"},
            {"//", "// is not in the language; write / and round()"},
            {"**", "** is not in the language; write x * x, or exp(p * ln(x))"},
            {"||", "|| is not in the language: texts are compared, not built"},
            {"::", "types are not converted here; a formula has none to name"},
            {"->", "-> is not in the language"},
            {"=>", "=> is not in the language"},
            {"==", "write = for equal"},
            {"<<", "<< is not in the language"},
            {">>", ">> is not in the language"},
        };
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
            if (memcmp(at, pairs[i].pair, 2) == 0)
                return pairs[i].advice;
    }
    switch (*at) {
    case ';':
        return "a formula is one expression; no semicolon";
    case '$':
    case '?':
    case ':':
        return "parameters have no place in a formula";
    case '.':
        return "a name stands alone here, without a table or a dot";
    case '[':
    case ']':
    case '{':
    case '}':
        return "lists and brackets are not in the language; attributes are read by attr('key')";
    case '#':
        return "columns are named, not numbered";
    case '%':
    case '^':
    case '@':
    case '&':
    case '|':
    case '~':
    case '!':
    case '\\':
    case '`':
        return "this character is not in the language";
    default:
        return NULL;
    }
}

static enum status scan_mark(struct formula_reading *reading, size_t *at)
{
    const char *text = reading->text + *at;
    size_t left = reading->length - *at;
    if (left >= 2 && memcmp(text, "!=", 2) == 0) {
        *at += 2;
        return STATUS_OK;
    }
    const char *why = advice(text, left);
    if (why != NULL)
        return formula_error(reading, *at, "%s", why);
    if (strchr("(),+-*/=<>", *text) == NULL)
        return formula_error(reading, *at, "a character (code %d) has no place in a formula",
                             (int)(unsigned char)*text);
    *at += 1;
    return STATUS_OK;
}

enum status formula_scan(struct formula_reading *reading)
{
    const char *text = reading->text;
    size_t length = reading->length;
    if (length > formula_bytes_max)
        return formula_error(reading, 0, "the formula is over %d bytes", formula_bytes_max);
    if (memchr(text, '\0', length) != NULL)
        return formula_error(reading, strlen(text), "the formula holds a NUL byte");
    size_t valid = utf8_valid(text, length);
    if (valid < length)
        return formula_error(reading, valid, "the formula is not UTF-8 here");
    size_t at = 0;
    bool empty = true;
    while (at < length) {
        char c = text[at];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            at++;
            continue;
        }
        empty = false;
        enum status status = STATUS_OK;
        bool number = isdigit((unsigned char)c) ||
                      (c == '.' && at + 1 < length && isdigit((unsigned char)text[at + 1]));
        if (c == '\'' || c == '"') {
            size_t end = after_quoted(text, length, at);
            if (end == 0)
                return formula_error(reading, at, "the quote that opens here is never closed");
            if (end < length && continues_name(text[end]))
                return formula_error(reading, end, "a blank is missing after the quote");
            at = end;
        } else if (number) {
            status = scan_number(reading, &at);
        } else if (starts_name(c)) {
            status = scan_name(reading, &at);
        } else {
            status = scan_mark(reading, &at);
        }
        if (status != STATUS_OK)
            return status;
    }
    if (empty)
        return formula_error(reading, 0, "the formula is empty");
    return STATUS_OK;
}
