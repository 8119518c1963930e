# An offer that people are free to take, as a plan is answered from imported files.
#
# Run from the repository: Rscript tests/oracle/encouragement.R
# Writes tests/oracle/encouragement.csv (worker, offered, taken, score) and encouragement.json.
#
# Two-stage least squares, intention to treat and uptake by estimatr with CR2 errors by worker; of the
# offer also the interval as it is shown (widened.R).

library(estimatr)
library(jsonlite)
source("tests/oracle/widened.R")

set.seed(2026)
workers <- 30
size <- sample(8:20, workers, replace = TRUE)
g <- rep(seq_len(workers), size)
z <- rep(sample(rep(0:1, length.out = workers)), size)
taste <- rnorm(length(g)) + 0.7 * rnorm(workers)[g]
d <- as.numeric(taste + 1.6 * z > 0.8)
y <- round(50 + 4 * d - 1.5 * taste + rnorm(length(g), sd = 3) + rnorm(workers)[g], 3)
data <- data.frame(worker = paste0("w", g), offered = z, taken = d, score = y)
write.csv(data, "tests/oracle/encouragement.csv", row.names = FALSE, quote = FALSE)

of <- function(fit, name) {
  list(value = unname(fit$coefficients[name]), df = unname(fit$df[name]),
       interval = unname(c(fit$conf.low[name], fit$conf.high[name])))
}
offer <- lm_robust(score ~ offered, data, clusters = worker, se_type = "CR2")
uptake <- lm_robust(taken ~ offered, data, clusters = worker, se_type = "CR2")
effect <- iv_robust(score ~ taken | offered, data, clusters = worker, se_type = "CR2")
shown <- widened(unname(offer$coefficients["offered"]), unname(offer$std.error["offered"]),
                 unname(offer$df["offered"]), y - ave(y, z), g, z, 0, tapply(y, z, mean))$interval
write_json(list(
  r = R.version.string, estimatr = as.character(packageVersion("estimatr")),
  taken = c(mean(d[z == 0]), mean(d[z == 1])),
  offer = c(of(offer, "offered"), list(shown = shown)), uptake = of(uptake, "offered"), effect = of(effect, "taken"),
  strength = unname((uptake$coefficients["offered"] / uptake$std.error["offered"])^2)
), "tests/oracle/encouragement.json", auto_unbox = TRUE, digits = 15, pretty = TRUE)
