/* The card that stands in for pictures where there are none: the title in the
 * middle of a dark plane, a bar beneath.
 *
 * A title is any bytes.  It is made into valid UTF-8 without controls, cut
 * into lines here, since drawtext does not, and escaped twice, as filter
 * descriptions are read twice (ffmpeg-filters(1), "Notes on filtergraph
 * escaping"). */

#include "air/argv_parts.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xmem.h"

#define COLUMNS		24	/* of a line, before it is broken */
#define LINES		4
#define WIDE		0x1100	/* from here on characters are two wide */
#define PLANE		"0x161a21"
#define INK		"0xece8df"
#define BAR		"0xc8962e"

struct line {
	size_t start, len;	/* bytes of the text */
	int columns;
};

static bool
is_space(uint32_t c)
{
	return c == ' ' || c == 0xa0 || utf8_is_control(c);
}

static void
space_add(struct buf *b)
{
	if (b->len != 0 && b->data[b->len - 1] != ' ')
		buf_adds(b, " ");
}

/* As much of the title as could fit; words one space apart. */
static void
clean(const char *title, struct buf *b)
{
	const uint8_t *p = (const uint8_t *)title;
	size_t n;

	for (int i = 0; i < (LINES + 1) * COLUMNS && *p != '\0'; i++) {
		n = utf8_len(p);
		if (n == 0)
			buf_adds(b, "\xef\xbf\xbd");	/* U+FFFD */
		else if (is_space(utf8_get(p, n)))
			space_add(b);
		else
			buf_add(b, p, n);
		p += n == 0 ? 1 : n;
	}
	if (b->len != 0 && b->data[b->len - 1] == ' ')
		b->len--;
}

/* The line that begins at `at`; returns where the next does.  Broken at the
 * last space that fits, within a word only where there is none. */
static size_t
line_cut(const char *s, size_t at, struct line *l)
{
	const uint8_t *p = (const uint8_t *)s;
	struct line space = { 0 };
	size_t i = at;

	*l = (struct line){ .start = at };
	while (p[i] != '\0') {
		size_t n = utf8_len(p + i);
		int width = utf8_get(p + i, n) >= WIDE ? 2 : 1;

		if (p[i] == ' ')
			space = (struct line){ at, i - at, l->columns };
		if (l->columns + width > COLUMNS)
			break;
		l->columns += width;
		i += n;
		l->len = i - at;
	}
	if (p[i] == '\0' || space.len == 0)
		return i;
	*l = space;
	return at + space.len + 1;
}

/* One byte of an option's value within a filter description. */
static void
escape_add(struct buf *b, char c)
{
	if (c == '\\' || c == '\'')
		buf_addf(b, "\\\\\\%c", c);
	else if (c == ':')
		buf_adds(b, "\\\\:");
	else if (strchr("[],; ", c) != NULL)
		buf_addf(b, "\\%c", c);
	else
		buf_add(b, &c, 1);
}

static void
escaped_add(struct buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		escape_add(b, s[i]);
}

/* Centred, with the base line at y, whatever the letters' heights. */
static void
text_add(struct buf *b, const char *font, const char *s, const struct line *l,
    bool more, int size, int y)
{
	buf_adds(b, "drawtext=fontfile=");
	escaped_add(b, font, strlen(font));
	buf_addf(b, ":expansion=none:fontsize=%d:fontcolor=" INK
	    ":x=(w-text_w)/2:y=%d-ascent:text=", size, y);
	escaped_add(b, s + l->start, l->len);
	buf_adds(b, more ? "\xe2\x80\xa6," : ",");	/* U+2026 */
}

/* Returns the number of lines; *more: not everything fitted. */
static int
wrap(const char *s, struct line lines[LINES], bool *more)
{
	size_t at = 0;
	int n = 0;

	while (s[at] != '\0' && n < LINES)
		at = line_cut(s, at, &lines[n++]);
	*more = s[at] != '\0';
	return n;
}

/* So that the longest line fits 9/10 of the width: a column of bold type is
 * 7/10 of the size on average. */
static int
font_size(const struct format *f, const struct line *lines, int n)
{
	int longest = 1, size;

	for (int i = 0; i < n; i++)
		if (lines[i].columns > longest)
			longest = lines[i].columns;
	size = f->width * 9 / (7 * longest);
	return size < f->height / 8 ? size : f->height / 8;
}

/* Returns how far below the middle the text ends. */
static int
title_add(struct buf *b, const struct argv_child *c)
{
	struct line lines[LINES];
	struct buf text = { 0 };
	bool more;
	int n, size, step;

	clean(c->asset->title, &text);
	n = wrap(buf_str(&text), lines, &more);
	size = font_size(c->format, lines, n);
	step = size * 5 / 4;
	for (int i = 0; i < n; i++)
		text_add(b, c->caps->font, buf_str(&text), &lines[i],
		    more && i == n - 1, size, c->format->height / 2 +
		    (2 * i - n) * step / 2 + size);
	buf_fini(&text);
	return n * step / 2 + size / 2;
}

char *
argv_card_source(const struct format *f)
{
	return xasprintf("color=c=" PLANE ":s=%dx%d:r=%" PRId64 "/%" PRId64,
	    f->width, f->height, f->rate.num, f->rate.den);
}

char *
argv_card_filter(const struct argv_child *c)
{
	const struct format *f = c->format;
	struct buf b = { 0 };
	int below = 0;
	char *s;

	if (c->caps != NULL && c->caps->font != NULL &&
	    c->asset->title != NULL)
		below = title_add(&b, c);
	buf_addf(&b, "drawbox=x=%d:y=%d:w=%d:h=%d:color=" BAR ":t=fill,"
	    "format=yuv420p,trim=end_frame=%" PRId64 ",setpts=N",
	    f->width * 7 / 16, f->height / 2 + below, f->width / 8,
	    f->height / 120 + 1, c->n1 - c->n0);
	s = xstrdup(buf_str(&b));
	buf_fini(&b);
	return s;
}
