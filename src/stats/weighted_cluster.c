/* What one cluster adds to CR2 and CR3 of a weighted fit under errors of equal variance. */

#include "stats/weighted_cluster.h"

#include "base/error.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Weights are scaled to a mean of 1, so that X and W X are columns of one size: with m their mean,
   the cross-products X'X are taken m-fold, X'W^2 X by 1/m, scores by sqrt(m) and 1/sqrt(m). */

enum { squares = 4 }; /* of 2P x 2P numbers: gram, U's coordinates, two to work in */

size_t weighted_cluster_scratch(size_t size)
{
    size_t wide = 2 * size;
    return squares * wide * wide + 2 * wide + size * size + size + 40 * wide + 1;
}

void weighted_cluster_init(const struct regression *fit, double *scratch,
                           struct weighted_cluster *out)
{
    size_t size = fit->coefficients;
    size_t wide = 2 * size;
    size_t square = wide * wide;
    *out = (struct weighted_cluster){
        .fit = fit,
        .size = size,
        .mean_weight = fit->weight / fit->rows,
        .gram = scratch,
        .coordinates = scratch + square,
        .inner = scratch + 2 * square,
        .product = scratch + 3 * square,
        .values = scratch + squares * square,
        .projected = scratch + squares * square + wide,
        .own = scratch + squares * square + 2 * wide,
        .own_values = scratch + squares * square + 2 * wide + size * size,
        .work = scratch + squares * square + 2 * wide + size * size + size,
        .work_size = (lapack_int)(40 * wide + 1),
    };
}

void weighted_cluster_squares(const struct weighted_cluster *cluster, size_t g, double *out)
{
    fit_gram(cluster->fit, fit_cluster(cluster->fit, g, 2), out);
    for (size_t i = 0; i < cluster->size * cluster->size; i++)
        out[i] /= cluster->mean_weight;
}

static double dot(size_t size, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Eigenvectors replace the matrix, one after the other. */
static enum status eigen(struct weighted_cluster *cluster, size_t size, double *matrix,
                         double *values, size_t g, struct error *error)
{
    if (LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)size, matrix, (lapack_int)size,
                           values, cluster->work, cluster->work_size) != 0)
        return error_set(error, ERROR_INTERNAL, "the eigenvalues of cluster %zu do not settle",
                         g + 1);
    return STATUS_OK;
}

/* gram = U'U, U = (X, W X): (X'X, X'WX; X'WX, X'W^2 X). */
static void fill_gram(struct weighted_cluster *cluster, size_t g)
{
    size_t size = cluster->size;
    size_t wide = 2 * size;
    for (size_t power = 0; power < 3; power++) {
        double scale = power == 0   ? cluster->mean_weight
                       : power == 1 ? 1
                                    : 1 / cluster->mean_weight;
        fit_gram(cluster->fit, fit_cluster(cluster->fit, g, power), cluster->own);
        size_t row = power == 2 ? size : 0;
        size_t column = power == 0 ? 0 : size;
        for (size_t i = 0; i < size; i++)
            for (size_t j = 0; j < size; j++) {
                double value = scale * cluster->own[i * size + j];
                cluster->gram[(row + i) * wide + column + j] = value;
                cluster->gram[(column + i) * wide + row + j] = value;
            }
    }
}

/* coordinates = F, rank x 2P, with U = E F and E'E = I: from the eigenvalues of U's correlations,
   without those that are 0 (weights that are the same throughout a cluster leave P of 2P). A
   direction that is nearly 0 does no harm: what rounding made of it is multiplied by its length. */
static enum status fill_coordinates(struct weighted_cluster *cluster, size_t g, struct error *error)
{
    size_t wide = 2 * cluster->size;
    double length[2 * fit_coefficients_max];
    double *vectors = cluster->product;
    for (size_t i = 0; i < wide; i++)
        length[i] = sqrt(cluster->gram[i * wide + i]);
    for (size_t i = 0; i < wide; i++)
        for (size_t j = 0; j < wide; j++) {
            double scale = length[i] * length[j];
            vectors[i * wide + j] = scale > 0 ? cluster->gram[i * wide + j] / scale : 0;
        }
    enum status status = eigen(cluster, wide, vectors, cluster->values, g, error);
    if (status != STATUS_OK)
        return status;
    double least = (double)wide * DBL_EPSILON * cluster->values[wide - 1];
    cluster->rank = 0;
    for (size_t l = 0; l < wide; l++) {
        if (!(cluster->values[l] > least))
            continue;
        double root = sqrt(cluster->values[l]);
        double *row = cluster->coordinates + cluster->rank * wide;
        for (size_t i = 0; i < wide; i++)
            row[i] = root * vectors[l * wide + i] * length[i];
        /* kept for E'e = diag(1/root) R' diag(1/length) U'e */
        cluster->values[cluster->rank++] = cluster->values[l];
    }
    return STATUS_OK;
}

/* inner = eigenvectors of I + F C F', C = (K, -I; -I, 0), and projected their values. */
static enum status fill_inner(struct weighted_cluster *cluster, const double *k, size_t g,
                              struct error *error)
{
    size_t size = cluster->size;
    size_t wide = 2 * size;
    size_t rank = cluster->rank;
    double turned[2 * fit_coefficients_max] = {0};
    for (size_t a = 0; a < rank; a++) {
        const double *row = cluster->coordinates + a * wide;
        for (size_t i = 0; i < size; i++) {
            turned[i] = dot(size, k + i * size, row) - row[size + i];
            turned[size + i] = -row[i];
        }
        for (size_t b = 0; b <= a; b++) {
            double value = (a == b) + dot(wide, turned, cluster->coordinates + b * wide);
            cluster->inner[a * rank + b] = cluster->inner[b * rank + a] = value;
        }
    }
    return eigen(cluster, rank, cluster->inner, cluster->projected, g, error);
}

enum status weighted_cluster_read(struct weighted_cluster *cluster, enum variance kind,
                                  const double *k, size_t g, struct error *error)
{
    cluster->kind = kind;
    cluster->number = g;
    fill_gram(cluster, g);
    enum status status = STATUS_OK;
    if (kind == VARIANCE_CR2) {
        status = fill_coordinates(cluster, g, error);
        if (status == STATUS_OK)
            status = fill_inner(cluster, k, g, error);
    }
    if (status != STATUS_OK)
        return status;
    fit_gram(cluster->fit, fit_cluster(cluster->fit, g, 1), cluster->own);
    return eigen(cluster, cluster->size, cluster->own, cluster->own_values, g, error);
}

/* out = (I - S)^-1 vector, S = X'WX of the cluster; 0 in directions that it alone determines.
   Returns the squared length of vector in these. */
static double without(const struct weighted_cluster *cluster, const double *vector, double *out)
{
    size_t size = cluster->size;
    double alone = 0;
    memset(out, 0, size * sizeof *out);
    for (size_t l = 0; l < size; l++) {
        const double *q = cluster->own + l * size;
        double along = dot(size, q, vector);
        double rest = 1 - cluster->own_values[l];
        if (rest < FIT_DETERMINED) {
            alone += along * along;
            continue;
        }
        for (size_t i = 0; i < size; i++)
            out[i] += along / rest * q[i];
    }
    return alone;
}

/* out = T^-1/2 vector, T = I + F C F'; rank numbers. */
static void inverse_root(const struct weighted_cluster *cluster, const double *vector, double *out)
{
    size_t rank = cluster->rank;
    memset(out, 0, rank * sizeof *out);
    for (size_t l = 0; l < rank; l++) {
        const double *q = cluster->inner + l * rank;
        if (!(cluster->projected[l] > FIT_DETERMINED))
            continue;
        double along = dot(rank, q, vector) / sqrt(cluster->projected[l]);
        for (size_t i = 0; i < rank; i++)
            out[i] += along * q[i];
    }
}

/* out = F'vector, 2P numbers. */
static void from_coordinates(const struct weighted_cluster *cluster, const double *vector,
                             double *out)
{
    size_t wide = 2 * cluster->size;
    for (size_t i = 0; i < wide; i++) {
        out[i] = 0;
        for (size_t a = 0; a < cluster->rank; a++)
            out[i] += cluster->coordinates[a * wide + i] * vector[a];
    }
}

/* CR2: X'W A e = J'F' T^-1/2 E'e with U'e = (X'e, X'We), J the second half.
   CR3: (I - S)^-1 X'We. */
void weighted_cluster_score(const struct weighted_cluster *cluster, double *out)
{
    const struct regression *fit = cluster->fit;
    size_t size = cluster->size;
    size_t wide = 2 * size;
    double scores[2 * fit_coefficients_max];
    double along[2 * fit_coefficients_max] = {0};
    double adjusted[2 * fit_coefficients_max] = {0};
    fit_score(fit, fit_cluster(fit, cluster->number, 1), scores + size);
    if (cluster->kind == VARIANCE_CR3) {
        (void)without(cluster, scores + size, out);
        return;
    }
    double root = sqrt(cluster->mean_weight);
    fit_score(fit, fit_cluster(fit, cluster->number, 0), scores);
    for (size_t i = 0; i < size; i++) {
        scores[i] *= root;
        scores[size + i] /= root;
    }
    /* F = D^1/2 R' diag(length), so that E'e = D^-1 F diag(length)^-2 U'e. */
    for (size_t a = 0; a < cluster->rank; a++) {
        along[a] = 0;
        for (size_t i = 0; i < wide; i++) {
            double squared = cluster->gram[i * wide + i];
            if (squared > 0)
                along[a] += cluster->coordinates[a * wide + i] * scores[i] / squared;
        }
        along[a] /= cluster->values[a];
    }
    inverse_root(cluster, along, adjusted);
    from_coordinates(cluster, adjusted, scores);
    for (size_t i = 0; i < size; i++)
        out[i] = root * scores[size + i];
}

/* s = A'W X v: its squared length, and (X's, X'Ws). */
double weighted_cluster_contrast(const struct weighted_cluster *cluster, const double *v,
                                 double *products, double *alone)
{
    size_t size = cluster->size;
    size_t wide = 2 * size;
    double own[fit_coefficients_max];
    double along[2 * fit_coefficients_max] = {0};
    double adjusted[2 * fit_coefficients_max] = {0};
    double length = 0;
    *alone = without(cluster, v, own);
    if (cluster->kind == VARIANCE_CR3) { /* s = W X (I - S)^-1 v */
        for (size_t i = 0; i < wide; i++)
            products[i] = dot(size, cluster->gram + i * wide + size, own);
        return dot(size, products + size, own);
    }
    for (size_t a = 0; a < cluster->rank; a++)
        along[a] = dot(size, cluster->coordinates + a * wide + size, v);
    inverse_root(cluster, along, adjusted);
    for (size_t a = 0; a < cluster->rank; a++)
        length += adjusted[a] * adjusted[a];
    from_coordinates(cluster, adjusted, products);
    return length;
}
