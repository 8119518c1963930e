#include "base/error.h"
#include "engine/sql_text.h"
#include "evidence/estimate/staggered.h"

#include <math.h>

/* Minutes from the start up to the horizon, of an item that was seen for as long: what is not done
   by then, or given up, counts with all of it. No item is censored, so a plain mean is the
   restricted one. */
static const char *minutes_sql(struct arena *arena, const struct metric *metric)
{
    const char *from = metric->from.compiled.sql;
    const char *to = metric->to.compiled.sql;
    const char *horizon = sql_number(arena, (double)metric->horizon / 6e7);
    return arena_printf(arena,
                        "case when epoch_us(facts.data_end) - epoch_us(%s) < %lld then null "
                        "when facts.state = 'abandoned' then %s "
                        "when (%s) is not null then case when %s >= %s then "
                        "least((epoch_us(%s) - epoch_us(%s)) / 6e7, %s) end "
                        "when facts.state = 'open' then %s end",
                        from, (long long)metric->horizon, horizon, to, to, from, to, from, horizon,
                        horizon);
}

static void as_mean(struct arena *arena, const struct metric *metric, struct panel_outcome *out)
{
    struct metric_formula *value = &out->metric.value;
    out->metric.kind = METRIC_MEAN;
    out->metric.scale = METRIC_IDENTITY;
    out->metric.matures_after = 0;
    *value = metric->from;
    value->compiled.sql = minutes_sql(arena, metric);
    value->compiled.defined_sql = "true";
    out->horizon_minutes = (double)metric->horizon / 6e7;
    out->log = true;
}

/* Where what was given up counts as not seen any longer, items are censored before the horizon. */
static enum status check_abandoned(struct workspace *workspace, const struct metric *metric,
                                   const struct sample *sample, struct arena *arena,
                                   struct panel_outcome *out, struct error *error)
{
    struct frame frame;
    if (metric->abandoned == METRIC_NEVER_DONE)
        return STATUS_OK;
    enum status status = engine_query(
        workspace->engine,
        "select count(*) from facts where use_case = $use_case and counted_at >= $from and "
        "counted_at < $until and state = 'abandoned'",
        ENGINE_VALUES(engine_text("use_case", sample->use_case),
                      engine_time("from", sample->span.from),
                      engine_time("until", sample->span.until)),
        arena, &frame, error);
    if (status == STATUS_OK && frame_integer(&frame, 0, 0) > 0)
        out->why_not = "some items were abandoned, and this metric does not say what their time "
                       "is (abandoned: censored), which a mean per unit and period needs; take one "
                       "with abandoned: never_done";
    return status;
}

enum status panel_outcome_of(struct workspace *workspace, const struct metric *metric,
                             const struct sample *sample, struct arena *arena,
                             struct panel_outcome *out, struct error *error)
{
    *out =
        (struct panel_outcome){.metric = *metric, .of_group = "avg(s.y)", .horizon_minutes = NAN};
    switch (metric->kind) {
    case METRIC_MEAN:
    case METRIC_PROPORTION:
        return STATUS_OK;
    case METRIC_DURATION:
        as_mean(arena, metric, out);
        return check_abandoned(workspace, metric, sample, arena, out, error);
    case METRIC_RATIO:
        out->of_group = "sum(s.y) / nullif(sum(s.d), 0e0)";
        out->log = true;
        return STATUS_OK;
    case METRIC_QUANTILE: /* plan_check_answerable */
        break;
    }
    return error_set(error, ERROR_INTERNAL, "a staggered plan of a quantile");
}
