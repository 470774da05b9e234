#include "io/sender.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "io/relay.h"

#define TURN_BYTES	(1024 * 1024)	/* before others have their turn */

void
sender_fini(struct sender *s)
{
	buf_fini(&s->head);
	blob_unref(s->blob);
	if (s->ring != NULL)
		relay_release(s->ring);
	*s = (struct sender){ 0 };
}

void
sender_blob(struct sender *s, struct blob *b)
{
	s->blob = b;
	s->blob_pos = 0;
}

void
sender_ring(struct sender *s, struct relay *r, uint64_t from, uint64_t to)
{
	relay_hold(r);
	s->ring = r;
	s->from = from;
	s->to = to;
}

static ssize_t
send_bytes(int fd, const uint8_t *data, size_t len, size_t *pos, size_t max)
{
	size_t left = len - *pos;
	ssize_t n = send(fd, data + *pos, left < max ? left : max,
	    MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n > 0)
		*pos += (size_t)n;
	return n < 0 ? -errno : n;
}

static ssize_t
send_ring(struct sender *s, int fd, size_t max)
{
	uint64_t to = s->to - s->from < max ? s->to : s->from + max;

	return relay_send(s->ring, fd, &s->from, to);
}

/* At most max bytes: how many, 0 where nothing is owed, or -errno. */
static ssize_t
send_some(struct sender *s, int fd, size_t max)
{
	if (s->head_pos < s->head.len)
		return send_bytes(fd, s->head.data, s->head.len,
		    &s->head_pos, max);
	if (s->blob != NULL && s->blob_pos < s->blob->len)
		return send_bytes(fd, s->blob->data, s->blob->len,
		    &s->blob_pos, max);
	if (s->ring != NULL && s->from < s->to)
		return send_ring(s, fd, max);
	return 0;
}

int
sender_write(struct sender *s, int fd, bool *moved)
{
	size_t sent = 0;
	ssize_t n;

	do {
		n = send_some(s, fd, TURN_BYTES - sent);
		if (n > 0)
			sent += (size_t)n;
	} while ((n > 0 && sent < TURN_BYTES) || n == -EINTR);
	*moved = sent > 0;
	if (n > 0 || n == -EAGAIN)
		return 0;
	if (n < 0)
		return -1;
	sender_fini(s);
	return 1;
}
