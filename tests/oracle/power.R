# Power by power.t.test, both tails counted, and by the noncentral t of R.
#
# items     independent items, arms of one size: n per arm, delta, sd
# clusters  means of clusters of one size, with items correlated by rho within one
# unequal   arms of unequal size and deviation, Welch's degrees of freedom
# rpact     a fixed design of two means by another package: n per arm, and power of n per arm. It counts
#           the tail of the effect's side only, and searches to 1e-6
#
# Run from the repository: Rscript tests/oracle/power.R
# Writes tests/oracle/power.json.

library(jsonlite)
suppressMessages(library(rpact))

solve <- function(...) power.t.test(..., strict = TRUE, tol = 1e-13)

items <- list(
  power = lapply(list(c(20, 0.8, 1, 0.05), c(5, 1, 0.7, 0.05), c(200, 0.1, 1.5, 0.1), c(9, 0, 1, 0.05)),
                 function(x) list(n = x[1], delta = x[2], sd = x[3], alpha = x[4],
                   power = solve(n = x[1], delta = x[2], sd = x[3], sig.level = x[4])$power)),
  units = lapply(list(c(0.5, 1, 0.8), c(0.1, 0.9, 0.9), c(2, 1, 0.95)),
                 function(x) list(delta = x[1], sd = x[2], power = x[3],
                   n = solve(delta = x[1], sd = x[2], power = x[3])$n)),
  detectable = lapply(list(c(12, 1, 0.8), c(150, 2, 0.9)),
                      function(x) list(n = x[1], sd = x[2], power = x[3],
                        delta = solve(n = x[1], sd = x[2], power = x[3], delta = NULL)$delta)))

m <- 15; rho <- 0.07
clusters <- list(m = m, rho = rho, n = 12, delta = 0.4, sd = 1.1,
                 power = solve(n = 12, delta = 0.4, sd = 1.1 * sqrt((1 + (m - 1) * rho) / m))$power)

n <- c(30, 10); sd <- c(1, 1.6)
part <- sd^2 / n
df <- sum(part)^2 / sum(part^2 / (n - 1))
ncp <- 1.1 / sqrt(sum(part))
q <- qt(0.975, df)
unequal <- list(df = df, power = pt(q, df, ncp, lower = FALSE) + pt(-q, df, ncp))

fixed <- function(power) getDesignGroupSequential(kMax = 1, alpha = 0.05, beta = 1 - power, sided = 2)
by_rpact <- list(
  units = lapply(list(c(0.5, 1, 0.8), c(0.1, 0.9, 0.9), c(2, 1, 0.95), c(0.25, 1.3, 0.5)),
                 function(x) list(delta = x[1], sd = x[2], power = x[3],
                   n = getSampleSizeMeans(fixed(x[3]), groups = 2, alternative = x[1],
                                          stDev = x[2])$nFixed / 2)),
  power = lapply(list(c(50, 0.5, 1), c(20, 0.8, 1), c(400, 0.2, 1.4)),
                 function(x) list(n = x[1], delta = x[2], sd = x[3],
                   power = getPowerMeans(fixed(0.8), groups = 2, alternative = x[2], stDev = x[3],
                                         maxNumberOfSubjects = 2 * x[1])$overallReject)))

write_json(list(script = "tests/oracle/power.R",
                versions = list(R = as.character(getRversion()),
                                rpact = as.character(packageVersion("rpact"))),
                items = items, clusters = clusters, unequal = unequal, rpact = by_rpact),
           "tests/oracle/power.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
