/* routes.h - answers by the page they were asked for and by status, counted:
 * there are as many counters as pages times statuses, whatever is asked. */

#ifndef IO_ROUTES_H
#define IO_ROUTES_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed nothing has been asked. */
struct routes {
	struct route {
		const char *prefix, *name;	/* both together name it */
		int status;
		uint64_t n;
	} *v;
	size_t n, cap;
};

/* One more; both texts outlive r. */
void routes_count(struct routes *r, const char *prefix, const char *name,
    int status);
void routes_fini(struct routes *r);

#endif
