#include "ctl_validate.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ctl_library.h"
#include "ctl_plan.h"
#include "media/find.h"
#include "media/jsontext.h"
#include "media/logo.h"
#include "media/readable.h"
#include "plan/plan.h"

static json_t *
item_json(const struct err_item *it)
{
	json_t *o = json_object();

	json_object_set_new(o, "file", it->file != NULL ?
	    json_text(it->file) : json_null());
	json_object_set_new(o, "line", json_integer(it->line));
	json_object_set_new(o, "column", json_integer(it->column));
	json_object_set_new(o, "text", json_text(it->text));
	return o;
}

static json_t *
list_json(const struct errs *e, bool warnings)
{
	size_t n;
	const struct err_item **sorted = errs_sorted(e, &n);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		if ((sorted[i]->warning != 0) == warnings)
			json_array_append_new(list, item_json(sorted[i]));
	free(sorted);
	return list;
}

/* What is on the disks, and what of it is known. */
struct state {
	const struct config *cfg;
	struct library *library;	/* as it was last scanned */
	struct walk walk;
	size_t fresh, gone;		/* since then */
	const char *first_gone;
};

static int
compare_files(const void *path, const void *file)
{
	return strcmp(path, ((const struct walk_file *)file)->path);
}

/* What is there no more cannot air. */
static void
mark_gone(struct state *s, struct asset *a)
{
	if (bsearch(a->path, s->walk.files, s->walk.n, sizeof *s->walk.files,
	    compare_files) != NULL ||
	    walk_is_missed(&s->walk, a->path, strlen(a->path)))
		return;
	if (s->gone++ == 0)
		s->first_gone = a->path;
	free(a->bad);
	a->bad = xstrdup("gone since the last scan");
}

/* What is wrong with a library as a whole stands where the station file has
 * it. */
static void
say_found(const struct errs *found, const struct station *st, struct errs *e)
{
	for (size_t i = 0; i < found->n; i++) {
		const struct err_item *it = &found->items[i];
		const struct station_library *l = NULL;

		for (size_t k = 0; k < st->nlibraries && l == NULL; k++)
			if (it->file != NULL &&
			    strcmp(st->libraries[k].path, it->file) == 0)
				l = &st->libraries[k];
		if (l != NULL)
			errs_warn(e, l->file, l->line, l->column,
			    "library %s: %s", l->path, it->text);
		else
			errs_warn(e, it->file, it->line, it->column, "%s",
			    it->text);
	}
}

static void
look(struct state *s, struct errs *e)
{
	size_t n = s->cfg->nchans;
	const char **extra = xcalloc(n, sizeof *extra);
	struct scan_options o = { .extra = extra };
	const struct find_hooks none = { 0 };
	struct errs found = { 0 };

	for (size_t i = 0; i < n; i++)
		if (s->cfg->chans[i]->filler != NULL)
			extra[o.nextra++] = s->cfg->chans[i]->filler;
	find_files(&s->walk, s->cfg->station, &o, &none, &found);
	say_found(&found, s->cfg->station, e);
	errs_fini(&found);
	free(extra);
	for (size_t i = 0; i < s->walk.n; i++)
		s->fresh += library_find(s->library, s->walk.files[i].path) ==
		    NULL;
	for (size_t i = 0; i < s->library->n; i++)
		mark_gone(s, &s->library->assets[i]);
}

static void
say_changes(const struct state *s, const char *config, struct errs *e)
{
	if (s->fresh > 0)
		errs_warn(e, config, 0, 0, "files not read yet: %zu; see "
		    "'retrovuectl scan'", s->fresh);
	if (s->gone > 0)
		errs_warn(e, config, 0, 0, "files gone since the last scan: "
		    "%zu, the first of them %s", s->gone, s->first_gone);
}

/* ---- Files that a channel names by themselves */

/* What is wrong with it, and what helps; NULL: nothing.  malloc'd.  Once a
 * disk has not answered the others are not waited for. */
static char *
file_fault(const char *path, bool *late)
{
	int error = *late ? 0 : readable_check(path);

	*late |= error == ETIMEDOUT;
	switch (error) {
	case 0:
		return NULL;
	case ENOENT:
	case ENOTDIR:
		return xstrdup("is not there: put it there or correct the "
		    "path");
	case EACCES:
		return xstrdup("cannot be read: the daemon's user must be "
		    "allowed to");
	case EISDIR:
		return xstrdup("is a directory, not a file");
	case EINVAL:
		return xstrdup("is no file");
	case ETIMEDOUT:
		return xstrdup("is on a disk that does not answer");
	default:
		return xasprintf("cannot be read: %s", strerror(error));
	}
}

/* Takes why. */
static void
say_file(const struct chan *ch, struct chan_place at, const char *key,
    const char *path, char *why, struct errs *e)
{
	if (why != NULL)
		errs_warn(e, ch->file, at.line, at.column, "%s '%s' %s", key,
		    path, why);
	free(why);
}

/* One that is known to be bad is told of with the plan. */
static void
check_filler(const struct chan *ch, const struct library *l, bool *late,
    struct errs *e)
{
	const struct asset *a = l != NULL ? library_find(l, ch->filler) : NULL;

	if (a == NULL || a->bad == NULL)
		say_file(ch, ch->filler_at, "filler", ch->filler,
		    file_fault(ch->filler, late), e);
}

static void
check_logo(const struct chan *ch, bool *late, struct errs *e)
{
	char *fault = file_fault(ch->logo, late);
	struct buf bytes = { 0 };
	const char *why;

	if (fault == NULL && !*late &&
	    logo_read(ch->logo, &bytes, &why, NULL) == NULL)
		fault = xstrdup(why);
	buf_fini(&bytes);
	say_file(ch, ch->logo_at, "logo", ch->logo, fault, e);
}

static void
check_files(const struct config *cfg, const struct library *l, struct errs *e)
{
	bool late = false;

	for (size_t i = 0; i < cfg->nchans; i++) {
		const struct chan *ch = cfg->chans[i];

		if (ch->filler != NULL)
			check_filler(ch, l, &late, e);
		if (ch->slate != NULL)
			say_file(ch, ch->slate_at, "slate", ch->slate,
			    file_fault(ch->slate, &late), e);
		if (ch->logo != NULL && strstr(ch->logo, "://") == NULL)
			check_logo(ch, &late, e);
	}
}

void
ctl_validate_plan(const struct config *cfg, const char *config,
    struct errs *e)
{
	struct state s = { .cfg = cfg };
	char *why;

	s.library = ctl_plan_library(cfg, &why);
	check_files(cfg, s.library, e);
	if (s.library == NULL) {
		errs_warn(e, config, 0, 0, "%s; until then what pools and "
		    "breaks have is not checked", why);
		free(why);
		return;
	}
	look(&s, e);
	say_changes(&s, config, e);
	for (size_t i = 0; i < cfg->nchans; i++) {
		struct selection *sel = selection_new(cfg->chans[i],
		    s.library);

		selection_check(sel, s.fresh == 0 && s.walk.nunread == 0, e);
		selection_free(sel);
	}
	walk_fini(&s.walk);
	library_free(s.library);
}

void
ctl_validate_json(const struct errs *e, size_t channels, struct buf *out)
{
	json_t *o = json_object();
	char *text;

	json_object_set_new(o, "ok", json_boolean(e->faults == 0));
	json_object_set_new(o, "channels", json_integer((json_int_t)channels));
	json_object_set_new(o, "total_faults",
	    json_integer((json_int_t)e->faults));
	json_object_set_new(o, "faults", list_json(e, false));
	json_object_set_new(o, "warnings", list_json(e, true));
	text = json_dumps(o, JSON_INDENT(2));
	buf_adds(out, text);
	buf_adds(out, "\n");
	free(text);
	json_decref(o);
}
