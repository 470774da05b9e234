/* The station as tuners that HDHomeRun's clients find. */

#include "plan/station_parts.h"

#include <arpa/inet.h>
#include <string.h>

#include "plan/conf.h"
#include "plan/device_id.h"

static void
read_announce(struct errs *e, const struct node *m, const char *key,
    enum announce *out)
{
	bool on;

	if (conf_bool(e, m, key, &on))
		*out = on ? ANNOUNCE_ON : ANNOUNCE_OFF;
}

static void
read_device_id(struct errs *e, const struct node *m, uint32_t *out)
{
	const char *text;

	if (conf_str(e, m, "device_id", &text) && !device_id_parse(text, out))
		conf_fault(e, conf_get(m, "device_id"), "device_id must be 8 "
		    "hex digits that pass HDHomeRun's checksum, not '%.80s'",
		    text);
}

void
station_read_hdhr(struct station *st, struct errs *e,
    const struct node *root)
{
	const struct node *m = conf_map(e, root, "hdhomerun");
	struct station_hdhr *h = &st->hdhr;
	int64_t tuners = 0;

	CONF_KEYS(e, m, "enabled", "tuners", "device_id", "ssdp",
	    "discovery");
	h->enabled = true;
	conf_bool(e, m, "enabled", &h->enabled);
	conf_int(e, m, "tuners", 1, STATION_TUNERS_MAX, &tuners);
	read_device_id(e, m, &h->device_id);
	read_announce(e, m, "ssdp", &h->ssdp);
	read_announce(e, m, "discovery", &h->discovery);
	h->tuners = (unsigned)tuners;
}

/* 127.0.0.0/8. */
static bool
is_loopback(struct in_addr v4)
{
	return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
}

unsigned
station_tuners(const struct station *st, size_t nchannels)
{
	if (st->hdhr.tuners != 0)
		return st->hdhr.tuners;
	return nchannels > STATION_TUNERS_MAX ? STATION_TUNERS_MAX :
	    (unsigned)nchannels;
}

bool
station_is_open(const struct station *st)
{
	return strcmp(station_search_host(st), "0.0.0.0") == 0;
}

const char *
station_search_host(const struct station *st)
{
	const char *host = "127.0.0.1";
	struct in_addr v4;

	for (size_t i = st->nlistens; i-- > 0;) {
		if (inet_pton(AF_INET, st->listens[i].host, &v4) != 1)
			continue;
		if (!is_loopback(v4))
			return "0.0.0.0";
		host = st->listens[i].host;
	}
	return host;
}

bool
station_announces(const struct station *st, enum announce how)
{
	return st->hdhr.enabled && (how == ANNOUNCE_ON ||
	    (how == ANNOUNCE_AUTO && station_is_open(st) &&
	    st->gate.token == NULL));
}

/* The IPv4 address of the listener that who reaches our address at reaches,
 * too; false if there is none.  From this machine all are reached. */
static bool
listener_has(const struct station_listen *l, struct in_addr at,
    struct in_addr *v4)
{
	return inet_pton(AF_INET, l->host, v4) == 1 &&
	    (v4->s_addr == INADDR_ANY || v4->s_addr == at.s_addr ||
	    is_loopback(at));
}

bool
station_base_url_at(const struct station *st, const char *local,
    struct buf *out)
{
	const struct station_listen *l = st->listens;
	const struct station_listen *end = l + st->nlistens;
	struct in_addr at, v4;

	if (inet_pton(AF_INET, local, &at) != 1)
		return false;
	while (l < end && !listener_has(l, at, &v4))
		l++;
	if (l == end)
		return false;
	if (st->base_url != NULL)
		buf_adds(out, st->base_url);
	else
		buf_addf(out, "http://%s:%u", v4.s_addr == INADDR_ANY ?
		    local : l->host, l->port);
	station_add_token(st, out);
	return true;
}
