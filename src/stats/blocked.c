#include "assay/blocked.h"

#include "base/error.h"
#include "stats/design.h"
#include "stats/neumaier.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* What is left of a cell below this share of its items is what subtraction left of none. */
#define NONE_LEFT 1e-12

/* Items and the sum of their values about the pivot, by arm. */
struct cell {
    double items[2];
    double total[2];
};

/* Sums over the cells with both arms. */
struct sums {
    double weight;
    double mean[2]; /* weight x the arm's mean about the pivot */
    double rest[2]; /* what rounding took from mean */
};

enum { cell_doubles = sizeof(struct cell) / sizeof(double) };

struct blocks {
    const struct blocked_rows *rows;
    enum blocked_weights weights;
    enum blocked_scale scale;
    double pivot;      /* the mean of all values: keeps a far origin out of every sum */
    struct cell *full; /* all items */
    struct cell *kept; /* without the cluster that is being deleted */
    double *deviation; /* of each cluster's deletion, by number; or NULL */
    double *seen;      /* 1 + number of the cluster that last touched the cell */
};

size_t assay_blocked_scratch(size_t cell_count)
{
    return cell_count * (2 * cell_doubles + 1);
}

static enum status check_rows(const struct blocked_rows *rows, struct error *error)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (i > 0 && rows->cluster[i] < rows->cluster[i - 1])
            return error_set(error, ERROR_DOMAIN, "row %zu: rows must be ordered by cluster",
                             i + 1);
        if (rows->cell[i] < 0 || (size_t)rows->cell[i] >= rows->cell_count)
            return error_set(error, ERROR_DOMAIN, "row %zu: there are %zu cells", i + 1,
                             rows->cell_count);
        if (rows->arm[i] != 0 && rows->arm[i] != 1)
            return error_set(error, ERROR_DOMAIN, "row %zu: its arm is neither 0 nor 1", i + 1);
        if (!isfinite(rows->items[i]) || !(rows->items[i] > 0))
            return error_set(error, ERROR_DOMAIN,
                             "row %zu: its number of items is not finite and above 0", i + 1);
        if (!isfinite(rows->mean[i]))
            return error_set(error, ERROR_DOMAIN, "row %zu: its mean is not a finite number",
                             i + 1);
    }
    return STATUS_OK;
}

static void fill(struct blocks *blocks)
{
    const struct blocked_rows *rows = blocks->rows;
    double items = 0;
    blocks->pivot = 0;
    for (size_t i = 0; i < rows->count; i++) {
        items += rows->items[i];
        blocks->pivot += (rows->mean[i] - blocks->pivot) * rows->items[i] / items;
    }
    for (size_t i = 0; i < rows->count; i++) {
        struct cell *cell = &blocks->full[rows->cell[i]];
        struct cell *rest = &blocks->kept[rows->cell[i]]; /* of totals, until they are whole */
        size_t arm = (size_t)rows->arm[i];
        cell->items[arm] += rows->items[i];
        neumaier_add(&cell->total[arm], &rest->total[arm],
                     rows->items[i] * (rows->mean[i] - blocks->pivot));
    }
    for (size_t c = 0; c < rows->cell_count; c++)
        for (size_t arm = 0; arm < 2; arm++)
            blocks->full[c].total[arm] += blocks->kept[c].total[arm];
    memcpy(blocks->kept, blocks->full, rows->cell_count * sizeof *blocks->full);
}

static bool has_both(const struct cell *cell)
{
    return cell->items[0] > 0 && cell->items[1] > 0;
}

static double weight(enum blocked_weights weights, const struct cell *cell)
{
    if (weights == BLOCKED_PRECISION)
        return cell->items[0] * cell->items[1] / (cell->items[0] + cell->items[1]);
    return cell->items[weights == BLOCKED_ARM_1];
}

/* Adds (sign 1) or takes away (sign -1) a cell. */
static void count_cell(const struct blocks *blocks, const struct cell *cell, double sign,
                       struct sums *sums)
{
    if (!has_both(cell))
        return;
    double w = sign * weight(blocks->weights, cell);
    sums->weight += w;
    for (size_t arm = 0; arm < 2; arm++)
        neumaier_add(&sums->mean[arm], &sums->rest[arm], w * cell->total[arm] / cell->items[arm]);
}

static double weighted_mean(const struct sums *sums, size_t arm)
{
    return (sums->mean[arm] + sums->rest[arm]) / sums->weight;
}

/* The weighted mean of an arm. */
static double arm_mean(const struct blocks *blocks, const struct sums *sums, size_t arm)
{
    return blocks->pivot + weighted_mean(sums, arm);
}

/* d, or the log ratio. Returns false where the ratio is not defined. */
static bool effect(const struct blocks *blocks, const struct sums *sums, double *out)
{
    double difference = weighted_mean(sums, 1) - weighted_mean(sums, 0);
    double zero = arm_mean(blocks, sums, 0);
    if (blocks->scale == BLOCKED_DIFFERENCE)
        *out = difference;
    else
        *out = log1p(difference / zero); /* keeps the digits of ratios near 1 */
    return blocks->scale == BLOCKED_DIFFERENCE || (arm_mean(blocks, sums, 1) > 0 && zero > 0);
}

/* What the estimate owes to one cluster. */
struct part {
    double phi[2];   /* of each arm's weighted mean (of its log, for the ratio) */
    double share[2]; /* of each arm's weighted mean */
};

/* That of rows first .. end - 1, one cluster. */
static struct part part_of(const struct blocks *blocks, const struct sums *sums, size_t first,
                           size_t end)
{
    const struct blocked_rows *rows = blocks->rows;
    struct part part = {0};
    for (size_t i = first; i < end; i++) {
        const struct cell *cell = &blocks->full[rows->cell[i]];
        size_t arm = (size_t)rows->arm[i];
        if (!has_both(cell))
            continue;
        double away = rows->mean[i] - blocks->pivot - cell->total[arm] / cell->items[arm];
        double share =
            weight(blocks->weights, cell) / sums->weight * rows->items[i] / cell->items[arm];
        double phi = share * away;
        if (blocks->scale == BLOCKED_LOG_RATIO)
            phi /= arm_mean(blocks, sums, arm);
        part.phi[arm] += phi;
        part.share[arm] += share;
    }
    return part;
}

/* The sums without rows first .. end - 1, which are all of cluster number mark - 1. Cells are taken
   out, emptied of the cluster, put back, and restored for the next cluster from the full ones.
   Returns whether the cluster has an item in a cell of both arms. */
static bool without(struct blocks *blocks, size_t first, size_t end, double mark, struct sums *sums)
{
    const struct blocked_rows *rows = blocks->rows;
    bool matters = false;
    for (size_t i = first; i < end; i++) {
        size_t c = (size_t)rows->cell[i];
        size_t arm = (size_t)rows->arm[i];
        struct cell *kept = &blocks->kept[c];
        if (blocks->seen[c] != mark)
            count_cell(blocks, &blocks->full[c], -1, sums);
        blocks->seen[c] = mark;
        matters = matters || has_both(&blocks->full[c]);
        kept->items[arm] -= rows->items[i];
        kept->total[arm] -= rows->items[i] * (rows->mean[i] - blocks->pivot);
        if (kept->items[arm] <= NONE_LEFT * blocks->full[c].items[arm])
            kept->items[arm] = kept->total[arm] = 0;
    }
    for (size_t i = first; i < end; i++) {
        size_t c = (size_t)rows->cell[i];
        if (blocks->seen[c] == mark)
            count_cell(blocks, &blocks->kept[c], 1, sums);
        blocks->seen[c] = -mark;
    }
    for (size_t i = first; i < end; i++)
        blocks->kept[rows->cell[i]] = blocks->full[rows->cell[i]];
    return matters;
}

/* Squares and fourth powers of what each cluster adds. */
struct powers {
    double second, fourth;
};

static void add_power(struct powers *powers, double x)
{
    powers->second += x * x;
    powers->fourth += x * x * x * x;
}

/* 0 where one cluster alone is not 0: nothing then shows by how much clusters differ. */
static double effective_df(const struct powers *powers)
{
    double df = influence_df(powers->second, powers->fourth);
    return powers->fourth > 0 && df - 1 > 1e-9 ? df : 0;
}

struct jackknife {
    size_t clusters;
    double lowest, highest;   /* deviations of the deleted effects */
    double mean, squares;     /* of the same deviations (Welford) */
    struct powers influences; /* of phi */
    struct powers deviations; /* of the deleted effects, less the effect */
    struct design design;
    double share;                           /* the effect as a share of arm 0's mean */
    double baseline_mean, baseline_squares; /* of deviations of arm 0's mean */
    double products;                        /* of these and those of the effect */
    struct powers share_influences, share_deviations;
};

/* One deletion: by how much it moves the effect and arm 0's mean. */
static void add_deletion(struct jackknife *out, double effect_away, double baseline_away)
{
    double step = effect_away - out->mean;
    double baseline_step = baseline_away - out->baseline_mean;
    out->clusters++;
    out->lowest = fmin(out->clusters == 1 ? INFINITY : out->lowest, effect_away);
    out->highest = fmax(out->clusters == 1 ? -INFINITY : out->highest, effect_away);
    out->mean += step / (double)out->clusters;
    out->baseline_mean += baseline_step / (double)out->clusters;
    out->squares += step * (effect_away - out->mean);
    out->baseline_squares += baseline_step * (baseline_away - out->baseline_mean);
    out->products += step * (baseline_away - out->baseline_mean);
    add_power(&out->deviations, effect_away);
    add_power(&out->share_deviations, effect_away - out->share * baseline_away);
}

static void add_part(struct jackknife *out, struct part part)
{
    add_power(&out->influences, part.phi[1] - part.phi[0]);
    add_power(&out->share_influences, part.phi[1] - (1 + out->share) * part.phi[0]);
    /* Rounding, or all of an arm that a cell of another cluster keeps open. */
    design_add(&out->design, fmin(part.share[1], 1 - NONE_LEFT),
               fmin(part.share[0], 1 - NONE_LEFT));
}

static enum status delete_each(struct blocks *blocks, const struct sums *all, double whole,
                               struct jackknife *out, struct error *error)
{
    const struct blocked_rows *rows = blocks->rows;
    double mark = 1;
    for (size_t first = 0, end = 0; first < rows->count; first = end, mark++) {
        struct sums sums = *all;
        double deleted = 0;
        while (end < rows->count && rows->cluster[end] == rows->cluster[first])
            end++;
        if (!without(blocks, first, end, mark, &sums))
            continue;
        if (!(sums.weight > NONE_LEFT * all->weight))
            return error_set(error, ERROR_DOMAIN,
                             "without cluster %lld no cell has both arms: nothing shows by how "
                             "much clusters differ",
                             (long long)rows->cluster[first]);
        if (!effect(blocks, &sums, &deleted))
            return error_set(error, ERROR_DOMAIN,
                             "without cluster %lld an arm's mean is not above 0: there is no ratio",
                             (long long)rows->cluster[first]);
        if (blocks->deviation != NULL)
            blocks->deviation[rows->cluster[first]] = deleted - whole;
        add_deletion(out, deleted - whole, arm_mean(blocks, &sums, 0) - arm_mean(blocks, all, 0));
        add_part(out, part_of(blocks, all, first, end));
    }
    if (out->clusters < 2)
        return error_set(
            error, ERROR_DOMAIN,
            "one cluster has all items of cells with both arms: at least 2 are needed");
    return STATUS_OK;
}

static void describe(const struct blocks *blocks, const struct sums *sums, struct blocked *out)
{
    double items[2] = {0, 0};
    double alone[2] = {0, 0};
    for (size_t c = 0; c < blocks->rows->cell_count; c++) {
        const struct cell *cell = &blocks->full[c];
        out->cells += has_both(cell);
        for (size_t arm = 0; arm < 2; arm++) {
            items[arm] += cell->items[arm];
            alone[arm] += has_both(cell) ? 0 : cell->items[arm];
        }
    }
    for (size_t arm = 0; arm < 2; arm++) {
        out->mean[arm] = arm_mean(blocks, sums, arm);
        out->unmatched[arm] = alone[arm] / items[arm];
    }
}

/* The least of four, for each is blind to something. Of influences: to a cluster alone in its
   cells, where they are 0 (left out where rounding made them 0 throughout). Of deviations: to what
   chance made small. Of the design: to clusters that differ more than others. */
static double degrees_of_freedom(const struct jackknife *jackknife, const struct powers *deviations,
                                 const struct powers *influences)
{
    double df = fmin((double)jackknife->clusters - 1, effective_df(deviations));
    if (influences->second > 1e-20 * deviations->second)
        df = fmin(df, effective_df(influences));
    return df > 0 ? fmax(1, fmin(df, design_df(&jackknife->design))) : 0;
}

static struct baseline baseline_of(const struct jackknife *jackknife, double mean)
{
    double factor = ((double)jackknife->clusters - 1) / (double)jackknife->clusters;
    double df =
        degrees_of_freedom(jackknife, &jackknife->share_deviations, &jackknife->share_influences);
    return (struct baseline){mean, factor * jackknife->baseline_squares,
                             factor * jackknife->products, df > 0 ? df : INFINITY};
}

enum status assay_blocked_deletions(const struct blocked_rows *rows, enum blocked_weights weights,
                                    enum blocked_scale scale, double level, double *scratch,
                                    double *deviation, struct blocked *out, struct error *error)
{
    struct blocks blocks = {
        .rows = rows, .weights = weights, .scale = scale, .deviation = deviation};
    struct sums sums = {0};
    struct jackknife jackknife = {0};
    struct blocked result = {0};
    double value = 0;
    enum status status = check_rows(rows, error);
    if (status != STATUS_OK)
        return status;
    memset(scratch, 0, assay_blocked_scratch(rows->cell_count) * sizeof *scratch);
    blocks.full = (struct cell *)scratch;
    blocks.kept = blocks.full + rows->cell_count;
    blocks.seen = scratch + rows->cell_count * 2 * cell_doubles;
    fill(&blocks);
    for (size_t c = 0; c < rows->cell_count; c++)
        count_cell(&blocks, &blocks.full[c], 1, &sums);
    if (!(sums.weight > 0))
        return error_set(error, ERROR_DOMAIN, "no cell has items of both arms");
    if (!effect(&blocks, &sums, &value))
        return error_set(error, ERROR_DOMAIN, "an arm's mean is not above 0: there is no ratio");
    double zero = arm_mean(&blocks, &sums, 0);
    jackknife.share = scale == BLOCKED_DIFFERENCE && zero != 0 ? value / zero : 0;
    status = delete_each(&blocks, &sums, value, &jackknife, error);
    if (status != STATUS_OK)
        return status;

    double count = (double)jackknife.clusters;
    double standard_error = sqrt((count - 1) / count * jackknife.squares);
    double df = degrees_of_freedom(&jackknife, &jackknife.deviations, &jackknife.influences);
    if (standard_error > 0 && !(df > 0))
        return error_set(error, ERROR_DOMAIN,
                         "one cluster alone decides this difference: no other shows by how much "
                         "clusters differ");
    describe(&blocks, &sums, &result);
    result.clusters = jackknife.clusters;
    result.lowest = value + jackknife.lowest;
    result.highest = value + jackknife.highest;
    if (scale == BLOCKED_DIFFERENCE)
        result.baseline = baseline_of(&jackknife, zero);
    status = assay_estimate(value, standard_error, df, level, &result.estimate, error);
    if (status == STATUS_OK)
        *out = result;
    return status;
}

enum status assay_blocked(const struct blocked_rows *rows, enum blocked_weights weights,
                          enum blocked_scale scale, double level, double *scratch,
                          struct blocked *out, struct error *error)
{
    return assay_blocked_deletions(rows, weights, scale, level, scratch, NULL, out, error);
}
