#include "media/card.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "air/noc_font.h"
#include "base/length.h"
#include "base/xmem.h"
#include "plan/seed.h"

#define WIDTH		360
#define HEIGHT		270
#define MARGIN		36
#define DOT_MAX		24		/* samples of a letter's dot */
#define LETTER_ROWS	7		/* a number has nothing below its line */
#define ROW		(WIDTH + 1)	/* with its filter type */

static const uint8_t colours[][3] = {
	{ 0x1f, 0x4e, 0x79 }, { 0x7a, 0x2e, 0x2e }, { 0x2e, 0x5e, 0x3a },
	{ 0x5b, 0x3a, 0x75 }, { 0x7a, 0x55, 0x1f }, { 0x1f, 0x62, 0x66 },
	{ 0x6b, 0x2d, 0x55 }, { 0x40, 0x48, 0x55 },
};

static void
add_be32(struct buf *out, uint32_t v)
{
	const uint8_t b[] = {
		(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8),
		(uint8_t)v,
	};

	buf_add(out, b, sizeof b);
}

/* 5.3: length, type, data, and the CRC of the last two. */
static void
add_chunk(struct buf *out, const char *type, const void *data, size_t len)
{
	size_t at;

	add_be32(out, (uint32_t)len);
	at = out->len;
	buf_adds(out, type);
	buf_add(out, data, len);
	add_be32(out, (uint32_t)crc32_z(0, out->data + at, len + 4));
}

/* 11.2.2: 8 bits an index into the palette. */
static void
add_head(struct buf *out)
{
	static const uint8_t kind[] = { 8, 3, 0, 0, 0 };
	struct buf b = { 0 };

	buf_add(out, "\x89PNG\r\n\x1a\n", 8);
	add_be32(&b, WIDTH);
	add_be32(&b, HEIGHT);
	buf_add(&b, kind, sizeof kind);
	add_chunk(out, "IHDR", b.data, b.len);
	buf_fini(&b);
}

static void
add_palette(struct buf *out, const char *slug)
{
	uint64_t i = seed_below(seed_add(seed_text(slug), 0), LENGTH(colours));
	uint8_t palette[6];

	memcpy(palette, colours[i], 3);
	memset(palette + 3, 0xff, 3);
	add_chunk(out, "PLTE", palette, sizeof palette);
}

/* In the middle, as large as it fits. */
static void
draw_text(uint8_t *rows, const char *text)
{
	int n = (int)strlen(text);
	int dots = n * (NOC_FONT_WIDTH + 1) - 1;
	int dot = (WIDTH - 2 * MARGIN) / dots;
	int x0, y0;

	if (dot > DOT_MAX)
		dot = DOT_MAX;
	x0 = (WIDTH - dots * dot) / 2;
	y0 = (HEIGHT - LETTER_ROWS * dot) / 2;
	for (int y = 0; y < LETTER_ROWS * dot; y++)
		for (int x = 0; x < dots * dot; x++) {
			int column = x / dot % (NOC_FONT_WIDTH + 1);
			uint8_t c = (uint8_t)text[x / dot /
			    (NOC_FONT_WIDTH + 1)];

			if (column < NOC_FONT_WIDTH &&
			    noc_font_ink(c, column, y / dot))
				rows[(y0 + y) * ROW + 1 + x0 + x] = 1;
		}
}

void
card_draw(struct buf *out, const char *slug, const char *number)
{
	uint8_t *rows = xcalloc(HEIGHT, ROW);
	uLongf len = compressBound(HEIGHT * ROW);
	uint8_t *packed = xmalloc(len);

	if (number[0] != '\0')
		draw_text(rows, number);
	add_head(out);
	add_palette(out, slug);
	if (compress(packed, &len, rows, HEIGHT * ROW) != Z_OK)
		len = 0;
	add_chunk(out, "IDAT", packed, len);
	add_chunk(out, "IEND", NULL, 0);
	free(packed);
	free(rows);
}
