/* Durations with open items: the clustered restricted mean in two passes.

   Pass one returns risk sets per arm and time, libassay turns them into the influence of an item
   by its time, pass two joins these by time and sums them by worker. No item is in C's memory, and
   none is written down but for weights within cells. */

#include "evidence/estimate/estimators.h"

#include "assay/restricted_mean.h"
#include "base/embedded.h"
#include "base/error.h"
#include "engine/sql_text.h"
#include "evidence/estimate/carried.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/estimate_hazard.h"
#include "evidence/estimate/stratified_sums.h"
#include "evidence/sample/coarse_time.h"

#include <math.h>
#include <string.h>

struct risk {
    struct risk_table table[2];
    struct restricted_mean mean[2];
    double *event_influence[2];
    double *censored_influence[2];
    struct hazard_scores hazard;
};

/* Where the passes read items from: part of a statement. */
struct timed {
    const char *sql;
    struct engine_values values;
};

static enum status make_timed(struct workspace *workspace, const struct sample *sample,
                              int mix_of_arm, struct arena *arena, struct timed *out,
                              struct error *error)
{
    const char *horizon = sql_number(arena, sample_horizon(sample));
    const char *items = sample_sql(arena, sample);
    *out = (struct timed){"timed", ENGINE_NO_VALUES};
    if (mix_of_arm < 0) {
        items = TEXT_FILLED(arena, embedded_text("evidence/estimate/timed.sql"),
                            {"horizon", horizon}, {"sample", items});
        *out = (struct timed){arena_printf(arena, "(%s)", items), sample_values(arena, sample)};
        return STATUS_OK;
    }
    const char *join = "";
    const char *weight =
        arena_printf(arena,
                     "case when s.excluded > 0 or m.items_0 = 0 or m.items_1 = 0 then 0e0 "
                     "when s.arm = %d then 1e0 else m.items_%d / m.items_%d end",
                     mix_of_arm, mix_of_arm, 1 - mix_of_arm);
    if (sample->mix != NULL) {
        weight = "case when s.excluded > 0 then 0e0 "
                 "else x.items / case s.arm when 0 then m.items_0 else m.items_1 end end";
        join = arena_printf(arena, "join %s x on x.cell is not distinct from s.cell", sample->mix);
    }
    items = TEXT_FILLED(arena, embedded_text("evidence/estimate/timed_within.sql"),
                        {"horizon", horizon}, {"weight", weight}, {"mix", join}, {"sample", items});
    return engine_make_temporary(workspace->engine, "timed", items, sample_values(arena, sample),
                                 error);
}

static bool has_ended(const struct risk_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->events[i] > 0)
            return true;
    return false;
}

static enum status read_risk(struct workspace *workspace, const struct timed *timed,
                             struct arena *arena, struct risk *out, struct error *error)
{
    struct frame frame;
    const char *sql =
        TEXT_FILLED(arena, embedded_text("evidence/estimate/risk_sets.sql"), {"timed", timed->sql});
    enum status status = engine_query(workspace->engine, sql, timed->values, arena, &frame, error);
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
    if (!has_ended(&out->table[0]) && !has_ended(&out->table[1]))
        return error_set(error, ERROR_DOMAIN,
                         "none of the items has ended yet: of how long they take nothing is known");
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
static enum status known_horizon(struct workspace *workspace, const struct timed *timed,
                                 const struct risk *risk, struct arena *arena, double *horizon,
                                 struct error *error)
{
    struct frame frame;
    const double full = *horizon;
    if (is_followed(&risk->table[0], full) && is_followed(&risk->table[1], full))
        return STATUS_OK;
    const char *sql =
        TEXT_FILLED(arena, embedded_text("evidence/estimate/followed.sql"), {"timed", timed->sql},
                    {"least", arena_printf(arena, "%d", (int)workspace_min_group(workspace))});
    enum status status = engine_query(workspace->engine, sql, timed->values, arena, &frame, error);
    for (size_t row = 0; status == STATUS_OK && row < frame.rows; row++)
        if (!is_followed(&risk->table[frame_integer(&frame, row, 0)], full))
            *horizon = fmin(*horizon, coarse_horizon(frame_number(&frame, row, 1)));
    if (status == STATUS_OK && *horizon <= 0)
        status = error_set(error, ERROR_DOMAIN, "its items were seen for too short a time");
    return status;
}

/* One row for each time at which items of an arm ended, or were last seen: the fewer rows, the
   faster the join. */
static enum status keep_influence(struct workspace *workspace, const struct risk *risk,
                                  struct error *error)
{
    struct engine_appender *appender = NULL;
    enum status status = engine_make_temporary(
        workspace->engine, "influence",
        "create or replace temp table influence (arm integer, minutes double, ended boolean, phi "
        "double, on_ratio double, on_log_rank double)",
        ENGINE_NO_VALUES, error);
    if (status == STATUS_OK)
        status = engine_appender_open(workspace->engine, "temp.influence", &appender, error);
    if (status != STATUS_OK)
        return status;
    for (int arm = 0; arm < 2 && status == STATUS_OK; arm++)
        for (size_t i = 0; i < risk->table[arm].count && status == STATUS_OK; i++)
            for (int ended = 0; ended < 2 && status == STATUS_OK; ended++) {
                const struct risk_table *table = &risk->table[arm];
                const double *phi =
                    ended ? risk->event_influence[arm] : risk->censored_influence[arm];
                if (!((ended ? table->events : table->censored)[i] > 0))
                    continue;
                const struct hazard_scores *hazard = &risk->hazard;
                const struct engine_value row[] = {
                    engine_integer("", arm),
                    engine_number("", risk->table[arm].time[i]),
                    engine_bool("", ended != 0),
                    engine_number("", phi[i]),
                    engine_number("", hazard->exist ? hazard->on_ratio[arm][ended][i] : 0),
                    engine_number("", hazard->exist ? hazard->on_log_rank[arm][ended][i] : 0),
                };
                status = engine_append(appender, row, 6, error);
            }
    enum status closed = engine_appender_close(appender, status == STATUS_OK ? error : NULL);
    return status != STATUS_OK ? status : closed;
}

/* ---- By cluster ------------------------------------------------------------------------- */

enum {
    frame_worker,
    frame_arm,
    frame_excluded,
    frame_items,
    frame_cluster,
    frame_weight,
    frame_influence,
    frame_unmatched,
    frame_hazard /* on the ratio, then on the log-rank sum */
};

static enum status read_clusters(struct workspace *workspace, const struct sample *sample,
                                 const struct timed *timed, bool hazard, struct arena *arena,
                                 struct frame *out, struct error *error)
{
    bool by_team = sample_by_team(sample);
    const char *sql = TEXT_FILLED(
        arena, embedded_text("evidence/estimate/influence_counts.sql"), {"timed", timed->sql},
        {"cluster", by_team ? "cluster" : "worker"}, {"cluster_too", by_team ? ", cluster" : ""},
        {"hazard", hazard ? ", sum(on_ratio) as on_ratio, sum(on_log_rank) as on_log_rank" : ""});
    return engine_query(workspace->engine, sql, timed->values, arena, out, error);
}

/* Two arms' items, and what these add in a column, by cluster; returns the clusters. */
static struct numbered add_up(const struct frame *frame, bool by_team, size_t column,
                              struct arena *arena, double *items[2], double *influence[2])
{
    struct numbered clusters = {arena_array(arena, frame->rows, sizeof(char *)), 0, by_team};
    for (int arm = 0; arm < 2; arm++) {
        items[arm] = arena_array(arena, frame->rows, sizeof(double));
        influence[arm] = arena_array(arena, frame->rows, sizeof(double));
    }
    for (size_t row = 0; row < frame->rows; row++) {
        if (frame_integer(frame, row, frame_excluded) != EXCLUDED_NOT ||
            !(frame_number(frame, row, frame_weight) > 0))
            continue;
        int64_t arm = frame_integer(frame, row, frame_arm);
        size_t g = counts_cluster(&clusters, frame_text(frame, row, frame_cluster));
        items[arm][g] += frame_number(frame, row, frame_weight);
        influence[arm][g] += frame_number(frame, row, column);
    }
    return clusters;
}

static enum status find_parts(const struct numbered *clusters, const struct arm_influence arms[2],
                              struct arena *arena, struct estimated *out, struct error *error)
{
    double *part = arena_array(arena, clusters->count, sizeof *part);
    out->parts = (struct cluster_parts){
        clusters->count, clusters->names, part, {arms[0].items, arms[1].items}};
    return assay_restricted_mean_parts(clusters->count, &arms[1], &arms[0], part, error);
}

/* Share of each arm's items in cells without the other arm. */
static void find_unmatched(const struct frame *frame, double out[2])
{
    double unmatched[2] = {0, 0};
    double items[2] = {0, 0};
    for (size_t row = 0; row < frame->rows; row++) {
        if (frame_integer(frame, row, frame_excluded) != EXCLUDED_NOT)
            continue;
        int64_t arm = frame_integer(frame, row, frame_arm);
        unmatched[arm] += frame_number(frame, row, frame_unmatched);
        items[arm] += frame_number(frame, row, frame_items);
    }
    for (int arm = 0; arm < 2; arm++)
        out[arm] = unmatched[arm] / items[arm];
}

static enum status widen(size_t clusters, const double *const items[2],
                         const double *const influence[2], const double mean[2], double level,
                         struct arena *arena, struct estimate *out, struct carried *carried,
                         struct error *error)
{
    double *part[2];
    double scale = 1;
    for (int arm = 0; arm < 2; arm++) {
        part[arm] = arena_array(arena, clusters, sizeof *part[arm]);
        for (size_t g = 0; g < clusters; g++)
            part[arm][g] = influence[arm][g] / mean[arm];
    }
    const struct arm_parts parts = {clusters, {items[0], items[1]}, {part[0], part[1]}};
    *carried = carried_of_parts(&parts);
    return carried_widen_parts(&parts, level, arena, out, &scale, error);
}

/* Arms as assigned are as wide as few people, and unlike numbers of items, ask for. */
static enum status be_cautious(size_t clusters, const struct arm_influence arms[2],
                               const struct precision *precision, struct arena *arena,
                               struct estimated *out, struct error *error)
{
    const double *const items[2] = {arms[0].items, arms[1].items};
    const double *const influence[2] = {arms[0].influence, arms[1].influence};
    struct carried same;
    enum status status =
        widen(clusters, items, influence, (const double[]){arms[0].mean, arms[1].mean},
              precision->level, arena, &out->estimate, &out->carried, error);
    if (status == STATUS_OK && out->difference.standard_error > 0)
        status = widen(clusters, items, influence, (const double[]){1, 1}, precision->level, arena,
                       &out->difference, &same, error);
    return status;
}

static enum status compare_arms(const struct frame *frame, bool by_team, const struct risk *risk,
                                const struct precision *precision, bool cautious,
                                struct arena *arena, struct estimated *out, struct error *error)
{
    double *items[2];
    double *influence[2];
    struct numbered numbered = add_up(frame, by_team, frame_influence, arena, items, influence);
    size_t clusters = numbered.count;
    const struct arm_influence arms[2] = {
        {risk->mean[0].mean, items[0], influence[0]},
        {risk->mean[1].mean, items[1], influence[1]},
    };
    out->clusters = (int64_t)clusters;
    enum status status = assay_restricted_mean_compare(
        clusters, &arms[1], &arms[0], precision->level, NULL, &out->estimate, error);
    if (status == STATUS_OK)
        status = find_parts(&numbered, arms, arena, out, error);
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
        return assay_estimate(out->estimate.value, out->estimate.standard_error, INFINITY,
                              precision->level, &out->estimate, error);
    if (status == STATUS_OK && cautious)
        status = be_cautious(clusters, arms, precision, arena, out, error);
    return status;
}

/* Arms that were drawn within strata: what these differ by is no part of the errors. */
static enum status judge_within(struct workspace *workspace, bool by_team, const struct risk *risk,
                                const struct precision *precision, struct arena *arena,
                                struct estimated *out, struct error *error)
{
    struct stratified_sums sums;
    const double one = risk->mean[1].mean;
    const double other = risk->mean[0].mean;
    enum status status = stratified_read(workspace, "evidence/estimate/stratum_influence.sql",
                                         by_team, arena, &sums, error);
    if (status != STATUS_OK)
        return status;
    struct stratified_rows rows = stratified_rows_of(&sums, 0);
    rows.value = NULL;
    double *part = arena_array(arena, sums.clusters, sizeof *part);
    status = assay_stratified(&rows, STRATIFIED_JOINED, (const double[]){1 / other, 1 / one},
                              log(one) - log(other), precision->level, &out->estimate, part, error);
    out->parts = (struct cluster_parts){sums.clusters, sums.names, part, {NULL, NULL}};
    struct error none = {0};
    if (status == STATUS_OK &&
        assay_stratified(&rows, STRATIFIED_JOINED, (const double[]){1, 1}, one - other,
                         precision->level, &out->difference, NULL, &none) != STATUS_OK)
        out->difference = (struct estimate){0};
    if (status == STATUS_OK && precision->normal)
        status = assay_estimate(out->estimate.value, out->estimate.standard_error, INFINITY,
                                precision->level, &out->estimate, error);
    return status;
}

/* Beside the means: arms as assigned, which are at risk from the start on. Not of a group's. */
static bool has_hazards(const struct sample *sample)
{
    return sample->taken == NULL && sample->arms.kind == ARMS_BY_ASSIGNMENT &&
           isnan(sample->landmark_minutes);
}

static void compare_hazards(const struct frame *frame, bool by_team, const struct risk *risk,
                            const struct precision *precision, struct arena *arena,
                            struct hazards *out)
{
    double *items[2];
    double *ratio[2];
    double *log_rank[2];
    size_t clusters = add_up(frame, by_team, frame_hazard, arena, items, ratio).count;
    (void)add_up(frame, by_team, frame_hazard + 1, arena, items, log_rank);
    const struct hazard_sums sums = {
        clusters, {items[0], items[1]}, {ratio[0], ratio[1]}, {log_rank[0], log_rank[1]}};
    hazard_shown(&risk->hazard, &sums, precision, out);
}

static enum status in_two_passes(struct workspace *workspace, const struct sample *sample,
                                 int mix_of_arm, const struct precision *precision,
                                 struct arena *arena, struct sample_counts *counts,
                                 struct estimated *out, struct error *error)
{
    struct risk risk = {0};
    struct timed timed;
    struct frame frame;
    enum status status = make_timed(workspace, sample, mix_of_arm, arena, &timed, error);
    if (status == STATUS_OK)
        status = read_risk(workspace, &timed, arena, &risk, error);
    if (status == STATUS_OK)
        status = known_horizon(workspace, &timed, &risk, arena, &out->horizon_minutes, error);
    for (int arm = 0; arm < 2 && status == STATUS_OK; arm++) {
        size_t count = risk.table[arm].count;
        risk.event_influence[arm] = arena_array(arena, count, sizeof(double));
        risk.censored_influence[arm] = arena_array(arena, count, sizeof(double));
        status =
            assay_restricted_mean(&risk.table[arm], out->horizon_minutes, risk.event_influence[arm],
                                  risk.censored_influence[arm], &risk.mean[arm], error);
        out->mean[arm] = risk.mean[arm].mean;
    }
    bool within = mix_of_arm >= 0;
    if (status == STATUS_OK && has_hazards(sample) && !within)
        hazard_scores_of(risk.table, out->horizon_minutes, arena, &risk.hazard);
    if (status == STATUS_OK)
        status = keep_influence(workspace, &risk, error);
    if (status == STATUS_OK)
        status = read_clusters(workspace, sample, &timed, risk.hazard.exist, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    counts_of_frame(&frame, arena, counts);
    counts->value[0] = risk.mean[0].mean;
    counts->value[1] = risk.mean[1].mean;
    bool by_team = sample_by_team(sample);
    if (within)
        find_unmatched(&frame, out->unmatched);
    if (risk.hazard.exist)
        compare_hazards(&frame, by_team, &risk, precision, arena, &out->hazards);
    bool assigned = sample->arms.kind == ARMS_BY_ASSIGNMENT;
    status =
        compare_arms(&frame, by_team, &risk, precision, assigned && !within, arena, out, error);
    if (status == STATUS_OK && assigned && within)
        status = judge_within(workspace, by_team, &risk, precision, arena, out, error);
    if (status == STATUS_OK && has_hazards(sample) && within)
        status = hazard_within(workspace, by_team, out->horizon_minutes, precision, arena,
                               &out->hazards, error);
    return status;
}

enum status estimate_duration(struct workspace *workspace, const struct sample *sample,
                              int mix_of_arm, const struct precision *precision,
                              struct arena *arena, struct sample_counts *counts,
                              struct estimated *out, struct error *error)
{
    *counts = (struct sample_counts){.value = {NAN, NAN}};
    *out = (struct estimated){.log_ratio = true, .horizon_minutes = sample_horizon(sample)};
    enum status status =
        sample_horizon(sample) > 0
            ? in_two_passes(workspace, sample, mix_of_arm, precision, arena, counts, out, error)
            : error_set(error, ERROR_DOMAIN, "the landmark lies beyond the horizon");
    if (status != ERROR_DOMAIN && status != ERROR_SINGULAR)
        return status;
    /* Without an answer readers still see what there was. */
    struct error why = {0};
    enum status counted = counts_of_items(workspace, sample, arena, counts, &why);
    if (counted == STATUS_OK)
        return status;
    *error = why;
    return counted;
}
