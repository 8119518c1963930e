/* Arms, exposure, landmark, refusals and estimates, from rows in a workspace to a comparison. */

#include "comparison_fixture.h"

#include "assay/moments.h"
#include "base/embedded.h"
#include "collect/git_import.h"
#include "evidence/answer.h"
#include "evidence/estimate/counts.h"
#include "evidence/facts/metrics.h"
#include "evidence/facts/moments_aggregate.h"
#include "evidence/sample/coarse_time.h"
#include "evidence/sample/sample.h"

#include <jansson.h>

/* Items 1 to n of four workers, one a day from 1 July, closed after `minutes`. */
static void add_items(struct fixture *f, int n, const char *minutes)
{
    char sql[600];
    (void)snprintf(sql, sizeof sql,
                   "insert into item (item_id, source, use_case, worker, size, opened_at, "
                   "started_at, closed_at, first_closed_at, updated_at, state) "
                   "select 't:' || i, 't', 'help', 'w' || (i %% 4), i, t0, t0, done, done, "
                   "timestamp '2026-12-01', 'done' from (select i, timestamp '2026-07-01' + "
                   "interval (i) day as t0, timestamp '2026-07-01' + interval (i) day + "
                   "to_microseconds(((%s) * 6e7)::bigint) as done from range(1, %d) r(i))",
                   minutes, n + 1);
    fixture_run(f, sql);
}

/* ---- Arms -------------------------------------------------------------------------------- */

static void assigned_arms_win_over_use_and_the_baseline_stands_first(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_items(&f, 40, "60 + i");
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
    add_items(&f, 40, "60 + i");
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
    add_items(&f, 40, "60 + i");
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
    add_items(&f, 240, "60 + i");
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
    add_items(&f, 240, "60 + (i * 37) % 101");
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
    add_items(&f, 40, "60 + i"); /* of four people */
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
    add_items(&f, 40, "60 + i");
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
    add_items(&f, 200, "60 + i");
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
    add_items(f, 200, "60 + (i * 37) % 101");
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
    add_items(&f, 40, "60 + i");
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
    add_items(&f, 40, "60 + i");
    fixture_facts(&f);
    refused(&f, (struct answer_request){.metric = "time_to_complete"}, "no usage reaches it");
    fixture_close(&f);
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
    add_items(&f, 40, "60 + i");
    assign(&f, "'ai'");
    refused(&f, (struct answer_request){.metric = "time_to_complete"}, "in one arm");
    fixture_close(&f);

    f = open_with_moments();
    add_items(&f, 40, "60 + i");
    fixture_run(&f, "update item set worker = 'only'");
    assign(&f, "case when size % 2 = 0 then 'ai' else 'no_ai' end");
    refused(&f, (struct answer_request){.metric = "time_to_complete"}, "of one person");
    fixture_close(&f);

    f = open_with_moments();
    add_items(&f, 40, "60");
    fixture_run(&f, "insert into measure select item_id, 'quality', null, 0.5, 'm' from item");
    assign(&f, "case when size % 2 = 0 then 'ai' else 'no_ai' end");
    refused(&f, (struct answer_request){.metric = "quality_score"}, "the same for every item");
    fixture_close(&f);
}

/* Forty items, of which `count` were assigned by a stray plan and half were done with a call. */
static struct row *with_stray_assignment(struct fixture *f, int count, const char *arms)
{
    *f = open_with_moments();
    add_items(f, 40, "60 + i");
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
    add_items(&f, 40, "60 + i");
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
    add_items(&f, 40, "60 + i");
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
    add_items(&f, 40, "60 + i");
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
    add_items(&f, 40, "60 + i");
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
