/* Happy path: a client connects, each of its frames has an answer, it leaves.
 * Ways it ends: what comes is no frame, it does not read its answers, or
 * others come and it has been here longest. */

#include "io/discover_parts.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "io/hdhr.h"

#define CONTROLS_MAX	16
#define BACKLOG		16

struct control {
	uv_tcp_t tcp;
	struct discover *discover;
	struct control *prev, *next;
	struct buf in;			/* less than a frame */
	bool closed;
};

static void
on_control_closed(uv_handle_t *h)
{
	struct control *c = h->data;

	h->data = c->discover;
	buf_fini(&c->in);
	discover_on_closed(h);
	free(c);
}

static void
control_close(struct control *c)
{
	struct discover *d = c->discover;

	if (c->closed)
		return;
	c->closed = true;
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		d->controls = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	d->ncontrols--;
	uv_close((uv_handle_t *)&c->tcp, on_control_closed);
}

static void
control_answer_frame(struct control *c, const uint8_t *p, size_t n)
{
	const struct pages *g = c->discover->pages;
	struct hdhr_tuner used[STATION_TUNERS_MAX];
	struct hdhr_device device = {
		.id = g->device_id,
		.tuners = hdhr_tuners(g),
		.base_url = "",
		.used = used,
		.nused = hdhr_used(g, used, STATION_TUNERS_MAX),
	};
	struct buf out = { 0 };
	uv_buf_t b;

	if (hdhr_control(&device, p, n, &out)) {
		b = uv_buf_init((char *)out.data, (unsigned)out.len);
		if (uv_try_write((uv_stream_t *)&c->tcp, &b, 1) !=
		    (int)out.len)
			control_close(c);
	}
	buf_fini(&out);
}

static void
control_take(struct control *c)
{
	int size;

	while (!c->closed &&
	    (size = hdhr_frame_size(c->in.data, c->in.len)) != 0) {
		if (size < 0) {
			control_close(c);
			return;
		}
		control_answer_frame(c, c->in.data, (size_t)size);
		buf_drain(&c->in, (size_t)size);
	}
}

static void
on_control_alloc(uv_handle_t *h, size_t hint, uv_buf_t *b)
{
	struct control *c = h->data;

	(void)hint;
	*b = uv_buf_init(c->discover->in, sizeof c->discover->in);
}

static void
on_control_read(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
	struct control *c = s->data;

	if (n < 0) {
		control_close(c);
		return;
	}
	buf_add(&c->in, b->base, (size_t)n);
	control_take(c);
}

/* Who has been here longest gives way to who comes. */
static void
controls_limit(struct discover *d)
{
	struct control *c = d->controls;

	if (d->ncontrols <= CONTROLS_MAX)
		return;
	while (c->next != NULL)
		c = c->next;
	control_close(c);
}

static bool
is_allowed(const struct control *c)
{
	struct sockaddr_in peer = { 0 };
	int len = sizeof peer;

	return uv_tcp_getpeername(&c->tcp, (struct sockaddr *)&peer,
	    &len) == 0 && discover_allows(c->discover, &peer);
}

static void
on_connection(uv_stream_t *listener, int status)
{
	struct discover *d = listener->data;
	struct control *c;

	if (status < 0)
		return;
	c = xcalloc(1, sizeof *c);
	c->discover = d;
	(void)uv_tcp_init(d->loop, &c->tcp);	/* cannot fail */
	discover_add(d, (uv_handle_t *)&c->tcp);
	c->tcp.data = c;
	c->next = d->controls;
	if (c->next != NULL)
		c->next->prev = c;
	d->controls = c;
	d->ncontrols++;
	if (uv_accept(listener, (uv_stream_t *)&c->tcp) < 0 ||
	    !is_allowed(c) || uv_read_start((uv_stream_t *)&c->tcp, on_control_alloc,
	    on_control_read) < 0)
		control_close(c);
	controls_limit(d);
}

int
discover_control_open(struct discover *d, const char *host)
{
	struct sockaddr_in at;
	int rc = uv_ip4_addr(host, HDHR_PORT, &at);

	if (rc == 0)
		rc = uv_tcp_init(d->loop, &d->control);
	if (rc < 0)
		return rc;
	discover_add(d, (uv_handle_t *)&d->control);
	rc = uv_tcp_bind(&d->control, (const struct sockaddr *)&at, 0);
	return rc < 0 ? rc : uv_listen((uv_stream_t *)&d->control, BACKLOG,
	    on_connection);
}

void
discover_control_close(struct discover *d)
{
	while (d->controls != NULL)
		control_close(d->controls);
	discover_drop((uv_handle_t *)&d->control);
}
