# The log-rank test and Cox's hazard ratio of lung (package survival): women beside men, the 227 rows
# that have an institution, which is the cluster; also within strata of ph.ecog, and up to a horizon.
#
# Run from the repository: Rscript tests/oracle/hazard_ratio.R
# Writes tests/oracle/hazard_ratio.json.
#
# robust_error is coxph(.., cluster =)'s. The log-rank's clustered error is from its definition (Jung &
# Jeong 2003): residuals of either arm about its own cumulative hazard. "error" has the leverage of clusters taken out: dfbeta of
# either arm summed by institution, over sqrt(1 - the institution's share of the arm's rows). Degrees
# of freedom are those of tests/oracle/restricted_mean.R.

library(survival)
library(jsonlite)

answers <- function(data, tau, strata) {
  data$end <- data$time
  data$ended <- data$status == 2 & data$time <= tau
  data$arm <- as.numeric(data$sex == 2)
  formula <- if (strata) Surv(end, ended) ~ arm + strata(ph.ecog) else Surv(end, ended) ~ arm
  test <- survdiff(formula, data)
  efron <- coxph(formula, data, ties = "efron", cluster = inst, robust = TRUE,
                 control = coxph.control(eps = 1e-12, toler.chol = 1e-13, iter.max = 50))
  by_arm <- function(arm, values) {
    sums <- tapply(values[data$arm == arm], factor(data$inst[data$arm == arm], sort(unique(data$inst))), sum)
    sums[is.na(sums)] <- 0
    as.vector(sums)
  }
  corrected <- function(values) {
    z <- 0
    covariance <- 0
    for (arm in 0:1) {
      share <- by_arm(arm, rep(1, nrow(data))) / sum(data$arm == arm)
      z <- z + by_arm(arm, values) / sqrt(1 - share)
      residual <- diag(1 / sqrt(1 - share)) %*% (diag(length(share)) - share %*% t(rep(1, length(share))))
      covariance <- covariance + sum(share^2) * residual %*% diag(share) %*% t(residual)
    }
    moments <- 3 * sum(z^2)^2 / sum(z^4) - 2
    design <- sum(diag(covariance))^2 / sum(diag(covariance %*% covariance))
    list(error = sqrt(sum(z^2)), df = max(1, min(sum(diag(covariance) > 0) - 1, moments, design)))
  }
  stratum <- if (strata) data$ph.ecog else rep(0, nrow(data))
  added <- sapply(seq_len(nrow(data)), function(i) {
    among <- stratum == stratum[i]
    own <- among & data$arm == data$arm[i]
    other <- among & data$arm != data$arm[i]
    weight <- function(t) sum(other & data$end >= t) / sum(among & data$end >= t)
    met <- data$end[own & data$ended & data$end <= data$end[i]]
    taken <- sum(vapply(met, function(t) weight(t) / sum(own & data$end >= t), 0))
    (if (data$ended[i]) weight(data$end[i]) else 0) - taken
  })
  added <- ifelse(data$arm == 1, added, -added)
  ratio <- corrected(residuals(efron, type = "dfbeta"))
  score <- corrected(added)
  u <- if (strata) sum(test$obs[2, ] - test$exp[2, ]) else test$obs[2] - test$exp[2]
  list(tau = tau,
       observed = if (strata) sum(test$obs[2, ]) else test$obs[2],
       expected = if (strata) sum(test$exp[2, ]) else test$exp[2],
       variance = test$var[2, 2], chisq = test$chisq,
       log_ratio = unname(coef(efron)), naive_error = sqrt(efron$naive.var[1, 1]),
       robust_error = sqrt(efron$var[1, 1]),
       score_plain = sum(tapply(added, data$inst, sum)^2),
       error = ratio$error, score_error = score$error,
       ratio = exp(unname(coef(efron))),
       low = exp(unname(coef(efron)) - qt(.975, ratio$df) * ratio$error),
       high = exp(unname(coef(efron)) + qt(.975, ratio$df) * ratio$error),
       log_rank_p = 2 * pt(-abs(u) / score$error, score$df))
}

known <- lung[!is.na(lung$inst), ]
# One man alone has a grade of 3: without a woman beside him he is not compared.
graded <- known[!is.na(known$ph.ecog) & known$ph.ecog < 3, ]
# Weeks: many ties, that Breslow and Efron treat differently.
weekly <- known
weekly$time <- ceiling(weekly$time / 28)

write_json(
  list(
    script = "tests/oracle/hazard_ratio.R",
    versions = list(R = as.character(getRversion()),
                    survival = as.character(packageVersion("survival"))),
    all = answers(known, 1100, FALSE),
    to_365 = answers(known, 365, FALSE),
    tied = answers(weekly, 1100, FALSE),
    strata = answers(graded, 1100, TRUE),
    strata_to_365 = answers(graded, 365, TRUE)),
  "tests/oracle/hazard_ratio.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
