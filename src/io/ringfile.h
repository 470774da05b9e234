/* ringfile.h - a channel's last minute, in a file in memory.
 *
 * Bytes are appended at the head and read with sendfile(2); what lies behind
 * the tail is given back to the system by punching holes, a mebibyte late,
 * so that a reader just overtaken by the tail can still fetch the end of the
 * packet it is in. */

#ifndef IO_RINGFILE_H
#define IO_RINGFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ts/ringidx.h"

#define RINGFILE_PACKET	188

struct ringfile {
	int fd;			/* -1 while there is none */
	uint64_t head;		/* position of the next byte */
	uint64_t tail;		/* oldest byte that may be read */
	uint64_t punched;	/* bytes before it are holes */
	struct ringidx idx;
};

void ringfile_init(struct ringfile *f);
void ringfile_fini(struct ringfile *f);

/* Append whole packets; 0, or -errno and nothing has been appended. */
int ringfile_append(struct ringfile *f, const void *data, size_t len);

/* Move the tail to where the limits put it; whether it has moved.  Readers
 * behind it must move before ringfile_punch(). */
bool ringfile_trim(struct ringfile *f);

/* Forget everything: the tail is the head, there is no mark. */
void ringfile_forget(struct ringfile *f);

/* Give back what lies a mebibyte or more behind the tail. */
void ringfile_punch(struct ringfile *f);

/* Copy the rest of the packet that pos is in to rest and return its length,
 * 0 at a packet boundary and where it cannot be had. */
size_t ringfile_rest(const struct ringfile *f, uint64_t pos,
    uint8_t rest[RINGFILE_PACKET]);

#endif
