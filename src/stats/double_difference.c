#include "assay/double_difference.h"

#include "assay/ratio.h"
#include "base/error.h"
#include "stats/design.h"
#include "stats/neumaier.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { spans = assay_double_spans, pairs_of_spans = spans * (spans - 1) / 2 };

/* What is left of a cell below this share of its items is what subtraction left of none. */
#define NONE_LEFT 1e-12

/* Items and sums by span; of the means about the pivot. */
struct cell {
    double items[spans];
    double total[spans];
    double divisor[spans];
};

/* Sums over the cells with all spans, each with what rounding took from it. */
struct sums {
    double weight[2];
    double mean[spans][2]; /* weight x the span's mean about the pivot */
    double divisor[spans][2];
};

enum { cell_doubles = sizeof(struct cell) / sizeof(double) };

struct blocks {
    const struct double_rows *rows;
    bool logs;
    double pivot;      /* the mean of all values: keeps a far origin out of every sum */
    struct cell *full; /* all items */
    struct cell *kept; /* without the cluster that is being deleted */
    double *seen;      /* 1 + number of the cluster that last touched the cell */
};

size_t assay_double_difference_scratch(size_t cell_count)
{
    return cell_count * (2 * cell_doubles + 1);
}

/* ---- Rows ------------------------------------------------------------------------------- */

static enum status check_row(const struct double_rows *rows, size_t i, struct error *error)
{
    if (i > 0 && rows->cluster[i] < rows->cluster[i - 1])
        return error_set(error, ERROR_DOMAIN, "row %zu: rows must be ordered by cluster", i + 1);
    if (rows->cell[i] < 0 || (size_t)rows->cell[i] >= rows->cell_count)
        return error_set(error, ERROR_DOMAIN, "row %zu: there are %zu cells", i + 1,
                         rows->cell_count);
    if (rows->span[i] < 0 || rows->span[i] >= spans)
        return error_set(error, ERROR_DOMAIN, "row %zu: its span is none of 0 to 3", i + 1);
    if (!isfinite(rows->items[i]) || !(rows->items[i] > 0))
        return error_set(error, ERROR_DOMAIN,
                         "row %zu: its number of items is not finite and above 0", i + 1);
    if (!isfinite(rows->mean[i]) || (rows->divisor != NULL && !isfinite(rows->divisor[i])))
        return error_set(error, ERROR_DOMAIN, "row %zu: its mean is not a finite number", i + 1);
    return STATUS_OK;
}

static double divisor(const struct double_rows *rows, size_t i)
{
    return rows->divisor != NULL ? rows->divisor[i] : 1;
}

static void find_pivot(struct blocks *blocks)
{
    const struct double_rows *rows = blocks->rows;
    double items = 0;
    blocks->pivot = 0;
    for (size_t i = 0; i < rows->count; i++) {
        items += rows->items[i];
        blocks->pivot += (rows->mean[i] - blocks->pivot) * rows->items[i] / items;
    }
}

/* Adds (n = 1) or takes away (n = -1) a row. */
static void count_row(const struct blocks *blocks, size_t i, double n, struct cell *cell)
{
    const struct double_rows *rows = blocks->rows;
    int64_t s = rows->span[i];
    cell->items[s] += n * rows->items[i];
    cell->total[s] += n * rows->items[i] * (rows->mean[i] - blocks->pivot);
    cell->divisor[s] += n * rows->items[i] * divisor(rows, i);
}

static bool has_all(const struct cell *cell)
{
    for (int s = 0; s < spans; s++)
        if (!(cell->items[s] > 0))
            return false;
    return true;
}

/* Adds (n = 1) or takes away (n = -1) a cell. */
static void count_cell(const struct cell *cell, double n, struct sums *sums)
{
    if (!has_all(cell))
        return;
    double w = n * cell->items[0];
    neumaier_add(&sums->weight[0], &sums->weight[1], w);
    for (int s = 0; s < spans; s++) {
        neumaier_add(&sums->mean[s][0], &sums->mean[s][1], w * cell->total[s] / cell->items[s]);
        neumaier_add(&sums->divisor[s][0], &sums->divisor[s][1],
                     w * cell->divisor[s] / cell->items[s]);
    }
}

/* ---- The estimate ----------------------------------------------------------------------- */

static double weight_of(const struct sums *sums)
{
    return sums->weight[0] + sums->weight[1];
}

/* The weighted mean of a span's values, of a ratio its numerators. */
static double numerator(const struct blocks *blocks, const struct sums *sums, int s)
{
    return blocks->pivot + (sums->mean[s][0] + sums->mean[s][1]) / weight_of(sums);
}

static double denominator(const struct sums *sums, int s)
{
    return (sums->divisor[s][0] + sums->divisor[s][1]) / weight_of(sums);
}

struct level {
    double change[2];
    double mean[spans];
};

/* False where a mean has no logarithm. */
static bool level_of(const struct blocks *blocks, const struct sums *sums, struct level *out)
{
    for (int s = 0; s < spans; s++) {
        double above = numerator(blocks, sums, s);
        double below = denominator(sums, s);
        out->mean[s] = blocks->rows->divisor != NULL ? above / below : above;
        if (blocks->logs && !(above > 0 && below > 0))
            return false;
    }
    for (int c = 0; c < 2; c++) {
        int s = 2 * c;
        out->change[c] =
            blocks->logs ? log(out->mean[s + 1] / out->mean[s]) : out->mean[s + 1] - out->mean[s];
    }
    return true;
}

/* ---- Without a cluster ------------------------------------------------------------------ */

/* The sums without rows first .. end - 1, which are all of one cluster, the mark'th; restores the
   cells for the next. Returns whether the cluster has an item in a cell of all spans. */
static bool without(struct blocks *blocks, size_t first, size_t end, double mark, struct sums *sums)
{
    const struct double_rows *rows = blocks->rows;
    bool matters = false;
    for (size_t i = first; i < end; i++) {
        int64_t c = rows->cell[i];
        int64_t s = rows->span[i];
        struct cell *kept = &blocks->kept[c];
        if (blocks->seen[c] != mark)
            count_cell(&blocks->full[c], -1, sums);
        blocks->seen[c] = mark;
        matters = matters || has_all(&blocks->full[c]);
        count_row(blocks, i, -1, kept);
        if (kept->items[s] <= NONE_LEFT * blocks->full[c].items[s])
            kept->items[s] = kept->total[s] = kept->divisor[s] = 0;
    }
    for (size_t i = first; i < end; i++) {
        if (blocks->seen[rows->cell[i]] == mark)
            count_cell(&blocks->kept[rows->cell[i]], 1, sums);
        blocks->seen[rows->cell[i]] = -mark;
    }
    for (size_t i = first; i < end; i++)
        blocks->kept[rows->cell[i]] = blocks->full[rows->cell[i]];
    return matters;
}

/* What the estimate owes to one cluster at fixed weights. */
struct part {
    double phi[spans];
    double share[spans];
};

static struct part part_of(const struct blocks *blocks, const struct sums *sums,
                           const struct level *whole, size_t first, size_t end)
{
    const struct double_rows *rows = blocks->rows;
    struct part part = {0};
    for (size_t i = first; i < end; i++) {
        const struct cell *cell = &blocks->full[rows->cell[i]];
        int64_t s = rows->span[i];
        if (!has_all(cell))
            continue;
        double ratio = rows->divisor != NULL ? whole->mean[s] : 0;
        double away = rows->mean[i] - blocks->pivot - cell->total[s] / cell->items[s] -
                      ratio * (divisor(rows, i) - cell->divisor[s] / cell->items[s]);
        double share = cell->items[0] / weight_of(sums) * rows->items[i] / cell->items[s];
        part.phi[s] += share * away / (blocks->logs ? numerator(blocks, sums, (int)s) : 1);
        part.share[s] += share;
    }
    return part;
}

/* ---- The jackknife ---------------------------------------------------------------------- */

/* Deviations of deleted values from the whole, and influences. */
struct spread {
    double lowest, highest;
    double mean, squares; /* Welford */
    double second[2];     /* of deviations, of influences */
    double fourth[2];
};

static void add_spread(struct spread *spread, size_t count, double deviation, double influence)
{
    const double x[2] = {deviation, influence};
    double step = deviation - spread->mean;
    spread->lowest = count == 1 ? deviation : fmin(spread->lowest, deviation);
    spread->highest = count == 1 ? deviation : fmax(spread->highest, deviation);
    spread->mean += step / (double)count;
    spread->squares += step * (deviation - spread->mean);
    for (int i = 0; i < 2; i++) {
        spread->second[i] += x[i] * x[i];
        spread->fourth[i] += x[i] * x[i] * x[i] * x[i];
    }
}

/* The designs of all pairs of spans, in the order of pair(). */
struct designs {
    struct design of[pairs_of_spans];
};

/* 0 1, 0 2, 0 3, 1 2, 1 3, 2 3 */
static int pair(int s, int r)
{
    return s * (2 * spans - s - 1) / 2 + r - s - 1;
}

static void add_design(struct designs *designs, const double share[spans])
{
    for (int s = 0; s < spans; s++)
        for (int r = s + 1; r < spans; r++)
            design_add(&designs->of[pair(s, r)], fmin(share[r], 1 - NONE_LEFT),
                       fmin(share[s], 1 - NONE_LEFT));
}

/* Of spans from .. until - 1. */
static double df_of_designs(const struct designs *designs, int from, int until)
{
    double sum = 0;
    double q = 0;
    double squares[spans] = {0};
    for (int s = from; s < until; s++) {
        bool last = s == until - 1;
        const struct design *of = &designs->of[last ? pair(s - 1, s) : pair(s, s + 1)];
        squares[s] = of->squares[last];
        sum += squares[s];
        q += squares[s] * squares[s] * (squares[s] + of->pairs[last]);
    }
    for (int s = from; s < until; s++)
        for (int r = s + 1; r < until; r++)
            q += 2 * squares[s] * squares[r] * designs->of[pair(s, r)].both;
    return sum * sum / q;
}

struct jackknife {
    size_t clusters;
    size_t clusters_of[spans];
    struct spread whole; /* of D */
    struct spread change[2];
    struct designs designs;
};

static void add_part(struct jackknife *out, const struct part *part, const double deviation[2])
{
    double influence[2];
    out->clusters++;
    for (int s = 0; s < spans; s++)
        out->clusters_of[s] += part->share[s] > 0;
    for (size_t c = 0; c < 2; c++) {
        influence[c] = part->phi[2 * c + 1] - part->phi[2 * c];
        add_spread(&out->change[c], out->clusters, deviation[c], influence[c]);
    }
    add_spread(&out->whole, out->clusters, deviation[0] - deviation[1],
               influence[0] - influence[1]);
    add_design(&out->designs, part->share);
}

static enum status delete_each(struct blocks *blocks, const struct sums *all,
                               const struct level *whole, struct jackknife *out,
                               struct error *error)
{
    const struct double_rows *rows = blocks->rows;
    double mark = 1;
    for (size_t first = 0, end = 0; first < rows->count; first = end, mark++) {
        struct sums sums = *all;
        struct level deleted;
        while (end < rows->count && rows->cluster[end] == rows->cluster[first])
            end++;
        if (!without(blocks, first, end, mark, &sums))
            continue;
        if (!(weight_of(&sums) > NONE_LEFT * weight_of(all)))
            return error_set(
                error, ERROR_DOMAIN,
                "without cluster %lld no cell has all four spans: nothing shows by how "
                "much clusters differ",
                (long long)rows->cluster[first]);
        if (!level_of(blocks, &sums, &deleted))
            return error_set(error, ERROR_DOMAIN,
                             "without cluster %lld a span's mean is not above 0: there is no ratio",
                             (long long)rows->cluster[first]);
        const struct part part = part_of(blocks, all, whole, first, end);
        add_part(out, &part,
                 (const double[]){deleted.change[0] - whole->change[0],
                                  deleted.change[1] - whole->change[1]});
    }
    if (out->clusters < 2)
        return error_set(error, ERROR_DOMAIN,
                         "one cluster has all items of cells with all four spans: at least 2 are "
                         "needed");
    return STATUS_OK;
}

/* 0 where one cluster alone is not 0: nothing then shows by how much clusters differ. */
static double effective_df(double second, double fourth)
{
    double df = influence_df(second, fourth);
    return fourth > 0 && df - 1 > 1e-9 ? df : 0;
}

static double degrees_of_freedom(const struct spread *spread, size_t clusters, double of_design)
{
    double df = fmin((double)clusters - 1, effective_df(spread->second[0], spread->fourth[0]));
    if (spread->second[1] > 1e-20 * spread->second[0]) /* else every cluster has its cells alone */
        df = fmin(df, effective_df(spread->second[1], spread->fourth[1]));
    return df > 0 ? fmax(1, fmin(df, of_design)) : 0;
}

static enum status judge(double value, const struct spread *spread, size_t clusters,
                         double of_design, double level, struct estimate *out, struct error *error)
{
    double count = (double)clusters;
    double standard_error = sqrt((count - 1) / count * spread->squares);
    double df = degrees_of_freedom(spread, clusters, of_design);
    if (standard_error > 0 && !(df > 0))
        return error_set(error, ERROR_DOMAIN,
                         "one cluster alone decides this difference: no other shows by how much "
                         "clusters differ");
    return assay_estimate(value, standard_error, df, level, out, error);
}

/* ---- Together --------------------------------------------------------------------------- */

static void describe(const struct blocks *blocks, struct double_difference *out)
{
    double items[spans] = {0};
    double alone[spans] = {0};
    for (size_t c = 0; c < blocks->rows->cell_count; c++) {
        const struct cell *cell = &blocks->full[c];
        out->cells += has_all(cell);
        for (int s = 0; s < spans; s++) {
            items[s] += cell->items[s];
            alone[s] += has_all(cell) ? 0 : cell->items[s];
        }
    }
    for (int s = 0; s < spans; s++)
        out->unmatched[s] = alone[s] / items[s];
}

/* Of a span's denominator, from the clusters' sums. */
static double strength_of(const struct double_rows *rows, int64_t span)
{
    double mean = 0;
    double squares = 0;
    double count = 0;
    for (size_t first = 0, end = 0; first < rows->count; first = end) {
        double sum = 0;
        bool has = false;
        for (; end < rows->count && rows->cluster[end] == rows->cluster[first]; end++)
            if (rows->span[end] == span) {
                sum += rows->items[end] * divisor(rows, end);
                has = true;
            }
        if (!has)
            continue;
        double step = sum - mean;
        count++;
        mean += step / count;
        squares += step * (sum - mean);
    }
    return squares > 0 ? mean * sqrt(count * (count - 1) / squares) : INFINITY;
}

static enum status estimate_all(struct blocks *blocks, double level, struct double_difference *out,
                                struct error *error)
{
    static const struct estimate nothing = {NAN, NAN, NAN, NAN, NAN, {NAN, NAN}};
    const struct double_rows *rows = blocks->rows;
    struct sums sums = {0};
    struct jackknife jackknife = {0};
    struct level whole;
    for (size_t c = 0; c < rows->cell_count; c++)
        count_cell(&blocks->full[c], 1, &sums);
    if (!(weight_of(&sums) > 0))
        return error_set(error, ERROR_DOMAIN, "no cell has items of all four spans");
    if (!level_of(blocks, &sums, &whole))
        return error_set(error, ERROR_DOMAIN, "a span's mean is not above 0: there is no ratio");
    enum status status = delete_each(blocks, &sums, &whole, &jackknife, error);
    if (status == STATUS_OK)
        status = judge(whole.change[0] - whole.change[1], &jackknife.whole, jackknife.clusters,
                       df_of_designs(&jackknife.designs, 0, spans), level, &out->estimate, error);
    if (status != STATUS_OK)
        return status;
    for (int c = 0; c < 2; c++) {
        struct error none = {0};
        out->change[c] = nothing;
        if (judge(whole.change[c], &jackknife.change[c], jackknife.clusters,
                  df_of_designs(&jackknife.designs, 2 * c, 2 * c + 2), level, &out->change[c],
                  &none) != STATUS_OK)
            out->change[c].value = whole.change[c];
    }
    memcpy(out->mean, whole.mean, sizeof out->mean);
    memcpy(out->clusters_of, jackknife.clusters_of, sizeof out->clusters_of);
    out->lowest = out->estimate.value + jackknife.whole.lowest;
    out->highest = out->estimate.value + jackknife.whole.highest;
    out->clusters = jackknife.clusters;
    return STATUS_OK;
}

enum status assay_double_difference(const struct double_rows *rows, enum blocked_scale scale,
                                    double level, double *scratch, struct double_difference *out,
                                    struct error *error)
{
    struct double_difference result = {.strength = INFINITY};
    struct blocks blocks = {.rows = rows,
                            .logs = scale == BLOCKED_LOG_RATIO || rows->divisor != NULL};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < rows->count && status == STATUS_OK; i++)
        status = check_row(rows, i, error);
    if (status != STATUS_OK)
        return status;
    memset(scratch, 0, assay_double_difference_scratch(rows->cell_count) * sizeof *scratch);
    blocks.full = (struct cell *)scratch;
    blocks.kept = blocks.full + rows->cell_count;
    blocks.seen = scratch + rows->cell_count * 2 * cell_doubles;
    find_pivot(&blocks);
    for (size_t i = 0; i < rows->count; i++)
        count_row(&blocks, i, 1, &blocks.full[rows->cell[i]]);
    memcpy(blocks.kept, blocks.full, rows->cell_count * sizeof *blocks.full);
    status = estimate_all(&blocks, level, &result, error);
    if (status != STATUS_OK)
        return status;
    describe(&blocks, &result);
    for (int s = 0; s < spans && rows->divisor != NULL; s++)
        result.strength = fmin(result.strength, strength_of(rows, s));
    *out = result;
    return STATUS_OK;
}

/* ---- Of parts --------------------------------------------------------------------------- */

static enum status total_of(const struct double_parts *parts, int s, double *total,
                            struct error *error)
{
    *total = 0;
    for (size_t g = 0; g < parts->clusters; g++) {
        if (!isfinite(parts->items[s][g]) || parts->items[s][g] < 0 ||
            !isfinite(parts->part[s / 2][g]))
            return error_set(error, ERROR_DOMAIN,
                             "cluster %zu: what it adds must be finite, its items 0 or more",
                             g + 1);
        *total += parts->items[s][g];
    }
    if (!(*total > 0))
        return error_set(error, ERROR_DOMAIN, "a span has no items");
    for (size_t g = 0; g < parts->clusters; g++)
        if (!(parts->items[s][g] / *total < 1))
            return error_set(error, ERROR_DOMAIN,
                             "one cluster has all items of a span: no other shows by how much "
                             "clusters differ");
    return STATUS_OK;
}

enum status assay_double_difference_of_parts(const struct double_parts *parts, double level,
                                             struct estimate *out, struct error *error)
{
    struct designs designs = {0};
    double total[spans];
    double second = 0;
    double fourth = 0;
    double present = 0;
    enum status status = STATUS_OK;
    for (int s = 0; s < spans && status == STATUS_OK; s++)
        status = total_of(parts, s, &total[s], error);
    if (status != STATUS_OK)
        return status;
    for (size_t g = 0; g < parts->clusters; g++) {
        double share[spans];
        double any = 0;
        double z = parts->part[0][g] - parts->part[1][g];
        for (int s = 0; s < spans; s++)
            any += share[s] = parts->items[s][g] / total[s];
        present += any > 0;
        add_design(&designs, share);
        second += z * z;
        fourth += z * z * z * z;
    }
    double df = fmin(present - 1, influence_df(second, fourth));
    df = fmax(1, fmin(df, df_of_designs(&designs, 0, spans)));
    return assay_estimate(parts->value[0] - parts->value[1], sqrt(second), df, level, out, error);
}
