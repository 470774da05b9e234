/* A dark plane, a bar at the left, and beside it the text, half-way up; its
 * first line twice as large where there is room for that.
 *
 * Where letters are made of dots of 4x4 samples or multiples, everything lies
 * on the grid of 4x4 blocks, and the bar on that of macroblocks, so that
 * nothing of it is sent uncompressed (ts/h264_mb.h). */

#include "air/noc_draw.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "air/noc_font.h"
#include "base/buf.h"
#include "base/utf8.h"

#define COLUMN		(NOC_FONT_WIDTH + 1)	/* dots */
#define ROW		(NOC_FONT_HEIGHT + 3)
#define ABOVE		2	/* of a row's blank dots */
#define GAP		4	/* between bar and text */
#define ROWS_MAX	12	/* more is not read */
#define LARGE		90	/* dots to the picture's height, or ... */
#define SMALL		180	/* ... so many where there is much text */
#define ELLIPSIS	"..."

struct colour {
	int y, cb, cr;
};

/* BT.709, 16 to 235.  The ink is the plane's in another light. */
static const struct colour plane = { 40, 138, 123 };
static const struct colour ink = { 40 + H264_LUMA_STEP, 138, 123 };
static const struct colour bar = {
	40 + H264_LUMA_STEP * 10 / 16,
	138 - 8 * H264_CHROMA_STEP,
	123 + 4 * H264_CHROMA_STEP,
};

struct line {
	size_t start, len;
};

struct card {
	int dot;		/* samples */
	int bar_x, bar_width, x;	/* samples; x: of the text */
	int columns, rows;	/* that fit */
	struct line lines[ROWS_MAX];
	int n;
	bool broken;		/* a line was longer than columns */
	bool more;		/* than rows */
	bool heading;		/* the first line is twice as large */
};

static void
plane_draw(struct h264_picture *p)
{
	struct h264_mb *mb = p->mb;

	memset(mb->y, plane.y, sizeof mb->y);
	memset(mb->cb, plane.cb, sizeof mb->cb);
	memset(mb->cr, plane.cr, sizeof mb->cr);
	for (int i = 1; i < p->width * p->height; i++)
		mb[i] = mb[0];
}

/* Chroma is set where the even samples are. */
static void
rectangle_draw(struct h264_picture *p, int x0, int y0, int width, int height,
    const struct colour *c)
{
	for (int y = y0; y < y0 + height; y++)
		for (int x = x0; x < x0 + width; x++) {
			struct h264_mb *mb =
			    &p->mb[y / 16 * p->width + x / 16];
			int i = y % 16 / 2 * 8 + x % 16 / 2;

			mb->y[y % 16 * 16 + x % 16] = (uint8_t)c->y;
			mb->cb[i] = (uint8_t)c->cb;
			mb->cr[i] = (uint8_t)c->cr;
		}
}

static void
glyph_draw(struct h264_picture *p, int x, int y, int dot, char c)
{
	for (int i = 0; i < NOC_FONT_WIDTH * NOC_FONT_HEIGHT; i++) {
		int column = i % NOC_FONT_WIDTH, row = i / NOC_FONT_WIDTH;

		if (noc_font_ink((uint8_t)c, column, row))
			rectangle_draw(p, x + column * dot, y + row * dot,
			    dot, dot, &ink);
	}
}

static void
text_draw(struct h264_picture *p, int x, int y, int dot, const char *s,
    size_t len)
{
	for (size_t i = 0; i < len; i++)
		glyph_draw(p, x + (int)i * COLUMN * dot, y, dot, s[i]);
}

/* One byte a glyph: what has none is the box, controls are spaces. */
static void
glyphs_of(const char *text, struct buf *b)
{
	const uint8_t *p = (const uint8_t *)text;

	while (*p != '\0') {
		size_t n = utf8_len(p);
		uint8_t c = n == 1 && *p < NOC_FONT_BOX ? *p : NOC_FONT_BOX;

		if (c < ' ' && c != '\n')
			c = ' ';
		buf_add(b, &c, 1);
		p += n == 0 ? 1 : n;
	}
}

/* The line that begins at `at`; returns where the next does.  Broken at the
 * last space that fits, within a word only where there is none. */
static size_t
line_cut(struct card *c, const char *s, size_t at, struct line *l)
{
	size_t len = strcspn(s + at, "\n"), max = (size_t)c->columns;

	*l = (struct line){ at, len };
	if (len <= max)
		return at + len + (s[at + len] == '\n');
	c->broken = true;
	l->len = max;
	while (l->len > 0 && s[at + l->len] != ' ')
		l->len--;
	if (l->len != 0)
		return at + l->len + 1;
	l->len = max;
	return at + max;
}

static void
lines_break(struct card *c, const char *s)
{
	size_t at = 0;

	while (s[at] != '\0' && c->n < c->rows)
		at = line_cut(c, s, at, &c->lines[c->n++]);
	c->more = s[at] != '\0';
	c->heading = c->n > 1 && c->n < c->rows && !c->more &&
	    2 * (int)c->lines[0].len <= c->columns &&
	    s[c->lines[0].len] == '\n';
}

/* Large dots are laid out on the grid of macroblocks. */
static int
grid_of(int dot)
{
	return dot >= 4 ? 16 : 2;
}

static int
round_down(int v, int to)
{
	return v - v % to;
}

static struct card
card_make(int dot, int width, int height, const char *s)
{
	int grid = grid_of(dot), margin = round_down(width / 20, grid);
	struct card c = { .dot = dot, .bar_x = margin };

	c.bar_width = round_down(2 * dot + grid - 1, grid);
	c.x = margin + c.bar_width + GAP * dot;
	c.columns = (width - margin - c.x + dot) / (COLUMN * dot);
	c.rows = height * 9 / 10 / (ROW * dot);
	if (c.rows > ROWS_MAX)
		c.rows = ROWS_MAX;
	if (c.columns > 0)
		lines_break(&c, s);
	return c;
}

/* 1, 2 or a multiple of 4, so that a dot is never a part of a 4x4 block and of
 * another. */
static int
dot_for(int height, int dots)
{
	int dot = height / dots;

	return dot >= 4 ? round_down(dot, 4) : dot >= 2 ? 2 : 1;
}

/* The largest letters with which no line is broken and none left out. */
static struct card
card_choose(int width, int height, const char *s)
{
	int across = width * 9 / 16, side = across < height ? across : height;
	int dot = dot_for(side, LARGE), least = dot_for(side, SMALL);
	struct card c = card_make(dot, width, height, s);

	while (dot > least && (c.broken || c.more)) {
		dot = dot > 4 ? dot - 4 : dot / 2;
		c = card_make(dot, width, height, s);
	}
	return c;
}

/* At the end of the last line, over its last letters if need be. */
static void
ellipsis_draw(struct h264_picture *p, const struct card *c, int y)
{
	int len = (int)c->lines[c->n - 1].len;
	int dots = (int)strlen(ELLIPSIS), at;

	if (dots > c->columns)
		dots = c->columns;
	at = len + dots > c->columns ? c->columns - dots : len;
	rectangle_draw(p, c->x + at * COLUMN * c->dot, y,
	    dots * COLUMN * c->dot - c->dot, NOC_FONT_HEIGHT * c->dot,
	    &plane);
	text_draw(p, c->x + at * COLUMN * c->dot, y, c->dot, ELLIPSIS,
	    (size_t)dots);
}

static void
card_draw(struct h264_picture *p, const struct card *c, int height,
    const char *s)
{
	int step = ROW * c->dot, all = (c->n + c->heading) * step;
	int top = round_down((height - all) / 2, grid_of(c->dot)), y = top;

	rectangle_draw(p, c->bar_x, top, c->bar_width, all, &bar);
	for (int i = 0; i < c->n; i++) {
		const struct line *l = &c->lines[i];
		int large = c->heading && i == 0 ? 2 : 1;

		y += ABOVE * large * c->dot;
		text_draw(p, c->x, y, large * c->dot, s + l->start, l->len);
		if (c->more && i == c->n - 1)
			ellipsis_draw(p, c, y);
		y += (ROW - ABOVE) * large * c->dot;
	}
}

void
noc_draw(struct h264_picture *p, int width, int height, const char *text)
{
	struct buf glyphs = { 0 };
	struct card c;

	glyphs_of(text, &glyphs);
	c = card_choose(width, height, buf_str(&glyphs));
	plane_draw(p);
	card_draw(p, &c, height, buf_str(&glyphs));
	buf_fini(&glyphs);
}
