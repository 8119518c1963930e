#include "assay/variance_components.h"

#include "table.h"

static struct error error;

enum { workers_max = 20 };

static size_t read_workers(const json_t *root, struct component_worker *out)
{
    const json_t *list = json_object_get(root, "workers");
    for (size_t g = 0; g < json_array_size(list); g++) {
        const json_t *row = json_array_get(list, g);
        out[g] = (struct component_worker){(int64_t)answer(row, "team"), answer(row, "items"),
                                           answer(row, "mean"), answer(row, "squares")};
    }
    return json_array_size(list);
}

static void unequal_workers_and_teams_have_the_components_of_explicit_matrices(void **state)
{
    (void)state;
    struct component_worker list[workers_max];
    double scratch[8];
    struct variance_components found;
    json_t *root = oracle_read("variance_components.json");
    size_t count = read_workers(root, list);
    assert_ok(assay_variance_components(count, list, 4, scratch, &found, &error));
    assert_close(found.item, answer(root, "nested/item"), 1e-9);
    assert_close(found.worker, answer(root, "nested/worker"), 1e-9);
    assert_close(found.team, answer(root, "nested/team"), 1e-9);
    assert_close(found.total, found.item + found.worker + found.team, 1e-15);
    assert_ok(assay_variance_components(count, list, 0, NULL, &found, &error));
    assert_close(found.item, answer(root, "flat/item"), 1e-9);
    assert_close(found.worker, answer(root, "flat/worker"), 1e-9);
    assert_true(found.team == 0);
    json_decref(root);
}

/* Two workers with items 1, 3 and 11, 13: MS_E = 2, MS_W = 100, n = 2, so s_w = 49. */
static void a_case_by_hand(void **state)
{
    (void)state;
    static const struct component_worker list[] = {{0, 2, 2, 2}, {0, 2, 12, 2}};
    struct variance_components found;
    assert_ok(assay_variance_components(2, list, 0, NULL, &found, &error));
    assert_near(found.item, 2, 1e-12);
    assert_near(found.worker, 49, 1e-12);
}

static void what_is_below_0_is_0_and_what_is_none_is_refused(void **state)
{
    (void)state;
    static const struct component_worker alike[] = {{0, 2, 5, 9}, {0, 3, 5, 9}};
    struct component_worker wrong[] = {{0, 2, 5, 9}, {2, 3, 5, 9}};
    double scratch[4];
    struct variance_components found = {.total = 7};
    assert_int_equal(assay_variance_components(1, alike, 0, NULL, &found, &error), ERROR_DOMAIN);
    assert_int_equal(assay_variance_components(2, wrong, 2, scratch, &found, &error), ERROR_DOMAIN);
    assert_int_equal(assay_variance_components(2, alike, 2, scratch, &found, &error), ERROR_DOMAIN);
    wrong[1] = (struct component_worker){1, 0, 5, 9};
    assert_int_equal(assay_variance_components(2, wrong, 0, NULL, &found, &error), ERROR_DOMAIN);
    assert_true(found.total == 7);
    assert_ok(assay_variance_components(2, alike, 0, NULL, &found, &error));
    assert_true(found.worker == 0);
    assert_near(found.item, 6, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unequal_workers_and_teams_have_the_components_of_explicit_matrices),
        cmocka_unit_test(a_case_by_hand),
        cmocka_unit_test(what_is_below_0_is_0_and_what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
