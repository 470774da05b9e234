#include "media/chapters.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arith.h"
#include "base/xmem.h"

#define SLACK_US	US_PER_S	/* by which an end may miss the end */

/* Words that say what a chapter is, and words that may stand with them. */
static const struct {
	const char *word;
	enum marker_kind kind;		/* MARKER_chapter: only goes with */
} words[] = {
	{ "intro", MARKER_intro },
	{ "opening", MARKER_intro },
	{ "credits", MARKER_outro },
	{ "outro", MARKER_outro },
	{ "ending", MARKER_outro },
	{ "ad", MARKER_avail },
	{ "ads", MARKER_avail },
	{ "advert", MARKER_avail },
	{ "adverts", MARKER_avail },
	{ "advertisement", MARKER_avail },
	{ "advertisements", MARKER_avail },
	{ "break", MARKER_avail },
	{ "commercial", MARKER_avail },
	{ "commercials", MARKER_avail },
	{ "closing", MARKER_chapter },
	{ "end", MARKER_chapter },
	{ "main", MARKER_chapter },
	{ "sequence", MARKER_chapter },
	{ "song", MARKER_chapter },
	{ "theme", MARKER_chapter },
	{ "title", MARKER_chapter },
	{ "titles", MARKER_chapter },
};

#define NWORDS (sizeof words / sizeof words[0])

/* What has gone wrong so far. */
struct trouble {
	size_t outside, cut;
	bool too_many_ads;
};

void
chapters_fini(struct chapters *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->v[i].title);
	free(c->v);
	*c = (struct chapters){ 0 };
}

/* A byte of a word: a letter, or one of a character beyond ASCII. */
static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (unsigned char)c >= 0x80;
}

/* The index of the word s[n] in words[], or NWORDS. */
static size_t
find_word(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < NWORDS; i++)
		if (strlen(words[i].word) == n &&
		    strncasecmp(s, words[i].word, n) == 0)
			break;
	return i;
}

enum marker_kind
chapter_kind(const char *title)
{
	enum marker_kind kind = MARKER_chapter;
	size_t n, i;

	for (; *title != '\0'; title += n) {
		n = 0;
		while (is_letter(title[n]))
			n++;
		if (n == 0) {
			n = 1;		/* digits, spaces, brackets */
			continue;
		}
		if ((i = find_word(title, n)) == NWORDS)
			return MARKER_chapter;
		if (kind == MARKER_chapter)
			kind = words[i].kind;
	}
	return kind;
}

static int64_t
clip(int64_t us, int64_t max)
{
	return us < 0 ? 0 : us > max ? max : us;
}

/* The marker of a chapter; false if it lies outside the file. */
static bool
make_marker(const struct chapter *c, int64_t duration_us, struct marker *m,
    struct trouble *t)
{
	if (c->end_us < c->start_us || c->end_us < 0 ||
	    c->start_us > duration_us) {
		t->outside++;
		return false;
	}
	if (c->start_us < -SLACK_US || c->end_us - SLACK_US > duration_us)
		t->cut++;
	*m = (struct marker){
		.kind = chapter_kind(c->title),
		.start_us = clip(c->start_us, duration_us),
		.end_us = clip(c->end_us, duration_us),
		.imported = true,
	};
	m->range = m->kind != MARKER_chapter && m->start_us < m->end_us;
	if (!m->range)
		m->end_us = m->start_us;
	return true;
}

/* A commercial whose one chapter is called "Commercial" would be cut out of
 * itself. */
static void
keep_half(struct asset *a, struct trouble *t)
{
	int64_t cut = 0;
	size_t i;

	for (i = 0; i < a->nmarkers; i++)
		if (a->markers[i].kind == MARKER_avail)
			cut += a->markers[i].end_us - a->markers[i].start_us;
	if (cut <= a->duration_us / 2)
		return;
	t->too_many_ads = true;
	for (i = 0; i < a->nmarkers; i++) {
		struct marker *m = &a->markers[i];

		if (m->kind != MARKER_avail)
			continue;
		m->kind = MARKER_chapter;
		m->end_us = m->start_us;
		m->range = false;
	}
}

static char *
complain(const struct trouble *t)
{
	if (t->outside > 0)
		return xasprintf("%zu of its chapters lie%s outside the file:"
		    " left out", t->outside, t->outside == 1 ? "s" : "");
	if (t->cut > 0)
		return xasprintf("%zu of its chapters reach%s beyond the "
		    "file: cut", t->cut, t->cut == 1 ? "es" : "");
	if (t->too_many_ads)
		return xstrdup("its chapters call more than half of it "
		    "commercials: not cut out");
	return NULL;
}

char *
chapters_import(const struct chapters *c, struct asset *a)
{
	struct trouble t = { 0 };

	free(a->markers);
	a->markers = NULL;
	a->nmarkers = 0;
	if (c->n == 0)
		return NULL;
	a->markers = xcalloc(c->n, sizeof *a->markers);
	for (size_t i = 0; i < c->n; i++)
		if (make_marker(&c->v[i], a->duration_us,
		    &a->markers[a->nmarkers], &t))
			a->nmarkers++;
	keep_half(a, &t);
	qsort(a->markers, a->nmarkers, sizeof *a->markers, marker_compare);
	return complain(&t);
}
