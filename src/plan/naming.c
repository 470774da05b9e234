/* An episode's name is text, mark, text: series, number, title.  What the
 * file does not say its directories do; where both name the series the
 * directory's word counts, for it is the same for all that is in it. */

#include "plan/naming.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/xmem.h"
#include "plan/naming_parts.h"

/* What the directories say. */
struct where {
	char *series;		/* the one that may be named after it, clean;
				 * "" where there is none */
	int season;		/* -1: none is a season's */
	bool outside;		/* it is the library itself */
};

static char *
clean_name(const char *s, size_t n)
{
	char *name = naming_clean(s, n);

	naming_drop_brackets(name, false);
	naming_drop_release(name, false);
	return name;
}

/* A file's name without its extension. */
struct stem {
	char *text;
	bool dotted;		/* dots stood for its spaces */
};

static struct stem
stem_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	const char *dot = strrchr(name, '.');
	size_t n = dot != NULL && dot != name ? (size_t)(dot - name) :
	    strlen(name);

	return (struct stem){
		.text = naming_clean(name, n),
		.dotted = memchr(name, ' ', n) == NULL,
	};
}

/* "Disc 1", "CD2": says nothing. */
static bool
is_disc(const char *name)
{
	static const char *const words[] = { "disc", "disk", "cd", "dvd" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t n = strlen(words[i]);

		if (strncasecmp(name, words[i], n) == 0) {
			n += strspn(name + n, " -");
			return naming_is_digit(name[n]) &&
			    strspn(name + n, "0123456789") ==
			    strlen(name + n);
		}
	}
	return false;
}

/* Take what one directory says; true once nothing above it matters. */
static bool
take_dir(struct where *w, char *name)
{
	size_t at, end;
	int season = w->season < 0 ? naming_find_season(name, &at, &end) : -1;

	if (is_disc(name)) {
		free(name);
		return false;
	}
	if (season < 0) {
		/* "Cheers S01" below "Sitcoms" is Cheers's. */
		if (*w->series != '\0' && !naming_agree(w->series, name)) {
			free(name);
			return true;
		}
		free(w->series);
		w->series = name;
		return true;
	}
	w->season = season;
	name[at] = '\0';
	naming_trim(name);
	free(w->series);
	w->series = name;
	return false;
}

/* From the file's directory upward, as far as the library goes, whose own
 * name is the last resort. */
static void
look_around(struct where *w, const char *path, size_t root)
{
	const char *slash = strrchr(path, '/');
	size_t end = slash != NULL ? (size_t)(slash - path) : 0, from;
	bool known = false;

	*w = (struct where){ .series = xstrdup(""), .season = -1 };
	while (end > root && !known) {
		for (from = end; from > 0 && path[from - 1] != '/'; from--)
			;
		if (end > from)
			known = take_dir(w, clean_name(path + from,
			    end - from));
		end = from > 0 ? from - 1 : 0;
	}
	if (*w->series != '\0' || root == 0)
		return;
	for (end = root; end > 1 && path[end - 1] == '/'; end--)
		;
	for (from = end; from > 0 && path[from - 1] != '/'; from--)
		;
	free(w->series);
	w->series = clean_name(path + from, end - from);
	w->outside = true;
}

static void
set_text(char **to, const char *text)
{
	char *copy = *text != '\0' ? xstrdup(text) : NULL;

	free(*to);
	*to = copy;
}

void
naming_set_series(struct asset_about *a, const char *name)
{
	char *text = xstrdup(name);
	int year = naming_take_year(text);

	if (year != 0)
		a->series_year = year;
	else if (a->series != NULL && !naming_equal(a->series, text))
		a->series_year = 0;
	set_text(&a->series, text);
	free(text);
}

bool
naming_is_release(const char *title)
{
	char *s = naming_clean(title, strlen(title));
	bool is = naming_drop_release(s, true);

	free(s);
	return is;
}

/* own is what the file calls it. */
static void
choose_series(struct asset_about *a, const struct where *w, const char *own)
{
	char *bare = xstrdup(w->series);
	bool agree;

	naming_take_year(bare);
	agree = naming_agree(bare, own);
	if (agree)
		naming_set_series(a, own);	/* for its year */
	if (*own == '\0' || (!w->outside && (agree || w->season >= 0)))
		naming_set_series(a, w->series);
	else
		naming_set_series(a, own);
	free(bare);
}

/* The year that stands bare in the name, where it is sure to be one: before
 * what a release is called, or last in a dotted name or behind a dash.  It
 * is cut off.  "Cola 1985" keeps it, for that is what the spot is called. */
static int
take_bare_year(char *s, const struct asset *a, bool dotted, bool release)
{
	size_t at;
	int year = naming_find_year(s, &at);
	bool last, dashed;

	if (year == 0)
		return 0;
	last = s[at + 4] == '\0';
	dashed = at >= 3 && s[at - 2] == '-';
	if (release || (last && (dotted || dashed))) {
		s[at] = '\0';
		naming_trim(s);
		return year;
	}
	return last && a->type != ASSET_movie && a->type != ASSET_episode ?
	    year : 0;
}

/* A film or a spot is called by its name, less its year and what its
 * release is called. */
static void
read_plain(struct asset *a, const struct stem *stem)
{
	char *s = xstrdup(stem->text);
	bool release;

	naming_drop_brackets(s, false);
	release = naming_drop_release(s, false);
	a->about.year = naming_take_year(s);
	if (a->about.year == 0)
		a->about.year = take_bare_year(s, a, stem->dotted, release);
	set_text(&a->title, s);
	free(s);
}

/* "Film (1979)/film.mkv" is that film. */
static void
ask_dir(struct asset *a, const struct where *w)
{
	char *name = xstrdup(w->series);
	int year = naming_take_year(name);

	if (year != 0 && !w->outside && a->title != NULL &&
	    naming_agree(name, a->title)) {
		if (a->about.year == 0)
			a->about.year = year;
		if (naming_equal(name, a->title))
			set_text(&a->title, name);
	}
	free(name);
}

/* "01 - Title" below a series; below a season "1" and "01 Title", too. */
static bool
find_leading(const char *s, const struct where *w, struct naming_mark *m)
{
	size_t n = naming_number(s, &m->episode);
	bool ends = strncmp(s + n, " - ", 3) == 0 ||
	    strncmp(s + n, ". ", 2) == 0;

	*m = (struct naming_mark){
		.end = n, .season = -1, .episode = m->episode,
	};
	if (n == 0 || n > 3 || w->outside)
		return false;
	return w->season >= 0 ? !naming_is_alnum(s[n]) :
	    ends && *w->series != '\0';
}

/* A number at s + i that ends the name or stands before " - Title". */
static bool
is_last_number(const char *s, size_t i, struct naming_mark *m)
{
	size_t n = naming_number(s + i, &m->episode);

	m->end = i + n;
	if ((s[m->end] == 'v' || s[m->end] == 'V') &&
	    naming_is_digit(s[m->end + 1]))
		m->end += 2;		/* "12v2": the release's version */
	return n > 0 && n <= 4 &&
	    !(n == 4 && m->episode >= 1900 && m->episode < 2040) &&
	    (s[m->end] == '\0' || strncmp(s + m->end, " - ", 3) == 0);
}

/* "Show - 12", "Show 012": numbered without seasons.  Only where a group's
 * name in brackets or a directory called like the show says that it is one:
 * "Apollo 13" is none. */
static bool
find_absolute(const char *s, const struct where *w, bool grouped,
    struct naming_mark *m)
{
	char *bare = xstrdup(w->series), *own;
	size_t len = strlen(s);
	bool found = false;

	naming_take_year(bare);
	for (size_t i = 1; i < len && !found; i++) {
		*m = (struct naming_mark){ .at = i, .season = -1 };
		if (s[i - 1] != ' ' || !is_last_number(s, i, m))
			continue;
		own = xstrndup(s, i);
		naming_take_year(own);
		found = (i > 3 && grouped && s[i - 2] == '-') ||
		    (!w->outside && naming_equal(own, bare));
		free(own);
	}
	free(bare);
	return found;
}

/* Which episode it is; s may lose what its release is called. */
static bool
find_episode(char *s, const struct where *w, struct naming_mark *m)
{
	bool grouped = *s == '[';

	if (naming_find_mark(s, m))
		return true;
	naming_drop_brackets(s, false);
	naming_drop_release(s, false);
	return naming_find_word(s, m) || find_leading(s, w, m) ||
	    find_absolute(s, w, grouped, m);
}

static void
set_title(struct asset *a, const char *text, const struct naming_mark *m)
{
	/* "01. Title" */
	char *title = xstrdup(text + (strncmp(text, ". ", 2) == 0));

	naming_drop_brackets(title, true);
	naming_drop_release(title, true);
	a->about.year = naming_take_year(title);
	naming_trim(title);
	if (*title == '\0' && m->year != 0) {
		free(title);
		title = xasprintf("%d-%02d-%02d", m->year, m->episode / 100,
		    m->episode % 100);
	}
	if (m->year != 0)
		a->about.year = m->year;
	set_text(&a->title, title);
	free(title);
}

static void
read_mark(struct asset *a, const struct where *w, const char *s,
    const struct naming_mark *m)
{
	char *own = xstrndup(s, m->at);

	naming_drop_brackets(own, true);
	naming_trim(own);
	choose_series(&a->about, w, own);
	a->about.season = m->season >= 0 ? m->season : w->season;
	a->about.episode = m->episode;
	set_title(a, s + m->end, m);
	free(own);
}

static void
read_episode(struct asset *a, const struct where *w, const struct stem *stem)
{
	char *s = xstrdup(stem->text);
	struct naming_mark m;

	if (find_episode(s, w, &m)) {
		read_mark(a, w, s, &m);
	} else {
		read_plain(a, stem);
		a->about.season = w->season;
		if (w->season >= 0)
			choose_series(&a->about, w, "");
		else
			ask_dir(a, w);
	}
	free(s);
}

static char *
number_title(const struct asset_about *a)
{
	const char *series = a->series != NULL ? a->series : "";
	const char *space = *series != '\0' ? " " : "";

	if (a->season >= 0)
		return xasprintf("%s%sS%02dE%02d", series, space, a->season,
		    a->episode);
	return xasprintf("%s %d", *series != '\0' ? series : "Episode",
	    a->episode);
}

void
naming_set_title(struct asset *a)
{
	if (a->title == NULL)
		a->title = number_title(&a->about);
}

bool
naming_is_number(const struct asset *a)
{
	const char *series = a->about.series;
	char *number;
	bool is;

	if (a->about.episode < 0 || (series != NULL &&
	    strncmp(a->title, series, strlen(series)) != 0))
		return false;
	number = number_title(&a->about);
	is = strcmp(a->title, number) == 0;
	free(number);
	return is;
}

void
naming_read(struct asset *a, size_t root)
{
	struct stem stem = stem_of(a->path);
	struct where w;

	look_around(&w, a->path, root);
	if (a->type == ASSET_episode) {
		read_episode(a, &w, &stem);
	} else {
		read_plain(a, &stem);
		if (a->type == ASSET_movie)
			ask_dir(a, &w);
	}
	if (a->title == NULL && a->about.episode < 0)
		a->title = xstrdup(*stem.text != '\0' ? stem.text : "?");
	free(w.series);
	free(stem.text);
}
