#include "evidence/facts/metrics.h"

#include "base/error.h"
#include "base/text.h"
#include "evidence/facts/facts.h"

#include <math.h>
#include <string.h>

/* The order in which metrics lead. */
static const char *const leading[] = {"time_to_complete",  "cycle_time", "quality_score",
                                      "rework_rate",       "error_rate", "satisfaction",
                                      "cost_per_completed"};

enum status metrics_names(struct workspace *workspace, struct arena *arena,
                          struct formula_names *out, struct error *error)
{
    const char **measures = NULL;
    size_t count = 0;
    enum status status = facts_measures(workspace, arena, &measures, &count, error);
    if (status == STATUS_OK)
        *out = formula_names_of(arena, measures, count);
    return status;
}

static bool leads(const char *name)
{
    for (size_t i = 0; i < sizeof leading / sizeof leading[0]; i++)
        if (strcmp(leading[i], name) == 0)
            return true;
    return false;
}

static size_t in_order_of_leads(const struct metric *all, size_t count, struct metric *out)
{
    size_t ordered = 0;
    for (size_t i = 0; i < sizeof leading / sizeof leading[0]; i++)
        for (size_t j = 0; j < count; j++)
            if (strcmp(all[j].name, leading[i]) == 0)
                out[ordered++] = all[j];
    for (size_t j = 0; j < count; j++)
        if (!leads(all[j].name))
            out[ordered++] = all[j];
    return ordered;
}

enum status metrics_for_report(struct workspace *workspace, struct arena *arena,
                               struct metric **out, size_t *count, struct metric_broken *broken,
                               struct error *error)
{
    struct formula_names names;
    struct metric *all = NULL;
    struct metric_broken unread = {NULL, 0};
    size_t all_count = 0;
    enum status status = metrics_names(workspace, arena, &names, error);
    if (status == STATUS_OK)
        status = metric_list(arena, workspace_path(workspace, arena, "metrics"), &all, &all_count,
                             &unread, error);
    if (status != STATUS_OK)
        return status;
    struct metric *ordered = arena_array(arena, all_count, sizeof *ordered);
    struct error *faults = arena_array(arena, all_count + unread.count, sizeof *faults);
    size_t fault_count = unread.count;
    for (size_t i = 0; i < unread.count; i++)
        faults[i] = unread.list[i];
    all_count = in_order_of_leads(all, all_count, ordered);
    *count = 0;
    for (size_t i = 0; i < all_count; i++) {
        status =
            metric_compile(arena, workspace->engine, &names, &ordered[i], &faults[fault_count]);
        if (status == STATUS_OK) {
            ordered[(*count)++] = ordered[i];
        } else if (status == ERROR_INPUT) {
            fault_count++;
        } else {
            if (error != NULL)
                *error = faults[fault_count];
            return status;
        }
    }
    *broken = (struct metric_broken){faults, fault_count};
    *out = ordered;
    return STATUS_OK;
}

enum status metrics_named(struct workspace *workspace, const char *name, struct arena *arena,
                          struct metric *out, struct error *error)
{
    const struct place place = {.file = "--metric"};
    struct formula_names names;
    enum status status = metrics_names(workspace, arena, &names, error);
    if (status == STATUS_OK)
        status = metric_find(arena, workspace_path(workspace, arena, "metrics"), name, &place, out,
                             error);
    if (status == STATUS_OK)
        status = metric_compile(arena, workspace->engine, &names, out, error);
    return status;
}

enum status metrics_covariates(struct workspace *workspace, const char *const *texts, size_t count,
                               struct arena *arena, struct formula **out, struct error *error)
{
    const struct place place = {.file = "--adjust"};
    struct formula_names names;
    enum status status = metrics_names(workspace, arena, &names, error);
    *out = arena_array(arena, count, sizeof **out);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct formula *formula = &(*out)[i];
        status = formula_compile(arena, workspace->engine, &names, FORMULA_DUCKDB, texts[i],
                                 strlen(texts[i]), &place, formula, error);
        if (status == STATUS_OK && formula->type != FORMULA_NUMBER &&
            formula->type != FORMULA_TRUTH)
            status = place_error(error, &place,
                                 "\"%s\" is %s; adjust for a number or a truth (for text, write a "
                                 "comparison: team = 'A')",
                                 texts[i], formula_type_name(formula->type));
    }
    return status;
}

enum status metrics_cells(struct workspace *workspace, const char *text, struct arena *arena,
                          struct formula **out, const char ***labels, size_t *count,
                          struct error *error)
{
    const struct place place = {.file = "--like"};
    struct formula_names names;
    size_t parts = 1;
    for (const char *c = text; *c != '\0'; c++)
        parts += *c == ',';
    *out = arena_array(arena, parts, sizeof **out);
    *labels = arena_array(arena, parts, sizeof **labels);
    *count = 0;
    enum status status = metrics_names(workspace, arena, &names, error);
    names.worker = true;
    for (bool more = true; more && status == STATUS_OK;) {
        size_t length = formula_list_part(text);
        const char *part = text_trimmed(arena, text, length);
        if (part[0] == '\0')
            return place_error(error, &place,
                               "a formula is missing; write them with a comma between, such as "
                               "size,team");
        status = formula_compile(arena, workspace->engine, &names, FORMULA_DUCKDB, part,
                                 strlen(part), &place, &(*out)[*count], error);
        (*labels)[(*count)++] = strcmp(part, "worker") == 0 ? "person" : part;
        more = text[length] == ',';
        text += length + (more ? 1 : 0);
    }
    return status;
}

enum status metrics_by(struct workspace *workspace, const char *text, struct arena *arena,
                       struct formula *out, struct error *error)
{
    const struct place place = {.file = "--by"};
    struct formula_names names;
    enum status status = metrics_names(workspace, arena, &names, error);
    names.listed = true;
    if (status == STATUS_OK)
        status = formula_compile(arena, workspace->engine, &names, FORMULA_DUCKDB, text,
                                 strlen(text), &place, out, error);
    return status;
}

enum status metrics_landmark(const char *text, double *minutes, struct error *error)
{
    const struct place place = {.file = "--landmark"};
    int64_t microseconds = 0;
    *minutes = NAN;
    if (text == NULL)
        return STATUS_OK;
    enum status status = duration_read(text, &place, &microseconds, error);
    if (status == STATUS_OK && microseconds <= 0)
        return place_error(error, &place, "write a time after the start, such as 2h");
    if (status == STATUS_OK)
        *minutes = (double)microseconds / 6e7;
    return status;
}
