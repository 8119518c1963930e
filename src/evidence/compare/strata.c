#include "evidence/compare/strata.h"

#include "assay/interacted.h"
#include "base/embedded.h"
#include "engine/sql_text.h"
#include "evidence/sample/cells.h"
#include "evidence/sample/dummies.h"

/* Columns of strata.sql. */
enum { stratum_cell, stratum_items_0, stratum_items_1 };

/* Strata with both arms come first. */
static size_t with_both_arms(const struct frame *frame)
{
    size_t count = 0;
    while (count < frame->rows && frame_integer(frame, count, stratum_items_0) > 0 &&
           frame_integer(frame, count, stratum_items_1) > 0)
        count++;
    return count;
}

static bool is_regression(const struct metric *metric)
{
    return metric->kind == METRIC_MEAN || metric->kind == METRIC_PROPORTION;
}

/* What is left out, of whom. */
static enum status count_alone(struct workspace *workspace, const struct sample *sample,
                               struct arena *arena, struct strata_used *out, struct error *error)
{
    struct frame frame;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/compare/strata_alone.sql"),
                                  {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    out->alone_items = frame_integer(&frame, 0, 0);
    out->alone_workers = frame_integer(&frame, 0, 1);
    return STATUS_OK;
}

/* Only items of the first so many strata, said by naming these or the others, whichever are fewer.
 */
static const char *scope_within(struct arena *arena, const char *scope, const char *cell,
                                const char *const *values, size_t count, size_t all)
{
    struct text text = {.arena = arena};
    bool others = all - count < count;
    if (count == all)
        return scope;
    text_addf(&text, "(%s) and (%s) %sin (", scope != NULL ? scope : "true", cell,
              others ? "not " : "");
    for (size_t i = others ? count : 0, first = i; i < (others ? all : count); i++)
        text_addf(&text, "%s%s", i > first ? ", " : "", sql_literal(arena, values[i]));
    text_add(&text, ")");
    return arena_printf(arena, "(%s)", text_get(&text));
}

static const char *too_many(struct arena *arena, const struct comparison_request *request,
                            size_t covariates, size_t strata)
{
    if (strata > strata_dummies_max && (request->covariate_count > 0 || request->earlier))
        return arena_printf(arena,
                            "%zu strata have a level each, which leaves no room for "
                            "covariates; leave adjust_for out, or take at most %d strata",
                            strata, strata_dummies_max);
    if (strata <= strata_dummies_max && request->interact &&
        covariates + strata - 1 > assay_interacted_covariates_max)
        return arena_printf(arena,
                            "%zu covariates and %zu strata with slopes of each arm's own: at most "
                            "%d can be had; leave interact out",
                            covariates, strata, assay_interacted_covariates_max);
    return NULL;
}

enum status strata_take(struct workspace *workspace, const struct comparison_request *request,
                        struct sample *sample, struct arena *arena, struct strata_used *out,
                        const char **why_not, struct error *error)
{
    struct cells cells;
    struct frame frame;
    if (request->strata_count == 0)
        return STATUS_OK;
    enum status status =
        cells_of(workspace, request->use_case, &request->span, request->strata,
                 request->strata_labels, request->strata_count, arena, &cells, error);
    if (status != STATUS_OK)
        return status;
    sample->cell = cells.sql;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/compare/strata.sql"),
                                  {"sample", sample_sql(arena, sample)});
    status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status == STATUS_OK)
        status = count_alone(workspace, sample, arena, out, error);
    if (status != STATUS_OK)
        return status;
    size_t count = with_both_arms(&frame);
    if (count == 0) { /* the estimate says why there is none */
        sample->cell = NULL;
        return STATUS_OK;
    }
    const char **values = arena_array(arena, frame.rows, sizeof *values);
    for (size_t i = 0; i < frame.rows; i++)
        values[i] = frame_text(&frame, i, stratum_cell);
    out->by = cells.label;
    out->count = (int64_t)count;
    *why_not = too_many(arena, request, sample_covariates(sample), count);
    out->dummies = is_regression(request->metric);
    if (!out->dummies)
        return STATUS_OK;
    sample->scope = scope_within(arena, sample->scope, cells.sql, values, count, frame.rows);
    if (count > strata_dummies_max) {
        sample->absorbed = true;
        return STATUS_OK;
    }
    sample->cell = NULL;
    dummies_add(arena, sample, cells.sql, values, count);
    return STATUS_OK;
}
