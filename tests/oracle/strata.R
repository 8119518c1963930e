# Effects of arms that were drawn within strata, by least squares with a dummy per stratum.
#
# rows       24 workers of 6 teams with 6 to 15 items each, of three roles that cross workers, and
#            the outcome of each draw
# by_item    arms drawn item by item
# by_worker  arms drawn worker by worker within teams
#
# Errors by worker: CR2 with Satterthwaite's degrees of freedom (clubSandwich), CR1 (sandwich).
# "centred" is the trap: CR2 of a fit on columns that were centred within strata that cross workers.
# Run from the repository: Rscript tests/oracle/strata.R
# Writes tests/oracle/strata.json.

suppressMessages({
  library(clubSandwich)
  library(sandwich)
  library(jsonlite)
})

RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20261127)
sizes <- 6 + (seq_len(24) * 7) %% 10
worker <- rep(seq_len(24), sizes)
n <- length(worker)
team <- (worker - 1) %/% 4 + 1
role <- sample(3, n, replace = TRUE)
by_item <- as.integer(runif(n) < 0.5)
drawn <- unlist(lapply(seq_len(6), function(t) sample(c(0, 0, 1, 1))))
by_worker <- as.integer(drawn[worker])
own <- rnorm(24, 0, 0.5)[worker]
base <- c(-2, 0.5, 3)[role] + c(-1, 4, 0, 2, -3, 1)[team] + own + rnorm(n)
rows <- data.frame(worker, team, role, by_item, by_worker,
                   y_item = round(base + 0.4 * by_item, 4), y_worker = round(base + 0.4 * by_worker, 4))

answer <- function(y, arm, stratum) {
  data <- data.frame(y, arm, stratum = factor(stratum), worker = rows$worker)
  fit <- lm(y ~ arm + stratum, data)
  tested <- coef_test(fit, vcov = "CR2", cluster = data$worker, test = "Satterthwaite",
                      coefs = "arm")
  cr1 <- vcovCL(fit, cluster = data$worker, type = "HC1")
  within <- function(x) x - ave(x, data$stratum)
  centred <- lm(y ~ 0 + arm, data.frame(y = within(data$y), arm = within(data$arm)))
  list(effect = tested$beta, CR2 = tested$SE, df = tested$df_Satt,
       CR1 = sqrt(cr1["arm", "arm"]), clusters = length(unique(data$worker)),
       centred = sqrt(vcovCR(centred, cluster = data$worker, type = "CR2")[1, 1]))
}

answers <- list(
  rows = as.list(rows),
  by_item_in_teams = answer(rows$y_item, rows$by_item, rows$team),
  by_item_in_roles = answer(rows$y_item, rows$by_item, rows$role),
  by_item_in_both = answer(rows$y_item, rows$by_item, paste(rows$team, rows$role)),
  by_worker_in_teams = answer(rows$y_worker, rows$by_worker, rows$team),
  versions = list(R = as.character(getRversion()),
                  clubSandwich = as.character(packageVersion("clubSandwich")),
                  sandwich = as.character(packageVersion("sandwich"))))
write(toJSON(answers, digits = 15, auto_unbox = TRUE, pretty = FALSE), "tests/oracle/strata.json")
