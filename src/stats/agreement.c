#include "assay/agreement.h"

#include "base/error.h"
#include "base/random.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { draws_least = 99, draws_most = 1000000 };

/* ---- Ratings ---------------------------------------------------------------------------- */

static enum status check_ratings(const struct ratings *ratings, struct error *error)
{
    for (size_t i = 0; i < ratings->count; i++) {
        if (!isfinite(ratings->value[i]))
            return error_set(error, ERROR_DOMAIN, "rating %zu is not a finite number", i + 1);
        if (i > 0 && ratings->unit[i] < ratings->unit[i - 1])
            return error_set(error, ERROR_DOMAIN, "rating %zu: ratings must be ordered by unit",
                             i + 1);
    }
    return STATUS_OK;
}

/* Where the unit that begins at a row ends. */
static size_t unit_end(const struct ratings *ratings, size_t first)
{
    size_t end = first;
    while (end < ratings->count && ratings->unit[end] == ratings->unit[first])
        end++;
    return end;
}

/* Units by rows, their clusters by number, and which of the sorted values each rating is. */
struct coded {
    size_t units, clusters, values;
    size_t *first;   /* units + 1 rows where they begin */
    size_t *cluster; /* of each unit */
    size_t *code;    /* of each rating */
    double *value;   /* sorted */
    double *weight;  /* room: by cluster, how often it was drawn */
    double *number;  /* room: by value, how often it was said */
    double *place;   /* room: by value, where it lies on the scale */
};

static int by_value(const void *left, const void *right)
{
    double one = *(const double *)left;
    double other = *(const double *)right;
    return (one > other) - (one < other);
}

static int by_number(const void *left, const void *right)
{
    int64_t one = *(const int64_t *)left;
    int64_t other = *(const int64_t *)right;
    return (one > other) - (one < other);
}

/* Ratings of units with two or more. */
static size_t keep_pairable(const struct ratings *from, int64_t *unit, double *value,
                            int64_t *cluster)
{
    size_t kept = 0;
    for (size_t first = 0, end = 0; first < from->count; first = end) {
        end = unit_end(from, first);
        for (size_t i = first; i < end && end - first >= 2; i++, kept++) {
            unit[kept] = from->unit[i];
            value[kept] = from->value[i];
            cluster[kept] = from->cluster != NULL ? from->cluster[first] : from->unit[i];
        }
    }
    return kept;
}

static void code_values(const struct ratings *ratings, struct coded *out)
{
    for (size_t i = 0; i < ratings->count; i++)
        out->value[i] = ratings->value[i];
    qsort(out->value, ratings->count, sizeof *out->value, by_value);
    for (size_t i = 0; i < ratings->count; i++)
        if (out->values == 0 || out->value[i] != out->value[out->values - 1])
            out->value[out->values++] = out->value[i];
    for (size_t i = 0; i < ratings->count; i++) {
        const double *found =
            bsearch(&ratings->value[i], out->value, out->values, sizeof *out->value, by_value);
        out->code[i] = (size_t)(found - out->value);
    }
}

static void code_units(const struct ratings *ratings, int64_t *names, struct coded *out)
{
    for (size_t i = 0; i < ratings->count; i++)
        names[i] = ratings->cluster[i];
    qsort(names, ratings->count, sizeof *names, by_number);
    for (size_t i = 0; i < ratings->count; i++)
        if (out->clusters == 0 || names[i] != names[out->clusters - 1])
            names[out->clusters++] = names[i];
    for (size_t first = 0; first < ratings->count; first = unit_end(ratings, first)) {
        const int64_t *found =
            bsearch(&ratings->cluster[first], names, out->clusters, sizeof *names, by_number);
        out->cluster[out->units] = (size_t)(found - names);
        out->first[out->units++] = first;
    }
    out->first[out->units] = ratings->count;
}

/* ---- Alpha ------------------------------------------------------------------------------ */

/* Sums over ratings i != j, of pairs within a unit and of all pairs. */
struct disagreement {
    double within, all;
};

/* Where values lie, as often as they are said: as numbers, or at their midranks. */
static void find_places(enum agreement_scale scale, struct coded *coded)
{
    double below = 0;
    for (size_t v = 0; v < coded->values; v++) {
        coded->place[v] =
            scale == AGREEMENT_ORDINAL ? below + coded->number[v] / 2 : coded->value[v];
        below += coded->number[v];
    }
}

/* Sum over i != j of squared differences: 2 (m sum of squares about the mean). */
static double squared_pairs(double count, double squares)
{
    return 2 * count * squares;
}

static double all_pairs(enum agreement_scale scale, const struct coded *coded)
{
    double count = 0;
    double mean = 0;
    double squares = 0;
    double alike = 0;
    for (size_t v = 0; v < coded->values; v++) {
        double n = coded->number[v];
        if (!(n > 0))
            continue;
        double step = coded->place[v] - mean;
        count += n;
        mean += step * n / count;
        squares += n * step * (coded->place[v] - mean);
        alike += n * n;
    }
    return scale == AGREEMENT_NOMINAL ? count * count - alike : squared_pairs(count, squares);
}

static double unit_pairs(enum agreement_scale scale, const struct coded *coded, size_t unit)
{
    size_t first = coded->first[unit];
    size_t end = coded->first[unit + 1];
    double count = 0;
    double mean = 0;
    double squares = 0;
    double unlike = 0;
    for (size_t i = first; i < end; i++) {
        double place = coded->place[coded->code[i]];
        double step = place - mean;
        mean += step / ++count;
        squares += step * (place - mean);
        for (size_t j = first; j < i && scale == AGREEMENT_NOMINAL; j++)
            unlike += coded->code[i] != coded->code[j] ? 2 : 0;
    }
    return scale == AGREEMENT_NOMINAL ? unlike : squared_pairs(count, squares);
}

/* With clusters as often as they were drawn; NAN where all ratings are one value. */
static double alpha_of(enum agreement_scale scale, struct coded *coded)
{
    double ratings = 0;
    double within = 0;
    for (size_t v = 0; v < coded->values; v++)
        coded->number[v] = 0;
    for (size_t u = 0; u < coded->units; u++) {
        double weight = coded->weight[coded->cluster[u]];
        for (size_t i = coded->first[u]; i < coded->first[u + 1]; i++)
            coded->number[coded->code[i]] += weight;
    }
    find_places(scale, coded);
    for (size_t u = 0; u < coded->units; u++) {
        double weight = coded->weight[coded->cluster[u]];
        double count = (double)(coded->first[u + 1] - coded->first[u]);
        ratings += weight * count;
        if (weight > 0)
            within += weight * unit_pairs(scale, coded, u) / (count - 1);
    }
    double expected = all_pairs(scale, coded) / (ratings - 1);
    return expected > 0 ? 1 - within / expected : NAN;
}

static void draw_clusters(struct coded *coded, struct random *source)
{
    for (size_t c = 0; c < coded->clusters; c++)
        coded->weight[c] = 0;
    for (size_t c = 0; c < coded->clusters; c++)
        coded->weight[random_below(source, coded->clusters)]++;
}

/* The p quantile of sorted values, between two of them (R's type 7). */
static double quantile_of(const double *sorted, size_t count, double p)
{
    double at = p * (double)(count - 1);
    size_t below = (size_t)at;
    size_t above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

static enum status bootstrap(enum agreement_scale scale, struct coded *coded, size_t draws,
                             uint64_t seed, double level, struct interval *out, struct error *error)
{
    struct random source = random_seed(seed);
    size_t kept = 0;
    double *drawn = malloc(draws * sizeof *drawn);
    if (drawn == NULL)
        return error_memory(error);
    for (size_t draw = 0; draw < draws; draw++) {
        draw_clusters(coded, &source);
        double alpha = alpha_of(scale, coded);
        if (!isnan(alpha))
            drawn[kept++] = alpha;
    }
    qsort(drawn, kept, sizeof *drawn, by_value);
    if (2 * kept > draws)
        *out = (struct interval){quantile_of(drawn, kept, (1 - level) / 2),
                                 quantile_of(drawn, kept, (1 + level) / 2)};
    free(drawn);
    return STATUS_OK;
}

static enum status alpha_in_room(const struct ratings *pairable, enum agreement_scale scale,
                                 size_t draws, uint64_t seed, double level, int64_t *names,
                                 struct coded *coded, struct agreement *out, struct error *error)
{
    struct agreement result = {NAN, {NAN, NAN}, 0, pairable->count};
    enum status status = STATUS_OK;
    code_values(pairable, coded);
    code_units(pairable, names, coded);
    for (size_t c = 0; c < coded->clusters; c++)
        coded->weight[c] = 1;
    result.alpha = alpha_of(scale, coded);
    result.units = coded->units;
    if (isnan(result.alpha))
        return error_set(error, ERROR_DOMAIN,
                         "all ratings are one value: nothing tells agreement from chance");
    if (draws > 0)
        status = bootstrap(scale, coded, draws, seed, level, &result.interval, error);
    if (status == STATUS_OK)
        *out = result;
    return status;
}

enum status assay_alpha(const struct ratings *ratings, enum agreement_scale scale, size_t draws,
                        uint64_t seed, double level, struct agreement *out, struct error *error)
{
    enum status status = check_ratings(ratings, error);
    size_t room = ratings->count + 1;
    if (status != STATUS_OK)
        return status;
    if (draws > 0 && (draws < draws_least || draws > draws_most || !(level > 0 && level < 1)))
        return error_set(error, ERROR_DOMAIN,
                         "%zu draws at a level of %g: from %d to %d, between 0 and 1", draws, level,
                         draws_least, draws_most);
    int64_t *whole = calloc(3 * room, sizeof *whole);
    double *numbers = calloc(5 * room, sizeof *numbers);
    size_t *sizes = calloc(3 * room, sizeof *sizes);
    if (whole == NULL || numbers == NULL || sizes == NULL) {
        status = error_memory(error);
    } else {
        struct ratings pairable = {0, whole, numbers, whole + room};
        struct coded coded = {.first = sizes,
                              .cluster = sizes + room,
                              .code = sizes + 2 * room,
                              .value = numbers + room,
                              .weight = numbers + 2 * room,
                              .number = numbers + 3 * room,
                              .place = numbers + 4 * room};
        pairable.count = keep_pairable(ratings, whole, numbers, whole + room);
        status = pairable.count == 0 ? error_set(error, ERROR_DOMAIN, "no unit has two ratings")
                                     : alpha_in_room(&pairable, scale, draws, seed, level,
                                                     whole + 2 * room, &coded, out, error);
    }
    free(whole);
    free(numbers);
    free(sizes);
    return status;
}

/* ---- Kappa ------------------------------------------------------------------------------ */

static double weight_of(enum kappa_weights weights, size_t i, size_t j, size_t categories)
{
    double apart = fabs((double)i - (double)j) / (double)(categories - 1);
    if (weights == KAPPA_UNWEIGHTED)
        return i == j;
    return weights == KAPPA_LINEAR ? 1 - apart : 1 - apart * apart;
}

/* Sum of a row (of the first rater) or of a column. */
static double margin(const double *table, size_t categories, size_t at, bool row)
{
    double sum = 0;
    for (size_t k = 0; k < categories; k++)
        sum += row ? table[at * categories + k] : table[k * categories + at];
    return sum;
}

/* Mean weight of a category of one rater over those of the other. */
static double mean_weight(const double *table, size_t categories, enum kappa_weights weights,
                          size_t at, bool row)
{
    double sum = 0;
    for (size_t k = 0; k < categories; k++)
        sum += weight_of(weights, at, k, categories) * margin(table, categories, k, !row);
    return sum;
}

enum status assay_kappa(const double *table, size_t categories, enum kappa_weights weights,
                        double level, struct estimate *out, struct error *error)
{
    double all = 0;
    double observed = 0;
    double expected = 0;
    double square = 0;
    if (categories < 2)
        return error_set(error, ERROR_DOMAIN, "%zu categories: at least 2 are needed", categories);
    for (size_t i = 0; i < categories * categories; i++) {
        if (!isfinite(table[i]) || table[i] < 0)
            return error_set(error, ERROR_DOMAIN, "count %zu is not finite and 0 or more", i + 1);
        all += table[i];
    }
    for (size_t i = 0; i < categories; i++) {
        double row = margin(table, categories, i, true);
        expected += row * mean_weight(table, categories, weights, i, true) / all / all;
        for (size_t j = 0; j < categories; j++)
            observed += weight_of(weights, i, j, categories) * table[i * categories + j] / all;
    }
    if (!(expected < 1))
        return error_set(error, ERROR_DOMAIN,
                         "both raters say one category throughout: nothing tells agreement from "
                         "chance");
    double kappa = (observed - expected) / (1 - expected);
    for (size_t i = 0; i < categories; i++)
        for (size_t j = 0; j < categories; j++) {
            double rows = mean_weight(table, categories, weights, i, true) / all;
            double columns = mean_weight(table, categories, weights, j, false) / all;
            double away = weight_of(weights, i, j, categories) * (1 - expected) -
                          (rows + columns) * (1 - observed);
            square += table[i * categories + j] / all * away * away;
        }
    double rest = observed * expected - 2 * expected + observed;
    double variance = (square - rest * rest) /
                      (all * (1 - expected) * (1 - expected) * (1 - expected) * (1 - expected));
    return assay_estimate(kappa, sqrt(fmax(0, variance)), INFINITY, level, out, error);
}

/* ---- AC1 -------------------------------------------------------------------------------- */

/* Shares of a unit's ratings: how many agree in pairs, and sum of (1 - share of all) over its own.
 */
struct unit_part {
    double agree;
    double chance;
};

static struct unit_part part_of(const struct ratings *ratings, const size_t *code,
                                const double *share, size_t first, size_t end)
{
    struct unit_part out = {0, 0};
    double count = (double)(end - first);
    for (size_t i = first; i < end; i++) {
        out.chance += (1 - share[code[i]]) / count;
        for (size_t j = first; j < end; j++)
            out.agree += i != j && ratings->value[i] == ratings->value[j];
    }
    out.agree /= count > 1 ? count * (count - 1) : 1;
    return out;
}

static enum status ac1_in_room(const struct ratings *ratings, size_t categories, double level,
                               struct coded *coded, struct estimate *out, struct error *error)
{
    double units = 0;
    double pairable = 0;
    double agree = 0;
    double chance = 0;
    double squares = 0;
    code_values(ratings, coded);
    if (coded->values > categories || categories < 2)
        return error_set(error, ERROR_DOMAIN, "%zu values in %zu categories", coded->values,
                         categories);
    for (size_t first = 0, end = 0; first < ratings->count; first = end, units++) {
        end = unit_end(ratings, first);
        for (size_t i = first; i < end; i++)
            coded->number[coded->code[i]] += 1 / (double)(end - first);
    }
    for (size_t v = 0; v < coded->values; v++) {
        coded->place[v] = coded->number[v] / units;
        chance += coded->place[v] * (1 - coded->place[v]) / (double)(categories - 1);
    }
    for (size_t first = 0, end = 0; first < ratings->count; first = end) {
        end = unit_end(ratings, first);
        pairable += end - first >= 2;
        agree += part_of(ratings, coded->code, coded->place, first, end).agree;
    }
    if (!(pairable > 0) || units < 2)
        return error_set(error, ERROR_DOMAIN, "%.0f units, %.0f of them with two ratings: too few",
                         units, pairable);
    agree /= pairable;
    double value = (agree - chance) / (1 - chance);
    for (size_t first = 0, end = 0; first < ratings->count; first = end) {
        end = unit_end(ratings, first);
        struct unit_part part = part_of(ratings, coded->code, coded->place, first, end);
        double own = end - first >= 2 ? units / pairable * (part.agree - chance) / (1 - chance) : 0;
        double away =
            own -
            2 * (1 - value) * (part.chance / (double)(categories - 1) - chance) / (1 - chance) -
            value;
        squares += away * away;
    }
    return assay_estimate(value, sqrt(squares / units / (units - 1)), units - 1, level, out, error);
}

enum status assay_ac1(const struct ratings *ratings, size_t categories, double level,
                      struct estimate *out, struct error *error)
{
    size_t room = ratings->count + 1;
    enum status status = check_ratings(ratings, error);
    if (status != STATUS_OK)
        return status;
    double *numbers = calloc(3 * room, sizeof *numbers);
    size_t *codes = calloc(room, sizeof *codes);
    if (numbers == NULL || codes == NULL) {
        status = error_memory(error);
    } else {
        struct coded coded = {
            .code = codes, .value = numbers, .number = numbers + room, .place = numbers + 2 * room};
        status = ac1_in_room(ratings, categories, level, &coded, out, error);
    }
    free(numbers);
    free(codes);
    return status;
}
