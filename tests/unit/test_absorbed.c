#include "assay/absorbed.h"

#include "clusters.h"
#include "stats/fit.h"
#include "stats/secular.h"
#include "table.h"

#include <jansson.h>
#include <lapacke.h>

static struct error error;

static const enum variance by_cluster[] = {VARIANCE_CR0, VARIANCE_CR1, VARIANCE_CR2, VARIANCE_CR3};

/* ---- Items, and what they are compressed to --------------------------------------------- */

enum { items_max = 1000, strata_max = 60 };

/* Items ordered by worker. */
struct items {
    size_t count;
    int64_t worker[items_max], stratum[items_max], arm[items_max];
    double y[items_max];
};

struct compressed {
    int64_t cluster[items_max], stratum[items_max], arm[items_max];
    double items[items_max], mean[items_max], squares[items_max];
    struct absorbed_rows rows;
};

static void compress(const struct items *all, struct compressed *out)
{
    size_t count = 0;
    for (int64_t g = 0; g < 100; g++)
        for (int64_t s = 0; s < strata_max; s++)
            for (int64_t a = 0; a < 2; a++) {
                double n = 0, mean = 0, squares = 0;
                for (size_t i = 0; i < all->count; i++)
                    if (all->worker[i] == g && all->stratum[i] == s && all->arm[i] == a) {
                        double step = all->y[i] - mean;
                        mean += step / ++n;
                        squares += step * (all->y[i] - mean);
                    }
                if (n == 0)
                    continue;
                out->cluster[count] = g;
                out->stratum[count] = s;
                out->arm[count] = a;
                out->items[count] = n;
                out->mean[count] = mean;
                out->squares[count++] = squares;
            }
    out->rows = (struct absorbed_rows){count,      out->cluster, out->stratum, out->arm,
                                       out->items, out->mean,    out->squares, strata_max};
}

static struct items recorded(const char *name, json_t **answers)
{
    static struct items items;
    json_t *all = oracle_read("strata.json");
    json_t *one = json_object_get(all, name);
    const json_t *y = json_object_get(one, "y");
    const char *stratum = json_object_get(one, "pair") != NULL ? "pair" : "stratum";
    items.count = json_array_size(y);
    assert_in_range(items.count, 1, items_max);
    for (size_t i = 0; i < items.count; i++) {
        items.worker[i] = json_integer_value(json_array_get(json_object_get(one, "worker"), i));
        items.stratum[i] = json_integer_value(json_array_get(json_object_get(one, stratum), i));
        items.arm[i] = json_integer_value(json_array_get(json_object_get(one, "arm"), i));
        items.y[i] = json_number_value(json_array_get(y, i));
    }
    *answers = json_incref(one);
    json_decref(all);
    return items;
}

static double of(const json_t *answers, const char *name)
{
    const json_t *value = json_object_get(answers, name);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static struct absorbed fitted(const struct items *items, enum variance kind)
{
    static struct compressed compressed;
    struct absorbed got;
    compress(items, &compressed);
    assert_ok(assay_absorbed(&compressed.rows, kind, false, 0.95, NULL, &got, &error));
    return got;
}

/* ---- Against R -------------------------------------------------------------------------- */

static void matched_pairs_have_the_interval_of_the_paired_t(void **state)
{
    (void)state;
    json_t *answers;
    struct items items = recorded("pairs", &answers);
    struct absorbed got = fitted(&items, VARIANCE_CR2);
    assert_close(got.estimate.value, of(answers, "effect"), 1e-12);
    assert_close(got.estimate.standard_error, of(answers, "standard_error"), 1e-12);
    assert_close(got.estimate.df, of(answers, "df"), 1e-9);
    assert_close(got.estimate.p, of(answers, "p"), 1e-9);
    const json_t *interval = json_object_get(answers, "interval");
    assert_close(got.estimate.interval.low, json_number_value(json_array_get(interval, 0)), 1e-9);
    assert_close(got.estimate.interval.high, json_number_value(json_array_get(interval, 1)), 1e-9);
    json_decref(answers);
}

static void agrees_with_r(const char *name)
{
    json_t *answers;
    struct items items = recorded(name, &answers);
    static const char *const names[] = {"CR0", "CR1", "CR2", "CR3"};
    static const enum variance by_item[] = {VARIANCE_HC0, VARIANCE_HC1, VARIANCE_HC2, VARIANCE_HC3};
    static const char *const item_names[] = {"HC0", "HC1", "HC2", "HC3"};
    for (size_t k = 0; k < 4; k++) {
        struct absorbed got = fitted(&items, by_cluster[k]);
        assert_close(got.estimate.value, of(answers, "effect"), 1e-10);
        assert_close(got.estimate.standard_error, of(answers, names[k]), 1e-9);
        got = fitted(&items, by_item[k]);
        assert_close(got.estimate.standard_error, of(json_object_get(answers, "HC"), item_names[k]),
                     1e-9);
        assert_close(got.estimate.df, of(answers, "items") - of(answers, "strata") - 1, 1e-12);
    }
    struct absorbed plain = fitted(&items, VARIANCE_CLASSICAL);
    assert_close(plain.estimate.standard_error, of(answers, "classical"), 1e-9);
    assert_close(fitted(&items, VARIANCE_CR3).estimate.df, of(answers, "df3"), 1e-8);
    struct absorbed got = fitted(&items, VARIANCE_CR2);
    assert_close(got.estimate.df, of(answers, "df2"), 1e-8);
    assert_int_equal(got.clusters, (size_t)of(answers, "clusters"));
    assert_int_equal(got.strata, (size_t)of(answers, "strata"));
    assert_close(got.items, of(answers, "items"), 1e-12);
    assert_close(got.r_squared, of(answers, "r_squared"), 1e-9);
    assert_close(got.mean[0], of(answers, "baseline"), 1e-10);
    assert_close(got.baseline.variance, of(answers, "baseline_variance"), 1e-8);
    assert_close(got.baseline.covariance, of(answers, "covariance"), 1e-8);
    assert_close(got.baseline.df, of(answers, "df_share"), 1e-7);
    assert_close(got.lowest, of(answers, "lowest"), 1e-9);
    assert_close(got.highest, of(answers, "highest"), 1e-9);
    json_decref(answers);
}

static void pairs_of_unequal_workers_agree_with_r(void **state)
{
    (void)state;
    agrees_with_r("pairs_of_many");
}

static void strata_that_cross_workers_agree_with_r(void **state)
{
    (void)state;
    agrees_with_r("many");
}

/* ---- Against dummies -------------------------------------------------------------------- */

static uint64_t seed;

static double uniform(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(seed >> 11) / 0x1p53;
}

/* Every stratum has both arms, from several workers. */
static struct items generate(uint64_t from, double origin)
{
    static struct items items;
    seed = from;
    items.count = 0;
    for (int64_t g = 0; g < 20; g++) {
        double level = uniform();
        for (int i = 0; i < 10 + 3 * (g % 7); i++) {
            size_t at = items.count++;
            items.worker[at] = g;
            items.stratum[at] = (int64_t)(40 * uniform() * uniform());
            items.arm[at] = uniform() < 0.4;
            items.y[at] = origin + level + (double)(items.stratum[at] % 5) +
                          0.3 * (double)items.arm[at] + uniform();
        }
    }
    return items;
}

/* The items of strata with both arms as clusters of (arm, dummies.., y). */
static struct clusters with_dummies(const struct items *items, size_t *columns)
{
    static double values[strata_max + 2][items_max];
    static double id[items_max];
    const double *column[strata_max + 2];
    bool has[strata_max][2] = {{false}};
    size_t number[strata_max] = {0}, strata = 0, rows = 0;
    for (size_t i = 0; i < items->count; i++)
        has[items->stratum[i]][items->arm[i]] = true;
    for (size_t s = 0; s < strata_max; s++)
        number[s] = has[s][0] && has[s][1] ? strata++ : strata_max;
    *columns = strata + 1;
    for (size_t i = 0; i < items->count; i++) {
        size_t mine = number[items->stratum[i]];
        if (mine == strata_max)
            continue;
        for (size_t s = 1; s < strata; s++)
            values[s][rows] = mine == s;
        values[0][rows] = (double)items->arm[i];
        values[strata][rows] = items->y[i];
        id[rows++] = (double)items->worker[i];
    }
    for (size_t j = 0; j < *columns; j++)
        column[j] = values[j];
    return clusters_of(*columns, rows, column, id);
}

static void absorbed_strata_are_dummies(void **state)
{
    (void)state;
    for (uint64_t from = 1; from <= 6; from++) {
        struct items items = generate(from, from % 2 == 0 ? 1e6 : 5);
        double tolerance = from % 2 == 0 ? 1e-7 : 1e-9;
        size_t columns = 0;
        struct clusters clusters = with_dummies(&items, &columns);
        struct regression *fit = clusters_fit(clusters);
        struct regression_fit about = assay_regression_fit(fit);
        double arm[strata_max + 1] = {0, 1};
        for (size_t k = 0; k < 4; k++) {
            struct estimate want;
            struct absorbed got = fitted(&items, by_cluster[k]);
            assert_int_equal(got.strata, columns - 1);
            assert_ok(assay_regression_contrast(fit, by_cluster[k], arm, 0, 0.95, &want, &error));
            assert_close(got.estimate.value, want.value, tolerance);
            assert_close(got.estimate.standard_error, want.standard_error, tolerance);
            assert_close(got.estimate.df, want.df, tolerance);
            double share[strata_max + 1] = {0};
            for (size_t j = 0; j < columns; j++)
                share[j] = -got.estimate.value / got.mean[0] *
                           (j == 0   ? 1
                            : j == 1 ? 0
                                     : about.centre[j - 1]);
            share[1] = 1;
            assert_ok(assay_regression_contrast(fit, by_cluster[k], share, 0, 0.95, &want, &error));
            assert_close(got.baseline.df, want.df, tolerance);
        }
        assay_regression_close(fit);
        clusters_free(clusters);
    }
}

static void residuals_by_cluster_are_those_of_the_fit(void **state)
{
    (void)state;
    static struct compressed compressed;
    struct items items = generate(7, 3);
    struct absorbed got;
    double residual[100] = {0};
    compress(&items, &compressed);
    assert_ok(assay_absorbed(&compressed.rows, VARIANCE_CR2, false, 0.95, residual, &got, &error));
    size_t columns = 0;
    struct clusters clusters = with_dummies(&items, &columns);
    struct regression *fit = clusters_fit(clusters);
    struct regression_fit about = assay_regression_fit(fit);
    for (size_t g = 0; g < clusters.count; g++) {
        double want = assay_moments_mean(clusters.moments[g], columns - 1) - about.coefficient[0];
        for (size_t j = 1; j < columns; j++)
            want -= about.coefficient[j] * assay_moments_mean(clusters.moments[g], j - 1);
        assert_near(residual[g], want, 1e-11);
    }
    assay_regression_close(fit);
    clusters_free(clusters);
}

/* ---- Functions of a diagonal and a vector ----------------------------------------------- */

/* f(H) v from all eigenvectors. */
static void by_eigenvectors(size_t k, const double *diagonal, const double *r, enum variance kind,
                            const double *v, double *out)
{
    double h[30 * 30], value[30];
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            h[i * k + j] = r[i] * r[j] + (i == j ? diagonal[i] : 0);
    assert_int_equal(
        LAPACKE_dsyev(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)k, h, (lapack_int)k, value), 0);
    memset(out, 0, k * sizeof *out);
    for (size_t j = 0; j < k; j++) {
        double along = 0;
        for (size_t i = 0; i < k; i++)
            along += h[j * k + i] * v[i];
        for (size_t i = 0; i < k; i++)
            out[i] += fit_adjustment(kind, 1 - value[j]) * along * h[j * k + i];
    }
}

static void functions_of_a_diagonal_and_a_vector_agree_with_all_eigenvectors(void **state)
{
    (void)state;
    seed = 11;
    for (int round = 0; round < 200; round++) {
        size_t k = 1 + (size_t)(20 * uniform());
        double diagonal[30], r[30], v[30], got[30], want[30], doubles[300];
        size_t sizes[100];
        struct secular secular;
        double room = 1;
        for (size_t i = 0; i < k; i++) {
            /* Some alike, some nearly so, some 0, some 1, where r has nothing. */
            diagonal[i] = floor(4 * uniform()) / 8 + (round % 3 == 0 ? 1e-13 * uniform() : 0);
            r[i] = (uniform() - 0.5) * (round % 5 == 0 && i % 2 == 0 ? 1e-8 : 1);
            v[i] = uniform() - 0.5;
            if (uniform() < 0.1) {
                diagonal[i] = 1;
                r[i] = 0;
            }
            room += r[i] * r[i];
        }
        for (size_t i = 0; i < k; i++)
            r[i] *= sqrt(0.3 / room);
        secular_solve(k, diagonal, r, doubles, sizes, &secular);
        for (size_t kind = 0; kind < 4; kind++) {
            secular_apply(&secular, by_cluster[kind], v, got);
            by_eigenvectors(k, diagonal, r, by_cluster[kind], v, want);
            for (size_t i = 0; i < k; i++)
                assert_near(got[i], want[i], 1e-12);
        }
        double alone = 0;
        for (size_t i = 0; i < k; i++)
            alone += diagonal[i] == 1 ? v[i] * v[i] : 0;
        assert_near(secular_alone(&secular, v), alone, 1e-12);
    }
}

/* ---- Refusals --------------------------------------------------------------------------- */

static void what_one_cluster_decides_is_refused(void **state)
{
    (void)state;
    /* Worker 0 alone has arm 1. */
    struct items items = {.count = 6,
                          .worker = {0, 0, 1, 1, 2, 2},
                          .stratum = {0, 1, 0, 1, 0, 1},
                          .arm = {1, 1, 0, 0, 0, 0},
                          .y = {1, 2, 3, 5, 4, 2}};
    static struct compressed compressed;
    struct absorbed got;
    compress(&items, &compressed);
    assert_int_equal(
        assay_absorbed(&compressed.rows, VARIANCE_CR2, false, 0.95, NULL, &got, &error),
        ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "one cluster alone decides"));
    compressed.cluster[0] = 3;
    assert_int_equal(
        assay_absorbed(&compressed.rows, VARIANCE_CR2, false, 0.95, NULL, &got, &error),
        ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "ordered"));
    items.stratum[0] = items.stratum[1] = 2;
    compress(&items, &compressed);
    assert_int_equal(
        assay_absorbed(&compressed.rows, VARIANCE_CR2, false, 0.95, NULL, &got, &error),
        ERROR_DOMAIN);
    assert_string_equal(error.message, "no stratum has items of both arms");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matched_pairs_have_the_interval_of_the_paired_t),
        cmocka_unit_test(pairs_of_unequal_workers_agree_with_r),
        cmocka_unit_test(strata_that_cross_workers_agree_with_r),
        cmocka_unit_test(absorbed_strata_are_dummies),
        cmocka_unit_test(residuals_by_cluster_are_those_of_the_fit),
        cmocka_unit_test(functions_of_a_diagonal_and_a_vector_agree_with_all_eigenvectors),
        cmocka_unit_test(what_one_cluster_decides_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
