/* Durations with open items: the clustered restricted mean in two passes.

   Pass one returns risk sets per arm and time, libassay turns them into the influence of an item
   by its time, pass two joins these by time and sums them by worker. No item is in C's memory. */

#include "evidence/estimate/estimators.h"

#include "assay/restricted_mean.h"
#include "base/embedded.h"
#include "base/error.h"
#include "engine/sql_text.h"
#include "evidence/estimate/counts.h"
#include "evidence/sample/coarse_time.h"

#include <math.h>
#include <string.h>

struct risk {
    struct risk_table table[2];
    struct restricted_mean mean[2];
    double *event_influence[2];
    double *censored_influence[2];
};

/* Makes the temporary table `timed`. */
static enum status make_timed(struct workspace *workspace, const struct sample *sample,
                              int mix_of_arm, struct arena *arena, struct error *error)
{
    const char *sql = embedded_text(mix_of_arm < 0 ? "evidence/estimate/timed.sql"
                                                   : "evidence/estimate/timed_within.sql");
    const char *weight = arena_printf(arena,
                                      "case when m.items_0 = 0 or m.items_1 = 0 then 0e0 "
                                      "when s.arm = %d then 1e0 else m.items_%d / m.items_%d end",
                                      mix_of_arm, mix_of_arm, 1 - mix_of_arm);
    sql = TEXT_FILLED(arena, sql, {"horizon", sql_number(arena, sample_horizon(sample))},
                      {"weight", weight}, {"sample", sample_sql(arena, sample)});
    return engine_make_temporary(workspace->engine, "timed", sql, sample_values(arena, sample),
                                 error);
}

static enum status read_risk(struct workspace *workspace, struct arena *arena, struct risk *out,
                             struct error *error)
{
    struct frame frame;
    enum status status =
        engine_query(workspace->engine, embedded_text("evidence/estimate/risk_sets.sql"),
                     ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    size_t split = 0;
    while (split < frame.rows && frame_integer(&frame, split, 0) == 0)
        split++;
    if (split == 0 || split == frame.rows)
        return error_set(error, ERROR_DOMAIN, "one arm has no item with an outcome");
    for (int arm = 0; arm < 2; arm++) {
        size_t start = arm == 0 ? 0 : split;
        out->table[arm] = (struct risk_table){
            .count = arm == 0 ? split : frame.rows - split,
            .time = frame.columns[1].numbers + start,
            .events = frame.columns[2].numbers + start,
            .censored = frame.columns[3].numbers + start,
        };
    }
    return STATUS_OK;
}

/* Is the curve known up to the horizon? It is not beyond an item that was last seen open. */
static bool is_followed(const struct risk_table *table, double horizon)
{
    if (table->count == 0)
        return true;
    size_t last = table->count - 1;
    return table->censored[last] == 0 || table->time[last] >= horizon;
}

/* Where the curve of an arm is not, the horizon of both ends while min_group of its workers are at
   risk: the last time of all would be that of one item of one person. */
static enum status known_horizon(struct workspace *workspace, const struct risk *risk,
                                 struct arena *arena, double *horizon, struct error *error)
{
    struct frame frame;
    const double full = *horizon;
    if (is_followed(&risk->table[0], full) && is_followed(&risk->table[1], full))
        return STATUS_OK;
    enum status status =
        engine_query(workspace->engine, embedded_text("evidence/estimate/followed.sql"),
                     ENGINE_VALUES(engine_integer("least", workspace_min_group(workspace))), arena,
                     &frame, error);
    for (size_t row = 0; status == STATUS_OK && row < frame.rows; row++)
        if (!is_followed(&risk->table[frame_integer(&frame, row, 0)], full))
            *horizon = fmin(*horizon, coarse_horizon(frame_number(&frame, row, 1)));
    if (status == STATUS_OK && *horizon <= 0)
        status = error_set(error, ERROR_DOMAIN, "its items were seen for too short a time");
    return status;
}

static enum status keep_influence(struct workspace *workspace, const struct risk *risk,
                                  struct error *error)
{
    struct engine_appender *appender = NULL;
    enum status status = engine_make_temporary(
        workspace->engine, "influence",
        "create or replace temp table influence (arm integer, minutes double, ended boolean, phi "
        "double)",
        ENGINE_NO_VALUES, error);
    if (status == STATUS_OK)
        status = engine_appender_open(workspace->engine, "temp.influence", &appender, error);
    if (status != STATUS_OK)
        return status;
    for (int arm = 0; arm < 2 && status == STATUS_OK; arm++)
        for (size_t i = 0; i < risk->table[arm].count && status == STATUS_OK; i++)
            for (int ended = 0; ended < 2 && status == STATUS_OK; ended++) {
                const double *phi =
                    ended ? risk->event_influence[arm] : risk->censored_influence[arm];
                const struct engine_value row[] = {
                    engine_integer("", arm),
                    engine_number("", risk->table[arm].time[i]),
                    engine_bool("", ended != 0),
                    engine_number("", phi[i]),
                };
                status = engine_append(appender, row, 4, error);
            }
    enum status closed = engine_appender_close(appender, status == STATUS_OK ? error : NULL);
    return status != STATUS_OK ? status : closed;
}

static enum status compare_arms(struct workspace *workspace, const struct risk *risk,
                                const struct precision *precision, struct arena *arena,
                                struct estimated *out, struct error *error)
{
    struct frame frame;
    enum status status =
        engine_query(workspace->engine, embedded_text("evidence/estimate/influence_by_worker.sql"),
                     ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    size_t clusters = frame.rows > 0 ? (size_t)frame_integer(&frame, frame.rows - 1, 0) + 1 : 0;
    struct arm_influence arms[2];
    for (size_t arm = 0; arm < 2; arm++) {
        double *items = arena_array(arena, clusters, sizeof *items);
        double *influence = arena_array(arena, clusters, sizeof *influence);
        for (size_t row = 0; row < frame.rows; row++)
            if (frame_integer(&frame, row, 1) == (int64_t)arm) {
                items[frame_integer(&frame, row, 0)] = frame_number(&frame, row, 2);
                influence[frame_integer(&frame, row, 0)] = frame_number(&frame, row, 3);
            }
        arms[arm] = (struct arm_influence){risk->mean[arm].mean, items, influence};
    }
    out->clusters = (int64_t)clusters;
    status = assay_restricted_mean_compare(clusters, &arms[1], &arms[0], precision->level, NULL,
                                           &out->estimate, error);
    /* Times that differ by the same for all have a ratio with an error, and a difference without.
     */
    struct error none = {0};
    if (status == STATUS_OK &&
        assay_restricted_mean_compare(clusters, &arms[1], &arms[0], precision->level,
                                      &out->difference, NULL, &none) != STATUS_OK)
        out->difference = (struct estimate){0};
    if (status == STATUS_OK)
        out->without_one = leverage_of_influence(
            clusters, (const double *const[]){arms[0].influence, arms[1].influence},
            (const double[]){risk->mean[0].mean, risk->mean[1].mean}, out->estimate.value);
    if (status == STATUS_OK && precision->normal)
        status = assay_estimate(out->estimate.value, out->estimate.standard_error, INFINITY,
                                precision->level, &out->estimate, error);
    return status;
}

/* Share of each arm's items in cells without the other arm. */
static enum status read_unmatched(struct workspace *workspace, struct arena *arena, double out[2],
                                  struct error *error)
{
    struct frame frame;
    enum status status =
        engine_query(workspace->engine,
                     "select arm::bigint, avg(case when matched then 0e0 else 1e0 end) from timed "
                     "group by arm",
                     ENGINE_NO_VALUES, arena, &frame, error);
    for (size_t row = 0; status == STATUS_OK && row < frame.rows; row++)
        out[frame_integer(&frame, row, 0)] = frame_number(&frame, row, 1);
    return status;
}

enum status estimate_duration(struct workspace *workspace, const struct sample *sample,
                              int mix_of_arm, const struct precision *precision,
                              struct arena *arena, struct sample_counts *counts,
                              struct estimated *out, struct error *error)
{
    struct risk risk = {0};
    *out = (struct estimated){.log_ratio = true};
    enum status status = counts_of_items(workspace, sample, arena, counts, error);
    if (status == STATUS_OK && sample_horizon(sample) <= 0)
        status = error_set(error, ERROR_DOMAIN, "the landmark lies beyond the horizon");
    if (status == STATUS_OK)
        status = make_timed(workspace, sample, mix_of_arm, arena, error);
    if (status == STATUS_OK && mix_of_arm >= 0)
        status = read_unmatched(workspace, arena, out->unmatched, error);
    out->horizon_minutes = sample_horizon(sample);
    if (status == STATUS_OK)
        status = read_risk(workspace, arena, &risk, error);
    if (status == STATUS_OK)
        status = known_horizon(workspace, &risk, arena, &out->horizon_minutes, error);
    if (status != STATUS_OK)
        return status;
    for (int arm = 0; arm < 2 && status == STATUS_OK; arm++) {
        size_t count = risk.table[arm].count;
        risk.event_influence[arm] = arena_array(arena, count, sizeof(double));
        risk.censored_influence[arm] = arena_array(arena, count, sizeof(double));
        status =
            assay_restricted_mean(&risk.table[arm], out->horizon_minutes, risk.event_influence[arm],
                                  risk.censored_influence[arm], &risk.mean[arm], error);
        out->mean[arm] = risk.mean[arm].mean;
    }
    if (status == STATUS_OK)
        status = keep_influence(workspace, &risk, error);
    if (status == STATUS_OK)
        status = compare_arms(workspace, &risk, precision, arena, out, error);
    counts->value[0] = risk.mean[0].mean;
    counts->value[1] = risk.mean[1].mean;
    return status;
}
