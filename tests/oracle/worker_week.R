# Items that people completed in weeks in which they used AI beside those of their other weeks, where
# all that is known of AI are totals per person and day.
#
# Run from the repository: Rscript tests/oracle/worker_week.R
# Writes tests/oracle/worker_week.csv (one row per item: team, worker, opened, minutes until it was
# closed, empty where it is open, and score), worker_week_days.csv (worker and day with use) and
# worker_week.json.
#
# Least squares with a dummy for each person and week and errors CR2 by person of clubSandwich,
# degrees of freedom by Satterthwaite. A use effect of 2 is planted; better people use AI more often.

library(clubSandwich)
library(jsonlite)

set.seed(20262)
people <- 24
first <- as.Date("2026-07-06") # a Monday
weeks <- 13
level <- rnorm(people, 0, 3)
shock <- rnorm(weeks + 4, 0, 2)
uses <- matrix(runif(people * (weeks + 4)) < plogis(rep(level, weeks + 4) / 3 + rep(seq_len(weeks + 4), each = people) / 10 - 0.5),
               people)
uses[1, ] <- TRUE  # one who always does,
uses[2, ] <- FALSE # and one who never does

days <- do.call(rbind, lapply(seq_len(people), function(p) {
  do.call(rbind, lapply(which(uses[p, seq_len(weeks)]), function(w) {
    data.frame(worker = paste0("p", p), day = first + 7 * (w - 1) + sort(sample(0:4, sample(1:3, 1))))
  }))
}))
# The export begins on a Wednesday and ends on a Wednesday: its first and last week are known in part.
days <- days[days$day >= first + 2 & days$day <= first + 7 * (weeks - 1) + 2, ]
days <- unique(rbind(days, data.frame(worker = "p1", day = c(first + 2, first + 7 * (weeks - 1) + 2))))
days <- days[order(days$day, days$worker), ]

rows <- do.call(rbind, lapply(seq_len(people), function(p) {
  n <- sample(40:60, 1)
  data.frame(team = paste0("t", 1 + p %% 5), worker = paste0("p", p),
             day = sample(0:(7 * weeks - 6), n, TRUE), minute = sample(0:539, n, TRUE))
}))
start <- as.POSIXct(first, tz = "UTC") + 86400 * rows$day + 8 * 3600 + 60 * rows$minute
rows$minutes <- round(exp(rnorm(nrow(rows), 7, 1.2)))
rows$minutes[sample(nrow(rows), 12)] <- NA
close <- start + 60 * rows$minutes
monday <- function(time) floor((as.numeric(as.Date(time, tz = "UTC")) + 3) / 7)
rows$week <- monday(close)
at <- pmin(pmax(rows$week - monday(first) + 1, 1), weeks + 4)
at[is.na(at)] <- 1
who <- as.integer(sub("p", "", rows$worker))
mood <- matrix(rnorm(people * (weeks + 4), 0, 1), people)
rows$score <- round(60 + level[who] + shock[at] + 2 * uses[cbind(who, at)] + mood[cbind(who, at)] +
                      rnorm(nrow(rows), 0, 2), 3)
rows$opened <- format(start, "%Y-%m-%d %H:%M:%S", tz = "UTC")
order_of <- order(rows$opened, rows$worker)
rows <- rows[order_of, ]
write.csv(rows[, c("team", "worker", "opened", "minutes", "score")], "tests/oracle/worker_week.csv",
          row.names = FALSE, quote = FALSE, na = "")
write.csv(days, "tests/oracle/worker_week_days.csv", row.names = FALSE, quote = FALSE)

# Weeks that are reported from Monday to Friday, and use in them as the export says.
from <- min(days$day); until <- max(days$day)
monday_of <- function(week) as.Date(7 * week - 3, origin = "1970-01-01")
known <- rows[!is.na(rows$minutes), ]
known <- known[monday_of(known$week) >= from & monday_of(known$week) + 4 <= until, ]
known$ai <- as.numeric(paste(known$worker, known$week) %in% paste(days$worker, monday(days$day)))

weekly <- function(data, y) {
  data$y <- y
  fit <- lm(y ~ ai + factor(worker) + factor(week), data)
  V <- vcovCR(fit, data$worker, type = "CR2")
  test <- coef_test(fit, V, test = "Satterthwaite", coefs = "ai")
  value <- unname(coef(fit)["ai"])
  x <- colMeans(model.matrix(fit)); x["ai"] <- 0
  mean <- sum(x * coef(fit))
  t <- qt(0.975, test$df)
  v <- V["ai", "ai"]; vm <- sum(x * (V %*% x)); c <- sum(V["ai", ] * x)
  a <- mean^2 - t^2 * vm; b <- -2 * value * mean + 2 * t^2 * c; k <- value^2 - t^2 * v
  within <- resid(lm(ai ~ factor(worker) + factor(week), data))
  list(items = c(sum(data$ai == 0), sum(data$ai == 1)), value = value, se = test$SE, df = test$df,
       p = test$p_Satt, interval = value + c(-1, 1) * t * test$SE, share_of_mean = value / mean,
       share_interval = sort((-b + c(-1, 1) * sqrt(b^2 - 4 * a * k)) / (2 * a)),
       units = length(unique(data$worker)), weeks = length(unique(data$week)),
       unit_weeks = nrow(unique(data[, c("worker", "week")])), share = mean(data$ai),
       spread = sqrt(mean(within^2)))
}
write_json(list(
  r = R.version.string, clubSandwich = as.character(packageVersion("clubSandwich")),
  score = weekly(known, known$score),
  time = weekly(known, pmin(known$minutes, 43200))
), "tests/oracle/worker_week.json", auto_unbox = TRUE, digits = 15, pretty = TRUE)
