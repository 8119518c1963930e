/* collect/drawn_units.h: which kind of unit each plan of the workspace draws. */

#ifndef COLLECT_DRAWN_UNITS_H
#define COLLECT_DRAWN_UNITS_H

#include "engine/engine.h"
#include "workspace/workspace.h"

/* Makes the macro drawn_unit(plan) in the reading engine: item, worker or team; null where there is
   no such plan, its file cannot be read, or it draws nothing. An assignment of people that was
   taken for one of items would keep their names.
   workspace   NULL: no plan is known */
enum status drawn_units_prepare(const struct workspace *workspace, struct engine *reading,
                                struct arena *arena, struct error *error);

#endif
