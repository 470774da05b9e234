/* cycles.c - ten thousand children come and go: what is left of them?
 *
 *	cycles [-n CHILDREN] SHIM
 *
 * Drives io/proc.c on a loop of its own, as a feed does: children that end
 * at once, well or badly, that are killed, whose output is held or closed
 * first, that are forgotten before they have ended, and programs that are
 * not there.  Prints descriptors, zombies and memory after the first tenth
 * and at the end; exit code 1 where they are not the same (memory: within a
 * mebibyte). */

#include <dirent.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "base/xmem.h"
#include "io/proc.h"

#define AT_ONCE		16
#define KINDS		8
#define SLACK_KIB	1024
#define NS_PER_MS	1000000

struct cycles {
	uv_loop_t loop;
	uv_idle_t more;
	struct shim *shim;
	uint64_t spawned, refused, exits, badly, eofs, bytes, want;
	struct child {
		struct cycles *owner;
		struct proc *proc;
		uint64_t id;
		bool eof, exited;
	} children[AT_ONCE];
};

struct state {
	long descriptors, rss_kib;
	bool zombie;
};

static void
child_gone(struct child *k)
{
	if (!k->eof || !k->exited)
		return;
	proc_forget(k->proc);
	k->proc = NULL;
}

static void
on_bytes(void *ctx, uint64_t id, const uint8_t *data, size_t len)
{
	struct child *k = ctx;

	(void)id;
	(void)data;
	k->owner->bytes += len;
}

static void
on_eof(void *ctx, uint64_t id)
{
	struct child *k = ctx;

	(void)id;
	k->owner->eofs++;
	k->eof = true;
	child_gone(k);
}

static void
on_line(void *ctx, uint64_t id, const char *line)
{
	(void)ctx;
	(void)id;
	(void)line;
}

static void
on_exit_(void *ctx, uint64_t id, enum proc_end end, const char *why)
{
	struct child *k = ctx;

	(void)id;
	(void)why;
	k->owner->exits++;
	k->owner->badly += end != PROC_WELL;
	k->exited = true;
	child_gone(k);
}

static const struct proc_hooks hooks = {
	.on_bytes = on_bytes, .on_eof = on_eof, .on_line = on_line,
	.on_exit = on_exit_,
};

/* What is done to child number id besides waiting for its end. */
static void
treat(struct cycles *c, struct child *k, uint64_t id)
{
	switch (id % KINDS) {
	case 3:
		proc_signal(k->proc, SIGKILL);
		break;
	case 4:
		proc_signal(k->proc, SIGTERM);
		proc_hold(k->proc);
		proc_read(k->proc);
		break;
	case 5:
		proc_close_output(k->proc);
		break;
	case 6:
		proc_forget(k->proc);
		c->exits++;
		c->eofs++;
		k->proc = NULL;
		break;
	default:
		break;
	}
}

static void
spawn(struct cycles *c, struct child *k)
{
	static const char *const argvs[KINDS][4] = {
		{ "true" }, { "false" }, { "echo", "a few bytes" },
		{ "sleep", "60" }, { "sleep", "60" }, { "echo", "nobody" },
		{ "true" }, { "/nowhere/at/all" },
	};
	uint64_t id = c->spawned++;
	/* Without the shim, the one that is not there is refused at once. */
	const struct shim *shim = id % (2 * KINDS) == KINDS - 1 ? NULL :
	    c->shim;
	char *argv[4];
	int error;

	memcpy(argv, argvs[id % KINDS], sizeof argv);
	*k = (struct child){ .owner = c, .id = id };
	k->proc = proc_spawn(&c->loop, id, shim, argv, &hooks, k, &error);
	if (k->proc == NULL)
		c->refused++;
	else
		treat(c, k, id);
}

static void
on_more(uv_idle_t *h)
{
	struct cycles *c = h->data;
	bool busy = false;

	for (size_t i = 0; i < AT_ONCE; i++) {
		if (c->children[i].proc == NULL && c->spawned < c->want)
			spawn(c, &c->children[i]);
		busy |= c->children[i].proc != NULL;
	}
	if (!busy && c->spawned >= c->want)
		uv_idle_stop(h);
	else
		usleep(200);		/* let the children run */
}

static long
descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	long n = -1;			/* the directory's own */

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n - 2;			/* . and .. */
}

static long
rss_kib(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[200];
	long kib = -1;

	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (sscanf(line, "RssAnon: %ld", &kib) == 1)
			break;
	if (f != NULL)
		fclose(f);
	return kib;
}

/* Run until `want` children have come and gone, in all. */
static struct state
run(struct cycles *c, uint64_t want)
{
	siginfo_t info = { 0 };
	struct state s;

	c->want = want;
	uv_idle_start(&c->more, on_more);
	uv_run(&c->loop, UV_RUN_DEFAULT);
	s.descriptors = descriptors();
	s.rss_kib = rss_kib();
	/* No child at all may be left, dead or alive. */
	s.zombie = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
	printf("%7" PRIu64 " children: %ld descriptors, %s, %ld KiB\n",
	    c->spawned, s.descriptors, s.zombie ? "CHILDREN LEFT" :
	    "no child left", s.rss_kib);
	return s;
}

int
main(int argc, char **argv)
{
	static const struct station_ffmpeg f = { .sandbox = SANDBOX_ON };
	static struct cycles c;
	uint64_t n = 10000, began;
	struct state first, last;
	int o;

	while ((o = getopt(argc, argv, "n:")) != -1)
		if (o != 'n' || (n = strtoull(optarg, NULL, 10)) < 100)
			return 64;
	if (optind + 1 != argc)
		return 64;
	signal(SIGPIPE, SIG_IGN);
	alarm((unsigned)(60 + n / 50));	/* an end that never comes */
	c.shim = shim_new(xstrdup(argv[optind]), &f);
	uv_loop_init(&c.loop);
	uv_idle_init(&c.loop, &c.more);
	c.more.data = &c;
	began = uv_hrtime();
	first = run(&c, n / 10);
	last = run(&c, n);
	printf("%" PRIu64 " ms; %" PRIu64 " refused, %" PRIu64 " exits, %"
	    PRIu64 " of them bad, %" PRIu64 " ends of output, %" PRIu64
	    " bytes\n", (uv_hrtime() - began) / NS_PER_MS, c.refused, c.exits,
	    c.badly, c.eofs, c.bytes);
	shim_free(c.shim);
	uv_close((uv_handle_t *)&c.more, NULL);
	uv_run(&c.loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&c.loop) != 0)
		return 1;
	return last.descriptors != first.descriptors || last.zombie ||
	    last.rss_kib > first.rss_kib + SLACK_KIB ||
	    c.exits + c.refused != n || c.eofs + c.refused != n;
}
