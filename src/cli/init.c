#include "cli/cli.h"

#include "base/error.h"

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    if (arguments->word_count > 1)
        return error_set(error, ERROR_INPUT, "init takes one folder");
    const char *folder = arguments->word_count == 1 ? arguments->words[0] : ".";
    const struct workspace_options options = {
        .name = argument_text(arguments, "name", NULL),
        .time_zone = argument_text(arguments, "timezone", NULL),
        .own_data = argument_given(arguments, "own-data"),
    };
    enum status status = workspace_init(folder, &options, error);
    if (status != STATUS_OK)
        return status;
    (void)fprintf(cli->out, "Workspace made: %s\n", folder);
    if (options.own_data)
        (void)fputs("All data in it is declared as your own or consented: groups of one are "
                    "shown, and every report says so.\n",
                    cli->out);
    (void)fprintf(cli->out, "Next: %s%s%sassay import git DIR, or assay import items FILE.csv\n",
                  arguments->word_count == 1 ? "cd " : "", arguments->word_count == 1 ? folder : "",
                  arguments->word_count == 1 ? " && " : "");
    return STATUS_OK;
}

const struct command command_init = {
    .name = "init",
    .group = "Bring data in",
    .usage = "[DIR] [--own-data]",
    .summary = "Make a workspace: a folder with settings, a database and the key of pseudonyms",
    .details =
        "The folder is readable by you alone. secret.key in it turns names into pseudonyms:\n"
        "destroying the key makes them unlinkable for ever.\n"
        "\n"
        "Nothing is shown of fewer than 8 workers. --own-data lifts that, for data that is all\n"
        "your own or consented (your own work, a public repository); every report then says so.",
    .example = "  assay init q3 && cd q3\n"
               "  assay init mine --own-data --timezone Europe/Berlin",
    .flags =
        {
            {"name", "NAME", "name of the workspace in reports (default: the folder's)"},
            {"timezone", "ZONE", "zone of dates and of times without one (default: the system's)"},
            {"own-data", NULL, "all data is your own or consented: groups may be of one"},
        },
    .run = run,
};
