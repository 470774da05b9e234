/* pages.h - what is answered to which path: streams and JSON documents. */

#ifndef IO_PAGES_H
#define IO_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/feed.h"
#include "io/guides.h"
#include "io/http.h"
#include "io/loader.h"
#include "io/measurer.h"
#include "io/routes.h"
#include "plan/station.h"

struct catchups;
struct takeovers;

struct pages {
	const struct station *station;
	struct feed **feeds;
	size_t nfeeds;
	uint32_t device_id;		/* who we are to HDHomeRun's clients */
	bool ready;			/* there is an edition */
	bool reading;			/* ... but a whole one is to come */
	uv_loop_t *loop;
	int64_t (*now)(void *ctx);	/* the house clock */
	void *ctx;
	int64_t started_ns;		/* monotonic */
	struct measurer *measurer;
	struct loader *loader;
	struct takeovers *takeovers;
	struct catchups *catchups;
	struct guides *guides;
	struct www *www;		/* the page */
	uint64_t clock_steps;		/* of the house clock, ever */
	uint64_t host_told_ms;		/* the loop's, when the log was told
					 * of a strange Host; 0: never */
	struct routes routes;
};

/* The channel named at path, "N/rest" or "N.ts", and the rest; NULL if there
 * is none. */
struct feed *pages_find(const struct pages *g, const char *path,
    const char **rest);

/* The stream of the channel, or why it cannot be seen. */
void pages_answer_stream(const struct pages *g, struct feed *f,
    const struct http_request *q, struct http_answer *a);

/* An http_handler; ctx is a struct pages. */
void pages_answer(void *ctx, const struct http_request *q,
    struct http_answer *a);

/* An http_counter; the same ctx. */
void pages_count(void *ctx, const char *path, int status);

#endif
