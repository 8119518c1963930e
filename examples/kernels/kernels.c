/* Estimators of libassay on data of published studies: one line, `STUDY.NUMBER VALUE`, for each
   number that published.json sets beside the published one.

       kernels FOLDER     with the data sets in FOLDER/NAME

   Public headers only, as whoever links libassay would use them. */

#include "table.h"

#include <assay/absorbed.h>
#include <assay/agreement.h>
#include <assay/instrument.h>
#include <assay/moments.h>
#include <assay/pooling.h>
#include <assay/regression.h>
#include <assay/sensitivity.h>
#include <assay/two_way.h>
#include <assay/variance_components.h>
#include <assay/weighted.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct error error;

static void must(enum status status)
{
    if (status != STATUS_OK) {
        (void)fprintf(stderr, "kernels: %s\n", error.message);
        exit(2);
    }
}

static void say(const char *name, double value)
{
    (void)printf("%s %.15g\n", name, value);
}

static const double *const *columns_of(const struct table *table)
{
    return (const double *const *)table->values;
}

static struct regression *fit_of(const struct groups *groups)
{
    struct regression *fit = NULL;
    must(assay_regression_open(groups->columns, groups->count,
                               (const double *const *)groups->moments, NULL, &fit, &error));
    return fit;
}

/* The estimate of one coefficient. */
static struct estimate coefficient(const struct regression *fit, enum variance kind, size_t which)
{
    double contrast[16] = {0};
    struct estimate out;
    contrast[which] = 1;
    must(assay_regression_contrast(fit, kind, contrast, 0, 0.95, &out, &error));
    return out;
}

static double *row_numbers(size_t rows)
{
    double *numbers = memory(rows * sizeof *numbers);
    for (size_t row = 0; row < rows; row++)
        numbers[row] = (double)row;
    return numbers;
}

/* y on x, errors by firm, by year and by both. */
static void petersen(const char *folder)
{
    static const char *const names[] = {"x", "y", "firm", "year", NULL};
    struct table table = table_read(folder, "petersen/data.csv", names);
    double *rows = row_numbers(table.rows);
    const double *ids[] = {rows, table.values[2], table.values[3]};
    struct groups groups[3];
    struct regression *fits[3];
    for (size_t i = 0; i < 3; i++) {
        groups[i] = groups_of(2, table.rows, columns_of(&table), ids[i]);
        fits[i] = fit_of(&groups[i]);
    }
    say("petersen.ols", coefficient(fits[0], VARIANCE_CLASSICAL, 1).standard_error);
    say("petersen.white", coefficient(fits[0], VARIANCE_CR1, 1).standard_error);
    say("petersen.firm", coefficient(fits[1], VARIANCE_CR1, 1).standard_error);
    say("petersen.year", coefficient(fits[2], VARIANCE_CR1, 1).standard_error);
    /* One row for each firm and year. */
    struct two_way ways = {fits[1], fits[2], fits[0]};
    struct estimate both;
    must(assay_two_way_contrast(&ways, VARIANCE_CR1, (const double[]){0, 1}, 0, 0.95, &both, NULL,
                                &error));
    say("petersen.both", both.standard_error);
    for (size_t i = 0; i < 3; i++) {
        assay_regression_close(fits[i]);
        groups_free(&groups[i]);
    }
    free(rows);
    table_free(&table);
}

static struct pooled pooled_of(const struct table *table, enum pooling method)
{
    struct pooling_cells cells = {table->rows, table->values[0], table->values[1]};
    struct pooled out;
    must(assay_pool(&cells, method, 0.95, &out, &error));
    return out;
}

static void dat_bcg(const char *folder)
{
    static const char *const names[] = {"yi", "vi", NULL};
    struct table table = table_read(folder, "dat_bcg/data.csv", names);
    struct pooled pooled = pooled_of(&table, POOLING_REML);
    say("dat_bcg.mean", pooled.mean.value);
    say("dat_bcg.error", pooled.plain_error);
    say("dat_bcg.between", pooled.between);
    say("dat_bcg.heterogeneity", pooled.heterogeneity);
    table_free(&table);
}

static void meta_ai(const char *folder)
{
    static const char *const names[] = {"cohens_d", "variance_d", NULL};
    struct table table = table_read(folder, "meta_ai/data.csv", names);
    struct pooled pooled = pooled_of(&table, POOLING_REML);
    say("meta_ai.mean", pooled.mean.value);
    say("meta_ai.prediction_low", pooled.prediction.low);
    say("meta_ai.prediction_high", pooled.prediction.high);
    table_free(&table);
}

/* Villages, of which the paper's model has a dummy each, are taken out of every column. */
static void darfur(const char *folder)
{
    static const char *const names[] = {
        "directlyharmed", "age",    "farmer_dar",  "herder_dar", "pastvoted",
        "hhsize_darfur",  "female", "peacefactor", "village",    NULL};
    enum { count = 8 };
    struct table table = table_read(folder, "darfur/data.csv", names);
    struct groups villages = groups_of(count, table.rows, columns_of(&table), table.values[count]);
    for (size_t g = 0; g < villages.count; g++)
        assay_moments_within(count, villages.moments[g]);
    struct regression *fit = fit_of(&villages);
    double df = (double)(table.rows - (count - 1) - villages.count);
    struct confounded harmed = {.value = assay_regression_fit(fit).coefficient[1], .df = df};
    must(assay_confounding_spread(fit, 1, &harmed.standard_error, &error));
    harmed.standard_error /= sqrt(df);
    struct robustness robustness;
    must(assay_robustness(&harmed, 1, 0.95, &robustness, &error));
    say("darfur.effect", harmed.value);
    say("darfur.error", harmed.standard_error);
    say("darfur.t", harmed.value / harmed.standard_error);
    say("darfur.partial_r2", robustness.partial_r2);
    say("darfur.robustness", robustness.of_value);
    say("darfur.robustness_of_interval", robustness.of_interval);
    static const size_t female[] = {7};
    const struct covariate covariate = {1, female};
    struct confounder strength;
    struct confounding with;
    must(assay_benchmark(fit, 1, &covariate, 1, &strength, &error));
    must(assay_confounding(&harmed, &strength, 0.95, &with, &error));
    say("darfur.with_one_as_strong_as_female", with.towards.value);
    assay_regression_close(fit);
    groups_free(&villages);
    table_free(&table);
}

/* log packs on log price and income in 1995, the price moved by two taxes. */
static void cigarettes_sw(const char *folder)
{
    static const char *const names[] = {"tdiff", "rtax", "rincome", "rprice",
                                        "packs", "year", NULL};
    struct table table = table_read(folder, "cigarettes_sw/data.csv", names);
    table_keep(&table, 5, 1995);
    for (size_t j = 2; j < 5; j++)
        for (size_t row = 0; row < table.rows; row++)
            table.values[j][row] = log(table.values[j][row]);
    double *states = row_numbers(table.rows);
    struct groups groups = groups_of(5, table.rows, columns_of(&table), states);
    struct instrument *instrument = NULL;
    must(assay_instrument_open(2, 1, groups.count, (const double *const *)groups.moments,
                               &instrument, &error));
    const struct regression *effect = assay_instrument_stage(instrument, INSTRUMENT_EFFECT);
    if (effect == NULL)
        exit(2);
    struct estimate price = coefficient(effect, VARIANCE_CLASSICAL, 2);
    struct instrument_strength strength;
    struct instrument_agreement agreement;
    must(assay_instrument_strength(instrument, VARIANCE_CLASSICAL, &strength, &error));
    must(assay_instrument_agreement(instrument, &agreement, &error));
    say("cigarettes_sw.elasticity", price.value);
    say("cigarettes_sw.error", price.standard_error);
    say("cigarettes_sw.strength", strength.f);
    say("cigarettes_sw.sargan", agreement.statistic);
    assay_instrument_close(instrument);
    groups_free(&groups);
    free(states);
    table_free(&table);
}

/* How alike the reaction times of one person are, the common slope taken off. */
static struct variance_components alike(const struct table *table, double slope)
{
    double *level = memory(table->rows * sizeof *level);
    for (size_t row = 0; row < table->rows; row++)
        level[row] = table->values[1][row] - slope * table->values[0][row];
    const double *columns[] = {level};
    struct groups people = groups_of(1, table->rows, columns, table->values[2]);
    struct component_worker *list = memory(people.count * sizeof *list);
    for (size_t g = 0; g < people.count; g++)
        list[g] =
            (struct component_worker){.items = people.moments[g][0],
                                      .mean = assay_moments_mean(people.moments[g], 0),
                                      .squares = assay_moments_cross(1, people.moments[g], 0, 0)};
    struct variance_components out;
    must(assay_variance_components(people.count, list, 0, NULL, &out, &error));
    free(list);
    groups_free(&people);
    free(level);
    return out;
}

static void sleepstudy(const char *folder)
{
    static const char *const names[] = {"Days", "Reaction", "Subject", NULL};
    struct table table = table_read(folder, "sleepstudy/data.csv", names);
    struct groups people = groups_of(2, table.rows, columns_of(&table), table.values[2]);
    struct regression *fit = fit_of(&people);
    say("sleepstudy.intercept", coefficient(fit, VARIANCE_CR2, 0).value);
    say("sleepstudy.intercept_error", coefficient(fit, VARIANCE_CR2, 0).standard_error);
    struct estimate slope = coefficient(fit, VARIANCE_CR2, 1);
    say("sleepstudy.slope", slope.value);
    say("sleepstudy.slope_error", slope.standard_error);
    struct variance_components components = alike(&table, slope.value);
    say("sleepstudy.sd_of_people", sqrt(components.worker));
    say("sleepstudy.sd_of_items", sqrt(components.item));
    assay_regression_close(fit);
    groups_free(&people);
    table_free(&table);
}

/* Two drugs, ten people who had both: a pair is a stratum, and each row a cluster. */
static void sleep_drugs(const char *folder)
{
    enum { rows_max = 20 };
    static const char *const names[] = {"extra", "group", "ID", NULL};
    struct table table = table_read(folder, "sleep/data.csv", names);
    int64_t cluster[rows_max], stratum[rows_max], arm[rows_max];
    double items[rows_max], values[rows_max];
    size_t count = 0;
    for (int64_t person = 1; person <= rows_max / 2; person++)
        for (size_t row = 0; row < table.rows && count < rows_max; row++) {
            if (table.values[2][row] != (double)person)
                continue;
            cluster[count] = (int64_t)count;
            stratum[count] = person - 1;
            arm[count] = table.values[1][row] == 1; /* the first drug less the second, as in R */
            items[count] = 1;
            values[count++] = table.values[0][row];
        }
    struct absorbed_rows rows = {count, cluster, stratum, arm, items, values, NULL, rows_max / 2};
    struct absorbed paired;
    must(assay_absorbed(&rows, VARIANCE_CR2, false, 0.95, NULL, &paired, &error));
    say("sleep.t", paired.estimate.statistic);
    say("sleep.p", paired.estimate.p);
    table_free(&table);
}

/* Deaths by county in 2013 and 2014, weighted by the population of 2013; errors by county and by
   state. */
static void jel_did(const char *folder)
{
    static const char *const names[] = {"treat", "year", "deaths", "rate",
                                        "pop",   "fips", "state",  NULL};
    enum { treated, after, both, rate, population, county, state };
    struct table table = table_read(folder, "jel_did/data.csv", names);
    size_t kept = 0;
    for (size_t row = 0; row < table.rows; row++) {
        double year = table.values[after][row];
        if (year != 2013 && year != 2014)
            continue;
        for (size_t j = 0; j <= state; j++)
            table.values[j][kept] = table.values[j][row];
        table.values[after][kept] = year == 2014;
        table.values[both][kept] = table.values[treated][kept] * table.values[after][kept];
        if (year == 2014) /* the row of 2013 stands before it */
            table.values[population][kept] = table.values[population][kept - 1];
        kept++;
    }
    for (size_t way = 0; way < 2; way++) {
        struct groups groups =
            groups_weighted(4, kept, columns_of(&table), table.values[population],
                            table.values[way == 0 ? county : state]);
        struct regression *fit = NULL;
        must(assay_regression_open_weighted(4, groups.count, (const double *const *)groups.moments,
                                            WORKING_EQUAL, NULL, &fit, &error));
        struct estimate effect = coefficient(fit, way == 0 ? VARIANCE_CR1 : VARIANCE_CR2, 3);
        if (way == 0)
            say("jel_did.effect", effect.value);
        say(way == 0 ? "jel_did.error_by_county" : "jel_did.error_by_state", effect.standard_error);
        assay_regression_close(fit);
        groups_free(&groups);
    }
    table_free(&table);
}

/* Takes the means of people and of months out of a column; exact where each has a row in each. */
static void double_demean(const struct table *table, const double *person, const double *month,
                          double *column)
{
    enum { most = 4096 };
    static double sums[2][most], counts[2][most];
    const double *ids[] = {person, month};
    double total = 0;
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < most; j++)
            sums[i][j] = counts[i][j] = 0;
    for (size_t row = 0; row < table->rows; row++) {
        total += column[row];
        for (size_t i = 0; i < 2; i++) {
            size_t id = (size_t)ids[i][row];
            if (id >= most) {
                (void)fputs("kernels: too many people\n", stderr);
                exit(2);
            }
            sums[i][id] += column[row];
            counts[i][id]++;
        }
    }
    for (size_t row = 0; row < table->rows; row++) {
        size_t a = (size_t)person[row], b = (size_t)month[row];
        column[row] +=
            total / (double)table->rows - sums[0][a] / counts[0][a] - sums[1][b] / counts[1][b];
    }
}

/* Effects of people and months on a column; the sum of the coefficients of copilot and of copilot
   with core developers, as a share. */
static void core_developers(const char *name, const struct table *table, size_t columns,
                            const double *const *values, const double *person)
{
    struct groups people = groups_of(columns, table->rows, values, person);
    struct regression *fit = fit_of(&people);
    const double sum[4] = {0, 1, 1, 0};
    struct estimate estimate;
    struct effect effect;
    must(assay_regression_contrast(fit, VARIANCE_CR1, sum, 0, 0.95, &estimate, &error));
    must(assay_effect_ratio(&estimate, &effect, &error));
    say(name, effect.value);
    assay_regression_close(fit);
    groups_free(&people);
}

static void nhb_copilot(const char *folder)
{
    static const char *const names[] = {"copilot_language_ppl",
                                        "maintainer",
                                        "TotalPullRequests",
                                        "TotalCommits",
                                        "TotalPRReview",
                                        "user_id",
                                        "t",
                                        "yearmonth",
                                        NULL};
    enum { copilot, core, requests, commits, reviews, person, month, calendar };
    struct table table = table_read(folder, "nhb_copilot/data.csv", names);
    double **values = table.values;
    for (size_t row = 0; row < table.rows; row++) {
        values[copilot][row] *= values[calendar][row] >= 202107;
        values[core][row] = values[copilot][row] * (values[core][row] == 4);
        for (size_t j = requests; j <= reviews; j++)
            values[j][row] = log1p(values[j][row]);
    }
    for (size_t j = copilot; j <= reviews; j++)
        double_demean(&table, values[person], values[month], values[j]);
    const double *of_commits[] = {values[copilot], values[core], values[commits]};
    const double *of_reviews[] = {values[copilot], values[core], values[requests], values[reviews]};
    core_developers("nhb_copilot.commits", &table, 3, of_commits, values[person]);
    core_developers("nhb_copilot.reviews", &table, 4, of_reviews, values[person]);
    table_free(&table);
}

/* Four observers of twelve units, some of whom are missing. */
static void krippendorff(const char *folder)
{
    static const char *const names[] = {"obsA", "obsB", "obsC", "obsD", NULL};
    static const char *const said[] = {"krippendorff.nominal", "krippendorff.ordinal",
                                       "krippendorff.interval"};
    struct table table = table_read(folder, "krippendorff/data.csv", names);
    int64_t *unit = memory(table.rows * table.columns * sizeof *unit);
    double *value = memory(table.rows * table.columns * sizeof *value);
    struct ratings ratings = {0, unit, value, NULL};
    struct agreement found;
    for (size_t row = 0; row < table.rows; row++)
        for (size_t j = 0; j < table.columns; j++)
            if (!isnan(table.values[j][row])) {
                unit[ratings.count] = (int64_t)row;
                value[ratings.count++] = table.values[j][row];
            }
    for (int scale = 0; scale < 3; scale++) {
        must(assay_alpha(&ratings, (enum agreement_scale)scale, 0, 1, 0.95, &found, &error));
        say(said[scale], found.alpha);
    }
    free(unit);
    free(value);
    table_free(&table);
}

int main(int count, char **arguments)
{
    static void (*const studies[])(const char *) = {
        petersen,   dat_bcg,     meta_ai, darfur,      cigarettes_sw,
        sleepstudy, sleep_drugs, jel_did, nhb_copilot, krippendorff,
    };
    if (count != 2) {
        (void)fputs("usage: kernels FOLDER\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < sizeof studies / sizeof *studies; i++)
        studies[i](arguments[1]);
    return 0;
}
