# A team's weeks with more of its work done with AI beside its others, as found.
#
# Run from the repository: Rscript tests/oracle/dose.R
# Writes tests/oracle/dose.csv (one row per item: team, worker, opened and minutes until it was closed,
# empty where it is open; ai, 0 or 1; score, empty where there is none; late) and dose.json.
#
# The slope y'A a / a'A a, with A of the share of a team's week from which each item's own part is taken
# (include/assay/leave_out.h), from matrices of items by items. Its errors are those of two-stage least
# squares with the one instrument z = A a and a dummy for each team and week: CR2 and CR0 by team
# of clubSandwich on ivreg. The interval is Anderson and Rubin's: all b at which z has no part in y - b a, by
# clubSandwich on lm, its ends by uniroot; degrees of freedom by Satterthwaite. That of a share of the mean
# without AI, m(b) = mean of y - b x mean of a, maps its ends. slope_of_shares: least squares on the share.

library(AER)
library(clubSandwich)
library(jsonlite)

set.seed(20261)
teams <- 14
first <- as.Date("2026-07-01")
days <- 92
rows <- do.call(rbind, lapply(seq_len(teams), function(t) {
  people <- 3 + t %% 3
  n <- sample(90:140, 1)
  day <- sort(sample(0:(days - 1), n, replace = TRUE))
  if (t == 3) day <- day[day < 50] # a team that goes
  if (t == 5) day <- day[day > 40] # and one that comes
  data.frame(team = paste0("t", t), worker = paste0("w", t, "_", sample(people, length(day), TRUE)),
             day = day, minute = sample(0:539, length(day), TRUE))
}))
monday <- function(date) floor((as.numeric(date) + 3) / 7)
rows$week <- monday(first + rows$day)
rows <- rows[ave(rows$day, rows$team, rows$week, FUN = length) > 3, ]
level <- rnorm(teams, 0, 0.6)
drift <- cumsum(rnorm(20, 0.05, 0.1))
taste <- matrix(rnorm(teams * 20, 0, 0.8), teams)
mood <- matrix(rnorm(teams * 20, 0, 1.2), teams)
team <- as.integer(sub("t", "", rows$team))
week <- rows$week - min(rows$week) + 1
rows$ai <- as.numeric(runif(nrow(rows)) < plogis(level[team] + drift[week] - 0.6 + taste[cbind(team, week)]))
rows$score <- round(50 + 4 * level[team] + 2 * drift[week] + 5 * rows$ai + mood[cbind(team, week)] + rnorm(nrow(rows), 0, 3), 3)
rows$late <- as.numeric(runif(nrow(rows)) < plogis(-1 + 0.5 * level[team] - 0.8 * rows$ai))
rows$minutes <- round(exp(rnorm(nrow(rows), 6 + 0.2 * level[team] - 0.3 * rows$ai, 0.7)))
rows$minutes[sample(nrow(rows), 10)] <- NA # still open
rows$score[sample(nrow(rows), 40)] <- NA
rows$team[sample(nrow(rows), 12)] <- NA    # of no team
rows$opened <- format(as.POSIXct(first + rows$day, tz = "UTC") + 8 * 3600 + 60 * rows$minute,
                      "%Y-%m-%d %H:%M:%S", tz = "UTC")
rows <- rows[order(rows$opened), ]
out <- rows[, c("team", "worker", "opened", "minutes", "ai", "score", "late")]
write.csv(out, "tests/oracle/dose.csv", row.names = FALSE, quote = FALSE, na = "")

# Items without an outcome, and those that are alone in their team's week, take no part.
weekly <- function(data, y, kind = "CR2") {
  data$y <- y
  data <- data[!is.na(y), ]
  cell <- paste(data$team, data$week)
  lone <- ave(data$ai, cell, FUN = length) < 2
  arms <- c(sum(data$ai == 0), sum(data$ai == 1))
  alone <- sum(lone)
  data <- data[!lone, ]
  cell <- factor(cell[!lone])
  n <- nrow(data)
  size <- ave(data$ai, cell, FUN = length)
  W <- model.matrix(~ factor(team) + factor(week), data)
  H <- W %*% MASS::ginv(crossprod(W)) %*% t(W)
  P <- outer(as.integer(cell), as.integer(cell), "==") / size
  b <- (1 / size - diag(H)) * size / (size - 1)
  M <- diag(n) - P
  A <- P - H - M %*% (b * M)
  stopifnot(max(abs(diag(A))) < 1e-10, max(abs(A %*% W)) < 1e-9)
  data$z <- as.vector(A %*% data$ai)
  value <- sum(data$z * data$y) / sum(data$z * data$ai)
  iv <- ivreg(y ~ ai + factor(team) + factor(week) | z + factor(team) + factor(week), data = data)
  se <- coef_test(iv, vcov = kind, cluster = data$team, coefs = "ai", test = "z")$SE
  part <- function(b, test = "Satterthwaite") {
    data$rest <- data$y - b * data$ai
    fit <- lm(rest ~ z + factor(team) + factor(week), data)
    coef_test(fit, kind, cluster = data$team, coefs = "z", test = test)
  }
  none <- part(0)
  df <- if (kind == "CR2") none$df_Satt else length(unique(data$team)) - 1
  t <- qt(0.975, df)
  at <- function(b) { p <- part(b, "z"); abs(p$beta) / p$SE - t }
  end <- function(side) uniroot(at, value + side * c(0.01, 60) * se, tol = 1e-13, extendInt = "no")$root
  ends <- c(end(-1), end(1))
  share <- ave(data$ai, cell)
  moved <- resid(lm(share ~ factor(team) + factor(week), data))
  as_share <- function(b) b / (mean(data$y) - b * mean(data$ai))
  list(items = arms, alone = alone, value = value, se = se, df = df,
       p = 2 * pt(-abs(none$beta) / none$SE, df), interval = ends,
       share_of_mean = as_share(value), share_interval = as_share(ends),
       units = length(unique(data$team)), weeks = length(unique(data$week)),
       unit_weeks = nlevels(cell), share = mean(share), spread = sqrt(mean(moved^2)),
       chance = 1 - sum(data$z * data$ai) / sum(moved^2), outcome = none$beta, outcome_se = none$SE,
       slope_of_shares = sum(moved * data$y) / sum(moved^2))
}
of_team <- rows[!is.na(rows$team), ]
closed <- of_team[!is.na(of_team$minutes), ]
# Times from an hour on, among items still open then that were seen for 30 days, to the end of October.
end <- as.POSIXct("2026-10-30 00:00:00", tz = "UTC")
seen <- as.numeric(difftime(end, as.POSIXct(of_team$opened, tz = "UTC"), units = "mins")) >= 43200
still <- of_team[seen & (is.na(of_team$minutes) | of_team$minutes > 60), ]
left <- pmin(ifelse(is.na(still$minutes), Inf, still$minutes - 60), 43200 - 60)

write_json(list(
  r = R.version.string, clubSandwich = as.character(packageVersion("clubSandwich")),
  score = weekly(closed, closed$score),
  score_cr0 = weekly(closed, closed$score, "CR0"),
  log_score = weekly(closed, log(closed$score)),
  late = weekly(closed, closed$late),
  time = weekly(still, left)
), "tests/oracle/dose.json", auto_unbox = TRUE, digits = 15, pretty = TRUE)
