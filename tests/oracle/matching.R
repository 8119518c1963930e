# Like with like by coarsened exact matching (Iacus, King & Porro 2012) of LaLonde's data: R's MatchIt,
# method "cem", with explicit cutpoints that no value lies on.
#
# Run from the repository: ASSAY_SHARED_DATA=../shared/data Rscript tests/oracle/matching.R
# Writes tests/oracle/matching.json: matched people of each arm, weighted means, the effect on those
# who were trained, and its standard error by matching again without each matched person.

suppressMessages(library(MatchIt))
library(jsonlite)

d <- read.csv(file.path(Sys.getenv("ASSAY_SHARED_DATA", "../shared/data"), "lalonde", "data.csv"))
cutpoints <- list(age = c(19.5, 24.5, 29.5, 39.5), educ = c(8.5, 11.5, 12.5), re74 = c(0.5, 5000.5))

matched <- function(d) {
  m <- matchit(treat ~ age + educ + race + married + re74, d, method = "cem", estimand = "ATT",
               cutpoints = cutpoints)
  w <- m$weights
  mean_of <- function(arm) weighted.mean(d$re78[d$treat == arm], w[d$treat == arm])
  list(weights = w, means = c(mean_of(0), mean_of(1)), effect = mean_of(1) - mean_of(0),
       strata = nlevels(droplevels(m$subclass)))
}

all <- matched(d)
inside <- which(all$weights > 0)
without <- sapply(inside, function(i) matched(d[-i, ])$effect)
g <- length(inside)
counts <- tapply(all$weights > 0, d$treat, sum)

write_json(list(
  script = "tests/oracle/matching.R",
  versions = list(R = as.character(getRversion()), MatchIt = as.character(packageVersion("MatchIt"))),
  people = as.vector(table(d$treat)), matched = as.vector(counts), strata = all$strata,
  means = all$means, effect = all$effect,
  naive = mean(d$re78[d$treat == 1]) - mean(d$re78[d$treat == 0]),
  error = sqrt((g - 1) / g * sum((without - mean(without))^2))),
  "tests/oracle/matching.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
