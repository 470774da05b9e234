/* mounts.h - whether anything was mounted or unmounted meanwhile.  Asks the
 * kernel and no disk. */

#ifndef MEDIA_MOUNTS_H
#define MEDIA_MOUNTS_H

#include <stdint.h>
#include <stdio.h>

/* A number for what is mounted now, which is another one once a file system
 * has come, gone or been replaced, even by its like; but for those that come
 * and go with logins and containers.  0 where it cannot be known. */
uint64_t mounts_stamp(void);

/* The same of text as in proc_pid_mountinfo(5). */
uint64_t mounts_stamp_of(FILE *in);

#endif
