#include "plan/station.h"

#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/arith.h"
#include "base/buf.h"
#include "base/length.h"
#include "base/tz.h"
#include "base/xmem.h"
#include "paths.h"
#include "plan/conf.h"
#include "plan/station_parts.h"

#define PATIENCE_S	5
#define SPAWNS		10
#define PATIENCE_MAX_S	86400
#define RESCAN_S	3600
#define RESCAN_MAX_S	(7 * 86400)
#define GUIDE_DAYS	7
#define GUIDE_DAYS_MIN	3
#define GUIDE_DAYS_MAX	14
#define SOCKET_DEFAULT	RUNDIR "/retrovue/control.sock"
#define SOCKET_PATH_MAX	(sizeof ((struct sockaddr_un *)NULL)->sun_path - 1)

static const char *const type_names[] = {
#define X(name) #name,
	ASSET_TYPES(X)
#undef X
};

const char *const sandbox_names[SANDBOX_NMODES] = {
	[SANDBOX_OFF] = "off",
	[SANDBOX_ON] = "on",
	[SANDBOX_REQUIRED] = "required",
};

#define PRESET	2		/* veryfast */
static const char *const presets[] = {
	"ultrafast", "superfast", "veryfast", "faster", "fast", "medium",
	"slow", "slower", "veryslow", "placebo",
};

#define LOG_LEVEL	2	/* info */
static const char *const log_levels[] = { "error", "warn", "info", "debug" };

static char *
dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir, *clean;

	if (slash == NULL)
		return xstrdup(".");
	dir = xstrndup(path, (size_t)(slash - path) + 1);
	clean = path_resolve("/", dir);
	free(dir);
	return clean;
}

/* Set *out to the path at key, or to the default, both against st->dir. */
static void
read_path(const struct station *st, struct errs *e, const struct node *m,
    const char *key, const char *otherwise, char **out)
{
	const char *path = otherwise;

	conf_str(e, m, key, &path);
	*out = path_resolve(st->dir, path);
}

static void
read_station(struct station *st, struct errs *e, const struct node *root)
{
	const struct node *m = conf_map(e, root, "station");
	int64_t patience = PATIENCE_S, rescan = RESCAN_S;

	CONF_KEYS(e, m, "name", "timezone", "since", "patience", "measure",
	    "rescan", "user");
	st->name = xstrdup("Retrovue");
	st->since_days = civil_to_days(2024, 1, 1);
	conf_dup(e, m, "name", &st->name);
	if (conf_zone(e, m, "timezone", &st->timezone)) {
		st->timezone_line = conf_get(m, "timezone")->line;
		st->timezone_column = conf_get(m, "timezone")->column;
	}
	conf_date(e, m, "since", &st->since_days);
	conf_duration(e, m, "patience", 0, PATIENCE_MAX_S, &patience);
	st->patience_ns = patience * NS_PER_S;
	conf_duration(e, m, "rescan", 0, RESCAN_MAX_S, &rescan);
	st->rescan_ns = rescan * NS_PER_S;
	st->measure = true;
	conf_bool(e, m, "measure", &st->measure);
	conf_dup(e, m, "user", &st->user);
}

static void
read_guide(struct station *st, struct errs *e, const struct node *root)
{
	const struct node *m = conf_map(e, root, "guide");
	int64_t days = GUIDE_DAYS;

	CONF_KEYS(e, m, "days");
	conf_int(e, m, "days", GUIDE_DAYS_MIN, GUIDE_DAYS_MAX, &days);
	st->guide_days = (int)days;
}

/* A program's path, or its name as it is, for PATH. */
static void
read_program(const struct station *st, struct errs *e, const struct node *m,
    const char *key, char **out)
{
	const char *text = key;

	conf_str(e, m, key, &text);
	*out = strchr(text, '/') != NULL ? path_resolve(st->dir, text) :
	    xstrdup(text);
}

static void
read_reads(struct station *st, struct errs *e, const struct node *m)
{
	struct station_ffmpeg *f = &st->ffmpeg;
	struct node *const *texts;
	size_t n = conf_texts(e, m, "read", &texts);

	f->read = xcalloc(n, sizeof *f->read);
	for (size_t i = 0; i < n; i++)
		f->read[f->nread++] = path_resolve(st->dir, texts[i]->text);
}

static bool
is_variable(const char *s)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_";

	return s[strspn(s, letters)] == '\0' && (s[0] < '0' || s[0] > '9');
}

static void
read_env(struct station *st, struct errs *e, const struct node *m)
{
	struct station_ffmpeg *f = &st->ffmpeg;
	struct node *const *texts;
	size_t n = conf_texts(e, m, "env", &texts);

	f->env = xcalloc(n, sizeof *f->env);
	for (size_t i = 0; i < n; i++) {
		if (is_variable(texts[i]->text))
			f->env[f->nenv++] = xstrdup(texts[i]->text);
		else
			conf_fault(e, texts[i], "env must be the name of a "
			    "variable, not '%.80s'", texts[i]->text);
	}
}

static void
read_ffmpeg(struct station *st, struct errs *e, const struct node *root)
{
	const struct node *m = conf_map(e, root, "ffmpeg");
	struct station_ffmpeg *f = &st->ffmpeg;
	int preset = PRESET, sandbox = SANDBOX_ON;
	int64_t threads = 0, nice = 5, spawns = SPAWNS;

	CONF_KEYS(e, m, "ffmpeg", "ffprobe", "preset", "threads", "nice",
	    "sandbox", "user", "read", "env", "spawns");
	read_program(st, e, m, "ffmpeg", &f->ffmpeg);
	read_program(st, e, m, "ffprobe", &f->ffprobe);
	conf_choice(e, m, "preset", presets,
	    sizeof presets / sizeof presets[0], &preset);
	conf_int(e, m, "threads", 0, 128, &threads);
	conf_int(e, m, "nice", 0, 19, &nice);
	conf_choice(e, m, "sandbox", sandbox_names, SANDBOX_NMODES, &sandbox);
	conf_int(e, m, "spawns", 1, STATION_SPAWNS_MAX, &spawns);
	conf_dup(e, m, "user", &f->user);
	read_reads(st, e, m);
	read_env(st, e, m);
	f->preset = xstrdup(presets[preset]);
	f->threads = (int)threads;
	f->nice = (int)nice;
	f->spawns = (int)spawns;
	f->sandbox = (enum sandbox)sandbox;
}

/* As chmod(1) has it: "0660" or "660". */
static void
read_mode(struct station *st, struct errs *e, const struct node *m)
{
	const struct node *v = conf_get(m, "mode");
	unsigned mode = 0;
	size_t n;

	st->control_mode = 0660;
	if (v == NULL || !conf_need(e, m, "mode"))
		return;
	n = v->kind == NODE_SCALAR ? strspn(v->text, "01234567") : 0;
	if (n < 3 || n > 4 || v->text[n] != '\0' ||
	    (n == 4 && v->text[0] != '0')) {
		conf_fault(e, v, "mode must be three octal digits like 0660");
		return;
	}
	for (size_t i = 0; i < n; i++)
		mode = mode << 3 | (unsigned)(v->text[i] - '0');
	st->control_mode = mode;
}

static void
read_control(struct station *st, struct errs *e, const struct node *root)
{
	const struct node *m = conf_map(e, root, "control");
	const struct node *at = conf_get(m, "socket");

	CONF_KEYS(e, m, "socket", "mode", "group");
	read_mode(st, e, m);
	conf_dup(e, m, "group", &st->control_group);
	read_path(st, e, m, "socket", SOCKET_DEFAULT, &st->control_socket);
	if (strlen(st->control_socket) > SOCKET_PATH_MAX)
		conf_fault(e, at != NULL ? at : root, "the control socket's "
		    "path '%.200s' has more than %zu bytes",
		    st->control_socket, SOCKET_PATH_MAX);
}

/* The as-run logs go with the logs unless they are sent elsewhere. */
static void
read_paths(struct station *st, struct errs *e, const struct node *root)
{
	const struct node *m = conf_map(e, root, "paths");
	char *asrun;

	CONF_KEYS(e, m, "state", "log", "asrun");
	read_path(st, e, m, "state", LOCALSTATEDIR "/lib/retrovue", &st->state_dir);
	read_path(st, e, m, "log", LOCALSTATEDIR "/log/retrovue", &st->log_dir);
	asrun = path_resolve(st->log_dir, "asrun");
	read_path(st, e, m, "asrun", asrun, &st->asrun_dir);
	free(asrun);
}

static void
read_log(struct station *st, struct errs *e, const struct node *root)
{
	const struct node *m = conf_map(e, root, "log");
	int level = LOG_LEVEL;

	CONF_KEYS(e, m, "level");
	conf_choice(e, m, "level", log_levels, LENGTH(log_levels), &level);
	st->log_level = log_levels[level];
}

static void
read_library(struct station *st, struct errs *e, const struct node *m)
{
	struct station_library *l = &st->libraries[st->nlibraries];
	int type = ASSET_episode;
	struct node *const *tags;
	const char *path;
	size_t n;

	if (m->kind != NODE_MAP) {
		conf_fault(e, m, "a library must be a map like "
		    "{path: media/shows, type: episode}");
		return;
	}
	CONF_KEYS(e, m, "path", "type", "tags");
	conf_choice(e, m, "type", type_names, ASSET_NTYPES, &type);
	n = conf_texts(e, m, "tags", &tags);
	if (!conf_need(e, m, "path") || !conf_str(e, m, "path", &path))
		return;
	*l = (struct station_library){
		.path = path_resolve(st->dir, path),
		.type = (enum asset_type)type,
		.file = xstrdup(m->file), .line = m->line,
		.column = m->column,
	};
	for (size_t i = 0; i < n; i++)
		texts_add(&l->tags, tags[i]->text);
	for (size_t i = 0; i < st->nlibraries; i++)
		if (strcmp(st->libraries[i].path, l->path) == 0)
			conf_fault(e, conf_get(m, "path"), "'%s' is a library "
			    "already: a directory has one type", path);
	st->nlibraries++;
}

static void
read_libraries(struct station *st, struct errs *e, const struct node *root)
{
	const struct node *list = conf_list(e, root, "libraries");

	if (list == NULL)
		return;
	st->libraries = xcalloc(list->n, sizeof *st->libraries);
	for (size_t i = 0; i < list->n; i++)
		read_library(st, e, list->items[i]);
}

static void
read_channels(struct station *st, struct errs *e, const struct node *root)
{
	const struct node *v = conf_get(root, "channels");
	struct node *const *texts;
	size_t n;

	if (v == NULL || v->kind == NODE_SCALAR) {
		read_path(st, e, root, "channels", "channels",
		    &st->channels_dir);
		return;
	}
	n = conf_texts(e, root, "channels", &texts);
	st->channel_files = xcalloc(n, sizeof *st->channel_files);
	for (size_t i = 0; i < n; i++)
		st->channel_files[st->nchannel_files++] =
		    path_resolve(st->dir, texts[i]->text);
}

static void
read_root(struct station *st, struct errs *e, const struct node *root)
{
	if (root->kind != NODE_MAP)
		conf_fault(e, root, "a station file must be a map of keys");
	CONF_KEYS(e, root, "station", "http", "control", "paths",
	    "libraries", "channels", "ffmpeg", "hdhomerun", "guide",
	    "relay", "formats", "log");
	read_station(st, e, root);
	read_ffmpeg(st, e, root);
	read_guide(st, e, root);
	station_read_hdhr(st, e, root);
	station_read_http(st, e, root);
	station_read_relay(st, e, root);
	read_control(st, e, root);
	read_paths(st, e, root);
	read_log(st, e, root);
	read_libraries(st, e, root);
	station_read_formats(st, e, root);
	read_channels(st, e, root);
}

struct station *
station_load(const char *path, node_read_fn *read, void *ctx, struct errs *e)
{
	size_t faults = e->faults;
	struct node_doc *doc;
	struct station *st;

	if ((doc = node_load(path, read, ctx, e)) == NULL)
		return NULL;
	st = xcalloc(1, sizeof *st);
	st->dir = dir_of(path);
	read_root(st, e, node_root(doc));
	node_doc_free(doc);
	if (e->faults == faults)
		return st;
	station_free(st);
	return NULL;
}

/* False: what it may say is not known. */
static bool
is_readable(const struct node *v)
{
	return v == NULL || !v->bad;
}

char *
station_load_socket(const char *path, node_read_fn *read, void *ctx,
    struct errs *e)
{
	struct node_doc *doc = node_load(path, read, ctx, e);
	struct station st = { .dir = dir_of(path) };
	const struct node *root, *m;
	size_t faults = e->faults;

	if (doc != NULL) {
		root = node_root(doc);
		if (root->kind != NODE_MAP)
			conf_fault(e, root, "a station file must be a map of "
			    "keys");
		m = conf_map(e, root, "control");
		if (is_readable(conf_get(root, "control")) &&
		    is_readable(conf_get(m, "socket")))
			read_path(&st, e, m, "socket", SOCKET_DEFAULT,
			    &st.control_socket);
		if (e->faults != faults) {
			free(st.control_socket);
			st.control_socket = NULL;
		}
	}
	node_doc_free(doc);
	free(st.dir);
	return st.control_socket;
}

void
station_free(struct station *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->nlistens; i++)
		free(s->listens[i].host);
	for (size_t i = 0; i < s->nlibraries; i++) {
		free(s->libraries[i].path);
		free(s->libraries[i].file);
		texts_fini(&s->libraries[i].tags);
	}
	for (size_t i = 0; i < s->nchannel_files; i++)
		free(s->channel_files[i]);
	for (size_t i = 0; i < s->ffmpeg.nread; i++)
		free(s->ffmpeg.read[i]);
	for (size_t i = 0; i < s->ffmpeg.nenv; i++)
		free(s->ffmpeg.env[i]);
	free(s->ffmpeg.read);
	free(s->ffmpeg.env);
	free(s->ffmpeg.ffmpeg);
	free(s->ffmpeg.ffprobe);
	free(s->ffmpeg.preset);
	free(s->ffmpeg.user);
	free(s->user);
	free(s->listens);
	free(s->base_url);
	station_gate_fini(&s->gate);
	free(s->libraries);
	station_formats_fini(s);
	free(s->channel_files);
	free(s->channels_dir);
	free(s->control_socket);
	free(s->control_group);
	free(s->state_dir);
	free(s->log_dir);
	free(s->asrun_dir);
	free(s->timezone);
	free(s->name);
	free(s->dir);
	free(s);
}

/* Append the path's components that are neither "" nor "." to out. */
static void
add_components(struct buf *out, const char *path)
{
	while (*path != '\0') {
		size_t n = strcspn(path, "/");

		if (n != 0 && !(n == 1 && path[0] == '.')) {
			if (out->len != 0 && out->data[out->len - 1] != '/')
				buf_adds(out, "/");
			buf_add(out, path, n);
		}
		path += n;
		path += *path == '/';
	}
}

char *
path_resolve(const char *dir, const char *path)
{
	struct buf out = { 0 };
	char *clean;

	if (path[0] == '/' || dir[0] == '/')
		buf_adds(&out, "/");
	if (path[0] != '/')
		add_components(&out, dir);
	add_components(&out, path);
	clean = xstrdup(out.len != 0 ? buf_str(&out) : ".");
	buf_fini(&out);
	return clean;
}
