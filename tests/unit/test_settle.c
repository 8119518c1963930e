/* How often a trial with as many people as settle_metric names is settled, in a world whose truth
   is known.

   Half of the people have arm 1, each with a level of their own and 2 to 60 items or so, as
   log-normal numbers are spread; errors are CR2's by person. A first trial of 24 that stays
   unproven says how many times as many people it takes, and a second one of so many other people is
   judged.

   Without arguments: a quick look with bounds. With a number of runs, as in

       build/tests/unit/test_settle 4000

   it prints the shares of docs/methods/comparison.md. */

#include "assay/moments.h"
#include "assay/regression.h"
#include "base/arena.h"
#include "base/random.h"
#include "evidence/compare/settle.h"
#include "evidence/verdict.h"

#include "check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { first_people = 24, people_most = 4000, items_most = 400 };

static const double margin = 0.6;
static const double level = 0.95;
static struct error error;

/* ---- A trial ----------------------------------------------------------------------------------
 */

static void draw_person(struct random *source, bool treated, double effect, double *moments)
{
    static double arm[items_most], outcome[items_most];
    const double *const columns[] = {arm, outcome};
    double own = 0.5 * random_normal(source) + (treated ? effect : 0);
    double wanted = random_log_normal(source, log(10), 0.8);
    size_t items = (size_t)fmin(items_most, fmax(2, round(wanted)));
    for (size_t i = 0; i < items; i++) {
        arm[i] = treated;
        outcome[i] = own + random_normal(source);
    }
    assay_moments_init(2, moments);
    assay_moments_add(2, items, columns, moments);
}

static struct estimate draw_trial(struct random *source, size_t people, double effect)
{
    static double *moments[people_most];
    static const double contrast[] = {0, 1};
    struct regression *fit = NULL;
    struct estimate out;
    assert_true(people <= people_most);
    for (size_t g = 0; g < people; g++) {
        moments[g] = malloc(assay_moments_size(2));
        assert_non_null(moments[g]);
        draw_person(source, g % 2 == 1, effect, moments[g]);
    }
    assert_ok(assay_regression_open(2, people, (const double *const *)moments, NULL, &fit, &error));
    assert_ok(assay_regression_contrast(fit, VARIANCE_CR2, contrast, 0, level, &out, &error));
    assay_regression_close(fit);
    for (size_t g = 0; g < people; g++)
        free(moments[g]);
    return out;
}

static bool is_settled(const struct estimate *estimate)
{
    const struct verdict_input input = {.effect = estimate->interval, .margin = margin};
    return verdict_of(&input).word != VERDICT_UNPROVEN;
}

/* ---- What it says -----------------------------------------------------------------------------
 */

static struct comparison comparison_by(const char *unit, const struct estimate *estimate)
{
    return (struct comparison){
        .exists = true,
        .design = "randomised",
        .unit = unit,
        .arms = {{.items = 300}, {.items = 300}},
        .scale = SCALE_UNIT,
        .estimate = {estimate->value, estimate->interval, estimate->df, estimate->p},
        .level = level,
    };
}

/* The number in "about 2.4 times as many people …". */
static double times_said(const struct estimate *estimate)
{
    struct arena *arena = arena_create();
    struct comparison comparison = comparison_by("worker", estimate);
    double times = 0;
    settle_metric(&comparison, margin, arena);
    assert_int_equal(comparison.items_needed, -1);
    assert_non_null(comparison.needed_why);
    if (strncmp(comparison.needed_why, "a few more people", 17) == 0)
        times = 1.05;
    else
        assert_int_equal(sscanf(comparison.needed_why, "about %lf times as many people", &times),
                         1);
    arena_destroy(arena);
    return times;
}

struct told {
    int trials;
    int settled;
    int settled_with_half; /* of the people that it takes */
    double times;          /* mean */
};

static struct told trials_with(double effect, int runs, uint64_t seed)
{
    struct random source = random_seed(seed);
    struct told told = {0};
    while (told.trials < runs) {
        struct estimate first = draw_trial(&source, first_people, effect);
        if (is_settled(&first))
            continue;
        double times = times_said(&first);
        size_t people = 2 * (size_t)ceil(first_people * times / 2);
        struct estimate second = draw_trial(&source, people, effect);
        struct estimate fewer = draw_trial(&source, 2 * (people / 4), effect);
        told.trials++;
        told.settled += is_settled(&second);
        told.settled_with_half += is_settled(&fewer);
        told.times += (times - told.times) / told.trials;
    }
    return told;
}

static void print_share(double effect, const struct told *told)
{
    double share = (double)told->settled / told->trials;
    (void)printf(
        "effect %.2f of the margin: settled %.1f %% (Monte Carlo error %.1f), with half of "
        "the people %.1f %%; %.1f times as many on average\n",
        effect / margin, 100 * share, 100 * sqrt(share * (1 - share) / told->trials),
        100.0 * told->settled_with_half / told->trials, told->times);
}

static const double effects[] = {0, 0.25, 0.5, 0.75, 1};

/* ---- A guardrail ------------------------------------------------------------------------------
 */

static const double allowed = 0.3;

/* The number in "about 2.4 times as many people …" of an open guardrail; 0: another reason. */
static double times_of_guardrail(const struct estimate *estimate)
{
    struct arena *arena = arena_create();
    const struct metric metric = {.better = METRIC_HIGHER};
    const struct comparison comparison = comparison_by("worker", estimate);
    struct guardrail_result guardrail = {
        .state = GUARDRAIL_OPEN,
        .allow = allowed,
        .effect = estimate->value,
        .interval = estimate->interval,
        .level = level,
        .df = estimate->df,
    };
    double times = 0;
    settle_guardrail(&comparison, &metric, &guardrail, arena);
    assert_int_equal(guardrail.items_needed, -1);
    if (sscanf(guardrail.needed_why, "about %lf times as many people would as likely", &times) != 1)
        times = 0;
    arena_destroy(arena);
    return times;
}

static bool is_held(const struct estimate *estimate)
{
    return guardrail_state((struct guardrail){estimate->interval, allowed}) == GUARDRAIL_HELD;
}

/* ---- Tests ------------------------------------------------------------------------------------
 */

/* R: uniroot of ratio qt((1 + level) / 2, df f) / qt((1 + level) / 2, df) / sqrt(f) - 1. */
static void times_are_those_at_which_the_interval_of_t_fits(void **state)
{
    (void)state;
    assert_close(settle_times(2, 1, 6, 0.95), 2.955203754, 1e-8);
    assert_close(settle_times(3, 2, 21.3, 0.95), 2.114024277, 1e-8);
    assert_close(settle_times(6, 2, 4, 0.90), 5.811666216, 1e-8);
    assert_close(settle_times(0.6, 0.5, 60, 0.99), 1.412841698, 1e-8);
    assert_close(settle_times(2, 1, INFINITY, 0.95), 4.0, 1e-12);
    assert_close(settle_times(2, 1, NAN, 0.95), 4.0, 1e-12);
}

static void where_no_number_would_do_there_is_none(void **state)
{
    (void)state;
    assert_true(isnan(settle_times(2, 0, 9, 0.95)));
    assert_true(isnan(settle_times(2, -1, 9, 0.95)));
    assert_true(isnan(settle_times(INFINITY, 1, 9, 0.95)));
    assert_true(isnan(settle_times(NAN, 1, 9, 0.95)));
    assert_true(isnan(settle_times(2, NAN, 9, 0.95)));
}

static const char *reason_of_comparison(struct arena *arena, struct comparison *comparison)
{
    settle_metric(comparison, margin, arena);
    return comparison->needed_why;
}

static void each_design_says_what_it_takes_more_of(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct estimate estimate = {.value = 0, .df = INFINITY, .interval = {-0.6, 0.6}};
    struct comparison comparison = comparison_by("item", &estimate);
    assert_null(reason_of_comparison(arena, &comparison));
    assert_int_equal(comparison.items_needed, 1800);
    comparison.unit = "worker";
    assert_string_equal(reason_of_comparison(arena, &comparison),
                        "about 4.0 times as many people would most likely settle it, whatever the "
                        "effect is, not more items of the same");
    assert_int_equal(comparison.items_needed, -1);
    comparison.unit = "team";
    assert_non_null(strstr(reason_of_comparison(arena, &comparison), "as many teams would"));
    comparison.design = "switchback";
    assert_non_null(strstr(reason_of_comparison(arena, &comparison), "as many blocks would"));
    comparison.design = "staggered";
    assert_non_null(strstr(reason_of_comparison(arena, &comparison), "who starts when"));
    comparison.design = "randomised";
    comparison.estimate.interval.high = INFINITY;
    assert_non_null(strstr(reason_of_comparison(arena, &comparison), "no bound"));
    comparison.every_look = true;
    assert_non_null(strstr(reason_of_comparison(arena, &comparison), "every look"));
    arena_destroy(arena);
}

/* Four of five at least, and not so many that half of them would have done. The Monte Carlo error
   of a share of .85 over 600 trials is 1.5 points. */
static void with_so_many_people_most_trials_are_settled_whatever_the_effect(void **state)
{
    (void)state;
    enum { runs = 600 };
    for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++) {
        struct told told = trials_with(effects[i] * margin, runs, 7 + i);
        double share = (double)told.settled / runs;
        print_share(effects[i] * margin, &told);
        assert_true(share > 0.8 - 3 * sqrt(0.16 / runs));
        assert_true(share < 0.98);
        if (effects[i] <= 0.5)
            assert_true(told.settled_with_half < 0.7 * runs);
    }
}

/* As likely as not, where the effect stays what the first trial had it to be. Numbers beyond ten
   times are left out: they are of effects near what is allowed, and take long. */
static void with_so_many_people_a_guardrail_is_held_as_likely_as_not(void **state)
{
    (void)state;
    enum { runs = 800 };
    struct random source = random_seed(5);
    int held = 0;
    for (int trials = 0; trials < runs;) {
        struct estimate first = draw_trial(&source, first_people, 0);
        double times = is_held(&first) ? 0 : times_of_guardrail(&first);
        if (times < 1.05 || times > 10)
            continue;
        size_t people = 2 * (size_t)ceil(first_people * times / 2);
        struct estimate second = draw_trial(&source, people, first.value);
        held += is_held(&second);
        trials++;
    }
    (void)printf("held %.1f %%, Monte Carlo error 1.8\n", 100.0 * held / runs);
    assert_near((double)held / runs, 0.5, 3 * sqrt(0.25 / runs));
}

static void print_shares(int runs)
{
    for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++) {
        struct told told = trials_with(effects[i] * margin, runs, 41 + i);
        print_share(effects[i] * margin, &told);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_those_at_which_the_interval_of_t_fits),
        cmocka_unit_test(where_no_number_would_do_there_is_none),
        cmocka_unit_test(each_design_says_what_it_takes_more_of),
        cmocka_unit_test(with_so_many_people_most_trials_are_settled_whatever_the_effect),
        cmocka_unit_test(with_so_many_people_a_guardrail_is_held_as_likely_as_not),
    };
    if (argc > 1) {
        print_shares(atoi(argv[1]));
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
