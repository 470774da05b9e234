#include "plan/chan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/length.h"
#include "base/xmem.h"
#include "plan/chan_parts.h"
#include "plan/conf.h"
#include "plan/language.h"
#include "plan/value.h"

#define SLUG_MAX	64	/* bytes */
#define LINGER_S	20	/* default */
#define CATCHUP_MAX_H	1440	/* as long as transmission logs are kept */
#define DAY_S		86400
#define MAJOR_MAX	65535
#define MINOR_MAX	999	/* ATSC A/65 6.3.4: ten bits, up to 999 */

static const char digits[] = "0123456789";

static bool
is_slug(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n >= 1 && n <= SLUG_MAX && s[n] == '\0';
}

/* A whole number as a person writes it: no sign, no zero in front. */
static bool
is_part(const char *s, size_t len, int64_t max)
{
	int64_t v = 0;

	if (len < 1 || len > 5 || s[0] == '0')
		return false;
	for (size_t i = 0; i < len; i++)
		v = v * 10 + (s[i] - '0');
	return v <= max;
}

/* "5" or "5.1". */
static bool
is_number(const char *s)
{
	size_t n = strspn(s, digits), m;

	if (!is_part(s, n, MAJOR_MAX))
		return false;
	if (s[n] == '\0')
		return true;
	m = strspn(s + n + 1, digits);
	return s[n] == '.' && is_part(s + n + 1, m, MINOR_MAX) &&
	    s[n + 1 + m] == '\0';
}

static struct chan_place
place_of(const struct chan *c, const struct node *v)
{
	if (strcmp(v->file, c->file) != 0)
		return (struct chan_place){ 0 };
	return (struct chan_place){ v->line, v->column };
}

struct chan_place
chan_key_place(const struct chan *c, const struct node *root, const char *key)
{
	for (size_t i = 0; i < root->n; i++)
		if (strcmp(root->keys[i]->text, key) == 0)
			return place_of(c, root->keys[i]);
	return (struct chan_place){ 0 };
}

static void
read_number(struct chan *c, const struct node *root, struct errs *e)
{
	bool older = node_get(root, "number") != NULL;
	const char *key = older ? "number" : "channel_number";

	if (older && node_get(root, "channel_number") != NULL) {
		conf_fault(e, node_get(root, "number"),
		    "'number' and 'channel_number' are the same: use one");
		return;
	}
	if (!conf_need(e, root, key) || !conf_dup(e, root, key, &c->number))
		return;
	c->number_at = place_of(c, conf_get(root, key));
	if (!is_number(c->number))
		conf_fault(e, conf_get(root, key), "%s must be like 5 or 5.1, "
		    "up to %d, not '%.80s'", key, MAJOR_MAX, c->number);
}

/* So that in a URL a number is always a channel's own number. */
static void
read_slug(struct chan *c, const struct node *root, struct errs *e)
{
	const struct node *v = conf_get(root, "channel");

	if (!conf_need(e, root, "channel") ||
	    !conf_dup(e, root, "channel", &c->slug))
		return;
	c->slug_at = place_of(c, v);
	if (!is_slug(c->slug))
		conf_fault(e, v, "channel must be 1 to %d of a-z, 0-9 and -, "
		    "not '%.80s'", SLUG_MAX, c->slug);
	else if (c->slug[strspn(c->slug, digits)] == '\0' &&
	    c->number != NULL && strcmp(c->slug, c->number) != 0)
		conf_fault(e, v, "channel '%s' is all digits, but its number "
		    "is %.80s", c->slug, c->number);
}

static void
read_type(struct chan *c, const struct node *root, struct errs *e)
{
	static const char *const names[] = { "network", "movie", "premium" };
	int i = 0;

	conf_choice(e, root, "channel_type", names, 3, &i);
	c->type = i == 0 ? CHAN_NETWORK : CHAN_MOVIE;
}

static void
read_logo(struct chan *c, const struct node *root, const struct station *st,
    struct errs *e)
{
	const char *s;

	if (!conf_str(e, root, "logo", &s))
		return;
	c->logo = strstr(s, "://") != NULL ? xstrdup(s) :
	    path_resolve(st->dir, s);
	c->logo_at = chan_key_place(c, root, "logo");
}

static void
read_slate(struct chan *c, const struct node *root, const struct station *st,
    struct errs *e)
{
	static const char *const names[] = { "off", "noc" };
	const char *s;
	int i = 0;

	if (conf_str(e, root, "slate", &s)) {
		c->slate = path_resolve(st->dir, s);
		c->slate_at = chan_key_place(c, root, "slate");
	}
	conf_choice(e, root, "slate_text", names, 2, &i);
	c->slate_noc = i == 1;
}

/* Unknown ones are left as they are: a player may know better. */
static void
read_language(struct chan *c, const struct node *root, struct errs *e)
{
	const struct node *v = conf_get(root, "language");
	char key[4];

	conf_dup(e, root, "language", &c->language);
	if (v != NULL && c->language != NULL &&
	    !language_key(c->language, key))
		errs_warn(e, v->file, v->line, v->column, "language '%.80s' is "
		    "not known: use a code like en or eng, or the name in "
		    "English", c->language);
}

static void
read_names(struct chan *c, const struct node *root, const struct station *st,
    struct errs *e)
{
	read_number(c, root, e);
	read_slug(c, root, e);
	if (c->slug != NULL)
		c->name = xstrdup(c->slug);
	conf_dup(e, root, "name", &c->name);
	conf_dup(e, root, "group", &c->group);
	read_language(c, root, e);
	read_logo(c, root, st, e);
	read_type(c, root, e);
}

static void
read_clock(struct chan *c, const struct node *root, struct errs *e)
{
	if (conf_zone(e, root, "timezone", &c->timezone)) {
		c->timezone_line = conf_get(root, "timezone")->line;
		c->timezone_column = conf_get(root, "timezone")->column;
	}
	c->day_start_s = 6 * 3600;
	if (conf_clock(e, root, "day_start", &c->day_start_s) &&
	    c->day_start_s == DAY_S)
		conf_fault(e, conf_get(root, "day_start"),
		    "day_start must be before 24:00");
}

/* How viewers are served. */
static void
read_serving(struct chan *c, const struct node *root, const struct station *st,
    struct errs *e)
{
	static const char *const modes[] = { "on_demand", "always" };
	int64_t linger = LINGER_S, backlog, catchup = 0;
	int mode = 0;

	conf_choice(e, root, "mode", modes, LENGTH(modes), &mode);
	c->always = mode == 1;
	conf_duration(e, root, "linger", 0, DAY_S, &linger);
	c->linger_ns = linger * NS_PER_S;
	c->backlog_ns = st->relay.backlog_ns;
	if (conf_duration(e, root, "backlog", 0, STATION_BACKLOG_MAX_S,
	    &backlog))
		c->backlog_ns = backlog * NS_PER_S;
	conf_int(e, root, "catchup", 0, CATCHUP_MAX_H, &catchup);
	c->catchup_h = (int)catchup;
}

/* It has been taken for a channel's: one word says more than a dozen about its
 * keys. */
static bool
is_station(const struct node *root)
{
	static const char *const own[] = {
		"station", "http", "paths", "libraries", "channels",
	};

	if (node_get(root, "channel") != NULL ||
	    node_get(root, "schedule") != NULL)
		return false;
	for (size_t i = 0; i < LENGTH(own); i++)
		if (node_get(root, own[i]) != NULL)
			return true;
	return false;
}

static void
read_root(struct chan *c, const struct node *root, const struct station *st,
    struct errs *e)
{
	if (root->kind != NODE_MAP) {
		conf_fault(e, root, "a channel file must be a map of keys");
		return;
	}
	if (is_station(root)) {
		conf_fault(e, root, "this is a station file, not a channel's: "
		    "give it with -c");
		return;
	}
	CONF_KEYS(e, root, "channel", "channel_number", "number", "name",
	    "logo", "group", "language", "channel_type", "timezone",
	    "day_start", "mode", "linger", "backlog", "catchup", "format",
	    "filler", "slate", "slate_text", "pools", "programs", "templates",
	    "schedule", "traffic", "notes");
	read_names(c, root, st, e);
	read_clock(c, root, e);
	read_serving(c, root, st, e);
	chan_read_format(c, root, st, e);
	chan_read_pools(c, root, st, e);
	chan_read_filler(c, root, st, e);
	read_slate(c, root, st, e);
	chan_read_programs(c, root, st, e);
	chan_read_schedule(c, root, st, e);
	if (conf_get(root, "schedule") != NULL)
		c->schedule_at = place_of(c, conf_get(root, "schedule"));
	chan_read_traffic(c, root, e);
}

struct chan *
chan_load(const char *path, const struct station *st, node_read_fn *read,
    void *ctx, struct errs *e)
{
	size_t faults = e->faults;
	struct node_doc *doc;
	struct chan *c;

	if ((doc = node_load(path, read, ctx, e)) == NULL)
		return NULL;
	c = xcalloc(1, sizeof *c);
	c->file = xstrdup(path);
	read_root(c, node_root(doc), st, e);
	node_doc_free(doc);
	if (e->faults == faults) {
		chan_check_programs(c, e);
		return c;
	}
	chan_free(c);
	return NULL;
}

void
chan_free(struct chan *c)
{
	if (c == NULL)
		return;
	chan_free_traffic(c);
	chan_free_schedule(c);
	chan_free_programs(c);
	chan_free_pools(c);
	free(c->slate);
	free(c->filler);
	free(c->timezone);
	free(c->language);
	free(c->group);
	free(c->logo);
	free(c->name);
	free(c->number);
	free(c->slug);
	free(c->file);
	free(c);
}

int
chan_compare(const struct chan *a, const struct chan *b)
{
	char *after_a, *after_b;
	long x = strtol(a->number, &after_a, 10);
	long y = strtol(b->number, &after_b, 10);

	if (x == y) {
		x = *after_a == '.' ? strtol(after_a + 1, NULL, 10) : 0;
		y = *after_b == '.' ? strtol(after_b + 1, NULL, 10) : 0;
	}
	return (x > y) - (x < y);
}

static void
same(struct errs *e, const struct chan *a, struct chan_place at,
    const struct chan *b, struct chan_place there, const char *what,
    const char *name)
{
	char where[32] = "";

	if (there.line != 0)
		snprintf(where, sizeof where, ":%u:%u", there.line,
		    there.column);
	errs_fault(e, a->file, at.line, at.column, "%s %s is also that of "
	    "%s%s", what, name, b->file, where);
}

static void
check_pair(const struct chan *a, const struct chan *b, struct errs *e)
{
	if (strcmp(a->slug, b->slug) == 0)
		same(e, a, a->slug_at, b, b->slug_at, "channel", a->slug);
	if (strcmp(a->number, b->number) == 0)
		same(e, a, a->number_at, b, b->number_at, "channel number",
		    a->number);
}

static void
check_rerun(const struct chan *c, const struct block *b,
    struct chan *const *chans, size_t n, struct errs *e)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(chans[i]->slug, b->rerun.channel) == 0)
			return;
	errs_warn(e, c->file, b->line, b->column, "rerun_of '%.80s': there "
	    "is no such channel", b->rerun.channel);
}

void
chan_check_unique(struct chan *const *chans, size_t n, size_t ntold,
    struct errs *e)
{
	/* A channel that is at fault is not among them. */
	for (size_t i = 0; e->faults == 0 && i < ntold; i++)
		for (size_t b = 0; b < chans[i]->nblocks; b++)
			if (chans[i]->blocks[b].rerun.channel != NULL)
				check_rerun(chans[i], &chans[i]->blocks[b],
				    chans, n, e);
	for (size_t i = 0; i < ntold; i++)
		for (size_t j = i + 1; j < n; j++)
			check_pair(chans[i], chans[j], e);
}
