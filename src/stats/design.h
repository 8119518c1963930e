/* stats/design.h

   Degrees of freedom of a difference of two arms from the design alone: which share of each arm
   every cluster has. Satterthwaite's (1946), where clusters are independent, those of an arm differ
   in variance as their shares do, and an arm's variance is to the other's as s_a, the inverse of
   the number of equal clusters that it is worth:

       df = (s_1 + s_0)^2 / q,    s_a = sum over g of w_ga^2
       q = sum over a of s_a^2 (s_a + sum over g != h of b_ga b_ha)
           + 2 s_1 s_0 (sum over g of w_g1 w_g0 + sum over g != h of c_g c_h)
       b_ga = w_ga^2 / (1 - w_ga),   c_g = w_g1 w_g0 / sqrt((1 - w_g1) (1 - w_g0))

   With clusters of one size: Welch's where each is in one arm, G - 1 where all are in both. */

#ifndef STATS_DESIGN_H
#define STATS_DESIGN_H

/* Starts as zeros. Sums over pairs are taken as they come: as a difference of squares their digits
   would cancel. */
struct design {
    double squares[2]; /* s_a */
    double pairs[2];   /* of b */
    double before[2];
    double both; /* of w_1 w_0, and of c over pairs */
    double before_both;
};

/* Adds a cluster with its share of each arm, 0 to below 1. */
void design_add(struct design *design, double share_1, double share_0);

/* The same from what clusters added to the estimate: (sum s^2)^2 / sum s^4 with unbiased estimates
   under normal phi, sum phi^4 / 3 of sum s^4 and (sum phi^2)^2 - 2 sum phi^4 / 3 of (sum s^2)^2.
   second, fourth   sums of phi's squares and fourth powers
   At least 1; INFINITY where all are 0. */
double influence_df(double second, double fourth);

/* One arm alone has the shares of the other at 0. */
double design_df(const struct design *design);

#endif
