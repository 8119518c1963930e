# Plans of more than two arms as found: work without AI and with one of three models, each model beside
# the work without, and two of them beside the third, like with like in the kind of work.
#
# Run from the repository: Rscript tests/oracle/found_arms.R
# Writes tests/oracle/found_arms.csv (one row per item: worker, kind, the models of its first and second
# call, score) and found_arms.json.
#
# Each pair alone: of kinds with both arms the difference of means, weighted by the kinds of the arm
# beside the baseline (weighted.mean of lm's cell means), and its error by leaving out each person with
# an item in such a kind (Efron & Stein 1981), (G-1)/G times the sum of squares. Items whose first call
# names another model than the two belong to neither arm, and to no pair.

library(jsonlite)

set.seed(11)
effect <- c(none = 0, a = 2, b = 1, c = 0.2, d = 3)
kinds <- c(mail = 0, call = 4, chat = 8, letter = 2)
people <- 24
rows <- do.call(rbind, lapply(seq_len(people), function(p) {
  n <- 20 + p %% 7
  kind <- sample(names(kinds), n, TRUE, c(4, 3, 2, 1))
  first <- sapply(kind, function(k) {
    sample(names(effect), 1, prob = if (k == "chat") c(1, 1, 3, 3, 1) else c(4, 3, 2, 1, 1))
  })
  first[kind == "letter" & first %in% c("b", "c")] <- "none" # a kind without these
  second <- ifelse(first == "none", "none", sample(c("none", "a", "b", "c"), n, TRUE))
  data.frame(worker = sprintf("w%02d", p), kind = kind, first = first, second = second,
             score = round(rnorm(1, 0, 2) + kinds[kind] + effect[first] + rnorm(n, 0, 3), 4))
}))
write.csv(rows, "tests/oracle/found_arms.csv", row.names = FALSE, quote = FALSE)

within <- function(data, arms) {
  both <- intersect(data$kind[data$first == arms[1]], data$kind[data$first == arms[2]])
  data <- data[data$kind %in% both, ]
  cells <- unique(data[c("kind", "first")])
  fit <- lm(score ~ kind:first - 1, data)
  cells$mean <- suppressWarnings(predict(fit, cells))
  weight <- table(data$kind[data$first == arms[2]])
  mean_of <- function(arm) {
    of <- cells[cells$first == arm, ]
    weighted.mean(of$mean, weight[of$kind])
  }
  list(effect = mean_of(arms[2]) - mean_of(arms[1]), people = unique(data$worker), matched = nrow(data))
}

pair <- function(baseline, other) {
  arms <- c(baseline, other)
  data <- rows[rows$first %in% arms, ]
  all <- within(data, arms)
  g <- length(all$people)
  without <- sapply(all$people, function(p) within(data[data$worker != p, ], arms)$effect)
  of <- lapply(arms, function(arm) data[data$first == arm, ])
  list(items = sapply(of, nrow), workers = sapply(of, function(d) length(unique(d$worker))),
       naive = mean(of[[2]]$score) - mean(of[[1]]$score), effect = all$effect,
       unmatched = nrow(data) - all$matched, clusters = g,
       error = sqrt((g - 1) / g * sum((without - mean(without))^2)))
}

write_json(list(
  script = "tests/oracle/found_arms.R", versions = list(R = as.character(getRversion())),
  beside_none = list(a = pair("none", "a"), b = pair("none", "b"), c = pair("none", "c")),
  beside_a = list(b = pair("a", "b"), c = pair("a", "c"))),
  "tests/oracle/found_arms.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
