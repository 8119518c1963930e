/* What is withheld is in no rendering: planted numbers are looked for in every format. */

#include "check.h"

#include "report/csv.h"
#include "report/document.h"
#include "report/markdown.h"
#include "report/publish.h"
#include "report/text.h"

#include <math.h>

static const struct metric_shown time_metric = {"time_to_complete", "Time to complete a task",
                                                "minutes", "duration", true};

/* Each number of a part can be told: PART1 .. */
static struct change planted_change(double base, int64_t before, int64_t now)
{
    return (struct change){
        .exists = true,
        .before = base + 1,
        .now = base + 2,
        .items_before = (int64_t)base + 3,
        .items_now = (int64_t)base + 4,
        .workers_before = before,
        .workers_now = now,
        .scale = SCALE_UNIT,
        .estimate = {base + 5, {base + 6, base + 7}, base + 8, 0.5},
        .word = CHANGE_IMPROVED,
        .margin = base + 9,
        .cells = "team × size",
        .matched = 1,
        .horizon_days = NAN,
    };
}

static struct comparison planted_comparison(double base, int64_t first, int64_t second)
{
    return (struct comparison){
        .exists = true,
        .design = "randomised",
        .unit = "item",
        .plan = "p",
        .arms_from = ARMS_ASSIGNED,
        .arms_why = "at least a tenth of the items were assigned (plan p)",
        .arms = {{"no_ai", (int64_t)base + 1, first, base + 2},
                 {"ai", (int64_t)base + 3, second, base + 4}},
        .has_naive = true,
        .naive = {base + 5, {base + 6, base + 7}, 9, 0.5},
        .scale = SCALE_UNIT,
        .estimate = {base + 8, {base + 9, base + 10}, base + 11, 0.5},
        .level = 0.95,
        .errors = "cr2",
        .errors_by = "worker",
        .clusters = (int64_t)base + 12,
        .landmark_days = NAN,
        .horizon_days = NAN,
        .excluded = {.unclear = (int64_t)base + 13},
        .items_needed = (int64_t)base + 14,
    };
}

static struct evidence evidence_of(struct row *row, int min_group, bool own_data)
{
    static const char head[] = "0000000000000000000000000000000000000000000000000000000000000000";
    return (struct evidence){
        .workspace = "w",
        .registry_head = head,
        .min_group = min_group,
        .own_data = own_data,
        .rows = row,
        .row_count = 1,
    };
}

static struct row planted_row(int64_t before, int64_t now, int64_t first, int64_t second)
{
    struct row row = {
        .use_case = "help",
        .metric = time_metric,
        .change = planted_change(77100, before, now),
        .comparison = planted_comparison(88200, first, second),
        .verdict = {.word = VERDICT_BETTER},
        .margin = 99300,
        .margin_from = "metric",
        .items = 66400,
        .workers = now,
    };
    row.also[0] = (struct also){time_metric, planted_change(55500, before, now)};
    row.also_count = 1;
    return row;
}

/* All renderings, one after the other. */
static char *render_all(struct arena *arena, const struct evidence *evidence)
{
    const struct text_style style = {.width = 80, .all = true};
    json_t *document = document_make(evidence, "test");
    assert_non_null(document);
    assert_true(publish(document));
    char *json = document_json(document);
    char *all =
        arena_printf(arena, "%s\n%s\n%s\n%s\n%s", json, render_text(arena, document, &style),
                     render_text_detail(arena, document, &style), render_markdown(arena, document),
                     render_csv(arena, document));
    free(json);
    json_decref(document);
    return all;
}

/* Parts of a ratio, each number of which can be told; abandoned items are of `few` workers. */
static struct ratio_part planted_part(const char *of, double base, int64_t few)
{
    return (struct ratio_part){
        .of = of,
        .numerator = base + 1,
        .denominator = base + 2,
        .on_abandoned = base + 3,
        .on_open = base + 4,
        .calls = base + 5,
        .calls_unpriced = base + 6,
        .completed = {20, 0},
        .abandoned = {few, 20},
        .open = {9, 20},
        .unpriced = {9, 20},
    };
}

/* Is a number from base to base + 20 anywhere, with or without a comma of thousands? As minutes it
   would be shown in days: base is chosen so that these cannot be mistaken. */
static bool shows(const char *all, int base)
{
    char text[32];
    for (int i = 0; i <= 20; i++) {
        (void)snprintf(text, sizeof text, "%d", base + i);
        if (strstr(all, text) != NULL)
            return true;
        (void)snprintf(text, sizeof text, "%d,%03d", (base + i) / 1000, (base + i) % 1000);
        if (strstr(all, text) != NULL)
            return true;
        (void)snprintf(text, sizeof text, "%.0f d", (base + i) / 1440.0);
        if (strstr(all, text) != NULL)
            return true;
    }
    return false;
}

static void large_groups_are_shown_in_every_part(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct row row = planted_row(8, 8, 8, 8);
    struct evidence evidence = evidence_of(&row, 8, false);
    const char *all = render_all(arena, &evidence);
    assert_true(shows(all, 77100)); /* so that the other tests can fail */
    assert_true(shows(all, 88200));
    assert_true(shows(all, 55500));
    assert_true(shows(all, 66400));
    assert_null(strstr(all, "\"_\""));
    assert_null(strstr(all, "between"));
    arena_destroy(arena);
}

static void a_small_arm_takes_every_number_of_the_comparison(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    static const int64_t arms[][2] = {{7, 8}, {8, 7}, {0, 8}, {1, 1}};
    for (size_t i = 0; i < sizeof arms / sizeof arms[0]; i++) {
        struct row row = planted_row(8, 8, arms[i][0], arms[i][1]);
        struct evidence evidence = evidence_of(&row, 8, false);
        const char *all = render_all(arena, &evidence);
        assert_false(shows(all, 88200));
        assert_null(strstr(all, "99300")); /* the margin */
        assert_true(shows(all, 77100));
        assert_non_null(strstr(all, "fewer than 8 workers"));
        assert_null(strstr(all, "better\","));
    }
    arena_destroy(arena);
}

static void a_small_period_takes_every_number_of_the_changes(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    static const int64_t periods[][2] = {{7, 8}, {8, 7}};
    for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++) {
        struct row row = planted_row(periods[i][0], periods[i][1], 8, 8);
        struct evidence evidence = evidence_of(&row, 8, false);
        const char *all = render_all(arena, &evidence);
        assert_false(shows(all, 77100));
        assert_false(shows(all, 55500));
        if (periods[i][1] < 8)
            assert_false(shows(all, 66400)); /* the row's counts are those of the period */
    }
    arena_destroy(arena);
}

/* One item each of so many workers, but for the first `without`. */
static struct reach reach_of(struct arena *arena, int workers, int without)
{
    struct reach reach = {0};
    for (int i = without; i < workers; i++)
        reach_add(&reach, arena, arena_printf(arena, "w%03d", i), 1);
    return reach;
}

static void a_comparison_as_found_too_near_to_the_change_is_withheld(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int outside = 0; outside <= 9; outside++) {
        struct row row = planted_row(40, 40, 15, 15);
        row.change.reach_now = reach_of(arena, 40, 0);
        row.comparison.reach = reach_of(arena, 40, outside);
        row.reach = row.change.reach_now;
        row.also_count = 0;
        row.comparison.arms_from = ARMS_USE;
        struct evidence evidence = evidence_of(&row, 8, false);
        const char *all = render_all(arena, &evidence);
        assert_true(shows(all, 77100));
        assert_int_equal(shows(all, 88200), outside == 0 || outside >= 8);
    }
    arena_destroy(arena);
}

static void a_worker_with_one_item_more_is_as_near_as_one_more_worker(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct row row = planted_row(40, 40, 15, 15);
    row.change.reach_now = reach_of(arena, 40, 0);
    row.comparison.reach = reach_of(arena, 40, 0);
    row.change.reach_now.items[39] = 2;
    row.also_count = 0;
    row.comparison.arms_from = ARMS_USE;
    struct evidence evidence = evidence_of(&row, 8, false);
    assert_false(shows(render_all(arena, &evidence), 88200));
    arena_destroy(arena);
}

static void a_change_too_near_to_a_trial_is_withheld_and_the_trial_stays(void **state)
{
    (void)state;
    static const enum arms_from given[] = {ARMS_ASSIGNED, ARMS_SEAT};
    struct arena *arena = arena_create();
    for (int from = 0; from < 2; from++)
        for (int outside = 0; outside <= 9; outside++) {
            struct row row = planted_row(40, 40, 15, 15);
            row.comparison.arms_from = given[from];
            row.change.reach_now = reach_of(arena, 40, 0);
            row.comparison.reach = reach_of(arena, 40, outside);
            row.reach = row.change.reach_now;
            row.also_count = 0;
            struct evidence evidence = evidence_of(&row, 8, false);
            const char *all = render_all(arena, &evidence);
            assert_true(shows(all, 88200));
            assert_int_equal(shows(all, 77100), outside == 0 || outside >= 8);
            assert_int_equal(strstr(all, "change of time_to_complete, help") != NULL,
                             outside > 0 && outside < 8);
        }
    arena_destroy(arena);
}

/* The row of another plan of the use case comes first, with a change that has everything. */
static void no_change_of_any_row_takes_the_answer_of_a_trial(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int outside = 1; outside <= 8; outside++) {
        struct row rows[2] = {planted_row(40, 40, 15, 15), planted_row(40, 40, 15, 15)};
        rows[0].comparison = (struct comparison){.why_not = "it runs on"};
        for (int i = 0; i < 2; i++) {
            rows[i].change.reach_now = rows[i].reach = reach_of(arena, 40, 0);
            rows[i].also_count = 0;
        }
        rows[1].comparison.reach = reach_of(arena, 40, outside);
        struct evidence evidence = evidence_of(rows, 8, false);
        evidence.row_count = 2;
        const char *all = render_all(arena, &evidence);
        assert_true(shows(all, 88200));
        assert_int_equal(shows(all, 77100), outside >= 8);
    }
    arena_destroy(arena);
}

/* Plans over their own periods: the second one's earlier period is the first one's, or is not. */
static void a_change_from_the_period_of_another_plan_is_held_against_it(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int outside = 0; outside <= 9; outside++)
        for (int apart = 0; apart < 2; apart++) {
            struct row rows[2] = {planted_row(40, 40, 15, 15), planted_row(40, 40, 15, 15)};
            rows[0].plan = (struct row_plan){.name = "a", .question = "?", .period = {90, 180}};
            rows[0].change = (struct change){.why_not = "there is no earlier period"};
            rows[0].comparison.reach = rows[0].reach = reach_of(arena, 40, outside);
            rows[1].plan = (struct row_plan){.name = "b", .question = "?"};
            rows[1].plan.period = (struct days){180 + 90 * apart, 270 + 90 * apart};
            rows[1].comparison = (struct comparison){.why_not = "nothing to compare"};
            rows[1].change.reach_before = reach_of(arena, 40, 0);
            rows[0].also_count = rows[1].also_count = 0;
            struct evidence evidence = evidence_of(rows, 8, false);
            evidence.row_count = 2;
            evidence.own_periods = true;
            const char *all = render_all(arena, &evidence);
            assert_true(shows(all, 88200));
            assert_int_equal(shows(all, 77100), apart || outside == 0 || outside >= 8);
        }
    arena_destroy(arena);
}

/* Of a trial that this document does not tell of, or that belongs to the earlier period. */
static void a_change_beside_the_trial_of_another_document_is_withheld(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int beside = 0; beside <= 9; beside++) {
        struct row row = planted_row(40, 40, 15, 15);
        bool far = beside == 0 || beside >= 8;
        row.change.beside_trial = row.also[0].change.beside_trial = beside;
        struct evidence evidence = evidence_of(&row, 8, false);
        const char *all = render_all(arena, &evidence);
        assert_true(shows(all, 88200));
        assert_int_equal(shows(all, 77100), far);
        assert_int_equal(shows(all, 55500), far);
        /* In another unit it stays, without its counts and in two digits, which do not tell them.
         */
        row.change.beside_other = row.also[0].change.beside_other = beside;
        row.change.parts = (struct ratio_parts){
            .exists = true,
            .arms = {{.of = "before", .denominator = 33}, {.of = "now", .denominator = 33}},
        };
        row.change.beside_trial = row.also[0].change.beside_trial = 0;
        all = render_all(arena, &evidence);
        assert_non_null(strstr(all, far ? "77101" : "\"before\": 77000"));
        assert_non_null(strstr(all, far ? "55501" : "\"before\": 56000"));
        assert_int_equal(strstr(all, "\"denominator\": 33") != NULL, far);
        assert_true(far || (strstr(all, "77101") == NULL && strstr(all, "55501") == NULL));
        assert_int_equal(strstr(all, "\"items_now\": 77104") != NULL, far);
        assert_int_equal(strstr(all, "\"items_now\": 55504") != NULL, far);
    }
    arena_destroy(arena);
}

static void a_further_change_is_held_against_what_is_shown(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct metric_shown share = time_metric;
    share.unit = "share";
    share.kind = "proportion";
    for (int before = 0; before <= 1; before++)
        for (int without = 0; without <= 9; without++) {
            struct row row = planted_row(40, 40, 15, 15);
            struct change *also = &row.also[0].change;
            row.change.reach_before = row.change.reach_now = reach_of(arena, 40, 0);
            row.comparison.reach = row.reach = also->reach_before = also->reach_now =
                row.change.reach_now;
            *(before ? &also->reach_before : &also->reach_now) = reach_of(arena, 40, without);
            bool far = without == 0 || without >= 8;
            struct evidence evidence = evidence_of(&row, 8, false);
            assert_int_equal(shows(render_all(arena, &evidence), 55500), far);
            /* In another unit it stays, without its counts and in two digits. */
            row.also[0].metric = share;
            const char *all = render_all(arena, &evidence);
            assert_non_null(strstr(all, far ? "55501" : "\"before\": 56000"));
            assert_int_equal(strstr(all, "\"items_now\": 55504") != NULL, far);
        }
    arena_destroy(arena);
}

static void one_worker_less_is_seen_though_all_others_differ_too(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct row row = planted_row(30, 30, 15, 15);
    row.change.reach_now = reach_of(arena, 30, 0);
    row.comparison.reach = reach_of(arena, 30, 1);
    for (size_t i = 0; i < row.change.reach_now.count; i++)
        row.change.reach_now.items[i] = 5;
    row.also_count = 0;
    row.comparison.arms_from = ARMS_USE;
    struct evidence evidence = evidence_of(&row, 8, false);
    assert_false(shows(render_all(arena, &evidence), 88200));
    arena_destroy(arena);
}

static void values_that_rest_on_few_are_withheld_however_large_the_groups(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int fewest = 1; fewest <= 9; fewest++) {
        struct row row = planted_row(40, 40, 20, 20);
        row.change.fewest = row.comparison.fewest = row.also[0].change.fewest = fewest;
        struct evidence evidence = evidence_of(&row, 8, false);
        const char *all = render_all(arena, &evidence);
        assert_int_equal(shows(all, 77100), fewest >= 8);
        assert_int_equal(shows(all, 88200), fewest >= 8);
        assert_int_equal(shows(all, 55500), fewest >= 8);
    }
    arena_destroy(arena);
}

static void a_guardrail_of_few_has_no_number_and_nothing_that_would_settle_it(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int fewest = 0; fewest <= 9; fewest++)
        for (int settles = 0; settles <= 1; settles++) {
            struct row row = planted_row(40, 40, 20, 20);
            row.verdict = (struct verdict){.word = VERDICT_UNPROVEN, .reason = REASON_GUARDRAIL};
            row.guardrail_count = 1;
            row.guardrails[0] = (struct guardrail_result){
                .metric = time_metric,
                .state = GUARDRAIL_OPEN,
                .allow = 1,
                .scale = SCALE_UNIT,
                .effect = 44101,
                .interval = {44102, 44103},
                .fewest = fewest,
                .items_needed = settles ? 44104 : -1,
                .needed_why = settles ? NULL : "44105 times as many people would settle it",
            };
            struct evidence evidence = evidence_of(&row, 8, false);
            const char *all = render_all(arena, &evidence);
            assert_int_equal(shows(all, 44100), fewest >= 8);
            assert_int_equal(strstr(all, "44104") != NULL, fewest >= 8 && settles);
            assert_int_equal(strstr(all, "44105") != NULL, fewest >= 8 && !settles);
        }
    arena_destroy(arena);
}

static void what_would_settle_a_comparison_of_few_is_withheld_with_it(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int fewest = 0; fewest <= 9; fewest++) {
        struct row row = planted_row(40, 40, fewest, 20);
        row.verdict = (struct verdict){.word = VERDICT_UNPROVEN, .reason = REASON_TOO_FEW};
        row.comparison.items_needed = -1;
        row.comparison.needed_why = "44105 times as many people would settle it";
        struct evidence evidence = evidence_of(&row, 8, false);
        const char *all = render_all(arena, &evidence);
        assert_int_equal(strstr(all, "44105") != NULL, fewest >= 8);
    }
    arena_destroy(arena);
}

/* The effect stays in another unit, in two digits. */
static void what_would_settle_a_comparison_near_to_another_is_withheld(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int outside = 0; outside <= 9; outside++) {
        struct row rows[2] = {planted_row(40, 40, 20, 20), planted_row(40, 40, 20, 20)};
        for (int i = 0; i < 2; i++) {
            rows[i].change = (struct change){.why_not = "no change"};
            rows[i].also_count = 0;
            rows[i].comparison.reach = reach_of(arena, 40, i == 0 ? 0 : outside);
        }
        rows[1].metric.unit = "share";
        rows[1].metric.kind = "proportion";
        rows[1].verdict = (struct verdict){.word = VERDICT_UNPROVEN, .reason = REASON_TOO_FEW};
        rows[1].comparison.items_needed = -1;
        rows[1].comparison.needed_why = "44105 times as many people would settle it";
        struct evidence evidence = evidence_of(rows, 8, false);
        evidence.row_count = 2;
        bool far = outside == 0 || outside >= 8;
        const char *all = render_all(arena, &evidence);
        assert_int_equal(strstr(all, "44105") != NULL, far);
        assert_int_equal(strstr(all, "\"effect\": 88000") != NULL, !far);
    }
    arena_destroy(arena);
}

static void a_reason_tells_nothing_of_few(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int fewest = 0; fewest <= 9; fewest++) {
        struct row row = planted_row(40, 40, 20, 20);
        row.change = (struct change){.why_not = "reason of the change", .fewest = fewest};
        row.comparison = (struct comparison){.why_not = "reason of arm 1", .fewest = fewest};
        row.also_count = 0;
        struct evidence evidence = evidence_of(&row, 8, false);
        const char *all = render_all(arena, &evidence);
        bool told = fewest == 0 || fewest >= 8;
        assert_int_equal(strstr(all, "reason of the change") != NULL, told);
        assert_int_equal(strstr(all, "reason of arm 1") != NULL, told);
    }
    arena_destroy(arena);
}

/* Without an earlier period there is no change yet; the next report has this period as its own. */
static void a_comparison_is_held_against_the_period_that_the_next_report_shows(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int outside = 0; outside <= 9; outside++) {
        struct row row = planted_row(0, 40, 15, 15);
        row.change = (struct change){.why_not = "no earlier period", .workers_now = 40};
        row.change.reach_now = row.reach = reach_of(arena, 40, 0);
        row.comparison.reach = reach_of(arena, 40, outside);
        row.also_count = 0;
        row.comparison.arms_from = ARMS_USE;
        struct evidence evidence = evidence_of(&row, 8, false);
        assert_int_equal(shows(render_all(arena, &evidence), 88200), outside == 0 || outside >= 8);
    }
    arena_destroy(arena);
}

static void counts_too_near_to_a_result_are_taken_out(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int without = 0; without <= 9; without++) {
        struct row row = planted_row(40, 40, 15, 15);
        row.reach = reach_of(arena, 40, 0);
        row.change.reach_now = row.comparison.reach = reach_of(arena, 40, without);
        row.also_count = 0;
        struct evidence evidence = evidence_of(&row, 8, false);
        const char *all = render_all(arena, &evidence);
        assert_int_equal(shows(all, 66400), without == 0 || without >= 8);
        assert_true(shows(all, 88200));
    }
    arena_destroy(arena);
}

static void reasons_of_few_workers_are_not_counted(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int workers = 0; workers <= 9; workers++) {
        struct row row = planted_row(40, 40, 15, 15);
        row.comparison.excluded = (struct excluded){.unclear = 4321, .open = 8765};
        row.comparison.excluded_by = (struct excluded){.unclear = workers, .open = 20};
        struct evidence evidence = evidence_of(&row, 8, false);
        const char *all = render_all(arena, &evidence);
        bool few = workers > 0 && workers < 8;
        assert_int_equal(strstr(all, "4321") == NULL && strstr(all, "4,321") == NULL, few);
        assert_int_equal(strstr(all, "8765") == NULL && strstr(all, "8,765") == NULL, few);
    }
    arena_destroy(arena);
}

static bool has(const char *all, const char *text)
{
    return strstr(all, text) != NULL;
}

static void parts_of_a_ratio_that_few_workers_are_behind_are_taken_out(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct row row = planted_row(20, 20, 20, 20);
    row.metric = (struct metric_shown){"cost", "Cost", "USD", "ratio", true};
    row.change.parts = (struct ratio_parts){
        true, {planted_part("before", 31100, 9), planted_part("now", 32200, 7)}};
    row.comparison.parts =
        (struct ratio_parts){true, {planted_part("no_ai", 33300, 0), planted_part("ai", 34400, 9)}};
    row.comparison.parts.arms[1].completed = (struct behind_part){20, 7}; /* nearly all done */
    struct evidence evidence = evidence_of(&row, 8, false);
    const char *all = render_all(arena, &evidence);
    assert_true(has(all, "31101") && has(all, "31102") && has(all, "31103"));
    assert_true(has(all, "32201") && has(all, "32202") && !has(all, "32203"));
    assert_true(has(all, "33301") && has(all, "33304"));
    assert_true(!has(all, "34401") && !has(all, "34402") && has(all, "34405"));
    assert_false(has(all, "\"_\""));
    row.comparison.parts.arms[1].unpriced = (struct behind_part){20, 1};
    all = render_all(arena, &evidence);
    assert_true(!has(all, "34405") && !has(all, "34406"));
    row.comparison.arms[0].workers = 7; /* a small arm takes all of them */
    all = render_all(arena, &evidence);
    assert_true(!has(all, "33301") && !has(all, "34403") && has(all, "31101"));
    arena_destroy(arena);
}

static void an_effect_without_an_interval_is_null_with_a_reason_and_empty_in_csv(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct row row = planted_row(20, 20, 20, 20);
    row.comparison.estimate = (struct effect_estimate){88208, {NAN, NAN}, NAN, NAN};
    row.comparison.no_interval = "the denominator is weak";
    struct evidence evidence = evidence_of(&row, 8, false);
    const char *all = render_all(arena, &evidence);
    assert_true(has(all, "\"no_interval\": \"the denominator is weak\""));
    assert_true(has(all, "There is no interval: the denominator is weak."));
    assert_true(has(all, "88208,unit,,,,,"));
    assert_false(has(all, "nan"));
    arena_destroy(arena);
}

static void own_data_shows_groups_of_one_and_says_so_in_every_rendering(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct row row = planted_row(1, 1, 1, 1);
    row.change.reach_now = reach_of(arena, 1, 0);
    struct evidence evidence = evidence_of(&row, 1, true);
    const char *all = render_all(arena, &evidence);
    assert_true(shows(all, 88200));
    assert_non_null(strstr(all, "\"own_data\": true"));
    size_t said = 0;
    for (const char *found = all; (found = strstr(found, "Groups of one are shown")) != NULL;
         found++)
        said++;
    assert_int_equal(said, 3); /* text, one row in full, Markdown; CSV has no head */
    arena_destroy(arena);
}

static void what_is_no_number_is_null_with_a_reason(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct row row = planted_row(8, 8, 8, 8);
    row.change = (struct change){.why_not = "no earlier period", .before = NAN};
    row.comparison = (struct comparison){.why_not = "no usage reaches it"};
    row.also_count = 0;
    struct evidence evidence = evidence_of(&row, 8, false);
    const char *all = render_all(arena, &evidence);
    assert_null(strstr(all, "nan"));
    assert_null(strstr(all, "inf "));
    assert_non_null(strstr(all, "no usage reaches it"));
    arena_destroy(arena);
}

static void values_that_look_alike_have_stayed(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct row row = planted_row(40, 40, 15, 15);
    row.change.before = 186;
    row.change.now = 186.4;
    struct evidence evidence = evidence_of(&row, 8, false);
    assert_non_null(strstr(render_all(arena, &evidence), "stayed at 3.1 h ("));
    row.change.now = 193;
    assert_non_null(strstr(render_all(arena, &evidence), "rose from 3.1 h to 3.2 h ("));
    arena_destroy(arena);
}

static void cells_of_csv_and_markdown_are_escaped(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct text_style style = {.width = 80};
    struct row row = planted_row(8, 8, 8, 8);
    row.use_case = "=cmd|'/c calc'!A1";
    row.metric.label = "a|b\"c";
    struct evidence evidence = evidence_of(&row, 8, false);
    json_t *document = document_make(&evidence, "test");
    assert_true(publish(document));
    assert_non_null(strstr(render_csv(arena, document), "\"'=cmd|'/c calc'!A1\""));
    assert_non_null(strstr(render_markdown(arena, document), "a\\|b"));
    (void)render_text(arena, document, &style);
    json_decref(document);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_groups_are_shown_in_every_part),
        cmocka_unit_test(a_small_arm_takes_every_number_of_the_comparison),
        cmocka_unit_test(a_small_period_takes_every_number_of_the_changes),
        cmocka_unit_test(a_comparison_as_found_too_near_to_the_change_is_withheld),
        cmocka_unit_test(a_change_from_the_period_of_another_plan_is_held_against_it),
        cmocka_unit_test(a_change_too_near_to_a_trial_is_withheld_and_the_trial_stays),
        cmocka_unit_test(no_change_of_any_row_takes_the_answer_of_a_trial),
        cmocka_unit_test(a_change_beside_the_trial_of_another_document_is_withheld),
        cmocka_unit_test(a_worker_with_one_item_more_is_as_near_as_one_more_worker),
        cmocka_unit_test(a_further_change_is_held_against_what_is_shown),
        cmocka_unit_test(one_worker_less_is_seen_though_all_others_differ_too),
        cmocka_unit_test(values_that_rest_on_few_are_withheld_however_large_the_groups),
        cmocka_unit_test(a_guardrail_of_few_has_no_number_and_nothing_that_would_settle_it),
        cmocka_unit_test(what_would_settle_a_comparison_of_few_is_withheld_with_it),
        cmocka_unit_test(what_would_settle_a_comparison_near_to_another_is_withheld),
        cmocka_unit_test(a_reason_tells_nothing_of_few),
        cmocka_unit_test(a_comparison_is_held_against_the_period_that_the_next_report_shows),
        cmocka_unit_test(counts_too_near_to_a_result_are_taken_out),
        cmocka_unit_test(reasons_of_few_workers_are_not_counted),
        cmocka_unit_test(parts_of_a_ratio_that_few_workers_are_behind_are_taken_out),
        cmocka_unit_test(an_effect_without_an_interval_is_null_with_a_reason_and_empty_in_csv),
        cmocka_unit_test(own_data_shows_groups_of_one_and_says_so_in_every_rendering),
        cmocka_unit_test(what_is_no_number_is_null_with_a_reason),
        cmocka_unit_test(values_that_look_alike_have_stayed),
        cmocka_unit_test(cells_of_csv_and_markdown_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
