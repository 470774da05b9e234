#include "ctl_doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "media/limbo.h"

#define PART		"system"
#define SPACE_MIN	(UINT64_C(64) << 20)	/* bytes; less is trouble */
#define SPACE_LOW	(UINT64_C(1) << 30)
#define VIEWERS_MAX	2048	/* as many as the daemon takes */
#define PER_CHILD	4	/* descriptors: two pipes, and while spawning */
#define DISK_MS		3000	/* for a library's disk to answer */
#define OWN_MAX		64	/* descriptors of everything else */

/* May the daemon's user do that to path? */
static bool
may(const struct doctor *d, const char *path, int what)
{
	bool other = d->user.name != NULL && geteuid() == 0;
	bool good;
	int saved;

	if (other && privs_enter(&d->user) < 0)
		return false;
	good = faccessat(AT_FDCWD, path, what, AT_EACCESS) == 0;
	saved = errno;
	if (other)
		(void)privs_leave(&d->user);
	errno = saved;
	return good;
}

/* What of path is there, malloc'd. */
static char *
nearest(const char *path)
{
	char *near = xstrdup(path), *slash;

	while (access(near, F_OK) < 0 && (slash = strrchr(near, '/')) != NULL)
		slash[slash == near] = '\0';
	return near;
}

static void
check_dir(struct doctor *d, const char *name, const char *path)
{
	char *near = nearest(path);
	bool there = strcmp(near, path) == 0;
	struct statvfs v;
	uint64_t left;

	/* root makes what is missing, and gives it away. */
	if (!may(d, near, W_OK | X_OK) && (there || geteuid() != 0)) {
		doctor_say(d, PART, name, DOCTOR_BAD, "%s: cannot be written"
		    "%s%s: %s", path, d->user.name != NULL ? " by " : "",
		    d->user.name != NULL ? d->user.name : "",
		    strerror(errno));
	} else if (statvfs(near, &v) < 0) {
		doctor_say(d, PART, name, DOCTOR_BAD, "%s: %s", path,
		    strerror(errno));
	} else {
		left = (uint64_t)v.f_bavail * v.f_frsize;
		doctor_say(d, PART, name, left < SPACE_MIN ? DOCTOR_BAD :
		    left < SPACE_LOW ? DOCTOR_NOTE : DOCTOR_GOOD,
		    "%s: %" PRIu64 " MiB free%s", path, left >> 20,
		    there ? "" : "; retrovued will make it");
	}
	free(near);
}

static void
check_dirs(struct doctor *d)
{
	const struct station *st = d->cfg->station;
	char *control = xstrdup(st->control_socket);
	char *slash = strrchr(control, '/');

	check_dir(d, "state", st->state_dir);
	check_dir(d, "log", st->log_dir);
	check_dir(d, "as-run log", st->asrun_dir);
	if (slash != NULL && slash != control)
		*slash = '\0';
	check_dir(d, "control", control);
	free(control);
}

/* A directory of media, asked in limbo. */
struct asking {
	char *path;
	int why;		/* errno, 0: it can be read */
};

static void
asking_run(void *arg, const volatile int *stop)
{
	struct asking *a = arg;

	(void)stop;
	a->why = faccessat(AT_FDCWD, a->path, R_OK | X_OK, AT_EACCESS) == 0 ?
	    0 : errno;
}

static void
asking_drop(void *arg)
{
	struct asking *a = arg;

	free(a->path);
	free(a);
}

/* 0, or errno; ETIMEDOUT where the disk does not answer. */
static int
ask_disk(const char *path)
{
	struct asking *a = xcalloc(1, sizeof *a);
	struct limbo_work w = {
		.run = asking_run, .drop = asking_drop, .arg = a,
		.timeout_ms = DISK_MS,
	};
	int why;

	a->path = xstrdup(path);
	if (!limbo_run(&w))
		return ETIMEDOUT;
	why = a->why;
	asking_drop(a);
	return why;
}

static void
check_media(struct doctor *d)
{
	const struct station *st = d->cfg->station;
	bool other = d->user.name != NULL && geteuid() == 0;
	int why;

	if (other && privs_enter(&d->user) < 0)
		return;
	for (size_t i = 0; i < st->nlibraries; i++) {
		const char *path = st->libraries[i].path;

		why = ask_disk(path);
		doctor_say(d, PART, "media", why != 0 ? DOCTOR_BAD :
		    DOCTOR_GOOD, "%s: %s", path, why == ETIMEDOUT ?
		    "its disk does not answer" : why != 0 ? strerror(why) :
		    "can be read");
	}
	if (other)
		(void)privs_leave(&d->user);
}

int
doctor_try_port(const char *host, uint16_t number, int type, bool shared)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = type,
	};
	char port[8];
	struct addrinfo *a;
	int fd, on = 1, rc = 0;

	snprintf(port, sizeof port, "%u", number);
	if (getaddrinfo(host, port, &hints, &a) != 0)
		return EADDRNOTAVAIL;
	fd = socket(a->ai_family, type | SOCK_CLOEXEC, 0);
	if (fd < 0 || (shared && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on,
	    sizeof on) < 0) || (a->ai_family == AF_INET6 && setsockopt(fd,
	    IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0) ||
	    bind(fd, a->ai_addr, a->ai_addrlen) < 0 ||
	    (type == SOCK_STREAM && listen(fd, 1) < 0))
		rc = errno;
	if (fd >= 0)
		close(fd);
	freeaddrinfo(a);
	return rc;
}

static void
check_port(struct doctor *d, const struct station_listen *l)
{
	int why = doctor_try_port(l->host, l->port, SOCK_STREAM, true);

	if (why == 0) {
		doctor_say(d, PART, "port", DOCTOR_GOOD, "%s port %u is free",
		    l->host, l->port);
	} else if (why == EADDRINUSE && d->runs) {
		doctor_say(d, PART, "port", DOCTOR_GOOD, "%s port %u is the "
		    "daemon's", l->host, l->port);
	} else {
		doctor_say(d, PART, "port", why == EACCES ? DOCTOR_NOTE :
		    DOCTOR_BAD, "%s port %u: %s%s", l->host, l->port,
		    strerror(why), why == EACCES ? ": only root may" : "");
	}
}

/* The soft limit counts: nothing raises it. */
static void
check_descriptors(struct doctor *d)
{
	size_t own = OWN_MAX + PER_CHILD * 2 * d->cfg->nchans;
	struct rlimit r;
	size_t left;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0)
		return;
	left = r.rlim_cur > own ? (size_t)r.rlim_cur - own : 0;
	doctor_say(d, PART, "descriptors", left == 0 ? DOCTOR_BAD :
	    left < VIEWERS_MAX ? DOCTOR_NOTE : DOCTOR_GOOD, "%ju here, enough "
	    "for about %zu viewers", (uintmax_t)r.rlim_cur, left <
	    VIEWERS_MAX ? left : VIEWERS_MAX);
}

/* The ring: memory as a file, whose tail is given back. */
static void
check_ring(struct doctor *d)
{
	int fd = memfd_create("retrovue-doctor", MFD_CLOEXEC);

	if (fd < 0 || pwrite(fd, "x", 1, 8191) != 1 || fallocate(fd,
	    FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) < 0)
		doctor_say(d, PART, "ring", DOCTOR_BAD, "no files in memory "
		    "with holes: %s", strerror(errno));
	else
		doctor_say(d, PART, "ring", DOCTOR_GOOD, "files in memory, "
		    "with holes");
	if (fd >= 0)
		close(fd);
}

static void
check_clock(struct doctor *d)
{
	struct timex t = { 0 };
	int state = adjtimex(&t);

	if (state < 0 || (t.status & STA_UNSYNC) != 0)
		doctor_say(d, PART, "clock", DOCTOR_NOTE, "the kernel does not "
		    "know it to be synchronized: chrony or another NTP client "
		    "keeps stations together");
	else
		doctor_say(d, PART, "clock", DOCTOR_GOOD, "synchronized, to "
		    "%ld us", (long)t.esterror);
}

/* Each zone once. */
static void
check_zones(struct doctor *d)
{
	const struct station *st = d->cfg->station;
	struct errs e = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < d->cfg->nchans; i++) {
		const char *name = d->cfg->chans[i]->timezone;

		if (name == NULL)
			name = st->timezone != NULL ? st->timezone :
			    "/etc/localtime";
		tz_free(config_zone(name, d->cfg->chans[i]->file, &e));
		n++;
	}
	if (n == 0)
		tz_free(config_zone("America/New_York", NULL, &e));
	if (e.faults != 0)
		doctor_say(d, PART, "time zones", DOCTOR_BAD, "%s",
		    e.items[0].text);
	else
		doctor_say(d, PART, "time zones", DOCTOR_GOOD, "all there");
	errs_fini(&e);
}

void
doctor_system(struct doctor *d)
{
	check_dirs(d);
	check_media(d);
	for (size_t i = 0; i < d->cfg->station->nlistens; i++)
		check_port(d, &d->cfg->station->listens[i]);
	check_descriptors(d);
	check_ring(d);
	check_clock(d);
	check_zones(d);
}
