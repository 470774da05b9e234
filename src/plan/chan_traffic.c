#include "plan/chan_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/conf.h"

#define PLAYS_MAX	100000
#define PIECE_MAX_MS	600000		/* ten minutes of bumper */
#define INVENTORIES_MAX	1000

#define RULE_KEYS							\
	"allowed_types", "default_cooldown_seconds", "type_cooldowns",	\
	"type_cooldowns_seconds", "max_plays_per_day", "break_config"

/* What may stand in a break at all. */
static const char *const type_names[] = {
	"commercial", "promo", "trailer", "teaser", "psa", "station_id",
	"bumper", "stinger", "filler",
};
#define NTYPES	(sizeof type_names / sizeof type_names[0])

/* What is being read, and of which file. */
struct reader {
	struct errs *e;
	const char *file;
	struct traffic_at key;		/* `traffic` in it */
};

static struct traffic_at
place_of(const struct reader *r, const struct node *n)
{
	if (strcmp(n->file, r->file) != 0)
		return r->key;
	return (struct traffic_at){ n->line, n->column };
}

/* A type by its name, or -1 with a fault. */
static int
find_type(const struct node *at, struct errs *e)
{
	for (size_t i = 0; i < NTYPES; i++)
		if (strcmp(at->text, type_names[i]) == 0)
			return asset_type_find(at->text);
	conf_unknown(e, at, "type of spot", at->text, type_names, NTYPES);
	return -1;
}

static void
read_allowed(const struct reader *rd, struct traffic_rules *r,
    const struct node *m)
{
	struct node *const *texts;
	struct errs *e = rd->e;
	unsigned allowed = 0;
	size_t n;
	int type;

	if (node_get(m, "allowed_types") == NULL ||
	    !conf_need(e, m, "allowed_types"))
		return;
	n = conf_texts(e, m, "allowed_types", &texts);
	for (size_t i = 0; i < n; i++) {
		if ((type = find_type(texts[i], e)) < 0)
			continue;
		allowed |= 1u << type;
		r->allowed_at[type] = place_of(rd, texts[i]);
	}
	if (n > 0)
		r->allowed = allowed;
}

/* Both generations have them, under a name each. */
static void
read_type_cooldowns(struct traffic_rules *r, const struct node *m,
    struct errs *e)
{
	bool newer = node_get(m, "type_cooldowns_seconds") != NULL;
	const char *key = newer ? "type_cooldowns_seconds" :
	    "type_cooldowns";
	const struct node *map;
	int type;

	if (newer && node_get(m, "type_cooldowns") != NULL) {
		conf_fault(e, node_get(m, "type_cooldowns"),
		    "'type_cooldowns' and 'type_cooldowns_seconds' are the "
		    "same: use one");
		return;
	}
	if ((map = conf_map(e, m, key)) == NULL)
		return;
	for (size_t i = 0; i < map->n; i++) {
		const struct node *k = map->keys[i];

		if ((type = find_type(k, e)) >= 0 &&
		    conf_need(e, map, k->text) &&
		    conf_duration(e, map, k->text, 0, TRAFFIC_COOLDOWN_MAX_S,
		    &r->type_cooldown_s[type]))
			r->typed |= 1u << type;
	}
}

static void
read_break(const struct reader *rd, struct traffic_rules *r,
    const struct node *m)
{
	static const char *const keys[TRAFFIC_NPLACES] = {
#define X(name) [TRAFFIC_##name] = #name "_ms",
		TRAFFIC_PLACES(X)
#undef X
	};
	const struct node *map = conf_map(rd->e, m, "break_config");

	if (map == NULL)
		return;
	CONF_KEYS(rd->e, map, "to_break_bumper_ms", "from_break_bumper_ms",
	    "station_id_ms");
	for (int i = 0; i < TRAFFIC_NPLACES; i++) {
		if (!conf_int(rd->e, map, keys[i], 0, PIECE_MAX_MS,
		    &r->wanted[i].ms))
			continue;
		r->wanted[i].given = true;
		r->wanted[i].at = place_of(rd, conf_get(map, keys[i]));
	}
}

/* What is not given stays as it was. */
static void
read_rules(const struct reader *rd, struct traffic_rules *r,
    const struct node *m)
{
	read_allowed(rd, r, m);
	conf_duration(rd->e, m, "default_cooldown_seconds", 0,
	    TRAFFIC_COOLDOWN_MAX_S, &r->cooldown_s);
	read_type_cooldowns(r, m, rd->e);
	conf_int(rd->e, m, "max_plays_per_day", 0, PLAYS_MAX, &r->plays_max);
	read_break(rd, r, m);
}

static void
read_inventory(const struct reader *rd, struct inventory *v,
    const struct node *key, const struct node *m)
{
	struct errs *e = rd->e;
	const struct node *match, *type;
	const char *text;
	int i;

	v->name = xstrdup(key->text);
	v->at = place_of(rd, key);
	if (m->kind != NODE_MAP) {
		conf_fault(e, m, "inventory '%.80s' must be a map with "
		    "'match' and 'asset_type'", v->name);
		return;
	}
	CONF_KEYS(e, m, "match", "asset_type");
	if (conf_need(e, m, "match") &&
	    (match = conf_map(e, m, "match")) != NULL)
		match_read(&v->match, match, e);
	type = conf_get(m, "asset_type");
	if (conf_need(e, m, "asset_type") &&
	    conf_str(e, m, "asset_type", &text) &&
	    (i = find_type(type, e)) >= 0)
		v->type = (enum asset_type)i;
}

static void
read_inventories(const struct reader *rd, struct traffic *t,
    const struct node *root)
{
	const struct node *m = conf_map(rd->e, root, "inventories");

	if (m == NULL)
		return;
	if (m->n > INVENTORIES_MAX) {
		conf_fault(rd->e, m, "more than %d inventories",
		    INVENTORIES_MAX);
		return;
	}
	t->inventories = xcalloc(m->n, sizeof *t->inventories);
	for (; t->ninventories < m->n; t->ninventories++)
		read_inventory(rd, &t->inventories[t->ninventories],
		    m->keys[t->ninventories], m->items[t->ninventories]);
}

/* The rules of one profile on top of the others, into *r. */
static void
read_profile(const struct reader *rd, struct traffic_rules *r,
    const struct node *key, const struct node *m)
{
	if (m->kind != NODE_MAP) {
		conf_fault(rd->e, m, "profile '%.80s' must be a map",
		    key->text);
		return;
	}
	CONF_KEYS(rd->e, m, RULE_KEYS);
	read_rules(rd, r, m);
}

static void
unknown_profile(const struct node *at, const struct node *profiles,
    struct errs *e)
{
	size_t n = profiles != NULL ? profiles->n : 0;
	const char **names = xcalloc(n, sizeof *names);

	for (size_t i = 0; i < n; i++)
		names[i] = profiles->keys[i]->text;
	conf_unknown(e, at, "profile", at->text, names, n);
	free(names);
}

/* All are read, for their faults; the default one counts. */
static void
read_profiles(const struct reader *rd, struct traffic *t,
    const struct node *root)
{
	const struct node *m = conf_map(rd->e, root, "profiles");
	struct traffic_rules chosen = t->rules;
	const char *name = NULL;
	bool found = false;

	conf_str(rd->e, root, "default_profile", &name);
	for (size_t i = 0; m != NULL && i < m->n; i++) {
		struct traffic_rules r = t->rules;

		read_profile(rd, &r, m->keys[i], m->items[i]);
		if (name == NULL || strcmp(m->keys[i]->text, name) != 0)
			continue;
		chosen = r;
		found = true;
	}
	t->rules = chosen;
	if (name != NULL && !found)
		unknown_profile(conf_get(root, "default_profile"), m,
		    rd->e);
}

void
chan_read_traffic(struct chan *c, const struct node *root, struct errs *e)
{
	const struct node *m = conf_map(e, root, "traffic");
	struct reader rd = { .e = e, .file = root->file };

	if (m == NULL)
		return;
	for (size_t i = 0; i < root->n; i++)
		if (strcmp(root->keys[i]->text, "traffic") == 0)
			rd.key = place_of(&rd, root->keys[i]);
	CONF_KEYS(e, m, RULE_KEYS, "inventories", "profiles",
	    "default_profile");
	read_rules(&rd, &c->traffic.rules, m);
	read_inventories(&rd, &c->traffic, m);
	read_profiles(&rd, &c->traffic, m);
}

void
chan_free_traffic(struct chan *c)
{
	for (size_t i = 0; i < c->traffic.ninventories; i++) {
		free(c->traffic.inventories[i].name);
		match_fini(&c->traffic.inventories[i].match);
	}
	free(c->traffic.inventories);
}
