#include "media/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/xmem.h"
#include "media/files.h"
#include "media/probe.h"

#define VERSION		1		/* another one: start afresh */
#define MAX_SIZE	(256 << 20)	/* bytes: a million files */

struct cache {
	char *path;
	json_t *old;		/* as read: key -> answer */
	json_t *fresh;		/* got or put */
	bool changed;
};

static const char *
key_of(const char *path, struct buf *b)
{
	for (const char *p = path; *p != '\0'; p++) {
		unsigned c = (unsigned char)*p;

		if (c < 0x20 || c > 0x7e || c == '%')
			buf_addf(b, "%%%02X", c);
		else
			buf_add(b, p, 1);
	}
	return buf_str(b);
}

/* The object of answers in the file, NULL with *why where there is none. */
static json_t *
read_answers(int fd, const char **why)
{
	json_error_t error;
	struct stat st;
	json_t *root, *files;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > MAX_SIZE) {
		*why = "no file of mine";
		return NULL;
	}
	*why = "garbage";
	if ((root = json_loadfd(fd, 0, &error)) == NULL)
		return NULL;
	files = json_object_get(root, "files");
	if (json_integer_value(json_object_get(root, "version")) != VERSION ||
	    !json_is_object(files))
		files = NULL;
	json_incref(files);
	json_decref(root);
	return files;
}

static json_t *
load(const char *path, struct errs *e)
{
	const char *why = NULL;
	json_t *files = NULL;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0) {
		files = read_answers(fd, &why);
		close(fd);
	} else if (errno != ENOENT) {
		why = strerror(errno);
	}
	if (files != NULL)
		return files;
	if (why != NULL)
		errs_warn(e, path, 0, 0, "probing everything again: %s", why);
	return json_object();
}

struct cache *
cache_open(const char *state_dir, struct errs *e)
{
	struct cache *c = xcalloc(1, sizeof *c);

	if (files_make_dirs(state_dir) < 0)
		errs_warn(e, state_dir, 0, 0, "cannot be created: %s",
		    strerror(errno));
	c->path = xasprintf("%s/probe.json", state_dir);
	c->old = load(c->path, e);
	c->fresh = json_object();
	return c;
}

static bool
get_int(const json_t *o, const char *name, int64_t min, int64_t max,
    int64_t *v)
{
	const json_t *item = json_object_get(o, name);

	*v = json_integer_value(item);
	return json_is_integer(item) && *v >= min && *v <= max;
}

static bool
is_about(const json_t *answer, const struct walk_file *f)
{
	int64_t size, mtime;

	return get_int(answer, "size", 0, INT64_MAX, &size) &&
	    get_int(answer, "mtime_ns", INT64_MIN, INT64_MAX, &mtime) &&
	    size == f->size && mtime == f->mtime_ns;
}

/* False where the answer is no sound one: somebody has edited the file. */
static bool
read_answer(const json_t *answer, struct asset *a)
{
	const char *bad = json_string_value(json_object_get(answer, "bad"));
	int64_t us, video, audio;

	if (bad != NULL) {
		a->bad = xstrdup(bad);
		return true;
	}
	if (!get_int(answer, "duration_us", 1, PROBE_MAX_US, &us) ||
	    !get_int(answer, "video", -1, PROBE_MAX_STREAM, &video) ||
	    !get_int(answer, "audio", -1, PROBE_MAX_STREAM, &audio) ||
	    (video < 0 && audio < 0))
		return false;
	a->duration_us = us;
	a->video_stream = (int)video;
	a->audio_stream = (int)audio;
	a->has_video = video >= 0;
	a->has_audio = audio >= 0;
	return true;
}

bool
cache_get(struct cache *c, const struct walk_file *f, struct asset *a)
{
	struct buf key = { 0 };
	json_t *answer;
	bool ok;

	answer = json_object_get(c->old, key_of(f->path, &key));
	ok = answer != NULL && is_about(answer, f) && read_answer(answer, a);
	if (ok)
		json_object_set(c->fresh, buf_str(&key), answer);
	buf_fini(&key);
	return ok;
}

static json_t *
make_answer(const struct walk_file *f, const struct asset *a)
{
	json_t *o = json_object();

	json_object_set_new(o, "size", json_integer(f->size));
	json_object_set_new(o, "mtime_ns", json_integer(f->mtime_ns));
	if (a->bad != NULL) {
		json_object_set_new(o, "bad", json_string(a->bad));
		return o;
	}
	json_object_set_new(o, "duration_us", json_integer(a->duration_us));
	json_object_set_new(o, "video", json_integer(a->video_stream));
	json_object_set_new(o, "audio", json_integer(a->audio_stream));
	return o;
}

void
cache_put(struct cache *c, const struct walk_file *f, const struct asset *a)
{
	struct buf key = { 0 };

	json_object_set_new(c->fresh, key_of(f->path, &key),
	    make_answer(f, a));
	c->changed = true;
	buf_fini(&key);
}

static void
save(struct cache *c, struct errs *e)
{
	json_t *root = json_object();
	char *text;

	json_object_set_new(root, "version", json_integer(VERSION));
	json_object_set(root, "files", c->fresh);
	text = json_dumps(root, JSON_INDENT(0) | JSON_SORT_KEYS);
	if (text == NULL || files_replace(c->path, text, strlen(text)) < 0)
		errs_warn(e, c->path, 0, 0, "cannot be written: %s",
		    text != NULL ? strerror(errno) : "it is no JSON");
	free(text);
	json_decref(root);
}

void
cache_close(struct cache *c, bool whole, struct errs *e)
{
	if (!whole)
		json_object_update_missing(c->fresh, c->old);
	if (json_object_size(c->fresh) != json_object_size(c->old))
		c->changed = true;
	if (c->changed)
		save(c, e);
	json_decref(c->old);
	json_decref(c->fresh);
	free(c->path);
	free(c);
}
