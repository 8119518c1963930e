/* examples/support/generate.c: a support desk with a known truth.

   SYNOPSIS
     support-desk [--seed N] [--tickets N] [--abandoned SHARE] DIR

   DESCRIPTION
     Writes two quarters of an invented desk, tickets opened 2026-04-01 … 2026-09-30, as its systems
     would export them in the night of 2026-10-01 at 02:00: what was not over then is open. Nothing
     in the files is known later than that. The desk works around the clock; a ticket's time is
     exp(normal) of its size, its agent and chance, with spread 0.8 on the log scale, and everything
     planted multiplies it, so that what is planted is a ratio of means:

     Billing     A trial of single tickets in the second quarter. A ticket that uses AI takes
                 (1 - use_effect) of its time; nine in ten of those given AI use it, and one in
                 twenty-five of the others, which makes by_assignment by assignment.
     Technical   AI as found: calls come at a constant rate while an agent works on a ticket, so
                 long tickets meet AI more often although it does nothing. An honest comparison
                 says nothing; a naive one says that AI slows work down.
     Returns     No AI. From July on each ticket takes three quarters of its time (a new form).

     Satisfaction and reopening depend on the agent alone. The customers of a few tickets give up,
     after a patience that knows nothing of the ticket's time: censoring at that moment leaves the
     ratio of means as planted. Patience is short, lest the longest ticket of an arm be a censored
     one, which would leave its restricted mean open to the horizon.

     Same arguments, same bytes (base/random.h says how far that holds across machines).

   FILES
     tickets.csv       as a ticket system exports them; Solved is empty for an abandoned ticket,
                       Closed is when it left the queue either way
     usage.csv         calls of the AI tool from 2026-03-25 on; some fail, some name no ticket
     satisfaction.csv  rows of the table `measure`, from three in five solved tickets
     measures.csv      the same of predicted_minutes and reopened, two columns of tickets.csv
     trial.csv         rows of the table `assignment`; units are bare ticket numbers
     truth.json        what was planted
*/
#include "base/random.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

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

/* The spread of log time, 0.8, is put together from size, agent and chance. */
static const double size_spread = 0.6;
static const double agent_spread = 0.25;
static const double chance_spread = 0.466369;
static const double time_variance = 0.64;

enum kind { billing, technical, returns, kind_count };

static const struct {
    const char *group;
    double median_minutes;
    double words; /* median length of the customer's message */
} kinds[kind_count] = {
    [billing] = {"Billing", 120, 90},
    [technical] = {"Technical", 300, 160},
    [returns] = {"Returns", 180, 60},
};

static const char *const teams[] = {"Amber", "Birch", "Cedar", "Dune", "Ember", "Fjord"};

/* Invented, and unlike each other, so that a name that leaks is seen at once. */
static const char *const names[] = {
    "Adaeze Nwosu",     "Aleksander Lis",   "Amélie Rousseau",   "Anika Bergström",
    "Arash Farahani",   "Beatriz Coelho",   "Bram Vandersteen",  "Camila Quiroga",
    "Cillian Brophy",   "Dalia Haddad",     "Deniz Yıldırım",    "Dieter Kranz",
    "Efua Boateng",     "Elin Sandvik",     "Emeka Obi",         "Esther Lindqvist",
    "Farid Rahimi",     "Fiona Gallacher",  "Gaspard Lemoine",   "Giulia Ferrante",
    "Hana Dvořáková",   "Haruki Onishi",    "Idris Bello",       "Ines Carvalho",
    "Ingrid Halvorsen", "Jonas Achterberg", "Joana Pires",       "Kaito Morishita",
    "Katarzyna Wójcik", "Kwame Asante",     "Leila Mansouri",    "Levente Szabó",
    "Lucía Armendáriz", "Łukasz Zieliński", "Maeve Tiernan",     "Malik Diallo",
    "Marta Kowalczuk",  "Mateo Villalba",   "Mei-Ling Chou",     "Milan Petrović",
    "Nadia Benali",     "Nils Overgaard",   "Noor van Dijk",     "Oluwaseun Adeyemi",
    "Oskar Nyberg",     "Paloma Iglesias",  "Priya Raghunathan", "Quentin Marchal",
    "Rafaela Monteiro", "Rohan Deshpande",  "Saoirse Kinsella",  "Selma Hodžić",
    "Siobhán Devlin",   "Tariq Nasser",     "Thandiwe Mokoena",  "Tomasz Grabowski",
    "Ulrike Seidel",    "Viktor Halász",    "Yasmin El-Sayed",   "Zoë Papadakis",
};

enum {
    team_count = sizeof teams / sizeof *teams,
    agent_count = sizeof names / sizeof *names,
};

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

static void stop(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
static void stop(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("support-desk: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

static void *memory(void *old, size_t count, size_t size)
{
    void *grown = realloc(old, (count + 1) * size);
    if (grown == NULL)
        stop("out of memory");
    return grown;
}

static bool chance(struct desk *desk, double probability)
{
    return random_uniform(&desk->random) < probability;
}

/* Whole seconds, at least one: no two moments of a ticket coincide. */
static int64_t seconds(double minutes)
{
    return 1 + (int64_t)(minutes * (double)MINUTE);
}

/* The share of their time that tickets using AI are spared, so that the arms, used as they are,
   differ by by_assignment: (1 - given e) / (1 - not e) = 1 + by_assignment. */
static double use_effect(void)
{
    return -by_assignment / (uses_if_given - uses_if_not * (1 + by_assignment));
}

/* ---- tickets ---- */

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

static double mean_minutes(enum kind kind)
{
    return kinds[kind].median_minutes * exp(time_variance / 2);
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

static void draw_agents(struct desk *desk)
{
    for (size_t i = 0; i < agent_count; i++) {
        struct agent *agent = &desk->agents[i];
        agent->slowness = agent_spread * random_normal(&desk->random);
        agent->keenness = 0.4 * random_normal(&desk->random);
        agent->satisfaction = 0.03 * random_normal(&desk->random);
    }
}

static void draw_tickets(struct desk *desk, double per_quarter)
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

/* ---- calls ---- */

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

static void draw_calls(struct desk *desk)
{
    for (size_t i = 0; i < desk->ticket_count; i++)
        add_ticket_calls(desk, i);
    add_other_calls(desk);
    qsort(desk->calls, desk->call_count, sizeof *desk->calls, by_time);
}

/* ---- files ---- */

static FILE *open_file(const char *folder, const char *name)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof path)
        stop("%s: the folder's name is too long", folder);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        stop("%s: %s", path, strerror(errno));
    return file;
}

static void close_file(FILE *file, const char *name)
{
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed)
        stop("%s: not written whole: %s", name, strerror(errno));
}

struct moment {
    char text[40];
};

/* Empty for what had not happened when the export was made. */
static struct moment moment(int64_t at)
{
    struct moment moment = {""};
    time_t time = (time_t)at;
    struct tm tm;
    if (at > 0 && at <= export_at && gmtime_r(&time, &tm) != NULL)
        (void)strftime(moment.text, sizeof moment.text, "%Y-%m-%d %H:%M:%S", &tm);
    return moment;
}

static bool is_over(const struct ticket *ticket)
{
    return ticket->ended <= export_at;
}

static bool is_reopened(const struct ticket *ticket)
{
    return ticket->reopened > 0 && ticket->reopened <= export_at;
}

static const char *team_of(size_t agent)
{
    return teams[agent % team_count];
}

static size_t ticket_number(size_t index)
{
    return 48001 + index;
}

/* An open ticket was last touched by the desk's hourly reminder, at the hour of the export. */
static int64_t updated(const struct ticket *ticket)
{
    if (!is_over(ticket))
        return export_at;
    return is_reopened(ticket) ? ticket->reopened : ticket->ended;
}

static void write_tickets(const struct desk *desk, const char *folder)
{
    FILE *file = open_file(folder, "tickets.csv");
    (void)fputs("Ticket ID,Group,Assignee,Team,Created,Started,Solved,Closed,Updated,Status,"
                "Reopened,Words,Expected Minutes\n",
                file);
    for (size_t i = 0; i < desk->ticket_count; i++) {
        const struct ticket *ticket = &desk->tickets[i];
        const char *status = !is_over(ticket) ? "Open" : ticket->abandoned ? "Abandoned" : "Solved";
        (void)fprintf(file, "%zu,%s,%s,%s,%s,%s,%s,%s,%s,%s,%d,%.0f,%.0f\n", ticket_number(i),
                      kinds[ticket->kind].group, names[ticket->agent], team_of(ticket->agent),
                      moment(ticket->created).text, moment(ticket->started).text,
                      ticket->abandoned ? "" : moment(ticket->ended).text,
                      moment(ticket->ended).text, moment(updated(ticket)).text, status,
                      is_reopened(ticket), ticket->words, ticket->expected_minutes);
    }
    close_file(file, "tickets.csv");
}

/* Dollars as whole hundred-millionths, so that no rounding of a double is printed. */
static uint64_t price(const struct call *call)
{
    uint64_t input = call->large_model ? 300 : 25, output = call->large_model ? 1500 : 125;
    return call->input_tokens * input + call->output_tokens * output;
}

static void write_usage(const struct desk *desk, const char *folder)
{
    FILE *file = open_file(folder, "usage.csv");
    (void)fputs("usage_id,occurred_at,worker,team,tool,model,item_id,session,input_tokens,"
                "output_tokens,usd,latency_ms,prompt_chars,status\n",
                file);
    size_t written = 0;
    for (size_t i = 0; i < desk->call_count; i++) {
        const struct call *call = &desk->calls[i];
        if (call->at > export_at)
            continue;
        (void)fprintf(file, "u%06zu,%s,%s,%s,reply-assistant,%s,", ++written, moment(call->at).text,
                      names[call->agent], team_of(call->agent),
                      call->large_model ? "drafter-large" : "drafter-small");
        if (call->has_id)
            (void)fprintf(file, "%zu", ticket_number(call->ticket));
        (void)fputc(',', file);
        if (call->has_session)
            (void)fprintf(file, "s%zu", ticket_number(call->ticket));
        (void)fprintf(file, ",%u,%u,%" PRIu64 ".%08" PRIu64 ",%u,%u,%s\n", call->input_tokens,
                      call->output_tokens, price(call) / 100000000, price(call) % 100000000,
                      call->latency, call->prompt_chars, call->failed ? "error" : "ok");
    }
    close_file(file, "usage.csv");
}

static void write_satisfaction(const struct desk *desk, const char *folder)
{
    FILE *file = open_file(folder, "satisfaction.csv");
    (void)fputs("item_id,name,occurred_at,value\n", file);
    for (size_t i = 0; i < desk->ticket_count; i++) {
        const struct ticket *ticket = &desk->tickets[i];
        if (ticket->asked > 0 && ticket->asked <= export_at)
            (void)fprintf(file, "%zu,satisfaction,%s,%.2f\n", ticket_number(i),
                          moment(ticket->asked).text, ticket->score);
    }
    close_file(file, "satisfaction.csv");
}

/* The two columns of tickets.csv that are measures, again in the form of the table `measure`. */
static void write_measures(const struct desk *desk, const char *folder)
{
    FILE *file = open_file(folder, "measures.csv");
    (void)fputs("item_id,name,occurred_at,value\n", file);
    for (size_t i = 0; i < desk->ticket_count; i++) {
        const struct ticket *ticket = &desk->tickets[i];
        (void)fprintf(file, "%zu,predicted_minutes,%s,%.0f\n", ticket_number(i),
                      moment(ticket->created).text, ticket->expected_minutes);
        if (is_over(ticket) && !ticket->abandoned)
            (void)fprintf(file, "%zu,reopened,%s,%d\n", ticket_number(i),
                          moment(updated(ticket)).text, is_reopened(ticket));
    }
    close_file(file, "measures.csv");
}

static void write_trial(const struct desk *desk, const char *folder)
{
    FILE *file = open_file(folder, "trial.csv");
    (void)fputs("plan,unit_kind,unit,arm,since,until,probability\n", file);
    for (size_t i = 0; i < desk->ticket_count; i++)
        if (desk->tickets[i].trial)
            (void)fprintf(file, "%s,item,%zu,%s,%s,,0.5\n", plan_name, ticket_number(i),
                          desk->tickets[i].given_ai ? "ai" : "no_ai",
                          moment(desk->tickets[i].created).text);
    close_file(file, "trial.csv");
}

/* Effects are ratios of mean minutes, less one; 0 where nothing is planted. A change compares the
   whole second quarter with the first. */
static void write_truth(const struct desk *desk, const char *folder)
{
    FILE *file = open_file(folder, "truth.json");
    double given = 1 - uses_if_given * use_effect(), not_given = 1 - uses_if_not * use_effect();
    (void)fprintf(file,
                  "{\n"
                  "  \"support.billing\": {\n"
                  "    \"group\": \"Billing\", \"kind\": \"trial\", \"plan\": \"%s\",\n"
                  "    \"mean_minutes\": %.4f, \"sigma\": %.2f, \"abandoned\": %.4f,\n"
                  "    \"effect_time_to_complete\": %.2f, \"effect_of_use\": %.6f,\n"
                  "    \"uses_if_ai\": %.2f, \"uses_if_no_ai\": %.2f,\n"
                  "    \"effect_satisfaction\": 0, \"effect_reopened\": 0,\n"
                  "    \"change_time_to_complete\": %.6f\n"
                  "  },\n",
                  plan_name, mean_minutes(billing), sqrt(time_variance), desk->abandoned,
                  by_assignment, -use_effect(), uses_if_given, uses_if_not,
                  (given + not_given) / 2 - 1);
    (void)fprintf(file,
                  "  \"support.technical\": {\n"
                  "    \"group\": \"Technical\", \"kind\": \"as_found\",\n"
                  "    \"mean_minutes\": %.4f, \"sigma\": %.2f, \"abandoned\": %.4f,\n"
                  "    \"effect_time_to_complete\": 0,\n"
                  "    \"effect_satisfaction\": 0, \"effect_reopened\": 0,\n"
                  "    \"change_time_to_complete\": 0\n"
                  "  },\n",
                  mean_minutes(technical), sqrt(time_variance), desk->abandoned);
    (void)fprintf(file,
                  "  \"support.returns\": {\n"
                  "    \"group\": \"Returns\", \"kind\": \"no_ai\",\n"
                  "    \"mean_minutes\": %.4f, \"sigma\": %.2f, \"abandoned\": %.4f,\n"
                  "    \"effect_time_to_complete\": null,\n"
                  "    \"effect_satisfaction\": null, \"effect_reopened\": null,\n"
                  "    \"change_time_to_complete\": %.2f\n"
                  "  }\n"
                  "}\n",
                  mean_minutes(returns), sqrt(time_variance), desk->abandoned, form_effect);
    close_file(file, "truth.json");
}

/* ---- command ---- */

struct options {
    uint64_t seed;
    double tickets, abandoned;
    const char *folder;
};

static const char usage_text[] =
    "usage: support-desk [--seed N] [--tickets N] [--abandoned SHARE] DIR\n"
    "Writes two quarters of an invented support desk, and truth.json, into DIR.\n"
    "  --seed N           another desk of the same kind (1)\n"
    "  --tickets N        tickets per kind of work and quarter, 1 … 100000 (1000)\n"
    "  --abandoned SHARE  of customers who give up early, 0 … 0.5 (0.02)\n";

static double read_number(const char *option, const char *text, double low, double high)
{
    char *end = NULL;
    double number = text == NULL ? 0 : strtod(text, &end);
    if (text == NULL || end == text || *end != '\0' || !(number >= low && number <= high))
        stop("%s: write a number from %g to %g", option, low, high);
    return number;
}

static uint64_t read_seed(const char *text)
{
    char *end = NULL;
    errno = 0;
    unsigned long long seed = text == NULL ? 0 : strtoull(text, &end, 10);
    if (text == NULL || text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0)
        stop("--seed: write a whole number from 0 to 18446744073709551615");
    return seed;
}

/* argv[argc] is NULL, so an option without its value reads NULL. */
static struct options read_options(int argc, char **argv)
{
    struct options options = {.seed = 1, .tickets = 1000, .abandoned = 0.02};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            (void)fputs(usage_text, stdout);
            exit(0);
        } else if (strcmp(argv[i], "--seed") == 0) {
            options.seed = read_seed(argv[++i]);
        } else if (strcmp(argv[i], "--tickets") == 0) {
            options.tickets = floor(read_number("--tickets", argv[i + 1], 1, 100000));
            i++;
        } else if (strcmp(argv[i], "--abandoned") == 0) {
            options.abandoned = read_number("--abandoned", argv[i + 1], 0, 0.5);
            i++;
        } else if (argv[i][0] == '-' || options.folder != NULL) {
            stop("%s: not understood\n%s", argv[i], usage_text);
        } else {
            options.folder = argv[i];
        }
    }
    if (options.folder == NULL)
        stop("which folder?\n%s", usage_text);
    return options;
}

int main(int argc, char **argv)
{
    struct options options = read_options(argc, argv);
    if (mkdir(options.folder, 0777) != 0 && errno != EEXIST)
        stop("%s: %s", options.folder, strerror(errno));
    struct desk desk = {.random = random_seed(options.seed), .abandoned = options.abandoned};
    draw_agents(&desk);
    draw_tickets(&desk, options.tickets);
    draw_calls(&desk);
    write_tickets(&desk, options.folder);
    write_usage(&desk, options.folder);
    write_satisfaction(&desk, options.folder);
    write_measures(&desk, options.folder);
    write_trial(&desk, options.folder);
    write_truth(&desk, options.folder);
    for (size_t i = 0; i < agent_count; i++)
        free(desk.agents[i].tickets);
    free(desk.tickets);
    free(desk.calls);
    return 0;
}
