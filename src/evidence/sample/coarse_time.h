/* evidence/sample/coarse_time.h

   Landmarks and horizons are published, and come from times of items: they are rounded down to
   steps so wide that they do not tell when one item was done. What is computed with is the rounded
   time.

   Both give minutes for minutes, and 0 for what is under their first step. */

#ifndef EVIDENCE_COARSE_TIME_H
#define EVIDENCE_COARSE_TIME_H

/* The longest of 1, 2, 5, 10, 15, 30 seconds, the same of minutes, 1, 2, 3, 4, 6, 8, 12 hours, 1,
   2, 3, 5, 7, 10, 14, 21 days and their like that is not above. */
double coarse_landmark(double minutes);

/* The last whole day; under two days the last whole hour, under two hours as a landmark. */
double coarse_horizon(double minutes);

#endif
