/* collect/scale.h

   Measures that run from 0 to 1 come on other scales: stars from 1 to 5, points from 0 to 10. The
   options satisfaction_scale and quality_scale of a connector say which, worst..best.

   A few values of another scale lie between 0 and 1 by chance, and would be taken for the worst: so
   a file with a measure that is mostly out of range is refused. */

#ifndef COLLECT_SCALE_H
#define COLLECT_SCALE_H

#include "collect/connector.h"
#include "engine/engine.h"

/* SQL that makes of `raw` the value of the measure `name`.
   ERROR_INPUT: an option that is no scale. */
enum status scale_sql(struct arena *arena, const struct connector *connector, const char **out,
                      struct error *error);

/* Refuses a file that holds a measure of which more than half of the values are out of range.
   rows   SQL of rows with `name` and `reject` */
enum status scale_check(struct engine *engine, const char *rows, struct engine_values values,
                        const struct connector *connector, const char *path, struct arena *arena,
                        struct error *error);

#endif
