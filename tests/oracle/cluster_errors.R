# Errors of regressions by sandwich and clubSandwich, every kind, every coefficient.
#
# metr          ln(total time) ~ arm + ln(predicted time), clusters: developers
# petersen      y ~ x, clusters: firms; and two-way by firms and years
# sleepstudy    Reaction ~ Days, clusters: subjects
# jel_did       rate ~ treat * post in 2013 and 2014, weighted by population, clusters: states
# weighted      generated: analytic weights that differ inside clusters; with its data
# crossed       generated: two-way clusters whose difference of variances is not positive
#               semi-definite; with its data
#
# Public data stay where they are (ASSAY_SHARED_DATA or ../shared/data); only answers are written.
# Run from the repository: Rscript tests/oracle/cluster_errors.R
# Writes tests/oracle/cluster_errors.json.

suppressMessages({
  library(clubSandwich)
  library(sandwich)
  library(jsonlite)
})

RNGkind("Mersenne-Twister", "Inversion", "Rejection")
folder <- Sys.getenv("ASSAY_SHARED_DATA", "../shared/data")
set <- function(name) read.csv(file.path(folder, name, "data.csv"))
errors <- function(v) unname(sqrt(diag(as.matrix(v))))

answers <- function(fit, cluster) {
  tested <- function(type) {
    v <- vcovCR(fit, cluster = cluster, type = type)
    t <- coef_test(fit, vcov = v, test = "Satterthwaite")
    interval <- conf_int(fit, vcov = v, test = "Satterthwaite")
    list(error = t$SE, df = t$df_Satt, p = t$p_Satt, low = interval$CI_L, high = interval$CI_U)
  }
  c(list(formula = deparse(formula(fit)),
         clusters = length(unique(cluster)),
         coefficient = unname(coef(fit)),
         classical = errors(vcov(fit))),
    sapply(c("HC0", "HC1", "HC2", "HC3"), function(type) errors(vcovHC(fit, type)),
           simplify = FALSE),
    list(CR0 = errors(vcovCR(fit, cluster = cluster, type = "CR0")),
         CR1 = errors(vcovCR(fit, cluster = cluster, type = "CR1S")),
         CR2 = tested("CR2"),
         CR3 = tested("CR3")))
}

# Two-way: Cameron, Gelbach & Miller (2011). CR0: no factors. CR1: each of the three terms with its
# own G/(G-1) and with (N-1)/(N-P). fixed: eigenvalues below 0 set to 0.
two_way <- function(fit, first, second) {
  by <- data.frame(first, second)
  one <- function(type, adjust, fix) unname(vcovCL(fit, by, type = type, cadjust = adjust, fix = fix))
  list(CR0 = one("HC0", FALSE, FALSE), CR1 = one("HC1", TRUE, FALSE),
       CR0_fixed = one("HC0", FALSE, TRUE), CR1_fixed = one("HC1", TRUE, TRUE),
       smallest_eigenvalue_CR1 = min(eigen(one("HC1", TRUE, FALSE))$values))
}

metr <- set("metr")
review <- metr$post_review_implementation_time
metr$total <- log(metr$initial_implementation_time +
                  ifelse(is.na(review), ave(review, metr$ai_treatment,
                                            FUN = function(x) mean(x, na.rm = TRUE)), review))
metr$predicted <- log(metr$predicted_time_no_ai)
metr_fit <- lm(total ~ ai_treatment + predicted, metr)

petersen <- set("petersen")
petersen_fit <- lm(y ~ x, petersen)

sleep <- set("sleepstudy")
sleep_fit <- lm(Reaction ~ Days, sleep)

jel <- set("jel_did")
before <- jel[jel$year == 2013, ]
after <- jel[jel$year == 2014, ]
stopifnot(before$fips == after$fips)
long <- rbind(transform(before, post = 0), transform(after, post = 1))
long$w <- c(before$pop, before$pop)
long$both <- long$treat * long$post
jel_fit <- lm(rate ~ treat + post + both, long, weights = w)
jel_scaled <- with(long, data.frame(one = 1, treat, post, both, rate) * sqrt(w))
jel_inverse <- coef_test(lm(rate ~ 0 + one + treat + post + both, jel_scaled), vcov = "CR2",
                         cluster = long$state, test = "Satterthwaite")

set.seed(20261125)
sizes <- c(5, 9, 3, 7, 11, 4, 6, 8, 2)
weighted <- data.frame(cluster = rep(seq_along(sizes), sizes))
n <- nrow(weighted)
weighted$treated <- rbinom(n, 1, 0.45)
weighted$size <- round(rnorm(n, 4, 1.5), 3)
weighted$weight <- round(exp(rnorm(n, 0, 0.9)), 4)
weighted$y <- round(2 + 0.6 * weighted$treated - 0.3 * weighted$size +
                    rnorm(length(sizes), 0, 0.7)[weighted$cluster] + rnorm(n), 6)
weighted_fit <- lm(y ~ treated + size, weighted, weights = weight)
# Under errors whose variance is the inverse of the weight: the rows times sqrt(weight). (vcovCR with
# target = 1 / weight takes another square root of the same matrix and differs in the third digit.)
scaled <- with(weighted, data.frame(one = 1, treated, size, y) * sqrt(weight))
scaled_fit <- lm(y ~ 0 + one + treated + size, scaled)
inverse_test <- coef_test(scaled_fit, vcov = "CR2", cluster = weighted$cluster,
                          test = "Satterthwaite")

# Two-way sums that are not a variance: few clusters both ways, and errors inside the cells that
# both ways share. The first seed that shows it.
for (seed in 1:1000) {
  set.seed(seed)
  crossed <- expand.grid(item = 1:3, row = 1:4, column = 1:3)
  crossed$x <- round(rnorm(nrow(crossed)), 3)
  crossed$z <- round(rnorm(nrow(crossed)), 3)
  cell <- rnorm(12)[interaction(crossed$row, crossed$column, drop = TRUE)]
  crossed$y <- round(1 + 0.5 * crossed$x + cell + 0.3 * rnorm(nrow(crossed)), 6)
  crossed_fit <- lm(y ~ x + z, crossed)
  v <- vcovCL(crossed_fit, crossed[c("row", "column")], fix = FALSE)
  if (min(eigen(v)$values) < -0.05 * max(eigen(v)$values) && all(diag(v) > 0)) break
}

write_json(
  list(
    script = "tests/oracle/cluster_errors.R",
    versions = list(R = as.character(getRversion()),
                    clubSandwich = as.character(packageVersion("clubSandwich")),
                    sandwich = as.character(packageVersion("sandwich"))),
    metr = answers(metr_fit, metr$dev_id),
    petersen = c(answers(petersen_fit, petersen$firm),
                 list(two_way = two_way(petersen_fit, petersen$firm, petersen$year))),
    sleepstudy = answers(sleep_fit, sleep$Subject),
    jel_did = c(answers(jel_fit, long$state),
                list(CR2_inverse = list(error = jel_inverse$SE, df = jel_inverse$df_Satt))),
    weighted = c(list(data = as.list(weighted)), answers(weighted_fit, weighted$cluster),
                 list(CR2_inverse = list(error = inverse_test$SE, df = inverse_test$df_Satt))),
    crossed = list(seed = seed, data = as.list(crossed[c("row", "column", "x", "z", "y")]),
                   two_way = two_way(crossed_fit, crossed$row, crossed$column))
  ),
  "tests/oracle/cluster_errors.json", auto_unbox = TRUE, digits = I(16), pretty = FALSE)
cat("\n", file = "tests/oracle/cluster_errors.json", append = TRUE)
