/* Group-time effects against the delta method in R, the numbers of mpdta, and brute force. */

#include "assay/staggered.h"

#include "base/random.h"
#include "table.h"

static struct error error;

enum { rows_most = 4000, parts_most = 64 };

struct frame {
    size_t count;
    int64_t unit[rows_most], period[rows_most], first[rows_most], cluster[rows_most];
    int64_t stratum[rows_most];
    double mean[rows_most], weight[rows_most];
};

static struct staggered_rows rows_of(const struct frame *frame)
{
    return (struct staggered_rows){frame->count,  frame->unit,  frame->period,  frame->mean,
                                   frame->weight, frame->first, frame->cluster, frame->stratum};
}

static void add(struct frame *frame, int64_t unit, int64_t period, double mean, int64_t first)
{
    size_t i = frame->count++;
    assert_true(i < rows_most);
    frame->unit[i] = frame->cluster[i] = unit;
    frame->stratum[i] = 0;
    frame->period[i] = period;
    frame->mean[i] = mean;
    frame->weight[i] = 1;
    frame->first[i] = first;
}

static struct staggered *open_frame(const struct frame *frame, struct staggered_design design)
{
    struct staggered *staggered = NULL;
    struct staggered_rows rows = rows_of(frame);
    assert_ok(assay_staggered_open(&rows, &design, &staggered, &error));
    return staggered;
}

static struct staggered_effects effects_of(const struct staggered *staggered,
                                           enum staggered_average average,
                                           const struct staggered_band *band,
                                           struct staggered_effect *parts)
{
    struct staggered_effects out;
    assert_true(assay_staggered_parts(staggered, average) <= parts_most);
    assert_ok(assay_staggered_effects(staggered, average, 0.95, band, parts, NULL, &out, &error));
    return out;
}

/* ---- Within strata ----------------------------------------------------------------------- */

/* The panel of a case of staggered_strata.json, or the same without strata. */
static void read_strata(const json_t *json, bool within, struct frame *frame)
{
    const json_t *all = json_object_get(json, "y");
    frame->count = 0;
    for (size_t u = 0; u < json_array_size(all); u++)
        for (size_t t = 0; t < 8; t++) {
            double first = answer_at(json, "first", u);
            add(frame, (int64_t)u, (int64_t)t + 1,
                json_number_value(json_array_get(json_array_get(all, u), t)),
                first == 999999 ? ASSAY_NEVER_TREATED : (int64_t)first);
            frame->weight[frame->count - 1] = answer_at(json, "weight", u);
            frame->stratum[frame->count - 1] = within ? (int64_t)answer_at(json, "stratum", u) : 0;
        }
}

static void assert_effect(const struct staggered_effect *got, const json_t *wanted)
{
    assert_true(got->has_interval);
    assert_near(got->estimate.value, answer(wanted, "value"), 1e-12);
    assert_close(got->estimate.standard_error, answer(wanted, "error"), 1e-11);
    assert_close(got->estimate.df, answer(wanted, "df"), 1e-10);
}

static void units_in_strata_are_compared_within_them_as_lm_has_it(void **state)
{
    (void)state;
    static const char *const names[] = {"even", "weighted"};
    static struct frame frame;
    json_t *root = oracle_read("staggered_strata.json");
    for (size_t c = 0; c < 2; c++) {
        const json_t *json = json_object_get(root, names[c]);
        const json_t *wanted = json_object_get(json, "within");
        const json_t *cells = json_object_get(wanted, "cells");
        struct staggered_effect parts[parts_most];
        const struct staggered_design design = {.base = STAGGERED_BASE_SAME};
        read_strata(json, true, &frame);
        struct staggered *staggered = open_frame(&frame, design);
        (void)effects_of(staggered, STAGGERED_CELLS, NULL, parts);
        assert_int_equal(assay_staggered_summary(staggered).cells, json_array_size(cells));
        for (size_t k = 0; k < json_array_size(cells); k++)
            assert_effect(&parts[k], json_array_get(cells, k));
        struct staggered_effects got = effects_of(staggered, STAGGERED_GROUP, NULL, parts);
        assert_effect(&got.overall, json_object_get(wanted, "overall"));
        assert_int_equal(assay_staggered_summary(staggered).matched, 3);
        assert_int_equal(assay_staggered_summary(staggered).unlike, 0);
        assay_staggered_close(staggered);
        /* What was planted lies within the interval, and far from what comes out without strata. */
        double planted = answer(json, "effect");
        assert_true(got.overall.estimate.interval.low < planted &&
                    got.overall.estimate.interval.high > planted);
        read_strata(json, false, &frame);
        staggered = open_frame(&frame, design);
        double value = effects_of(staggered, STAGGERED_GROUP, NULL, parts).overall.estimate.value;
        assert_close(value, answer(json, "ignoring/overall"), 1e-11);
        assert_true(value > planted + 0.5);
        assay_staggered_close(staggered);
    }
    json_decref(root);
}

/* Pairs of one treated unit and one control each: the paired t. */
static void matched_pairs_have_the_error_of_the_paired_t(void **state)
{
    (void)state;
    enum { pairs = 7 };
    static struct frame frame;
    static const double differences[pairs] = {1.5, -0.2, 0.9, 2.2, 0.1, 1.1, 0.7};
    struct staggered_effect parts[parts_most];
    double mean = 0, squares = 0;
    frame.count = 0;
    for (int64_t u = 0; u < 2 * pairs; u++)
        for (int64_t t = 1; t <= 2; t++) {
            double trend = (double)(t == 2) * (double)(u / 2) * 3;
            add(&frame, u, t, trend + (t == 2 && u % 2 == 1 ? differences[u / 2] : 0),
                u % 2 == 1 ? 2 : ASSAY_NEVER_TREATED);
            frame.stratum[frame.count - 1] = u / 2;
        }
    for (size_t i = 0; i < pairs; i++)
        mean += differences[i] / pairs;
    for (size_t i = 0; i < pairs; i++)
        squares += pow(differences[i] - mean, 2);
    struct staggered *staggered = open_frame(&frame, (struct staggered_design){0});
    struct staggered_effects got = effects_of(staggered, STAGGERED_GROUP, NULL, parts);
    assert_close(got.overall.estimate.value, mean, 1e-12);
    assert_close(got.overall.estimate.standard_error, sqrt(squares / (pairs * (pairs - 1))), 1e-12);
    assert_true(got.overall.estimate.df <= pairs - 1 + 1e-12);
    assay_staggered_close(staggered);
}

static void units_whose_stratum_has_no_other_arm_are_counted(void **state)
{
    (void)state;
    static struct frame frame;
    struct staggered_effect parts[parts_most];
    frame.count = 0;
    for (int64_t u = 0; u < 10; u++) /* stratum 1 is all treated */
        for (int64_t t = 1; t <= 2; t++) {
            add(&frame, u, t, (double)(u * t % 5), u % 2 == 1 || u > 7 ? 2 : ASSAY_NEVER_TREATED);
            frame.stratum[frame.count - 1] = u > 7 ? 1 : 2 + u / 4;
        }
    struct staggered *staggered = open_frame(&frame, (struct staggered_design){0});
    struct staggered_summary summary = assay_staggered_summary(staggered);
    assert_int_equal(summary.strata, 3);
    assert_int_equal(summary.matched, 2);
    assert_int_equal(summary.unlike, 2);
    assert_int_equal(summary.cell[0].units[1], 4);
    (void)effects_of(staggered, STAGGERED_GROUP, NULL, parts);
    assay_staggered_close(staggered);
    frame.cluster[2] = frame.cluster[3] = 0;
    struct staggered_rows rows = rows_of(&frame);
    struct staggered_design design = {0};
    assert_int_equal(assay_staggered_open(&rows, &design, &staggered, &error), ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "are the clusters"));
}

/* ---- Against R --------------------------------------------------------------------------- */

static bool is(const json_t *json, const char *key, const char *text)
{
    return strcmp(json_string_value(json_object_get(json, key)), text) == 0;
}

static struct staggered_design design_of(const json_t *json)
{
    return (struct staggered_design){
        .controls =
            is(json, "controls", "never") ? STAGGERED_NEVER_TREATED : STAGGERED_NOT_YET_TREATED,
        .base = is(json, "base", "same") ? STAGGERED_BASE_SAME : STAGGERED_BASE_BEFORE,
        .factor = is(json, "factor", "published") ? STAGGERED_AS_PUBLISHED : STAGGERED_UNBIASED,
        .gaps = STAGGERED_GAPS_BY_CELL,
        .anticipation = json_integer_value(json_object_get(json, "delta"))};
}

static void read_frame(const json_t *json, struct frame *frame)
{
    const json_t *periods = json_object_get(json, "periods");
    const json_t *all = json_object_get(json, "y");
    for (size_t u = 0; u < json_array_size(all); u++)
        for (size_t t = 0; t < json_array_size(periods); t++) {
            const json_t *y = json_array_get(json_array_get(all, u), t);
            if (!json_is_number(y))
                continue;
            double first = answer_at(json, "first", u);
            add(frame, (int64_t)u, json_integer_value(json_array_get(periods, t)),
                json_number_value(y), first == 999999 ? ASSAY_NEVER_TREATED : (int64_t)first);
            frame->cluster[frame->count - 1] = (int64_t)answer_at(json, "cluster", u);
            frame->weight[frame->count - 1] = answer_at(json, "weight", u);
        }
}

/* The panel of a recorded case. */
static struct staggered *open_case(const json_t *json)
{
    static struct frame frame;
    frame.count = 0;
    read_frame(json, &frame);
    return open_frame(&frame, design_of(json_object_get(json, "design")));
}

static void assert_average(const struct staggered *staggered, enum staggered_average average,
                           const json_t *wanted)
{
    struct staggered_effect parts[parts_most];
    struct staggered_effects out = effects_of(staggered, average, NULL, parts);
    size_t count = assay_staggered_parts(staggered, average);
    assert_int_equal(count, json_array_size(json_object_get(wanted, "at")));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(parts[i].at, (int64_t)answer_at(wanted, "at", i));
        assert_effect(&parts[i], json_array_get(json_object_get(wanted, "parts"), i));
    }
    assert_effect(&out.overall, json_object_get(wanted, "overall"));
    assert_true(isnan(out.critical) && isnan(out.overall.band.low));
}

static void assert_answers(const struct staggered *staggered, const json_t *wanted)
{
    struct staggered_effect parts[parts_most];
    struct staggered_summary summary = assay_staggered_summary(staggered);
    const json_t *cells = json_object_get(wanted, "cells");
    assert_int_equal(summary.cells, json_array_size(cells));
    (void)effects_of(staggered, STAGGERED_CELLS, NULL, parts);
    for (size_t k = 0; k < summary.cells; k++) {
        const json_t *cell = json_array_get(cells, k);
        assert_int_equal(summary.cell[k].group, (int64_t)answer(cell, "group"));
        assert_int_equal(summary.cell[k].period, (int64_t)answer(cell, "period"));
        assert_effect(&parts[k], cell);
    }
    struct staggered_effects simple = effects_of(staggered, STAGGERED_SIMPLE, NULL, NULL);
    assert_effect(&simple.overall, json_object_get(wanted, "simple"));
    assert_average(staggered, STAGGERED_GROUP, json_object_get(wanted, "group"));
    assert_average(staggered, STAGGERED_CALENDAR, json_object_get(wanted, "calendar"));
    assert_average(staggered, STAGGERED_EVENT, json_object_get(wanted, "event"));
}

/* Checks each recorded case. */
static void each_case(void (*check)(const struct staggered *, const json_t *))
{
    static const char *const cases[] = {"plain", "teams", "seen"};
    json_t *root = oracle_read("staggered.json");
    for (size_t i = 0; i < 3; i++) {
        const json_t *json = json_object_get(root, cases[i]);
        struct staggered *staggered = open_case(json);
        check(staggered, json_object_get(json, "answers"));
        assay_staggered_close(staggered);
    }
    json_decref(root);
}

static void cells_and_averages_agree_with_the_delta_method_in_r(void **state)
{
    (void)state;
    each_case(assert_answers);
}

/* ---- Against mpdta ------------------------------------------------------------------------ */

static struct frame *read_mpdta(const char *folder)
{
    struct table *table = table_read(folder, "data.csv");
    struct frame *frame = calloc(1, sizeof *frame);
    assert_non_null(frame);
    const double *first = table_column(table, "\"first.treat\"");
    const double *year = table_column(table, "\"year\"");
    const double *county = table_column(table, "\"countyreal\"");
    const double *outcome = table_column(table, "\"lemp\"");
    for (size_t i = 0; i < table->rows; i++)
        add(frame, (int64_t)county[i], (int64_t)year[i], outcome[i],
            first[i] == 0 ? ASSAY_NEVER_TREATED : (int64_t)first[i]);
    table_free(table);
    return frame;
}

static void mpdta_comes_out_as_published(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/mpdta", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    json_t *recorded = oracle_read("staggered.json");
    struct frame *frame = read_mpdta(folder);
    struct staggered_effect parts[parts_most];
    struct staggered_design design = {.controls = STAGGERED_NEVER_TREATED,
                                      .factor = STAGGERED_AS_PUBLISHED};
    struct staggered *staggered = open_frame(frame, design);
    struct staggered_summary summary = assay_staggered_summary(staggered);
    assert_int_equal(summary.cells, 12);
    assert_int_equal(summary.units, 500);
    (void)effects_of(staggered, STAGGERED_CELLS, NULL, parts);
    for (size_t k = 0; k < summary.cells; k++) {
        char path[96];
        (void)snprintf(path, sizeof path, "answers/att/%d,%d", (int)summary.cell[k].group,
                       (int)summary.cell[k].period);
        assert_near(parts[k].estimate.value, answer(root, path), 1e-13);
        (void)snprintf(path, sizeof path, "answers/se_influence_function/%d,%d",
                       (int)summary.cell[k].group, (int)summary.cell[k].period);
        assert_near(parts[k].estimate.standard_error, answer(root, path), 1e-13);
        (void)snprintf(path, sizeof path, "published/att/%d,%d", (int)summary.cell[k].group,
                       (int)summary.cell[k].period);
        assert_near(parts[k].estimate.value, answer(root, path), 5.1e-5);
    }
    (void)effects_of(staggered, STAGGERED_GROUP, NULL, parts);
    assert_near(parts[0].estimate.value, answer(root, "published/group_aggregation/2004"), 5.1e-5);
    assert_near(parts[1].estimate.value, answer(root, "published/group_aggregation/2006"), 5.1e-5);
    assert_near(parts[2].estimate.value, answer(root, "published/group_aggregation/2007"), 5.1e-5);
    assert_answers(staggered, json_object_get(json_object_get(recorded, "mpdta"), "never"));
    assay_staggered_close(staggered);

    design.controls = STAGGERED_NOT_YET_TREATED;
    staggered = open_frame(frame, design);
    assert_answers(staggered, json_object_get(json_object_get(recorded, "mpdta"), "published"));
    assay_staggered_close(staggered);
    free(frame);
    json_decref(recorded);
    json_decref(root);
}

/* ---- By brute force ----------------------------------------------------------------------- */

enum { units = 30, periods = 7 };

/* Groups 3, 5, 6 and, in every fifth unit, never. */
static int64_t first_of(size_t unit)
{
    static const int64_t first[] = {3, 5, 6, 6, ASSAY_NEVER_TREATED};
    return first[unit % 5];
}

static void draw_panel(struct frame *frame, double y[units][periods])
{
    struct random source = random_seed(7);
    frame->count = 0;
    for (size_t u = 0; u < units; u++)
        for (size_t t = 0; t < periods; t++) {
            y[u][t] = random_normal(&source);
            add(frame, (int64_t)u, (int64_t)t + 1, y[u][t], first_of(u));
        }
}

static void a_cell_is_the_difference_of_two_mean_changes_by_hand(void **state)
{
    (void)state;
    static struct frame frame;
    double y[units][periods];
    draw_panel(&frame, y);
    struct staggered *staggered = open_frame(&frame, (struct staggered_design){.base = 0});
    struct staggered_summary summary = assay_staggered_summary(staggered);
    size_t found = 0;
    for (size_t k = 0; k < summary.cells; k++) {
        const struct staggered_cell *cell = &summary.cell[k];
        if (cell->group != 3 || cell->period != 5)
            continue;
        /* From period 2 to 5: group 5 is treated by then, group 6 is not yet. */
        double treated = 0;
        double controls = 0;
        for (size_t u = 0; u < units; u += 5) {
            treated += (y[u][4] - y[u][1]) / 6;
            for (size_t other = u + 2; other < u + 5; other++)
                controls += (y[other][4] - y[other][1]) / 18;
        }
        assert_int_equal(cell->base, 2);
        assert_int_equal(cell->units[1], 6);
        assert_int_equal(cell->units[0], 18);
        assert_near(cell->value, treated - controls, 1e-14);
        found++;
    }
    assert_int_equal(found, 1);
    assay_staggered_close(staggered);
}

/* Two groups, two periods: a difference of two means of changes, whose unbiased error is Welch's.
 */
static void two_periods_have_the_error_and_degrees_of_freedom_of_welch(void **state)
{
    (void)state;
    static struct frame frame;
    static const double treated[] = {3, 5, 4.5};
    static const double controls[] = {1, 0.5, 2, 1.5, 0, 1};
    frame.count = 0;
    for (size_t u = 0; u < 9; u++) {
        int64_t first = u < 3 ? 2 : ASSAY_NEVER_TREATED;
        add(&frame, (int64_t)u, 1, 10, first);
        add(&frame, (int64_t)u, 2, 10 + (u < 3 ? treated[u] : controls[u - 3]), first);
    }
    struct staggered *staggered = open_frame(&frame, (struct staggered_design){.base = 0});
    struct staggered_effect part;
    (void)effects_of(staggered, STAGGERED_CELLS, NULL, &part);
    /* Variances 13/12 and 1/2 by hand. */
    assert_near(part.estimate.value, 12.5 / 3 - 1, 1e-13);
    assert_near(part.estimate.standard_error, sqrt(13.0 / 12 / 3 + 0.5 / 6), 1e-13);
    /* Were clusters alike within the arms: (1/3 + 1/6)^2 / (1/3^2/2 + 1/6^2/5). */
    assert_true(part.estimate.df <= 0.25 / (1.0 / 18 + 1.0 / 180) + 1e-12);
    assay_staggered_close(staggered);
}

/* ---- Bands -------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a;
    double other = *(const double *)b;
    return (one > other) - (one < other);
}

/* The definition, from the influences that are given out. */
static double critical_by_definition(const double *influence, size_t parts, size_t clusters,
                                     uint64_t seed)
{
    static double most[999];
    struct random source = random_seed(seed);
    for (size_t draw = 0; draw < 999; draw++) {
        double sums[parts_most] = {0};
        double squares[parts_most] = {0};
        most[draw] = 0;
        for (size_t c = 0; c < clusters; c++) {
            bool up = random_bits(&source) >= UINT64_C(1) << 63;
            for (size_t i = 0; i < parts; i++) {
                double phi = influence[i * clusters + c];
                sums[i] += up ? phi : -phi;
                squares[i] += phi * phi;
            }
        }
        for (size_t i = 0; i < parts; i++)
            most[draw] = fmax(most[draw], fabs(sums[i]) / sqrt(squares[i]));
    }
    qsort(most, 999, sizeof *most, by_size);
    return most[949]; /* 950 of 999 are a share of .951 */
}

static void the_critical_value_is_that_of_its_definition(void **state)
{
    (void)state;
    static struct frame frame;
    static double influence[(parts_most + 1) * units];
    double y[units][periods];
    draw_panel(&frame, y);
    struct staggered *staggered = open_frame(&frame, (struct staggered_design){.base = 0});
    struct staggered_effect parts[parts_most];
    struct staggered_effects out;
    const struct staggered_band band = {STAGGERED_RADEMACHER, 0, 11};
    size_t count = assay_staggered_parts(staggered, STAGGERED_EVENT);
    assert_ok(assay_staggered_effects(staggered, STAGGERED_EVENT, 0.95, &band, parts, influence,
                                      &out, &error));
    assert_near(out.critical, critical_by_definition(influence, count, units, 11), 1e-12);
    for (size_t i = 0; i <= count; i++) {
        const struct estimate *estimate = i < count ? &parts[i].estimate : &out.overall.estimate;
        double variance = 0;
        for (size_t c = 0; c < units; c++)
            variance += influence[i * units + c] * influence[i * units + c];
        assert_close(estimate->standard_error, sqrt(variance), 1e-12);
        /* Wider than the part's own interval, and than the normal band of the paper. */
        if (i < count) {
            assert_true(parts[i].band.low < estimate->interval.low);
            assert_true(parts[i].band.high >
                        estimate->value + out.critical * estimate->standard_error);
        }
    }
    assay_staggered_close(staggered);
}

/* Units are numbered by pseudonyms, which are others in another workspace. */
static void the_same_units_under_other_numbers_have_the_same_band(void **state)
{
    (void)state;
    static struct frame frame;
    double y[units][periods], critical[2];
    struct staggered_effect parts[parts_most];
    const struct staggered_band band = {.seed = 3};
    draw_panel(&frame, y);
    for (size_t turned = 0; turned < 2; turned++) {
        frame.count = 0;
        for (size_t u = 0; u < units; u++) {
            size_t unit = turned == 1 ? units - 1 - u : u;
            for (size_t t = 0; t < periods; t++)
                add(&frame, (int64_t)u, (int64_t)t + 1, y[unit][t], first_of(unit));
        }
        struct staggered *staggered = open_frame(&frame, (struct staggered_design){.base = 0});
        critical[turned] = effects_of(staggered, STAGGERED_EVENT, &band, parts).critical;
        assay_staggered_close(staggered);
    }
    assert_close(critical[1], critical[0], 1e-10);
}

/* Normal multipliers make the statistics normal, with the same correlations: only the draws differ,
   with a standard error of .01. Of the others' sums the tails are lighter or heavier, the more so
   the fewer clusters there are: Rademacher's are .25 too small with 24. */
static void assert_critical(const struct staggered *staggered, const json_t *answers)
{
    struct staggered_effect parts[parts_most];
    double wanted = answer(answers, "event_critical");
    double got[3];
    for (int kind = STAGGERED_NORMAL; kind <= STAGGERED_MAMMEN; kind++) {
        const struct staggered_band band = {(enum staggered_multiplier)kind, 20000, 5};
        got[kind] = effects_of(staggered, STAGGERED_EVENT, &band, parts).critical;
    }
    assert_near(got[STAGGERED_NORMAL], wanted, 0.03);
    assert_near(got[STAGGERED_MAMMEN], wanted, 0.3);
    assert_near(got[STAGGERED_RADEMACHER], wanted, 0.3);
    assert_true(got[STAGGERED_RADEMACHER] < wanted);
}

static void critical_values_are_those_of_the_multivariate_normal(void **state)
{
    (void)state;
    each_case(assert_critical);
}

static void the_same_seed_gives_the_same_band_and_one_part_its_interval(void **state)
{
    (void)state;
    static struct frame frame;
    double y[units][periods];
    draw_panel(&frame, y);
    struct staggered *staggered = open_frame(&frame, (struct staggered_design){.base = 0});
    struct staggered_effect parts[parts_most];
    const struct staggered_band one = {.draws = 199, .seed = 1};
    const struct staggered_band other = {.draws = 199, .seed = 2};
    double first = effects_of(staggered, STAGGERED_CALENDAR, &one, parts).critical;
    assert_true(first == effects_of(staggered, STAGGERED_CALENDAR, &one, parts).critical);
    assert_true(first != effects_of(staggered, STAGGERED_CALENDAR, &other, parts).critical);
    assay_staggered_close(staggered);

    frame.count = 0;
    for (size_t u = 0; u < units; u++)
        for (size_t t = 0; t < 2; t++)
            add(&frame, (int64_t)u, (int64_t)t, y[u][t], u % 2 ? 1 : ASSAY_NEVER_TREATED);
    staggered = open_frame(&frame, (struct staggered_design){.base = 0});
    (void)effects_of(staggered, STAGGERED_EVENT, &(struct staggered_band){.draws = 9999}, parts);
    /* Draws of one statistic are normal up to the draws. */
    assert_close(parts[0].band.high - parts[0].band.low,
                 parts[0].estimate.interval.high - parts[0].estimate.interval.low, 0.04);
    assay_staggered_close(staggered);
}

/* ---- Left out and refused ----------------------------------------------------------------- */

static void refused(const struct frame *frame, struct staggered_design design, const char *part)
{
    struct staggered *untouched = NULL;
    struct staggered_rows rows = rows_of(frame);
    if (assay_staggered_open(&rows, &design, &untouched, &error) != ERROR_DOMAIN)
        fail_msg("accepted, wanted: %s", part);
    if (strstr(error.message, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.message, part);
    assert_null(untouched);
}

/* Ten units over periods 1 to 4, all zeros; the tests fill in who is treated when. */
static struct frame *ten_units(const int64_t *first)
{
    static struct frame frame;
    frame.count = 0;
    for (int64_t u = 0; u < 10; u++)
        for (int64_t t = 1; t <= 4; t++)
            add(&frame, u, t, (double)((u * 7 + t * t * 3) % 5), first[u]);
    return &frame;
}

#define NEVER ASSAY_NEVER_TREATED

static void designs_without_a_comparison_are_refused(void **state)
{
    (void)state;
    static const struct staggered_design plain = {.base = 0};
    static const int64_t at_once[] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
    refused(ten_units(at_once), plain, "every unit is treated from period 3 on");
    static const int64_t never[] = {NEVER, NEVER, NEVER, NEVER, NEVER, 9, 9, 9, 9, 9};
    refused(ten_units(never), plain, "no unit is treated within the periods");
    static const int64_t always[] = {1, 1, 1, 1, 1, 1, 1, NEVER, NEVER, NEVER};
    refused(ten_units(always), plain, "7 units are treated from the first on");
    static const int64_t all[] = {3, 3, 3, 3, 3, 4, 4, 4, 4, 4};
    refused(ten_units(all), (struct staggered_design){.controls = STAGGERED_NEVER_TREATED},
            "no unit is never treated");
    refused(ten_units(all), (struct staggered_design){.anticipation = -1}, "anticipation");
}

static void frames_that_are_none_are_refused(void **state)
{
    (void)state;
    static const struct staggered_design plain = {.base = 0};
    static const int64_t first[] = {2, 2, 2, 3, 3, 3, NEVER, NEVER, NEVER, NEVER};
    struct frame *frame = ten_units(first);
    frame->mean[5] = NAN;
    refused(frame, plain, "row 6: its mean is not a finite number");
    frame = ten_units(first);
    frame->weight[5] = 0;
    refused(frame, plain, "row 6: its weight");
    frame = ten_units(first);
    frame->first[5] = 3;
    refused(frame, plain,
            "row 6: first treated period, weight, cluster and stratum must be the "
            "same in all rows of unit 1");
    frame = ten_units(first);
    frame->period[5] = 1;
    refused(frame, plain, "row 6: rows must be ordered");
    frame = ten_units(first);
    frame->period[39] = INT64_MAX;
    refused(frame, plain, "row 40: its period");
    frame = ten_units(first);
    frame->count--;
    refused(frame, plain, "unit 9 has no row in period 4");
    frame->count = 0;
    refused(frame, plain, "there are no rows");
}

static void gaps_are_left_out_or_compared_by_cell_as_asked(void **state)
{
    (void)state;
    static const int64_t first[] = {2, 2, 2, 3, 3, 3, NEVER, NEVER, NEVER, NEVER};
    struct frame *frame = ten_units(first);
    frame->count--;
    struct staggered *staggered =
        open_frame(frame, (struct staggered_design){.gaps = STAGGERED_GAPS_LEFT_OUT});
    struct staggered_summary summary = assay_staggered_summary(staggered);
    assert_int_equal(summary.units, 9);
    assert_int_equal(summary.with_gaps, 1);
    assert_int_equal(summary.never, 3);
    assay_staggered_close(staggered);
    staggered = open_frame(frame, (struct staggered_design){.gaps = STAGGERED_GAPS_BY_CELL});
    summary = assay_staggered_summary(staggered);
    assert_int_equal(summary.units, 10);
    assert_int_equal(summary.with_gaps, 1);
    for (size_t k = 0; k < summary.cells; k++)
        if (summary.cell[k].group == 2)
            assert_int_equal(summary.cell[k].units[0], summary.cell[k].period == 4   ? 3
                                                       : summary.cell[k].period == 2 ? 7
                                                                                     : 4);
    assay_staggered_close(staggered);
}

static void what_has_no_controls_or_one_unit_is_counted_and_in_no_average(void **state)
{
    (void)state;
    /* Group 2 is one unit; from period 4 on nobody is untreated; unit 0 always was treated. */
    static const int64_t first[] = {1, 2, 3, 3, 3, 3, 4, 4, 4, 4};
    struct staggered_effect parts[parts_most];
    struct staggered *staggered =
        open_frame(ten_units(first), (struct staggered_design){.base = 0});
    struct staggered_summary summary = assay_staggered_summary(staggered);
    assert_int_equal(summary.units, 9);
    assert_int_equal(summary.always, 1);
    assert_int_equal(summary.groups, 3);
    /* Cells of group 2: periods 2, 3 without error, 4 without controls; of group 3: 2 and 3, then
       none; of group 4: 2, then nobody. */
    assert_int_equal(summary.lone, 2);
    assert_int_equal(summary.cells, 5);
    assert_int_equal(summary.left_out, 4);
    (void)effects_of(staggered, STAGGERED_CELLS, NULL, parts);
    assert_false(summary.cell[0].has_error);
    assert_false(parts[0].has_interval);
    assert_true(isnan(parts[0].estimate.standard_error));
    assert_near(parts[0].estimate.value, summary.cell[0].value, 0);
    struct staggered_effects out = effects_of(staggered, STAGGERED_GROUP, NULL, parts);
    assert_int_equal(assay_staggered_parts(staggered, STAGGERED_GROUP), 1);
    assert_int_equal(parts[0].at, 3);
    assert_near(out.overall.estimate.value, parts[0].estimate.value, 1e-15);
    assay_staggered_close(staggered);
}

static void groups_of_one_cluster_each_have_no_average(void **state)
{
    (void)state;
    static const int64_t first[] = {2, 3, 4, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER};
    struct staggered_effect parts[parts_most];
    struct staggered_effects out;
    struct staggered *staggered =
        open_frame(ten_units(first), (struct staggered_design){.base = 0});
    assert_int_equal(
        assay_staggered_effects(staggered, STAGGERED_GROUP, 0.95, NULL, parts, NULL, &out, &error),
        ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "is one cluster"));
    assert_int_equal(
        assay_staggered_effects(staggered, STAGGERED_CELLS, 1.5, NULL, parts, NULL, &out, &error),
        ERROR_DOMAIN);
    assay_staggered_close(staggered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_and_averages_agree_with_the_delta_method_in_r),
        cmocka_unit_test(units_in_strata_are_compared_within_them_as_lm_has_it),
        cmocka_unit_test(matched_pairs_have_the_error_of_the_paired_t),
        cmocka_unit_test(units_whose_stratum_has_no_other_arm_are_counted),
        cmocka_unit_test(mpdta_comes_out_as_published),
        cmocka_unit_test(a_cell_is_the_difference_of_two_mean_changes_by_hand),
        cmocka_unit_test(two_periods_have_the_error_and_degrees_of_freedom_of_welch),
        cmocka_unit_test(the_critical_value_is_that_of_its_definition),
        cmocka_unit_test(the_same_units_under_other_numbers_have_the_same_band),
        cmocka_unit_test(critical_values_are_those_of_the_multivariate_normal),
        cmocka_unit_test(the_same_seed_gives_the_same_band_and_one_part_its_interval),
        cmocka_unit_test(designs_without_a_comparison_are_refused),
        cmocka_unit_test(frames_that_are_none_are_refused),
        cmocka_unit_test(gaps_are_left_out_or_compared_by_cell_as_asked),
        cmocka_unit_test(what_has_no_controls_or_one_unit_is_counted_and_in_no_average),
        cmocka_unit_test(groups_of_one_cluster_each_have_no_average),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
