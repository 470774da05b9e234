/* lease.h - who is there because he has asked lately: a key each, of a group,
 * and when that runs out.  A zeroed struct leases is empty. */

#ifndef BASE_LEASE_H
#define BASE_LEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AGENT_MAX	256	/* bytes kept of what a client says it is */

struct lease {
	uint64_t key;
	uint64_t group;
	uint64_t since_ms, until_ms;
	uint64_t id;		/* given to a newcomer, from 1 on */
	uint64_t bytes;		/* that he was sent, for the owner to count */
	bool settled;		/* for the owner to say: he means to stay */
	char *peer, *agent;	/* who that is, in words */
};

struct leases {
	struct lease *v;	/* in no order */
	size_t n, cap;
	uint64_t last_id;
};

void leases_fini(struct leases *l);

/* Let all go; those who come later have other ids. */
void leases_clear(struct leases *l);

/* Let who stay until who->until_ms, a newcomer only where there are fewer than
 * max; peer and agent (NULL: nothing is known) are copied of a newcomer, of
 * agent AGENT_MAX bytes. */
void leases_renew(struct leases *l, const struct lease *who,
    const char *peer, const char *agent, size_t max);

/* NULL: he is not there.  Valid until the next call that changes l. */
struct lease *leases_find(const struct leases *l, uint64_t key);
struct lease *leases_find_id(const struct leases *l, uint64_t id);

/* Let one go that was found. */
void leases_drop(struct leases *l, struct lease *who);

/* Let the one go of those not settled whose time is up first, where there are
 * that many. */
void leases_yield(struct leases *l, size_t max);

/* How many are not settled. */
size_t leases_fleeting(const struct leases *l);

/* How many are of that group. */
size_t leases_count(const struct leases *l, uint64_t group);

/* Let go of those whose time has come. */
void leases_expire(struct leases *l, uint64_t now_ms);

#endif
