/* A change less that of the year before, against R (tests/oracle/double_difference.R), and what is
   refused. */

#include "assay/double_difference.h"

#include "table.h"

static struct error error;

enum { rows_most = 400, cells_most = 6, scratch_most = 200 };

struct rows {
    int64_t cluster[rows_most], cell[rows_most], span[rows_most];
    double items[rows_most], mean[rows_most], divisor[rows_most];
};

static void read_integers(const json_t *list, int64_t *out)
{
    assert_true(json_array_size(list) <= rows_most);
    for (size_t i = 0; i < json_array_size(list); i++)
        out[i] = json_integer_value(json_array_get(list, i));
}

static size_t read_numbers(const json_t *list, double *out)
{
    assert_true(json_array_size(list) <= rows_most);
    for (size_t i = 0; i < json_array_size(list); i++)
        out[i] = json_number_value(json_array_get(list, i));
    return json_array_size(list);
}

static struct double_rows read_case(const json_t *from, struct rows *rows)
{
    read_integers(json_object_get(from, "cluster"), rows->cluster);
    read_integers(json_object_get(from, "cell"), rows->cell);
    read_integers(json_object_get(from, "span"), rows->span);
    size_t divisors = read_numbers(json_object_get(from, "divisor"), rows->divisor);
    return (struct double_rows){
        .count = read_numbers(json_object_get(from, "items"), rows->items),
        .cluster = rows->cluster,
        .cell = rows->cell,
        .span = rows->span,
        .items = rows->items,
        .mean = read_numbers(json_object_get(from, "mean"), rows->mean) > 0 ? rows->mean : NULL,
        .divisor = divisors > 0 ? rows->divisor : NULL,
        .cell_count = cells_most,
    };
}

static struct double_rows difference_rows(struct rows *rows)
{
    json_t *root = oracle_read("double_difference.json");
    struct double_rows out =
        read_case(json_object_get(json_object_get(root, "cases"), "difference"), rows);
    json_decref(root);
    return out;
}

static void it_agrees_with_deletion_in_r(void **state)
{
    static struct rows rows;
    json_t *root = oracle_read("double_difference.json");
    const char *name;
    json_t *from;
    (void)state;
    assert_true(assay_double_difference_scratch(cells_most) <= scratch_most);
    json_object_foreach(json_object_get(root, "cases"), name, from)
    {
        double scratch[scratch_most];
        struct double_difference got;
        const struct double_rows in = read_case(from, &rows);
        bool logs = json_is_true(json_object_get(from, "logs"));
        /* At an origin of 1e5 the means themselves are kept to 1e-11. */
        double tolerance = strcmp(name, "far") == 0 ? 1e-8 : 1e-10;
        assert_ok(assay_double_difference(&in, logs ? BLOCKED_LOG_RATIO : BLOCKED_DIFFERENCE, 0.95,
                                          scratch, &got, &error));
        assert_close(got.estimate.value, answer(from, "value"), tolerance);
        assert_close(got.estimate.standard_error, answer(from, "error"), tolerance);
        assert_close(got.estimate.df, answer(from, "df"), 1e-8);
        assert_close(got.estimate.interval.low, answer(from, "low"), 1e-8);
        assert_close(got.estimate.interval.high, answer(from, "high"), 1e-8);
        assert_close(got.estimate.p, answer(from, "p"), 1e-8);
        assert_close(got.change[0].value, answer(from, "change"), tolerance);
        assert_close(got.change[0].standard_error, answer(from, "change_error"), tolerance);
        assert_close(got.change[0].value - got.change[1].value, got.estimate.value, tolerance);
        assert_int_equal(got.clusters, (size_t)answer(from, "clusters"));
        for (size_t s = 0; s < assay_double_spans; s++)
            assert_close(got.mean[s], answer_at(from, "means", s), tolerance);
    }
    json_decref(root);
}

static void a_balanced_one_is_the_interaction_of_year_and_span(void **state)
{
    static struct rows rows;
    double scratch[scratch_most];
    struct double_difference got;
    json_t *root = oracle_read("double_difference.json");
    const json_t *from = json_object_get(json_object_get(root, "cases"), "balanced");
    const struct double_rows in = read_case(from, &rows);
    (void)state;
    assert_ok(assay_double_difference(&in, BLOCKED_DIFFERENCE, 0.95, scratch, &got, &error));
    assert_close(got.estimate.value, answer(from, "lm"), 1e-10);
    json_decref(root);
}

static void of_parts_it_agrees_with_whole_matrices(void **state)
{
    static double part[2][rows_most], items[assay_double_spans][rows_most];
    struct estimate got;
    json_t *root = oracle_read("double_difference.json");
    const json_t *from = json_object_get(root, "parts");
    struct double_parts in = {.value = {answer(from, "values/0"), answer(from, "values/1")}};
    (void)state;
    for (size_t c = 0; c < 2; c++) {
        in.clusters = read_numbers(json_array_get(json_object_get(from, "part"), c), part[c]);
        in.part[c] = part[c];
    }
    for (size_t s = 0; s < assay_double_spans; s++) {
        (void)read_numbers(json_array_get(json_object_get(from, "items"), s), items[s]);
        in.items[s] = items[s];
    }
    assert_ok(assay_double_difference_of_parts(&in, 0.95, &got, &error));
    assert_close(got.value, answer(from, "value"), 1e-12);
    assert_close(got.standard_error, answer(from, "error"), 1e-12);
    assert_close(got.df, answer(from, "df"), 1e-8);
    items[2][0] = NAN;
    assert_int_equal(assay_double_difference_of_parts(&in, 0.95, &got, &error), ERROR_DOMAIN);
    for (size_t g = 0; g < in.clusters; g++)
        items[2][g] = g == 0;
    assert_int_equal(assay_double_difference_of_parts(&in, 0.95, &got, &error), ERROR_DOMAIN);
    json_decref(root);
}

static void what_has_no_answer_is_refused(void **state)
{
    static struct rows rows;
    double scratch[scratch_most];
    struct double_difference got = {.clusters = 77};
    struct double_rows in = difference_rows(&rows);
    (void)state;
    rows.mean[0] = -1e6; /* a mean below 0 has no logarithm */
    assert_int_equal(assay_double_difference(&in, BLOCKED_LOG_RATIO, 0.95, scratch, &got, &error),
                     ERROR_DOMAIN);
    in = difference_rows(&rows);
    rows.mean[5] = INFINITY;
    assert_int_equal(assay_double_difference(&in, BLOCKED_DIFFERENCE, 0.95, scratch, &got, &error),
                     ERROR_DOMAIN);
    in = difference_rows(&rows);
    rows.span[5] = 4;
    assert_int_equal(assay_double_difference(&in, BLOCKED_DIFFERENCE, 0.95, scratch, &got, &error),
                     ERROR_DOMAIN);
    in = difference_rows(&rows);
    for (size_t i = 0; i < in.count; i++) /* the span 3 is in a cell of its own */
        rows.cell[i] = rows.span[i] == 3 ? 5 : rows.cell[i] % 5;
    assert_int_equal(assay_double_difference(&in, BLOCKED_DIFFERENCE, 0.95, scratch, &got, &error),
                     ERROR_DOMAIN);
    in = difference_rows(&rows);
    for (size_t i = 0; i < in.count; i++) /* one person has all of a span */
        if (rows.span[i] == 2 && rows.cluster[i] > 1)
            rows.span[i] = 1;
    assert_int_equal(assay_double_difference(&in, BLOCKED_DIFFERENCE, 0.95, scratch, &got, &error),
                     ERROR_DOMAIN);
    assert_int_equal(got.clusters, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_deletion_in_r),
        cmocka_unit_test(a_balanced_one_is_the_interaction_of_year_and_span),
        cmocka_unit_test(of_parts_it_agrees_with_whole_matrices),
        cmocka_unit_test(what_has_no_answer_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
