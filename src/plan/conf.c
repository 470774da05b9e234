#include "plan/conf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/value.h"

#define FAULT_MAX	512	/* bytes of a fault's text */
#define SUGGEST_MAX	100	/* faults that are worth a guess */
#define UNKNOWN_MAX	100	/* keys of a map that are told of */

static bool
is_null(const struct node *n)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };

	if (n->kind != NODE_SCALAR || n->quoted || n->bad)
		return false;
	for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++)
		if (strcmp(n->text, nulls[i]) == 0)
			return true;
	return false;
}

/* Fault v, the value of key: "key must be <what>, not <v>". */
static void
mistaken(struct errs *e, const struct node *v, const char *key,
    const char *what)
{
	if (v->kind == NODE_SCALAR)
		conf_fault(e, v, "%s must be %s, not '%.80s'", key, what,
		    v->text);
	else
		conf_fault(e, v, "%s must be %s, not a %s", key, what,
		    v->kind == NODE_MAP ? "map" : "list");
}

/* The scalar at key, or NULL with a fault where it is something else. */
static const struct node *
get_scalar(struct errs *e, const struct node *m, const char *key,
    const char *what)
{
	const struct node *v = conf_get(m, key);

	if (v == NULL || v->kind == NODE_SCALAR)
		return v;
	mistaken(e, v, key, what);
	return NULL;
}

static const struct node *
get_kind(struct errs *e, const struct node *m, const char *key,
    enum node_kind kind, const char *what)
{
	const struct node *v = conf_get(m, key);

	if (v == NULL || v->kind == kind)
		return v;
	mistaken(e, v, key, what);
	return NULL;
}

void
conf_fault(struct errs *e, const struct node *at, const char *fmt, ...)
{
	char text[FAULT_MAX];
	va_list ap;

	if (at->bad)
		return;
	va_start(ap, fmt);
	if (vsnprintf(text, sizeof text, fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);
	errs_fault(e, at->file, at->line, at->column, "%s", text);
}

void
conf_unknown(struct errs *e, const struct node *at, const char *what,
    const char *name, const char *const *names, size_t n)
{
	const char *meant = NULL;

	if (e->faults < SUGGEST_MAX)
		meant = err_suggest(name, names, n);
	if (meant != NULL)
		conf_fault(e, at, "unknown %s '%.80s'; did you mean '%.80s'?",
		    what, name, meant);
	else
		conf_fault(e, at, "unknown %s '%.80s'", what, name);
}

/* A map of nothing else is no configuration: it is not told of key by key. */
void
conf_keys(struct errs *e, const struct node *m, const char *const *known)
{
	size_t n = 0, unknown = 0;

	if (m == NULL || m->kind != NODE_MAP)
		return;
	while (known[n] != NULL)
		n++;
	for (size_t i = 0; i < m->n; i++) {
		const char *key = m->keys[i]->text;
		size_t k = 0;

		while (k < n && strcmp(key, known[k]) != 0)
			k++;
		if (k < n)
			continue;
		if (++unknown > UNKNOWN_MAX) {
			conf_fault(e, m->keys[i], "and more unknown keys");
			return;
		}
		conf_unknown(e, m->keys[i], "key", key, known, n);
	}
}

const struct node *
conf_get(const struct node *m, const char *key)
{
	const struct node *v = node_get(m, key);

	return v == NULL || v->bad || is_null(v) ? NULL : v;
}

bool
conf_need(struct errs *e, const struct node *m, const char *key)
{
	const struct node *v = node_get(m, key);

	if (v == NULL)
		conf_fault(e, m, "'%s' is missing", key);
	else if (is_null(v))
		conf_fault(e, v, "'%s' has no value", key);
	else
		return !v->bad;
	return false;
}

const struct node *
conf_map(struct errs *e, const struct node *m, const char *key)
{
	return get_kind(e, m, key, NODE_MAP, "a map of keys");
}

const struct node *
conf_list(struct errs *e, const struct node *m, const char *key)
{
	return get_kind(e, m, key, NODE_LIST, "a list");
}

static bool
is_text(const struct node *n)
{
	return n->kind == NODE_SCALAR && n->text[0] != '\0' && !is_null(n);
}

size_t
conf_texts(struct errs *e, const struct node *m, const char *key,
    struct node *const **texts)
{
	const struct node *v = conf_get(m, key);
	bool good = true;

	if (v == NULL)
		return 0;
	if (is_text(v)) {
		/* Where the map holds it: a list of one. */
		for (size_t i = 0; i < m->n; i++)
			if (m->items[i] == v)
				*texts = &m->items[i];
		return 1;
	}
	if (v->kind != NODE_LIST || v->n == 0) {
		if (v->kind == NODE_LIST)
			conf_fault(e, v, "%s is an empty list", key);
		else
			mistaken(e, v, key, "a text or a list of texts");
		return 0;
	}
	for (size_t i = 0; i < v->n; i++) {
		if (v->items[i]->bad || is_text(v->items[i])) {
			good &= !v->items[i]->bad;
			continue;
		}
		mistaken(e, v->items[i], key, "a list of texts");
		good = false;
	}
	*texts = v->items;
	return good ? v->n : 0;
}

bool
conf_str(struct errs *e, const struct node *m, const char *key,
    const char **out)
{
	const struct node *v = get_scalar(e, m, key, "a text");

	if (v == NULL)
		return false;
	if (v->text[0] == '\0') {
		conf_fault(e, v, "%s is empty", key);
		return false;
	}
	*out = v->text;
	return true;
}

bool
conf_dup(struct errs *e, const struct node *m, const char *key, char **out)
{
	const char *s;

	if (!conf_str(e, m, key, &s))
		return false;
	free(*out);
	*out = xstrdup(s);
	return true;
}

bool
conf_int(struct errs *e, const struct node *m, const char *key, int64_t min,
    int64_t max, int64_t *out)
{
	char what[96];
	const struct node *v;

	snprintf(what, sizeof what, "a whole number from %" PRId64 " to %"
	    PRId64, min, max);
	if ((v = get_scalar(e, m, key, what)) == NULL)
		return false;
	if (v->quoted) {
		conf_fault(e, v, "%s must be %s, without quotes", key, what);
		return false;
	}
	if (value_int(v->text, min, max, out))
		return true;
	mistaken(e, v, key, what);
	return false;
}

bool
conf_bool(struct errs *e, const struct node *m, const char *key, bool *out)
{
	const struct node *v = get_scalar(e, m, key, "true or false");

	if (v == NULL)
		return false;
	if (!v->quoted && value_bool(v->text, out))
		return true;
	mistaken(e, v, key, "true or false");
	return false;
}

bool
conf_duration(struct errs *e, const struct node *m, const char *key,
    int64_t min, int64_t max, int64_t *out)
{
	static const char what[] = "a duration like 90m, 1h30m or 20s";
	const struct node *v = get_scalar(e, m, key, what);
	int64_t s;

	if (v == NULL)
		return false;
	if (!value_duration(v->text, &s)) {
		mistaken(e, v, key, what);
	} else if (s < min || s > max) {
		conf_fault(e, v, "%s must be from %" PRId64 " to %" PRId64
		    " seconds, not '%.80s'", key, min, max, v->text);
	} else {
		*out = s;
		return true;
	}
	return false;
}

bool
conf_clock(struct errs *e, const struct node *m, const char *key, int *out)
{
	static const char what[] = "a time of day like 06:00, from 00:00 to "
	    "24:00";
	const struct node *v = get_scalar(e, m, key, what);
	int64_t s;

	if (v == NULL)
		return false;
	if (!value_clock(v->text, &s)) {
		mistaken(e, v, key, what);
		return false;
	}
	*out = (int)s;
	return true;
}

bool
conf_time(struct errs *e, const struct node *m, const char *key,
    int64_t *out)
{
	static const char what[] =
	    "a time like 4.5, 1:30.250 or 1:02:03 from the beginning";
	const struct node *v = get_scalar(e, m, key, what);

	if (v == NULL)
		return false;
	if (value_time(v->text, out))
		return true;
	mistaken(e, v, key, what);
	return false;
}

bool
conf_rate(struct errs *e, const struct node *m, const char *key,
    struct rate *out)
{
	static const char what[] = "a rate like 30000/1001 or 25";
	const struct node *v = get_scalar(e, m, key, what);

	if (v == NULL)
		return false;
	if (value_rate(v->text, out))
		return true;
	mistaken(e, v, key, what);
	return false;
}

bool
conf_bitrate(struct errs *e, const struct node *m, const char *key,
    int64_t min, int64_t max, int64_t *out)
{
	static const char what[] = "a bit rate like 1200k or 3M";
	const struct node *v = get_scalar(e, m, key, what);
	int64_t bps;

	if (v == NULL)
		return false;
	if (!value_bitrate(v->text, &bps)) {
		mistaken(e, v, key, what);
	} else if (bps < min || bps > max) {
		conf_fault(e, v, "%s must be from %" PRId64 "k to %" PRId64
		    "k bit/s, not '%.80s'", key, min / 1000, max / 1000,
		    v->text);
	} else {
		*out = bps;
		return true;
	}
	return false;
}

bool
conf_date(struct errs *e, const struct node *m, const char *key,
    int64_t *out)
{
	static const char what[] = "a date like 2024-01-01";
	const struct node *v = get_scalar(e, m, key, what);

	if (v == NULL)
		return false;
	if (value_date(v->text, out))
		return true;
	mistaken(e, v, key, what);
	return false;
}

bool
conf_zone(struct errs *e, const struct node *m, const char *key, char **out)
{
	static const char what[] = "a time zone like America/New_York or UTC";
	const struct node *v = get_scalar(e, m, key, what);

	if (v == NULL)
		return false;
	if (!value_zone(v->text)) {
		mistaken(e, v, key, what);
		return false;
	}
	return conf_dup(e, m, key, out);
}

bool
conf_choice(struct errs *e, const struct node *m, const char *key,
    const char *const *names, size_t n, int *out)
{
	const struct node *v = get_scalar(e, m, key, "a name");

	if (v == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(v->text, names[i]) == 0) {
			*out = (int)i;
			return true;
		}
	}
	conf_unknown(e, v, key, v->text, names, n);
	return false;
}
