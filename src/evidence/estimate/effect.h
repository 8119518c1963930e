/* evidence/estimate/effect.h: from an estimate to an effect on the scale of the metric's margin. */

#ifndef EVIDENCE_EFFECT_H
#define EVIDENCE_EFFECT_H

#include "evidence/estimate/estimators.h"

/* The scale that effects of a metric are shown on: that of its margin. */
enum effect_scale effect_scale_of(const struct metric *metric, bool log_ratio);

/* The smallest effect worth acting on, on that scale.
   baseline   value of the baseline, for a margin in the metric's unit beside a relative effect */
double effect_margin(const struct metric *metric, enum effect_scale scale, double baseline);

/* A relative effect on a baseline that is hardly told from 0 has no interval: NAN. A side of an
   interval that has no bound is -INFINITY or INFINITY.
   ERROR_DOMAIN: one on a baseline that is not above 0. */
enum status effect_of(const struct metric *metric, const struct estimated *estimated,
                      struct effect_estimate *out, enum effect_scale *scale, struct error *error);

/* Why a relative effect stands without an interval, and what is known all the same: the difference
   in the metric's unit, to two digits. NULL: it has one.
   difference   with its interval at the level; no value where it is not known */
const char *effect_no_interval(struct arena *arena, const struct metric *metric,
                               const struct effect_estimate *effect, double baseline,
                               const struct estimate *difference, double level);

/* The effect without one cluster, on the same scale and with the baseline as it is. */
struct leverage effect_without_one(const struct metric *metric, const struct estimated *estimated);

/* The interval in the metric's good direction: above 0 is better. */
struct interval effect_in_good_direction(const struct metric *metric, struct interval interval);

struct metric_shown effect_metric(const struct metric *metric);

/* Days and minutes of result.h. */
double effect_days(double minutes);
double effect_minutes(double days);

/* The most by which a value could get better, on the scale: a share ends at 0 and 1, a metric with
   a range at its ends, a time at 0. INFINITY: no end is known. */
double effect_most_possible(const struct metric *metric, enum effect_scale scale, double value);

#endif
