/* Types: each operator and function says what it takes; nothing is converted. */

#include "model/formula_internal.h"

#include <math.h>
#include <string.h>

const char *formula_type_name(enum formula_type type)
{
    static const char *const names[] = {"a number", "a truth", "a text", "a time",
                                        "a time difference"};
    return names[type];
}

static enum status expect(struct formula_reading *reading, const struct node *node,
                          enum formula_type type, const char *who)
{
    if (node->kind == NODE_NULL)
        return formula_error(reading, node->offset, "null stands alone only as a branch of case");
    if (node->type == type)
        return STATUS_OK;
    return formula_error(reading, node->offset, "%s takes %s, and this is %s%s", who,
                         formula_type_name(type), formula_type_name(node->type),
                         node->type == FORMULA_SPAN && type == FORMULA_NUMBER
                             ? "; write minutes(…), hours(…) or days(…)"
                             : "");
}

static enum status expect_all(struct formula_reading *reading, const struct node *node,
                              enum formula_type type, const char *who)
{
    for (size_t i = 0; i < node->count; i++) {
        enum status status = expect(reading, node->children[i], type, who);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status expect_same(struct formula_reading *reading, const struct node *node,
                               const char *who)
{
    const struct node *first = node->children[0];
    for (size_t i = 0; i < node->count; i++) {
        const struct node *child = node->children[i];
        if (child->kind == NODE_NULL)
            return formula_error(reading, child->offset,
                                 "nothing equals null; write is null or is not null");
        if (child->type != first->type)
            return formula_error(reading, child->offset, "%s sets %s beside %s", who,
                                 formula_type_name(first->type), formula_type_name(child->type));
    }
    return STATUS_OK;
}

static enum status type_arithmetic(struct formula_reading *reading, struct node *node)
{
    const struct node *left = node->children[0];
    const struct node *right = node->children[1];
    bool additive = strcmp(node->text, "+") == 0 || strcmp(node->text, "-") == 0;
    bool times = left->kind != NODE_NULL && right->kind != NODE_NULL &&
                 left->type == FORMULA_TIME && right->type == FORMULA_TIME;
    bool spans = left->kind != NODE_NULL && right->kind != NODE_NULL &&
                 left->type == FORMULA_SPAN && right->type == FORMULA_SPAN;
    if ((times && strcmp(node->text, "-") == 0) || (spans && additive)) {
        node->type = FORMULA_SPAN;
        return STATUS_OK;
    }
    node->type = FORMULA_NUMBER;
    return expect_all(reading, node, FORMULA_NUMBER, node->text);
}

static enum status type_comparison(struct formula_reading *reading, struct node *node)
{
    node->type = FORMULA_TRUTH;
    enum status status = expect_same(reading, node, node->text);
    if (status != STATUS_OK)
        return status;
    bool equality =
        strcmp(node->text, "=") == 0 || strcmp(node->text, "<>") == 0 || node->kind == NODE_IN;
    if (node->children[0]->type == FORMULA_TRUTH && !equality)
        return formula_error(reading, node->children[0]->offset, "truths have no order");
    return STATUS_OK;
}

static enum status type_binary(struct formula_reading *reading, struct node *node)
{
    if (strcmp(node->text, "and") == 0 || strcmp(node->text, "or") == 0) {
        node->type = FORMULA_TRUTH;
        return expect_all(reading, node, FORMULA_TRUTH, node->text);
    }
    if (strchr("+-*/", node->text[0]) != NULL)
        return type_arithmetic(reading, node);
    return type_comparison(reading, node);
}

static enum status type_case(struct formula_reading *reading, struct node *node)
{
    const struct node *first = NULL;
    for (size_t i = 0; i < node->count; i++) {
        const struct node *child = node->children[i];
        bool condition = i % 2 == 0 && i + 1 < node->count;
        if (condition) {
            enum status status = expect(reading, child, FORMULA_TRUTH, "when");
            if (status != STATUS_OK)
                return status;
            continue;
        }
        if (child->kind == NODE_NULL)
            continue;
        if (first == NULL)
            first = child;
        if (child->type != first->type)
            return formula_error(reading, child->offset,
                                 "the branches of case differ: %s here, %s before",
                                 formula_type_name(child->type), formula_type_name(first->type));
    }
    if (first == NULL)
        return formula_error(reading, node->offset, "every branch of this case is null");
    node->type = first->type;
    return STATUS_OK;
}

static enum status type_round(struct formula_reading *reading, struct node *node)
{
    node->type = FORMULA_NUMBER;
    enum status status = expect_all(reading, node, FORMULA_NUMBER, "round");
    if (status != STATUS_OK || node->count == 1)
        return status;
    const struct node *digits = node->children[1];
    if (digits->kind != NODE_NUMBER || digits->number != trunc(digits->number) ||
        digits->number < 0 || digits->number > 15)
        return formula_error(reading, digits->offset,
                             "round takes its digits as a whole number from 0 to 15");
    return STATUS_OK;
}

static enum status type_call(struct formula_reading *reading, struct node *node)
{
    enum status status = STATUS_OK;
    switch (node->call) {
    case CALL_MINUTES:
    case CALL_HOURS:
    case CALL_DAYS:
        node->type = FORMULA_NUMBER;
        return expect_all(reading, node, FORMULA_SPAN, node->text);
    case CALL_LN:
    case CALL_EXP:
        node->type = FORMULA_NUMBER;
        return expect_all(reading, node, FORMULA_NUMBER, node->text);
    case CALL_ABS:
        node->type = node->children[0]->type == FORMULA_SPAN ? FORMULA_SPAN : FORMULA_NUMBER;
        return expect_all(reading, node, node->type, node->text);
    case CALL_ROUND:
        return type_round(reading, node);
    case CALL_LEAST:
    case CALL_GREATEST:
    case CALL_COALESCE:
    case CALL_NULLIF:
        status = expect_same(reading, node, node->text);
        node->type = node->children[0]->type;
        if (status == STATUS_OK && node->type == FORMULA_TRUTH &&
            (node->call == CALL_LEAST || node->call == CALL_GREATEST))
            return formula_error(reading, node->offset, "truths have no order");
        return status;
    case CALL_LOWER:
        node->type = FORMULA_TEXT;
        return expect_all(reading, node, FORMULA_TEXT, node->text);
    case CALL_CONTAINS:
        node->type = FORMULA_TRUTH;
        return expect_all(reading, node, FORMULA_TEXT, node->text);
    }
    return formula_error(reading, node->offset, "this function has no type");
}

enum status formula_type_node(struct formula_reading *reading, struct node *node)
{
    switch (node->kind) {
    case NODE_CALL:
        return type_call(reading, node);
    case NODE_BINARY:
        return type_binary(reading, node);
    case NODE_MINUS:
        node->type = node->children[0]->type == FORMULA_SPAN ? FORMULA_SPAN : FORMULA_NUMBER;
        return expect_all(reading, node, node->type, "-");
    case NODE_NOT:
        node->type = FORMULA_TRUTH;
        return expect_all(reading, node, FORMULA_TRUTH, "not");
    case NODE_BETWEEN:
    case NODE_IN:
        return type_comparison(reading, node);
    case NODE_IS:
        node->type = FORMULA_TRUTH;
        if (node->children[0]->kind == NODE_NULL)
            return formula_error(reading, node->offset, "null is null; name something");
        return STATUS_OK;
    case NODE_CASE:
        return type_case(reading, node);
    case NODE_NUMBER:
    case NODE_TEXT:
    case NODE_NULL:
    case NODE_COLUMN:
    case NODE_MEASURE:
    case NODE_ABSENT:
    case NODE_ATTR:
    case NODE_PERSON:
        break;
    }
    return STATUS_OK;
}
