#include "assay/power.h"

#include "assay/moments.h"
#include "assay/regression.h"
#include "base/random.h"
#include "table.h"

#include <stdbool.h>

static struct error error;

/* One item of each worker: independent items. */
static const struct power_design plain = {.unit = POWER_WORKERS, .treated = 0.5, .items = 1};

static struct power_outcome spread(double deviation)
{
    return (struct power_outcome){.deviation = {deviation, deviation}};
}

/* ---- Against R ------------------------------------------------------------------------------ */

static void assert_powers(const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        struct power_outcome outcome = spread(answer(row, "sd"));
        double got = 0;
        assert_ok(assay_power(&plain, &outcome, 2 * answer(row, "n"), answer(row, "delta"),
                              1 - answer(row, "alpha"), &got, &error));
        assert_near(got, answer(row, "power"), 1e-10);
    }
}

static void independent_items_have_the_answers_of_power_t_test(void **state)
{
    (void)state;
    json_t *root = oracle_read("power.json");
    const json_t *items = json_object_get(root, "items");
    assert_powers(json_object_get(items, "power"));
    const json_t *units = json_object_get(items, "units");
    for (size_t i = 0; i < json_array_size(units); i++) {
        const json_t *row = json_array_get(units, i);
        struct power_outcome outcome = spread(answer(row, "sd"));
        double got = 0;
        assert_ok(assay_power_units(&plain, &outcome, -answer(row, "delta"), 0.95,
                                    answer(row, "power"), &got, &error));
        assert_close(got / 2, answer(row, "n"), 1e-8);
    }
    const json_t *detectable = json_object_get(items, "detectable");
    for (size_t i = 0; i < json_array_size(detectable); i++) {
        const json_t *row = json_array_get(detectable, i);
        struct power_outcome outcome = spread(answer(row, "sd"));
        double got = 0;
        assert_ok(assay_power_detectable(&plain, &outcome, 2 * answer(row, "n"), 0.95,
                                         answer(row, "power"), i == 1, &got, &error));
        assert_close(i == 1 ? -got : got, answer(row, "delta"), 1e-8);
    }
    json_decref(root);
}

static void a_fixed_design_of_two_means_is_that_of_rpact(void **state)
{
    (void)state;
    json_t *root = oracle_read("power.json");
    const json_t *units = json_object_get(json_object_get(root, "rpact"), "units");
    const json_t *power = json_object_get(json_object_get(root, "rpact"), "power");
    double got = 0;
    assert_true(json_array_size(units) == 4 && json_array_size(power) == 3);
    for (size_t i = 0; i < json_array_size(units); i++) {
        const json_t *row = json_array_get(units, i);
        struct power_outcome outcome = spread(answer(row, "sd"));
        assert_ok(assay_power_units(&plain, &outcome, answer(row, "delta"), 0.95,
                                    answer(row, "power"), &got, &error));
        /* Both tails count here: about 1e-4 of the units, at a power of one half. */
        assert_close(got / 2, answer(row, "n"), answer(row, "power") > 0.5 ? 5e-6 : 2e-4);
    }
    for (size_t i = 0; i < json_array_size(power); i++) {
        const json_t *row = json_array_get(power, i);
        struct power_outcome outcome = spread(answer(row, "sd"));
        assert_ok(assay_power(&plain, &outcome, 2 * answer(row, "n"), answer(row, "delta"), 0.95,
                              &got, &error));
        assert_near(got, answer(row, "power"), 1e-7);
    }
    json_decref(root);
}

static void workers_of_one_size_are_their_means_and_unequal_arms_are_welch(void **state)
{
    (void)state;
    json_t *root = oracle_read("power.json");
    const json_t *clusters = json_object_get(root, "clusters");
    struct power_design design = {.unit = POWER_WORKERS,
                                  .treated = 0.5,
                                  .items = answer(clusters, "m"),
                                  .correlation = answer(clusters, "rho")};
    struct power_outcome outcome = spread(answer(clusters, "sd"));
    double got = 0;
    assert_ok(assay_power(&design, &outcome, 2 * answer(clusters, "n"), answer(clusters, "delta"),
                          0.95, &got, &error));
    assert_near(got, answer(clusters, "power"), 1e-10);
    /* Teams of one worker are workers. */
    design.unit = POWER_TEAMS;
    design.workers = 1;
    double teams = 0;
    assert_ok(assay_power(&design, &outcome, 2 * answer(clusters, "n"), answer(clusters, "delta"),
                          0.95, &teams, &error));
    assert_near(teams, got, 1e-14);
    struct power_design unequal = plain;
    unequal.treated = 0.25;
    outcome = (struct power_outcome){.deviation = {1, 1.6}};
    assert_ok(assay_power(&unequal, &outcome, 40, 1.1, 0.95, &got, &error));
    assert_near(got, answer(root, "unequal/power"), 1e-10);
    json_decref(root);
}

/* ---- Closed forms --------------------------------------------------------------------------- */

/* The standard error, from the difference that is told with a power of 80 % by so many units that t
   is normal: the root d of pnorm(d - z) + pnorm(-d - z) = .8 in R, z = qnorm(.975). */
static double standard_error_of(const struct power_design *design,
                                const struct power_outcome *outcome, double units)
{
    double got = 0;
    assert_ok(assay_power_detectable(design, outcome, units, 0.95, 0.8, false, &got, &error));
    return got / 2.801581787013578;
}

/* Sizes of 2 teams, with all pairs of items written out. */
static void nested_teams_of_unequal_size_have_the_variance_of_all_pairs(void **state)
{
    (void)state;
    static const int sizes[2][3] = {{2, 5, 11}, {4, 0, 8}}; /* workers, 0: none */
    const double own = 0.3, team = 0.1;
    double items = 0, pairs = 0;
    int team_of[30], worker_of[30], count = 0;
    for (int t = 0; t < 2; t++)
        for (int w = 0; w < 3; w++)
            for (int i = 0; i < sizes[t][w]; i++, count++) {
                team_of[count] = t;
                worker_of[count] = 3 * t + w;
            }
    items = count;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            if (team_of[i] == team_of[j])
                pairs += i == j ? 1 : worker_of[i] == worker_of[j] ? own : team;
    /* Means of 6 and 15; squares of 2, 5, 11, 4, 8 and of 18, 12. */
    struct power_design design = {.unit = POWER_TEAMS,
                                  .treated = 0.5,
                                  .items = 6,
                                  .items_cv = sqrt(230.0 / 5 / 36 - 1),
                                  .correlation = own,
                                  .workers = 2.5,
                                  .team_cv = sqrt(468.0 / 2 / 225 - 1),
                                  .team_correlation = team};
    struct power_outcome outcome = spread(3);
    const double copies = 1e7; /* of the two teams, in each arm */
    double wanted = 3 * sqrt(2 * pairs / items / items / copies);
    assert_int_equal(count, 30);
    assert_close(standard_error_of(&design, &outcome, 4 * copies), wanted, 1e-6);
}

static void items_of_workers_compared_with_themselves_lose_what_workers_share(void **state)
{
    (void)state;
    struct power_design design = {
        .unit = POWER_ITEMS, .treated = 0.2, .items = 10, .correlation = 0.4};
    struct power_outcome outcome = spread(2);
    const double workers = 4e7;
    double independent = 2 * sqrt(1 / (0.2 * 10 * workers) + 1 / (0.8 * 10 * workers));
    assert_close(standard_error_of(&design, &outcome, workers), independent, 1e-6);
    design.within = true;
    assert_close(standard_error_of(&design, &outcome, workers), independent * sqrt(0.6), 1e-6);
    design.effect_deviation = 0.5;
    assert_close(standard_error_of(&design, &outcome, workers),
                 sqrt(0.6 * independent * independent + 0.25 / workers), 1e-6);
    double got = 0; /* without any difference it is told in 5 % */
    struct power_design few = {.unit = POWER_ITEMS, .treated = 0.5, .items = 50};
    assert_ok(assay_power(&few, &outcome, 8, 0, 0.95, &got, &error));
    assert_near(got, 0.05, 1e-10);
}

static void shares_take_their_spread_from_themselves(void **state)
{
    (void)state;
    struct power_outcome share = {.share = true, .control = 0.3};
    struct power_outcome same = {.deviation = {sqrt(0.3 * 0.7), sqrt(0.45 * 0.55)}};
    double got = 0, wanted = 0;
    assert_ok(assay_power(&plain, &share, 300, 0.15, 0.95, &got, &error));
    assert_ok(assay_power(&plain, &same, 300, 0.15, 0.95, &wanted, &error));
    assert_near(got, wanted, 1e-14);
    for (int less = 0; less < 2; less++) {
        double difference = 0;
        assert_ok(
            assay_power_detectable(&plain, &share, 300, 0.95, 0.8, less == 1, &difference, &error));
        assert_true(less == 1 ? difference < 0 : difference > 0);
        assert_ok(assay_power(&plain, &share, 300, difference, 0.95, &got, &error));
        assert_near(got, 0.8, 1e-9);
        assert_ok(assay_power_units(&plain, &share, difference, 0.95, 0.8, &got, &error));
        assert_close(got, 300.0, 1e-7);
    }
    assert_int_equal(assay_power_detectable(&plain, &share, 6, 0.95, 0.99, true, &got, &error),
                     ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "no difference"));
}

/* ---- By simulation -------------------------------------------------------------------------- */

enum { workers = 24, most_items = 40 };

/* A trial of 24 workers with 3 to 22 items each, half of them treated, judged by CR2. */
static bool told(struct random *source, const double *sizes, double difference, double correlation)
{
    static const double contrast[] = {0, 1};
    double moments[workers][6];
    const double *list[workers];
    for (size_t g = 0; g < workers; g++) {
        double arm[most_items], value[most_items];
        const double *columns[] = {arm, value};
        double own = sqrt(correlation) * random_normal(source);
        size_t count = (size_t)sizes[g];
        for (size_t i = 0; i < count; i++) {
            arm[i] = (double)(g % 2);
            value[i] = difference * arm[i] + own + sqrt(1 - correlation) * random_normal(source);
        }
        assay_moments_init(2, moments[g]);
        assay_moments_add(2, count, columns, moments[g]);
        list[g] = moments[g];
    }
    struct regression *fit = NULL;
    struct estimate estimate;
    assert_ok(assay_regression_open(2, workers, list, NULL, &fit, &error));
    assert_ok(assay_regression_contrast(fit, VARIANCE_CR2, contrast, 0, 0.95, &estimate, &error));
    assay_regression_close(fit);
    return estimate.interval.low > 0 || estimate.interval.high < 0;
}

static void workers_of_unequal_size_are_told_as_often_as_said(void **state)
{
    (void)state;
    enum { runs = 4000 };
    static const double correlations[] = {0.05, 0.3};
    double sizes[workers], sum = 0, squares = 0;
    for (size_t g = 0; g < workers; g++) { /* the same in both arms */
        size_t more = 19 * (g / 2) / 11;
        sizes[g] = 3 + (double)more;
        sum += sizes[g];
        squares += sizes[g] * sizes[g];
    }
    struct random source = random_seed(21);
    for (size_t c = 0; c < 2; c++) {
        struct power_design design = {.unit = POWER_WORKERS,
                                      .treated = 0.5,
                                      .items = sum / workers,
                                      .items_cv = sqrt(squares * workers / (sum * sum) - 1),
                                      .correlation = correlations[c]};
        struct power_outcome outcome = spread(1);
        double difference = 0;
        int yes = 0;
        assert_ok(assay_power_detectable(&design, &outcome, workers, 0.95, 0.8, false, &difference,
                                         &error));
        for (int run = 0; run < runs; run++)
            yes += told(&source, sizes, difference, correlations[c]);
        (void)printf("correlation %g: told in %.1f %%, said 80 %%\n", correlations[c],
                     100.0 * yes / runs);
        /* Two points for Welch's formula of unequal sizes, and three standard errors. */
        assert_near((double)yes / runs, 0.8, 0.02 + 3 * sqrt(0.16 / runs));
    }
}

/* ---- Refusals ------------------------------------------------------------------------------- */

static void what_is_no_design_is_refused(void **state)
{
    (void)state;
    static const struct power_design wrong[] = {
        {.unit = POWER_WORKERS, .treated = 0, .items = 1},
        {.unit = POWER_WORKERS, .treated = 0.5, .items = 0.5},
        {.unit = POWER_WORKERS, .treated = 0.5, .items = 2, .correlation = 1},
        {.unit = POWER_WORKERS, .treated = 0.5, .items = 2, .items_cv = -1},
        {.unit = POWER_TEAMS, .treated = 0.5, .items = 2},
        {.unit = POWER_TEAMS, .treated = 0.5, .items = 2, .workers = 2, .team_correlation = 0.1},
        {.unit = POWER_ITEMS, .treated = 0.5, .items = 2, .effect_deviation = -1}};
    struct power_outcome outcome = spread(1);
    double got = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(assay_power(&wrong[i], &outcome, 100, 1, 0.95, &got, &error),
                         ERROR_DOMAIN);
    assert_int_equal(assay_power(&plain, &outcome, 3, 1, 0.95, &got, &error), ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "at least 4 are needed"));
    assert_int_equal(assay_power(&plain, &outcome, 10, NAN, 0.95, &got, &error), ERROR_DOMAIN);
    assert_int_equal(assay_power(&plain, &outcome, 10, 1, 1, &got, &error), ERROR_DOMAIN);
    assert_int_equal(assay_power_units(&plain, &outcome, 0, 0.95, 0.8, &got, &error), ERROR_DOMAIN);
    assert_int_equal(assay_power_units(&plain, &outcome, 1e-9, 0.95, 0.8, &got, &error),
                     ERROR_DOMAIN);
    assert_int_equal(assay_power_units(&plain, &outcome, 1, 0.95, 0.05, &got, &error),
                     ERROR_DOMAIN);
    outcome = (struct power_outcome){.share = true, .control = 0.9};
    assert_int_equal(assay_power(&plain, &outcome, 10, 0.2, 0.95, &got, &error), ERROR_DOMAIN);
    outcome = spread(0);
    assert_int_equal(assay_power(&plain, &outcome, 10, 1, 0.95, &got, &error), ERROR_DOMAIN);
    assert_true(got == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(independent_items_have_the_answers_of_power_t_test),
        cmocka_unit_test(a_fixed_design_of_two_means_is_that_of_rpact),
        cmocka_unit_test(workers_of_one_size_are_their_means_and_unequal_arms_are_welch),
        cmocka_unit_test(nested_teams_of_unequal_size_have_the_variance_of_all_pairs),
        cmocka_unit_test(items_of_workers_compared_with_themselves_lose_what_workers_share),
        cmocka_unit_test(shares_take_their_spread_from_themselves),
        cmocka_unit_test(workers_of_unequal_size_are_told_as_often_as_said),
        cmocka_unit_test(what_is_no_design_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
