/* Agents and their tickets. */

#include "desk.h"

#include <math.h>
#include <stdlib.h>

/* The spread of log time, 0.8, is put together from size, agent and chance. */
static const double size_spread = 0.6;
static const double agent_spread = 0.25;
static const double chance_spread = 0.466369;

/* Whole seconds, at least one: no two moments of a ticket coincide. */
static int64_t seconds(double minutes)
{
    return 1 + (int64_t)(minutes * (double)MINUTE);
}

/* Fewer tickets at night and at weekends: a draw is kept with its hour's weight. */
static int64_t draw_created(struct desk *desk, size_t quarter)
{
    int64_t from = quarter_start[quarter], length = quarter_start[quarter + 1] - from;
    for (;;) {
        int64_t at = from + (int64_t)random_below(&desk->random, (uint64_t)length);
        int64_t hour = at % DAY / 3600, weekday = (at / DAY + 4) % 7; /* 0: Sunday */
        double weight = hour < 7 ? 0.4 : 1;
        if (weekday == 0 || weekday == 6)
            weight *= 0.6;
        if (chance(desk, weight))
            return at;
    }
}

static double planted_factor(const struct ticket *ticket, size_t quarter)
{
    if (ticket->kind == returns && quarter == 1)
        return 1 + form_effect;
    return ticket->uses_ai ? 1 - use_effect() : 1;
}

static double draw_score(struct desk *desk, const struct agent *agent)
{
    double score = 0.84 + agent->satisfaction + 0.11 * random_normal(&desk->random);
    return fmin(1, fmax(0, round(score * 20) / 20));
}

static struct ticket draw_ticket(struct desk *desk, enum kind kind, size_t quarter)
{
    struct random *random = &desk->random;
    struct ticket ticket = {.kind = kind, .agent = (size_t)random_below(random, agent_count)};
    const struct agent *agent = &desk->agents[ticket.agent];
    ticket.created = draw_created(desk, quarter);
    ticket.trial = kind == billing && quarter == 1;
    if (ticket.trial) {
        ticket.given_ai = chance(desk, 0.5);
        ticket.uses_ai = chance(desk, ticket.given_ai ? uses_if_given : uses_if_not);
    }
    double size = size_spread * random_normal(random);
    double minutes = kinds[kind].median_minutes *
                     random_log_normal(random, size + agent->slowness, chance_spread) *
                     planted_factor(&ticket, quarter);
    ticket.expected_minutes = fmax(1, round(kinds[kind].median_minutes * exp(size)));
    ticket.words = fmax(3, round(kinds[kind].words * random_log_normal(random, size, 0.2)));
    ticket.started = ticket.created + seconds(random_log_normal(random, log(20), 0.9));
    if (chance(desk, desk->abandoned)) {
        double patience = random_exponential(random, mean_minutes(kind) / 4);
        ticket.abandoned = patience < minutes;
        minutes = fmin(minutes, patience);
    }
    ticket.ended = ticket.started + seconds(minutes);
    ticket.score = draw_score(desk, agent);
    if (chance(desk, 0.6) && !ticket.abandoned)
        ticket.asked = ticket.ended + seconds(random_log_normal(random, log(600), 1));
    if (chance(desk, 0.04) && !ticket.abandoned)
        ticket.reopened = ticket.ended + seconds(random_exponential(random, 3 * 1440));
    return ticket;
}

static int by_creation(const void *a, const void *b)
{
    const struct ticket *left = a, *right = b;
    if (left->created != right->created)
        return left->created < right->created ? -1 : 1;
    return left->kind != right->kind ? (left->kind < right->kind ? -1 : 1)
                                     : (left->ended > right->ended) - (left->ended < right->ended);
}

void draw_agents(struct desk *desk)
{
    for (size_t i = 0; i < agent_count; i++) {
        struct agent *agent = &desk->agents[i];
        agent->slowness = agent_spread * random_normal(&desk->random);
        agent->keenness = 0.4 * random_normal(&desk->random);
        agent->satisfaction = 0.03 * random_normal(&desk->random);
    }
}

void draw_tickets(struct desk *desk, double per_quarter)
{
    for (size_t quarter = 0; quarter < 2; quarter++)
        for (enum kind kind = billing; kind < kind_count; kind++) {
            double drawn = per_quarter + sqrt(per_quarter) * random_normal(&desk->random);
            size_t count = (size_t)fmax(1, drawn);
            desk->tickets =
                memory(desk->tickets, desk->ticket_count + count, sizeof *desk->tickets);
            for (size_t i = 0; i < count; i++)
                desk->tickets[desk->ticket_count++] = draw_ticket(desk, kind, quarter);
        }
    qsort(desk->tickets, desk->ticket_count, sizeof *desk->tickets, by_creation);
    for (size_t i = 0; i < desk->ticket_count; i++) {
        struct agent *agent = &desk->agents[desk->tickets[i].agent];
        agent->tickets = memory(agent->tickets, agent->ticket_count, sizeof *agent->tickets);
        agent->tickets[agent->ticket_count++] = i;
    }
}
