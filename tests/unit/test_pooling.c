#include "assay/pooling.h"

#include "base/random.h"

#include "table.h"

static struct error error;

static const char *const methods[] = {[POOLING_PAULE_MANDEL] = "PM", [POOLING_REML] = "REML"};

static double answer_of(const json_t *root, int method, const char *name)
{
    char path[64];
    (void)snprintf(path, sizeof path, "answers/%s_%s/value", methods[method], name);
    return answer(root, path);
}

static void thirteen_trials_are_pooled_as_metafor_does(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/dat_bcg", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    struct table *table = table_read(folder, "data.csv");
    struct pooling_cells cells = {table->rows, table_column(table, "yi"),
                                  table_column(table, "vi")};
    for (int method = 0; method < 2; method++) {
        struct pooled got;
        assert_ok(assay_pool(&cells, (enum pooling)method, 0.95, &got, &error));
        assert_close(got.between, answer_of(root, method, "tau2"), 1e-6);
        assert_close(got.mean.value, answer_of(root, method, "b"), 1e-6);
        assert_close(got.plain_error, answer_of(root, method, "se"), 1e-6);
        assert_close(got.mean.standard_error, answer_of(root, method, "KH_se"), 1e-6);
        assert_close(got.mean.interval.low, answer_of(root, method, "KH_ci_lo"), 1e-6);
        assert_close(got.mean.interval.high, answer_of(root, method, "KH_ci_hi"), 1e-6);
        assert_close(got.mean.p, answer_of(root, method, "KH_p"), 1e-6);
        assert_close(got.prediction.low, answer_of(root, method, "KH_pi_lo"), 1e-6);
        assert_close(got.prediction.high, answer_of(root, method, "KH_pi_hi"), 1e-6);
        assert_close(100 * got.share_between, answer_of(root, method, "I2"), 1e-6);
        assert_close(got.ratio_total, answer_of(root, method, "H2"), 1e-6);
        assert_close(got.heterogeneity, answer(root, "answers/Q/value"), 1e-10);
        assert_close(got.p, answer(root, "answers/Q_p/value"), 1e-10);
    }
    table_free(table);
    json_decref(root);
}

static void effects_of_440_studies_are_pooled_as_metafor_does(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/meta_ai", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    struct table *table = table_read(folder, "data.csv");
    struct pooling_cells cells = {table->rows, table_column(table, "\"cohens_d\""),
                                  table_column(table, "\"variance_d\"")};
    struct pooled got;
    assert_int_equal(table->rows, 440);
    assert_ok(assay_pool(&cells, POOLING_REML, 0.95, &got, &error));
    assert_close(got.between, answer(root, "answers/two_level_tau2/value"), 1e-6);
    assert_close(got.mean.value, answer(root, "answers/two_level_REML_b/value"), 1e-6);
    assert_close(got.heterogeneity, answer(root, "answers/Q/value"), 1e-10);
    table_free(table);
    json_decref(root);
}

/* ---- Recorded from metafor ---------------------------------------------------------------- */

enum { cells_most = 16 };

static size_t numbers(const json_t *list, double *out)
{
    size_t count = json_array_size(list);
    assert_true(count <= cells_most);
    for (size_t i = 0; i < count; i++)
        out[i] = json_number_value(json_array_get(list, i));
    return count;
}

static void assert_answers(const struct pooling_cells *cells, enum pooling method,
                           const json_t *wanted)
{
    struct pooled got;
    assert_ok(assay_pool(cells, method, 0.95, &got, &error));
    assert_near(got.between, answer(wanted, "between"), 1e-9);
    assert_close(got.mean.value, answer(wanted, "mean"), 1e-8);
    assert_close(got.plain_error, answer(wanted, "plain_error"), 1e-8);
    assert_close(got.mean.standard_error, answer(wanted, "error"), 1e-8);
    assert_close(got.mean.interval.low, answer(wanted, "low"), 1e-8);
    assert_close(got.prediction.high, answer(wanted, "prediction_high"), 1e-8);
    assert_close(got.p, answer(wanted, "Q_p"), 1e-8);
    assert_near(100 * got.share_between, answer(wanted, "I2"), 1e-6);
    for (size_t i = 0; i < cells->count; i++) {
        struct shrunken shrunken = assay_shrink(&got, cells->value[i], cells->variance[i]);
        assert_close(shrunken.value, answer_at(wanted, "shrunken", i), 1e-8);
        assert_near(shrunken.standard_error, answer_at(wanted, "shrunken_error", i), 1e-8);
    }
}

static void cells_are_shrunken_as_blup_does(void **state)
{
    (void)state;
    json_t *root = oracle_read("pooling.json");
    const json_t *sets = json_object_get(root, "sets");
    static const char *const names[] = {"apart", "alike"};
    for (size_t s = 0; s < 2; s++) {
        const json_t *set = json_object_get(sets, names[s]);
        double value[cells_most], variance[cells_most];
        size_t count = numbers(json_object_get(set, "value"), value);
        assert_int_equal(numbers(json_object_get(set, "variance"), variance), count);
        struct pooling_cells cells = {count, value, variance};
        for (int method = 0; method < 2; method++)
            assert_answers(&cells, (enum pooling)method, json_object_get(set, methods[method]));
    }
    json_decref(root);
}

/* ---- Coverage ------------------------------------------------------------------------------ */

/* Share of cells whose true value is in the shrunken interval. Variances are of mean 1, in steps
   of one ratio from the least to the largest. */
static double covered_by_shrunken(size_t count, double apart, double ratio, int runs)
{
    struct random source = random_seed(20261128);
    const double quantile = 1.959963984540054;
    double value[cells_most], variance[cells_most], truth[cells_most];
    struct pooling_cells cells = {count, value, variance};
    double hits = 0;
    for (int run = 0; run < runs; run++) {
        struct pooled got;
        for (size_t i = 0; i < count; i++) {
            variance[i] = pow(ratio, (double)i / (double)(count - 1) - 0.5);
            truth[i] = apart * random_normal(&source);
            value[i] = truth[i] + sqrt(variance[i]) * random_normal(&source);
        }
        assert_ok(assay_pool(&cells, POOLING_REML, 0.95, &got, &error));
        for (size_t i = 0; i < count; i++) {
            struct shrunken shrunken = assay_shrink(&got, value[i], variance[i]);
            hits += fabs(shrunken.value - truth[i]) <= quantile * shrunken.standard_error;
        }
    }
    return hits / (runs * (double)count);
}

/* 93 % and not 95: what is known of the spread of few cells is little. Standard errors of the
   shares are .4 points at most. */
static void shrunken_intervals_hold_the_truth_of_cells(void **state)
{
    (void)state;
    static const size_t counts[] = {2, 4, 6, 12};
    static const double aparts[] = {0, 0.7, 1, 2};
    for (size_t c = 0; c < 4; c++)
        for (size_t a = 0; a < 4; a++)
            for (int wide = 0; wide < 2; wide++) {
                double share = covered_by_shrunken(counts[c], aparts[a], wide ? 4 : 1, 1500);
                if (share < 0.93)
                    fail_msg("%zu cells, %.1f apart, variances of %s: %.3f", counts[c], aparts[a],
                             wide ? "1 to 4" : "1", share);
            }
}

/* Of two cells the spread is as good as unknown. */
static void no_shrunken_interval_is_wider_than_the_cells_own(void **state)
{
    (void)state;
    static const double value[] = {1, 1.5};
    static const double variance[] = {1, 4};
    const struct pooling_cells cells = {2, value, variance};
    struct pooled got;
    assert_ok(assay_pool(&cells, POOLING_REML, 0.95, &got, &error));
    assert_true(got.between == 0);
    for (size_t i = 0; i < 2; i++)
        assert_near(assay_shrink(&got, value[i], variance[i]).standard_error, sqrt(variance[i]),
                    1e-12);
}

/* ---- Closed forms ------------------------------------------------------------------------- */

/* Of one variance v both are the plain variance of the values less v, or 0. */
static void cells_of_one_variance_have_the_plain_answer(void **state)
{
    (void)state;
    static const double value[] = {1, 2, 4, 9};
    static const double own[] = {3, 3, 3, 3};
    static const double large[] = {30, 30, 30, 30};
    struct pooling_cells cells = {4, value, own};
    for (int method = 0; method < 2; method++) {
        struct pooled got;
        cells.variance = own;
        assert_ok(assay_pool(&cells, (enum pooling)method, 0.95, &got, &error));
        assert_close(got.between, 38.0 / 3 - 3, 1e-8);
        assert_close(got.mean.value, 4.0, 1e-12);
        assert_close(got.mean.standard_error, sqrt(38.0 / 12), 1e-8);
        assert_close(got.between_variance, 2 * (38.0 / 3) * (38.0 / 3) / 3, 1e-7);
        assert_close(got.share_between, 1 - 9.0 / 38, 1e-8);
        cells.variance = large;
        assert_ok(assay_pool(&cells, (enum pooling)method, 0.95, &got, &error));
        assert_true(got.between == 0);
        assert_true(got.share_between == 0);
        struct shrunken shrunken = assay_shrink(&got, 9, 30);
        assert_close(shrunken.value, 4.0, 1e-12);
        /* 30 / 4 of the mean, and 2 x 2 / 3 x 30, which is more than 30 together. */
        assert_close(got.mean.standard_error, sqrt(7.5), 1e-12);
        assert_close(shrunken.standard_error, sqrt(30), 1e-12);
    }
}

/* Values far from 0 lose no digits, and another unit is another unit. */
static void the_place_and_the_unit_of_values_do_not_matter(void **state)
{
    (void)state;
    static const double value[] = {0.125, 0.5, -0.25, 0.75, 0.0625};
    static const double variance[] = {0.03125, 0.0625, 0.015625, 0.25, 0.125};
    for (int method = 0; method < 2; method++) {
        double moved[5], scaled[5], squared[5];
        struct pooled plain, far, large;
        for (size_t i = 0; i < 5; i++) {
            moved[i] = value[i] + 1048576;
            scaled[i] = 1e6 * value[i];
            squared[i] = 1e12 * variance[i];
        }
        struct pooling_cells cells = {5, value, variance};
        assert_ok(assay_pool(&cells, (enum pooling)method, 0.95, &plain, &error));
        cells.value = moved;
        assert_ok(assay_pool(&cells, (enum pooling)method, 0.95, &far, &error));
        assert_near(far.between, plain.between, 1e-8);
        assert_near(far.mean.value - 1048576, plain.mean.value, 1e-8);
        cells = (struct pooling_cells){5, scaled, squared};
        assert_ok(assay_pool(&cells, (enum pooling)method, 0.95, &large, &error));
        assert_close(large.between, 1e12 * plain.between, 1e-8);
    }
}

static void what_cannot_be_pooled_is_refused(void **state)
{
    (void)state;
    static const double value[] = {1, 1, NAN};
    static const double variance[] = {1, 2, 0};
    static const double others[] = {1, 2, 3};
    struct pooled got = {.between = 7};
    const struct pooling_cells wrong[] = {
        {1, others, variance}, {2, value, variance}, {3, value, variance}, {3, others, variance}};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(assay_pool(&wrong[i], POOLING_REML, 0.95, &got, &error), ERROR_DOMAIN);
    struct pooling_cells fine = {2, others, variance};
    assert_int_equal(assay_pool(&fine, POOLING_REML, 1, &got, &error), ERROR_DOMAIN);
    assert_true(got.between == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thirteen_trials_are_pooled_as_metafor_does),
        cmocka_unit_test(effects_of_440_studies_are_pooled_as_metafor_does),
        cmocka_unit_test(cells_are_shrunken_as_blup_does),
        cmocka_unit_test(shrunken_intervals_hold_the_truth_of_cells),
        cmocka_unit_test(no_shrunken_interval_is_wider_than_the_cells_own),
        cmocka_unit_test(cells_of_one_variance_have_the_plain_answer),
        cmocka_unit_test(the_place_and_the_unit_of_values_do_not_matter),
        cmocka_unit_test(what_cannot_be_pooled_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
