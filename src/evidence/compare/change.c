#include "evidence/compare/change.h"

#include "base/error.h"
#include "evidence/compare/change_assigned.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/effect.h"
#include "evidence/estimate/told.h"
#include "evidence/sample/cells.h"
#include "evidence/sample/reason.h"

#include <math.h>

static enum change_word word_of(const struct metric *metric, struct interval interval,
                                double margin)
{
    struct interval good = effect_in_good_direction(metric, interval);
    if (good.low > -margin && good.high < margin)
        return CHANGE_STEADY;
    if (good.low > 0)
        return CHANGE_IMPROVED;
    return good.high < 0 ? CHANGE_DECLINED : CHANGE_UNCLEAR;
}

/* An interval from few people's events is too narrow: those who had none show no variance. The
   check few_events is the same rule for comparisons. */
static void leave_open(struct change *out)
{
    out->estimate.interval = (struct interval){NAN, NAN};
    out->estimate.df = NAN;
    out->estimate.p = NAN;
    out->no_interval = "what is counted happened to under 10 people, too few for an interval";
}

static enum status estimate(struct workspace *workspace, const struct sample *sample,
                            struct arena *arena, struct sample_counts *counts,
                            struct estimated *out, struct error *error)
{
    static const struct precision precision = {.level = 0.95, .variance = VARIANCE_CR2};
    bool duration = sample->metric->kind == METRIC_DURATION;
    int earlier_mix = duration && sample->cell == NULL ? -1 : 0;
    if (!duration) {
        enum status status = sample_count(workspace, sample, arena, counts, error);
        if (status != STATUS_OK || counts->items[0] == 0 || counts->items[1] == 0)
            return status;
    }
    return estimate_sample(workspace, sample, earlier_mix, &precision, arena, counts, out, error);
}

enum status change_estimate(struct workspace *workspace, const char *use_case,
                            const struct metric *metric, const struct span *now,
                            const struct span *before, struct arena *arena, struct change *out,
                            struct error *error)
{
    *out = (struct change){.before = NAN, .now = NAN, .matched = NAN, .horizon_days = NAN};
    struct cells cells;
    struct sample_counts counts = {0};
    struct estimated estimated = {0};
    struct error why = {0};
    struct matched_workers matched;
    struct told told;
    enum status status = cells_default(workspace, use_case, before, arena, &cells, error);
    if (status != STATUS_OK)
        return status;
    struct sample sample = {
        .use_case = use_case,
        .metric = metric,
        .span = *now,
        .arms = {.kind = ARMS_BY_PERIOD, .before = *before, .names = {"before", "now"}},
        .landmark_minutes = NAN,
        .cell = cells.sql,
    };
    status = estimate(workspace, &sample, arena, &counts, &estimated, &why);
    enum status beside = change_assigned(workspace, &sample, &counts, arena, &sample.scope, error);
    if (beside != STATUS_OK)
        return beside;
    out->assigned_only = sample.scope != NULL;
    if (out->assigned_only) {
        why = (struct error){0};
        status = estimate(workspace, &sample, arena, &counts, &estimated, &why);
    }
    out->items_before = counts.items[0];
    out->items_now = counts.items[1];
    out->workers_before = counts.workers[0];
    out->workers_now = counts.workers[1];
    out->reach_before = counts.reach[0];
    out->reach_now = counts.reach[1];
    out->fewest = out->workers_before < out->workers_now ? out->workers_before : out->workers_now;
    bool no_estimate = status == ERROR_DOMAIN || status == ERROR_SINGULAR;
    if (status != STATUS_OK && !no_estimate) {
        if (error != NULL)
            *error = why;
        return status;
    }
    if (counts.items[1] == 0)
        out->why_not = "nothing in this period has an outcome";
    else if (counts.items[0] == 0)
        out->why_not = "there is no earlier period to compare with";
    else if (no_estimate)
        out->why_not = reason_of(&why, arena);
    if (out->why_not == NULL) {
        status = effect_of(metric, &estimated, &out->estimate, &out->scale, &why);
        if (status == ERROR_DOMAIN || status == ERROR_SINGULAR) {
            out->why_not = reason_of(&why, arena);
        } else if (status != STATUS_OK) {
            if (error != NULL)
                *error = why;
            return status;
        }
    }
    if (out->why_not != NULL) /* the reason, too, is of so many people */
        return counts_behind(workspace, &sample, arena, &out->fewest, error);
    if (cells.sql != NULL) {
        status = counts_of_matched(workspace, &sample, arena, &matched, error);
        if (status != STATUS_OK)
            return status;
        out->fewest = matched.arms[0] < matched.arms[1] ? matched.arms[0] : matched.arms[1];
    }
    if (estimated.fewest_beside > 0 && estimated.fewest_beside < out->fewest)
        out->fewest = estimated.fewest_beside;
    status = told_people(workspace, &sample, arena, &told, error);
    if (status != STATUS_OK)
        return status;
    told_keep(&told, TOLD_MIX_0, &out->fewest);
    if (workspace->publishing)
        status = contributions_of(workspace, &sample, arena, out->contributions, error);
    if (status != STATUS_OK)
        return status;
    out->exists = true;
    out->before = estimated.mean[0];
    out->now = estimated.mean[1];
    out->cells = cells.label;
    out->matched = 1 - estimated.unmatched[1];
    out->horizon_days = effect_days(estimated.horizon_minutes);
    out->no_interval = estimated.no_interval;
    out->margin = effect_margin(metric, out->scale, estimated.mean[0]);
    if (told.eventful < eventful_least && told.eventful < told.people)
        leave_open(out);
    out->word = word_of(metric, out->estimate.interval, out->margin);
    return ratio_parts(workspace, &sample, arena, &out->parts, error);
}
