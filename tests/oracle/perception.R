# What METR's developers expected of AI, item by item: the mean of ln(with / without), and the ratio
# of the sums. Errors by developer.
#
# geometric   estimate and CR2 error by clubSandwich on lm(ln ratio ~ 1); its Satterthwaite degrees of
#             freedom
# totals      estimate; influences on the log of the ratio written out, A_g / A - P_g / P
#
# low and high: t with the least of G - 1, 3 (sum z^2)^2 / sum z^4 - 2 and Satterthwaite's, where z_g
# is the influence over sqrt(1 - share of the weight).
#
# Public data stay where they are (ASSAY_SHARED_DATA or ../shared/data); only answers are written.
# Run from the repository: Rscript tests/oracle/perception.R. Writes tests/oracle/perception.json.

suppressMessages({
  library(clubSandwich)
  library(jsonlite)
})

folder <- Sys.getenv("ASSAY_SHARED_DATA", "../shared/data")
d <- read.csv(file.path(folder, "metr", "data.csv"))
with <- d$predicted_time_ai_allowed
without <- d$predicted_time_no_ai

interval <- function(value, z, design_df) {
  g <- length(z)
  df <- min(g - 1, 3 * sum(z^2)^2 / sum(z^4) - 2, design_df)
  half <- qt(0.975, df) * sqrt(sum(z^2))
  list(effect = exp(value) - 1, error = sqrt(sum(z^2)), df = df,
       low = exp(value - half) - 1, high = exp(value + half) - 1)
}

# Satterthwaite of a weighted mean by explicit matrices: errors of the clusters independent, of
# variance as their weights.
mean_df <- function(share) {
  g <- length(share)
  B <- matrix(-share, g, g, byrow = FALSE) + diag(g) # residual totals of independent cluster totals
  S <- B %*% diag(share) %*% t(B)
  W <- diag(1 / (1 - share))
  M <- W %*% S
  sum(diag(M))^2 / sum(M * t(M))
}

logs <- log(with / without)
fit <- lm(logs ~ 1)
robust <- coef_test(fit, vcov = "CR2", cluster = d$dev_id)
n <- tapply(rep(1, nrow(d)), d$dev_id, sum)
z <- tapply(logs - mean(logs), d$dev_id, sum) / nrow(d) / sqrt(1 - n / nrow(d))
stopifnot(abs(sqrt(sum(z^2)) - robust$SE) < 1e-12)
geometric <- interval(mean(logs), z, robust$df_Satt)

A <- tapply(with, d$dev_id, sum)
P <- tapply(without, d$dev_id, sum)
share <- P / sum(P)
z <- (A / sum(A) - share) / sqrt(1 - share)
totals <- interval(log(sum(A) / sum(P)), z, mean_df(share))

write_json(
  list(
    made_by = list(R = R.version.string,
                   clubSandwich = as.character(packageVersion("clubSandwich"))),
    # Thread of METR, 2025-07-10, and abstract of arXiv:2507.09089: 24 % less, said at the beginning;
    # 20 % less, said after the study. The second is no column of the data.
    published = list(expected = -0.24, said = -0.20),
    geometric = c(geometric, list(clubSandwich_df = robust$df_Satt,
                                  mean_df = mean_df(n / sum(n)))),
    totals = totals
  ),
  "tests/oracle/perception.json", auto_unbox = TRUE, digits = NA, pretty = TRUE
)
