/* tests/unit/table.h: small CSV files and recorded answers (JSON) for tests.

   A table is all numbers: a field that is empty or NA is NAN, a text becomes the number of its
   first occurrence in its column (0, 1, ...), so that names serve as cluster numbers. No quoting.
   Files that are missing or wrong fail the test. */

#ifndef TESTS_TABLE_H
#define TESTS_TABLE_H

#include "check.h"

#include <jansson.h>
#include <stdbool.h>

enum { table_columns_max = 24, table_field_max = 96 };

struct table {
    size_t rows, columns;
    char names[table_columns_max][table_field_max];
    double *values[table_columns_max]; /* values[column][row] */
    char (*texts[table_columns_max])[table_field_max];
    size_t text_counts[table_columns_max];
};

static inline double table_code(struct table *table, size_t column, const char *text)
{
    for (size_t i = 0; i < table->text_counts[column]; i++)
        if (strcmp(table->texts[column][i], text) == 0)
            return (double)i;
    size_t count = ++table->text_counts[column];
    table->texts[column] = realloc(table->texts[column], count * table_field_max);
    assert_non_null(table->texts[column]);
    (void)snprintf(table->texts[column][count - 1], table_field_max, "%s", text);
    return (double)(count - 1);
}

static inline double table_value(struct table *table, size_t column, const char *field)
{
    char *end = NULL;
    if (field[0] == '\0' || strcmp(field, "NA") == 0)
        return NAN;
    double number = strtod(field, &end);
    return *end == '\0' ? number : table_code(table, column, field);
}

/* Reads folder/name. Released by table_free. */
static inline struct table *table_read(const char *folder, const char *name)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("cannot read %s", path);
    struct table *table = calloc(1, sizeof *table);
    assert_non_null(table);
    char line[4096];
    size_t capacity = 0;
    for (bool header = true; fgets(line, sizeof line, file) != NULL; header = false) {
        line[strcspn(line, "\r\n")] = '\0';
        if (!header && table->rows == capacity) {
            capacity = capacity == 0 ? 256 : 2 * capacity;
            for (size_t j = 0; j < table->columns; j++) {
                table->values[j] = realloc(table->values[j], capacity * sizeof(double));
                assert_non_null(table->values[j]);
            }
        }
        size_t column = 0;
        for (char *field = line; field != NULL; column++) {
            char *comma = strchr(field, ',');
            if (comma != NULL)
                *comma = '\0';
            if (header) {
                assert_true(column < table_columns_max);
                (void)snprintf(table->names[column], table_field_max, "%s", field);
            } else {
                assert_true(column < table->columns);
                table->values[column][table->rows] = table_value(table, column, field);
            }
            field = comma == NULL ? NULL : comma + 1;
        }
        if (header)
            table->columns = column;
        else
            table->rows++;
    }
    (void)fclose(file);
    return table;
}

static inline void table_free(struct table *table)
{
    for (size_t j = 0; j < table->columns; j++) {
        free(table->values[j]);
        free(table->texts[j]);
    }
    free(table);
}

/* The numbers of the column of that name. */
static inline double *table_column(const struct table *table, const char *name)
{
    for (size_t j = 0; j < table->columns; j++)
        if (strcmp(table->names[j], name) == 0)
            return table->values[j];
    fail_msg("no column %s", name);
    return NULL;
}

/* Reads folder/name as JSON. Released by json_decref. */
static inline json_t *answers_read(const char *folder, const char *name)
{
    char path[1024];
    json_error_t json_error;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    json_t *root = json_load_file(path, 0, &json_error);
    if (root == NULL)
        fail_msg("%s: %s", path, json_error.text);
    return root;
}

/* What a script of tests/oracle recorded. */
static inline json_t *oracle_read(const char *name)
{
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/tests/oracle", getenv("ASSAY_SOURCE"));
    return answers_read(folder, name);
}

/* The number at a path of keys parted by '/': a number, or a text that holds one (NIST). Keys that
   are whole numbers count in lists. */
static inline double answer(const json_t *root, const char *path)
{
    char key[256];
    const json_t *at = root;
    for (const char *from = path; *from != '\0';) {
        size_t length = strcspn(from, "/");
        (void)snprintf(key, sizeof key, "%.*s", (int)length, from);
        at = json_is_array(at) ? json_array_get(at, strtoul(key, NULL, 10))
                               : json_object_get(at, key);
        if (at == NULL)
            fail_msg("no answer %s", path);
        from += length + (from[length] == '/');
    }
    return json_is_string(at) ? strtod(json_string_value(at), NULL) : json_number_value(at);
}

/* The same in the list at that path. */
static inline double answer_at(const json_t *root, const char *list, size_t index)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%zu", list, index);
    return answer(root, path);
}

#endif
