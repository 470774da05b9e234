#include "media/config.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/tz.h"
#include "base/xmem.h"
#include "media/files.h"
#include "media/scan.h"

#define CHANNELS_MAX	1000	/* of one station */
#define ZONE_DIR	"/usr/share/zoneinfo"

/* A growing list of paths, all of them ours. */
struct paths {
	char **items;
	size_t n, cap;
};

/* Symbolic links stay as they are: what is relative in the file is meant
 * from where the operator sees it. */
static char *
absolute(const char *path)
{
	char *cwd = getcwd(NULL, 0), *abs;

	abs = path_resolve(cwd != NULL ? cwd : "/", path);
	free(cwd);
	return abs;
}

static void
paths_add(struct paths *p, char *path)
{
	xgrow(&p->items, &p->cap, p->n + 1, sizeof *p->items);
	p->items[p->n++] = path;
}

static void
paths_fini(struct paths *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->items[i]);
	free(p->items);
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

/* A node_read_fn: what the system lacks is not the file's fault. */
static int
read_file(void *ctx, const char *path, struct buf *out, const char **why)
{
	struct errs *e = ctx;
	int rc = scan_read_file(NULL, path, out, why);

	if (rc < 0 && files_is_lack(errno))
		e->lacking = 1;
	return rc;
}

/* "_pools.yaml" is for others to include; ".one.yaml" is an editor's. */
static bool
is_channel_file(const char *name)
{
	return name[0] != '_' && name[0] != '.' &&
	    (ends_with(name, ".yaml") || ends_with(name, ".yml"));
}

static int
compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Bytewise, so that the order is the same in every locale. */
static void
list_dir(struct paths *p, const char *dir, struct errs *e)
{
	struct dirent *d;
	DIR *dp;

	if ((dp = opendir(dir)) == NULL) {
		e->lacking |= files_is_lack(errno);
		errs_fault(e, dir, 0, 0, "cannot read the channels "
		    "directory: %s", strerror(errno));
		return;
	}
	while (errno = 0, (d = readdir(dp)) != NULL) {
		if (is_channel_file(d->d_name))
			paths_add(p, path_resolve(dir, d->d_name));
	}
	if (errno != 0)
		errs_fault(e, dir, 0, 0, "cannot read the channels "
		    "directory: %s", strerror(errno));
	closedir(dp);
	if (p->n == 0)
		errs_warn(e, dir, 0, 0, "no channel files (*.yaml) here");
	else
		qsort(p->items, p->n, sizeof *p->items, compare_paths);
}

/* That the name has a zone's form is known; here, that the system has it. */
static struct tz *
zone_load(const char *name, const char *file, unsigned line, unsigned column,
    struct errs *e)
{
	char *path = path_resolve(ZONE_DIR, name);
	struct buf bytes = { 0 };
	struct tz *zone = NULL;
	const char *why = NULL;

	if (strcmp(name, "UTC") == 0)
		zone = tz_utc();
	else if (read_file(e, path, &bytes, &why) == 0)
		zone = tz_parse(bytes.data, bytes.len, &why);
	if (zone == NULL)
		errs_fault(e, file, line, column, "time zone '%.80s' cannot be used: "
		    "%s: %s", name, path, why);
	buf_fini(&bytes);
	free(path);
	return zone;
}

struct tz *
config_zone(const char *name, const char *file, struct errs *e)
{
	return zone_load(name, file, 0, 0, e);
}

static int
compare_chans(const void *a, const void *b)
{
	return chan_compare(*(struct chan *const *)a,
	    *(struct chan *const *)b);
}

/* What is wrong is told in the order of the files; from then on channels
 * stand as a viewer flips through them, in every list there is. */
static void
load_chans(struct config *c, char *const *files, size_t n, struct errs *e)
{
	struct chan *chan;

	if (n > CHANNELS_MAX) {
		errs_fault(e, files[CHANNELS_MAX], 0, 0, "more than %d "
		    "channels", CHANNELS_MAX);
		n = CHANNELS_MAX;
	}
	c->chans = xcalloc(n, sizeof *c->chans);
	for (size_t i = 0; i < n; i++) {
		chan = chan_load(files[i], c->station, read_file, e, e);
		if (chan == NULL)
			continue;
		if (chan->timezone != NULL)
			tz_free(zone_load(chan->timezone, files[i],
			    chan->timezone_line, chan->timezone_column, e));
		chan_check_times(chan, e);
		c->chans[c->nchans++] = chan;
	}
	chan_check_unique(c->chans, c->nchans, e);
	qsort(c->chans, c->nchans, sizeof *c->chans, compare_chans);
}

static struct config *
new_config(struct station *st)
{
	struct config *c = xcalloc(1, sizeof *c);

	c->station = st;
	return c;
}

static struct station *
load_station(const char *path, struct errs *e)
{
	char *abs = absolute(path);
	struct station *st = station_load(abs, read_file, e, e);

	if (st != NULL && st->timezone != NULL)
		tz_free(zone_load(st->timezone, abs, st->timezone_line,
		    st->timezone_column, e));
	free(abs);
	return st;
}

/* node_read_fn of a file that says nothing. */
static int
read_nothing(void *ctx, const char *path, struct buf *out, const char **why)
{
	(void)ctx;
	(void)path;
	(void)why;
	buf_reset(out);
	return 0;
}

static struct station *
default_station(struct errs *e)
{
	char *abs = absolute("retrovued.yaml");
	struct station *st = station_load(abs, read_nothing, NULL, e);

	free(abs);
	return st;
}

struct config *
config_load(const char *path, struct errs *e)
{
	struct paths found = { 0 };
	struct station *st;
	struct config *c;

	if ((st = load_station(path, e)) == NULL)
		return NULL;
	c = new_config(st);
	if (st->channels_dir != NULL) {
		list_dir(&found, st->channels_dir, e);
		load_chans(c, found.items, found.n, e);
		paths_fini(&found);
	} else {
		load_chans(c, st->channel_files, st->nchannel_files, e);
	}
	return c;
}

struct config *
config_load_files(const char *path, char *const *files, size_t n,
    struct errs *e)
{
	struct paths abs = { 0 };
	struct station *st;
	struct config *c;

	st = path != NULL ? load_station(path, e) : default_station(e);
	if (st == NULL)
		return NULL;
	c = new_config(st);
	for (size_t i = 0; i < n; i++)
		paths_add(&abs, absolute(files[i]));
	load_chans(c, abs.items, abs.n, e);
	paths_fini(&abs);
	return c;
}

struct config *
config_ref(struct config *c)
{
	__atomic_add_fetch(&c->refs, 1, __ATOMIC_RELAXED);
	return c;
}

char *
config_socket(const char *path, struct errs *e)
{
	char *abs = absolute(path), *socket;

	socket = station_load_socket(abs, scan_read_file, NULL, e);
	free(abs);
	return socket;
}

void
config_free(struct config *c)
{
	if (c == NULL ||
	    __atomic_fetch_sub(&c->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	for (size_t i = 0; i < c->nchans; i++)
		chan_free(c->chans[i]);
	free(c->chans);
	station_free(c->station);
	free(c);
}
