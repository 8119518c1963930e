/* tests/unit/check.h: what every unit test needs beside cmocka. */

#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assay/status.h"

/* Within an absolute tolerance; prints both numbers. */
#define assert_near(got, wanted, tolerance)                                                        \
    do {                                                                                           \
        double got_ = (got), wanted_ = (wanted);                                                   \
        if (!(fabs(got_ - wanted_) <= (tolerance)))                                                \
            fail_msg("%s = %.17g, wanted %.17g within %g", #got, got_, wanted_,                    \
                     (double)(tolerance));                                                         \
    } while (0)

/* Within a relative tolerance. */
#define assert_close(got, wanted, tolerance)                                                       \
    assert_near(got, wanted, (tolerance) * (fabs(wanted) > 0 ? fabs(wanted) : 1))

/* A call that must succeed, with `struct error error` in scope. */
#define assert_ok(call)                                                                            \
    do {                                                                                           \
        if ((call) != STATUS_OK)                                                                   \
            fail_msg("%s: %s: %s", #call, error.place, error.message);                             \
    } while (0)

/* The folder of the public data sets, or NULL (with a loud line) where it is absent. */
static inline const char *shared_data(void)
{
    const char *folder = getenv("ASSAY_SHARED_DATA");
    if (folder == NULL || folder[0] == '\0') {
        (void)fprintf(stderr, "SKIPPED: no public data sets here (../shared/data)\n");
        return NULL;
    }
    return folder;
}

#endif
