/* examples/support/desk.h: the desk, its tickets and its calls, and what is planted in them. */

#ifndef SUPPORT_DESK_H
#define SUPPORT_DESK_H

#include "base/random.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Seconds since 1970, in the desk's own clock: the files bear no zone. */
#define DAY INT64_C(86400)
#define MINUTE INT64_C(60)
static const int64_t log_start = 20537 * DAY;                /* 2026-03-25 */
static const int64_t quarter_start[] = {20544 * DAY,         /* 2026-04-01 */
                                        20635 * DAY,         /* 2026-07-01 */
                                        20727 * DAY};        /* 2026-10-01 */
static const int64_t export_at = 20727 * DAY + 120 * MINUTE; /* 2026-10-01 02:00 */

static const char plan_name[] = "billing-replies-drafts";
static const double by_assignment = -0.18;
static const double uses_if_given = 0.90;
static const double uses_if_not = 0.04;
static const double form_effect = -0.25;
static const double time_variance = 0.64; /* of log time */

enum kind { billing, technical, returns, kind_count };

struct kind_of_work {
    const char *group;
    double median_minutes;
    double words; /* median length of the customer's message */
};
extern const struct kind_of_work kinds[kind_count];

enum { team_count = 6, agent_count = 60 };
extern const char *const teams[team_count];
extern const char *const names[agent_count];

struct agent {
    double slowness;     /* log scale, added to each ticket's time */
    double keenness;     /* log scale, on the rate of AI calls; independent of slowness */
    double satisfaction; /* added to each ticket's score */
    size_t *tickets;     /* by creation */
    size_t ticket_count;
};

struct ticket {
    enum kind kind;
    size_t agent;
    int64_t created, started, ended; /* as they come true, be it after the export */
    int64_t asked, reopened;         /* when the customer scored it, or sent it back; 0: never */
    bool abandoned;
    bool given_ai, uses_ai; /* Billing in the second quarter */
    bool trial;
    double words, expected_minutes, score;
};

struct call {
    int64_t at;
    size_t agent;
    size_t ticket; /* ticket_count: about none */
    bool has_id, has_session, failed;
    unsigned input_tokens, output_tokens, latency, prompt_chars;
    bool large_model;
};

struct desk {
    struct random random;
    struct agent agents[agent_count];
    struct ticket *tickets;
    size_t ticket_count;
    struct call *calls;
    size_t call_count, call_capacity;
    double abandoned;
};

/* desk.c */
void stop(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/* As realloc, with room for one more at least; stops where there is no memory. */
void *memory(void *old, size_t count, size_t size);
bool chance(struct desk *desk, double probability);
double use_effect(void); /* share of their time that tickets using AI are spared */
double mean_minutes(enum kind kind);

/* tickets.c, calls.c: in this order. */
void draw_agents(struct desk *desk);
void draw_tickets(struct desk *desk, double per_quarter);
void draw_calls(struct desk *desk);

/* files.c: as the desk's systems export them. truth.c: what was planted. */
FILE *open_file(const char *folder, const char *name);
void close_file(FILE *file, const char *name);
void write_tickets(const struct desk *desk, const char *folder);
void write_usage(const struct desk *desk, const char *folder);
void write_satisfaction(const struct desk *desk, const char *folder);
void write_measures(const struct desk *desk, const char *folder);
void write_trial(const struct desk *desk, const char *folder);
void write_truth(const struct desk *desk, const char *folder);

#endif
