/* Compiling a formula: bounds, the first wall (formula_scan), the engine's parser twice, the tree,
   its SQL. */

#include "model/formula.h"

#include "base/error.h"
#include "base/text.h"
#include "model/formula_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text stands alone in its lines, so that a comment could not swallow what follows. */
static const char bare_prefix[] = "select\n";
static const char closed_prefix[] = "select (\n";

enum status formula_error(struct formula_reading *reading, size_t offset, const char *format, ...)
{
    char message[1300];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return place_error_in(reading->error, reading->place, reading->text, reading->length, offset,
                          "%s", message);
}

/* ---- The engine's trees ------------------------------------------------------------------ */

struct trees {
    json_t *bare;   /* select TEXT */
    json_t *closed; /* select ( TEXT ) */
    json_t *one;    /* select 1: what a statement looks like around its expression */
};

static void trees_free(struct trees *trees)
{
    json_decref(trees->bare);
    json_decref(trees->closed);
    json_decref(trees->one);
}

static enum status load(struct formula_reading *reading, const char *text, json_t **out)
{
    json_error_t problem;
    /* Integers as reals: places that the engine does not know are 2^64 - 1. */
    *out = json_loads(text, JSON_DECODE_INT_AS_REAL, &problem);
    if (*out != NULL)
        return STATUS_OK;
    if (json_error_code(&problem) == json_error_stack_overflow)
        return formula_error(reading, 0, "the formula is nested too deep");
    return formula_error(reading, 0, "the formula holds a number that is out of range");
}

static enum status parse(struct formula_reading *reading, struct engine *engine,
                         struct trees *trees)
{
    char *bare = arena_printf(reading->arena, "%s%s\n", bare_prefix, reading->text);
    char *closed = arena_printf(reading->arena, "%s%s\n)", closed_prefix, reading->text);
    struct frame frame;
    enum status status =
        engine_query(engine,
                     "select system.main.json_serialize_sql($bare::varchar)::varchar as bare,"
                     " system.main.json_serialize_sql($closed::varchar)::varchar as closed,"
                     " system.main.json_serialize_sql('select 1')::varchar as one",
                     ENGINE_VALUES(engine_text("bare", bare), engine_text("closed", closed)),
                     reading->arena, &frame, reading->error);
    if (status == ERROR_ENGINE)
        return formula_error(reading, 0, "the formula cannot be read: %.300s",
                             reading->error != NULL ? reading->error->message : "");
    if (status != STATUS_OK)
        return status;
    const char *texts[] = {frame_text(&frame, 0, 0), frame_text(&frame, 0, 1),
                           frame_text(&frame, 0, 2)};
    json_t **into[] = {&trees->bare, &trees->closed, &trees->one};
    for (size_t i = 0; i < 3 && status == STATUS_OK; i++)
        status = load(reading, texts[i] != NULL ? texts[i] : "", into[i]);
    return status;
}

/* Equal but for places, and but for `except` (may be NULL) where it is a key. */
static bool same(const json_t *a, const json_t *b, const char *except)
{
    if (a == NULL || b == NULL || json_typeof(a) != json_typeof(b))
        return false;
    if (json_is_array(a)) {
        if (json_array_size(a) != json_array_size(b))
            return false;
        for (size_t i = 0; i < json_array_size(a); i++)
            if (!same(json_array_get(a, i), json_array_get(b, i), except))
                return false;
        return true;
    }
    if (!json_is_object(a))
        return json_equal(a, b);
    if (json_object_size(a) != json_object_size(b))
        return false;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)a, key, value)
    {
        const json_t *other = json_object_get(b, key);
        bool skipped =
            strcmp(key, "query_location") == 0 || (except != NULL && strcmp(key, except) == 0);
        if (other == NULL || (!skipped && !same(value, other, except)))
            return false;
    }
    return true;
}

static enum status parser_error(struct formula_reading *reading, const json_t *tree)
{
    const char *message = json_string_value(json_object_get(tree, "error_message"));
    const char *position = json_string_value(json_object_get(tree, "position"));
    long at = position != NULL ? strtol(position, NULL, 10) : 0;
    long prefix = (long)sizeof bare_prefix - 1;
    size_t offset = at > prefix ? (size_t)(at - prefix) : 0;
    if (message == NULL)
        message = "syntax error";
    if (strstr(message, "expression depth") != NULL)
        return formula_error(reading, 0, "the formula is nested too deep");
    if (strstr(message, "end of input") != NULL)
        return formula_error(reading, reading->length, "the formula ends too early");
    return formula_error(reading, offset, "this cannot be read: %.200s", message);
}

/* The one expression of the bare statement. It must be all that the text is. */
static enum status only_expression(struct formula_reading *reading, const struct trees *trees,
                                   const json_t **out)
{
    if (json_is_true(json_object_get(trees->bare, "error")))
        return parser_error(reading, trees->bare);
    const json_t *statements = json_object_get(trees->bare, "statements");
    const json_t *node = json_object_get(json_array_get(statements, 0), "node");
    const json_t *list = json_object_get(node, "select_list");
    if (json_is_true(json_object_get(trees->closed, "error")) ||
        !same(trees->bare, trees->closed, NULL) || !same(trees->bare, trees->one, "select_list") ||
        json_array_size(list) != 1)
        return formula_error(reading, 0, "this is not one expression; write a single formula");
    *out = json_array_get(list, 0);
    return STATUS_OK;
}

/* ---- Compiling --------------------------------------------------------------------------- */

static enum status write_sql(struct formula_reading *reading, const struct node *root,
                             enum formula_dialect dialect, struct formula *formula)
{
    const char *total = NULL;
    formula->type = root->type;
    formula->can_be_undefined = formula_can_be_undefined(root);
    formula->defined_sql = "true";
    bool fits = formula_write(reading->arena, root, dialect, false, &formula->sql);
    if (fits && formula->can_be_undefined) {
        fits = formula_write(reading->arena, root, dialect, true, &total);
        formula->defined_sql =
            arena_printf(reading->arena, "(%s is not null or %s is null)", formula->sql, total);
    }
    if (!fits)
        return formula_error(reading, 0,
                             "the formula is too long once ln, / and the like are guarded; nest "
                             "them less");
    formula->used = reading->used;
    formula->used_at = reading->used_at;
    formula->used_count = reading->used_count;
    formula->names_worker = reading->names_worker;
    return STATUS_OK;
}

enum status formula_compile(struct arena *arena, struct engine *engine,
                            const struct formula_names *names, enum formula_dialect dialect,
                            const char *text, size_t length, const struct place *place,
                            struct formula *out, struct error *error)
{
    struct error local = {.status = STATUS_OK};
    struct formula_reading reading = {.arena = arena,
                                      .names = names,
                                      .text = text,
                                      .length = length,
                                      .place = place,
                                      .error = error != NULL ? error : &local};
    enum status status = formula_scan(&reading);
    if (status != STATUS_OK)
        return status;
    reading.text = arena_text_n(arena, text, length);
    struct trees trees = {NULL, NULL, NULL};
    const json_t *expression = NULL;
    struct node *root = NULL;
    struct formula formula = {.type = FORMULA_NUMBER};
    status = parse(&reading, engine, &trees);
    if (status == STATUS_OK)
        status = only_expression(&reading, &trees, &expression);
    if (status == STATUS_OK)
        status = formula_tree(&reading, expression, sizeof bare_prefix - 1, &root);
    if (status == STATUS_OK)
        status = write_sql(&reading, root, dialect, &formula);
    trees_free(&trees);
    if (status == STATUS_OK)
        *out = formula;
    return status;
}

enum status formula_expect(const struct formula *formula, enum formula_type type,
                           const struct place *place, struct error *error)
{
    if (formula->type == type)
        return STATUS_OK;
    return place_error(error, place, "this is %s; %s is wanted here",
                       formula_type_name(formula->type), formula_type_name(type));
}

size_t formula_list_part(const char *text)
{
    int depth = 0;
    bool quoted = false;
    size_t i = 0;
    for (; text[i] != '\0'; i++) {
        if (text[i] == '\'')
            quoted = !quoted;
        else if (!quoted && text[i] == '(')
            depth++;
        else if (!quoted && text[i] == ')')
            depth--;
        else if (!quoted && depth <= 0 && text[i] == ',')
            break;
    }
    return i;
}
