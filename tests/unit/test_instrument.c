/* Instruments against AER, sandwich, clubSandwich and estimatr, and the set of Anderson and Rubin
   against its definition. */

#include "assay/instrument.h"

#include "base/random.h"
#include "clusters.h"
#include "table.h"

static struct error error;

enum { rows_most = 400, columns_most = 5 };

/* z_1 .. z_m, x, d, y and the cluster of each row. */
struct rows {
    size_t count, instruments, covariates;
    double values[columns_most][rows_most];
    double cluster[rows_most];
};

static struct instrument *open_rows(const struct rows *rows, struct clusters *clusters)
{
    const double *columns[columns_most];
    struct instrument *instrument = NULL;
    for (size_t j = 0; j < columns_most; j++)
        columns[j] = rows->values[j];
    *clusters =
        clusters_of(rows->instruments + rows->covariates + 2, rows->count, columns, rows->cluster);
    enum status status =
        assay_instrument_open(rows->instruments, rows->covariates, clusters->count,
                              (const double *const *)clusters->moments, &instrument, &error);
    return status == STATUS_OK ? instrument : NULL;
}

static struct instrument *opened(const struct rows *rows)
{
    struct clusters clusters;
    struct instrument *instrument = open_rows(rows, &clusters);
    if (instrument == NULL)
        fail_msg("%s", error.message);
    clusters_free(clusters); /* it keeps none of them */
    return instrument;
}

/* ---- Against R --------------------------------------------------------------------------- */

static void read_rows(const json_t *json, struct rows *rows)
{
    const json_t *z = json_object_get(json, "z");
    char path[32];
    rows->count = json_array_size(json_object_get(json, "y"));
    rows->instruments = json_array_size(json_array_get(z, 0));
    rows->covariates = 1;
    assert_true(rows->count <= rows_most);
    for (size_t i = 0; i < rows->count; i++) {
        for (size_t j = 0; j < rows->instruments; j++) {
            (void)snprintf(path, sizeof path, "z/%zu/%zu", i, j);
            rows->values[j][i] = answer(json, path);
        }
        rows->values[rows->instruments][i] = answer_at(json, "x", i);
        rows->values[rows->instruments + 1][i] = answer_at(json, "d", i);
        rows->values[rows->instruments + 2][i] = answer_at(json, "y", i);
        rows->cluster[i] = answer_at(json, "g", i);
    }
}

static void assert_errors(const struct regression *effect, enum variance kind,
                          const json_t *answers, const char *name)
{
    struct estimate got[8];
    size_t size = assay_regression_fit(effect).coefficients;
    assert_true(size <= 8);
    assert_ok(assay_regression_estimates(effect, kind, 0, 0.95, got, &error));
    for (size_t j = 0; j < size; j++) {
        assert_close(got[j].value, answer_at(answers, "coef", j), 1e-9);
        assert_close(got[j].standard_error, answer_at(answers, name, j), 1e-9);
        if (kind == VARIANCE_CR2)
            assert_close(got[j].df, answer_at(answers, "CR2_df", j), 1e-8);
    }
}

/* The ends that R found, as they come in the parts of the set. */
static void assert_set(const struct instrument_set *set, const json_t *answers)
{
    size_t ends = json_array_size(json_object_get(answers, "set_ends"));
    bool inside = json_is_true(json_object_get(answers, "set_low_inside"));
    size_t at = 0;
    for (size_t i = 0; i < set->count; i++) {
        const double both[2] = {set->parts[i].low, set->parts[i].high};
        for (size_t end = 0; end < 2; end++) {
            if (isinf(both[end])) {
                assert_true(inside && (end == 0 ? i == 0 : i + 1 == set->count));
                continue;
            }
            double wanted = answer_at(answers, "set_ends", at++);
            assert_close(both[end], wanted, 1e-9);
        }
    }
    assert_int_equal(at, ends);
    assert_true(inside == (set->count > 0 && isinf(set->parts[0].low)));
}

static void assert_case(const json_t *json)
{
    static struct rows rows;
    const json_t *answers = json_object_get(json, "answers");
    struct instrument_strength strength;
    struct instrument_set set;
    struct estimate offer[8];
    read_rows(json, &rows);
    struct instrument *instrument = opened(&rows);
    const struct regression *effect = assay_instrument_stage(instrument, INSTRUMENT_EFFECT);
    assert_errors(effect, VARIANCE_CLASSICAL, answers, "classical");
    assert_errors(effect, VARIANCE_CR0, answers, "CR0");
    assert_errors(effect, VARIANCE_CR1, answers, "CR1");
    assert_errors(effect, VARIANCE_CR2, answers, "CR2");
    assert_ok(assay_regression_estimates(assay_instrument_stage(instrument, INSTRUMENT_OFFER),
                                         VARIANCE_CR2, 0, 0.95, offer, &error));
    assert_close(offer[1].value, answer(answers, "offer"), 1e-9);
    assert_close(offer[1].standard_error, answer(answers, "offer_CR2"), 1e-9);
    assert_close(offer[1].df, answer(answers, "offer_df"), 1e-8);
    assert_ok(assay_instrument_strength(instrument, VARIANCE_CLASSICAL, &strength, &error));
    assert_close(strength.f, answer(answers, "weak_F"), 1e-9);
    assert_ok(assay_instrument_strength(instrument, VARIANCE_CR1, &strength, &error));
    assert_close(strength.f, answer(answers, "F_CR1"), 1e-9);
    assert_ok(assay_instrument_strength(instrument, VARIANCE_CR2, &strength, &error));
    /* Hotelling's factor: 1 for one instrument. */
    double df = strength.df2 + strength.df1 - 1;
    assert_close(strength.f * df / strength.df2, answer(answers, "F_CR2"), 1e-9);
    assert_ok(assay_instrument_set(instrument, VARIANCE_CR1, 0.95, &set, &error));
    assert_set(&set, answers);
    if (rows.instruments > 1) {
        struct instrument_agreement agreement;
        assert_ok(assay_instrument_agreement(instrument, &agreement, &error));
        assert_close(agreement.statistic, answer(answers, "sargan"), 1e-8);
        assert_close(agreement.p, answer(answers, "sargan_p"), 1e-8);
    }
    assay_instrument_close(instrument);
}

static void two_stages_and_the_set_agree_with_r_whatever_its_shape(void **state)
{
    (void)state;
    static const char *const cases[] = {"items", "teams", "two",    "half_lines",
                                        "line",  "empty", "several"};
    json_t *root = oracle_read("instrument.json");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_case(json_object_get(root, cases[i]));
    json_decref(root);
}

/* ---- Against the cigarette data ----------------------------------------------------------- */

/* States in 1995: tdiff, rtax, log rincome, log rprice, log packs, each its own cluster. */
static void read_cigarettes(const char *folder, size_t instruments, struct rows *rows)
{
    struct table *table = table_read(folder, "data.csv");
    const double *year = table_column(table, "year");
    rows->count = 0;
    rows->instruments = instruments;
    rows->covariates = 1;
    for (size_t i = 0; i < table->rows; i++) {
        if (year[i] != 1995)
            continue;
        size_t at = rows->count++;
        size_t j = 0;
        rows->values[j++][at] = table_column(table, "tdiff")[i];
        if (instruments == 2)
            rows->values[j++][at] = table_column(table, "rtax")[i];
        rows->values[j++][at] = log(table_column(table, "rincome")[i]);
        rows->values[j++][at] = log(table_column(table, "rprice")[i]);
        rows->values[j][at] = log(table_column(table, "packs")[i]);
        rows->cluster[at] = (double)at;
    }
    table_free(table);
}

/* In AER's order; ours are the constant, income, price. */
static void assert_cigarettes(const struct regression *effect, enum variance kind,
                              const json_t *answers, const char *name)
{
    static const char *const columns[] = {"(Intercept)", "log(rincome)", "log(rprice)"};
    struct estimate got[3];
    char path[96];
    assert_ok(assay_regression_estimates(effect, kind, 0, 0.95, got, &error));
    for (size_t j = 0; j < 3; j++) {
        (void)snprintf(path, sizeof path, "answers/iv_coef:%s/value", columns[j]);
        assert_close(got[j].value, answer(answers, path), 1e-10);
        (void)snprintf(path, sizeof path, "answers/%s:%s/value", name, columns[j]);
        assert_close(got[j].standard_error, answer(answers, path), 1e-10);
    }
}

static void cigarettes_come_out_as_published(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    static struct rows rows;
    char folder[512];
    struct instrument_strength strength;
    struct instrument_agreement agreement;
    struct instrument_set set;
    (void)snprintf(folder, sizeof folder, "%s/cigarettes_sw", shared_data());
    json_t *answers = answers_read(folder, "ANSWERS.json");
    read_cigarettes(folder, 2, &rows);
    struct instrument *instrument = opened(&rows);
    const struct regression *effect = assay_instrument_stage(instrument, INSTRUMENT_EFFECT);
    assert_cigarettes(effect, VARIANCE_CLASSICAL, answers, "iv_se");
    assert_cigarettes(effect, VARIANCE_CR0, answers, "iv_se_HC0"); /* each item its own cluster */
    assert_cigarettes(effect, VARIANCE_CR1, answers, "iv_se_HC1");
    assert_near(assay_regression_fit(effect).coefficient[2],
                answer(answers, "published/price_elasticity_1995"), 5.1e-4);
    assert_ok(assay_instrument_strength(instrument, VARIANCE_CLASSICAL, &strength, &error));
    assert_close(strength.f, answer(answers, "answers/weak_F/value"), 1e-9);
    assert_true(strength.df1 == 2 && strength.df2 == 44 && !strength.weak);
    assert_ok(assay_instrument_agreement(instrument, &agreement, &error));
    assert_close(agreement.statistic, answer(answers, "answers/sargan/value"), 1e-9);
    assert_close(agreement.p, answer(answers, "answers/sargan_p/value"), 1e-9);
    assert_ok(assay_instrument_set(instrument, VARIANCE_CR1, 0.95, &set, &error));
    assert_int_equal(set.count, 1);
    assay_instrument_close(instrument);

    read_cigarettes(folder, 1, &rows);
    instrument = opened(&rows);
    struct encouragement got;
    assert_ok(assay_encouragement(instrument, VARIANCE_CR1, 0.95, &got, &error));
    assert_close(got.effect.value, answer(answers, "answers/just_id_price/value"), 1e-10);
    assert_close(got.effect.standard_error, answer(answers, "answers/just_id_price_se_HC1/value"),
                 1e-10);
    assay_instrument_close(instrument);
    json_decref(answers);
}

/* ---- By definition ------------------------------------------------------------------------ */

/* One in two is offered; the offer makes a share take it, who are better off by effect. */
static void draw(struct random *source, size_t clusters, size_t each, double share, double effect,
                 struct rows *rows)
{
    rows->count = 0;
    rows->instruments = 1;
    rows->covariates = 0;
    for (size_t g = 0; g < clusters; g++) {
        double level = random_normal(source);
        double offered = (double)(g % 2);
        for (size_t i = 0; i < each; i++) {
            size_t at = rows->count++;
            double taste = random_uniform(source);
            double taken = taste < 0.2 || (offered > 0 && taste < 0.2 + share);
            rows->values[0][at] = offered;
            rows->values[1][at] = taken;
            rows->values[2][at] = effect * taken + 2 * taste + 0.3 * level + random_normal(source);
            rows->cluster[at] = (double)g;
        }
    }
}

/* Wald's ratio by hand, and the set by testing offers on y - b d for one b after the other. */
static void one_offer_gives_walds_ratio_and_fiellers_set(void **state)
{
    (void)state;
    static struct rows rows;
    struct random source = random_seed(3);
    struct encouragement got;
    draw(&source, 30, 12, 0.6, 1, &rows);
    struct instrument *instrument = opened(&rows);
    assert_ok(assay_encouragement(instrument, VARIANCE_CR2, 0.95, &got, &error));
    double sums[2][3] = {{0}};
    for (size_t i = 0; i < rows.count; i++) {
        size_t arm = rows.values[0][i] > 0;
        sums[arm][0]++;
        sums[arm][1] += rows.values[1][i];
        sums[arm][2] += rows.values[2][i];
    }
    double uptake = sums[1][1] / sums[1][0] - sums[0][1] / sums[0][0];
    double offer = sums[1][2] / sums[1][0] - sums[0][2] / sums[0][0];
    assert_close(got.offer.value, offer, 1e-11);
    assert_close(got.uptake.value, uptake, 1e-11);
    assert_close(got.effect.value, offer / uptake, 1e-11);
    assert_true(got.has_effect && got.has_interval && !got.strength.weak);
    assert_close(got.strength.f, got.uptake.statistic * got.uptake.statistic, 1e-10);

    assert_int_equal(got.set.count, 1);
    for (double b = -1; b < 3; b += 0.01) {
        static struct rows tested;
        tested = rows;
        for (size_t i = 0; i < rows.count; i++)
            tested.values[1][i] = rows.values[2][i] - b * rows.values[1][i];
        const double *columns[] = {tested.values[0], tested.values[1]};
        struct clusters clusters = clusters_of(2, tested.count, columns, tested.cluster);
        struct regression *fit = clusters_fit(clusters);
        struct estimate estimate;
        assert_ok(assay_regression_contrast(fit, VARIANCE_CR2, (const double[]){0, 1}, 0, 0.95,
                                            &estimate, &error));
        bool inside = estimate.interval.low <= 0 && estimate.interval.high >= 0;
        assert_true(inside == (b >= got.set.parts[0].low && b <= got.set.parts[0].high));
        assay_regression_close(fit);
        clusters_free(clusters);
    }
    assay_instrument_close(instrument);
}

/* In dollars for thousands of them, on a level of a million, taken in thousandths. */
static void a_set_is_in_the_units_of_its_columns(void **state)
{
    (void)state;
    json_t *root = oracle_read("instrument.json");
    static struct rows rows;
    struct instrument_set plain;
    struct instrument_set scaled;
    read_rows(json_object_get(root, "several"), &rows);
    struct instrument *instrument = opened(&rows);
    assert_ok(assay_instrument_set(instrument, VARIANCE_CR2, 0.95, &plain, &error));
    assay_instrument_close(instrument);
    for (size_t i = 0; i < rows.count; i++) {
        rows.values[3][i] *= 1e-3;
        rows.values[4][i] = 1e6 + 1e3 * rows.values[4][i];
    }
    instrument = opened(&rows);
    assert_ok(assay_instrument_set(instrument, VARIANCE_CR2, 0.95, &scaled, &error));
    assay_instrument_close(instrument);
    assert_int_equal(plain.count, 3);
    assert_int_equal(scaled.count, 3);
    for (size_t i = 0; i < 3; i++) {
        if (i > 0)
            assert_close(scaled.parts[i].low, 1e6 * plain.parts[i].low, 1e-8);
        if (i < 2)
            assert_close(scaled.parts[i].high, 1e6 * plain.parts[i].high, 1e-8);
    }
    json_decref(root);
}

static bool set_holds(const struct instrument_set *set, double value)
{
    for (size_t i = 0; i < set->count; i++)
        if (value >= set->parts[i].low && value <= set->parts[i].high)
            return true;
    return false;
}

/* The seed is fixed; another one moves a share of 1,000 runs by .007 (one standard error). */
static void the_set_holds_its_level_however_weak_the_offer(void **state)
{
    (void)state;
    static const double shares[] = {0, 0.05, 0.15, 0.6};
    for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
        double covered = 0;
        double wald = 0;
        double weak = 0;
        double unbounded = 0;
        for (uint64_t run = 0; run < 1000; run++) {
            static struct rows rows;
            struct random source = random_seed(run);
            struct encouragement got;
            draw(&source, 16, 10, shares[s], 1, &rows);
            struct instrument *instrument = opened(&rows);
            assert_ok(assay_encouragement(instrument, VARIANCE_CR2, 0.95, &got, &error));
            covered += set_holds(&got.set, 1) / 1e3;
            weak += got.strength.weak / 1e3;
            unbounded += (isinf(got.set.parts[0].low) != 0) / 1e3;
            wald += (got.has_interval && got.effect.interval.low <= 1 &&
                     got.effect.interval.high >= 1) /
                    1e3;
            assay_instrument_close(instrument);
        }
        print_message("compliers %g: set %.3f, unbounded %.3f, weak %.3f, Wald where shown %.3f\n",
                      shares[s], covered, unbounded, weak, weak < 1 ? wald / (1 - weak) : NAN);
        assert_true(covered >= 0.93 && covered <= 0.975);
        assert_true(shares[s] > 0 || unbounded >= 0.93);
    }
}

/* ---- Refused, and hard ones --------------------------------------------------------------- */

static void refused(const struct rows *rows, const char *part)
{
    struct clusters clusters;
    if (open_rows(rows, &clusters) != NULL)
        fail_msg("accepted, wanted: %s", part);
    if (strstr(error.message, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.message, part);
    clusters_free(clusters);
}

static void set_column(struct rows *rows, size_t column, double value)
{
    for (size_t i = 0; i < rows->count; i++)
        rows->values[column][i] = value;
}

static void all_offered_and_nobody_taking_are_refused(void **state)
{
    (void)state;
    static struct rows rows;
    struct random source = random_seed(4);
    draw(&source, 10, 10, 0.5, 1, &rows);
    set_column(&rows, 0, 1);
    refused(&rows, "instrument 1 is 1 for everybody");
    draw(&source, 10, 10, 0.5, 1, &rows);
    set_column(&rows, 1, 0);
    refused(&rows, "nobody takes it up");
    set_column(&rows, 1, 1);
    refused(&rows, "everybody takes it up alike");
    draw(&source, 10, 10, 0.5, 1, &rows);
    set_column(&rows, 2, 7);
    refused(&rows, "the outcome is the same");
    draw(&source, 10, 10, 0.5, 1, &rows);
    rows.values[2][5] = NAN;
    refused(&rows, "not finite");
    draw(&source, 10, 10, 0.5, 1, &rows);
    rows.covariates = 1; /* uptake again, in the place of the covariate */
    for (size_t i = 0; i < rows.count; i++) {
        rows.values[3][i] = rows.values[2][i];
        rows.values[2][i] = rows.values[1][i];
    }
    refused(&rows, "the covariates alone determine who takes it up");
    draw(&source, 10, 10, 0.5, 1, &rows);
    rows.instruments = 0;
    rows.covariates = 1;
    refused(&rows, "0 instruments");
}

/* Uptake differs from pair to pair of clusters, not between who was offered and who was not: no
   effect, and everything agrees with the data. */
static void an_offer_that_moves_nothing_has_no_effect_and_the_whole_line(void **state)
{
    (void)state;
    static struct rows rows;
    struct random source = random_seed(5);
    struct encouragement got;
    draw(&source, 12, 8, 0, 1, &rows);
    for (size_t i = 0; i < rows.count; i++)
        rows.values[1][i] = (double)(i % 8 <= i / 16);
    struct instrument *instrument = opened(&rows);
    assert_null(assay_instrument_stage(instrument, INSTRUMENT_EFFECT));
    assert_ok(assay_encouragement(instrument, VARIANCE_CR1, 0.95, &got, &error));
    assert_false(got.has_effect || got.has_interval);
    assert_true(got.strength.weak && isnan(got.effect.value));
    assert_int_equal(got.set.count, 1);
    assert_true(isinf(got.set.parts[0].low) && isinf(got.set.parts[0].high));
    assay_instrument_close(instrument);
}

/* Where everybody complies, being offered and taking it are one. */
static void where_everybody_complies_the_effect_is_that_of_the_offer(void **state)
{
    (void)state;
    static struct rows rows;
    struct random source = random_seed(6);
    struct encouragement got;
    draw(&source, 20, 8, 0.5, 1, &rows);
    for (size_t i = 0; i < rows.count; i++)
        rows.values[1][i] = rows.values[0][i];
    struct instrument *instrument = opened(&rows);
    assert_ok(assay_encouragement(instrument, VARIANCE_CR2, 0.95, &got, &error));
    assert_true(isinf(got.strength.f) && got.has_interval);
    assert_near(got.uptake.value, 1, 1e-12);
    assert_true(got.uptake.standard_error == 0);
    assert_close(got.effect.standard_error, got.offer.standard_error, 1e-9);
    assert_close(got.effect.df, got.offer.df, 1e-9);
    assert_int_equal(got.set.count, 1);
    assert_close(got.set.parts[0].low, got.offer.interval.low, 1e-8);
    assert_close(got.set.parts[0].high, got.offer.interval.high, 1e-8);
    assay_instrument_close(instrument);
}

static void a_weak_offer_has_an_effect_and_no_interval(void **state)
{
    (void)state;
    static struct rows rows;
    struct random source = random_seed(8);
    struct encouragement got;
    struct instrument_agreement agreement;
    draw(&source, 12, 8, 0.05, 1, &rows);
    struct instrument *instrument = opened(&rows);
    assert_ok(assay_encouragement(instrument, VARIANCE_CR2, 0.95, &got, &error));
    assert_true(got.has_effect && got.strength.weak && !got.has_interval);
    assert_true(isfinite(got.effect.value) && isnan(got.effect.interval.low));
    assert_int_equal(assay_instrument_agreement(instrument, &agreement, &error), ERROR_DOMAIN);
    assert_int_equal(assay_encouragement(instrument, VARIANCE_CR2, 2, &got, &error), ERROR_DOMAIN);
    assay_instrument_close(instrument);
}

/* An offer that one cluster alone had: no other shows by how much clusters differ. */
static void one_cluster_offered_is_no_estimate(void **state)
{
    (void)state;
    static struct rows rows;
    struct random source = random_seed(9);
    struct encouragement got;
    draw(&source, 10, 8, 0.6, 1, &rows);
    for (size_t i = 0; i < rows.count; i++)
        rows.values[0][i] = rows.cluster[i] == 3;
    struct instrument *instrument = opened(&rows);
    assert_int_equal(assay_encouragement(instrument, VARIANCE_CR2, 0.95, &got, &error),
                     ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "one cluster alone"));
    assay_instrument_close(instrument);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_stages_and_the_set_agree_with_r_whatever_its_shape),
        cmocka_unit_test(cigarettes_come_out_as_published),
        cmocka_unit_test(one_offer_gives_walds_ratio_and_fiellers_set),
        cmocka_unit_test(a_set_is_in_the_units_of_its_columns),
        cmocka_unit_test(the_set_holds_its_level_however_weak_the_offer),
        cmocka_unit_test(all_offered_and_nobody_taking_are_refused),
        cmocka_unit_test(an_offer_that_moves_nothing_has_no_effect_and_the_whole_line),
        cmocka_unit_test(where_everybody_complies_the_effect_is_that_of_the_offer),
        cmocka_unit_test(a_weak_offer_has_an_effect_and_no_interval),
        cmocka_unit_test(one_cluster_offered_is_no_estimate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
