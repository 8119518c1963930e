/* Checks of the draw itself: one arm for a unit, arms that were alike before. */

#include "evidence/checks/checks.h"

#include "base/embedded.h"
#include "base/text.h"
#include "stats/design.h"

#include <math.h>
#include <string.h>

static const double by_chance = 0.001;

/* ---- One arm at a time ----------------------------------------------------------------------- */

enum status check_units_twice(const struct checking *checking, struct finding *out,
                              struct error *error)
{
    struct frame frame;
    const struct arms *arms = &checking->sample->arms;
    enum status status = engine_query(
        checking->workspace->engine, embedded_text("evidence/checks/units_twice.sql"),
        ENGINE_VALUES(engine_text("plan", arms->plan), engine_text("unit_kind", arms->unit_kind),
                      engine_text("arm_0", arms->names[0]), engine_text("arm_1", arms->names[1])),
        checking->arena, &frame, error);
    if (status == STATUS_OK)
        check_finds(out, frame_integer(&frame, 0, 0) > 0);
    return status;
}

/* ---- Alike before ---------------------------------------------------------------------------- */

/* What is looked at: covariates, then the size, then what the same people had before. */
struct looked_at {
    struct sample sample;
    size_t count;
    bool earlier; /* the last one */
};

static struct looked_at look_at(const struct checking *checking)
{
    static const struct formula size = {
        .type = FORMULA_NUMBER, .sql = "facts.size", .defined_sql = "true"};
    const struct sample *sample = checking->sample;
    struct looked_at looked = {.sample = *sample, .count = sample->covariate_count + 1};
    struct formula *list = arena_array(checking->arena, looked.count, sizeof *list);
    for (size_t i = 0; i < sample->covariate_count; i++)
        list[i] = sample->covariates[i];
    list[sample->covariate_count] = size;
    enum metric_kind kind = sample->metric->kind;
    bool has_mean = kind == METRIC_MEAN || kind == METRIC_PROPORTION;
    looked.sample.covariates = list;
    looked.sample.covariate_count = looked.count;
    looked.earlier = has_mean && !checking->request->previous.all;
    looked.sample.earlier = looked.earlier;
    looked.sample.earlier_span = checking->request->previous;
    looked.count += looked.earlier;
    return looked;
}

/* Count, mean and variance of each, in this order. Who has no earlier value is left out there. */
static const char *columns_of(struct arena *arena, const struct looked_at *looked)
{
    struct text columns = {.arena = arena};
    for (size_t k = 0; k < looked->count; k++) {
        bool earlier = looked->earlier && k + 1 == looked->count;
        const char *x = earlier
                            ? arena_printf(arena, "case when x%zu = 0 then x%zu end", k + 2, k + 1)
                            : arena_printf(arena, "x%zu", k + 1);
        text_addf(&columns, "%scount(%s) as n%zu, avg(%s) as m%zu, var_pop(%s) as v%zu",
                  k > 0 ? ", " : "", x, k, x, k, x, k);
    }
    return text_get(&columns);
}

struct difference {
    double deviations; /* in standard deviations of items */
    double p;          /* NAN: nothing to tell by */
};

enum { balance_arm = 1, balance_first = 2 };

static double column(const struct frame *frame, size_t row, size_t k, size_t part)
{
    size_t at = balance_first + 3 * k + part;
    const struct column *values = &frame->columns[at];
    if (!values->valid[row])
        return 0;
    return values->type == ENGINE_NUMBER ? frame_number(frame, row, at)
                                         : (double)frame_integer(frame, row, at);
}

/* Counts, means and the mean variance of both arms. */
struct arm_moments {
    double count[2];
    double mean[2];
    double deviation;
};

static struct arm_moments moments_of(const struct frame *frame, size_t k)
{
    struct arm_moments out = {{0, 0}, {0, 0}, 0};
    double squares[2] = {0, 0};
    for (size_t row = 0; row < frame->rows; row++) {
        int64_t arm = frame_integer(frame, row, balance_arm);
        double count = column(frame, row, k, 0);
        double apart = column(frame, row, k, 1) - out.mean[arm];
        double total = out.count[arm] + count;
        if (count == 0)
            continue;
        squares[arm] +=
            count * column(frame, row, k, 2) + apart * apart * out.count[arm] * count / total;
        out.mean[arm] += apart * count / total;
        out.count[arm] = total;
    }
    out.deviation = sqrt((squares[0] / out.count[0] + squares[1] / out.count[1]) / 2);
    return out;
}

/* phi_g = (S_g1 - n_g1 m_1)/n_1 - (S_g0 - n_g0 m_0)/n_0, V = G/(G-1) sum phi_g^2; t with the
   influences' degrees of freedom, at most G - 1. */
static struct difference difference_of(const struct frame *frame, size_t k)
{
    struct difference out = {NAN, NAN};
    struct arm_moments moments = moments_of(frame, k);
    double second = 0;
    double fourth = 0;
    double clusters = 0;
    double phi = 0;
    if (!(moments.count[0] > 0 && moments.count[1] > 0 && moments.deviation > 0))
        return out;
    for (size_t row = 0; row < frame->rows; row++) {
        int64_t arm = frame_integer(frame, row, balance_arm);
        bool last = row + 1 == frame->rows ||
                    strcmp(frame_text(frame, row, 0), frame_text(frame, row + 1, 0)) != 0;
        phi += (arm == 1 ? 1 : -1) * column(frame, row, k, 0) *
               (column(frame, row, k, 1) - moments.mean[arm]) / moments.count[arm];
        if (!last)
            continue;
        second += phi * phi;
        fourth += phi * phi * phi * phi;
        clusters++;
        phi = 0;
    }
    double difference = moments.mean[1] - moments.mean[0];
    double error = sqrt(second * clusters / (clusters - 1));
    out.deviations = difference / moments.deviation;
    if (error > 0 && isfinite(difference / error))
        (void)assay_p_value(difference / error, fmin(clusters - 1, influence_df(second, fourth)),
                            &out.p, NULL);
    return out;
}

static const char *name_of(const struct checking *checking, const struct looked_at *looked,
                           size_t k)
{
    bool earlier = looked->earlier && k + 1 == looked->count;
    if (earlier)
        return arena_printf(checking->arena, "%s of the same people before",
                            checking->request->metric->label);
    if (k == checking->sample->covariate_count)
        return "the size of items";
    return arena_printf(checking->arena, "covariate %zu of the adjustment", k + 1);
}

/* Units that were not drawn may differ as they like: such arms are treated as found. */
enum status check_balance(const struct checking *checking, struct finding *out, struct error *error)
{
    struct frame frame;
    struct arena *arena = checking->arena;
    if (!checking->sample->arms.randomised)
        return STATUS_OK;
    struct looked_at looked = look_at(checking);
    /* An indicator stands beside what is missing of earlier times. */
    looked.sample.earlier_partly = true;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/checks/balance.sql"),
                                  {"columns", columns_of(arena, &looked)},
                                  {"sample", sample_sql(arena, &looked.sample)});
    enum status status = engine_query(checking->workspace->engine, sql,
                                      sample_values(arena, &looked.sample), arena, &frame, error);
    size_t worst = 0;
    size_t tests = 0;
    struct difference largest = {NAN, NAN};
    for (size_t k = 0; status == STATUS_OK && k < looked.count; k++) {
        struct difference one = difference_of(&frame, k);
        tests += isnan(one.p) ? 0 : 1;
        if (!isnan(one.p) && !(largest.p <= one.p)) {
            largest = one;
            worst = k;
        }
    }
    if (status != STATUS_OK || tests == 0)
        return status;
    out->p = fmin(1, largest.p * (double)tests);
    check_finds(out, out->p < by_chance);
    if (out->found)
        out->sentence = arena_printf(
            arena,
            "the arms differed before: %s by %.2f standard deviations, more than chance would make "
            "them",
            name_of(checking, &looked, worst), largest.deviations);
    return status;
}
