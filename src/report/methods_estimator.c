/* How the primary metric of a plan is estimated: by the design, by the metric's kind, and by what
   the plan asks for (strata, covariates, looks). What is said follows docs/methods/comparison.md.
 */

#include "evidence/compare/designs.h"
#include "report/methods_words.h"

#include <math.h>

#define CITES(...)                                                                                 \
    (const enum reference[]){__VA_ARGS__},                                                         \
        sizeof((const enum reference[]){__VA_ARGS__}) / sizeof(enum reference)

/* ---- What a plan is of -------------------------------------------------------------------- */

static bool is_regression(const struct metric *metric)
{
    return metric->kind == METRIC_MEAN || metric->kind == METRIC_PROPORTION;
}

static bool has_covariates(const struct plan *plan)
{
    return plan->adjust_for.count > 0 || plan->earlier;
}

/* Were units given their arms, side by side? */
static bool is_assigned(const struct plan *plan)
{
    return plan->design == PLAN_RANDOMISED || plan->design == PLAN_ENCOURAGEMENT ||
           plan->design == PLAN_SWITCHBACK;
}

/* Are arms compared within strata, or within teams? */
static bool is_within(const struct plan *plan)
{
    return plan->design == PLAN_SWITCHBACK || plan->strata.count > 0;
}

static void sentence(struct methods *m, struct text *out, const char *text,
                     const enum reference *cites, size_t count)
{
    text_add(out, text);
    methods_cite(m, out, cites, count);
    text_add(out, ".");
}

/* ---- By kind, arms as assigned ------------------------------------------------------------ */

static void add_strata(struct methods *m, struct text *out, const char *before)
{
    const struct plan *plan = m->plan;
    if (plan->design == PLAN_SWITCHBACK) {
        text_addf(out, "%s teams", before);
        return;
    }
    text_addf(out, "%s the strata of ", before);
    methods_add_formulas(m, out, &plan->strata);
}

static void add_regression(struct methods *m, struct text *out)
{
    const struct plan *plan = m->plan;
    text_addf(out, "Least squares of the value%s on the arm",
              plan->primary.metric.scale == METRIC_LOG ? "'s logarithm" : "");
    if (has_covariates(plan))
        text_add(out, ", on the covariates");
    if (plan->design == PLAN_SWITCHBACK)
        text_add(out, " and on a level for each team and each period as long as a block (for each "
                      "team alone where all teams change arms at the same time)");
    else if (plan->strata.count > 0) {
        add_strata(m, out, " and on a level for each of");
        text_add(out, ", so that units are compared within their stratum");
    }
    sentence(m, out, "; cluster-robust errors (CR2) with Satterthwaite degrees of freedom",
             CITES(REFERENCE_BELL, REFERENCE_PUSTEJOVSKY));
    if (plan->design == PLAN_SWITCHBACK)
        text_add(out, " More teams and periods than 62 columns hold are compared within teams, "
                      "with errors from leaving out one block at a time.");
}

static void add_duration(struct methods *m, struct text *out)
{
    text_add(out, "Kaplan-Meier curves of both arms, items that are open at the data's end being "
                  "censored there, and the ratio of their restricted means");
    if (is_within(m->plan)) {
        add_strata(m, out, "; within");
        text_add(out, ", the items of each being weighted to the second arm's mix");
    }
    sentence(m, out,
             "; errors of the logarithm from each cluster's influence, t with the least of three "
             "degrees of freedom",
             CITES(REFERENCE_UNO));
    text_add(out, " Where the longest item of an arm was last seen open before the horizon, both "
                  "curves end while enough people are still at risk.");
}

static void add_ratio(struct methods *m, struct text *out)
{
    if (has_covariates(m->plan)) {
        sentence(m, out,
                 "Each item counts as what it adds to the logarithm of its arm's ratio (its "
                 "numerator over the arm's mean, less its denominator over the arm's mean: the "
                 "linearised ratio)",
                 CITES(REFERENCE_DENG_RATIO, REFERENCE_DENG_CUPED));
        sentence(m, out,
                 " Least squares of that on the arm and the covariates; cluster-robust errors "
                 "(CR2) with Satterthwaite degrees of freedom",
                 CITES(REFERENCE_BELL, REFERENCE_PUSTEJOVSKY));
        text_add(out, " There is no estimate where a denominator is under 6 standard errors above "
                      "0.");
    } else if (is_within(m->plan)) {
        text_add(out, "The ratio of the arms' ratios of weighted sums");
        add_strata(m, out, ", within");
        text_add(out, " on the second arm's mix");
        sentence(m, out,
                 "; each item counts as what it adds to the ratio, and errors come from leaving "
                 "out one cluster at a time",
                 CITES(REFERENCE_DENG_RATIO, REFERENCE_EFRON_STEIN));
        text_add(out, " Where a denominator is under 3 standard errors above 0 there is no "
                      "interval.");
    } else {
        sentence(m, out, "Delta method by cluster, on the logarithm", CITES(REFERENCE_DENG_RATIO));
        sentence(m, out,
                 " Where a denominator is under 6 standard errors above 0 the interval is at least "
                 "as wide as Fieller's bounds of both ratios, joined by squares; under 3 it is "
                 "these alone",
                 CITES(REFERENCE_FIELLER, REFERENCE_ZOU));
    }
}

static void add_quantile(struct methods *m, struct text *out)
{
    if (is_within(m->plan)) {
        text_add(out, "Quantiles of both arms' items, weighted");
        add_strata(m, out, " within");
        sentence(m, out,
                 " to the second arm's mix; each item counts as its influence on them, and errors "
                 "come from leaving out one cluster at a time",
                 CITES(REFERENCE_DENG_QUANTILE, REFERENCE_EFRON_STEIN));
        return;
    }
    sentence(m, out,
             "Quantiles of both arms; errors from each cluster's share of items up to the "
             "quantile, over the density there",
             CITES(REFERENCE_DENG_QUANTILE));
}

static void add_by_kind(struct methods *m, struct text *out)
{
    switch (m->plan->primary.metric.kind) {
    case METRIC_MEAN:
    case METRIC_PROPORTION:
        add_regression(m, out);
        return;
    case METRIC_DURATION:
        add_duration(m, out);
        return;
    case METRIC_RATIO:
        add_ratio(m, out);
        return;
    case METRIC_QUANTILE:
        add_quantile(m, out);
    }
}

/* ---- The interval ------------------------------------------------------------------------- */

/* Beyond what the errors say (assay/cautious.h). */
static void add_widening(struct methods *m, struct text *out)
{
    const struct plan *plan = m->plan;
    const struct metric *metric = &plan->primary.metric;
    bool regression =
        is_regression(metric) || (metric->kind == METRIC_RATIO && has_covariates(plan));
    if (!regression && is_within(plan))
        return;
    text_addf(out,
              " The interval shown is wider than %s where few people carry it. Where each cluster "
              "is in one arm, it is the widest of that one, of one that allows for clusters with "
              "many items, and of one that takes the variance for alike in both arms",
              regression ? "CR2's" : "these errors make it");
    if (!is_regression(metric) || metric->scale == METRIC_LOG) {
        text_add(out, ".");
        return;
    }
    sentence(m, out,
             "; where what is counted is rare, and clusters in both arms are no exception, it is "
             "at least as wide as score limits of both arms joined by squares",
             CITES(REFERENCE_NEWCOMBE));
    if (metric->kind == METRIC_PROPORTION)
        text_add(out, " Where it happened to no item, or to each, these limits stand alone.");
}

static bool is_share_of_baseline(const struct plan *plan)
{
    const struct metric *metric = &plan->primary.metric;
    bool difference =
        metric->kind == METRIC_QUANTILE || (is_regression(metric) && metric->scale != METRIC_LOG);
    return difference && plan->primary.amount.scale == AMOUNT_RELATIVE && !plan->season;
}

/* Beside the restricted means of assigned arms. */
static void add_hazards(struct methods *m, struct text *out)
{
    const struct plan *plan = m->plan;
    if (plan->primary.metric.kind != METRIC_DURATION)
        return;
    text_add(out,
             " As secondary numbers, which no verdict reads, stand Cox's hazard ratio up to the "
             "same horizon, with Efron's ties and errors by cluster from the score's residuals");
    methods_cite(m, out, CITES(REFERENCE_COX, REFERENCE_EFRON, REFERENCE_LIN_WEI));
    text_add(out, ", and the log-rank test, clustered, each arm's residuals being taken about its "
                  "own rate");
    methods_cite(m, out, CITES(REFERENCE_MANTEL, REFERENCE_JUNG));
    if (is_within(plan))
        add_strata(m, out, "; both compare items within");
    text_add(out, ".");
}

static void add_interval(struct methods *m, struct text *out)
{
    const struct plan *plan = m->plan;
    if (plan->design == PLAN_SWITCHBACK)
        text_add(out, " Clusters are teams' blocks");
    else
        text_addf(out, " Clusters are %ss", plan_unit_name(plan->cluster));
    text_addf(out, "; intervals at %g %%.", plan->confidence * 100);
    if (is_assigned(plan))
        add_widening(m, out);
    if (is_share_of_baseline(plan))
        sentence(m, out,
                 " The effect is a share of the baseline, which is an estimate too: the interval "
                 "of the share is Fieller's",
                 CITES(REFERENCE_FIELLER));
}

/* ---- Other designs ------------------------------------------------------------------------ */

/* cite   what else is cited for it */
static void add_cells(struct methods *m, struct text *out, const char *mix, enum reference cite)
{
    const struct metric *metric = &m->plan->primary.metric;
    if (metric->kind == METRIC_DURATION) {
        text_addf(out,
                  "Kaplan-Meier curves of items in cells that hold both arms, weighted to %s, and "
                  "the ratio of their restricted means",
                  mix);
        sentence(m, out, "; errors from each cluster's influence, the weights being taken as known",
                 CITES(cite, REFERENCE_UNO));
        return;
    }
    text_addf(out, "Difference within cells that hold both arms, weighted to %s", mix);
    sentence(m, out, "; the interval from leaving out one cluster at a time",
             CITES(cite, REFERENCE_EFRON_STEIN));
}

/* A change less that of the year before (assay/double_difference.h). */
static void add_season(struct methods *m, struct text *out)
{
    const struct metric *metric = &m->plan->primary.metric;
    bool logs = metric->kind == METRIC_RATIO || metric->kind == METRIC_DURATION ||
                metric->scale == METRIC_LOG || m->plan->primary.amount.scale == AMOUNT_RELATIVE;
    text_addf(out, "%s of the plan's two spans, less that of the same days of the year before, ",
              logs ? "Difference of logarithms" : "Difference");
    if (metric->kind == METRIC_DURATION) {
        sentence(m, out,
                 "of restricted means of Kaplan-Meier curves up to one horizon, of items in cells "
                 "that hold all four spans, weighted to the earlier mix; errors from what each "
                 "person adds to both changes together, the weights being taken as known",
                 CITES(REFERENCE_CAMERON, REFERENCE_UNO));
        return;
    }
    sentence(m, out,
             "within cells that hold all four spans, weighted to the earlier mix; the interval "
             "from leaving out one person at a time, of all four spans at once",
             CITES(REFERENCE_CAMERON, REFERENCE_EFRON_STEIN));
}

static void add_staggered(struct methods *m, struct text *out)
{
    const struct plan *plan = m->plan;
    text_add(out,
             "Group-time effects against units that are not treated yet, averaged over groups");
    methods_cite(m, out, CITES(REFERENCE_CALLAWAY));
    if (plan->strata.count > 0)
        add_strata(m, out, "; units are compared within");
    text_add(out, ". Errors by cluster from influences.");
    if (plan->primary.metric.kind == METRIC_DURATION)
        text_add(out, " The outcome of a unit and period is the logarithm of the mean time up to "
                      "the horizon, over items opened at least the horizon before the data's end, "
                      "so that none is censored.");
    if (plan->primary.metric.kind == METRIC_RATIO)
        text_add(out, " The outcome of a unit and period is the logarithm of its ratio of sums.");
}

static void add_design(struct methods *m, struct text *out)
{
    switch (m->plan->design) {
    case PLAN_STAGGERED:
        add_staggered(m, out);
        break;
    case PLAN_LIKE_WITH_LIKE:
        add_cells(m, out, "the second arm's items", REFERENCE_IACUS);
        if (m->plan->primary.metric.kind == METRIC_DURATION)
            sentence(m, out, " Times count from a landmark on", CITES(REFERENCE_ANDERSON));
        break;
    case PLAN_BEFORE_AFTER:
        if (m->plan->season)
            add_season(m, out);
        else
            add_cells(m, out, "the earlier mix", REFERENCE_CAMERON);
        break;
    default:
        add_by_kind(m, out);
    }
}

/* ---- What is asked for beside it ---------------------------------------------------------- */

static void add_time(struct methods *m, struct text *out)
{
    const struct metric *metric = &m->plan->primary.metric;
    if (metric->kind != METRIC_DURATION)
        return;
    text_addf(out, " Times run from %s to %s, up to a horizon of %s; ",
              methods_code(m, metric->from.text), methods_code(m, metric->to.text),
              duration_text(m->arena, metric->horizon));
    text_add(out, metric->abandoned == METRIC_NEVER_DONE
                      ? "an item that was given up counts as not done up to there."
                      : "an item that was given up is censored when it was.");
}

/* What the offer did to use, and use to those whom it moved. */
static void add_use(struct methods *m, struct text *out)
{
    if (m->plan->design != PLAN_ENCOURAGEMENT)
        return;
    if (is_regression(&m->plan->primary.metric))
        sentence(m, out,
                 " The effect of use on those whom the offer moved: two-stage least squares with "
                 "the offer as instrument, CR2 by cluster",
                 CITES(REFERENCE_IMBENS));
    else
        text_add(out, " The effect of use on those whom the offer moved is estimated for means and "
                      "proportions only, so that there is none here.");
}

static void add_covariates(struct methods *m, struct text *out)
{
    const struct plan *plan = m->plan;
    if (plan->adjust_for.count > 0) {
        text_add(out, " Adjusted for ");
        methods_add_formulas(m, out, &plan->adjust_for);
        text_add(out, ".");
    }
    if (plan->earlier)
        sentence(m, out, " Adjusted for each person's mean of the period before",
                 CITES(REFERENCE_DENG_CUPED));
    if (plan->interact)
        sentence(m, out, " Each arm has slopes of its own", CITES(REFERENCE_LIN));
    if (has_covariates(plan) && plan->guardrail_count > 0)
        text_add(out, " Guardrails are not adjusted.");
}

static void add_looks(struct methods *m, struct text *out)
{
    if (!m->plan->anytime)
        return;
    text_addf(out, " A confidence sequence, planned for %lld items, holds whenever it is looked at",
              (long long)m->plan->items);
    methods_cite(m, out, CITES(REFERENCE_WAUDBY));
    text_add(out, ".");
}

/* As it came out: nothing of the effect itself. */
static void add_computed_of(struct methods *m, const json_t *row, struct text *out)
{
    const json_t *comparison = at(row, "comparison");
    double horizon = number_at(comparison, "horizon_days");
    bool several = m->plan->arms.count > 2;
    if (!has_numbers(comparison) || at(comparison, "df") == NULL)
        return;
    text_addf(out, " Errors as computed%s%s: %s, by %s; %.1f degrees of freedom.",
              several ? " of " : "", several ? methods_code(m, text_at(row, "plan.arm")) : "",
              text_at(comparison, "errors"), text_at(comparison, "errors_by"),
              number_at(comparison, "df"));
    if (!isnan(horizon))
        text_addf(out, " The curves end at %s.", format_days(m->arena, horizon));
}

/* Of each arm beside the baseline. */
static void add_computed(struct methods *m, struct text *out)
{
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(m->rows, index, row) add_computed_of(m, row, out);
}

void methods_add_estimator(struct methods *m)
{
    struct text out = {.arena = m->arena};
    add_design(m, &out);
    if (design_of(m->plan->design) == NULL)
        text_add(&out, " This version of assay does not estimate such plans.");
    add_time(m, &out);
    add_interval(m, &out);
    add_covariates(m, &out);
    add_use(m, &out);
    if (is_assigned(m->plan))
        add_hazards(m, &out);
    add_looks(m, &out);
    add_computed(m, &out);
    methods_paragraph(m, "Estimator and interval", text_get(&out));
}
