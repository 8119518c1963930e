#include "workspace/inside.h"

#include "base/error.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool workspace_is(struct arena *arena, const char *folder)
{
    return access(arena_printf(arena, "%s/" SETTINGS_NAME, folder), F_OK) == 0;
}

const char *workspace_at_or_above(struct arena *arena, const char *path)
{
    char *folder = arena_text(arena, path);
    for (;;) {
        if (workspace_is(arena, folder))
            return folder;
        char *slash = strrchr(folder, '/');
        if (slash == NULL || folder[1] == '\0')
            return NULL;
        *(slash == folder ? slash + 1 : slash) = '\0';
    }
}

enum status workspace_find(struct arena *arena, const char *explicit_folder, const char **out,
                           struct error *error)
{
    const char *named = explicit_folder != NULL ? explicit_folder : getenv("ASSAY_WORKSPACE");
    if (named != NULL && named[0] != '\0') {
        if (!workspace_is(arena, named))
            return error_at(error, ERROR_INPUT, named, 0, 0,
                            "this folder is no workspace (it has no assay.yaml); run `assay init "
                            "%s`",
                            named);
        *out = arena_text(arena, named);
        return STATUS_OK;
    }
    char folder[PATH_MAX];
    if (getcwd(folder, sizeof folder) == NULL)
        return error_set(error, ERROR_IO, "the current folder cannot be read: %s", strerror(errno));
    *out = workspace_at_or_above(arena, folder);
    return STATUS_OK;
}
