/* Functions and operators of the engine's tree, by allow-list. */

#include "model/formula_walk.h"

#include "base/text.h"

#include <string.h>

static const struct {
    const char *name;
    enum call call;
    size_t least;
    size_t most;
} calls[] = {
    {"minutes", CALL_MINUTES, 1, 1},   {"hours", CALL_HOURS, 1, 1},
    {"days", CALL_DAYS, 1, 1},         {"ln", CALL_LN, 1, 1},
    {"exp", CALL_EXP, 1, 1},           {"abs", CALL_ABS, 1, 1},
    {"least", CALL_LEAST, 2, 16},      {"greatest", CALL_GREATEST, 2, 16},
    {"round", CALL_ROUND, 1, 2},       {"coalesce", CALL_COALESCE, 2, 16},
    {"nullif", CALL_NULLIF, 2, 2},     {"lower", CALL_LOWER, 1, 1},
    {"contains", CALL_CONTAINS, 2, 2},
};

enum { call_count = sizeof calls / sizeof *calls };

/* Functions of a name that could be anything, so in quotes. */
static const struct named {
    const char *name;
    enum node_kind kind;
    const char *takes;
} named[] = {
    {"attr", NODE_ATTR, "attr takes the name of one attribute of the item: attr('key')"},
    {"person", NODE_PERSON,
     "person takes the name of one attribute of who did the item: person('key')"},
    {"measure", NODE_MEASURE, "measure takes the name of one measure: measure('name')"},
};

enum { named_count = sizeof named / sizeof *named };

static enum status unknown_function(struct walk *walk, const char *name, size_t offset)
{
    const char *names[call_count + named_count];
    for (size_t i = 0; i < call_count; i++)
        names[i] = calls[i].name;
    for (size_t i = 0; i < named_count; i++)
        names[call_count + i] = named[i].name;
    if (strcmp(name, "~~") == 0 || strcmp(name, "!~~") == 0)
        return formula_error(walk->reading, offset,
                             "like is not in the language; write contains(text, part)");
    const char *nearest = text_nearest(name, names, call_count + named_count);
    if (nearest != NULL)
        return formula_error(walk->reading, offset, "there is no function %.60s; did you mean %s?",
                             name, nearest);
    return formula_error(walk->reading, offset, "%.60s is not in the language of formulas", name);
}

static enum status read_call(struct walk *walk, const char *name, const json_t *children,
                             size_t offset, struct node **out)
{
    size_t which = 0;
    while (which < call_count && strcmp(calls[which].name, name) != 0)
        which++;
    if (which == call_count)
        return unknown_function(walk, name, offset);
    size_t count = json_array_size(children);
    if (count < calls[which].least || count > calls[which].most)
        return formula_error(walk->reading, offset, "%s takes %s%zu value%s, not %zu", name,
                             calls[which].least == calls[which].most ? ""
                             : count < calls[which].least            ? "at least "
                                                                     : "at most ",
                             count < calls[which].least ? calls[which].least : calls[which].most,
                             calls[which].most == 1 ? "" : "s", count);
    struct node *node = walk_new(walk, NODE_CALL, offset);
    node->call = calls[which].call;
    node->text = calls[which].name;
    enum status status = walk_array(walk, node, children);
    return status != STATUS_OK ? status : walk_finish(walk, node, out);
}

static enum status read_named(struct walk *walk, const struct named *function,
                              const json_t *children, size_t offset, struct node **out)
{
    struct node *key = NULL;
    enum status status = STATUS_OK;
    if (json_array_size(children) == 1)
        status = walk_node(walk, json_array_get(children, 0), offset, &key);
    if (status != STATUS_OK)
        return status;
    if (key == NULL || key->kind != NODE_TEXT || key->text[0] == '\0')
        return formula_error(walk->reading, offset, "%s", function->takes);
    if (function->kind != NODE_MEASURE) {
        *out = walk_new(walk, function->kind, offset);
        (*out)->type = FORMULA_TEXT;
        (*out)->text = key->text;
    } else {
        status = formula_measure(walk->reading, key->offset, key->text, out);
    }
    if (status == STATUS_OK)
        formula_note_use(walk->reading,
                         arena_printf(walk->reading->arena, "%s('%s')", function->name, key->text),
                         offset);
    return status;
}

enum status walk_function(struct walk *walk, const json_t *json, size_t offset, struct node **out)
{
    if (!HAS_ONLY(json, "function_name", "schema", "catalog", "children", "filter", "order_bys",
                  "distinct", "is_operator", "export_state") ||
        walk_text(json, "schema")[0] != '\0' || walk_text(json, "catalog")[0] != '\0' ||
        !json_is_null(json_object_get(json, "filter")) ||
        json_array_size(json_object_get(json_object_get(json, "order_bys"), "orders")) != 0 ||
        json_is_true(json_object_get(json, "distinct")) ||
        json_is_true(json_object_get(json, "export_state")))
        return walk_refuse(walk, offset);
    const char *name = walk_text(json, "function_name");
    const json_t *children = json_object_get(json, "children");
    if (!json_is_true(json_object_get(json, "is_operator"))) {
        for (size_t i = 0; i < named_count; i++)
            if (strcmp(name, named[i].name) == 0)
                return read_named(walk, &named[i], children, offset, out);
        return read_call(walk, name, children, offset, out);
    }
    static const char *const operators[] = {"+", "-", "*", "/"};
    size_t which = 0;
    while (which < 4 && strcmp(operators[which], name) != 0)
        which++;
    size_t count = json_array_size(children);
    if (which == 4 || count == 0 || count > 2 || (count == 1 && which > 1))
        return unknown_function(walk, name, offset);
    struct node *node = walk_new(walk, count == 1 ? NODE_MINUS : NODE_BINARY, offset);
    node->text = operators[which];
    enum status status = walk_array(walk, node, children);
    if (status != STATUS_OK)
        return status;
    status = walk_finish(walk, node, out);
    if (status == STATUS_OK && count == 1 && which == 0)
        *out = node->children[0]; /* +x is x */
    return status;
}

enum status walk_operator(struct walk *walk, const json_t *json, size_t offset, struct node **out)
{
    static const struct {
        const char *type;
        enum node_kind kind;
        const char *text;
        size_t least;
        size_t most;
    } operators[] = {
        {"OPERATOR_NOT", NODE_NOT, "not", 1, 1},
        {"OPERATOR_IS_NULL", NODE_IS, "is null", 1, 1},
        {"OPERATOR_IS_NOT_NULL", NODE_IS, "is not null", 1, 1},
        {"COMPARE_IN", NODE_IN, "in", 2, 1000},
        {"COMPARE_NOT_IN", NODE_IN, "not in", 2, 1000},
    };
    const char *type = walk_text(json, "type");
    const json_t *children = json_object_get(json, "children");
    if (!HAS_ONLY(json, "children"))
        return walk_refuse(walk, offset);
    if (strcmp(type, "OPERATOR_COALESCE") == 0)
        return read_call(walk, "coalesce", children, offset, out);
    if (strcmp(type, "OPERATOR_TRY") == 0)
        return formula_error(walk->reading, offset,
                             "try is not in the language; ln and / are guarded already");
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t count = json_array_size(children);
        if (strcmp(type, operators[i].type) != 0 || count < operators[i].least ||
            count > operators[i].most)
            continue;
        struct node *node = walk_new(walk, operators[i].kind, offset);
        node->text = operators[i].text;
        enum status status = walk_array(walk, node, children);
        return status != STATUS_OK ? status : walk_finish(walk, node, out);
    }
    return walk_refuse(walk, offset);
}
