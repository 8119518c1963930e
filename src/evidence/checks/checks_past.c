/* Checks of what lies before a plan of before and after, by the metric's own estimate
   (docs/methods/plans.md). Whoever brings AI in because work goes badly sees it get better without
   AI: the time before the day that divides is set beside earlier spells of the same length. And
   what comes each year at that time comes without AI, too: the same weeks of the year before. */

#include "evidence/checks/checks.h"

#include "assay/regression_to_mean.h"
#include "base/text.h"
#include "base/time.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/effect.h"
#include "evidence/estimate/told.h"
#include "evidence/sample/period.h"

#include <math.h>

enum { spells_most = 13 }; /* the time before included: further back, work was another */
/* Of what was planned: a movement that is worth a word. */
static const double share_least = 0.1;
static const int64_t weeks_of_year = TIME_DAY * 7 * 52; /* the same days of the week */

/* ---- Two spans of the past ---------------------------------------------------------------- */

static enum status first_item(const struct checking *checking, int64_t *out, struct error *error)
{
    const struct sample *sample = checking->sample;
    *out = sample->arms.before.from;
    return period_first_item(checking->workspace, sample->use_case, sample->scope, checking->arena,
                             out, error);
}

/* A guardrail is estimated in a row without a plan, of which what is noted is not shown. */
static bool is_asked(const struct checking *checking)
{
    return checking->row->plan.name != NULL && checking->sample->use_case != NULL &&
           !checking->sample->arms.before.all;
}

/* Would what is said of these two spans be of many people? */
static enum status are_many(const struct checking *checking, const struct sample *sample,
                            const struct sample_counts *counts, const struct told *told,
                            int mix_of_arm, bool *out, struct error *error)
{
    int64_t least = checking->request->min_group;
    int64_t fewest = least;
    struct matched_workers matched = {{counts->workers[0], counts->workers[1]}, 0, {0, 0}};
    enum status status = STATUS_OK;
    if (sample->cell != NULL)
        status = counts_of_matched(checking->workspace, sample, checking->arena, &matched, error);
    told_keep(told, mix_of_arm == 0 ? TOLD_MIX_0 : TOLD_MIX_1, &fewest);
    *out = counts->workers[0] >= least && counts->workers[1] >= least && matched.arms[0] >= least &&
           matched.arms[1] >= least && fewest >= least;
    return status;
}

/* From one span to a later one, within the cells of the comparison on the mix of one of them; NAN
   where there is no effect, or none of enough people. */
static enum status effect_between(const struct checking *checking, const struct span *earlier,
                                  const struct span *later, int mix_of_arm,
                                  struct effect_estimate *out, struct error *error)
{
    static const struct effect_estimate none = {NAN, {NAN, NAN}, NAN, NAN};
    const struct comparison_request *request = checking->request;
    const struct precision precision = {request->level, request->variance, request->normal};
    struct sample sample = *checking->sample;
    struct sample_counts counts = {0};
    struct estimated estimated = {0};
    struct told told = {0};
    enum effect_scale scale;
    bool many = false;
    *out = none;
    sample.span = *later;
    sample.arms.before = *earlier;
    enum status status =
        counts_of_items(checking->workspace, &sample, checking->arena, &counts, error);
    if (status != STATUS_OK || counts.workers[0] < request->min_group)
        return status;
    status = told_people(checking->workspace, &sample, checking->arena, &told, error);
    if (status == STATUS_OK)
        status = are_many(checking, &sample, &counts, &told, mix_of_arm, &many, error);
    if (status != STATUS_OK || !many)
        return status;
    status = estimate_sample(checking->workspace, &sample, sample.cell != NULL ? mix_of_arm : -1,
                             &precision, checking->arena, &counts, &estimated, error);
    if (status == STATUS_OK)
        status = effect_of(sample.metric, &estimated, out, &scale, error);
    if (status != STATUS_OK ||
        (estimated.fewest_beside > 0 && estimated.fewest_beside < request->min_group))
        *out = none;
    if (told.eventful < eventful_least && told.eventful < told.people)
        out->interval = none.interval; /* as the check few_events has it */
    return status == ERROR_DOMAIN || status == ERROR_SINGULAR ? STATUS_OK : status;
}

/* ---- Spells ----------------------------------------------------------------------------- */

/* Levels less that of the time before, higher is better, latest first; the time before is the first
   of them, 0. */
struct spells {
    int64_t length;
    double levels[spells_most];
    size_t count;
    bool as_bad; /* one of them is no better than the time before */
};

/* A level in which movements add up: of relative effects the logarithm. */
static double level_of(const struct comparison *comparison, double effect)
{
    return comparison->scale == SCALE_RELATIVE ? log1p(effect) : effect;
}

static double effect_of_level(const struct comparison *comparison, double level)
{
    return comparison->scale == SCALE_RELATIVE ? expm1(level) : level;
}

/* All spells are given the time before's mix of work. */
static enum status level_of_spell(const struct checking *checking, const struct span *spell,
                                  double *out, struct error *error)
{
    struct effect_estimate effect;
    enum status status =
        effect_between(checking, spell, &checking->sample->arms.before, 1, &effect, error);
    double worse = level_of(&checking->row->comparison, effect.effect);
    *out = checking->request->metric->better == METRIC_LOWER ? worse : -worse;
    return status;
}

/* Back to the first spell without a level, so that they follow each other. Where one is no better
   than the time before, the question is answered. */
static enum status find_spells(const struct checking *checking, struct spells *out,
                               struct error *error)
{
    const struct span *before = &checking->sample->arms.before;
    int64_t first = 0;
    enum status status = first_item(checking, &first, error);
    *out = (struct spells){.length = before->until - before->from, .levels = {0}, .count = 1};
    while (status == STATUS_OK && out->count < spells_most && !out->as_bad) {
        int64_t until = before->from - ((int64_t)out->count - 1) * out->length;
        const struct span spell = {false, until - out->length, until};
        double level = NAN;
        if (!period_is_reached(first, &spell))
            break;
        status = level_of_spell(checking, &spell, &level, error);
        if (!isfinite(level))
            break;
        out->levels[out->count++] = level;
        out->as_bad = level <= 0;
    }
    return status;
}

/* ---- What they say ---------------------------------------------------------------------- */

/* A movement of the level for the better, as an effect on the scale of the comparison's. */
static double movement(const struct checking *checking, double better)
{
    bool lower = checking->request->metric->better == METRIC_LOWER;
    return effect_of_level(&checking->row->comparison, lower ? -better : better);
}

static const char *number_in_words(const struct checking *checking, double effect)
{
    bool in_unit = checking->row->comparison.scale == SCALE_UNIT;
    double shown = fabs(in_unit ? effect : effect * 100);
    int places = shown >= 10 ? 0 : shown >= 1 ? 1 : 2;
    return arena_printf(checking->arena, "%s%.*f", effect < 0 ? "−" : "+", places, shown);
}

static const char *in_words(const struct checking *checking, double effect)
{
    enum effect_scale scale = checking->row->comparison.scale;
    const char *unit = scale == SCALE_RELATIVE ? "%"
                       : scale == SCALE_POINTS ? "points"
                                               : checking->request->metric->unit;
    return arena_printf(checking->arena, "%s%s%s", number_in_words(checking, effect),
                        unit[0] == '\0' ? "" : " ", unit);
}

static const char *back_in_words(const struct checking *checking, const struct spells *spells,
                                 const struct past_values *past)
{
    struct text out = {.arena = checking->arena};
    text_addf(
        &out,
        "of %zu spells of %lld days up to the day, the last was the worst: back at their mean, "
        "a change of %s is to be expected without any AI",
        spells->count, (long long)((spells->length + TIME_DAY / 2) / TIME_DAY),
        in_words(checking, movement(checking, past->back)));
    if (past->correlation > 0)
        text_addf(&out, ", or of %s if spells last as they did so far (correlation %.2f)",
                  in_words(checking, movement(checking, past->lasting)), past->correlation);
    text_addf(&out, "; %s was found",
              in_words(checking, checking->row->comparison.estimate.effect));
    return text_get(&out);
}

static const char *unseen_in_words(const struct checking *checking, const struct spells *spells)
{
    if (spells->count > 1)
        return arena_printf(checking->arena,
                            "before the plan's period the work of enough people goes back for "
                            "less than %d spells as long as the time before the day: too little "
                            "to judge by whether that was a bad one, after which work gets better "
                            "without AI",
                            assay_past_least - 1);
    return "before the plan's period there is no history to judge by: if AI came because work went "
           "badly, part of the change would have come without it";
}

/* Is the movement worth a word beside what was planned? */
static bool is_worth(const struct checking *checking, double back)
{
    return !(fabs(movement(checking, back)) < share_least * checking->row->margin);
}

enum status check_regression_to_mean(const struct checking *checking, struct finding *out,
                                     struct error *error)
{
    struct spells spells;
    struct past_values past;
    double in_order[spells_most];
    if (!is_asked(checking))
        return STATUS_OK;
    enum status status = find_spells(checking, &spells, error);
    if (status != STATUS_OK)
        return status;
    check_finds(out, !spells.as_bad);
    if (spells.as_bad)
        return STATUS_OK;
    if (spells.count < assay_past_least) {
        out->sentence = unseen_in_words(checking, &spells);
        return STATUS_OK;
    }
    for (size_t i = 0; i < spells.count; i++)
        in_order[spells.count - 1 - i] = spells.levels[i];
    status = assay_regression_to_mean(in_order, spells.count, &past, error);
    if (status != STATUS_OK)
        return status;
    check_finds(out, past.lowest && is_worth(checking, past.back));
    if (out->found)
        out->sentence = back_in_words(checking, &spells, &past);
    return STATUS_OK;
}

/* ---- The year before -------------------------------------------------------------------- */

static struct span a_year_before(const struct span *span)
{
    return (struct span){false, span->from - weeks_of_year, span->until - weeks_of_year};
}

/* Not made where the data do not reach a year back, or not yet to the end of the plan, or where the
   plan takes the movement off itself. */
enum status check_season(const struct checking *checking, struct finding *out, struct error *error)
{
    const struct row *row = checking->row;
    const struct span *before = &checking->sample->arms.before;
    const struct span *after = &checking->sample->span;
    const struct span earlier = a_year_before(before);
    const struct span later = a_year_before(after);
    struct effect_estimate then;
    int64_t first = 0;
    if (!is_asked(checking) || row->comparison.season.exists || !row->plan.ended ||
        later.until > before->from)
        return STATUS_OK;
    enum status status = first_item(checking, &first, error);
    if (status != STATUS_OK || !period_is_reached(first, &earlier))
        return status;
    status = effect_between(checking, &earlier, &later, 0, &then, error);
    if (status != STATUS_OK || !isfinite(then.interval.low) || !isfinite(then.interval.high))
        return status;
    bool told = then.interval.low > 0 || then.interval.high < 0;
    bool likewise = then.effect * row->comparison.estimate.effect > 0;
    check_finds(out, told && likewise && !(fabs(then.effect) < share_least * row->margin));
    out->sentence = arena_printf(
        checking->arena, "in the same weeks of the year before it moved by %s (%s … %s), now by %s",
        in_words(checking, then.effect), number_in_words(checking, then.interval.low),
        number_in_words(checking, then.interval.high),
        in_words(checking, row->comparison.estimate.effect));
    return STATUS_OK;
}
