# A plan of four arms: each other beside the baseline, judged together.
#
# Run from the repository: Rscript tests/oracle/arms.R
# Writes tests/oracle/arms.csv (one row per item: worker, arm, size, score) and arms.json.
#
# Each pair alone: lm on the arm (and on the arm and ln(size)), clubSandwich's CR2 by worker with
# Satterthwaite's degrees of freedom. Together: how many p.adjust (Benjamini & Hochberg) selects at
# .05, and the intervals of all at the level 1 - .05 max(R, 1) / 3. Arms of as many people, who have as
# many items each, of values on either side of 0: so that nothing widens CR2's intervals
# (include/assay/cautious.h). The draw: chisq.test of what is left of arms of 30.

library(clubSandwich)
library(jsonlite)

set.seed(4)
effect <- c(no_ai = 0, drafts = 4, search = 2.6, agent = 0.4)
people <- c(no_ai = 15, drafts = 15, search = 15, agent = 15)
rows <- do.call(rbind, lapply(names(people), function(arm) {
  do.call(rbind, lapply(seq_len(people[[arm]]), function(p) {
    n <- 6
    size <- sample(1:40, n, TRUE)
    data.frame(worker = sprintf("%s%02d", substr(arm, 1, 2), p), arm = arm, size = size,
               score = round(rnorm(1, 0, 2) + effect[[arm]] + log(size) + rnorm(n, 0, 3), 4))
  }))
}))
write.csv(rows, "tests/oracle/arms.csv", row.names = FALSE, quote = FALSE)

answer <- function(model) {
  fits <- lapply(names(effect)[-1], function(arm) {
    data <- rows[rows$arm %in% c("no_ai", arm), ]
    data$treated <- as.numeric(data$arm == arm)
    fit <- lm(model, data)
    test <- coef_test(fit, vcovCR(fit, data$worker, "CR2"), test = "Satterthwaite")
    list(effect = test$beta[[2]], error = test$SE[[2]], df = test$df_Satt[[2]], p = test$p_Satt[[2]])
  })
  selected <- sum(p.adjust(sapply(fits, `[[`, "p"), "BH") <= 0.05)
  level <- 1 - 0.05 * max(selected, 1) / length(fits)
  arms <- lapply(fits, function(fit) {
    half <- qt(1 - (1 - level) / 2, fit$df) * fit$error
    c(fit[c("effect", "df", "p")], list(interval = fit$effect + c(-half, half)))
  })
  names(arms) <- names(effect)[-1]
  list(arms = arms, selected = selected, level = level)
}

write(toJSON(list(plain = answer(score ~ treated), adjusted = answer(score ~ treated + log(size)),
                  draw = chisq.test(c(30, 30, 6, 30))$p.value),
             auto_unbox = TRUE, digits = 15, pretty = TRUE), "tests/oracle/arms.json")
