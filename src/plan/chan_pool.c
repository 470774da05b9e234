#include "plan/chan_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xmem.h"
#include "plan/conf.h"
#include "plan/glob.h"

#define POOLS_MAX	1000
#define PATTERN_MAX	4096	/* bytes, as a path */

static void
add_pattern(struct pool *p, size_t *cap, char *pattern)
{
	xgrow(&p->patterns, cap, p->npatterns + 1, sizeof *p->patterns);
	p->patterns[p->npatterns++] = pattern;
}

/* A directory that stands before somebody's pattern is itself, whatever
 * characters its name has. */
static char *
escape_dir(const char *dir)
{
	struct buf out = { 0 };
	char *escaped;

	for (; *dir != '\0'; dir++) {
		if (strchr("*?[\\", *dir) != NULL)
			buf_adds(&out, "\\");
		buf_add(&out, dir, 1);
	}
	escaped = xstrdup(buf_str(&out));
	buf_fini(&out);
	return escaped;
}

/* text against dir; a glob that may name directories comes with what is
 * below them. */
static void
add_below(struct pool *p, size_t *cap, const char *dir, const char *text,
    bool dirs)
{
	bool glob = glob_is_pattern(text);
	char *base = glob ? escape_dir(dir) : xstrdup(dir);
	char *pattern = path_resolve(base, text);

	add_pattern(p, cap, pattern);
	if (glob && text[0] != '/')
		/* It may also be a name with such characters in it. */
		add_pattern(p, cap, path_resolve(dir, text));
	if (glob && dirs)
		add_pattern(p, cap, xasprintf("%s/**", pattern));
	free(base);
}

static void
read_patterns(struct pool *p, size_t *cap, const struct node *m,
    const char *key, const struct station *st, struct errs *e)
{
	bool dirs = strcmp(key, "path") == 0;
	struct node *const *texts;
	size_t n = conf_texts(e, m, key, &texts);

	for (size_t i = 0; i < n; i++) {
		const char *text = texts[i]->text;

		if (strlen(text) > PATTERN_MAX) {
			conf_fault(e, texts[i], "%s has more than %d bytes",
			    key, PATTERN_MAX);
			continue;
		}
		add_below(p, cap, st->dir, text, dirs);
		if (text[0] == '/')
			continue;
		for (size_t l = 0; l < st->nlibraries; l++)
			add_below(p, cap, st->libraries[l].path, text, dirs);
	}
}

static void
read_order(struct pool *p, const struct node *m, struct errs *e)
{
	static const char *const names[] = {
		[POOL_BY_NAME] = "name", [POOL_BY_PATH] = "path",
		[POOL_BY_YEAR] = "year", [POOL_SHUFFLED] = "shuffle",
	};
	int i;

	if (conf_choice(e, m, "order", names, 4, &i))
		p->order = (enum pool_order)i;
}

/* What decides who is in it: at least one of the three. */
static void
read_members(struct pool *p, const struct node *m, const struct station *st,
    struct errs *e)
{
	static const char *const keys[] = { "path", "files" };
	const struct node *match = NULL;
	size_t cap = 0;

	if (node_get(m, "match") != NULL && conf_need(e, m, "match") &&
	    (match = conf_map(e, m, "match")) != NULL) {
		p->matches = true;
		match_read(&p->match, match, e);
	}
	for (size_t i = 0; i < 2; i++)
		if (node_get(m, keys[i]) != NULL && conf_need(e, m, keys[i]))
			read_patterns(p, &cap, m, keys[i], st, e);
}

static void
read_pool(struct pool *p, const struct node *key, const struct node *m,
    const struct station *st, struct errs *e)
{
	p->name = xstrdup(key->text);
	p->line = key->line;
	p->column = key->column;
	if (m->kind != NODE_MAP) {
		conf_fault(e, m, "pool '%.80s' must be a map with 'match', "
		    "'path' or 'files'", p->name);
		return;
	}
	CONF_KEYS(e, m, "match", "path", "files", "order");
	if (node_get(m, "match") == NULL && node_get(m, "path") == NULL &&
	    node_get(m, "files") == NULL)
		conf_fault(e, m, "pool '%.80s' needs 'match', 'path' or "
		    "'files'", p->name);
	read_members(p, m, st, e);
	read_order(p, m, e);
}

void
chan_read_pools(struct chan *c, const struct node *root,
    const struct station *st, struct errs *e)
{
	const struct node *m;

	if (node_get(root, "pools") == NULL || !conf_need(e, root, "pools") ||
	    (m = conf_map(e, root, "pools")) == NULL)
		return;
	if (m->n > POOLS_MAX) {
		conf_fault(e, m, "more than %d pools", POOLS_MAX);
		return;
	}
	c->pools = xcalloc(m->n, sizeof *c->pools);
	for (; c->npools < m->n; c->npools++)
		read_pool(&c->pools[c->npools], m->keys[c->npools],
		    m->items[c->npools], st, e);
}

void
chan_file_pool(struct pool *p, const struct node *at,
    const struct station *st)
{
	size_t cap = 0;

	*p = (struct pool){
		.name = xstrdup(at->text), .line = at->line,
		.column = at->column,
	};
	add_pattern(p, &cap, path_resolve(st->dir, at->text));
	for (size_t l = 0; at->text[0] != '/' && l < st->nlibraries; l++)
		add_pattern(p, &cap, path_resolve(st->libraries[l].path,
		    at->text));
}

void
pool_fini(struct pool *p)
{
	for (size_t k = 0; k < p->npatterns; k++)
		free(p->patterns[k]);
	free(p->patterns);
	match_fini(&p->match);
	free(p->name);
}

void
chan_free_pools(struct chan *c)
{
	for (size_t i = 0; i < c->npools; i++)
		pool_fini(&c->pools[i]);
	free(c->pools);
}

const struct pool *
chan_pool(const struct chan *c, size_t i)
{
	return i < c->npools ? &c->pools[i] : &c->files[i - c->npools];
}

bool
chan_find_pool(const struct chan *c, const char *name, size_t *out)
{
	for (size_t i = 0; i < c->npools; i++) {
		if (strcmp(c->pools[i].name, name) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

void
chan_unknown_pool(const struct chan *c, const struct node *at,
    struct errs *e)
{
	const char **names = xcalloc(c->npools, sizeof *names);

	for (size_t i = 0; i < c->npools; i++)
		names[i] = c->pools[i].name;
	conf_unknown(e, at, "pool", at->text, names, c->npools);
	free(names);
}

bool
chan_pools_known(const struct chan *c, const struct node *root)
{
	return node_get(root, "pools") == NULL || c->pools != NULL;
}

/* The path itself, or a directory that it is in. */
static bool
names(const char *pattern, const char *path)
{
	size_t n = strlen(pattern);

	if (strncmp(pattern, path, n) != 0)
		return false;
	return path[n] == '\0' || path[n] == '/' ||
	    (n > 0 && pattern[n - 1] == '/');
}

static bool
is_there(const struct pool *p, const struct asset *a)
{
	for (size_t i = 0; i < p->npatterns; i++)
		if (names(p->patterns[i], a->path) ||
		    glob_match(p->patterns[i], a->path))
			return true;
	return p->matches && p->npatterns == 0;
}

bool
pool_has(const struct pool *p, const struct asset *a)
{
	return (!p->matches || match_has(&p->match, a)) && is_there(p, a);
}
