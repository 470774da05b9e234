/* readable.h - whether a file can be read, asked of a disk that may not
 * answer. */

#ifndef MEDIA_READABLE_H
#define MEDIA_READABLE_H

/* 0 where path is a regular file and its first byte, if there is one, can be
 * read; else an errno: EISDIR for a directory, EINVAL for what is neither,
 * ETIMEDOUT where its disk has not answered for some seconds. */
int readable_check(const char *path);

#endif
