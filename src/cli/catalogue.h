/* cli/catalogue.h: commands that list what is built in and what is the user's own, or show one. */

#ifndef CLI_CATALOGUE_H
#define CLI_CATALOGUE_H

#include "cli/cli.h"

struct catalogue {
    const char *name; /* of the command, and of the workspace's folder: "metrics" */
    /* folder is NULL outside of a workspace. */
    enum status (*list)(struct cli *cli, const char *folder, struct error *error);
    enum status (*show)(struct cli *cli, const char *folder, const char *name, struct error *error);
    const char *more; /* what else the command takes, for its error; or NULL */
};

/* Without words lists, with `show NAME` shows. */
enum status cli_catalogue(struct cli *cli, const struct arguments *arguments,
                          const struct catalogue *catalogue, struct error *error);

#endif
