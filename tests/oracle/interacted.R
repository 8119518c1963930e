# Differences of two arms with slopes of each arm's own (Lin 2013), by estimatr::lm_lin.
#
# within        generated: the arm varies inside clusters; one covariate lies far from 0
# apart         generated: whole clusters are in one arm
# metr          ln(total time) ~ arm, adjusted for ln(predicted time), clusters: developers
# lalonde       re78 ~ treat, adjusted for all others (race as two dummies); no clusters
#
# HC2 and CR2 with their degrees of freedom are estimatr's; the other kinds are those of sandwich and
# clubSandwich on the same regression written out, which is stopped at if its coefficient, HC2 or CR2
# differ from estimatr's.
#
# Public data stay where they are (ASSAY_SHARED_DATA or ../shared/data); only answers are written.
# Run from the repository: Rscript tests/oracle/interacted.R
# Writes tests/oracle/interacted.json.

suppressMessages({
  library(clubSandwich)
  library(estimatr)
  library(sandwich)
  library(jsonlite)
})

RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20261126)
folder <- Sys.getenv("ASSAY_SHARED_DATA", "../shared/data")
set <- function(name) read.csv(file.path(folder, name, "data.csv"))

same <- function(a, b) stopifnot(abs(a / b - 1) < 1e-8)

answers <- function(data, covariates, clustered) {
  right <- as.formula(paste("~", paste(covariates, collapse = " + ")))
  hc2 <- lm_lin(y ~ arm, right, data = data, se_type = "HC2")
  centred <- scale(as.matrix(data[covariates]), scale = FALSE)
  fit <- lm(data$y ~ data$arm + centred + data$arm:centred)
  same(coef(fit)[2], coef(hc2)["arm"])
  hc <- sapply(c("HC0", "HC1", "HC2", "HC3"), function(type) sqrt(vcovHC(fit, type)[2, 2]),
               simplify = FALSE)
  same(hc$HC2, hc2$std.error["arm"])
  out <- c(list(effect = unname(coef(hc2)["arm"]), rows = nrow(data),
                baseline = unname(coef(hc2)["(Intercept)"]),
                HC2_error = unname(hc2$std.error["arm"]), HC2_df = unname(hc2$df["arm"]),
                classical = sqrt(vcov(fit)[2, 2])), hc)
  if (!clustered) return(out)
  by <- data$cluster
  cr2 <- lm_lin(y ~ arm, right, data = data, clusters = cluster, se_type = "CR2")
  cr <- function(type) sqrt(vcovCR(fit, cluster = by, type = type)[2, 2])
  same(cr("CR2"), cr2$std.error["arm"])
  c(out, list(clusters = length(unique(by)), CR0 = cr("CR0"), CR1 = cr("CR1S"), CR3 = cr("CR3"),
              CR2 = unname(cr2$std.error["arm"]), CR2_df = unname(cr2$df["arm"]),
              CR2_p = unname(cr2$p.value["arm"]), CR2_low = unname(cr2$conf.low["arm"]),
              CR2_high = unname(cr2$conf.high["arm"]),
              baseline_CR2 = unname(cr2$std.error["(Intercept)"])))
}

generate <- function(sizes, arm) {
  cluster <- rep(seq_along(sizes), sizes)
  n <- length(cluster)
  arm <- arm(cluster, n)
  size <- round(rnorm(n, 5000, 30), 3)
  skill <- round(rnorm(length(sizes)), 4)[cluster] + round(rnorm(n, 0, 0.3), 4)
  y <- round(4 + 0.6 * arm + 0.02 * (size - 5000) + 0.5 * skill +
             arm * (0.03 * (size - 5000) - 0.4 * skill) +
             rnorm(length(sizes), 0, 0.5)[cluster] + rnorm(n), 6)
  data.frame(cluster, arm, size, skill, y)
}
within <- generate(c(4, 9, 2, 7, 12, 3, 5, 8, 6, 4, 10, 5), function(cluster, n) rbinom(n, 1, 0.4))
apart <- generate(c(5, 9, 3, 7, 12, 4, 5, 8, 6, 4, 10, 5, 7, 6),
                  function(cluster, n) as.numeric(cluster %% 2 == 0))

metr <- set("metr")
review <- metr$post_review_implementation_time
metr <- data.frame(
  cluster = metr$dev_id, arm = metr$ai_treatment, predicted = log(metr$predicted_time_no_ai),
  y = log(metr$initial_implementation_time +
          ifelse(is.na(review), ave(review, metr$ai_treatment,
                                    FUN = function(x) mean(x, na.rm = TRUE)), review)))

lalonde <- set("lalonde")
lalonde <- transform(lalonde, arm = treat, y = re78, hispan = as.numeric(race == "hispan"),
                     white = as.numeric(race == "white"))
of_lalonde <- c("age", "educ", "hispan", "white", "married", "nodegree", "re74", "re75")

write_json(
  list(script = "tests/oracle/interacted.R",
       versions = list(R = as.character(getRversion()),
                       estimatr = as.character(packageVersion("estimatr")),
                       clubSandwich = as.character(packageVersion("clubSandwich")),
                       sandwich = as.character(packageVersion("sandwich"))),
       within = list(data = as.list(within),
                     answers = answers(within, c("size", "skill"), TRUE)),
       apart = list(data = as.list(apart), answers = answers(apart, c("size", "skill"), TRUE)),
       metr = list(answers = answers(metr, "predicted", TRUE)),
       lalonde = list(answers = answers(lalonde, of_lalonde, FALSE))),
  "tests/oracle/interacted.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
