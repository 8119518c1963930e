# Were the arms alike before, and of the sizes that the draw gives?
#
# 40 workers w with 3 items i each; those under 20 are of the second arm.
# size     (7 w) mod 11 + i, and `shift` more in the second arm
# earlier  the worker's mean before: ((5 w) mod 7) / 20, and `shift` more in the second arm
# ratio    workers in the first and second arm, of a draw by a share: chisq.test
#
# The difference of two means is lm's, its error by worker sandwich's (cadjust: G/(G-1)); degrees of
# freedom, which no package has, are those that docs/checks.md and assay/ratio.h define.
#
# Run from the repository: Rscript tests/oracle/balance.R
# Writes tests/oracle/balance.json: deviations (difference in standard deviations of items) and p.

library(jsonlite)
library(sandwich)

compare <- function(cluster, arm, x) {
  fit <- lm(x ~ arm)
  error <- sqrt(vcovCL(fit, cluster, type = "HC0", cadjust = TRUE)["arm", "arm"])
  # What a worker adds to the difference: the scores times the bread.
  phi <- drop(rowsum(estfun(fit), cluster) %*% bread(fit)[, "arm"]) / nobs(fit)
  g <- length(phi)
  stopifnot(abs(sqrt(g / (g - 1) * sum(phi^2)) / error - 1) < 1e-12)
  df <- min(g - 1, max(1, 3 * sum(phi^2)^2 / sum(phi^4) - 2))
  within <- tapply(x, arm, function(v) var(v) * (length(v) - 1) / length(v))
  d <- coef(fit)[["arm"]]
  list(deviations = d / sqrt(mean(within)), p = 2 * pt(-abs(d / error), df))
}

d <- expand.grid(i = 0:2, w = 0:39)
arm <- as.integer(d$w < 20)
size <- function(shift) compare(d$w, arm, (7 * d$w) %% 11 + d$i + shift * arm)
earlier <- function(shift) compare(d$w, arm, ((5 * d$w) %% 7) / 20 + shift * arm)
ratio <- function(first, second, share)
  list(first = first, second = second, share = share,
       p = chisq.test(c(first, second), p = c(1 - share, share))$p.value)

out <- list(
  script = "tests/oracle/balance.R",
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."),
                  sandwich = as.character(packageVersion("sandwich"))),
  size = lapply(c(even = 0, slight = 1, apart = 6), size),
  earlier = lapply(c(even = 0, apart = 0.4), earlier),
  ratio = list(ratio(28, 12, 0.5), ratio(36, 4, 0.5), ratio(26, 14, 0.4)))
write_json(out, "tests/oracle/balance.json", auto_unbox = TRUE, digits = 17, pretty = TRUE)
