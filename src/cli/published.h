/* cli/published.h: what `report` does with reports that are kept. */

#ifndef CLI_PUBLISHED_H
#define CLI_PUBLISHED_H

#include "cli/cli.h"
#include "evidence/result.h"

#include <jansson.h>

/* --compare-with and --publish, once the document is as readers see it. */
enum status cli_published(struct cli *cli, const struct arguments *arguments, const char *folder,
                          const struct evidence *evidence, json_t *document, struct error *error);

/* The days of a published report, each NULL where it has none: first and last. */
enum status cli_published_days(struct cli *cli, const struct arguments *arguments, const char *name,
                               const char **from, const char **to, struct error *error);

/* --list */
enum status cli_published_list(struct cli *cli, const struct arguments *arguments,
                               struct error *error);

#endif
