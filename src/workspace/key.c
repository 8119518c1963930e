#include "workspace/inside.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Another key would give the same people other pseudonyms. */
static enum status check_key(struct workspace *workspace, struct arena *arena, const char *path,
                             struct error *error)
{
    static const char probe[] = "the key of this workspace";
    const char *known = "";
    char digits[17] = {0};
    hash_pseudonym(&workspace->key, probe, sizeof probe - 1, digits);
    enum status status = workspace_get(workspace, "key_check", arena, &known, error);
    if (status != STATUS_OK || strcmp(known, digits) == 0)
        return status;
    if (known[0] != '\0')
        return error_at(error, ERROR_INPUT, path, 0, 0,
                        "this is another key than the one that the data were read with; restore it "
                        "from a backup");
    return workspace->writable ? workspace_put(workspace, "key_check", digits, error) : STATUS_OK;
}

enum status workspace_read_key(struct workspace *workspace, struct arena *arena,
                               struct error *error)
{
    const char *path = workspace_path(workspace, arena, KEY_NAME);
    struct hash_key *key = &workspace->key;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT)
        return error_at(error, ERROR_INPUT, path, 0, 0,
                        "the key of the pseudonyms is gone, and imports need it; restore it from a "
                        "backup, or import into a new workspace (reports do without it)");
    if (file < 0)
        return error_at(error, ERROR_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
    ssize_t got = read(file, key->bytes, sizeof key->bytes);
    (void)close(file);
    if (got != (ssize_t)sizeof key->bytes)
        return error_at(error, ERROR_INPUT, path, 0, 0,
                        "the key is damaged; without it new rows get other pseudonyms than the old "
                        "ones: restore it from a backup");
    return check_key(workspace, arena, path, error);
}
