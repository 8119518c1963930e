/* Nodes of a YAML tree as C values, with errors where they stand. */

#include "base/yaml.h"

#include "base/error.h"
#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool yaml_is_empty(const struct yaml *node)
{
    if (node->kind != YAML_SCALAR)
        return node->count == 0;
    return !node->quoted &&
           (node->length == 0 || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
    if (map == NULL || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i]->text, key) == 0)
            return map->values[i];
    return NULL;
}

struct place yaml_place(const struct yaml *node, const char *what)
{
    return (struct place){
        .file = node->file, .line = node->line, .column = node->column, .what = what};
}

struct place yaml_text_place(const struct yaml *node, const char *what)
{
    return (struct place){.file = node->file,
                          .line = node->text_line,
                          .column = node->text_column,
                          .exact = node->exact,
                          .what = what};
}

enum status yaml_error(const struct yaml *node, const char *what, struct error *error,
                       const char *format, ...)
{
    char message[1400];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    struct place place = yaml_place(node, what);
    return place_error(error, &place, "%s", message);
}

static const char *kind_name(const struct yaml *node)
{
    static const char *const names[] = {"a single value", "a list", "a map"};
    return names[node->kind];
}

enum status yaml_text(const struct yaml *node, const char *what, const char **out,
                      struct error *error)
{
    if (node->kind != YAML_SCALAR)
        return yaml_error(node, what, error, "this is %s; write a text", kind_name(node));
    if (yaml_is_empty(node) || node->length == 0)
        return yaml_error(node, what, error, "nothing stands here; write a text");
    *out = node->text;
    return STATUS_OK;
}

/* Decimal notation only: strtod alone would take inf, nan, 0x10 and leading blanks. */
static bool is_decimal(const char *text)
{
    if (*text == '-' || *text == '+')
        text++;
    if (!isdigit((unsigned char)*text) && *text != '.')
        return false;
    return strspn(text, "0123456789.eE+-") == strlen(text);
}

/* like: a number that would do. */
static enum status read_number(const struct yaml *node, const char *what, const char *like,
                               double *out, struct error *error)
{
    if (node->kind != YAML_SCALAR)
        return yaml_error(node, what, error, "this is %s; write %s", kind_name(node), like);
    char *end = NULL;
    double number = is_decimal(node->text) ? strtod(node->text, &end) : NAN;
    if (node->quoted || end == NULL || *end != '\0' || end == node->text || !isfinite(number))
        return yaml_error(node, what, error, "\"%.80s\" is not a number; write %s%s", node->text,
                          like, node->quoted ? ", without quotes" : "");
    *out = number;
    return STATUS_OK;
}

enum status yaml_number(const struct yaml *node, const char *what, double *out, struct error *error)
{
    return read_number(node, what, "one such as 12.5", out, error);
}

enum status yaml_integer(const struct yaml *node, const char *what, int64_t *out,
                         struct error *error)
{
    double number = 0;
    enum status status = read_number(node, what, "a whole number, such as 12", &number, error);
    if (status != STATUS_OK)
        return status;
    if (number != trunc(number) || fabs(number) > 9007199254740992.0)
        return yaml_error(node, what, error, "%.80s is not a whole number; write one, such as 12",
                          node->text);
    *out = (int64_t)number;
    return STATUS_OK;
}

enum status yaml_bool(const struct yaml *node, const char *what, bool *out, struct error *error)
{
    if (node->kind != YAML_SCALAR)
        return yaml_error(node, what, error, "this is %s; write true or false", kind_name(node));
    bool yes = strcmp(node->text, "true") == 0;
    if (node->quoted || (!yes && strcmp(node->text, "false") != 0))
        return yaml_error(node, what, error, "\"%.80s\" is neither true nor false%s", node->text,
                          node->quoted ? "; write it without quotes" : "");
    *out = yes;
    return STATUS_OK;
}

enum status yaml_list_of_text(struct arena *arena, const struct yaml *node, const char *what,
                              const char *const **out, size_t *count, struct error *error)
{
    if (node->kind != YAML_LIST)
        return yaml_error(node, what, error, "this is %s; write a list: [one, two]",
                          kind_name(node));
    const char **texts = arena_array(arena, node->count, sizeof *texts);
    for (size_t i = 0; i < node->count; i++) {
        enum status status = yaml_text(node->values[i], what, &texts[i], error);
        if (status != STATUS_OK)
            return status;
    }
    *out = texts;
    *count = node->count;
    return STATUS_OK;
}

/* "a, b or c" */
static void join_words(const char *const *words, size_t count, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && used < size; i++) {
        const char *before = i == 0 ? "" : i + 1 == count ? " or " : ", ";
        int more = snprintf(out + used, size - used, "%s%s", before, words[i]);
        used += more > 0 ? (size_t)more : 0;
    }
}

enum status yaml_word(const struct yaml *node, const char *what, const char *const *words,
                      size_t count, size_t *out, struct error *error)
{
    char list[512];
    join_words(words, count, list, sizeof list);
    if (node->kind != YAML_SCALAR)
        return yaml_error(node, what, error, "this is %s; write %s", kind_name(node), list);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], node->text) == 0) {
            *out = i;
            return STATUS_OK;
        }
    }
    return yaml_error(node, what, error, "\"%.80s\" is none of the words; write %s", node->text,
                      list);
}

enum status yaml_check_keys(const struct yaml *node, const char *what, const char *const *allowed,
                            size_t count, struct error *error)
{
    if (node->kind != YAML_MAP)
        return yaml_error(node, what, error, "this is %s; write a map, one `key: value` a line",
                          kind_name(node));
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml *key = node->keys[i];
        bool known = false;
        for (size_t j = 0; j < count && !known; j++)
            known = strcmp(allowed[j], key->text) == 0;
        if (known)
            continue;
        const char *nearest = text_nearest(key->text, allowed, count);
        if (nearest != NULL)
            return yaml_error(key, what, error, "there is no key \"%.80s\"; did you mean %s?",
                              key->text, nearest);
        char list[1024];
        join_words(allowed, count, list, sizeof list);
        return yaml_error(key, what, error, "there is no key \"%.80s\"; the keys are %s", key->text,
                          list);
    }
    return STATUS_OK;
}

enum status yaml_require(const struct yaml *map, const char *key, const char *example,
                         const struct yaml **out, struct error *error)
{
    const struct yaml *value = yaml_get(map, key);
    if (value == NULL)
        return yaml_error(map, NULL, error, "%s is missing; write %s: %s", key, key, example);
    *out = value;
    return STATUS_OK;
}
