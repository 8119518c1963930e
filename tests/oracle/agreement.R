# Agreement of raters on small tables: Krippendorff's alpha from coincidence matrices, Gwet's AC1 and
# Cohen's weighted kappa by their formulas.
#
# Run from the repository: Rscript tests/oracle/agreement.R
# Writes tests/oracle/agreement.json: the ratings that go in, and what comes out. The first case is
# Krippendorff (2011), section C, 4 observers and 12 units; published are its alphas .743, .815 and .849,
# and by Gwet (2014) its AC1, .77544 with an error of .14295.

library(jsonlite)

published <- rbind(c(1, 1, NA, 1), c(2, 2, 3, 2), c(3, 3, 3, 3), c(3, 3, 3, 3), c(2, 2, 2, 2), c(1, 2, 3, 4),
                   c(4, 4, 4, 4), c(1, 1, 2, 1), c(2, 2, 2, 2), c(NA, 5, 5, 5), c(NA, NA, 1, 1), c(NA, 3, NA, NA))

alpha <- function(m, metric) {
  values <- sort(unique(as.vector(m)))
  coincidence <- matrix(0, length(values), length(values))
  for (u in seq_len(nrow(m))) {
    v <- match(m[u, !is.na(m[u, ])], values)
    if (length(v) < 2) next
    for (i in seq_along(v)) for (j in seq_along(v)) if (i != j)
      coincidence[v[i], v[j]] <- coincidence[v[i], v[j]] + 1 / (length(v) - 1)
  }
  n <- rowSums(coincidence)
  distance <- outer(seq_along(values), seq_along(values), Vectorize(function(c, k) switch(metric,
    nominal = as.numeric(c != k),
    ordinal = (sum(n[min(c, k):max(c, k)]) - (n[c] + n[k]) / 2)^2,
    interval = (values[c] - values[k])^2)))
  1 - (sum(n) - 1) * sum(coincidence * distance) / sum(outer(n, n) * distance)
}

ac1 <- function(m, categories) {
  values <- sort(unique(as.vector(m)))
  r <- t(apply(m, 1, function(x) vapply(values, function(v) sum(x == v, na.rm = TRUE), 0)))
  ri <- rowSums(r)
  n <- nrow(r)
  paired <- sum(ri >= 2)
  share <- colMeans(r / ri)
  agree <- ifelse(ri >= 2, rowSums(r * (r - 1)) / pmax(1, ri * (ri - 1)), 0)
  pa <- sum(agree) / paired
  pe <- sum(share * (1 - share)) / (categories - 1)
  value <- (pa - pe) / (1 - pe)
  own <- n / paired * (agree - pe * (ri >= 2)) / (1 - pe)
  chance <- as.vector((r / ri) %*% (1 - share)) / (categories - 1)
  error <- sqrt(sum((own - 2 * (1 - value) * (chance - pe) / (1 - pe) - value)^2) / n / (n - 1))
  list(value = value, error = error, categories = categories)
}

kappa <- function(table, weight) {
  p <- table / sum(table)
  k <- nrow(p)
  apart <- abs(outer(1:k, 1:k, "-")) / (k - 1)
  w <- switch(weight, unweighted = diag(k), linear = 1 - apart, quadratic = 1 - apart^2)
  pe <- sum(w * outer(rowSums(p), colSums(p)))
  po <- sum(w * p)
  bar <- outer(as.vector(w %*% colSums(p)), as.vector(t(w) %*% rowSums(p)), "+")
  variance <- (sum(p * (w * (1 - pe) - bar * (1 - po))^2) - (po * pe - 2 * pe + po)^2) / (sum(table) * (1 - pe)^4)
  list(value = (po - pe) / (1 - pe), error = sqrt(variance))
}

case <- function(m, categories) {
  long <- which(!is.na(m), arr.ind = TRUE)
  long <- long[order(long[, 1], long[, 2]), ]
  list(unit = long[, 1], value = m[long], nominal = alpha(m, "nominal"), ordinal = alpha(m, "ordinal"),
       interval = alpha(m, "interval"), ac1 = ac1(m, categories))
}

set.seed(8)
true <- rnorm(40, .6, .15)
scores <- round(matrix(true, 40, 5) + rnorm(200, 0, .1), 2)
scores[sample(200, 90)] <- NA
scores <- scores[rowSums(!is.na(scores)) > 0, ]
rare <- matrix(as.numeric(runif(180) < .06), 60, 3)
table <- rbind(c(44, 5, 1), c(7, 20, 3), c(9, 5, 6))

answers <- list(
  script = "tests/oracle/agreement.R", versions = list(R = as.character(getRversion())),
  cases = list(published = case(published, 5), scores = case(scores, length(unique(na.omit(as.vector(scores))))),
               rare = case(rare, 2)),
  kappa = c(list(table = as.vector(t(table))),
            lapply(c(unweighted = "unweighted", linear = "linear", quadratic = "quadratic"),
                   function(w) kappa(table, w))))
str(lapply(answers$cases, `[`, -(1:2))); str(answers$kappa)
write_json(answers, "tests/oracle/agreement.json", auto_unbox = TRUE, digits = I(16), pretty = FALSE)
