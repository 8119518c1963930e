# Shrunken values and prediction intervals by metafor, of a generated set with one far cell and of
# one whose cells differ less than chance.
#
# Run from the repository: Rscript tests/oracle/pooling.R
# Writes tests/oracle/pooling.json: the cells, and the answers by method.

suppressMessages(library(metafor))
library(jsonlite)

RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20261126)

sets <- list(
  apart = data.frame(value = round(c(rnorm(9, 0.1, 0.15), 0.9), 4),
                     variance = round(runif(10, 0.002, 0.08), 5)),
  alike = data.frame(value = round(rnorm(6, -0.3, 0.02), 4),
                     variance = round(runif(6, 0.01, 0.05), 5))
)

answers <- function(set, method) {
  fit <- rma(value, variance, data = set, method = method, test = "adhoc",
             control = list(tol = 1e-13, threshold = 1e-13, maxiter = 10000))
  predicted <- predict(fit)
  shrunken <- blup(fit)
  # Prasad & Rao (1990): what the error of tau^2 adds to a shrunken value's, twice; by the matrix P.
  weights <- diag(1 / (fit$tau2 + set$variance))
  one <- rep(1, nrow(set))
  projection <- weights - weights %*% one %*% t(one) %*% weights / sum(weights)
  of_between <- 2 / sum(diag(projection %*% projection))
  added <- set$variance^2 / (set$variance + fit$tau2)^3 * of_between
  list(between = fit$tau2, mean = as.numeric(fit$beta), error = fit$se, low = fit$ci.lb,
       high = fit$ci.ub, p = fit$pval, prediction_low = predicted$pi.lb,
       prediction_high = predicted$pi.ub, Q = fit$QE, Q_p = fit$QEp, I2 = fit$I2, H2 = fit$H2,
       plain_error = rma(value, variance, data = set, tau2 = fit$tau2)$se,
       shrunken = shrunken$pred,
       shrunken_error = sqrt(pmin(set$variance, shrunken$se^2 + 2 * added)))
}

write_json(
  list(script = "tests/oracle/pooling.R",
       versions = list(R = as.character(getRversion()),
                       metafor = as.character(packageVersion("metafor"))),
       sets = lapply(sets, function(set) list(
         value = set$value, variance = set$variance,
         PM = answers(set, "PM"), REML = answers(set, "REML")))),
  "tests/oracle/pooling.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
