/* Restricted means from items in memory: sort by time, build the risk sets, sum by cluster. */

#include "assay/restricted_mean.h"

#include "base/error.h"

#include <math.h>
#include <stdlib.h>

/* An item on its way through the sort. */
struct timed {
    double time;
    double weight;
    size_t cluster;
    bool event;
};

static int by_time(const void *a, const void *b)
{
    const struct timed *one = a;
    const struct timed *other = b;
    return (one->time > other->time) - (one->time < other->time);
}

static enum status check_items(const struct timed_items *items, struct error *error)
{
    for (size_t i = 0; i < items->count; i++) {
        if (items->arm[i] != 0 && items->arm[i] != 1)
            return error_set(error, ERROR_DOMAIN, "item %zu: its arm is neither 0 nor 1", i + 1);
        if (items->cluster[i] < 0 || (size_t)items->cluster[i] >= items->cluster_count)
            return error_set(error, ERROR_DOMAIN, "item %zu: there are %zu clusters", i + 1,
                             items->cluster_count);
        if (!isfinite(items->time[i]) || items->time[i] < 0)
            return error_set(error, ERROR_DOMAIN,
                             "item %zu: its time is not a finite number of 0 or more", i + 1);
        if (items->weight != NULL && (!isfinite(items->weight[i]) || !(items->weight[i] > 0)))
            return error_set(error, ERROR_DOMAIN,
                             "item %zu: its weight is not a finite number above 0", i + 1);
    }
    return STATUS_OK;
}

struct room {
    struct timed *sorted;
    double *time, *events, *censored, *event_influence, *censored_influence;
    double *sums[2];  /* by arm: influence of each cluster */
    double *items[2]; /* by arm: weight of its items */
};

static void room_close(struct room *room)
{
    free(room->sorted);
    free(room->time);
    free(room->sums[0]);
}

static enum status room_open(struct room *room, const struct timed_items *items,
                             struct error *error)
{
    size_t count = items->count;
    size_t clusters = items->cluster_count;
    room->sorted = calloc(count + 1, sizeof *room->sorted);
    room->time = calloc(5 * count + 1, sizeof(double));
    room->sums[0] = calloc(4 * clusters + 1, sizeof(double));
    if (room->sorted == NULL || room->time == NULL || room->sums[0] == NULL) {
        room_close(room);
        (void)error_memory(error);
        return ERROR_MEMORY;
    }
    room->events = room->time + count;
    room->censored = room->events + count;
    room->event_influence = room->censored + count;
    room->censored_influence = room->event_influence + count;
    room->sums[1] = room->sums[0] + clusters;
    room->items[0] = room->sums[1] + clusters;
    room->items[1] = room->items[0] + clusters;
    return STATUS_OK;
}

/* One arm: its risk sets, its restricted mean, and the influence of each cluster in it. */
static enum status add_arm(struct room *room, const struct timed_items *items, int64_t arm,
                           double horizon, struct restricted_mean *out, struct error *error)
{
    size_t count = 0;
    struct risk_table table = {0, room->time, room->events, room->censored};
    for (size_t i = 0; i < items->count; i++)
        if (items->arm[i] == arm)
            room->sorted[count++] =
                (struct timed){items->time[i], items->weight != NULL ? items->weight[i] : 1,
                               (size_t)items->cluster[i], items->event[i]};
    qsort(room->sorted, count, sizeof *room->sorted, by_time);
    for (size_t i = 0; i < count; i++) {
        const struct timed *item = &room->sorted[i];
        if (i == 0 || item->time > room->time[table.count - 1]) {
            room->time[table.count] = item->time;
            room->events[table.count] = room->censored[table.count] = 0;
            table.count++;
        }
        *(item->event ? &room->events[table.count - 1] : &room->censored[table.count - 1]) +=
            item->weight;
    }
    enum status status = assay_restricted_mean(&table, horizon, room->event_influence,
                                               room->censored_influence, out, error);
    if (status != STATUS_OK)
        return status;
    size_t row = 0;
    for (size_t i = 0; i < count; i++) {
        const struct timed *item = &room->sorted[i];
        while (room->time[row] < item->time)
            row++;
        room->sums[arm][item->cluster] +=
            item->weight *
            (item->event ? room->event_influence[row] : room->censored_influence[row]);
        room->items[arm][item->cluster] += item->weight;
    }
    return STATUS_OK;
}

enum status assay_restricted_mean_items(const struct timed_items *items, double horizon,
                                        double level, struct restricted_mean_comparison *out,
                                        struct error *error)
{
    struct room room = {0};
    struct restricted_mean_comparison result = {0};
    enum status status = check_items(items, error);
    if (status == STATUS_OK)
        status = room_open(&room, items, error);
    if (status != STATUS_OK)
        return status;
    for (int64_t arm = 0; status == STATUS_OK && arm < 2; arm++)
        status = add_arm(&room, items, arm, horizon, &result.arms[arm], error);
    if (status == STATUS_OK) {
        struct arm_influence arms[2];
        for (size_t arm = 0; arm < 2; arm++)
            arms[arm] =
                (struct arm_influence){result.arms[arm].mean, room.items[arm], room.sums[arm]};
        for (size_t g = 0; g < items->cluster_count; g++)
            result.clusters += room.items[0][g] > 0 || room.items[1][g] > 0;
        status = assay_restricted_mean_compare(items->cluster_count, &arms[1], &arms[0], level,
                                               &result.difference, &result.log_ratio, error);
    }
    if (status == STATUS_OK)
        *out = result;
    room_close(&room);
    return status;
}
