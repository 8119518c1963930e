#include "cli/cli.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

static const char tagline[] = "what got better this quarter, and was it AI?";

void help_first_screen(FILE *out)
{
    struct arena *arena = arena_create();
    const char *folder = NULL;
    struct error error;
    bool here = workspace_find(arena, NULL, &folder, &error) == STATUS_OK && folder != NULL;
    (void)fprintf(out, "assay: %s\n", tagline);
    if (here)
        (void)fprintf(out, "Workspace: %s      with what you have:\n", folder);
    else
        (void)fprintf(out, "No workspace here.   assay init q3 && cd q3     then, with what you "
                           "have:\n");
    (void)fputs(
        "  assay import git ~/src/app            a repository: rework, and AI where commits "
        "name it\n"
        "  assay import items tickets.csv --map item_id=\"Ticket ID\" --map "
        "opened_at=Created\n"
        "  assay report                          the answer so far, and what it can't say "
        "yet\n"
        "Names are replaced by keyed pseudonyms while reading; text of prompts is never "
        "stored.\n"
        "All commands: assay --help\n",
        out);
    arena_destroy(arena);
}

void help_overview(FILE *out)
{
    (void)fprintf(out, "assay: %s\n\nUsage: assay VERB [--flags]\n", tagline);
    const char *group = "";
    for (const struct command *const *command = commands; *command != NULL; command++) {
        if (strcmp(group, (*command)->group) != 0) {
            group = (*command)->group;
            (void)fprintf(out, "\n%s\n", group);
        }
        (void)fprintf(out, "  %-12s %s\n", (*command)->name, (*command)->summary);
    }
    (void)fputs(
        "\nassay VERB --help tells more, with an example. assay --version names the "
        "versions.\n"
        "Exit status: 0 done, 1 the answer is no (nothing can be compared, no row of a file was "
        "accepted,\na connector has a fault, others can read the workspace), 2 usage or input "
        "error, or the system refused (no "
        "room, no\npermission, in use), 3 internal error.\n",
        out);
}

static void print_flag(FILE *out, const struct flag *flag)
{
    char left[64];
    (void)snprintf(left, sizeof left, "--%s%s%s", flag->name, flag->argument != NULL ? " " : "",
                   flag->argument != NULL ? flag->argument : "");
    (void)fprintf(out, "  %-26s %s\n", left, flag->help);
}

void help_command(FILE *out, const struct command *command)
{
    (void)fprintf(out, "Usage: assay %s %s\n\n%s.\n", command->name, command->usage,
                  command->summary);
    if (command->details != NULL)
        (void)fprintf(out, "\n%s\n", command->details);
    (void)fputs("\nFlags\n", out);
    for (const struct flag *flag = command->flags; flag->name != NULL; flag++)
        print_flag(out, flag);
    for (const struct flag *flag = common_flags; flag->name != NULL; flag++)
        print_flag(out, flag);
    (void)fprintf(out, "\nExample\n%s\n", command->example);
}

/* ---- Man pages -------------------------------------------------------------------------- */

/* Text for roff: backslashes, dashes of flags, and dots or quotes that begin a line. */
static void roff(FILE *out, const char *text)
{
    bool line_start = true;
    for (; *text != '\0'; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            (void)fputs("\\&", out);
        if (*text == '\\')
            (void)fputs("\\e", out);
        else if (*text == '-')
            (void)fputs("\\-", out);
        else
            (void)fputc(*text, out);
        line_start = *text == '\n';
    }
}

static void roff_flag(FILE *out, const struct flag *flag)
{
    (void)fputs(".TP\n.B ", out);
    roff(out, "--");
    roff(out, flag->name);
    if (flag->argument != NULL)
        (void)fprintf(out, " \\fI%s\\fR", flag->argument);
    (void)fputc('\n', out);
    roff(out, flag->help);
    (void)fputc('\n', out);
}

static void roff_heading(FILE *out, const char *name)
{
    (void)fputs(".TH \"", out);
    for (; *name != '\0'; name++)
        (void)fputc(toupper((unsigned char)*name), out);
    (void)fprintf(out, "\" \"1\" \"\" \"assay %s\" \"assay\"\n.SH NAME\n", ASSAY_VERSION);
}

static void manual_of_all(FILE *out)
{
    roff_heading(out, "assay");
    (void)fputs("assay \\- ", out);
    roff(out, tagline);
    (void)fputs("\n.SH SYNOPSIS\n.B assay\n.I VERB\n[flags]\n.SH COMMANDS\n", out);
    for (const struct command *const *command = commands; *command != NULL; command++) {
        (void)fprintf(out, ".TP\n.BR assay\\-%s (1)\n", (*command)->name);
        roff(out, (*command)->summary);
        (void)fputc('\n', out);
    }
    (void)fputs(".SH EXIT STATUS\n0 done, 1 the answer is no (nothing can be compared, no "
                "row of a file was accepted, a connector has a fault, others can read the "
                "workspace), 2 usage or input error, "
                "or the system refused (no room, no permission, in use), 3 internal error.\n.SH "
                "ENVIRONMENT\n.TP\n.B ASSAY_WORKSPACE\nthe "
                "workspace, where "
                "\\-\\-workspace is not given\n.TP\n.B NO_COLOR\nno colours on a terminal\n",
                out);
}

void help_manual(FILE *out, const struct command *command)
{
    if (command == NULL) {
        manual_of_all(out);
        return;
    }
    char name[64];
    (void)snprintf(name, sizeof name, "assay-%s", command->name);
    roff_heading(out, name);
    (void)fprintf(out, "assay\\-%s \\- ", command->name);
    roff(out, command->summary);
    (void)fprintf(out, "\n.SH SYNOPSIS\n.B assay %s\n", command->name);
    roff(out, command->usage);
    (void)fputs("\n.SH DESCRIPTION\n", out);
    roff(out, command->summary);
    (void)fputs(".\n", out);
    if (command->details != NULL) {
        (void)fputs(".PP\n.nf\n", out);
        roff(out, command->details);
        (void)fputs("\n.fi\n", out);
    }
    (void)fputs(".SH OPTIONS\n", out);
    for (const struct flag *flag = command->flags; flag->name != NULL; flag++)
        roff_flag(out, flag);
    for (const struct flag *flag = common_flags; flag->name != NULL; flag++)
        roff_flag(out, flag);
    (void)fputs(".SH EXAMPLE\n.nf\n", out);
    roff(out, command->example);
    (void)fputs("\n.fi\n.SH SEE ALSO\n.BR assay (1)\n", out);
}

/* ---- Completion ------------------------------------------------------------------------- */

void help_completion(FILE *out)
{
    (void)fputs("# bash completion for assay, made by `assay help --completion`\n"
                "_assay() {\n"
                "    local current=\"${COMP_WORDS[COMP_CWORD]}\" verb=\"${COMP_WORDS[1]}\" words=\n"
                "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words=\"--version --help",
                out);
    for (const struct command *const *command = commands; *command != NULL; command++)
        (void)fprintf(out, " %s", (*command)->name);
    (void)fputs("\"\n    else\n        case \"$verb\" in\n", out);
    for (const struct command *const *command = commands; *command != NULL; command++) {
        (void)fprintf(out, "        %s) words=\"", (*command)->name);
        for (const struct flag *flag = (*command)->flags; flag->name != NULL; flag++)
            (void)fprintf(out, "--%s ", flag->name);
        for (const struct flag *flag = common_flags; flag->name != NULL; flag++)
            (void)fprintf(out, "--%s ", flag->name);
        (void)fputs("\" ;;\n", out);
    }
    (void)fputs("        esac\n    fi\n"
                "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                "}\n"
                "complete -o default -F _assay assay\n",
                out);
}
