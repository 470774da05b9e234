/* chanfile.h - a channel file, loaded from memory for a station with two
 * libraries. */

#ifndef CHANFILE_H
#define CHANFILE_H

#include "memfile.h"

#include "plan/chan.h"

static struct station_library libraries[] = {
	{ .path = (char[]){ "/lib/shows" } },
	{ .path = (char[]){ "/lib/[old] spots" } },
};
static const struct station st = {
	.dir = (char[]){ "/srv/tv" }, .libraries = libraries, .nlibraries = 2,
};
static struct chan *ch;

static inline void
load(const char *text)
{
	memfile_add("channels/c.yaml", text);
	ch = chan_load("channels/c.yaml", &st, memfile_read, NULL, &errs);
}

/* Another may be loaded. */
static inline void
unload(void)
{
	chan_free(ch);
	ch = NULL;
	errs_fini(&errs);
	nmemfiles = 0;
}

static inline int
teardown(void **state)
{
	unload();
	return memfile_teardown(state);
}

/* It is read without a word. */
static inline void
check_loads(const char *text)
{
	load(text);
	assert_faults("");
	assert_non_null(ch);
}

/* The channel is refused, with this and nothing else. */
static inline void
check_refused(const char *text, const char *faults)
{
	load(text);
	assert_null(ch);
	assert_faults(faults);
	unload();
}

#endif
