#include "workspace/registry_verify.h"

#include "base/time.h"

#include <string.h>
#include <strings.h>

struct verifying {
    const char *head;
    int64_t before; /* time of the line before */
    size_t lines;
    struct registry_verdict *out;
};

/* The hash of a line stands in the one after it. */
static void look_at(const json_t *line, void *context)
{
    struct verifying *verifying = context;
    struct registry_verdict *out = verifying->out;
    const char *prev = json_string_value(json_object_get(line, "prev"));
    const char *at = json_string_value(json_object_get(line, "at"));
    int64_t moment = 0;
    if (verifying->head != NULL && prev != NULL && strcasecmp(prev, verifying->head) == 0)
        out->head_at = verifying->lines;
    verifying->lines++;
    if (at == NULL || !time_parse(at, &moment))
        return;
    if (moment < verifying->before) {
        out->backwards++;
        if (out->backwards_at == 0)
            out->backwards_at = (int64_t)verifying->lines;
    }
    verifying->before = moment;
}

enum status registry_verify(const char *path, const char *head, struct registry_verdict *out,
                            struct error *error)
{
    struct verifying verifying = {head, INT64_MIN, 0, out};
    *out = (struct registry_verdict){0};
    enum status status = registry_visit(path, look_at, &verifying, &out->registry, error);
    if (status == STATUS_OK && head != NULL && strcasecmp(out->registry.head, head) == 0)
        out->head_at = out->registry.lines;
    return status;
}
