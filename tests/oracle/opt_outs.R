# What is left of an effect where outcomes are missing more often in one arm: Lee's bounds (2009) on
# rows, errors by worker from influences taken row by row, the interval of Imbens & Manski (2004).
#
# 40 workers w with 10 items i each; those under 20 are of the second arm.
# base     ((37 w + 53 i) mod 101) / 100
# missing  in the second arm where base < .2 and (w + i) mod 4 is not 0; in the first where
#          (w + 3 i) mod 25 is 0
# quality  base, and `lift` more in the second arm
# high     whether quality > .5
# growth   ln(quality + .1), bounds as ratios less 1
#
# Run from the repository: Rscript tests/oracle/opt_outs.R
# Writes tests/oracle/opt_outs.json.

library(jsonlite)

trim <- function(y, share, highest) {
  o <- order(y, decreasing = highest)
  weight <- numeric(length(y))
  weight[o] <- pmin(1, pmax(0, share * length(y) - (seq_along(y) - 1)))
  list(mean = sum(weight * y) / sum(weight),
       edge = if (highest) min(y[weight > 1e-9]) else max(y[weight > 1e-9]))
}

bounds <- function(d, level = 0.95) {
  p <- c(mean(!is.na(d$y[d$arm == 0])), mean(!is.na(d$y[d$arm == 1])))
  t <- if (p[2] >= p[1]) 1 else 0
  q <- 1 - p[2 - t] / p[1 + t]
  has <- !is.na(d$y)
  of_t <- d$arm == t; of_o <- !of_t
  mean_o <- mean(d$y[of_o & has])
  one <- function(highest) {
    kept <- trim(d$y[of_t & has], 1 - q, highest)
    y <- ifelse(has, d$y, 0)
    beyond <- if (highest) pmax(y - kept$edge, 0) else -pmax(kept$edge - y, 0)
    r <- c(sum(of_t & has), sum(of_o & has))
    g <- c(length(unique(d$w[of_t])), length(unique(d$w[of_o])))
    f <- sqrt(g / (g - 1))
    phi <- numeric(nrow(d))
    phi[of_t] <- f[1] / r[1] * (has * (beyond / (1 - q) + kept$edge - kept$mean) +
      (kept$mean - kept$edge) * (has - p[1 + t]))[of_t]
    phi[of_o] <- f[2] / r[2] * (has * (mean_o - y) +
      (kept$edge - kept$mean) * (has - p[2 - t]))[of_o]
    by <- tapply(phi, d$w, sum)
    difference <- if (t == 1) kept$mean - mean_o else mean_o - kept$mean
    list(b = difference, se = sqrt(sum(by^2)), df = 3 * sum(by^2)^2 / sum(by^4) - 2)
  }
  ends <- if (t == 1) list(one(FALSE), one(TRUE)) else list(one(TRUE), one(FALSE))
  b <- sapply(ends, `[[`, "b"); se <- sapply(ends, `[[`, "se")
  df <- min(length(unique(d$w)) - 1, pmax(1, sapply(ends, `[[`, "df")))
  c <- uniroot(function(c) pt(c + diff(b) / max(se), df) - pt(-c, df) - level, c(0.5, 6),
               tol = 1e-14)$root
  list(bounds = b, interval = c(b[1] - c * se[1], b[2] + c * se[2]), trimmed = q, trimmed_arm = t,
       missing = 1 - p, naive = mean(d$y[d$arm == 1 & has]) - mean(d$y[d$arm == 0 & has]))
}

rows <- function(lift) {
  d <- expand.grid(i = 0:9, w = 0:39)
  d$arm <- as.integer(d$w < 20)
  base <- ((37 * d$w + 53 * d$i) %% 101) / 100
  gone <- ifelse(d$arm == 1, base < 0.2 & (d$w + d$i) %% 4 != 0, (d$w + 3 * d$i) %% 25 == 0)
  d$y <- ifelse(gone, NA, base + lift * d$arm)
  d
}
of <- function(lift, f) { d <- rows(lift); d$y <- f(d$y); bounds(d) }

out <- list(
  script = "tests/oracle/opt_outs.R",
  versions = list(R = paste(R.version$major, R.version$minor, sep = ".")),
  quality = of(0, identity),
  lifted = of(0.3, identity),
  high = of(0, function(y) as.numeric(y > 0.5)),
  growth = lapply(of(0, function(y) log(y + 0.1)), identity))
for (name in c("bounds", "interval")) out$growth[[name]] <- expm1(out$growth[[name]])
write_json(out, "tests/oracle/opt_outs.json", auto_unbox = TRUE, digits = 17, pretty = TRUE)
