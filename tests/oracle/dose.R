# A team's weeks with more of its work done with AI beside its others, as found.
#
# Run from the repository: Rscript tests/oracle/dose.R
# Writes tests/oracle/dose.csv (one row per item: team, worker, opened and minutes until it was closed,
# empty where it is open; ai, 0 or 1; score, empty where there is none; late) and dose.json.
#
# Least squares with a dummy for each team and week and errors CR2 and CR0 by team of
# clubSandwich, degrees of freedom by Satterthwaite. Fieller's interval of a share of the mean without
# AI takes that mean, its variance and its covariance from the full fit, dummies and all.

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
level <- rnorm(teams, 0, 0.6)
drift <- cumsum(rnorm(20, 0.05, 0.1))
taste <- matrix(rnorm(teams * 20, 0, 0.8), teams)
mood <- matrix(rnorm(teams * 20, 0, 1.2), teams)
team <- as.integer(sub("t", "", rows$team))
week <- rows$week - min(rows$week) + 1
rows$ai <- as.numeric(runif(nrow(rows)) < plogis(level[team] + drift[week] - 0.6 + taste[cbind(team, week)]))
dose <- ave(rows$ai, rows$team, rows$week)
rows$score <- round(50 + 4 * level[team] + 2 * drift[week] + 5 * dose + mood[cbind(team, week)] + rnorm(nrow(rows), 0, 3), 3)
rows$late <- as.numeric(runif(nrow(rows)) < plogis(-1 + 0.5 * level[team] - 0.8 * dose))
rows$minutes <- round(exp(rnorm(nrow(rows), 6 + 0.2 * level[team] - 0.3 * dose, 0.7)))
rows$minutes[sample(nrow(rows), 15)] <- NA # still open
rows$score[sample(nrow(rows), 40)] <- NA
rows$team[sample(nrow(rows), 12)] <- NA    # of no team
rows$opened <- format(as.POSIXct(first + rows$day, tz = "UTC") + 8 * 3600 + 60 * rows$minute,
                      "%Y-%m-%d %H:%M:%S", tz = "UTC")
rows <- rows[order(rows$opened), ]
out <- rows[, c("team", "worker", "opened", "minutes", "ai", "score", "late")]
write.csv(out, "tests/oracle/dose.csv", row.names = FALSE, quote = FALSE, na = "")

interval <- function(value, se, df) value + c(-1, 1) * qt(0.975, df) * se

# known: items whose arm is known, which the share is of; y: missing where there is no outcome.
weekly <- function(data, y, kind = "CR2") {
  data$share <- ave(data$ai, data$team, data$week)
  data$y <- y
  data <- data[!is.na(y), ]
  fit <- lm(y ~ share + factor(team) + factor(week), data)
  V <- vcovCR(fit, data$team, type = kind)
  test <- coef_test(fit, V, test = "Satterthwaite", coefs = "share")
  value <- unname(coef(fit)["share"])
  x <- colMeans(model.matrix(fit))
  x["share"] <- 0
  mean <- sum(x * coef(fit))
  t <- qt(0.975, test$df)
  v <- V["share", "share"]; vm <- sum(x * (V %*% x)); c <- sum(V["share", ] * x)
  # (d - q m)^2 <= t^2 (v - 2 q c + q^2 vm)
  a <- mean^2 - t^2 * vm; b <- -2 * value * mean + 2 * t^2 * c; k <- value^2 - t^2 * v
  roots <- sort((-b + c(-1, 1) * sqrt(b^2 - 4 * a * k)) / (2 * a))
  within <- resid(lm(share ~ factor(team) + factor(week), data))
  list(items = c(sum(data$ai == 0), sum(data$ai == 1)), value = value, se = test$SE, df = test$df,
       p = test$p_Satt, interval = interval(value, test$SE, test$df),
       share_of_mean = value / mean, share_interval = roots,
       units = length(unique(data$team)), weeks = length(unique(data$week)),
       unit_weeks = nrow(unique(data[, c("team", "week")])), share = mean(data$share),
       spread = sqrt(mean(within^2)))
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
