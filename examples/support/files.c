/* The exports. */

#include "desk.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

FILE *open_file(const char *folder, const char *name)
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

void close_file(FILE *file, const char *name)
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

static const char *team_of(size_t agent)
{
    return teams[agent % team_count];
}

static bool is_over(const struct ticket *ticket)
{
    return ticket->ended <= export_at;
}

static bool is_reopened(const struct ticket *ticket)
{
    return ticket->reopened > 0 && ticket->reopened <= export_at;
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

void write_tickets(const struct desk *desk, const char *folder)
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

void write_usage(const struct desk *desk, const char *folder)
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

void write_satisfaction(const struct desk *desk, const char *folder)
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
void write_measures(const struct desk *desk, const char *folder)
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

void write_trial(const struct desk *desk, const char *folder)
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
