/* base/embedded.h

   Files that the binary carries: the .sql files beside the C that runs them, named by their path
   below src/ ("evidence/facts/facts.sql"), and everything in builtin/ ("connectors/items.sql"). The
   table is generated at build by tools/embed.py. */

#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

struct embedded {
    const char *path;
    const char *text;
};

/* Ends with a path of NULL; sorted by folder. */
extern const struct embedded embedded_files[];

/* Text of the file, or NULL. */
const char *embedded_text(const char *path);

#endif
