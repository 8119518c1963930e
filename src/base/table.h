/* base/table.h: tables that are read by an enum's number have a line for each of its values. */

#ifndef BASE_TABLE_H
#define BASE_TABLE_H

/* Where one is missing, the program does not build: a read behind the end would be found by a user.
 */
#define TABLE_OF(table, values)                                                                    \
    _Static_assert(sizeof(table) / sizeof *(table) == (values), #table ": a line for each value")

#endif
