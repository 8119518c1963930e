# Reworked on marked over the shared git history, persons as clusters, items without a person left
# out: clubSandwich CR2, as `assay compare --metric rework_rate` has to give it.
# Run: Rscript git_marked.R FOLDER_OF_PUBLIC_DATA > git_marked.json
suppressMessages(library(clubSandwich))
folder <- commandArgs(trailingOnly = TRUE)[1]
commits <- read.csv(file.path(folder, "git_history", "commits.csv"))
d <- commits[commits$bot == 0 & commits$maturing == 0 & commits$person != "", ]
fit <- lm(reworked ~ marked, data = d)
test <- coef_test(fit, vcov = "CR2", cluster = d$person, test = "Satterthwaite")
ci <- conf_int(fit, vcov = "CR2", cluster = d$person, test = "Satterthwaite")
cat(jsonlite::toJSON(list(
  r = R.version.string, clubSandwich = as.character(packageVersion("clubSandwich")),
  items_unmarked = sum(d$marked == 0), items_marked = sum(d$marked == 1),
  people = length(unique(d$person)),
  share_unmarked = mean(d$reworked[d$marked == 0]), share_marked = mean(d$reworked[d$marked == 1]),
  estimate = test$beta[2], se = test$SE[2], df = test$df[2], p = test$p_Satt[2],
  low = ci$CI_L[2], high = ci$CI_U[2]), auto_unbox = TRUE, digits = NA, pretty = TRUE), "\n")
