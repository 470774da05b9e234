#include "io/asrunlog.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "io/journal.h"
#include "io/logfile.h"
#include "media/asrunfile.h"

/* A row on its way: env.ctx. */
struct way {
	const struct asrunlog *log;
	const struct asrun_env *env;
};

/* Each of a channel's two kinds of file is one log. */
static void
put(const struct way *w, const struct asrun_row *r, const char *suffix,
    const char *head, struct buf *line)
{
	const char *slug = w->env->ch->slug;
	char *path = asrunfile_path(w->log->dir, slug, r->date, suffix);
	char *name = xasprintf("%s/%s/*.asrun%s", w->log->dir, slug, suffix);
	struct journal *j = logfile_journal();

	journal_put(j, journal_log(j, name, true), path, head,
	    buf_str(line), line->len);
	free(name);
	free(path);
}

static void
on_row(void *ctx, const struct asrun_row *r)
{
	const struct way *w = ctx;
	struct buf head = { 0 }, text = { 0 }, json = { 0 };

	asrun_add_head(&head, w->env, r->date);
	asrun_add_row(&text, w->env, r);
	asrunfile_add_json(&json, w->env->ch, r);
	put(w, r, "", buf_str(&head), &text);
	put(w, r, ".jsonl", NULL, &json);
	buf_fini(&head);
	buf_fini(&text);
	buf_fini(&json);
}

void
asrunlog_event(struct asrunlog *l, const struct chan *ch, struct timeline *t,
    const struct channel_event *e, size_t viewers, const char *why)
{
	struct way way = { .log = l };
	const struct asrun_env env = {
		.ch = ch, .timeline = t, .put = on_row, .ctx = &way,
	};

	way.env = &env;
	asrun_event(&l->asrun, &env, e, viewers, why);
}

void
asrunlog_fini(struct asrunlog *l)
{
	asrun_fini(&l->asrun);
}

/* What the journal's thread is to do first. */
struct recovery {
	struct journal *journal;
	char *dir;
};

static void
recover(void *arg)
{
	struct recovery *r = arg;
	size_t rows = asrunfile_recover(r->dir);
	struct buf line = { 0 };

	if (rows != 0) {
		logfile_make(&line, LOG_WARN, "asrun_closed", "rows=%zu",
		    rows);
		journal_put(r->journal, journal_main(r->journal), NULL, NULL,
		    buf_str(&line), line.len);
	}
	buf_fini(&line);
	free(r->dir);
	free(r);
}

void
asrunlog_recover(const char *dir)
{
	struct recovery *r = xcalloc(1, sizeof *r);

	r->journal = logfile_journal();
	r->dir = xstrdup(dir);
	journal_call(r->journal, recover, r);
}
