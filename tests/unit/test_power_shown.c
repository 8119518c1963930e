#include "check.h"

#include "assay/power_shown.h"

#include <math.h>

enum { units = 40, runs = 1000 };

static struct error error;

/* Items of 40 units: all alike, or as log-normal numbers lie at their quantiles. */
static void fill(double *items, double spread)
{
    static const double normal[] = {-1.96, -1.44, -1.15, -0.93, -0.76, -0.6, -0.45,
                                    -0.32, -0.19, -0.06, 0.06,  0.19,  0.32, 0.45,
                                    0.6,   0.76,  0.93,  1.15,  1.44,  1.96};
    for (size_t g = 0; g < units; g++)
        items[g] = fmax(1, round(10 * exp(spread * normal[g % 20])));
}

/* The formula is that of R's power.t.test (tests/unit/test_power.c). */
static void even_arms_of_units_alike_have_the_power_of_the_formula(void **state)
{
    (void)state;
    double items[units];
    const struct shown_design shown = {units, items, 0.5, 0.1};
    const struct power_design design = {
        .unit = POWER_WORKERS, .treated = 0.5, .items = 10, .correlation = 0.1};
    const struct power_outcome outcome = {.deviation = {2, 2}};
    fill(items, 0);
    for (double difference = 0; difference < 1.5; difference += 0.25) {
        double got = NAN;
        double wanted = NAN;
        assert_ok(assay_power_shown(&shown, &outcome, units, 1, difference, 0.95, runs, 20, &got,
                                    &error));
        assert_ok(assay_power(&design, &outcome, units, difference, 0.95, &wanted, &error));
        assert_near(got, wanted, 3.5 * sqrt(wanted * (1 - wanted) / runs));
    }
}

static void an_interval_that_is_wider_tells_less_and_more_units_or_items_tell_more(void **state)
{
    (void)state;
    double items[units];
    const struct shown_design shown = {units, items, 0.2, 0.01};
    const struct power_outcome rare = {.share = true, .control = 0.1};
    double none = NAN, some = NAN, more = NAN, twice = NAN;
    fill(items, 0.9);
    assert_ok(assay_power_shown(&shown, &rare, units, 1, 0, 0.95, runs, 20, &none, &error));
    assert_ok(assay_power_shown(&shown, &rare, units, 1, -0.07, 0.95, runs, 20, &some, &error));
    assert_ok(assay_power_shown(&shown, &rare, units, 3, -0.07, 0.95, runs, 20, &more, &error));
    assert_ok(
        assay_power_shown(&shown, &rare, 3 * units, 1, -0.07, 0.95, runs, 20, &twice, &error));
    assert_true(none < 0.05 + 3 * sqrt(0.0475 / runs));
    assert_true(some < 0.6); /* CR2 alone: .8 */
    assert_true(more > some + 0.1 && twice > some + 0.1);
}

static void what_is_no_trial_is_refused(void **state)
{
    (void)state;
    double items[units];
    double got = 7;
    struct shown_design shown = {units, items, 0.02, 0.1};
    const struct power_outcome rare = {.share = true, .control = 0.1};
    fill(items, 0);
    assert_int_equal(assay_power_shown(&shown, &rare, units, 1, 0, 0.95, runs, 1, &got, &error),
                     ERROR_DOMAIN); /* an arm of one */
    shown.treated = 0.5;
    assert_int_equal(assay_power_shown(&shown, &rare, units, 1, -0.2, 0.95, runs, 1, &got, &error),
                     ERROR_DOMAIN);
    assert_int_equal(assay_power_shown(&shown, &rare, NAN, 1, 0, 0.95, runs, 1, &got, &error),
                     ERROR_DOMAIN);
    assert_int_equal(assay_power_shown(&shown, &rare, units, 1, 0, 1, runs, 1, &got, &error),
                     ERROR_DOMAIN);
    assert_true(got == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(even_arms_of_units_alike_have_the_power_of_the_formula),
        cmocka_unit_test(an_interval_that_is_wider_tells_less_and_more_units_or_items_tell_more),
        cmocka_unit_test(what_is_no_trial_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
