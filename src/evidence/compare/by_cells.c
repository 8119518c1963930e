#include "evidence/compare/by_cells.h"

#include "assay/heterogeneity.h"
#include "base/error.h"
#include "evidence/compare/by_estimates.h"
#include "evidence/estimate/effect.h"

#include <math.h>

/* ---- Together ------------------------------------------------------------------------------ */

/* From the scale of the estimate to the one that is shown. */
static double shown(double value, bool log_scale)
{
    return log_scale ? expm1(value) : value;
}

static struct interval shown_interval(struct interval interval, bool log_scale)
{
    return (struct interval){shown(interval.low, log_scale), shown(interval.high, log_scale)};
}

static enum status compare_cells(const struct parts *parts, const struct tally *tally,
                                 const struct by_estimates *estimates, double level, bool log_scale,
                                 struct arena *arena, struct by_cells *out, struct error *error)
{
    struct heterogeneity result;
    struct cell_answer *answers = arena_array(arena, estimates->count, sizeof *answers);
    const struct cell_estimates cells = {estimates->count,    parts->clusters, estimates->value,
                                         estimates->variance, estimates->df,   estimates->items,
                                         estimates->part};
    size_t length = assay_heterogeneity_scratch(cells.count);
    enum status status =
        assay_heterogeneity(&cells, by_cells_rate, level,
                            arena_array(arena, length, sizeof(double)), answers, &result, error);
    if (status != STATUS_OK)
        return status;
    struct reach(*reach)[2] = parts_reach(parts, tally, arena);
    out->cells = arena_array(arena, cells.count, sizeof *out->cells);
    out->count = cells.count;
    for (size_t c = 0; c < cells.count; c++) {
        const struct shrunken *shrunken = &answers[c].shrunken;
        double quantile = 0;
        status = assay_quantile(level, estimates->df[c], &quantile, error);
        if (status != STATUS_OK)
            return status;
        double half = quantile * shrunken->standard_error;
        size_t cell = estimates->cell[c];
        out->cells[c] = (struct by_cell){
            .name = parts->name[cell],
            .others = cell == parts->count,
            .items = {(int64_t)tally->items[cell][0], (int64_t)tally->items[cell][1]},
            .workers = {tally->workers[cell][0], tally->workers[cell][1]},
            .reach_of_arm = {reach[cell][0], reach[cell][1]},
            .effect = shown(estimates->value[c], log_scale),
            .interval = shown_interval(estimates->interval[c], log_scale),
            .shrunken = shown(shrunken->value, log_scale),
            .shrunken_interval = shown_interval(
                (struct interval){shrunken->value - half, shrunken->value + half}, log_scale),
            .own = shrunken->own,
            .p = answers[c].adjusted_p,
            .different = answers[c].different,
        };
    }
    out->mean = shown(result.pooled.mean.value, log_scale);
    out->mean_interval = shown_interval(result.pooled.mean.interval, log_scale);
    out->prediction = shown_interval(result.pooled.prediction, log_scale);
    out->between = sqrt(result.pooled.between);
    out->between_paule_mandel = sqrt(result.between_paule_mandel);
    out->p = result.p;
    return STATUS_OK;
}

/* Why they are not compared: a reason that names none of them. */
static const char *reason_against(const struct by_estimates *estimates)
{
    for (size_t c = 1; c < estimates->count; c++)
        if (estimates->value[c] != estimates->value[0])
            return "what people add to the groups' effects leaves nothing to judge chance by";
    return "the groups do not differ at all";
}

static enum status fill_one(struct workspace *workspace, const struct comparison_request *request,
                            const struct by_wish *wish, const struct sample *sample,
                            const struct comparison *whole, struct arena *arena,
                            struct by_cells *out, struct error *error)
{
    struct parts parts;
    struct tally tally;
    struct by_estimates estimates;
    struct error why = {0};
    bool any = false;
    *out = (struct by_cells){.label = wish->label, .planned = wish->planned};
    enum status status = parts_read(workspace, request, wish, sample,
                                    by_takes_items(request->metric), arena, &parts, error);
    if (status != STATUS_OK)
        return status;
    bool log_metric = request->metric->scale == METRIC_LOG;
    const struct by_way way = {
        .log_scale = log_metric || whole->scale == SCALE_RELATIVE,
        .log_metric = log_metric,
        .cautious = sample->arms.kind == ARMS_BY_ASSIGNMENT && sample->cell == NULL,
        .least = request->min_group,
        .level = request->level,
        .horizon_minutes = effect_minutes(whole->horizon_days),
    };
    if (parts.rows > 0)
        status = by_estimate(workspace, &way, &parts, arena, &tally, &estimates, &any, error);
    if (status != STATUS_OK)
        return status;
    if (!any) {
        out->why_not = arena_printf(arena, "there are no two groups with %d people in each arm",
                                    request->min_group);
        return STATUS_OK;
    }
    out->rest_tells_of = parts_left_out(&parts, &tally, arena);
    out->horizon_days = effect_days(estimates.horizon_minutes);
    status =
        compare_cells(&parts, &tally, &estimates, request->level, way.log_scale, arena, out, &why);
    if (status == ERROR_DOMAIN) {
        out->why_not = reason_against(&estimates);
        return STATUS_OK;
    }
    if (status != STATUS_OK && error != NULL)
        *error = why;
    return status;
}

enum status by_cells_fill(struct workspace *workspace, const struct comparison_request *request,
                          const struct sample *sample, struct arena *arena, struct comparison *out,
                          struct error *error)
{
    enum status status = STATUS_OK;
    out->by = arena_array(arena, request->by_count, sizeof *out->by);
    for (size_t i = 0; i < request->by_count && status == STATUS_OK; i++)
        status =
            fill_one(workspace, request, &request->by[i], sample, out, arena, &out->by[i], error);
    out->by_count = request->by_count;
    return status;
}
