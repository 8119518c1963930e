# Clustered errors of two generated sets, by clubSandwich and sandwich.
#
# constant_covariate  size is the same in all rows of a cluster; treatment varies inside
# lone_row            one cluster has a single row, another has treated rows only
#
# Run from the repository: Rscript tests/oracle/cr2.R
# Writes tests/oracle/cr2.json: the data, and per coefficient the errors and degrees of freedom.

library(clubSandwich)
library(sandwich)
library(jsonlite)

RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20261124)

generate <- function(sizes, rule) {
  cluster <- rep(seq_along(sizes), sizes)
  n <- length(cluster)
  treated <- rule(cluster, rbinom(n, 1, 0.4))
  size <- round(rnorm(length(sizes), 7, 2), 3)[cluster]
  taste <- rnorm(length(sizes), 0, 0.8)[cluster]
  y <- round(3 + 0.5 * treated + 0.2 * size + taste + rnorm(n), 6)
  data.frame(cluster, treated, size, y)
}

answers <- function(data, formula) {
  fit <- lm(formula, data)
  by <- data$cluster
  cr2 <- vcovCR(fit, cluster = by, type = "CR2")
  tested <- coef_test(fit, vcov = cr2, test = "Satterthwaite")
  interval <- conf_int(fit, vcov = cr2, test = "Satterthwaite")
  contrast <- linear_contrast(fit, vcov = cr2, contrasts = matrix(c(0, 1, -2), 1),
                              test = "Satterthwaite")
  list(
    formula = deparse(formula),
    coefficient = unname(coef(fit)),
    classical = unname(sqrt(diag(vcov(fit)))),
    HC0 = unname(sqrt(diag(vcovHC(fit, "HC0")))),
    HC1 = unname(sqrt(diag(vcovHC(fit, "HC1")))),
    HC2 = unname(sqrt(diag(vcovHC(fit, "HC2")))),
    HC3 = unname(sqrt(diag(vcovHC(fit, "HC3")))),
    CR0 = unname(sqrt(diag(as.matrix(vcovCR(fit, cluster = by, type = "CR0"))))),
    CR1 = unname(sqrt(diag(as.matrix(vcovCR(fit, cluster = by, type = "CR1S"))))),
    CR2 = tested$SE,
    CR2_df = tested$df_Satt,
    CR2_p = tested$p_Satt,
    CR2_low = interval$CI_L,
    CR2_high = interval$CI_U,
    contrast = list(estimate = contrast$Est, error = contrast$SE, df = contrast$df,
                    low = contrast$CI_L, high = contrast$CI_U)
  )
}

sets <- list(
  constant_covariate = generate(c(4, 9, 2, 7, 12, 3, 5, 8), function(cluster, arm) arm),
  lone_row = generate(c(1, 6, 5, 3, 8, 2, 4),
                      function(cluster, arm) ifelse(cluster == 3, 1, arm))
)

write_json(
  list(
    script = "tests/oracle/cr2.R",
    versions = list(R = as.character(getRversion()),
                    clubSandwich = as.character(packageVersion("clubSandwich")),
                    sandwich = as.character(packageVersion("sandwich"))),
    sets = lapply(sets, function(data) list(
      data = as.list(data),
      answers = answers(data, y ~ treated + size)))
  ),
  "tests/oracle/cr2.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
