/* ctl_options.h - what retrovuectl's verbs are told by the command line, and
 * what they have in common. */

#ifndef CTL_OPTIONS_H
#define CTL_OPTIONS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "paths.h"

#define CONFIG_PATH	SYSCONFDIR "/retrovue/retrovued.yaml"
#define SOCKET_PATH	RUNDIR "/retrovue/control.sock"

enum exit_code {
	EXIT_DONE,
	EXIT_FAULTS,
	EXIT_USAGE,
	EXIT_NO_DAEMON,
};

struct options {
	const char *socket;	/* NULL: as the station file says */
	const char *config;	/* NULL: CONFIG_PATH, if it is there */
	bool json;
	bool bad;		/* of assets */
	const char *type;	/* of assets; NULL: all */
	const char *match;	/* the same */
	const char *date;	/* of asrun (NULL: the last) and the plan */
	const char *days;	/* of guide; NULL: one */
	const char *at;		/* of the plan; NULL: not given */
	bool follow;		/* of asrun */
	bool all, slate;	/* of takeover and release */
	const char *span;	/* of takeover; NULL: until it is released */
	int nargs;		/* behind the verb */
	char **args;
};

/* Print it all, or fail: a full disk must not look like success. */
enum exit_code options_print(struct buf *text);

/* The station file. */
const char *options_config(const struct options *o);

/* Where the daemon listens, malloc'd, as the command line says or the station
 * file; without any file that may be read, the usual place.  NULL with what
 * is wrong in e if the file does not tell. */
char *options_socket(const struct options *o, struct errs *e);

/* The same, or NULL with a complaint. */
char *options_find_socket(const struct options *o);

#endif
