# Teams that take turns of a week: least squares on the arm, teams and weeks, errors by block.
#
# rows     6 teams of 3 workers, 10 weeks; each row an item on one of the seven days of a block, whose
#          first day is the washout
# answers  of the items after the washout: lm with dummies; CR1 (sandwich::vcovCL) and CR2
#          (clubSandwich) by team and week; CR2's interval made wider as include/assay/cautious.h
#          says (widened.R); and, among blocks with one before, the p of its arm, likewise
# Run from the repository: Rscript tests/oracle/switchback.R
# Writes tests/oracle/switchback.json.

suppressMessages({
  library(clubSandwich)
  library(sandwich)
  library(jsonlite)
})

source("tests/oracle/widened.R")

RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20261128)
arms <- matrix(as.integer(runif(60) < 0.5), 6, 10)
rows <- expand.grid(item = 1:2, worker = 1:18, week = 1:10)
rows <- rows[rep(seq_len(nrow(rows)), 1 + (seq_len(nrow(rows)) * 11) %% 3), ]
rows$team <- (rows$worker - 1) %/% 3 + 1
rows$day <- sample(0:6, nrow(rows), replace = TRUE)
rows$arm <- arms[cbind(rows$team, rows$week)]
shock <- matrix(rnorm(60, 0, 0.4), 6, 10)
rows$y <- round(c(-2, 1, 0, 3, -1, 2)[rows$team] + 0.3 * rows$week + 0.5 * rows$arm +
                  shock[cbind(rows$team, rows$week)] + rnorm(nrow(rows)), 4)

answer <- function(data) {
  data$block <- interaction(data$team, data$week, drop = TRUE)
  fit <- lm(y ~ arm + factor(team) + factor(week), data)
  cr2 <- coef_test(fit, vcov = "CR2", cluster = data$block, test = "Satterthwaite", coefs = "arm")
  cr1 <- vcovCL(fit, cluster = data$block, type = "HC1")
  later <- data[data$week > 1, ]
  later$before <- arms[cbind(later$team, later$week - 1)]
  carried <- lm(y ~ before + arm + factor(team) + factor(week), later)
  over <- coef_test(carried, vcov = "CR2", cluster = later$block, test = "Satterthwaite",
                    coefs = "before")
  of <- widened(cr2$beta, cr2$SE, cr2$df_Satt, resid(fit), data$block, data$arm)
  list(effect = cr2$beta, CR2 = cr2$SE, df = cr2$df_Satt, CR1 = sqrt(cr1["arm", "arm"]),
       interval = of$interval, p = of$p, blocks = nlevels(data$block), items = nrow(data),
       carry_over_p_of_CR2 = over$p_Satt,
       carry_over_p = widened(over$beta, over$SE, over$df_Satt, resid(carried), later$block,
                              later$before)$p)
}

after <- rows[rows$day >= 1, ]
carried <- after
carried$y <- carried$y + ifelse(carried$week > 1, arms[cbind(carried$team, pmax(1, carried$week - 1))], 0) * 2
write(toJSON(list(
  rows = as.list(rows[c("worker", "team", "week", "day", "arm", "y")]), arms = arms,
  answer = answer(after), carried = answer(carried),
  versions = list(R = as.character(getRversion()),
                  clubSandwich = as.character(packageVersion("clubSandwich")),
                  sandwich = as.character(packageVersion("sandwich")))),
  digits = 15, auto_unbox = TRUE), "tests/oracle/switchback.json")
