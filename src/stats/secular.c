#include "stats/secular.h"

#include "stats/fit.h"

#include <math.h>
#include <string.h>

/* A vector whose squared length is below this is what rounding left of none. */
#define NOTHING 1e-29

/* ---- Poles ------------------------------------------------------------------------------ */

static void sift(const double *key, size_t *order, size_t root, size_t count)
{
    for (size_t child = 2 * root + 1; child < count; root = child, child = 2 * root + 1) {
        if (child + 1 < count && key[order[child + 1]] > key[order[child]])
            child++;
        if (!(key[order[child]] > key[order[root]]))
            return;
        size_t swapped = order[root];
        order[root] = order[child];
        order[child] = swapped;
    }
}

static void sort_by(const double *key, size_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count / 2; i-- > 0;)
        sift(key, order, i, count);
    for (size_t end = count; end-- > 1;) {
        size_t swapped = order[0];
        order[0] = order[end];
        order[end] = swapped;
        sift(key, order, 0, end);
    }
}

static void find_poles(struct secular *out)
{
    for (size_t first = 0, end = 0; first < out->count; first = end) {
        double value = out->diagonal[out->order[first]];
        double reach = 0;
        for (; end < out->count && out->diagonal[out->order[end]] == value; end++)
            reach += out->vector[out->order[end]] * out->vector[out->order[end]];
        bool any = reach > NOTHING;
        for (size_t i = first; i < end; i++)
            out->pole_of[out->order[i]] = any ? out->poles : out->count;
        if (any) {
            out->pole[out->poles] = value;
            out->reach[out->poles++] = reach;
        }
    }
}

/* ---- Roots ------------------------------------------------------------------------------ */

/* l_k - m of a root that is away from the pole near. */
static double distance(const struct secular *s, size_t k, size_t near, double away)
{
    return s->pole[k] - s->pole[near] - away;
}

/* away times the secular function, which has no pole there, and its slope. */
static double secular_at(const struct secular *s, size_t near, double away, double *slope)
{
    double sum = 1;
    double rise = 1;
    for (size_t k = 0; k < s->poles; k++) {
        if (k == near)
            continue;
        double gap = distance(s, k, near, away);
        double part = s->reach[k] / gap;
        sum += part;
        rise += part * (s->pole[k] - s->pole[near]) / gap;
    }
    *slope = rise;
    return away * sum - s->reach[near];
}

/* By Newton's steps inside a bracket: below 0 at away = 0, not below at end. */
static double root_from(const struct secular *s, size_t near, double end)
{
    double low = 0;
    double high = end;
    double at = 0;
    for (int step = 0; step < 200; step++) {
        double slope = 1;
        double value = secular_at(s, near, at, &slope);
        if (value < 0)
            low = at;
        else
            high = at;
        double next = at - value / slope;
        if (!((next > low && next < high) || (next < low && next > high)) || step % 8 == 7)
            next = low + (high - low) / 2;
        if (next == at || fabs(next - at) <= 1e-16 * fabs(next))
            return next;
        at = next;
    }
    return at;
}

static void find_roots(struct secular *s)
{
    double whole = 0;
    for (size_t k = 0; k < s->poles; k++)
        whole += s->reach[k];
    for (size_t j = 0; j < s->poles; j++) {
        bool last = j + 1 == s->poles;
        double gap = last ? whole : s->pole[j + 1] - s->pole[j];
        double slope = 1;
        /* Below 0 half way to the next pole: the root is in the farther half. */
        bool farther = !last && secular_at(s, j, gap / 2, &slope) < 0;
        s->near[j] = farther ? j + 1 : j;
        s->away[j] = root_from(s, s->near[j], last ? 2 * gap : farther ? -gap / 2 : gap / 2);
    }
}

void secular_solve(size_t count, const double *diagonal, const double *vector, double *doubles,
                   size_t *sizes, struct secular *out)
{
    *out = (struct secular){
        .count = count,
        .diagonal = diagonal,
        .vector = vector,
        .order = sizes,
        .pole_of = sizes + count,
        .near = sizes + 2 * count,
        .pole = doubles,
        .reach = doubles + count,
        .away = doubles + 2 * count,
        .along = doubles + 3 * count,
        .turned = doubles + 4 * count,
    };
    sort_by(diagonal, out->order, count);
    find_poles(out);
    find_roots(out);
}

/* ---- Functions -------------------------------------------------------------------------- */

/* 1 - m of a root. */
static double rest_of(const struct secular *s, size_t root)
{
    return 1 - s->pole[s->near[root]] - s->away[root];
}

/* r'v at each pole. */
static void take_along(const struct secular *s, const double *vector)
{
    memset(s->along, 0, s->poles * sizeof *s->along);
    for (size_t k = 0; k < s->count; k++)
        if (s->pole_of[k] < s->count)
            s->along[s->pole_of[k]] += s->vector[k] * vector[k];
}

/* Of a root, the product of its eigenvector r_k / (l_k - m) with v, and its squared length. */
static double product_of(const struct secular *s, size_t root, double *square)
{
    double product = 0;
    *square = 0;
    for (size_t k = 0; k < s->poles; k++) {
        double gap = distance(s, k, s->near[root], s->away[root]);
        product += s->along[k] / gap;
        *square += s->reach[k] / gap / gap;
    }
    return product;
}

void secular_apply(const struct secular *s, enum variance kind, const double *vector, double *out)
{
    take_along(s, vector);
    memset(s->turned, 0, s->poles * sizeof *s->turned);
    for (size_t j = 0; j < s->poles; j++) {
        double square = 0;
        double product = product_of(s, j, &square);
        double part = fit_adjustment(kind, rest_of(s, j)) * product / square;
        for (size_t k = 0; k < s->poles; k++)
            s->turned[k] += part / distance(s, k, s->near[j], s->away[j]);
    }
    for (size_t k = 0; k < s->count; k++) {
        size_t pole = s->pole_of[k];
        double f = fit_adjustment(kind, 1 - s->diagonal[k]);
        if (pole == s->count)
            out[k] = f * vector[k];
        else
            out[k] = f * (vector[k] - s->along[pole] * s->vector[k] / s->reach[pole]) +
                     s->vector[k] * s->turned[pole];
    }
}

double secular_alone(const struct secular *s, const double *vector)
{
    double sum = 0;
    take_along(s, vector);
    for (size_t j = 0; j < s->poles; j++) {
        double square = 0;
        double product = product_of(s, j, &square);
        if (rest_of(s, j) < FIT_DETERMINED)
            sum += product * product / square;
    }
    for (size_t k = 0; k < s->count; k++) {
        size_t pole = s->pole_of[k];
        double rest = vector[k];
        if (pole < s->count)
            rest -= s->along[pole] * s->vector[k] / s->reach[pole];
        if (1 - s->diagonal[k] < FIT_DETERMINED)
            sum += rest * rest;
    }
    return sum;
}
