/* bench_yaml.c - how fast YAML becomes a tree that knows where it stood. */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/err.h"
#include "plan/node.h"

#define LINES		50000
#define RUN_S		2.0

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
read_text(void *ctx, const char *path, struct buf *out, const char **why)
{
	const struct buf *text = ctx;

	(void)path;
	(void)why;
	buf_add(out, text->data, text->len);
	return 0;
}

int
main(void)
{
	struct buf text = { 0 };
	double start = now(), t;
	struct errs e = { 0 };
	size_t n;

	buf_adds(&text, "segments:\n");
	for (int i = 0; i < LINES; i++)
		buf_addf(&text, "  - {path: \"Show %d/S01E%02d.mkv\", start: "
		    "%d:30, duration: 22m, tags: [rerun, short]}\n",
		    i / 20, i % 20 + 1, i % 60);
	for (n = 0; (t = now() - start) < RUN_S; n++) {
		struct node_doc *d = node_load("bench.yaml", read_text, &text,
		    &e);

		if (d == NULL || e.faults > 0) {
			fprintf(stderr, "bench_yaml: refused\n");
			return 1;
		}
		node_doc_free(d);
	}
	printf("{\"yaml_mb_per_s\": %.2f, \"lines_per_s\": %.0f}\n",
	    (double)(n * text.len) / t / 1e6, (double)(n * LINES) / t);
	buf_fini(&text);
	errs_fini(&e);
	return 0;
}
