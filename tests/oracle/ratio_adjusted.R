# A ratio of sums adjusted for covariates, by least squares of the linearised ratio.
#
# Run from the repository: Rscript tests/oracle/ratio_adjusted.R
# Writes tests/oracle/ratio_adjusted.csv and .json.
#
# An item of arm a adds n / mean_a(n) - d / mean_a(d) + log(R_a) to the log of its arm's ratio R_a (Deng,
# Knoblich & Lu 2018); these are regressed on the arm and the covariates, with clubSandwich's CR2 by
# worker. "earlier" is each worker's mean of n - d R in the period before, with R that of all then.

library(clubSandwich)
library(jsonlite)
set.seed(20261128)

workers <- 26
cost <- exp(rnorm(workers, sd = .5))
rows <- do.call(rbind, lapply(seq_len(workers), function(w) {
  before <- sample(4:12, 1)
  now <- sample(8:20, 1)
  n <- before + now
  size <- round(exp(rnorm(n)), 3)
  arm <- c(rep(NA, before), rbinom(now, 1, .5))
  spent <- round(cost[w] * (1 + size) * exp(rnorm(n, sd = .4)) * ifelse(is.na(arm) | arm == 0, 1, .85), 4)
  data.frame(worker = w, period = c(rep("before", before), rep("now", now)), arm = arm, size = size,
             spent = spent, finished = rbinom(n, 1, .85))
}))
now <- rows[rows$period == "now", ]
before <- rows[rows$period == "before", ]

ratio <- tapply(now$spent, now$arm, sum) / tapply(now$finished, now$arm, sum)
of_arm <- function(x) tapply(x, now$arm, mean)[as.character(now$arm)]
now$added <- now$spent / of_arm(now$spent) - now$finished / of_arm(now$finished) +
  log(ratio[as.character(now$arm)])
all_before <- sum(before$spent) / sum(before$finished)
earlier <- tapply(before$spent - before$finished * all_before, before$worker, mean)
now$earlier <- earlier[as.character(now$worker)]

answer <- function(formula) {
  fit <- lm(formula, now)
  test <- coef_test(fit, vcovCR(fit, now$worker, type = "CR2"), test = "Satterthwaite", coefs = "arm")
  q <- qt(.975, test$df_Satt)
  list(effect = exp(test$beta) - 1, df = test$df_Satt, p = test$p_Satt,
       low = exp(test$beta - q * test$SE) - 1, high = exp(test$beta + q * test$SE) - 1)
}

write.csv(rows, "tests/oracle/ratio_adjusted.csv", row.names = FALSE, quote = FALSE)
write_json(
  list(script = "tests/oracle/ratio_adjusted.R",
       versions = list(R = as.character(getRversion()),
                       clubSandwich = as.character(packageVersion("clubSandwich"))),
       ratio = unname(ratio),
       none = unname(ratio[2] / ratio[1] - 1),
       size = answer(added ~ arm + size),
       earlier = answer(added ~ arm + earlier),
       both = answer(added ~ arm + size + earlier)),
  "tests/oracle/ratio_adjusted.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
