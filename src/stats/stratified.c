#include "assay/stratified.h"

#include "base/error.h"
#include "stats/design.h"

#include <math.h>
#include <stdlib.h>

/* What a cluster has in a stratum. */
struct entry {
    size_t stratum, cluster;
    double items[2];
    double influence[2];
};

/* Sums over the entries of a stratum. */
struct stratum {
    size_t first, end; /* of its entries */
    size_t present[2]; /* clusters with items */
    double items[2];
    double influence[2];
    double share; /* W_s */
    double value; /* D_s */
};

struct room {
    size_t *root;        /* by stratum: the one that it is taken as; a forest until it is flat */
    double *weight;      /* by stratum, of those that it stands for */
    double *value;       /* likewise */
    struct entry *entry; /* ordered by stratum and cluster */
    size_t entries;
    size_t *first;  /* by cluster: the stratum where it was seen first, + 1 */
    bool *several;  /* by cluster: seen in another one too */
    double *z;      /* by cluster, of strata that tell by themselves */
    double *shared; /* by cluster: squares of what strata that count as one give it */
};

static void room_close(struct room *room)
{
    free(room->root);
    free(room->weight);
    free(room->entry);
    free(room->several);
    free(room->z);
}

static enum status room_open(struct room *room, const struct stratified_rows *rows,
                             struct error *error)
{
    room->root = calloc(rows->strata + rows->clusters + 1, sizeof *room->root);
    room->weight = calloc(2 * rows->strata + 1, sizeof *room->weight);
    room->entry = calloc(rows->count + 1, sizeof *room->entry);
    room->several = calloc(rows->clusters + 1, sizeof *room->several);
    room->z = calloc(2 * rows->clusters + 1, sizeof *room->z);
    if (room->root == NULL || room->weight == NULL || room->entry == NULL ||
        room->several == NULL || room->z == NULL) {
        room_close(room);
        (void)error_memory(error);
        return ERROR_MEMORY;
    }
    room->first = room->root + rows->strata;
    room->value = room->weight + rows->strata;
    room->shared = room->z + rows->clusters;
    return STATUS_OK;
}

static enum status check_rows(const struct stratified_rows *rows, struct error *error)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->stratum[i] < 0 || (size_t)rows->stratum[i] >= rows->strata ||
            rows->cluster[i] < 0 || (size_t)rows->cluster[i] >= rows->clusters ||
            (rows->arm[i] != 0 && rows->arm[i] != 1))
            return error_set(error, ERROR_DOMAIN,
                             "row %zu: there are %zu strata, %zu clusters and 2 arms", i + 1,
                             rows->strata, rows->clusters);
        if (!isfinite(rows->items[i]) || !(rows->items[i] > 0) || !isfinite(rows->influence[i]))
            return error_set(error, ERROR_DOMAIN,
                             "row %zu: its items must be above 0, its influence a finite number",
                             i + 1);
    }
    for (size_t s = 0; s < rows->strata; s++)
        if (!isfinite(rows->weight[s]) || rows->weight[s] < 0 ||
            (rows->value != NULL && !isfinite(rows->value[s])))
            return error_set(error, ERROR_DOMAIN,
                             "stratum %zu: its weight must be 0 or more, its value finite", s + 1);
    return STATUS_OK;
}

/* ---- Which strata are one --------------------------------------------------------------- */

static size_t root_of(size_t *root, size_t stratum)
{
    while (root[stratum] != stratum)
        stratum = root[stratum] = root[root[stratum]];
    return stratum;
}

static void find_ties(struct room *room, const struct stratified_rows *rows,
                      enum stratified_ties ties)
{
    for (size_t s = 0; s < rows->strata; s++)
        room->root[s] = s;
    for (size_t i = 0; i < rows->count; i++) {
        size_t s = (size_t)rows->stratum[i];
        size_t g = (size_t)rows->cluster[i];
        if (room->first[g] == 0)
            room->first[g] = s + 1;
        if (ties == STRATIFIED_JOINED)
            room->root[root_of(room->root, s)] = root_of(room->root, room->first[g] - 1);
        else
            room->several[g] = room->several[g] || room->first[g] != s + 1;
    }
    for (size_t s = 0; s < rows->strata; s++) {
        size_t root = root_of(room->root, s);
        room->weight[root] += rows->weight[s];
        if (rows->value != NULL)
            room->value[root] += rows->value[s];
    }
}

static int by_place(const void *left, const void *right)
{
    const struct entry *one = left;
    const struct entry *other = right;
    if (one->stratum != other->stratum)
        return one->stratum < other->stratum ? -1 : 1;
    return (one->cluster > other->cluster) - (one->cluster < other->cluster);
}

static void fill_entries(struct room *room, const struct stratified_rows *rows,
                         const double scale[2])
{
    for (size_t i = 0; i < rows->count; i++) {
        struct entry *entry = &room->entry[i];
        *entry = (struct entry){.stratum = root_of(room->root, (size_t)rows->stratum[i]),
                                .cluster = (size_t)rows->cluster[i]};
        entry->items[rows->arm[i]] = rows->items[i];
        entry->influence[rows->arm[i]] = rows->influence[i] * scale[rows->arm[i]];
    }
    qsort(room->entry, rows->count, sizeof *room->entry, by_place);
    for (size_t i = 0; i < rows->count; i++) {
        struct entry *last = room->entries > 0 ? &room->entry[room->entries - 1] : NULL;
        if (last == NULL || by_place(last, &room->entry[i]) != 0) {
            room->entry[room->entries++] = room->entry[i];
            continue;
        }
        for (int arm = 0; arm < 2; arm++) {
            last->items[arm] += room->entry[i].items[arm];
            last->influence[arm] += room->entry[i].influence[arm];
        }
    }
}

/* ---- What strata add -------------------------------------------------------------------- */

/* Of all strata. */
struct whole {
    double weight, value;
};

/* The stratum whose entries start at first. */
static struct stratum stratum_at(const struct room *room, size_t first, bool has_value,
                                 const struct whole *whole)
{
    size_t number = room->entry[first].stratum;
    struct stratum out = {.first = first, .end = first};
    for (; out.end < room->entries && room->entry[out.end].stratum == number; out.end++)
        for (int arm = 0; arm < 2; arm++) {
            const struct entry *entry = &room->entry[out.end];
            out.present[arm] += entry->items[arm] > 0;
            out.items[arm] += entry->items[arm];
            out.influence[arm] += entry->influence[arm];
        }
    out.share = whole->weight > 0 ? room->weight[number] / whole->weight : 0;
    out.value = has_value ? room->value[number] : out.influence[1] - out.influence[0];
    return out;
}

/* Sums over strata: t_s and q_s of the design. */
struct knowledge {
    double sums, sums_squared; /* of u_s, and of u_s^2 / (n_s + 2) */
    double variance, squares;
    double before;         /* of strata that count as one, for their pairs */
    size_t alone;          /* their number, */
    double second, fourth; /* and squares and fourth powers of their z */
};

static void add_sum(struct knowledge *out, double sum, double df)
{
    out->sums += sum;
    out->sums_squared += sum * sum / (df + 2);
}

/* Is each cluster in one arm? */
static bool is_between(const struct stratum *stratum)
{
    return stratum->end - stratum->first == stratum->present[0] + stratum->present[1];
}

static void add_by_itself(struct room *room, const struct stratum *stratum, double variance,
                          double squares, struct knowledge *out)
{
    double sum = 0;
    for (size_t i = stratum->first; i < stratum->end; i++) {
        const struct entry *entry = &room->entry[i];
        double z[2];
        for (int arm = 0; arm < 2; arm++) {
            double share = entry->items[arm] / stratum->items[arm];
            z[arm] = (entry->influence[arm] - share * stratum->influence[arm]) / sqrt(1 - share);
        }
        room->z[entry->cluster] += z[1] - z[0];
        sum += (z[1] - z[0]) * (z[1] - z[0]);
    }
    add_sum(out, sum, (double)(stratum->end - stratum->first) - (is_between(stratum) ? 2 : 1));
    out->variance += variance;
    out->squares += squares;
}

static enum status add_as_one(struct room *room, const struct stratum *stratum, double variance,
                              const struct whole *whole, struct knowledge *out, struct error *error)
{
    double rest = 1 - stratum->share;
    if (!(rest > 1e-12))
        return error_set(error, ERROR_DOMAIN,
                         "one stratum has one cluster in an arm, and no other stratum shows by how "
                         "much clusters differ");
    for (size_t i = stratum->first; i < stratum->end; i++)
        if (room->several[room->entry[i].cluster])
            return error_set(
                error, ERROR_DOMAIN,
                "one cluster has all items of an arm in a stratum, and some in others");
    double z = (stratum->value - stratum->share * whole->value) / sqrt(rest);
    double weighted = variance * stratum->share / rest;
    double each = z * z / (double)(stratum->end - stratum->first);
    for (size_t i = stratum->first; i < stratum->end; i++) {
        room->shared[room->entry[i].cluster] = copysign(sqrt(each), z);
        room->first[room->entry[i].cluster] = 0; /* counted with its stratum */
    }
    out->variance += variance;
    out->squares += variance * variance + 2 * out->before * weighted;
    out->before += weighted;
    out->alone++;
    add_sum(out, z * z, 1);
    out->second += z * z;
    out->fourth += z * z * z * z;
    return STATUS_OK;
}

static enum status add_stratum(struct room *room, const struct stratum *stratum,
                               const struct whole *whole, struct knowledge *out,
                               struct error *error)
{
    struct design design = {0};
    double squares[2] = {0, 0};
    double scale = stratum->share * stratum->share;
    bool as_one = stratum->present[0] < 2 || stratum->present[1] < 2;
    if (stratum->present[0] == 0 || stratum->present[1] == 0)
        return error_set(error, ERROR_DOMAIN, "a stratum has items of one arm only");
    for (size_t i = stratum->first; i < stratum->end; i++) {
        double share[2];
        for (int arm = 0; arm < 2; arm++) {
            share[arm] = room->entry[i].items[arm] / stratum->items[arm];
            squares[arm] += share[arm] * share[arm];
        }
        if (!as_one)
            design_add(&design, share[1], share[0]);
    }
    double variance = squares[0] + squares[1];
    if (as_one)
        return add_as_one(room, stratum, scale * variance, whole, out, error);
    add_by_itself(room, stratum, scale * variance,
                  scale * scale * variance * variance / design_df(&design), out);
    return STATUS_OK;
}

/* ---- The estimate ----------------------------------------------------------------------- */

static enum status add_strata(struct room *room, const struct stratified_rows *rows,
                              struct knowledge *out, struct error *error)
{
    struct whole whole = {0, 0};
    enum status status = STATUS_OK;
    for (size_t s = 0; s < rows->strata; s++)
        whole.weight += rows->weight[s];
    for (size_t first = 0, end; first < room->entries; first = end) {
        struct stratum stratum = stratum_at(room, first, rows->value != NULL, &whole);
        whole.value += stratum.value;
        end = stratum.end;
    }
    for (size_t first = 0, end; first < room->entries && status == STATUS_OK; first = end) {
        struct stratum stratum = stratum_at(room, first, rows->value != NULL, &whole);
        status = add_stratum(room, &stratum, &whole, out, error);
        end = stratum.end;
    }
    return status;
}

static enum status judge(struct room *room, const struct stratified_rows *rows, double value,
                         double level, struct estimate *out, struct error *error)
{
    struct knowledge known = {0};
    enum status status = add_strata(room, rows, &known, error);
    if (status != STATUS_OK)
        return status;
    size_t count = known.alone;
    for (size_t g = 0; g < rows->clusters; g++) {
        double square = room->z[g] * room->z[g];
        count += room->first[g] > 0;
        known.second += square;
        known.fourth += square * square;
    }
    double df = fmin((double)count - 1, influence_df(known.second, known.fourth));
    if (known.sums_squared > 0)
        df = fmin(df, known.sums * known.sums / known.sums_squared - 2);
    if (known.squares > 0)
        df = fmin(df, known.variance * known.variance / known.squares);
    return assay_estimate(value, sqrt(known.second), fmax(1, df), level, out, error);
}

enum status assay_stratified(const struct stratified_rows *rows, enum stratified_ties ties,
                             const double scale[2], double value, double level,
                             struct estimate *out, double *part, struct error *error)
{
    struct room room = {0};
    struct estimate result;
    enum status status = check_rows(rows, error);
    if (status == STATUS_OK)
        status = room_open(&room, rows, error);
    if (status != STATUS_OK)
        return status;
    find_ties(&room, rows, ties);
    fill_entries(&room, rows, scale);
    status = judge(&room, rows, value, level, &result, error);
    for (size_t g = 0; g < rows->clusters && part != NULL; g++)
        part[g] = room.z[g] + room.shared[g];
    if (status == STATUS_OK)
        *out = result;
    room_close(&room);
    return status;
}
