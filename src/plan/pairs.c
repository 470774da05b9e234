#include "plan/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

void
pairs_add(struct pairs *p, const char *key, const char *value)
{
	xgrow(&p->v, &p->cap, p->n + 1, sizeof *p->v);
	p->v[p->n++] = (struct pairs_item){ xstrdup(key), xstrdup(value) };
}

static int
compare(const void *va, const void *vb)
{
	const struct pairs_item *a = va, *b = vb;
	int c = strcmp(a->key, b->key);

	return c != 0 ? c : strcmp(a->value, b->value);
}

void
pairs_sort(struct pairs *p)
{
	if (p->n > 1)
		qsort(p->v, p->n, sizeof *p->v, compare);
}

const char *
pairs_find(const struct pairs *p, const char *key)
{
	size_t lo = 0, hi = p->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(p->v[mid].key, key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < p->n && strcmp(p->v[lo].key, key) == 0 ? p->v[lo].value :
	    NULL;
}

void
pairs_fini(struct pairs *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->v[i].key);
		free(p->v[i].value);
	}
	free(p->v);
	*p = (struct pairs){ 0 };
}
