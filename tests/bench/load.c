/* load.c - viewers who cost next to nothing: their bytes are thrown away in
 * the kernel (MSG_TRUNC).
 *
 *	load -p PORT [-n VIEWERS] [-t SECONDS] [-w SECONDS] [-c CHANNELS]
 *	    [-k STUCK] [-s SLOW] [-u MICROSECONDS] [-a VIEWERS]
 *
 * Viewer i watches channel i mod CHANNELS + 1.  -w: so long passes before
 * anything counts, from when all are there.  The last STUCK of the viewers
 * never read, the SLOW before them read a tenth of a typical stream; neither
 * are in the figures.  -u: so long from one connection to the next.  -a: so
 * many come from one address of 127.0.0.0/8.
 *
 * Prints, as JSON, how many were there to the end, the bytes they got, the
 * least and the most of any, and the longest pause of any between two
 * arrivals. */

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define VIEWERS_MAX	20000
#define SECONDS_MAX	3600
#define EVENTS		256
#define NS_PER_S	INT64_C(1000000000)
#define TAKE		(1 << 30)
#define SIP		5000		/* bytes a slow one takes ... */
#define SIP_NS		(NS_PER_S / 10)	/* ... so often */

struct viewer {
	int fd;
	bool began, lost;
	int64_t bytes, last, gap;
};

struct load {
	long port, n, seconds, warm, channels, stuck, slow, pause_us, each;
	struct viewer *viewers;
	long healthy;		/* the first of the viewers */
	int ep;
};

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

/* One address has so many ports, and servers let so many in from one. */
static void
come_from(const struct load *l, int fd, long i)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	int on = 1;

	if (l->each == 0)
		return;
	from.sin_addr.s_addr = htonl((uint32_t)(0x7f010001 + i / l->each));
	(void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on,
	    sizeof on);
	if (bind(fd, (const struct sockaddr *)&from, sizeof from) < 0)
		die("bind");
}

static void
viewer_open(const struct load *l, long i)
{
	struct viewer *v = &l->viewers[i];
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)l->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	char request[128];
	int n = snprintf(request, sizeof request, "GET /channel/%ld/stream.ts "
	    "HTTP/1.1\r\nHost: localhost\r\n\r\n", i % l->channels + 1);

	v->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (v->fd < 0)
		die("socket");
	come_from(l, v->fd, i);
	if (connect(v->fd, (const struct sockaddr *)&to, sizeof to) < 0)
		die("connect");
	if (send(v->fd, request, (size_t)n, MSG_NOSIGNAL) != n)
		die("send");
	v->last = now_ns();
}

/* False once the server has closed. */
static bool
viewer_take(struct viewer *v, size_t most)
{
	ssize_t n = recv(v->fd, NULL, most, MSG_TRUNC | MSG_DONTWAIT);
	int64_t now;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0)
		return false;
	now = now_ns();
	if (v->began && now - v->last > v->gap)
		v->gap = now - v->last;
	v->began = true;
	v->last = now;
	v->bytes += n;
	return true;
}

static void
slow_take(const struct load *l)
{
	for (long i = l->healthy; i < l->healthy + l->slow; i++) {
		struct viewer *v = &l->viewers[i];

		v->lost |= !viewer_take(v, SIP);
	}
}

static void
watch(const struct load *l, int64_t until)
{
	struct epoll_event events[EVENTS];
	int64_t sip = 0, now;

	while ((now = now_ns()) < until) {
		int n = epoll_wait(l->ep, events, EVENTS, 20);

		for (int i = 0; i < n; i++) {
			struct viewer *v = &l->viewers[events[i].data.u32];

			if (viewer_take(v, TAKE))
				continue;
			epoll_ctl(l->ep, EPOLL_CTL_DEL, v->fd, NULL);
			v->lost = true;
		}
		if (now - sip >= SIP_NS) {
			slow_take(l);
			sip = now;
		}
	}
}

static void
viewers_open(struct load *l)
{
	l->viewers = calloc((size_t)l->n, sizeof *l->viewers);
	if (l->viewers == NULL)
		die("memory");
	for (long i = 0; i < l->n; i++) {
		struct epoll_event e = { .events = EPOLLIN,
		    .data.u32 = (uint32_t)i };

		viewer_open(l, i);
		if (i < l->healthy &&
		    epoll_ctl(l->ep, EPOLL_CTL_ADD, l->viewers[i].fd, &e) < 0)
			die("epoll");
		if (l->pause_us > 0)
			watch(l, now_ns() + l->pause_us * 1000);
	}
}

/* From here on it counts. */
static void
forget(const struct load *l)
{
	for (long i = 0; i < l->n; i++)
		l->viewers[i].bytes = l->viewers[i].gap = 0;
}

static void
report(const struct load *l, int64_t until)
{
	int64_t all = 0, least = INT64_MAX, most = 0, gap = 0;
	long lost = 0;

	for (long i = 0; i < l->healthy; i++) {
		const struct viewer *v = &l->viewers[i];
		int64_t last = until - v->last;

		lost += v->lost;
		all += v->bytes;
		least = v->bytes < least ? v->bytes : least;
		most = v->bytes > most ? v->bytes : most;
		gap = v->gap > gap ? v->gap : gap;
		gap = last > gap ? last : gap;
	}
	printf("{\"viewers\": %ld, \"lost\": %ld, \"bytes\": %" PRId64
	    ", \"least\": %" PRId64 ", \"most\": %" PRId64
	    ", \"longest_gap_ms\": %" PRId64 "}\n", l->healthy, lost, all,
	    least, most, gap / 1000000);
}

static bool
options_read(struct load *l, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "p:n:t:w:c:k:s:u:a:")) != -1) {
		long v = strtol(optarg != NULL ? optarg : "", NULL, 10);

		switch (c) {
		case 'p': l->port = v; break;
		case 'n': l->n = v; break;
		case 't': l->seconds = v; break;
		case 'w': l->warm = v; break;
		case 'c': l->channels = v; break;
		case 'k': l->stuck = v; break;
		case 's': l->slow = v; break;
		case 'u': l->pause_us = v; break;
		case 'a': l->each = v; break;
		default: return false;
		}
		if (v < 0)
			return false;
	}
	l->healthy = l->n - l->stuck - l->slow;
	return l->port > 0 && l->n > 0 && l->n <= VIEWERS_MAX &&
	    l->healthy > 0 && l->seconds > 0 && l->seconds <= SECONDS_MAX &&
	    l->channels > 0;
}

int
main(int argc, char **argv)
{
	struct load l = { .n = 1, .seconds = 10, .channels = 1,
	    .ep = epoll_create1(0) };
	struct rlimit files;
	int64_t until;

	if (!options_read(&l, argc, argv) || l.ep < 0)
		return 64;
	(void)getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	viewers_open(&l);
	if (l.warm > 0) {
		watch(&l, now_ns() + l.warm * NS_PER_S);
		forget(&l);
	}
	until = now_ns() + l.seconds * NS_PER_S;
	watch(&l, until);
	report(&l, until);
	free(l.viewers);
	return 0;
}
