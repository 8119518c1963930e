/* Coefficients, errors and degrees of freedom against answers from outside. */

#include "clusters.h"
#include "metr.h"

static struct error error;

enum { coefficients_max = 8 };

static double wanted(const json_t *answers, const char *format, const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof path, format, name);
    return answer(answers, path);
}

/* The standard errors of a kind that needs the rows. */
static void heteroskedastic(const struct regression *regression, enum variance kind, size_t rows,
                            const double *const *columns, double *errors)
{
    double meat[coefficients_max * coefficients_max] = {0};
    double matrix[coefficients_max * coefficients_max];
    size_t size = assay_regression_fit(regression).coefficients;
    size_t half = rows / 3;
    const double *rest[coefficients_max];
    for (size_t j = 0; j < size; j++)
        rest[j] = columns[j] + half;
    assay_regression_meat_add(regression, kind, half, columns, meat);
    assay_regression_meat_add(regression, kind, rows - half, rest, meat);
    assert_ok(assay_regression_hc(regression, kind, meat, matrix, &error));
    for (size_t j = 0; j < size; j++)
        errors[j] = sqrt(matrix[j * size + j]);
}

/* ---- Every kind, every coefficient, as tests/oracle/cluster_errors.R recorded them ------------
 */

/* columns: those of the fit, k with y. */
static void every_kind_agrees(const char *set, size_t k, size_t rows, const double *const *columns,
                              const double *cluster)
{
    json_t *root = oracle_read("cluster_errors.json");
    const json_t *answers = json_object_get(root, set);
    struct clusters clusters = clusters_of(k, rows, columns, cluster);
    struct regression *regression = clusters_fit(clusters);
    static const struct {
        enum variance kind;
        const char *errors, *df, *p, *low, *high;
    } kinds[] = {{VARIANCE_CLASSICAL, "classical", NULL, NULL, NULL, NULL},
                 {VARIANCE_CR0, "CR0", NULL, NULL, NULL, NULL},
                 {VARIANCE_CR1, "CR1", NULL, NULL, NULL, NULL},
                 {VARIANCE_CR2, "CR2/error", "CR2/df", "CR2/p", "CR2/low", "CR2/high"},
                 {VARIANCE_CR3, "CR3/error", "CR3/df", "CR3/p", "CR3/low", "CR3/high"}};
    static const char *const hc[] = {"HC0", "HC1", "HC2", "HC3"};
    assert_int_equal(clusters.count, (size_t)answer(answers, "clusters"));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct estimate estimates[coefficients_max];
        assert_ok(
            assay_regression_estimates(regression, kinds[i].kind, 0, 0.95, estimates, &error));
        for (size_t j = 0; j < k; j++) {
            assert_close(estimates[j].value, answer_at(answers, "coefficient", j), 1e-12);
            assert_close(estimates[j].standard_error, answer_at(answers, kinds[i].errors, j),
                         1e-11);
            if (kinds[i].df == NULL)
                continue;
            assert_close(estimates[j].df, answer_at(answers, kinds[i].df, j), 1e-10);
            assert_close(estimates[j].p, answer_at(answers, kinds[i].p, j), 1e-9);
            assert_close(estimates[j].interval.low, answer_at(answers, kinds[i].low, j), 1e-9);
            assert_close(estimates[j].interval.high, answer_at(answers, kinds[i].high, j), 1e-9);
        }
    }
    for (size_t i = 0; i < 4; i++) {
        double errors[coefficients_max];
        heteroskedastic(regression, VARIANCE_HC0 + i, rows, columns, errors);
        for (size_t j = 0; j < k; j++)
            assert_close(errors[j], answer_at(answers, hc[i], j), 1e-11);
    }
    assay_regression_close(regression);
    clusters_free(clusters);
    json_decref(root);
}

static void a_trial_of_developers_agrees_with_sandwich_and_clubsandwich(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/metr", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    const json_t *answers = json_object_get(root, "answers");
    struct table *table = table_read(folder, "data.csv");
    const double *arm = table_column(table, "ai_treatment");
    double *total = NULL;
    double *predicted = NULL;
    metr_logarithms(table, &total, &predicted);

    const double *columns[] = {arm, predicted, total};
    struct clusters clusters = clusters_of(3, table->rows, columns, table_column(table, "dev_id"));
    struct regression *regression = clusters_fit(clusters);
    struct regression_fit fit = assay_regression_fit(regression);
    assert_int_equal(fit.rows, 246);
    assert_int_equal(fit.clusters, 16);
    assert_close(fit.coefficient[0], answer(answers, "coef_Intercept/value"), 1e-9);
    assert_close(fit.coefficient[1], answer(answers, "coef_ai_treatment/value"), 1e-9);
    assert_close(fit.coefficient[2], answer(answers, "coef_lp/value"), 1e-9);
    assert_close(fit.r_squared, answer(answers, "r_squared/value"), 1e-9);
    assert_close(fit.residual_variance, answer(answers, "sigma2/value"), 1e-9);

    struct estimate estimates[3];
    assert_ok(
        assay_regression_estimates(regression, VARIANCE_CLASSICAL, 0, 0.95, estimates, &error));
    assert_close(estimates[1].standard_error, answer(answers, "se_nonrobust/value"), 1e-9);
    assert_close(estimates[1].p, answer(answers, "p_t_nonrobust/value"), 1e-9);
    assert_ok(assay_regression_estimates(regression, VARIANCE_CLASSICAL, INFINITY, 0.95, estimates,
                                         &error));
    assert_close(estimates[1].p, answer(answers, "p_z_nonrobust/value"), 1e-9);
    struct effect effect;
    assert_ok(assay_effect_ratio(&estimates[1], &effect, &error));
    assert_close(effect.value, answer(answers, "speedup_exp_beta_minus_1/value"), 1e-9);
    assert_close(effect.interval.low, answer(answers, "ci_lo_nonrobust/value"), 1e-9);
    assert_close(effect.interval.high, answer(answers, "ci_hi_nonrobust/value"), 1e-9);

    static const char *const hc[] = {"HC0", "HC1", "HC2", "HC3"};
    for (size_t i = 0; i < 4; i++) {
        double errors[3];
        heteroskedastic(regression, VARIANCE_HC0 + i, table->rows, columns, errors);
        assert_close(errors[1], wanted(answers, "se_%s/value", hc[i]), 1e-9);
    }

    assert_ok(assay_regression_estimates(regression, VARIANCE_CR0, 0, 0.95, estimates, &error));
    assert_close(estimates[1].standard_error, answer(answers, "se_cluster_dev_CR0/value"), 1e-9);
    assert_ok(
        assay_regression_estimates(regression, VARIANCE_CR1, INFINITY, 0.95, estimates, &error));
    assert_close(estimates[1].standard_error, answer(answers, "se_cluster_dev_CR1S/value"), 1e-9);
    assert_ok(assay_effect_ratio(&estimates[1], &effect, &error));
    assert_close(effect.interval.low, answer(answers, "ci_lo_cluster_dev_CR1S/value"), 1e-9);
    assert_ok(assay_regression_estimates(regression, VARIANCE_CR2, 0, 0.95, estimates, &error));
    assert_close(estimates[1].standard_error, answer(answers, "se_cluster_dev_CR2/value"), 1e-9);
    assert_close(estimates[1].df, answer(answers, "df_satt_CR2/value"), 1e-9);
    assert_close(estimates[1].p, answer(answers, "p_satt_CR2/value"), 1e-9);
    assert_ok(assay_regression_estimates(regression, VARIANCE_CR3, 0, 0.95, estimates, &error));
    assert_close(estimates[1].standard_error, answer(answers, "se_cluster_dev_CR3/value"), 1e-9);
    assert_close(estimates[1].df, answer(answers, "df_satt_CR3/value"), 1e-9);
    assert_close(estimates[1].p, answer(answers, "p_satt_CR3/value"), 1e-9);
    every_kind_agrees("metr", 3, table->rows, columns, table_column(table, "dev_id"));

    assay_regression_close(regression);
    clusters_free(clusters);
    table_free(table);
    json_decref(root);
}

/* A regression on one column, all kinds, both coefficients: the form of the recorded answers of
   petersen and sleepstudy. */
static void simple_regression_agrees(const char *set, const char *x, const char *y,
                                     const char *cluster)
{
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/%s", shared_data(), set);
    json_t *root = answers_read(folder, "ANSWERS.json");
    const json_t *answers = json_object_get(root, "answers");
    struct table *table = table_read(folder, "data.csv");
    const double *columns[] = {table_column(table, x), table_column(table, y)};
    struct clusters clusters = clusters_of(2, table->rows, columns, table_column(table, cluster));
    struct regression *regression = clusters_fit(clusters);
    const char *names[] = {"(Intercept)", x};
    every_kind_agrees(set, 2, table->rows, columns, table_column(table, cluster));
    static const struct {
        enum variance kind;
        const char *format;
    } kinds[] = {{VARIANCE_CLASSICAL, "se_classical:%s/value"},
                 {VARIANCE_CR0, "se_CR0:%s/value"},
                 {VARIANCE_CR1, "se_CR1S:%s/value"},
                 {VARIANCE_CR3, "se_CR3:%s/value"},
                 {VARIANCE_CR2, "se_CR2:%s/value"}};
    static const char *const hc[] = {"se_HC0:%s/value", "se_HC1:%s/value", "se_HC2:%s/value",
                                     "se_HC3:%s/value"};
    struct estimate estimates[2];
    double errors[2];
    assert_close(sqrt(assay_regression_fit(regression).residual_variance),
                 answer(answers, "sigma/value"), 1e-12);
    for (size_t j = 0; j < 2; j++) {
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            assert_ok(
                assay_regression_estimates(regression, kinds[i].kind, 0, 0.95, estimates, &error));
            assert_close(estimates[j].standard_error, wanted(answers, kinds[i].format, names[j]),
                         1e-11);
        }
        for (size_t i = 0; i < 4; i++) {
            heteroskedastic(regression, VARIANCE_HC0 + i, table->rows, columns, errors);
            assert_close(errors[j], wanted(answers, hc[i], names[j]), 1e-11);
        }
        assert_close(estimates[j].value, wanted(answers, "coef:%s/value", names[j]), 1e-11);
        assert_close(estimates[j].df, wanted(answers, "df_satt_CR2:%s/value", names[j]), 1e-9);
        assert_close(estimates[j].statistic, wanted(answers, "t_CR2:%s/value", names[j]), 1e-11);
        assert_close(estimates[j].p, wanted(answers, "p_satt_CR2:%s/value", names[j]), 1e-8);
        assert_close(estimates[j].interval.low, wanted(answers, "ci_lo_CR2:%s/value", names[j]),
                     1e-9);
        assert_close(estimates[j].interval.high, wanted(answers, "ci_hi_CR2:%s/value", names[j]),
                     1e-9);
    }
    assay_regression_close(regression);
    clusters_free(clusters);
    table_free(table);
    json_decref(root);
}

static void all_errors_agree_on_petersen(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    simple_regression_agrees("petersen", "x", "y", "firm");
}

static void all_errors_agree_on_sleepstudy_where_df_is_17(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    simple_regression_agrees("sleepstudy", "Days", "Reaction", "Subject");
}

static void rework_of_marked_commits_agrees_with_clubsandwich(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/git_history", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    const json_t *answers = json_object_get(
        json_object_get(json_object_get(root, "answers"), "reworked_21_days"), "value");
    struct table *table = table_read(folder, "commits.csv");
    const double *bot = table_column(table, "bot");
    const double *maturing = table_column(table, "maturing");
    double *columns[] = {table_column(table, "marked"), table_column(table, "reworked")};
    double *cluster = table_column(table, "cluster");
    size_t rows = 0;
    for (size_t row = 0; row < table->rows; row++)
        if (bot[row] == 0 && maturing[row] == 0) {
            columns[0][rows] = columns[0][row];
            columns[1][rows] = columns[1][row];
            cluster[rows++] = cluster[row];
        }
    struct clusters clusters = clusters_of(2, rows, (const double *const *)columns, cluster);
    struct regression *regression = clusters_fit(clusters);
    struct estimate estimates[2];
    assert_int_equal(clusters.count, (size_t)answer(answers, "clustered/clusters"));
    assert_ok(assay_regression_estimates(regression, VARIANCE_CR1, 0, 0.95, estimates, &error));
    assert_close(estimates[1].value, answer(answers, "difference"), 1e-11);
    assert_close(estimates[1].standard_error, answer(answers, "clustered/se_CR1S"), 1e-11);
    assert_close(estimates[1].df, answer(answers, "clustered/df"), 1e-15);
    assert_close(estimates[1].interval.low, answer(answers, "clustered/low"), 1e-9);
    assert_ok(assay_regression_estimates(regression, VARIANCE_CR2, 0, 0.95, estimates, &error));
    assert_close(estimates[1].standard_error, answer(answers, "clustered_CR2/se"), 1e-11);
    assert_close(estimates[1].df, answer(answers, "clustered_CR2/df"), 1e-10);
    assert_close(estimates[1].interval.high, answer(answers, "clustered_CR2/high"), 1e-9);
    assert_close(estimates[1].p, answer(answers, "clustered_CR2/p"), 1e-9);
    assay_regression_close(regression);
    clusters_free(clusters);
    table_free(table);
    json_decref(root);
}

static void recorded_set_agrees(const char *name)
{
    json_t *root = oracle_read("cr2.json");
    const json_t *set = json_object_get(json_object_get(root, "sets"), name);
    const json_t *data = json_object_get(set, "data");
    const json_t *answers = json_object_get(set, "answers");
    static const char *const names[] = {"treated", "size", "y", "cluster"};
    double values[4][64];
    size_t rows = json_array_size(json_object_get(data, "y"));
    assert_true(rows > 0 && rows <= 64);
    for (size_t j = 0; j < 4; j++)
        for (size_t row = 0; row < rows; row++)
            values[j][row] =
                json_number_value(json_array_get(json_object_get(data, names[j]), row));
    const double *columns[] = {values[0], values[1], values[2]};
    struct clusters clusters = clusters_of(3, rows, columns, values[3]);
    struct regression *regression = clusters_fit(clusters);
    static const struct {
        enum variance kind;
        const char *name;
    } kinds[] = {{VARIANCE_CLASSICAL, "classical"},
                 {VARIANCE_CR0, "CR0"},
                 {VARIANCE_CR1, "CR1"},
                 {VARIANCE_CR2, "CR2"}};
    static const char *const hc[] = {"HC0", "HC1", "HC2", "HC3"};
    struct estimate estimates[3];
    char path[64];
    for (size_t i = 0; i < 4; i++) {
        double errors[3];
        heteroskedastic(regression, VARIANCE_HC0 + i, rows, columns, errors);
        assert_ok(
            assay_regression_estimates(regression, kinds[i].kind, 0, 0.95, estimates, &error));
        for (size_t j = 0; j < 3; j++) {
            (void)snprintf(path, sizeof path, "%s/%zu", hc[i], j);
            assert_close(errors[j], answer(answers, path), 1e-9);
            (void)snprintf(path, sizeof path, "%s/%zu", kinds[i].name, j);
            assert_close(estimates[j].standard_error, answer(answers, path), 1e-9);
        }
    }
    for (size_t j = 0; j < 3; j++) {
        (void)snprintf(path, sizeof path, "coefficient/%zu", j);
        assert_close(estimates[j].value, answer(answers, path), 1e-9);
        (void)snprintf(path, sizeof path, "CR2_df/%zu", j);
        assert_close(estimates[j].df, answer(answers, path), 1e-9);
        (void)snprintf(path, sizeof path, "CR2_p/%zu", j);
        assert_close(estimates[j].p, answer(answers, path), 1e-9);
        (void)snprintf(path, sizeof path, "CR2_low/%zu", j);
        assert_close(estimates[j].interval.low, answer(answers, path), 1e-8);
    }
    struct estimate contrast;
    assert_ok(assay_regression_contrast(regression, VARIANCE_CR2, (const double[]){0, 1, -2}, 0,
                                        0.95, &contrast, &error));
    assert_close(contrast.value, answer(answers, "contrast/estimate"), 1e-9);
    assert_close(contrast.standard_error, answer(answers, "contrast/error"), 1e-9);
    assert_close(contrast.df, answer(answers, "contrast/df"), 1e-9);
    assert_close(contrast.interval.high, answer(answers, "contrast/high"), 1e-8);
    assay_regression_close(regression);
    clusters_free(clusters);
    json_decref(root);
}

static void a_covariate_constant_within_clusters_agrees_with_clubsandwich(void **state)
{
    (void)state;
    recorded_set_agrees("constant_covariate");
}

static void a_cluster_of_one_row_agrees_with_clubsandwich(void **state)
{
    (void)state;
    recorded_set_agrees("lone_row");
}

/* ---- Effects of clusters taken out ------------------------------------------------------------
 */

static void sleepers_effects_taken_out_agree_with_dummies(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/sleepstudy", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    struct table *table = table_read(folder, "data.csv");
    const double *columns[] = {table_column(table, "Days"), table_column(table, "Reaction")};
    struct clusters clusters = clusters_of(2, table->rows, columns, table_column(table, "Subject"));
    struct estimate estimate;
    for (size_t g = 0; g < clusters.count; g++)
        assay_moments_within(2, clusters.moments[g]);
    struct regression *regression = clusters_fit(clusters);
    assert_ok(assay_regression_contrast(regression, VARIANCE_CR2, (const double[]){0, 1}, 0, 0.95,
                                        &estimate, &error));
    assert_close(estimate.value, answer(root, "answers/within_days/value"), 1e-11);
    assert_close(estimate.standard_error, answer(root, "answers/within_days_CR2_se/value"), 1e-11);
    assert_close(estimate.df, answer(root, "answers/within_days_CR2_df/value"), 1e-10);
    assay_regression_close(regression);
    clusters_free(clusters);
    table_free(table);
    json_decref(root);
}

/* ln(1 + count) of developers on copilot and copilot x core (and pull requests), their own effects
   taken out, months as dummies; as reghdfe and fixest have it, effects nested in the clusters are
   not counted in CR1's factor, as estimatr has it they are. */
static void copilot_panel_agrees(const struct table *table, const json_t *answers, const char *y,
                                 const char *column, bool pull_requests)
{
    enum { months = 24, most = months + 3 };
    size_t rows = table->rows;
    size_t p = 2 + pull_requests + months - 1;
    double *columns[most];
    const double *month = table_column(table, "\"t\"");
    const double *time = table_column(table, "\"yearmonth\"");
    const double *language = table_column(table, "\"copilot_language_ppl\"");
    const double *maintainer = table_column(table, "\"maintainer\"");
    const double *counts = table_column(table, column);
    const double *requests = table_column(table, "\"TotalPullRequests\"");
    for (size_t j = 0; j <= p; j++) {
        columns[j] = malloc(rows * sizeof(double));
        assert_non_null(columns[j]);
    }
    for (size_t row = 0; row < rows; row++) {
        double copilot = time[row] >= 202107 ? language[row] : 0;
        columns[0][row] = copilot;
        columns[1][row] = maintainer[row] == 4 ? copilot : 0;
        if (pull_requests)
            columns[2][row] = log(requests[row] + 1);
        for (size_t t = 2; t <= months; t++)
            columns[t + pull_requests][row] = month[row] == (double)t;
        columns[p][row] = log(counts[row] + 1);
    }
    struct clusters clusters = clusters_of(p + 1, rows, (const double *const *)columns,
                                           table_column(table, "\"user_id\""));
    for (size_t g = 0; g < clusters.count; g++)
        assay_moments_within(p + 1, clusters.moments[g]);
    struct regression *regression = clusters_fit(clusters);
    static const char *const names[] = {"copilot", "ce", "ln_TotalPullRequests"};
    for (size_t j = 0; j < 2 + (size_t)pull_requests; j++) {
        char path[96];
        double contrast[most] = {0};
        struct estimate estimate;
        contrast[1 + j] = 1;
        assert_ok(assay_regression_contrast(regression, VARIANCE_CR1, contrast, 0, 0.95, &estimate,
                                            &error));
        double n = (double)rows;
        double size = (double)(p + 1);
        double users = (double)clusters.count;
        (void)snprintf(path, sizeof path, "%s:%s/value", y, names[j]);
        assert_close(estimate.value, answer(answers, path), 1e-9);
        (void)snprintf(path, sizeof path, "%s:%s:se_reghdfe/value", y, names[j]);
        assert_close(estimate.standard_error, answer(answers, path), 1e-9);
        (void)snprintf(path, sizeof path, "%s:%s:se_raw/value", y, names[j]);
        assert_close(estimate.standard_error * sqrt((n - size) / (n - size - (users - 1))),
                     answer(answers, path), 1e-9);
    }
    assay_regression_close(regression);
    clusters_free(clusters);
    for (size_t j = 0; j <= p; j++)
        free(columns[j]);
}

static void a_panel_of_developers_agrees_with_two_way_effects(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/nhb_copilot", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    const json_t *answers = json_object_get(root, "answers");
    struct table *table = table_read(folder, "data.csv");
    assert_int_equal(table->rows, (size_t)answer(answers, "rows/value"));
    copilot_panel_agrees(table, answers, "ln_TotalCommits", "\"TotalCommits\"", false);
    copilot_panel_agrees(table, answers, "ln_TotalPullRequests", "\"TotalPullRequests\"", false);
    copilot_panel_agrees(table, answers, "ln_TotalPRReview", "\"TotalPRReview\"", true);
    copilot_panel_agrees(table, answers, "ln_TotalPRReviewRepos", "\"TotalPRReviewRepos\"", true);
    table_free(table);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trial_of_developers_agrees_with_sandwich_and_clubsandwich),
        cmocka_unit_test(all_errors_agree_on_petersen),
        cmocka_unit_test(all_errors_agree_on_sleepstudy_where_df_is_17),
        cmocka_unit_test(sleepers_effects_taken_out_agree_with_dummies),
        cmocka_unit_test(a_panel_of_developers_agrees_with_two_way_effects),
        cmocka_unit_test(rework_of_marked_commits_agrees_with_clubsandwich),
        cmocka_unit_test(a_covariate_constant_within_clusters_agrees_with_clubsandwich),
        cmocka_unit_test(a_cluster_of_one_row_agrees_with_clubsandwich),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
