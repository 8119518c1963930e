#include "assay/multiple.h"

#include "assay/estimate.h"
#include "base/random.h"
#include "table.h"

static struct error error;

static void adjusted_p_values_are_those_of_r(void **state)
{
    (void)state;
    static const double p[] = {.001, .008, .039, .041, .042, .06, .074, .205, .212, .216};
    static const size_t order[] = {7, 2, 0, 9, 4, 1, 3, 8, 5, 6};
    static const char *const names[] = {"holm", "BH"};
    enum { count = 10 };
    if (shared_data() == NULL)
        skip();
    char folder[512], path[64];
    (void)snprintf(folder, sizeof folder, "%s/small_tables", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    for (int kind = 0; kind < 2; kind++) {
        double scratch[2 * count], shuffled[count], got[count];
        assert_int_equal(assay_adjust_scratch(count), 2 * count);
        for (size_t i = 0; i < count; i++)
            shuffled[i] = p[order[i]];
        assert_ok(assay_adjust((enum adjustment)kind, count, shuffled, scratch, got, &error));
        for (size_t i = 0; i < count; i++) {
            (void)snprintf(path, sizeof path, "answers/%s_%zu/value", names[kind], order[i] + 1);
            assert_close(got[i], answer(root, path), 1e-14);
        }
    }
    json_decref(root);
}

/* From their formulas: with ties the largest multiple (Holm) and the smallest (BH) hold for all. */
static void equal_p_values_stay_equal_and_may_be_written_in_place(void **state)
{
    (void)state;
    double scratch[8];
    double p[] = {.02, .5, .02, 1};
    assert_ok(assay_adjust(ADJUSTMENT_HOLM, 4, p, scratch, p, &error));
    assert_close(p[0], .08, 1e-15);
    assert_close(p[1], 1.0, 1e-15);
    assert_close(p[2], .08, 1e-15);
    double q[] = {.02, .5, .02, 1};
    assert_ok(assay_adjust(ADJUSTMENT_BENJAMINI_HOCHBERG, 4, q, scratch, q, &error));
    assert_close(q[0], .04, 1e-15);
    assert_close(q[1], 2.0 / 3, 1e-15);
    assert_close(q[2], .04, 1e-15);
    assert_close(q[3], 1.0, 1e-15);
}

/* ---- Selected intervals ------------------------------------------------------------------- */

enum { most = 60 };

/* The number that Benjamini & Hochberg's own steps select: by sorting, not by intervals. */
static size_t selected_by_steps(size_t count, const double *p, double rate)
{
    size_t selected = 0;
    for (size_t r = 1; r <= count; r++) {
        size_t below = 0;
        for (size_t i = 0; i < count; i++)
            below += p[i] <= rate * (double)r / (double)count;
        if (below >= r)
            selected = r;
    }
    return selected;
}

static void check_property(size_t count, const struct primary *primaries, double rate, bool steps)
{
    bool selected[most];
    double p[most];
    struct selection got;
    assert_ok(assay_select(count, primaries, rate, selected, &got, &error));
    size_t flags = 0;
    for (size_t i = 0; i < count; i++) {
        struct estimate estimate;
        assert_ok(assay_estimate(primaries[i].value, primaries[i].standard_error, primaries[i].df,
                                 got.level, &estimate, &error));
        bool excludes = estimate.interval.low > 0 || estimate.interval.high < 0;
        if (excludes != selected[i])
            fail_msg("answer %zu of %zu", i, count);
        flags += selected[i];
        p[i] = estimate.p;
    }
    assert_int_equal(flags, got.selected);
    double wanted = 1 - rate * fmax((double)got.selected, 1) / (double)count;
    assert_near(got.level, wanted, 1e-15);
    if (steps)
        assert_int_equal(got.selected, selected_by_steps(count, p, rate));
}

static void exactly_the_selected_intervals_exclude_0(void **state)
{
    (void)state;
    struct random source = random_seed(20261126);
    size_t none = 0, all = 0;
    for (int run = 0; run < 20000; run++) {
        struct primary primaries[most];
        size_t count = 1 + (size_t)random_below(&source, most);
        double strength = 4 * random_uniform(&source);
        double rate = run % 3 == 0 ? .05 : .01 + .5 * random_uniform(&source);
        for (size_t i = 0; i < count; i++) {
            double error_size = .1 + random_uniform(&source);
            double mean = random_uniform(&source) < .5 ? strength * error_size : 0;
            primaries[i] = (struct primary){
                mean + error_size * random_normal(&source), error_size,
                random_below(&source, 4) == 0 ? INFINITY : 1 + 40 * random_uniform(&source)};
            if (i > 0 && random_below(&source, 5) == 0) /* a tie, in the other direction */
                primaries[i] = (struct primary){
                    -primaries[i - 1].value, primaries[i - 1].standard_error, primaries[i - 1].df};
        }
        check_property(count, primaries, rate, true);
        bool flags[most];
        struct selection got;
        assert_ok(assay_select(count, primaries, rate, flags, &got, &error));
        none += got.selected == 0;
        all += got.selected == count;
    }
    assert_true(none > 200 && all > 200);
}

/* Values that lie on their limit within a few units in the last place, on either side. */
static void a_value_at_its_limit_never_parts_the_word_from_the_interval(void **state)
{
    (void)state;
    struct random source = random_seed(7);
    for (int run = 0; run < 5000; run++) {
        struct primary primaries[most];
        size_t count = 1 + (size_t)random_below(&source, 12);
        for (size_t i = 0; i < count; i++) {
            double df = random_below(&source, 2) == 0 ? 9 : INFINITY;
            double limit = 0;
            double rank = 1 + (double)random_below(&source, count);
            assert_ok(assay_quantile(1 - .05 * rank / (double)count, df, &limit, &error));
            for (uint64_t step = random_below(&source, 4); step > 0; step--)
                limit = nextafter(limit, random_below(&source, 2) == 0 ? 0 : 1e9);
            primaries[i] = (struct primary){random_below(&source, 2) == 0 ? limit : -limit, 1, df};
        }
        check_property(count, primaries, .05, false);
    }
}

static void one_answer_is_judged_at_its_own_level_and_none_selected_as_one(void **state)
{
    (void)state;
    bool selected[4];
    struct selection got;
    struct primary one = {3, 1, INFINITY};
    assert_ok(assay_select(1, &one, .05, selected, &got, &error));
    assert_int_equal(got.selected, 1);
    assert_near(got.level, .95, 1e-15);
    const struct primary weak[] = {{2, 1, INFINITY}, {1, 1, 5}, {0, 1, 5}, {-2, 1, 30}};
    assert_ok(assay_select(4, weak, .05, selected, &got, &error));
    assert_int_equal(got.selected, 0);
    assert_near(got.level, 1 - .05 / 4, 1e-15);
    for (size_t i = 0; i < 4; i++)
        assert_false(selected[i]);
}

static void p_values_select_as_r_does_but_at_the_limit_itself(void **state)
{
    (void)state;
    static const double p[] = {.001, .008, .039, .041, .042, .06, .074, .205, .212, .216};
    bool selected[10];
    struct selection got;
    assert_ok(assay_select_p(10, p, .05, selected, &got, &error));
    assert_int_equal(got.selected, 2); /* R: BH adjusted .01 and .04, the next .084 */
    assert_true(selected[0] && selected[1] && !selected[2]);
    assert_near(got.level, .99, 1e-15);
    const double limit = .25;
    assert_ok(assay_select_p(1, &limit, .25, selected, &got, &error));
    assert_int_equal(got.selected, 0);
}

static void what_is_no_p_value_or_no_answer_is_refused(void **state)
{
    (void)state;
    double scratch[4];
    double out[2] = {7, 7};
    bool selected[2];
    struct selection got = {.selected = 9};
    static const double wrong[][2] = {{.5, -.1}, {NAN, .5}, {.5, 1.1}};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(assay_adjust(ADJUSTMENT_HOLM, 2, wrong[i], scratch, out, &error),
                         ERROR_DOMAIN);
        assert_int_equal(assay_select_p(2, wrong[i], .05, selected, &got, &error), ERROR_DOMAIN);
    }
    assert_int_equal(assay_adjust(ADJUSTMENT_HOLM, 0, scratch, scratch, out, &error), ERROR_DOMAIN);
    static const struct primary none[] = {{1, 0, 5}, {NAN, 1, 5}, {1, 1, 0}, {1, INFINITY, 5}};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(assay_select(1, &none[i], .05, selected, &got, &error), ERROR_DOMAIN);
    const struct primary fine = {1, 1, 5};
    assert_int_equal(assay_select(1, &fine, 1, selected, &got, &error), ERROR_DOMAIN);
    assert_int_equal(assay_select(0, &fine, .05, selected, &got, &error), ERROR_DOMAIN);
    assert_true(out[0] == 7 && got.selected == 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adjusted_p_values_are_those_of_r),
        cmocka_unit_test(equal_p_values_stay_equal_and_may_be_written_in_place),
        cmocka_unit_test(exactly_the_selected_intervals_exclude_0),
        cmocka_unit_test(a_value_at_its_limit_never_parts_the_word_from_the_interval),
        cmocka_unit_test(one_answer_is_judged_at_its_own_level_and_none_selected_as_one),
        cmocka_unit_test(p_values_select_as_r_does_but_at_the_limit_itself),
        cmocka_unit_test(what_is_no_p_value_or_no_answer_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
