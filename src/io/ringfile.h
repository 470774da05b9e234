/* ringfile.h - a channel's last minute, in memory.
 *
 * Bytes are appended at the head; what lies behind the tail is given back to
 * the system, a mebibyte late, so that a reader just overtaken by the tail
 * can still fetch the end of the packet it is in.
 *
 * Where the system can it is a file that only grows (memfd), read with
 * sendfile(2), its tail given back by punching holes: sockets borrow its
 * pages, and bytes queued in them whose range was punched since arrive intact.
 * Elsewhere, or if so wished, it is a mapping that goes round, and send(2)
 * copies from it before its bytes are used again. */

#ifndef IO_RINGFILE_H
#define IO_RINGFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "ts/ringidx.h"

#define RINGFILE_PACKET	188

struct ringfile {
	int fd;			/* the file, or -1: */
	uint8_t *map;		/* the mapping; NULL: neither could be had */
	uint64_t head;		/* position of the next byte */
	uint64_t tail;		/* oldest byte that may be read */
	uint64_t punched;	/* bytes before it are gone */
	struct ringidx idx;
};

/* sendfile: a file where the system can. */
void ringfile_init(struct ringfile *f, bool sendfile);
void ringfile_fini(struct ringfile *f);

/* Append whole packets; 0, or -errno and nothing has been appended. */
int ringfile_append(struct ringfile *f, const void *data, size_t len);

/* As send(2) to the socket sock, without blocking: of the max bytes at pos as
 * many as it takes.  EIO: they are gone. */
ssize_t ringfile_send(const struct ringfile *f, int sock, uint64_t pos,
    size_t max);

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
