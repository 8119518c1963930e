#include "evidence/estimate/estimate_hazard.h"

#include "base/embedded.h"
#include "engine/sql_text.h"
#include "evidence/estimate/counts.h"

#include <math.h>

static struct hazard_influence influence_new(struct arena *arena, size_t count)
{
    struct hazard_influence out;
    for (int arm = 0; arm < 2; arm++) {
        out.event[arm] = arena_array(arena, count, sizeof(double));
        out.censored[arm] = arena_array(arena, count, sizeof(double));
    }
    return out;
}

/* Ratio, test, and what each row adds to them; false where there is no answer. */
static bool fit(const struct hazard_table *table, double horizon,
                const struct hazard_influence *on_ratio, const struct hazard_influence *on_log_rank,
                struct hazard_scores *out)
{
    struct error none = {0};
    out->exist = assay_hazard_ratio(table, horizon, on_ratio, &out->ratio, &none) == STATUS_OK &&
                 assay_log_rank(table, horizon, on_log_rank, &out->log_rank, &none) == STATUS_OK;
    return out->exist;
}

/* ---- From the risk sets of each arm ------------------------------------------------------ */

/* The rows of both arms' tables by time, and where each stands. */
struct joined {
    struct hazard_table table;
    size_t *row[2];
};

static struct joined join_arms(const struct risk_table table[2], struct arena *arena)
{
    size_t most = table[0].count + table[1].count;
    double *time = arena_array(arena, most, sizeof *time);
    double *number[2][2]; /* by arm: censored, events */
    size_t at[2] = {0, 0};
    struct joined out = {.table = {.time = time}};
    for (int arm = 0; arm < 2; arm++) {
        out.row[arm] = arena_array(arena, table[arm].count, sizeof(size_t));
        out.table.censored[arm] = number[arm][0] = arena_array(arena, most, sizeof(double));
        out.table.events[arm] = number[arm][1] = arena_array(arena, most, sizeof(double));
    }
    while (at[0] < table[0].count || at[1] < table[1].count) {
        size_t row = out.table.count++;
        double next[2];
        for (int arm = 0; arm < 2; arm++)
            next[arm] = at[arm] < table[arm].count ? table[arm].time[at[arm]] : INFINITY;
        time[row] = fmin(next[0], next[1]);
        for (int arm = 0; arm < 2; arm++) {
            bool here = next[arm] <= time[row];
            number[arm][0][row] = here ? table[arm].censored[at[arm]] : 0;
            number[arm][1][row] = here ? table[arm].events[at[arm]] : 0;
            if (here)
                out.row[arm][at[arm]++] = row;
        }
    }
    return out;
}

static const double *picked(const double *values, const size_t *row, size_t count,
                            struct arena *arena)
{
    double *out = arena_array(arena, count, sizeof *out);
    for (size_t i = 0; i < count; i++)
        out[i] = values[row[i]];
    return out;
}

void hazard_scores_of(const struct risk_table table[2], double horizon, struct arena *arena,
                      struct hazard_scores *out)
{
    struct joined joined = join_arms(table, arena);
    struct hazard_influence ratio = influence_new(arena, joined.table.count);
    struct hazard_influence log_rank = influence_new(arena, joined.table.count);
    *out = (struct hazard_scores){0};
    if (!fit(&joined.table, horizon, &ratio, &log_rank, out))
        return;
    for (int arm = 0; arm < 2; arm++) {
        const size_t *row = joined.row[arm];
        size_t count = table[arm].count;
        out->on_ratio[arm][0] = picked(ratio.censored[arm], row, count, arena);
        out->on_ratio[arm][1] = picked(ratio.event[arm], row, count, arena);
        out->on_log_rank[arm][0] = picked(log_rank.censored[arm], row, count, arena);
        out->on_log_rank[arm][1] = picked(log_rank.event[arm], row, count, arena);
    }
}

/* ---- By cluster -------------------------------------------------------------------------- */

static bool compare(const struct hazard_sums *sums, double value, const double *const influence[2],
                    const struct precision *precision, struct estimate *out)
{
    struct error none = {0};
    const struct arm_influence one = {value, sums->items[1], influence[1]};
    const struct arm_influence other = {0, sums->items[0], influence[0]};
    enum status status = assay_restricted_mean_compare(sums->clusters, &one, &other,
                                                       precision->level, out, NULL, &none);
    if (status == STATUS_OK && precision->normal)
        status =
            assay_estimate(out->value, out->standard_error, INFINITY, precision->level, out, &none);
    return status == STATUS_OK;
}

void hazard_shown(const struct hazard_scores *scores, const struct hazard_sums *sums,
                  const struct precision *precision, struct hazards *out)
{
    struct estimate ratio;
    struct estimate test;
    *out = (struct hazards){.exist = false};
    if (!scores->exist ||
        !compare(sums, scores->ratio.log_ratio, sums->on_ratio, precision, &ratio) ||
        !compare(sums, scores->log_rank.observed - scores->log_rank.expected, sums->on_log_rank,
                 precision, &test))
        return;
    *out = (struct hazards){
        .exist = true,
        .ratio = exp(ratio.value),
        .interval = {exp(ratio.interval.low), exp(ratio.interval.high)},
        .log_rank_p = test.p,
    };
}

/* ---- Within strata ----------------------------------------------------------------------- */

/* Columns of hazard_sets.sql and hazard_scores.sql. */
enum { set_stratum, set_minutes, set_events, set_censored = set_events + 2 };
enum { score_cluster, score_arm, score_items, score_ratio, score_log_rank };

static enum status read_sets(struct workspace *workspace, struct arena *arena,
                             struct hazard_table *out, bool *too_many, struct error *error)
{
    struct frame frame;
    *out = (struct hazard_table){0};
    *too_many = false;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/estimate/hazard_sets.sql"),
                                  {"most", arena_printf(arena, "%d", engine_frame_rows)});
    enum status status =
        engine_query(workspace->engine, sql, ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    *too_many = frame.rows == engine_frame_rows; /* there may be more */
    if (*too_many)
        return STATUS_OK;
    int64_t *stratum = arena_array(arena, frame.rows, sizeof *stratum);
    for (size_t row = 0; row < frame.rows; row++)
        stratum[row] = frame_integer(&frame, row, set_stratum);
    *out = (struct hazard_table){
        .count = frame.rows,
        .stratum = stratum,
        .time = frame.columns[set_minutes].numbers,
    };
    for (int arm = 0; arm < 2; arm++) {
        out->events[arm] = frame.columns[set_events + arm].numbers;
        out->censored[arm] = frame.columns[set_censored + arm].numbers;
    }
    return STATUS_OK;
}

static enum status append_scores(struct engine_appender *appender, const struct hazard_table *table,
                                 const struct hazard_influence *ratio,
                                 const struct hazard_influence *log_rank, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < table->count && status == STATUS_OK; i++)
        for (int arm = 0; arm < 2 && status == STATUS_OK; arm++)
            for (int ended = 0; ended < 2 && status == STATUS_OK; ended++) {
                const struct engine_value row[] = {
                    engine_integer("", table->stratum[i]),
                    engine_integer("", arm),
                    engine_number("", table->time[i]),
                    engine_bool("", ended != 0),
                    engine_number("", ended ? ratio->event[arm][i] : ratio->censored[arm][i]),
                    engine_number("", ended ? log_rank->event[arm][i] : log_rank->censored[arm][i]),
                };
                status = engine_append(appender, row, 6, error);
            }
    return status;
}

static enum status keep_scores(struct workspace *workspace, const struct hazard_table *table,
                               const struct hazard_influence *ratio,
                               const struct hazard_influence *log_rank, struct error *error)
{
    struct engine_appender *appender = NULL;
    enum status status = engine_make_temporary(
        workspace->engine, "hazard_score",
        "create or replace temp table hazard_score (stratum bigint, arm integer, minutes double, "
        "ended boolean, on_ratio double, on_log_rank double)",
        ENGINE_NO_VALUES, error);
    if (status == STATUS_OK)
        status = engine_appender_open(workspace->engine, "temp.hazard_score", &appender, error);
    if (status != STATUS_OK)
        return status;
    status = append_scores(appender, table, ratio, log_rank, error);
    enum status closed = engine_appender_close(appender, status == STATUS_OK ? error : NULL);
    return status != STATUS_OK ? status : closed;
}

static enum status read_sums(struct workspace *workspace, bool by_team, struct arena *arena,
                             struct hazard_sums *out, struct error *error)
{
    struct frame frame;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/estimate/hazard_scores.sql"),
                                  {"cluster", by_team ? "cluster" : "worker"});
    enum status status =
        engine_query(workspace->engine, sql, ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    struct numbered clusters = {arena_array(arena, frame.rows, sizeof(char *)), 0, by_team};
    double *sums[3][2];
    for (size_t column = 0; column < 3; column++)
        for (int arm = 0; arm < 2; arm++)
            sums[column][arm] = arena_array(arena, frame.rows, sizeof(double));
    for (size_t row = 0; row < frame.rows; row++) {
        size_t g = counts_cluster(&clusters, frame_text(&frame, row, score_cluster));
        for (size_t column = 0; column < 3; column++)
            sums[column][frame_integer(&frame, row, score_arm)][g] +=
                frame_number(&frame, row, score_items + column);
    }
    *out = (struct hazard_sums){clusters.count,
                                {sums[0][0], sums[0][1]},
                                {sums[1][0], sums[1][1]},
                                {sums[2][0], sums[2][1]}};
    return STATUS_OK;
}

enum status hazard_within(struct workspace *workspace, bool by_team, double horizon,
                          const struct precision *precision, struct arena *arena,
                          struct hazards *out, struct error *error)
{
    struct hazard_table table;
    struct hazard_scores scores = {0};
    struct hazard_sums sums;
    bool too_many = false;
    enum status status = read_sets(workspace, arena, &table, &too_many, error);
    if (too_many)
        out->why_not = arena_printf(
            arena, "the strata have %d distinct times or more, too many to be read at once",
            engine_frame_rows);
    if (status != STATUS_OK || too_many)
        return status;
    struct hazard_influence ratio = influence_new(arena, table.count);
    struct hazard_influence log_rank = influence_new(arena, table.count);
    if (!fit(&table, horizon, &ratio, &log_rank, &scores))
        return STATUS_OK;
    status = keep_scores(workspace, &table, &ratio, &log_rank, error);
    if (status == STATUS_OK)
        status = read_sums(workspace, by_team, arena, &sums, error);
    if (status == STATUS_OK)
        hazard_shown(&scores, &sums, precision, out);
    return status;
}
