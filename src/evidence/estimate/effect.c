#include "evidence/estimate/effect.h"

#include <math.h>

enum effect_scale effect_scale_of(const struct metric *metric, bool log_ratio)
{
    if (log_ratio || metric->material.scale == AMOUNT_RELATIVE)
        return SCALE_RELATIVE;
    return metric->kind == METRIC_PROPORTION ? SCALE_POINTS : SCALE_UNIT;
}

double effect_margin(const struct metric *metric, enum effect_scale scale, double baseline)
{
    bool relative = metric->material.scale == AMOUNT_RELATIVE;
    double margin = metric->material.value;
    if (metric->material.scale == AMOUNT_UNITS)
        margin *= metric_unit_minutes(metric);
    else if (metric->material.scale == AMOUNT_POINTS && metric->has_range)
        margin *= metric->range_high - metric->range_low;
    if (scale == SCALE_RELATIVE && !relative)
        return baseline > 0 ? margin / baseline : NAN;
    return margin;
}

static void no_effect(struct effect_estimate *out)
{
    *out = (struct effect_estimate){NAN, {NAN, NAN}, NAN, NAN};
}

enum status effect_of(const struct metric *metric, const struct estimated *estimated,
                      struct effect_estimate *out, enum effect_scale *scale, struct error *error)
{
    struct effect effect = {estimated->estimate.value, estimated->estimate.interval};
    enum status status = STATUS_OK;
    no_effect(out);
    *scale = effect_scale_of(metric, estimated->log_ratio);
    if (estimated->log_ratio && isnan(effect.interval.low)) {
        out->effect = expm1(estimated->estimate.value);
        return STATUS_OK;
    }
    if (estimated->log_ratio)
        status = assay_effect_ratio(&estimated->estimate, &effect, error);
    else if (*scale == SCALE_RELATIVE)
        status = assay_effect_share(estimated->of_share != NULL ? estimated->of_share
                                                                : &estimated->estimate,
                                    &estimated->baseline, estimated->level, &effect, error);
    if (status == STATUS_OK)
        *out = (struct effect_estimate){effect.value, effect.interval, estimated->estimate.df,
                                        estimated->estimate.p};
    return status;
}

const char *effect_no_interval(struct arena *arena, const struct metric *metric,
                               const struct effect_estimate *effect, double baseline,
                               const struct estimate *difference, double level)
{
    if (isnan(effect->effect) || !isnan(effect->interval.low) || !isnan(effect->interval.high))
        return NULL;
    const char *unit = metric->unit[0] != '\0' ? arena_printf(arena, " %s", metric->unit) : "";
    const char *why = arena_printf(arena,
                                   "the baseline, %.2g%s, is not told from 0, so that a share of "
                                   "it may be of any size",
                                   baseline, unit);
    if (!(difference->standard_error > 0) || !isfinite(difference->interval.low) ||
        !isfinite(difference->interval.high))
        return why;
    return arena_printf(
        arena, "%s; the difference itself is %+.2g%s (%.4g %% interval %+.2g … %+.2g)", why,
        difference->value, unit, 100 * level, difference->interval.low, difference->interval.high);
}

struct leverage effect_without_one(const struct metric *metric, const struct estimated *estimated)
{
    struct leverage out = estimated->without_one;
    double base = estimated->baseline.mean;
    if (estimated->of_share != NULL) /* the estimate itself is a share of another number */
        base *= estimated->estimate.value / estimated->of_share->value;
    if (!out.known)
        return out;
    if (estimated->log_ratio)
        return (struct leverage){true, expm1(out.low), expm1(out.high)};
    if (effect_scale_of(metric, false) != SCALE_RELATIVE)
        return out;
    return base > 0 ? (struct leverage){true, out.low / base, out.high / base}
                    : (struct leverage){0};
}

struct interval effect_in_good_direction(const struct metric *metric, struct interval interval)
{
    if (metric->better == METRIC_HIGHER)
        return interval;
    return (struct interval){-interval.high, -interval.low};
}

struct metric_shown effect_metric(const struct metric *metric)
{
    return (struct metric_shown){
        .name = metric->name,
        .label = metric->label,
        .unit = metric->kind == METRIC_DURATION ? "minutes" : metric->unit,
        .kind = metric_kind_name(metric->kind),
        .lower_is_better = metric->better == METRIC_LOWER,
    };
}

double effect_days(double minutes)
{
    return minutes / (24 * 60);
}

double effect_minutes(double days)
{
    return days * 24 * 60;
}

static double most_in_unit(const struct metric *metric, double value)
{
    bool lower = metric->better == METRIC_LOWER;
    if (metric->kind == METRIC_PROPORTION)
        return lower ? value : 1 - value;
    if (metric->kind == METRIC_MEAN && metric->has_range)
        return lower ? value - metric->range_low : metric->range_high - value;
    return metric->kind == METRIC_DURATION && lower ? value : INFINITY;
}

double effect_most_possible(const struct metric *metric, enum effect_scale scale, double value)
{
    double most = most_in_unit(metric, value);
    if (scale == SCALE_RELATIVE)
        return value > 0 ? most / value : INFINITY;
    return most;
}
