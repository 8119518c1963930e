# What is left of an effect where outcomes are missing more often in one arm: Lee's bounds (2009) with
# the interval of Imbens & Manski (2004), and whether outcomes are missing as often in both arms.
#
# 40 workers w; those under 20 are of the second arm and have 7 items i each, the others 10. (With arms
# of one size a cut falls between two items, where the bounds have no derivative.)
# base     ((37 w + 53 i) mod 101) / 100
# missing  in the second arm where base < .2 and (w + i) mod 4 is not 0; in the first where
#          (w + 3 i) mod 25 is 0
# quality  base, and `lift` more in the second arm
# high     whether quality > .5
# growth   ln(quality + .1), bounds as ratios less 1
#
# Bounds by their definition, on weighted outcomes that are sorted and cut. Errors from that definition
# alone: each worker's items are weighted a little more and a little less, and what moves the bounds is
# that worker's influence (the infinitesimal jackknife; Efron 1982, chapter 6), times G/(G-1) of its
# arm. Beside them the standard deviations of 4,000 draws of workers within arms: stopped at if these
# differ by more than 15 % (Monte Carlo error 1.1 %). Shares that are missing by lm, with errors by
# worker of sandwich (cadjust), against t with G - 1.
#
# Run from the repository: Rscript tests/oracle/opt_outs.R
# Writes tests/oracle/opt_outs.json.

library(jsonlite)
library(sandwich)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20261128)

# Mean of the lowest (highest) share of weight.
cut_mean <- function(y, weight, share, highest) {
  o <- order(y, decreasing = highest)
  y <- y[o]; weight <- weight[o]
  room <- share * sum(weight)
  taken <- pmin(weight, pmax(0, room - c(0, head(cumsum(weight), -1))))
  sum(taken * y) / room
}

# low, high; weight: of each item
lee <- function(d, weight = rep(1, nrow(d))) {
  has <- !is.na(d$y)
  p <- sapply(0:1, function(a) sum(weight[d$arm == a & has]) / sum(weight[d$arm == a]))
  more <- if (p[2] >= p[1]) 1 else 0
  keep <- p[2 - more] / p[1 + more]
  of <- function(a) d$arm == a & has
  ends <- sapply(c(FALSE, TRUE), function(highest)
    cut_mean(d$y[of(more)], weight[of(more)], keep, highest))
  plain <- weighted.mean(d$y[of(1 - more)], weight[of(1 - more)])
  if (more == 1) ends - plain else rev(plain - ends)
}

influences <- function(d, step = 1e-5) {
  workers <- unique(d$w)
  t(sapply(workers, function(w) {
    own <- as.numeric(d$w == w)
    g <- length(unique(d$w[d$arm == d$arm[d$w == w][1]]))
    sqrt(g / (g - 1)) * (lee(d, 1 + step * own) - lee(d, 1 - step * own)) / (2 * step)
  }))
}

bootstrap <- function(d, runs = 4000) {
  by <- split(d, d$w)
  first <- sapply(by, function(x) x$arm[1])
  apply(replicate(runs, {
    k <- unlist(lapply(0:1, function(a) sample(which(first == a), replace = TRUE)))
    lee(do.call(rbind, by[k]))
  }), 1, sd)
}

bounds <- function(d, level = 0.95, boot = FALSE) {
  b <- lee(d)
  phi <- influences(d)
  se <- sqrt(colSums(phi^2))
  if (boot) stopifnot(abs(bootstrap(d) / se - 1) < 0.15)
  df <- min(nrow(phi) - 1, pmax(1, 3 * colSums(phi^2)^2 / colSums(phi^4) - 2))
  c <- uniroot(function(c) pt(c + diff(b) / max(se), df) - pt(-c, df) - level, c(0.5, 6),
               tol = 1e-14)$root
  missing <- tapply(is.na(d$y), d$arm, mean)
  keep <- sort(1 - missing)
  list(bounds = b, interval = c(b[1] - c * se[1], b[2] + c * se[2]),
       trimmed = unname(1 - keep[1] / keep[2]), trimmed_arm = as.integer(missing[2] <= missing[1]),
       missing = unname(missing),
       naive = mean(d$y[d$arm == 1], na.rm = TRUE) - mean(d$y[d$arm == 0], na.rm = TRUE))
}

missing_p <- function(d) {
  d$gone <- as.numeric(is.na(d$y))
  fit <- lm(gone ~ arm, d)
  error <- sqrt(vcovCL(fit, d$w, type = "HC0", cadjust = TRUE)["arm", "arm"])
  2 * pt(-abs(coef(fit)[["arm"]] / error), length(unique(d$w)) - 1)
}

rows <- function(lift) {
  d <- expand.grid(i = 0:9, w = 0:39)
  d$arm <- as.integer(d$w < 20)
  d <- d[d$arm == 0 | d$i < 7, ]
  base <- ((37 * d$w + 53 * d$i) %% 101) / 100
  gone <- ifelse(d$arm == 1, base < 0.2 & (d$w + d$i) %% 4 != 0, (d$w + 3 * d$i) %% 25 == 0)
  d$y <- ifelse(gone, NA, base + lift * d$arm)
  d
}
of <- function(lift, f, boot = FALSE) { d <- rows(lift); d$y <- f(d$y); bounds(d, boot = boot) }

out <- list(
  script = "tests/oracle/opt_outs.R",
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."),
                  sandwich = as.character(packageVersion("sandwich"))),
  quality = of(0, identity, TRUE),
  missing_p = missing_p(rows(0)),
  lifted = of(0.3, identity, TRUE),
  high = of(0, function(y) as.numeric(y > 0.5)),
  growth = lapply(of(0, function(y) log(y + 0.1)), identity))
for (name in c("bounds", "interval")) out$growth[[name]] <- expm1(out$growth[[name]])
write_json(out, "tests/oracle/opt_outs.json", auto_unbox = TRUE, digits = 17, pretty = TRUE)
