/* Ratios of two sums: the delta method by cluster, the same within cells, and the parts. */

#include "assay/cautious.h"
#include "assay/moments.h"
#include "assay/ratio.h"
#include "base/embedded.h"
#include "base/error.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/estimators.h"

#include <math.h>
#include <string.h>

/* ---- The frame -------------------------------------------------------------------------- */

enum { frame_worker, frame_arm, frame_excluded, frame_items, frame_moments, frame_cluster };
enum { numerator, denominator, outcomes };

static enum status moments_frame(struct workspace *workspace, const struct sample *sample,
                                 struct arena *arena, struct frame *out, struct error *error)
{
    const char *sql = embedded_text("evidence/estimate/moments_by_worker.sql");
    sql = TEXT_FILLED(
        arena, sql,
        {"columns", "case when excluded = 0 then y end, case when excluded = 0 then d end"},
        {"cluster", sample_by_team(sample) ? "cluster" : "worker"},
        {"cluster_too", sample_by_team(sample) ? ", cluster" : ""}, {"groups", ""},
        {"sample", sample_sql(arena, sample)});
    return engine_query(workspace->engine, sql, sample_values(arena, sample), arena, out, error);
}

/* Counts, and the ratio and sums of each arm. */
static void count_frame(const struct frame *frame, struct arena *arena, struct sample_counts *out,
                        double total[2][outcomes])
{
    memset(total, 0, 2 * sizeof *total);
    counts_of_frame(frame, arena, out);
    for (size_t row = 0; row < frame->rows; row++) {
        if (frame_integer(frame, row, frame_excluded) != EXCLUDED_NOT)
            continue;
        const double *moments = frame->columns[frame_moments].lists[row];
        for (size_t i = 0; i < outcomes; i++)
            total[frame_integer(frame, row, frame_arm)][i] +=
                moments[0] * assay_moments_mean(moments, i);
    }
    for (int arm = 0; arm < 2; arm++)
        out->value[arm] =
            total[arm][denominator] > 0 ? total[arm][numerator] / total[arm][denominator] : NAN;
}

enum status count_ratio(struct workspace *workspace, const struct sample *sample,
                        struct arena *arena, struct sample_counts *out, struct error *error)
{
    struct frame frame;
    double total[2][outcomes];
    enum status status = moments_frame(workspace, sample, arena, &frame, error);
    if (status == STATUS_OK)
        count_frame(&frame, arena, out, total);
    return status;
}

/* ---- By cluster ------------------------------------------------------------------------- */

struct ratio_clusters ratio_by_cluster(struct arena *arena, const struct frame *frame, bool by_team)
{
    const char **names = arena_array(arena, frame->rows, sizeof *names);
    double **arms[2] = {arena_array(arena, frame->rows, sizeof **arms),
                        arena_array(arena, frame->rows, sizeof **arms)};
    size_t count = 0;
    for (size_t row = 0; row < frame->rows; row++) {
        const char *name = frame_text(frame, row, frame_cluster);
        if (frame_integer(frame, row, frame_excluded) != EXCLUDED_NOT || name == NULL)
            continue;
        size_t found = by_team || count == 0 ? 0 : count - 1;
        while (found < count && strcmp(names[found], name) != 0)
            found++;
        if (found == count)
            names[count++] = name;
        double **moments = &arms[frame_integer(frame, row, frame_arm)][found];
        if (*moments == NULL) {
            *moments = arena_alloc(arena, assay_moments_size(outcomes));
            assay_moments_init(outcomes, *moments);
        }
        assay_moments_merge(outcomes, frame->columns[frame_moments].lists[row], *moments);
    }
    return (struct ratio_clusters){
        count, {(const double *const *)arms[0], (const double *const *)arms[1]}};
}

/* ---- As wide as it has to be ------------------------------------------------------------ */

static double sum_of(const double *moments, size_t outcome)
{
    return moments == NULL ? 0 : moments[0] * assay_moments_mean(moments, outcome);
}

/* What a cluster adds to the log of an arm's ratio. */
static double influence(const double *moments, const struct ratio_arm *arm)
{
    return sum_of(moments, numerator) / arm->numerator -
           sum_of(moments, denominator) / arm->denominator;
}

struct carried ratio_carried(const struct ratio_clusters *clusters, const struct ratio *ratio)
{
    double squares[2] = {0, 0};
    double variance[2] = {0, 0};
    bool apart = true;
    for (size_t g = 0; g < clusters->count; g++) {
        apart = apart && (clusters->arms[0][g] == NULL || clusters->arms[1][g] == NULL);
        for (int arm = 0; arm < 2; arm++) {
            const struct ratio_arm *of = &ratio->arms[arm];
            const double *moments = clusters->arms[arm][g];
            double share = moments == NULL ? 0 : moments[0] / of->items;
            double step = influence(moments, of);
            squares[arm] += share * share;
            variance[arm] += step * step * (double)of->clusters / (double)(of->clusters - 1);
        }
    }
    return (struct carried){
        .known = true,
        .worth = {apart ? 1 / squares[0] : NAN, apart ? 1 / squares[1] : NAN},
        .top = NAN,
        .ratio_error = sqrt(fmax(variance[0], variance[1])),
        .eventful = (int64_t)ratio->clusters,
    };
}

/* The interval with a variance alike in both arms, where that is wider (assay/cautious.h). */
static enum status widen(const struct ratio_clusters *clusters, double level, struct arena *arena,
                         struct ratio *ratio, struct error *error)
{
    size_t count = clusters->count;
    int *arms = arena_array(arena, count, sizeof *arms);
    double *items = arena_array(arena, count, sizeof *items);
    double *mean = arena_array(arena, count, sizeof *mean);
    double *residual = arena_array(arena, count, sizeof *residual);
    struct cautious cautious;
    double variance = 0; /* that of CR2 */
    for (size_t g = 0; g < count; g++) {
        arms[g] = clusters->arms[1][g] != NULL;
        if (arms[g] == 1 && clusters->arms[0][g] != NULL)
            return STATUS_OK;
        const struct ratio_arm *arm = &ratio->arms[arms[g]];
        items[g] = clusters->arms[arms[g]][g][0];
        double step = influence(clusters->arms[arms[g]][g], arm);
        residual[g] = step * arm->items / items[g];
        variance += step * step / (1 - items[g] / arm->items);
    }
    const struct arm_clusters given = {count, arms, items, mean, residual};
    struct estimate cr2 = ratio->estimate;
    cr2.standard_error = fmax(cr2.standard_error, sqrt(variance));
    enum status status = assay_cautious(&given, OUTCOME_ANY, 0, level, &cr2, &cautious, error);
    if (status == STATUS_OK) {
        assay_ratio_unite(&ratio->estimate, &cautious.estimate);
        ratio->estimate = cautious.estimate;
    }
    return status;
}

/* ---- Into an estimate ------------------------------------------------------------------- */

/* Sums that are not above 0 have no ratio; said before libassay does, in the words of the metric.
 */
static enum status check_totals(const struct sample *sample, double total[2][outcomes],
                                struct error *error)
{
    for (int arm = 0; arm < 2; arm++)
        for (size_t i = 0; i < outcomes; i++)
            if (!(total[arm][i] > 0))
                return error_set(
                    error, ERROR_DOMAIN,
                    "the %s of \"%s\" is not above 0 in sum: there is no ratio to compare",
                    i == numerator ? "numerator" : "denominator", sample->arms.names[arm]);
    return STATUS_OK;
}

/* Why a bound is missing, or both. */
static const char *why_no_interval(struct arena *arena, const struct sample *sample,
                                   const struct ratio *ratio)
{
    int weak = ratio->arms[1].strength < ratio->arms[0].strength;
    const struct interval *interval = &ratio->estimate.interval;
    bool half = isfinite(interval->low) || isfinite(interval->high);
    if (isfinite(interval->low) && isfinite(interval->high))
        return NULL;
    return arena_printf(arena, "in \"%s\" the denominator is only %.1f standard errors above 0, %s",
                        sample->arms.names[weak], ratio->arms[weak].strength,
                        half ? "so that its ratio may be of any size" : "too near for an interval");
}

static enum status into_estimate(const struct ratio *ratio, const struct sample *sample,
                                 const struct precision *precision, struct arena *arena,
                                 struct estimated *out, struct error *error)
{
    *out = (struct estimated){
        .estimate = ratio->estimate,
        .log_ratio = true,
        .clusters = (int64_t)ratio->clusters,
        .mean = {ratio->arms[0].ratio, ratio->arms[1].ratio},
        .horizon_minutes = NAN,
        .no_interval = why_no_interval(arena, sample, ratio),
    };
    if (!ratio->weak && precision->normal)
        return assay_estimate(ratio->estimate.value, ratio->estimate.standard_error, INFINITY,
                              precision->level, &out->estimate, error);
    return STATUS_OK;
}

enum status estimate_ratio(struct workspace *workspace, const struct sample *sample,
                           const struct precision *precision, struct arena *arena,
                           struct sample_counts *counts, struct estimated *out, struct error *error)
{
    struct frame frame;
    struct ratio ratio;
    double total[2][outcomes];
    enum status status = moments_frame(workspace, sample, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    count_frame(&frame, arena, counts, total);
    struct ratio_clusters clusters = ratio_by_cluster(arena, &frame, sample_by_team(sample));
    if (counts->items[0] == 0 || counts->items[1] == 0)
        return error_set(error, ERROR_DOMAIN, "one arm has no item with an outcome");
    status = check_totals(sample, total, error);
    if (status == STATUS_OK)
        status = assay_ratio(&clusters, precision->level, &ratio, error);
    if (status == STATUS_OK && ratio.weak && precision->normal)
        status = assay_ratio_bounds(&clusters, INFINITY, precision->level, &ratio.estimate, error);
    if (status == STATUS_OK && !ratio.weak && !precision->normal &&
        sample->arms.kind == ARMS_BY_ASSIGNMENT)
        status = widen(&clusters, precision->level, arena, &ratio, error);
    if (status == STATUS_OK)
        status = into_estimate(&ratio, sample, precision, arena, out, error);
    if (status != STATUS_OK)
        return status;
    out->carried = ratio_carried(&clusters, &ratio);
    out->without_one = leverage_of_ratio(&clusters, out->estimate.value);
    return STATUS_OK;
}

/* ---- Within cells ----------------------------------------------------------------------- */

enum status estimate_ratio_within(struct workspace *workspace, const struct sample *sample,
                                  int mix_of_arm, const struct precision *precision,
                                  struct arena *arena, struct estimated *out, struct error *error)
{
    struct frame frame;
    struct ratio ratio;
    double unmatched[2];
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/estimate/cell_ratios.sql"),
                                  {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    if (frame.rows == 0)
        return error_set(error, ERROR_DOMAIN, "no item with an outcome is in an arm");
    size_t cells = 0;
    double total[2][outcomes] = {{0, 0}, {0, 0}};
    for (size_t row = 0; row < frame.rows; row++) {
        for (size_t i = 0; i < outcomes; i++)
            total[frame_integer(&frame, row, 2)][i] +=
                frame_number(&frame, row, 3) * frame_number(&frame, row, 4 + i);
        if ((size_t)frame_integer(&frame, row, 1) >= cells)
            cells = (size_t)frame_integer(&frame, row, 1) + 1;
    }
    status = check_totals(sample, total, error);
    if (status != STATUS_OK)
        return status;
    const struct ratio_rows rows = {
        .count = frame.rows,
        .cluster = frame.columns[0].integers,
        .cell = frame.columns[1].integers,
        .arm = frame.columns[2].integers,
        .items = frame.columns[3].numbers,
        .numerator = frame.columns[4].numbers,
        .denominator = frame.columns[5].numbers,
        .cell_count = cells,
    };
    double *scratch =
        arena_array(arena, assay_ratio_within_scratch(frame.rows, cells), sizeof *scratch);
    status = assay_ratio_within(&rows, mix_of_arm == 0 ? BLOCKED_ARM_0 : BLOCKED_ARM_1,
                                precision->level, scratch, &ratio, unmatched, error);
    if (status == STATUS_OK)
        status = into_estimate(&ratio, sample, precision, arena, out, error);
    if (status == STATUS_OK)
        memcpy(out->unmatched, unmatched, sizeof unmatched);
    return status;
}

/* ---- The parts -------------------------------------------------------------------------- */

static bool is_of_cost(const struct formula *formula)
{
    for (size_t i = 0; i < formula->used_count; i++)
        if (strcmp(formula->used[i], "usd") == 0 || strcmp(formula->used[i], "usd_inferred") == 0)
            return true;
    return false;
}

static struct behind_part behind(const struct frame *frame, size_t row, size_t column)
{
    return (struct behind_part){frame_integer(frame, row, column),
                                frame_integer(frame, row, column + 1)};
}

enum status ratio_parts(struct workspace *workspace, const struct sample *sample,
                        struct arena *arena, struct ratio_parts *out, struct error *error)
{
    *out = (struct ratio_parts){0};
    if (sample->metric->kind != METRIC_RATIO)
        return STATUS_OK;
    struct frame frame;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/estimate/ratio_parts.sql"),
                                  {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    bool of_cost = is_of_cost(&sample->metric->numerator.compiled);
    for (size_t row = 0; row < frame.rows; row++) {
        int64_t arm = frame_integer(&frame, row, 0);
        out->arms[arm] = (struct ratio_part){
            .of = sample->arms.names[arm],
            .numerator = frame_number(&frame, row, 1),
            .denominator = frame_number(&frame, row, 2),
            .on_abandoned = frame_number(&frame, row, 3),
            .on_open = frame_number(&frame, row, 4),
            .calls = of_cost ? frame_number(&frame, row, 5) : NAN,
            .calls_unpriced = of_cost ? frame_number(&frame, row, 6) : NAN,
            .completed = behind(&frame, row, 7),
            .abandoned = behind(&frame, row, 9),
            .open = behind(&frame, row, 11),
            .unpriced = behind(&frame, row, 13),
            .counted = {.with = frame_integer(&frame, row, 15)},
            .called = {.with = frame_integer(&frame, row, 16)},
        };
    }
    out->exists = frame.rows == 2;
    return STATUS_OK;
}
