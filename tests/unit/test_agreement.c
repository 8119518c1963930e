/* Agreement of raters against R (tests/oracle/agreement.R) and what was published of the same
   ratings; how the bootstrap goes, and what is refused. */

#include "assay/agreement.h"

#include "table.h"

static struct error error;

enum { ratings_most = 400 };

struct room {
    int64_t unit[ratings_most], cluster[ratings_most];
    double value[ratings_most];
};

static struct ratings read_case(const json_t *root, const char *name, struct room *room)
{
    const json_t *from = json_object_get(json_object_get(root, "cases"), name);
    const json_t *units = json_object_get(from, "unit");
    size_t count = json_array_size(units);
    assert_in_range(count, 1, ratings_most);
    for (size_t i = 0; i < count; i++) {
        room->unit[i] = json_integer_value(json_array_get(units, i));
        room->value[i] = json_number_value(json_array_get(json_object_get(from, "value"), i));
    }
    return (struct ratings){count, room->unit, room->value, NULL};
}

static double alpha(const struct ratings *ratings, enum agreement_scale scale)
{
    struct agreement got;
    assert_ok(assay_alpha(ratings, scale, 0, 1, 0.95, &got, &error));
    assert_true(isnan(got.interval.low) && isnan(got.interval.high));
    return got.alpha;
}

static void alpha_is_that_of_coincidence_matrices(void **state)
{
    static const char *const names[] = {"published", "scores", "rare"};
    static struct room room;
    json_t *root = oracle_read("agreement.json");
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const json_t *from = json_object_get(json_object_get(root, "cases"), names[i]);
        const struct ratings ratings = read_case(root, names[i], &room);
        assert_close(alpha(&ratings, AGREEMENT_NOMINAL), answer(from, "nominal"), 1e-10);
        assert_close(alpha(&ratings, AGREEMENT_ORDINAL), answer(from, "ordinal"), 1e-10);
        assert_close(alpha(&ratings, AGREEMENT_INTERVAL), answer(from, "interval"), 1e-10);
    }
    json_decref(root);
}

static void alpha_is_what_krippendorff_published(void **state)
{
    static struct room room;
    struct agreement got;
    json_t *root = oracle_read("agreement.json");
    const struct ratings ratings = read_case(root, "published", &room);
    (void)state;
    assert_near(alpha(&ratings, AGREEMENT_NOMINAL), 0.743, 5e-4);
    assert_near(alpha(&ratings, AGREEMENT_ORDINAL), 0.815, 5e-4);
    assert_near(alpha(&ratings, AGREEMENT_INTERVAL), 0.849, 5e-4);
    assert_ok(assay_alpha(&ratings, AGREEMENT_NOMINAL, 0, 1, 0.95, &got, &error));
    assert_int_equal(got.units, 11); /* one has a single rating */
    assert_int_equal(got.ratings, 40);
    json_decref(root);
}

static void ac1_is_gwets(void **state)
{
    static const char *const names[] = {"published", "scores", "rare"};
    static struct room room;
    struct estimate got;
    json_t *root = oracle_read("agreement.json");
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const json_t *from = json_object_get(json_object_get(root, "cases"), names[i]);
        const struct ratings ratings = read_case(root, names[i], &room);
        assert_ok(assay_ac1(&ratings, (size_t)answer(from, "ac1/categories"), 0.95, &got, &error));
        assert_close(got.value, answer(from, "ac1/value"), 1e-10);
        assert_close(got.standard_error, answer(from, "ac1/error"), 1e-10);
    }
    const struct ratings ratings = read_case(root, "published", &room);
    assert_ok(assay_ac1(&ratings, 5, 0.95, &got, &error));
    assert_near(got.value, 0.77544, 5e-6);
    assert_near(got.standard_error, 0.14295, 5e-6);
    assert_near(got.interval.low, 0.461, 5e-4);
    assert_near(got.df, 11, 0);
    json_decref(root);
}

static void kappa_is_cohens_with_weights(void **state)
{
    static const char *const names[] = {"kappa/unweighted", "kappa/linear", "kappa/quadratic"};
    double table[9];
    char path[64];
    json_t *root = oracle_read("agreement.json");
    (void)state;
    for (size_t i = 0; i < 9; i++)
        table[i] = answer_at(root, "kappa/table", i);
    for (int w = 0; w < 3; w++) {
        struct estimate got;
        assert_ok(assay_kappa(table, 3, (enum kappa_weights)w, 0.95, &got, &error));
        (void)snprintf(path, sizeof path, "%s/value", names[w]);
        assert_close(got.value, answer(root, path), 1e-10);
        (void)snprintf(path, sizeof path, "%s/error", names[w]);
        assert_close(got.standard_error, answer(root, path), 1e-10);
    }
    /* The same table by R's psych. */
    assert_close(answer(root, "kappa/unweighted/value"), 0.491525423728813, 1e-12);
    assert_close(answer(root, "kappa/quadratic/value"), 0.454545454545454, 1e-12);
    assert_close(answer(root, "kappa/unweighted/error"), sqrt(0.00520237038411252), 1e-12);
    json_decref(root);
}

static void the_bootstrap_draws_clusters_and_can_be_had_again(void **state)
{
    static struct room room;
    struct agreement by_unit, by_cluster, again;
    json_t *root = oracle_read("agreement.json");
    struct ratings ratings = read_case(root, "scores", &room);
    (void)state;
    assert_ok(assay_alpha(&ratings, AGREEMENT_INTERVAL, 1999, 7, 0.95, &by_unit, &error));
    assert_ok(assay_alpha(&ratings, AGREEMENT_INTERVAL, 1999, 7, 0.95, &again, &error));
    assert_true(by_unit.interval.low == again.interval.low);
    assert_true(by_unit.interval.low < by_unit.alpha && by_unit.alpha < by_unit.interval.high);
    for (size_t i = 0; i < ratings.count; i++)
        room.cluster[i] = room.unit[i] % 3;
    ratings.cluster = room.cluster;
    assert_ok(assay_alpha(&ratings, AGREEMENT_INTERVAL, 1999, 7, 0.95, &by_cluster, &error));
    assert_true(by_cluster.alpha == by_unit.alpha);
    assert_true(by_cluster.interval.low != by_unit.interval.low);
    /* All of one cluster: each draw is the whole. */
    for (size_t i = 0; i < ratings.count; i++)
        room.cluster[i] = 5;
    assert_ok(assay_alpha(&ratings, AGREEMENT_INTERVAL, 99, 7, 0.95, &by_cluster, &error));
    assert_close(by_cluster.interval.low, by_unit.alpha, 1e-12);
    assert_close(by_cluster.interval.high, by_unit.alpha, 1e-12);
    json_decref(root);
}

static void what_has_no_agreement_is_refused(void **state)
{
    const int64_t pairs[] = {1, 1, 2, 2}, alone[] = {1, 2, 3, 4}, mixed[] = {2, 2, 1, 1};
    const double values[] = {0, 1, 1, 1}, same[] = {1, 1, 1, 1}, bad[] = {0, NAN, 1, 1};
    const double one_category[] = {7, 0, 0, 0}, negative[] = {1, -1, 0, 3};
    struct agreement got = {.units = 77};
    struct estimate estimate;
    (void)state;
    const struct ratings refused[] = {{4, alone, values, NULL},
                                      {4, mixed, values, NULL},
                                      {4, pairs, same, NULL},
                                      {4, pairs, bad, NULL},
                                      {0, pairs, values, NULL}};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(assay_alpha(&refused[i], AGREEMENT_INTERVAL, 0, 1, 0.95, &got, &error),
                         ERROR_DOMAIN);
        assert_int_equal(assay_ac1(&refused[i], 2, 0.95, &estimate, &error), ERROR_DOMAIN);
    }
    const struct ratings fine = {4, pairs, values, NULL};
    assert_int_equal(assay_alpha(&fine, AGREEMENT_INTERVAL, 5, 1, 0.95, &got, &error),
                     ERROR_DOMAIN);
    assert_int_equal(assay_ac1(&fine, 1, 0.95, &estimate, &error), ERROR_DOMAIN);
    assert_int_equal(assay_kappa(one_category, 2, KAPPA_LINEAR, 0.95, &estimate, &error),
                     ERROR_DOMAIN);
    assert_int_equal(assay_kappa(negative, 2, KAPPA_LINEAR, 0.95, &estimate, &error), ERROR_DOMAIN);
    assert_int_equal(got.units, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alpha_is_that_of_coincidence_matrices),
        cmocka_unit_test(alpha_is_what_krippendorff_published),
        cmocka_unit_test(ac1_is_gwets),
        cmocka_unit_test(kappa_is_cohens_with_weights),
        cmocka_unit_test(the_bootstrap_draws_clusters_and_can_be_had_again),
        cmocka_unit_test(what_has_no_agreement_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
