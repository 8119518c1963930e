#include "base/arena.h"
#include "model/amount.h"
#include "model/measures.h"

#include "check.h"

static struct error error;
static const struct place place = {"plans/billing.yaml", 14, 16, true, "improve_by"};

static void amounts_are_shares_points_or_units(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    static const struct {
        const char *text;
        enum amount_scale scale;
        double value;
        const char *written;
    } rows[] = {
        {"10%", AMOUNT_RELATIVE, 0.10, "10%"}, {"2.5 %", AMOUNT_RELATIVE, 0.025, "2.5%"},
        {"1pp", AMOUNT_POINTS, 0.01, "1pp"},   {"0.5pp", AMOUNT_POINTS, 0.005, "0.5pp"},
        {"12.5", AMOUNT_UNITS, 12.5, "12.5"},  {"0", AMOUNT_UNITS, 0, "0"},
        {" 3 ", AMOUNT_UNITS, 3, "3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct amount got;
        assert_ok(amount_read(rows[i].text, "minutes", &place, &got, &error));
        assert_int_equal(got.scale, rows[i].scale);
        assert_near(got.value, rows[i].value, 1e-15);
        assert_string_equal(amount_text(arena, got), rows[i].written);
    }
    arena_destroy(arena);
}

static void what_is_no_amount_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",     "ten",   "%",   "pp",  "1 percent", "1%%",
                                        "1ppp", "1.2.3", "1,5", "nan", "inf",       "1e5",
                                        "0x10", "10%pp", ".",   "-1",  "+10%",      "--1"};
    struct amount got = {AMOUNT_POINTS, 7};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (amount_read(wrong[i], "minutes", &place, &got, &error) != ERROR_INPUT)
            fail_msg("accepted: \"%s\"", wrong[i]);
        assert_near(got.value, 7, 0);
    }
    assert_int_equal(amount_read("ten", "minutes", &place, &got, &error), ERROR_INPUT);
    assert_string_equal(error.place, "plans/billing.yaml:14:16");
    assert_string_equal(error.message,
                        "improve_by: \"ten\" is not an amount; write 10% or 12.5 (minutes)");
    assert_int_equal(amount_read("ten", NULL, &place, &got, &error), ERROR_INPUT);
    assert_string_equal(error.message, "improve_by: \"ten\" is not an amount; write 10% or 12.5");
}

static void durations_are_weeks_days_hours_and_minutes(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    static const struct {
        const char *text;
        int64_t seconds;
        const char *written;
    } rows[] = {
        {"30d", 30 * 86400, "30d"}, {"12h", 12 * 3600, "12h"}, {"45m", 45 * 60, "45m"},
        {"3w", 21 * 86400, "3w"},   {"1.5h", 5400, "90m"},     {"0d", 0, "0m"},
        {"24 h", 86400, "1d"},      {"100d", 8640000, "100d"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t got = -1;
        assert_ok(duration_read(rows[i].text, &place, &got, &error));
        assert_int_equal(got, rows[i].seconds * 1000000);
        assert_string_equal(duration_text(arena, got), rows[i].written);
    }
    static const char *const wrong[] = {"",     "d",       "30",   "30s",        "-1d",
                                        "1d2h", "30 days", "1e9d", "999999999d", "1y"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int64_t got = 7;
        if (duration_read(wrong[i], &place, &got, &error) != ERROR_INPUT)
            fail_msg("accepted: \"%s\"", wrong[i]);
        assert_int_equal(got, 7);
    }
    arena_destroy(arena);
}

static void standard_measures_are_found_by_name(void **state)
{
    (void)state;
    size_t count = 0;
    const struct measure *all = measures_standard(&count);
    assert_int_equal(count, 11);
    for (size_t i = 0; i < count; i++)
        assert_ptr_equal(measure_find(all[i].name), &all[i]);
    assert_int_equal(measure_find("errors")->repeats, MEASURE_SUM);
    assert_int_equal(measure_find("satisfaction")->repeats, MEASURE_LAST);
    assert_near(measure_find("quality")->high, 1, 0);
    assert_null(measure_find("csat"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_shares_points_or_units),
        cmocka_unit_test(what_is_no_amount_is_refused),
        cmocka_unit_test(durations_are_weeks_days_hours_and_minutes),
        cmocka_unit_test(standard_measures_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
