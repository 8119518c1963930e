#include "report/methods_table.h"

#include "base/table.h"

static const struct {
    const char *citation;
    const char *text;
} references[REFERENCES] = {
    [REFERENCE_NONE] = {"", ""},
    [REFERENCE_ABADIE] =
        {"Abadie et al. 2023",
         "Abadie, A., Athey, S., Imbens, G. W. & Wooldridge, J. M. (2023). When should you adjust "
         "standard errors for clustering? Quarterly Journal of Economics 138:1-35."},
    [REFERENCE_ANDERSON] =
        {"Anderson, Cain & Gelber 1983",
         "Anderson, J. R., Cain, K. C. & Gelber, R. D. (1983). Analysis of survival by tumor "
         "response. Journal of Clinical Oncology 1:710-719."},
    [REFERENCE_ANDERSON_RUBIN] =
        {"Anderson & Rubin 1949",
         "Anderson, T. W. & Rubin, H. (1949). Estimation of the parameters of a single equation in "
         "a complete system of stochastic equations. Annals of Mathematical Statistics 20:46-63."},
    [REFERENCE_BARNETT] =
        {"Barnett, van der Pols & Dobson 2005",
         "Barnett, A. G., van der Pols, J. C. & Dobson, A. J. (2005). Regression to the mean: what "
         "it is and how to deal with it. International Journal of Epidemiology 34:215-220."},
    [REFERENCE_BELL] =
        {"Bell & McCaffrey 2002",
         "Bell, R. M. & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear "
         "regression with multi-stage samples. Survey Methodology 28:169-181."},
    [REFERENCE_BENJAMINI] =
        {"Benjamini & Hochberg 1995",
         "Benjamini, Y. & Hochberg, Y. (1995). Controlling the false discovery rate: a practical "
         "and powerful approach to multiple testing. Journal of the Royal Statistical Society B "
         "57:289-300."},
    [REFERENCE_BENJAMINI_YEKUTIELI] =
        {"Benjamini & Yekutieli 2005",
         "Benjamini, Y. & Yekutieli, D. (2005). False discovery rate-adjusted multiple confidence "
         "intervals for selected parameters. Journal of the American Statistical Association "
         "100:71-81."},
    [REFERENCE_BERGER] = {"Berger 1982",
                          "Berger, R. L. (1982). Multiparameter hypothesis testing and acceptance "
                          "sampling. Technometrics 24:295-300."},
    [REFERENCE_BOJINOV] =
        {"Bojinov, Simchi-Levi & Zhao 2023",
         "Bojinov, I., Simchi-Levi, D. & Zhao, J. (2023). Design and analysis of switchback "
         "experiments. Management Science 69:3759-3777."},
    [REFERENCE_CALLAWAY] =
        {"Callaway & Sant'Anna 2021",
         "Callaway, B. & Sant'Anna, P. H. C. (2021). Difference-in-differences with multiple time "
         "periods. Journal of Econometrics 225:200-230."},
    [REFERENCE_CAMERON] = {"Cameron & Miller 2015",
                           "Cameron, A. C. & Miller, D. L. (2015). A practitioner's guide to "
                           "cluster-robust inference. Journal of Human Resources 50:317-372."},
    [REFERENCE_CINELLI] = {"Cinelli & Hazlett 2020",
                           "Cinelli, C. & Hazlett, C. (2020). Making sense of sensitivity: "
                           "extending omitted variable "
                           "bias. Journal of the Royal Statistical Society B 82:39-67."},
    [REFERENCE_COX] = {"Cox 1972", "Cox, D. R. (1972). Regression models and life-tables. Journal "
                                   "of the Royal Statistical Society B 34:187-220."},
    [REFERENCE_DENG_CUPED] =
        {"Deng et al. 2013",
         "Deng, A., Xu, Y., Kohavi, R. & Walker, T. (2013). Improving the sensitivity of online "
         "controlled experiments by utilizing pre-experiment data. WSDM."},
    [REFERENCE_DENG_QUANTILE] =
        {"Deng, Knoblich & Lu 2018",
         "Deng, A., Knoblich, U. & Lu, J. (2018). Applying the delta method in metric analytics: a "
         "practical guide with novel ideas. KDD."},
    [REFERENCE_DENG_RATIO] =
        {"Deng, Knoblich & Lu 2018",
         "Deng, A., Knoblich, U. & Lu, J. (2018). Applying the delta method in metric analytics: a "
         "practical guide with novel ideas. KDD."},
    [REFERENCE_EFRON] =
        {"Efron 1977", "Efron, B. (1977). The efficiency of Cox's likelihood function for censored "
                       "data. Journal of the American Statistical Association 72:557-565."},
    [REFERENCE_EFRON_STEIN] = {"Efron & Stein 1981",
                               "Efron, B. & Stein, C. (1981). The jackknife estimate of variance. "
                               "Annals of Statistics 9:586-596."},
    [REFERENCE_FIELLER] =
        {"Fieller 1954", "Fieller, E. C. (1954). Some problems in interval estimation. Journal of "
                         "the Royal Statistical Society B 16:175-185."},
    [REFERENCE_IACUS] = {"Iacus, King & Porro 2012",
                         "Iacus, S. M., King, G. & Porro, G. (2012). Causal inference without "
                         "balance checking: coarsened exact matching. Political Analysis 20:1-24."},
    [REFERENCE_IMBENS] =
        {"Imbens & Angrist 1994",
         "Imbens, G. W. & Angrist, J. D. (1994). Identification and estimation of local average "
         "treatment effects. Econometrica 62:467-475."},
    [REFERENCE_JUNG] = {"Jung & Jeong 2003",
                        "Jung, S.-H. & Jeong, J.-H. (2003). Rank tests for clustered survival "
                        "data. Lifetime Data Analysis 9:21-33."},
    [REFERENCE_KNAPP] = {"Knapp & Hartung 2003",
                         "Knapp, G. & Hartung, J. (2003). Improved tests for a random effects "
                         "meta-regression with a single covariate. Statistics in Medicine "
                         "22:2693-2710."},
    [REFERENCE_LEE] = {"Lee 2009",
                       "Lee, D. S. (2009). Training, wages, and sample selection: estimating sharp "
                       "bounds on treatment effects. Review of Economic Studies 76:1071-1102."},
    [REFERENCE_LIN_WEI] =
        {"Lin & Wei 1989",
         "Lin, D. Y. & Wei, L. J. (1989). The robust inference for the Cox proportional hazards "
         "model. Journal of the American Statistical Association 84:1074-1078."},
    [REFERENCE_LIN] = {"Lin 2013",
                       "Lin, W. (2013). Agnostic notes on regression adjustments to experimental "
                       "data. Annals of Applied Statistics 7:295-318."},
    [REFERENCE_MANTEL] =
        {"Mantel 1966",
         "Mantel, N. (1966). Evaluation of survival data and two new rank order statistics arising "
         "in its consideration. Cancer Chemotherapy Reports 50:163-170."},
    [REFERENCE_NEWCOMBE] =
        {"Newcombe 1998",
         "Newcombe, R. G. (1998). Interval estimation for the difference between independent "
         "proportions: comparison of eleven methods. Statistics in Medicine 17:873-890."},
    [REFERENCE_PRASAD] =
        {"Prasad & Rao 1990",
         "Prasad, N. G. N. & Rao, J. N. K. (1990). The estimation of the mean squared error of "
         "small-area estimators. Journal of the American Statistical Association 85:163-171."},
    [REFERENCE_PUSTEJOVSKY] =
        {"Pustejovsky & Tipton 2018",
         "Pustejovsky, J. E. & Tipton, E. (2018). Small-sample methods for cluster-robust variance "
         "estimation. Journal of Business & Economic Statistics 36:672-683."},
    [REFERENCE_SCHUIRMANN] =
        {"Schuirmann 1987",
         "Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the "
         "power "
         "approach. Journal of Pharmacokinetics and Biopharmaceutics 15:657-680."},
    [REFERENCE_UNO] = {"Uno et al. 2014",
                       "Uno, H. et al. (2014). Moving beyond the hazard ratio in quantifying the "
                       "between-group difference. Journal of Clinical Oncology 32:2380-2385."},
    [REFERENCE_VIECHTBAUER] =
        {"Viechtbauer 2005",
         "Viechtbauer, W. (2005). Bias and efficiency of meta-analytic variance estimators in the "
         "random-effects model. Journal of Educational and Behavioral Statistics 30:261-293."},
    [REFERENCE_WAUDBY] =
        {"Waudby-Smith et al. 2024",
         "Waudby-Smith, I., Arbour, D., Sinha, R., Kennedy, E. H. & Ramdas, A. (2024). "
         "Time-uniform "
         "central limit theory and asymptotic confidence sequences. Annals of Statistics 52."},
    [REFERENCE_ZOU] = {"Zou & Donner 2008",
                       "Zou, G. Y. & Donner, A. (2008). Construction of confidence limits about "
                       "effect measures: a general approach. Statistics in Medicine 27:1693-1702."},
};

const char *methods_reference(enum reference reference)
{
    return references[reference].text;
}

const char *methods_citation(enum reference reference)
{
    return references[reference].citation;
}

static const char effect_of_turns[] =
    "the average effect of a team's being in the second arm for a block, beyond what carries over";
static const char assumed_of_turns[] =
    "Which block has which arm was drawn; what a block does is over by the end of the next "
    "washout; teams do not change each other's outcomes.";

/* Of times, ratios and quantiles. */
static const struct methods_of_design turns_unchecked = {
    "Switchback",
    effect_of_turns,
    assumed_of_turns,
    "None: whether the arm of the block before still acts is checked for means and proportions "
    "only. "
    "Against it, a longer washout.",
    {REFERENCE_BOJINOV},
    {REFERENCE_NONE}};
static const struct methods_of_design offer_alone = {
    "Encouragement",
    "the average effect of the offer, whatever was then used (intention to treat)",
    "Who was offered it was drawn, one unit's offer does not change another's outcome, and "
    "outcomes "
    "are missing alike in both arms.",
    "Where outcomes are missing unequally, bounds on the effect by trimming.",
    {REFERENCE_ABADIE},
    {REFERENCE_LEE}};

static const struct methods_of_design less_the_year_before = {
    "Before and after, less the year before",
    "the difference between the spans before and after the date, less the same difference over the "
    "same days of the year before, on the earlier mix of work",
    "Without what came with the date, this year would have moved as the year before did, and "
    "nothing else that matters changed with the date. One year is one draw. The verdict goes no "
    "further than a leaning.",
    "What would have come back without AI, where the time before was the worst of its like (the "
    "check regression_to_mean). Another date is another plan.",
    {REFERENCE_NONE},
    {REFERENCE_BARNETT}};

const struct methods_of_design *methods_of_design(const struct plan *plan)
{
    enum metric_kind kind = plan->primary.metric.kind;
    bool mean = kind == METRIC_MEAN || kind == METRIC_PROPORTION;
    static const struct methods_of_design table[] = {
        [PLAN_RANDOMISED] =
            {"Randomised",
             "the average effect of being assigned to the second arm, whatever was then used "
             "(intention to treat)",
             "Assignment was by chance with the stated probability, one unit's arm does not change "
             "another's outcome, and outcomes are missing alike in both arms.",
             "Where outcomes are missing unequally, bounds on the effect by trimming.",
             {REFERENCE_ABADIE},
             {REFERENCE_LEE}},
        [PLAN_SWITCHBACK] = {"Switchback",
                             effect_of_turns,
                             assumed_of_turns,
                             "Whether the arm of the block before still acts is checked "
                             "(carry_over); against it, a "
                             "longer washout.",
                             {REFERENCE_BOJINOV},
                             {REFERENCE_NONE}},
        [PLAN_STAGGERED] =
            {"Staggered",
             "the average effect on units that were ever treated, over their periods since "
             "treatment began",
             "Without treatment, units that start earlier and later would have moved in parallel; "
             "nobody acts on the start before the stated anticipation.",
             "The effects by time since treatment, those before it included, with a band that "
             "holds "
             "for all at once.",
             {REFERENCE_CALLAWAY},
             {REFERENCE_NONE}},
        [PLAN_ENCOURAGEMENT] =
            {"Encouragement",
             "the average effect of the offer (intention to treat) and, from it, that of use on "
             "those whom the offer moved",
             "Who was offered it was drawn; the offer does nothing but through use; nobody uses it "
             "less for the offer.",
             "A set that holds where the offer hardly moves use.",
             {REFERENCE_IMBENS},
             {REFERENCE_ANDERSON_RUBIN}},
        [PLAN_LIKE_WITH_LIKE] =
            {"As found, like with like",
             "the difference between like items with and without AI, on the mix of those with it",
             "Within a cell, who used AI on what is as good as chance. Nothing shows that it is; "
             "the "
             "verdict stays unproven unless no such confounder is plausible.",
             "How strong a confounder nobody measured would have to be to overturn it.",
             {REFERENCE_IACUS},
             {REFERENCE_CINELLI}},
        [PLAN_BEFORE_AFTER] =
            {"Before and after",
             "the difference between the spans before and after the date, on the earlier mix of "
             "work",
             "Nothing else that matters changed with the date: not the season, not the people, not "
             "the work. The verdict goes no further than a leaning.",
             "What would have come back without AI, where the time before was the worst of its "
             "like "
             "(the check regression_to_mean), and how the same weeks of the year before moved "
             "(season). "
             "Another date is another plan.",
             {REFERENCE_NONE},
             {REFERENCE_BARNETT}},
    };
    TABLE_OF(table, PLAN_BEFORE_AFTER + 1);
    if (plan->design == PLAN_ENCOURAGEMENT && !mean)
        return &offer_alone;
    if (plan->design == PLAN_SWITCHBACK && !mean)
        return &turns_unchecked;
    if (plan->season)
        return &less_the_year_before;
    return &table[plan->design];
}

static const char *const effects[] = {
    [METRIC_MEAN] = "the difference of means",
    [METRIC_PROPORTION] = "the difference of proportions",
    [METRIC_DURATION] = "the ratio of restricted mean times up to the horizon, less 1",
    [METRIC_RATIO] = "the ratio of two arms' ratios of sums, less 1",
    [METRIC_QUANTILE] = "the difference of quantiles",
};
TABLE_OF(effects, METRIC_QUANTILE + 1);

const char *methods_effect(const struct metric *metric)
{
    return metric->kind == METRIC_MEAN && metric->scale == METRIC_LOG
               ? "the ratio of geometric means, less 1"
               : effects[metric->kind];
}
