/* CR0 to CR3 from the moments of clusters, and Satterthwaite's degrees of freedom of CR2 and CR3.
 */

#include "stats/fit.h"

#include "base/error.h"
#include "stats/neumaier.h"
#include "stats/weighted_cluster.h"

#include <lapacke.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* With d the cluster's means less the overall ones and e = d_y - b'd its mean residual:
   sum of z e over its rows = (n e, c_xy - C_xx b + n d e), then whitened. */
void fit_score(const struct regression *fit, const double *moments, double *score)
{
    size_t p = fit->regressors;
    size_t k = p + 1;
    double n = moments[0];
    double raw[fit_coefficients_max];
    double mean_residual = assay_moments_mean(moments, p) - fit->centre[p];
    for (size_t j = 0; j < p; j++)
        mean_residual -=
            fit->coefficient[1 + j] * (assay_moments_mean(moments, j) - fit->centre[j]);
    for (size_t i = 0; i < p; i++) {
        raw[i] = assay_moments_cross(k, moments, i, p);
        for (size_t j = 0; j < p; j++)
            raw[i] -= assay_moments_cross(k, moments, i, j) * fit->coefficient[1 + j];
        raw[i] += n * (assay_moments_mean(moments, i) - fit->centre[i]) * mean_residual;
    }
    score[0] = n * mean_residual / sqrt(fit->weight);
    for (size_t i = 0; i < p; i++) {
        score[1 + i] = 0;
        for (size_t j = 0; j <= i; j++)
            score[1 + i] += fit->root[i * p + j] * raw[j];
    }
}

/* With a = L d: ((n/N, n a'/sqrt N), (n a/sqrt N, L C L' + n a a')). */
void fit_gram(const struct regression *fit, const double *moments, double *gram)
{
    size_t p = fit->regressors;
    size_t size = fit->coefficients;
    double n = moments[0];
    double a[fit_coefficients_max];
    double row[fit_coefficients_max];
    gram[0] = n / fit->weight;
    for (size_t i = 0; i < p; i++) {
        const double *root = fit->root + i * p;
        a[i] = 0;
        for (size_t j = 0; j <= i; j++)
            a[i] += root[j] * (assay_moments_mean(moments, j) - fit->centre[j]);
        for (size_t l = 0; l <= i; l++) {
            row[l] = 0;
            for (size_t j = 0; j <= i; j++)
                row[l] += root[j] * assay_moments_cross(p + 1, moments, j, l);
        }
        for (size_t j = 0; j <= i; j++) {
            double sum = n * a[i] * a[j];
            for (size_t l = 0; l <= j; l++)
                sum += row[l] * fit->root[j * p + l];
            gram[(1 + i) * size + 1 + j] = gram[(1 + j) * size + 1 + i] = sum;
        }
        gram[1 + i] = gram[(1 + i) * size] = n * a[i] / sqrt(fit->weight);
    }
}

/* One pass over the clusters: the meat, and for each contrast v (whitened) the sums for its degrees
   of freedom. With C_g = Q diag(l) Q' the cluster's gram and f = (1 - l)^(-1/2), or 1 / (1 - l)
   for CR3, where (I - C_g)^-1 score is b - b_-g itself:

       adjusted score   Q diag(f) Q' score
       B_g = Q diag(f l) Q' v,  a_g = v' Q diag(f^2 l) Q' v,  q_g = B_g'B_g,  W = sum B_g B_g'
       df = (sum (a_g - q_g))^2 / (sum (a_g^2 - 2 a_g q_g) + tr(W W))

   a_g - q_g are the diagonal and -B_g'B_h the other elements of the matrix of the quadratic form
   whose first two moments Satterthwaite matches.

   With weights and errors of equal variance the elements are y_g'C y_h (stats/weighted_cluster.h),
   y_g and C taking the places of B_g and of -I. */
struct contrast_sums {
    double trace, trace_rest;     /* sum (a_g - q_g) */
    double squares, squares_rest; /* sum (a_g^2 - 2 a_g q_g) */
    double alone; /* squared length of v in directions that one cluster alone determines */
    double df;
};

/* A share of v above this in such directions is no rounding: without that cluster there would be
   no estimate, and the part of its error that the cluster brings cannot be seen. */
#define ALONE 1e-8

struct pass {
    const struct regression *fit;
    enum variance kind;
    size_t contrast_count;
    struct contrast_sums *sums;
    bool wide;           /* weights, and errors of equal variance */
    size_t reach;        /* length of B_g: P, or 2P of y_g */
    double *meat;        /* P x P, whitened */
    double *meat_rest;   /* what rounding took from it */
    double *contrasts;   /* contrast_count x P, whitened */
    double *outer;       /* contrast_count x reach x reach: W */
    double *turned;      /* reach x reach: C W */
    double *vectors;     /* P x P: the gram, then its eigenvectors, one after the other */
    double *k;           /* P x P: X'W^2 X, where wide */
    double *eigenvalues; /* P */
    double *adjusted;    /* P */
    double *projected;   /* reach */
    double *cluster;     /* scratch of a weighted cluster */
    double *work;
    lapack_int work_size;
    double *memory;
};

/* Kinds that adjust each cluster's score, and have degrees of freedom of their own. */
static bool is_adjusted(enum variance kind)
{
    return kind == VARIANCE_CR2 || kind == VARIANCE_CR3;
}

static enum status pass_open(struct pass *pass, const struct regression *fit, enum variance kind,
                             size_t contrast_count, struct error *error)
{
    size_t size = fit->coefficients;
    size_t square = size * size;
    size_t work_size = 40 * size + 1;
    bool wide = fit->weighted && fit->working == WORKING_EQUAL && is_adjusted(kind);
    size_t reach = wide ? 2 * size : size;
    size_t outer = is_adjusted(kind) ? contrast_count * reach * reach : 0;
    size_t lengths[] = {square,
                        square,
                        contrast_count * size,
                        outer,
                        reach * reach,
                        square,
                        square,
                        size,
                        size,
                        reach,
                        wide ? weighted_cluster_scratch(size) : 0,
                        work_size};
    *pass = (struct pass){.fit = fit,
                          .kind = kind,
                          .contrast_count = contrast_count,
                          .wide = wide,
                          .reach = reach,
                          .work_size = (lapack_int)work_size};
    double **places[] = {&pass->meat,     &pass->meat_rest, &pass->contrasts, &pass->outer,
                         &pass->turned,   &pass->vectors,   &pass->k,         &pass->eigenvalues,
                         &pass->adjusted, &pass->projected, &pass->cluster,   &pass->work};
    size_t total = 0;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        total += lengths[i];
    pass->memory = calloc(total, sizeof(double));
    pass->sums = calloc(contrast_count + 1, sizeof *pass->sums);
    if (pass->memory == NULL || pass->sums == NULL) {
        free(pass->memory);
        free(pass->sums);
        (void)error_memory(error);
        return ERROR_MEMORY;
    }
    double *next = pass->memory;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; next += lengths[i], i++)
        *places[i] = next;
    return STATUS_OK;
}

static void pass_close(struct pass *pass)
{
    free(pass->memory);
    free(pass->sums);
}

static double dot(size_t size, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += a[i] * b[i];
    return sum;
}

static void add_outer(size_t size, const double *vector, double *matrix)
{
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++)
            matrix[i * size + j] += vector[i] * vector[j];
}

static void add_meat(struct pass *pass, const double *score)
{
    size_t size = pass->fit->coefficients;
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++)
            neumaier_add(&pass->meat[i * size + j], &pass->meat_rest[i * size + j],
                         score[i] * score[j]);
}

/* out = Q diag(weight) Q' vector, with weight = f l^power. */
static void apply(const struct pass *pass, int power, const double *vector, double *out)
{
    size_t size = pass->fit->coefficients;
    memset(out, 0, size * sizeof *out);
    for (size_t i = 0; i < size; i++) {
        const double *q = pass->vectors + i * size;
        double weight = fit_adjustment(pass->kind, 1 - pass->eigenvalues[i]) * dot(size, q, vector);
        if (power == 1)
            weight *= pass->eigenvalues[i];
        for (size_t j = 0; j < size; j++)
            out[j] += weight * q[j];
    }
}

/* Of a cluster with B_g in projected: a = a_g, q = -B_g'B_g. */
static void add_sums(struct pass *pass, size_t c, double a, double q)
{
    struct contrast_sums *sums = &pass->sums[c];
    neumaier_add(&sums->trace, &sums->trace_rest, a + q);
    neumaier_add(&sums->squares, &sums->squares_rest, a * (a + 2 * q));
    add_outer(pass->reach, pass->projected, pass->outer + c * pass->reach * pass->reach);
}

static void add_contrast(struct pass *pass, size_t c)
{
    size_t size = pass->fit->coefficients;
    const double *v = pass->contrasts + c * size;
    double a = 0;
    for (size_t i = 0; i < size; i++) {
        double along = dot(size, pass->vectors + i * size, v);
        double f = fit_adjustment(pass->kind, 1 - pass->eigenvalues[i]);
        a += f * f * along * along * pass->eigenvalues[i];
        if (f == 0)
            pass->sums[c].alone += along * along;
    }
    apply(pass, 1, v, pass->projected);
    add_sums(pass, c, a, -dot(size, pass->projected, pass->projected));
}

static enum status add_cluster(struct pass *pass, size_t g, struct error *error)
{
    const struct regression *fit = pass->fit;
    size_t size = fit->coefficients;
    double score[fit_coefficients_max];
    fit_score(fit, fit_cluster(fit, g, 1), score);
    if (!is_adjusted(pass->kind)) {
        add_meat(pass, score);
        return STATUS_OK;
    }
    fit_gram(fit, fit_cluster(fit, g, 1), pass->vectors);
    if (LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)size, pass->vectors,
                           (lapack_int)size, pass->eigenvalues, pass->work, pass->work_size) != 0)
        return error_set(error, ERROR_INTERNAL, "the eigenvalues of cluster %zu do not settle",
                         g + 1);
    apply(pass, 0, score, pass->adjusted);
    add_meat(pass, pass->adjusted);
    for (size_t c = 0; c < pass->contrast_count; c++)
        add_contrast(pass, c);
    return STATUS_OK;
}

/* out = C vector, C = (K, -I; -I, 0). */
static void turn(const struct pass *pass, const double *vector, double *out)
{
    size_t size = pass->fit->coefficients;
    for (size_t i = 0; i < size; i++) {
        out[i] = dot(size, pass->k + i * size, vector) - vector[size + i];
        out[size + i] = -vector[i];
    }
}

static enum status add_weighted_cluster(struct pass *pass, struct weighted_cluster *cluster,
                                        size_t g, struct error *error)
{
    size_t size = pass->fit->coefficients;
    double turned[2 * fit_coefficients_max] = {0};
    enum status status = weighted_cluster_read(cluster, pass->kind, pass->k, g, error);
    if (status != STATUS_OK)
        return status;
    weighted_cluster_score(cluster, pass->adjusted);
    add_meat(pass, pass->adjusted);
    for (size_t c = 0; c < pass->contrast_count; c++) {
        double alone = 0;
        double a =
            weighted_cluster_contrast(cluster, pass->contrasts + c * size, pass->projected, &alone);
        pass->sums[c].alone += alone;
        turn(pass, pass->projected, turned);
        add_sums(pass, c, a, dot(2 * size, pass->projected, turned));
    }
    return STATUS_OK;
}

static enum status add_weighted_clusters(struct pass *pass, struct error *error)
{
    const struct regression *fit = pass->fit;
    size_t square = fit->coefficients * fit->coefficients;
    struct weighted_cluster cluster;
    weighted_cluster_init(fit, pass->cluster, &cluster);
    for (size_t g = 0; g < fit->cluster_count; g++) {
        weighted_cluster_squares(&cluster, g, pass->vectors);
        for (size_t i = 0; i < square; i++)
            pass->k[i] += pass->vectors[i];
    }
    for (size_t g = 0; g < fit->cluster_count; g++) {
        enum status status = add_weighted_cluster(pass, &cluster, g, error);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* tr(C W C W), C being -I where there are no weights. */
static double trace_of_squares(struct pass *pass, const double *w)
{
    size_t reach = pass->reach;
    double sum = 0;
    if (!pass->wide)
        return dot(reach * reach, w, w);
    for (size_t i = 0; i < reach;
         i++) /* W is symmetric: row i of it is its column, C's ith of W C */
        turn(pass, w + i * reach, pass->turned + i * reach);
    for (size_t i = 0; i < reach; i++)
        for (size_t j = 0; j < reach; j++)
            sum += pass->turned[i * reach + j] * pass->turned[j * reach + i];
    return sum;
}

static enum status pass_run(struct pass *pass, struct error *error)
{
    size_t size = pass->fit->coefficients;
    enum status status = STATUS_OK;
    if (pass->wide)
        status = add_weighted_clusters(pass, error);
    else
        for (size_t g = 0; status == STATUS_OK && g < pass->fit->cluster_count; g++)
            status = add_cluster(pass, g, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < size * size; i++)
        pass->meat[i] += pass->meat_rest[i];
    for (size_t c = 0; c < pass->contrast_count && is_adjusted(pass->kind); c++) {
        struct contrast_sums *sums = &pass->sums[c];
        double trace = sums->trace + sums->trace_rest;
        double squares =
            trace_of_squares(pass, pass->outer + c * pass->reach * pass->reach) + sums->squares;
        sums->df = trace * trace / (squares + sums->squares_rest);
    }
    return STATUS_OK;
}

static enum status check_kind(const struct regression *fit, enum variance kind, struct error *error)
{
    if (kind < VARIANCE_CLASSICAL || kind > VARIANCE_CR3)
        return error_set(error, ERROR_DOMAIN,
                         "HC variances need a second pass over the rows: assay_regression_hc");
    if (kind != VARIANCE_CLASSICAL && fit->cluster_count < 2)
        return error_set(error, ERROR_DOMAIN,
                         "all rows are of one cluster: a clustered error needs at least 2");
    return STATUS_OK;
}

/* What the meat is multiplied by. */
static double factor(const struct regression *fit, enum variance kind)
{
    double clusters = (double)fit->cluster_count;
    double rest = fit->rows - (double)fit->coefficients;
    if (kind == VARIANCE_CLASSICAL)
        return fit->residual_sum / rest;
    return kind == VARIANCE_CR1 ? clusters / (clusters - 1) * (fit->rows - 1) / rest : 1;
}

static double default_df(const struct regression *fit, enum variance kind)
{
    return kind == VARIANCE_CLASSICAL ? fit->rows - (double)fit->coefficients
                                      : (double)fit->cluster_count - 1;
}

/* The meat of any kind; that of CLASSICAL is the identity. */
static enum status run(struct pass *pass, struct error *error)
{
    size_t size = pass->fit->coefficients;
    if (pass->kind != VARIANCE_CLASSICAL)
        return pass_run(pass, error);
    for (size_t i = 0; i < size; i++)
        pass->meat[i * size + i] = 1;
    return STATUS_OK;
}

enum status assay_regression_variance(const struct regression *regression, enum variance kind,
                                      double *out, struct error *error)
{
    struct pass pass;
    size_t size = regression->coefficients;
    enum status status = check_kind(regression, kind, error);
    if (status == STATUS_OK)
        status = pass_open(&pass, regression, kind, 0, error);
    if (status != STATUS_OK)
        return status;
    status = run(&pass, error);
    if (status == STATUS_OK) {
        fit_sandwich(size, regression->basis, pass.meat, out);
        for (size_t i = 0; i < size * size; i++)
            out[i] *= factor(regression, kind);
    }
    pass_close(&pass);
    return status;
}

/* v = basis'c. */
static void whiten_contrast(const struct regression *fit, const double *contrast, double *out)
{
    size_t size = fit->coefficients;
    for (size_t i = 0; i < size; i++) {
        out[i] = 0;
        for (size_t j = 0; j < size; j++)
            out[i] += fit->basis[j * size + i] * contrast[j];
    }
}

/* count contrasts of P numbers each. */
static enum status estimates(const struct regression *fit, enum variance kind, size_t count,
                             const double *contrasts, double df, double level, struct estimate *out,
                             struct error *error)
{
    struct pass pass;
    size_t size = fit->coefficients;
    double row[fit_coefficients_max];
    enum status status = check_kind(fit, kind, error);
    if (status == STATUS_OK)
        status = pass_open(&pass, fit, kind, count, error);
    if (status != STATUS_OK)
        return status;
    for (size_t c = 0; c < count; c++)
        whiten_contrast(fit, contrasts + c * size, pass.contrasts + c * size);
    status = run(&pass, error);
    for (size_t c = 0; status == STATUS_OK && c < count; c++) {
        const double *v = pass.contrasts + c * size;
        for (size_t i = 0; i < size; i++)
            row[i] = dot(size, pass.meat + i * size, v);
        double used = df;
        if (df == 0)
            used = is_adjusted(kind) ? pass.sums[c].df : default_df(fit, kind);
        if (!(used > 0) || pass.sums[c].alone > ALONE * dot(size, v, v))
            status = error_set(error, ERROR_DOMAIN,
                               "one cluster alone decides this estimate: no other shows by how "
                               "much clusters differ");
        else
            status = assay_estimate(dot(size, contrasts + c * size, fit->coefficient),
                                    sqrt(factor(fit, kind) * dot(size, v, row)), used, level,
                                    &out[c], error);
    }
    pass_close(&pass);
    return status;
}

enum status assay_regression_contrast(const struct regression *regression, enum variance kind,
                                      const double *contrast, double df, double level,
                                      struct estimate *out, struct error *error)
{
    bool any = false;
    for (size_t j = 0; j < regression->coefficients; j++) {
        if (!isfinite(contrast[j]))
            return error_set(error, ERROR_DOMAIN, "the contrast is not of finite numbers");
        any = any || contrast[j] != 0;
    }
    if (!any)
        return error_set(error, ERROR_DOMAIN, "the contrast is 0 everywhere");
    return estimates(regression, kind, 1, contrast, df, level, out, error);
}

enum status assay_regression_estimates(const struct regression *regression, enum variance kind,
                                       double df, double level, struct estimate *out,
                                       struct error *error)
{
    size_t size = regression->coefficients;
    double units[fit_coefficients_max * fit_coefficients_max] = {0};
    for (size_t i = 0; i < size; i++)
        units[i * size + i] = 1;
    return estimates(regression, kind, size, units, df, level, out, error);
}
