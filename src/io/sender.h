/* sender.h - what a connection still owes its client: a head, then a body
 * that stands in a blob or in a relay's ring.  A zeroed one owes nothing. */

#ifndef IO_SENDER_H
#define IO_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/blob.h"
#include "base/buf.h"

struct relay;

struct sender {
	struct buf head;	/* with the body, where that is short */
	size_t head_pos;
	struct blob *blob;	/* a reference, or NULL */
	size_t blob_pos;
	struct relay *ring;	/* held, or NULL */
	uint64_t from, to;	/* of it */
};

/* Drop what is owed. */
void sender_fini(struct sender *s);

/* Owe these as well, after the head; the reference is taken over, the ring
 * held. */
void sender_blob(struct sender *s, struct blob *b);
void sender_ring(struct sender *s, struct relay *r, uint64_t from,
    uint64_t to);

/* Send what fd, a non-blocking socket, takes, but no more than is good for
 * everybody else.  1: nothing is owed any more, 0: go on when fd is writable,
 * -1: it is lost, or the ring no longer has the bytes.  *moved: some were
 * sent. */
int sender_write(struct sender *s, int fd, bool *moved);

#endif
