/* examples/kernels/table.h: columns of a CSV file as numbers, and rows grouped by a column.

   A field that is empty or NA is NAN; a text becomes the number of its first occurrence in its
   column (0, 1, ...). A comma may stand between quotes; a line end may not. What cannot be read
   ends the program with a sentence. */

#ifndef KERNELS_TABLE_H
#define KERNELS_TABLE_H

#include <stddef.h>

struct table {
    size_t rows;
    size_t columns;
    double **values; /* values[column][row], in the order that was asked for */
};

/* Reads the columns of those names (NULL after the last) from folder/file. */
struct table table_read(const char *folder, const char *file, const char *const *names);
void table_free(struct table *table);

/* Keeps the rows where the column has that value. */
void table_keep(struct table *table, size_t column, double value);

/* Moments (assay/moments.h) of the rows of each value of id, in the order of first occurrence. */
struct groups {
    size_t columns, count;
    double **moments;
};
struct groups groups_of(size_t columns, size_t rows, const double *const *values, const double *id);
/* The same with weights (assay/weighted.h). */
struct groups groups_weighted(size_t columns, size_t rows, const double *const *values,
                              const double *weights, const double *id);
void groups_free(struct groups *groups);

/* Memory or the end. */
void *memory(size_t size);

#endif
