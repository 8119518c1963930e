#include "evidence/compare/compliers.h"

#include "assay/instrument.h"
#include "base/error.h"
#include "evidence/compare/strata.h"
#include "evidence/sample/exposure.h"
#include "evidence/sample/reach.h"
#include "evidence/sample/reason.h"

#include <math.h>
#include <string.h>

/* Was AI used on the item before it was first closed? Known where the sources of calls reach over
   the whole item, as for arms as found: a call of another item says so, too, but to count it would
   leave out those without a call alone. */
static const char *taken_sql(struct arena *arena)
{
    const struct exposure use =
        exposure_until(arena, "coalesce(facts.first_closed_at, facts.data_end)");
    return arena_printf(arena, "case when %s then case when %s then 1e0 when %s then 0e0 end end",
                        use.covered, use.used, use.unused);
}

/* Uptake as the last covariate of the sample. */
static void add_uptake(struct arena *arena, struct sample *sample)
{
    size_t count = sample->covariate_count;
    struct formula *columns = arena_array(arena, count + 1, sizeof *columns);
    for (size_t i = 0; i < count; i++)
        columns[i] = sample->covariates[i];
    columns[count] =
        (struct formula){.type = FORMULA_NUMBER, .sql = taken_sql(arena), .defined_sql = "true"};
    sample->covariates = columns;
    sample->covariate_count = count + 1;
}

/* The sample of the comparison, with uptake. */
static enum status sample_of(struct workspace *workspace, const struct comparison_request *request,
                             struct arena *arena, struct sample *out, const char **why_not,
                             struct error *error)
{
    struct strata_used strata = {0};
    *out = (struct sample){
        .use_case = request->use_case,
        .metric = request->metric,
        .span = request->span,
        .landmark_minutes = NAN,
        .covariates = request->covariates,
        .covariate_count = request->covariate_count,
        .scope = request->arms.scope,
        .by_team = request->by_team,
    };
    enum status status = arms_find(workspace, request->use_case, &request->span, &request->arms,
                                   arena, &out->arms, why_not, error);
    if (status == STATUS_OK && *why_not == NULL)
        status = strata_take(workspace, request, out, arena, &strata, why_not, error);
    if (out->absorbed)
        *why_not = arena_printf(arena,
                                "what taking it did to those who took it is told within at most %d "
                                "strata; the effect of the offer stands",
                                strata_dummies_max);
    if (status == STATUS_OK && *why_not == NULL)
        add_uptake(arena, out);
    return status;
}

/* ---- On the scale of the effect ----------------------------------------------------------- */

static double shown(double x, const struct comparison *comparison, bool log_ratio)
{
    if (log_ratio)
        return expm1(x);
    return comparison->scale == SCALE_RELATIVE ? x / comparison->arms[0].value : x;
}

static struct interval both(struct interval x, const struct comparison *comparison, bool log_ratio)
{
    return (struct interval){shown(x.low, comparison, log_ratio),
                             shown(x.high, comparison, log_ratio)};
}

static void take(const struct encouragement *answer, const struct comparison *comparison,
                 bool log_ratio, struct compliers *out)
{
    out->exists = true;
    out->uptake = (struct effect_estimate){answer->uptake.value, answer->uptake.interval,
                                           answer->uptake.df, answer->uptake.p};
    out->strength = answer->strength.f;
    out->weak = answer->strength.weak;
    out->effect = answer->has_effect ? shown(answer->effect.value, comparison, log_ratio) : NAN;
    out->interval = (struct interval){NAN, NAN};
    if (answer->has_interval)
        out->interval = both(answer->effect.interval, comparison, log_ratio);
    out->set_count = answer->set.count < compliers_parts ? answer->set.count : compliers_parts;
    for (size_t i = 0; i < out->set_count; i++)
        out->set[i] = both(answer->set.parts[i], comparison, log_ratio);
}

/* ---- Together ------------------------------------------------------------------------------ */

/* The share of each arm's items on which it was taken. */
static void take_shares(const struct cluster_moments *clusters, struct compliers *out)
{
    double items[2] = {0, 0};
    double taken[2] = {0, 0};
    for (size_t g = 0; g < clusters->of_arm_count; g++) {
        const struct worker_moments *one = &clusters->of_arm[g];
        items[one->arm] += one->items;
        taken[one->arm] += one->items * one->means[clusters->covariates - 1];
    }
    for (int arm = 0; arm < 2; arm++)
        out->taken[arm] = taken[arm] / items[arm];
}

/* The fewest people whose items, in one arm, were done in one of the two ways. A share of an arm
   times its items is a count of those; where all are of few people, it tells what these did. */
static int64_t fewest_behind(const struct cluster_moments *clusters)
{
    int64_t people[2][2] = {{0, 0}, {0, 0}}; /* by arm: who took it, who did not */
    const char *last[2][2] = {{NULL, NULL}, {NULL, NULL}};
    int64_t fewest = 0;
    for (size_t g = 0; g < clusters->of_arm_count; g++) {
        const struct worker_moments *one = &clusters->of_arm[g];
        double share = one->means[clusters->covariates - 1];
        const bool did[2] = {share > 0, share < 1};
        for (int way = 0; way < 2; way++) {
            const char **seen = &last[one->arm][way];
            if (!did[way] || (*seen != NULL && strcmp(*seen, one->worker) == 0))
                continue;
            *seen = one->worker;
            people[one->arm][way]++;
        }
    }
    for (int i = 0; i < 4; i++) {
        int64_t count = people[i / 2][i % 2];
        if (count > 0 && (fewest == 0 || count < fewest))
            fewest = count;
    }
    return fewest;
}

static enum status fit(const struct cluster_moments *clusters, double level,
                       struct encouragement *out, struct error *error)
{
    struct instrument *instrument = NULL;
    enum status status = assay_instrument_open(1, clusters->columns - 3, clusters->count,
                                               clusters->list, &instrument, error);
    if (status != STATUS_OK)
        return status;
    status = assay_encouragement(instrument, VARIANCE_CR2, level, out, error);
    assay_instrument_close(instrument);
    return status;
}

static const char *nobody_knows(const struct sample_counts *counts)
{
    if (counts->items[0] + counts->items[1] == 0)
        return "of no item it is known whether AI was used: import the calls (assay import usage "
               "FILE), over all of the time";
    if (counts->items[0] == 0 || counts->items[1] == 0)
        return "of no item of one arm it is known whether AI was used";
    return NULL;
}

enum status compliers_fill(struct workspace *workspace, const struct comparison_request *request,
                           struct arena *arena, struct row *row, struct error *error)
{
    struct comparison *comparison = &row->comparison;
    struct compliers *out = arena_alloc(arena, sizeof *out);
    struct sample sample;
    struct sample_counts counts = {0};
    struct cluster_moments clusters;
    struct encouragement answer;
    struct error why = {0};
    comparison->compliers = out;
    *out = (struct compliers){0};
    if (request->metric->kind != METRIC_MEAN && request->metric->kind != METRIC_PROPORTION) {
        out->why_not = "what taking it did to those who took it is told for means and proportions "
                       "only; the effect of the offer stands";
        return STATUS_OK;
    }
    enum status status = sample_of(workspace, request, arena, &sample, &out->why_not, error);
    if (status == STATUS_OK && out->why_not == NULL)
        status = cluster_moments(workspace, &sample, arena, &counts, &clusters, error);
    if (status != STATUS_OK || out->why_not != NULL)
        return status;
    out->why_not = nobody_knows(&counts);
    if (out->why_not != NULL)
        return STATUS_OK;
    out->between = reach_between(&comparison->reach, &counts.reach_of_both);
    out->fewest = fewest_behind(&clusters);
    take_shares(&clusters, out);
    status = fit(&clusters, request->level, &answer, &why);
    if (status == ERROR_DOMAIN || status == ERROR_SINGULAR) {
        out->why_not = reason_of(&why, arena);
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        if (error != NULL)
            *error = why;
        return status;
    }
    take(&answer, comparison, request->metric->scale == METRIC_LOG, out);
    return STATUS_OK;
}
