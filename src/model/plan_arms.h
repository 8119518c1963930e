/* model/plan_arms.h: which arms a plan may have, as plan_read checks them. */

#ifndef MODEL_PLAN_ARMS_H
#define MODEL_PLAN_ARMS_H

#include "base/yaml.h"
#include "model/plan.h"

/* All names differ. More than two arms are those of a randomised plan, drawn in equal shares, which
   it then has as its probability, or found by what was used. plan has its design and arms. */
enum status plan_arms_check(const struct yaml *root, struct plan *plan, struct error *error);

#endif
