/* cli/cli.h

   The command line: a table of commands, each with its flags and its help in the same table, from
   which --help, the man pages and the completion are made. A command turns arguments into one call
   and gives its document to a renderer; it holds no logic of its own. */

#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "assay/status.h"
#include "base/arena.h"
#include "workspace/workspace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct flag {
    const char *name;     /* without the dashes */
    const char *argument; /* what stands for its value in help; NULL: a switch */
    const char *help;
};

struct given {
    const struct flag *flag;
    const char *value; /* NULL for a switch */
};

struct arguments {
    const struct given *given;
    size_t given_count;
    const char *const *words; /* what is no flag */
    size_t word_count;
};

bool argument_given(const struct arguments *arguments, const char *name);
/* The value given, or otherwise. */
const char *argument_text(const struct arguments *arguments, const char *name,
                          const char *otherwise);

struct cli {
    struct arena *arena;
    FILE *out;           /* results */
    FILE *log;           /* everything else */
    const char *command; /* "assay import", for the lock */
    int exit_code;       /* set by a command whose answer is "no" */
};

enum { flags_max = 48 };

struct command {
    const char *name;
    const char *group; /* heading in the overview */
    const char *usage; /* behind the name */
    const char *summary;
    const char *details;          /* paragraphs of --help */
    const char *example;          /* lines of --help */
    struct flag flags[flags_max]; /* ends with a name of NULL */
    const char *repeatable[4];    /* names of flags that may be given several times */
    bool no_names;                /* it reads nothing but the workspace, which holds no names */
    enum status (*run)(struct cli *cli, const struct arguments *arguments, struct error *error);
};

extern const struct command command_init;
extern const struct command command_import;
extern const struct command command_connectors;
extern const struct command command_status;
extern const struct command command_metrics;
extern const struct command command_plan;
extern const struct command command_assign;
extern const struct command command_registry;
extern const struct command command_report;
extern const struct command command_compare;
extern const struct command command_methods;
extern const struct command command_privacy;
extern const struct command command_forget;

/* All commands in the order of the overview; ends with NULL. */
extern const struct command *const commands[];

/* Flags that every command takes. */
extern const struct flag common_flags[];

/* ERROR_INPUT for an unknown flag (with the nearest), a missing value, or a second one for a flag
   that takes one. */
enum status arguments_parse(struct arena *arena, const struct command *command, int argc,
                            char **argv, struct arguments *out, struct error *error);

/* The folder of the workspace that the arguments or the current folder name.
   ERROR_INPUT where there is none, with the way to make one. */
enum status cli_workspace(struct cli *cli, const struct arguments *arguments, const char **out,
                          struct error *error);

/* Opens it. */
enum status cli_open(struct cli *cli, const struct arguments *arguments, bool write,
                     struct workspace **out, struct error *error);

/* Says of files of the user's why they cannot be read, and makes the exit code that of an error. */
void cli_show_broken(struct cli *cli, const struct error *broken, size_t count);

/* The screen of `assay` alone, of `assay --help` and of `assay VERB --help`. */
void help_first_screen(FILE *out);
void help_overview(FILE *out);
void help_command(FILE *out, const struct command *command);
/* A man page in roff of one command, or of assay itself where command is NULL. */
void help_manual(FILE *out, const struct command *command);
/* A completion script for bash. */
void help_completion(FILE *out);

#endif
