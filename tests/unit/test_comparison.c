/* Refusals and estimates, from rows in a workspace to a comparison. */

#include "comparison_fixture.h"

#include "assay/moments.h"
#include "base/embedded.h"
#include "collect/git_import.h"

#include <jansson.h>

/* ---- Refusals ---------------------------------------------------------------------------- */

static void refused(struct fixture *f, struct answer_request request, const char *sentence)
{
    struct row *row = compare(f, request);
    assert_false(row->comparison.exists);
    if (strstr(row->comparison.why_not, sentence) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", row->comparison.why_not, sentence);
}

static void times_with_marks_are_refused(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_daily_items(&f, 40, "60 + i");
    fixture_run(&f, "update item set ai_declared = 'copilot' where size % 2 = 0");
    fixture_facts(&f);
    refused(&f, (struct answer_request){.metric = "time_to_complete"},
            "the mark is made when the work ends");
    fixture_close(&f);
}

static void where_no_usage_reaches_nothing_is_compared(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_daily_items(&f, 40, "60 + i");
    fixture_facts(&f);
    refused(&f, (struct answer_request){.metric = "time_to_complete"}, "no usage reaches it");
    fixture_close(&f);
}

static void assign(struct fixture *f, const char *arm)
{
    char sql[256];
    (void)snprintf(sql, sizeof sql,
                   "insert into assignment select 'p', 'item', item_id, %s, null, null, 0.5 "
                   "from item",
                   arm);
    fixture_run(f, sql);
    fixture_facts(f);
}

static void one_arm_one_cluster_and_no_variance_are_refused(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_daily_items(&f, 40, "60 + i");
    assign(&f, "'ai'");
    refused(&f, (struct answer_request){.metric = "time_to_complete"}, "in one arm");
    fixture_close(&f);

    f = open_with_moments();
    add_daily_items(&f, 40, "60 + i");
    fixture_run(&f, "update item set worker = 'only'");
    assign(&f, "case when size % 2 = 0 then 'ai' else 'no_ai' end");
    refused(&f, (struct answer_request){.metric = "time_to_complete"}, "of one person");
    fixture_close(&f);

    f = open_with_moments();
    add_daily_items(&f, 40, "60");
    fixture_run(&f, "insert into measure select item_id, 'quality', null, 0.5, 'm' from item");
    assign(&f, "case when size % 2 = 0 then 'ai' else 'no_ai' end");
    refused(&f, (struct answer_request){.metric = "quality_score"}, "the same for every item");
    fixture_close(&f);
}

/* Forty items, of which `count` were assigned by a stray plan and half were done with a call. */
static struct row *with_stray_assignment(struct fixture *f, int count, const char *arms)
{
    *f = open_with_moments();
    add_daily_items(f, 40, "60 + i");
    fixture_run(
        f, arena_printf(
               f->arena,
               "update item set team = 'T';"
               "insert into assignment select 'stray', 'item', 't:' || i, "
               "case when i %% 2 = 0 then 'control' else 'drug' end, null, null, 0.5 "
               "from range(1, %d) r(i);"
               "insert into usage (usage_id, occurred_at, worker, team, item_id, grain, status) "
               "select 'u:' || i, timestamp '2026-07-01' + interval (i) day, 'w' || (i %% 4), 'T', "
               "'t:' || i, 'call', 'ok' from range(2, 41, 2) r(i) union all "
               "select 'u:' || day, day, 'w0', 'T', null, 'call', 'ok' from (values "
               "(timestamp '2026-06-01'), (timestamp '2026-12-31')) v(day);"
               "insert into measure select item_id, 'quality', null, (size %% 7) / 10, 'm' from "
               "item",
               count + 1));
    fixture_facts(f);
    return compare(f, (struct answer_request){.metric = "quality_score", .arms = arms});
}

static void a_stray_assignment_does_not_take_over_a_comparison(void **state)
{
    (void)state;
    struct fixture f;
    struct row *row = with_stray_assignment(&f, 3, NULL);
    assert_true(row->comparison.exists);
    assert_string_equal(row->comparison.arms[1].arm, "ai");
    assert_int_equal(row->comparison.arms[1].items, 20);
    assert_string_equal(row->comparison.arms_why, "fewer than a tenth of the items were assigned "
                                                  "(plan stray); calls name items");
    fixture_close(&f);

    row = with_stray_assignment(&f, 4, NULL); /* a tenth */
    assert_string_equal(row->comparison.arms_why,
                        "at least a tenth of the items were assigned (plan stray)");
    fixture_close(&f);

    row = with_stray_assignment(&f, 3, "control,drug");
    assert_string_equal(row->comparison.arms_why,
                        "plan stray assigned the arms that were asked for");
    fixture_close(&f);
}

static void an_arm_without_an_outcome_is_named(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_daily_items(&f, 40, "60 + i");
    fixture_run(&f, "insert into measure select item_id, 'quality', null, (size % 7) / 10, 'm' "
                    "from item where size % 2 = 0");
    assign(&f, "case when size % 2 = 0 then 'ai' else 'no_ai' end");
    refused(&f, (struct answer_request){.metric = "quality_score"},
            "no item of the arm no_ai has a value of the metric");
    fixture_close(&f);
}

static void work_that_is_done_without_a_known_close_is_missing_and_not_open(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_daily_items(&f, 40, "60 + i");
    fixture_run(&f,
                "insert into measure select item_id, 'reopened', null, (size % 3 = 0)::int, 'm' "
                "from item;"
                "update item set ai_declared = 'copilot' where size % 2 = 0;"
                "update item set closed_at = null, first_closed_at = null where size <= 5;"
                "update item set state = 'open' where size <= 2;"
                "update item set closed_at = timestamp '2062-07-02', first_closed_at = "
                "timestamp '2062-07-02' where size = 5;"
                "insert into imported values ('h', 'items', 40, 40, 0, '2026-12-02')");
    fixture_facts(&f);
    const struct comparison *c =
        &compare(&f, (struct answer_request){.metric = "rework_rate"})->comparison;
    assert_int_equal(c->excluded.open, 2);
    assert_int_equal(c->excluded.missing, 3);
    fixture_close(&f);
}

static void collinear_covariates_are_named(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_daily_items(&f, 40, "60 + i");
    fixture_run(&f, "insert into measure select item_id, 'quality', null, (size % 7) / 10, 'm' "
                    "from item");
    assign(&f, "case when size % 2 = 0 then 'ai' else 'no_ai' end");
    static const char *const twice[] = {"size", "2 * size + 1"};
    refused(&f,
            (struct answer_request){.metric = "quality_score", .adjust = twice, .adjust_count = 2},
            "covariate 2");
    fixture_close(&f);
}

static void no_previous_period_leaves_the_comparison(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_daily_items(&f, 40, "60 + i");
    assign(&f, "case when size % 2 = 0 then 'ai' else 'no_ai' end");
    struct row *row = compare(&f, (struct answer_request){.metric = "time_to_complete"});
    assert_false(row->change.exists);
    assert_non_null(strstr(row->change.why_not, "no earlier period"));
    assert_true(row->comparison.exists);
    fixture_close(&f);
}

/* ---- Estimates --------------------------------------------------------------------------- */

/* Before: 30 small items of 10 minutes, 10 large ones of 100 (mean 32.5). Now the mix has turned,
   and every kind takes 10 % less: on the earlier mix the change is exactly -10 %. */
static void a_change_is_reweighted_to_the_earlier_mix(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    fixture_run(&f,
                "insert into item (item_id, source, use_case, worker, team, size, opened_at, "
                "closed_at, first_closed_at, updated_at, state) "
                "select 't:' || q || '-' || i, 't', 'help', 'w' || (i % 5), 'T', "
                "case when large then 9 else 1 end, t0, t0 + to_microseconds((minutes * 6e7)"
                "::bigint), t0 + to_microseconds((minutes * 6e7)::bigint), timestamp '2026-12-01', "
                "'done' from (select q, i, i >= cut as large, q + interval (i) hour as t0, "
                "(case when i >= cut then 100 else 10 end) * f + (i % 5) * f as minutes "
                "from range(40) r(i), (values (timestamp '2026-04-10', 30, 1e0), "
                "(timestamp '2026-07-10', 10, 0.9e0)) v(q, cut, f))");
    fixture_facts(&f);
    struct row *row = compare(
        &f, (struct answer_request){.metric = "time_to_complete", .period.period = "2026Q3"});
    assert_true(row->change.exists);
    assert_near(row->change.before, 34.5, 1e-9); /* 32.5 and 2 minutes on average */
    /* whole minutes: 0.9 times 10, 11, .. rounds */
    assert_near(row->change.estimate.effect, -0.1, 0.01);
    assert_string_equal(row->change.cells, "team × size");
    fixture_close(&f);
}

/* Means to their last digits: each of 675 rows, which come one by one, rounds the mean once.
   Cross-products relative to the lengths of the two columns. */
static void moments_and_sums_agree(struct fixture *f, const char *origin, double tolerance)
{
    const char *sample =
        arena_printf(f->arena,
                     "select 'w' || (i %% 37) as worker, (i %% 2)::integer as arm, 0 as excluded, "
                     "%s + sin(i) as x, %s / 10 + cos(i * 1.7) as y from range(50000) r(i)",
                     origin, origin);
    struct frame ours;
    struct frame sums;
    const char *sql = embedded_text("evidence/estimate/moments_by_worker.sql");
    sql = TEXT_FILLED(f->arena, sql, {"columns", "x, y"}, {"cluster", "worker"},
                      {"cluster_too", ""}, {"groups", ""}, {"sample", sample});
    assert_ok(engine_query(f->workspace->engine, sql, ENGINE_NO_VALUES, f->arena, &ours, &error));
    sql = TEXT_FILLED(f->arena, embedded_text("evidence/estimate/moments_by_sums.sql"),
                      {"sample", sample});
    assert_ok(engine_query(f->workspace->engine, sql, ENGINE_NO_VALUES, f->arena, &sums, &error));
    assert_int_equal(ours.rows, 74);
    assert_int_equal(sums.rows, 74);
    for (size_t row = 0; row < ours.rows; row++) {
        const double *moments = ours.columns[4].lists[row];
        double length[2];
        assert_true(moments[0] == frame_number(&sums, row, 4));
        for (size_t i = 0; i < 2; i++) {
            length[i] = sqrt(assay_moments_cross(2, moments, i, i));
            assert_near(moments[1 + i], frame_number(&sums, row, 5 + i),
                        1e-13 * length[i] + 1e-14 * fabs(moments[1 + i]));
        }
        for (size_t i = 0, at = 7; i < 2; i++)
            for (size_t j = 0; j <= i; j++, at++)
                assert_near(assay_moments_cross(2, moments, i, j), frame_number(&sums, row, at),
                            tolerance * length[i] * length[j]);
    }
}

static void moments_of_ours_and_plain_sums_give_the_same_numbers(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    moments_and_sums_agree(&f, "0e0", 1e-13);
    moments_and_sums_agree(&f, "1e5", 1e-10);
    /* At 1e8 means are kept to 1.5e-8 of a spread of .7, and parts are merged by their difference.
     */
    moments_and_sums_agree(&f, "1e8", 1e-8);
    fixture_close(&f);
}

/* ---- A repository, against R --------------------------------------------------------------- */

static double recorded(json_t *answers, const char *name)
{
    json_t *value = json_object_get(answers, name);
    assert_non_null(value);
    return json_number_value(value);
}

/* From the bundle to the numbers of R: import, facts, arms, clusters, CR2. */
static void marked_and_unmarked_commits_agree_with_clubsandwich(void **state)
{
    (void)state;
    const char *folder = shared_data();
    if (folder == NULL)
        skip();
    struct fixture f = open_with_moments();
    char command[600];
    char path[200];
    (void)snprintf(path, sizeof path, "%s/history", f.folder);
    (void)snprintf(command, sizeof command, "git clone -q %s/git_history/history.bundle %s 2>&1",
                   folder, path);
    assert_int_equal(system(command), 0);
    struct git_import_result result;
    assert_ok(git_import(f.workspace, &(struct git_import_request){.folder = path}, f.arena,
                         &result, &error));
    assert_ok(facts_build(f.workspace, &error));
    struct row *row =
        compare(&f, (struct answer_request){.metric = "rework_rate",
                                            .use_case = "code.change",
                                            .period = {.from = "2025-01-01", .to = "2026-12-31"}});
    (void)snprintf(path, sizeof path, "%s/tests/oracle/git_marked.json", getenv("ASSAY_SOURCE"));
    json_error_t problem;
    json_t *answers = json_load_file(path, 0, &problem);
    assert_non_null(answers);
    const struct comparison *c = &row->comparison;
    assert_string_equal(c->arms[0].arm, "unmarked");
    assert_int_equal(c->arms[0].items, recorded(answers, "items_unmarked"));
    assert_int_equal(c->arms[1].items, recorded(answers, "items_marked"));
    assert_int_equal(c->excluded.no_worker, 31);
    assert_int_equal(c->excluded.maturing, 216);
    assert_close(c->arms[0].value, recorded(answers, "share_unmarked"), 1e-12);
    assert_close(c->naive.effect, recorded(answers, "estimate"), 1e-9);
    assert_close(c->naive.df, recorded(answers, "df"), 1e-9);
    assert_close(c->naive.p, recorded(answers, "p"), 1e-8);
    assert_close(c->naive.interval.low, recorded(answers, "low"), 1e-9);
    assert_close(c->naive.interval.high, recorded(answers, "high"), 1e-9);
    json_decref(answers);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_with_marks_are_refused),
        cmocka_unit_test(where_no_usage_reaches_nothing_is_compared),
        cmocka_unit_test(one_arm_one_cluster_and_no_variance_are_refused),
        cmocka_unit_test(a_stray_assignment_does_not_take_over_a_comparison),
        cmocka_unit_test(an_arm_without_an_outcome_is_named),
        cmocka_unit_test(work_that_is_done_without_a_known_close_is_missing_and_not_open),
        cmocka_unit_test(collinear_covariates_are_named),
        cmocka_unit_test(no_previous_period_leaves_the_comparison),
        cmocka_unit_test(a_change_is_reweighted_to_the_earlier_mix),
        cmocka_unit_test(moments_of_ours_and_plain_sums_give_the_same_numbers),
        cmocka_unit_test(marked_and_unmarked_commits_agree_with_clubsandwich),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
