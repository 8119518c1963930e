/* Two-way clustered errors against the sandwich package and Petersen's published ones. */

#include "assay/two_way.h"

#include "clusters.h"
#include "table.h"

static struct error error;

struct ways {
    struct clusters clusters[3]; /* first, second, both */
    struct regression *fits[3];
    struct two_way two_way;
};

static struct ways ways_of(size_t k, size_t rows, const double *const *columns, const double *first,
                           const double *second)
{
    struct ways ways;
    double *both = malloc(rows * sizeof *both);
    assert_non_null(both);
    for (size_t row = 0; row < rows; row++)
        both[row] = first[row] * 1e6 + second[row];
    const double *ids[] = {first, second, both};
    for (size_t i = 0; i < 3; i++) {
        ways.clusters[i] = clusters_of(k, rows, columns, ids[i]);
        ways.fits[i] = clusters_fit(ways.clusters[i]);
    }
    ways.two_way = (struct two_way){ways.fits[0], ways.fits[1], ways.fits[2]};
    free(both);
    return ways;
}

static void ways_free(struct ways *ways)
{
    for (size_t i = 0; i < 3; i++) {
        assay_regression_close(ways->fits[i]);
        clusters_free(ways->clusters[i]);
    }
}

static json_t *recorded(const char *set)
{
    json_t *root = oracle_read("cluster_errors.json");
    json_t *found = json_incref(json_object_get(root, set));
    json_decref(root);
    return found;
}

static void assert_matrix(const double *got, size_t size, const json_t *answers, const char *name)
{
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++) {
            char path[64];
            (void)snprintf(path, sizeof path, "two_way/%s/%zu/%zu", name, i, j);
            assert_near(got[i * size + j], answer(answers, path), 1e-12);
        }
}

static void firms_and_years_agree_with_sandwich_and_with_petersen(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/petersen", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    json_t *answers = recorded("petersen");
    struct table *table = table_read(folder, "data.csv");
    const double *columns[] = {table_column(table, "x"), table_column(table, "y")};
    struct ways ways =
        ways_of(2, table->rows, columns, table_column(table, "firm"), table_column(table, "year"));
    double variance[4];
    bool repaired = true;
    assert_ok(assay_two_way_variance(&ways.two_way, VARIANCE_CR0, variance, &repaired, &error));
    assert_matrix(variance, 2, answers, "CR0");
    assert_false(repaired);
    assert_ok(assay_two_way_variance(&ways.two_way, VARIANCE_CR1, variance, &repaired, &error));
    assert_matrix(variance, 2, answers, "CR1");
    assert_false(repaired);

    struct estimate estimate;
    static const char *const names[] = {"answers/se_twoway_firm_year:(Intercept)/value",
                                        "answers/se_twoway_firm_year:x/value"};
    for (size_t j = 0; j < 2; j++) {
        double contrast[2] = {j == 0, j == 1};
        assert_ok(assay_two_way_contrast(&ways.two_way, VARIANCE_CR1, contrast, 0, 0.95, &estimate,
                                         NULL, &error));
        assert_close(estimate.standard_error, answer(root, names[j]), 1e-11);
        assert_true(estimate.df == 9); /* ten years */
    }
    assert_near(estimate.standard_error, answer(root, "published/petersen_se/both"), 5e-5);
    assert_ok(assay_regression_contrast(ways.fits[1], VARIANCE_CR1, (const double[]){0, 1}, 0, 0.95,
                                        &estimate, &error));
    assert_close(estimate.standard_error, answer(root, "answers/se_cluster_year:x/value"), 1e-11);
    ways_free(&ways);
    table_free(table);
    json_decref(answers);
    json_decref(root);
}

enum { crossed = 36 };

/* x, z, y, row, column of the oracle's set. */
static void crossed_rows(const json_t *answers, double values[5][crossed])
{
    static const char *const names[] = {"x", "z", "y", "row", "column"};
    const json_t *data = json_object_get(answers, "data");
    assert_int_equal(json_array_size(json_object_get(data, "y")), crossed);
    for (size_t j = 0; j < 5; j++)
        for (size_t i = 0; i < crossed; i++)
            values[j][i] = json_number_value(json_array_get(json_object_get(data, names[j]), i));
}

static void a_difference_that_is_no_variance_is_repaired_and_said(void **state)
{
    (void)state;
    json_t *answers = recorded("crossed");
    double values[5][crossed], variance[9];
    crossed_rows(answers, values);
    const double *columns[] = {values[0], values[1], values[2]};
    struct ways ways = ways_of(3, crossed, columns, values[3], values[4]);
    bool repaired = false;
    assert_true(answer(answers, "two_way/smallest_eigenvalue_CR1") < 0);
    assert_true(answer(answers, "two_way/CR0/0/0") < 0); /* a variance below 0, unrepaired */
    assert_ok(assay_two_way_variance(&ways.two_way, VARIANCE_CR0, variance, &repaired, &error));
    assert_matrix(variance, 3, answers, "CR0_fixed");
    assert_true(repaired);
    assert_ok(assay_two_way_variance(&ways.two_way, VARIANCE_CR1, variance, &repaired, &error));
    assert_matrix(variance, 3, answers, "CR1_fixed");
    assert_true(repaired);
    struct estimate estimate;
    assert_ok(assay_two_way_contrast(&ways.two_way, VARIANCE_CR1, (const double[]){0, 1, 0}, 0,
                                     0.95, &estimate, &repaired, &error));
    assert_true(repaired);
    assert_true(estimate.df == 2);
    assert_close(estimate.standard_error, sqrt(answer(answers, "two_way/CR1_fixed/1/1")), 1e-11);
    ways_free(&ways);
    json_decref(answers);
}

static void two_ways_that_are_one_give_its_error(void **state)
{
    (void)state;
    json_t *answers = recorded("crossed");
    double values[5][crossed], variance[9], alone[9];
    crossed_rows(answers, values);
    const double *columns[] = {values[0], values[1], values[2]};
    struct ways ways = ways_of(3, crossed, columns, values[3], values[3]);
    assert_ok(assay_two_way_variance(&ways.two_way, VARIANCE_CR1, variance, NULL, &error));
    assert_ok(assay_regression_variance(ways.fits[0], VARIANCE_CR1, alone, &error));
    for (size_t i = 0; i < 9; i++)
        assert_near(variance[i], alone[i], 1e-14);
    ways_free(&ways);
    json_decref(answers);
}

static void fits_that_do_not_belong_together_are_refused(void **state)
{
    (void)state;
    json_t *answers = recorded("crossed");
    double values[5][crossed], variance[9];
    crossed_rows(answers, values);
    const double *columns[] = {values[0], values[1], values[2]};
    const double *others[] = {values[1], values[0], values[2]};
    struct ways ways = ways_of(3, crossed, columns, values[3], values[4]);
    struct ways different = ways_of(3, crossed, others, values[3], values[4]);
    struct two_way mixed = {ways.fits[0], different.fits[1], ways.fits[2]};
    struct two_way turned = {ways.fits[0], ways.fits[2], ways.fits[1]};
    assert_int_equal(assay_two_way_variance(&mixed, VARIANCE_CR1, variance, NULL, &error),
                     ERROR_DOMAIN);
    assert_int_equal(assay_two_way_variance(&turned, VARIANCE_CR1, variance, NULL, &error),
                     ERROR_DOMAIN);
    assert_int_equal(assay_two_way_variance(&ways.two_way, VARIANCE_CR2, variance, NULL, &error),
                     ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "CR0 and CR1 only"));
    struct two_way alone = {ways.fits[0], ways.fits[0], ways.fits[0]};
    assert_ok(assay_two_way_variance(&alone, VARIANCE_CR1, variance, NULL, &error));
    static const double contrasts[][3] = {{0, 0, 0}, {0, NAN, 1}, {INFINITY, 0, 0}};
    struct estimate estimate = {.value = 7};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(assay_two_way_contrast(&ways.two_way, VARIANCE_CR1, contrasts[i], 0, 0.95,
                                                &estimate, NULL, &error),
                         ERROR_DOMAIN);
    assert_true(estimate.value == 7);
    ways_free(&ways);
    ways_free(&different);
    json_decref(answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(firms_and_years_agree_with_sandwich_and_with_petersen),
        cmocka_unit_test(a_difference_that_is_no_variance_is_repaired_and_said),
        cmocka_unit_test(two_ways_that_are_one_give_its_error),
        cmocka_unit_test(fits_that_do_not_belong_together_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
