/* Which arm an item is in, and since when: assignments, use up to a landmark, draws. */

#include "comparison_fixture.h"

#include "evidence/estimate/counts.h"
#include "evidence/facts/metrics.h"
#include "evidence/sample/coarse_time.h"
#include "evidence/sample/sample.h"

static void assigned_arms_win_over_use_and_the_baseline_stands_first(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_daily_items(&f, 40, "60 + i");
    fixture_run(&f,
                "insert into assignment select 'p', 'item', 't:' || i, "
                "case when i % 2 = 0 then 'ai' else 'no_ai' end, null, null, 0.5 "
                "from range(1, 41) r(i);"
                /* use against the assignment changes nothing */
                "insert into usage (usage_id, occurred_at, worker, item_id, grain, status) values "
                "('u:1', '2026-07-02 00:10', 'w1', 't:1', 'call', 'ok')");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "time_to_complete"});
    assert_true(row->comparison.exists);
    assert_string_equal(row->comparison.design, "randomised");
    assert_string_equal(row->comparison.arms[0].arm, "no_ai");
    assert_string_equal(row->comparison.arms[1].arm, "ai");
    assert_int_equal(row->comparison.arms[0].items, 20);
    assert_int_equal(row->comparison.arms[1].items, 20);
    /* means of 60 + odd and 60 + even numbers */
    assert_near(row->comparison.arms[0].value, 80, 1e-9);
    assert_near(row->comparison.arms[1].value, 81, 1e-9);
    assert_near(row->comparison.estimate.effect, 81.0 / 80 - 1, 1e-12);
    fixture_close(&f);
}

static void arms_without_a_probability_are_assigned_not_randomised_and_count_as_found(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_daily_items(&f, 40, "60 + i");
    fixture_run(&f, "update item set worker = 'w' || (size::bigint % 20);"
                    "insert into assignment select 'p', 'worker', 'w' || i, "
                    "case when i < 10 then 'ai' else 'no_ai' end, null, null, null "
                    "from range(20) r(i)");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "time_to_complete"});
    assert_true(row->comparison.exists);
    assert_string_equal(row->comparison.design, "assigned");
    assert_string_equal(row->comparison.unit, "worker");
    assert_int_equal(row->verdict.word, VERDICT_UNPROVEN);
    assert_int_equal(row->verdict.reason, REASON_AS_FOUND);
    fixture_close(&f);
}

static void an_assignment_holds_from_since_until_until(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_daily_items(&f, 40, "60 + i");
    fixture_run(&f, "insert into assignment select 'p', 'worker', 'w' || i, arm, since, until, .5 "
                    "from range(4) r(i), (values ('no_ai', timestamp '2026-07-01', "
                    "timestamp '2026-07-21'), ('ai', timestamp '2026-07-21', null)) "
                    "v(arm, since, until)");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "time_to_complete"});
    /* days 2 to 20 of July before, 21 July to 10 August after */
    assert_int_equal(row->comparison.arms[0].items, 19);
    assert_int_equal(row->comparison.arms[1].items, 21);
    fixture_close(&f);
}

static void arms_assigned_by_team_are_clustered_by_team(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_daily_items(&f, 240, "60 + i");
    fixture_run(
        &f,
        "update item set worker = 'w' || (size::bigint % 24), team = 'team' || (size::bigint % 6);"
        "insert into measure select item_id, 'quality', null, (size % 11) / 10, 'm' "
        "from item;"
        "insert into assignment select 'p', 'team', 'team' || i, case when i < 3 then "
        "'ai' else 'no_ai' end, null, null, 0.5 from range(6) r(i)");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "time_to_complete"});
    assert_int_equal(row->comparison.clusters, 6);
    assert_int_equal(row->comparison.arms[0].workers, 12);
    row = compare(&f, (struct answer_request){.metric = "quality_score"});
    assert_true(row->comparison.exists);
    assert_int_equal(row->comparison.clusters, 6);
    assert_int_equal(row->comparison.arms[1].workers, 12);
    assert_check(row, "few_clusters", "noted");
    assert_true(row->comparison.estimate.df < 5);
    fixture_close(&f);
}

/* The classes of items around a landmark of 60 minutes; each item a case. */
static void times_of_two_treated_workers_have_the_degrees_of_freedom_of_two(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_daily_items(&f, 240, "60 + (i * 37) % 101");
    fixture_run(&f, "update item set worker = 'w' || (size::bigint % 24);"
                    "insert into assignment select 'p', 'worker', 'w' || i, case when i < 2 then "
                    "'ai' else 'no_ai' end, null, null, 0.1 from range(24) r(i)");
    fixture_facts(&f);
    struct row *row =
        compare(&f, (struct answer_request){.metric = "time_to_complete",
                                            .period = {.from = "2026-07-01", .to = "2027-03-01"}});
    assert_true(row->comparison.exists);
    assert_int_equal(row->comparison.clusters, 24);
    /* Welch's, of 2 and 22 workers with 10 items each */
    double welch = pow(1.0 / 2 + 1.0 / 22, 2) / (1.0 / 4 + 1.0 / (22.0 * 22 * 21));
    assert_close(row->comparison.estimate.df, welch, 1e-12);
    bool noted = false;
    for (size_t i = 0; i < row->check_count; i++) {
        assert_string_not_equal(row->checks[i].state, "failed");
        noted = noted || strcmp(row->checks[i].check, "few_units") == 0;
    }
    assert_true(noted);
    fixture_close(&f);
}

static void use_counts_up_to_the_landmark_only(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    struct frame frame;
    struct metric metric;
    fixture_run(&f,
                "insert into item (item_id, source, use_case, worker, team, started_at, opened_at, "
                "closed_at, first_closed_at, updated_at, state, ai_declared) values "
                "('t:used', 't', 'help', 'a', 'T', '2026-07-02 08:00', '2026-07-02 08:00', "
                "  '2026-07-02 11:00', '2026-07-02 11:00', '2026-07-30', 'done', null), "
                "('t:late', 't', 'help', 'a', 'T', '2026-07-03 08:00', '2026-07-03 08:00', "
                "  '2026-07-03 11:00', '2026-07-03 11:00', '2026-07-30', 'done', null), "
                "('t:none', 't', 'help', 'a', 'T', '2026-07-04 08:00', '2026-07-04 08:00', "
                "  '2026-07-04 11:00', '2026-07-04 11:00', '2026-07-30', 'done', null), "
                "('t:inferred', 't', 'help', 'b', 'T', '2026-07-05 08:00', '2026-07-05 08:00', "
                "  '2026-07-05 11:00', '2026-07-05 11:00', '2026-07-30', 'done', null), "
                "('t:fast', 't', 'help', 'a', 'T', '2026-07-06 08:00', '2026-07-06 08:00', "
                "  '2026-07-06 08:30', '2026-07-06 08:30', '2026-07-30', 'done', null), "
                "('t:failed', 't', 'help', 'a', 'T', '2026-07-07 08:00', '2026-07-07 08:00', "
                "  '2026-07-07 11:00', '2026-07-07 11:00', '2026-07-30', 'done', null), "
                "('t:named', 't', 'help', 'a', 'T', '2026-07-08 08:00', '2026-07-08 08:00', "
                "  '2026-07-08 11:00', '2026-07-08 11:00', '2026-07-30', 'done', 'copilot'), "
                "('t:uncovered', 't', 'help', 'c', 'U', '2026-07-08 08:00', '2026-07-08 08:00', "
                "  '2026-07-08 11:00', '2026-07-08 11:00', '2026-07-30', 'done', null), "
                "('t:nobody', 't', 'help', null, 'T', '2026-07-08 08:00', '2026-07-08 08:00', "
                "  '2026-07-08 11:00', '2026-07-08 11:00', '2026-07-30', 'done', null);"
                "insert into usage (usage_id, occurred_at, worker, team, item_id, grain, status) "
                "values ('u:0', '2026-07-01', 'z', 'T', null, 'call', 'ok'), "
                "('u:9', '2026-07-20', 'z', 'T', null, 'call', 'ok'), "
                "('u:1', '2026-07-02 08:59', 'a', 'T', 't:used', 'call', 'ok'), "
                "('u:2', '2026-07-03 09:01', 'a', 'T', 't:late', 'call', 'ok'), "
                "('u:3', '2026-07-05 08:20', 'b', 'T', null, 'call', 'ok'), "
                "('u:4', '2026-07-07 08:20', 'a', 'T', 't:failed', 'call', 'error')");
    fixture_facts(&f);
    assert_ok(metrics_named(f.workspace, "time_to_complete", f.arena, &metric, &error));
    struct sample sample = {
        .use_case = "help",
        .metric = &metric,
        .span = {.all = true},
        .arms = {.kind = ARMS_BY_USE, .names = {"no_ai", "ai"}},
        .landmark_minutes = 60,
    };
    const char *sql = sample_sql(f.arena, &sample);
    /* Ids are no column of the sample: the cell stands in for them. */
    sample.cell = "facts.item_id";
    sql = arena_printf(f.arena,
                       "select cell, arm::bigint, excluded::bigint, minutes from (%s) "
                       "order by cell",
                       sample_sql(f.arena, &sample));
    assert_ok(engine_query(f.workspace->engine, sql, sample_values(f.arena, &sample), f.arena,
                           &frame, &error));
    static const struct {
        const char *item;
        int arm;
        int excluded;
    } wanted[] = {
        {"t:failed", -1, EXCLUDED_UNCLEAR},   {"t:fast", 0, EXCLUDED_BEFORE_LANDMARK},
        {"t:inferred", -1, EXCLUDED_UNCLEAR}, {"t:late", 0, EXCLUDED_NOT},
        {"t:named", -1, EXCLUDED_UNCLEAR},    {"t:nobody", 0, EXCLUDED_NO_WORKER},
        {"t:none", 0, EXCLUDED_NOT},          {"t:uncovered", -1, EXCLUDED_UNCLEAR},
        {"t:used", 1, EXCLUDED_NOT},
    };
    assert_int_equal(frame.rows, sizeof wanted / sizeof wanted[0]);
    for (size_t i = 0; i < frame.rows; i++) {
        assert_string_equal(frame_text(&frame, i, 0), wanted[i].item);
        assert_int_equal(frame_integer(&frame, i, 2), wanted[i].excluded);
        if (wanted[i].arm >= 0)
            assert_int_equal(frame_integer(&frame, i, 1), wanted[i].arm);
    }
    /* b and c have unclear items only; a has some beside those in the arms. */
    struct sample_counts counts;
    assert_ok(counts_of_items(f.workspace, &sample, f.arena, &counts, &error));
    assert_int_equal(counts.excluded_workers[EXCLUDED_UNCLEAR], 3);
    assert_near(frame_number(&frame, 8, 3), 120, 0); /* three hours less the landmark */
    fixture_close(&f);
}

/* Ten people: a quarter of work done after 200 to 249 minutes; then a quarter with and without
   calls, with work of 5 days, items open for nine to ten days, and two of w0 that are open for
   longest. The item that a fifth of the earlier work comes before takes `fifth` minutes, those open
   for longest are `opened` minutes younger. */
static struct row *times_of_ten(struct fixture *f, int fifth, int opened)
{
    *f = fixture_open(false);
    assert_ok(moments_register(f->workspace->engine, &error));
    fixture_run(
        f, arena_printf(
               f->arena,
               "insert into item (item_id, source, use_case, worker, team, opened_at, closed_at, "
               "first_closed_at, updated_at, state) "
               "select 't:' || kind || i, 't', 'help', 'w' || (i // 2 %% 10), 'T', t0, t1, t1, "
               "timestamp '2026-09-30', case when t1 is null then 'open' else 'done' end from ("
               "select 'past' as kind, i, timestamp '2026-05-01' + interval (i) hour as t0, "
               "t0 + interval (case when i = 10 then %d else 200 + i end) minute as t1 "
               "from range(50) r(i) union all "
               "select 'now', i, timestamp '2026-07-05' + interval (i) hour as t0, "
               "t0 + interval (7200 + i) minute from range(100) r(i) union all "
               "select 'open', i, timestamp '2026-09-20' + interval (i) hour, null "
               "from range(20) r(i) union all "
               "select 'long', i, timestamp '2026-09-05' + interval (%d) minute, null "
               "from range(2) r(i));"
               "insert into usage (usage_id, occurred_at, worker, team, item_id, grain, status) "
               "select 'u:' || item_id, opened_at + interval 5 minute, worker, team, item_id, "
               "'call', 'ok' from item where right(item_id, 1)::bigint %% 2 = 0 union all "
               "select 'u:' || day, day, 'w0', 'T', null, 'call', 'ok' from (values "
               "(timestamp '2026-04-01'), (timestamp '2026-10-01')) v(day)",
               fifth, opened));
    fixture_facts(f);
    return compare(
        f, (struct answer_request){.metric = "time_to_complete", .period.period = "2026Q3"});
}

static void landmark_and_horizon_tell_no_minutes_of_one_item(void **state)
{
    (void)state;
    static const int shifts[][2] = {{210, 0}, {203, 0}, {210, 43}, {207, 17}};
    for (size_t i = 0; i < sizeof shifts / sizeof shifts[0]; i++) {
        struct fixture f;
        struct row *row = times_of_ten(&f, shifts[i][0], shifts[i][1]);
        assert_true(row->comparison.exists);
        assert_int_equal(row->comparison.arms[0].workers, 10);
        /* a fifth of the earlier work is done after 209 minutes: 3 hours */
        assert_near(row->comparison.landmark_days, 3.0 / 24, 1e-12);
        /* all but w0 were last seen after 9 to 10 days, less the landmark */
        assert_near(row->comparison.horizon_days, 9, 1e-12);
        assert_near(row->change.horizon_days, 9, 1e-12);
        fixture_close(&f);
    }
}

static void work_of_fewer_people_than_a_group_gives_no_landmark(void **state)
{
    (void)state;
    struct fixture f = fixture_open(false);
    assert_ok(moments_register(f.workspace->engine, &error));
    add_daily_items(&f, 40, "60 + i"); /* of four people */
    fixture_run(&f, "insert into usage (usage_id, occurred_at, worker, item_id, grain, status) "
                    "values ('u:1', '2026-07-02 00:10', 'w1', 't:1', 'call', 'ok')");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "time_to_complete"});
    assert_false(row->comparison.exists);
    assert_non_null(strstr(row->comparison.why_not, "fewer than 8 people completed such work"));
    fixture_close(&f);
}

static void landmarks_and_horizons_are_rounded_down_to_wide_steps(void **state)
{
    (void)state;
    static const struct {
        double minutes;
        double landmark;
        double horizon;
    } cases[] = {
        {0, 0, 0},          {0.01, 0, 0},       {0.99, 0.5, 0.5},
        {4.9, 2, 2},        {59, 30, 30},       {60, 60, 60},
        {119, 60, 60},      {299, 240, 240},    {1439, 720, 1380},
        {2879, 1440, 2820}, {2880, 2880, 2880}, {9 * 1440 + 1, 7 * 1440, 9 * 1440},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_near(coarse_landmark(cases[i].minutes), cases[i].landmark, 1e-12);
        assert_near(coarse_horizon(cases[i].minutes), cases[i].horizon, 1e-12);
    }
}

/* A {slot} of our own SQL inside a formula's text must stay a text. */
static void a_slot_inside_a_formula_is_filled_by_nobody(void **state)
{
    (void)state;
    static const char *const slots[] = {"outcome", "reason", "landmark", "arm",   "cell",
                                        "cohort",  "sample", "columns",  "weight"};
    struct fixture f = open_with_moments();
    add_daily_items(&f, 40, "60 + i");
    fixture_run(&f, "insert into measure select item_id, 'quality', null, (size % 7) / 10, 'm' "
                    "from item;"
                    "insert into assignment select 'p', 'item', item_id, case when size % 2 = 0 "
                    "then 'ai' else 'no_ai' end, null, null, 0.5 from item");
    fixture_facts(&f);
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
        char adjust[128];
        (void)snprintf(adjust, sizeof adjust, "case when source = '{%s}' then 1 else size end",
                       slots[i]);
        const char *const covariates[] = {adjust};
        struct row *row =
            compare(&f, (struct answer_request){
                            .metric = "quality_score", .adjust = covariates, .adjust_count = 1});
        assert_true(row->comparison.exists);
        row = compare(&f, (struct answer_request){.metric = "quality_score",
                                                  .explain = true,
                                                  .adjust = covariates,
                                                  .adjust_count = 1});
        assert_non_null(
            strstr(row->comparison.explain[1], arena_printf(f.arena, "'{%s}'", slots[i])));
    }
    fixture_close(&f);
}

static void arms_of_other_sizes_than_the_draw_gives_fail_a_check(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_daily_items(&f, 200, "60 + i");
    assert_ok(engine_run(f.workspace->engine,
                         "insert into assignment select 'p', 'item', item_id, case when size % 5 = "
                         "0 then 'ai' else 'no_ai' end, null, null, 0.5 from item",
                         &error));
    fixture_facts(&f);
    struct row *row =
        compare(&f, (struct answer_request){.metric = "time_to_complete",
                                            .period = {.from = "2026-07-01", .to = "2027-03-01"}});
    assert_string_equal(row->checks[0].check, "sample_ratio");
    assert_string_equal(row->checks[0].state, "failed");
    /* R: chisq.test(c(40, 160))$p.value */
    assert_close(row->checks[0].p, 2.15197367124989e-17, 1e-9);
    assert_int_equal(row->verdict.word, VERDICT_UNPROVEN);
    assert_int_equal(row->verdict.reason, REASON_CHECK);
    fixture_close(&f);
}

/* 200 items, 1 July to 17 January; their sizes are 1 to 200. */
static struct row *compare_drawn(struct fixture *f, const char *arm, const char *probability,
                                 const char *arms)
{
    add_daily_items(f, 200, "60 + (i * 37) % 101");
    fixture_run(f, arena_printf(f->arena,
                                "insert into assignment select 'p', 'item', item_id, %s, null, "
                                "null, %s from item",
                                arm, probability));
    fixture_facts(f);
    return compare(f,
                   (struct answer_request){.metric = "time_to_complete",
                                           .arms = arms,
                                           .period = {.from = "2026-07-01", .to = "2027-03-01"}});
}

static void assert_ratio_passed(const struct row *row, double p)
{
    assert_true(row->comparison.exists);
    assert_string_equal(row->checks[0].check, "sample_ratio");
    assert_string_equal(row->checks[0].state, "passed");
    assert_close(row->checks[0].p, p, 1e-9);
}

static void two_of_three_arms_are_as_large_as_their_draw_gives(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    struct row *row = compare_drawn(
        &f, "case when size <= 60 then 'no_ai' when size <= 140 then 'ai' else 'other' end",
        "1 / 3e0", "no_ai,ai");
    /* R: chisq.test(c(60, 80))$p.value */
    assert_ratio_passed(row, 0.0909689479753576);
    fixture_close(&f);

    f = open_with_moments();
    row = compare_drawn(
        &f, "case when size <= 90 then 'no_ai' when size <= 150 then 'ai' else 'other' end",
        "case when size <= 90 then 0.5 else 0.25 end", "no_ai,ai");
    /* R: chisq.test(c(90, 60), p = c(2, 1) / 3)$p.value */
    assert_ratio_passed(row, 0.0832645166635506);
    fixture_close(&f);
}

static void a_draw_of_two_arms_may_give_the_probability_of_either(void **state)
{
    (void)state;
    static const char *const given[] = {"case when size <= 130 then 0.7 else 0.3 end", "0.3"};
    for (size_t i = 0; i < 2; i++) {
        struct fixture f = open_with_moments();
        struct row *row =
            compare_drawn(&f, "case when size <= 130 then 'no_ai' else 'ai' end", given[i], NULL);
        /* R: chisq.test(c(130, 70), p = c(.7, .3))$p.value */
        assert_ratio_passed(row, 0.1228226481013918);
        fixture_close(&f);
    }
}

/* Half of the small items, and a tenth of the large ones, which take longer. */
static void draws_of_differing_probability_are_refused(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    struct row *row = compare_drawn(
        &f, "case when size % 10 = 0 or (size <= 100 and size % 2 = 0) then 'ai' else 'no_ai' end",
        "case when size % 10 = 0 or (size <= 100 and size % 2 = 0) then (case when size <= 100 "
        "then 0.5 else 0.1 end) else (case when size <= 100 then 0.5 else 0.9 end) end",
        NULL);
    assert_false(row->comparison.exists);
    assert_non_null(strstr(row->comparison.why_not, "differing probabilities"));
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assigned_arms_win_over_use_and_the_baseline_stands_first),
        cmocka_unit_test(arms_without_a_probability_are_assigned_not_randomised_and_count_as_found),
        cmocka_unit_test(an_assignment_holds_from_since_until_until),
        cmocka_unit_test(arms_assigned_by_team_are_clustered_by_team),
        cmocka_unit_test(times_of_two_treated_workers_have_the_degrees_of_freedom_of_two),
        cmocka_unit_test(use_counts_up_to_the_landmark_only),
        cmocka_unit_test(landmark_and_horizon_tell_no_minutes_of_one_item),
        cmocka_unit_test(work_of_fewer_people_than_a_group_gives_no_landmark),
        cmocka_unit_test(landmarks_and_horizons_are_rounded_down_to_wide_steps),
        cmocka_unit_test(arms_of_other_sizes_than_the_draw_gives_fail_a_check),
        cmocka_unit_test(two_of_three_arms_are_as_large_as_their_draw_gives),
        cmocka_unit_test(a_draw_of_two_arms_may_give_the_probability_of_either),
        cmocka_unit_test(draws_of_differing_probability_are_refused),
        cmocka_unit_test(a_slot_inside_a_formula_is_filled_by_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
