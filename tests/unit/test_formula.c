#include "model/formula.h"

#include "check.h"

static struct error error;
static struct arena *arena;
static struct engine *engine;
static struct formula_names names;

/* Five items whose values can be followed by eye. */
static const char facts_sql[] =
    "create table facts (item_id varchar, source varchar, use_case varchar, worker varchar,"
    " team varchar, role varchar, size bigint, opened_at timestamp, started_at timestamp,"
    " first_closed_at timestamp, closed_at timestamp, state varchar, covered boolean,"
    " ai_declared varchar, ai_first_at timestamp, calls bigint, calls_inferred double,"
    " input_tokens bigint, output_tokens bigint, usd double, usd_inferred double, usd_per_hour "
    "double, tool varchar,"
    " model varchar, steps integer, ai_steps integer, attrs map(varchar, varchar),"
    " worker_attrs map(varchar, varchar),"
    " m_satisfaction double, m_size double, \"m_csat \"\"score\"\"\" double, m_reopened double);"
    "insert into facts values"
    " ('a:1', 'zendesk', 'support', 'w1', 'Blau', 'agent', 10, '2026-01-01 08:00',"
    "  '2026-01-01 09:00', '2026-01-01 10:00', '2026-01-01 10:30', 'done', true, null, null, 0, 0,"
    "  0, 0, 0, 0, 60, null, null, 3, 0, map {'group': 'Billing', 'it''s': 'ö'}, "
    "map {'training': 'advanced'}, 0.8, 7, 4, 0),"
    " ('a:2', 'zendesk', 'support', 'w2', 'Blau', 'agent', 0, '2026-01-01 08:00', null, null, null,"
    "  'open', true, null, null, 2, 0, 10, 20, 0.5, 0, 45, 'copilot', 'm1', 1, 1, map {}, map {}, "
    "null, 8, "
    "null,"
    "  null),"
    " ('a:3', 'jira', 'code', 'w3', 'Größe', null, null, '2026-01-02 00:00', '2026-01-02 00:00',"
    "  '2026-01-03 00:00', '2026-01-03 00:00', 'done', false, 'claude', null, 1, 1, 5, 5, 1e308, "
    "0, null,"
    "  'claude', 'm2', null, null, null, null, 0.2, 9, 1, 1);";

static int set_up(void **state)
{
    (void)state;
    static const char *const measures[] = {"satisfaction", "csat \"score\"", "reopened", "size"};
    arena = arena_create();
    assert_ok(engine_open("duckdb::memory:", &(struct engine_options){0}, &engine, &error));
    assert_ok(engine_run(engine, facts_sql, &error));
    names = formula_names_of(arena, measures, 4);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    engine_close(engine);
    arena_destroy(arena);
    return 0;
}

static const struct place flag = {.file = "--adjust"};

static enum status compile_n(const char *text, size_t length, struct formula *formula)
{
    return formula_compile(arena, engine, &names, FORMULA_DUCKDB, text, length, &flag, formula,
                           &error);
}

static enum status compile(const char *text, struct formula *formula)
{
    return compile_n(text, strlen(text), formula);
}

/* Values over the three items, "|" between them, "-" for missing, "!" for undefined. */
static const char *values(const char *text)
{
    struct formula formula;
    if (compile(text, &formula) != STATUS_OK)
        fail_msg("%s: %s: %s", text, error.place, error.message);
    const char *sql = arena_printf(arena,
                                   "select string_agg(case when not (%s) then '!' when (%s) is "
                                   "null then '-' else (%s)::varchar "
                                   "end, '|' order by facts.item_id) from facts",
                                   formula.defined_sql, formula.sql, formula.sql);
    struct frame frame;
    if (engine_query(engine, sql, ENGINE_NO_VALUES, arena, &frame, &error) != STATUS_OK)
        fail_msg("%s: %s\n%s", text, error.message, sql);
    return frame_text(&frame, 0, 0);
}

static void formulas_give_what_a_reader_expects(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"size", "10.0|0.0|-"},
        {"size + 1", "11.0|1.0|-"},
        {"-size * 2", "-20.0|-0.0|-"},
        {"+size - 1.5", "8.5|-1.5|-"},
        {"(size + 2) * 3", "36.0|6.0|-"},
        {"size + 2 * 3", "16.0|6.0|-"},
        {"1 / 4", "0.25|0.25|0.25"},
        {"7 / size", "0.7|!|-"},
        {"size / 0", "!|!|-"},
        {"ln(size)", "2.302585092994046|!|-"},
        {"ln(size + 1) - ln(size + 1)", "0.0|0.0|-"},
        {"exp(0 * size)", "1.0|1.0|-"},
        {"exp(size * 100)", "!|1.0|-"},
        {"usd * 10", "0.0|5.0|!"},
        {"abs(size - 11)", "1.0|11.0|-"},
        {"round(size / 3)", "3.0|0.0|-"},
        {"round(size / 3, 2)", "3.33|0.0|-"},
        {"least(size, 5)", "5.0|0.0|-"},
        {"greatest(size, 5, 7)", "10.0|7.0|-"},
        {"coalesce(size, -1)", "10.0|0.0|-1.0"},
        {"coalesce(ln(size), 0)", "2.302585092994046|0.0|0.0"},
        {"nullif(size, 0)", "10.0|-|-"},
        {"minutes(closed_at - started_at)", "90.0|-|1440.0"},
        {"hours(closed_at - opened_at)", "2.5|-|24.0"},
        {"days(closed_at - opened_at)", "0.10416666666666667|-|1.0"},
        {"minutes((closed_at - opened_at) - (started_at - opened_at))", "90.0|-|1440.0"},
        {"closed_at - opened_at > first_closed_at - opened_at", "true|-|false"},
        {"coalesce(started_at, opened_at)",
         "2026-01-01 09:00:00|2026-01-01 08:00:00|2026-01-02 00:00:00"},
        {"satisfaction", "0.8|-|0.2"},
        {"measure('satisfaction')", "0.8|-|0.2"},
        {"measure('size') - size", "-3.0|8.0|-"}, /* a column is named like it */
        {"measure('csat \"score\"')", "4.0|-|1.0"},
        {"\"csat \"\"score\"\"\" - 1", "3.0|-|0.0"},
        {"reworked", "-|-|-"}, /* a standard measure that was never imported */
        {"greatest(coalesce(reworked, reopened), coalesce(reopened, reworked)) > 0",
         "false|-|true"},
        {"size > 5", "true|false|-"},
        {"size >= 10 and size <= 10 and size != 3 and size < 11", "true|false|-"},
        {"size = 10 or team = 'Größe'", "true|false|true"},
        {"size = 10 and state = 'open'", "false|false|false"},
        {"not covered", "false|false|true"},
        {"covered and calls = 0", "true|false|false"},
        {"covered = (calls > 0)", "false|true|false"},
        {"size between 0 and 9.5", "false|true|-"},
        {"size not between 0 and 9.5", "true|false|-"},
        {"source in ('jira', 'github')", "false|false|true"},
        {"source not in ('jira')", "true|true|false"},
        {"size in (1, 10)", "true|false|-"},
        {"size is null", "false|false|true"},
        {"role is not null", "true|true|false"},
        {"case when size > 5 then 'large' when size >= 0 then 'small' else 'none' end",
         "large|small|none"},
        {"case when size > 5 then 1 end", "1.0|-|-"},
        {"case source when 'jira' then 1 when 'zendesk' then 2 else null end", "2.0|2.0|1.0"},
        {"case when size > 0 then ln(size) else 0 end", "2.302585092994046|0.0|0.0"},
        {"case when ln(size) > 1 then 1 else 2 end", "1.0|2.0|2.0"},
        {"ln(ln(size))", "0.834032445247956|!|-"},
        {"satisfaction + ln(size)", "3.1025850929940457|-|-"},
        {"attr('group')", "Billing|-|-"},
        {"attr('it''s') = 'ö'", "true|-|-"},
        {"person('training')", "advanced|-|-"},
        {"coalesce(person('training'), 'none') = 'none'", "false|true|true"},
        {"source = 'zendesk' and attr('group') = 'Billing'", "true|-|false"},
        {"lower(team)", "blau|blau|größe"},
        {"contains(lower(team), 'röß')", "false|false|true"},
        {"contains(team, 'b')", "false|false|false"},
        {"team = 'it''s; drop table facts --'", "false|false|false"},
        {"'it''s \"/* x */\"'", "it's \"/* x */\"|it's \"/* x */\"|it's \"/* x */\""},
        {"0.1 + 0.2", "0.30000000000000004|0.30000000000000004|0.30000000000000004"},
        {"12345678901234567890",
         "1.2345678901234567e+19|1.2345678901234567e+19|1.2345678901234567e+19"},
        {"CASE WHEN covered THEN 1 ELSE 0 END", "1.0|1.0|0.0"},
        {"\n size\n + 1\n", "11.0|1.0|-"},
        {"\"size\"", "10.0|0.0|-"},
        {"1e3 + .5 + 1_000", "2000.5|2000.5|2000.5"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = values(rows[i][0]);
        if (got == NULL || strcmp(got, rows[i][1]) != 0)
            fail_msg("%s gives %s, wanted %s", rows[i][0], got != NULL ? got : "nothing",
                     rows[i][1]);
    }
}

static void refused_as(const char *text, const char *place, const char *part)
{
    struct formula formula;
    if (compile(text, &formula) != ERROR_INPUT)
        fail_msg("accepted: %s\n  as %s", text, formula.sql);
    if (strstr(error.message, part) == NULL)
        fail_msg("%s: \"%s\" does not say \"%s\"", text, error.message, part);
    if (place != NULL && strcmp(error.place, place) != 0)
        fail_msg("%s: at %s, wanted %s (%s)", text, error.place, place, error.message);
}

static void attacks_are_refused(void **state)
{
    (void)state;
    static const char *const attacks[] = {
        "1) + (2",
        "1, 2",
        "1) from facts; drop table facts --",
        "1 limit 0",
        "1 /*",
        "1 -- comment",
        "1 /* comment */",
        "size --\n + 1",
        "1; select 2",
        "1;",
        "(select 1)",
        "(select max(size) from facts)",
        "exists (select 1)",
        "size in (select 1)",
        "size = any (select 1)",
        "sum(size)",
        "count(*)",
        "sum(size) over ()",
        "row_number() over (order by worker)",
        "*",
        "columns('.*')",
        "*columns('.*')",
        "facts.*",
        "worker",
        "WORKER",
        "\"worker\"",
        "\"WoRkEr\"",
        "facts.worker",
        "main.facts.worker",
        "memory.main.facts.worker",
        "(facts).worker",
        "facts",
        "W\xc3\xb6rker",
        "\xef\xbd\x97orker",  /* fullwidth w */
        "w\xd0\xberker",      /* Cyrillic o */
        "worker\xe2\x80\x8b", /* zero-width space */
        "item_id",
        "session",
        "rowid",
        "lower(worker)",
        "coalesce(team, worker)",
        "case when worker = 'w1' then 1 else 0 end",
        "attrs",
        "attrs['group']",
        "attrs.group",
        "attr(team)",
        "attr('a', 'b')",
        "attr('')",
        "attr()",
        "worker_attrs",
        "worker_attrs['training']",
        "person(worker)",
        "person('')",
        "person()",
        "measure('worker')",
        "measure('item_id')",
        "measure('team')",
        "measure(size)",
        "measure('m_size')",
        "measure()",
        "map_keys(attrs)",
        "$1",
        "$size",
        "?",
        ":size",
        "#1",
        "size::integer",
        "cast(size as integer)",
        "try_cast(team as integer)",
        "try(ln(size))",
        "team like 'B%'",
        "team not like 'B%'",
        "team ilike 'b%'",
        "team ~ 'B'",
        "team similar to 'B'",
        "team glob 'B*'",
        "team || role",
        "team collate nocase",
        "size between symmetric 9 and 1",
        "size between asymmetric 1 and 9",
        "[1, 2]",
        "{'a': 1}",
        "(1, 2)",
        "row(1, 2)",
        "size[1]",
        "team[1:2]",
        "(size).x",
        "size.abs()",
        "list_transform([1], x -> x)",
        "lambda x: x",
        "interval 1 day",
        "opened_at + interval 1 day",
        "date '2026-01-01'",
        "timestamp '2026-01-01'",
        "extract(year from opened_at)",
        "current_timestamp",
        "now()",
        "random()",
        "getenv('HOME')",
        "current_setting('memory_limit')",
        "error('x')",
        "repeat('x', 1000000)",
        "range(1000000000)",
        "unnest([1])",
        "nextval('s')",
        "read_text('/etc/passwd')",
        "query('select 1')",
        "main.ln(size)",
        "system.main.ln(size)",
        "\"ln\"(distinct size)",
        "ln(size order by size)",
        "ln(size) filter (where true)",
        "ln(x := size)",
        "size as x",
        "size x",
        "size \"x\"",
        "1 x",
        "0x10",
        "1x",
        "e'a'",
        "E'\\x41'",
        "x'41'",
        "U&'\\0041'",
        "$$a$$",
        "$a$b$a$",
        "'open",
        "\"open",
        "'a'b",
        "size if",
        "if(covered, 1, 0)",
        "size // 2",
        "size % 2",
        "size ^ 2",
        "size ** 2",
        "@size",
        "~1",
        "size & 1",
        "size | 1",
        "size << 1",
        "size !",
        "size == 1",
        "size is distinct from 1",
        "covered is true",
        "true",
        "covered = true",
        "null",
        "size = null",
        "size in (null)",
        "coalesce(null, size)",
        "case when covered then null end",
        "default",
        "grouping(size)",
        "'x' in team",
        "size in size",
        "size from facts",
        "size where true",
        "size group by all",
        "size order by worker",
        "size union select 1",
        "distinct size",
        "all size",
        "with x as (select 1) select 1",
        "select 1",
        "values (1)",
        "from facts",
        "drop table facts",
        "pragma version",
        "size +",
        "+ * 2",
        "()",
        "",
        "  \n ",
        "\\",
        "`size`",
        "size \x01",
        "1e400",
        "-1e400",
        "1..2",
        "1.2.3",
        "minutes(closed_at)",
        "minutes(90)",
        "closed_at + opened_at",
        "closed_at > '2026-01-01'",
        "size = 'x'",
        "team + 1",
        "ln(team)",
        "ln()",
        "ln(1, 2)",
        "not size",
        "size and covered",
        "covered > covered",
        "case when size then 1 end",
        "case when covered then 1 else 'x' end",
        "round(size, size)",
        "round(size, 1.5)",
        "round(size, -1)",
        "least(covered, covered)",
        "covered + 1",
        "closed_at * 2",
        "(closed_at - opened_at) * 2",
        "(closed_at - opened_at) + 1",
        "contains(size, 1)",
        "lower(size)",
    };
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        struct formula formula;
        enum status status = compile(attacks[i], &formula);
        if (status != ERROR_INPUT)
            fail_msg("attack %zu: \"%s\" gave status %d, %s", i, attacks[i], (int)status,
                     status == STATUS_OK ? formula.sql : error.message);
        if (strlen(error.message) < 12 || strncmp(error.place, "--adjust:", 9) != 0)
            fail_msg("attack \"%s\": no clear sentence: %s: %s", attacks[i], error.place,
                     error.message);
        if (getenv("SHOW") != NULL)
            printf("%-40s %s: %s\n", attacks[i], error.place, error.message);
    }
}

static void size_depth_and_nul_are_bounded(void **state)
{
    (void)state;
    struct formula formula;
    char text[8001];
    memset(text, '1', sizeof text);
    assert_int_equal(compile_n(text, formula_bytes_max + 1, &formula), ERROR_INPUT);
    assert_non_null(strstr(error.message, "over 4096 bytes"));
    assert_int_equal(compile_n("1\0+1", 4, &formula), ERROR_INPUT);
    assert_string_equal(error.message, "the formula holds a NUL byte");
    assert_string_equal(error.place, "--adjust:1:2");
    for (size_t i = 0; i < 1000; i++)
        memcpy(text + 4 * i, "not ", 4);
    memcpy(text + 4000, "covered", 7);
    assert_int_equal(compile_n(text, 4007, &formula), ERROR_INPUT);
    for (size_t i = 0; i < 2000; i++)
        memcpy(text + 2 * i, "- ", 2);
    memcpy(text + 4000, "size", 4);
    assert_int_equal(compile_n(text, 4004, &formula), ERROR_INPUT);
    memset(text, '(', 1000);
    text[1000] = '1';
    memset(text + 1001, ')', 1000);
    (void)compile_n(text, 2001, &formula); /* brackets leave no trace: either answer is fine */
    /* Guards repeat their operand: nesting doubles the SQL each time, so it is bounded. */
    char *at = text;
    for (int i = 0; i < 40; i++, at += 3)
        memcpy(at, "ln(", 3);
    memcpy(at, "size", 4);
    at += 4;
    memset(at, ')', 40);
    assert_int_equal(compile_n(text, 164, &formula), ERROR_INPUT);
    assert_non_null(strstr(error.message, "too long once"));
}

static void errors_say_what_and_where(void **state)
{
    (void)state;
    refused_as("satisfaktion > 1", "--adjust:1:1",
               "there is no measure \"satisfaktion\"; did you mean satisfaction?");
    refused_as("ln(sise)", "--adjust:1:4", "there is no column \"sise\"; did you mean size?");
    refused_as("1 + Größe", "--adjust:1:5", "there is no column or measure \"Größe\"");
    refused_as("team = 'ö' and\n  foo = 1", "--adjust:2:3", "\"foo\"");
    refused_as("'öö' = lowr(team)", "--adjust:1:8",
               "there is no function lowr; did you mean lower?");
    refused_as("size +", "--adjust:1:7", "ends too early");
    refused_as("size 1", "--adjust:1:6", "this cannot be read");
    refused_as("Worker", "--adjust:1:1", "results are about groups");
    refused_as("SIZE", "--adjust:1:1", "did you mean size?");
    struct formula formula;
    struct place place = {"metrics/csat.yaml", 6, 8, true, "value"};
    assert_int_equal(formula_compile(arena, engine, &names, FORMULA_DUCKDB, "1+satisfaktion", 14,
                                     &place, &formula, &error),
                     ERROR_INPUT);
    assert_string_equal(error.place, "metrics/csat.yaml:6:10");
    assert_string_equal(error.message,
                        "value: there is no measure \"satisfaktion\"; did you mean satisfaction?");
    place.exact = false;
    assert_int_equal(formula_compile(arena, engine, &names, FORMULA_DUCKDB, "1+satisfaktion", 14,
                                     &place, &formula, &error),
                     ERROR_INPUT);
    assert_string_equal(error.place, "metrics/csat.yaml:6:8");
    assert_non_null(strstr(error.message, "(character 3 of the text)"));
    assert_ok(compile("covered", &formula));
    assert_int_equal(formula_expect(&formula, FORMULA_NUMBER, &place, &error), ERROR_INPUT);
    assert_string_equal(error.message, "value: this is a truth; a number is wanted here");
}

static void worker_is_named_only_where_cells_are(void **state)
{
    (void)state;
    struct formula formula;
    names.worker = true;
    assert_ok(compile("worker", &formula));
    assert_true(formula.names_worker);
    assert_string_equal(formula.sql, "facts.\"worker\"");
    assert_int_equal(compile("item_id", &formula), ERROR_INPUT);
    assert_int_equal(compile("WORKER", &formula), ERROR_INPUT);
    names.worker = false;
    assert_int_equal(compile("worker", &formula), ERROR_INPUT);
    static const char *const sly[] = {"worker"};
    struct formula_names with = formula_names_of(arena, sly, 1);
    assert_int_equal(
        formula_compile(arena, engine, &with, FORMULA_DUCKDB, "worker", 6, &flag, &formula, &error),
        ERROR_INPUT);
}

static void sql_is_written_from_the_tree(void **state)
{
    (void)state;
    struct formula formula;
    assert_ok(compile("team='x''y'   AND size<.5", &formula));
    assert_string_equal(formula.sql, "((facts.\"team\" = 'x''y') and (cast(facts.\"size\" as "
                                     "double) < 5e-01))");
    assert_int_equal(formula.type, FORMULA_TRUTH);
    assert_false(formula.can_be_undefined);
    assert_string_equal(formula.defined_sql, "true");
    assert_int_equal(formula.used_count, 2);
    assert_string_equal(formula.used[0], "team");
    assert_string_equal(formula.used[1], "size");
    assert_ok(compile("attr('a') = attr('a') or reworked > 1", &formula));
    assert_int_equal(formula.used_count, 2);
    assert_string_equal(formula.used[0], "attr('a')");
}

static void use_cases_see_only_what_does_not_depend_on_ai(void **state)
{
    (void)state;
    struct formula formula;
    names.before_use_only = true;
    refused_as("calls > 0", NULL, "depends on the use of AI");
    refused_as("ai_declared is null", NULL, "depends on the use of AI");
    refused_as("satisfaction > 0.5", NULL, "is a measure");
    assert_ok(compile("source = 'zendesk' and attr('group') = 'Billing' and size > 1", &formula));
    names.before_use_only = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_give_what_a_reader_expects),
        cmocka_unit_test(attacks_are_refused),
        cmocka_unit_test(size_depth_and_nul_are_bounded),
        cmocka_unit_test(errors_say_what_and_where),
        cmocka_unit_test(worker_is_named_only_where_cells_are),
        cmocka_unit_test(sql_is_written_from_the_tree),
        cmocka_unit_test(use_cases_see_only_what_does_not_depend_on_ai),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
