#include "assay/bounds.h"

#include "base/random.h"
#include "table.h"

#include <stdbool.h>

static struct error error;

enum { rows_most = 1000, clusters_most = 100 };

/* Items of both arms, NAN where the outcome is missing, as the histograms of an input. */
struct items {
    size_t count, clusters;
    double value[rows_most];
    int arm[rows_most];
    size_t cluster[rows_most];
    double weight[rows_most]; /* how many such items */
};

struct input {
    double value[2][rows_most], items[2][rows_most], assigned[2][clusters_most];
    size_t cluster[2][rows_most];
    struct bounds_arm arms[2];
    double scratch[3 * clusters_most];
};

static struct input *input_of(const struct items *items, bool independent)
{
    struct input *input = calloc(1, sizeof *input);
    assert_non_null(input);
    for (size_t i = 0; i < items->count; i++) {
        int arm = items->arm[i];
        size_t *count = &input->arms[arm].count;
        input->assigned[arm][independent ? 0 : items->cluster[i]] += items->weight[i];
        if (isnan(items->value[i]))
            continue;
        size_t at = (*count)++;
        for (; at > 0 && input->value[arm][at - 1] > items->value[i]; at--) {
            input->value[arm][at] = input->value[arm][at - 1];
            input->items[arm][at] = input->items[arm][at - 1];
            input->cluster[arm][at] = input->cluster[arm][at - 1];
        }
        input->value[arm][at] = items->value[i];
        input->items[arm][at] = items->weight[i];
        input->cluster[arm][at] = items->cluster[i];
    }
    for (int arm = 0; arm < 2; arm++)
        input->arms[arm] =
            (struct bounds_arm){input->arms[arm].count, input->value[arm], input->items[arm],
                                independent ? NULL : input->cluster[arm], input->assigned[arm]};
    return input;
}

static struct bounds bounds_of(const struct items *items, bool independent)
{
    struct input *input = input_of(items, independent);
    struct bounds out;
    assert_int_equal(assay_bounds_scratch(clusters_most), 3 * clusters_most);
    assert_ok(assay_bounds(input->arms, independent ? 1 : items->clusters, 0.95, input->scratch,
                           &out, &error));
    free(input);
    return out;
}

/* ---- Against R ------------------------------------------------------------------------------ */

static void read_items(const json_t *json, struct items *out)
{
    const json_t *values = json_object_get(json, "y");
    memset(out, 0, sizeof *out);
    out->count = json_array_size(values);
    assert_true(out->count <= rows_most);
    for (size_t i = 0; i < out->count; i++) {
        const json_t *value = json_array_get(values, i);
        out->value[i] = json_is_null(value) ? NAN : json_number_value(value);
        out->arm[i] = (int)answer_at(json, "arm", i);
        out->weight[i] = 1;
        if (json_object_get(json, "cluster") != NULL)
            out->cluster[i] = (size_t)answer_at(json, "cluster", i);
        out->clusters = out->cluster[i] >= out->clusters ? out->cluster[i] + 1 : out->clusters;
    }
}

static void independent_items_have_the_bounds_and_errors_of_lee(void **state)
{
    (void)state;
    json_t *root = oracle_read("bounds.json");
    const json_t *json = json_object_get(root, "items");
    struct items items;
    read_items(json, &items);
    struct bounds got = bounds_of(&items, true);
    assert_int_equal(got.trimmed_arm, 1);
    assert_near(got.trimmed, 0.25, 1e-15);
    assert_near(got.bounds.low, answer(json, "bounds/0"), 1e-12);
    assert_near(got.bounds.high, answer(json, "bounds/1"), 1e-12);
    assert_near(got.standard_error[0], answer(json, "errors/0"), 1e-12);
    assert_near(got.standard_error[1], answer(json, "errors/1"), 1e-12);
    assert_near(got.interval.low, answer(json, "interval/0"), 1e-10);
    assert_near(got.interval.high, answer(json, "interval/1"), 1e-10);

    /* Each item a cluster of its own is the same, but for its degrees of freedom. */
    struct items alone = items;
    alone.count = 0;
    for (size_t i = 0; i < items.count; i += 2) { /* as many as there is room for */
        size_t at = alone.count++;
        alone.value[at] = items.value[i];
        alone.arm[at] = items.arm[i];
        alone.cluster[at] = at;
    }
    alone.clusters = alone.count;
    struct bounds one = bounds_of(&alone, true);
    struct bounds other = bounds_of(&alone, false);
    for (int side = 0; side < 2; side++)
        assert_close(other.standard_error[side], one.standard_error[side], 1e-12);
    assert_true(isinf(one.df) && other.df <= 99);
    json_decref(root);
}

static void clusters_have_the_errors_of_a_cluster_bootstrap(void **state)
{
    (void)state;
    json_t *root = oracle_read("bounds.json");
    const json_t *json = json_object_get(root, "clusters");
    struct items items;
    read_items(json, &items);
    struct bounds got = bounds_of(&items, false);
    assert_near(got.bounds.low, answer(json, "bounds/0"), 1e-12);
    assert_near(got.bounds.high, answer(json, "bounds/1"), 1e-12);
    assert_close(got.standard_error[0], answer(json, "bootstrap_errors/0"), 0.06);
    assert_close(got.standard_error[1], answer(json, "bootstrap_errors/1"), 0.06);
    assert_true(got.df > 20 && got.df <= 79);
    json_decref(root);
}

/* ---- The definition ------------------------------------------------------------------------- */

static struct items draw(struct random *source)
{
    struct items out = {.count = 60 + (size_t)random_below(source, 60), .clusters = 12};
    double had[2] = {0.5 + 0.5 * random_uniform(source), 0.5 + 0.5 * random_uniform(source)};
    for (size_t i = 0; i < out.count; i++) {
        out.arm[i] = (int)random_below(source, 2);
        out.cluster[i] = (size_t)random_below(source, out.clusters);
        out.weight[i] = 1;
        /* Few values, so that a trim mostly ends within one. */
        out.value[i] =
            random_uniform(source) < had[out.arm[i]] ? floor(4 * random_normal(source)) / 4 : NAN;
    }
    return out;
}

static int by_value(const void *left, const void *right)
{
    double one = *(const double *)left;
    double other = *(const double *)right;
    return (one > other) - (one < other);
}

/* Every item as often as arm o has items, so that the trim is of whole ones. */
static struct interval by_copies(const struct items *items)
{
    double assigned[2] = {0, 0}, observed[2] = {0, 0}, sum[2] = {0, 0};
    for (size_t i = 0; i < items->count; i++) {
        assigned[items->arm[i]]++;
        if (isnan(items->value[i]))
            continue;
        observed[items->arm[i]]++;
        sum[items->arm[i]] += items->value[i];
    }
    int t = observed[1] / assigned[1] >= observed[0] / assigned[0] ? 1 : 0;
    size_t copies = (size_t)assigned[1 - t], all = copies * (size_t)observed[t], at = 0;
    size_t left = (size_t)observed[1 - t] * (size_t)assigned[t];
    double *list = malloc(all * sizeof *list);
    assert_non_null(list);
    for (size_t i = 0; i < items->count; i++)
        for (size_t k = 0; k < copies && items->arm[i] == t && !isnan(items->value[i]); k++)
            list[at++] = items->value[i];
    qsort(list, all, sizeof *list, by_value);
    double low = 0, high = 0;
    for (size_t i = 0; i < left; i++) {
        low += list[i] / (double)left;
        high += list[all - 1 - i] / (double)left;
    }
    free(list);
    double other = sum[1 - t] / observed[1 - t];
    if (t == 1)
        return (struct interval){low - other, high - other};
    return (struct interval){other - high, other - low};
}

static void bounds_are_those_of_trimming_copied_items(void **state)
{
    (void)state;
    struct random source = random_seed(11);
    int arms[2] = {0, 0};
    for (int run = 0; run < 300; run++) {
        struct items items = draw(&source);
        struct bounds got = bounds_of(&items, run % 2 == 0);
        struct interval wanted = by_copies(&items);
        assert_near(got.bounds.low, wanted.low, 1e-10);
        assert_near(got.bounds.high, wanted.high, 1e-10);
        assert_true(got.bounds.low <= got.bounds.high + 1e-12);
        assert_true(got.interval.low < got.bounds.low && got.interval.high > got.bounds.high);
        arms[got.trimmed_arm]++;
    }
    assert_true(arms[0] > 50 && arms[1] > 50);
}

/* What clusters add, as the derivatives of a bound by their weight; each in the arm of its parity.
 */
static struct interval derivatives(const struct items *items, size_t cluster)
{
    const double step = 1e-5;
    struct bounds moved[2];
    for (int way = 0; way < 2; way++) {
        struct items other = *items;
        for (size_t i = 0; i < items->count; i++)
            if (items->cluster[i] == cluster)
                other.weight[i] += way == 0 ? -step : step;
        moved[way] = bounds_of(&other, false);
    }
    return (struct interval){(moved[1].bounds.low - moved[0].bounds.low) / (2 * step),
                             (moved[1].bounds.high - moved[0].bounds.high) / (2 * step)};
}

/* Whether a whole number of items is kept: the trim then ends between two values, where a bound has
   no one derivative. */
static bool ends_between(const struct items *items, const struct bounds *bounds)
{
    double observed = 0;
    for (size_t i = 0; i < items->count; i++)
        observed += items->arm[i] == bounds->trimmed_arm && !isnan(items->value[i]);
    double kept = (1 - bounds->trimmed) * observed;
    return fabs(kept - round(kept)) < 1e-3;
}

static void errors_are_those_of_numerical_derivatives(void **state)
{
    (void)state;
    struct random source = random_seed(12);
    int compared = 0;
    for (int run = 0; run < 80; run++) {
        struct items items = draw(&source);
        bool present[clusters_most] = {false};
        double count[2] = {0, 0}, low = 0, high = 0;
        for (size_t i = 0; i < items.count; i++) {
            items.cluster[i] = items.cluster[i] / 2 * 2 + (size_t)items.arm[i];
            count[items.arm[i]] += !present[items.cluster[i]];
            present[items.cluster[i]] = true;
        }
        struct bounds got = bounds_of(&items, false);
        if (got.trimmed < 0.02 || ends_between(&items, &got)) /* or the arms may change places */
            continue;
        for (size_t g = 0; g < items.clusters; g++) {
            struct interval slope = derivatives(&items, g);
            double factor = count[g % 2] / (count[g % 2] - 1);
            low += slope.low * slope.low * factor;
            high += slope.high * slope.high * factor;
        }
        assert_near(sqrt(low), got.standard_error[0], 1e-6);
        assert_near(sqrt(high), got.standard_error[1], 1e-6);
        compared++;
    }
    assert_true(compared > 50);
}

static void swapped_arms_and_turned_values_turn_the_bounds(void **state)
{
    (void)state;
    struct random source = random_seed(13);
    for (int run = 0; run < 50; run++) {
        struct items items = draw(&source);
        struct items swapped = items, turned = items;
        for (size_t i = 0; i < items.count; i++) {
            swapped.arm[i] = 1 - items.arm[i];
            turned.value[i] = -items.value[i];
        }
        struct bounds got = bounds_of(&items, false);
        struct bounds other = bounds_of(&swapped, false);
        struct bounds mirror = bounds_of(&turned, false);
        assert_near(other.interval.low, -got.interval.high, 1e-10);
        assert_near(mirror.interval.low, -got.interval.high, 1e-10);
        assert_near(mirror.interval.high, -got.interval.low, 1e-10);
    }
}

static void nothing_missing_is_the_plain_difference(void **state)
{
    (void)state;
    struct items items = {.count = 8, .clusters = 1};
    static const double value[] = {1, 3, 2, 6, 4, 5, 9, 10};
    for (size_t i = 0; i < 8; i++) {
        items.value[i] = value[i];
        items.arm[i] = i >= 4;
        items.weight[i] = 1;
    }
    struct bounds got = bounds_of(&items, true);
    /* Means 3 and 7, variances 14/3 and 26/3 over 4 items each. */
    assert_near(got.bounds.low, 4, 1e-14);
    assert_near(got.bounds.high, 4, 1e-14);
    assert_near(got.standard_error[0], sqrt(40.0 / 12), 1e-14);
    assert_near(got.interval.high, 4 + 1.9599639845400545 * sqrt(40.0 / 12), 1e-10);
}

/* ---- Coverage ------------------------------------------------------------------------------- */

/* The hardest case: no effect, and the items that only the treated arm has an outcome of are its
   lowest ones, so that the truth is the upper bound itself. In clusters of 20 items, of which a
   fifth of the variance is the cluster's. */
static double coverage(struct random *source, size_t clusters, int runs)
{
    int covered = 0;
    for (int run = 0; run < runs; run++) {
        struct items items = {.clusters = clusters};
        for (size_t g = 0; g < clusters; g++) {
            double own = sqrt(0.2) * random_normal(source);
            for (size_t i = 0; i < 20; i++) {
                size_t at = items.count++;
                double value = own + sqrt(0.8) * random_normal(source);
                bool has = g % 2 == 1 ? random_uniform(source) < 0.95
                                      : value > -0.8416212335729143 && /* the lowest fifth */
                                            random_uniform(source) < 0.95;
                items.value[at] = has ? value : NAN;
                items.arm[at] = (int)(g % 2);
                items.cluster[at] = g;
                items.weight[at] = 1;
            }
        }
        struct bounds got = bounds_of(&items, false);
        covered += got.interval.low <= 0 && got.interval.high >= 0;
    }
    return (double)covered / runs;
}

static void intervals_cover_a_truth_that_is_a_bound(void **state)
{
    (void)state;
    enum { runs = 1000 };
    struct random source = random_seed(14);
    static const size_t clusters[] = {10, 20, 50};
    for (size_t i = 0; i < 3; i++) {
        double got = coverage(&source, clusters[i], runs);
        (void)printf("%zu clusters: covered in %.1f %%\n", clusters[i], 100 * got);
        assert_true(got > 0.93);
    }
}

static void refused(const struct items *items, const char *part)
{
    struct input *input = input_of(items, true);
    struct bounds out = {.trimmed_arm = 7};
    if (items->cluster[0] == 1) /* a row out of order */
        input->value[0][0] = 1e9;
    if (items->cluster[0] == 2)
        input->assigned[1][0] = 1;
    assert_int_equal(assay_bounds(input->arms, 1, 0.95, input->scratch, &out, &error),
                     ERROR_DOMAIN);
    if (strstr(error.message, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.message, part);
    assert_int_equal(out.trimmed_arm, 7);
    free(input);
}

static void what_has_no_bounds_is_refused(void **state)
{
    (void)state;
    struct items items = {.count = 6, .clusters = 1};
    for (size_t i = 0; i < 6; i++) {
        items.value[i] = (double)i;
        items.arm[i] = i >= 3;
        items.weight[i] = 1;
    }
    struct items wrong = items;
    wrong.cluster[0] = 1;
    refused(&wrong, "below the one before");
    wrong.cluster[0] = 2;
    refused(&wrong, "more outcomes than items");
    wrong = items;
    wrong.value[0] = wrong.value[1] = wrong.value[2] = NAN;
    refused(&wrong, "without an outcome");
    wrong = items;
    wrong.value[4] = INFINITY;
    refused(&wrong, "no finite value");
    wrong = items;
    for (size_t i = 0; i < 6; i++)
        wrong.value[i] = 1;
    refused(&wrong, "standard error of a bound is 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(independent_items_have_the_bounds_and_errors_of_lee),
        cmocka_unit_test(clusters_have_the_errors_of_a_cluster_bootstrap),
        cmocka_unit_test(bounds_are_those_of_trimming_copied_items),
        cmocka_unit_test(errors_are_those_of_numerical_derivatives),
        cmocka_unit_test(swapped_arms_and_turned_values_turn_the_bounds),
        cmocka_unit_test(nothing_missing_is_the_plain_difference),
        cmocka_unit_test(intervals_cover_a_truth_that_is_a_bound),
        cmocka_unit_test(what_has_no_bounds_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
