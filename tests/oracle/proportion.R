# Intervals of proportions: Wilson by prop.test (correct = FALSE), Clopper & Pearson by binom.test.
# The difference is put together by Newcombe's (1998) squares from prop.test's limits of each.
#
# Run from the repository: Rscript tests/oracle/proportion.R
# Writes tests/oracle/proportion.json.

library(jsonlite)

wilson <- function(x, n, level) {
  as.numeric(suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE))$conf.int)
}

one <- function(x, n, level) {
  exact <- as.numeric(binom.test(x, n, conf.level = level)$conf.int)
  score <- wilson(x, n, level)
  list(events = x, count = n, level = level, wilson_low = score[1], wilson_high = score[2],
       exact_low = exact[1], exact_high = exact[2])
}

difference <- function(x1, n1, x0, n0, level) {
  p1 <- x1 / n1; p0 <- x0 / n0
  w1 <- wilson(x1, n1, level); w0 <- wilson(x0, n0, level)
  list(events_1 = x1, count_1 = n1, events_0 = x0, count_0 = n0, level = level,
       low = p1 - p0 - sqrt((p1 - w1[1])^2 + (w0[2] - p0)^2),
       high = p1 - p0 + sqrt((w1[2] - p1)^2 + (p0 - w0[1])^2))
}

cases <- list(c(8, 10), c(0, 20), c(20, 20), c(1, 1), c(0, 1), c(15, 148), c(81, 263), c(1, 1000),
              c(3, 100000), c(99997, 100000), c(5, 7))
pairs <- list(c(56, 70, 48, 80), c(9, 10, 3, 10), c(6, 7, 2, 7), c(5, 56, 0, 29), c(0, 10, 0, 20),
              c(0, 10, 0, 10), c(10, 10, 0, 20), c(10, 10, 0, 10), c(3, 1000, 12, 900),
              c(40, 400, 70, 390))
levels <- c(0.8, 0.95, 0.999)

write_json(
  list(script = "tests/oracle/proportion.R",
       versions = list(R = as.character(getRversion())),
       one = unlist(lapply(levels, function(l) lapply(cases, function(x) one(x[1], x[2], l))), FALSE),
       difference = unlist(lapply(levels, function(l)
         lapply(pairs, function(x) difference(x[1], x[2], x[3], x[4], l))), FALSE)),
  "tests/oracle/proportion.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
