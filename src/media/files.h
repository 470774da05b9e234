/* files.h - directories that are there, files that are whole.  Blocks. */

#ifndef MEDIA_FILES_H
#define MEDIA_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Make a directory and those above it where missing; 0, or -1 with errno. */
int files_make_dirs(const char *dir);

/* Put these bytes in place of the file at path, synced and renamed: a reader
 * finds all of them or what was there; everybody may read.  0, or -1 with
 * errno. */
int files_replace(const char *path, const void *data, size_t len);

/* True of an errno that says nothing about a file: the system lacks what it
 * takes to look at it, for now. */
bool files_is_lack(int error);

#endif
