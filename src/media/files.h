/* files.h - directories that are there, files that are whole.  Blocks. */

#ifndef MEDIA_FILES_H
#define MEDIA_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Make a directory and those above it where missing; 0, or -1 with errno. */
int files_make_dirs(const char *dir);

/* Read the regular file at path into *out, no more than max bytes of it.  0, or
 * -1 with errno and the reason for people in *why. */
int files_read(const char *path, size_t max, struct buf *out,
    const char **why);

/* Write all of it: 0, or the errno value.  *done is how much was written in
 * any case. */
int files_write_all(int fd, const void *data, size_t len, size_t *done);

/* Put these bytes in place of the file at path, synced and renamed: a reader
 * finds all of them or what was there; everybody may read.  0, or -1 with
 * errno. */
int files_replace(const char *path, const void *data, size_t len);

/* True of an errno that says nothing about a file: the system lacks what it
 * takes to look at it, for now. */
bool files_is_lack(int error);

#endif
