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
#include "desk.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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
