# The interval of CR2 made wider where CR2 is too narrow, as include/assay/cautious.h defines it, from
# the residuals of a fit: for clusters that are in one arm each. Read by other scripts.
#
# estimate, error, df   of CR2
# residual, cluster, arm   of each item
# least    how far values go down: -Inf, 0 or, of shares, "share"; mean is then that of each arm

widened <- function(estimate, error, df, residual, cluster, arm, least = -Inf, mean = NULL,
                    level = 0.95) {
  cluster <- factor(cluster)
  r <- tapply(residual, cluster, base::mean)
  n <- as.vector(table(cluster))
  a <- as.vector(tapply(arm, cluster, unique))
  items <- tapply(n, a, sum)
  w <- n / items[as.character(a)]
  s <- tapply(w^2, a, sum)
  v <- tapply(w^2 * r^2 / (1 - w), a, sum)
  expected <- tapply(w^2 * (1 - 2 * w + s[as.character(a)]) / (1 - w), a, sum)
  k <- pmax(1, s / expected)
  g <- table(a)
  own <- sum(k * v) / sum(v)
  pooled <- sum((g - 1) * k * v / s) / (sum(g) - 2)
  alike <- pooled * sum(s) / sum(v)
  t <- qt((1 + level) / 2, df)
  half <- error * max(t * sqrt(own), qt((1 + level) / 2, sum(g) - 2) * sqrt(alike))
  interval <- estimate + c(-1, 1) * half
  p <- 2 * pt(-abs(estimate) * t / half, df)
  if (!identical(least, -Inf)) {
    spread <- if (identical(least, "share")) function(u) u * (1 - u) else identity
    plain <- sum(spread(mean) / items)
    dispersion <- max(if (identical(least, "share")) 1 else 0, own * error^2 / plain)
    limit <- function(m, n, side, t) {
      f <- function(u) (m - u)^2 - t^2 * dispersion * spread(u) / n
      end <- if (side < 0) 0 else if (identical(least, "share")) 1 else m + 100 * t^2 * dispersion / n + 100 * m
      uniroot(f, sort(c(m, end)), tol = 1e-15 * max(1, m))$root
    }
    score <- function(t) {
      low <- mapply(limit, mean, items, -1, t)
      high <- mapply(limit, mean, items, 1, t)
      c(estimate - sqrt((mean[2] - low[2])^2 + (high[1] - mean[1])^2),
        estimate + sqrt((high[2] - mean[2])^2 + (mean[1] - low[1])^2))
    }
    of_score <- score(t)
    interval <- c(min(interval[1], of_score[1]), max(interval[2], of_score[2]))
  }
  list(interval = interval, p = p)
}
