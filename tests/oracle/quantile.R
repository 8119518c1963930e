# Difference of a quantile between two arms, clustered: skewed times, made up here.
#
# Run from the repository: Rscript tests/oracle/quantile.R
# Writes tests/oracle/quantile.json: the rows and the answers.
#
# From the rows: quantiles by quantile(type = 1); ranks share -+ width as recorded, so that the
# script knows nothing of how they are chosen; psi_g from counts up to the quantile. The plain ranks
# of Deng, Knoblich & Lu (2018) stand beside it. Stopped at if they differ: the difference is that of
# quantreg's rq(y ~ arm), and the root of the sum of psi^2, where clusters are all in both arms or each
# in one, that of sandwich's vcovCL on the linearised values. Within cells: the quantile of items weighted to the
# mix of arm 0, and the jackknife by leaving each cluster out of the linearised values. Beside each
# the standard deviation of 4,000 cluster bootstraps of the quantile itself, for the size of it, and of
# 4,000 of quantreg's own (Hagemann 2017, of the gradient); Monte Carlo error of both 1.1 %.

library(jsonlite)
suppressMessages(library(quantreg))
library(sandwich)
set.seed(20261126)
runs <- 4000

type1 <- function(y, share) quantile(y, share, type = 1, names = FALSE)

design_df <- function(w1, w0) {
  s1 <- sum(w1^2); s0 <- sum(w0^2)
  pairs <- function(b) sum(outer(b, b)) - sum(b^2)
  b <- function(w) w^2 / (1 - w)
  c <- w1 * w0 / sqrt((1 - w1) * (1 - w0))
  (s1 + s0)^2 / (s1^2 * (s1 + pairs(b(w1))) + s0^2 * (s0 + pairs(b(w0))) +
                 2 * s1 * s0 * (sum(w1 * w0) + pairs(c)))
}

width <- function(share, n, s, part = 0.1) {
  end <- min(share, 1 - share)
  plain <- qnorm(0.975) * sqrt(share * (1 - share) / n)
  wide <- qnorm(0.975) * sqrt(share * (1 - share) * (part * s + (1 - part) / n))
  max(plain, min(wide, 0.75 * end))
}

# The clustered error of the difference of means of z, each arm's with the factor of its own clusters.
by_sandwich <- function(z, arm, g) {
  both <- all(table(g, arm) > 0)
  apart <- all(rowSums(table(g, arm) > 0) == 1)
  if (both) sqrt(vcovCL(lm(z ~ arm), g, type = "HC0", cadjust = TRUE)["arm", "arm"])
  else if (apart) sqrt(sum(sapply(0:1, function(a)
    vcovCL(lm(z ~ 1, subset = arm == a), g[arm == a], type = "HC0", cadjust = TRUE))))
  else NA
}

compare <- function(rows, share, plain_ranks = FALSE) {
  clusters <- sort(unique(rows$g))
  arm <- lapply(0:1, function(a) {
    x <- rows[rows$arm == a, ]
    n <- nrow(x)
    n_g <- as.vector(table(factor(x$g, clusters)))
    w <- width(share, n, sum((n_g / n)^2), if (plain_ranks) 0 else 0.1)
    rank <- c(share - w, share + w)
    q <- type1(x$y, share)
    s_g <- as.vector(table(factor(x$g[x$y <= q], clusters)))
    density <- (rank[2] - rank[1]) / diff(c(type1(x$y, rank[1]), type1(x$y, rank[2])))
    count <- sum(n_g > 0)
    list(n = n, w = n_g / n, q = q, rank = rank, density = density,
         step = max(0, sum(x$y == q) - 1) / n / density,
         psi = -sqrt(count / (count - 1)) * (s_g - mean(x$y <= q) * n_g) / (n * density))
  })
  psi <- arm[[2]]$psi - arm[[1]]$psi
  v <- sum(psi^2) + (arm[[1]]$step^2 + arm[[2]]$step^2) / 4
  df <- max(1, min(length(clusters) - 1, 3 * sum(psi^2)^2 / sum(psi^4) - 2,
                   design_df(arm[[2]]$w, arm[[1]]$w)))
  d <- arm[[2]]$q - arm[[1]]$q
  q <- sapply(arm, `[[`, "q")[rows$arm + 1]
  f <- sapply(arm, `[[`, "density")[rows$arm + 1]
  checked <- by_sandwich(-(rows$y <= q) / f, rows$arm, rows$g)
  stopifnot(is.na(checked) || abs(checked / sqrt(sum(psi^2)) - 1) < 1e-10)
  regression <- suppressWarnings(rq(y ~ arm, share, rows))
  stopifnot(abs(coef(regression)[["arm"]] - d) < 1e-8)
  by_quantreg <- summary(regression, se = "boot", cluster = rows$g, R = runs)
  by_cluster <- split(rows, rows$g)
  boot <- replicate(runs, {
    x <- do.call(rbind, by_cluster[sample.int(length(by_cluster), replace = TRUE)])
    type1(x$y[x$arm == 1], share) - type1(x$y[x$arm == 0], share)
  })
  list(value_0 = arm[[1]]$q, value_1 = arm[[2]]$q, rank_0 = arm[[1]]$rank, rank_1 = arm[[2]]$rank,
       density_0 = arm[[1]]$density, density_1 = arm[[2]]$density,
       difference = d, error = sqrt(v), df = df,
       low = d - qt(0.975, df) * sqrt(v), high = d + qt(0.975, df) * sqrt(v),
       baseline_variance = sum(arm[[1]]$psi^2) + arm[[1]]$step^2 / 4,
       baseline_covariance = sum(psi * arm[[1]]$psi) - arm[[1]]$step^2 / 4,
       bootstrap_error = sd(boot),
       quantreg_error = by_quantreg$coefficients["arm", "Std. Error"])
}

# The least y up to which at least that share of the weight lies.
weighted <- function(y, w, share) {
  o <- order(y)
  y[o][which(cumsum(w[o]) >= share * sum(w) * (1 - 1e-12))[1]]
}

mixed <- function(rows) {
  n <- table(rows$cell, rows$arm)
  both <- rownames(n)[n[, "0"] > 0 & n[, "1"] > 0]
  x <- rows[rows$cell %in% both, ]
  k <- as.character(x$cell)
  x$w <- ifelse(x$arm == 0, 1, n[k, "0"] / n[k, "1"])
  x
}

within_difference <- function(rows, share)
  diff(sapply(0:1, function(a) with(subset(mixed(rows), arm == a), weighted(y, w, share))))

blocked <- function(x) {
  n <- table(factor(x$cell), factor(x$arm, 0:1))
  m <- tapply(x$z, list(factor(x$cell), factor(x$arm, 0:1)), mean)
  both <- n[, 1] > 0 & n[, 2] > 0
  w <- n[both, 1] / sum(n[both, 1])
  c(sum(w * m[both, 1]), sum(w * m[both, 2]))
}

within <- function(rows, share) {
  x <- mixed(rows)
  x$z <- NA
  arm <- lapply(0:1, function(a) {
    i <- x$arm == a
    n <- sum(x$w[i])^2 / sum(x$w[i]^2)
    s <- sum((tapply(x$w[i], x$g[i], sum) / sum(x$w[i]))^2)
    w <- width(share, n, s)
    rank <- c(share - w, share + w)
    at <- sapply(rank, function(r) weighted(x$y[i], x$w[i], r))
    q <- weighted(x$y[i], x$w[i], share)
    density <- diff(rank) / diff(at)
    below <- x$y[i] <= q
    x$z[i] <<- q - (below - sum(x$w[i] * below) / sum(x$w[i])) / density
    equal <- sum(x$w[i] * (x$y[i] == q)) / sum(x$w[i])
    list(q = q, rank = rank, at = at, density = density, weighted_items = n, concentration = s,
         step = max(0, equal - 1 / sum(i)) / density)
  })
  deleted <- sapply(sort(unique(x$g)), function(g) diff(blocked(x[x$g != g, ])))
  count <- length(deleted)
  v <- (count - 1) / count * sum((deleted - mean(deleted))^2)
  by_cluster <- split(rows, rows$g)
  boot <- replicate(runs, within_difference(
    do.call(rbind, by_cluster[sample.int(length(by_cluster), replace = TRUE)]), share))
  list(arms = arm, difference = arm[[2]]$q - arm[[1]]$q,
       error = sqrt(v + (arm[[1]]$step^2 + arm[[2]]$step^2) / 4), bootstrap_error = sd(boot))
}

draw <- function(count, per, both, icc = 0.2, factor = 0.8, cells = 1) {
  rows <- do.call(rbind, lapply(seq_len(count), function(g) {
    n <- 2 + rpois(1, per)
    arm <- if (both) rbinom(n, 1, 0.5) else rep(g %% 2, n)
    cell <- if (cells > 1) pmin(cells, 1 + rpois(n, 1 + arm)) else rep(1, n)
    level <- rnorm(1, 0, sqrt(icc))
    data.frame(g = g, arm = arm, cell = cell,
               y = signif(exp(level + rnorm(n, 0.2 * cell, sqrt(1 - icc))) *
                            ifelse(arm == 1, factor, 1), 8))
  }))
  rows[order(rows$g), ]
}

case <- function(rows, share, ...)
  list(rows = as.list(rows), share = share, ..., answers = compare(rows, share))

paired <- draw(30, 20, TRUE)
apart <- draw(40, 15, FALSE)
rounded <- draw(30, 20, TRUE)
rounded$y <- round(rounded$y, 1)
partly <- rbind(draw(20, 20, TRUE), transform(draw(16, 20, FALSE), g = g + 20))
cells <- draw(40, 25, TRUE, cells = 4)

write_json(
  list(script = "tests/oracle/quantile.R",
       versions = list(R = as.character(getRversion()),
                       quantreg = as.character(packageVersion("quantreg")),
                       sandwich = as.character(packageVersion("sandwich"))),
       paired = case(paired, 0.5, plain = compare(paired, 0.5, TRUE)),
       apart = case(apart, 0.75),
       partly = case(partly, 0.9),
       rounded = case(rounded, 0.5),
       cells = list(rows = as.list(cells), share = 0.75, answers = within(cells, 0.75))),
  "tests/oracle/quantile.json", auto_unbox = TRUE, digits = I(16), pretty = FALSE)
