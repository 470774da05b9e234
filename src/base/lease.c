#include "base/lease.h"

#include <stdlib.h>

#include "base/xmem.h"

void
leases_fini(struct leases *l)
{
	free(l->v);
	*l = (struct leases){ 0 };
}

/* l->n where it is not there. */
static size_t
lease_find(const struct leases *l, uint64_t key)
{
	size_t i = 0;

	while (i < l->n && l->v[i].key != key)
		i++;
	return i;
}

void
leases_renew(struct leases *l, const struct lease *who, size_t max)
{
	size_t i = lease_find(l, who->key);

	if (i == l->n) {
		if (l->n >= max)
			return;
		xgrow(&l->v, &l->cap, l->n + 1, sizeof l->v[0]);
		l->n++;
	}
	l->v[i] = *who;
}

bool
leases_has(const struct leases *l, uint64_t key)
{
	return lease_find(l, key) < l->n;
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
			l->v[i] = l->v[--l->n];
}
