/* load.c - viewers who cost next to nothing: their bytes are thrown away in
 * the kernel (MSG_TRUNC).
 *
 *	load -p PORT -n VIEWERS -t SECONDS [-c CHANNELS]
 *
 * Viewer i watches channel i mod CHANNELS + 1.  Prints, as JSON, how many were
 * there to the end, the bytes they got, the least and the most of any, and the
 * longest pause of any between two arrivals. */

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define VIEWERS_MAX	1000
#define SECONDS_MAX	600
#define EVENTS		64
#define NS_PER_S	INT64_C(1000000000)
#define TAKE		(1 << 20)

struct viewer {
	int fd;
	int64_t bytes, last, gap;
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

static void
viewer_open(struct viewer *v, int port, int channel)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	char request[128];
	int n = snprintf(request, sizeof request, "GET /channel/%d/stream.ts "
	    "HTTP/1.1\r\nHost: localhost\r\n\r\n", channel);

	*v = (struct viewer){ .fd = socket(AF_INET, SOCK_STREAM, 0) };
	if (v->fd < 0 ||
	    connect(v->fd, (const struct sockaddr *)&to, sizeof to) < 0)
		die("connect");
	if (send(v->fd, request, (size_t)n, MSG_NOSIGNAL) != n)
		die("send");
	v->last = now_ns();
}

/* False once the server has closed. */
static int
viewer_take(struct viewer *v)
{
	ssize_t n = recv(v->fd, NULL, TAKE, MSG_TRUNC | MSG_DONTWAIT);
	int64_t now = now_ns();

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 1;
	if (n <= 0)
		return 0;
	if (v->bytes != 0 && now - v->last > v->gap)
		v->gap = now - v->last;
	v->last = now;
	v->bytes += n;
	return 1;
}

static int
watch(int ep, struct viewer *viewers, int64_t until)
{
	struct epoll_event events[EVENTS];
	int lost = 0;

	while (now_ns() < until) {
		int n = epoll_wait(ep, events, EVENTS, 100);

		for (int i = 0; i < n; i++) {
			struct viewer *v = &viewers[events[i].data.u32];

			if (viewer_take(v))
				continue;
			epoll_ctl(ep, EPOLL_CTL_DEL, v->fd, NULL);
			lost++;
		}
	}
	return lost;
}

static void
report(const struct viewer *viewers, int n, int lost, int64_t until)
{
	int64_t all = 0, least = INT64_MAX, most = 0, gap = 0;

	for (int i = 0; i < n; i++) {
		const struct viewer *v = &viewers[i];
		int64_t last = until - v->last;

		all += v->bytes;
		least = v->bytes < least ? v->bytes : least;
		most = v->bytes > most ? v->bytes : most;
		gap = v->gap > gap ? v->gap : gap;
		gap = last > gap ? last : gap;
	}
	printf("{\"viewers\": %d, \"lost\": %d, \"bytes\": %" PRId64
	    ", \"least\": %" PRId64 ", \"most\": %" PRId64
	    ", \"longest_gap_ms\": %" PRId64 "}\n", n, lost, all, least, most,
	    gap / 1000000);
}

int
main(int argc, char **argv)
{
	static struct viewer viewers[VIEWERS_MAX];
	long port = 0, n = 1, seconds = 10, channels = 1;
	int c, ep = epoll_create1(0), lost;
	int64_t until;

	while ((c = getopt(argc, argv, "p:n:t:c:")) != -1) {
		long v = strtol(optarg != NULL ? optarg : "", NULL, 10);

		switch (c) {
		case 'p': port = v; break;
		case 'n': n = v; break;
		case 't': seconds = v; break;
		case 'c': channels = v; break;
		default: return 64;
		}
	}
	if (port <= 0 || n < 1 || n > VIEWERS_MAX || seconds < 1 ||
	    seconds > SECONDS_MAX || channels < 1 || ep < 0)
		return 64;
	for (int i = 0; i < n; i++) {
		struct epoll_event e = { .events = EPOLLIN,
		    .data.u32 = (uint32_t)i };

		viewer_open(&viewers[i], (int)port, i % (int)channels + 1);
		epoll_ctl(ep, EPOLL_CTL_ADD, viewers[i].fd, &e);
	}
	until = now_ns() + seconds * NS_PER_S;
	lost = watch(ep, viewers, until);
	report(viewers, (int)n, lost, until);
	return 0;
}
