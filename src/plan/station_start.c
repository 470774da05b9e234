#include "plan/station.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

/* Either may be NULL. */
static bool
text_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
texts_same(char *const *a, size_t na, char *const *b, size_t nb)
{
	bool same = na == nb;

	for (size_t i = 0; same && i < na; i++)
		same = strcmp(a[i], b[i]) == 0;
	return same;
}

static bool
listens_same(const struct station *a, const struct station *b)
{
	bool same = a->nlistens == b->nlistens;

	for (size_t i = 0; same && i < a->nlistens; i++)
		same = a->listens[i].port == b->listens[i].port &&
		    strcmp(a->listens[i].host, b->listens[i].host) == 0;
	return same;
}

/* Where it is not the same. */
static size_t
name_key(struct buf *keys, const char *key, bool same)
{
	if (same)
		return 0;
	if (keys->len > 0)
		buf_adds(keys, ", ");
	buf_adds(keys, key);
	return 1;
}

/* preset, threads and spawns are asked for on the way. */
static size_t
name_ffmpeg(struct buf *keys, const struct station_ffmpeg *a,
    const struct station_ffmpeg *b)
{
	size_t n = 0;

	n += name_key(keys, "ffmpeg.ffmpeg", text_same(a->ffmpeg, b->ffmpeg));
	n += name_key(keys, "ffmpeg.ffprobe", text_same(a->ffprobe,
	    b->ffprobe));
	n += name_key(keys, "ffmpeg.nice", a->nice == b->nice);
	n += name_key(keys, "ffmpeg.sandbox", a->sandbox == b->sandbox);
	n += name_key(keys, "ffmpeg.user", text_same(a->user, b->user));
	n += name_key(keys, "ffmpeg.read", texts_same(a->read, a->nread,
	    b->read, b->nread));
	n += name_key(keys, "ffmpeg.env", texts_same(a->env, a->nenv, b->env,
	    b->nenv));
	return n;
}

static size_t
name_places(struct buf *keys, const struct station *a, const struct station *b)
{
	size_t n = 0;

	n += name_key(keys, "http.listen", listens_same(a, b));
	n += name_key(keys, "control.socket", text_same(a->control_socket,
	    b->control_socket));
	n += name_key(keys, "control.mode", a->control_mode ==
	    b->control_mode);
	n += name_key(keys, "control.group", text_same(a->control_group,
	    b->control_group));
	n += name_key(keys, "paths.state", text_same(a->state_dir,
	    b->state_dir));
	n += name_key(keys, "paths.log", text_same(a->log_dir, b->log_dir));
	n += name_key(keys, "paths.asrun", text_same(a->asrun_dir,
	    b->asrun_dir));
	return n;
}

size_t
station_start_keys(const struct station *started, const struct station *st,
    struct buf *keys)
{
	size_t n = 0;

	n += name_key(keys, "station.name (in the streams)",
	    text_same(started->name, st->name));
	n += name_key(keys, "station.user", text_same(started->user,
	    st->user));
	n += name_places(keys, started, st);
	n += name_key(keys, "hdhomerun.device_id", started->hdhr.device_id ==
	    st->hdhr.device_id);
	n += name_ffmpeg(keys, &started->ffmpeg, &st->ffmpeg);
	return n;
}

static void
listens_take(struct station *st, const struct station *from)
{
	for (size_t i = 0; i < st->nlistens; i++)
		free(st->listens[i].host);
	free(st->listens);
	st->nlistens = from->nlistens;
	st->listens = xcalloc(st->nlistens, sizeof *st->listens);
	for (size_t i = 0; i < st->nlistens; i++)
		st->listens[i] = (struct station_listen){
			.host = xstrdup(from->listens[i].host),
			.port = from->listens[i].port,
		};
}

void
station_start_keep(const struct station *started, struct station *st)
{
	if (!listens_same(started, st))
		listens_take(st, started);
	if (!text_same(started->state_dir, st->state_dir)) {
		free(st->state_dir);
		st->state_dir = xstrdup(started->state_dir);
	}
}
