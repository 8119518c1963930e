#include "evidence/verdict.h"

#include "check.h"

/* The nine rules once more, as a table of conditions on four facts about the effect and two about
   the guardrails. Written from docs/methods/comparison.md, not from verdict.c. */

static const double margin = 2;

/* Around 0 and both margins, with the exact borders and their neighbours. */
static const double limits[] = {
    -INFINITY,    -9, -2.5,         -2.0000000001, -2, -1.9999999999, -1, -1e-300, 0, 1e-300, 1,
    1.9999999999, 2,  2.0000000001, 2.5,           9,  INFINITY};
enum { limit_count = sizeof limits / sizeof limits[0] };

enum condition {
    SMALL = 1,
    FAILED = 2,
    FOUND = 4,
    GAIN = 8,      /* 0 < l */
    LOSS = 16,     /* u < 0 */
    WITHIN = 32,   /* |l| and |u| both under the margin */
    A_BROKEN = 64, /* of the guardrails */
    AN_OPEN = 128,
};

static const struct {
    unsigned needs;
    enum verdict_word word;
    enum verdict_reason reason;
    bool leans;
} rules[] = {
    {SMALL, VERDICT_WITHHELD, REASON_SMALL_GROUP, false},
    {FAILED, VERDICT_UNPROVEN, REASON_CHECK, false},
    {FOUND, VERDICT_UNPROVEN, REASON_AS_FOUND, true},
    {A_BROKEN | GAIN, VERDICT_TRADE_OFF, REASON_GUARDRAIL, false},
    {A_BROKEN, VERDICT_WORSE, REASON_GUARDRAIL, false},
    {WITHIN, VERDICT_NO_MATERIAL_CHANGE, REASON_NONE, true},
    {LOSS, VERDICT_WORSE, REASON_NONE, false},
    {GAIN | AN_OPEN, VERDICT_UNPROVEN, REASON_GUARDRAIL, false},
    {GAIN, VERDICT_BETTER, REASON_NONE, false},
    {0, VERDICT_UNPROVEN, REASON_TOO_FEW, false},
};

static bool is_broken(struct guardrail g)
{
    return g.interval.high + g.allow < 0;
}

static bool is_held(struct guardrail g)
{
    return g.interval.low + g.allow > 0;
}

static unsigned conditions(const struct verdict_input *input)
{
    double low = input->effect.low;
    double high = input->effect.high;
    unsigned all = (input->small_group ? SMALL : 0U) | (input->check_failed ? FAILED : 0U) |
                   (input->as_found ? FOUND : 0U) | (low > 0 ? GAIN : 0U) | (high < 0 ? LOSS : 0U) |
                   (fabs(low) < input->margin && fabs(high) < input->margin ? WITHIN : 0U);
    for (size_t i = 0; i < input->guardrail_count; i++) {
        all |= is_broken(input->guardrails[i]) ? A_BROKEN : 0U;
        if (!is_broken(input->guardrails[i]) && !is_held(input->guardrails[i]))
            all |= AN_OPEN;
    }
    return all;
}

static struct verdict by_table(const struct verdict_input *input)
{
    unsigned have = conditions(input);
    size_t rule = 0;
    while ((rules[rule].needs & ~have) != 0)
        rule++;
    struct verdict wanted = {.word = rules[rule].word, .reason = rules[rule].reason};
    if (rules[rule].leans && (have & (GAIN | LOSS)) != 0)
        wanted.leaning = (have & GAIN) != 0 ? LEANING_BETTER : LEANING_WORSE;
    wanted.target_met = wanted.word == VERDICT_BETTER && input->effect.low >= input->margin;
    return wanted;
}

static const char *describe(const struct verdict_input *input)
{
    static char text[512];
    int length = snprintf(text, sizeof text, "small %d, failed %d, found %d, effect %.12g … %.12g",
                          input->small_group, input->check_failed, input->as_found,
                          input->effect.low, input->effect.high);
    for (size_t i = 0; i < input->guardrail_count; i++)
        length += snprintf(text + length, sizeof text - (size_t)length,
                           ", guardrail %.12g … %.12g allow %g", input->guardrails[i].interval.low,
                           input->guardrails[i].interval.high, input->guardrails[i].allow);
    return text;
}

/* ---- The grid --------------------------------------------------------------------------- */

typedef void visit(const struct verdict_input *input);

static void visit_effects(visit *each, const struct guardrail *guardrails, size_t count)
{
    for (unsigned flags = 0; flags < 8; flags++)
        for (size_t l = 0; l < limit_count; l++)
            for (size_t u = l; u < limit_count; u++)
                each(&(struct verdict_input){
                    .small_group = (flags & 1) != 0,
                    .check_failed = (flags & 2) != 0,
                    .as_found = (flags & 4) != 0,
                    .effect = {limits[l], limits[u]},
                    .margin = margin,
                    .guardrails = guardrails,
                    .guardrail_count = count,
                });
}

/* Every interval beside every allowance, borders included: -allow is one of the limits. */
static size_t all_guardrails(struct guardrail *out)
{
    static const double ends[] = {-3, -2, -1, -0.5, 0, 1};
    static const double allows[] = {0, 1, 2};
    enum { end_count = sizeof ends / sizeof ends[0] };
    size_t count = 0;
    for (size_t a = 0; a < sizeof allows / sizeof allows[0]; a++)
        for (size_t l = 0; l < end_count; l++)
            for (size_t u = l; u < end_count; u++)
                out[count++] = (struct guardrail){{ends[l], ends[u]}, allows[a]};
    return count;
}

static void visit_everything(visit *each)
{
    struct guardrail one[63];
    size_t count = all_guardrails(one);
    assert_int_equal(count, 63);
    visit_effects(each, NULL, 0);
    for (size_t i = 0; i < count; i++) {
        visit_effects(each, &one[i], 1);
        for (size_t k = 0; k < count; k++)
            visit_effects(each, (struct guardrail[]){one[i], one[k]}, 2);
    }
}

/* ---- The tests -------------------------------------------------------------------------- */

static void same_as_the_table(const struct verdict_input *input)
{
    struct verdict got = verdict_of(input);
    struct verdict wanted = by_table(input);
    if (got.word != wanted.word || got.reason != wanted.reason || got.leaning != wanted.leaning ||
        got.target_met != wanted.target_met)
        fail_msg("%s: %s, wanted %s", describe(input), verdict_word_code(got.word),
                 verdict_word_code(wanted.word));
}

static void the_nine_rules_hold_over_the_whole_grid(void **state)
{
    (void)state;
    visit_everything(same_as_the_table);
}

static void not_better_unless_all_hold(const struct verdict_input *input)
{
    if (verdict_of(input).word != VERDICT_BETTER)
        return;
    for (size_t i = 0; i < input->guardrail_count; i++)
        if (!is_held(input->guardrails[i]))
            fail_msg("better beside a guardrail that does not hold: %s", describe(input));
}

static void nothing_is_better_while_a_guardrail_is_broken_or_open(void **state)
{
    (void)state;
    visit_everything(not_better_unless_all_hold);
}

static void withheld_just_if_small(const struct verdict_input *input)
{
    if ((verdict_of(input).word == VERDICT_WITHHELD) != input->small_group)
        fail_msg("%s", describe(input));
}

static void withheld_means_a_small_group_and_a_small_group_means_withheld(void **state)
{
    (void)state;
    visit_everything(withheld_just_if_small);
}

static void withheld_shows_nothing(const struct verdict_input *input)
{
    struct verdict got = verdict_of(input);
    if (input->small_group && (got.leaning != LEANING_NONE || got.target_met))
        fail_msg("a withheld verdict hints at its effect: %s", describe(input));
}

static void a_withheld_verdict_hints_at_nothing(void **state)
{
    (void)state;
    visit_everything(withheld_shows_nothing);
}

static void target_only_if_better(const struct verdict_input *input)
{
    struct verdict got = verdict_of(input);
    bool met = got.word == VERDICT_BETTER && !(input->effect.low < input->margin);
    if (got.target_met != met)
        fail_msg("%s", describe(input));
}

static void the_target_is_met_only_by_better_from_the_margin_on(void **state)
{
    (void)state;
    visit_everything(target_only_if_better);
}

/* A better effect never gives a worse word, where nothing else changes. */
static void a_higher_interval_never_earns_a_worse_word(void **state)
{
    (void)state;
    static const int rank[] = {[VERDICT_WORSE] = 0,
                               [VERDICT_UNPROVEN] = 1,
                               [VERDICT_NO_MATERIAL_CHANGE] = 1,
                               [VERDICT_BETTER] = 2};
    for (double width = 0; width < 8; width += 0.25) {
        int before = 0;
        for (double low = -8; low < 8; low += 0.125) {
            struct verdict_input input = {.effect = {low, low + width}, .margin = margin};
            int now = rank[verdict_of(&input).word];
            if (now < before)
                fail_msg("%s", describe(&input));
            before = now;
        }
    }
}

static void an_effect_that_is_no_number_says_nothing(void **state)
{
    (void)state;
    struct guardrail one[63];
    size_t count = all_guardrails(one);
    for (unsigned flags = 0; flags < 8; flags++)
        for (size_t i = 0; i <= count; i++) {
            struct verdict_input input = {
                .small_group = (flags & 1) != 0,
                .check_failed = (flags & 2) != 0,
                .as_found = (flags & 4) != 0,
                .effect = {NAN, NAN},
                .margin = margin,
                .guardrails = one,
                .guardrail_count = i < count ? 1 : 0,
            };
            if (i < count)
                input.guardrails = &one[i];
            struct verdict got = verdict_of(&input);
            bool broken = input.guardrail_count > 0 && is_broken(one[i]);
            assert_int_equal(got.leaning, LEANING_NONE);
            assert_false(got.target_met);
            /* A broken guardrail is a loss of its own, whatever the effect. */
            if (broken && flags == 0)
                assert_int_equal(got.word, VERDICT_WORSE);
            else
                assert_true(got.word == VERDICT_UNPROVEN || got.word == VERDICT_WITHHELD);
        }
}

static void a_guardrail_that_is_no_number_is_open(void **state)
{
    (void)state;
    struct guardrail unknown = {{NAN, NAN}, 1};
    assert_int_equal(guardrail_state(unknown), GUARDRAIL_OPEN);
    struct verdict_input input = {
        .effect = {3, 5}, .margin = margin, .guardrails = &unknown, .guardrail_count = 1};
    struct verdict got = verdict_of(&input);
    assert_int_equal(got.word, VERDICT_UNPROVEN);
    assert_int_equal(got.reason, REASON_GUARDRAIL);
}

static void limits_on_the_border_prove_nothing(void **state)
{
    (void)state;
    static const struct {
        struct interval effect;
        enum verdict_word word;
        enum verdict_leaning leaning;
        bool target_met;
    } rows[] = {
        {{-2, 1}, VERDICT_UNPROVEN, LEANING_NONE, false},
        {{-1, 2}, VERDICT_UNPROVEN, LEANING_NONE, false},
        {{0, 2}, VERDICT_UNPROVEN, LEANING_NONE, false},
        {{0, 5}, VERDICT_UNPROVEN, LEANING_NONE, false},
        {{-5, 0}, VERDICT_UNPROVEN, LEANING_NONE, false},
        {{0, 0}, VERDICT_NO_MATERIAL_CHANGE, LEANING_NONE, false},
        {{0.5, 1.5}, VERDICT_NO_MATERIAL_CHANGE, LEANING_BETTER, false},
        {{-1.5, -0.5}, VERDICT_NO_MATERIAL_CHANGE, LEANING_WORSE, false},
        {{-2, -1}, VERDICT_WORSE, LEANING_NONE, false},
        {{1, 2}, VERDICT_BETTER, LEANING_NONE, false},
        {{2, 2}, VERDICT_BETTER, LEANING_NONE, true},
        {{-INFINITY, INFINITY}, VERDICT_UNPROVEN, LEANING_NONE, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verdict got =
            verdict_of(&(struct verdict_input){.effect = rows[i].effect, .margin = margin});
        if (got.word != rows[i].word || got.leaning != rows[i].leaning ||
            got.target_met != rows[i].target_met)
            fail_msg("row %zu: %s", i, verdict_word_code(got.word));
    }
}

static void a_guardrail_on_its_allowance_is_open(void **state)
{
    (void)state;
    assert_int_equal(guardrail_state((struct guardrail){{-1, 3}, 1}), GUARDRAIL_OPEN);
    assert_int_equal(guardrail_state((struct guardrail){{-3, -1}, 1}), GUARDRAIL_OPEN);
    assert_int_equal(guardrail_state((struct guardrail){{-0.5, 3}, 1}), GUARDRAIL_HELD);
    assert_int_equal(guardrail_state((struct guardrail){{-3, -1.5}, 1}), GUARDRAIL_BROKEN);
    assert_int_equal(guardrail_state((struct guardrail){{0, 0}, 0}), GUARDRAIL_OPEN);
}

static void every_word_has_the_code_of_the_document(void **state)
{
    (void)state;
    assert_string_equal(verdict_word_code(VERDICT_WITHHELD), "withheld");
    assert_string_equal(verdict_word_code(VERDICT_UNPROVEN), "unproven");
    assert_string_equal(verdict_word_code(VERDICT_TRADE_OFF), "trade_off");
    assert_string_equal(verdict_word_code(VERDICT_WORSE), "worse");
    assert_string_equal(verdict_word_code(VERDICT_NO_MATERIAL_CHANGE), "no_material_change");
    assert_string_equal(verdict_word_code(VERDICT_BETTER), "better");
    assert_null(verdict_reason_code(REASON_NONE));
    assert_string_equal(verdict_reason_code(REASON_SMALL_GROUP), "small_group");
    assert_string_equal(verdict_reason_code(REASON_CHECK), "check");
    assert_string_equal(verdict_reason_code(REASON_AS_FOUND), "as_found");
    assert_string_equal(verdict_reason_code(REASON_GUARDRAIL), "guardrail");
    assert_string_equal(verdict_reason_code(REASON_TOO_FEW), "too_few");
    assert_null(verdict_leaning_code(LEANING_NONE));
    assert_string_equal(verdict_leaning_code(LEANING_BETTER), "better");
    assert_string_equal(verdict_leaning_code(LEANING_WORSE), "worse");
    assert_string_equal(guardrail_state_code(GUARDRAIL_HELD), "held");
    assert_string_equal(guardrail_state_code(GUARDRAIL_BROKEN), "broken");
    assert_string_equal(guardrail_state_code(GUARDRAIL_OPEN), "open");
}

static void an_interval_with_one_limit_that_is_no_number_says_nothing(void **state)
{
    (void)state;
    const struct interval halves[] = {{0.5, NAN}, {NAN, -0.5}};
    for (size_t i = 0; i < 2; i++) {
        struct verdict_input input = {.effect = halves[i], .margin = 0.1};
        assert_int_equal(verdict_of(&input).word, VERDICT_UNPROVEN);
        struct guardrail guardrail = {halves[i], 0.01};
        assert_int_equal(guardrail_state(guardrail), GUARDRAIL_OPEN);
    }
}

/* What is not bounded on one side can still be told from 0, and never lies within the margin. */
static void an_interval_with_one_bound_says_what_that_bound_says(void **state)
{
    (void)state;
    static const struct {
        struct interval effect;
        enum verdict_word word;
        bool target_met;
    } rows[] = {
        {{1, INFINITY}, VERDICT_BETTER, false},    {{2.5, INFINITY}, VERDICT_BETTER, true},
        {{0, INFINITY}, VERDICT_UNPROVEN, false},  {{-1, INFINITY}, VERDICT_UNPROVEN, false},
        {{-INFINITY, 1}, VERDICT_UNPROVEN, false}, {{-INFINITY, -1}, VERDICT_WORSE, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verdict got =
            verdict_of(&(struct verdict_input){.effect = rows[i].effect, .margin = margin});
        if (got.word != rows[i].word || got.target_met != rows[i].target_met)
            fail_msg("row %zu: %s", i, verdict_word_code(got.word));
    }
    struct guardrail held = {{-0.5, INFINITY}, 1};
    struct guardrail broken = {{-INFINITY, -2}, 1};
    struct guardrail open = {{-INFINITY, 2}, 1};
    assert_int_equal(guardrail_state(held), GUARDRAIL_HELD);
    assert_int_equal(guardrail_state(broken), GUARDRAIL_BROKEN);
    assert_int_equal(guardrail_state(open), GUARDRAIL_OPEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interval_with_one_bound_says_what_that_bound_says),
        cmocka_unit_test(an_interval_with_one_limit_that_is_no_number_says_nothing),
        cmocka_unit_test(the_nine_rules_hold_over_the_whole_grid),
        cmocka_unit_test(nothing_is_better_while_a_guardrail_is_broken_or_open),
        cmocka_unit_test(withheld_means_a_small_group_and_a_small_group_means_withheld),
        cmocka_unit_test(a_withheld_verdict_hints_at_nothing),
        cmocka_unit_test(the_target_is_met_only_by_better_from_the_margin_on),
        cmocka_unit_test(a_higher_interval_never_earns_a_worse_word),
        cmocka_unit_test(an_effect_that_is_no_number_says_nothing),
        cmocka_unit_test(a_guardrail_that_is_no_number_is_open),
        cmocka_unit_test(limits_on_the_border_prove_nothing),
        cmocka_unit_test(a_guardrail_on_its_allowance_is_open),
        cmocka_unit_test(every_word_has_the_code_of_the_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
