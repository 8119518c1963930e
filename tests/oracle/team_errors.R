# Plans whose errors are by team (cluster: team), whatever was assigned: people, items, or arms as found.
#
# Run from the repository: Rscript tests/oracle/team_errors.R
# Writes tests/oracle/team_errors.csv (one row per item: worker, team, kind, the arms that were drawn for
# its worker and for itself, size, score) and team_errors.json.
#
# As drawn: lm on the arm (and on the arm and ln(size)), clubSandwich's CR2 by team with Satterthwaite's
# degrees of freedom. As found: difference of means within kinds, weighted by the kinds of arm 1, its
# error by leaving out each team (Efron & Stein 1981). Items without a team belong to no cluster.

suppressMessages(library(clubSandwich))
library(jsonlite)

set.seed(21)
teams <- 14
rows <- do.call(rbind, lapply(seq_len(teams), function(t) {
  of_team <- rnorm(1, 0, 3)
  slope <- rnorm(1, 2, 1)
  do.call(rbind, lapply(seq_len(3 + t %% 3), function(p) {
    n <- 4 + (t + p) %% 4
    size <- sample(1:40, n, TRUE)
    drawn <- (t + p) %% 2
    own <- rbinom(n, 1, 0.5)
    kind <- sample(c("easy", "hard"), n, TRUE)
    data.frame(worker = sprintf("w%02d%d", t, p), team = sprintf("team%02d", t), kind = kind, worker_arm = drawn,
               item_arm = own, size = size,
               score = round(of_team + slope * (drawn + own) + log(size) - 4 * (kind == "hard") +
                             rnorm(1, 0, 1) + rnorm(n, 0, 2), 4))
  }))
}))
rows$team[c(7, 100, 101)] <- ""
write.csv(rows, "tests/oracle/team_errors.csv", row.names = FALSE, quote = FALSE)
rows <- rows[rows$team != "", ]

drawn <- function(model) {
  fit <- lm(model, rows)
  of <- function(cluster) {
    test <- coef_test(fit, vcovCR(fit, cluster, "CR2"), test = "Satterthwaite")
    list(effect = test$beta[[2]], error = test$SE[[2]], df = test$df_Satt[[2]], p = test$p_Satt[[2]])
  }
  c(of(rows$team), clusters = length(unique(rows$team)))
}

within <- function(data) {
  weight <- table(data$kind[data$item_arm == 1])
  difference <- sapply(names(weight), function(k) {
    mean(data$score[data$kind == k & data$item_arm == 1]) - mean(data$score[data$kind == k & data$item_arm == 0])
  })
  weighted.mean(difference, weight)
}
without <- sapply(unique(rows$team), function(t) within(rows[rows$team != t, ]))
found <- list(effect = within(rows), clusters = teams,
              error = sqrt((teams - 1) / teams * sum((without - mean(without))^2)))

write_json(list(
  script = "tests/oracle/team_errors.R",
  versions = list(R = as.character(getRversion()), clubSandwich = as.character(packageVersion("clubSandwich"))),
  worker = drawn(score ~ worker_arm), item = drawn(score ~ item_arm),
  adjusted = drawn(score ~ item_arm + log(size)), found = found),
  "tests/oracle/team_errors.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
