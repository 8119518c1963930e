#include "cli/cli.h"

#include "base/error.h"
#include "base/process.h"
#include "base/terminal.h"
#include "base/text.h"

#include <locale.h>
#include <string.h>

const struct command *const commands[] = {
    &command_init,       &command_import,
    &command_connectors, &command_status,
    &command_metrics,    &command_plan,
    &command_assign,     &command_registry,
    &command_report,     &command_compare,
    &command_methods,    &command_privacy,
    &command_forget,     NULL,
};

enum status cli_workspace(struct cli *cli, const struct arguments *arguments, const char **out,
                          struct error *error)
{
    enum status status =
        workspace_find(cli->arena, argument_text(arguments, "workspace", NULL), out, error);
    if (status == STATUS_OK && *out == NULL)
        return error_set(error, ERROR_INPUT,
                         "no workspace here or above; make one: assay init q3 && cd q3");
    return status;
}

enum status cli_open(struct cli *cli, const struct arguments *arguments, bool write,
                     struct workspace **out, struct error *error)
{
    const char *folder = NULL;
    enum status status = cli_workspace(cli, arguments, &folder, error);
    if (status != STATUS_OK)
        return status;
    return workspace_open(cli->arena, folder, write, argument_given(arguments, "wait"),
                          cli->command, out, error);
}

static const struct command *find_command(const char *name)
{
    for (const struct command *const *command = commands; *command != NULL; command++)
        if (strcmp((*command)->name, name) == 0)
            return *command;
    return NULL;
}

/* Libraries start after this. Sanitizers start later still, so that it is not for them to watch. */
__attribute__((no_sanitize("address", "undefined"))) static void
before_libraries(int argc, char **argv, char **environment)
{
    (void)environment;
    const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;
    if (command != NULL && command->no_names)
        engine_meets_no_names();
}

__attribute__((section(".preinit_array"),
               used)) static void (*const first)(int, char **, char **) = before_libraries;

/* Errors quote what stands in files of strangers. */
static void show_error(FILE *log, const struct error *error)
{
    struct arena *arena = arena_create();
    const char *message = text_printable(arena, error->message);
    if (error->place[0] != '\0')
        (void)fprintf(log, "assay: %s: %s\n", text_printable(arena, error->place), message);
    else
        (void)fprintf(log, "assay: %s\n", message);
    arena_destroy(arena);
}

static int exit_code_of(enum status status)
{
    return status == ERROR_INTERNAL ? 3 : 2;
}

static int fail(enum status status, const struct error *error)
{
    show_error(stderr, error);
    return exit_code_of(status);
}

void cli_show_broken(struct cli *cli, const struct error *broken, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int code = exit_code_of(broken[i].status);
        show_error(cli->log, &broken[i]);
        if (code > cli->exit_code)
            cli->exit_code = code;
    }
}

static int no_such_command(const char *name)
{
    if (name[0] == '-') {
        (void)fprintf(stderr,
                      "assay: the command comes first, and flags behind it, as in: assay report "
                      "--workspace FOLDER; see assay --help\n");
        return 2;
    }
    const char *names[32];
    size_t count = 0;
    for (const struct command *const *command = commands; *command != NULL; command++)
        names[count++] = (*command)->name;
    const char *nearest = text_nearest(name, names, count);
    if (nearest != NULL)
        (void)fprintf(stderr, "assay: there is no command \"%s\"; did you mean %s?\n", name,
                      nearest);
    else
        (void)fprintf(stderr, "assay: there is no command \"%s\"; see assay --help\n", name);
    return 2;
}

/* `assay help [--man|--completion] [VERB]`: what packaging needs, and what people type. */
static int help(int argc, char **argv)
{
    bool manual = argc > 2 && strcmp(argv[2], "--man") == 0;
    if (argc > 2 && strcmp(argv[2], "--completion") == 0) {
        help_completion(stdout);
        return 0;
    }
    const char *name = argc > (manual ? 3 : 2) ? argv[manual ? 3 : 2] : NULL;
    if (name != NULL && name[0] == '\0')
        name = NULL; /* as the build calls it for assay itself */
    const struct command *command = name != NULL ? find_command(name) : NULL;
    if (name != NULL && command == NULL)
        return no_such_command(name);
    if (manual)
        help_manual(stdout, command);
    else if (command != NULL)
        help_command(stdout, command);
    else
        help_overview(stdout);
    return 0;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct error error = {0};
    struct arguments arguments;
    struct cli cli = {
        .arena = arena_create(),
        .out = stdout,
        .log = stderr,
    };
    cli.command = arena_printf(cli.arena, "assay %s", command->name);
    enum status status = arguments_parse(cli.arena, command, argc, argv, &arguments, &error);
    if (status == STATUS_OK && argument_given(&arguments, "help"))
        help_command(stdout, command);
    else if (status == STATUS_OK)
        status = command->run(&cli, &arguments, &error);
    arena_destroy(cli.arena);
    if (status == STATUS_OK && (fflush(stdout) != 0 || ferror(stdout) != 0))
        status =
            error_set(&error, ERROR_IO,
                      "the output could not be written whole; make room where it goes, or send "
                      "it elsewhere");
    return status == STATUS_OK ? cli.exit_code : fail(status, &error);
}

int main(int argc, char **argv)
{
    process_keep_private();
    (void)setlocale(LC_CTYPE, "");
    if (argc < 2) {
        help_first_screen(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)printf("assay %s\nengine: DuckDB %s\n", ASSAY_VERSION, engine_version());
        return 0;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        help_overview(stdout);
        return 0;
    }
    if (strcmp(argv[1], "help") == 0)
        return help(argc, argv);
    const struct command *command = find_command(argv[1]);
    if (command == NULL)
        return no_such_command(argv[1]);
    return run(command, argc - 1, argv + 1);
}
