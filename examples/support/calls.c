/* Calls of the AI tool. */

#include "desk.h"

#include <math.h>
#include <stdlib.h>

/* Whether the agent works at this moment on a ticket other than `except`. */
static bool busy(const struct desk *desk, size_t agent, int64_t at, size_t except)
{
    const struct agent *who = &desk->agents[agent];
    for (size_t i = 0; i < who->ticket_count; i++) {
        const struct ticket *ticket = &desk->tickets[who->tickets[i]];
        if (who->tickets[i] != except && ticket->started <= at && at <= ticket->ended)
            return true;
    }
    return false;
}

static struct call *add_call(struct desk *desk, size_t agent, size_t ticket, int64_t at)
{
    struct random *random = &desk->random;
    if (desk->call_count == desk->call_capacity) {
        desk->call_capacity = 2 * desk->call_capacity + 1024;
        desk->calls = memory(desk->calls, desk->call_capacity, sizeof *desk->calls);
    }
    struct call *call = &desk->calls[desk->call_count++];
    *call = (struct call){.at = at, .agent = agent, .ticket = ticket};
    call->large_model = chance(desk, 0.3);
    call->prompt_chars = 40 + (unsigned)random_log_normal(random, log(700), 0.7);
    call->input_tokens = 400 + call->prompt_chars / 4;
    call->output_tokens = 20 + (unsigned)random_log_normal(random, log(220), 0.5);
    call->latency = 300 + (unsigned)random_log_normal(random, log(2200), 0.5);
    return call;
}

/* A call while its ticket is worked on. A few fail. A few forget the ticket, half of them the
   session too, where it can be told from the agent and the time alone: so that no such call is ever
   guessed to be about a ticket of a kind that has no AI. */
static void add_ticket_call(struct desk *desk, size_t ticket, int64_t at, bool sure)
{
    const struct ticket *about = &desk->tickets[ticket];
    struct call *call = add_call(desk, about->agent, ticket, at);
    call->has_id = call->has_session = true;
    bool failed = chance(desk, 0.03), forgets = chance(desk, 0.06), wholly = chance(desk, 0.5);
    if (sure)
        return;
    if (failed) {
        call->failed = true;
        call->output_tokens = 0;
    }
    if (forgets && !busy(desk, about->agent, at, ticket)) {
        call->has_id = false;
        call->has_session = !wholly;
    }
}

static void add_ticket_calls(struct desk *desk, size_t index)
{
    const struct ticket *ticket = &desk->tickets[index];
    double length = (double)(ticket->ended - ticket->started), at = 0, gap = 0;
    if (ticket->kind == technical) {
        gap = 5 * 3600 * exp(-desk->agents[ticket->agent].keenness);
    } else if (ticket->uses_ai) { /* the draft comes early, corrections follow */
        gap = 2 * 3600;
        at = length * 0.15 * random_uniform(&desk->random);
        add_ticket_call(desk, index, ticket->started + (int64_t)at, true);
    } else {
        return;
    }
    while ((at += random_exponential(&desk->random, gap)) < length)
        add_ticket_call(desk, index, ticket->started + (int64_t)at, false);
}

static int by_time(const void *a, const void *b)
{
    const struct call *left = a, *right = b;
    if (left->at != right->at)
        return left->at < right->at ? -1 : 1;
    if (left->agent != right->agent)
        return left->agent < right->agent ? -1 : 1;
    if (left->ticket != right->ticket)
        return left->ticket < right->ticket ? -1 : 1;
    return (left->prompt_chars > right->prompt_chars) - (left->prompt_chars < right->prompt_chars);
}

/* Calls about no ticket, from a week before the first on: the log is there before the work. */
static void add_other_calls(struct desk *desk)
{
    uint64_t length = (uint64_t)(export_at - log_start);
    for (size_t agent = 0; agent < agent_count; agent++)
        for (int i = 0; i < 5; i++) {
            int64_t at = log_start + (int64_t)random_below(&desk->random, length);
            if (!busy(desk, agent, at, SIZE_MAX))
                (void)add_call(desk, agent, desk->ticket_count, at);
        }
}

void draw_calls(struct desk *desk)
{
    for (size_t i = 0; i < desk->ticket_count; i++)
        add_ticket_calls(desk, i);
    add_other_calls(desk);
    qsort(desk->calls, desk->call_count, sizeof *desk->calls, by_time);
}
