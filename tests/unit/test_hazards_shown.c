/* How a hazard ratio reads where a bound is none, and where there is no ratio. */

#include "check.h"

#include "base/arena.h"
#include "report/hazards_shown.h"
#include "report/values.h"

#include <math.h>
#include <string.h>

static char *line_of(struct arena *arena, const struct hazards *hazards)
{
    static const struct text_style style = {.width = 200};
    json_t *row = json_pack("{s:{s:[{s:s}, {s:s}], s:o}}", "comparison", "arms", "arm", "before",
                            "arm", "after", "hazards", hazards_json(hazards));
    struct lines lines = lines_start(arena, &style);
    assert_non_null(row);
    hazards_add(&lines, row);
    char *out = lines_finish(&lines);
    json_decref(row);
    return out;
}

static void reads(const struct hazards *hazards, const char *wanted)
{
    struct arena *arena = arena_create();
    char *line = line_of(arena, hazards);
    if (strstr(line, wanted) == NULL)
        fail_msg("wanted: %s\ngot: %s", wanted, line);
    arena_destroy(arena);
}

static void a_bound_that_is_none_is_not_printed_as_0(void **state)
{
    (void)state;
    const double none = INFINITY;
    reads(&(struct hazards){true, 1.5, {0.4, 3.25}, 0.04, NULL},
          "1.5 times that before (0.4 … 3.25), log-rank p 0.04;");
    reads(&(struct hazards){true, 1.5, {0.4, none}, 0.3, NULL}, "(at least 0.4, no upper bound)");
    reads(&(struct hazards){true, 1.5, {0, 3.25}, 0.3, NULL}, "(at most 3.25, no lower bound)");
    reads(&(struct hazards){true, 1.5, {0, none}, 0.9, NULL}, "(no interval)");
}

static void a_ratio_that_could_not_be_made_is_not_passed_over(void **state)
{
    (void)state;
    reads(&(struct hazards){.exist = false, .why_not = "too many times"},
          "Rate of finishing: not told: too many times");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bound_that_is_none_is_not_printed_as_0),
        cmocka_unit_test(a_ratio_that_could_not_be_made_is_not_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
