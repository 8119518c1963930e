/* Errors within strata against matrices in R (tests/oracle/stratified.R), and what is refused. */

#include "assay/restricted_mean.h"
#include "assay/stratified.h"

#include "table.h"

static struct error error;

enum { rows_most = 200, strata_most = 40 };

struct rows {
    int64_t stratum[rows_most], cluster[rows_most], arm[rows_most];
    double items[rows_most], influence[rows_most];
    double weight[strata_most], value[strata_most];
};

static size_t read_integers(const json_t *list, int64_t *out, size_t *most)
{
    *most = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        out[i] = json_integer_value(json_array_get(list, i));
        if ((size_t)out[i] + 1 > *most)
            *most = (size_t)out[i] + 1;
    }
    return json_array_size(list);
}

static size_t read_numbers(const json_t *list, double *out)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        out[i] = json_number_value(json_array_get(list, i));
    return json_array_size(list);
}

static struct stratified_rows read_case(const json_t *from, struct rows *rows)
{
    size_t arms = 0;
    struct stratified_rows out = {
        .stratum = rows->stratum,
        .cluster = rows->cluster,
        .arm = rows->arm,
        .items = rows->items,
        .influence = rows->influence,
        .weight = rows->weight,
    };
    assert_true(json_array_size(json_object_get(from, "items")) <= rows_most);
    out.count = read_integers(json_object_get(from, "stratum"), rows->stratum, &out.strata);
    (void)read_integers(json_object_get(from, "cluster"), rows->cluster, &out.clusters);
    (void)read_integers(json_object_get(from, "arm"), rows->arm, &arms);
    (void)read_numbers(json_object_get(from, "items"), rows->items);
    (void)read_numbers(json_object_get(from, "influence"), rows->influence);
    assert_int_equal(read_numbers(json_object_get(from, "weight"), rows->weight), out.strata);
    if (read_numbers(json_object_get(from, "value"), rows->value) > 0)
        out.value = rows->value;
    return out;
}

static double number(const json_t *from, const char *name)
{
    assert_true(json_is_number(json_object_get(from, name)));
    return json_number_value(json_object_get(from, name));
}

static void errors_within_strata_are_those_of_whole_matrices(void **state)
{
    static struct rows rows;
    static double part[rows_most];
    json_t *root = oracle_read("stratified.json");
    const char *name;
    json_t *from;
    (void)state;
    json_object_foreach(json_object_get(root, "cases"), name, from)
    {
        struct estimate got;
        double squares = 0;
        double scale[2];
        const struct stratified_rows in = read_case(from, &rows);
        (void)read_numbers(json_object_get(from, "scale"), scale);
        assert_ok(assay_stratified(
            &in, json_is_true(json_object_get(from, "join")) ? STRATIFIED_JOINED : STRATIFIED_APART,
            scale, number(from, "estimate"), 0.95, &got, part, &error));
        print_message("%s\n", name);
        assert_close(got.standard_error, number(from, "error"), 1e-10);
        assert_close(got.df, number(from, "df"), 1e-8);
        assert_close(got.interval.low, number(from, "low"), 1e-8);
        assert_close(got.interval.high, number(from, "high"), 1e-8);
        for (size_t g = 0; g < in.clusters; g++)
            squares += part[g] * part[g];
        assert_close(sqrt(squares), number(from, "error"), 1e-10);
    }
    json_decref(root);
}

static void pairs_of_one_weight_have_the_paired_t(void **state)
{
    static struct rows rows;
    struct estimate got;
    json_t *root = oracle_read("stratified.json");
    const json_t *from = json_object_get(json_object_get(root, "cases"), "paired");
    const json_t *test = json_object_get(from, "t_test");
    (void)state;
    const struct stratified_rows in = read_case(from, &rows);
    assert_ok(assay_stratified(&in, STRATIFIED_JOINED, (const double[]){1, 1},
                               number(from, "estimate"), 0.95, &got, NULL, &error));
    assert_close(got.standard_error, number(test, "error"), 1e-12);
    assert_close(got.df, number(test, "df"), 1e-12);
    json_decref(root);
}

/* Two people in each arm of two strata that differ by 10, and a fifth pair. */
static const int64_t stratum[] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2};
static const int64_t cluster[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const int64_t arm[] = {0, 0, 1, 1, 0, 0, 1, 1, 0, 1};
static const double items[] = {1, 2, 1, 1, 3, 1, 1, 2, 1, 1};
static const double influence[] = {-11, -9, -8, -12, 8, 12, 7, 15, 0, 1};
static const double weight[] = {2, 2, 1};

static struct stratified_rows made(size_t count)
{
    return (struct stratified_rows){.count = count,
                                    .stratum = stratum,
                                    .cluster = cluster,
                                    .arm = arm,
                                    .items = items,
                                    .influence = influence,
                                    .strata = 3,
                                    .clusters = 10,
                                    .weight = weight};
}

static void one_stratum_has_the_error_of_the_restricted_mean(void **state)
{
    struct estimate got;
    struct estimate wanted;
    static const double items_of[2][4] = {{1, 2, 0, 0}, {0, 0, 1, 1}};
    static const double about_0[2][4] = {{-1.5, 1.5, 0, 0}, {0, 0, 2, -2}};
    static const double all[] = {-1.5, 1.5, 2, -2};
    (void)state;
    struct stratified_rows in = made(4);
    in.influence = all;
    in.strata = 1;
    assert_ok(assay_stratified(&in, STRATIFIED_JOINED, (const double[]){1, 1}, 3, 0.95, &got, NULL,
                               &error));
    const struct arm_influence one = {5, items_of[1], about_0[1]};
    const struct arm_influence other = {2, items_of[0], about_0[0]};
    assert_ok(assay_restricted_mean_compare(4, &one, &other, 0.95, &wanted, NULL, &error));
    assert_close(got.standard_error, wanted.standard_error, 1e-13);
    assert_close(got.df, wanted.df, 1e-13);
}

static void what_strata_differ_by_is_no_part_of_the_error(void **state)
{
    struct estimate got;
    struct estimate moved;
    double other[10];
    (void)state;
    struct stratified_rows in = made(8);
    in.strata = 2;
    assert_ok(assay_stratified(&in, STRATIFIED_JOINED, (const double[]){1, 1}, 1, 0.95, &got, NULL,
                               &error));
    for (size_t i = 0; i < 8; i++)
        other[i] = influence[i] + (stratum[i] == 0 ? 100 * items[i] : 0);
    in.influence = other;
    assert_ok(assay_stratified(&in, STRATIFIED_JOINED, (const double[]){1, 1}, 1, 0.95, &moved,
                               NULL, &error));
    assert_close(moved.standard_error, got.standard_error, 1e-12);
}

#define assert_refused(rows, ties, said)                                                           \
    do {                                                                                           \
        assert_int_equal(                                                                          \
            assay_stratified(rows, ties, (const double[]){1, 1}, 1, 0.95, &got, NULL, &error),     \
            ERROR_DOMAIN);                                                                         \
        assert_non_null(strstr(error.message, said));                                              \
        assert_true(got.value == 7);                                                               \
    } while (0)

static void what_has_no_answer_is_refused(void **state)
{
    struct estimate got = {.value = 7};
    int64_t crossing[10];
    double bad[10];
    (void)state;
    struct stratified_rows in = made(10);
    in.stratum = stratum + 8; /* the pair alone */
    in.count = 2;
    in.arm = arm + 8;
    in.weight = (const double[]){0, 0, 1};
    assert_refused(&in, STRATIFIED_JOINED, "no other stratum shows");
    in = made(10);
    memcpy(crossing, cluster, sizeof crossing);
    crossing[9] = 0; /* in the pair, and in the first stratum */
    in.cluster = crossing;
    assert_refused(&in, STRATIFIED_APART, "and some in others");
    in = made(9); /* half of the pair */
    assert_refused(&in, STRATIFIED_JOINED, "one arm only");
    in = made(10);
    in.clusters = 9;
    assert_refused(&in, STRATIFIED_JOINED, "row 10: there are");
    memcpy(bad, items, sizeof bad);
    bad[3] = 0;
    in = made(10);
    in.items = bad;
    assert_refused(&in, STRATIFIED_JOINED, "row 4: its items");
    bad[0] = -1;
    in = made(10);
    in.weight = bad;
    assert_refused(&in, STRATIFIED_JOINED, "stratum 1: its weight");
    memset(bad, 0, sizeof bad);
    in = made(10);
    in.influence = bad;
    assert_refused(&in, STRATIFIED_JOINED, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_within_strata_are_those_of_whole_matrices),
        cmocka_unit_test(pairs_of_one_weight_have_the_paired_t),
        cmocka_unit_test(one_stratum_has_the_error_of_the_restricted_mean),
        cmocka_unit_test(what_strata_differ_by_is_no_part_of_the_error),
        cmocka_unit_test(what_has_no_answer_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
