/* Beside the engine's own casts and expressions: what quick_text tells, they tell too. */

#include "collect/quick_text.h"

#include "base/arena.h"
#include "engine/sql_text.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct engine *engine;
static struct arena *arena;

static int64_t ask(const char *sql, const char *text, bool *known)
{
    struct frame frame;
    struct error error = {0};
    if (engine_query(engine, sql, ENGINE_VALUES(engine_text("text", text)), arena, &frame,
                     &error) != STATUS_OK)
        fail_msg("%s: %s", text, error.message);
    *known = frame.columns[0].valid[0];
    return frame_integer(&frame, 0, 0);
}

static void check_time(const char *text)
{
    int64_t quick = 0;
    bool known = false;
    int64_t cast =
        ask("select epoch_us(try_cast($text::varchar as timestamptz))::bigint", text, &known);
    if (quick_text_time(text, strlen(text), true, &quick) && (!known || quick != cast))
        fail_msg("%s: %lld, and the engine's cast: %lld", text, (long long)quick,
                 known ? (long long)cast : -1);
}

static void times_are_those_of_the_engines_cast(void **state)
{
    (void)state;
    static const char *const clocks[] = {"",
                                         " 00:00:00",
                                         "T23:59:59",
                                         " 10:20:30.5",
                                         "T10:20:30.123456",
                                         "T10:20:30Z",
                                         " 10:20:30+05:30",
                                         "T10:20:30.25-03:00",
                                         " 24:00:00",
                                         " 10:20:60",
                                         " 10:20",
                                         "T10:20:30.",
                                         "T10:20:30.1234567",
                                         " 10:20:30 Z",
                                         " 10:20:30+05",
                                         " 10:20:30z",
                                         " 10:60:00",
                                         "T",
                                         " 10:20:30+14:00",
                                         " 10:20:30-00:30",
                                         " 10:20:30+15:00",
                                         " 10:20:30Zx"};
    static const char *const dates[] = {"2026-07-31", "2024-02-29", "2023-02-29", "2026-04-31",
                                        "1900-02-29", "2000-02-29", "1900-01-01", "9999-12-31",
                                        "2026-13-01", "2026-00-10", "2026-01-00", "1899-12-31",
                                        "2026-1-02",  "2026/01/02", "20260102",   "0000-00-00"};
    size_t read = 0;
    for (size_t d = 0; d < sizeof dates / sizeof dates[0]; d++)
        for (size_t c = 0; c < sizeof clocks / sizeof clocks[0]; c++) {
            char text[64];
            int64_t out = 0;
            (void)snprintf(text, sizeof text, "%s%s", dates[d], clocks[c]);
            check_time(text);
            read += quick_text_time(text, strlen(text), true, &out);
        }
    /* 2026-07-31, 2024-02-29, 2000-02-29, 1900-01-01 and 9999-12-31, of ten clocks each */
    assert_int_equal(read, 50);
}

/* One sign of a time that is read is put in place of by another. */
static void no_text_near_a_time_is_read_otherwise(void **state)
{
    (void)state;
    static const char *const times[] = {"2026-07-31 10:20:30", "2026-02-28T23:59:59.999999Z",
                                        "2026-07-31 10:20:30+05:30"};
    static const char signs[] = "0139 -+:.TZz/,";
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        for (size_t at = 0; at < strlen(times[i]); at++)
            for (size_t s = 0; s < sizeof signs - 1; s++) {
                char text[64];
                (void)snprintf(text, sizeof text, "%s", times[i]);
                text[at] = signs[s];
                check_time(text);
            }
}

static void times_without_an_offset_are_left_where_utc_is_not_meant(void **state)
{
    (void)state;
    int64_t out = 0;
    assert_false(quick_text_time("2026-07-31", 10, false, &out));
    assert_false(quick_text_time("2026-07-31 10:20:30", 19, false, &out));
    assert_true(quick_text_time("2026-07-31 10:20:30Z", 20, false, &out));
    /* date -u -d '2026-07-31 10:20:30' +%s */
    assert_int_equal(out, INT64_C(1785493230000000));
    assert_true(quick_text_time("2026-07-31 10:20:30+01:00", 25, false, &out));
    assert_int_equal(out, INT64_C(1785489630000000));
}

static void trimming_leaves_what_is_not_untrimmed(void **state)
{
    (void)state;
    static const char *const ends[] = {"",         " ", "\t", "a",   "\xc2\xa0",
                                       "\xc3\xa9", "~", "!",  "\x7f"};
    static const size_t count = sizeof ends / sizeof ends[0];
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            for (size_t k = 0; k < 2; k++) {
                const char *text = arena_printf(arena, "%s%s%s", ends[i], k ? " b " : "", ends[j]);
                bool known = false;
                bool same = ask("select nullif(trim($text), '') is not distinct from $text", text,
                                &known) != 0;
                if (!quick_text_is_untrimmed(text, strlen(text)) && !same)
                    fail_msg("\"%s\" is trimmed by the engine", text);
            }
    assert_false(quick_text_is_untrimmed("a b", 3));
    assert_false(quick_text_is_untrimmed("a\xc2\xa0z", 4));
}

static void the_name_of_a_use_case_leaves_words_as_they_are(void **state)
{
    (void)state;
    for (int c = 1; c < 128; c++) {
        const char text[] = {'a', (char)c, '9', '\0'};
        bool known = false;
        bool same = ask("select regexp_replace(lower(nfc_normalize($text)), "
                        "'[^\\p{L}\\p{M}\\p{N}\\p{So}_.]+', '_', 'g') = $text",
                        text, &known) != 0;
        assert_int_equal(quick_text_is_word(text, 3), same);
    }
    assert_false(quick_text_is_word("", 0));
    assert_false(quick_text_is_word("\xc3\xa9", 2));
}

/* Of NULL a truth is false; a zone that is UTC by another name is UTC. */
static void the_engine_asks_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        bool utc;
    } zones[] = {{NULL, true}, {"UTC", true}, {"Etc/UTC", true}, {"Europe/Berlin", false}};
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        struct engine *asked = NULL;
        struct frame frame;
        struct error error = {0};
        assert_int_equal(
            engine_open("duckdb::memory:", &(struct engine_options){0}, &asked, &error), STATUS_OK);
        assert_int_equal(quick_text_register(asked, zones[i].zone, &error), STATUS_OK);
        assert_int_equal(
            engine_query(
                asked,
                "select is_untrimmed(null), is_untrimmed(' a'), is_plain_word(null), "
                "is_plain_word('a.b'), plain_time(null), plain_time('2026-07-31 10:20:30'), "
                "plain_time('no time'), plain_time('2026-07-31 10:20:30Z')",
                ENGINE_NO_VALUES, arena, &frame, &error),
            STATUS_OK);
        static const int64_t truths[] = {0, 1, 0, 1};
        for (size_t c = 0; c < 4; c++) {
            assert_true(frame.columns[c].valid[0]);
            assert_int_equal(frame_integer(&frame, 0, c), truths[c]);
        }
        assert_false(frame.columns[4].valid[0]);
        assert_int_equal(frame.columns[5].valid[0], zones[i].utc);
        assert_false(frame.columns[6].valid[0]);
        assert_int_equal(frame_integer(&frame, 0, 7), INT64_C(1785493230000000));
        engine_close(asked);
    }
}

static void letters(const void *context, const char *text, size_t length, char out[16])
{
    (void)context;
    for (size_t i = 0; i < 16; i++)
        out[i] = i < length ? text[length - 1 - i] : '-';
}

/* Five times as many names as are remembered, each asked for three times by all threads. */
static void what_is_remembered_of_a_hash_is_the_hash(void **state)
{
    (void)state;
    struct engine *asked = NULL;
    struct frame frame;
    struct error error = {0};
    assert_int_equal(engine_open("duckdb::memory:", &(struct engine_options){0}, &asked, &error),
                     STATUS_OK);
    assert_int_equal(engine_register_hash(asked, "letters", letters, NULL, &error), STATUS_OK);
    assert_int_equal(
        engine_query(
            asked,
            "with names as (select 'n' || hash(i % 80000) as name from range(240000) r(i)) "
            "select count(*) filter (where letters(name) = "
            "rpad(substr(reverse(name), 1, 16), 16, '-')) from names",
            ENGINE_NO_VALUES, arena, &frame, &error),
        STATUS_OK);
    assert_int_equal(frame_integer(&frame, 0, 0), 240000);
    engine_close(asked);
}

static int open_engine(void **state)
{
    (void)state;
    struct error error = {0};
    arena = arena_create();
    return engine_open("duckdb::memory:", &(struct engine_options){0}, &engine, &error);
}

static int close_engine(void **state)
{
    (void)state;
    engine_close(engine);
    arena_destroy(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_those_of_the_engines_cast),
        cmocka_unit_test(no_text_near_a_time_is_read_otherwise),
        cmocka_unit_test(times_without_an_offset_are_left_where_utc_is_not_meant),
        cmocka_unit_test(trimming_leaves_what_is_not_untrimmed),
        cmocka_unit_test(the_name_of_a_use_case_leaves_words_as_they_are),
        cmocka_unit_test(the_engine_asks_by_name),
        cmocka_unit_test(what_is_remembered_of_a_hash_is_the_hash),
    };
    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
