/* Happy path: a listener is readable, its connections are accepted and added
 * to the set, which serves them.  Out of descriptors, one that is kept in
 * reserve serves to say 503 to whoever comes; where even that is gone
 * accepting stops for RETRY_MS: the listener would stay readable and the loop
 * spin. */

#include "io/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "io/conn.h"
#include "io/listen.h"
#include "io/reply.h"
#include "plan/station.h"

#define ACCEPTS		64	/* per wake-up */
#define DRAINS		16	/* reads of what somebody refused has sent */
#define RETRY_MS	100
#define SWEEP_MS	500
#define SPARE_BYTES	(64 * 1024 * 1024)	/* a few threads' stacks */
#define UNSENT_BYTES	(256 * 1024)	/* in a socket, of a document */
#define GROUPS_MAX	256	/* of a peer; more are not looked at */

struct listener {
	uv_poll_t poll;
	struct http *http;
	struct listener *next;
	int fd;
	char *path;		/* of a UNIX socket, else NULL */
	struct stat st;		/* what was bound there */
};

struct http {
	uv_loop_t *loop;
	const struct station *station;
	struct conns conns;
	struct listener *listeners;
	uv_timer_t sweep, retry;
	size_t handles;		/* timers and listeners still open */
	int user_timeout_ms;	/* of new connections */
	int reserve;		/* a descriptor for bad times, or -1 */
	bool closing;
};

static void
http_free_if_done(void *ctx)
{
	struct http *h = ctx;

	if (h->closing && h->handles == 0 && h->conns.handles == 0)
		free(h);
}

static void
on_sweep(uv_timer_t *timer)
{
	struct http *h = timer->data;

	conns_sweep(&h->conns, uv_now(h->loop));
}

static void
peer_format(const struct sockaddr_storage *ss, char *peer, size_t size)
{
	char host[INET6_ADDRSTRLEN] = "?";

	peer[0] = '\0';
	if (ss->ss_family == AF_INET) {
		const struct sockaddr_in *v4 = (const void *)ss;

		(void)inet_ntop(AF_INET, &v4->sin_addr, host, sizeof(host));
		(void)snprintf(peer, size, "%s:%u", host,
		    (unsigned)ntohs(v4->sin_port));
	} else if (ss->ss_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const void *)ss;

		(void)inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof(host));
		(void)snprintf(peer, size, "[%s]:%u", host,
		    (unsigned)ntohs(v6->sin6_port));
	}
}

/* Supplementary groups count: that is how operators are made. */
static bool
is_in_group(int fd, gid_t group)
{
	gid_t groups[GROUPS_MAX];
	socklen_t len = sizeof(groups);
	bool found = false;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) < 0)
		return false;
	for (size_t i = 0; i < len / sizeof(groups[0]); i++)
		found |= groups[i] == group;
	return found;
}

static struct http_peer
control_peer(const struct listener *l, int fd, char *peer, size_t size)
{
	struct ucred cred = { .uid = (uid_t)-1, .gid = (gid_t)-1 };
	socklen_t len = sizeof(cred);
	struct http_peer from = { .control = true };

	(void)getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len);
	from.uid = (int64_t)cred.uid;
	from.pid = (int64_t)cred.pid;
	from.trusted = cred.uid == 0 || cred.uid == geteuid() ||
	    cred.gid == l->st.st_gid || is_in_group(fd, l->st.st_gid);
	(void)snprintf(peer, size, "uid %lu", (unsigned long)cred.uid);
	return from;
}

static bool
is_allowed(const struct http *h, const struct sockaddr_storage *ss)
{
	const struct sockaddr_in *v4 = (const void *)ss;
	const struct sockaddr_in6 *v6 = (const void *)ss;
	uint8_t bytes[4], addr[NET_ADDR];

	if (ss->ss_family == AF_INET) {
		memcpy(bytes, &v4->sin_addr, sizeof(bytes));
		net_map(bytes, addr);
	} else {
		memcpy(addr, &v6->sin6_addr, sizeof(addr));
	}
	return station_allows(h->station, addr);
}

static int
reserve_open(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* What has come of its request goes unread: a close over that would take the
 * answer back.  Who sends faster than we read has no right to one. */
static void
dismiss(int fd, int status, const char *text)
{
	struct http_answer a = { .status = status };
	struct buf reply = { 0 };
	char rest[4096];
	int i = 0;

	buf_addf(&a.body, "%s\n", text);
	a.type = "text/plain; charset=utf-8";
	reply_document(&reply, &a, false, false);
	(void)send(fd, reply.data, reply.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	(void)shutdown(fd, SHUT_WR);
	while (i < DRAINS && recv(fd, rest, sizeof(rest), MSG_DONTWAIT) > 0)
		i++;
	close(fd);
	buf_fini(&a.body);
	buf_fini(&reply);
}

/* Where memory is limited and nearly used up, what is left is for those who are
 * inside: we end where it runs out.  Asked of the system itself, since malloc()
 * may still have some for now. */
static bool
has_memory(void)
{
	void *spare = mmap(NULL, SPARE_BYTES, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return spare != MAP_FAILED && munmap(spare, SPARE_BYTES) == 0;
}

/* What a client leaves unread stays with us until little of it is left, not
 * in megabytes of the kernel's.  None of these is worth losing a client for. */
static void
tune_socket(int fd, int user_timeout_ms)
{
	int on = 1, unsent = UNSENT_BYTES;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent,
	    sizeof(unsent));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms,
	    sizeof(user_timeout_ms));
}

/* 0, or what accept4() failed with. */
static int
accept_one(struct listener *l)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);
	struct http_peer from = { 0 };
	char peer[64];
	int fd = accept4(l->fd, (struct sockaddr *)&ss, &len,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return errno;
	if (l->path == NULL && !is_allowed(l->http, &ss)) {
		dismiss(fd, 403, "not for your address: see http.allow");
		return 0;
	}
	if (!has_memory()) {
		dismiss(fd, 503, "memory is short here: try again later");
		return 0;
	}
	if (l->path != NULL) {
		from = control_peer(l, fd, peer, sizeof(peer));
	} else {
		tune_socket(fd, l->http->user_timeout_ms);
		peer_format(&ss, peer, sizeof(peer));
	}
	conns_add(&l->http->conns, fd, peer, &from);
	return 0;
}

static void on_retry(uv_timer_t *timer);

/* There is no descriptor for a newcomer: with the one in reserve he gets an
 * answer.  0, EAGAIN where nobody waits, or why not even that. */
static int
refuse_one(struct listener *l)
{
	struct http *h = l->http;
	int fd, rc;

	if (h->reserve < 0)
		return EMFILE;
	close(h->reserve);
	fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	rc = fd < 0 ? errno : 0;
	if (fd >= 0)
		dismiss(fd, 503, "too many files are open here: try again "
		    "later");
	h->reserve = reserve_open();
	return rc;
}

static void
accept_pause(struct http *h)
{
	struct listener *l;

	for (l = h->listeners; l != NULL; l = l->next)
		(void)uv_poll_stop(&l->poll);
	(void)uv_timer_start(&h->retry, on_retry, RETRY_MS, 0);
}

static bool
is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	    error == ENOMEM;
}

static void
on_acceptable(uv_poll_t *poll, int status, int events)
{
	struct listener *l = poll->data;
	int i, rc = 0;

	(void)events;
	if (status < 0)
		rc = EMFILE;
	for (i = 0; i < ACCEPTS && rc != EAGAIN; i++) {
		if (is_shortage(rc)) {
			accept_pause(l->http);
			return;
		}
		rc = accept_one(l);
		if (rc == EMFILE || rc == ENFILE)
			rc = refuse_one(l);
	}
}

static void
on_retry(uv_timer_t *timer)
{
	struct http *h = timer->data;
	struct listener *l;

	if (h->reserve < 0)
		h->reserve = reserve_open();
	for (l = h->listeners; l != NULL; l = l->next)
		(void)uv_poll_start(&l->poll, UV_READABLE, on_acceptable);
}

static void
on_timer_closed(uv_handle_t *handle)
{
	struct http *h = handle->data;

	h->handles--;
	http_free_if_done(h);
}

static void
on_listener_closed(uv_handle_t *handle)
{
	struct listener *l = handle->data;
	struct http *h = l->http;

	close(l->fd);
	free(l->path);
	free(l);
	h->handles--;
	http_free_if_done(h);
}

static void
timer_init(struct http *h, uv_timer_t *timer)
{
	(void)uv_timer_init(h->loop, timer);	/* cannot fail */
	timer->data = h;
	h->handles++;
}

void
http_rules(struct http *h, const struct station *st)
{
	const struct station_limits *l = &st->gate.limits;

	h->station = st;
	h->user_timeout_ms = (int)l->user_timeout_seconds * 1000;
	h->conns.limits = (struct conns_limits){
		.connections = (size_t)l->connections,
		.pending = (size_t)l->pending,
		.per_address = (size_t)l->viewers_per_address,
		.control = (size_t)l->control,
		.head_ms = (uint64_t)l->head_seconds * 1000,
		.idle_ms = (uint64_t)l->idle_seconds * 1000,
		.stuck_ms = (uint64_t)l->stuck_seconds * 1000,
		.answer_ms = (uint64_t)l->answer_seconds * 1000,
		.request = {
			.line = (size_t)l->request_line,
			.head = (size_t)l->head,
			.fields = (unsigned)l->fields,
		},
	};
}

struct http *
http_new(uv_loop_t *loop, http_handler *handler, http_counter *counter,
    void *ctx, const struct station *st)
{
	struct http *h = xcalloc(1, sizeof(*h));

	h->loop = loop;
	h->reserve = reserve_open();
	h->conns = (struct conns){
		.loop = loop, .handler = handler, .counter = counter,
		.handler_ctx = ctx,
		.on_gone = http_free_if_done, .ctx = h,
	};
	http_rules(h, st);
	timer_init(h, &h->sweep);
	timer_init(h, &h->retry);
	(void)uv_timer_start(&h->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
	return h;
}

static int
listener_add(struct http *h, int fd, const char *path)
{
	struct listener *l = xcalloc(1, sizeof(*l));
	int rc;

	l->http = h;
	l->fd = fd;
	if ((rc = uv_poll_init(h->loop, &l->poll, fd)) < 0) {
		close(fd);
		free(l);
		return rc;
	}
	if (path != NULL) {
		l->path = xstrdup(path);
		(void)lstat(path, &l->st);
	}
	l->poll.data = l;
	l->next = h->listeners;
	h->listeners = l;
	h->handles++;
	return uv_poll_start(&l->poll, UV_READABLE, on_acceptable);
}

int
http_listen(struct http *h, const char *host, uint16_t *port)
{
	int fd = listen_tcp(host, port);

	return fd < 0 ? fd : listener_add(h, fd, NULL);
}

int
http_listen_unix(struct http *h, const char *path, mode_t mode,
    gid_t group)
{
	int fd = listen_unix(path, mode, group);

	return fd < 0 ? fd : listener_add(h, fd, path);
}

/* Not the socket of a daemon that has taken our place meanwhile. */
static void
unlink_own(const struct listener *l)
{
	struct stat st;

	if (l->path != NULL && lstat(l->path, &st) == 0 &&
	    st.st_dev == l->st.st_dev && st.st_ino == l->st.st_ino)
		(void)unlink(l->path);
}

void
http_close(struct http *h)
{
	struct listener *l, *next;

	h->closing = true;
	if (h->reserve >= 0)
		close(h->reserve);
	for (l = h->listeners; l != NULL; l = next) {
		next = l->next;
		unlink_own(l);
		uv_close((uv_handle_t *)&l->poll, on_listener_closed);
	}
	h->listeners = NULL;
	conns_close(&h->conns);
	uv_close((uv_handle_t *)&h->sweep, on_timer_closed);
	uv_close((uv_handle_t *)&h->retry, on_timer_closed);
}
