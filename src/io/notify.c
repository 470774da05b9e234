#include "io/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/xmem.h"
#include "io/logfile.h"

#define LINES_MAX	512	/* bytes of one message */
#define STATUS		"STATUS="

struct notify {
	uv_timer_t pat;			/* runs where a watchdog waits */
	int sock;			/* systemd's; -1: it does not ask */
	struct sockaddr_un to;
	socklen_t to_len;
	int fd;				/* s6's; -1: told, or not asked */
	bool failed;			/* which was logged */
};

static void
failed(struct notify *n, int error)
{
	if (!n->failed)
		logfile(LOG_WARN, "notify", "text=%s",
		    logfile_value(strerror(error)));
	n->failed = true;
}

static void
tell(struct notify *n, const char *lines)
{
	if (n->sock >= 0 && sendto(n->sock, lines, strlen(lines),
	    MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)&n->to,
	    n->to_len) < 0)
		failed(n, errno);
}

static void
on_pat(uv_timer_t *t)
{
	tell(t->data, "WATCHDOG=1");
}

/* A path, or '@' and an abstract name; it is not terminated where it fills
 * all there is. */
static bool
address_parse(struct notify *n, const char *name)
{
	size_t len = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || len < 2 ||
	    len > sizeof n->to.sun_path)
		return false;
	n->to.sun_family = AF_UNIX;
	memcpy(n->to.sun_path, name, len);
	if (name[0] == '@')
		n->to.sun_path[0] = '\0';
	n->to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	return true;
}

static void
socket_init(struct notify *n)
{
	const char *name = getenv("NOTIFY_SOCKET");

	if (name == NULL)
		return;
	if (!address_parse(n, name))
		logfile(LOG_WARN, "notify", "socket=%s text=%s",
		    logfile_value(name), logfile_value("neither a path nor "
		    "an abstract name"));
	else if ((n->sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0)
		failed(n, errno);
}

/* WATCHDOG_PID says whom it is about: our parent may have been meant. */
static void
watchdog_init(struct notify *n)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	uint64_t ms;

	if (n->sock < 0 || usec == NULL ||
	    (pid != NULL && strtol(pid, NULL, 10) != getpid()))
		return;
	ms = strtoull(usec, NULL, 10) / 2000;
	if (ms > 0)
		uv_timer_start(&n->pat, on_pat, 0, ms);
}

struct notify *
notify_new(uv_loop_t *loop, int fd)
{
	struct notify *n = xcalloc(1, sizeof *n);

	n->sock = -1;
	n->fd = fd;
	uv_timer_init(loop, &n->pat);
	n->pat.data = n;
	socket_init(n);
	watchdog_init(n);
	return n;
}

void
notify_status(struct notify *n, const char *fmt, ...)
{
	char lines[LINES_MAX] = STATUS;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(lines + strlen(STATUS), sizeof lines - strlen(STATUS),
	    fmt, ap);
	va_end(ap);
	tell(n, lines);
}

void
notify_ready(struct notify *n)
{
	tell(n, "READY=1");
	if (n->fd < 0)
		return;
	if (write(n->fd, "\n", 1) != 1)
		failed(n, errno);
	close(n->fd);
	n->fd = -1;
}

/* With the moment: what systemd got before it was not the answer. */
void
notify_reloading(struct notify *n)
{
	char lines[LINES_MAX];
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	(void)snprintf(lines, sizeof lines, "RELOADING=1\nMONOTONIC_USEC=%"
	    PRId64, (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
	tell(n, lines);
}

void
notify_stopping(struct notify *n)
{
	tell(n, "STOPPING=1");
}

static void
on_close(uv_handle_t *h)
{
	free(h->data);
}

void
notify_close(struct notify *n)
{
	if (n->sock >= 0)
		close(n->sock);
	if (n->fd >= 0)
		close(n->fd);
	uv_close((uv_handle_t *)&n->pat, on_close);
}
