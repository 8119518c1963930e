# Are all effects before the start 0? A panel made up here with one start, so that the effects before it
# are differences of two arms' mean changes, with covariances by var() of either arm.
#
# Run from the repository: Rscript tests/oracle/staggered_joint.R
# Writes tests/oracle/staggered_joint.json: rows and answers.
#
# Wald's statistic by solve(); degrees of freedom of each effect as docs/methods/staggered.md has them,
# Welch's of the design for units of one weight; F of Hotelling's T^2.

library(jsonlite)
set.seed(20261128)

case <- function(treated, controls, periods, start, drift) {
  n <- treated + controls
  first <- rep(c(start, 999999), c(treated, controls))
  y <- t(apply(matrix(rnorm(n * periods), n), 1, cumsum)) + rnorm(n)
  y <- y + outer((first == start) * drift, seq_len(periods))
  base <- start - 1
  before <- seq_len(start - 2)
  d <- (y - y[, base])[, before, drop = FALSE]
  one <- d[first == start, , drop = FALSE]
  zero <- d[first != start, , drop = FALSE]
  effect <- colMeans(one) - colMeans(zero)
  v <- var(one) / treated + var(zero) / controls
  df <- sapply(before, function(i) {
    phi <- c((one[, i] - mean(one[, i])) * sqrt(treated / (treated - 1)) / treated,
             (zero[, i] - mean(zero[, i])) * sqrt(controls / (controls - 1)) / controls)
    welch <- (1 / treated + 1 / controls)^2 /
      (1 / treated^2 / (treated - 1) + 1 / controls^2 / (controls - 1))
    max(1, min(n - 1, 3 * sum(phi^2)^2 / sum(phi^4) - 2, welch))
  })
  m <- length(before)
  nu <- min(df)
  w <- if (qr(v)$rank < m) NA else drop(t(effect) %*% solve(v, effect))
  list(rows = list(unit = rep(seq_len(n), each = periods), period = rep(seq_len(periods), n),
                   mean = as.vector(t(y)), first = rep(first, each = periods)),
       effects = m, statistic = w, df = nu - m + 1,
       p = if (is.na(w)) NA else pf(w * (nu - m + 1) / (nu * m), m, nu - m + 1, lower.tail = FALSE))
}

write_json(list(none = case(20, 30, 7, 6, 0), drift = case(12, 40, 9, 7, 0.4),
                few = case(8, 9, 6, 5, 0.5), too_few = case(3, 4, 9, 8, 0)),
           "tests/oracle/staggered_joint.json", auto_unbox = TRUE, digits = NA, pretty = FALSE)
