/* tests/coverage/estimators.h

   The intervals that are held against the truth: how each is asked for, as the program would, and
   what the truth is. */

#ifndef TESTS_COVERAGE_ESTIMATORS_H
#define TESTS_COVERAGE_ESTIMATORS_H

#include "population.h"

#include "evidence/result.h"

/* An interval that was shown, or none. */
struct answer {
    bool given;
    bool noted; /* with a word that it may be too narrow, or too few people or events for one */
    bool holds; /* the truth; of a sequence: at each of its looks */
};

struct asking_about {
    struct fixture *fixture;
    const struct population *population;
    const struct metric *metric;
    const char *use_case; /* and plan */
    double truth;
    struct arena *arena; /* of one run */
};

struct estimator {
    const char *name;
    enum arms_by by;
    const char *metric; /* name of one of estimator_metrics */
    double (*truth)(const struct population *population);
    struct answer (*ask)(const struct asking_about *about);
};

extern const struct estimator estimators[];
extern const size_t estimator_count;

/* Files of metrics: name and text. */
struct metric_file {
    const char *name;
    const char *text;
};
extern const struct metric_file estimator_metrics[];
extern const size_t estimator_metric_count;

#endif
