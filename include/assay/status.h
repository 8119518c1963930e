/* assay/status.h

   How every function of assay that can fail says so.

   A function returns STATUS_OK (0) or a code, and describes the failure in the struct error that
   its caller passed as the last argument. On success the error is left as it was. */

#ifndef ASSAY_STATUS_H
#define ASSAY_STATUS_H

/* Marks what the shared library exports. */
#define ASSAY_API __attribute__((visibility("default")))

enum status {
    STATUS_OK = 0,
    ERROR_INPUT,    /* something that the user wrote or gave is wrong; place says where */
    ERROR_DOMAIN,   /* arguments outside what a method is defined for */
    ERROR_SINGULAR, /* columns that determine each other; nothing can be estimated */
    ERROR_BUSY,     /* somebody else holds the workspace */
    ERROR_IO,       /* the operating system refused: no file, no space, no permission */
    ERROR_ENGINE,   /* the database engine refused */
    ERROR_MEMORY,   /* no memory left */
    ERROR_STOPPED,  /* interrupted by the user */
    ERROR_INTERNAL  /* a defect of this program */
};

/* What went wrong, in the words of the user. */
struct error {
    enum status status;
    char place[512];    /* file, file:line or file:line:column of the user's input, or empty */
    char message[1536]; /* one sentence, with the mend */
};

#endif
