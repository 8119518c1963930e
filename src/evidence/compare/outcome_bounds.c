/* Bounds from compressed frames: the ends of the trims from the arm's different values, then one
   value per cluster between any two ends. */

#include "evidence/compare/opt_outs.h"

#include "assay/bounds.h"
#include "base/embedded.h"
#include "base/text.h"
#include "evidence/estimate/effect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ends = 4 };

struct trim {
    int arm;
    double ranks[ends];  /* from the smallest on */
    double values[ends]; /* growing */
    double top;          /* the lowest value that a trim from the top takes of */
    double bottom;       /* the highest that one from the bottom takes of */
};

static double sum(const double *list, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++)
        total += list[i];
    return total;
}

static int by_value(const void *one, const void *other)
{
    double a = *(const double *)one;
    double b = *(const double *)other;
    return (a > b) - (a < b);
}

/* Which arm is trimmed, as the kernel has it, and the ranks beside both ends of its trims. */
static struct trim trim_of(const struct bounded_clusters *clusters)
{
    double known[2];
    double share[2];
    for (int arm = 0; arm < 2; arm++) {
        known[arm] = sum(clusters->known[arm], clusters->count);
        share[arm] = known[arm] / sum(clusters->assigned[arm], clusters->count);
    }
    struct trim trim = {.arm = share[1] >= share[0] ? 1 : 0};
    double count = known[trim.arm];
    double kept = floor(share[1 - trim.arm] / share[trim.arm] * count);
    const double ranks[ends] = {kept, kept + 1, count - kept, count - kept + 1};
    for (int i = 0; i < ends; i++)
        trim.ranks[i] = fmin(fmax(ranks[i], 1), count);
    return trim;
}

/* The values of the sample, and those that the queries of bounds name. */
static struct engine_values values_of(struct arena *arena, const struct sample *sample,
                                      const struct trim *trim)
{
    static const char *const ranks[ends] = {"rank_0", "rank_1", "rank_2", "rank_3"};
    static const char *const values[ends] = {"value_0", "value_1", "value_2", "value_3"};
    struct engine_values given = sample_values(arena, sample);
    struct engine_value *list =
        arena_array(arena, given.count + 3 + (size_t)2 * ends, sizeof *list);
    memcpy(list, given.list, given.count * sizeof *list);
    size_t count = given.count;
    list[count++] = engine_integer("trimmed", trim->arm);
    list[count++] = engine_number("top", trim->top);
    list[count++] = engine_number("bottom", trim->bottom);
    for (int i = 0; i < ends; i++) {
        list[count++] = engine_number(ranks[i], trim->ranks[i]);
        list[count++] = engine_number(values[i], trim->values[i]);
    }
    return (struct engine_values){list, count};
}

static enum status ask(struct workspace *workspace, const struct sample *sample, const char *file,
                       const struct trim *trim, struct arena *arena, struct frame *out,
                       struct error *error)
{
    const char *sql =
        TEXT_FILLED(arena, embedded_text(file), {"sample", sample_sql(arena, sample)});
    return engine_query(workspace->engine, sql, values_of(arena, sample, trim), arena, out, error);
}

static enum status find_ends(struct workspace *workspace, const struct sample *sample,
                             struct trim *trim, struct arena *arena, struct error *error)
{
    struct frame frame;
    enum status status =
        ask(workspace, sample, "evidence/compare/bounds_ranks.sql", trim, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < ends; i++)
        trim->values[i] = frame_number(&frame, 0, i);
    trim->top = trim->values[1];
    trim->bottom = trim->values[2];
    qsort(trim->values, ends, sizeof *trim->values, by_value);
    return STATUS_OK;
}

static enum status count_people(struct workspace *workspace, const struct sample *sample,
                                const struct trim *trim, struct arena *arena, int64_t *fewest,
                                struct error *error)
{
    struct frame frame;
    enum status status =
        ask(workspace, sample, "evidence/compare/bounds_people.sql", trim, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    *fewest = INT64_MAX;
    for (size_t i = 0; i < frame.column_count; i++)
        *fewest = frame_integer(&frame, 0, i) < *fewest ? frame_integer(&frame, 0, i) : *fewest;
    return STATUS_OK;
}

/* ---- The kernel
 * ---------------------------------------------------------------------------------- */

static int by_name(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static size_t place_of(const struct bounded_clusters *clusters, const char *name)
{
    const char *const *found =
        bsearch(&name, clusters->names, clusters->count, sizeof *clusters->names, by_name);
    return (size_t)(found - (const char *const *)clusters->names);
}

/* The frame is sorted by arm and value. */
static void take_arms(const struct frame *frame, const struct bounded_clusters *clusters,
                      struct arena *arena, struct bounds_arm arms[2])
{
    double *value = arena_array(arena, frame->rows + 1, sizeof *value);
    double *items = arena_array(arena, frame->rows + 1, sizeof *items);
    size_t *cluster = arena_array(arena, frame->rows + 1, sizeof *cluster);
    size_t count[2] = {0, 0};
    for (size_t row = 0; row < frame->rows; row++) {
        count[frame_integer(frame, row, 0)]++;
        cluster[row] = place_of(clusters, frame_text(frame, row, 1));
        value[row] = frame_number(frame, row, 2);
        items[row] = frame_number(frame, row, 3);
    }
    for (int arm = 0; arm < 2; arm++) {
        size_t from = arm == 0 ? 0 : count[0];
        arms[arm] = (struct bounds_arm){count[arm], value + from, items + from, cluster + from,
                                        clusters->assigned[arm]};
    }
}

/* On the scale of people: points, ratios of geometric means, or the metric's unit. */
static void show(const struct metric *metric, const struct bounds *bounds,
                 struct outcome_bounds *out)
{
    bool log_scale = metric->scale == METRIC_LOG && metric->kind == METRIC_MEAN;
    out->scale = log_scale                           ? SCALE_RELATIVE
                 : metric->kind == METRIC_PROPORTION ? SCALE_POINTS
                                                     : SCALE_UNIT;
    out->bounds = bounds->bounds;
    out->interval = bounds->interval;
    if (log_scale) {
        out->bounds = (struct interval){expm1(out->bounds.low), expm1(out->bounds.high)};
        out->interval = (struct interval){expm1(out->interval.low), expm1(out->interval.high)};
    }
    out->trimmed = bounds->trimmed;
    out->trimmed_arm = bounds->trimmed_arm;
    out->exists = true;
}

enum status outcome_bounds_fill(struct workspace *workspace, const struct sample *sample,
                                const struct bounded_clusters *clusters, double level,
                                struct arena *arena, struct outcome_bounds *out,
                                struct error *error)
{
    struct trim trim = trim_of(clusters);
    struct bounds_arm arms[2];
    struct bounds bounds;
    struct frame frame;
    struct error why = {0};
    enum status status = find_ends(workspace, sample, &trim, arena, error);
    if (status == STATUS_OK)
        status = count_people(workspace, sample, &trim, arena, &out->fewest, error);
    if (status == STATUS_OK)
        status = ask(workspace, sample, "evidence/compare/bounds_values.sql", &trim, arena, &frame,
                     error);
    if (status != STATUS_OK)
        return status;
    take_arms(&frame, clusters, arena, arms);
    double *scratch = arena_array(arena, assay_bounds_scratch(clusters->count), sizeof *scratch);
    status = assay_bounds(arms, clusters->count, level, scratch, &bounds, &why);
    if (status == ERROR_DOMAIN) {
        out->why_not = "too few people or outcomes for bounds";
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        show(sample->metric, &bounds, out);
    else if (error != NULL)
        *error = why;
    return status;
}
