# Errors of comparisons within strata on lung (package survival, the rows with an institution), which is
# the cluster: restricted means, Cox's ratio and the log-rank sum.
#
# Run from the repository: Rscript tests/oracle/stratified.R
# Writes tests/oracle/stratified.json: the rows that go in, and what comes out.
#
# Restricted means: influences are residuals(survfit(.., weights), type = "rmst") of either arm's curve,
# items of the first arm weighted to the mix of the second. The ratio's are dfbeta; the log-rank's are
# residuals about the own rate of arm and stratum (tests/oracle/hazard_ratio.R). Errors and degrees of
# freedom are those of include/assay/stratified.h with whole matrices. pairs also has t.test's.

library(survival)
library(jsonlite)

known <- lung[!is.na(lung$inst), ]
known$inst <- match(known$inst, sort(unique(known$inst)))
known$event <- known$status == 2

# Institutions in groups of six, five and so on, each in one arm, by turns.
known$group <- c(1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5)[known$inst]
known$turn <- c(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0)[known$inst]
known$pair <- ceiling(known$inst / 2)
known$side <- known$inst %% 2
known$woman <- as.numeric(known$sex == 2)

# Sums by stratum, cluster and arm.
sums_of <- function(data, stratum, arm, weight, phi) {
  rows <- aggregate(data.frame(items = weight, influence = phi),
                    list(cluster = data$inst, stratum = stratum, arm = arm), sum)
  rows[order(rows$stratum, rows$cluster, rows$arm), ]
}

components <- function(rows) {
  group <- rows$stratum
  repeat {
    before <- group
    group <- ave(group, rows$cluster, FUN = min)
    group <- ave(group, rows$stratum, FUN = min)
    if (all(group == before)) return(group)
  }
}

# weight and value by stratum, in the order of the strata's numbers; value NULL: from the influences
judged <- function(rows, weight, value, join) {
  strata <- sort(unique(rows$stratum))
  if (join) {
    group <- components(rows)
    by <- group[match(strata, rows$stratum)]
    weight <- tapply(weight, by, sum)
    if (!is.null(value)) value <- tapply(value, by, sum)
    rows$stratum <- group
    strata <- sort(unique(group))
  }
  weight <- as.vector(weight / sum(weight))
  sign <- 2 * rows$arm - 1
  if (is.null(value)) value <- as.vector(tapply(sign * rows$influence, factor(rows$stratum, strata), sum))
  value <- as.vector(value)
  clusters <- sort(unique(rows$cluster))
  z <- setNames(numeric(length(clusters)), clusters)
  alone <- rep(FALSE, length(strata))
  variance <- trace <- square <- sums <- freedom <- NULL
  for (k in seq_along(strata)) {
    here <- rows[rows$stratum == strata[k], ]
    counts <- sapply(0:1, function(a) length(unique(here$cluster[here$arm == a])))
    names <- sort(unique(here$cluster))
    alone[k] <- min(counts) < 2
    covariance <- matrix(0, length(names), length(names))
    added <- numeric(length(names))
    total <- 0
    for (a in 0:1) {
      of_arm <- function(x) { s <- tapply(x[here$arm == a], factor(here$cluster[here$arm == a], names), sum); s[is.na(s)] <- 0; as.vector(s) }
      w <- of_arm(here$items) / sum(of_arm(here$items))
      total <- total + sum(w^2)
      if (alone[k]) next
      maker <- diag(1 / sqrt(1 - w)) %*% (diag(length(w)) - w %*% t(rep(1, length(w))))
      added <- added + (2 * a - 1) * as.vector(maker %*% of_arm(here$influence))
      covariance <- covariance + weight[k]^2 * sum(w^2) * maker %*% diag(w) %*% t(maker)
    }
    variance[k] <- weight[k]^2 * total
    if (alone[k]) next
    z[as.character(names)] <- z[as.character(names)] + added
    trace <- c(trace, sum(diag(covariance)))
    square <- c(square, sum(covariance^2))
    sums <- c(sums, sum(added^2))
    freedom <- c(freedom, length(names) - (if (sum(counts) == length(names)) 2 else 1))
  }
  z <- z[!clusters %in% rows$cluster[rows$stratum %in% strata[alone]]]
  if (any(alone)) {
    own <- ((value - weight * sum(value)) / sqrt(1 - weight))[alone]
    z <- c(z, own)
    root <- sqrt(variance * weight / (1 - weight))[alone]
    covariance <- -root %*% t(root)
    diag(covariance) <- variance[alone]
    trace <- c(trace, sum(diag(covariance)))
    square <- c(square, sum(covariance^2))
    sums <- c(sums, own^2)
    freedom <- c(freedom, rep(1, sum(alone)))
  }
  list(error = sqrt(sum(z^2)),
       df = max(1, min(length(z) - 1, 3 * sum(z^2)^2 / sum(z^4) - 2,
                       sum(sums)^2 / sum(sums^2 / (freedom + 2)) - 2, sum(trace)^2 / sum(square))))
}

case <- function(rows, weight, value, join, scale = c(1, 1), estimate) {
  scaled <- rows
  scaled$influence <- rows$influence * scale[rows$arm + 1]
  answer <- judged(scaled, weight, value, join)
  number <- function(x) match(x, sort(unique(x))) - 1
  c(list(stratum = number(rows$stratum), cluster = number(rows$cluster), arm = rows$arm, items = rows$items,
         influence = rows$influence, weight = as.vector(weight),
         value = if (is.null(value)) list() else as.vector(value),
         join = join, scale = scale, estimate = estimate), answer,
    list(low = estimate - qt(.975, answer$df) * answer$error,
         high = estimate + qt(.975, answer$df) * answer$error,
         p = 2 * pt(-abs(estimate) / answer$error, answer$df)))
}

means <- function(stratum, arm, tau) {
  data <- known[ave(arm, stratum, FUN = min) < ave(arm, stratum, FUN = max), ]
  keep <- ave(arm, stratum, FUN = min) < ave(arm, stratum, FUN = max)
  stratum <- stratum[keep]; arm <- arm[keep]
  ones <- ave(arm, stratum, FUN = sum)
  weight <- ifelse(arm == 1, 1, ones / ave(1 - arm, stratum, FUN = sum))
  phi <- numeric(nrow(data))
  mean <- numeric(2)
  for (a in 0:1) {
    current <<- cbind(data, w = weight)[arm == a, ]
    fit <- survfit(Surv(time, status) ~ 1, current, weights = w)
    phi[arm == a] <- as.vector(residuals(fit, times = tau, type = "rmst", weighted = TRUE))
    mean[a + 1] <- unname(summary(fit, rmean = tau)$table["rmean"])
  }
  case(sums_of(data, stratum, arm, weight, phi), as.vector(tapply(arm, stratum, sum)), NULL, TRUE, 1 / mean,
       log(mean[2] / mean[1]))
}

hazards <- function(stratum, arm, tau, among = TRUE) {
  keep <- ave(arm, stratum, FUN = min) < ave(arm, stratum, FUN = max) & among
  data <- known[keep, ]; stratum <- stratum[keep]; arm <- arm[keep]
  ended <- data$event & data$time <= tau
  time <- data$time
  current <<- data.frame(time, ended, arm, stratum)
  fit <- coxph(Surv(time, ended) ~ arm + strata(stratum), current, ties = "efron",
               control = coxph.control(eps = 1e-12, toler.chol = 1e-13, iter.max = 50))
  each <- lapply(sort(unique(stratum)), function(s) survdiff(Surv(time, ended) ~ arm, current[stratum == s, ]))
  weight <- sapply(each, function(x) x$var[2, 2])
  value <- sapply(each, function(x) x$obs[2] - x$exp[2])
  added <- sapply(seq_along(time), function(i) {
    among <- stratum == stratum[i]
    own <- among & arm == arm[i]
    other <- among & arm != arm[i]
    share <- function(t) sum(other & time >= t) / sum(among & time >= t)
    met <- time[own & ended & time <= time[i]]
    (if (ended[i]) share(time[i]) else 0) - sum(vapply(met, function(t) share(t) / sum(own & time >= t), 0))
  })
  one <- rep(1, length(time))
  list(ratio = case(sums_of(data, stratum, arm, one, (2 * arm - 1) * residuals(fit, type = "dfbeta")), weight,
                    NULL, FALSE, estimate = unname(coef(fit))),
       log_rank = case(sums_of(data, stratum, arm, one, added), weight, value, FALSE, estimate = sum(value)))
}

# One number per person, pairs of one weight: the paired t.
differences <- c(1.5, -.25, 2, .75, -1, .5, 3.25, .125)
levels <- seq_along(differences)^1.5
outcome <- c(rbind(levels, levels + differences))
pairs <- data.frame(cluster = 1:16, stratum = rep(1:8, each = 2), arm = rep(0:1, 8), items = 1,
                    influence = (outcome - rep(tapply(outcome, rep(0:1, 8), mean), 8)) / 8)
paired <- case(pairs, rep(1, 8), NULL, TRUE, estimate = mean(differences))
test <- t.test(differences)
paired$t_test <- list(error = unname(test$stderr), df = unname(test$parameter))

cases <- list(
  paired = paired,
  turns_means = means(known$group, known$turn, 365),
  pairs_means = means(known$pair, known$side, 365),
  women_means = means(known$group, known$woman, 365))
ecog <- ifelse(is.na(known$ph.ecog), 9, known$ph.ecog)
cases$tied_means <- means(ecog, known$woman, 365)
for (which in list(list("turns", known$group, known$turn), list("pairs", known$pair, known$side),
                   list("women", known$group, known$woman), list("tied", ecog, known$woman))) {
  # One man alone has a grade of 3, and the grade of one is not known.
  found <- hazards(which[[2]], which[[3]], 365, which[[1]] != "tied" | ecog < 3)
  cases[[paste0(which[[1]], "_ratio")]] <- found$ratio
  cases[[paste0(which[[1]], "_log_rank")]] <- found$log_rank
}
for (name in names(cases)) cat(name, cases[[name]]$estimate, cases[[name]]$error, cases[[name]]$df, "\n")
write_json(list(script = "tests/oracle/stratified.R",
                versions = list(R = as.character(getRversion()), survival = as.character(packageVersion("survival"))),
                cases = cases),
           "tests/oracle/stratified.json", auto_unbox = TRUE, digits = I(16), pretty = FALSE)
