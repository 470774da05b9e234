/* Once a minute our addresses are looked at: where one is new we join the
 * group and say that we are here, and again every ten minutes, which is a
 * third of what we say that it holds.  UPnP Device Architecture 1.0, 1. */

#include "io/discover_parts.h"

#include <arpa/inet.h>

#define TICK_MS		60000
#define ALIVE_TICKS	10	/* SSDP_AGE_S / 3 */
#define TTL		2

typedef void add_fn(struct buf *out, enum ssdp_target t, const char *uuid,
    const char *base_url);

/* From this place to all. */
static void
tell_group(struct discover *d, struct in_addr place, add_fn *add,
    const char *base_url)
{
	char host[INET_ADDRSTRLEN];
	struct sockaddr_in group;
	struct buf out = { 0 };

	(void)inet_ntop(AF_INET, &place, host, sizeof host);
	(void)uv_ip4_addr(SSDP_GROUP, SSDP_PORT, &group);
	if (uv_udp_set_multicast_interface(&d->ssdp, host) < 0)
		return;
	for (int t = 0; t < SSDP_NTARGETS; t++) {
		buf_reset(&out);
		add(&out, (enum ssdp_target)t, d->uuid, base_url);
		discover_send(&d->ssdp, &out, &group);
	}
	buf_fini(&out);
}

static void
add_byebye(struct buf *out, enum ssdp_target t, const char *uuid,
    const char *base_url)
{
	(void)base_url;
	ssdp_add_byebye(out, t, uuid);
}

static bool
is_known(const struct discover *d, struct in_addr place)
{
	for (size_t i = 0; i < d->nplaces; i++)
		if (d->places[i].s_addr == place.s_addr)
			return true;
	return false;
}

/* One that could not be joined is tried again with the next tick. */
static bool
place_join(struct discover *d, struct in_addr place, const char *host)
{
	if (d->nplaces == SSDP_PLACES_MAX || uv_udp_set_membership(&d->ssdp,
	    SSDP_GROUP, host, UV_JOIN_GROUP) < 0)
		return false;
	d->places[d->nplaces++] = place;
	return true;
}

static void
place_take(struct discover *d, struct in_addr place, bool alive)
{
	char host[INET_ADDRSTRLEN];
	struct buf url = { 0 };

	(void)inet_ntop(AF_INET, &place, host, sizeof host);
	if (station_base_url_at(d->pages->station, host, &url) &&
	    (is_known(d, place) ? alive : place_join(d, place, host)))
		tell_group(d, place, ssdp_add_alive, buf_str(&url));
	buf_fini(&url);
}

/* Those that are gone have left the group by themselves. */
static void
places_prune(struct discover *d, const uv_interface_address_t *v, int n)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->nplaces; i++) {
		bool there = false;

		for (int k = 0; k < n; k++)
			there |= v[k].address.address4.sin_family == AF_INET &&
			    v[k].address.address4.sin_addr.s_addr ==
			    d->places[i].s_addr;
		if (there)
			d->places[kept++] = d->places[i];
	}
	d->nplaces = kept;
}

/* The machine itself is no place, unless it is all there is. */
static void
places_find(struct discover *d, bool alive)
{
	bool open = station_is_open(d->pages->station);
	uv_interface_address_t *v;
	int n;

	if (uv_interface_addresses(&v, &n) < 0)
		return;
	places_prune(d, v, n);
	for (int i = 0; i < n; i++)
		if (v[i].address.address4.sin_family == AF_INET &&
		    (v[i].is_internal == 0) == open)
			place_take(d, v[i].address.address4.sin_addr, alive);
	uv_free_interface_addresses(v, n);
}

static void
on_tick(uv_timer_t *t)
{
	struct discover *d = t->data;

	places_find(d, ++d->ticks % ALIVE_TICKS == 0);
}

static void
answer_search(struct discover *d, enum ssdp_target t,
    const struct sockaddr_in *from)
{
	struct buf url = { 0 }, out = { 0 };

	if (discover_may_answer(d, from) &&
	    discover_base_url(d, from, &url)) {
		ssdp_add_answer(&out, t, d->uuid, buf_str(&url));
		discover_send(&d->ssdp, &out, from);
	}
	buf_fini(&out);
	buf_fini(&url);
}

static void
on_datagram(uv_udp_t *h, ssize_t n, const uv_buf_t *b,
    const struct sockaddr *addr, unsigned flags)
{
	struct discover *d = h->data;
	struct sockaddr_in from;
	enum ssdp_target t;

	if (!discover_is_datagram(n, addr, flags, &from))
		return;
	t = ssdp_search(b->base, (size_t)n, d->uuid);
	if (t != SSDP_NOTHING)
		answer_search(d, t, &from);
}

/* Others on this machine may listen to the group as well. */
int
discover_ssdp_open(struct discover *d)
{
	struct sockaddr_in at;
	int rc;

	(void)uv_timer_init(d->loop, &d->ssdp_timer);	/* cannot fail */
	discover_add(d, (uv_handle_t *)&d->ssdp_timer);
	if ((rc = uv_udp_init(d->loop, &d->ssdp)) < 0)
		return rc;
	discover_add(d, (uv_handle_t *)&d->ssdp);
	(void)uv_ip4_addr("0.0.0.0", SSDP_PORT, &at);
	if ((rc = uv_udp_bind(&d->ssdp, (const struct sockaddr *)&at,
	    UV_UDP_REUSEADDR)) < 0 ||
	    (rc = uv_udp_set_multicast_ttl(&d->ssdp, TTL)) < 0 ||
	    (rc = uv_udp_recv_start(&d->ssdp, discover_on_alloc,
	    on_datagram)) < 0)
		return rc;
	places_find(d, false);
	return uv_timer_start(&d->ssdp_timer, on_tick, TICK_MS, TICK_MS);
}

void
discover_ssdp_close(struct discover *d)
{
	for (size_t i = 0; i < d->nplaces; i++)
		tell_group(d, d->places[i], add_byebye, NULL);
	discover_drop((uv_handle_t *)&d->ssdp);
	discover_drop((uv_handle_t *)&d->ssdp_timer);
}
