/* What a daemon finds on its disk of the one before it: transmission logs,
 * the cursors in them, as-run logs.  Any bytes are refused, or are what a
 * daemon might have written, which reads the same once more.  The first byte
 * says which it is. */

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "fuzz.h"
#include "media/asrunfile.h"
#include "media/tlogfile.h"
#include "plan/cursors.h"

#define DATE	INT64_C(20468)	/* 2026-01-15 */

static struct chan *channel;
static char *dir;		/* of an as-run log */

static int
read_channel(void *ctx, const char *path, struct buf *out, const char **why)
{
	(void)path;
	(void)why;
	buf_adds(out, ctx);
	return 0;
}

static void
leave(void)
{
	(void)rmdir(dir);
}

static void
setup(void)
{
	static char house[] = "station: {since: 2026-01-01}\n"
	    "libraries: [{path: /tv/media}]\nchannels: [one.yaml]\n";
	static char one[] = "channel: one\nchannel_number: 1\nname: One\n"
	    "pools:\n  a: {path: /tv/media/a}\n  b: {path: /tv/media/b}\n"
	    "schedule:\n  all_day:\n"
	    "    - block: {start: '06:00', end: '18:00', pools: [a, b], "
	    "mode: shuffle}\n"
	    "    - block: {start: '18:00', end: '06:00', pool: a, "
	    "mode: sequential}\n";
	struct errs e = { 0 };
	struct station *st = station_load("/tv/retrovued.yaml", read_channel,
	    house, &e);

	need(st != NULL);
	channel = chan_load("/tv/one.yaml", st, read_channel, one, &e);
	for (size_t i = 0; channel == NULL && i < e.n; i++)
		fprintf(stderr, "%s\n", e.items[i].text);
	need(channel != NULL);
	station_free(st);
	/* In memory where that can be: it is synced each time. */
	dir = xstrdup(access("/dev/shm", W_OK) == 0 ?
	    "/dev/shm/fuzz_records.XXXXXX" : "/tmp/fuzz_records.XXXXXX");
	need(mkdtemp(dir) != NULL);
	(void)atexit(leave);
}

/* ---- Transmission logs */

static void
take_tlog(const uint8_t *data, size_t size)
{
	const char *why = "";
	struct tlog *t = tlogfile_parse((const char *)data, size, "one", DATE,
	    &why), *back;
	struct buf out = { 0 }, before = { 0 };

	need((t == NULL) == (why != NULL));
	if (t == NULL)
		return;
	need(tlog_check(t) == NULL);
	buf_add(&before, data, size);
	tlogfile_add_json(&out, "one", t->rate, t->day, NULL, &before,
	    buf_str(&t->cursors));
	back = tlogfile_parse((const char *)out.data, out.len, "one", DATE,
	    &why);
	need(back != NULL && back->day->nsegments == t->day->nsegments);
	need(strcmp(buf_str(&t->cursors), buf_str(&back->cursors)) == 0);
	tlog_free(back);
	tlog_free(t);
	buf_fini(&before);
	buf_fini(&out);
}

static void
take_cursors(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);
	struct cursors c, back;
	struct buf out = { 0 };

	if (cursors_parse(&c, channel, text)) {
		cursors_print(&c, channel, &out);
		need(cursors_parse(&back, channel, buf_str(&out)));
		need(cursors_equal(&c, &back));
		cursors_fini(&back);
	}
	cursors_fini(&c);
	buf_fini(&out);
	free(text);
}

/* ---- As-run logs */

static void
put(const char *path, const uint8_t *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	need(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

/* Once closed nothing is open, and what was there is there. */
static void
take_asrun(const uint8_t *data, size_t size)
{
	char *below = xasprintf("%s/one", dir);
	char *text = asrunfile_path(dir, "one", DATE, "");
	char *json = asrunfile_path(dir, "one", DATE, ".jsonl");
	struct stat st;

	need(mkdir(below, 0700) == 0);
	put(text, data, size);
	put(json, data, size);
	(void)asrunfile_recover(dir);
	need(asrunfile_recover(dir) == 0);
	need(stat(json, &st) == 0 && st.st_size > 0);
	(void)unlink(text);
	(void)unlink(json);
	need(rmdir(below) == 0);
	free(below);
	free(text);
	free(json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const takes[])(const uint8_t *, size_t) = {
		take_tlog, take_cursors, take_asrun,
	};

	if (channel == NULL)
		setup();
	if (size > 1)
		takes[data[0] % (sizeof takes / sizeof takes[0])](data + 1,
		    size - 1);
	return 0;
}
