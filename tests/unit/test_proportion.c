#include "assay/proportion.h"

#include "table.h"

static struct error error;

static void intervals_of_one_proportion_agree_with_r(void **state)
{
    (void)state;
    json_t *root = oracle_read("proportion.json");
    json_t *one = NULL;
    size_t index = 0;
    json_array_foreach(json_object_get(root, "one"), index, one)
    {
        struct proportion proportion = {(size_t)answer(one, "events"),
                                        (size_t)answer(one, "count")};
        struct interval wilson;
        struct interval exact;
        double level = answer(one, "level");
        assert_ok(assay_proportion_wilson(proportion, level, &wilson, &error));
        assert_ok(assay_proportion_exact(proportion, level, &exact, &error));
        /* prop.test forms both ends as differences, and so keeps fewer digits of small ones */
        assert_near(wilson.low, answer(one, "wilson_low"), 1e-14);
        assert_near(wilson.high, answer(one, "wilson_high"), 1e-14);
        assert_close(exact.low, answer(one, "exact_low"), 1e-12);
        assert_close(exact.high, answer(one, "exact_high"), 1e-12);
    }
    assert_int_equal(index, 33);
    json_decref(root);
}

static void differences_agree_with_limits_of_r(void **state)
{
    (void)state;
    json_t *root = oracle_read("proportion.json");
    json_t *one = NULL;
    size_t index = 0;
    json_array_foreach(json_object_get(root, "difference"), index, one)
    {
        struct interval got;
        assert_ok(assay_proportion_difference(
            (struct proportion){(size_t)answer(one, "events_1"), (size_t)answer(one, "count_1")},
            (struct proportion){(size_t)answer(one, "events_0"), (size_t)answer(one, "count_0")},
            answer(one, "level"), &got, &error));
        assert_near(got.low, answer(one, "low"), 1e-13);
        assert_near(got.high, answer(one, "high"), 1e-13);
    }
    assert_int_equal(index, 30);
    json_decref(root);
}

/* Table II, method 10, to the four digits that are printed. */
static void differences_agree_with_newcombes_table(void **state)
{
    (void)state;
    static const struct {
        struct proportion one, zero;
        double low, high;
    } rows[] = {
        {{56, 70}, {48, 80}, 0.0524, 0.3339}, {{9, 10}, {3, 10}, 0.1705, 0.8090},
        {{6, 7}, {2, 7}, 0.0582, 0.8062},     {{5, 56}, {0, 29}, -0.0381, 0.1926},
        {{0, 10}, {0, 20}, -0.1611, 0.2775},  {{0, 10}, {0, 10}, -0.2775, 0.2775},
        {{10, 10}, {0, 20}, 0.6791, 1.0000},  {{10, 10}, {0, 10}, 0.6075, 1.0000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct interval got;
        assert_ok(assay_proportion_difference(rows[i].one, rows[i].zero, 0.95, &got, &error));
        assert_near(got.low, rows[i].low, 5.1e-5);
        assert_near(got.high, rows[i].high, 5.1e-5);
    }
}

static void intervals_agree_with_small_tables(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    static const struct proportion cases[] = {{8, 10}, {0, 20}, {15, 148}, {81, 263}};
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/small_tables", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static const char *const kinds[] = {"wilson", "clopper"};
        struct interval got[2];
        assert_ok(assay_proportion_wilson(cases[i], 0.95, &got[0], &error));
        assert_ok(assay_proportion_exact(cases[i], 0.95, &got[1], &error));
        for (size_t k = 0; k < 2; k++) {
            char path[64];
            (void)snprintf(path, sizeof path, "answers/%s_lo_%zu_%zu/value", kinds[k],
                           cases[i].events, cases[i].count);
            assert_near(got[k].low, answer(root, path), 1e-14);
            (void)snprintf(path, sizeof path, "answers/%s_hi_%zu_%zu/value", kinds[k],
                           cases[i].events, cases[i].count);
            assert_near(got[k].high, answer(root, path), 1e-14);
        }
    }
    json_decref(root);
}

static void what_is_no_proportion_is_refused(void **state)
{
    (void)state;
    struct interval got = {7, 8};
    const struct proportion fine = {1, 2};
    const struct proportion wrong[] = {{0, 0}, {3, 2}};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(assay_proportion_wilson(wrong[i], 0.95, &got, &error), ERROR_DOMAIN);
        assert_int_equal(assay_proportion_exact(wrong[i], 0.95, &got, &error), ERROR_DOMAIN);
        assert_int_equal(assay_proportion_difference(fine, wrong[i], 0.95, &got, &error),
                         ERROR_DOMAIN);
        assert_int_equal(assay_proportion_difference(wrong[i], fine, 0.95, &got, &error),
                         ERROR_DOMAIN);
    }
    static const double levels[] = {0, 1, NAN};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(assay_proportion_wilson(fine, levels[i], &got, &error), ERROR_DOMAIN);
        assert_int_equal(assay_proportion_exact(fine, levels[i], &got, &error), ERROR_DOMAIN);
    }
    assert_near(got.low, 7, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_of_one_proportion_agree_with_r),
        cmocka_unit_test(differences_agree_with_limits_of_r),
        cmocka_unit_test(differences_agree_with_newcombes_table),
        cmocka_unit_test(intervals_agree_with_small_tables),
        cmocka_unit_test(what_is_no_proportion_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
