#include "cli/cli.h"

#include "base/error.h"
#include "base/text.h"

#include <getopt.h>
#include <string.h>

const struct flag common_flags[] = {
    {"workspace", "DIR", "use this workspace instead of the one here or above"},
    {"wait", NULL, "wait while another command uses the workspace"},
    {"help", NULL, "show this help"},
    {NULL, NULL, NULL},
};

bool argument_given(const struct arguments *arguments, const char *name)
{
    for (size_t i = 0; i < arguments->given_count; i++)
        if (strcmp(arguments->given[i].flag->name, name) == 0)
            return true;
    return false;
}

const char *argument_text(const struct arguments *arguments, const char *name,
                          const char *otherwise)
{
    for (size_t i = 0; i < arguments->given_count; i++)
        if (strcmp(arguments->given[i].flag->name, name) == 0)
            return arguments->given[i].value;
    return otherwise;
}

enum { all_flags_max = flags_max + 4 };

static size_t collect_flags(const struct command *command, const struct flag **flags)
{
    size_t count = 0;
    for (const struct flag *flag = command->flags; flag->name != NULL; flag++)
        flags[count++] = flag;
    for (const struct flag *flag = common_flags; flag->name != NULL; flag++)
        flags[count++] = flag;
    return count;
}

static enum status unknown_flag(const struct command *command, const char *written,
                                const struct flag *const *flags, size_t count, struct error *error)
{
    const char *names[all_flags_max];
    for (size_t i = 0; i < count; i++)
        names[i] = flags[i]->name;
    char bare[128];
    (void)snprintf(bare, sizeof bare, "%s", written + strspn(written, "-"));
    bare[strcspn(bare, "=")] = '\0';
    const char *nearest = text_nearest(bare, names, count);
    if (nearest != NULL)
        return error_set(error, ERROR_INPUT, "%s has no flag %s; did you mean --%s?", command->name,
                         written, nearest);
    return error_set(error, ERROR_INPUT, "%s has no flag %s; see assay %s --help", command->name,
                     written, command->name);
}

static bool is_repeatable(const struct command *command, const char *name)
{
    for (const char *const *flag = command->repeatable; *flag != NULL; flag++)
        if (strcmp(*flag, name) == 0)
            return true;
    return false;
}

/* Where the flag is among them; -1: it is not. */
static int place_of(const struct flag *const *flags, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(flags[i]->name, name) == 0)
            return (int)i;
    return -1;
}

enum status arguments_parse(struct arena *arena, const struct command *command, int argc,
                            char **argv, struct arguments *out, struct error *error)
{
    const struct flag *flags[all_flags_max];
    struct option options[all_flags_max + 1] = {0};
    size_t count = collect_flags(command, flags);
    for (size_t i = 0; i < count; i++)
        options[i] = (struct option){
            flags[i]->name, flags[i]->argument != NULL ? required_argument : no_argument, NULL, 0};
    struct given *given = arena_array(arena, (size_t)argc, sizeof *given);
    *out = (struct arguments){.given = given};
    opterr = 0;
    optind = 0; /* start afresh */
    for (;;) {
        int index = -1;
        int found = getopt_long(argc, argv, ":h", options, &index);
        if (found == 'h')
            index = place_of(flags, count, "help");
        if (found == -1)
            break;
        if (found == ':')
            return error_set(error, ERROR_INPUT, "%s needs a value; see assay %s --help",
                             argv[optind - 1], command->name);
        if (index < 0)
            return unknown_flag(command, argv[optind - 1], flags, count, error);
        const struct flag *flag = flags[index];
        if (flag->argument != NULL && argument_given(out, flag->name) &&
            !is_repeatable(command, flag->name))
            return error_set(error, ERROR_INPUT, "--%s is given twice; give it once", flag->name);
        given[out->given_count++] =
            (struct given){flag, optarg != NULL ? arena_text(arena, optarg) : NULL};
    }
    out->words = (const char *const *)(argv + optind);
    out->word_count = (size_t)(argc - optind);
    return STATUS_OK;
}
