# A change less the same change a year before, within cells, with the jackknife that leaves a person out
# of all four spans.
#
# Run from the repository: Rscript tests/oracle/double_difference.R
# Writes tests/oracle/double_difference.json: the rows that go in, and what comes out.
#
# Everything is computed again without each person, from the items; degrees of freedom of the design are
# those of whole covariance matrices. Where all is balanced the value is also lm's interaction of year and
# span beside a dummy for each cell.

library(jsonlite)

# Items of 14 people in 6 cells; the last cell loses its spans with single people, or lacks one.
items_of <- function(seed, origin) {
  set.seed(seed)
  grid <- expand.grid(cluster = 1:14, cell = 0:5, span = 0:3)
  taste <- rnorm(14, 0, .5)
  kept <- grid[runif(nrow(grid)) < c(.9, .8, .7, .7, .6, .2)[grid$cell + 1], ]
  rows <- kept[rep(seq_len(nrow(kept)), sample(1:4, nrow(kept), TRUE)), ]
  rows$y <- exp(1 + taste[rows$cluster] + .1 * rows$cell + c(0, -.2, .1, .2)[rows$span + 1] +
                rnorm(nrow(rows), 0, .4)) + origin
  rows$d <- rpois(nrow(rows), 2) + (runif(nrow(rows)) < .5)
  rows
}

levels_of <- function(items, ratio) {
  n <- table(factor(items$cell, 0:5), factor(items$span, 0:3))
  full <- as.numeric(rownames(n))[apply(n > 0, 1, all)]
  w <- n[as.character(full), "0"]
  w <- w / sum(w)
  vapply(0:3, function(s) {
    mean_of <- function(x) sum(w * vapply(full, function(c) mean(x[items$cell == c & items$span == s]), 0))
    if (ratio) mean_of(items$y) / mean_of(items$d) else mean_of(items$y)
  }, 0)
}

double <- function(m, logs) if (logs) log(m[2] / m[1]) - log(m[4] / m[3]) else (m[2] - m[1]) - (m[4] - m[3])

# Shares of the spans, and influences at fixed weights, by person.
parts_of <- function(items, ratio, logs) {
  n <- table(factor(items$cell, 0:5), factor(items$span, 0:3))
  full <- as.numeric(rownames(n))[apply(n > 0, 1, all)]
  w <- setNames(n[as.character(full), "0"] / sum(n[as.character(full), "0"]), full)
  m <- levels_of(items, ratio)
  numerators <- levels_of(items, FALSE)
  inside <- items[items$cell %in% full, ]
  people <- sort(unique(inside$cluster))
  z <- inside$y - if (ratio) m[inside$span + 1] * inside$d else 0
  if (logs) z <- z / numerators[inside$span + 1]
  z <- z - ave(z, inside$cell, inside$span)
  weight <- w[as.character(inside$cell)] / n[cbind(as.character(inside$cell), as.character(inside$span))]
  sign <- c(-1, 1, 1, -1)[inside$span + 1]
  shares <- sapply(0:3, function(s) vapply(people, function(g) sum(weight[inside$cluster == g & inside$span == s]), 0))
  list(people = people, influence = vapply(people, function(g) sum((sign * weight * z)[inside$cluster == g]), 0),
       shares = shares)
}

# sums of squares and their degrees of freedom
effective <- function(x) 3 * sum(x^2)^2 / sum(x^4) - 2

design_df <- function(shares) {
  covariance <- 0
  for (s in seq_len(ncol(shares))) {
    w <- shares[, s]
    maker <- diag(1 / sqrt(1 - w)) %*% (diag(length(w)) - w %*% t(rep(1, length(w))))
    covariance <- covariance + sum(w^2) * maker %*% diag(w) %*% t(maker)
  }
  sum(diag(covariance))^2 / sum(covariance^2)
}

jackknife <- function(value, deleted, influence, shares) {
  count <- length(deleted)
  error <- sqrt((count - 1) / count * sum((deleted - mean(deleted))^2))
  df <- max(1, min(count - 1, effective(deleted - value), effective(influence), design_df(shares)))
  list(value = value, error = error, df = df, low = value - qt(.975, df) * error,
       high = value + qt(.975, df) * error, p = 2 * pt(-abs(value) / error, df))
}

rows_of <- function(items) {
  rows <- aggregate(cbind(mean = y, divisor = d) ~ span + cell + cluster, items, mean)
  rows$items <- aggregate(y ~ span + cell + cluster, items, length)$y
  rows[order(rows$cluster, rows$cell, rows$span), ]
}

case <- function(items, ratio, logs) {
  rows <- rows_of(items)
  m <- levels_of(items, ratio)
  parts <- parts_of(items, ratio, logs)
  deleted <- lapply(parts$people, function(g) levels_of(items[items$cluster != g, ], ratio))
  change <- function(m) if (logs) log(m[2] / m[1]) else m[2] - m[1]
  c(list(cluster = rows$cluster, cell = rows$cell, span = rows$span, items = rows$items, mean = rows$mean,
         divisor = if (ratio) rows$divisor else list(), logs = logs, means = m, clusters = length(parts$people)),
    jackknife(double(m, logs), vapply(deleted, double, 0, logs), parts$influence, parts$shares),
    list(change = change(m[1:2]),
         change_error = sqrt((length(deleted) - 1) / length(deleted) *
                             sum((vapply(deleted, function(x) change(x[1:2]), 0) -
                                  mean(vapply(deleted, function(x) change(x[1:2]), 0)))^2))))
}

balanced <- function() {
  set.seed(11)
  items <- expand.grid(cluster = 1:9, cell = 0:2, span = 0:3, again = 1:2)
  items$y <- rnorm(nrow(items), 10 + items$cell + c(0, 1, .5, 1)[items$span + 1])
  items$d <- 1
  items$late <- items$span %% 2
  items$now <- as.numeric(items$span < 2)
  found <- case(items, FALSE, FALSE)
  found$lm <- unname(coef(lm(y ~ factor(cell) + late * now, items))["late:now"])
  found
}

parts <- local({
  set.seed(5)
  z <- cbind(rnorm(12, 0, .05), rnorm(12, 0, .03))
  items <- matrix(sample(1:9, 48, TRUE), 12, 4)
  items[3, 3:4] <- 0; z[3, 2] <- 0
  items[7, 1:2] <- 0; z[7, 1] <- 0
  value <- c(-.31, -.12)
  x <- z[, 1] - z[, 2]
  df <- max(1, min(11, effective(x), design_df(sweep(items, 2, colSums(items), "/"))))
  list(part = list(z[, 1], z[, 2]), items = lapply(1:4, function(s) items[, s]), values = value,
       value = value[1] - value[2], error = sqrt(sum(x^2)), df = df)
})

answers <- list(
  script = "tests/oracle/double_difference.R", versions = list(R = as.character(getRversion())),
  cases = list(difference = case(items_of(1, 0), FALSE, FALSE), far = case(items_of(2, 1e5), FALSE, FALSE),
               log_ratio = case(items_of(3, 0), FALSE, TRUE), ratio = case(items_of(4, 0), TRUE, TRUE),
               balanced = balanced()),
  parts = parts)
for (name in names(answers$cases))
  cat(name, answers$cases[[name]]$value, answers$cases[[name]]$error, answers$cases[[name]]$df, "\n")
write_json(answers, "tests/oracle/double_difference.json", auto_unbox = TRUE, digits = I(16), pretty = FALSE)
