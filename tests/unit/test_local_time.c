/* Moments are shifted as the engine's calendar shows them, minute by minute over changes of clocks.
 */

#include "evidence/sample/local_time.h"

#include "check.h"

static struct error error;
static struct arena *arena;
static struct workspace workspace;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create();
    workspace = (struct workspace){.folder = ""};
    assert_ok(
        engine_open("duckdb::memory:", &(struct engine_options){0}, &workspace.engine, &error));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    engine_close(workspace.engine);
    arena_destroy(arena);
    return 0;
}

/* Facts from and to the days, in a zone whose clocks have changed. */
static void read_changes(const char *zone, const char *from, const char *to)
{
    workspace.settings.time_zone = zone;
    assert_ok(engine_run(workspace.engine,
                         arena_printf(arena,
                                      "create table facts as select unnest([%s, %s]) as "
                                      "counted_at, timestamp '2001-01-01' as data_end",
                                      from, to),
                         &error));
    assert_ok(local_time_read(&workspace, arena, &error));
}

/* Minutes from one day to another at which the calendar says otherwise. */
static int64_t differences(const char *from, const char *to)
{
    struct frame frame;
    const char *sql = arena_printf(
        arena,
        "select count(*) filter (where %s is distinct from timezone('%s', m::timestamptz)) "
        "from (select unnest(generate_series(%s, %s, interval 1 minute)) as m union all "
        "select null union all select %s + interval 1 microsecond)",
        local_time(arena, &workspace, "m"), workspace.settings.time_zone, from, to, from);
    assert_ok(engine_query(workspace.engine, sql, ENGINE_NO_VALUES, arena, &frame, &error));
    return frame_integer(&frame, 0, 0);
}

static void local_time_is_that_of_the_calendar(void **state)
{
    (void)state;
    static const char from[] = "timestamp '2024-02-10 07:30:00'";
    static const char to[] = "timestamp '2026-11-20 12:00:00'";
    read_changes("Europe/Berlin", from, to);
    assert_int_equal(workspace.clock.count, 1 + 6);
    assert_int_equal(workspace.clock.from[1], INT64_C(1711846800000000)); /* 2024-03-31 01:00 UTC */
    assert_int_equal(workspace.clock.ahead[1], INT64_C(7200000000));
    /* Before and after what was read, too. */
    assert_int_equal(differences("timestamp '2023-12-01'", "timestamp '2027-05-01'"), 0);
}

static void clocks_may_change_by_half_an_hour(void **state)
{
    (void)state;
    read_changes("Australia/Lord_Howe", "timestamp '2025-01-01'", "timestamp '2025-12-31'");
    assert_int_equal(workspace.clock.count, 1 + 2);
    assert_int_equal(differences("timestamp '2024-12-01'", "timestamp '2026-01-31'"), 0);
}

static void clocks_that_never_change_are_shifted_alike(void **state)
{
    (void)state;
    read_changes("Asia/Kolkata", "timestamp '2025-01-01'", "timestamp '2025-12-31'");
    assert_int_equal(workspace.clock.count, 1);
    assert_int_equal(differences("timestamp '2025-01-01'", "timestamp '2025-02-01'"), 0);
}

static void facts_without_times_leave_the_calendar(void **state)
{
    (void)state;
    read_changes("Europe/Berlin", "null::timestamp", "null::timestamp");
    assert_int_equal(workspace.clock.count, 0);
    assert_int_equal(differences("timestamp '2025-03-29'", "timestamp '2025-04-01'"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(local_time_is_that_of_the_calendar, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clocks_may_change_by_half_an_hour, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clocks_that_never_change_are_shifted_alike, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(facts_without_times_leave_the_calendar, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
