/* Least squares with analytic weights, against R and against rows repeated. */

#include "assay/weighted.h"

#include "clusters.h"
#include "table.h"

static struct error error;

enum { coefficients_max = 8, rows_max = 64 };

/* Groups rows like clusters_of, with weights. Released by clusters_free. */
static struct clusters weighted_of(size_t columns, size_t rows, const double *const *values,
                                   const double *weights, const double *id)
{
    struct clusters clusters = {.columns = columns};
    double *ids = malloc(rows * sizeof *ids);
    clusters.moments = malloc(rows * sizeof *clusters.moments);
    assert_non_null(ids);
    assert_non_null(clusters.moments);
    for (size_t row = 0; row < rows; row++) {
        const double *at[coefficients_max + 1];
        size_t g = 0;
        while (g < clusters.count && ids[g] != id[row])
            g++;
        if (g == clusters.count) {
            ids[g] = id[row];
            clusters.moments[g] = malloc(assay_weighted_size(columns));
            assert_non_null(clusters.moments[g]);
            assay_weighted_init(columns, clusters.moments[g]);
            clusters.count++;
        }
        for (size_t j = 0; j < columns; j++)
            at[j] = values[j] + row;
        assay_weighted_add(columns, 1, at, weights + row, clusters.moments[g]);
    }
    free(ids);
    return clusters;
}

static struct regression *weighted_fit(struct clusters clusters, enum working_model working)
{
    struct regression *regression = NULL;
    assert_ok(assay_regression_open_weighted(clusters.columns, clusters.count,
                                             (const double *const *)clusters.moments, working, NULL,
                                             &regression, &error));
    return regression;
}

static void every_kind_agrees(const json_t *answers, size_t k, size_t rows,
                              const double *const *columns, const double *weights,
                              const double *cluster, double tolerance)
{
    struct clusters clusters = weighted_of(k, rows, columns, weights, cluster);
    struct regression *regression = weighted_fit(clusters, WORKING_EQUAL);
    static const struct {
        enum variance kind;
        const char *errors, *df, *low;
    } kinds[] = {{VARIANCE_CLASSICAL, "classical", NULL, NULL},
                 {VARIANCE_CR0, "CR0", NULL, NULL},
                 {VARIANCE_CR1, "CR1", NULL, NULL},
                 {VARIANCE_CR2, "CR2/error", "CR2/df", "CR2/low"},
                 {VARIANCE_CR3, "CR3/error", "CR3/df", "CR3/low"}};
    static const char *const hc[] = {"HC0", "HC1", "HC2", "HC3"};
    assert_int_equal(clusters.count, (size_t)answer(answers, "clusters"));
    assert_int_equal(assay_regression_fit(regression).rows, rows);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct estimate estimates[coefficients_max];
        assert_ok(
            assay_regression_estimates(regression, kinds[i].kind, 0, 0.95, estimates, &error));
        for (size_t j = 0; j < k; j++) {
            assert_close(estimates[j].value, answer_at(answers, "coefficient", j), tolerance);
            assert_close(estimates[j].standard_error, answer_at(answers, kinds[i].errors, j),
                         tolerance);
            if (kinds[i].df == NULL)
                continue;
            assert_close(estimates[j].df, answer_at(answers, kinds[i].df, j), tolerance);
            assert_close(estimates[j].interval.low, answer_at(answers, kinds[i].low, j), tolerance);
        }
    }
    for (size_t i = 0; i < 4; i++) {
        double meat[coefficients_max * coefficients_max] = {0};
        double matrix[coefficients_max * coefficients_max];
        assay_regression_meat_add_weighted(regression, VARIANCE_HC0 + i, rows, columns, weights,
                                           meat);
        assert_ok(assay_regression_hc(regression, VARIANCE_HC0 + i, meat, matrix, &error));
        for (size_t j = 0; j < k; j++)
            assert_close(sqrt(matrix[j * k + j]), answer_at(answers, hc[i], j), tolerance);
    }
    assay_regression_close(regression);
    clusters_free(clusters);
}

/* The generated set of the oracle: treated, size, y, weight, cluster. */
static size_t recorded_rows(const json_t *root, double values[5][rows_max])
{
    static const char *const names[] = {"treated", "size", "y", "weight", "cluster"};
    const json_t *data = json_object_get(json_object_get(root, "weighted"), "data");
    size_t rows = json_array_size(json_object_get(data, "y"));
    assert_true(rows > 0 && rows <= rows_max);
    for (size_t j = 0; j < 5; j++)
        for (size_t row = 0; row < rows; row++)
            values[j][row] =
                json_number_value(json_array_get(json_object_get(data, names[j]), row));
    return rows;
}

static void weights_inside_clusters_agree_with_clubsandwich_and_sandwich(void **state)
{
    (void)state;
    json_t *root = oracle_read("cluster_errors.json");
    const json_t *answers = json_object_get(root, "weighted");
    double values[5][rows_max];
    size_t rows = recorded_rows(root, values);
    const double *columns[] = {values[0], values[1], values[2]};
    every_kind_agrees(answers, 3, rows, columns, values[3], values[4], 1e-11);

    struct clusters clusters = weighted_of(3, rows, columns, values[3], values[4]);
    struct regression *inverse = weighted_fit(clusters, WORKING_INVERSE);
    struct estimate estimates[3];
    assert_ok(assay_regression_estimates(inverse, VARIANCE_CR2, 0, 0.95, estimates, &error));
    for (size_t j = 0; j < 3; j++) {
        assert_close(estimates[j].standard_error, answer_at(answers, "CR2_inverse/error", j),
                     1e-11);
        assert_close(estimates[j].df, answer_at(answers, "CR2_inverse/df", j), 1e-11);
    }
    assay_regression_close(inverse);
    clusters_free(clusters);
    json_decref(root);
}

static void only_ratios_of_weights_matter(void **state)
{
    (void)state;
    json_t *root = oracle_read("cluster_errors.json");
    double values[5][rows_max];
    size_t rows = recorded_rows(root, values);
    const double *columns[] = {values[0], values[1], values[2]};
    static const double factors[] = {1e-9, 3, 1e9};
    for (size_t i = 0; i < 3; i++) {
        double weights[rows_max];
        for (size_t row = 0; row < rows; row++)
            weights[row] = factors[i] * values[3][row];
        every_kind_agrees(json_object_get(root, "weighted"), 3, rows, columns, weights, values[4],
                          1e-10);
    }
    json_decref(root);
}

static void equal_weights_are_no_weights(void **state)
{
    (void)state;
    json_t *root = oracle_read("cluster_errors.json");
    double values[5][rows_max], weights[rows_max];
    size_t rows = recorded_rows(root, values);
    const double *columns[] = {values[0], values[1], values[2]};
    for (size_t row = 0; row < rows; row++)
        weights[row] = 0.3;
    struct clusters plain = clusters_of(3, rows, columns, values[4]);
    struct clusters weighted = weighted_of(3, rows, columns, weights, values[4]);
    struct regression *without = clusters_fit(plain);
    for (enum working_model working = WORKING_EQUAL; working <= WORKING_INVERSE; working++) {
        struct regression *with = weighted_fit(weighted, working);
        for (enum variance kind = VARIANCE_CLASSICAL; kind <= VARIANCE_CR3; kind++) {
            struct estimate one[3], other[3];
            assert_ok(assay_regression_estimates(without, kind, 0, 0.95, one, &error));
            assert_ok(assay_regression_estimates(with, kind, 0, 0.95, other, &error));
            for (size_t j = 0; j < 3; j++) {
                assert_close(other[j].value, one[j].value, 1e-12);
                assert_close(other[j].standard_error, one[j].standard_error, 1e-12);
                assert_close(other[j].df, one[j].df, 1e-11);
            }
        }
        assay_regression_close(with);
    }
    assay_regression_close(without);
    clusters_free(plain);
    clusters_free(weighted);
    json_decref(root);
}

/* A row of weight 3 is three rows as far as sums over clusters go: coefficients, CR0, CR3. */
static void whole_weights_are_rows_repeated(void **state)
{
    (void)state;
    json_t *root = oracle_read("cluster_errors.json");
    double values[5][rows_max], weights[rows_max], repeated[4][rows_max * 4];
    size_t rows = recorded_rows(root, values);
    size_t count = 0;
    for (size_t row = 0; row < rows; row++) {
        weights[row] = (double)(1 + row % 4);
        for (size_t i = 0; i < 1 + row % 4; i++, count++) {
            for (size_t j = 0; j < 3; j++)
                repeated[j][count] = values[j][row];
            repeated[3][count] = values[4][row];
        }
    }
    const double *columns[] = {values[0], values[1], values[2]};
    const double *many[] = {repeated[0], repeated[1], repeated[2]};
    struct clusters weighted = weighted_of(3, rows, columns, weights, values[4]);
    struct clusters plain = clusters_of(3, count, many, repeated[3]);
    struct regression *with = weighted_fit(weighted, WORKING_EQUAL);
    struct regression *without = clusters_fit(plain);
    static const enum variance kinds[] = {VARIANCE_CR0, VARIANCE_CR3};
    for (size_t i = 0; i < 2; i++) {
        double one[9], other[9];
        assert_ok(assay_regression_variance(with, kinds[i], one, &error));
        assert_ok(assay_regression_variance(without, kinds[i], other, &error));
        for (size_t j = 0; j < 9; j++)
            assert_close(one[j], other[j], 1e-11);
    }
    for (size_t j = 0; j < 3; j++)
        assert_close(assay_regression_fit(with).coefficient[j],
                     assay_regression_fit(without).coefficient[j], 1e-12);
    assay_regression_close(with);
    assay_regression_close(without);
    clusters_free(weighted);
    clusters_free(plain);
    json_decref(root);
}

static void a_shift_by_1e8_keeps_the_weighted_variance(void **state)
{
    (void)state;
    enum { many = 5000 };
    static double y[many], weights[many];
    long double sum = 0, mean = 0, squares = 0;
    uint64_t x = 99;
    for (size_t row = 0; row < many; row++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        y[row] = 1e8 + (double)(x >> 40) / 0x1p24;
        weights[row] = 0.5 + (double)((x >> 20) & 1023) / 256;
        sum += weights[row];
        mean += (long double)weights[row] * y[row];
    }
    mean /= sum;
    for (size_t row = 0; row < many; row++)
        squares += weights[row] * (y[row] - mean) * (y[row] - mean);
    const double *columns[] = {y};
    double moments[9];
    assay_weighted_init(1, moments);
    assay_weighted_add(1, many, columns, weights, moments);
    assert_ok(assay_weighted_check(1, moments, &error));
    assert_true(moments[0] == many);
    assert_close(moments[3], (double)sum, 1e-13);
    assert_close(moments[4], (double)mean, 2.3e-16);
    /* The five runs' means are kept to .7e-8 and differ by .009: 2 (.009) 1.5e-8 of 1/12. */
    assert_close(moments[5], (double)squares, 3e-9);
}

static void weights_that_are_not_above_0_are_refused(void **state)
{
    (void)state;
    static const double y[] = {1, 2, 3};
    /* Of {4, -1, 4} the sum, that of squares and the weighted squares of y are all above 0. */
    static const double bad[][3] = {{1, -1, 1},  {4, -1, 4}, {-3, 1, 1}, {1, INFINITY, 1},
                                    {NAN, 1, 1}, {0, 0, 0},  {1, 0, 1},  {1, 1e-200, 1e200}};
    static const double good[] = {1, 2, 3};
    const double *columns[] = {y};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double moments[9], merged[9];
        assay_weighted_init(1, moments);
        assay_weighted_add(1, 3, columns, bad[i], moments);
        assert_int_equal(assay_weighted_check(1, moments, &error), ERROR_DOMAIN);
        assay_weighted_init(1, merged);
        assay_weighted_add(1, 3, columns, good, merged);
        assert_ok(assay_weighted_check(1, merged, &error));
        assay_weighted_merge(1, moments, merged);
        assert_int_equal(assay_weighted_check(1, merged, &error), ERROR_DOMAIN);
    }
}

/* ---- Medicaid's expansion by county (Baker et al., JEL) ---------------------------------------
 */

enum { counties_max = 2200 };

/* rate ~ treated * after over 2013 and 2014; weights: the population of 2013, or 1. */
struct counties {
    size_t rows;
    double treated[2 * counties_max], after[2 * counties_max], both[2 * counties_max];
    double rate[2 * counties_max], weight[2 * counties_max], population[2 * counties_max];
    double county[2 * counties_max], state[2 * counties_max];
};

static struct counties *counties_read(void)
{
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/jel_did", shared_data());
    struct table *table = table_read(folder, "data.csv");
    struct counties *out = calloc(1, sizeof *out);
    assert_non_null(out);
    const double *year = table_column(table, "\"year\"");
    const double *population = table_column(table, "\"pop\"");
    for (size_t row = 0; row < table->rows; row++) {
        if (year[row] != 2013 && year[row] != 2014)
            continue;
        size_t i = out->rows++;
        size_t before = year[row] == 2014 ? row - 1 : row; /* years follow each other */
        assert_true(i < 2 * counties_max && year[before] == 2013);
        out->county[i] = table_column(table, "\"fips\"")[row];
        assert_true(table_column(table, "\"fips\"")[before] == out->county[i]);
        out->state[i] = table_column(table, "\"state\"")[row];
        out->treated[i] = table_column(table, "\"treat\"")[row];
        out->after[i] = year[row] == 2014;
        out->both[i] = out->treated[i] * out->after[i];
        out->rate[i] = table_column(table, "\"rate\"")[row];
        out->population[i] = population[before];
        out->weight[i] = 1;
    }
    table_free(table);
    return out;
}

static struct estimate effect_of(const struct counties *counties, const double *weights,
                                 const double *cluster, enum working_model working,
                                 enum variance kind)
{
    const double *columns[] = {counties->treated, counties->after, counties->both, counties->rate};
    struct clusters clusters = weighted_of(4, counties->rows, columns, weights, cluster);
    struct regression *regression = weighted_fit(clusters, working);
    struct estimate estimate;
    assert_ok(assay_regression_contrast(regression, kind, (const double[]){0, 0, 0, 1}, 0, 0.95,
                                        &estimate, &error));
    assay_regression_close(regression);
    clusters_free(clusters);
    return estimate;
}

/* By county, as published, the error is 1.49; states decided, and by state it is 2.86 with 4.2
   degrees of freedom. */
static void medicaid_by_county_and_by_state_has_both_errors(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/jel_did", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    const json_t *answers = json_object_get(root, "answers");
    struct counties *counties = counties_read();
    assert_int_equal(counties->rows, 2 * (size_t)answer(answers, "n_counties/value"));
    const struct {
        const char *name;
        const double *weights;
    } ways[] = {{"w", counties->population}, {"unw", counties->weight}};
    for (size_t i = 0; i < 2; i++) {
        const double *weights = ways[i].weights;
        char path[64];
        struct estimate by_county =
            effect_of(counties, weights, counties->county, WORKING_EQUAL, VARIANCE_CR1);
        (void)snprintf(path, sizeof path, "%s:did/value", ways[i].name);
        assert_near(by_county.value, answer(answers, path), 1e-9);
        (void)snprintf(path, sizeof path, "%s:did_se/value", ways[i].name);
        assert_close(by_county.standard_error, answer(answers, path), 1e-9);
        struct estimate by_state =
            effect_of(counties, weights, counties->state, WORKING_EQUAL, VARIANCE_CR1);
        (void)snprintf(path, sizeof path, "%s:did_se_state/value", ways[i].name);
        assert_close(by_state.standard_error, answer(answers, path), 1e-9);
        by_state = effect_of(counties, weights, counties->state, WORKING_EQUAL, VARIANCE_CR2);
        (void)snprintf(path, sizeof path, "%s:did_se_state_CR2/value", ways[i].name);
        assert_close(by_state.standard_error, answer(answers, path), 1e-9);
        (void)snprintf(path, sizeof path, "%s:df_state_CR2/value", ways[i].name);
        assert_close(by_state.df, answer(answers, path), 1e-9);
    }
    json_decref(root);

    root = oracle_read("cluster_errors.json");
    const double *columns[] = {counties->treated, counties->after, counties->both, counties->rate};
    every_kind_agrees(json_object_get(root, "jel_did"), 4, counties->rows, columns,
                      counties->population, counties->state, 1e-9);
    struct estimate inverse =
        effect_of(counties, counties->population, counties->state, WORKING_INVERSE, VARIANCE_CR2);
    assert_close(inverse.standard_error, answer(root, "jel_did/CR2_inverse/error/3"), 1e-9);
    assert_close(inverse.df, answer(root, "jel_did/CR2_inverse/df/3"), 1e-9);
    json_decref(root);
    free(counties);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_inside_clusters_agree_with_clubsandwich_and_sandwich),
        cmocka_unit_test(only_ratios_of_weights_matter),
        cmocka_unit_test(equal_weights_are_no_weights),
        cmocka_unit_test(whole_weights_are_rows_repeated),
        cmocka_unit_test(a_shift_by_1e8_keeps_the_weighted_variance),
        cmocka_unit_test(weights_that_are_not_above_0_are_refused),
        cmocka_unit_test(medicaid_by_county_and_by_state_has_both_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
