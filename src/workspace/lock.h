/* workspace/lock.h

   Many readers or one writer. The lock is the operating system's (flock on the file `lock`), so it
   ends with the process that holds it, however that ends. The file's text names the writer, for the
   sentence that others see. It also keeps one process from opening the database twice, which would
   lose rows. */

#ifndef WORKSPACE_LOCK_H
#define WORKSPACE_LOCK_H

#include "assay/status.h"

#include <stdbool.h>

/* Takes the lock of the workspace in folder.
   write    alone, else beside other readers
   wait     until it is free, else ERROR_BUSY at once
   command  "assay import": named to those who find it taken
   out      a file descriptor to give to lock_release; -1 where nothing may be written and there is
            no file to lock: the engine's own lock keeps readers and writers apart then
   ERROR_IO names the folder where write is asked for and nothing may be written. */
enum status lock_take(const char *folder, bool write, bool wait, const char *command, int *out,
                      struct error *error);
/* Says that the workspace may not be written, for the errno in reason. Returns ERROR_IO. */
enum status lock_refuse_write(const char *folder, const char *command, int reason,
                              struct error *error);
void lock_release(int lock); /* -1 is fine */

#endif
