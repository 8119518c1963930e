/* SQL from the checked tree. One writer for two readings of a formula: as it is, and `total`,
   where what is undefined counts as 0. A value missing in the first but not in the second is
   missing because it is undefined. */

#include "model/formula_internal.h"

#include "base/text.h"
#include "engine/sql_text.h"

#include <string.h>

struct writer {
    struct text sql;
    enum formula_dialect dialect; /* one now; another's spelling of a node goes where it differs */
    bool total;
    bool too_long;
};

static void write_node(struct writer *writer, const struct node *node);

static void add(struct writer *writer, const char *sql)
{
    if (writer->sql.length > formula_sql_max)
        writer->too_long = true;
    else
        text_add(&writer->sql, sql);
}

/* text between quotes, each quote inside doubled. */
static void add_quoted(struct writer *writer, char quote, const char *before, const char *text)
{
    char mark[2] = {quote, '\0'};
    add(writer, mark);
    add(writer, before);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == quote)
            add(writer, mark);
        char one[2] = {*at, '\0'};
        add(writer, one);
    }
    add(writer, mark);
}

static void add_number(struct writer *writer, double number)
{
    add(writer, sql_number(writer->sql.arena, number));
}

static void write_list(struct writer *writer, const struct node *node, size_t from,
                       const char *between)
{
    for (size_t i = from; i < node->count; i++) {
        if (i > from)
            add(writer, between);
        write_node(writer, node->children[i]);
    }
}

static void write_column(struct writer *writer, const struct node *node)
{
    bool number = node->type == FORMULA_NUMBER;
    add(writer, number ? "cast(facts." : "facts.");
    add_quoted(writer, '"', node->kind == NODE_MEASURE ? "m_" : "", node->text);
    add(writer, number ? " as double)" : "");
}

/* case when {guard} then {value} end, and in the total reading 0 where the guard says no. A
   missing operand stays missing in both. */
static void write_guarded(struct writer *writer, const struct node *operand, const char *guard,
                          const char *against, const struct node *whole,
                          void (*value)(struct writer *, const struct node *))
{
    add(writer, "case when ");
    write_node(writer, operand);
    add(writer, guard);
    add(writer, " then ");
    value(writer, whole);
    if (writer->total) {
        add(writer, " when ");
        write_node(writer, operand);
        add(writer, against);
        add(writer, " then 0e0");
    }
    add(writer, " end");
}

static void write_ln(struct writer *writer, const struct node *node)
{
    add(writer, "ln(");
    write_node(writer, node->children[0]);
    add(writer, ")");
}

static void write_exp(struct writer *writer, const struct node *node)
{
    add(writer, "exp(");
    write_node(writer, node->children[0]);
    add(writer, ")");
}

static void write_quotient(struct writer *writer, const struct node *node)
{
    write_node(writer, node->children[0]);
    add(writer, " / ");
    write_node(writer, node->children[1]);
}

/* In the total reading x / 0 is 0 only where x is there. */
static void write_division(struct writer *writer, const struct node *node)
{
    add(writer, "case when ");
    write_node(writer, node->children[1]);
    add(writer, " <> 0e0 then ");
    write_quotient(writer, node);
    if (writer->total) {
        add(writer, " when ");
        write_node(writer, node->children[1]);
        add(writer, " = 0e0 and ");
        write_node(writer, node->children[0]);
        add(writer, " is not null then 0e0");
    }
    add(writer, " end");
}

/* The engine's least and greatest pass over what is missing; a formula's don't. */
static void write_extreme(struct writer *writer, const struct node *node)
{
    add(writer, "case when ");
    write_list(writer, node, 0, " is not null and ");
    add(writer, " is not null then ");
    add(writer, node->call == CALL_LEAST ? "least(" : "greatest(");
    write_list(writer, node, 0, ", ");
    add(writer, ") end");
}

static void write_function(struct writer *writer, const struct node *node)
{
    add(writer, node->text);
    add(writer, "(");
    write_list(writer, node, 0, ", ");
    add(writer, ")");
}

static void write_span_in(struct writer *writer, const struct node *node, const char *microseconds)
{
    write_node(writer, node->children[0]);
    add(writer, " / ");
    add(writer, microseconds);
}

static void write_call(struct writer *writer, const struct node *node)
{
    add(writer, "(");
    switch (node->call) {
    case CALL_MINUTES:
        write_span_in(writer, node, "6e7");
        break;
    case CALL_HOURS:
        write_span_in(writer, node, "36e8");
        break;
    case CALL_DAYS:
        write_span_in(writer, node, "864e8");
        break;
    case CALL_LN:
        write_guarded(writer, node->children[0], " > 0e0", " <= 0e0", node, write_ln);
        break;
    case CALL_EXP: /* exp(709.78…) is the largest double */
        write_guarded(writer, node->children[0], " <= 709e0", " > 709e0", node, write_exp);
        break;
    case CALL_LEAST:
    case CALL_GREATEST:
        write_extreme(writer, node);
        break;
    case CALL_ROUND:
        add(writer, "round(");
        write_node(writer, node->children[0]);
        if (node->count == 2) {
            char digits[32];
            (void)snprintf(digits, sizeof digits, ", %d", (int)node->children[1]->number);
            add(writer, digits);
        }
        add(writer, ")");
        break;
    case CALL_ABS:
    case CALL_COALESCE:
    case CALL_NULLIF:
    case CALL_LOWER:
    case CALL_CONTAINS:
        write_function(writer, node);
        break;
    }
    add(writer, ")");
}

static void write_binary(struct writer *writer, const struct node *node)
{
    add(writer, "(");
    if (node->text[0] == '/') {
        write_division(writer, node);
    } else if (node->type == FORMULA_SPAN && node->children[0]->type == FORMULA_TIME) {
        add(writer, "cast(epoch_us(");
        write_node(writer, node->children[0]);
        add(writer, ") - epoch_us(");
        write_node(writer, node->children[1]);
        add(writer, ") as double)");
    } else {
        char between[8];
        (void)snprintf(between, sizeof between, " %s ", node->text);
        write_list(writer, node, 0, between);
    }
    add(writer, ")");
}

static void write_case(struct writer *writer, const struct node *node)
{
    add(writer, "(case");
    for (size_t i = 0; i + 1 < node->count; i += 2) {
        add(writer, " when ");
        write_node(writer, node->children[i]);
        add(writer, " then ");
        write_node(writer, node->children[i + 1]);
    }
    add(writer, " else ");
    write_node(writer, node->children[node->count - 1]);
    add(writer, " end)");
}

static void write_node(struct writer *writer, const struct node *node)
{
    if (writer->too_long)
        return;
    switch (node->kind) {
    case NODE_NUMBER:
        add_number(writer, node->number);
        break;
    case NODE_TEXT:
        add_quoted(writer, '\'', "", node->text);
        break;
    case NODE_NULL:
        add(writer, "null");
        break;
    case NODE_COLUMN:
    case NODE_MEASURE:
        write_column(writer, node);
        break;
    case NODE_ABSENT:
        add(writer, "cast(null as double)");
        break;
    case NODE_ATTR:
    case NODE_PERSON:
        add(writer, node->kind == NODE_ATTR ? "facts.attrs[" : "facts.worker_attrs[");
        add_quoted(writer, '\'', "", node->text);
        add(writer, "]");
        break;
    case NODE_CALL:
        write_call(writer, node);
        break;
    case NODE_BINARY:
        write_binary(writer, node);
        break;
    case NODE_MINUS:
        add(writer, "(-");
        write_node(writer, node->children[0]);
        add(writer, ")");
        break;
    case NODE_NOT:
        add(writer, "(not ");
        write_node(writer, node->children[0]);
        add(writer, ")");
        break;
    case NODE_BETWEEN:
        add(writer, "(");
        write_node(writer, node->children[0]);
        add(writer, " between ");
        write_node(writer, node->children[1]);
        add(writer, " and ");
        write_node(writer, node->children[2]);
        add(writer, ")");
        break;
    case NODE_IN:
        add(writer, "(");
        write_node(writer, node->children[0]);
        add(writer, node->text[0] == 'n' ? " not in (" : " in (");
        write_list(writer, node, 1, ", ");
        add(writer, "))");
        break;
    case NODE_IS:
        add(writer, "(");
        write_node(writer, node->children[0]);
        add(writer, " ");
        add(writer, node->text);
        add(writer, ")");
        break;
    case NODE_CASE:
        write_case(writer, node);
        break;
    }
}

/* Arithmetic and exp may leave the finite numbers; ln and / are undefined somewhere. */
bool formula_can_be_undefined(const struct node *node)
{
    if (node->kind == NODE_CALL && (node->call == CALL_LN || node->call == CALL_EXP))
        return true;
    if (node->kind == NODE_BINARY && node->children[0]->type == FORMULA_NUMBER &&
        strchr("+-*/", node->text[0]) != NULL)
        return true;
    for (size_t i = 0; i < node->count; i++)
        if (formula_can_be_undefined(node->children[i]))
            return true;
    return false;
}

bool formula_write(struct arena *arena, const struct node *root, enum formula_dialect dialect,
                   bool total, const char **out)
{
    struct writer writer = {.sql = {.arena = arena}, .dialect = dialect, .total = total};
    bool guarded = root->type == FORMULA_NUMBER && formula_can_be_undefined(root);
    if (guarded) {
        add(&writer, "(case when isfinite(");
        write_node(&writer, root);
        add(&writer, ") then ");
    }
    write_node(&writer, root);
    if (guarded && total) {
        add(&writer, " when ");
        write_node(&writer, root);
        add(&writer, " is not null then 0e0");
    }
    if (guarded)
        add(&writer, " end)");
    *out = text_get(&writer.sql);
    return !writer.too_long;
}
