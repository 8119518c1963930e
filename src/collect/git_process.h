/* collect/git_process.h

   Runs the user's own git as a child process and hands on what it prints, piece by piece.

   No shell is involved. Environment variables that would point git at another repository, another
   configuration format or a tracing file are cleared, and git may neither ask for a password, nor
   fetch what a partial clone lacks, nor take a lock: reading a repository leaves it as it was. */

#ifndef COLLECT_GIT_PROCESS_H
#define COLLECT_GIT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "assay/status.h"
#include "collect/git_bytes.h"

/* How the child ended. */
struct git_exit {
    int code;            /* exit code; 128 plus the signal if it was killed */
    char complaint[512]; /* the beginning of its standard error. For telling failures apart only:
                            it may hold names, so it is never shown. */
};

/* Takes the next bytes of git's standard output. Anything but STATUS_OK ends the child, and is what
   git_run returns. */
typedef enum status git_sink(void *context, const char *bytes, size_t length, struct error *error);

/* Runs `git -C directory OPTIONS arguments...`.
   arguments  NULL-terminated, begins with the subcommand
   sink       NULL: the output is thrown away
   ended      set whenever the result is STATUS_OK; a failing git is no error here, since only the
              caller knows what it means
   Fails with ERROR_INPUT when no git is installed, ERROR_IO when the system has no process or pipe
   left, or as the sink does. */
enum status git_run(const char *directory, const char *const *arguments, git_sink *sink,
                    void *context, struct git_exit *ended, struct error *error);

/* The same, with input on git's standard input (else that is empty). It goes through an unnamed
   temporary file. */
enum status git_run_with(const char *directory, const char *const *arguments,
                         const struct git_bytes *input, git_sink *sink, void *context,
                         struct git_exit *ended, struct error *error);

/* The same, with the first line of the output as text (without its line end). line is empty when
   git failed or printed nothing; longer lines are cut. */
enum status git_run_line(const char *directory, const char *const *arguments, char *line,
                         size_t capacity, struct git_exit *ended, struct error *error);

#endif
