#include "base/yaml.h"

#include "base/error.h"
#include "base/text.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status yaml_error(const struct yaml *node, struct error *error, const char *format, ...)
{
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return error_at(error, ERROR_INPUT, node->file, node->line, node->column, "%s", message);
}

/* ---- Parsing ---------------------------------------------------------------------------- */

struct parse {
    struct arena *arena;
    const char *file;
    struct fy_parser *parser;
    struct fy_diag *diag;
    struct error *error;
};

/* What libfyaml said, at its place. */
static enum status syntax_error(struct parse *parse)
{
    void *previous = NULL;
    struct fy_diag_error *found = fy_diag_errors_iterate(parse->diag, &previous);
    if (found == NULL)
        return error_at(parse->error, ERROR_INPUT, parse->file, 1, 1, "this is no valid YAML");
    return error_at(parse->error, ERROR_INPUT, parse->file, found->line, found->column,
                    "this is no valid YAML: %s", found->msg);
}

static struct yaml *new_node(struct parse *parse, struct fy_event *event, enum yaml_kind kind)
{
    struct yaml *node = arena_alloc(parse->arena, sizeof *node);
    const struct fy_mark *mark = fy_event_start_mark(event);
    node->kind = kind;
    node->file = parse->file;
    node->line = mark != NULL ? mark->line + 1 : 1;
    node->column = mark != NULL ? mark->column + 1 : 1;
    return node;
}

static bool has_extras(const struct fy_event *event)
{
    switch (event->type) {
    case FYET_SCALAR:
        return event->scalar.anchor != NULL || event->scalar.tag != NULL;
    case FYET_SEQUENCE_START:
        return event->sequence_start.anchor != NULL || event->sequence_start.tag != NULL;
    case FYET_MAPPING_START:
        return event->mapping_start.anchor != NULL || event->mapping_start.tag != NULL;
    default:
        return false;
    }
}

static enum status parse_scalar(struct parse *parse, struct fy_event *event, struct yaml *node)
{
    size_t length = 0;
    const char *text = fy_token_get_text(event->scalar.value, &length);
    if (text == NULL)
        length = 0;
    if (length > 0 && memchr(text, '\0', length) != NULL)
        return yaml_error(node, parse->error, "a NUL byte inside a text");
    node->text = arena_text_n(parse->arena, text != NULL ? text : "", length);
    enum fy_scalar_style style = fy_token_scalar_style(event->scalar.value);
    node->quoted = style != FYSS_PLAIN && style != FYSS_ANY;
    return STATUS_OK;
}

static enum status check_key(const struct parse *parse, const struct yaml *map,
                             const struct yaml *key)
{
    if (key->kind != YAML_SCALAR)
        return yaml_error(key, parse->error, "a key must be a plain word");
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i]->text, key->text) == 0)
            return yaml_error(key, parse->error, "%s: given twice (first in line %d)", key->text,
                              map->keys[i]->line);
    return STATUS_OK;
}

static enum status parse_node(struct parse *parse, struct fy_event *event, int depth,
                              struct yaml **out);

/* Items of a list, or keys and values of a map, up to its end. */
static enum status parse_items(struct parse *parse, struct yaml *node, int depth)
{
    size_t item_room = 0;
    size_t key_room = 0;
    struct yaml *key = NULL;
    for (;;) {
        struct fy_event *event = fy_parser_parse(parse->parser);
        if (event == NULL)
            return syntax_error(parse);
        if (event->type == FYET_MAPPING_END || event->type == FYET_SEQUENCE_END) {
            fy_parser_event_free(parse->parser, event);
            return STATUS_OK;
        }
        struct yaml *child = NULL;
        enum status status = parse_node(parse, event, depth + 1, &child);
        fy_parser_event_free(parse->parser, event);
        if (status != STATUS_OK)
            return status;
        if (node->kind == YAML_MAP && key == NULL) {
            status = check_key(parse, node, child);
            if (status != STATUS_OK)
                return status;
            key = child;
            continue;
        }
        node->items =
            arena_grow(parse->arena, node->items, node->count, &item_room, sizeof(struct yaml *));
        node->items[node->count] = child;
        if (node->kind == YAML_MAP) {
            node->keys =
                arena_grow(parse->arena, node->keys, node->count, &key_room, sizeof(struct yaml *));
            node->keys[node->count] = key;
            key = NULL;
        }
        node->count++;
    }
}

static enum status parse_node(struct parse *parse, struct fy_event *event, int depth,
                              struct yaml **out)
{
    enum yaml_kind kind = event->type == FYET_MAPPING_START    ? YAML_MAP
                          : event->type == FYET_SEQUENCE_START ? YAML_LIST
                                                               : YAML_SCALAR;
    struct yaml *node = new_node(parse, event, kind);
    *out = node;
    if (depth > yaml_depth_max)
        return yaml_error(node, parse->error, "nested deeper than %d levels", yaml_depth_max);
    if (event->type == FYET_ALIAS || has_extras(event))
        return yaml_error(node, parse->error, "anchors, aliases and tags are not used here");
    if (kind == YAML_SCALAR)
        return parse_scalar(parse, event, node);
    return parse_items(parse, node, depth);
}

static enum status parse_stream(struct parse *parse, struct yaml **out)
{
    int documents = 0;
    *out = NULL;
    for (;;) {
        struct fy_event *event = fy_parser_parse(parse->parser);
        if (event == NULL)
            return fy_diag_got_error(parse->diag) ? syntax_error(parse) : STATUS_OK;
        enum status status = STATUS_OK;
        bool ended = event->type == FYET_STREAM_END;
        if (event->type == FYET_DOCUMENT_START && ++documents > 1)
            status = error_at(
                parse->error, ERROR_INPUT, parse->file,
                fy_event_start_mark(event) != NULL ? fy_event_start_mark(event)->line + 1 : 1, 1,
                "a second document; write one per file");
        else if (event->type == FYET_SCALAR || event->type == FYET_MAPPING_START ||
                 event->type == FYET_SEQUENCE_START || event->type == FYET_ALIAS)
            status = parse_node(parse, event, 1, out);
        fy_parser_event_free(parse->parser, event);
        if (status != STATUS_OK || ended)
            return status;
    }
}

enum status yaml_parse(struct arena *arena, const char *file, const char *text, size_t length,
                       struct yaml **out, struct error *error)
{
    struct fy_diag_cfg diag_cfg;
    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = NULL;
    diag_cfg.output_fn = NULL;
    struct fy_diag *diag = fy_diag_create(&diag_cfg);
    if (diag == NULL)
        return error_memory(error);
    fy_diag_set_collect_errors(diag, true);
    const struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG, .diag = diag};
    struct fy_parser *parser = fy_parser_create(&cfg);
    enum status status = STATUS_OK;
    if (parser == NULL || fy_parser_set_string(parser, text, length) != 0)
        status = error_memory(error);
    struct parse parse = {arena, file, parser, diag, error};
    if (status == STATUS_OK)
        status = parse_stream(&parse, out);
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    if (status == STATUS_OK && *out != NULL && (*out)->kind == YAML_SCALAR &&
        (*out)->text[0] == '\0')
        *out = NULL;
    return status;
}

enum status yaml_read(struct arena *arena, const char *path, struct yaml **out, struct error *error)
{
    char *text = NULL;
    size_t length = 0;
    enum status status = text_read_file(arena, path, yaml_bytes_max, &text, &length, error);
    if (status == STATUS_OK)
        status = yaml_parse(arena, path, text, length, out, error);
    return status;
}

/* ---- Reading ---------------------------------------------------------------------------- */

static bool is_null(const struct yaml *node)
{
    return node->kind == YAML_SCALAR && !node->quoted &&
           (node->text[0] == '\0' || strcmp(node->text, "null") == 0 ||
            strcmp(node->text, "~") == 0);
}

struct yaml *yaml_get(const struct yaml *map, const char *key)
{
    if (map == NULL || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i]->text, key) == 0)
            return is_null(map->items[i]) ? NULL : map->items[i];
    return NULL;
}

enum status yaml_text(const struct yaml *node, const char *what, const char **out,
                      struct error *error)
{
    if (node->kind != YAML_SCALAR)
        return yaml_error(node, error, "%s: write a text, not a %s", what,
                          node->kind == YAML_LIST ? "list" : "map");
    *out = node->text;
    return STATUS_OK;
}

enum status yaml_integer(const struct yaml *node, const char *what, int low, int high, int *out,
                         struct error *error)
{
    const char *text = NULL;
    enum status status = yaml_text(node, what, &text, error);
    if (status != STATUS_OK)
        return status;
    char *end = NULL;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < low || value > high)
        return yaml_error(node, error, "%s: \"%s\" is no whole number from %d to %d", what, text,
                          low, high);
    *out = (int)value;
    return STATUS_OK;
}

enum status yaml_truth(const struct yaml *node, const char *what, bool *out, struct error *error)
{
    const char *text = NULL;
    enum status status = yaml_text(node, what, &text, error);
    if (status != STATUS_OK)
        return status;
    bool truth = strcmp(text, "true") == 0 || strcmp(text, "yes") == 0;
    if (!truth && strcmp(text, "false") != 0 && strcmp(text, "no") != 0)
        return yaml_error(node, error, "%s: \"%s\" is neither true nor false", what, text);
    *out = truth;
    return STATUS_OK;
}

enum status yaml_texts(struct arena *arena, const struct yaml *node, const char *what,
                       const char ***out, size_t *count, struct error *error)
{
    if (node->kind != YAML_LIST)
        return yaml_error(node, error, "%s: write a list, such as [a, b]", what);
    const char **texts = arena_array(arena, node->count, sizeof *texts);
    for (size_t i = 0; i < node->count; i++) {
        enum status status = yaml_text(node->items[i], what, &texts[i], error);
        if (status != STATUS_OK)
            return status;
    }
    *out = texts;
    *count = node->count;
    return STATUS_OK;
}

enum status yaml_is_map(const struct yaml *node, const char *file, const char *what,
                        struct error *error)
{
    if (node == NULL)
        return error_at(error, ERROR_INPUT, file, 1, 1, "the file is empty; %s", what);
    if (node->kind != YAML_MAP)
        return yaml_error(node, error, "write keys and values here; %s", what);
    return STATUS_OK;
}

enum status yaml_check_keys(const struct yaml *map, const char *const *allowed, size_t count,
                            struct error *error)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct yaml *key = map->keys[i];
        bool known = false;
        for (size_t j = 0; j < count && !known; j++)
            known = strcmp(key->text, allowed[j]) == 0;
        if (known)
            continue;
        const char *nearest = text_nearest(key->text, allowed, count);
        return yaml_error(key, error, "there is no key \"%s\" here%s%s%s", key->text,
                          nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                          nearest != NULL ? "?" : "");
    }
    return STATUS_OK;
}
