/* Templates of plans: builtin/plans/, each one map of the words of a draft. */

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "base/yaml.h"
#include "model/plan_draft.h"

#include <string.h>

static const char folder[] = "plans/";

static enum status read_text(const struct yaml *root, const char *key, const char **out,
                             struct error *error)
{
    const struct yaml *node = NULL;
    enum status status = yaml_require(root, key, "…", &node, error);
    return status == STATUS_OK ? yaml_text(node, key, out, error) : status;
}

/* A text, or a list of texts with commas between. */
static enum status read_value(struct arena *arena, const struct yaml *node, const char *key,
                              const char **out, struct error *error)
{
    const char *const *list = NULL;
    size_t count = 0;
    if (node->kind != YAML_LIST)
        return yaml_text(node, key, out, error);
    enum status status = yaml_list_of_text(arena, node, key, &list, &count, error);
    if (status == STATUS_OK)
        *out = text_joined(arena, list, count);
    return status;
}

static enum status read_guardrails(struct arena *arena, const struct yaml *root,
                                   struct plan_draft *draft, struct error *error)
{
    const char *const *list = NULL;
    const struct yaml *node = NULL;
    size_t count = 0;
    enum status status = yaml_require(root, "guardrails", "[\"rework_rate:1pp\"]", &node, error);
    if (status == STATUS_OK)
        status = yaml_list_of_text(arena, node, "guardrails", &list, &count, error);
    if (status == STATUS_OK && count > plan_guardrails_max)
        return yaml_error(node, "guardrails", error, "at most %d", plan_guardrails_max);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        draft->guardrails[draft->guardrail_count++] = list[i];
    return status;
}

static enum status read_template(struct arena *arena, const struct embedded *file,
                                 struct plan_template *out, struct error *error)
{
    struct yaml *root = NULL;
    *out = (struct plan_template){0};
    const char *path = arena_printf(arena, "builtin/%s", file->path);
    enum status status = yaml_read(arena, path, file->text, strlen(file->text), &root, error);
    if (status == STATUS_OK)
        status = read_text(root, "template", &out->name, error);
    if (status == STATUS_OK)
        status = read_text(root, "label", &out->label, error);
    if (status == STATUS_OK)
        status = read_text(root, "items", &out->draft.about, error);
    if (status == STATUS_OK)
        status = read_text(root, "why", &out->draft.why, error);
    if (status == STATUS_OK)
        status = read_text(root, "because", &out->draft.because, error);
    for (int key = 0; key < DRAFT_KEYS && status == STATUS_OK; key++) {
        const struct yaml *node = yaml_get(root, plan_draft_key((enum draft_key)key));
        if (node != NULL && key != DRAFT_ITEMS)
            status = read_value(arena, node, plan_draft_key((enum draft_key)key),
                                &out->draft.value[key], error);
    }
    out->draft.template = out->name;
    return status == STATUS_OK ? read_guardrails(arena, root, &out->draft, error) : status;
}

enum status plan_templates(struct arena *arena, struct plan_template **out, size_t *count,
                           struct error *error)
{
    struct plan_template *list = NULL;
    size_t capacity = 0;
    enum status status = STATUS_OK;
    *count = 0;
    for (const struct embedded *file = embedded_files; file->path != NULL; file++) {
        if (strncmp(file->path, folder, sizeof folder - 1) != 0)
            continue;
        list = arena_grow(arena, list, *count, &capacity, sizeof *list);
        status = read_template(arena, file, &list[*count], error);
        if (status != STATUS_OK)
            return status;
        (*count)++;
    }
    *out = list;
    return STATUS_OK;
}

enum status plan_template_find(struct arena *arena, const char *name, struct plan_template *out,
                               struct error *error)
{
    struct plan_template *list = NULL;
    size_t count = 0;
    enum status status = plan_templates(arena, &list, &count, error);
    if (status != STATUS_OK)
        return status;
    const char **names = arena_array(arena, count, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        names[i] = list[i].name;
        if (strcmp(name, list[i].name) == 0) {
            *out = list[i];
            return STATUS_OK;
        }
    }
    const char *nearest = text_nearest(name, names, count);
    return error_at(error, ERROR_INPUT, "--template", 0, 0, "there is no template \"%.80s\"; %s%s",
                    name, nearest != NULL ? "did you mean " : "there are ",
                    nearest != NULL ? arena_printf(arena, "%s?", nearest)
                                    : text_joined(arena, names, count));
}
