/* Reading the rows of a staggered panel: units by periods, who is treated when, and who is left
   out. */

#include "stats/staggered_panel.h"

#include "base/error.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums of two periods stay far from overflow. */
#define PERIOD_MAX INT64_C(1000000000000000)

static int by_number(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a;
    int64_t other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

/* Sorts and keeps one of each; returns how many. */
static size_t distinct(int64_t *numbers, size_t count)
{
    size_t kept = 0;
    if (count > 0)
        qsort(numbers, count, sizeof *numbers, by_number);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || numbers[i] != numbers[kept - 1])
            numbers[kept++] = numbers[i];
    return kept;
}

/* The index of a number that is in the list. */
static size_t find(const int64_t *numbers, size_t count, int64_t number)
{
    const int64_t *found = bsearch(&number, numbers, count, sizeof *numbers, by_number);
    return (size_t)(found - numbers);
}

static double weight_of(const struct staggered_rows *rows, size_t row)
{
    return rows->weight != NULL ? rows->weight[row] : 1;
}

static int64_t cluster_of(const struct staggered_rows *rows, size_t row)
{
    return rows->cluster != NULL ? rows->cluster[row] : rows->unit[row];
}

static int64_t stratum_of(const struct staggered_rows *rows, size_t row)
{
    return rows->stratum != NULL ? rows->stratum[row] : 0;
}

static enum status check_row(const struct staggered_rows *rows, size_t row, struct error *error)
{
    int64_t period = rows->period[row];
    double weight = weight_of(rows, row);
    if (period < -PERIOD_MAX || period > PERIOD_MAX)
        return error_set(error, ERROR_DOMAIN, "row %zu: its period is beyond 1e15", row + 1);
    if (!isfinite(rows->mean[row]))
        return error_set(error, ERROR_DOMAIN, "row %zu: its mean is not a finite number", row + 1);
    if (!isfinite(weight) || !(weight > 0))
        return error_set(error, ERROR_DOMAIN, "row %zu: its weight is not a finite number above 0",
                         row + 1);
    if (row == 0 || rows->unit[row] > rows->unit[row - 1])
        return STATUS_OK;
    if (rows->unit[row] < rows->unit[row - 1] || period <= rows->period[row - 1])
        return error_set(error, ERROR_DOMAIN,
                         "row %zu: rows must be ordered by unit and period, one row for both",
                         row + 1);
    if (rows->first[row] != rows->first[row - 1] ||
        cluster_of(rows, row) != cluster_of(rows, row - 1) || weight != weight_of(rows, row - 1) ||
        stratum_of(rows, row) != stratum_of(rows, row - 1))
        return error_set(error, ERROR_DOMAIN,
                         "row %zu: first treated period, weight, cluster and stratum must be the "
                         "same in all rows of unit %" PRId64,
                         row + 1, rows->unit[row]);
    return STATUS_OK;
}

static enum status check(const struct staggered_rows *rows, const struct staggered_design *design,
                         struct error *error)
{
    if (design->anticipation < 0 || design->anticipation > PERIOD_MAX)
        return error_set(error, ERROR_DOMAIN, "anticipation is a number of periods of 0 or more");
    if (rows->count == 0)
        return error_set(error, ERROR_DOMAIN, "there are no rows");
    for (size_t row = 0; row < rows->count; row++) {
        enum status status = check_row(rows, row, error);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status allocate(const struct staggered_rows *rows, struct staggered *panel,
                            struct error *error)
{
    size_t units = 1;
    panel->periods = malloc(rows->count * sizeof *panel->periods);
    if (panel->periods == NULL)
        return error_memory(error);
    memcpy(panel->periods, rows->period, rows->count * sizeof *panel->periods);
    panel->summary.periods = distinct(panel->periods, rows->count);
    for (size_t row = 1; row < rows->count; row++)
        units += rows->unit[row] != rows->unit[row - 1];
    if (units > SIZE_MAX / sizeof(double) / panel->summary.periods)
        return error_memory(error);
    panel->outcome = malloc(units * panel->summary.periods * sizeof *panel->outcome);
    panel->weight = malloc(units * sizeof *panel->weight);
    panel->first = malloc(units * sizeof *panel->first);
    panel->cluster = malloc(units * sizeof *panel->cluster);
    panel->group = malloc(units * sizeof *panel->group);
    panel->stratum = malloc(units * sizeof *panel->stratum);
    panel->is_unlike = calloc(units, sizeof *panel->is_unlike);
    panel->groups = malloc(units * sizeof *panel->groups);
    panel->share = calloc(units, sizeof *panel->share);
    return panel->outcome != NULL && panel->weight != NULL && panel->first != NULL &&
                   panel->cluster != NULL && panel->group != NULL && panel->groups != NULL &&
                   panel->share != NULL && panel->stratum != NULL && panel->is_unlike != NULL
               ? STATUS_OK
               : error_memory(error);
}

/* Writes the outcomes of the unit with rows from .. until; says whether it was seen in all periods,
   and else in which it was not. */
static bool fill_outcomes(const struct staggered_rows *rows, size_t from, size_t until,
                          const struct staggered *panel, double *outcome, int64_t *gap)
{
    bool whole = true;
    for (size_t t = panel->summary.periods; t-- > 0;) {
        bool seen = until > from && rows->period[until - 1] == panel->periods[t];
        outcome[t] = seen ? rows->mean[--until] : NAN;
        if (!seen)
            *gap = panel->periods[t];
        whole = whole && seen;
    }
    return whole;
}

/* Keeps a unit, or counts why not. named holds the clusters, then the strata of all units. */
static enum status add_unit(const struct staggered_rows *rows, size_t from, size_t until,
                            struct staggered *panel, int64_t *named, struct error *error)
{
    struct staggered_summary *summary = &panel->summary;
    size_t u = summary->units;
    int64_t last = panel->periods[summary->periods - 1];
    int64_t delta = panel->design.anticipation;
    int64_t first = rows->first[from];
    int64_t gap = 0;
    if (first <= panel->periods[0] + delta) {
        summary->always++;
        return STATUS_OK;
    }
    if (!fill_outcomes(rows, from, until, panel, panel->outcome + u * summary->periods, &gap)) {
        if (panel->design.gaps == STAGGERED_GAPS_REFUSED)
            return error_set(error, ERROR_DOMAIN,
                             "unit %" PRId64 " has no row in period %" PRId64
                             ": leave out units with gaps, or compare by cell who was seen",
                             rows->unit[from], gap);
        summary->with_gaps++;
        if (panel->design.gaps == STAGGERED_GAPS_LEFT_OUT)
            return STATUS_OK;
    }
    panel->first[u] = first > last + delta ? ASSAY_NEVER_TREATED : first;
    panel->weight[u] = weight_of(rows, from);
    named[u] = cluster_of(rows, from);
    named[rows->count + u] = stratum_of(rows, from);
    summary->never += panel->first[u] == ASSAY_NEVER_TREATED;
    summary->units++;
    return STATUS_OK;
}

/* Numbers from 0 for the names of units; returns how many there are. */
static size_t number_names(const int64_t *names, size_t units, int64_t *sorted, size_t *out)
{
    memcpy(sorted, names, units * sizeof *sorted);
    size_t count = distinct(sorted, units);
    for (size_t u = 0; u < units; u++)
        out[u] = find(sorted, count, names[u]);
    return count;
}

static void number_groups(struct staggered *panel)
{
    size_t units = panel->summary.units;
    size_t count = 0;
    double total = 0;
    int64_t last = panel->periods[panel->summary.periods - 1];
    for (size_t u = 0; u < units; u++)
        if (panel->first[u] <= last)
            panel->groups[count++] = panel->first[u];
    count = distinct(panel->groups, count);
    for (size_t u = 0; u < units; u++) {
        bool any = panel->first[u] <= last;
        panel->group[u] = any ? find(panel->groups, count, panel->first[u]) : NO_GROUP;
        if (any)
            panel->share[panel->group[u]] += panel->weight[u];
        total += panel->weight[u];
    }
    for (size_t g = 0; g < count; g++)
        panel->share[g] /= total;
    panel->summary.groups = count;
}

static enum status read_units(const struct staggered_rows *rows, struct staggered *panel,
                              struct error *error)
{
    size_t count = rows->count;
    int64_t *named = malloc(3 * count * sizeof *named);
    enum status status = named != NULL ? STATUS_OK : error_memory(error);
    struct staggered_summary *summary = &panel->summary;
    for (size_t from = 0, until = 0; status == STATUS_OK && from < rows->count; from = until) {
        while (until < rows->count && rows->unit[until] == rows->unit[from])
            until++;
        status = add_unit(rows, from, until, panel, named, error);
    }
    if (status == STATUS_OK && summary->units > 0) {
        int64_t *sorted = named + 2 * count;
        summary->clusters = number_names(named, summary->units, sorted, panel->cluster);
        summary->strata = number_names(named + count, summary->units, sorted, panel->stratum);
        number_groups(panel);
    }
    free(named);
    if (status == STATUS_OK && summary->strata > 1 && summary->clusters < summary->units)
        return error_set(error, ERROR_DOMAIN, "units within strata are the clusters themselves");
    return status;
}

enum status staggered_read(const struct staggered_rows *rows, struct staggered *panel,
                           struct error *error)
{
    enum status status = check(rows, &panel->design, error);
    if (status == STATUS_OK)
        status = allocate(rows, panel, error);
    if (status == STATUS_OK)
        status = read_units(rows, panel, error);
    return status;
}
