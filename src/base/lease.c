#include "base/lease.h"

#include <stdlib.h>

#include "base/xmem.h"

static void
lease_fini(struct lease *who)
{
	free(who->peer);
	free(who->agent);
}

void
leases_clear(struct leases *l)
{
	while (l->n > 0)
		lease_fini(&l->v[--l->n]);
}

void
leases_fini(struct leases *l)
{
	leases_clear(l);
	free(l->v);
	*l = (struct leases){ 0 };
}

struct lease *
leases_find(const struct leases *l, uint64_t key)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].key == key)
			return &l->v[i];
	return NULL;
}

struct lease *
leases_find_id(const struct leases *l, uint64_t id)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].id == id)
			return &l->v[i];
	return NULL;
}

void
leases_renew(struct leases *l, const struct lease *who, const char *peer,
    const char *agent, size_t max)
{
	struct lease *is = leases_find(l, who->key);

	if (is != NULL) {
		is->until_ms = who->until_ms;
		return;
	}
	if (l->n >= max)
		return;
	xgrow(&l->v, &l->cap, l->n + 1, sizeof l->v[0]);
	is = &l->v[l->n++];
	*is = *who;
	is->id = ++l->last_id;
	is->peer = xstrdup(peer != NULL ? peer : "");
	is->agent = xstrndup(agent != NULL ? agent : "", AGENT_MAX);
}

void
leases_drop(struct leases *l, struct lease *who)
{
	lease_fini(who);
	*who = l->v[--l->n];
}

void
leases_yield(struct leases *l, size_t max)
{
	struct lease *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		struct lease *is = &l->v[i];

		if (is->settled)
			continue;
		n++;
		if (first == NULL || is->until_ms < first->until_ms)
			first = is;
	}
	if (first != NULL && n >= max)
		leases_drop(l, first);
}

size_t
leases_fleeting(const struct leases *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += !l->v[i].settled;
	return n;
}

size_t
leases_count(const struct leases *l, uint64_t group)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->v[i].group == group;
	return n;
}

void
leases_expire(struct leases *l, uint64_t now_ms)
{
	for (size_t i = l->n; i-- > 0;)
		if (l->v[i].until_ms <= now_ms)
			leases_drop(l, &l->v[i]);
}
