#include "base/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

void process_keep_private(void)
{
    (void)umask(077);
    /* A limit of 0 forbids core files, but a core_pattern that is a program is sent the memory all
       the same. Linux takes a limit of 1 as "neither" (fs/coredump.c); as it is below a page, no
       file is made either. Children inherit it: git holds names, too. */
    struct rlimit limit = {1, 1};
    if (setrlimit(RLIMIT_CORE, &limit) != 0) {
        limit = (struct rlimit){0, 0}; /* what was already less than 1 */
        (void)setrlimit(RLIMIT_CORE, &limit);
    }
    /* Ends with exec: for this process alone. /proc/self stays open to its own threads. */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
