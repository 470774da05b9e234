#include "base/lease.h"

#include <stdlib.h>

#include "base/xmem.h"

void
leases_fini(struct leases *l)
{
	free(l->v);
	*l = (struct leases){ 0 };
}

void
leases_renew(struct leases *l, uint64_t key, uint64_t until_ms, size_t max)
{
	size_t i = 0;

	while (i < l->n && l->v[i].key != key)
		i++;
	if (i == l->n) {
		if (l->n >= max)
			return;
		xgrow(&l->v, &l->cap, l->n + 1, sizeof l->v[0]);
		l->n++;
	}
	l->v[i] = (struct lease){ key, until_ms };
}

void
leases_expire(struct leases *l, uint64_t now_ms)
{
	for (size_t i = l->n; i-- > 0;)
		if (l->v[i].until_ms <= now_ms)
			l->v[i] = l->v[--l->n];
}
