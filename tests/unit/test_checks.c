/* The table of checks, and what docs/checks.md says of it. */

#include "comparison_fixture.h"

#include "evidence/checks/checks.h"

#include <stdlib.h>
#include <string.h>

static char *read_page(void)
{
    static char page[1 << 16];
    char path[4096];
    const char *source = getenv("ASSAY_SOURCE");
    assert_non_null(source);
    (void)snprintf(path, sizeof path, "%s/docs/checks.md", source);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t length = fread(page, 1, sizeof page - 1, file);
    (void)fclose(file);
    page[length] = '\0';
    return page;
}

static const char *arms_of(int designs)
{
    static char text[64];
    if (designs == CHECK_ALL)
        return "all";
    (void)snprintf(text, sizeof text, "%s%s%s%s%s", designs & CHECK_ASSIGNED ? ", assigned" : "",
                   designs & CHECK_BY_USE ? ", by use" : "",
                   designs & CHECK_BY_MARK ? ", by mark" : "",
                   designs & CHECK_BY_PERIOD ? ", by period" : "",
                   designs & CHECK_STAGGERED ? ", staggered" : "");
    return text + 2;
}

static void each_check_is_a_row_of_the_page_in_order(void **state)
{
    (void)state;
    size_t count = 0;
    const struct check *checks = checks_all(&count);
    const char *page = strstr(read_page(), "| check | asks");
    assert_non_null(page);
    page = strstr(page, "|\n| `");
    for (size_t i = 0; i < count; i++) {
        char row[1024];
        assert_non_null(page);
        (void)snprintf(row, sizeof row, "|\n| `%s` | %s | %s | %s | %s |\n", checks[i].name,
                       checks[i].asks, checks[i].blocks ? "blocks" : "is noted",
                       arms_of(checks[i].designs), checks[i].mend);
        if (strncmp(page, row, strlen(row)) != 0)
            fail_msg("docs/checks.md should have here:%s", row + 1);
        page = page + strlen(row) - 2;
    }
    assert_int_not_equal(strncmp(page, "|\n| `", 5), 0); /* and no more */
}

static void the_page_says_of_each_check_when_it_finds_a_fault(void **state)
{
    (void)state;
    size_t count = 0;
    const struct check *checks = checks_all(&count);
    const char *exactly = strstr(read_page(), "## When exactly");
    size_t rows = 0;
    assert_non_null(exactly);
    for (const char *at = exactly; (at = strstr(at, "\n| `")) != NULL; at++)
        rows++;
    assert_int_equal(rows, count);
    for (size_t i = 0; i < count; i++) {
        char row[80];
        (void)snprintf(row, sizeof row, "\n| `%s` |", checks[i].name);
        if (strstr(exactly, row) == NULL)
            fail_msg("docs/checks.md does not say when %s finds a fault", checks[i].name);
    }
}

static void names_are_of_one_check_each_and_fit_a_row(void **state)
{
    (void)state;
    size_t count = 0;
    const struct check *checks = checks_all(&count);
    assert_true(count <= checks_max);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(checks[i].name, checks[j].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_check_is_a_row_of_the_page_in_order),
        cmocka_unit_test(the_page_says_of_each_check_when_it_finds_a_fault),
        cmocka_unit_test(names_are_of_one_check_each_and_fit_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
