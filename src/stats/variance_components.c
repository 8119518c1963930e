#include "assay/variance_components.h"

#include "base/error.h"

#include <math.h>

/* Sums of squares of both levels, and of sizes. */
struct sums {
    double items;         /* N */
    double mean;          /* of all items */
    double within;        /* of items about their worker */
    double among_workers; /* of workers about their team, or about all */
    double among_teams;
    double worker_squares; /* B */
    double worker_shares;  /* A */
    double team_squares;   /* C */
    size_t teams;          /* with an item */
};

static enum status check(size_t workers, const struct component_worker *list, size_t teams,
                         struct error *error)
{
    for (size_t g = 0; g < workers; g++)
        if (!(list[g].items > 0) || !isfinite(list[g].items) || !isfinite(list[g].mean) ||
            !(list[g].squares >= 0) || !isfinite(list[g].squares) ||
            (teams > 0 && (list[g].team < 0 || (size_t)list[g].team >= teams)))
            return error_set(error, ERROR_DOMAIN, "the numbers of worker %zu are out of range", g);
    if (workers < 2)
        return error_set(error, ERROR_DOMAIN, "%zu workers: at least 2 are needed", workers);
    return STATUS_OK;
}

static struct sums sums_of(size_t workers, const struct component_worker *list, size_t teams,
                           double *team_items, double *team_mean)
{
    struct sums sums = {0};
    for (size_t t = 0; t < teams; t++)
        team_items[t] = team_mean[t] = 0;
    for (size_t g = 0; g < workers; g++) {
        sums.items += list[g].items;
        sums.mean += (list[g].mean - sums.mean) * list[g].items / sums.items;
        sums.within += list[g].squares;
        sums.worker_squares += list[g].items * list[g].items;
        if (teams > 0) {
            int64_t t = list[g].team;
            team_items[t] += list[g].items;
            team_mean[t] += (list[g].mean - team_mean[t]) * list[g].items / team_items[t];
        }
    }
    for (size_t g = 0; g < workers; g++) {
        double of_team = teams > 0 ? team_items[list[g].team] : sums.items;
        double about = list[g].mean - (teams > 0 ? team_mean[list[g].team] : sums.mean);
        sums.among_workers += list[g].items * about * about;
        sums.worker_shares += list[g].items * list[g].items / of_team;
    }
    for (size_t t = 0; t < teams; t++) {
        double about = team_mean[t] - sums.mean;
        sums.teams += team_items[t] > 0;
        sums.among_teams += team_items[t] * about * about;
        sums.team_squares += team_items[t] * team_items[t];
    }
    return sums;
}

enum status assay_variance_components(size_t workers, const struct component_worker *list,
                                      size_t teams, double *scratch,
                                      struct variance_components *out, struct error *error)
{
    enum status status = check(workers, list, teams, error);
    if (status != STATUS_OK)
        return status;
    struct sums sums = sums_of(workers, list, teams, scratch, teams > 0 ? scratch + teams : NULL);
    double groups = (double)workers;
    double units = teams > 0 ? (double)sums.teams : 1;
    struct variance_components found = {0};
    if (teams > 0 && sums.teams < 2)
        return error_set(error, ERROR_DOMAIN, "one team: at least 2 are needed");
    if (sums.items > groups)
        found.item = sums.within / (sums.items - groups);
    if (groups > units) {
        double per = (sums.items - sums.worker_shares) / (groups - units);
        found.worker = fmax(0, (sums.among_workers / (groups - units) - found.item) / per);
    }
    if (teams > 0) {
        double workers_in = (sums.worker_shares - sums.worker_squares / sums.items) / (units - 1);
        double per = (sums.items - sums.team_squares / sums.items) / (units - 1);
        found.team = fmax(
            0, (sums.among_teams / (units - 1) - found.item - workers_in * found.worker) / per);
    }
    found.total = found.item + found.worker + found.team;
    *out = found;
    return STATUS_OK;
}
