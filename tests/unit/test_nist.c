/* Digits that agree with NIST's certified values, set by set, and the table of them in
   docs/methods/numerics.md. Written again by

       ASSAY_DIGITS=write build/tests/unit/test_nist

   A table that is not what comes out fails. */

#include "assay/least_squares.h"

#include "clusters.h"
#include "table.h"

static struct error error;
static json_t *answers;
static char folder[512];

enum { columns_max = 16, text_max = 8192 };

/* The tables as they come out, and the worst of what is asserted by name. */
static char text[text_max];

static void add_text(const char *format, ...)
{
    va_list arguments;
    size_t length = strlen(text);
    va_start(arguments, format);
    (void)vsnprintf(text + length, sizeof text - length, format, arguments);
    va_end(arguments);
    assert_true(strlen(text) + 1 < sizeof text);
}

/* Log relative error, at most 15; of a certified 0 the log of what came out. */
static double digits(double got, double wanted)
{
    double away = fabs(got - wanted);
    if (wanted != 0)
        away /= fabs(wanted);
    return away < 1e-15 ? 15 : fmax(0, -log10(away));
}

static double certified(const char *set, const char *path)
{
    char full[128];
    (void)snprintf(full, sizeof full, "answers/%s/%s", set, path);
    return answer(answers, full);
}

static struct table *read_set(const char *set)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%s.csv", set);
    return table_read(folder, name);
}

static void assert_digits(const char *set, const char *what, double got, double least)
{
    if (got < least)
        fail_msg("%s: %.2f digits of %s, at least %.1f are expected", set, got, what, least);
}

static int open_answers(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        return 0;
    (void)snprintf(folder, sizeof folder, "%s/nist_strd", shared_data());
    answers = answers_read(folder, "ANSWERS.json");
    return 0;
}

static int close_answers(void **state)
{
    (void)state;
    json_decref(answers);
    return 0;
}

/* ---- Univariate sets --------------------------------------------------------------------------
 */

/* Rows one at a time through update, so that Welford's kernel is used rather than the runs. */
static void add_singly(size_t rows, const double *y, double *moments)
{
    void *states[1] = {moments};
    for (size_t row = 0; row < rows; row++) {
        const double *at[] = {y + row};
        assay_moments_update(1, 1, at, states);
    }
}

static double deviation(const double *moments)
{
    return sqrt(assay_moments_cross(1, moments, 0, 0) / (moments[0] - 1));
}

/* sum (y_i - m)(y_i+1 - m) / sum (y_i - m)^2, from the moments of the pairs (y_i, y_i+1), whose own
   means are not quite m. */
static double autocorrelation(size_t rows, const double *y, const double *moments)
{
    const double *pairs[] = {y, y + 1};
    double lagged[6];
    assay_moments_init(2, lagged);
    assay_moments_add(2, rows - 1, pairs, lagged);
    double sum = assay_moments_cross(2, lagged, 1, 0) +
                 lagged[0] * (lagged[1] - moments[1]) * (lagged[2] - moments[1]);
    return sum / assay_moments_cross(1, moments, 0, 0);
}

static void means_deviations_and_autocorrelations_agree_with_nist(void **state)
{
    (void)state;
    /* NumAcc3 and 4: the decimal data themselves are rounded when read; 1e6.2 and 1e7.2 with a
       deviation of .1 keep 9.5 and 8.3 digits of it, and no way of computing brings them back. */
    static const struct {
        const char *name;
        double mean, deviation, autocorrelation;
    } sets[] = {{"Lew", 14.5, 14, 13.5},     {"Lottery", 14.5, 14, 13},
                {"Mavro", 14.5, 12.5, 12.5}, {"Michelso", 14.5, 13, 12.5},
                {"NumAcc1", 15, 15, 15},     {"NumAcc2", 14.5, 14, 13.5},
                {"NumAcc3", 14.5, 9.4, 9},   {"NumAcc4", 14.5, 8.2, 7.5}};
    if (answers == NULL)
        skip();
    add_text("| univariate set | mean | standard deviation | autocorrelation |\n"
             "| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        const char *set = sets[i].name;
        struct table *table = read_set(set);
        const double *columns[] = {table_column(table, "y")};
        double in_runs[3], singly[3];
        assay_moments_init(1, in_runs);
        assay_moments_init(1, singly);
        assay_moments_add(1, table->rows, columns, in_runs);
        add_singly(table->rows, columns[0], singly);
        assert_int_equal((size_t)in_runs[0], (size_t)certified(set, "n"));
        double mean = digits(in_runs[1], certified(set, "mean"));
        double spread = digits(deviation(in_runs), certified(set, "sd"));
        double lagged = digits(autocorrelation(table->rows, columns[0], in_runs),
                               certified(set, "autocorr_lag1"));
        assert_digits(set, "the mean", mean, sets[i].mean);
        assert_digits(set, "the deviation", spread, sets[i].deviation);
        assert_digits(set, "the autocorrelation", lagged, sets[i].autocorrelation);
        assert_digits(set, "the mean, row by row", digits(singly[1], certified(set, "mean")),
                      sets[i].mean - 1);
        assert_digits(set, "the deviation, row by row",
                      digits(deviation(singly), certified(set, "sd")), sets[i].deviation - 1);
        add_text("| %s | %.1f | %.1f | %.1f |\n", set, mean, spread, lagged);
        table_free(table);
    }
}

/* ---- Linear regressions -----------------------------------------------------------------------
 */

struct agreement {
    double coefficients, errors, r_squared, residual; /* digits, the worst of each */
};

static struct agreement agreement_of(const char *set, size_t size, const double *coefficient,
                                     const double *variance, double r_squared,
                                     double residual_variance)
{
    struct agreement worst = {15, 15, digits(r_squared, certified(set, "r_squared")),
                              digits(sqrt(residual_variance), certified(set, "residual_sd"))};
    for (size_t j = 0; j < size; j++) {
        char path[64];
        (void)snprintf(path, sizeof path, "params/%zu/estimate", j);
        worst.coefficients = fmin(worst.coefficients, digits(coefficient[j], certified(set, path)));
        (void)snprintf(path, sizeof path, "params/%zu/sd", j);
        worst.errors =
            fmin(worst.errors, digits(sqrt(variance[j * size + j]), certified(set, path)));
    }
    return worst;
}

static struct agreement by_rows(const char *set, bool constant, size_t p, size_t rows,
                                const double *const *columns)
{
    double coefficient[columns_max], variance[columns_max * columns_max];
    struct least_squares fit;
    assert_ok(assay_least_squares(constant, p, rows, columns, NULL, coefficient, variance, NULL,
                                  NULL, &fit, &error));
    assert_int_equal(fit.rows, (size_t)certified(set, "n"));
    return agreement_of(set, p + constant, coefficient, variance, fit.r_squared,
                        fit.residual_variance);
}

/* false where moments refuse the set. */
static bool by_moments(const char *set, size_t p, size_t rows, const double *const *columns,
                       struct agreement *out)
{
    double *moments = malloc(assay_moments_size(p + 1));
    double variance[columns_max * columns_max];
    const double *clusters[] = {moments};
    struct regression *regression = NULL;
    assert_non_null(moments);
    assay_moments_init(p + 1, moments);
    assay_moments_add(p + 1, rows, columns, moments);
    enum status status = assay_regression_open(p + 1, 1, clusters, NULL, &regression, &error);
    if (status == STATUS_OK) {
        struct regression_fit fit = assay_regression_fit(regression);
        assert_ok(assay_regression_variance(regression, VARIANCE_CLASSICAL, variance, &error));
        *out = agreement_of(set, p + 1, fit.coefficient, variance, fit.r_squared,
                            fit.residual_variance);
    } else
        assert_int_equal(status, ERROR_SINGULAR);
    assay_regression_close(regression);
    free(moments);
    return status == STATUS_OK;
}

static void regressions_agree_with_nist(void **state)
{
    (void)state;
    /* degree: of the polynomial; 0: the columns are the regressors. moments_*: digits at least by
       moments, 0 where they refuse. Wampler 1 and 2 lie on their polynomial: certified errors are
       0. */
    static const struct {
        const char *name;
        bool constant;
        size_t degree;
        double coefficients, errors;
        double moments_coefficients, moments_errors;
    } sets[] = {{"Norris", true, 1, 12, 12, 11, 10},    {"Pontius", true, 2, 12, 12, 10, 8},
                {"NoInt1", false, 1, 14, 14, 0, 0},     {"NoInt2", false, 1, 14, 14, 0, 0},
                {"Filip", true, 10, 7, 7, 0, 0},        {"Longley", true, 0, 12, 12, 10.5, 11},
                {"Wampler1", true, 5, 12, 12, 5.5, 15}, {"Wampler2", true, 5, 12, 12, 8.5, 15},
                {"Wampler3", true, 5, 12, 10, 5.5, 9},  {"Wampler4", true, 5, 10, 10, 5.5, 9},
                {"Wampler5", true, 5, 8, 10, 5.5, 9}};
    if (answers == NULL)
        skip();
    add_text("\n| regression | by | coefficients | their errors | R² | residual deviation |\n"
             "| --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        const char *set = sets[i].name;
        struct table *table = read_set(set);
        size_t p = sets[i].degree > 0 ? sets[i].degree : table->columns - 1;
        double *powers[columns_max];
        const double *columns[columns_max];
        for (size_t j = 0; j < p; j++) {
            powers[j] = malloc(table->rows * sizeof(double));
            assert_non_null(powers[j]);
            for (size_t row = 0; row < table->rows; row++)
                powers[j][row] = sets[i].degree > 0 ? pow(table->values[1][row], (double)(j + 1))
                                                    : table->values[1 + j][row];
            columns[j] = powers[j];
        }
        columns[p] = table->values[0];
        struct agreement rows = by_rows(set, sets[i].constant, p, table->rows, columns);
        struct agreement moments;
        assert_digits(set, "coefficients by rows", rows.coefficients, sets[i].coefficients);
        assert_digits(set, "errors by rows", rows.errors, sets[i].errors);
        add_text("| %s | rows | %.1f | %.1f | %.1f | %.1f |\n", set, rows.coefficients, rows.errors,
                 rows.r_squared, rows.residual);
        if (sets[i].constant && by_moments(set, p, table->rows, columns, &moments)) {
            assert_digits(set, "coefficients by moments", moments.coefficients,
                          sets[i].moments_coefficients);
            assert_digits(set, "errors by moments", moments.errors, sets[i].moments_errors);
            add_text("| | moments | %.1f | %.1f | %.1f | %.1f |\n", moments.coefficients,
                     moments.errors, moments.r_squared, moments.residual);
        } else
            add_text("| | moments | %s | | | |\n", sets[i].constant ? "refused" : "no constant");
        for (size_t j = 0; j < p; j++)
            free(powers[j]);
        table_free(table);
    }
}

/* ---- One-way analysis of variance -------------------------------------------------------------
 */

/* Treatments as dummies. */
static void analyses_of_variance_agree_with_nist(void **state)
{
    (void)state;
    /* The decimals of SmLs04 to 08 are rounded when read: at 1e12 to 1.2e-4 of a deviation of .1.
     */
    static const struct {
        const char *name;
        double f;
    } sets[] = {{"SiRstvt", 12}, {"SmLs01t", 13}, {"SmLs02t", 12}, {"AtmWtAgt", 9},
                {"SmLs04t", 9},  {"SmLs05t", 9},  {"SmLs07t", 2},  {"SmLs08t", 2}};
    if (answers == NULL)
        skip();
    add_text(
        "\n| analysis of variance | F | R² | residual deviation |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        const char *set = sets[i].name;
        struct table *table = read_set(set);
        const double *group = table->values[0];
        const double *columns[columns_max];
        double *dummies[columns_max];
        size_t groups = 0;
        double first = group[0];
        for (size_t row = 0; row < table->rows; row++)
            if (group[row] - first >= (double)groups)
                groups = (size_t)(group[row] - first) + 1;
        assert_true(groups > 1 && groups < columns_max);
        for (size_t j = 1; j < groups; j++) {
            dummies[j] = malloc(table->rows * sizeof(double));
            assert_non_null(dummies[j]);
            for (size_t row = 0; row < table->rows; row++)
                dummies[j][row] = group[row] - first == (double)j;
            columns[j - 1] = dummies[j];
        }
        columns[groups - 1] = table_column(table, "y");
        double *moments = malloc(assay_moments_size(groups));
        const double *clusters[] = {moments};
        struct regression *regression = NULL;
        assert_non_null(moments);
        assay_moments_init(groups, moments);
        assay_moments_add(groups, table->rows, columns, moments);
        assert_ok(assay_regression_open(groups, 1, clusters, NULL, &regression, &error));
        struct regression_fit fit = assay_regression_fit(regression);
        double total = assay_moments_cross(groups, moments, groups - 1, groups - 1);
        double f = fit.r_squared * total / (double)(groups - 1) / fit.residual_variance;
        double f_digits = digits(f, certified(set, "F"));
        assert_digits(set, "F", f_digits, sets[i].f);
        add_text("| %s | %.1f | %.1f | %.1f |\n", set, f_digits,
                 digits(fit.r_squared, certified(set, "r_squared")),
                 digits(sqrt(fit.residual_variance), certified(set, "residual_sd")));
        assay_regression_close(regression);
        free(moments);
        for (size_t j = 1; j < groups; j++)
            free(dummies[j]);
        table_free(table);
    }
}

/* ---- The table in the documentation -----------------------------------------------------------
 */

static const char begin_mark[] = "<!-- digits: begin -->\n";
static const char end_mark[] = "<!-- digits: end -->\n";

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("cannot read %s", path);
    char *all = calloc(1, 1 << 17);
    assert_non_null(all);
    size_t length = fread(all, 1, (1 << 17) - 1, file);
    assert_true(length < (1 << 17) - 1);
    (void)fclose(file);
    return all;
}

static void write_table(const char *path, const char *document, const char *begin, const char *end)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fprintf(file, "%.*s%s%s", (int)(begin - document), document, text, end);
    assert_int_equal(fclose(file), 0);
    (void)fprintf(stderr, "written: %s\n", path);
}

/* Cells that are numbers may differ as compilers and LAPACKs round: by a digit, or by more where
   both are over 12. All else is the same. */
static void assert_same_cell(const char *got, const char *committed)
{
    char *got_end = NULL;
    char *committed_end = NULL;
    double one = strtod(got, &got_end);
    double other = strtod(committed, &committed_end);
    if (got_end == got || committed_end == committed) {
        if (strcmp(got, committed) != 0)
            fail_msg("docs/methods/numerics.md is stale: it says \"%s\", now it is \"%s\"; "
                     "ASSAY_DIGITS=write writes it again",
                     committed, got);
        return;
    }
    if (fabs(one - other) > 1 && fmin(one, other) < 12)
        fail_msg("docs/methods/numerics.md is stale: it says %s digits, now they are %s; "
                 "ASSAY_DIGITS=write writes it again",
                 committed, got);
}

/* The next cell, without what parts it from others; false at the end. */
static bool next_cell(const char **at, char *cell, size_t size)
{
    *at += strspn(*at, "|\n ");
    size_t length = strcspn(*at, "|\n");
    if (length == 0)
        return false;
    (void)snprintf(cell, size, "%.*s", (int)length, *at);
    *at += length;
    while (cell[0] != '\0' && cell[strlen(cell) - 1] == ' ')
        cell[strlen(cell) - 1] = '\0';
    return true;
}

static void the_table_in_the_documentation_is_what_comes_out(void **state)
{
    (void)state;
    if (answers == NULL)
        skip();
    char path[512];
    (void)snprintf(path, sizeof path, "%s/docs/methods/numerics.md", getenv("ASSAY_SOURCE"));
    char *document = read_all(path);
    char *begin = strstr(document, begin_mark);
    char *end = strstr(document, end_mark);
    assert_non_null(begin);
    assert_non_null(end);
    begin += strlen(begin_mark);
    if (getenv("ASSAY_DIGITS") != NULL && strcmp(getenv("ASSAY_DIGITS"), "write") == 0)
        write_table(path, document, begin, end);
    else {
        *end = '\0';
        const char *got = text;
        const char *committed = begin;
        char one[128], other[128];
        bool more = true;
        while (more) {
            more = next_cell(&got, one, sizeof one);
            assert_int_equal(next_cell(&committed, other, sizeof other), more);
            if (more)
                assert_same_cell(one, other);
        }
    }
    free(document);
}

int main(void)
{
    enum { all_skipped = 77 };
    if (shared_data() == NULL)
        return all_skipped;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_deviations_and_autocorrelations_agree_with_nist),
        cmocka_unit_test(regressions_agree_with_nist),
        cmocka_unit_test(analyses_of_variance_agree_with_nist),
        cmocka_unit_test(the_table_in_the_documentation_is_what_comes_out),
    };
    return cmocka_run_group_tests(tests, open_answers, close_answers);
}
