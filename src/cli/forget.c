#include "cli/cli.h"

#include "base/error.h"
#include "collect/forget.h"
#include "evidence/facts/facts.h"

#include <dirent.h>

static size_t files_in(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t count = 0;
    if (dir == NULL)
        return 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        count += entry->d_name[0] != '.';
    (void)closedir(dir);
    return count;
}

static void show_what_remains(struct cli *cli, const struct workspace *workspace,
                              const struct forget_result *result)
{
    size_t reports = files_in(workspace_path(workspace, cli->arena, "reports"));
    (void)fprintf(cli->out,
                  "What remains, and is for you to look after:\n"
                  "  reports that were made before: %zu in reports/, and wherever others are\n"
                  "  the registry, which has no names; it says that somebody was forgotten\n"
                  "  the files that were imported; importing one again brings its people back\n"
                  "  backups and snapshots of the workspace, and freed blocks of the disk\n"
                  "  the file of names that you gave\n"
                  "  what other people's rows say in ids, teams, roles and attributes\n",
                  reports);
    if (result->counted)
        (void)fprintf(cli->out,
                      "  %lld calls of others that named one of these items; they name none now\n",
                      (long long)result->calls_of_others);
    else
        (void)fputs("  calls of others that named one of these items; they name none now\n",
                    cli->out);
}

static void show_result(struct cli *cli, const struct workspace *workspace,
                        const struct forget_result *result, bool dry_run)
{
    (void)fprintf(cli->out, "%lld of %lld names were found", (long long)result->found,
                  (long long)result->given);
    if (result->found == 0) {
        (void)fputs("; nothing was removed.\n", cli->out);
        return;
    }
    if (result->counted)
        (void)fprintf(cli->out, ", known by %lld pseudonyms with their further names",
                      (long long)result->pseudonyms);
    (void)fprintf(cli->out, ".\n%s:\n",
                  dry_run ? "Would be removed, where there are any (nothing was)"
                          : "Removed, where there were any");
    for (size_t i = 0; i < forget_counts; i++)
        if (result->counted)
            (void)fprintf(cli->out, "  %-26s %9lld\n", result->removed[i].thing,
                          (long long)result->removed[i].rows);
        else
            (void)fprintf(cli->out, "  %s\n", result->removed[i].thing);
    if (dry_run)
        return;
    (void)fputs("The database was written anew without them; the old file is gone.\n", cli->out);
    show_what_remains(cli, workspace, result);
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const struct forget_request request = {
        .path = argument_text(arguments, "worker-file", NULL),
        .dry_run = argument_given(arguments, "dry-run"),
    };
    if (arguments->word_count > 0)
        return error_set(error, ERROR_INPUT,
                         "forget takes no names on the command line, where they would stay in the "
                         "shell's history; write them to a file, one per line: --worker-file FILE");
    if (request.path == NULL)
        return error_set(error, ERROR_INPUT,
                         "forget needs --worker-file FILE, with one name per line (- is the "
                         "standard input)");
    struct workspace *workspace = NULL;
    struct forget_result result;
    enum status status = cli_open(cli, arguments, true, &workspace, error);
    if (status == STATUS_OK)
        status = forget_people(workspace, &request, cli->arena, &result, error);
    if (status == STATUS_OK)
        show_result(cli, workspace, &result, request.dry_run);
    if (status == STATUS_OK && result.found > 0 && !request.dry_run)
        status = error_add(error, facts_build(workspace, error),
                           "the people are forgotten; the next command that needs it counts what "
                           "is left anew");
    workspace_close(workspace);
    return status;
}

const struct command command_forget = {
    .name = "forget",
    .group = "Privacy",
    .usage = "--worker-file FILE",
    .summary = "Remove people wholly: their items, calls, measures, assignments, names",
    .details =
        "Names stand in a file, one per line, and never on the command line; any name that the\n"
        "person was imported under will do (a name, an address, a login), and further names that\n"
        "`assay import people` has tied to it go with it. Names that are not known are counted.\n"
        "\n"
        "Removed are the person's items with their measures, steps, reviews and links; the\n"
        "person's calls of AI tools, and calls of nobody on these items or in these sessions;\n"
        "assignments, memberships, seats and further names. Facts are rebuilt. The database is\n"
        "written anew, so that the pseudonym is not in the file any more. The registry gets a "
        "line\n"
        "that says how many names were found. It is wholly done or not at all, and there is no\n"
        "way back: look with --dry-run first. Rows are counted only in a workspace of own data:\n"
        "elsewhere the count would tell how much one person did.\n"
        "\n"
        "assay keeps no list of the forgotten: importing a file that names them brings them back.",
    .example = "  assay forget --worker-file leavers.txt --dry-run\n"
               "  assay forget --worker-file - < leavers.txt",
    .flags =
        {
            {"worker-file", "FILE", "names, one per line; - is the standard input"},
            {"dry-run", NULL, "say who is known, and remove nothing"},
        },
    .run = run,
};
