/* Values of a statement, written into its text.

   A statement that is prepared with values to come is planned twice: once when it is prepared and
   again when they are there, since only then are their types known. With the values in its text it
   is planned once, with the same constants. Each has the type that binding would give it. */

#include "engine/duckdb_internal.h"

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "engine/sql_text.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

struct engine_value engine_text(const char *name, const char *text)
{
    return (struct engine_value){
        .name = name, .type = ENGINE_TEXT, .null = text == NULL, .text = text};
}

struct engine_value engine_integer(const char *name, int64_t integer)
{
    return (struct engine_value){.name = name, .type = ENGINE_INTEGER, .integer = integer};
}

struct engine_value engine_number(const char *name, double number)
{
    return (struct engine_value){.name = name, .type = ENGINE_NUMBER, .number = number};
}

struct engine_value engine_time(const char *name, int64_t microseconds)
{
    return (struct engine_value){.name = name, .type = ENGINE_TIME, .integer = microseconds};
}

struct engine_value engine_bool(const char *name, bool truth)
{
    return (struct engine_value){.name = name, .type = ENGINE_BOOL, .integer = truth};
}

struct engine_value engine_null(const char *name, enum engine_type type)
{
    return (struct engine_value){.name = name, .type = type, .null = true};
}

/* One value, in parentheses: a cast binds closer than the sign of a number. */
static enum status add_value(struct text *out, const struct engine_value *value,
                             struct error *error)
{
    if (value->null) {
        text_add(out, "(null)");
        return STATUS_OK;
    }
    switch (value->type) {
    case ENGINE_BOOL:
        text_add(out, value->integer != 0 ? "(true)" : "(false)");
        return STATUS_OK;
    case ENGINE_INTEGER:
        text_addf(out, "('%" PRId64 "'::bigint)", value->integer);
        return STATUS_OK;
    case ENGINE_NUMBER: /* also inf and nan */
        text_addf(out, "('%.17g'::double)", value->number);
        return STATUS_OK;
    case ENGINE_TIME:
        text_addf(out, "(make_timestamp('%" PRId64 "'::bigint))", value->integer);
        return STATUS_OK;
    case ENGINE_TEXT:
        if (utf8_valid(value->text, strlen(value->text)) < strlen(value->text))
            return error_set(error, ERROR_INPUT, "$%s: the value is not valid UTF-8 text",
                             value->name);
        text_addf(out, "(%s::varchar)", sql_literal(out->arena, value->text));
        return STATUS_OK;
    case ENGINE_NUMBERS:
    case ENGINE_MAP:
        break;
    }
    return error_set(error, ERROR_ENGINE, "$%s: lists are no values of a statement", value->name);
}

static size_t name_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_')
        length++;
    return length;
}

static const struct engine_value *value_named(struct engine_values values, const char *name,
                                              size_t length)
{
    const struct engine_value *value = values.list;
    for (size_t i = 0; i < values.count; i++, value++)
        if (strncmp(value->name, name, length) == 0 && value->name[length] == '\0')
            return value;
    return NULL;
}

/* How much of the text is a comment, or a text or name in quotes, in which a $ names nothing. */
static size_t passed_over(const char *at)
{
    const char *end = NULL;
    if (strncmp(at, "--", 2) == 0)
        return strcspn(at, "\n");
    if (strncmp(at, "/*", 2) == 0) {
        end = strstr(at + 2, "*/");
        return end != NULL ? (size_t)(end + 2 - at) : strlen(at);
    }
    if (*at != '\'' && *at != '"')
        return 0;
    /* A doubled mark ends one text and begins the next. */
    end = strchr(at + 1, *at);
    return end != NULL ? (size_t)(end + 1 - at) : strlen(at);
}

enum status values_written(struct arena *arena, const char *sql, struct engine_values values,
                           const char **out, struct error *error)
{
    struct text text = {.arena = arena};
    enum status status = STATUS_OK;
    const char *from = sql;
    const char *at = sql;
    while (*at != '\0' && status == STATUS_OK) {
        size_t over = passed_over(at);
        size_t length = *at == '$' ? name_length(at + 1) : 0;
        const struct engine_value *value = length > 0 ? value_named(values, at + 1, length) : NULL;
        if (value == NULL) {
            at += over > 0 ? over : 1;
            continue;
        }
        text_add_n(&text, from, (size_t)(at - from));
        status = add_value(&text, value, error);
        at += 1 + length;
        from = at;
    }
    text_add(&text, from);
    *out = text_get(&text);
    return status;
}
