#include "io/conn_parts.h"

#include <string.h>

size_t
http_peer_address(const char *peer)
{
	const char *colon = strrchr(peer, ':');

	return colon != NULL ? (size_t)(colon - peer) : strlen(peer);
}

/* Of addresses that count as one, or both of the control socket. */
static bool
is_kin(const struct conn *a, const struct conn *b)
{
	if (a->from.control || b->from.control)
		return a->from.control == b->from.control;
	return a->group == b->group;
}

bool
conns_is_full(const struct conns *s, const struct conn *c)
{
	const struct conns_limits *l = &s->limits;
	const struct conn *other;
	size_t kin = 0;

	for (other = s->first; other != NULL; other = other->next)
		kin += other->state != CONN_LINGER && is_kin(other, c);
	if (c->from.control)
		return kin > l->control;
	return kin > l->per_address ||
	    s->count - s->lingering > l->connections;
}

struct conn *
conns_dawdler(const struct conns *s)
{
	struct conn *c, *oldest = NULL;
	size_t n = 0;

	if (s->count <= s->limits.pending)
		return NULL;
	for (c = s->last; c != NULL; c = c->prev) {
		if (c->state != CONN_READ)
			continue;
		oldest = c;
		n++;
	}
	return n > s->limits.pending ? oldest : NULL;
}

struct conn *
conns_lingerer(const struct conns *s)
{
	struct conn *c = s->first;

	if (s->lingering <= s->limits.pending)
		return NULL;
	while (c->state != CONN_LINGER)
		c = c->next;
	return c;
}
