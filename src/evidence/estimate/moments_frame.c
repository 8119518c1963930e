#include "evidence/estimate/moments_frame.h"

#include "assay/interacted.h"
#include "assay/moments.h"
#include "base/embedded.h"
#include "evidence/estimate/counts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    frame_worker,
    frame_arm,
    frame_excluded,
    frame_items,
    frame_moments,
    frame_cluster,
    frame_groups
};

/* ---- Reading ---------------------------------------------------------------------------- */

static bool is_dummy(const struct sample *sample, size_t covariate)
{
    for (size_t g = 0; g < sample->group_count; g++) {
        const struct dummy_group *group = &sample->groups[g];
        if (covariate >= group->first && covariate + 1 < group->first + group->count)
            return true;
    }
    return false;
}

/* The first where the value is none of the group's: no dummy is 1. */
static size_t level_of(const struct dummy_group *group, const char *value)
{
    for (size_t level = 0; level < group->count && value != NULL; level++)
        if (strcmp(group->values[level], value) == 0)
            return level;
    return 0;
}

static int by_place(const void *a, const void *b)
{
    const struct moments_row *x = a;
    const struct moments_row *y = b;
    int order = strcmp(x->cluster, y->cluster);
    for (size_t g = 0; g < dummy_groups_max && order == 0; g++)
        order = (x->level[g] > y->level[g]) - (x->level[g] < y->level[g]);
    return order != 0 ? order : x->arm - y->arm;
}

static void keep_rows(struct moments_frame *out, struct arena *arena)
{
    const struct frame *frame = &out->frame;
    out->rows = arena_array(arena, frame->rows, sizeof *out->rows);
    for (size_t row = 0; row < frame->rows; row++) {
        const char *cluster = frame_text(frame, row, frame_cluster);
        if (frame_integer(frame, row, frame_excluded) != EXCLUDED_NOT || cluster == NULL)
            continue;
        struct moments_row *kept = &out->rows[out->count++];
        *kept = (struct moments_row){
            .cluster = cluster,
            .arm = (int)frame_integer(frame, row, frame_arm),
            .moments = frame->columns[frame_moments].lists[row],
        };
        for (size_t g = 0; g < out->sample->group_count; g++)
            kept->level[g] =
                level_of(&out->sample->groups[g], frame_text(frame, row, frame_groups + g));
    }
    qsort(out->rows, out->count, sizeof *out->rows, by_place);
}

void moments_frame_keep(const struct sample *sample, const struct frame *frame, size_t columns,
                        struct arena *arena, struct moments_frame *out)
{
    *out = (struct moments_frame){.sample = sample, .frame = *frame, .columns = columns};
    keep_rows(out, arena);
}

enum status moments_frame_read(struct workspace *workspace, const struct sample *sample,
                               struct arena *arena, struct moments_frame *out, struct error *error)
{
    struct text columns = {.arena = arena};
    struct text groups = {.arena = arena};
    *out = (struct moments_frame){.sample = sample, .columns = 1};
    for (size_t i = 0; i < sample_covariates(sample); i++)
        if (!is_dummy(sample, i)) {
            text_addf(&columns, "x%zu, ", i + 1);
            out->columns++;
        }
    for (size_t g = 0; g < sample->group_count; g++)
        text_addf(&groups, ", group%zu", g + 1);
    text_add(&columns, "case when excluded = 0 then y end");
    const char *sql = embedded_text("evidence/estimate/moments_by_worker.sql");
    sql = TEXT_FILLED(arena, sql, {"columns", text_get(&columns)}, {"groups", text_get(&groups)},
                      {"cluster", sample_by_team(sample) ? "cluster" : "worker"},
                      {"cluster_too", sample_by_team(sample) ? ", cluster" : ""},
                      {"sample", sample_sql(arena, sample)});
    enum status status = engine_query(workspace->engine, sql, sample_values(arena, sample), arena,
                                      &out->frame, error);
    if (status == STATUS_OK)
        keep_rows(out, arena);
    return status;
}

/* ---- Counts ----------------------------------------------------------------------------- */

void moments_frame_count(const struct moments_frame *frame, bool log_scale, struct arena *arena,
                         struct sample_counts *out)
{
    const struct frame *rows = &frame->frame;
    double total[2] = {0, 0};
    counts_of_frame(rows, arena, out);
    for (size_t row = 0; row < rows->rows; row++)
        if (frame_integer(rows, row, frame_excluded) == EXCLUDED_NOT) {
            const double *moments = rows->columns[frame_moments].lists[row];
            total[frame_integer(rows, row, frame_arm)] +=
                moments[0] * assay_moments_mean(moments, frame->columns - 1);
        }
    for (int arm = 0; arm < 2; arm++) {
        double mean = out->items[arm] > 0 ? total[arm] / (double)out->items[arm] : NAN;
        out->value[arm] = log_scale ? exp(mean) : mean;
    }
}

struct worker_moments *moments_frame_of_arm(const struct moments_frame *frame, struct arena *arena,
                                            size_t *count)
{
    const struct frame *rows = &frame->frame;
    struct worker_moments *list = arena_array(arena, rows->rows, sizeof *list);
    *count = 0;
    for (size_t row = 0; row < rows->rows; row++)
        if (frame_integer(rows, row, frame_excluded) == EXCLUDED_NOT) {
            const double *moments = rows->columns[frame_moments].lists[row];
            list[(*count)++] = (struct worker_moments){frame_text(rows, row, frame_worker),
                                                       (int)frame_integer(rows, row, frame_arm),
                                                       moments[0], moments + 1};
        }
    return list;
}

/* ---- Dummies ---------------------------------------------------------------------------- */

/* Rows of one cluster, group and arm follow each other: these together, from *next on, which is put
   behind them. */
static void merge_alike(const struct moments_frame *frame, size_t *next, double *out)
{
    const struct moments_row *first = &frame->rows[*next];
    assay_moments_init(frame->columns, out);
    while (*next < frame->count && by_place(first, &frame->rows[*next]) == 0)
        assay_moments_merge(frame->columns, frame->rows[(*next)++].moments, out);
}

/* Moments with the dummies at their places: means that are 0 or 1, and nothing that varies. */
static void with_dummies(const struct moments_frame *frame, const size_t *level,
                         const double *moments, double *out)
{
    const struct sample *sample = frame->sample;
    size_t wide = sample_covariates(sample) + 1;
    size_t to[assay_moments_columns_max] = {0};
    size_t shown = 0;
    memset(out, 0, assay_moments_size(wide));
    out[0] = moments[0];
    for (size_t i = 0; i < wide; i++)
        if (!is_dummy(sample, i)) {
            out[1 + i] = moments[1 + shown];
            to[shown++] = i;
        }
    for (size_t g = 0; g < sample->group_count; g++)
        if (level[g] > 0)
            out[1 + sample->groups[g].first + level[g] - 1] = 1;
    for (size_t i = 0; i < shown; i++)
        for (size_t j = 0; j <= i; j++)
            out[1 + wide + to[i] * (to[i] + 1) / 2 + to[j]] =
                assay_moments_cross(frame->columns, moments, i, j);
}

/* ---- The fit's clusters ------------------------------------------------------------------- */

struct terms moments_frame_terms(const struct moments_frame *frame, struct arena *arena)
{
    size_t covariates = sample_covariates(frame->sample);
    size_t k = covariates + 1;
    if (!frame->sample->interact || covariates == 0)
        return (struct terms){covariates, NULL};
    double *total = arena_alloc(arena, assay_moments_size(k));
    double *alike = arena_alloc(arena, assay_moments_size(frame->columns));
    double *one = arena_alloc(arena, assay_moments_size(k));
    assay_moments_init(k, total);
    for (size_t next = 0; next < frame->count;) {
        const size_t *level = frame->rows[next].level;
        merge_alike(frame, &next, alike);
        with_dummies(frame, level, alike, one);
        assay_moments_merge(k, one, total);
    }
    return (struct terms){covariates, total + 1};
}

size_t terms_columns(const struct terms *terms)
{
    return terms->centre != NULL ? assay_interacted_columns(terms->covariates)
                                 : terms->covariates + 2;
}

static void moments_of_arm(const struct terms *terms, const double *moments, int arm, double *out)
{
    if (terms->centre != NULL)
        assay_interacted_moments(terms->covariates, moments, arm, terms->centre, out);
    else
        moments_with_arm(terms->covariates + 1, moments, arm, out);
}

static size_t count_clusters(const struct moments_frame *frame)
{
    size_t count = frame->count > 0;
    for (size_t row = 1; row < frame->count; row++)
        count += strcmp(frame->rows[row].cluster, frame->rows[row - 1].cluster) != 0;
    return count;
}

struct clusters moments_frame_clusters(const struct moments_frame *frame, const struct terms *terms,
                                       struct arena *arena)
{
    size_t columns = terms_columns(terms);
    struct clusters clusters = {arena_array(arena, count_clusters(frame), sizeof(double *)), 0};
    double *alike = arena_alloc(arena, assay_moments_size(frame->columns));
    double *wide = arena_alloc(arena, assay_moments_size(terms->covariates + 1));
    double *one = arena_alloc(arena, assay_moments_size(columns));
    double *cluster = NULL;
    for (size_t next = 0; next < frame->count;) {
        const struct moments_row *row = &frame->rows[next];
        if (next == 0 || strcmp(row->cluster, frame->rows[next - 1].cluster) != 0) {
            cluster = arena_alloc(arena, assay_moments_size(columns));
            assay_moments_init(columns, cluster);
            clusters.list[clusters.count++] = cluster;
        }
        merge_alike(frame, &next, alike);
        with_dummies(frame, row->level, alike, wide);
        moments_of_arm(terms, wide, row->arm, one);
        assay_moments_merge(columns, one, cluster);
    }
    return clusters;
}
