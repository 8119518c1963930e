#include "table.h"

#include <assay/moments.h>
#include <assay/weighted.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { line_max = 4096, text_max = 64 };

void *memory(size_t size)
{
    void *got = calloc(1, size > 0 ? size : 1);
    if (got == NULL) {
        (void)fputs("no memory left\n", stderr);
        exit(2);
    }
    return got;
}

static void *more(void *old, size_t size)
{
    void *got = realloc(old, size);
    if (got == NULL) {
        (void)fputs("no memory left\n", stderr);
        exit(2);
    }
    return got;
}

/* The next field of a line, without its quotes; NULL behind the last. */
static char *next_field(char **at)
{
    char *field = *at;
    if (field == NULL)
        return NULL;
    char *end = field;
    if (*field == '"') {
        field++;
        end = strchr(field, '"');
        if (end == NULL) {
            *at = NULL;
            return field;
        }
        *end++ = '\0';
    }
    end += strcspn(end, ",");
    *at = *end == ',' ? end + 1 : NULL;
    *end = '\0';
    return field;
}

/* The texts of a column, in the order of their numbers. */
struct codes {
    size_t count;
    char (*texts)[text_max];
};

static double code_of(struct codes *codes, const char *text)
{
    for (size_t i = 0; i < codes->count; i++)
        if (strncmp(codes->texts[i], text, text_max - 1) == 0)
            return (double)i;
    codes->texts = more(codes->texts, (codes->count + 1) * text_max);
    (void)snprintf(codes->texts[codes->count], text_max, "%s", text);
    return (double)codes->count++;
}

static double number_of(struct codes *codes, const char *field)
{
    char *end = NULL;
    if (*field == '\0' || strcmp(field, "NA") == 0)
        return NAN;
    double number = strtod(field, &end);
    return *end == '\0' ? number : code_of(codes, field);
}

/* By place in the file the number of the column that is wanted, or `columns`. */
static size_t places_of(char *line, const char *const *names, size_t columns, size_t *places,
                        size_t places_max)
{
    size_t count = 0, found = 0;
    for (char *at = line, *field; (field = next_field(&at)) != NULL && count < places_max;
         count++) {
        places[count] = columns;
        for (size_t j = 0; j < columns; j++)
            if (strcmp(field, names[j]) == 0) {
                places[count] = j;
                found++;
            }
    }
    return found == columns ? count : 0;
}

struct table table_read(const char *folder, const char *file, const char *const *names)
{
    enum { places_max = 128 };
    char path[1024], line[line_max];
    size_t places[places_max], capacity = 0;
    struct table table = {0};
    while (names[table.columns] != NULL)
        table.columns++;
    (void)snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *stream = fopen(path, "r");
    if (stream == NULL || fgets(line, sizeof line, stream) == NULL) {
        (void)fprintf(stderr, "%s cannot be read\n", path);
        exit(2);
    }
    line[strcspn(line, "\r\n")] = '\0';
    size_t count = places_of(line, names, table.columns, places, places_max);
    if (count == 0) {
        (void)fprintf(stderr, "%s lacks a column\n", path);
        exit(2);
    }
    table.values = memory(table.columns * sizeof *table.values);
    struct codes *codes = memory(table.columns * sizeof *codes);
    for (; fgets(line, sizeof line, stream) != NULL; table.rows++) {
        line[strcspn(line, "\r\n")] = '\0';
        if (table.rows == capacity) {
            capacity = capacity == 0 ? 1024 : 2 * capacity;
            for (size_t j = 0; j < table.columns; j++)
                table.values[j] = more(table.values[j], capacity * sizeof **table.values);
        }
        size_t place = 0;
        for (char *at = line, *field; (field = next_field(&at)) != NULL && place < count; place++)
            if (places[place] < table.columns)
                table.values[places[place]][table.rows] = number_of(&codes[places[place]], field);
        if (place != count) {
            (void)fprintf(stderr, "%s:%zu has %zu fields of %zu\n", path, table.rows + 2, place,
                          count);
            exit(2);
        }
    }
    (void)fclose(stream);
    for (size_t j = 0; j < table.columns; j++)
        free(codes[j].texts);
    free(codes);
    return table;
}

void table_free(struct table *table)
{
    for (size_t j = 0; j < table->columns; j++)
        free(table->values[j]);
    free(table->values);
}

void table_keep(struct table *table, size_t column, double value)
{
    size_t kept = 0;
    for (size_t row = 0; row < table->rows; row++) {
        if (table->values[column][row] != value)
            continue;
        for (size_t j = 0; j < table->columns; j++)
            table->values[j][kept] = table->values[j][row];
        kept++;
    }
    table->rows = kept;
}

/* By row the group it is in; the number of groups. */
static size_t number_groups(size_t rows, const double *id, size_t *group)
{
    double *ids = memory(rows * sizeof *ids);
    size_t count = 0, last = 0;
    for (size_t row = 0; row < rows; row++) {
        size_t g = count > 0 && ids[last] == id[row] ? last : 0;
        while (g < count && ids[g] != id[row])
            g++;
        if (g == count)
            ids[count++] = id[row];
        group[row] = last = g;
    }
    free(ids);
    return count;
}

struct groups groups_of(size_t columns, size_t rows, const double *const *values, const double *id)
{
    size_t *group = memory(rows * sizeof *group);
    void **states = memory(rows * sizeof *states);
    struct groups groups = {.columns = columns, .count = number_groups(rows, id, group)};
    groups.moments = memory(groups.count * sizeof *groups.moments);
    for (size_t g = 0; g < groups.count; g++) {
        groups.moments[g] = memory(assay_moments_size(columns));
        assay_moments_init(columns, groups.moments[g]);
    }
    for (size_t row = 0; row < rows; row++)
        states[row] = groups.moments[group[row]];
    assay_moments_update(columns, rows, values, states);
    free(group);
    free(states);
    return groups;
}

struct groups groups_weighted(size_t columns, size_t rows, const double *const *values,
                              const double *weights, const double *id)
{
    size_t *group = memory(rows * sizeof *group);
    const double **row_of = memory(columns * sizeof *row_of);
    struct groups groups = {.columns = columns, .count = number_groups(rows, id, group)};
    groups.moments = memory(groups.count * sizeof *groups.moments);
    for (size_t g = 0; g < groups.count; g++) {
        groups.moments[g] = memory(assay_weighted_size(columns));
        assay_weighted_init(columns, groups.moments[g]);
    }
    for (size_t row = 0; row < rows; row++) {
        for (size_t j = 0; j < columns; j++)
            row_of[j] = values[j] + row;
        assay_weighted_add(columns, 1, row_of, weights + row, groups.moments[group[row]]);
    }
    free(group);
    free(row_of);
    return groups;
}

void groups_free(struct groups *groups)
{
    for (size_t g = 0; g < groups->count; g++)
        free(groups->moments[g]);
    free(groups->moments);
}
