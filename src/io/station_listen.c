#include "io/station_parts.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "io/logfile.h"

#define OWN_FILES	256	/* rings, logs, children's pipes */
#define GROUP		"retrovue"	/* may change things, where it exists */

/* The control socket's group: the one named, which must be there, else the
 * usual one where it is and we may give files to it, else (-1) our own. */
static int
control_group(const struct station *st, gid_t *out)
{
	const char *name = st->control_group;
	const struct group *g = getgrnam(name != NULL ? name : GROUP);

	*out = (gid_t)-1;
	if (g != NULL && (name != NULL || geteuid() == 0 ||
	    group_member(g->gr_gid)))
		*out = g->gr_gid;
	if (g != NULL || name == NULL)
		return 0;
	fprintf(stderr, "retrovued: control socket: there is no group '%s'\n",
	    name);
	return -1;
}

/* A descriptor per viewer, connection and farewell, and some for ourselves: as
 * many as we may have.
 * Where that is less than the station's limits, newcomers get 503 earlier. */
static void
descriptors_raise(const struct station *st)
{
	const struct station_limits *l = &st->gate.limits;
	struct rlimit r;
	int64_t most = l->viewers + l->connections + l->pending + OWN_FILES;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0)
		return;
	r.rlim_cur = r.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &r);
	if (r.rlim_max != RLIM_INFINITY && (int64_t)r.rlim_max < most)
		logfile(LOG_WARN, "descriptors", "limit=%" PRIu64
		    " wanted=%" PRId64, (uint64_t)r.rlim_max, most);
}

/* A machine without IPv6 has neither :: nor ::1, which the defaults name. */
static bool
is_no_ipv6(const struct station_listen *l, int rc)
{
	return rc == -EAFNOSUPPORT || (rc == -EADDRNOTAVAIL &&
	    (strcmp(l->host, "::") == 0 || strcmp(l->host, "::1") == 0));
}

/* 0, also where *bound is not one more; else the exit code. */
static int
listen_one(struct station_run *s, const struct station_listen *l,
    size_t *bound)
{
	uint16_t port = l->port;
	int rc = http_listen(s->http, l->host, &port);

	if (rc < 0 && !is_no_ipv6(l, rc)) {
		fprintf(stderr, "retrovued: cannot listen on %s port %u: "
		    "%s%s\n", l->host, l->port, strerror(-rc),
		    rc == -EADDRINUSE ? "; 'ss -ltnp' says by whom, "
		    "http.listen where else" : "");
		return rc == -EACCES ? EX_NOPERM : EX_UNAVAILABLE;
	}
	if (rc < 0) {
		logfile(LOG_WARN, "listening", "host=%s port=%u text=%s",
		    l->host, port, logfile_value(strerror(-rc)));
		return 0;
	}
	++*bound;
	logfile(LOG_INFO, "listening", "host=%s port=%u", l->host, port);
	return 0;
}

int
station_listen(struct station_run *s, const struct station *st)
{
	size_t bound = 0;
	gid_t group;
	int rc;

	descriptors_raise(st);
	if (control_group(st, &group) < 0)
		return EX_CONFIG;
	if ((rc = http_listen_unix(s->http, st->control_socket,
	    (mode_t)st->control_mode, group)) < 0) {
		fprintf(stderr, "retrovued: control socket %s: %s\n",
		    st->control_socket, rc == -EADDRINUSE ?
		    "another retrovued answers there" : strerror(-rc));
		return rc == -EADDRINUSE ? STATION_RUNNING :
		    rc == -EACCES || rc == -EPERM ? EX_NOPERM : EX_OSERR;
	}
	for (size_t i = 0; i < st->nlistens; i++)
		if ((rc = listen_one(s, &st->listens[i], &bound)) != 0)
			return rc;
	if (bound > 0)
		return 0;
	fprintf(stderr, "retrovued: there is no IPv6 here and http.listen has "
	    "no other address\n");
	return EX_UNAVAILABLE;
}
