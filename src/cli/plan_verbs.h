/* cli/plan_verbs.h: verbs of `assay plan` that have files of their own; inside cli/ only. */

#ifndef CLI_PLAN_VERBS_H
#define CLI_PLAN_VERBS_H

#include "cli/cli.h"
#include "model/plan_draft.h"

enum status plan_verb_new(struct cli *cli, const struct arguments *arguments, struct error *error);

/* words[1] is the plan. */
enum status plan_verb_power(struct cli *cli, const struct arguments *arguments,
                            struct error *error);

/* Asks on a terminal for what the draft does not say, with what there is to choose from. Enter
   takes what stands in brackets. ERROR_INPUT: the answers ended. */
enum status plan_ask(struct cli *cli, struct workspace *workspace, struct plan_draft *draft,
                     struct error *error);

/* The templates as a table. */
enum status plan_show_templates(struct cli *cli, FILE *out, struct error *error);

#endif
