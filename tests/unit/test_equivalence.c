/* "No material change" is two one-sided t tests at 2.5 % a side, and a guardrail that is held is
   one such test (non-inferiority): both are readings of the one interval, against R's t.test. */

#include "assay/moments.h"
#include "evidence/verdict.h"
#include "table.h"

static struct error error;

/* The difference of two arms by Welch's t. */
static struct estimate welch(const json_t *json)
{
    static const char *const names[] = {"y0", "y1"};
    double value = 0, variance = 0, parts = 0;
    struct estimate out;
    for (size_t arm = 0; arm < 2; arm++) {
        double moments[3];
        size_t count = json_array_size(json_object_get(json, names[arm]));
        assay_moments_init(1, moments);
        for (size_t i = 0; i < count; i++) {
            double one = answer_at(json, names[arm], i);
            const double *columns[] = {&one};
            assay_moments_add(1, 1, columns, moments);
        }
        double part = moments[2] / (double)(count - 1) / (double)count;
        value += arm == 1 ? moments[1] : -moments[1];
        variance += part;
        parts += part * part / (double)(count - 1);
    }
    assert_ok(
        assay_estimate(value, sqrt(variance), variance * variance / parts, 0.95, &out, &error));
    return out;
}

static struct verdict verdict_about(struct interval interval, double margin)
{
    return verdict_of(&(struct verdict_input){.effect = interval, .margin = margin});
}

static void no_material_change_is_two_one_sided_tests(void **state)
{
    (void)state;
    json_t *root = oracle_read("equivalence.json");
    const json_t *cases = json_object_get(root, "cases");
    double margin = answer(root, "margin");
    size_t same = 0;
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *json = json_array_get(cases, i);
        struct estimate got = welch(json);
        assert_near(got.interval.low, answer(json, "low"), 1e-10);
        assert_near(got.interval.high, answer(json, "high"), 1e-10);
        bool both = answer(json, "above_lower") < .025 && answer(json, "below_upper") < .025;
        struct verdict verdict = verdict_about(got.interval, margin);
        assert_true((verdict.word == VERDICT_NO_MATERIAL_CHANGE) == both);
        same += both;
    }
    /* Cases of both kinds, or the test says nothing. */
    assert_true(same >= 5 && same + 5 <= json_array_size(cases));
    json_decref(root);
}

static void a_guardrail_is_held_or_broken_as_a_one_sided_test_says(void **state)
{
    (void)state;
    json_t *root = oracle_read("equivalence.json");
    const json_t *cases = json_object_get(root, "cases");
    size_t counts[3] = {0, 0, 0};
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *json = json_array_get(cases, i);
        struct guardrail guardrail = {welch(json).interval, answer(root, "margin")};
        enum guardrail_state wanted = answer(json, "above_lower") < .025   ? GUARDRAIL_HELD
                                      : answer(json, "below_lower") < .025 ? GUARDRAIL_BROKEN
                                                                           : GUARDRAIL_OPEN;
        assert_int_equal(guardrail_state(guardrail), wanted);
        counts[wanted]++;
    }
    for (size_t kind = 0; kind < 3; kind++)
        assert_true(counts[kind] >= 3);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_material_change_is_two_one_sided_tests),
        cmocka_unit_test(a_guardrail_is_held_or_broken_as_a_one_sided_test_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
