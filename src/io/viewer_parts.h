/* viewer_parts.h - what viewer.c (one viewer: his socket, and what goes out to
 * it) and viewer_set.c (all of them: whose turn it is, and what they do when
 * the ring moves on) share. */

#ifndef IO_VIEWER_PARTS_H
#define IO_VIEWER_PARTS_H

#include <stdint.h>

#include "io/viewer.h"

#define VIEWER_PAGE	4096

/* Sent at once when so much waits: the most that the kernel carries in one
 * piece.  One page over 64 KiB and a call costs half as much again for every
 * byte (sendfile's pipe has 16 pages, a TCP segment before segmentation
 * 64 KiB); so it also ends with a page. */
#define VIEWER_PIECE	(15 * VIEWER_PAGE)

/* How many bytes of the ring it still owes its socket. */
uint64_t viewer_owes(const struct viewer *v);

/* Place it where one begins with that backlog.  Returns where that is, or
 * NULL: it is unplaced, and waits for a key frame. */
const struct ringidx_mark *viewer_join(struct viewer *v, int64_t backlog_ns);

/* Place one that waits, in front of those that are sent to. */
void viewer_go_first(struct viewer *v);

/* Its turn.  -1 if it is lost and must be dropped. */
int viewer_send(struct viewer *v);

/* Off the list, and its handle on the way out; nobody is told yet. */
void viewer_drop(struct viewer *v);

#endif
