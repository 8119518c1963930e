#include "cli/catalogue.h"

#include "base/error.h"

#include <string.h>

enum status cli_catalogue(struct cli *cli, const struct arguments *arguments,
                          const struct catalogue *catalogue, struct error *error)
{
    const char *workspace = NULL;
    enum status status =
        workspace_find(cli->arena, argument_text(arguments, "workspace", NULL), &workspace, error);
    if (status != STATUS_OK)
        return status;
    const char *folder =
        workspace != NULL ? arena_printf(cli->arena, "%s/%s", workspace, catalogue->name) : NULL;
    if (arguments->word_count == 0)
        return catalogue->list(cli, folder, error);
    if (arguments->word_count == 2 && strcmp(arguments->words[0], "show") == 0)
        return catalogue->show(cli, folder, arguments->words[1], error);
    return error_set(error, ERROR_INPUT, "%s takes nothing, or: show NAME%s", catalogue->name,
                     catalogue->more != NULL ? catalogue->more : "");
}
