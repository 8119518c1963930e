# Variance components of items within workers within teams, by equating mean squares with their
# expectations. The mean squares and their coefficients come from explicit projection matrices:
# E y'Py = tr(P V), with V = s_e I + s_w Z_w Z_w' + s_t Z_t Z_t'; no formula of sizes is used.
#
# Run from the repository: Rscript tests/oracle/variance_components.R
# Writes tests/oracle/variance_components.json.

library(jsonlite)

set.seed(11)
team_of <- c(1, 1, 1, 2, 2, 3, 3, 3, 3, 4)
sizes <- c(2, 5, 3, 7, 4, 1, 6, 2, 9, 3)
worker <- rep(seq_along(sizes), sizes)
team <- team_of[worker]
y <- round(rnorm(length(worker)) + rnorm(10)[worker] + 2 * rnorm(4)[team] + 100, 3)

onto <- function(x) x %*% solve(crossprod(x), t(x))
one <- onto(matrix(1, length(y)))
zw <- model.matrix(~ factor(worker) - 1)
zt <- model.matrix(~ factor(team) - 1)
pw <- onto(zw); pt <- onto(zt); id <- diag(length(y))
trace <- function(p, z) sum(diag(p %*% tcrossprod(z)))
rank <- function(p) round(sum(diag(p)))

solve_levels <- function(parts, z) {
  m <- t(sapply(parts, function(p) c(rank(p), sapply(z, function(x) trace(p, x)))))
  as.numeric(solve(m, sapply(parts, function(p) as.numeric(t(y) %*% p %*% y))))
}
nested <- solve_levels(list(id - pw, pw - pt, pt - one), list(zw, zt))
flat <- solve_levels(list(id - pw, pw - one), list(zw))
stopifnot(all(nested > 0), all(flat > 0))

write_json(list(script = "tests/oracle/variance_components.R",
                versions = list(R = as.character(getRversion())),
                workers = lapply(seq_along(sizes), function(g) {
                  v <- y[worker == g]
                  list(team = team_of[g] - 1, items = length(v), mean = mean(v),
                       squares = sum((v - mean(v))^2))
                }),
                nested = list(item = nested[1], worker = nested[2], team = nested[3]),
                flat = list(item = flat[1], worker = flat[2])),
           "tests/oracle/variance_components.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
