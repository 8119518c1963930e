#include "evidence/estimate/contributions.h"

#include "base/embedded.h"
#include "evidence/estimate/told.h"

#include <math.h>
#include <string.h>

/* Columns of contributions.sql; the arm comes after them. */
enum { of_worker, of_items, of_weight, of_total, of_print, of_arm };

struct contribution contribution_of_row(const struct frame *frame, size_t row, size_t column)
{
    return (struct contribution){
        .worker = frame_text(frame, row, column + of_worker),
        .items = frame_integer(frame, row, column + of_items),
        .weight = frame_number(frame, row, column + of_weight),
        .total = frame_number(frame, row, column + of_total),
        .print = frame_integer(frame, row, column + of_print),
    };
}

enum status contributions_of(struct workspace *workspace, const struct sample *sample,
                             struct arena *arena, struct contributions out[2], struct error *error)
{
    struct frame frame;
    const struct metric *metric = sample->metric;
    out[0] = out[1] = (struct contributions){.known = true};
    const char *sql =
        TEXT_FILLED(arena, embedded_text("evidence/estimate/contributions.sql"),
                    {"value", told_value(metric)}, {"divisor", told_divisor(metric)},
                    {"weight", told_weight(metric)}, {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    for (size_t row = 0; status == STATUS_OK && row < frame.rows; row++) {
        const struct contribution one = contribution_of_row(&frame, row, of_worker);
        contributions_add(&out[frame_integer(&frame, row, of_arm) != 0], arena, &one);
    }
    return status;
}

void contributions_add(struct contributions *contributions, struct arena *arena,
                       const struct contribution *one)
{
    contributions->list = arena_grow(arena, contributions->list, contributions->count,
                                     &contributions->capacity, sizeof *contributions->list);
    contributions->list[contributions->count++] = *one;
}

/* What is left of sums that cancel. */
static double cleared(double sum, double a, double b)
{
    return fabs(sum) <= 1e-9 * (fabs(a) + fabs(b)) ? 0 : sum;
}

static struct contribution sum_of(const struct contribution *a, const struct contribution *b,
                                  int sign)
{
    static const struct contribution nothing = {0};
    const struct contribution *one = a != NULL ? a : &nothing;
    const struct contribution *other = b != NULL ? b : &nothing;
    return (struct contribution){
        .worker = one->worker != NULL ? one->worker : other->worker,
        .items = one->items + sign * other->items,
        .weight = cleared(one->weight + sign * other->weight, one->weight, other->weight),
        .total = cleared(one->total + sign * other->total, one->total, other->total),
        .print = one->print ^ other->print,
    };
}

static struct contributions summed(struct arena *arena, const struct contributions *a,
                                   const struct contributions *b, int sign)
{
    struct contributions out = {.known = a->known && b->known};
    size_t i = 0;
    size_t j = 0;
    while (i < a->count || j < b->count) {
        int order = i == a->count   ? 1
                    : j == b->count ? -1
                                    : strcmp(a->list[i].worker, b->list[j].worker);
        struct contribution sum =
            sum_of(order <= 0 ? &a->list[i] : NULL, order >= 0 ? &b->list[j] : NULL, sign);
        if (sum.items != 0 || sum.print != 0)
            contributions_add(&out, arena, &sum);
        i += order <= 0;
        j += order >= 0;
    }
    return out;
}

struct contributions contributions_joined(struct arena *arena, const struct contributions *a,
                                          const struct contributions *b)
{
    return summed(arena, a, b, 1);
}

struct contributions contributions_less(struct arena *arena, const struct contributions *a,
                                        const struct contributions *b)
{
    return summed(arena, a, b, -1);
}

bool contributions_same(const struct contributions *a, const struct contributions *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->list[i].worker, b->list[i].worker) != 0 ||
            a->list[i].items != b->list[i].items || a->list[i].print != b->list[i].print)
            return false;
    return true;
}

int64_t contributions_items(const struct contributions *contributions)
{
    int64_t items = 0;
    for (size_t i = 0; i < contributions->count; i++)
        items += contributions->list[i].items;
    return items;
}

int64_t contributions_tell_of(struct arena *arena, const struct contributions *difference)
{
    double *weights = arena_array(arena, difference->count, sizeof *weights);
    double all = 0;
    for (size_t i = 0; i < difference->count; i++)
        all += weights[i] = fabs(difference->list[i].weight);
    for (size_t i = 0; i < difference->count && all == 0; i++)
        weights[i] = fabs(difference->list[i].total);
    int64_t carriers = told_carriers(weights, difference->count);
    return carriers > 0 ? carriers : (int64_t)difference->count;
}
