# Instruments in clusters, made up here.
#
# Run from the repository: Rscript tests/oracle/instrument.R
# Writes tests/oracle/instrument.json: the rows and the answers.
#
# Two-stage least squares by AER::ivreg; its errors by sandwich (CR0, CR1), by clubSandwich (CR2) and
# by estimatr (CR2 and its degrees of freedom). Strength by a Wald test of the first stage with the
# same packages. The set of Anderson and Rubin by its definition: for each b on a grid, y - b d is
# fitted by lm and its instruments tested with vcovCL; ends are refined by uniroot.

library(AER)
library(sandwich)
library(clubSandwich)
library(estimatr)
library(jsonlite)

draw <- function(seed, clusters, size, strength, instruments, by_cluster, effects) {
  set.seed(seed)
  n <- clusters * size
  g <- rep(seq_len(clusters), each = size)
  z <- sapply(seq_len(instruments), function(j)
    if (by_cluster) rep(sample(rep(0:1, length.out = clusters)), each = size) else rbinom(n, 1, 0.5))
  x <- round(rnorm(n) + rnorm(clusters)[g], 3)
  taste <- rnorm(n) + rnorm(clusters)[g]
  d <- as.numeric(taste + as.vector(z %*% rep(strength, instruments)) > 0.5)
  y <- round(effects[1] * d + as.vector(z %*% (effects[-1])) + 0.3 * x - taste + rnorm(n) +
               rnorm(clusters, sd = 0.5)[g], 3)
  list(g = g, z = z, x = x, d = d, y = y)
}

wald <- function(b, v, which) drop(b[which] %*% solve(v[which, which], b[which]))

answers <- function(s, level = 0.95) {
  z <- s$z
  m <- ncol(z)
  data <- data.frame(y = s$y, d = s$d, x = s$x, g = s$g)
  for (j in seq_len(m)) data[[paste0("z", j)]] <- z[, j]
  zs <- paste0("z", seq_len(m), collapse = " + ")
  names <- paste0("z", seq_len(m))
  G <- length(unique(s$g))
  iv <- ivreg(as.formula(paste("y ~ x + d |", "x +", zs)), data = data)
  first <- lm(as.formula(paste("d ~", zs, "+ x")), data)
  reduced <- lm(as.formula(paste("y ~", zs, "+ x")), data)
  cl <- function(fit, type) vcovCL(fit, data$g, type = type, cadjust = type == "HC1")
  robust <- iv_robust(as.formula(paste("y ~ x + d |", "x +", zs)), data = data, clusters = g,
                      se_type = "CR2")
  cr2 <- sqrt(diag(vcovCR(iv, data$g, type = "CR2")))
  stopifnot(max(abs(cr2 / robust$std.error - 1)) < 1e-8)
  itt <- lm_robust(as.formula(paste("y ~", zs, "+ x")), data, clusters = g, se_type = "CR2")
  test <- summary(iv, diagnostics = TRUE)$diagnostics

  crit <- qf(level, m, G - 1)
  f <- function(b) {
    w <- data
    w$r <- w$y - b * w$d
    fit <- lm(as.formula(paste("r ~", zs, "+ x")), w)
    wald(coef(fit), cl(fit, "HC1"), names) / m - crit
  }
  grid <- tan(seq(-pi / 2, pi / 2, length.out = 601)[-c(1, 601)]) * 2
  values <- sapply(grid, f)
  turn <- which(diff(values > 0) != 0)
  ends <- sapply(turn, function(i) uniroot(f, grid[i + 0:1], tol = 1e-13)$root)
  list(coef = I(unname(coef(iv))),
       classical = I(unname(sqrt(diag(vcov(iv))))),
       CR0 = I(unname(sqrt(diag(cl(iv, "HC0"))))), CR1 = I(unname(sqrt(diag(cl(iv, "HC1"))))),
       CR2 = I(unname(robust$std.error)), CR2_df = I(unname(robust$df)),
       offer = coef(reduced)[["z1"]], offer_CR2 = itt$std.error[["z1"]], offer_df = itt$df[["z1"]],
       weak_F = test["Weak instruments", "statistic"],
       F_CR1 = wald(coef(first), cl(first, "HC1"), names) / m,
       F_CR2 = wald(coef(first), as.matrix(vcovCR(first, data$g, type = "CR2")), names) / m,
       sargan = if (m > 1) test["Sargan", "statistic"] else NULL,
       sargan_p = if (m > 1) test["Sargan", "p-value"] else NULL,
       set_ends = I(ends), set_low_inside = values[1] <= 0)
}

# The first seed whose set has so many ends, and is or is not unbounded.
find <- function(ends, low_inside, ...) {
  for (seed in 1:300) {
    s <- draw(seed, ...)
    a <- answers(s)
    if (length(a$set_ends) == ends && a$set_low_inside == low_inside)
      return(c(s, list(seed = seed, answers = a)))
  }
  stop("no seed")
}

case <- function(...) {
  s <- draw(...)
  c(s, list(answers = answers(s)))
}

write_json(
  list(script = "tests/oracle/instrument.R",
       versions = sapply(c("AER", "sandwich", "clubSandwich", "estimatr"),
                         function(p) as.character(packageVersion(p))) |> as.list() |>
         c(R = as.character(getRversion())),
       items = case(1, 24, 10, 1.2, 1, FALSE, c(0.7, 0)),
       teams = case(2, 20, 8, 1.5, 1, TRUE, c(0.7, 0)),
       two = case(3, 24, 10, 0.9, 2, FALSE, c(0.7, 0, 0)),
       half_lines = find(2, TRUE, 20, 6, 0.3, 1, FALSE, c(0.7, 0)),
       line = find(0, TRUE, 20, 6, 0.05, 1, FALSE, c(0.7, 0)),
       empty = find(0, FALSE, 24, 10, 0.9, 2, FALSE, c(0.7, 1.5, -1.5)),
       several = find(4, TRUE, 20, 6, 0.3, 2, FALSE, c(0.7, 0.6, -0.6))),
  "tests/oracle/instrument.json", auto_unbox = TRUE, digits = I(16))
