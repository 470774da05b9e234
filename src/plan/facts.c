#include "plan/facts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xmem.h"
#include "plan/naming.h"

void
facts_fini(struct facts *f)
{
	free(f->title);
	asset_about_fini(&f->about);
	free(f->markers);
	*f = (struct facts)FACTS_NONE;
}

static void
replace(char **to, const char *with)
{
	if (with == NULL)
		return;
	free(*to);
	*to = xstrdup(with);
}

static void
replace_list(struct texts *to, const struct texts *with)
{
	if (with->n == 0)
		return;
	texts_fini(to);
	for (size_t i = 0; i < with->n; i++)
		texts_add(to, with->v[i]);
}

static void
apply_numbers(const struct asset_about *f, struct asset_about *a)
{
	if (f->season >= 0)
		a->season = f->season;
	if (f->episode >= 0)
		a->episode = f->episode;
	if (f->year != 0)
		a->year = f->year;
}

static void
apply_about(const struct asset_about *f, struct asset_about *a)
{
	if (f->series != NULL)
		naming_set_series(a, f->series);
	if (f->series_year != 0)
		a->series_year = f->series_year;
	apply_numbers(f, a);
	replace(&a->plot, f->plot);
	replace(&a->rating, f->rating);
	replace(&a->icon, f->icon);
	replace(&a->advertiser, f->advertiser);
	replace(&a->category, f->category);
	replace_list(&a->genres, &f->genres);
	replace_list(&a->tags, &f->tags);
	replace_list(&a->directors, &f->directors);
	replace_list(&a->writers, &f->writers);
	replace_list(&a->actors, &f->actors);
}

void
facts_apply(const struct facts *f, struct asset *a)
{
	replace(&a->title, f->title);
	if (f->type >= 0)
		a->type = (enum asset_type)f->type;
	apply_about(&f->about, &a->about);
	if (!f->has_markers)
		return;
	free(a->markers);
	a->markers = NULL;
	a->nmarkers = f->nmarkers;
	if (f->nmarkers == 0)
		return;
	a->markers = xcalloc(f->nmarkers, sizeof *a->markers);
	memcpy(a->markers, f->markers, f->nmarkers * sizeof *a->markers);
}

char *
facts_text(const char *s, size_t max)
{
	const uint8_t *p = (const uint8_t *)s;
	char *out = xmalloc(strlen(s) + 1);
	size_t n = 0, len;

	for (; *p != '\0'; p += len) {
		if ((len = utf8_len(p)) == 0 || *p == ' ' ||
		    utf8_is_control(utf8_get(p, len))) {
			len += len == 0;
			if (n > 0 && out[n - 1] != ' ')
				out[n++] = ' ';
			continue;
		}
		if (n + len > max)
			break;
		memcpy(out + n, p, len);
		n += len;
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	if (n > 0)
		return out;
	free(out);
	return NULL;
}

void
facts_set(char **to, const char *s, size_t max)
{
	char *text = facts_text(s, max);

	if (text == NULL)
		return;
	free(*to);
	*to = text;
}

void
facts_set_series(struct asset_about *a, const char *s)
{
	char *text = facts_text(s, FACTS_TITLE_MAX);

	if (text != NULL)
		naming_set_series(a, text);
	free(text);
}

void
facts_set_icon(char **to, const char *s)
{
	if (strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0)
		facts_set(to, s, FACTS_ICON_MAX);
}

void
facts_add_name(struct texts *t, const char *s)
{
	char *text = facts_text(s, FACTS_WORD_MAX);

	if (text != NULL && t->n < FACTS_LIST_MAX)
		texts_add(t, text);
	free(text);
}

void
facts_add_list(struct texts *t, const char *s)
{
	size_t n;

	for (; *s != '\0'; s += n + (s[n] != '\0')) {
		char *part;

		n = strcspn(s, ",;|");
		part = xstrndup(s, n);
		facts_add_name(t, part);
		free(part);
	}
}

int
facts_year(const char *date)
{
	int year = 0, i;

	for (i = 0; i < 4 && date[i] >= '0' && date[i] <= '9'; i++)
		year = year * 10 + (date[i] - '0');
	if (i < 4 || (date[4] >= '0' && date[4] <= '9') || year < 1850)
		return 0;
	return year;
}
