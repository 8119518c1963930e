/* evidence/sample/earlier.h

   The metric of the same people in the period before, as a covariate (Deng, Xu, Kohavi & Walker
   2013, WSDM: CUPED). Who works fast now worked fast before; with that taken out, what is left to
   chance is less. It enters the fit and nothing else: no mean of a person leaves the engine. */

#ifndef EVIDENCE_EARLIER_H
#define EVIDENCE_EARLIER_H

#include "evidence/sample/sample.h"
#include "workspace/workspace.h"

/* Looks whether some workers of a sample with earlier have no such value: sets earlier_partly.
   least     workers who need one: of fewer, the fit would be about them
   why_not   set to a sentence where there are fewer; else left alone */
enum status earlier_look(struct workspace *workspace, struct sample *sample, int least,
                         struct arena *arena, const char **why_not, struct error *error);

#endif
