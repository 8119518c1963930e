# Lee bounds: his formulas (2009, section 3 and proposition 3) on rows, Imbens & Manski's interval,
# and a cluster bootstrap.
#
# items      independent items; the share that is trimmed is a whole number of them
# clusters   the same kind of items in clusters that are in one arm each; rounded values
#
# Run from the repository: Rscript tests/oracle/bounds.R
# Writes tests/oracle/bounds.json: the rows and the answers.

library(jsonlite)

RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20261126)

# Mean of the highest or lowest share of values, the last one in part.
trimmed_mean <- function(y, share, highest) {
  y <- sort(y, decreasing = highest)
  wanted <- share * length(y)
  weight <- pmin(1, pmax(0, wanted - (seq_along(y) - 1)))
  sum(weight * y) / wanted
}

bounds <- function(d) {
  share <- tapply(!is.na(d$y), d$arm, mean)
  y1 <- d$y[d$arm == 1 & !is.na(d$y)]
  y0 <- d$y[d$arm == 0 & !is.na(d$y)]
  if (share["1"] >= share["0"]) {
    keep <- share["0"] / share["1"]
    c(trimmed_mean(y1, keep, FALSE), trimmed_mean(y1, keep, TRUE)) - mean(y0)
  } else {
    keep <- share["1"] / share["0"]
    mean(y1) - c(trimmed_mean(y0, keep, TRUE), trimmed_mean(y0, keep, FALSE))
  }
}

# Proposition 3, arm 1 having more outcomes, with the factor n / (n - 1) of each arm's items.
lee_errors <- function(d) {
  treated <- d$arm == 1
  n1 <- sum(treated); n0 <- sum(!treated)
  p1 <- mean(!is.na(d$y[treated])); p0 <- mean(!is.na(d$y[!treated]))
  y1 <- sort(d$y[treated & !is.na(d$y)]); y0 <- d$y[!treated & !is.na(d$y)]
  q <- 1 - p0 / p1
  kept <- round((1 - q) * length(y1))
  variance <- function(x) mean((x - mean(x))^2)
  one <- function(left, edge) {
    of_trim <- (edge - mean(left))^2
    arm1 <- (variance(left) + q * of_trim) / kept + of_trim * (1 - p1) / (p1 * n1)
    arm0 <- variance(y0) / length(y0) + of_trim * (1 - p0) / (p0 * n0)
    sqrt(arm1 * n1 / (n1 - 1) + arm0 * n0 / (n0 - 1))
  }
  low <- head(y1, kept); high <- tail(y1, kept)
  c(one(low, max(low)), one(high, min(high)))
}

imbens_manski <- function(b, se, level = 0.95) {
  f <- function(c) pnorm(c + diff(b) / max(se)) - pnorm(-c) - level
  c <- uniroot(f, c(0.5, 4), tol = 1e-14)$root
  c(b[1] - c * se[1], b[2] + c * se[2])
}

items <- data.frame(arm = rep(0:1, each = 100))
items$y <- round(rnorm(200, 2 + items$arm), 3)
items$y[c(sample(which(items$arm == 0), 40), sample(which(items$arm == 1), 20))] <- NA
errors <- lee_errors(items)
found <- unname(bounds(items))

sizes <- sample(5:15, 80, TRUE)
clusters <- data.frame(cluster = rep(seq_along(sizes) - 1, sizes))
clusters$arm <- clusters$cluster %% 2
clusters$y <- round(2 + 0.5 * clusters$arm + rnorm(80, 0, 0.5)[clusters$cluster + 1] +
                      rnorm(nrow(clusters)), 1)
had <- plogis(rnorm(80, 1.2 - clusters$arm[match(0:79, clusters$cluster)] * 0.8, 0.5))
clusters$y[runif(nrow(clusters)) > had[clusters$cluster + 1]] <- NA
by_cluster <- split(clusters, clusters$cluster)
of_arm <- function(a) names(by_cluster)[sapply(by_cluster, function(d) d$arm[1] == a)]
draws <- replicate(4000, bounds(do.call(rbind, by_cluster[c(
  sample(of_arm(0), replace = TRUE), sample(of_arm(1), replace = TRUE))])))

write_json(
  list(script = "tests/oracle/bounds.R", versions = list(R = as.character(getRversion())),
       items = list(arm = items$arm, y = items$y, bounds = found, errors = errors,
                    interval = imbens_manski(found, errors)),
       clusters = list(cluster = clusters$cluster, arm = clusters$arm, y = clusters$y,
                       bounds = unname(bounds(clusters)),
                       bootstrap_errors = apply(draws, 1, sd))),
  "tests/oracle/bounds.json", auto_unbox = TRUE, digits = I(16), na = "null")
