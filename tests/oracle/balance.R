# Were the arms alike before? Difference of two means of items, errors by worker, from rows.
#
# 40 workers w with 3 items i each; those under 20 are of the second arm.
# size     (7 w) mod 11 + i, and `shift` more in the second arm
# earlier  the worker's mean before: ((5 w) mod 7) / 20, and `shift` more in the second arm
#
# Run from the repository: Rscript tests/oracle/balance.R
# Writes tests/oracle/balance.json: deviations (difference in standard deviations of items) and p.

library(jsonlite)

compare <- function(cluster, arm, x) {
  n <- tapply(x, arm, length); m <- tapply(x, arm, mean)
  variance <- tapply(x, arm, function(v) mean((v - mean(v))^2))
  signed <- ifelse(arm == 1, 1, -1) * (x - m[arm + 1]) / n[arm + 1]
  phi <- tapply(signed, cluster, sum)
  g <- length(phi)
  error <- sqrt(g / (g - 1) * sum(phi^2))
  df <- min(g - 1, max(1, 3 * sum(phi^2)^2 / sum(phi^4) - 2))
  d <- unname(m[2] - m[1])
  list(deviations = d / sqrt(mean(variance)), p = 2 * pt(-abs(d / error), df))
}

d <- expand.grid(i = 0:2, w = 0:39)
arm <- as.integer(d$w < 20)
size <- function(shift) compare(d$w, arm, (7 * d$w) %% 11 + d$i + shift * arm)
earlier <- function(shift) compare(d$w, arm, ((5 * d$w) %% 7) / 20 + shift * arm)

out <- list(
  script = "tests/oracle/balance.R",
  versions = list(R = paste(R.version$major, R.version$minor, sep = ".")),
  size = lapply(c(even = 0, slight = 1, apart = 6), size),
  earlier = lapply(c(even = 0, apart = 0.4), earlier))
write_json(out, "tests/oracle/balance.json", auto_unbox = TRUE, digits = 17, pretty = TRUE)
