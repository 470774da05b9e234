#include "ctl_library.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arith.h"
#include "base/err.h"
#include "base/xmem.h"
#include "media/config.h"
#include "media/db.h"
#include "media/jsontext.h"
#include "media/probe.h"
#include "media/scan.h"
#include "media/shimfind.h"
#include "plan/naming.h"

/* What could not air may by now. */
static bool
is_current(struct db_file *f)
{
	struct stat st;

	if (f->asset.duration_us == 0 || stat(f->asset.path, &st) < 0 ||
	    f->size != st.st_size || f->mtime_ns != st.st_mtim.tv_sec *
	    NS_PER_S + st.st_mtim.tv_nsec)
		return false;
	/* A fault of its sidecar is looked for again. */
	free(f->asset.bad);
	f->asset.bad = NULL;
	return true;
}

/* The file as the last scan of its library has found it, if it is still the
 * same. */
static bool
find_known(const struct config *c, const char *path, struct db_file *f)
{
	char *why = NULL;
	struct db *d = db_open_read(c->station->state_dir, &why);
	bool found = d != NULL && db_find(d, path, f);

	if (found && !is_current(f)) {
		db_file_fini(f);
		found = false;
	}
	db_close(d);
	free(why);
	return found;
}

static void
probe_now(const struct config *c, const char *path, struct db_file *f)
{
	struct shim *shim = shimfind(c->station);
	struct facts tags;

	*f = (struct db_file){ .asset = {
		.path = xstrdup(path),
		.about = ASSET_ABOUT_NONE,
		.video_stream = -1,
		.audio_stream = -1,
	} };
	naming_read(&f->asset, 0);
	probe_file(c->station->ffmpeg.ffprobe, shim, NULL, &f->asset,
	    &f->chapters, &tags);
	facts_apply(&tags, &f->asset);
	naming_set_title(&f->asset);
	facts_fini(&tags);
	shim_free(shim);
}

static const char *
source_of(const struct marker *m)
{
	return m->imported ? "chapter" : "sidecar";
}

static void
set_time(json_t *o, const char *name, const char *name_us, int64_t us)
{
	struct buf b = { 0 };

	ctl_library_add_time(&b, us);
	json_object_set_new(o, name, json_string(buf_str(&b)));
	json_object_set_new(o, name_us, json_integer(us));
	buf_fini(&b);
}

static json_t *
json_of_marker(const struct marker *m)
{
	json_t *o = json_object();

	json_object_set_new(o, "source", json_string(source_of(m)));
	json_object_set_new(o, "kind",
	    json_string(marker_kind_name(m->kind)));
	set_time(o, "start", "start_us", m->start_us);
	if (m->range)
		set_time(o, "end", "end_us", m->end_us);
	return o;
}

static int
print_json(const struct asset *a)
{
	json_t *o = json_object(), *list = json_array();

	for (size_t i = 0; i < a->nmarkers; i++)
		json_array_append_new(list, json_of_marker(&a->markers[i]));
	ctl_library_set_path(o, a->path);
	json_object_set_new(o, "title", json_text(a->title));
	set_time(o, "duration", "duration_us", a->duration_us);
	json_object_set_new(o, "markers", list);
	json_object_set_new(o, "lulls", ctl_library_lulls(a));
	return ctl_library_print_json(o);
}

static int
print_table(const struct asset *a)
{
	struct buf out = { 0 };
	int rc;

	errs_escape(&out, a->title);
	buf_adds(&out, ", ");
	ctl_library_add_time(&out, a->duration_us);
	buf_addf(&out, ", %zu marker%s\n", a->nmarkers,
	    a->nmarkers == 1 ? "" : "s");
	for (size_t i = 0; i < a->nmarkers; i++) {
		const struct marker *m = &a->markers[i];

		buf_addf(&out, "%-8s %-8s ", source_of(m),
		    marker_kind_name(m->kind));
		ctl_library_add_time(&out, m->start_us);
		if (m->range) {
			buf_adds(&out, " to ");
			ctl_library_add_time(&out, m->end_us);
		}
		buf_adds(&out, "\n");
	}
	for (size_t i = 0; i < a->nlulls; i++) {
		const struct asset_lull *l = &a->lulls[i];

		buf_adds(&out, "measured lull     ");
		ctl_library_add_time(&out, l->at_us);
		buf_addf(&out, " %s\n", l->black && l->silent ?
		    "black and silent" : l->black ? "black" : "silent");
	}
	rc = ctl_library_print(&out);
	buf_fini(&out);
	return rc;
}

static void
complain(struct errs *e)
{
	struct buf out = { 0 };

	errs_print(e, &out);
	fputs(buf_str(&out), stderr);
	buf_fini(&out);
}

static int
show(struct db_file *f, bool json)
{
	struct asset *a = &f->asset;
	struct errs e = { 0 };
	int rc = 1;

	if (a->bad != NULL)
		errs_fault(&e, a->path, 0, 0, "cannot air: %s", a->bad);
	else if (scan_apply_markers(a, &f->chapters, &e) == 0)
		rc = json ? print_json(a) : print_table(a);
	complain(&e);
	errs_fini(&e);
	return rc;
}

/* As the scan names it: from the root on, links as they are. */
static char *
absolute(const char *file)
{
	char *cwd = getcwd(NULL, 0);
	char *path = path_resolve(cwd != NULL ? cwd : "/", file);

	free(cwd);
	return path;
}

int
ctl_markers(const struct ctl_library *o)
{
	struct errs e = { 0 };
	struct config *c;
	struct db_file f;
	char *path;
	int rc;

	if (o->nargs != 1) {
		fputs("retrovuectl: markers takes one FILE\n", stderr);
		return 2;
	}
	/* Without a station file: as if it were empty. */
	if ((c = config_load_files(o->config, NULL, 0, &e)) == NULL)
		c = config_load_files(NULL, NULL, 0, &e);
	path = absolute(o->args[0]);
	if (!find_known(c, path, &f))
		probe_now(c, path, &f);
	rc = show(&f, o->json);
	db_file_fini(&f);
	free(path);
	config_free(c);
	errs_fini(&e);
	return rc;
}
