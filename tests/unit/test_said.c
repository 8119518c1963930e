/* What is said and the word of the verdict agree, in every format and over the grid of verdicts. */

#include "check.h"

#include "report/csv.h"
#include "report/document.h"
#include "report/markdown.h"
#include "report/publish.h"
#include "report/text.h"

#include <math.h>
#include <string.h>

/* What a sentence says of a verdict, and what stands beside its word. */
struct saying {
    enum verdict_word word;
    enum verdict_reason reason;
    enum verdict_leaning leaning;
    const char *sentence;
    const char *said; /* in text and Markdown */
    const char *code; /* in JSON and CSV */
    size_t seen;
};

static struct saying sayings[] = {
    {VERDICT_BETTER, REASON_NONE, LEANING_NONE, "It is better with AI", "better", "better", 0},
    {VERDICT_TRADE_OFF, REASON_GUARDRAIL, LEANING_NONE, "better with AI, at a price", "at a price",
     "trade_off", 0},
    {VERDICT_WORSE, REASON_NONE, LEANING_NONE, "It is worse with AI.", "worse", "worse", 0},
    {VERDICT_WORSE, REASON_GUARDRAIL, LEANING_NONE,
     "It is worse with AI: what may not get worse did, and no gain is shown.", "worse", "worse", 0},
    {VERDICT_NO_MATERIAL_CHANGE, REASON_NONE, LEANING_NONE, "There is no difference that matters.",
     "no change", "no_material_change", 0},
    {VERDICT_NO_MATERIAL_CHANGE, REASON_NONE, LEANING_BETTER, "gain with AI, less than", "gain",
     "no_material_change", 0},
    {VERDICT_NO_MATERIAL_CHANGE, REASON_NONE, LEANING_WORSE, "loss with AI, less than", "loss",
     "no_material_change", 0},
    {VERDICT_UNPROVEN, REASON_CHECK, LEANING_NONE, "A check of the data failed", "unproven",
     "unproven", 0},
    {VERDICT_UNPROVEN, REASON_AS_FOUND, LEANING_NONE, "does not show what AI did.", "unproven",
     "unproven", 0},
    {VERDICT_UNPROVEN, REASON_AS_FOUND, LEANING_BETTER,
     "does not show what AI did. It leans to better with AI.", "leans to better", "unproven", 0},
    {VERDICT_UNPROVEN, REASON_AS_FOUND, LEANING_WORSE,
     "does not show what AI did. It leans to worse with AI.", "leans to worse", "unproven", 0},
    {VERDICT_UNPROVEN, REASON_GUARDRAIL, LEANING_NONE,
     "It is better with AI, but that nothing else got worse is not shown.", "unproven", "unproven",
     0},
    {VERDICT_UNPROVEN, REASON_TOO_FEW, LEANING_NONE, "That is not enough to say.", "unproven",
     "unproven", 0},
};
enum { saying_count = sizeof sayings / sizeof sayings[0] };

/* Phrases that only some verdicts may use, whatever else is said. */
static const struct {
    const char *phrase;
    unsigned words;
} claims[] = {
    {"It is better", 1U << VERDICT_BETTER | 1U << VERDICT_TRADE_OFF},
    {"at a price", 1U << VERDICT_TRADE_OFF},
    {"It is worse", 1U << VERDICT_WORSE},
    {"no difference that matters", 1U << VERDICT_NO_MATERIAL_CHANGE},
    {"a small gain", 1U << VERDICT_NO_MATERIAL_CHANGE},
    {"a small loss", 1U << VERDICT_NO_MATERIAL_CHANGE},
    {"is a gain", 1U << VERDICT_NO_MATERIAL_CHANGE},
    {"is a loss", 1U << VERDICT_NO_MATERIAL_CHANGE},
    {"leans to", 1U << VERDICT_UNPROVEN},
    {"by at least what was planned", 1U << VERDICT_BETTER},
    {"by at least what the plan asks", 0},
    {"not enough to say", 1U << VERDICT_UNPROVEN},
};

static struct saying *saying_of(const struct verdict *verdict)
{
    for (size_t i = 0; i < saying_count; i++)
        if (sayings[i].word == verdict->word && sayings[i].reason == verdict->reason &&
            sayings[i].leaning == verdict->leaning)
            return &sayings[i];
    fail_msg("nothing is said of %s", verdict_word_code(verdict->word));
    return sayings;
}

static struct row row_of(const struct verdict_input *input, bool planned)
{
    struct row row = {
        .use_case = "help",
        .metric = {"score", "Score", "points", "mean", false},
        .change = {.why_not = "there is no earlier period to compare with"},
        .comparison = {.exists = true,
                       .design = input->as_found ? "as_found" : "randomised",
                       .unit = "item",
                       .arms_from = input->as_found ? ARMS_USE : ARMS_ASSIGNED,
                       .arms_why = "so",
                       .arms = {{"no_ai", 500, 40, 50}, {"ai", 500, 40, 50}},
                       .scale = SCALE_UNIT,
                       .estimate = {(input->effect.low + input->effect.high) / 2, input->effect, 30,
                                    0.04},
                       .level = 0.95,
                       .errors = "cr2",
                       .errors_by = "worker",
                       .clusters = 80,
                       .fewest = 40,
                       .landmark_days = NAN,
                       .horizon_days = NAN},
        .verdict = verdict_of(input),
        .margin = input->margin,
        .margin_from = "metric",
        .items = 1000,
        .workers = 80,
    };
    if (planned)
        row.plan =
            (struct row_plan){.name = "p", .question = "", .ended = true, .locked = LOCKED_BEFORE};
    return row;
}

struct said {
    const char *sentence;
    const char *json;
    const char *text;
    const char *detail;
    const char *markdown;
    const char *markdown_detail;
    const char *csv;
};

static struct said render(struct arena *arena, struct row *row)
{
    const struct text_style style = {.width = 4000, .all = true};
    const struct evidence evidence = {
        .workspace = "w",
        .registry_head = "0000000000000000000000000000000000000000000000000000000000000000",
        .min_group = 1,
        .rows = row,
        .row_count = 1,
    };
    json_t *document = document_make(&evidence, "test");
    assert_true(publish(document));
    char *json = document_json(document);
    const json_t *shown = json_array_get(json_object_get(document, "rows"), 0);
    struct said said = {
        .sentence = arena_text(arena, json_string_value(json_object_get(shown, "sentence"))),
        .json = arena_text(arena, json),
        .text = render_text(arena, document, &style),
        .detail = render_text_detail(arena, document, &style),
        .markdown = render_markdown(arena, document),
        .markdown_detail = render_markdown_detail(arena, document),
        .csv = render_csv(arena, document),
    };
    free(json);
    json_decref(document);
    return said;
}

static void assert_has(const char *all, const char *part)
{
    if (strstr(all, part) == NULL)
        fail_msg("\"%s\" is not in: %s", part, all);
}

static void check_row(const struct verdict_input *input, bool planned)
{
    struct arena *arena = arena_create();
    struct row row = row_of(input, planned);
    struct saying *wanted = saying_of(&row.verdict);
    wanted->seen++;
    struct said said = render(arena, &row);
    assert_has(said.sentence, wanted->sentence);
    assert_has(said.detail, said.sentence);
    assert_has(said.json, arena_printf(arena, "\"word\": \"%s\"", wanted->code));
    assert_has(said.csv, arena_printf(arena, ",%s,", wanted->code));
    assert_has(said.text, wanted->said);
    assert_has(said.detail, wanted->said);
    assert_has(said.markdown, wanted->said);
    assert_has(said.markdown_detail, wanted->said);
    const char *all[] = {said.sentence, said.text, said.detail, said.markdown,
                         said.markdown_detail};
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++)
        for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
            bool may = (claims[i].words & 1U << row.verdict.word) != 0 ||
                       (row.verdict.reason == REASON_GUARDRAIL && i == 0);
            if (!may && strstr(all[k], claims[i].phrase) != NULL)
                fail_msg("\"%s\" beside %s: %s", claims[i].phrase, wanted->code, all[k]);
        }
    bool met = planned && row.verdict.target_met;
    assert_int_equal(strstr(said.sentence, "by at least what was planned") != NULL, met);
    arena_destroy(arena);
}

static void what_is_said_agrees_with_the_verdict_over_its_grid(void **state)
{
    (void)state;
    static const double limits[] = {-9, -3, -2, -1, -0.1, 0, 0.1, 1, 2, 3, 9};
    static const struct guardrail rails[] = {{{-1, 1}, 2}, {{-5, 1}, 2}, {{-5, -3}, 2}};
    enum { limit_count = sizeof limits / sizeof limits[0] };
    for (unsigned flags = 0; flags < 8; flags++)
        for (size_t rail = 0; rail <= 3; rail++)
            for (size_t l = 0; l < limit_count; l++)
                for (size_t u = l; u < limit_count; u++)
                    check_row(&(struct verdict_input){.check_failed = (flags & 1) != 0,
                                                      .as_found = (flags & 2) != 0,
                                                      .effect = {limits[l], limits[u]},
                                                      .margin = 2,
                                                      .guardrails = rail < 3 ? &rails[rail] : NULL,
                                                      .guardrail_count = rail < 3},
                              (flags & 4) != 0);
    for (size_t i = 0; i < saying_count; i++)
        if (sayings[i].seen == 0)
            fail_msg("nothing is said as \"%s\"", sayings[i].sentence);
}

/* An effect of 0.47 with p .0007 inside a margin of 1: a gain, and too small to matter. */
static void a_gain_below_the_margin_is_said_to_be_one(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct row row = row_of(&(struct verdict_input){.effect = {0.2, 0.74}, .margin = 1}, false);
    struct said said = render(arena, &row);
    assert_has(said.sentence, "There is a small gain with AI, less than what matters.");
    assert_has(said.json, "\"leaning\": \"better\"");
    assert_has(said.detail, "no change: a small gain");
    assert_null(strstr(said.detail, "no difference that matters"));
    struct row planned = row_of(&(struct verdict_input){.effect = {0.2, 0.74}, .margin = 1}, true);
    assert_has(render(arena, &planned).sentence,
               "There is a gain with AI, less than the 1.00 points that the plan asks.");
    arena_destroy(arena);
}

static void the_arm_that_is_better_is_named_as_it_is_called(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct row row = row_of(&(struct verdict_input){.effect = {3, 9}, .margin = 2}, false);
    row.comparison.arms[1].arm = "model-b";
    assert_has(render(arena, &row).sentence, "It is better with model-b.");
    row.comparison.arms_from = ARMS_TOOL;
    assert_has(render(arena, &row).sentence, "It is better with model-b.");
    row.comparison.design = "encouragement";
    assert_has(render(arena, &row).sentence, "It is better where AI was offered.");
    arena_destroy(arena);
}

static void only_what_was_locked_before_the_first_item_was_planned(void **state)
{
    (void)state;
    static const struct {
        enum locked_when locked;
        const char *met;
        const char *beside;
    } cases[] = {
        {LOCKED_BEFORE, "by at least what was planned", "planned 10 days before the first"},
        {LOCKED_WITHIN, "by at least what the plan asks", "locked 10 days after the first"},
        {LOCKED_AFTER, "by at least what the plan asks",
         "locked after its period, so not planned before"},
        {LOCKED_SOMETIME, "by at least what the plan asks", "locked 2026-07-11"},
        {LOCKED_NEVER, "by at least what the plan asks", "a plan that is not locked"},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct row row = row_of(&(struct verdict_input){.effect = {3, 9}, .margin = 2}, true);
        int64_t first = day_of(2026, 7, 1) * TIME_DAY;
        bool before = cases[i].locked == LOCKED_BEFORE;
        row.plan.locked = cases[i].locked;
        row.plan.locked_at = before ? first - 10 * TIME_DAY : first + 10 * TIME_DAY;
        row.plan.has_first = true;
        row.plan.first_at = first;
        struct said said = render(arena, &row);
        assert_has(said.sentence, cases[i].met);
        assert_has(said.text, cases[i].beside);
        assert_has(said.detail, cases[i].beside);
        assert_has(said.markdown, cases[i].beside);
        if (!before)
            assert_null(strstr(said.detail, "· planned "));
    }
    arena_destroy(arena);
}

static void days_are_those_of_the_calendar(void **state)
{
    (void)state;
    int64_t noon = day_of(2026, 3, 1) * TIME_DAY + TIME_DAY / 2;
    assert_int_equal(days_between(noon, noon + TIME_DAY / 2), 1);
    assert_int_equal(days_between(noon, noon + TIME_DAY / 2 - 1), 0);
    assert_int_equal(days_between(noon, noon + 240 * TIME_DAY + TIME_DAY / 2), 241);
    assert_int_equal(days_between(noon + TIME_DAY / 2, noon), -1);
    assert_int_equal(days_between(-1, 0), 1);
}

static void a_steady_metric_neither_rose_nor_fell(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct row row = row_of(&(struct verdict_input){.effect = {3, 9}, .margin = 2}, false);
    row.change = (struct change){.exists = true,
                                 .before = 50,
                                 .now = 51,
                                 .items_before = 500,
                                 .items_now = 500,
                                 .workers_before = 40,
                                 .workers_now = 40,
                                 .fewest = 40,
                                 .scale = SCALE_UNIT,
                                 .estimate = {1, {0.5, 1.5}, 30, 0.001},
                                 .word = CHANGE_STEADY,
                                 .margin = 2,
                                 .matched = 1,
                                 .horizon_days = NAN};
    struct said said = render(arena, &row);
    assert_has(said.sentence, "Score was steady, 50.0 points before and 51.0 points now (+1.00");
    assert_has(said.text, "steady");
    arena_destroy(arena);
}

static void values_beside_an_effect_within_cells_are_not_taken_for_its_parts(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct verdict_input input = {.effect = {-1, 1}, .margin = 5, .as_found = true};
    struct row row = row_of(&input, false);
    row.comparison.design = "before_after";
    row.comparison.cells = "team × size";
    row.comparison.has_naive = true;
    struct said said = render(arena, &row);
    assert_non_null(strstr(said.sentence, ": like with like "));
    assert_non_null(strstr(said.json, ": like with like "));
    assert_non_null(strstr(said.text, "like with like "));
    assert_non_null(strstr(said.markdown, "like with like "));
    row.comparison.cells = NULL;
    assert_null(strstr(render(arena, &row).json, "like with like "));
    arena_destroy(arena);
}

static void times_that_end_earlier_than_those_of_the_change_are_said_to(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct verdict_input input = {.effect = {-1, 1}, .margin = 5, .as_found = true};
    struct row row = row_of(&input, false);
    const char *cut =
        "AI's part counts times up to 14 h only, for beyond that too few people of an "
        "arm still had open work; the change counts times up to 30 d";
    row.change = (struct change){.exists = true,
                                 .before = 3,
                                 .now = 3,
                                 .workers_before = 40,
                                 .workers_now = 40,
                                 .matched = 1,
                                 .horizon_days = 30};
    row.comparison.horizon_days = 14.0 / 24;
    struct said said = render(arena, &row);
    assert_non_null(strstr(said.text, cut));
    assert_non_null(strstr(said.detail, cut));
    assert_non_null(strstr(said.markdown, cut));
    row.comparison.horizon_days = 29; /* from a landmark on */
    row.comparison.landmark_days = 1;
    assert_null(strstr(render(arena, &row).text, "counts times up to"));
    arena_destroy(arena);
}

static void nobody_is_told_to_bring_more_than_a_hundred_times_as_many(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct verdict_input input = {.effect = {-1, 9}, .margin = 5};
    struct row row = row_of(&input, true);
    row.verdict = (struct verdict){.word = VERDICT_UNPROVEN, .reason = REASON_TOO_FEW};
    row.comparison.items_needed = 100000000;
    struct said said = render(arena, &row);
    assert_has(said.sentence,
               "More than 100 times as many items, from as many times the people, would most "
               "likely settle it, whatever the effect is.");
    assert_has(said.text, "more than 100 times as many items");
    assert_null(strstr(said.text, "≈"));
    row.comparison.items_needed = 1000;
    said = render(arena, &row);
    assert_has(said.text, "would most likely settle it");
    assert_has(said.text, "≈ 1,000 more items");
    arena_destroy(arena);
}

static void each_design_says_what_its_number_is(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct verdict_input better = {.effect = {6, 9}, .margin = 5};
    const struct verdict_input found = {.effect = {6, 9}, .margin = 5, .as_found = true};
    struct row row = row_of(&better, true);
    const char *drawn = "nobody drew who is in which arm";
    assert_null(strstr(render(arena, &row).sentence, drawn));
    row.comparison.design = "like_with_like";
    assert_has(render(arena, &row).sentence, drawn);
    row.comparison.design = "encouragement";
    struct said said = render(arena, &row);
    assert_has(said.sentence, "where AI was offered and");
    assert_null(strstr(said.detail, "given AI"));
    row = row_of(&found, true);
    row.comparison.design = "before_after";
    said = render(arena, &row);
    assert_has(said.text, "after that day +");
    assert_has(said.text, "whatever else came with that day is in it, so it does not show what AI");
    row.comparison.design = "as_found";
    assert_has(render(arena, &row).text, "difference +");
    arena_destroy(arena);
}

static void a_hair_more_items_are_not_said_to_be_of_as_many_people(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct verdict_input input = {.effect = {-1, 9}, .margin = 5};
    struct row row = row_of(&input, true);
    row.verdict = (struct verdict){.word = VERDICT_UNPROVEN, .reason = REASON_TOO_FEW};
    row.comparison.items_needed = 8;
    struct said said = render(arena, &row);
    assert_non_null(strstr(said.sentence, "8 more items, from a few more people,"));
    assert_null(strstr(said.json, "1.0 times"));
    arena_destroy(arena);
}

static void items_of_a_plan_that_goes_on_are_not_the_periods(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct verdict_input input = {.effect = {-1, 9}, .margin = 5};
    struct row row = row_of(&input, true);
    struct evidence evidence = {
        .workspace = "w",
        .registry_head = "0",
        .min_group = 1,
        .has_period = true,
        .period = {20000, 20090},
        .against = {19910, 20000},
        .rows = &row,
        .row_count = 1,
    };
    for (int goes_on = 0; goes_on <= 1; goes_on++) {
        row.plan.period = (struct days){20010, goes_on ? 20100 : 20080};
        json_t *document = document_make(&evidence, "test");
        assert_true(publish(document));
        const char *all = render_markdown(arena, document);
        assert_int_equal(strstr(all, "1,000 items") != NULL, !goes_on);
        json_decref(document);
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_agrees_with_the_verdict_over_its_grid),
        cmocka_unit_test(a_gain_below_the_margin_is_said_to_be_one),
        cmocka_unit_test(the_arm_that_is_better_is_named_as_it_is_called),
        cmocka_unit_test(only_what_was_locked_before_the_first_item_was_planned),
        cmocka_unit_test(days_are_those_of_the_calendar),
        cmocka_unit_test(a_steady_metric_neither_rose_nor_fell),
        cmocka_unit_test(values_beside_an_effect_within_cells_are_not_taken_for_its_parts),
        cmocka_unit_test(times_that_end_earlier_than_those_of_the_change_are_said_to),
        cmocka_unit_test(nobody_is_told_to_bring_more_than_a_hundred_times_as_many),
        cmocka_unit_test(each_design_says_what_its_number_is),
        cmocka_unit_test(a_hair_more_items_are_not_said_to_be_of_as_many_people),
        cmocka_unit_test(items_of_a_plan_that_goes_on_are_not_the_periods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
