# Effects by kind of work, of people who do several kinds: --by of times, ratios and quantiles.
#
# Run from the repository: Rscript tests/oracle/by_cells.R
# Writes tests/oracle/by_cells.csv (one row per item: kind, worker, opened, minutes until it was closed,
# state, arm, cost, units, score) and by_cells.json.
#
# Times: the log ratio of restricted means at 30 days of survival, with residuals(.., type = "rmst")
# summed by person; each divided by sqrt(1 - the person's share of the arm). Ratios and quantiles: made
# linear item by item (include/assay/ratio.h, quantile.h), then deleted person by person, by hand.
# Degrees of freedom: the least of people less 1, of fourth moments, and of the covariance matrix of the
# design. The cells together: pooled by metafor's rma, of variances from which the mean covariance of two
# cells is taken; each against all others by the sum of what people add, p by p.adjust.

library(survival)
library(metafor)
library(jsonlite)

set.seed(20262)
kinds <- c(bugs = 0, docs = -0.1, new = -0.7, tests = 0)
people <- 44
rows <- do.call(rbind, lapply(seq_len(people), function(p) {
  own <- rnorm(1, 0, 0.3)
  gain <- rnorm(1, 0, 0.25) # what AI does for this person, in every kind
  does <- sample(names(kinds), sample(2:4, 1), prob = c(3, 2, 2, 1))
  do.call(rbind, lapply(does, function(kind) {
    n <- 6 + rpois(1, 8)
    arm <- rbinom(n, 1, 0.5)
    minutes <- round(exp(rnorm(n, 6.3 + own + (kinds[[kind]] + gain) * arm, 0.9)))
    units <- round(runif(n, 1, 9), 2)
    data.frame(kind = kind, worker = sprintf("p%02d", p), day = sample(0:88, n, TRUE),
               minute = sample(0:479, n, TRUE), minutes = pmax(minutes, 1), arm = arm,
               state = ifelse(runif(n) < 0.06, "abandoned", "done"), units = units,
               cost = round(units * exp(rnorm(n, 1 + own + 0.5 * (kinds[[kind]] + gain) * arm, 0.5)), 3),
               score = round(exp(rnorm(n, 3 + own + 0.4 * (kinds[[kind]] + gain) * arm, 0.6)), 6))
  }))
}))
rows$opened <- format(as.POSIXct("2026-07-02", tz = "UTC") + 86400 * rows$day + 60 * (480 + rows$minute),
                      "%Y-%m-%d %H:%M:%S", tz = "UTC")
rows$state[rows$minutes > 3000 & runif(nrow(rows)) < 0.05] <- "open"
rows$minutes[rows$state == "open"] <- NA
out <- rows[, c("kind", "worker", "opened", "minutes", "state", "arm", "cost", "units", "score")]
write.csv(out, "tests/oracle/by_cells.csv", row.names = FALSE, quote = FALSE, na = "")

everybody <- sort(unique(rows$worker))
share_of <- function(data) {
  count <- table(factor(data$worker, everybody))
  as.vector(count / sum(count))
}

# Covariance of corrected influences, as in restricted_mean.R.
working <- function(share) {
  left <- diag(1 / sqrt(1 - share)) %*% (diag(people) - share %*% t(rep(1, people)))
  sum(share^2) * left %*% diag(share) %*% t(left)
}
design_df <- function(one, other) {
  covariance <- working(share_of(one)) + working(share_of(other))
  sum(diag(covariance))^2 / sum(diag(covariance %*% covariance))
}
moments_df <- function(z) 3 * sum(z^2)^2 / sum(z^4) - 2

# ---- Estimates of a cell: value, what each person adds, and degrees of freedom -------------------------

horizon <- 30 * 1440
of_times <- function(data) {
  arms <- lapply(split(data, data$arm), function(arm) {
    arm$end <- as.numeric(ifelse(arm$state == "open", 2 * horizon, arm$minutes))
    arm$ended <- as.numeric(arm$state == "done")
    current <<- arm
    fit <- survfit(Surv(end, ended) ~ 1, current)
    phi <- tapply(as.vector(residuals(fit, times = horizon, type = "rmst")), factor(arm$worker, everybody), sum)
    phi[is.na(phi)] <- 0
    list(mean = unname(summary(fit, rmean = horizon)$table["rmean"]), phi = as.vector(phi), share = share_of(arm))
  })
  z <- arms[["1"]]$phi / arms[["1"]]$mean / sqrt(1 - arms[["1"]]$share) -
    arms[["0"]]$phi / arms[["0"]]$mean / sqrt(1 - arms[["0"]]$share)
  list(value = log(arms[["1"]]$mean / arms[["0"]]$mean), z = z,
       df = c(length(unique(data$worker)) - 1, moments_df(z),
              design_df(data[data$arm == 1, ], data[data$arm == 0, ])))
}

# One number for each item, whose means by arm are compared; scale is the difference or the log ratio.
linear <- function(data, y, scale, value) {
  effect <- function(keep) scale(mean(y[keep & data$arm == 1]), mean(y[keep & data$arm == 0]))
  there <- sort(unique(data$worker))
  away <- sapply(there, function(g) effect(data$worker != g) - effect(TRUE))
  phi <- sapply(there, function(g) {
    part <- function(arm) {
      in_arm <- data$arm == arm
      mean_of <- mean(y[in_arm])
      unit <- if (isTRUE(all.equal(scale(2, 1), log(2)))) mean_of else 1
      sum(y[in_arm & data$worker == g] - mean_of) / sum(in_arm) / unit
    }
    part(1) - part(0)
  })
  z <- setNames(rep(0, people), everybody)
  z[there] <- sqrt((length(there) - 1) / length(there)) * (mean(away) - away)
  list(value = value, z = unname(z),
       df = c(length(there) - 1, moments_df(phi), moments_df(away),
              design_df(data[data$arm == 1, ], data[data$arm == 0, ])))
}

of_ratios <- function(data) {
  arm <- factor(data$arm)
  ratio <- tapply(data$cost, arm, sum) / tapply(data$units, arm, sum)
  y <- (data$cost - ratio[arm] * data$units) / tapply(data$cost, arm, mean)[arm]
  linear(data, as.vector(y), function(a, b) a - b, log(ratio[["1"]] / ratio[["0"]]))
}

nu <- 0.8
of_quantiles <- function(data) {
  y <- rep(NA, nrow(data))
  q <- c()
  for (arm in c("0", "1")) {
    at <- data$arm == arm
    x <- data$score[at]
    n <- length(x)
    s <- sum(share_of(data[at, ])^2)
    plain <- qnorm(0.975) * sqrt(nu * (1 - nu) / n)
    wide <- qnorm(0.975) * sqrt(nu * (1 - nu) * (0.1 * s + 0.9 / n))
    w <- max(plain, min(wide, 0.75 * min(nu, 1 - nu)))
    at_rank <- quantile(x, c(nu - w, nu, nu + w), type = 1, names = FALSE)
    density <- 2 * w / (at_rank[3] - at_rank[1])
    q[arm] <- at_rank[2]
    y[at] <- q[arm] - ((x <= q[arm]) - mean(x <= q[arm])) / density
  }
  linear(data, y, function(a, b) log(a / b), log(q[["1"]] / q[["0"]]))
}

# ---- Cells together ------------------------------------------------------------------------------------

together <- function(of) {
  cells <- lapply(names(kinds), function(kind) of(rows[rows$kind == kind, ]))
  k <- length(cells)
  value <- sapply(cells, `[[`, "value")
  z <- sapply(cells, `[[`, "z")
  variance <- colSums(z^2)
  df <- pmax(1, sapply(cells, function(cell) min(cell$df)))
  items <- as.vector(table(rows$kind)[names(kinds)])
  half <- qt(0.975, df) * sqrt(variance)
  covariance <- crossprod(z)
  common <- max(0, mean(covariance[row(covariance) != col(covariance)]))
  v <- variance - min(common, 0.9 * min(variance))
  fit <- rma(value, v, method = "REML", test = "adhoc", control = list(threshold = 1e-12, maxiter = 1000))
  pm <- rma(value, v, method = "PM", control = list(tol = 1e-12))
  own <- fit$tau2 / (fit$tau2 + v)
  shrunken <- as.vector(fit$b) + own * (value - as.vector(fit$b))
  added <- v^2 / (v + fit$tau2)^3 * fit$se.tau2^2 # Prasad & Rao (1990)
  shrunken_half <- qt(0.975, df) * sqrt(pmin(v, own * v + (1 - own)^2 * fit$se^2 + 2 * added) + common)
  p <- sapply(seq_len(k), function(c) {
    l <- -items / sum(items[-c])
    l[c] <- 1
    x <- l^2 * variance
    zs <- as.vector(z %*% l)
    d <- max(1, min(sum(zs != 0) - 1, moments_df(zs), sum(x)^2 / sum(x^2 / df)))
    2 * pt(-abs(sum(l * value) / sqrt(sum(zs^2))), d)
  })
  mean_error <- sqrt(fit$se^2 + common)
  t_mean <- qt(0.975, k - 1)
  list(cells = lapply(seq_len(k), function(c)
         list(cell = names(kinds)[c], effect = expm1(value[c]),
              interval = expm1(value[c] + c(-1, 1) * half[c]), shrunken = expm1(shrunken[c]),
              shrunken_interval = expm1(shrunken[c] + c(-1, 1) * shrunken_half[c]),
              own = own[c], p = p.adjust(p, "BH")[c])),
       mean = expm1(as.vector(fit$b)),
       mean_interval = expm1(as.vector(fit$b) + c(-1, 1) * t_mean * mean_error),
       prediction = expm1(as.vector(fit$b) + c(-1, 1) * t_mean * sqrt(mean_error^2 + fit$tau2)),
       between = sqrt(fit$tau2), between_paule_mandel = sqrt(pm$tau2), p = min(p.adjust(p, "BH")),
       common = common)
}

write_json(
  list(script = "tests/oracle/by_cells.R",
       versions = list(R = as.character(getRversion()),
                       survival = as.character(packageVersion("survival")),
                       metafor = as.character(packageVersion("metafor"))),
       time = together(of_times), ratio = together(of_ratios), quantile = together(of_quantiles)),
  "tests/oracle/by_cells.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
