/* From the engine's tree of an expression to ours, by allow-list: classes, operators, functions,
   and the very keys of each object, so that whatever a later engine adds falls out. */

#include "model/formula_walk.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Looking at the engine's objects ----------------------------------------------------- */

const char *walk_text(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text != NULL ? text : "";
}

bool walk_has_only(const json_t *json, const char *const *keys, size_t count)
{
    static const char *const common[] = {"class", "type", "alias", "query_location"};
    if (walk_text(json, "alias")[0] != '\0')
        return false;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)json, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < sizeof common / sizeof *common && !known; i++)
            known = strcmp(key, common[i]) == 0;
        for (size_t i = 0; i < count && !known; i++)
            known = strcmp(key, keys[i]) == 0;
        if (!known)
            return false;
    }
    return true;
}

struct node *walk_new(struct walk *walk, enum node_kind kind, size_t offset)
{
    struct node *node = arena_alloc(walk->reading->arena, sizeof *node);
    node->kind = kind;
    node->offset = offset;
    node->text = "";
    return node;
}

enum status walk_finish(struct walk *walk, struct node *node, struct node **out)
{
    *out = node;
    return formula_type_node(walk->reading, node);
}

/* The children of a JSON list, or of several objects in a row. */
static enum status read_children(struct walk *walk, struct node *node, const json_t *const *list,
                                 size_t count)
{
    node->children = arena_array(walk->reading->arena, count, sizeof(void *));
    node->count = count;
    for (size_t i = 0; i < count; i++) {
        enum status status = walk_node(walk, list[i], node->offset, &node->children[i]);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

enum status walk_array(struct walk *walk, struct node *node, const json_t *array)
{
    size_t count = json_array_size(array);
    const json_t **list = arena_array(walk->reading->arena, count, sizeof(void *));
    for (size_t i = 0; i < count; i++)
        list[i] = json_array_get(array, i);
    return read_children(walk, node, list, count);
}

enum status walk_refuse(struct walk *walk, size_t offset)
{
    return formula_error(walk->reading, offset, "this is not in the language of formulas");
}

/* ---- Leaves ------------------------------------------------------------------------------ */

/* A whole number, or {upper, lower} where it has over 64 bits. */
static double whole(const json_t *value)
{
    if (json_is_number(value))
        return json_number_value(value);
    return json_number_value(json_object_get(value, "upper")) * 18446744073709551616.0 +
           json_number_value(json_object_get(value, "lower"));
}

static enum status read_constant(struct walk *walk, const json_t *json, size_t offset,
                                 struct node **out)
{
    if (!HAS_ONLY(json, "value"))
        return formula_error(walk->reading, offset, "a name runs into what stands before it");
    const json_t *holder = json_object_get(json, "value");
    const json_t *type = json_object_get(holder, "type");
    const json_t *value = json_object_get(holder, "value");
    const char *id = walk_text(type, "id");
    if (json_is_true(json_object_get(holder, "is_null"))) {
        *out = walk_new(walk, NODE_NULL, offset);
        return STATUS_OK;
    }
    if (strcmp(id, "VARCHAR") == 0 && json_is_string(value)) {
        struct node *node = walk_new(walk, NODE_TEXT, offset);
        node->type = FORMULA_TEXT;
        node->text = arena_text(walk->reading->arena, json_string_value(value));
        *out = node;
        return STATUS_OK;
    }
    static const char *const numeric[] = {"INTEGER", "BIGINT", "HUGEINT", "UHUGEINT",
                                          "DECIMAL", "DOUBLE", "UBIGINT"};
    bool number = false;
    for (size_t i = 0; i < sizeof numeric / sizeof *numeric && !number; i++)
        number = strcmp(id, numeric[i]) == 0;
    if (!number || !(json_is_number(value) || json_is_object(value)))
        return walk_refuse(walk, offset);
    struct node *node = walk_new(walk, NODE_NUMBER, offset);
    node->type = FORMULA_NUMBER;
    node->number = whole(value);
    if (strcmp(id, "DECIMAL") == 0) {
        /* strtod rounds once; dividing by a power of ten that is no double would round twice. */
        char decimal[400];
        double scale =
            json_number_value(json_object_get(json_object_get(type, "type_info"), "scale"));
        (void)snprintf(decimal, sizeof decimal, "%.0fe-%.0f", node->number, scale);
        node->number = strtod(decimal, NULL);
    }
    if (!isfinite(node->number))
        return formula_error(walk->reading, offset, "this number is out of range");
    *out = node;
    return STATUS_OK;
}

static enum status read_column(struct walk *walk, const json_t *json, size_t offset,
                               struct node **out)
{
    const json_t *names = json_object_get(json, "column_names");
    const char *name = json_string_value(json_array_get(names, 0));
    if (!HAS_ONLY(json, "column_names") || json_array_size(names) != 1 || name == NULL)
        return formula_error(walk->reading, offset,
                             "a name stands alone here, without a table or a dot");
    return formula_name(walk->reading, offset, name, out);
}

/* ---- Comparisons, and, or, between, case ------------------------------------------------- */

static enum status read_comparison(struct walk *walk, const json_t *json, size_t offset,
                                   struct node **out)
{
    static const char *const pairs[][2] = {
        {"COMPARE_EQUAL", "="},
        {"COMPARE_NOTEQUAL", "<>"},
        {"COMPARE_LESSTHAN", "<"},
        {"COMPARE_GREATERTHAN", ">"},
        {"COMPARE_LESSTHANOREQUALTO", "<="},
        {"COMPARE_GREATERTHANOREQUALTO", ">="},
    };
    const char *type = walk_text(json, "type");
    if (!HAS_ONLY(json, "left", "right"))
        return walk_refuse(walk, offset);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (strcmp(type, pairs[i][0]) != 0)
            continue;
        struct node *node = walk_new(walk, NODE_BINARY, offset);
        node->text = pairs[i][1];
        const json_t *sides[] = {json_object_get(json, "left"), json_object_get(json, "right")};
        enum status status = read_children(walk, node, sides, 2);
        return status != STATUS_OK ? status : walk_finish(walk, node, out);
    }
    return formula_error(
        walk->reading, offset,
        "this comparison is not in the language; write = or <>, and a truth alone");
}

static enum status read_conjunction(struct walk *walk, const json_t *json, size_t offset,
                                    struct node **out)
{
    const char *type = walk_text(json, "type");
    const json_t *children = json_object_get(json, "children");
    bool all = strcmp(type, "CONJUNCTION_AND") == 0;
    if (!HAS_ONLY(json, "children") || (!all && strcmp(type, "CONJUNCTION_OR") != 0) ||
        json_array_size(children) < 2)
        return walk_refuse(walk, offset);
    struct node *node = walk_new(walk, NODE_BINARY, offset);
    node->text = all ? "and" : "or";
    enum status status = walk_array(walk, node, children);
    return status != STATUS_OK ? status : walk_finish(walk, node, out);
}

static enum status read_between(struct walk *walk, const json_t *json, size_t offset,
                                struct node **out)
{
    if (!HAS_ONLY(json, "input", "lower", "upper") ||
        strcmp(walk_text(json, "type"), "COMPARE_BETWEEN") != 0)
        return walk_refuse(walk, offset);
    struct node *node = walk_new(walk, NODE_BETWEEN, offset);
    node->text = "between";
    const json_t *parts[] = {json_object_get(json, "input"), json_object_get(json, "lower"),
                             json_object_get(json, "upper")};
    enum status status = read_children(walk, node, parts, 3);
    return status != STATUS_OK ? status : walk_finish(walk, node, out);
}

static enum status read_case(struct walk *walk, const json_t *json, size_t offset,
                             struct node **out)
{
    const json_t *checks = json_object_get(json, "case_checks");
    if (!HAS_ONLY(json, "case_checks", "else_expr"))
        return walk_refuse(walk, offset);
    size_t count = json_array_size(checks);
    const json_t **parts = arena_array(walk->reading->arena, 2 * count + 1, sizeof(void *));
    for (size_t i = 0; i < count; i++) {
        const json_t *check = json_array_get(checks, i);
        parts[2 * i] = json_object_get(check, "when_expr");
        parts[2 * i + 1] = json_object_get(check, "then_expr");
        if (json_object_size(check) != 2)
            return walk_refuse(walk, offset);
    }
    parts[2 * count] = json_object_get(json, "else_expr");
    struct node *node = walk_new(walk, NODE_CASE, offset);
    enum status status = read_children(walk, node, parts, 2 * count + 1);
    return status != STATUS_OK ? status : walk_finish(walk, node, out);
}

/* ---- One node ---------------------------------------------------------------------------- */

/* The engine marks what it made up itself (not between, the equality inside case x when) with
   2^64 - 1: then the outer node's place serves. */
static size_t place_of(const struct walk *walk, const json_t *json, size_t outer)
{
    double location = json_number_value(json_object_get(json, "query_location"));
    double end = (double)(walk->prefix + walk->reading->length);
    if (location < (double)walk->prefix || location > end)
        return outer;
    return (size_t)location - walk->prefix;
}

static enum status read_class(struct walk *walk, const json_t *json, size_t offset,
                              struct node **out)
{
    static const struct {
        const char *name;
        enum status (*read)(struct walk *, const json_t *, size_t, struct node **);
    } readers[] = {
        {"CONSTANT", read_constant},     {"COLUMN_REF", read_column},
        {"FUNCTION", walk_function},     {"OPERATOR", walk_operator},
        {"COMPARISON", read_comparison}, {"CONJUNCTION", read_conjunction},
        {"BETWEEN", read_between},       {"CASE", read_case},
    };
    static const char *const sentences[][2] = {
        {"SUBQUERY", "a formula speaks of one item; no select inside"},
        {"WINDOW", "a formula speaks of one item; no over (…)"},
        {"STAR", "columns are named one by one; no *"},
        {"CAST",
         "nothing is converted: compare texts with texts and numbers with numbers, and write "
         "a truth alone"},
        {"PARAMETER", "parameters have no place in a formula"},
        {"POSITIONAL_REFERENCE", "columns are named, not numbered"},
        {"LAMBDA", "-> is not in the language"},
        {"COLLATE", "collate is not in the language; write lower(…)"},
    };
    const char *class = walk_text(json, "class");
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (strcmp(readers[i].name, class) == 0)
            return readers[i].read(walk, json, offset, out);
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (strcmp(sentences[i][0], class) == 0)
            return formula_error(walk->reading, offset, "%s", sentences[i][1]);
    return walk_refuse(walk, offset);
}

enum status walk_node(struct walk *walk, const json_t *json, size_t outer, struct node **out)
{
    size_t offset = place_of(walk, json, outer);
    if (++walk->depth > formula_depth_max)
        return formula_error(walk->reading, offset, "the formula is nested too deep");
    enum status status = read_class(walk, json, offset, out);
    walk->depth--;
    return status;
}

enum status formula_tree(struct formula_reading *reading, const json_t *expression, size_t prefix,
                         struct node **out)
{
    struct walk walk = {.reading = reading, .prefix = prefix};
    struct node *root = NULL;
    enum status status = walk_node(&walk, expression, 0, &root);
    if (status != STATUS_OK)
        return status;
    if (root == NULL || root->kind == NODE_NULL)
        return formula_error(reading, 0, "null alone is no formula");
    *out = root;
    return STATUS_OK;
}
