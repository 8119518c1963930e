/* Quantiles in two steps: where they lie in each arm, then how many items of each cluster lie on
   either side. The same within cells. No item is in C's memory. */

#include "assay/heterogeneity.h"
#include "assay/quantile.h"
#include "base/embedded.h"
#include "base/error.h"
#include "engine/sql_text.h"
#include "evidence/estimate/carried.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/estimators.h"

#include <math.h>
#include <string.h>

/* The quantile of an item's own arm, as SQL; before it is known nothing is compared with it. */
static const char *value_sql(struct arena *arena, const struct quantile_arm *arms)
{
    if (arms == NULL)
        return "null::double";
    return arena_printf(arena, "case arm when 0 then %s else %s end",
                        sql_number(arena, arms[0].value), sql_number(arena, arms[1].value));
}

/* What an arm has, for its ranks: weighted items, and the squares of the clusters' shares. */
struct weights {
    double sum, squares; /* of the items' weights */
    double by_cluster;   /* sum of the squares of clusters' sums */
};

static enum status choose_ranks(const struct sample *sample, const struct weights weights[2],
                                struct quantile_arm arms[2], struct error *error)
{
    enum status status = STATUS_OK;
    for (int arm = 0; arm < 2 && status == STATUS_OK; arm++) {
        double sum = weights[arm].sum;
        status = assay_quantile_ranks(sample->metric->quantile, sum * sum / weights[arm].squares,
                                      weights[arm].by_cluster / (sum * sum), arms[arm].rank, error);
    }
    return status;
}

/* Both queries of quantiles, which name the same ranks.
   weight   of an item; NULL: the query has none */
static enum status find_quantiles(struct workspace *workspace, const struct sample *sample,
                                  const char *file, const char *weight,
                                  const struct quantile_arm arms[2], struct arena *arena,
                                  struct frame *out, struct error *error)
{
    const char *sql = embedded_text(file);
    if (weight != NULL)
        sql = TEXT_FILLED(arena, sql, {"weight", weight});
    sql = TEXT_FILLED(arena, sql, {"low_0", sql_number(arena, arms[0].rank[0])},
                      {"high_0", sql_number(arena, arms[0].rank[1])},
                      {"low_1", sql_number(arena, arms[1].rank[0])},
                      {"high_1", sql_number(arena, arms[1].rank[1])},
                      {"share", sql_number(arena, sample->metric->quantile)},
                      {"sample", sample_sql(arena, sample)});
    return engine_query(workspace->engine, sql, sample_values(arena, sample), arena, out, error);
}

/* ---- By cluster ------------------------------------------------------------------------- */

enum { frame_worker, frame_arm, frame_excluded, frame_items, frame_up_to, frame_equal };
enum { frame_cluster = frame_equal + 1 };

static enum status counts_frame(struct workspace *workspace, const struct sample *sample,
                                const struct quantile_arm *arms, struct arena *arena,
                                struct frame *out, struct error *error)
{
    bool by_team = sample_by_team(sample);
    const char *sql = TEXT_FILLED(
        arena, embedded_text("evidence/estimate/quantile_counts.sql"),
        {"value", value_sql(arena, arms)}, {"cluster", by_team ? "cluster" : "worker"},
        {"cluster_too", by_team ? ", cluster" : ""}, {"sample", sample_sql(arena, sample)});
    return engine_query(workspace->engine, sql, sample_values(arena, sample), arena, out, error);
}

/* Workers with an item up to an arm's quantile, or beyond it, where these are fewer: at least 1, as
   the quantile is itself an item of one. */
static int64_t fewest_beside(const struct frame *frame)
{
    int64_t workers[2][2] = {{0, 0}, {0, 0}};
    const char *last[2][2] = {{NULL, NULL}, {NULL, NULL}};
    for (size_t row = 0; row < frame->rows; row++) {
        const char *worker = frame_text(frame, row, frame_worker);
        if (frame_integer(frame, row, frame_excluded) != EXCLUDED_NOT || worker == NULL)
            continue;
        int64_t arm = frame_integer(frame, row, frame_arm);
        double up_to = frame_number(frame, row, frame_up_to);
        const bool has[2] = {up_to > 0, up_to < (double)frame_integer(frame, row, frame_items)};
        for (int side = 0; side < 2; side++) {
            bool seen = last[arm][side] != NULL && strcmp(last[arm][side], worker) == 0;
            workers[arm][side] += has[side] && !seen;
            if (has[side])
                last[arm][side] = worker;
        }
    }
    int64_t fewest = INT64_MAX;
    for (int arm = 0; arm < 2; arm++)
        for (int side = 0; side < 2; side++)
            if (workers[arm][side] < fewest)
                fewest = workers[arm][side];
    return fewest < 1 ? 1 : fewest;
}

static struct quantile_clusters clusters_of(struct arena *arena, const struct frame *frame,
                                            bool by_team)
{
    struct numbered numbered = {arena_array(arena, frame->rows, sizeof(char *)), 0, by_team};
    double *of[3][2];
    for (size_t i = 0; i < 6; i++)
        of[i / 2][i % 2] = arena_array(arena, frame->rows, sizeof(double));
    for (size_t row = 0; row < frame->rows; row++) {
        const char *name = frame_text(frame, row, frame_cluster);
        if (frame_integer(frame, row, frame_excluded) != EXCLUDED_NOT || name == NULL)
            continue;
        int64_t arm = frame_integer(frame, row, frame_arm);
        size_t g = counts_cluster(&numbered, name);
        of[0][arm][g] += (double)frame_integer(frame, row, frame_items);
        of[1][arm][g] += frame_number(frame, row, frame_up_to);
        of[2][arm][g] += frame_number(frame, row, frame_equal);
    }
    return (struct quantile_clusters){
        numbered.count, {of[0][0], of[0][1]}, {of[1][0], of[1][1]}, {of[2][0], of[2][1]}};
}

static void weigh_clusters(const struct quantile_clusters *clusters, struct weights out[2])
{
    memset(out, 0, 2 * sizeof *out);
    for (size_t g = 0; g < clusters->count; g++)
        for (int arm = 0; arm < 2; arm++) {
            double items = clusters->items[arm][g];
            out[arm].sum += items;
            out[arm].squares += items;
            out[arm].by_cluster += items * items;
        }
}

static enum status read_by_arm(struct workspace *workspace, const struct sample *sample,
                               struct quantile_arm arms[2], struct arena *arena,
                               struct error *error)
{
    struct frame frame;
    enum status status = find_quantiles(workspace, sample, "evidence/estimate/quantile_by_arm.sql",
                                        NULL, arms, arena, &frame, error);
    for (size_t arm = 0; status == STATUS_OK && arm < 2; arm++) {
        const double *found = frame.columns[arm].lists[0];
        arms[arm].at_rank[0] = found[0];
        arms[arm].value = found[1];
        arms[arm].at_rank[1] = found[2];
    }
    return status;
}

/* ---- Into an estimate ------------------------------------------------------------------- */

static enum status into_estimate(const struct quantile *quantile, const struct quantile_arm arms[2],
                                 const struct precision *precision, int64_t fewest,
                                 struct estimated *out, struct error *error)
{
    *out = (struct estimated){
        .estimate = quantile->estimate,
        .clusters = (int64_t)quantile->clusters,
        .mean = {arms[0].value, arms[1].value},
        .baseline = quantile->baseline,
        .level = precision->level,
        .horizon_minutes = NAN,
        .fewest_beside = fewest,
    };
    if (!precision->normal)
        return STATUS_OK;
    out->baseline.df = INFINITY;
    return assay_estimate(out->estimate.value, out->estimate.standard_error, INFINITY,
                          precision->level, &out->estimate, error);
}

/* Which clusters carry it, and for assigned arms as wide as few of them ask for. */
static enum status weigh_caution(const struct sample *sample, const struct precision *precision,
                                 const struct quantile_clusters *clusters,
                                 const struct quantile *quantile, struct arena *arena,
                                 struct estimated *out, struct error *error)
{
    double *parts[2];
    double scale = 1;
    for (int arm = 0; arm < 2; arm++) {
        double up_to = 0;
        double items = quantile->arms[arm].items;
        parts[arm] = arena_array(arena, clusters->count, sizeof *parts[arm]);
        for (size_t g = 0; g < clusters->count; g++)
            up_to += clusters->up_to[arm][g];
        for (size_t g = 0; g < clusters->count; g++)
            parts[arm][g] = -(clusters->up_to[arm][g] - up_to / items * clusters->items[arm][g]) /
                            (items * quantile->arms[arm].density);
    }
    const struct arm_parts given = {
        clusters->count, {clusters->items[0], clusters->items[1]}, {parts[0], parts[1]}};
    out->carried = carried_of_parts(&given);
    out->without_one =
        leverage_of_influence(clusters->count, (const double *const[]){parts[0], parts[1]},
                              (const double[]){1, 1}, out->estimate.value);
    if (precision->normal || sample->arms.kind != ARMS_BY_ASSIGNMENT)
        return STATUS_OK;
    enum status status =
        carried_widen_parts(&given, precision->level, arena, &out->estimate, &scale, error);
    out->baseline.variance *= scale * scale;
    out->baseline.covariance *= scale * scale;
    return status;
}

enum status estimate_quantile(struct workspace *workspace, const struct sample *sample,
                              const struct precision *precision, struct arena *arena,
                              struct sample_counts *counts, struct estimated *out,
                              struct error *error)
{
    struct frame frame;
    struct weights weights[2];
    struct quantile_arm arms[2] = {0};
    struct quantile quantile;
    bool by_team = sample_by_team(sample);
    enum status status = counts_frame(workspace, sample, NULL, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    counts_of_frame(&frame, arena, counts);
    if (counts->items[0] == 0 || counts->items[1] == 0)
        return error_set(error, ERROR_DOMAIN, "one arm has no item with an outcome");
    struct quantile_clusters clusters = clusters_of(arena, &frame, by_team);
    weigh_clusters(&clusters, weights);
    status = choose_ranks(sample, weights, arms, error);
    if (status == STATUS_OK)
        status = read_by_arm(workspace, sample, arms, arena, error);
    if (status == STATUS_OK)
        status = counts_frame(workspace, sample, arms, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    clusters = clusters_of(arena, &frame, by_team);
    status = assay_quantile_difference(&clusters, arms, precision->level, &quantile, error);
    if (status == STATUS_OK)
        status = into_estimate(&quantile, arms, precision, fewest_beside(&frame), out, error);
    if (status != STATUS_OK)
        return status;
    counts->value[0] = arms[0].value;
    counts->value[1] = arms[1].value;
    return weigh_caution(sample, precision, &clusters, &quantile, arena, out, error);
}

/* ---- Within cells ----------------------------------------------------------------------- */

static enum status cells_frame(struct workspace *workspace, const struct sample *sample,
                               const struct quantile_arm *arms, struct arena *arena,
                               struct frame *frame, struct quantile_rows *out, struct error *error)
{
    const char *sql =
        TEXT_FILLED(arena, embedded_text("evidence/estimate/quantile_cells.sql"),
                    {"value", value_sql(arena, arms)}, {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, frame, error);
    if (status != STATUS_OK)
        return status;
    if (frame->rows == 0)
        return error_set(error, ERROR_DOMAIN, "no item with an outcome is in an arm");
    *out = (struct quantile_rows){
        .count = frame->rows,
        .cluster = frame->columns[0].integers,
        .cell = frame->columns[1].integers,
        .arm = frame->columns[2].integers,
        .items = frame->columns[3].numbers,
        .up_to = frame->columns[4].numbers,
        .equal = frame->columns[5].numbers,
    };
    for (size_t i = 0; i < out->count; i++)
        if ((size_t)out->cell[i] >= out->cell_count)
            out->cell_count = (size_t)out->cell[i] + 1;
    return STATUS_OK;
}

/* Items of each cell, by arm. */
static double (*sizes_of(struct arena *arena, const struct quantile_rows *rows))[2]
{
    double(*sizes)[2] = arena_array(arena, rows->cell_count, sizeof *sizes);
    for (size_t i = 0; i < rows->count; i++)
        sizes[rows->cell[i]][rows->arm[i]] += rows->items[i];
    return sizes;
}

/* An item counts as many times as makes the mix of its arm that of the weighting arm. */
static enum status weigh_cells(struct arena *arena, const struct quantile_rows *rows, int mix,
                               struct weights out[2], struct error *error)
{
    double(*sizes)[2] = sizes_of(arena, rows);
    memset(out, 0, 2 * sizeof *out);
    for (size_t first = 0, end = 0; first < rows->count; first = end) {
        double sum[2] = {0, 0};
        for (; end < rows->count && rows->cluster[end] == rows->cluster[first]; end++) {
            const double *size = sizes[rows->cell[end]];
            int64_t arm = rows->arm[end];
            if (!(size[0] > 0 && size[1] > 0))
                continue;
            double weight = size[mix] / size[arm];
            sum[arm] += weight * rows->items[end];
            out[arm].squares += weight * weight * rows->items[end];
        }
        for (int arm = 0; arm < 2; arm++) {
            out[arm].sum += sum[arm];
            out[arm].by_cluster += sum[arm] * sum[arm];
        }
    }
    if (!(out[0].sum > 0))
        return error_set(error, ERROR_DOMAIN, "no cell has items of both arms");
    return STATUS_OK;
}

static enum status read_weighted(struct workspace *workspace, const struct sample *sample, int mix,
                                 struct quantile_arm arms[2], struct arena *arena,
                                 struct error *error)
{
    struct frame frame;
    const char *weight = arena_printf(
        arena, "case when s.arm = %d then 1e0 else m.items_%d / m.items_%d end", mix, mix, 1 - mix);
    enum status status =
        find_quantiles(workspace, sample, "evidence/estimate/quantile_weighted.sql", weight, arms,
                       arena, &frame, error);
    for (size_t row = 0; status == STATUS_OK && row < frame.rows; row++) {
        struct quantile_arm *arm = &arms[frame_integer(&frame, row, 0)];
        arm->at_rank[0] = frame_number(&frame, row, 1);
        arm->value = frame_number(&frame, row, 2);
        arm->at_rank[1] = frame_number(&frame, row, 3);
    }
    return status;
}

/* The same of clusters, by their items in cells of both arms. */
static int64_t fewest_within(struct arena *arena, const struct quantile_rows *rows)
{
    double(*sizes)[2] = sizes_of(arena, rows);
    double clusters[4] = {0, 0, 0, 0};
    for (size_t first = 0, end = 0; first < rows->count; first = end) {
        bool has[4] = {false, false, false, false};
        for (; end < rows->count && rows->cluster[end] == rows->cluster[first]; end++) {
            const double *size = sizes[rows->cell[end]];
            bool *of = &has[2 * rows->arm[end]];
            bool matched = size[0] > 0 && size[1] > 0;
            of[0] = of[0] || (matched && rows->up_to[end] > 0);
            of[1] = of[1] || (matched && rows->up_to[end] < rows->items[end]);
        }
        for (int i = 0; i < 4; i++)
            clusters[i] += has[i];
    }
    double fewest = fmin(fmin(clusters[0], clusters[1]), fmin(clusters[2], clusters[3]));
    return fewest < 1 ? 1 : (int64_t)fewest;
}

/* The quantiles of both arms on the mix of one, and the counts beside them. */
static enum status find_within(struct workspace *workspace, const struct sample *sample,
                               int mix_of_arm, struct arena *arena, struct quantile_arm arms[2],
                               struct frame *frame, struct quantile_rows *rows, struct error *error)
{
    struct weights weights[2];
    enum status status = cells_frame(workspace, sample, NULL, arena, frame, rows, error);
    if (status == STATUS_OK)
        status = weigh_cells(arena, rows, mix_of_arm, weights, error);
    if (status == STATUS_OK)
        status = choose_ranks(sample, weights, arms, error);
    if (status == STATUS_OK)
        status = read_weighted(workspace, sample, mix_of_arm, arms, arena, error);
    if (status == STATUS_OK)
        status = cells_frame(workspace, sample, arms, arena, frame, rows, error);
    return status;
}

enum status estimate_quantile_within(struct workspace *workspace, const struct sample *sample,
                                     int mix_of_arm, const struct precision *precision,
                                     struct arena *arena, struct estimated *out,
                                     struct error *error)
{
    struct frame frame;
    struct quantile_rows rows = {0};
    struct quantile_arm arms[2] = {0};
    struct quantile quantile;
    double unmatched[2];
    enum status status =
        find_within(workspace, sample, mix_of_arm, arena, arms, &frame, &rows, error);
    if (status != STATUS_OK)
        return status;
    double *scratch = arena_array(arena, assay_quantile_within_scratch(rows.count, rows.cell_count),
                                  sizeof *scratch);
    status = assay_quantile_within(&rows, arms, mix_of_arm == 0 ? BLOCKED_ARM_0 : BLOCKED_ARM_1,
                                   precision->level, scratch, &quantile, unmatched, error);
    if (status == STATUS_OK)
        status = into_estimate(&quantile, arms, precision, fewest_within(arena, &rows), out, error);
    if (status == STATUS_OK)
        memcpy(out->unmatched, unmatched, sizeof unmatched);
    return status;
}

/* ---- What clusters add ------------------------------------------------------------------ */

enum { frame_name = 6 };

enum status estimate_quantile_parts(struct workspace *workspace, const struct sample *sample,
                                    enum blocked_scale scale, double level, struct arena *arena,
                                    struct estimated *out, struct error *error)
{
    struct frame frame;
    struct quantile_rows rows = {0};
    struct quantile_arm arms[2] = {0};
    struct quantile quantile;
    double unmatched[2];
    enum status status = find_within(workspace, sample, 1, arena, arms, &frame, &rows, error);
    if (status != STATUS_OK)
        return status;
    size_t clusters = 0;
    for (size_t i = 0; i < rows.count; i++)
        clusters = (size_t)rows.cluster[i] + 1; /* in their order */
    const char **name = arena_array(arena, clusters, sizeof *name);
    double *part = arena_array(arena, clusters, sizeof *part);
    double *scratch = arena_array(arena, assay_quantile_within_scratch(rows.count, rows.cell_count),
                                  sizeof *scratch);
    for (size_t i = 0; i < rows.count; i++) {
        name[rows.cluster[i]] = frame_text(&frame, i, frame_name);
        part[rows.cluster[i]] = NAN;
    }
    status = assay_quantile_within_deletions(&rows, arms, BLOCKED_ARM_1, scale, level, scratch,
                                             part, &quantile, unmatched, error);
    if (status != STATUS_OK)
        return status;
    assay_parts_of_deletions(clusters, part);
    *out = (struct estimated){
        .estimate = quantile.estimate,
        .log_ratio = scale == BLOCKED_LOG_RATIO,
        .horizon_minutes = NAN,
        .fewest_beside = fewest_within(arena, &rows),
        .parts = {clusters, name, part},
    };
    return STATUS_OK;
}
