/* The station as tuners that HDHomeRun's clients find. */

#include "plan/station_parts.h"

#include <string.h>

#include "plan/conf.h"
#include "plan/device_id.h"

#define TUNERS_MAX	255

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
	conf_int(e, m, "tuners", 1, TUNERS_MAX, &tuners);
	read_device_id(e, m, &h->device_id);
	read_announce(e, m, "ssdp", &h->ssdp);
	read_announce(e, m, "discovery", &h->discovery);
	h->tuners = (unsigned)tuners;
}

unsigned
station_tuners(const struct station *st, size_t nchannels)
{
	if (st->hdhr.tuners != 0)
		return st->hdhr.tuners;
	return nchannels > TUNERS_MAX ? TUNERS_MAX : (unsigned)nchannels;
}

/* 127.0.0.0/8 and ::1, as they are written: parse_listen() has taken them. */
static bool
is_loopback(const char *host)
{
	return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

bool
station_is_open(const struct station *st)
{
	for (size_t i = 0; i < st->nlistens; i++)
		if (!is_loopback(st->listens[i].host))
			return true;
	return false;
}

bool
station_announces(const struct station *st, enum announce how)
{
	return st->hdhr.enabled && (how == ANNOUNCE_ON ||
	    (how == ANNOUNCE_AUTO && station_is_open(st)));
}
