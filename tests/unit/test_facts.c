/* The linking rules, each on a handful of rows whose answer can be seen. */

#include "workspace_fixture.h"

/* Two items of ann, one after the other, and one of bob. */
static const char items[] =
    "insert into item (item_id, source, use_case, worker, team, opened_at, started_at, closed_at, "
    "first_closed_at, state, attrs) values "
    "('t:1', 't', 'help', 'ann', 'A', '2026-07-01 08:00', '2026-07-01 09:00', '2026-07-01 12:00', "
    "  '2026-07-01 12:00', 'done', null), "
    "('t:2', 't', 'help', 'ann', 'A', '2026-07-01 10:00', '2026-07-01 11:00', '2026-07-01 15:00', "
    "  '2026-07-01 15:00', 'done', null), "
    "('t:3', 't', 'help', 'bob', 'A', '2026-07-01 08:00', null, null, null, 'open', null);";

static void call(struct fixture *fixture, const char *id, const char *at, const char *worker,
                 const char *item, const char *session, const char *more)
{
    char sql[512];
    (void)snprintf(sql, sizeof sql,
                   "insert into usage (usage_id, occurred_at, worker, item_id, session, grain, "
                   "status, usd, tool) values ('u:%s', '2026-07-01 %s', %s, %s, %s, %s)",
                   id, at, worker, item, session, more);
    fixture_run(fixture, sql);
}

/* Calls of somebody without items, long before and after: the source reports over all items. */
static const char reporting[] =
    "insert into usage (usage_id, occurred_at, worker, team, grain, status, usd) "
    "select 'u:r' || team || day, day, 'zoe', nullif(team, ''), 'call', 'ok', 0 from "
    "(values (timestamp '2026-06-01'), (timestamp '2026-08-01')) d(day), (values ('A'), ('')) "
    "t(team);";

static const char one_call[] = "'call', 'ok', 1.5, 'bot'";

static void a_call_that_names_an_item_belongs_to_it_whoever_made_it(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, reporting);
    fixture_run(&f, items);
    call(&f, "1", "13:00", "'bob'", "'t:1'", "null", one_call);
    fixture_facts(&f);
    assert_string_equal(fixture_text(&f, "select kind from usage_link"), "explicit");
    assert_near(fixture_number(&f, "select calls from facts where item_id = 't:1'"), 1, 0);
    assert_near(fixture_number(&f, "select usd from facts where item_id = 't:1'"), 1.5, 0);
    assert_string_equal(fixture_text(&f, "select tool from facts where item_id = 't:1'"), "bot");
    fixture_close(&f);
}

static void a_call_that_names_an_item_not_here_waits_for_it(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, items);
    call(&f, "1", "11:30", "'ann'", "'t:9'", "null", one_call);
    fixture_facts(&f);
    assert_string_equal(fixture_text(&f, "select kind from usage_link"), "dangling");
    assert_near(fixture_number(&f, "select sum(calls + calls_inferred) from facts"), 0, 0);
    fixture_run(&f, "insert into item (item_id, source, worker, state) values ('t:9', 't', 'ann', "
                    "'open')");
    fixture_facts(&f);
    assert_string_equal(fixture_text(&f, "select kind from usage_link"), "explicit");
    fixture_close(&f);
}

static void
a_call_of_a_session_belongs_to_the_next_named_item_else_to_the_latest_before(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, items);
    call(&f, "early", "09:10", "'ann'", "null", "'s1'", one_call);
    call(&f, "first", "09:30", "'ann'", "'t:1'", "'s1'", one_call);
    call(&f, "between", "10:30", "'ann'", "null", "'s1'", one_call);
    call(&f, "second", "11:30", "'ann'", "'t:2'", "'s1'", one_call);
    call(&f, "late", "16:00", "'ann'", "null", "'s1'", one_call);
    fixture_facts(&f);
    const char *query = "select item_id from usage_link where kind = 'session' and usage_id = ";
    char sql[200];
    (void)snprintf(sql, sizeof sql, "%s'u:early'", query);
    assert_string_equal(fixture_text(&f, sql), "t:1");
    (void)snprintf(sql, sizeof sql, "%s'u:between'", query);
    assert_string_equal(fixture_text(&f, sql), "t:2");
    (void)snprintf(sql, sizeof sql, "%s'u:late'", query);
    assert_string_equal(fixture_text(&f, sql), "t:2");
    fixture_close(&f);
}

static void a_call_without_item_or_session_is_shared_by_the_items_in_hand(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, items);
    call(&f, "one", "09:30", "'ann'", "null", "null", one_call);
    call(&f, "both", "11:30", "'ann'", "null", "null", one_call);
    call(&f, "after", "15:00", "'ann'", "null", "null", one_call); /* end is not included */
    fixture_facts(&f);
    assert_near(fixture_number(&f, "select weight from usage_link where usage_id = 'u:one'"), 1, 0);
    assert_near(fixture_number(&f, "select sum(weight) from usage_link where usage_id = 'u:both'"),
                1, 0);
    assert_near(fixture_number(&f, "select count(*) from usage_link where usage_id = 'u:both'"), 2,
                0);
    assert_near(fixture_number(&f, "select count(*) from usage_link where usage_id = 'u:after'"), 0,
                0);
    assert_near(fixture_number(&f, "select calls_inferred from facts where item_id = 't:1'"), 1.5,
                0);
    assert_near(fixture_number(&f, "select usd_inferred from facts where item_id = 't:2'"), 0.75,
                0);
    /* Inferred links are no exposure. */
    assert_near(fixture_number(&f, "select count(ai_first_at) from facts"), 0, 0);
    fixture_close(&f);
}

static void more_than_five_items_in_hand_share_nothing(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, "insert into item (item_id, source, worker, opened_at, closed_at, state) "
                    "select 't:' || i, 't', 'ann', timestamp '2026-07-01 08:00', "
                    "timestamp '2026-07-01 20:00', 'done' from range(5) r(i)");
    call(&f, "1", "10:00", "'ann'", "null", "null", one_call);
    fixture_facts(&f);
    assert_near(fixture_number(&f, "select count(*) from usage_link"), 5, 0);
    assert_near(fixture_number(&f, "select sum(weight) from usage_link"), 1, 1e-12);
    fixture_run(&f,
                "insert into item (item_id, source, worker, opened_at, closed_at, state) values "
                "('t:5', 't', 'ann', '2026-07-01 08:00', '2026-07-01 20:00', 'done')");
    fixture_facts(&f);
    assert_near(fixture_number(&f, "select count(*) from usage_link"), 0, 0);
    fixture_close(&f);
}

static void the_data_end_at_the_last_date_that_can_be_true(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, items);
    fixture_run(&f, "update item set closed_at = '9999-12-31' where item_id = 't:2'");
    /* Imported the same week: the sentinel is none of the data's ends. */
    fixture_run(&f, "insert into imported values ('h', 'items', 3, 3, 0, '2026-07-04')");
    fixture_facts(&f);
    assert_string_equal(fixture_text(&f, "select max(data_end)::varchar from facts"),
                        "2026-07-01 15:00:00");
    /* Imported by a machine whose clock is years behind: the data are believed all the same. */
    fixture_run(&f, "update imported set imported_at = '2020-01-01'");
    fixture_facts(&f);
    assert_string_equal(fixture_text(&f, "select max(data_end)::varchar from facts"),
                        "2026-07-01 15:00:00");
    fixture_close(&f);
}

static void dates_that_nobody_means_count_as_not_given(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f,
                "insert into item (item_id, source, worker, opened_at, first_closed_at, closed_at, "
                "state) values "
                "('t:1', 't', 'a', '2026-07-01', '9999-12-31', '9999-12-31', 'done'), "
                "('t:2', 't', 'a', '0001-01-01', '2026-07-02', '2026-07-02', 'done'), "
                "('t:3', 't', 'a', '2026-07-01', '2026-07-02', '2026-07-02', 'done');"
                "insert into imported values ('h', 'items', 3, 3, 0, '2026-07-04')");
    fixture_facts(&f);
    assert_string_equal(fixture_text(&f, "select state from facts where item_id = 't:1'"), "open");
    assert_near(fixture_number(&f, "select count(closed_at) + count(first_closed_at) from facts "
                                   "where item_id = 't:1'"),
                0, 0);
    assert_string_equal(
        fixture_text(&f, "select counted_at::varchar from facts where item_id = 't:2'"),
        "2026-07-02 00:00:00");
    assert_near(fixture_number(&f, "select count(*) from facts where unbelieved"), 2, 0);
    fixture_close(&f);
}

static void a_close_in_the_future_is_unknown_and_not_open(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f,
                "insert into item (item_id, source, worker, opened_at, first_closed_at, closed_at, "
                "state) values "
                "('t:1', 't', 'a', '2026-07-01', '2062-07-02', '2062-07-02', 'done'), "
                "('t:2', 't', 'a', '2026-07-01', '2026-07-02', '2206-07-02', 'done'), "
                "('t:3', 't', 'a', '2026-07-01', '2099-12-31', '2099-12-31', 'done'), "
                "('t:4', 't', 'a', '2026-07-01', '9999-12-30 23:00', '9999-12-30 23:00', 'done'), "
                "('t:5', 't', 'a', '2026-07-01', '2026-07-02', '2026-07-02', 'done');"
                "insert into imported values ('h', 'items', 5, 5, 0, '2026-07-04')");
    fixture_facts(&f);
    assert_string_equal(
        fixture_text(&f, "select string_agg(state, ' ' order by item_id) from facts"),
        "done done open open done");
    assert_near(fixture_number(&f, "select count(closed_at) from facts"), 1, 0);
    assert_near(fixture_number(&f, "select count(first_closed_at) from facts"), 2, 0);
    assert_near(fixture_number(&f, "select count(*) from facts where unbelieved"), 4, 0);
    fixture_close(&f);
}

static void an_open_item_is_in_hand_for_fourteen_days(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, "insert into item (item_id, source, worker, opened_at, updated_at, state) "
                    "values ('t:1', 't', 'ann', '2026-07-01 08:00', '2026-09-01 08:00', 'open')");
    fixture_run(&f, "insert into usage (usage_id, occurred_at, worker, grain, status) values "
                    "('u:in', '2026-07-15 07:59', 'ann', 'call', 'ok'), "
                    "('u:out', '2026-07-15 08:00', 'ann', 'call', 'ok')");
    fixture_facts(&f);
    assert_string_equal(fixture_text(&f, "select usage_id from usage_link"), "u:in");
    fixture_close(&f);
}

static void agents_totals_and_calls_without_a_worker_are_never_inferred(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, items);
    fixture_run(&f,
                "insert into usage (usage_id, occurred_at, worker, grain, status, attrs) values "
                "('u:agent', '2026-07-01 09:30', 'ann', 'call', 'ok', map {'agent': 'x'}), "
                "('u:day', '2026-07-01 09:30', 'ann', 'day', 'ok', null), "
                "('u:nobody', '2026-07-01 09:30', null, 'call', 'ok', null)");
    fixture_facts(&f);
    assert_near(fixture_number(&f, "select count(*) from usage_link"), 0, 0);
    fixture_close(&f);
}

static void an_error_links_but_is_no_use(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, reporting);
    fixture_run(&f, items);
    call(&f, "1", "09:30", "'ann'", "'t:1'", "null", "'call', 'error', 0.5, 'bot'");
    fixture_facts(&f);
    assert_near(fixture_number(&f, "select calls from facts where item_id = 't:1'"), 0, 0);
    assert_near(fixture_number(&f, "select usd from facts where item_id = 't:1'"), 0.5, 0);
    assert_near(fixture_number(&f, "select count(ai_first_at) from facts"), 0, 0);
    assert_near(fixture_number(&f, "select count(linked_first_at) from facts"), 1, 0);
    fixture_close(&f);
}

static void a_part_folds_into_its_whole_with_calls_measures_and_mark(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, items);
    fixture_run(&f, "insert into item (item_id, source, worker, state, ai_declared) values "
                    "('git:abc', 'git', 'ann', 'done', 'claude-code');"
                    "insert into link values ('git:abc', 't:1'), ('branch:x', 't:1');"
                    "insert into measure values ('git:abc', 'reworked', null, 1, 'git');");
    call(&f, "1", "09:30", "'ann'", "'git:abc'", "null", one_call);
    call(&f, "2", "09:40", "'ann'", "'branch:x'", "null", one_call);
    fixture_facts(&f);
    assert_near(fixture_number(&f, "select count(*) from facts where item_id = 'git:abc'"), 0, 0);
    assert_near(fixture_number(&f, "select calls from facts where item_id = 't:1'"), 2, 0);
    assert_near(fixture_number(&f, "select m_reworked from facts where item_id = 't:1'"), 1, 0);
    assert_string_equal(fixture_text(&f, "select ai_declared from facts where item_id = 't:1'"),
                        "claude-code");
    fixture_close(&f);
}

/* Pull requests 1 to 3 of o/r, and a clone 0a whose commit a is linked to the first by its sha. */
static const char numbered[] =
    "insert into item (item_id, source, use_case, worker, state) values "
    "('github:o/r#1', 'github', 'code.pull_request', 'ann', 'done'), "
    "('github:o/r#2', 'github', 'code.pull_request', 'ann', 'done'), "
    "('github:o/r#3', 'github', 'code.pull_request', 'ann', 'done'), "
    "('git:b', 'git', 'code.change', 'ann', 'done');"
    "insert into link values ('git:a', 'github:o/r#1'), ('pull:0a#1@a', 'git:a'), "
    "('pull:0a#2@b', 'git:b'), ('pull:0a#2@c', 'git:c');"
    "insert into measure values ('git:a', 'reverted', '2026-07-01', 0, 'git'), "
    "('git:b', 'reverted', '2026-07-02', 1, 'git'), ('git:c', 'reverted', '2026-07-03', 0, 'git');";

/* How many rows facts has, and what is known of the pull request 2. */
static void assert_numbered(struct fixture *f, double rows, double answered, double sum)
{
    fixture_facts(f);
    assert_near(fixture_number(f, "select count(*) from facts"), rows, 0);
    assert_near(fixture_number(f, "select count(m_reverted) from facts "
                                  "where item_id = 'github:o/r#2'"),
                answered, 0);
    assert_near(fixture_number(f, "select coalesce(sum(m_reverted), 0) from facts "
                                  "where item_id = 'github:o/r#2'"),
                sum, 0);
    fixture_close(f);
}

static void a_number_names_the_pull_request_of_a_repository_that_is_proved(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, numbered);
    assert_numbered(&f, 3, 1, 1); /* of two commits with it, the first */
    /* What the export links it to is not in the clone: the number stands. */
    f = fixture_open(true);
    fixture_run(&f, numbered);
    fixture_run(&f, "insert into link values ('git:gone', 'github:o/r#2')");
    assert_numbered(&f, 3, 1, 1);
}

static void a_number_is_nothing_where_a_sha_says_more_or_the_repository_is_unknown(void **state)
{
    (void)state;
    static const char *const against[] = {
        /* The pull request is linked to another commit of the clone, which has the answer. */
        "insert into link values ('git:c', 'github:o/r#2')",
        /* It was closed without being merged: somebody took its work over by hand. */
        "update item set state = 'abandoned' where item_id = 'github:o/r#2'",
        /* No sha proves the repository. */
        "delete from link where other_id = 'git:a'",
        /* The proof has another number. */
        "update link set item_id = 'github:o/r#3' where other_id = 'git:a'",
        /* Two repositories would do. */
        "insert into item (item_id, source, use_case, worker, state) values "
        "('github:p/r#3', 'github', 'code.pull_request', 'ann', 'done');"
        "insert into link values ('git:d', 'github:p/r#3'), ('pull:0a#3@d', 'git:d');"
        "insert into measure values ('git:d', 'reverted', '2026-07-01', 0, 'git')",
    };
    static const double rows[] = {4, 4, 4, 4, 5};
    for (size_t i = 0; i < sizeof against / sizeof against[0]; i++) {
        struct fixture f = fixture_open(true);
        fixture_run(&f, numbered);
        fixture_run(&f, against[i]);
        assert_numbered(&f, rows[i], i == 0 ? 1 : 0, 0);
    }
}

static void what_repeats_means_follows_the_standard_measure(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, items);
    fixture_run(&f,
                "insert into measure values "
                "('t:1', 'errors', '2026-07-01', 2, 'm'), ('t:1', 'errors', '2026-07-02', 3, 'm'), "
                "('t:1', 'predicted_minutes', '2026-07-01', 30, 'm'), "
                "('t:1', 'predicted_minutes', '2026-07-02', 90, 'm'), "
                "('t:1', 'satisfaction', '2026-07-01', 0.2, 'm'), "
                "('t:1', 'satisfaction', '2026-07-02', 0.8, 'm'), "
                "('t:1', 'reopened', '2026-07-01', 1, 'm'), "
                "('t:1', 'reopened', '2026-07-02', 0, 'm'), "
                "('t:1', 'quality', '2026-07-01', 0.4, 'm'), "
                "('t:1', 'quality', '2026-07-02', 0.8, 'm'), "
                "('t:1', 'own_name', '2026-07-01', 7, 'm'), "
                "('t:1', 'own_name', '2026-07-02', 9, 'm')");
    fixture_facts(&f);
    struct frame frame = fixture_query(
        &f, "select m_errors, m_predicted_minutes, m_satisfaction, m_reopened, m_quality, "
            "m_own_name from facts where item_id = 't:1'");
    const double wanted[] = {5, 30, 0.8, 1, 0.6, 9};
    for (size_t c = 0; c < 6; c++)
        assert_near(frame_number(&frame, 0, c), wanted[c], 1e-12);
    fixture_close(&f);
}

static void an_alias_reaches_rows_that_came_before_it(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, items);
    call(&f, "1", "09:30", "'ann@x'", "null", "null", one_call);
    fixture_facts(&f);
    assert_near(fixture_number(&f, "select count(*) from usage_link"), 0, 0);
    fixture_run(&f, "insert into alias values ('ann@x', 'ann')");
    fixture_facts(&f);
    assert_string_equal(fixture_text(&f, "select item_id from usage_link"), "t:1");
    fixture_close(&f);
}

static void team_and_role_are_the_exports_else_those_of_the_time(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, "insert into item (item_id, source, worker, team, opened_at, state) values "
                    "('t:1', 't', 'ann', null, '2026-03-01', 'open'), "
                    "('t:2', 't', 'ann', null, '2026-08-01', 'open'), "
                    "('t:3', 't', 'ann', 'own', '2026-08-01', 'open');"
                    "insert into membership values ('ann', '2026-01-01', 'A', 'junior', null), "
                    "('ann', '2026-06-01', 'B', 'senior', null);");
    fixture_facts(&f);
    assert_string_equal(fixture_text(&f, "select team || role from facts where item_id = 't:1'"),
                        "Ajunior");
    assert_string_equal(fixture_text(&f, "select team || role from facts where item_id = 't:2'"),
                        "Bsenior");
    assert_string_equal(fixture_text(&f, "select team || role from facts where item_id = 't:3'"),
                        "ownsenior");
    fixture_close(&f);
}

static void items_are_covered_while_a_source_reports_for_their_team(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, "insert into item (item_id, source, worker, team, opened_at, closed_at, state) "
                    "values ('t:in', 't', 'ann', 'A', '2026-07-02', '2026-07-03', 'done'), "
                    "('t:early', 't', 'ann', 'A', '2026-06-01', '2026-06-02', 'done'), "
                    "('t:late', 't', 'ann', 'A', '2026-07-09', '2026-07-20', 'done'), "
                    "('t:other', 't', 'cy', 'B', '2026-07-02', '2026-07-03', 'done');"
                    "insert into usage (usage_id, occurred_at, worker, grain, status) values "
                    "('u:1', '2026-07-01', 'ann', 'call', 'ok'), "
                    "('u:2', '2026-07-10', 'ann', 'call', 'ok');");
    fixture_facts(&f);
    assert_string_equal(fixture_text(&f,
                                     "select string_agg(item_id, ' ' order by item_id) from facts "
                                     "where covered"),
                        "t:in");
    fixture_close(&f);
}

static void the_first_rule_that_fits_names_the_use_case(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/use_cases.yaml", f.path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs("- use_case: help.big\n  when: size > 10\n"
                "- use_case: help.any\n  when: source = 't' and size > 5\n",
                file);
    (void)fclose(file);
    fixture_run(&f, "insert into item (item_id, source, use_case, size, state) values "
                    "('t:1', 't', 'given', 20, 'done'), ('t:2', 't', 'given', 8, 'done'), "
                    "('t:3', 't', 'given', 1, 'done'), ('t:4', 't', null, null, 'done')");
    fixture_facts(&f);
    assert_string_equal(
        fixture_text(&f, "select string_agg(use_case, ' ' order by item_id) from facts"),
        "help.big help.any given unsorted");
    fixture_close(&f);
}

/* ---- What calls cost ---------------------------------------------------------------------- */

static const char prices[] =
    /* dollars per million tokens: input, output, read from the cache, written to it */
    "insert into price values ('m', null, 10, 20, 1, 12), ('m', '2026-07-01 10:00', 5, 20, 1, 12), "
    "('bare', '2026-01-01', 10, 20, null, null);";

/* A call that names an item: model, input, output, cache read, cache write, usd. */
static void costed(struct fixture *f, const char *id, const char *item, const char *at,
                   const char *columns)
{
    char sql[512];
    (void)snprintf(
        sql, sizeof sql,
        "insert into usage (usage_id, occurred_at, worker, item_id, grain, status, "
        "model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, usd) "
        "values ('u:%s', '2026-07-01 %s', 'ann', 't:%s', 'call', 'ok', %s)",
        id, at, item, columns);
    fixture_run(f, sql);
}

static void a_call_costs_what_it_says_else_its_tokens_at_the_price_of_the_day(void **state)
{
    (void)state;
    static const struct {
        const char *at, *columns;
        double usd; /* NAN: unknown */
    } rows[] = {
        {"09:00", "'m', 1000000, 100000, null, null, 0.5", 0.5},   /* its own word wins */
        {"09:00", "'m', 1000000, 100000, null, null, null", 12},   /* 10 + 2, the first price */
        {"09:59", "'m', 0, 100000, 500000, 250000, null", 5.5},    /* 2 + 0.5 + 3 */
        {"10:00", "'m', 1000000, 100000, null, null, null", 7},    /* 5 + 2, from the hour on */
        {"10:00", "'other', 1000000, 1, null, null, null", NAN},   /* no price */
        {"10:00", "null, 1000000, 1, null, null, null", NAN},      /* no model */
        {"10:00", "'m', null, 100000, null, null, null", NAN},     /* tokens not known */
        {"10:00", "'m', 1000000, null, null, null, null", NAN},    /* half of them */
        {"10:00", "'bare', 1000000, 100000, 0, null, null", 12},   /* nothing was cached */
        {"10:00", "'bare', 1000000, 100000, 10, null, null", NAN}, /* no price for the cached */
        {"10:00", "'other', 0, 0, null, null, 0", 0},              /* free, and said so */
    };
    const size_t count = sizeof rows / sizeof *rows;
    struct fixture f = fixture_open(true);
    fixture_run(&f, reporting);
    fixture_run(&f, prices);
    for (size_t i = 0; i < count; i++) {
        const char *id = arena_printf(f.arena, "%02zu", i);
        fixture_run(&f, arena_printf(f.arena,
                                     "insert into item (item_id, source, worker, opened_at, state) "
                                     "values ('t:%s', 't', 'ann', '2026-07-01', 'open')",
                                     id));
        costed(&f, id, id, rows[i].at, rows[i].columns);
    }
    fixture_facts(&f);
    struct frame frame =
        fixture_query(&f, "select usd, calls_unpriced, calls_priced from facts order by item_id");
    for (size_t i = 0; i < count; i++) {
        double usd = frame_number(&frame, i, 0);
        if (isnan(rows[i].usd) ? !isnan(usd) : !(fabs(usd - rows[i].usd) < 1e-12))
            fail_msg("row %zu: %g, wanted %g", i, usd, rows[i].usd);
        assert_near(frame_number(&frame, i, 1), isnan(rows[i].usd) ? 1 : 0, 0);
        assert_near(frame_number(&frame, i, 2), isnan(rows[i].usd) ? 0 : 1, 0);
    }
    fixture_close(&f);
}

/* Calls are told of from June to August. */
static void cost_is_known_of_work_with_calls_where_it_is_of_work_without(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, reporting);
    fixture_run(&f,
                "insert into item (item_id, source, worker, opened_at, closed_at, state) select "
                "'t:' || word || ai, 't', 'ann', '2026-07-01', closed_at, state from (values "
                "('in', timestamp '2026-07-02', 'done'), ('late', timestamp '2026-08-02', "
                "'done'), ('open', null, 'open')) i(word, closed_at, state), range(2) a(ai)");
    fixture_run(&f,
                "insert into usage (usage_id, occurred_at, worker, item_id, grain, status, usd) "
                "select 'u:' || item_id, '2026-07-01 12:00', 'ann', item_id, 'call', 'ok', 2 "
                "from item where item_id like '%1'");
    fixture_facts(&f);
    assert_string_equal(
        fixture_text(&f, "select string_agg(item_id || ' ' || coalesce(usd::int::varchar, '?'), "
                         "', ' order by item_id) from facts"),
        "t:in0 0, t:in1 2, t:late0 ?, t:late1 ?, t:open0 0, t:open1 2");
    fixture_close(&f);
}

static void an_embedding_needs_no_output_tokens(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, reporting);
    fixture_run(&f, items);
    fixture_run(&f, prices);
    costed(&f, "1", "1", "09:00", "'m', 1000000, null, null, null, null");
    fixture_run(&f, "update usage set operation = 'embeddings'");
    fixture_facts(&f);
    assert_near(fixture_number(&f, "select usd from facts where item_id = 't:1'"), 10, 1e-12);
    fixture_close(&f);
}

static void one_call_without_a_price_leaves_the_items_cost_unknown(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, reporting);
    fixture_run(&f, items);
    fixture_run(&f, prices);
    costed(&f, "1", "1", "09:00", "'m', 1000000, 0, null, null, null");
    costed(&f, "2", "1", "09:30", "'other', 1000000, 0, null, null, null");
    costed(&f, "3", "1", "09:40", "'m', 1000000, 0, null, null, null");
    fixture_facts(&f);
    assert_true(isnan(fixture_number(&f, "select usd from facts where item_id = 't:1'")));
    assert_near(fixture_number(&f, "select usd_inferred from facts where item_id = 't:1'"), 0, 0);
    assert_near(fixture_number(&f, "select calls_priced from facts where item_id = 't:1'"), 2, 0);
    assert_near(fixture_number(&f, "select calls_unpriced from facts where item_id = 't:1'"), 1, 0);
    fixture_close(&f);
}

/* A shared call counts by its share; t:1 and t:2 are both in hand at 11:30. */
static void an_inferred_call_without_a_price_is_unknown_in_each_item_that_shares_it(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, reporting);
    fixture_run(&f, items);
    call(&f, "1", "09:30", "'ann'", "'t:1'", "null", one_call);
    call(&f, "2", "11:30", "'ann'", "null", "null", "'call', 'ok', null, 'bot'");
    fixture_facts(&f);
    assert_near(fixture_number(&f, "select usd from facts where item_id = 't:1'"), 1.5, 0);
    assert_near(fixture_number(&f, "select count(usd_inferred) from facts where worker = 'ann'"), 0,
                0);
    assert_near(fixture_number(&f, "select calls_unpriced from facts where item_id = 't:2'"), 0.5,
                0);
    fixture_close(&f);
}

/* Silence costs nothing only where a source that tells of single calls would have spoken. */
static void an_item_without_calls_cost_nothing_where_calls_are_reported_else_unknown(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, "insert into item (item_id, source, worker, team, opened_at, closed_at, state) "
                    "values ('t:in', 't', 'ann', 'A', '2026-07-02', '2026-07-03', 'done'), "
                    "('t:late', 't', 'ann', 'A', '2026-07-09', '2026-07-20', 'done'), "
                    "('t:totals', 't', 'cy', 'B', '2026-07-02', '2026-07-03', 'done');"
                    "insert into usage (usage_id, occurred_at, team, grain, status) values "
                    "('u:1', '2026-07-01', 'A', 'call', 'ok'), "
                    "('u:2', '2026-07-10', 'A', 'call', 'ok'), "
                    "('d:1', '2026-07-01', 'B', 'day', 'ok'), "
                    "('d:2', '2026-07-10', 'B', 'day', 'ok');");
    fixture_facts(&f);
    assert_near(fixture_number(&f, "select usd + usd_inferred from facts where item_id = 't:in'"),
                0, 0);
    assert_true(isnan(fixture_number(&f, "select usd from facts where item_id = 't:late'")));
    assert_true(isnan(fixture_number(&f, "select usd from facts where item_id = 't:totals'")));
    assert_string_equal(
        fixture_text(&f, "select covered::varchar from facts where item_id = 't:totals'"), "true");
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_names_an_item_belongs_to_it_whoever_made_it),
        cmocka_unit_test(a_call_that_names_an_item_not_here_waits_for_it),
        cmocka_unit_test(
            a_call_of_a_session_belongs_to_the_next_named_item_else_to_the_latest_before),
        cmocka_unit_test(a_call_without_item_or_session_is_shared_by_the_items_in_hand),
        cmocka_unit_test(more_than_five_items_in_hand_share_nothing),
        cmocka_unit_test(the_data_end_at_the_last_date_that_can_be_true),
        cmocka_unit_test(dates_that_nobody_means_count_as_not_given),
        cmocka_unit_test(a_close_in_the_future_is_unknown_and_not_open),
        cmocka_unit_test(an_open_item_is_in_hand_for_fourteen_days),
        cmocka_unit_test(agents_totals_and_calls_without_a_worker_are_never_inferred),
        cmocka_unit_test(an_error_links_but_is_no_use),
        cmocka_unit_test(a_part_folds_into_its_whole_with_calls_measures_and_mark),
        cmocka_unit_test(a_number_names_the_pull_request_of_a_repository_that_is_proved),
        cmocka_unit_test(a_number_is_nothing_where_a_sha_says_more_or_the_repository_is_unknown),
        cmocka_unit_test(what_repeats_means_follows_the_standard_measure),
        cmocka_unit_test(an_alias_reaches_rows_that_came_before_it),
        cmocka_unit_test(team_and_role_are_the_exports_else_those_of_the_time),
        cmocka_unit_test(items_are_covered_while_a_source_reports_for_their_team),
        cmocka_unit_test(the_first_rule_that_fits_names_the_use_case),
        cmocka_unit_test(a_call_costs_what_it_says_else_its_tokens_at_the_price_of_the_day),
        cmocka_unit_test(cost_is_known_of_work_with_calls_where_it_is_of_work_without),
        cmocka_unit_test(an_embedding_needs_no_output_tokens),
        cmocka_unit_test(one_call_without_a_price_leaves_the_items_cost_unknown),
        cmocka_unit_test(an_inferred_call_without_a_price_is_unknown_in_each_item_that_shares_it),
        cmocka_unit_test(an_item_without_calls_cost_nothing_where_calls_are_reported_else_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
