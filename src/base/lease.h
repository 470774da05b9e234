/* lease.h - who is there because he has asked lately: a key each, and when
 * that runs out.  A zeroed struct leases is empty. */

#ifndef BASE_LEASE_H
#define BASE_LEASE_H

#include <stddef.h>
#include <stdint.h>

struct lease {
	uint64_t key;
	uint64_t until_ms;
};

struct leases {
	struct lease *v;	/* in no order */
	size_t n, cap;
};

void leases_fini(struct leases *l);

/* Let key stay until then, a newcomer only where there are fewer than max. */
void leases_renew(struct leases *l, uint64_t key, uint64_t until_ms,
    size_t max);

/* Let go of those whose time has come. */
void leases_expire(struct leases *l, uint64_t now_ms);

#endif
