/* Errors by cluster of a fit within strata.

   A cluster's values, weights and residuals are told by their components along 1_gs of each stratum
   s that it touches, and along one direction more: what is left of x there. H_gg = diag(l) + r r'
   in these, with l = n_gs / N_s and 0, r = x / sqrt Q. With f of CR2 or CR3, p = f(H_gg) of a
   number's weights:

       variance   sum over g of (p_g'e_g)^2
       df         of the matrix with p_g'p_g 1(g = h) - p_g'H_gh p_h,
                  p_g'H_gh p_h = sum over s of t_gs t_hs + c_g c_h,
                  t_gs = sqrt(l_gs) p_gs,  c_g = r_g'p_g

   of which only the squares of all elements and the diagonal are needed. The squares of T T' are
   summed over pairs of clusters or, as T'T, over pairs of strata, whichever are fewer. */

#include "stats/absorbed_fit.h"

#include "base/error.h"
#include "stats/fit.h"
#include "stats/neumaier.h"
#include "stats/secular.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a cluster and stratum. */
struct entry {
    size_t cluster; /* ordinal */
    size_t stratum;
    double part[absorbed_numbers]; /* t, of the difference's and the mean's weights */
};

/* Of a cluster. */
struct member {
    size_t first;                                      /* entry */
    double square[absorbed_numbers][absorbed_numbers]; /* p'p */
    double along[absorbed_numbers];                    /* c */
};

struct pass {
    const struct absorbed_fit *fit;
    enum variance kind;
    struct entry *entries;
    struct member *members; /* one more than clusters: where entries end */
    size_t *of_stratum;     /* entries by stratum */
    size_t *stratum_first;  /* one more than strata */
    size_t entry_count;
    size_t member_count;
    double *sums; /* of an element of T T' or T'T: scratch for as many clusters or strata */
    size_t *seen; /* which row of it a sum is of */
    size_t *touched;
    /* Of one cluster: components. */
    double *leverage; /* l */
    double *x;        /* r */
    double *one;
    double *residual;
    double *turned[absorbed_numbers]; /* p, of either number */
    double *secular_doubles;
    size_t *secular_sizes;
    void *memory; /* of all but of_stratum and what follows it */
};

static size_t most_rows(const struct absorbed_rows *rows)
{
    size_t most = 0;
    for (size_t i = 0, end = 0; i < rows->count; i = end) {
        while (end < rows->count && rows->cluster[end] == rows->cluster[i])
            end++;
        most = end - i > most ? end - i : most;
    }
    return most;
}

static void pass_close(struct pass *pass)
{
    free(pass->memory);
    free(pass->of_stratum);
}

/* False where memory is out. */
static bool pass_open(struct pass *pass, const struct absorbed_fit *fit, enum variance kind)
{
    size_t rows = fit->rows->count;
    size_t strata = fit->rows->stratum_count;
    size_t most = most_rows(fit->rows) + 1;
    size_t wider = strata > fit->clusters ? strata : fit->clusters;
    size_t doubles = wider + 6 * most + secular_doubles(most);
    size_t sizes = rows + strata + 1 + 2 * wider + secular_sizes(most);
    size_t bytes = rows * sizeof(struct entry) + (fit->clusters + 1) * sizeof(struct member) +
                   doubles * sizeof(double);
    *pass = (struct pass){.fit = fit,
                          .kind = kind,
                          .memory = calloc(1, bytes),
                          .of_stratum = calloc(sizes, sizeof(size_t))};
    if (pass->memory == NULL || pass->of_stratum == NULL) {
        pass_close(pass);
        return false;
    }
    pass->members = pass->memory;
    pass->entries = (struct entry *)(pass->members + fit->clusters + 1);
    pass->sums = (double *)(pass->entries + rows);
    double *next = pass->sums + wider;
    double **components[] = {&pass->leverage, &pass->x,         &pass->one,
                             &pass->residual, &pass->turned[0], &pass->turned[1]};
    for (size_t i = 0; i < sizeof components / sizeof *components; i++, next += most)
        *components[i] = next;
    pass->secular_doubles = next;
    pass->stratum_first = pass->of_stratum + rows;
    pass->seen = pass->stratum_first + strata + 1;
    pass->touched = pass->seen + wider;
    pass->secular_sizes = pass->touched + wider;
    return true;
}

/* ---- One cluster ------------------------------------------------------------------------ */

/* Items and sums of residuals of a cluster in a stratum, by arm. */
struct held {
    double items[2];
    double total[2];
};

/* Adds the direction of a stratum, and what is left of x there to the last one. */
static void add_direction(struct pass *pass, const struct stratum_sums *stratum,
                          const struct held *held, size_t at, double *left)
{
    double items = held->items[0] + held->items[1];
    double root = sqrt(items);
    double x[2] = {stratum_x(stratum, 0), stratum_x(stratum, 1)};
    pass->leverage[at] = items / (stratum->items[0] + stratum->items[1]);
    pass->x[at] = (held->items[0] * x[0] + held->items[1] * x[1]) / root / sqrt(pass->fit->squares);
    pass->one[at] = root;
    pass->residual[at] = (held->total[0] + held->total[1]) / root;
    if (held->items[0] > 0 && held->items[1] > 0) {
        /* x is higher by 1 in arm 1: of it sqrt(n_0 n_1 / n) is left. */
        double weight = held->items[0] * held->items[1] / items;
        left[0] += weight;
        left[1] += weight * (held->total[1] / held->items[1] - held->total[0] / held->items[0]);
    }
}

/* Reads rows from first on, of one cluster; returns the number of directions, 0 where none of its
   strata has both arms. */
static size_t read_cluster(struct pass *pass, size_t first, size_t end)
{
    const struct absorbed_rows *rows = pass->fit->rows;
    double left[2] = {0, 0}; /* squared length of x there, its product with the residuals */
    size_t count = 0;
    for (size_t i = first, next = first; i < end; i = next) {
        const struct stratum_sums *stratum = &pass->fit->strata[rows->stratum[i]];
        struct held held = {{0, 0}, {0, 0}};
        for (; next < end && rows->stratum[next] == rows->stratum[i]; next++) {
            double away = stratum_residual(pass->fit, stratum, rows->arm[next],
                                           rows->mean[next] - pass->fit->pivot);
            held.items[rows->arm[next]] += rows->items[next];
            held.total[rows->arm[next]] += rows->items[next] * away;
        }
        if (!stratum_has_both(stratum))
            continue;
        pass->entries[pass->entry_count + count] =
            (struct entry){.cluster = pass->member_count, .stratum = (size_t)rows->stratum[i]};
        add_direction(pass, stratum, &held, count++, left);
    }
    if (count == 0)
        return 0;
    pass->leverage[count] = pass->one[count] = 0;
    pass->x[count] = sqrt(left[0] / pass->fit->squares);
    pass->residual[count] = left[0] > 0 ? left[1] / sqrt(left[0]) : 0;
    return count + 1;
}

static double dot(size_t count, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

struct totals {
    double meat[absorbed_numbers][absorbed_numbers];
    double rest[absorbed_numbers][absorbed_numbers];
    double alone;
    bool any; /* a deletion */
    double lowest, highest;
};

static void add_deletion(struct pass *pass, const struct secular *secular, struct totals *out)
{
    secular_apply(secular, VARIANCE_CR3, pass->residual, pass->turned[0]);
    double moved = -dot(secular->count, pass->x, pass->turned[0]) / sqrt(pass->fit->squares);
    out->lowest = out->any ? fmin(out->lowest, moved) : moved;
    out->highest = out->any ? fmax(out->highest, moved) : moved;
    out->any = true;
}

/* Of a cluster of count directions. */
static void add_cluster(struct pass *pass, size_t count, struct totals *out)
{
    struct secular secular;
    struct member *member = &pass->members[pass->member_count];
    double score[absorbed_numbers];
    const double scale[absorbed_numbers] = {1 / sqrt(pass->fit->squares), 1 / pass->fit->items};
    const double *weights[absorbed_numbers] = {pass->x, pass->one};
    secular_solve(count, pass->leverage, pass->x, pass->secular_doubles, pass->secular_sizes,
                  &secular);
    add_deletion(pass, &secular, out);
    out->alone += secular_alone(&secular, pass->x);
    for (size_t a = 0; a < absorbed_numbers; a++) {
        double *turned = pass->turned[a];
        secular_apply(&secular, pass->kind, weights[a], turned);
        for (size_t k = 0; k < count; k++)
            turned[k] *= scale[a];
        score[a] = dot(count, turned, pass->residual);
        member->along[a] = dot(count, turned, pass->x);
        for (size_t k = 0; k + 1 < count; k++)
            pass->entries[pass->entry_count + k].part[a] = sqrt(pass->leverage[k]) * turned[k];
    }
    for (size_t a = 0; a < absorbed_numbers; a++)
        for (size_t b = 0; b < absorbed_numbers; b++) {
            member->square[a][b] = dot(count, pass->turned[a], pass->turned[b]);
            neumaier_add(&out->meat[a][b], &out->rest[a][b], score[a] * score[b]);
        }
}

static void add_residual(const struct pass *pass, size_t first, size_t end, double *residual)
{
    const struct absorbed_rows *rows = pass->fit->rows;
    double items = 0;
    double total = 0;
    for (size_t i = first; i < end; i++) {
        const struct stratum_sums *stratum = &pass->fit->strata[rows->stratum[i]];
        if (!stratum_has_both(stratum))
            continue;
        items += rows->items[i];
        total += rows->items[i] * stratum_residual(pass->fit, stratum, rows->arm[i],
                                                   rows->mean[i] - pass->fit->pivot);
    }
    residual[rows->cluster[first]] = total / items;
}

static void add_clusters(struct pass *pass, double *residual, struct totals *out)
{
    const struct absorbed_rows *rows = pass->fit->rows;
    for (size_t first = 0, end = 0; first < rows->count; first = end) {
        while (end < rows->count && rows->cluster[end] == rows->cluster[first])
            end++;
        size_t count = read_cluster(pass, first, end);
        if (count == 0)
            continue;
        pass->members[pass->member_count].first = pass->entry_count;
        add_cluster(pass, count, out);
        pass->member_count++;
        pass->entry_count += count - 1;
        if (residual != NULL)
            add_residual(pass, first, end, residual);
    }
    pass->members[pass->member_count].first = pass->entry_count;
}

/* ---- Degrees of freedom ------------------------------------------------------------------- */

static void order_by_stratum(struct pass *pass)
{
    size_t strata = pass->fit->rows->stratum_count;
    size_t *first = pass->stratum_first;
    for (size_t i = 0; i < pass->entry_count; i++)
        first[pass->entries[i].stratum + 1]++;
    for (size_t s = 0; s < strata; s++)
        first[s + 1] += first[s];
    for (size_t i = 0; i < pass->entry_count; i++)
        pass->of_stratum[first[pass->entries[i].stratum]++] = i;
    for (size_t s = strata; s > 0; s--)
        first[s] = first[s - 1];
    first[0] = 0;
}

static double part_of(const struct entry *entry, const double number[absorbed_numbers])
{
    return number[0] * entry->part[0] + number[1] * entry->part[1];
}

static double along_of(const struct member *member, const double number[absorbed_numbers])
{
    return number[0] * member->along[0] + number[1] * member->along[1];
}

/* One row of a sparse matrix, its elements summed up. */
struct sparse_row {
    struct pass *pass;
    size_t mark; /* above 0, and another for each row */
    size_t count;
};

static void add_element(struct sparse_row *row, size_t column, double term)
{
    struct pass *pass = row->pass;
    if (pass->seen[column] != row->mark) {
        pass->seen[column] = row->mark;
        pass->sums[column] = 0;
        pass->touched[row->count++] = column;
    }
    pass->sums[column] += term;
}

static double row_squares(const struct sparse_row *row)
{
    double sum = 0;
    for (size_t i = 0; i < row->count; i++) {
        double element = row->pass->sums[row->pass->touched[i]];
        sum += element * element;
    }
    return sum;
}

/* Sum of squares of T T', cluster by cluster. */
static double squares_of_clusters(struct pass *pass, const double number[absorbed_numbers],
                                  size_t *mark)
{
    double sum = 0;
    for (size_t g = 0; g < pass->member_count; g++) {
        struct sparse_row row = {pass, ++*mark, 0};
        for (size_t i = pass->members[g].first; i < pass->members[g + 1].first; i++) {
            size_t s = pass->entries[i].stratum;
            double own = part_of(&pass->entries[i], number);
            for (size_t j = pass->stratum_first[s]; j < pass->stratum_first[s + 1]; j++) {
                const struct entry *other = &pass->entries[pass->of_stratum[j]];
                add_element(&row, other->cluster, own * part_of(other, number));
            }
        }
        sum += row_squares(&row);
    }
    return sum;
}

/* The same of T'T, stratum by stratum. */
static double squares_of_strata(struct pass *pass, const double number[absorbed_numbers],
                                size_t *mark)
{
    double sum = 0;
    for (size_t s = 0; s < pass->fit->rows->stratum_count; s++) {
        struct sparse_row row = {pass, ++*mark, 0};
        for (size_t j = pass->stratum_first[s]; j < pass->stratum_first[s + 1]; j++) {
            const struct entry *entry = &pass->entries[pass->of_stratum[j]];
            const struct member *member = &pass->members[entry->cluster];
            double own = part_of(entry, number);
            for (size_t i = member->first; i < member[1].first; i++)
                add_element(&row, pass->entries[i].stratum,
                            own * part_of(&pass->entries[i], number));
        }
        sum += row_squares(&row);
    }
    return sum;
}

static bool clusters_are_fewer(const struct pass *pass)
{
    size_t strata = pass->fit->rows->stratum_count;
    double by_cluster = 0;
    double by_stratum = 0;
    for (size_t s = 0; s < strata; s++) {
        double count = (double)(pass->stratum_first[s + 1] - pass->stratum_first[s]);
        by_cluster += count * count;
    }
    for (size_t g = 0; g < pass->member_count; g++) {
        double count = (double)(pass->members[g + 1].first - pass->members[g].first);
        by_stratum += count * count;
    }
    return by_cluster < by_stratum;
}

/* Sum over strata of (sum over clusters of t c)^2. */
static double squares_across(const struct pass *pass, const double number[absorbed_numbers])
{
    double sum = 0;
    for (size_t s = 0; s < pass->fit->rows->stratum_count; s++) {
        double across = 0;
        for (size_t j = pass->stratum_first[s]; j < pass->stratum_first[s + 1]; j++) {
            const struct entry *entry = &pass->entries[pass->of_stratum[j]];
            across += part_of(entry, number) * along_of(&pass->members[entry->cluster], number);
        }
        sum += across * across;
    }
    return sum;
}

/* Satterthwaite's, of number[0] x the difference + number[1] x the mean. */
static double df_of(struct pass *pass, const double number[absorbed_numbers], size_t *mark)
{
    double sums[3] = {0}; /* of a - q, a (a - 2 q), c^2 */
    double rest[3] = {0};
    for (size_t g = 0; g < pass->member_count; g++) {
        const struct member *member = &pass->members[g];
        double c = along_of(member, number);
        double a = number[0] * number[0] * member->square[0][0] +
                   2 * number[0] * number[1] * member->square[0][1] +
                   number[1] * number[1] * member->square[1][1];
        double q = c * c;
        for (size_t i = member->first; i < pass->members[g + 1].first; i++) {
            double part = part_of(&pass->entries[i], number);
            q += part * part;
        }
        neumaier_add(&sums[0], &rest[0], a - q);
        neumaier_add(&sums[1], &rest[1], a * (a - 2 * q));
        neumaier_add(&sums[2], &rest[2], c * c);
    }
    double trace = sums[0] + rest[0];
    double along = sums[2] + rest[2];
    double whole = clusters_are_fewer(pass) ? squares_of_clusters(pass, number, mark)
                                            : squares_of_strata(pass, number, mark);
    whole += 2 * squares_across(pass, number) + along * along;
    return trace * trace / (whole + sums[1] + rest[1]);
}

static double factor(const struct absorbed_fit *fit, enum variance kind)
{
    double clusters = (double)fit->clusters;
    double rest = fit->items - (double)fit->strata_count - 1;
    return kind == VARIANCE_CR1 ? clusters / (clusters - 1) * (fit->items - 1) / rest : 1;
}

enum status absorbed_by_cluster(const struct absorbed_fit *fit, enum variance kind, double share,
                                double *residual, struct absorbed_errors *out, struct error *error)
{
    struct pass pass;
    struct totals totals = {.any = false};
    if (!pass_open(&pass, fit, kind))
        return error_memory(error);
    add_clusters(&pass, residual, &totals);
    *out = (struct absorbed_errors){
        .df = (double)fit->clusters - 1,
        .df_share = (double)fit->clusters - 1,
        .lowest = totals.lowest,
        .highest = totals.highest,
    };
    for (size_t a = 0; a < absorbed_numbers; a++)
        for (size_t b = 0; b < absorbed_numbers; b++)
            out->covariance[a][b] = factor(fit, kind) * (totals.meat[a][b] + totals.rest[a][b]);
    if (kind == VARIANCE_CR2 || kind == VARIANCE_CR3) {
        const double difference[absorbed_numbers] = {1, 0};
        const double of_share[absorbed_numbers] = {1 + share * fit->share, -share};
        size_t mark = 0;
        order_by_stratum(&pass);
        out->alone = totals.alone;
        out->df = df_of(&pass, difference, &mark);
        out->df_share = share != 0 ? df_of(&pass, of_share, &mark) : out->df;
    }
    pass_close(&pass);
    return STATUS_OK;
}
