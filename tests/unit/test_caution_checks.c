/* What is said where few people carry a comparison, from rows in a workspace to its checks. */

#include "comparison_fixture.h"

/* Items of 40 workers, of which the first 20 are drawn to AI: `items` SQL gives how many each has,
   from w, `value` the measure of item i of worker w. */
static void add_trial(struct fixture *f, const char *items, const char *measure, const char *value)
{
    char sql[1400];
    (void)snprintf(
        sql, sizeof sql,
        "create temp table drawn as select w, i from (select w, unnest(range(%s)) as i "
        "from range(40) r(w));"
        "insert into item (item_id, source, use_case, worker, size, opened_at, closed_at, "
        "first_closed_at, updated_at, state) select 't:' || w || '-' || i, 't', 'help', 'w' || w, "
        "10, t0, t0, t0, timestamp '2026-12-01', 'done' from (select w, i, timestamp '2026-07-01' "
        "+ to_microseconds((w + 40 * i) * 60000000) as t0 from drawn);"
        "insert into measure select 't:' || w || '-' || i, '%s', null, %s, 'm' from drawn;"
        "insert into assignment select 'p', 'worker', 'w' || w, case when w < 20 then 'ai' else "
        "'no_ai' end, null, null, 0.5 from range(40) r(w)",
        items, measure, value);
    fixture_run(f, sql);
    fixture_facts(f);
}

static struct row *trial(struct fixture *f, const char *items, const char *measure,
                         const char *value, const char *metric)
{
    add_trial(f, items, measure, value);
    struct row *row = compare(f, (struct answer_request){.metric = metric});
    assert_true(row->comparison.exists);
    return row;
}

static void an_ordinary_trial_is_not_warned_of(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    struct row *row = trial(&f, "10", "quality", "((w * 7 + i * 3) % 11) / 10.0", "quality_score");
    assert_check(row, "few_clusters", "passed");
    assert_check(row, "few_events", "passed");
    assert_check(row, "skewed", "passed");
    fixture_close(&f);
}

/* 6 workers without AI have one event in ten items each, 20 with AI have none. */
static void events_of_six_workers_decide_nothing(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    struct row *row = trial(&f, "10", "reopened", "(w >= 34 and i = 0)::integer", "rework_rate");
    assert_check(row, "few_events", "failed");
    assert_int_equal(row->verdict.word, VERDICT_UNPROVEN);
    assert_int_equal(row->verdict.reason, REASON_CHECK);
    assert_true(row->comparison.estimate.interval.low < 0);
    fixture_close(&f);
}

static void non_events_of_six_workers_decide_nothing(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    struct row *row = trial(&f, "10", "reopened", "(w < 34 or i > 0)::integer", "rework_rate");
    assert_check(row, "few_events", "failed");
    fixture_close(&f);
}

static void events_of_ten_workers_may_decide(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    struct row *row = trial(&f, "10", "reopened", "(w >= 30 and i < 5)::integer", "rework_rate");
    assert_check(row, "few_events", "passed");
    assert_int_equal(row->verdict.word, VERDICT_BETTER);
    fixture_close(&f);
}

/* A mean that is 1 for all items but those of six workers. */
static void a_mean_that_is_mostly_one_value_is_told_by_who_differs(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    struct row *row =
        trial(&f, "10", "quality", "case when w >= 34 then i / 10.0 else 1 end", "quality_score");
    assert_check(row, "few_events", "failed");
    fixture_close(&f);
}

static void an_arm_that_is_mostly_one_workers_is_noted(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    struct row *row = trial(&f, "case when w = 0 then 250 else 10 end", "quality",
                            "((w * 7 + i * 3) % 11) / 10.0", "quality_score");
    /* (250 + 19 x 10)^2 / (250^2 + 19 x 100) */
    assert_near(row->comparison.carried.worth[1], 440.0 * 440 / 64400, 1e-9);
    assert_near(row->comparison.carried.worth[0], 20, 1e-9);
    assert_check(row, "few_clusters", "passed");
    fixture_close(&f);
    f = open_with_moments();
    row = trial(&f, "case when w = 0 then 300 else 10 end", "quality",
                "((w * 7 + i * 3) % 11) / 10.0", "quality_score");
    assert_check(row, "few_clusters", "noted");
    fixture_close(&f);
}

static void one_worker_who_makes_up_what_varies_is_noted(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    struct row *row =
        trial(&f, "10", "quality", "case when w = 0 then .1 else .9 + ((w + i) % 11) / 100.0 end",
              "quality_score");
    assert_true(row->comparison.carried.top > 0.9);
    assert_check(row, "skewed", "noted");
    fixture_close(&f);
}

/* One worker in twenty of an arm spends forty times as much as the others. */
static void an_uncertain_ratio_is_noted(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_trial(&f, "10", "quality", "1");
    fixture_run(&f, "insert into usage (usage_id, occurred_at, worker, item_id, grain, status, "
                    "usd) select 'u:' || item_id, opened_at, worker, item_id, 'call', 'ok', case "
                    "when worker in ('w0', 'w20') then 40 else 1 end from item;"
                    "update assignment set arm = case arm when 'ai' then 'large' else 'small' end");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "cost_per_completed"});
    assert_true(row->comparison.exists);
    /* the one adds 40/59 - 1/20 of an arm's ratio */
    assert_true(row->comparison.carried.ratio_error > 40.0 / 59 - 1.0 / 20);
    assert_check(row, "skewed", "noted");
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_trial_is_not_warned_of),
        cmocka_unit_test(events_of_six_workers_decide_nothing),
        cmocka_unit_test(non_events_of_six_workers_decide_nothing),
        cmocka_unit_test(events_of_ten_workers_may_decide),
        cmocka_unit_test(a_mean_that_is_mostly_one_value_is_told_by_who_differs),
        cmocka_unit_test(an_arm_that_is_mostly_one_workers_is_noted),
        cmocka_unit_test(one_worker_who_makes_up_what_varies_is_noted),
        cmocka_unit_test(an_uncertain_ratio_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
