/* Slopes of each arm's own, against estimatr::lm_lin as tests/oracle/interacted.R recorded it. */

#include "assay/interacted.h"

#include "clusters.h"
#include "metr.h"

static struct error error;

enum { covariates_max = 8, columns_max = 2 * covariates_max + 2, parts_max = 2000 };

/* A data set, its moments by cluster and arm as an engine would give them, and the columns of the
   fit written out by row for the second pass. */
struct set {
    size_t rows, covariates;
    const double *arm, *cluster;
    const double *columns[covariates_max + 1]; /* x_1 .. x_p, y */
    double centre[covariates_max];
    double *written[columns_max]; /* by row */
};

static void complete(struct set *set)
{
    size_t p = set->covariates;
    size_t wide = assay_interacted_columns(p);
    for (size_t j = 0; j < p; j++) {
        long double sum = 0;
        for (size_t row = 0; row < set->rows; row++)
            sum += set->columns[j][row];
        set->centre[j] = (double)(sum / (long double)set->rows);
    }
    for (size_t j = 0; j < wide; j++) {
        set->written[j] = calloc(set->rows + 1, sizeof(double));
        assert_non_null(set->written[j]);
    }
    for (size_t row = 0; row < set->rows; row++) {
        set->written[0][row] = set->arm[row];
        set->written[wide - 1][row] = set->columns[p][row];
        for (size_t j = 0; j < p; j++) {
            set->written[1 + j][row] = set->columns[j][row];
            set->written[1 + p + j][row] = set->arm[row] * (set->columns[j][row] - set->centre[j]);
        }
    }
}

/* By cluster, out of the moments of its two arms. */
static struct clusters clusters_of_arms(const struct set *set)
{
    size_t p = set->covariates;
    size_t wide = assay_interacted_columns(p);
    double *id = malloc(set->rows * sizeof *id);
    assert_non_null(id);
    for (size_t row = 0; row < set->rows; row++)
        id[row] = 2 * set->cluster[row] + set->arm[row];
    struct clusters parts = clusters_of(p + 1, set->rows, set->columns, id);
    struct clusters whole = {.columns = wide, .moments = malloc(parts.count * sizeof(double *))};
    double of[parts_max]; /* the cluster of each whole */
    assert_non_null(whole.moments);
    assert_true(parts.count <= parts_max);
    size_t part = 0;
    for (size_t row = 0; row < set->rows; row++) {
        bool first = true;
        for (size_t before = 0; before < row && first; before++)
            first = id[before] != id[row];
        if (!first)
            continue;
        size_t g = 0;
        while (g < whole.count && of[g] != set->cluster[row])
            g++;
        if (g == whole.count) {
            of[g] = set->cluster[row];
            whole.moments[g] = malloc(assay_moments_size(wide));
            assert_non_null(whole.moments[g]);
            assay_moments_init(wide, whole.moments[g]);
            whole.count++;
        }
        double *one = malloc(assay_moments_size(wide));
        assert_non_null(one);
        assay_interacted_moments(p, parts.moments[part++], (int)set->arm[row], set->centre, one);
        assay_moments_merge(wide, one, whole.moments[g]);
        free(one);
    }
    assert_int_equal(part, parts.count);
    clusters_free(parts);
    free(id);
    return whole;
}

static double hc_error(const struct regression *fit, const struct set *set, enum variance kind)
{
    double meat[columns_max * (columns_max + 1) / 2] = {0};
    double matrix[columns_max * columns_max];
    size_t size = assay_regression_fit(fit).coefficients;
    assay_regression_meat_add(fit, kind, set->rows, (const double *const *)set->written, meat);
    assert_ok(assay_regression_hc(fit, kind, meat, matrix, &error));
    return sqrt(matrix[size + 1]);
}

static void agrees(struct set *set, const json_t *answers, bool clustered)
{
    static const struct {
        enum variance kind;
        const char *name;
    } kinds[] = {
        {VARIANCE_CR0, "CR0"}, {VARIANCE_CR1, "CR1"}, {VARIANCE_CR2, "CR2"}, {VARIANCE_CR3, "CR3"}};
    static const char *const hc[] = {"HC0", "HC1", "HC2", "HC3"};
    complete(set);
    struct clusters clusters = clusters_of_arms(set);
    struct regression *fit = clusters_fit(clusters);
    struct regression_fit about = assay_regression_fit(fit);
    double contrast[columns_max] = {0, 1};
    struct estimate estimate;
    assert_int_equal(about.rows, (size_t)answer(answers, "rows"));
    assert_close(about.coefficient[1], answer(answers, "effect"), 1e-10);
    assert_ok(
        assay_regression_contrast(fit, VARIANCE_CLASSICAL, contrast, 0, 0.95, &estimate, &error));
    assert_close(estimate.standard_error, answer(answers, "classical"), 1e-10);
    assert_close(estimate.df, answer(answers, "HC2_df"), 0);
    for (size_t i = 0; i < 4; i++)
        assert_close(hc_error(fit, set, VARIANCE_HC0 + i), answer(answers, hc[i]), 1e-10);
    assert_close(hc_error(fit, set, VARIANCE_HC2), answer(answers, "HC2_error"), 1e-10);
    for (size_t i = 0; clustered && i < sizeof kinds / sizeof *kinds; i++) {
        assert_ok(
            assay_regression_contrast(fit, kinds[i].kind, contrast, 0, 0.95, &estimate, &error));
        assert_close(estimate.standard_error, answer(answers, kinds[i].name), 1e-10);
        if (kinds[i].kind != VARIANCE_CR2)
            continue;
        assert_close(estimate.df, answer(answers, "CR2_df"), 1e-9);
        assert_close(estimate.p, answer(answers, "CR2_p"), 1e-9);
        assert_close(estimate.interval.low, answer(answers, "CR2_low"), 1e-9);
        assert_close(estimate.interval.high, answer(answers, "CR2_high"), 1e-9);
    }
    /* The mean of arm 0 at the centre, whose columns of products are 0 there. */
    double base[columns_max] = {1};
    for (size_t j = 0; j < set->covariates; j++)
        base[2 + j] = set->centre[j];
    assert_ok(assay_regression_contrast(fit, clustered ? VARIANCE_CR2 : VARIANCE_CLASSICAL, base, 0,
                                        0.95, &estimate, &error));
    assert_close(estimate.value, answer(answers, "baseline"), 1e-10);
    if (clustered)
        assert_close(estimate.standard_error, answer(answers, "baseline_CR2"), 1e-9);
    assay_regression_close(fit);
    clusters_free(clusters);
    for (size_t j = 0; j < assay_interacted_columns(set->covariates); j++)
        free(set->written[j]);
}

static void generated_set_agrees(const char *name)
{
    static const char *const names[] = {"size", "skill", "y", "arm", "cluster"};
    double values[5][128];
    json_t *root = oracle_read("interacted.json");
    const json_t *part = json_object_get(root, name);
    const json_t *data = json_object_get(part, "data");
    struct set set = {.rows = json_array_size(json_object_get(data, "y")), .covariates = 2};
    assert_true(set.rows > 0 && set.rows <= 128);
    for (size_t j = 0; j < 5; j++)
        for (size_t row = 0; row < set.rows; row++)
            values[j][row] = answer_at(data, names[j], row);
    for (size_t j = 0; j < 3; j++)
        set.columns[j] = values[j];
    set.arm = values[3];
    set.cluster = values[4];
    agrees(&set, json_object_get(part, "answers"), true);
    json_decref(root);
}

static void arms_inside_clusters_agree_with_lm_lin(void **state)
{
    (void)state;
    generated_set_agrees("within");
}

static void arms_of_whole_clusters_agree_with_lm_lin(void **state)
{
    (void)state;
    generated_set_agrees("apart");
}

static void a_trial_of_developers_agrees_with_lm_lin(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/metr", shared_data());
    json_t *root = oracle_read("interacted.json");
    struct table *table = table_read(folder, "data.csv");
    double *total = NULL;
    double *predicted = NULL;
    metr_logarithms(table, &total, &predicted);
    struct set set = {.rows = table->rows,
                      .covariates = 1,
                      .arm = table_column(table, "ai_treatment"),
                      .cluster = table_column(table, "dev_id"),
                      .columns = {predicted, total}};
    agrees(&set, json_object_get(json_object_get(root, "metr"), "answers"), true);
    table_free(table);
    json_decref(root);
}

static void lalonde_agrees_with_lm_lin(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    static const char *const names[] = {"age", "educ", "married", "nodegree", "re74", "re75"};
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/lalonde", shared_data());
    json_t *root = oracle_read("interacted.json");
    json_t *published = answers_read(folder, "ANSWERS.json");
    const json_t *answers = json_object_get(json_object_get(root, "lalonde"), "answers");
    struct table *table = table_read(folder, "data.csv");
    double *race = table_column(table, "race"); /* black, hispan, white: 0, 1, 2 as they come */
    double *races[2] = {malloc(table->rows * sizeof(double)), malloc(table->rows * sizeof(double))};
    double *cluster = malloc(table->rows * sizeof *cluster);
    for (size_t row = 0; row < table->rows; row++) {
        races[0][row] = race[row] == 1;
        races[1][row] = race[row] == 2;
        cluster[row] = (double)(row % 40);
    }
    struct set set = {.rows = table->rows,
                      .covariates = 8,
                      .arm = table_column(table, "treat"),
                      .cluster = cluster,
                      .columns = {[6] = races[0], [7] = races[1]}};
    for (size_t j = 0; j < 6; j++)
        set.columns[j] = table_column(table, names[j]);
    set.columns[8] = table_column(table, "re78");
    agrees(&set, answers, false);
    assert_close(answer(answers, "effect"), answer(published, "answers/lin_ATE/value"), 1e-12);
    assert_close(answer(answers, "HC2_error"), answer(published, "answers/lin_se_HC2/value"),
                 1e-12);
    free(cluster);
    free(races[0]);
    free(races[1]);
    table_free(table);
    json_decref(published);
    json_decref(root);
}

/* A covariate that is one number in an arm has no slope there: the column of the product is named.
 */
static void a_slope_that_an_arm_cannot_have_is_refused(void **state)
{
    (void)state;
    double x[40], y[40], arm[40], cluster[40];
    for (size_t i = 0; i < 40; i++) {
        arm[i] = (double)(i % 2);
        x[i] = i % 2 == 1 ? 3 : (double)(i % 7);
        y[i] = (double)((i * 13) % 11);
        cluster[i] = floor((double)i / 4);
    }
    struct set set = {
        .rows = 40, .covariates = 1, .arm = arm, .cluster = cluster, .columns = {x, y}};
    complete(&set);
    struct clusters clusters = clusters_of_arms(&set);
    struct regression *fit = NULL;
    size_t column = 0;
    assert_int_equal(assay_regression_open(clusters.columns, clusters.count,
                                           (const double *const *)clusters.moments, &column, &fit,
                                           &error),
                     ERROR_SINGULAR);
    assert_int_equal(column, 3);
    clusters_free(clusters);
    for (size_t j = 0; j < 4; j++)
        free(set.written[j]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arms_inside_clusters_agree_with_lm_lin),
        cmocka_unit_test(arms_of_whole_clusters_agree_with_lm_lin),
        cmocka_unit_test(a_trial_of_developers_agrees_with_lm_lin),
        cmocka_unit_test(lalonde_agrees_with_lm_lin),
        cmocka_unit_test(a_slope_that_an_arm_cannot_have_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
