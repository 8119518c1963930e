/* Answers to queries that are asked again while nothing is written. */

#include "engine/duckdb_internal.h"

#include "base/hash.h"
#include "base/lookup.h"
#include "base/text.h"

#include <string.h>

/* Beyond so many cells nothing more is kept: it would no longer be a small part of the memory. */
enum { cells_most = 8 * 1024 * 1024 };

struct remembered {
    struct arena *arena;
    struct lookup temporary; /* tables that were made since; how often: */
    int64_t *made;
    size_t made_capacity;
    struct lookup asked;
    struct frame *frames;
    size_t capacity;
    size_t cells;
};

void engine_remember(struct engine *engine, struct arena *arena)
{
    engine->remembered = arena_alloc(arena, sizeof *engine->remembered);
    *engine->remembered = (struct remembered){
        .arena = arena, .asked = {.arena = arena}, .temporary = {.arena = arena}};
}

void engine_forget(struct engine *engine)
{
    engine->remembered = NULL;
}

void remembered_are_stale(struct engine *engine)
{
    if (engine->remembered != NULL)
        engine_remember(engine, engine->remembered->arena);
}

void remembered_make(struct engine *engine, const char *table)
{
    struct remembered *remembered = engine->remembered;
    bool is_new = false;
    if (remembered == NULL)
        return;
    size_t number = lookup_add(&remembered->temporary, table, &is_new);
    if (is_new)
        remembered->made = arena_grow(remembered->arena, remembered->made, number,
                                      &remembered->made_capacity, sizeof *remembered->made);
    remembered->made[number]++;
}

/* What was asked, as a hash: texts of queries are long. A query in whose text the name of a
   temporary table stands is another one each time that the table was made anew. */
static void key_of(const struct remembered *remembered, struct arena *arena, const char *sql,
                   struct engine_values values, char out[hash_hex_length + 1])
{
    struct text key = {.arena = arena};
    text_add(&key, sql);
    for (size_t i = 0; i < remembered->temporary.count; i++)
        if (strstr(sql, remembered->temporary.texts[i]) != NULL)
            text_addf(&key, "\n%s %lld", remembered->temporary.texts[i],
                      (long long)remembered->made[i]);
    for (size_t i = 0; i < values.count; i++) {
        const struct engine_value *value = &values.list[i];
        text_addf(&key, "\n$%s %d %d %lld %a ", value->name, (int)value->type, (int)value->null,
                  (long long)value->integer, value->number);
        text_add(&key, value->text != NULL ? value->text : "");
    }
    hash_sha256(text_get(&key), key.length, out);
}

static void keep(struct remembered *remembered, const char *key, const struct frame *frame)
{
    size_t cells = frame->rows * frame->column_count;
    if (remembered->cells + cells > cells_most)
        return;
    size_t number = lookup_add(&remembered->asked, key, NULL);
    remembered->frames = arena_grow(remembered->arena, remembered->frames, number,
                                    &remembered->capacity, sizeof *remembered->frames);
    remembered->frames[number] = *frame;
    remembered->cells += cells;
}

enum status remembered_query(struct engine *engine, const char *sql, struct engine_values values,
                             struct frame *out, struct error *error)
{
    struct remembered *remembered = engine->remembered;
    struct arena *passing = arena_create();
    char key[hash_hex_length + 1];
    key_of(remembered, passing, sql, values, key);
    arena_destroy(passing);
    size_t number = lookup_find(&remembered->asked, key);
    if (number != SIZE_MAX) {
        *out = remembered->frames[number];
        return STATUS_OK;
    }
    enum status status = read_frame(engine, sql, values, remembered->arena, out, error);
    if (status == STATUS_OK)
        keep(remembered, key, out);
    return status;
}
