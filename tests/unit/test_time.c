#include "base/time.h"

#include "check.h"

/* The calendar by counting, one day after the other: no formula in common with time.c. */
static bool is_leap(int year)
{
    if (year % 400 == 0)
        return true;
    return year % 4 == 0 && year % 100 != 0;
}

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return lengths[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

static void every_day_of_nine_centuries_follows_the_one_before(void **state)
{
    (void)state;
    int64_t wanted = day_of(1599, 12, 31);
    for (int year = 1600; year < 2500; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= month_length(year, month); day++) {
                wanted++;
                int64_t got = day_of(year, month, day);
                int y = 0;
                int m = 0;
                int d = 0;
                day_split(got, &y, &m, &d);
                if (got != wanted || y != year || m != month || d != day)
                    fail_msg("%04d-%02d-%02d: day %lld, wanted %lld; split %d-%d-%d", year, month,
                             day, (long long)got, (long long)wanted, y, m, d);
            }
}

/* `date -ud DATE +%s` divided by 86400. */
static void known_dates_have_the_days_that_date_gives(void **state)
{
    (void)state;
    assert_int_equal(day_of(1970, 1, 1), 0);
    assert_int_equal(day_of(1969, 12, 31), -1);
    assert_int_equal(day_of(2000, 2, 29), 11016);
    assert_int_equal(day_of(2026, 7, 1), 20635);
    assert_int_equal(day_of(1900, 3, 1), -25508);
}

static void a_date_is_read_only_if_the_calendar_has_it(void **state)
{
    (void)state;
    int64_t got = 0;
    assert_true(day_parse("2024-02-29", &got));
    assert_int_equal(got, day_of(2024, 2, 29));
    assert_true(day_parse("2000-02-29", &got));
    assert_true(day_parse("2026-12-31", &got));
    static const char *const wrong[] = {
        "",           "2026-02-29",          "1900-02-29",  "2026-04-31",
        "2026-13-01", "2026-00-01",          "2026-01-00",  "2026-01-32",
        "2026-1-1",   "2026-07-01 ",         " 2026-07-01", "2026/07/01",
        "20260701",   "2026-07-01T00:00:00", "+026-07-01",  "-026-07-01",
        "26-07-01",   "2026-07-0x",          "2026-07",     "2026-07-011"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        got = 77;
        if (day_parse(wrong[i], &got))
            fail_msg("accepted: \"%s\"", wrong[i]);
        assert_int_equal(got, 77);
    }
}

static void formatting_a_day_gives_back_what_was_read(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    static const char *const days[] = {"0001-01-01", "1969-12-31", "1970-01-01",
                                       "2024-02-29", "2026-07-01", "9999-12-31"};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        int64_t day = 0;
        assert_true(day_parse(days[i], &day));
        assert_string_equal(day_format(arena, day), days[i]);
    }
    arena_destroy(arena);
}

static void the_year_before_has_the_same_day_but_for_a_leap_day(void **state)
{
    (void)state;
    assert_int_equal(day_year_before(day_of(2026, 11, 30)), day_of(2025, 11, 30));
    assert_int_equal(day_year_before(day_of(2024, 2, 29)), day_of(2023, 2, 28));
    assert_int_equal(day_year_before(day_of(2025, 3, 1)), day_of(2024, 3, 1));
}

static void a_quarter_starts_on_its_first_day_and_moves_over_years(void **state)
{
    (void)state;
    for (int month = 1; month <= 12; month++) {
        int first = month - (month - 1) % 3;
        assert_int_equal(day_quarter(day_of(2026, month, 1), 0), day_of(2026, first, 1));
        assert_int_equal(day_quarter(day_of(2026, month, month_length(2026, month)), 0),
                         day_of(2026, first, 1));
    }
    assert_int_equal(day_quarter(day_of(2026, 2, 14), -1), day_of(2025, 10, 1));
    assert_int_equal(day_quarter(day_of(2026, 2, 14), -5), day_of(2024, 10, 1));
    assert_int_equal(day_quarter(day_of(2026, 11, 30), 1), day_of(2027, 1, 1));
    assert_int_equal(day_quarter(day_of(2024, 2, 29), 4), day_of(2025, 1, 1));
    assert_int_equal(day_quarter(day_of(1969, 12, 31), 0), day_of(1969, 10, 1));
}

static void spans_are_quarters_months_and_years(void **state)
{
    (void)state;
    struct days got;
    assert_true(days_parse("2026Q3", &got));
    assert_int_equal(got.from, day_of(2026, 7, 1));
    assert_int_equal(got.until, day_of(2026, 10, 1));
    assert_true(days_parse("2026Q4", &got));
    assert_int_equal(got.until, day_of(2027, 1, 1));
    assert_true(days_parse("2024-02", &got));
    assert_int_equal(got.until - got.from, 29);
    assert_true(days_parse("2026-12", &got));
    assert_int_equal(got.until, day_of(2027, 1, 1));
    assert_true(days_parse("2024", &got));
    assert_int_equal(got.until - got.from, 366);
    assert_true(days_parse("2026", &got));
    assert_int_equal(got.until - got.from, 365);
    static const char *const wrong[] = {"",        "2026Q0", "2026Q5",     "2026q3",  "2026-13",
                                        "2026-00", "26Q3",   "2026-07-01", "2026 Q3", "Q3",
                                        "2026Q3 ", "20260",  "202"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        got = (struct days){1, 2};
        if (days_parse(wrong[i], &got))
            fail_msg("accepted: \"%s\"", wrong[i]);
        assert_int_equal(got.from, 1);
    }
}

static void a_span_is_written_as_a_quarter_only_if_it_is_one(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct days days = {day_of(2026, 7, 1), day_of(2026, 10, 1)};
    assert_string_equal(days_format(arena, days), "2026Q3");
    days = (struct days){day_of(2026, 10, 1), day_of(2027, 1, 1)};
    assert_string_equal(days_format(arena, days), "2026Q4");
    days = (struct days){day_of(2026, 7, 1), day_of(2026, 9, 30)};
    assert_string_equal(days_format(arena, days), "2026-07-01 … 2026-09-29");
    /* three whole months that are no quarter of the calendar */
    days = (struct days){day_of(2026, 8, 1), day_of(2026, 11, 1)};
    assert_string_equal(days_format(arena, days), "2026-08-01 … 2026-10-31");
    days = (struct days){day_of(2026, 7, 1), day_of(2026, 7, 2)};
    assert_string_equal(days_format(arena, days), "2026-07-01 … 2026-07-01");
    arena_destroy(arena);
}

static void check_before(const char *from, const char *until, const char *wanted)
{
    struct days days;
    int64_t before = 0;
    assert_true(day_parse(from, &days.from));
    assert_true(day_parse(until, &days.until));
    assert_true(day_parse(wanted, &before));
    struct days got = days_before(days);
    if (got.from != before || got.until != days.from)
        fail_msg("before %s … %s: starts %lld days off %s", from, until,
                 (long long)(got.from - before), wanted);
}

static void the_span_before_is_the_one_people_would_compare_with(void **state)
{
    (void)state;
    check_before("2026-07-01", "2026-10-01", "2026-04-01"); /* quarter: 92 days, then 91 */
    check_before("2026-01-01", "2026-04-01", "2025-10-01");
    check_before("2024-03-01", "2024-04-01", "2024-02-01"); /* month */
    check_before("2026-01-01", "2026-02-01", "2025-12-01");
    check_before("2025-01-01", "2026-01-01", "2024-01-01"); /* year, after a leap year */
    check_before("2026-07-01", "2026-07-15", "2026-06-17"); /* days */
    check_before("2026-07-02", "2026-08-02", "2026-06-01");
    check_before("2024-03-01", "2024-03-02", "2024-02-29");
}

static void times_are_written_in_utc_by_the_second(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    assert_string_equal(time_format(arena, 0), "1970-01-01T00:00:00Z");
    assert_string_equal(time_format(arena, 999999), "1970-01-01T00:00:00Z");
    assert_string_equal(time_format(arena, TIME_DAY - 1), "1970-01-01T23:59:59Z");
    /* date -ud 2026-09-30T12:34:56Z +%s */
    assert_string_equal(time_format(arena, INT64_C(1790771696) * TIME_SECOND),
                        "2026-09-30T12:34:56Z");
    arena_destroy(arena);
}

static void times_before_1970_are_rounded_down_too(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    assert_string_equal(time_format(arena, -1), "1969-12-31T23:59:59Z");
    assert_string_equal(time_format(arena, -TIME_SECOND), "1969-12-31T23:59:59Z");
    assert_string_equal(time_format(arena, -TIME_SECOND - 1), "1969-12-31T23:59:58Z");
    assert_string_equal(time_format(arena, -TIME_DAY), "1969-12-31T00:00:00Z");
    assert_string_equal(time_format(arena, -TIME_DAY - 1), "1969-12-30T23:59:59Z");
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_nine_centuries_follows_the_one_before),
        cmocka_unit_test(known_dates_have_the_days_that_date_gives),
        cmocka_unit_test(a_date_is_read_only_if_the_calendar_has_it),
        cmocka_unit_test(formatting_a_day_gives_back_what_was_read),
        cmocka_unit_test(the_year_before_has_the_same_day_but_for_a_leap_day),
        cmocka_unit_test(a_quarter_starts_on_its_first_day_and_moves_over_years),
        cmocka_unit_test(spans_are_quarters_months_and_years),
        cmocka_unit_test(a_span_is_written_as_a_quarter_only_if_it_is_one),
        cmocka_unit_test(the_span_before_is_the_one_people_would_compare_with),
        cmocka_unit_test(times_are_written_in_utc_by_the_second),
        cmocka_unit_test(times_before_1970_are_rounded_down_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
