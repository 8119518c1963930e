/* A file of any bytes, imported into a workspace by the connector of items, from its first bytes to
   the tables. Whatever it is: the rows of the result add up, what was stored is what the result
   says, the same file again changes nothing, and what fails leaves nothing behind. */

#include "collect/import.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In memory: an import syncs the disk. */
static char folder[] = "/dev/shm/assay-fuzz-import-XXXXXX";
static char path[64];
static struct arena *kept;
static struct workspace *workspace;
static struct connector connector;

static void fail(const char *what, const char *more)
{
    (void)fprintf(stderr, "%s: %s\n", what, more);
    abort();
}

static void remove_folder(void)
{
    char command[96];
    workspace_close(workspace);
    arena_destroy(kept);
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    (void)!system(command);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    const struct workspace_options options = {.time_zone = "UTC", .own_data = true};
    struct error error;
    if (mkdtemp(folder) == NULL)
        fail("no folder", folder);
    (void)snprintf(path, sizeof path, "%s/file", folder);
    kept = arena_create();
    const char *place = arena_printf(kept, "%s/w", folder);
    if (workspace_init(place, &options, &error) != STATUS_OK ||
        workspace_open(kept, place, true, false, "fuzz", &workspace, &error) != STATUS_OK ||
        connector_find(kept, NULL, "items", &connector, &error) != STATUS_OK)
        fail("no workspace", error.message);
    (void)atexit(remove_folder);
    return 0;
}

static int64_t count(struct arena *arena, const char *what)
{
    struct frame frame;
    struct error error;
    if (engine_query(workspace->engine, arena_printf(arena, "select count(*) from %s", what),
                     ENGINE_NO_VALUES, arena, &frame, &error) != STATUS_OK)
        fail("cannot count", error.message);
    return frame_integer(&frame, 0, 0);
}

static void clear(void)
{
    struct error error;
    if (engine_run(workspace->engine,
                   "begin; delete from item; delete from measure; delete from imported; "
                   "delete from rejected; commit",
                   &error) != STATUS_OK)
        fail("cannot clear", error.message);
}

static void check_failed(struct arena *arena, enum status status, const struct error *error)
{
    if ((status != ERROR_INPUT && status != ERROR_ENGINE) || error->message[0] == '\0')
        fail("another error than the user's", error->message);
    if (count(arena, "item") + count(arena, "measure") + count(arena, "imported") +
            count(arena, "rejected") !=
        0)
        fail("a failed import has left rows", error->message);
}

static void check_taken(struct arena *arena, const struct import_request *request,
                        const struct import_result *first, bool twice)
{
    struct import_result again;
    struct error error;
    int64_t rejected = 0;
    for (size_t i = 0; i < first->table_count; i++) {
        const struct import_table *table = &first->tables[i];
        if (table->accepted + table->rejected != table->read || table->changed != 0 ||
            table->added > table->accepted || table->accepted < 0)
            fail("counts that do not add up", table->table);
        if (count(arena, table->table) != table->added)
            fail("other rows than were counted", table->table);
        rejected += table->rejected;
    }
    if (count(arena, "rejected") > rejected)
        fail("more rejected rows than were counted", "rejected");
    if (!twice)
        return;
    if (import_file(workspace, &connector, request, NULL, arena, &again, &error) != STATUS_OK)
        fail("refused the second time", error.message);
    for (size_t i = 0; i < again.table_count; i++)
        if (again.tables[i].added + again.tables[i].changed != 0 ||
            again.tables[i].read != first->tables[i].read)
            fail("the same file again changes rows", again.tables[i].table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    const struct import_request request = {.path = path};
    struct import_result result;
    struct error error = {.status = STATUS_OK};
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || write(file, data, size) != (ssize_t)size || close(file) != 0)
        fail("cannot write", path);
    enum status status = import_file(workspace, &connector, &request, NULL, arena, &result, &error);
    if (status == STATUS_OK)
        /* An import takes long: once in eight the file comes again. */
        check_taken(arena, &request, &result, size > 0 && data[size - 1] % 8 == 2);
    else
        check_failed(arena, status, &error);
    clear();
    arena_destroy(arena);
    return 0;
}
