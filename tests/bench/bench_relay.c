/* bench_relay.c - what it costs to send a stream to many: io/relay.c, beside
 * a bare loop of sendfile(2) and one of send(2) that send the same bytes in
 * pieces of the same size at the same intervals and do nothing else.
 *
 *	bench_relay -m relay|copy|sendfile|send -n VIEWERS
 *	    [-k STUCK] [-s SLOW] [-r KBIT/S] [-f FPS] [-t SECONDS]
 *	    [-b BATCH_BYTES] LOAD
 *
 * Starts LOAD (load.c), serves its viewers, and prints as JSON the CPU
 * seconds per GB, the bytes per call, our memory per viewer, that of all TCP
 * sockets of the machine, and what LOAD has seen.  The first seconds do not
 * count. */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "io/relay.h"
#include "ts/grid.h"
#include "ts/ringidx.h"

#define GOP_S		2
#define PACKET		188
#define BACKLOG_NS	(2 * NS_PER_S)
#define LOOP_BYTES	(UINT64_C(64) << 20)	/* of the bare loops' stream */
#define WARM_S		3
#define HEAD		"HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\n\r\n"

struct bench {
	const char *mode, *load;
	long viewers, stuck, slow, kbit, fps, seconds, batch;
	int *fds;
	uint8_t *picture;		/* the bytes of one */
	size_t picture_bytes;
	long rss_before, tcp_kib;
	pid_t client;
	int answer;			/* the client's standard output */
	/* relay */
	uv_loop_t loop;
	uv_timer_t timer;
	struct relay *relay;
	int64_t frame, start_ns;
	bool ending;
	/* the window */
	int64_t from_ns, until_ns;
	int64_t cpu_ns, wall_ns;
	uint64_t bytes, calls;
};

static int64_t
clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static _Noreturn void
die(const char *what)
{
	perror(what);
	exit(1);
}

static long
rss_kib(void)
{
	long size, resident = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f == NULL || fscanf(f, "%ld %ld", &size, &resident) != 2)
		die("statm");
	fclose(f);
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* That sockets hold, in the kernel. */
static long
tcp_kib(void)
{
	char line[256];
	long pages = 0;
	FILE *f = fopen("/proc/net/sockstat", "re");

	if (f == NULL)
		die("sockstat");
	while (fgets(line, sizeof(line), f) != NULL) {
		const char *mem = strstr(line, " mem ");

		if (strncmp(line, "TCP:", 4) == 0 && mem != NULL)
			pages = strtol(mem + 5, NULL, 10);
	}
	fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void
client_start(struct bench *b, uint16_t port)
{
	char p[16], n[16], t[16], w[16], k[16], s[16];
	int out[2];

	(void)snprintf(p, sizeof(p), "%u", (unsigned)port);
	(void)snprintf(n, sizeof(n), "%ld", b->viewers);
	(void)snprintf(t, sizeof(t), "%ld", b->seconds);
	(void)snprintf(w, sizeof(w), "%d", WARM_S);
	(void)snprintf(k, sizeof(k), "%ld", b->stuck);
	(void)snprintf(s, sizeof(s), "%ld", b->slow);
	if (pipe2(out, O_CLOEXEC) < 0 || (b->client = fork()) < 0)
		die("fork");
	if (b->client == 0) {
		(void)dup2(out[1], STDOUT_FILENO);
		execl(b->load, b->load, "-p", p, "-n", n, "-t", t, "-w", w,
		    "-a", "5000", "-k", k, "-s", s, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	b->answer = out[0];
}

static int
listen_any(uint16_t *port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, len) < 0 ||
	    listen(fd, 4096) < 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) < 0)
		die("listen");
	*port = ntohs(a.sin_port);
	return fd;
}

/* Their requests are read and thrown away. */
static void
viewers_accept(struct bench *b, int listener)
{
	char request[1024];
	int on = 1;

	for (long i = 0; i < b->viewers; i++) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0 || recv(fd, request, sizeof(request), 0) <= 0 ||
		    fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
			die("accept");
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
		    sizeof(on));
		b->fds[i] = fd;
	}
	close(listener);
}

static void
window_open(struct bench *b, uint64_t bytes, uint64_t calls)
{
	b->cpu_ns = -clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	b->bytes = -bytes;
	b->calls = -calls;
}

static void
window_close(struct bench *b, uint64_t bytes, uint64_t calls)
{
	b->cpu_ns += clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	b->bytes += bytes;
	b->calls += calls;
	b->tcp_kib = tcp_kib();
}

/* Opens the window and closes it, in its time; true when it is over. */
static bool
window_step(struct bench *b, int64_t now, uint64_t bytes, uint64_t calls)
{
	if (b->from_ns != 0 && now >= b->from_ns) {
		window_open(b, bytes, calls);
		b->from_ns = 0;
	}
	if (now < b->until_ns)
		return false;
	window_close(b, bytes, calls);
	return true;
}

static void
window_set(struct bench *b)
{
	b->start_ns = clock_ns(CLOCK_MONOTONIC);
	b->from_ns = b->start_ns + WARM_S * NS_PER_S;
	b->until_ns = b->from_ns + b->seconds * NS_PER_S;
}

/* ---- The relay, fed a picture at a time */

static void
on_count(void *ctx, size_t viewers)
{
	(void)ctx;
	(void)viewers;
}

static void
picture_feed(struct bench *b)
{
	if (b->frame % (GOP_S * b->fps) == 0)
		relay_mark(b->relay, b->frame, b->frame * NS_PER_S / b->fps,
		    &(struct splice){ .pcr = PCR_HZ });
	if (relay_append(b->relay, b->picture, b->picture_bytes) < 0)
		die("relay_append");
	b->frame++;
}

static void
on_timer(uv_timer_t *t)
{
	struct bench *b = t->data;
	int64_t now = clock_ns(CLOCK_MONOTONIC), next;
	struct relay_counts c;

	while (b->start_ns + b->frame * NS_PER_S / b->fps <= now)
		picture_feed(b);
	relay_flush(b->relay, uv_now(&b->loop));
	c = relay_counts(b->relay);
	if (window_step(b, now, c.bytes, c.sends)) {
		uv_stop(&b->loop);
		return;
	}
	next = b->start_ns + b->frame * NS_PER_S / b->fps;
	now = clock_ns(CLOCK_MONOTONIC);
	uv_update_time(&b->loop);
	uv_timer_start(t, on_timer, next <= now ? 0 :
	    (uint64_t)((next - now + 999999) / 1000000), 0);
}

static void
serve_relay(struct bench *b, bool sendfile)
{
	const struct station st = {
		.relay = { .ring_ns = RINGIDX_NS, .coalesce_ms = 100,
		    .sendfile = sendfile },
		.gate.limits.stuck_seconds = 60,
	};

	uv_loop_init(&b->loop);
	uv_timer_init(&b->loop, &b->timer);
	b->timer.data = b;
	b->relay = relay_new(&b->loop, on_count, b);
	relay_tune(b->relay, &st);
	b->rss_before = rss_kib();
	window_set(b);
	for (long i = 0; i < b->viewers; i++)
		relay_viewer_add(b->relay, b->fds[i], HEAD, strlen(HEAD),
		    BACKLOG_NS, "127.0.0.1:1", "");
	uv_timer_start(&b->timer, on_timer, 0, 0);
	uv_run(&b->loop, UV_RUN_DEFAULT);
}

static void
close_relay(struct bench *b)
{
	relay_close(b->relay);
	uv_close((uv_handle_t *)&b->timer, NULL);
	uv_run(&b->loop, UV_RUN_DEFAULT);
	uv_loop_close(&b->loop);
}

/* ---- The bare loops */

static void
sleep_until(int64_t ns)
{
	struct timespec t = { ns / NS_PER_S, ns % NS_PER_S };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) ==
	    EINTR)
		;
}

static uint8_t *
stream_make(int file)
{
	uint8_t *map;

	if (file < 0 || ftruncate(file, (off_t)LOOP_BYTES) < 0)
		die("memfd");
	map = mmap(NULL, LOOP_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
	    file, 0);
	if (map == MAP_FAILED)
		die("mmap");
	memset(map, 0x47, LOOP_BYTES);
	return map;
}

static void
serve_bare(struct bench *b, bool copy)
{
	int64_t next, step = b->batch * 8 * NS_PER_S / (b->kbit * 1000);
	uint64_t pos = 0, bytes = 0, calls = 0;
	int file = memfd_create("bench", MFD_CLOEXEC);
	uint8_t *map = stream_make(file);

	b->rss_before = rss_kib();
	window_set(b);
	for (next = b->start_ns; !window_step(b, next, bytes, calls);
	    next += step) {
		sleep_until(next);
		if (pos + (uint64_t)b->batch > LOOP_BYTES)
			pos = 0;
		for (long i = 0; i < b->viewers; i++) {
			off_t off = (off_t)pos;
			ssize_t n = copy ? send(b->fds[i], map + pos,
			    (size_t)b->batch, MSG_NOSIGNAL) :
			    sendfile(b->fds[i], file, &off,
			    (size_t)b->batch);

			calls++;
			if (n > 0)
				bytes += (uint64_t)n;
		}
		pos += (uint64_t)b->batch;
	}
}

static void
report(struct bench *b)
{
	char answer[1024] = "";
	ssize_t n = read(b->answer, answer, sizeof(answer) - 1);
	int status;

	if (n <= 0 || waitpid(b->client, &status, 0) < 0 || status != 0)
		die("load");
	answer[strcspn(answer, "\n")] = '\0';
	printf("{\"mode\": \"%s\", \"viewers\": %ld, \"kbit\": %ld, "
	    "\"seconds\": %ld, \"cpu_s\": %.3f, \"bytes\": %" PRIu64
	    ", \"cpu_s_per_gb\": %.4f, \"bytes_per_call\": %" PRIu64
	    ", \"kib_per_viewer\": %.2f, \"tcp_kib\": %ld, "
	    "\"load\": %s}\n", b->mode,
	    b->viewers, b->kbit, b->seconds, (double)b->cpu_ns / 1e9,
	    b->bytes, (double)b->cpu_ns / (double)b->bytes,
	    b->calls == 0 ? 0 : b->bytes / b->calls,
	    (double)(rss_kib() - b->rss_before) / (double)b->viewers,
	    b->tcp_kib, answer);
}

static bool
options_read(struct bench *b, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "m:n:k:s:r:f:t:b:")) != -1) {
		switch (c) {
		case 'm': b->mode = optarg; break;
		case 'n': b->viewers = strtol(optarg, NULL, 10); break;
		case 'k': b->stuck = strtol(optarg, NULL, 10); break;
		case 's': b->slow = strtol(optarg, NULL, 10); break;
		case 'r': b->kbit = strtol(optarg, NULL, 10); break;
		case 'f': b->fps = strtol(optarg, NULL, 10); break;
		case 't': b->seconds = strtol(optarg, NULL, 10); break;
		case 'b': b->batch = strtol(optarg, NULL, 10); break;
		default: return false;
		}
	}
	b->load = argv[optind];
	return b->load != NULL && b->viewers > 0 && b->kbit > 0 &&
	    b->fps > 0 && b->seconds > 0 && b->batch > 0;
}

int
main(int argc, char **argv)
{
	struct bench b = { .mode = "relay", .viewers = 1, .kbit = 4000,
	    .fps = 25, .seconds = 5, .batch = 60000 };
	struct rlimit files;
	uint16_t port;
	int listener;
	bool is_ours;

	if (!options_read(&b, argc, argv))
		return 64;
	is_ours = strcmp(b.mode, "relay") == 0 || strcmp(b.mode, "copy") == 0;
	signal(SIGPIPE, SIG_IGN);
	(void)getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	b.fds = xcalloc((size_t)b.viewers, sizeof(*b.fds));
	b.picture_bytes = (size_t)(b.kbit * 1000 / 8 / b.fps / PACKET * PACKET);
	b.picture = xcalloc(b.picture_bytes, 1);
	listener = listen_any(&port);
	client_start(&b, port);
	viewers_accept(&b, listener);
	if (is_ours)
		serve_relay(&b, strcmp(b.mode, "relay") == 0);
	else
		serve_bare(&b, strcmp(b.mode, "send") == 0);
	report(&b);
	if (is_ours)
		close_relay(&b);
	free(b.picture);
	free(b.fds);
	return 0;
}
