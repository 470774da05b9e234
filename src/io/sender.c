#include "io/sender.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "io/relay.h"

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
send_bytes(int fd, const uint8_t *data, size_t len, size_t *pos)
{
	ssize_t n = send(fd, data + *pos, len - *pos,
	    MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n > 0)
		*pos += (size_t)n;
	return n < 0 ? -errno : n;
}

/* The next piece: bytes sent, 0 where nothing is owed, or -errno. */
static ssize_t
send_some(struct sender *s, int fd)
{
	if (s->head_pos < s->head.len)
		return send_bytes(fd, s->head.data, s->head.len,
		    &s->head_pos);
	if (s->blob != NULL && s->blob_pos < s->blob->len)
		return send_bytes(fd, s->blob->data, s->blob->len,
		    &s->blob_pos);
	if (s->ring != NULL && s->from < s->to)
		return relay_send(s->ring, fd, &s->from, s->to);
	return 0;
}

/* Keeps the head's memory for the next answer. */
static void
sender_done(struct sender *s)
{
	struct buf head = s->head;

	buf_reset(&head);
	s->head = (struct buf){ 0 };
	sender_fini(s);
	s->head = head;
}

int
sender_write(struct sender *s, int fd, bool *moved)
{
	ssize_t n;

	do {
		n = send_some(s, fd);
		*moved |= n > 0;
	} while (n > 0 || n == -EINTR);
	if (n < 0)
		return n == -EAGAIN ? 0 : -1;
	sender_done(s);
	return 1;
}
