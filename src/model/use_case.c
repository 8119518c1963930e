#include "model/use_case.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>
#include <unistd.h>

bool use_case_is_name(const char *name)
{
    static const char first[] = "abcdefghijklmnopqrstuvwxyz";
    static const char rest[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    if (strlen(name) > 100)
        return false;
    for (;;) {
        if (*name == '\0' || strchr(first, *name) == NULL)
            return false;
        name += strspn(name, rest);
        if (*name == '\0')
            return true;
        if (*name++ != '.')
            return false;
    }
}

static enum status read_rule(const struct yaml *node, struct use_case *out, struct error *error)
{
    static const char *const keys[] = {"use_case", "when"};
    const struct yaml *name = NULL;
    const struct yaml *when = NULL;
    enum status status = yaml_check_keys(node, NULL, keys, 2, error);
    if (status == STATUS_OK)
        status = yaml_require(node, "use_case", "support.billing", &name, error);
    if (status == STATUS_OK)
        status = yaml_text(name, "use_case", &out->name, error);
    if (status == STATUS_OK && !use_case_is_name(out->name))
        return yaml_error(
            name, "use_case", error,
            "\"%.80s\" is no name for a use case; write lower case with dots, such as "
            "support.billing",
            out->name);
    if (status == STATUS_OK)
        status = yaml_require(node, "when", "\"source = 'zendesk'\"", &when, error);
    if (status == STATUS_OK)
        status = yaml_text(when, "when", &out->when, error);
    if (status != STATUS_OK)
        return status;
    out->when_length = when->length;
    out->place = yaml_text_place(when, "when");
    return STATUS_OK;
}

enum status use_cases_read(struct arena *arena, const struct yaml *root, struct use_cases *out,
                           struct error *error)
{
    struct use_cases cases = {NULL, 0, NULL};
    if (!yaml_is_empty(root)) {
        if (root->kind != YAML_LIST)
            return yaml_error(root, NULL, error,
                              "use cases are a list; begin each with - use_case: NAME");
        if (root->count > use_cases_max)
            return yaml_error(root, NULL, error, "there are over %d use cases", use_cases_max);
        cases.list = arena_array(arena, root->count, sizeof *cases.list);
        cases.count = root->count;
    }
    for (size_t i = 0; i < cases.count; i++) {
        enum status status = read_rule(root->values[i], &cases.list[i], error);
        if (status != STATUS_OK)
            return status;
    }
    *out = cases;
    return STATUS_OK;
}

enum status use_cases_read_file(struct arena *arena, const char *path, struct use_cases *out,
                                struct error *error)
{
    if (access(path, F_OK) != 0) {
        *out = (struct use_cases){NULL, 0, NULL};
        return STATUS_OK;
    }
    struct yaml *root = NULL;
    enum status status = yaml_read_file(arena, path, &root, error);
    return status == STATUS_OK ? use_cases_read(arena, root, out, error) : status;
}

enum status use_cases_compile(struct arena *arena, struct engine *engine, struct use_cases *cases,
                              struct error *error)
{
    struct formula_names names = formula_names_of(arena, NULL, 0);
    names.before_use_only = true;
    struct text sql = {.arena = arena};
    text_add(&sql, "(case");
    for (size_t i = 0; i < cases->count; i++) {
        struct use_case *rule = &cases->list[i];
        enum status status =
            formula_compile(arena, engine, &names, FORMULA_DUCKDB, rule->when, rule->when_length,
                            &rule->place, &rule->formula, error);
        if (status == STATUS_OK)
            status = formula_expect(&rule->formula, FORMULA_TRUTH, &rule->place, error);
        if (status != STATUS_OK)
            return status;
        /* The name is safe to quote as it is: use_case_is_name allows no quote. */
        text_addf(&sql, " when %s then '%s'", rule->formula.sql, rule->name);
    }
    text_add(&sql, " else cast(null as varchar) end)");
    cases->sql = cases->count > 0 ? text_get(&sql) : "cast(null as varchar)";
    return STATUS_OK;
}
