#include "evidence/compare/switchback.h"

#include "assay/moments.h"
#include "base/embedded.h"
#include "base/time.h"
#include "evidence/estimate/estimators.h"
#include "evidence/estimate/weekly.h"
#include "evidence/sample/dummies.h"
#include "evidence/sample/local_time.h"

#include <math.h>

static const char team[] = "coalesce(facts.team, '?')";

/* Number of the block's days since the period began, in which an item starts. Days are those of the
   workspace's time zone, as turns are drawn: where clocks change, one has not 24 hours. */
static const char *period_of_item(struct arena *arena, const struct workspace *workspace,
                                  const struct sample *sample)
{
    const char *begin = arena_printf(arena, "make_timestamp(%lld)", (long long)sample->span.from);
    return arena_printf(arena, "floor((%s - %s) / %lld)::bigint::varchar",
                        weekly_day(arena, workspace, "coalesce(facts.started_at, facts.opened_at)"),
                        weekly_day(arena, workspace, begin), (long long)(sample->block / TIME_DAY));
}

/* Teams and periods of the items in an arm. */
struct effects {
    const char *const *teams;
    const char *const *periods;
    size_t team_count;
    size_t period_count;
    bool teams_both; /* some team has items of both arms */
    bool periods_both;
};

/* The values of an expression among items in an arm.
   both   whether some value has items of both arms */
static enum status values_of(struct workspace *workspace, const struct sample *sample,
                             const char *expression, struct arena *arena, const char *const **out,
                             size_t *count, bool *both, struct error *error)
{
    struct frame frame;
    struct sample within = *sample;
    within.cell = expression;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/compare/strata.sql"),
                                  {"sample", sample_sql(arena, &within)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, &within), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    const char **values = arena_array(arena, frame.rows, sizeof *values);
    *both = false;
    for (size_t i = 0; i < frame.rows; i++) {
        values[i] = frame_text(&frame, i, 0);
        *both = *both || (frame_integer(&frame, i, 1) > 0 && frame_integer(&frame, i, 2) > 0);
    }
    *out = values;
    *count = frame.rows;
    return STATUS_OK;
}

/* Where all teams switch together, a period's effect is the arm's: then there are no periods. */
static enum status effects_of(struct workspace *workspace, const struct sample *sample,
                              struct arena *arena, struct effects *out, struct error *error)
{
    enum status status = values_of(workspace, sample, team, arena, &out->teams, &out->team_count,
                                   &out->teams_both, error);
    if (status == STATUS_OK)
        status = values_of(workspace, sample, period_of_item(arena, workspace, sample), arena,
                           &out->periods, &out->period_count, &out->periods_both, error);
    if (status == STATUS_OK && !out->periods_both)
        out->period_count = 0;
    return status;
}

static void add_effects(struct arena *arena, const struct workspace *workspace,
                        const struct effects *effects, struct sample *sample)
{
    dummies_add(arena, sample, team, effects->teams, effects->team_count);
    dummies_add(arena, sample, period_of_item(arena, workspace, sample), effects->periods,
                effects->period_count);
}

static enum status count_blocks(struct workspace *workspace, struct sample *sample,
                                struct arena *arena, struct error *error)
{
    struct frame frame;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/compare/switchback_blocks.sql"),
                                  {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    sample->arms.units[0] = sample->arms.units[1] = 0;
    for (size_t i = 0; status == STATUS_OK && i < frame.rows; i++)
        sample->arms.units[frame_integer(&frame, i, 0)] = frame_integer(&frame, i, 1);
    return status;
}

static const char *refusal(struct arena *arena, const struct sample *sample,
                           const struct effects *effects)
{
    if (!sample->arms.units_repeat)
        return "no team was assigned more than one block; import one row per team and block, with "
               "since and until";
    for (int arm = 0; arm < 2; arm++)
        if (sample->arms.units[arm] < 2)
            return arena_printf(arena, "the arm %s has %s: by how much blocks differ can't be told",
                                sample->arms.names[arm],
                                sample->arms.units[arm] == 1 ? "one block with items"
                                                             : "no block with items");
    if (effects->team_count < 2)
        return "all blocks are of one team: what the arm does can't be told from what the weeks do";
    if (!effects->teams_both)
        return "no team has blocks of both arms";
    return NULL;
}

enum status switchback_take(struct workspace *workspace, const struct comparison_request *request,
                            struct sample *sample, struct arena *arena, struct strata_used *out,
                            const char **why_not, struct error *error)
{
    struct effects effects;
    enum status status = local_time_read(workspace, arena, error);
    if (status == STATUS_OK)
        status = count_blocks(workspace, sample, arena, error);
    if (status == STATUS_OK)
        status = effects_of(workspace, sample, arena, &effects, error);
    if (status != STATUS_OK)
        return status;
    *why_not = refusal(arena, sample, &effects);
    if (*why_not != NULL)
        return STATUS_OK;
    size_t columns = sample_covariates(sample) + 2 + effects.team_count + effects.period_count;
    bool regression =
        request->metric->kind == METRIC_MEAN || request->metric->kind == METRIC_PROPORTION;
    out->dummies = regression && columns <= assay_moments_columns_max;
    out->by = out->dummies && effects.periods_both ? "team and period" : "team";
    out->count = (int64_t)(effects.team_count + (out->dummies ? effects.period_count : 0));
    if (out->dummies)
        add_effects(arena, workspace, &effects, sample);
    else
        sample->cell = team;
    return STATUS_OK;
}

enum status switchback_carry_over(struct workspace *workspace, const struct sample *sample,
                                  struct arena *arena, double *p, struct error *error)
{
    static const struct precision precision = {0.95, VARIANCE_CR2, false};
    static const struct formula own = {
        .type = FORMULA_NUMBER,
        .sql = "case when assigned.in_arm = 1 then 1e0 else 0e0 end",
        .defined_sql = "true",
    };
    struct sample before = *sample;
    size_t kept = sample->covariate_count - sample->dummy_count;
    struct formula *list = arena_array(arena, kept + 1, sizeof *list);
    struct sample_counts counts = {0};
    struct estimated estimated = {0};
    struct effects effects;
    struct error why = {0};
    *p = NAN;
    if (sample->dummy_count == 0)
        return STATUS_OK;
    list[0] = own;
    for (size_t i = 0; i < kept; i++)
        list[i + 1] = sample->covariates[i];
    before.covariates = list;
    before.covariate_count = kept + 1;
    before.dummy_count = 0;
    before.group_count = 0;
    before.by_block_before = true;
    enum status status = effects_of(workspace, &before, arena, &effects, &why);
    if (status == STATUS_OK) {
        add_effects(arena, workspace, &effects, &before);
        status =
            estimate_sample(workspace, &before, -1, &precision, arena, &counts, &estimated, &why);
    }
    if (status == ERROR_DOMAIN || status == ERROR_SINGULAR)
        return STATUS_OK;
    if (status == STATUS_OK)
        *p = estimated.estimate.p;
    else if (error != NULL)
        *error = why;
    return status;
}
