#include "io/station_parts.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "io/logfile.h"

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

int
station_listen(struct station_run *s, const struct station *st)
{
	gid_t group;
	int rc;

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
	for (size_t i = 0; i < st->nlistens; i++) {
		const struct station_listen *l = &st->listens[i];
		uint16_t port = l->port;

		if ((rc = http_listen(s->http, l->host, &port)) < 0) {
			fprintf(stderr, "retrovued: cannot listen on %s port "
			    "%u: %s\n", l->host, l->port, strerror(-rc));
			return rc == -EACCES ? EX_NOPERM : EX_UNAVAILABLE;
		}
		logfile(LOG_INFO, "listening", "host=%s port=%u", l->host,
		    port);
	}
	return 0;
}

