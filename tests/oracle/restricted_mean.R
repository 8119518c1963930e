# Restricted means of lung (package survival), clustered by institution (the 227 rows that have one).
#
# Run from the repository: Rscript tests/oracle/restricted_mean.R
# Writes tests/oracle/restricted_mean.json.
#
# residuals(survfit(..), times = tau, type = "rmst") are the influences of the rows; summed by
# cluster they give the clustered variance. summary(survfit(.., cluster =)) prints the unclustered
# error and is no oracle for it. "plain" is sum phi^2, without a factor; the errors of arms divide
# each phi by sqrt(1 - its cluster's share of the arm's weight). The degrees of freedom come from the
# whole covariance matrix of what is squared: of clusters that are independent, with variances as
# their shares, arm a's influences are (I - w_a 1') x, Var(x) = s_a diag(w_a).

library(survival)
library(jsonlite)

known <- lung[!is.na(lung$inst), ]
known$w <- 0.5 + (known$age %% 7) / 4
count <- length(unique(known$inst))

# Influence sums by institution, in the order of all, 0 where an arm has no row of it.
sums <- function(data, tau, weighted = FALSE) {
  all <- sort(unique(known$inst))
  current <<- data # residuals() looks the data up again by name, from outside this function
  fit <- if (weighted) survfit(Surv(time, status) ~ 1, current, weights = w)
         else survfit(Surv(time, status) ~ 1, current)
  phi <- as.vector(residuals(fit, times = tau, type = "rmst", weighted = weighted))
  by <- tapply(phi, factor(data$inst, all), sum)
  by[is.na(by)] <- 0
  weight <- tapply(if (weighted) data$w else rep(1, nrow(data)), factor(data$inst, all), sum)
  weight[is.na(weight)] <- 0
  list(mean = unname(summary(fit, rmean = tau)$table["rmean"]),
       unclustered = sqrt(sum(phi^2)), by = as.vector(by), share = as.vector(weight / sum(weight)))
}

# Covariance of the corrected influences of an arm.
working <- function(share) {
  residual <- diag(1 / sqrt(1 - share)) %*% (diag(count) - share %*% t(rep(1, count)))
  sum(share^2) * residual %*% diag(share) %*% t(residual)
}

# z, and the covariance that its clusters would have: the error and the degrees of freedom.
error_of <- function(z, covariance) {
  moments <- 3 * sum(z^2)^2 / sum(z^4) - 2
  design <- sum(diag(covariance))^2 / sum(diag(covariance %*% covariance))
  list(error = sqrt(sum(z^2)), df = max(1, min(sum(diag(covariance) > 0) - 1, moments, design)))
}

corrected <- function(arm, scale = 1) arm$by / scale / sqrt(1 - arm$share)

two_arms <- function(rows_1, rows_0, tau, weighted = FALSE) {
  one <- sums(rows_1, tau, weighted)
  other <- sums(rows_0, tau, weighted)
  covariance <- working(one$share) + working(other$share)
  difference <- error_of(corrected(one) - corrected(other), covariance)
  ratio <- error_of(corrected(one, one$mean) - corrected(other, other$mean), covariance)
  list(tau = tau,
       mean_1 = one$mean, mean_0 = other$mean,
       difference = one$mean - other$mean,
       difference_error = difference$error, difference_df = difference$df,
       log_ratio = log(one$mean) - log(other$mean),
       log_ratio_error = ratio$error, log_ratio_df = ratio$df)
}

# Women against men, whom institutions share; and institutions above 20 (5 of 18) against the others.
women <- known[known$sex == 2, ]
men <- known[known$sex == 1, ]
above <- known[known$inst > 20, ]
below <- known[known$inst <= 20, ]

one_arm <- function(arm) {
  judged <- error_of(corrected(arm), working(arm$share))
  list(mean = arm$mean, unclustered = arm$unclustered, plain = sqrt(sum(arm$by^2)),
       clustered = judged$error, df = judged$df)
}

one <- sums(known, 500)
heavy <- sums(known, 500, weighted = TRUE)
write_json(
  list(
    script = "tests/oracle/restricted_mean.R",
    versions = list(R = as.character(getRversion()),
                    survival = as.character(packageVersion("survival"))),
    clusters = count,
    all_500 = one_arm(one),
    weighted_500 = one_arm(heavy),
    two_arms_500 = two_arms(women, men, 500),
    two_arms_365 = two_arms(women, men, 365),
    two_arms_weighted_500 = two_arms(women, men, 500, TRUE),
    by_institution_500 = two_arms(above, below, 500),
    by_institution_weighted_500 = two_arms(above, below, 500, TRUE)),
  "tests/oracle/restricted_mean.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
