/* ctl_library.h - retrovuectl's verbs about the library: scan, assets,
 * markers.  Each returns retrovuectl's exit status: 0 done, 1 it could not
 * be done, 2 the command line is wrong. */

#ifndef CTL_LIBRARY_H
#define CTL_LIBRARY_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"
#include "plan/library.h"

struct ctl_library {
	const char *config;	/* the station file */
	const char *socket;	/* where its daemon listens */
	bool json;
	bool bad;		/* assets: only those that cannot air */
	const char *type;	/* assets: only those of that type, or NULL */
	const char *match;	/* assets: only what a pool's match means */
	int nargs;
	char **args;
};

/* Look through the libraries: the daemon does where there is one, else this
 * process.  Prints what could not air, and counts. */
int ctl_scan(const struct ctl_library *o);

/* Print what the last scan has found. */
int ctl_assets(const struct ctl_library *o);

/* Print the markers that one file airs with. */
int ctl_markers(const struct ctl_library *o);

/* Below: what the three share. */

/* All of out to standard output; 0, or 1 with a complaint. */
int ctl_library_print(struct buf *out);

/* The same of an object, which is freed. */
int ctl_library_print_json(json_t *object);

/* Set "path" in object, and "path_uri" where the path is no UTF-8. */
void ctl_library_set_path(json_t *object, const char *path);

/* Set text of any origin in object; null where there is none. */
void ctl_library_set_text(json_t *object, const char *key, const char *text);

/* Where breaks would hurt least: [{at, at_us, black, silent}]. */
json_t *ctl_library_lulls(const struct asset *a);

/* "1:02:03.456". */
void ctl_library_add_time(struct buf *out, int64_t us);

#endif
