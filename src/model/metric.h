/* model/metric.h

   A metric says how a number is made from items: one YAML file, read from the user's folder or,
   under a name not found there, from those built in. Its kinds are mean, proportion, duration,
   ratio and quantile. Names of values here are those of the keys. */

#ifndef MODEL_METRIC_H
#define MODEL_METRIC_H

#include "assay/status.h"
#include "base/arena.h"
#include "base/place.h"
#include "base/yaml.h"
#include "engine/engine.h"
#include "model/amount.h"
#include "model/formula.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum metric_kind {
    METRIC_MEAN,       /* value: a number; effect: difference, or ratio of geometric means - 1 */
    METRIC_PROPORTION, /* value: a truth; effect: points */
    METRIC_DURATION,   /* from, to: times; effect: ratio of restricted means up to horizon - 1 */
    METRIC_RATIO,      /* numerator, denominator: numbers; effect: ratio of (sum over sum) - 1 */
    METRIC_QUANTILE    /* value: a number; effect: difference of the quantiles of two arms */
};

const char *metric_kind_name(enum metric_kind kind); /* as in YAML */

enum metric_scale { METRIC_IDENTITY, METRIC_LOG };
enum metric_better { METRIC_LOWER, METRIC_HIGHER };

/* What an abandoned item means for a duration. */
enum metric_abandoned {
    METRIC_NEVER_DONE, /* it stays undone for as long as the data go */
    METRIC_CENSORED    /* it was watched until it was abandoned, and would have been done later */
};

struct metric_formula {
    const char *text; /* NULL: this kind has none */
    size_t length;
    struct place place;
    struct formula compiled; /* after metric_compile; before: sql NULL */
};

struct metric {
    const char *name;
    const char *label;
    enum metric_kind kind;
    const char *unit; /* never NULL; "" for none; minutes, hours or days for a duration */
    enum metric_better better;
    struct amount material;
    int64_t matures_after; /* microseconds from the item's start of counting; 0: at once */
    bool grows_with_time;  /* always so for a duration: exposure ends at the landmark; and, once
                              compiled, for a quantile of what is reckoned up to the close */

    struct metric_formula value; /* mean, proportion, quantile */
    enum metric_scale scale;     /* mean; for METRIC_LOG the estimator takes the value's logarithm
                                    and counts values <= 0 as undefined */
    bool has_range;              /* mean: value lies in [range_low, range_high] */
    double range_low;
    double range_high;

    double quantile; /* quantile: the share of items that have no more, 0.01 to 0.99 */

    struct metric_formula numerator; /* ratio */
    struct metric_formula denominator;

    struct metric_formula from; /* duration */
    struct metric_formula to;   /* missing: still open */
    int64_t horizon;            /* microseconds, over 0 */
    enum metric_abandoned abandoned;

    const char *const *measures; /* that the formulas read and that need not be there yet */
    size_t measure_count;

    const char *file;   /* as in errors: a path, or builtin/metrics/NAME.yaml */
    const char *source; /* the file's text: hashed when a plan is locked */
    bool built_in;
};

/* Reads a metric's YAML; the file's own name is checked by metric_find. */
enum status metric_read(struct arena *arena, const char *file, const char *text, size_t length,
                        struct metric *out, struct error *error);

/* Finds a metric by name: FOLDER/NAME.yaml (folder may be NULL or absent), else built in.
   An unknown name is ERROR_INPUT at `place` (where the name was written) with the nearest. */
enum status metric_find(struct arena *arena, const char *folder, const char *name,
                        const struct place *place, struct metric *out, struct error *error);

/* Metrics of a folder that were found and compiled once, for whoever asks for them again. Start
   with
   {.folder = FOLDER}; the folder may be NULL. */
struct metrics_known {
    const char *folder;
    struct metric *list;
    size_t count;
    size_t capacity;
};

/* metric_find and metric_compile, at the first time that a name is asked for. arena and names are
   the same at every call. */
enum status metric_known(struct arena *arena, struct engine *engine,
                         const struct formula_names *names, struct metrics_known *known,
                         const char *name, const struct place *place, struct metric *out,
                         struct error *error);

/* Files of metrics that cannot be read, each with its place. */
struct metric_broken {
    const struct error *list;
    size_t count;
};

/* All metrics, by name: the user's, and the built-in ones that they do not replace.
   broken   the files that cannot be read, left out of the list; NULL: the first is the error */
enum status metric_list(struct arena *arena, const char *folder, struct metric **out, size_t *count,
                        struct metric_broken *broken, struct error *error);

/* Compiles the formulas and checks their types. names->worker and before_use_only are false. */
enum status metric_compile(struct arena *arena, struct engine *engine,
                           const struct formula_names *names, struct metric *metric,
                           struct error *error);

/* Whether an amount makes sense for the metric: points need a proportion or a range, a proportion
   takes no amount without % or pp, and one on the log scale only %. what ("improve_by") is in
   place. */
enum status metric_check_amount(const struct metric *metric, struct amount amount,
                                const struct place *place, struct error *error);

/* A sentence: why two arms cannot be told apart by the metric, whatever the numbers. NULL: they may
   be. as_found   nobody assigned them */
const char *metric_refused_between(const struct metric *metric, const char *const arms[2],
                                   bool as_found);

/* The minutes in a unit of a duration, in which times are estimated; 1 for all others. */
double metric_unit_minutes(const struct metric *metric);

#endif
