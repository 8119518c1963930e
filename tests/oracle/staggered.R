# Group-time effects and their averages, made up here, and of mpdta (the example of the R package did).
#
# Run from the repository: ASSAY_SHARED_DATA=... Rscript tests/oracle/staggered.R
# Writes tests/oracle/staggered.json: the rows and the answers (of mpdta the answers only).
#
# Another way than the one under test: every effect is a function of sums over clusters (of weights
# and of weighted changes, by cell and arm, and of weights by group). The influence of a cluster is
# the gradient of that function, by complex steps (Squire & Trapp 1998), times the cluster's part of
# the sums. Degrees of freedom by explicit pairs of clusters. The critical value of a band from the
# multivariate normal distribution (package mvtnorm).

library(mvtnorm)
library(jsonlite)
set.seed(20261126)

never <- 999999

# d: unit, cluster, weight, first; y: units x periods, NA where not seen.
cells_of <- function(d, y, periods, design) {
  cells <- list()
  last <- max(periods)
  d$first[d$first > last + design$delta] <- never
  for (g in sort(unique(d$first[d$first <= last]))) {
    before <- which(periods < g - design$delta)
    for (t in seq_along(periods)) {
      b <- if (periods[t] >= g - design$delta || design$base == "same") max(before) else t - 1
      if (b == t || b < 1) next
      seen <- !is.na(y[, t]) & !is.na(y[, b])
      treated <- d$first == g & seen
      controls <- seen & if (design$controls == "never") d$first == never else
        d$first > max(periods[t], periods[b]) + design$delta & d$first != g
      if (!any(treated) || !any(controls)) next
      cells <- c(cells, list(list(g = g, t = periods[t], b = periods[b], treated = treated,
                                  controls = controls, change = y[, t] - y[, b])))
    }
  }
  cells
}

answers <- function(d, y, periods, design) {
  cells <- cells_of(d, y, periods, design)
  groups <- sort(unique(sapply(cells, `[[`, "g")))
  clusters <- sort(unique(d$cluster))
  G <- length(clusters)
  by_cluster <- function(x) as.vector(tapply(x, factor(d$cluster, clusters), sum))
  # Columns: for each cell W_1, S_1, W_0, S_0; then W of each group.
  parts <- factors <- NULL
  shares <- list()
  for (k in cells) {
    pair <- list()
    for (arm in c("treated", "controls")) {
      w <- d$weight * k[[arm]]
      parts <- cbind(parts, by_cluster(w), by_cluster(ifelse(k[[arm]], w * k$change, 0)))
      n <- length(unique(d$cluster[k[[arm]]]))
      factors <- c(factors, rep(sqrt(n / (n - 1)), 2))
      pair[[arm]] <- by_cluster(w) / sum(w)
    }
    shares <- c(shares, list(pair))
  }
  for (g in groups) parts <- cbind(parts, by_cluster(d$weight * (d$first == g)))
  factors <- c(factors, rep(sqrt(G / (G - 1)), length(groups)))
  if (design$factor == "published") factors[] <- 1
  total <- colSums(parts)

  att <- function(s) sapply(seq_along(cells), function(k)
    s[4 * k - 2] / s[4 * k - 3] - s[4 * k] / s[4 * k - 1])
  p <- function(s) s[4 * length(cells) + seq_along(groups)]
  g_of <- sapply(cells, `[[`, "g")
  t_of <- sapply(cells, `[[`, "t")
  post <- which(t_of >= g_of)
  mean_by <- function(s, which) {
    w <- p(s)[match(g_of[which], groups)]
    sum(w * att(s)[which]) / sum(w)
  }
  estimate <- function(f) {
    gradient <- sapply(seq_along(total), function(j) {
      s <- as.complex(total)
      s[j] <- s[j] + 1e-30i
      Im(f(s)) / 1e-30
    })
    phi <- as.vector(parts %*% (gradient * factors))
    # The same gradient, as what each cell weighs: of its arms' shares.
    weight <- sapply(seq_along(cells), function(k) gradient[4 * k - 2] * total[4 * k - 3])
    w1 <- Reduce(`+`, Map(function(w, s) w * s$treated, weight, shares))
    w0 <- Reduce(`+`, Map(function(w, s) w * s$controls, weight, shares))
    v <- sum(phi^2)
    s1 <- sum(w1^2)
    s0 <- sum(w0^2)
    off <- function(b) sum(outer(b, b)) - sum(b^2)
    q <- s1^2 * (s1 + off(w1^2 / (1 - w1))) + s0^2 * (s0 + off(w0^2 / (1 - w0))) +
      2 * s1 * s0 * (sum(w1 * w0) + off(sqrt(w1 * w0 * w1 * w0 / ((1 - w1) * (1 - w0)))))
    df <- max(1, min(sum(w1 > 0 | w0 > 0) - 1, 3 * v^2 / sum(phi^4) - 2, (s1 + s0)^2 / q))
    list(value = f(total), error = sqrt(v), df = df, phi = phi)
  }
  simple <- estimate(function(s) mean_by(s, post))
  by_group <- function(g) function(s) mean(att(s)[intersect(post, which(g_of == g))])
  by_period <- function(t) function(s) mean_by(s, intersect(post, which(t_of == t)))
  by_event <- function(e) function(s) mean_by(s, which(t_of - g_of == e))
  of <- function(keys, by, overall) {
    list(at = I(keys), parts = lapply(keys, function(k) estimate(by(k))),
         overall = estimate(overall(keys)))
  }
  plain <- function(by) function(keys) function(s) mean(sapply(keys, function(k) by(k)(s)))
  out <- list(
    cells = lapply(seq_along(cells), function(k)
      c(list(group = g_of[k], period = t_of[k], base = cells[[k]]$b),
        estimate(function(s) att(s)[k]))),
    simple = simple,
    group = of(sort(unique(g_of[post])), by_group, function(keys) function(s) {
      w <- p(s)[match(keys, groups)]
      sum(w * sapply(keys, function(k) by_group(k)(s))) / sum(w)
    }),
    calendar = of(sort(unique(t_of[post])), by_period, plain(by_period)),
    event = of(sort(unique(t_of - g_of)), by_event,
               function(keys) plain(by_event)(keys[keys >= 0])))
  phi <- sapply(out$event$parts, `[[`, "phi")
  out$event_critical <- qmvnorm(0.95, tail = "both.tails", corr = cov2cor(crossprod(phi)),
                                algorithm = GenzBretz(abseps = 1e-5, maxpts = 1e6))$quantile
  drop <- function(x) if (is.list(x)) lapply(x[setdiff(names(x) %||% seq_along(x), "phi")], drop)
                      else x
  drop(out)
}
`%||%` <- function(a, b) if (is.null(a)) b else a

draw <- function(first, cluster, weight, periods, gap) {
  level <- rnorm(max(cluster))[cluster] + rnorm(length(first))
  trend <- cumsum(rnorm(length(periods)))
  y <- t(sapply(seq_along(first), function(i)
    round(level[i] + trend + pmax(0, periods - first[i] + 1) * 0.3 + rnorm(length(periods)), 6)))
  y[runif(length(y)) < gap] <- NA
  list(d = data.frame(first, cluster, weight), y = y)
}

case <- function(x, periods, design) {
  list(design = design, periods = periods, first = x$d$first, cluster = x$d$cluster,
       weight = x$d$weight, y = x$y, answers = answers(x$d, x$y, periods, design))
}

design <- function(controls, base, factor, delta) {
  list(controls = controls, base = base, factor = factor, delta = delta)
}

mp <- read.csv(file.path(Sys.getenv("ASSAY_SHARED_DATA"), "mpdta", "data.csv"))
mp <- mp[order(mp$countyreal, mp$year), ]
first <- mp$first.treat[mp$year == 2003]
mpdta <- list(d = data.frame(first = ifelse(first == 0, never, first), weight = 1,
                             cluster = seq_along(first)),
              y = matrix(mp$lemp, ncol = 5, byrow = TRUE))

write_json(
  list(script = "tests/oracle/staggered.R",
       versions = list(R = as.character(getRversion()),
                       mvtnorm = as.character(packageVersion("mvtnorm"))),
       plain = case(draw(sample(c(3, 4, 6, never), 60, TRUE), 1:60, 1, 1:6, 0), 1:6,
                    design("not_yet", "before", "published", 0)),
       teams = case(draw(rep(c(14, 14, 14, 16, 16, 16, 19, 19, 20, 20, 21, 21), 6), rep(1:24, each = 3),
                         rpois(72, 8) + 1, 10:18, 0), 10:18,
                    design("not_yet", "same", "unbiased", 1)),
       seen = case(draw(rep(c(5, 7, never, never), 12), rep(1:24, 2), rexp(48), c(2:6, 8, 9), 0.15),
                   c(2:6, 8, 9), design("never", "before", "unbiased", 0)),
       mpdta = list(published = answers(mpdta$d, mpdta$y, 2003:2007,
                                        design("not_yet", "before", "published", 0)),
                    never = answers(mpdta$d, mpdta$y, 2003:2007,
                                    design("never", "before", "published", 0)))),
  "tests/oracle/staggered.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
