/* From libfyaml's events to our tree. The events are used rather than its documents, because
   anchors, tags and directives must be seen to be refused, and because marks of events say where
   a text stands. libfyaml 0.7.12 loses 1 KB for a quoted text of many pieces (''''''''''''); a
   leak checker that says so is right, and it is not ours to mend. */

#include "base/yaml.h"

#include "base/error.h"
#include "base/file.h"
#include "base/utf8.h"

#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct arena *arena;
    const char *file;
    const char *text;
    size_t length;
    struct fy_parser *parser;
    struct fy_diag *diagnostics;
    size_t nodes;
    int line; /* of the last thing seen, for what has no mark of its own */
    int column;
};

/* ---- What no parser needs to see --------------------------------------------------------- */

static enum status refuse_at(const struct reader *reader, size_t offset, struct error *error,
                             const char *message)
{
    int line = 1;
    size_t start = 0;
    for (size_t i = 0; i < offset; i++) {
        if (reader->text[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    return error_at(error, ERROR_INPUT, reader->file, line,
                    (int)utf8_count(reader->text + start, offset - start) + 1, "%s", message);
}

/* libfyaml ends its input silently at a byte that is no UTF-8, and takes some tabs. */
static enum status check_bytes(const struct reader *reader, struct error *error)
{
    if (reader->length > yaml_bytes_max)
        return error_at(error, ERROR_INPUT, reader->file, 0, 0, "the file is over %d bytes",
                        yaml_bytes_max);
    size_t valid = utf8_valid(reader->text, reader->length);
    if (valid < reader->length)
        return refuse_at(reader, valid, error, "this is not UTF-8; save the file as UTF-8");
    const char *nul = memchr(reader->text, '\0', reader->length);
    if (nul != NULL)
        return refuse_at(reader, (size_t)(nul - reader->text), error,
                         "a NUL byte; this is no text");
    bool indentation = true;
    for (size_t i = 0; i < reader->length; i++) {
        char c = reader->text[i];
        if (indentation && c == '\t')
            return refuse_at(reader, i, error, "a tab as indentation; write blanks");
        if (c == '%' && (i == 0 || reader->text[i - 1] == '\n'))
            return refuse_at(reader, i, error, "directives (%) are not used here; remove the line");
        indentation = c == '\n' || c == '\r' || (indentation && c == ' ');
    }
    return STATUS_OK;
}

/* ---- Events ------------------------------------------------------------------------------ */

static void say_nothing(struct fy_diag *diagnostics, void *user, const char *text, size_t length)
{
    (void)diagnostics;
    (void)user;
    (void)text;
    (void)length;
}

static bool reader_open(struct reader *reader)
{
    struct fy_diag_cfg quiet;
    fy_diag_cfg_default(&quiet);
    quiet.fp = NULL;
    quiet.output_fn = say_nothing;
    quiet.colorize = false;
    reader->diagnostics = fy_diag_create(&quiet);
    if (reader->diagnostics == NULL)
        return false;
    fy_diag_set_collect_errors(reader->diagnostics, true);
    struct fy_parse_cfg config = {
        .flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
        .diag = reader->diagnostics,
    };
    reader->parser = fy_parser_create(&config);
    return reader->parser != NULL &&
           fy_parser_set_string(reader->parser, reader->text, reader->length) == 0;
}

static void reader_close(struct reader *reader)
{
    if (reader->parser != NULL)
        fy_parser_destroy(reader->parser);
    if (reader->diagnostics != NULL)
        fy_diag_destroy(reader->diagnostics);
}

static enum status syntax_error(const struct reader *reader, struct error *error)
{
    void *iterator = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(reader->diagnostics, &iterator);
    if (first == NULL)
        return error_at(error, ERROR_INPUT, reader->file, reader->line, reader->column,
                        "this is not YAML");
    return error_at(error, ERROR_INPUT, reader->file, first->line, first->column,
                    "this is not YAML: %.200s", first->msg);
}

/* The next event, or NULL with the error set. */
static struct fy_event *next_event(struct reader *reader, struct error *error)
{
    struct fy_event *event = fy_parser_parse(reader->parser);
    if (event != NULL && !fy_parser_get_stream_error(reader->parser))
        return event;
    if (event != NULL)
        fy_parser_event_free(reader->parser, event);
    (void)syntax_error(reader, error);
    return NULL;
}

static enum status refuse_here(const struct reader *reader, struct error *error,
                               const char *message)
{
    return error_at(error, ERROR_INPUT, reader->file, reader->line, reader->column, "%s", message);
}

/* ---- The tree ---------------------------------------------------------------------------- */

static struct yaml *new_node(struct reader *reader, enum yaml_kind kind)
{
    struct yaml *node = arena_alloc(reader->arena, sizeof *node);
    node->kind = kind;
    node->file = reader->file;
    node->line = node->text_line = reader->line;
    node->column = node->text_column = reader->column;
    node->text = "";
    return node;
}

static enum status read_scalar(struct reader *reader, struct fy_event *event, struct yaml **out,
                               struct error *error)
{
    struct yaml *node = new_node(reader, YAML_SCALAR);
    struct fy_token *token = fy_event_get_token(event);
    const struct fy_mark *start = fy_event_start_mark(event);
    size_t length = 0;
    const char *text = token != NULL ? fy_token_get_text(token, &length) : NULL;
    if (text != NULL && start != NULL) {
        enum fy_scalar_style style = fy_token_scalar_style(token);
        node->text = arena_text_n(reader->arena, text, length);
        node->length = length;
        node->quoted = style != FYSS_PLAIN;
        /* A quoted text's mark lies after its quote. */
        if ((style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED) && node->column > 1)
            node->column--;
        node->exact = start->input_pos + length <= reader->length &&
                      memcmp(reader->text + start->input_pos, text, length) == 0 &&
                      memchr(text, '\n', length) == NULL;
        if (memchr(text, '\0', length) != NULL)
            return yaml_error(node, NULL, error, "the text holds a NUL character");
    }
    *out = node;
    return STATUS_OK;
}

static enum status read_node(struct reader *reader, struct fy_event *event, int depth,
                             struct yaml **out, struct error *error);

static enum status read_next(struct reader *reader, enum fy_event_type end, int depth,
                             struct yaml **out, struct error *error)
{
    struct fy_event *event = next_event(reader, error);
    if (event == NULL)
        return ERROR_INPUT;
    enum status status = STATUS_OK;
    *out = NULL;
    if (event->type != end)
        status = read_node(reader, event, depth, out, error);
    fy_parser_event_free(reader->parser, event);
    return status;
}

static enum status read_list(struct reader *reader, int depth, struct yaml *list,
                             struct error *error)
{
    size_t capacity = 0;
    for (;;) {
        struct yaml *value = NULL;
        enum status status = read_next(reader, FYET_SEQUENCE_END, depth + 1, &value, error);
        if (status != STATUS_OK || value == NULL)
            return status;
        list->values =
            arena_grow(reader->arena, list->values, list->count, &capacity, sizeof(void *));
        list->values[list->count++] = value;
    }
}

static enum status check_key(const struct yaml *map, const struct yaml *key, struct error *error)
{
    if (key->kind != YAML_SCALAR)
        return yaml_error(key, NULL, error, "a key must be a single word");
    if (key->length == 0)
        return yaml_error(key, NULL, error, "a key is missing before the colon");
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i]->text, key->text) == 0)
            return yaml_error(key, NULL, error,
                              "the key \"%.80s\" stands here twice; it was first at line %d",
                              key->text, map->keys[i]->line);
    return STATUS_OK;
}

static enum status read_map(struct reader *reader, int depth, struct yaml *map, struct error *error)
{
    size_t key_capacity = 0;
    size_t value_capacity = 0;
    for (;;) {
        struct yaml *key = NULL;
        enum status status = read_next(reader, FYET_MAPPING_END, depth + 1, &key, error);
        if (status != STATUS_OK || key == NULL)
            return status;
        status = check_key(map, key, error);
        if (status != STATUS_OK)
            return status;
        reader->line = key->line;
        reader->column = key->column;
        struct yaml *value = NULL;
        status = read_next(reader, FYET_NONE, depth + 1, &value, error);
        if (status != STATUS_OK)
            return status;
        map->keys = arena_grow(reader->arena, map->keys, map->count, &key_capacity, sizeof(void *));
        map->values =
            arena_grow(reader->arena, map->values, map->count, &value_capacity, sizeof(void *));
        map->keys[map->count] = key;
        map->values[map->count++] = value;
    }
}

static enum status read_node(struct reader *reader, struct fy_event *event, int depth,
                             struct yaml **out, struct error *error)
{
    bool known = event->type == FYET_SCALAR || event->type == FYET_SEQUENCE_START ||
                 event->type == FYET_MAPPING_START || event->type == FYET_ALIAS;
    if (!known)
        return syntax_error(reader, error);
    const struct fy_mark *start = fy_event_start_mark(event);
    if (start != NULL) {
        reader->line = start->line + 1;
        reader->column = start->column + 1;
    }
    if (depth > yaml_depth_max)
        return refuse_here(reader, error, "lists and maps are nested too deep here");
    if (++reader->nodes > yaml_nodes_max)
        return refuse_here(reader, error, "the file holds too many values");
    if (event->type == FYET_ALIAS)
        return refuse_here(reader, error, "aliases (*) are not used here; write the value out");
    if (fy_event_get_anchor_token(event) != NULL)
        return refuse_here(reader, error, "anchors (&) are not used here; write the value out");
    if (fy_event_get_tag_token(event) != NULL)
        return refuse_here(reader, error, "tags (!) are not used here; write the value alone");
    if (event->type == FYET_SCALAR)
        return read_scalar(reader, event, out, error);
    bool list = event->type == FYET_SEQUENCE_START;
    *out = new_node(reader, list ? YAML_LIST : YAML_MAP);
    return list ? read_list(reader, depth, *out, error) : read_map(reader, depth, *out, error);
}

static enum status expect(struct reader *reader, enum fy_event_type type, struct error *error)
{
    struct fy_event *event = next_event(reader, error);
    if (event == NULL)
        return ERROR_INPUT;
    enum status status = STATUS_OK;
    bool fits = event->type == type;
    if (!fits && event->type == FYET_DOCUMENT_START) {
        const struct fy_mark *start = fy_event_start_mark(event);
        status = error_at(error, ERROR_INPUT, reader->file, start != NULL ? start->line + 1 : 0,
                          start != NULL ? start->column + 1 : 0,
                          "a second document begins; write one per file");
    } else if (!fits) {
        status = syntax_error(reader, error);
    }
    fy_parser_event_free(reader->parser, event);
    return status;
}

static enum status read_stream(struct reader *reader, struct yaml **out, struct error *error)
{
    enum status status = expect(reader, FYET_STREAM_START, error);
    if (status != STATUS_OK)
        return status;
    struct fy_event *event = next_event(reader, error);
    if (event == NULL)
        return ERROR_INPUT;
    enum fy_event_type type = event->type;
    fy_parser_event_free(reader->parser, event);
    if (type == FYET_STREAM_END) {
        *out = new_node(reader, YAML_SCALAR);
        return STATUS_OK;
    }
    if (type != FYET_DOCUMENT_START)
        return syntax_error(reader, error);
    struct yaml *root = NULL;
    status = read_next(reader, FYET_NONE, 0, &root, error);
    if (status == STATUS_OK)
        status = expect(reader, FYET_DOCUMENT_END, error);
    if (status == STATUS_OK)
        status = expect(reader, FYET_STREAM_END, error);
    if (status == STATUS_OK)
        *out = root;
    return status;
}

enum status yaml_read(struct arena *arena, const char *name, const char *text, size_t length,
                      struct yaml **out, struct error *error)
{
    struct reader reader = {.arena = arena,
                            .file = arena_text(arena, name),
                            .text = text,
                            .length = length,
                            .line = 1,
                            .column = 1};
    enum status status = check_bytes(&reader, error);
    if (status != STATUS_OK)
        return status;
    if (!reader_open(&reader)) {
        reader_close(&reader);
        return error_memory(error);
    }
    status = read_stream(&reader, out, error);
    reader_close(&reader);
    return status;
}

enum status yaml_read_file(struct arena *arena, const char *path, struct yaml **out,
                           struct error *error)
{
    char *text = NULL;
    size_t length = 0;
    enum status status = file_read(arena, path, yaml_bytes_max, &text, &length, error);
    if (status != STATUS_OK)
        return status;
    return yaml_read(arena, path, text, length, out, error);
}
