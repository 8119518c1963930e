#include "evidence/estimate/told.h"

#include "base/embedded.h"

#include <stdlib.h>
#include <string.h>

/* Columns of told_people.sql. */
enum { of_matched, of_arm, all_people, alike, not_0, divided, divided_alike, carrying };
enum { both_arms = 2 };

static bool names_who(const struct formula *formula)
{
    for (size_t i = 0; i < formula->used_count; i++)
        if (strcmp(formula->used[i], "team") == 0 || strcmp(formula->used[i], "role") == 0 ||
            strcmp(formula->used[i], "usd_per_hour") == 0 || /* of a role */
            strncmp(formula->used[i], "attr(", strlen("attr(")) == 0 ||
            strncmp(formula->used[i], "person(", strlen("person(")) == 0)
            return true;
    return false;
}

static void keep(int64_t people, int64_t *fewest)
{
    if (people > 0 && (*fewest == 0 || people < *fewest))
        *fewest = people;
}

/* Those who differ from the most, who are alike. */
static void keep_others(int64_t people, int64_t most, int64_t *fewest)
{
    if (2 * most > people)
        keep(people - most, fewest);
}

int64_t told_fewest(const struct metric *metric, const struct told_of *of)
{
    int64_t fewest = 0;
    if (metric->kind != METRIC_PROPORTION || names_who(&metric->value.compiled))
        keep_others(of->people, of->alike, &fewest);
    if (metric->kind != METRIC_RATIO)
        return fewest;
    keep(of->not_0, &fewest);
    keep(of->divided, &fewest);
    keep_others(of->divided, of->divided_alike, &fewest);
    return fewest;
}

static int heavier(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a < b) - (a > b);
}

int64_t told_carriers(double *weights, size_t count)
{
    double all = 0;
    double theirs = 0;
    qsort(weights, count, sizeof *weights, heavier);
    for (size_t i = 0; i < count; i++)
        all += weights[i];
    for (size_t i = 0; i < count; i++) {
        theirs += weights[i];
        if (all - theirs < theirs / (double)(i + 1) / 4)
            return (int64_t)i + 1;
    }
    return 0;
}

/* What never ended is one value, however long it has been watched. */
const char *told_value(const struct metric *metric)
{
    return metric->kind == METRIC_DURATION ? "case when ended then minutes else -1 end" : "y";
}

const char *told_divisor(const struct metric *metric)
{
    return metric->kind == METRIC_RATIO ? "d" : "null::double";
}

/* Of a ratio, its divisors; else items. */
const char *told_weight(const struct metric *metric)
{
    return metric->kind == METRIC_RATIO ? "coalesce(sum(abs(d)), 0e0)" : "count(*)::double";
}

/* As found in the sample; within its cells by how they are weighed. */
static void keep_carrying(const struct frame *frame, size_t row, struct told *out)
{
    for (int mix = 0; mix < TOLD_MIXES; mix++) {
        size_t column = (size_t)carrying + (size_t)mix;
        if (!frame->columns[column].valid[row])
            continue;
        int64_t people = frame_integer(frame, row, column);
        if (frame_integer(frame, row, of_matched) == 0)
            keep(people, &out->carry);
        else
            keep(people, &out->carry_within[mix]);
    }
}

int64_t told_carrying(const struct told *told, enum told_mix mix)
{
    int64_t fewest = told->carry;
    keep(told->carry_within[mix], &fewest);
    return fewest;
}

void told_keep(const struct told *told, enum told_mix mix, int64_t *fewest)
{
    int64_t carry = told_carrying(told, mix);
    if (told->fewest > 0 && told->fewest < *fewest)
        *fewest = told->fewest;
    if (carry > 0 && carry < *fewest)
        *fewest = carry;
}

static void take_row(const struct frame *frame, size_t row, const struct metric *metric,
                     struct told *out)
{
    int64_t people = frame_integer(frame, row, all_people);
    int64_t most = frame_integer(frame, row, alike);
    if (frame_integer(frame, row, of_arm) == both_arms) {
        if (frame_integer(frame, row, of_matched) != 0 || metric->kind == METRIC_QUANTILE)
            return;
        /* One person whose items happen to be alike shows no usual value. */
        bool usual = most >= (metric->kind == METRIC_PROPORTION ? 1 : 2);
        out->people = people;
        out->eventful = usual ? people - most : people;
        return;
    }
    keep_carrying(frame, row, out);
    if (metric->kind == METRIC_QUANTILE)
        return;
    const struct told_of of = {people,
                               most,
                               frame_integer(frame, row, not_0),
                               frame_integer(frame, row, divided),
                               frame_integer(frame, row, divided_alike),
                               0};
    keep(told_fewest(metric, &of), &out->fewest);
}

enum status told_people(struct workspace *workspace, const struct sample *sample,
                        struct arena *arena, struct told *out, struct error *error)
{
    const struct metric *metric = sample->metric;
    struct frame frame;
    *out = (struct told){0};
    const char *sql =
        TEXT_FILLED(arena, embedded_text("evidence/estimate/told_people.sql"),
                    {"value", told_value(metric)}, {"divisor", told_divisor(metric)},
                    {"weight", told_weight(metric)}, {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    for (size_t row = 0; status == STATUS_OK && row < frame.rows; row++)
        take_row(&frame, row, metric, out);
    return status;
}
