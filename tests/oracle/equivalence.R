# Two one-sided t tests (Schuirmann 1987) and a one-sided test of no loss beyond an allowance, by
# t.test (Welch), on generated arms about which the word should turn.
#
# Run from the repository: Rscript tests/oracle/equivalence.R
# Writes tests/oracle/equivalence.json: the rows, and p against each limit.

library(jsonlite)

RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20261126)
margin <- 0.5

one <- function(difference, n1, n0) {
  y1 <- round(rnorm(n1, difference, 0.6), 3)
  y0 <- round(rnorm(n0, 0, 0.9), 3)
  p <- function(mu, alternative) t.test(y1, y0, mu = mu, alternative = alternative)$p.value
  interval <- t.test(y1, y0)$conf.int
  list(y1 = y1, y0 = y0, low = interval[1], high = interval[2],
       above_lower = p(-margin, "greater"), below_upper = p(margin, "less"),
       below_lower = p(-margin, "less"))
}

cases <- Map(one, rep(c(-1.3, -0.6, -0.3, 0, 0.1, 0.3, 0.7), 5),
             rep(c(20, 40, 60, 90, 12), each = 7), rep(c(30, 25, 60, 120, 8), each = 7))
write_json(list(script = "tests/oracle/equivalence.R",
                versions = list(R = as.character(getRversion())),
                margin = margin, cases = unname(cases)),
           "tests/oracle/equivalence.json", auto_unbox = TRUE, digits = I(16))
