#include "evidence/estimate/stratified_sums.h"

#include "base/embedded.h"
#include "engine/sql_text.h"
#include "evidence/estimate/counts.h"

#include <math.h>

enum { sums_cluster, sums_stratum, sums_arm, sums_items, sums_influence };

enum status stratified_read(struct workspace *workspace, const char *embedded, bool by_team,
                            struct arena *arena, struct stratified_sums *out, struct error *error)
{
    struct frame frame;
    const char *sql =
        TEXT_FILLED(arena, embedded_text(embedded), {"cluster", by_team ? "cluster" : "worker"});
    enum status status =
        engine_query(workspace->engine, sql, ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    struct numbered clusters = {arena_array(arena, frame.rows, sizeof(char *)), 0, false};
    *out = (struct stratified_sums){
        .count = frame.rows,
        .stratum = arena_array(arena, frame.rows, sizeof(int64_t)),
        .cluster = arena_array(arena, frame.rows, sizeof(int64_t)),
        .arm = arena_array(arena, frame.rows, sizeof(int64_t)),
        .items = frame.columns[sums_items].numbers,
    };
    for (size_t row = 0; row < frame.rows; row++) {
        out->stratum[row] = frame_integer(&frame, row, sums_stratum);
        out->arm[row] = frame_integer(&frame, row, sums_arm);
        out->cluster[row] =
            (int64_t)counts_cluster(&clusters, frame_text(&frame, row, sums_cluster));
        if ((size_t)out->stratum[row] >= out->strata)
            out->strata = (size_t)out->stratum[row] + 1;
    }
    for (size_t column = 0; sums_influence + column < frame.column_count; column++)
        out->influence[column] = frame.columns[sums_influence + column].numbers;
    out->clusters = clusters.count;
    out->names = clusters.names;
    out->weight = arena_array(arena, out->strata, sizeof(double));
    out->value = arena_array(arena, out->strata, sizeof(double));
    for (size_t row = 0; row < frame.rows; row++)
        out->weight[out->stratum[row]] += out->arm[row] == 1 ? out->items[row] : 0;
    return STATUS_OK;
}

void stratified_weigh(struct stratified_sums *sums, int64_t stratum, double weight, double value)
{
    if (stratum < 0 || (size_t)stratum >= sums->strata)
        return;
    sums->weight[stratum] = weight;
    sums->value[stratum] = value;
}

struct stratified_rows stratified_rows_of(const struct stratified_sums *sums, size_t column)
{
    return (struct stratified_rows){
        .count = sums->count,
        .stratum = sums->stratum,
        .cluster = sums->cluster,
        .arm = sums->arm,
        .items = sums->items,
        .influence = sums->influence[column],
        .strata = sums->strata,
        .clusters = sums->clusters,
        .weight = sums->weight,
        .value = sums->value,
    };
}

enum status stratified_estimate(const struct stratified_rows *rows, enum stratified_ties ties,
                                double value, const struct precision *precision,
                                struct estimate *out, struct error *error)
{
    enum status status = assay_stratified(rows, ties, (const double[]){1, 1}, value,
                                          precision->level, out, NULL, error);
    if (status == STATUS_OK && precision->normal)
        status =
            assay_estimate(out->value, out->standard_error, INFINITY, precision->level, out, error);
    return status;
}
