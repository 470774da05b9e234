/* What others have written about a file: its .nfo, its sidecar, what ffprobe
 * and ffmpeg say of it, what the database has kept.  Any bytes are refused or
 * are facts that are clean, and facts come out of the database as they went
 * in.  The first byte says which it is. */

#include <string.h>

#include "base/utf8.h"
#include "base/xmem.h"
#include "fuzz.h"
#include "media/answer.h"
#include "media/facts_json.h"
#include "media/measure.h"
#include "media/nfo.h"
#include "plan/sidecar.h"

#define LASTS_US	(3600 * INT64_C(1000000))

struct text {
	const uint8_t *data;
	size_t size;
};

static void
check_text(const char *s, size_t max)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t n;

	need(s == NULL || (*s != '\0' && strlen(s) <= max));
	for (; p != NULL && *p != '\0'; p += n)
		if ((n = utf8_len(p)) == 0 ||
		    utf8_is_control(utf8_get(p, n)))
			need(*p == '\n');	/* of a plot */
}

static void
check_texts(const struct texts *t)
{
	need(t->n <= FACTS_LIST_MAX);
	for (size_t i = 0; i < t->n; i++)
		check_text(t->v[i], FACTS_TITLE_MAX);
}

static void
check_facts(const struct facts *f)
{
	const struct asset_about *a = &f->about;

	need(f->type >= -1 && f->type < ASSET_NTYPES);
	check_text(f->title, FACTS_TITLE_MAX);
	check_text(a->series, FACTS_TITLE_MAX);
	check_text(a->plot, FACTS_PLOT_MAX);
	check_text(a->rating, FACTS_WORD_MAX);
	check_text(a->icon, FACTS_ICON_MAX);
	need(a->season >= -1 && a->season <= FACTS_NUMBER_MAX);
	need(a->episode >= -1 && a->episode <= FACTS_NUMBER_MAX);
	check_texts(&a->genres);
	check_texts(&a->tags);
	check_texts(&a->actors);
	for (size_t i = 0; i < f->nmarkers; i++)
		need(f->markers[i].start_us >= 0 &&
		    f->markers[i].start_us <= f->markers[i].end_us);
}

/* Through the database and out of it. */
static void
there_and_back(const struct facts *f)
{
	char *json = facts_to_json(f), *again;
	struct facts back;

	facts_of_json(&back, json);
	check_facts(&back);
	again = facts_to_json(&back);
	need((json == NULL) == (again == NULL));
	need(json == NULL || strcmp(json, again) == 0);
	facts_fini(&back);
	free(json);
	free(again);
}

static void
take_facts(struct facts *f)
{
	check_facts(f);
	there_and_back(f);
	facts_fini(f);
}

static int
read_text(void *ctx, const char *path, struct buf *out, const char **why)
{
	const struct text *t = ctx;

	(void)path;
	(void)why;
	buf_add(out, t->data, t->size);
	return 0;
}

static void
take_sidecar(struct text t)
{
	struct errs e = { 0 };
	struct facts f = FACTS_NONE;

	if (sidecar_load("/tv/a.mkv.yaml", read_text, &t, LASTS_US, &f,
	    &e) == 0) {
		for (size_t i = 0; i < f.nmarkers; i++)
			need(f.markers[i].end_us <= LASTS_US);
		take_facts(&f);
	} else {
		need(e.faults > 0);
	}
	errs_fini(&e);
}

static void
take_nfo(struct text t)
{
	struct facts f;

	(void)nfo_parse((const char *)t.data, t.size, &f);
	take_facts(&f);
}

static void
take_kept(struct text t)
{
	char *text = xstrndup((const char *)t.data, t.size);
	struct facts f;

	facts_of_json(&f, text);
	take_facts(&f);
	free(text);
}

static void
take_answer(struct text t)
{
	struct asset a = { .about = ASSET_ABOUT_NONE };
	struct chapters c = { 0 };
	struct facts tags = FACTS_NONE;
	int rc = answer_parse((const char *)t.data, t.size, &a, &c, &tags);

	need((rc == 0) == (a.bad == NULL));
	need(a.duration_us >= 0 && a.duration_us <= PROBE_MAX_US);
	need(a.naudio <= PROBE_MAX_AUDIO);
	take_facts(&tags);
	chapters_fini(&c);
	asset_fini(&a);
}

static void
take_measured(struct text t)
{
	struct asset a = { .about = ASSET_ABOUT_NONE,
	    .duration_us = LASTS_US };
	char *text = xstrndup((const char *)t.data, t.size);

	measure_parse(text, &a);
	need(a.nlulls <= ASSET_LULLS_MAX);
	for (size_t i = 0; i < a.nlulls; i++)
		need(a.lulls[i].at_us >= 0 && a.lulls[i].at_us <= LASTS_US);
	asset_fini(&a);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const takes[])(struct text) = {
		take_nfo, take_sidecar, take_answer, take_kept, take_measured,
	};

	if (size > 1)
		takes[data[0] % (sizeof takes / sizeof takes[0])](
		    (struct text){ data + 1, size - 1 });
	return 0;
}
