# What three public data sets can tell, by power.t.test, from the two years or months before the plan.
#
# drawn      half of the units drawn once, two values of each unit in the plan's time: n units in an
#            arm, sd the root of s_w + s_e / 2, the components of anova(lm(y ~ unit))
# staggered  one wave of half of the units, one value before and one after: sd that of the change
# nhb_copilot: of logarithms, as ratios less 1.
#
# Run from the repository: ASSAY_SHARED_DATA=../shared/data Rscript tests/oracle/public_power.R
# Writes tests/oracle/public_power.json: the smallest difference that is told with 80 %.

library(jsonlite)

shared <- Sys.getenv("ASSAY_SHARED_DATA", "../shared/data")
told <- function(units, sd) power.t.test(n = units / 2, sd = sd, power = 0.8, strict = TRUE)$delta

answers <- function(unit, time, y) {
  n <- length(unique(unit))
  table <- anova(lm(y ~ factor(unit)))
  within <- table["Residuals", "Mean Sq"]
  between <- (table["factor(unit)", "Mean Sq"] - within) / 2
  change <- tapply(y[time == max(time)], unit[time == max(time)], sum) -
    tapply(y[time == min(time)], unit[time == min(time)], sum)
  list(units = n, drawn = told(n, sqrt(between + within / 2)), staggered = told(n, sd(change)))
}
read <- function(name) read.csv(file.path(shared, name, "data.csv"))

jel <- subset(read("jel_did"), year %in% 2011:2012)
mpdta <- subset(read("mpdta"), year %in% 2004:2005)
nhb <- subset(read("nhb_copilot"), yearmonth %in% c(202105, 202106))
copilot <- answers(nhb$user_id, nhb$yearmonth, log(nhb$TotalCommits + 1))
copilot$staggered <- NULL
copilot$drawn <- expm1(copilot$drawn)

write_json(list(script = "tests/oracle/public_power.R",
                versions = list(R = as.character(getRversion())),
                jel_did = answers(jel$fips, jel$year, jel$rate),
                mpdta = answers(mpdta$countyreal, mpdta$year, mpdta$lemp),
                nhb_copilot = copilot),
           "tests/oracle/public_power.json", auto_unbox = TRUE, digits = I(16), pretty = 1)
