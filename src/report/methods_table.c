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
    [REFERENCE_BARNETT] =
        {"Barnett, van der Pols & Dobson 2005",
         "Barnett, A. G., van der Pols, J. C. & Dobson, A. J. (2005). Regression to the mean: what "
         "it is and how to deal with it. International Journal of Epidemiology 34:215-220."},
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
    [REFERENCE_KNAPP] = {"Knapp & Hartung 2003",
                         "Knapp, G. & Hartung, J. (2003). Improved tests for a random effects "
                         "meta-regression with a single covariate. Statistics in Medicine "
                         "22:2693-2710."},
    [REFERENCE_LEE] = {"Lee 2009",
                       "Lee, D. S. (2009). Training, wages, and sample selection: estimating sharp "
                       "bounds on treatment effects. Review of Economic Studies 76:1071-1102."},
    [REFERENCE_LIN] = {"Lin 2013",
                       "Lin, W. (2013). Agnostic notes on regression adjustments to experimental "
                       "data. Annals of Applied Statistics 7:295-318."},
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
};

const char *methods_reference(enum reference reference)
{
    return references[reference].text;
}

const char *methods_citation(enum reference reference)
{
    return references[reference].citation;
}

const struct methods_of_design *methods_of_design(enum plan_design design)
{
    static const struct methods_of_design table[] = {
        [PLAN_RANDOMISED] =
            {"Randomised",
             "the average effect of being assigned to the second arm, whatever was then used "
             "(intention to treat)",
             "Assignment was by chance with the stated probability, one unit's arm does not change "
             "another's outcome, and outcomes are missing alike in both arms.",
             "Where outcomes are missing unequally, bounds on the effect by trimming.",
             NULL,
             {REFERENCE_ABADIE, REFERENCE_LEE}},
        [PLAN_SWITCHBACK] =
            {"Switchback",
             "the average effect of a team's being in the second arm for a block, beyond what "
             "carries over",
             "Which block has which arm was drawn; what a block does is over by the end of the "
             "next "
             "washout; teams do not change each other's outcomes.",
             "A longer washout, against carry-over.",
             "Difference of the arms' means without the washouts, errors by team and block.",
             {REFERENCE_BOJINOV}},
        [PLAN_STAGGERED] =
            {"Staggered",
             "the average effect on units that were ever treated, over their periods since "
             "treatment began",
             "Without treatment, units that start earlier and later would have moved in parallel; "
             "nobody acts on the start before the stated anticipation.",
             "The effects by time since treatment, those before it included, with a band that "
             "holds "
             "for all at once.",
             "Group-time effects against units that are not treated yet, averaged over groups.",
             {REFERENCE_CALLAWAY}},
        [PLAN_ENCOURAGEMENT] =
            {"Encouragement",
             "the average effect of the offer (intention to treat) and, from it, that of use on "
             "those whom the offer moved",
             "Who was offered it was drawn; the offer does nothing but through use; nobody uses it "
             "less for the offer.",
             "A set that holds where the offer hardly moves use (Anderson & Rubin).",
             "Difference between those offered it and the others; two-stage least squares for "
             "use.",
             {REFERENCE_IMBENS}},
        [PLAN_LIKE_WITH_LIKE] =
            {"As found, like with like",
             "the difference between like items with and without AI, on the mix of those with it",
             "Within a cell, who used AI on what is as good as chance. Nothing shows that it is; "
             "the "
             "verdict stays unproven unless no such confounder is plausible.",
             "How strong a confounder nobody measured would have to be to overturn it.",
             "Difference within cells that hold both arms, weighted by the second arm's items; the "
             "interval from leaving out one person at a time. Times count from a landmark on.",
             {REFERENCE_IACUS, REFERENCE_CINELLI, REFERENCE_ANDERSON}},
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
             "Difference within cells of like work, weighted by the earlier mix; the interval from "
             "leaving out one person at a time.",
             {REFERENCE_CAMERON, REFERENCE_BARNETT}},
    };
    TABLE_OF(table, PLAN_BEFORE_AFTER + 1);
    return &table[design];
}

const struct methods_of_kind *methods_of_kind(const struct metric *metric)
{
    static const struct methods_of_kind log_mean = {
        "the ratio of geometric means, less 1",
        "Least squares of the logarithm on the arm, cluster-robust errors (CR2) with Satterthwaite "
        "degrees of freedom.",
        {REFERENCE_PUSTEJOVSKY}};
    static const struct methods_of_kind table[] = {
        [METRIC_MEAN] = {"the difference of means",
                         "Least squares on the arm, cluster-robust errors (CR2) with Satterthwaite "
                         "degrees of freedom.",
                         {REFERENCE_PUSTEJOVSKY}},
        [METRIC_PROPORTION] = {"the difference of proportions",
                               "Least squares on the arm, cluster-robust errors (CR2) with "
                               "Satterthwaite degrees of freedom.",
                               {REFERENCE_PUSTEJOVSKY}},
        [METRIC_DURATION] =
            {"the ratio of restricted mean times up to the horizon, less 1",
             "Kaplan-Meier curves with open items censored at the data's end, their "
             "restricted means, and errors from each cluster's influence.",
             {REFERENCE_UNO}},
        [METRIC_RATIO] = {"the ratio of two arms' ratios of sums, less 1",
                          "Delta method by cluster; Fieller's bounds where a denominator is weak.",
                          {REFERENCE_DENG_RATIO, REFERENCE_FIELLER}},
        [METRIC_QUANTILE] = {"the difference of quantiles",
                             "Quantiles of both arms, errors from each cluster's influence.",
                             {REFERENCE_DENG_QUANTILE}},
    };
    TABLE_OF(table, METRIC_QUANTILE + 1);
    return metric->kind == METRIC_MEAN && metric->scale == METRIC_LOG ? &log_mean
                                                                      : &table[metric->kind];
}
