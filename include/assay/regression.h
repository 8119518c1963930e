/* assay/regression.h

   Least squares from compressed clusters: y on a constant and x_1 .. x_p, where all that is known
   of each cluster is its moments (assay/moments.h). Coefficients and every variance below are
   those of the rows themselves, exactly; no matrix of rows by rows is ever formed.

   With M = (X'X)^-1, S_g = X_g'X_g, u_g = X_g'y_g - S_g b, over G clusters, N rows, P = p + 1:

   CLASSICAL  s2 M, s2 = RSS / (N - P).
   CR0        M (sum u_g u_g') M: Liang & Zeger (1986), Biometrika 73:13-22.
   CR1        CR0 times G/(G-1) (N-1)/(N-P): Stata's, `CR1S` of clubSandwich, vcovCL of sandwich.
   CR2        Bell & McCaffrey (2002), Survey Methodology 28:169-181, with the degrees of freedom
              of a contrast by Satterthwaite under independent errors of equal variance; in the
              form of Pustejovsky & Tipton (2018), JBES 36:672-683, eq. 6 and 11, computed from
              the P x P eigenvalues of M^1/2 S_g M^1/2. A direction that one cluster alone
              determines (eigenvalue 1, within 1e-10) gives nothing, as in their generalised
              inverse.
   CR3        the jackknife about b: sum over g of (b_-g - b)(b_-g - b)', b_-g fitted without
              cluster g, by downdating, b_-g - b = -(X'X - S_g)^-1 u_g. As Bell & McCaffrey and
              clubSandwich, without the factor (G-1)/G. Degrees of freedom as for CR2.
   HC0-HC3    White (1980) and MacKinnon & White (1985), by a second pass over the rows.

   Numbers are computed on columns that are centred and scaled over all rows. Cross-products square
   the condition of their columns: of NIST's certified coefficients they keep 12 digits on Norris,
   11 on Longley and Pontius, 6 on polynomials of degree 5 (Wampler); docs/methods/numerics.md has
   all. Columns whose share that is not explained by the columns before them is under 1e-12 are
   refused, not estimated (Filip). assay/least_squares.h keeps more where the rows are at hand.

   Oracles: NIST StRD linear sets; sandwich and clubSandwich on metr, petersen, sleepstudy,
   git_history and on tests/oracle/cr2.R and cluster_errors.R; a definition with explicit matrices
   of rows by rows. */

#ifndef ASSAY_REGRESSION_H
#define ASSAY_REGRESSION_H

#include "assay/estimate.h"
#include "assay/status.h"

#include <stddef.h>

enum variance {
    VARIANCE_CLASSICAL,
    VARIANCE_CR0,
    VARIANCE_CR1,
    VARIANCE_CR2,
    VARIANCE_CR3,
    VARIANCE_HC0,
    VARIANCE_HC1, /* HC0 times N/(N-P) */
    VARIANCE_HC2,
    VARIANCE_HC3
};

/* A fit; opaque. It holds the clusters by pointer and numbers of its own of size O(P^2). */
struct regression;

/* Fits.
   columns    k = p + 1 columns in the moments: x_1 .. x_p and, last, y
   count      clusters, at least 1; clusters without rows must be left out
   clusters   clusters[g]: assay_moments_length(columns) doubles; they must outlive the fit
   column     set to the number (from 1) of the regressor at fault with ERROR_SINGULAR; or NULL
   out        untouched on error; released by assay_regression_close
   ERROR_DOMAIN: moments that are none (see assay_moments_check), N <= P, or y the same in every
   row. ERROR_SINGULAR: a regressor that is the same in every row or is determined by the constant
   and the regressors before it; the sentence names it. */
ASSAY_API enum status assay_regression_open(size_t columns, size_t count,
                                            const double *const *clusters, size_t *column,
                                            struct regression **out, struct error *error);
ASSAY_API void assay_regression_close(struct regression *regression); /* NULL is fine */

/* What a fit holds, for reading; pointers live as long as the fit. */
struct regression_fit {
    size_t rows;               /* N */
    size_t clusters;           /* G */
    size_t coefficients;       /* P */
    const double *coefficient; /* P: the constant, then that of x_1 .. x_p */
    double residual_variance;  /* s2; 0 where the rows lie on the fit */
    double r_squared;          /* in [0, 1] */
    const double *centre;      /* p + 1: means of x_1 .. x_p and of y over all rows */
    const double *inverse;     /* p x p: inverse of the centred cross-products of the x's */
};
ASSAY_API struct regression_fit assay_regression_fit(const struct regression *regression);

/* Variance matrix of the coefficients, P x P, symmetric.
   kind   VARIANCE_CLASSICAL to VARIANCE_CR3
   ERROR_DOMAIN: one cluster and CR*; ERROR_MEMORY. out is then undefined. */
ASSAY_API enum status assay_regression_variance(const struct regression *regression,
                                                enum variance kind, double *out,
                                                struct error *error);

/* Estimate of a contrast, sum_j contrast[j] coefficient[j], with its interval.
   contrast   P numbers, not all 0
   kind       VARIANCE_CLASSICAL to VARIANCE_CR3
   df         degrees of freedom of t: 0 takes those of the kind (CLASSICAL N-P; CR0 and CR1 G-1;
              CR2 and CR3 Satterthwaite's); any other number is used, INFINITY being normal
   ERROR_DOMAIN: as above, a contrast that is 0 or not finite, a standard error of 0, or, with CR2
   and CR3, a contrast that one cluster alone makes estimable (as an arm that only one cluster has).
   There clubSandwich gives a number, which leaves out the chance that this cluster brings; so do
   CR0 and CR1 here, and assay_regression_variance. */
ASSAY_API enum status assay_regression_contrast(const struct regression *regression,
                                                enum variance kind, const double *contrast,
                                                double df, double level, struct estimate *out,
                                                struct error *error);

/* The same of each coefficient, in one pass over the clusters. out: P estimates; on error those of
   the coefficients before the one that failed are written. */
ASSAY_API enum status assay_regression_estimates(const struct regression *regression,
                                                 enum variance kind, double df, double level,
                                                 struct estimate *out, struct error *error);

/* ---- Second pass over the rows: HC0 to HC3 ------------------------------------------------- */

/* Residual e and leverage h of each row. columns: x_1 .. x_p and y, columns[j][row].
   residual, leverage   rows numbers each; either may be NULL */
ASSAY_API void assay_regression_rows(const struct regression *regression, size_t rows,
                                     const double *const *columns, double *residual,
                                     double *leverage);

/* Number of doubles of a meat, P(P+1)/2: the packed lower triangle, row by row, of
   sum z z' e^2 / (1 - h)^k with z = (1, x_1 - centre_1, .. x_p - centre_p), and k = 0 for HC0 and
   HC1, 1 for HC2, 2 for HC3. Start with zeros; meats of parts of the rows are added up. */
ASSAY_API size_t assay_regression_meat_length(const struct regression *regression);

/* Adds a block of rows to a meat. kind: VARIANCE_HC0 to VARIANCE_HC3.
   A row with leverage 1 (within 1e-10) has residual 0 and adds nothing, as in the sandwich
   package. */
ASSAY_API void assay_regression_meat_add(const struct regression *regression, enum variance kind,
                                         size_t rows, const double *const *columns, double *meat);

/* The same sums out of the moments of the P columns r z_j, r = e / (1 - h)^(k/2): the way of an
   engine that computes e and h in SQL from coefficient, centre and inverse
   (h = 1/N + z' inverse z, without the 1 in z). Overwrites meat. */
ASSAY_API void assay_regression_meat_from_moments(const struct regression *regression,
                                                  const double *moments, double *meat);

/* Variance matrix from a meat over all rows, P x P. kind: VARIANCE_HC0 to VARIANCE_HC3.
   ERROR_DOMAIN: another kind, or a meat that is not finite. */
ASSAY_API enum status assay_regression_hc(const struct regression *regression, enum variance kind,
                                          const double *meat, double *out, struct error *error);

#endif
