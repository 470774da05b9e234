#include "io/routes.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

void
routes_count(struct routes *r, const char *prefix, const char *name,
    int status)
{
	for (size_t i = 0; i < r->n; i++) {
		struct route *at = &r->v[i];

		if (at->status == status && strcmp(at->prefix, prefix) == 0 &&
		    strcmp(at->name, name) == 0) {
			at->n++;
			return;
		}
	}
	xgrow(&r->v, &r->cap, r->n + 1, sizeof *r->v);
	r->v[r->n++] = (struct route){ prefix, name, status, 1 };
}

void
routes_fini(struct routes *r)
{
	free(r->v);
	*r = (struct routes){ 0 };
}
