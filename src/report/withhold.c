#include "report/withhold.h"

void withhold_by(struct withhold *withhold, json_t *object, const char *key, json_t *value)
{
    if (!json_is_object(object)) {
        json_decref(value);
        return;
    }
    if (json_object_set_new(object, key, value) != 0)
        withhold->failed = true;
}

void withhold_value(struct withhold *withhold, json_t *object, const char *key)
{
    withhold_by(withhold, object, key, json_null());
}

void withhold_values(struct withhold *withhold, json_t *object, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        withhold_value(withhold, object, *keys);
}

void withhold_all(struct withhold *withhold, json_t *object)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        withhold_value(withhold, object, key);
    }
}

void withhold_add(struct withhold *withhold, json_t *list, json_t *entry)
{
    if (json_array_append_new(list, entry) != 0)
        withhold->failed = true;
}
