/* All effects before the start together, against two-sample covariances in R. */

#include "assay/staggered.h"

#include "table.h"

static struct error error;

enum { rows_most = 600, parts_most = 16, clusters_most = 64 };

struct frame {
    int64_t unit[rows_most], period[rows_most], first[rows_most];
    double mean[rows_most];
};

static struct staggered *open_case(const json_t *json)
{
    static struct frame frame;
    const json_t *rows = json_object_get(json, "rows");
    size_t count = json_array_size(json_object_get(rows, "unit"));
    assert_true(count <= rows_most);
    for (size_t i = 0; i < count; i++) {
        double first = answer_at(rows, "first", i);
        frame.unit[i] = (int64_t)answer_at(rows, "unit", i);
        frame.period[i] = (int64_t)answer_at(rows, "period", i);
        frame.first[i] = first == 999999 ? ASSAY_NEVER_TREATED : (int64_t)first;
        frame.mean[i] = answer_at(rows, "mean", i);
    }
    const struct staggered_rows panel = {.count = count,
                                         .unit = frame.unit,
                                         .period = frame.period,
                                         .mean = frame.mean,
                                         .first = frame.first};
    const struct staggered_design design = {.base = STAGGERED_BASE_SAME};
    struct staggered *staggered = NULL;
    assert_ok(assay_staggered_open(&panel, &design, &staggered, &error));
    return staggered;
}

static struct staggered_joint joint_of(const struct staggered *staggered, int64_t before)
{
    struct staggered_effect parts[parts_most];
    static double influence[(parts_most + 1) * clusters_most];
    struct staggered_effects whole;
    struct staggered_joint out;
    size_t count = assay_staggered_parts(staggered, STAGGERED_EVENT);
    size_t clusters = assay_staggered_summary(staggered).clusters;
    assert_true(count <= parts_most && clusters <= clusters_most);
    assert_ok(assay_staggered_effects(staggered, STAGGERED_EVENT, 0.95, NULL, parts, influence,
                                      &whole, &error));
    assert_ok(assay_staggered_joint(parts, influence, count, clusters, before, &out, &error));
    return out;
}

static void effects_before_the_start_are_tested_as_hotelling_does(void **state)
{
    static const char *const cases[] = {"none", "drift", "few"};
    (void)state;
    json_t *root = oracle_read("staggered_joint.json");
    for (size_t i = 0; i < 3; i++) {
        const json_t *json = json_object_get(root, cases[i]);
        struct staggered *staggered = open_case(json);
        struct staggered_joint joint = joint_of(staggered, 0);
        assert_true(joint.told);
        assert_int_equal(joint.effects, (size_t)answer(json, "effects"));
        assert_close(joint.statistic, answer(json, "statistic"), 1e-10);
        assert_close(joint.df, answer(json, "df"), 1e-10);
        assert_close(joint.p, answer(json, "p"), 1e-9);
        assay_staggered_close(staggered);
    }
    json_decref(root);
}

static void more_effects_than_the_units_bear_are_not_told(void **state)
{
    (void)state;
    json_t *root = oracle_read("staggered_joint.json");
    struct staggered *staggered = open_case(json_object_get(root, "too_few"));
    struct staggered_joint joint = joint_of(staggered, 0);
    assert_false(joint.told);
    assert_int_equal(joint.effects, 6);
    assert_true(isnan(joint.p) && isnan(joint.statistic) && isnan(joint.df));
    joint = joint_of(staggered, -6); /* the first alone */
    assert_true(joint.told && joint.effects == 1);
    joint = joint_of(staggered, -9);
    assert_false(joint.told);
    assert_int_equal(joint.effects, 0);
    assay_staggered_close(staggered);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(effects_before_the_start_are_tested_as_hotelling_does),
        cmocka_unit_test(more_effects_than_the_units_bear_are_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
