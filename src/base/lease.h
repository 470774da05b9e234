/* lease.h - who is there because he has asked lately: a key each, of a group,
 * and when that runs out.  A zeroed struct leases is empty. */

#ifndef BASE_LEASE_H
#define BASE_LEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lease {
	uint64_t key;
	uint64_t group;
	uint64_t until_ms;
};

struct leases {
	struct lease *v;	/* in no order */
	size_t n, cap;
};

void leases_fini(struct leases *l);

/* Let who stay until then, a newcomer only where there are fewer than max. */
void leases_renew(struct leases *l, const struct lease *who, size_t max);

bool leases_has(const struct leases *l, uint64_t key);

/* How many are of that group. */
size_t leases_count(const struct leases *l, uint64_t group);

/* Let go of those whose time has come. */
void leases_expire(struct leases *l, uint64_t now_ms);

#endif
