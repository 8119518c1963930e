/* base/process.h: what the process keeps from others on the machine. */

#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

/* Called first in main, before any file is made or any name is read:
   - files made from here on, by whatever library, are for their owner alone (umask 077);
   - neither this process nor a child of it leaves its memory in a core dump;
   - other processes of the same user cannot attach to it or read its memory, root's can.
   Each is an effort of its own: where the system refuses one, the others still hold. */
void process_keep_private(void);

#endif
