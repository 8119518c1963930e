/* An offer that was drawn, and that people were free to take. The verdict is on the effect of the
   offer (intention to treat), which needs the draw and nothing else; what taking it did to those
   who took it because of the offer stands beside it. */

#include "evidence/compare/compliers.h"
#include "evidence/compare/designs.h"

#include <string.h>

enum status design_encouragement(struct workspace *workspace, const struct plan *plan,
                                 const struct comparison_request *request, struct arena *arena,
                                 struct row *row, struct error *error)
{
    struct comparison_request offered = *request;
    design_as_drawn(plan, arena, &offered);
    enum status status = comparison_estimate(workspace, &offered, arena, row, error);
    if (status != STATUS_OK || !row->comparison.exists)
        return status;
    if (strcmp(row->comparison.design, "randomised") == 0)
        row->comparison.design = "encouragement";
    row->without_ai = (struct without_ai){0}; /* who was offered none may have used it */
    return compliers_fill(workspace, &offered, arena, row, error);
}
