# Restricted means of lung (package survival), clustered by institution (the 227 rows that have one).
#
# Run from the repository: Rscript tests/oracle/restricted_mean.R
# Writes tests/oracle/restricted_mean.json.
#
# residuals(survfit(..), times = tau, type = "rmst") are the influences of the rows; summed by
# cluster and squared they give the clustered variance. summary(survfit(.., cluster =)) prints the
# unclustered error and is no oracle for it. No factor: "plain" is sum phi^2; with G/(G-1):
# "clustered".

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
  list(mean = unname(summary(fit, rmean = tau)$table["rmean"]),
       unclustered = sqrt(sum(phi^2)), by = as.vector(by))
}

two_arms <- function(tau, weighted = FALSE) {
  men <- sums(known[known$sex == 1, ], tau, weighted)
  women <- sums(known[known$sex == 2, ], tau, weighted)
  factor <- count / (count - 1)
  list(tau = tau,
       mean_women = women$mean, mean_men = men$mean,
       difference = women$mean - men$mean,
       difference_error = sqrt(factor * sum((women$by - men$by)^2)),
       log_ratio = log(women$mean) - log(men$mean),
       log_ratio_error = sqrt(factor * sum((women$by / women$mean - men$by / men$mean)^2)))
}

one <- sums(known, 500)
heavy <- sums(known, 500, weighted = TRUE)
write_json(
  list(
    script = "tests/oracle/restricted_mean.R",
    versions = list(R = as.character(getRversion()),
                    survival = as.character(packageVersion("survival"))),
    clusters = count,
    all_500 = list(mean = one$mean, unclustered = one$unclustered,
                   plain = sqrt(sum(one$by^2)),
                   clustered = sqrt(count / (count - 1) * sum(one$by^2))),
    weighted_500 = list(mean = heavy$mean, plain = sqrt(sum(heavy$by^2))),
    two_arms_500 = two_arms(500),
    two_arms_365 = two_arms(365),
    two_arms_weighted_500 = two_arms(500, TRUE)),
  "tests/oracle/restricted_mean.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
