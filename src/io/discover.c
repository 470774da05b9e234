#include "io/discover_parts.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/net.h"
#include "base/xmem.h"
#include "io/hdhr.h"
#include "io/logfile.h"

#define ANSWERS_PER_S	20

/* ---- What the parts share */

static void
free_if_done(struct discover *d)
{
	if (d->closing && d->handles == 0)
		free(d);
}

void
discover_add(struct discover *d, uv_handle_t *h)
{
	h->data = d;
	d->handles++;
}

void
discover_on_closed(uv_handle_t *h)
{
	struct discover *d = h->data;

	d->handles--;
	free_if_done(d);
}

void
discover_drop(uv_handle_t *h)
{
	if (h->data != NULL && !uv_is_closing(h))
		uv_close(h, discover_on_closed);
}

void
discover_on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *b)
{
	struct discover *d = h->data;

	(void)hint;
	*b = uv_buf_init(d->in, sizeof d->in);
}

/* Which of our addresses the system would send to him from. */
static bool
local_address(const struct sockaddr_in *peer, char host[INET_ADDRSTRLEN])
{
	struct sockaddr_in here = { 0 };
	socklen_t len = sizeof here;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool good;

	if (fd < 0)
		return false;
	good = connect(fd, (const struct sockaddr *)peer, sizeof *peer) == 0 &&
	    getsockname(fd, (struct sockaddr *)&here, &len) == 0 &&
	    inet_ntop(AF_INET, &here.sin_addr, host, INET_ADDRSTRLEN) != NULL;
	close(fd);
	return good;
}

bool
discover_allows(const struct discover *d, const struct sockaddr_in *peer)
{
	uint8_t v4[4], addr[NET_ADDR];

	memcpy(v4, &peer->sin_addr, sizeof v4);
	net_map(v4, addr);
	return station_allows(d->pages->station, addr);
}

bool
discover_may_answer(struct discover *d, const struct sockaddr_in *peer)
{
	uint64_t second = uv_now(d->loop) / 1000;

	if (!discover_allows(d, peer))
		return false;
	if (second != d->second)
		d->answers = 0;
	d->second = second;
	return d->answers++ < ANSWERS_PER_S;
}

bool
discover_base_url(const struct discover *d, const struct sockaddr_in *peer,
    struct buf *out)
{
	char host[INET_ADDRSTRLEN];

	return local_address(peer, host) &&
	    station_base_url_at(d->pages->station, host, out);
}

bool
discover_is_datagram(ssize_t n, const struct sockaddr *addr, unsigned flags,
    struct sockaddr_in *from)
{
	if (n <= 0 || addr == NULL || addr->sa_family != AF_INET ||
	    (flags & UV_UDP_PARTIAL) != 0)
		return false;
	memcpy(from, addr, sizeof *from);
	return from->sin_port != 0;
}

/* What the network does not take is lost, as datagrams are. */
void
discover_send(uv_udp_t *h, const struct buf *b, const struct sockaddr_in *to)
{
	uv_buf_t out = uv_buf_init((char *)b->data, (unsigned)b->len);

	(void)uv_udp_try_send(h, &out, 1, (const struct sockaddr *)to);
}

/* ---- The search */

static void
answer_search(struct discover *d, const struct sockaddr_in *from)
{
	struct buf url = { 0 }, out = { 0 };
	struct hdhr_device device = {
		.id = d->pages->device_id,
		.tuners = hdhr_tuners(d->pages),
	};

	if (discover_may_answer(d, from) && discover_base_url(d, from, &url)) {
		device.base_url = buf_str(&url);
		hdhr_add_found(&out, &device);
		discover_send(&d->search, &out, from);
	}
	buf_fini(&out);
	buf_fini(&url);
}

static void
on_search(uv_udp_t *h, ssize_t n, const uv_buf_t *b,
    const struct sockaddr *addr, unsigned flags)
{
	struct discover *d = h->data;
	struct sockaddr_in from;

	if (discover_is_datagram(n, addr, flags, &from) &&
	    hdhr_is_search((const uint8_t *)b->base, (size_t)n,
	    d->pages->device_id))
		answer_search(d, &from);
}

static int
search_open(struct discover *d, const char *host)
{
	struct sockaddr_in at;
	int rc = uv_ip4_addr(host, HDHR_PORT, &at);

	if (rc == 0)
		rc = uv_udp_init(d->loop, &d->search);
	if (rc < 0)
		return rc;
	discover_add(d, (uv_handle_t *)&d->search);
	rc = uv_udp_bind(&d->search, (const struct sockaddr *)&at, 0);
	return rc < 0 ? rc : uv_udp_recv_start(&d->search, discover_on_alloc,
	    on_search);
}

/* ---- The whole */

static void
opened(const char *what, int port, int rc)
{
	if (rc == 0)
		logfile(LOG_INFO, "discovery", "by=%s port=%d", what, port);
	else
		logfile(LOG_WARN, "discovery", "by=%s port=%d text=%s", what,
		    port, logfile_value(uv_strerror(rc)));
}

static void
open_hdhr(struct discover *d, const char *host)
{
	int rc = search_open(d, host);

	opened("hdhomerun", HDHR_PORT, rc);
	if (rc < 0)
		discover_drop((uv_handle_t *)&d->search);
	rc = discover_control_open(d, host);
	opened("hdhomerun_control", HDHR_PORT, rc);
	if (rc < 0)
		discover_control_close(d);
}

static void
open_ssdp(struct discover *d)
{
	int rc;

	ssdp_uuid(d->pages->device_id, d->uuid);
	rc = discover_ssdp_open(d);
	opened("ssdp", SSDP_PORT, rc);
	if (rc < 0)
		discover_ssdp_close(d);
}

struct discover *
discover_new(uv_loop_t *loop, const struct pages *g)
{
	const struct station *st = g->station;
	bool hdhr = station_announces(st, st->hdhr.discovery);
	bool ssdp = station_announces(st, st->hdhr.ssdp);
	struct discover *d;

	if (!hdhr && !ssdp)
		return NULL;
	d = xcalloc(1, sizeof *d);
	d->loop = loop;
	d->pages = g;
	if (hdhr)
		open_hdhr(d, station_search_host(st));
	if (ssdp)
		open_ssdp(d);
	return d;
}

void
discover_close(struct discover *d)
{
	if (d == NULL)
		return;
	d->closing = true;
	discover_ssdp_close(d);
	discover_control_close(d);
	discover_drop((uv_handle_t *)&d->search);
	free_if_done(d);
}
