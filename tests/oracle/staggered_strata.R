# Group-time effects of units that were drawn within strata whose trends are unlike, by hand.
#
# Run from the repository: Rscript tests/oracle/staggered_strata.R
# Writes tests/oracle/staggered_strata.json: the rows and the answers.
#
# In each cell the strata that have both arms, each weighing as its treated units; residuals and
# leverages are those of lm(change ~ arm + stratum, weights), a unit's influence its weight in the
# difference times the residual over sqrt(1 - leverage). Averages by group with the shares of groups,
# whose own influence counts. Controls: not yet treated; base: the last period before the start.
# "ignoring" is the same without strata, "effect" what was planted.

library(jsonlite)
set.seed(20261128)

never <- 999999

draw <- function(sizes, weights) {
  stratum <- rep(seq_along(sizes), sizes)
  # The strata whose work gets worse start first.
  chance <- c(.8, .45, .2)[stratum]
  u <- runif(length(stratum))
  first <- ifelse(u < chance * .6, 4, ifelse(u < chance, 6, never))
  periods <- 1:8
  y <- t(sapply(seq_along(stratum), function(i)
    round(rnorm(1) + c(.5, 0, -.25)[stratum[i]] * periods + .3 * (periods >= first[i]) + rnorm(8, sd = .4), 6)))
  list(stratum = stratum, first = first, y = y,
       weight = if (weights) sample(1:6, length(stratum), TRUE) else rep(1, length(stratum)))
}

answers <- function(x, stratum) {
  n <- nrow(x$y)
  cells <- list()
  for (g in sort(unique(x$first[x$first < never]))) for (t in setdiff(1:8, g - 1)) {
    arm <- ifelse(x$first == g, 1, ifelse(x$first > max(t, g - 1), 0, NA))
    both <- sapply(seq_len(n), function(i) all(0:1 %in% arm[stratum == stratum[i]]))
    arm[!both] <- NA
    change <- x$y[, t] - x$y[, g - 1]
    w1 <- sum(x$weight[which(arm == 1)])
    share <- sapply(seq_len(n), function(i) {
      if (is.na(arm[i])) return(0)
      mine <- which(arm == arm[i] & stratum == stratum[i])
      treated <- which(arm == 1 & stratum == stratum[i])
      x$weight[i] / sum(x$weight[mine]) * sum(x$weight[treated]) / w1
    })
    sign <- ifelse(is.na(arm), 0, 2 * arm - 1)
    used <- which(!is.na(arm))
    d <- data.frame(change, arm, s = factor(stratum), w = x$weight)[used, ]
    fit <- if (length(unique(d$s)) > 1) lm(change ~ arm + s, d, weights = w) else lm(change ~ arm, d, weights = w)
    phi <- rep(0, n)
    phi[used] <- (sign * share)[used] * residuals(fit) / sqrt(1 - hatvalues(fit))
    cells <- c(cells, list(list(g = g, t = t, value = sum(sign * share * change), phi = phi,
                                treated = share * (sign > 0), controls = share * (sign < 0))))
  }
  total <- sum(x$weight)
  estimate <- function(value, phi, w1, w0) {
    v <- sum(phi^2)
    s1 <- sum(w1^2)
    s0 <- sum(w0^2)
    off <- function(b) sum(outer(b, b)) - sum(b^2)
    q <- s1^2 * (s1 + off(w1^2 / (1 - w1))) + s0^2 * (s0 + off(w0^2 / (1 - w0))) +
      2 * s1 * s0 * (sum(w1 * w0) + off(sqrt(w1 * w0 * w1 * w0 / ((1 - w1) * (1 - w0)))))
    used <- w1 > 0 | w0 > 0
    levels <- length(unique(stratum))
    levels <- if (levels > 1) length(unique(stratum[used])) else 0
    free <- 1 - levels / sum(used)
    df <- min(sum(used) - 1 - levels, free * (3 * v^2 / sum(phi^4) - 2), free * (s1 + s0)^2 / q)
    list(value = value, error = sqrt(v), df = max(1, df))
  }
  of <- function(f) sapply(cells, `[[`, f)
  mean_of <- function(which, weight) {
    weight <- weight / sum(weight)
    sum_of <- function(f) as.vector(do.call(cbind, lapply(cells[which], `[[`, f)) %*% weight)
    list(value = sum(weight * of("value")[which]), phi = sum_of("phi"), w1 = sum_of("treated"), w0 = sum_of("controls"))
  }
  g_of <- of("g")
  t_of <- of("t")
  groups <- sort(unique(g_of))
  p <- sapply(groups, function(g) sum(x$weight[x$first == g]) / total)
  parts <- lapply(groups, function(g) { k <- which(g_of == g & t_of >= g_of); mean_of(k, rep(1, length(k))) })
  value <- sum(p * sapply(parts, `[[`, "value")) / sum(p)
  sum_of <- function(f) as.vector(do.call(cbind, lapply(parts, `[[`, f)) %*% (p / sum(p)))
  moved <- sapply(parts, function(part) part$value - value) / sum(p)
  at <- match(x$first, groups)
  by_share <- sqrt(n / (n - 1)) * ifelse(is.na(at), 0, moved[at]) * x$weight / total
  list(cells = lapply(cells, function(k) c(list(group = k$g, period = k$t),
                                           estimate(k$value, k$phi, k$treated, k$controls))),
       overall = estimate(value, sum_of("phi") + by_share, sum_of("w1"), sum_of("w0")))
}

case <- function(sizes, weights) {
  x <- draw(sizes, weights)
  list(effect = .3, stratum = x$stratum, first = x$first, weight = x$weight, y = x$y,
       within = answers(x, x$stratum), ignoring = list(overall = answers(x, rep(1, sum(sizes)))$overall$value))
}

write_json(
  list(script = "tests/oracle/staggered_strata.R",
       versions = list(R = as.character(getRversion())),
       even = case(c(20, 20, 20), FALSE),
       weighted = case(c(14, 9, 17), TRUE)),
  "tests/oracle/staggered_strata.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
