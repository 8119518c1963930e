/* What tests of comparisons share: a workspace with our aggregate, and one comparison of it. */

#ifndef TESTS_COMPARISON_FIXTURE_H
#define TESTS_COMPARISON_FIXTURE_H

#include "workspace_fixture.h"

#include "evidence/answer.h"
#include "evidence/facts/moments_aggregate.h"

#include <string.h>

static inline struct row *compare(struct fixture *f, struct answer_request request)
{
    struct evidence *evidence = arena_alloc(f->arena, sizeof *evidence);
    if (request.use_case == NULL)
        request.use_case = "help";
    assert_ok(answer_compare(f->workspace, &request, f->arena, evidence, &error));
    assert_int_equal(evidence->row_count, 1);
    return &evidence->rows[0];
}

/* The row's result of a check; its state is "not made" where it was not. */
static inline struct check_result check_of(const struct row *row, const char *check)
{
    for (size_t i = 0; i < row->check_count; i++)
        if (strcmp(row->checks[i].check, check) == 0)
            return row->checks[i];
    return (struct check_result){.check = check, .state = "not made", .sentence = ""};
}

/* state NULL: it was not made. */
static inline void assert_check(const struct row *row, const char *check, const char *state)
{
    const char *is = check_of(row, check).state;
    if (strcmp(is, state != NULL ? state : "not made") != 0)
        fail_msg("%s: %s", check, is);
}

static inline struct fixture open_with_moments(void)
{
    struct fixture f = fixture_open(true);
    assert_ok(moments_register(f.workspace->engine, &error));
    return f;
}

/* Items 1 to n of four workers, one a day from 1 July, closed after `minutes`. */
static inline void add_daily_items(struct fixture *f, int n, const char *minutes)
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

#endif
