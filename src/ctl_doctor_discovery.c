/* Whether HDHomeRun's clients find the station by themselves.  Where they do
 * not it still works: they take its address. */

#include "ctl_doctor.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "air/hdhr.h"
#include "air/ssdp.h"

#define PART	"discovery"

static void
check_port(struct doctor *d, const char *name, int port, int type,
    bool shared)
{
	const char *host = station_search_host(d->cfg->station);
	const char *kind = type == SOCK_DGRAM ? "UDP" : "TCP";
	int why = doctor_try_port(host, (uint16_t)port, type, shared);

	if (why == 0)
		doctor_say(d, PART, name, DOCTOR_GOOD, "%s port %d is free",
		    kind, port);
	else if (why == EADDRINUSE && d->runs)
		doctor_say(d, PART, name, DOCTOR_GOOD, "%s port %d is the "
		    "daemon's", kind, port);
	else
		doctor_say(d, PART, name, DOCTOR_NOTE, "%s port %d: %s: "
		    "clients must be given the station's address", kind, port,
		    strerror(why));
}

/* Found by whom? */
static bool
has_network(void)
{
	struct ifaddrs *all, *i;
	bool found = false;

	if (getifaddrs(&all) < 0)
		return false;
	for (i = all; i != NULL; i = i->ifa_next)
		found |= i->ifa_addr != NULL &&
		    i->ifa_addr->sa_family == AF_INET &&
		    (i->ifa_flags & IFF_UP) != 0 &&
		    (i->ifa_flags & IFF_LOOPBACK) == 0;
	freeifaddrs(all);
	return found;
}

static void
check_network(struct doctor *d)
{
	bool open = station_is_open(d->cfg->station);

	if (d->cfg->station->gate.token != NULL)
		doctor_say(d, PART, "token", DOCTOR_NOTE, "found only where "
		    "discovery is on: whoever searches is told http.token");
	if (!open)
		doctor_say(d, PART, "network", DOCTOR_NOTE, "only this "
		    "machine can reach http.listen by IPv4");
	else if (!has_network())
		doctor_say(d, PART, "network", DOCTOR_NOTE, "this machine has "
		    "no IPv4 address that others could reach");
	else
		doctor_say(d, PART, "network", DOCTOR_GOOD, "others can reach "
		    "http.listen");
}

void
doctor_discovery(struct doctor *d)
{
	const struct station *st = d->cfg->station;
	bool hdhr = station_announces(st, st->hdhr.discovery);
	bool ssdp = station_announces(st, st->hdhr.ssdp);

	if (!st->hdhr.enabled) {
		doctor_say(d, PART, "hdhomerun", DOCTOR_GOOD, "is off");
		return;
	}
	check_network(d);
	if (hdhr) {
		check_port(d, "search", HDHR_PORT, SOCK_DGRAM, false);
		check_port(d, "settings", HDHR_PORT, SOCK_STREAM, true);
	}
	if (ssdp)
		check_port(d, "ssdp", SSDP_PORT, SOCK_DGRAM, true);
}
