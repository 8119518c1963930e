#include "assay/sensitivity.h"

#include "base/random.h"
#include "clusters.h"
#include "table.h"

static struct error error;

/* ---- Darfur: Cinelli & Hazlett (2020), section 5 ------------------------------------------- */

static const char *const darfur_columns[] = {
    "\"directlyharmed\"", "\"age\"",           "\"farmer_dar\"", "\"herder_dar\"",
    "\"pastvoted\"",      "\"hhsize_darfur\"", "\"female\"",     "\"peacefactor\""};

enum { darfur_count = 8, darfur_female = 7 };

/* Villages, of which the paper's model has a dummy each, are taken out of every column. */
static struct clusters villages_of(const struct table *table)
{
    const double *columns[darfur_count];
    for (size_t j = 0; j < darfur_count; j++)
        columns[j] = table_column(table, darfur_columns[j]);
    struct clusters clusters =
        clusters_of(darfur_count, table->rows, columns, table_column(table, "\"village\""));
    for (size_t g = 0; g < clusters.count; g++)
        assay_moments_within(darfur_count, clusters.moments[g]);
    return clusters;
}

static struct confounded harmed(const struct regression *fit, double df)
{
    double spread = 0;
    assert_ok(assay_confounding_spread(fit, 1, &spread, &error));
    return (struct confounded){assay_regression_fit(fit).coefficient[1], spread / sqrt(df), df, 0};
}

static void assert_robustness(const struct confounded *confounded, const json_t *root)
{
    struct robustness robustness;
    assert_ok(assay_robustness(confounded, 1, 0.95, &robustness, &error));
    assert_close(confounded->value, answer(root, "answers/estimate"), 1e-11);
    assert_close(confounded->standard_error, answer(root, "answers/se"), 1e-11);
    assert_close(robustness.partial_r2, answer(root, "answers/partial_r2"), 1e-11);
    assert_close(robustness.of_value, answer(root, "answers/robustness_value"), 1e-11);
    assert_close(robustness.of_interval, answer(root, "answers/robustness_value_alpha_05"), 1e-11);
    assert_near(robustness.of_value, answer(root, "published/robustness_value"), 5e-6);
}

/* Once as strong: the test suite of the R package sensemakr, to all digits. Twice and three times:
   the table of its vignette. */
static void assert_bounds(const struct regression *fit, const struct confounded *confounded)
{
    static const struct {
        double times, treatment, outcome, value, standard_error, low, high, tolerance;
    } rows[] = {
        {1, 0.00916428667504862, 0.12464092303637, 0.0752202712144491, 0.0218733277437572,
         0.0322829657274445, 0.118157576701454, 1e-10},
        {2, 0.0183, 0.2493, 0.0529, 0.0204, 0.0130, 0.0929, 5e-5},
        {3, 0.0275, 0.3741, 0.0304, 0.0187, -0.0063, 0.0670, 5e-5},
    };
    static const size_t female[] = {darfur_female};
    const struct covariate covariate = {1, female};
    for (size_t i = 0; i < 3; i++) {
        struct confounder confounder;
        struct confounding got;
        double tolerance = rows[i].tolerance;
        assert_ok(assay_benchmark(fit, 1, &covariate, rows[i].times, &confounder, &error));
        assert_near(confounder.treatment, rows[i].treatment, tolerance);
        assert_near(confounder.outcome, rows[i].outcome, tolerance);
        assert_ok(assay_confounding(confounded, &confounder, 0.95, &got, &error));
        assert_near(got.towards.value, rows[i].value, tolerance);
        assert_near(got.towards.standard_error, rows[i].standard_error, tolerance);
        /* Theirs has t with df, not df - 1. */
        assert_near(got.towards.interval.low, rows[i].low, fmax(tolerance, 1e-6));
        assert_near(got.towards.interval.high, rows[i].high, fmax(tolerance, 1e-6));
        assert_true(got.overturns == (rows[i].low < 0));
        assert_near(got.interval.high, got.away.interval.high, 0);
    }
}

static void harm_and_peace_in_darfur_agree_with_sensemakr(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/darfur", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    struct table *table = table_read(folder, "data.csv");
    struct clusters clusters = villages_of(table);
    struct regression *fit = clusters_fit(clusters);
    struct confounded confounded = harmed(fit, answer(root, "answers/df_residual"));
    assert_robustness(&confounded, root);
    assert_bounds(fit, &confounded);
    size_t which = 9;
    struct confounder strongest;
    static const size_t columns[] = {2, 3, 4, 5, 6, 7};
    struct covariate covariates[6];
    for (size_t i = 0; i < 6; i++)
        covariates[i] = (struct covariate){1, &columns[i]};
    assert_ok(assay_benchmark_strongest(fit, 1, 6, covariates, 1, &which, &strongest, &error));
    assert_int_equal(which, 5); /* "gender is the strongest" of the paper */
    assay_regression_close(fit);
    clusters_free(clusters);
    table_free(table);
    json_decref(root);
}

/* ---- The definition, by fits with the confounder -------------------------------------------- */

enum { rows = 60, columns = 5 }; /* D, X, U, V, Z, and Y beside them */

struct world {
    double values[columns + 1][rows];
};

static struct world draw(struct random *source)
{
    struct world out;
    for (size_t i = 0; i < rows; i++) {
        double *d = &out.values[0][i];
        for (size_t j = 1; j < columns; j++)
            out.values[j][i] = random_normal(source);
        *d = 0.3 * out.values[1][i] + 0.4 * out.values[2][i] + 0.3 * out.values[3][i] +
             0.5 * out.values[4][i] + random_normal(source);
        out.values[5][i] = 0.5 * *d + 0.2 * out.values[1][i] - 0.3 * out.values[3][i] +
                           0.4 * out.values[4][i] + random_normal(source);
    }
    return out;
}

struct fitted {
    double residual_sum, value, standard_error;
};

/* Least squares of a column on others, by names that are their numbers. */
static struct regression *fit_columns(const struct world *world, const char *names,
                                      struct clusters *clusters)
{
    const double *list[columns + 1];
    double id[rows] = {0};
    size_t count = strlen(names);
    for (size_t j = 0; j < count; j++)
        list[j] = world->values[names[j] - '0'];
    *clusters = clusters_of(count, rows, list, id);
    return clusters_fit(*clusters);
}

static struct fitted fit_of(const struct world *world, const char *names)
{
    struct clusters clusters;
    struct regression *fit = fit_columns(world, names, &clusters);
    struct regression_fit read = assay_regression_fit(fit);
    struct estimate estimate;
    double contrast[columns + 1] = {0, 1};
    assert_ok(
        assay_regression_contrast(fit, VARIANCE_CLASSICAL, contrast, 0, 0.95, &estimate, &error));
    struct fitted out = {read.residual_variance * (double)(rows - read.coefficients),
                         estimate.value, estimate.standard_error};
    assay_regression_close(fit);
    clusters_free(clusters);
    return out;
}

/* Share of what is left of the last column after the shorter list that the longer one explains. */
static double partial(const struct world *world, const char *longer, const char *shorter)
{
    return 1 - fit_of(world, longer).residual_sum / fit_of(world, shorter).residual_sum;
}

static void a_confounder_moves_value_and_error_as_its_fit_does(void **state)
{
    (void)state;
    struct random source = random_seed(5);
    for (int run = 0; run < 50; run++) {
        struct world world = draw(&source);
        struct fitted without = fit_of(&world, "01235");
        struct fitted with = fit_of(&world, "012345");
        struct confounder confounder = {partial(&world, "12340", "1230"),
                                        partial(&world, "012345", "01235")};
        struct confounded confounded = {without.value, without.standard_error, rows - 5, 0};
        struct confounding got;
        assert_ok(assay_confounding(&confounded, &confounder, 0.95, &got, &error));
        const struct adjusted *side =
            fabs(with.value) < fabs(without.value) ? &got.towards : &got.away;
        assert_near(side->value, with.value, 1e-12);
        assert_near(side->standard_error, with.standard_error, 1e-12);
        /* By cluster the shift is the same, and the error takes no credit for the outcome. */
        confounded.spread = without.standard_error * sqrt(rows - 5);
        assert_ok(assay_confounding(&confounded, &confounder, 0.95, &got, &error));
        assert_near(side->value, with.value, 1e-12);
        assert_near(got.away.standard_error,
                    without.standard_error / sqrt(1 - confounder.treatment), 1e-12);
    }
}

/* Two columns as one covariate, from sums of squares. k = 1, in their form by f^2. */
static void benchmarks_are_those_of_fits_without_the_covariate(void **state)
{
    (void)state;
    struct random source = random_seed(6);
    static const size_t both[] = {2, 4}; /* X and V of D, X, U, V */
    const struct covariate covariate = {2, both};
    for (int run = 0; run < 50; run++) {
        struct world world = draw(&source);
        struct clusters clusters;
        struct regression *fit = fit_columns(&world, "01235", &clusters);
        struct confounder got;
        double r = partial(&world, "1230", "20");
        double y = partial(&world, "01235", "025");
        double f = r / (1 - r);
        if (f >= 0.9) {
            assay_regression_close(fit);
            clusters_free(clusters);
            continue;
        }
        double z = f * f; /* r^2 / ((1 - r) (1 - r)) */
        assert_ok(assay_benchmark(fit, 1, &covariate, 1, &got, &error));
        assert_close(got.treatment, f, 1e-10);
        assert_close(got.outcome, fmin(1, (1 + f) * (1 + f) / (1 - z) * y / (1 - y)), 1e-10);
        assay_regression_close(fit);
        clusters_free(clusters);
    }
}

/* ---- Robustness values, by search ----------------------------------------------------------- */

/* Whether a confounder with both strengths at most r takes the end of the interval to 0. */
static bool some_confounder_overturns(const struct confounded *confounded, double r)
{
    for (int step = 0; step <= 2000; step++) {
        struct confounder confounder = {r, r * step / 2000};
        struct confounding got;
        assert_ok(assay_confounding(confounded, &confounder, 0.95, &got, &error));
        if (got.towards.interval.low <= 0)
            return true;
    }
    return false;
}

static void no_weaker_confounder_takes_the_interval_to_0(void **state)
{
    (void)state;
    static const struct confounded cases[] = {{3, 1, 20, 0},   {5, 1, 8, 0},        {9, 1, 6, 0},
                                              {14, 1, 5, 0},   {1, 1, 20, 0},       {3, 1, 20, 4},
                                              {5, 1, 8, 2.83}, {3, 1, INFINITY, 12}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct robustness got;
        double low = 0, high = 1 - 1e-9;
        assert_ok(assay_robustness(&cases[i], 1, 0.95, &got, &error));
        for (int step = 0; step < 40; step++) {
            double middle = (low + high) / 2;
            if (some_confounder_overturns(&cases[i], middle))
                high = middle;
            else
                low = middle;
        }
        assert_near(got.of_interval, high, 2e-6);
        struct confounder equal = {got.of_value, got.of_value};
        struct confounding at;
        assert_ok(assay_confounding(&cases[i], &equal, 0.95, &at, &error));
        assert_near(at.towards.value, 0, 1e-12);
        assert_ok(assay_robustness(&cases[i], 0.5, 0.95, &got, &error));
        equal = (struct confounder){got.of_value, got.of_value};
        assert_ok(assay_confounding(&cases[i], &equal, 0.95, &at, &error));
        assert_near(at.towards.value, cases[i].value / 2, 1e-12);
    }
}

static void what_is_no_coefficient_or_no_confounder_is_refused(void **state)
{
    (void)state;
    struct robustness robustness = {.of_value = 7};
    struct confounding confounding = {.shift = 7};
    static const struct confounded wrong[] = {
        {NAN, 1, 9, 0}, {1, 0, 9, 0}, {1, 1, 1, 0}, {1, 1, 9, -1}, {1, 1, INFINITY, 0}};
    static const struct confounded fine = {1, 1, 9, 0};
    static const struct confounder none = {0, 0};
    static const struct confounder strong[] = {{1, 0}, {-.1, 0}, {.1, 1.1}, {NAN, 0}};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(assay_robustness(&wrong[i], 1, .95, &robustness, &error), ERROR_DOMAIN);
        assert_int_equal(assay_confounding(&wrong[i], &none, .95, &confounding, &error),
                         ERROR_DOMAIN);
    }
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(assay_confounding(&fine, &strong[i], .95, &confounding, &error),
                         ERROR_DOMAIN);
    assert_int_equal(assay_robustness(&fine, 0, .95, &robustness, &error), ERROR_DOMAIN);
    assert_true(robustness.of_value == 7 && confounding.shift == 7);

    struct random source = random_seed(8);
    struct world world = draw(&source);
    struct clusters clusters;
    struct regression *fit = fit_columns(&world, "01235", &clusters);
    static const size_t lists[][2] = {{1, 2}, {2, 2}, {2, 5}, {0, 2}};
    struct confounder out = {.outcome = 7};
    for (size_t i = 0; i < 4; i++) {
        struct covariate covariate = {2, lists[i]};
        assert_int_equal(assay_benchmark(fit, 1, &covariate, 1, &out, &error), ERROR_DOMAIN);
    }
    static const size_t one[] = {2};
    struct covariate covariate = {1, one};
    assert_int_equal(assay_benchmark(fit, 1, &covariate, 1e6, &out, &error), ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "would explain all of it"));
    double spread = 0;
    assert_int_equal(assay_confounding_spread(fit, 5, &spread, &error), ERROR_DOMAIN);
    assert_true(out.outcome == 7);
    assay_regression_close(fit);
    clusters_free(clusters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(harm_and_peace_in_darfur_agree_with_sensemakr),
        cmocka_unit_test(a_confounder_moves_value_and_error_as_its_fit_does),
        cmocka_unit_test(benchmarks_are_those_of_fits_without_the_covariate),
        cmocka_unit_test(no_weaker_confounder_takes_the_interval_to_0),
        cmocka_unit_test(what_is_no_coefficient_or_no_confounder_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
