# Effects of arms that were drawn within strata, by least squares with a dummy per stratum.
#
# rows       24 workers of 6 teams with 6 to 15 items each, of three roles that cross workers, and
#            the outcome of each draw
# by_item    arms drawn item by item
# by_worker  arms drawn worker by worker within teams
#
# More strata than dummies are made of:
#
# pairs      36 pairs of workers, one of each drawn, who differ more between pairs than within;
#            y_one is of one item each (its answer is the paired t), y_many of 1 to 8
# many       400 items of 30 workers in 45 strata that cross them, some of one arm or one worker
#
# Errors by worker: CR2 with Satterthwaite's degrees of freedom (clubSandwich), CR1 (sandwich).
# "centred" is the trap: CR2 of a fit on columns that were centred within strata that cross workers.
# Run from the repository: Rscript tests/oracle/strata.R
# Writes tests/oracle/strata.json.

suppressMessages({
  library(clubSandwich)
  library(sandwich)
  library(jsonlite)
})

RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20261127)
sizes <- 6 + (seq_len(24) * 7) %% 10
worker <- rep(seq_len(24), sizes)
n <- length(worker)
team <- (worker - 1) %/% 4 + 1
role <- sample(3, n, replace = TRUE)
by_item <- as.integer(runif(n) < 0.5)
drawn <- unlist(lapply(seq_len(6), function(t) sample(c(0, 0, 1, 1))))
by_worker <- as.integer(drawn[worker])
own <- rnorm(24, 0, 0.5)[worker]
base <- c(-2, 0.5, 3)[role] + c(-1, 4, 0, 2, -3, 1)[team] + own + rnorm(n)
rows <- data.frame(worker, team, role, by_item, by_worker,
                   y_item = round(base + 0.4 * by_item, 4), y_worker = round(base + 0.4 * by_worker, 4))

answer <- function(y, arm, stratum) {
  data <- data.frame(y, arm, stratum = factor(stratum), worker = rows$worker)
  fit <- lm(y ~ arm + stratum, data)
  tested <- coef_test(fit, vcov = "CR2", cluster = data$worker, test = "Satterthwaite",
                      coefs = "arm")
  cr1 <- vcovCL(fit, cluster = data$worker, type = "HC1")
  within <- function(x) x - ave(x, data$stratum)
  centred <- lm(y ~ 0 + arm, data.frame(y = within(data$y), arm = within(data$arm)))
  list(effect = tested$beta, CR2 = tested$SE, df = tested$df_Satt,
       CR1 = sqrt(cr1["arm", "arm"]), clusters = length(unique(data$worker)),
       centred = sqrt(vcovCR(centred, cluster = data$worker, type = "CR2")[1, 1]))
}

pair <- rep(seq_len(36), each = 2)
pair_arm <- as.vector(sapply(seq_len(36), function(p) sample(0:1)))
level <- round(rnorm(36, 30, 4)[pair] + rnorm(72) + 0.6 * pair_arm, 4)
held <- 1 + (seq_len(72) * 5) %% 8
pairs <- data.frame(worker = rep(seq_len(72), held), pair = rep(pair, held),
                    arm = rep(pair_arm, held))
pairs$y <- round(rep(level, held) + rnorm(nrow(pairs)), 4)
paired <- t.test(level[order(pair, pair_arm)][c(FALSE, TRUE)],
                 level[order(pair, pair_arm)][c(TRUE, FALSE)], paired = TRUE)

m <- 400
many <- data.frame(worker = sort(sample(30, m, replace = TRUE)), stratum = sample(42, m, TRUE))
many$stratum[many$worker == 3 & seq_len(m) %% 2 == 0] <- 43 # of one worker, in both arms
many$arm <- as.integer(runif(m) < 0.2 + 0.4 * (many$stratum %% 3) / 2)
many$stratum[c(40, 200, 300)] <- c(44, 45, 45)              # of one arm
many$arm[c(40, 200, 300)] <- c(1, 0, 0)
many$y <- round(20 + rnorm(45, 0, 2)[many$stratum] + rnorm(30)[many$worker] + 0.5 * many$arm +
                  rnorm(m), 4)

# All errors of the arm's coefficient, and of the baseline (the mean of arm 0 on the mix of all
# items): CR2 and its covariance. CR3 by leaving out one worker after the other: of a worker who has
# a stratum alone, clubSandwich inverts a matrix that has no inverse. Its degrees of freedom from
# matrices of rows by rows.
errors <- function(worker, stratum, arm, y) {
  both <- ave(arm, stratum, FUN = function(a) length(unique(a))) == 2
  data <- data.frame(worker, stratum = factor(stratum), arm, y)[both, ]
  data$stratum <- droplevels(data$stratum)
  fit <- lm(y ~ arm + stratum, data)
  cluster <- data$worker
  by <- function(type) sqrt(vcovCR(fit, cluster = cluster, type = type)["arm", "arm"])
  df <- function(type) coef_test(fit, vcov = type, cluster = cluster, test = "Satterthwaite",
                                 coefs = "arm")$df_Satt
  zero <- colMeans(model.matrix(fit))
  zero["arm"] <- 0
  v <- as.matrix(vcovCR(fit, cluster = cluster, type = "CR2"))
  share <- coef(fit)["arm"] / sum(zero * coef(fit))
  contrast <- -share * zero
  contrast["arm"] <- 1
  of_share <- linear_contrast(fit, vcov = "CR2", cluster = cluster, contrasts = t(contrast),
                              test = "Satterthwaite")
  without <- sapply(unique(cluster), function(g)
    coef(lm(y ~ arm + stratum, droplevels(data[cluster != g, ])))["arm"])
  x <- model.matrix(fit)
  hat <- x %*% solve(crossprod(x), t(x))
  of_arm <- x %*% solve(crossprod(x))[, "arm"]
  columns <- sapply(unique(cluster), function(g) { # of (I - H) A_g' x_g, 0 elsewhere
    i <- which(cluster == g)
    e <- eigen((hat[i, i] + t(hat[i, i])) / 2)
    f <- ifelse(1 - e$values < 1e-10, 0, 1 / (1 - e$values))
    all <- numeric(nrow(x))
    all[i] <- e$vectors %*% (f * crossprod(e$vectors, of_arm[i]))
    all - hat %*% all
  })
  gram <- crossprod(columns)
  hc <- sapply(paste0("HC", 0:3), function(type) sqrt(vcovHC(fit, type = type)["arm", "arm"]))
  list(effect = coef(fit)[["arm"]], clusters = length(unique(cluster)),
       strata = nlevels(data$stratum), items = nrow(data), r_squared = summary(fit)$r.squared,
       CR0 = by("CR0"), CR1 = by("CR1S"), CR2 = by("CR2"), CR3 = sqrt(sum((without - coef(fit)["arm"])^2)),
       df2 = df("CR2"), df3 = sum(diag(gram))^2 / sum(gram^2), HC = as.list(hc),
       classical = summary(fit)$coefficients["arm", "Std. Error"],
       baseline = sum(zero * coef(fit)), baseline_variance = drop(t(zero) %*% v %*% zero),
       covariance = sum(zero * v[, "arm"]), df_share = of_share$df,
       lowest = min(without), highest = max(without))
}

answers <- list(
  pairs = list(worker = seq_len(72), pair = pair, arm = pair_arm, y = level,
               effect = paired$estimate[[1]], df = paired$parameter[[1]], p = paired$p.value,
               standard_error = paired$stderr, interval = as.vector(paired$conf.int)),
  pairs_of_many = c(as.list(pairs), errors(pairs$worker, pairs$pair, pairs$arm, pairs$y)),
  many = c(as.list(many), errors(many$worker, many$stratum, many$arm, many$y)),
  rows = as.list(rows),
  by_item_in_teams = answer(rows$y_item, rows$by_item, rows$team),
  by_item_in_roles = answer(rows$y_item, rows$by_item, rows$role),
  by_item_in_both = answer(rows$y_item, rows$by_item, paste(rows$team, rows$role)),
  by_worker_in_teams = answer(rows$y_worker, rows$by_worker, rows$team),
  versions = list(R = as.character(getRversion()),
                  clubSandwich = as.character(packageVersion("clubSandwich")),
                  sandwich = as.character(packageVersion("sandwich"))))
write(toJSON(answers, digits = 15, auto_unbox = TRUE, pretty = FALSE), "tests/oracle/strata.json")
