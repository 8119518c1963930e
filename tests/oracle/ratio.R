# Ratios of two sums in two arms, clustered: dollars over completed items, made up here.
#
# Run from the repository: Rscript tests/oracle/ratio.R
# Writes tests/oracle/ratio.json: the clusters' sums and the answers.
#
# Linearised by hand: phi_ga = N_ga / N_a - D_ga / D_a. Beside it, and stopped at if they differ:
# quasi-Poisson regression of N on the arm with offset log D, whose estimate is the log ratio and
# whose clustered sandwich (package sandwich) is the sum of (phi_g1 - phi_g0)^2; with cadjust it has
# the factor G/(G-1). And the standard deviation of 40,000 cluster bootstraps, for the size of it.

library(sandwich)
library(jsonlite)
set.seed(20261124)

# Sums of n items by cluster: each has a level of cost of its own, nine in ten items are completed.
draw <- function(level, n, factor) {
  n <- pmax(n, 2)
  list(items = n,
       num = sapply(seq_along(n), function(g) factor * level[g] * sum(rexp(n[g]))),
       den = pmax(1, rbinom(length(n), n, 0.9)))
}

answers <- function(one, zero, ids_1, ids_0) {
  rows <- rbind(data.frame(g = ids_1, arm = 1, num = one$num, den = one$den),
                data.frame(g = ids_0, arm = 0, num = zero$num, den = zero$den))
  total <- aggregate(cbind(num, den) ~ arm, rows, sum)
  phi <- rows$num / total$num[rows$arm + 1] - rows$den / total$den[rows$arm + 1]
  clusters <- sort(unique(rows$g))
  by <- function(arm) {
    x <- setNames(numeric(length(clusters)), clusters)
    x[as.character(rows$g[rows$arm == arm])] <- phi[rows$arm == arm]
    x
  }
  count <- c(length(ids_0), length(ids_1))
  s <- sqrt(count / (count - 1))
  plain <- sum((by(1) - by(0))^2)
  scaled <- s[2] * by(1) - s[1] * by(0)
  v <- sum(scaled^2)
  df <- min(length(clusters) - 1, 3 * v^2 / sum(scaled^4) - 2)
  value <- diff(log(total$num / total$den))

  fit <- glm(num ~ arm, quasipoisson, rows, offset = log(den), epsilon = 1e-14, maxit = 100)
  stopifnot(abs(coef(fit)[2] - value) < 1e-10)
  stopifnot(abs(vcovCL(fit, rows$g, type = "HC0", cadjust = FALSE)[2, 2] / plain - 1) < 1e-8)
  adjusted <- vcovCL(fit, rows$g, type = "HC0", cadjust = TRUE)[2, 2]
  if (all(count == length(clusters))) stopifnot(abs(adjusted / v - 1) < 1e-8)

  strength <- function(arm) {
    d <- rows$den[rows$arm == arm]
    mean(d) / (sd(d) / sqrt(length(d)))
  }
  w <- function(x, arm) ifelse(is.na(m <- match(clusters, rows$g[rows$arm == arm])), 0,
                               rows[[x]][rows$arm == arm][m])
  n1 <- w("num", 1); d1 <- w("den", 1); n0 <- w("num", 0); d0 <- w("den", 0)
  boot <- replicate(40000, {
    k <- sample.int(length(clusters), replace = TRUE)
    log(sum(n1[k]) / sum(d1[k])) - log(sum(n0[k]) / sum(d0[k]))
  })
  list(ratio_1 = total$num[2] / total$den[2], ratio_0 = total$num[1] / total$den[1],
       clusters = length(clusters), strength_1 = strength(1), strength_0 = strength(0),
       log_ratio = value, plain = sqrt(plain), sandwich_adjusted = sqrt(adjusted),
       error = sqrt(v), df = df,
       low = value - qt(0.975, df) * sqrt(v), high = value + qt(0.975, df) * sqrt(v),
       bootstrap_error = sd(boot))
}

case <- function(count, ids_1, ids_0) {
  level <- exp(rnorm(count, 0, 0.4))
  one <- draw(level[ids_1], rpois(length(ids_1), 15), 0.8)
  zero <- draw(level[ids_0], rpois(length(ids_0), 15), 1)
  list(one = c(list(cluster = ids_1), one), zero = c(list(cluster = ids_0), zero),
       answers = answers(one, zero, ids_1, ids_0))
}

write_json(
  list(script = "tests/oracle/ratio.R",
       versions = list(R = as.character(getRversion()),
                       sandwich = as.character(packageVersion("sandwich"))),
       paired = case(40, 1:40, 1:40),
       apart = case(60, 1:24, 25:60),
       partly = case(50, 1:35, 16:50)),
  "tests/oracle/ratio.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
