#include "ts/h264_cavlc.h"

#include <stdbool.h>
#include <stdlib.h>

#define SUFFIX_MAX	6
#define ESCAPE_BITS	12	/* level_suffix after a level_prefix of 15 */
#define MANY		7	/* zeros: from here on one column, table 9-10 */

/* Table 9-5, 0 <= nC < 2: by the number of coefficients, and of those of +-1
 * at the end. */
static const char *const coeff_token[17][4] = {
	[0] = { "1" },
	[1] = { "000101", "01" },
	[2] = { "00000111", "000100", "001" },
	[3] = { "000000111", "00000110", "0000101", "00011" },
	[4] = { "0000000111", "000000110", "00000101", "000011" },
	[5] = { "00000000111", "0000000110", "000000101", "0000100" },
	[6] = { "0000000001111", "00000000110", "0000000101", "00000100" },
	[7] = { "0000000001011", "0000000001110", "00000000101", "000000100" },
	[8] = { "0000000001000", "0000000001010", "0000000001101",
	    "0000000100" },
	[9] = { "00000000001111", "00000000001110", "0000000001001",
	    "00000000100" },
	[10] = { "00000000001011", "00000000001010", "00000000001101",
	    "0000000001100" },
	[11] = { "000000000001111", "000000000001110", "00000000001001",
	    "00000000001100" },
	[12] = { "000000000001011", "000000000001010", "000000000001101",
	    "00000000001000" },
	[13] = { "0000000000001111", "000000000000001", "000000000001001",
	    "000000000001100" },
	[14] = { "0000000000001011", "0000000000001110", "0000000000001101",
	    "000000000001000" },
	[15] = { "0000000000000111", "0000000000001010", "0000000000001001",
	    "0000000000001100" },
	[16] = { "0000000000000100", "0000000000000110", "0000000000000101",
	    "0000000000001000" },
};

/* Tables 9-7 and 9-8: by the number of coefficients, and of zeros before the
 * last of them. */
static const char *const total_zeros[16][16] = {
	[1] = { "1", "011", "010", "0011", "0010", "00011", "00010",
	    "000011", "000010", "0000011", "0000010", "00000011", "00000010",
	    "000000011", "000000010", "000000001" },
	[2] = { "111", "110", "101", "100", "011", "0101", "0100", "0011",
	    "0010", "00011", "00010", "000011", "000010", "000001", "000000" },
	[3] = { "0101", "111", "110", "101", "0100", "0011", "100", "011",
	    "0010", "00011", "00010", "000001", "00001", "000000" },
	[4] = { "00011", "111", "0101", "0100", "110", "101", "100", "0011",
	    "011", "0010", "00010", "00001", "00000" },
	[5] = { "0101", "0100", "0011", "111", "110", "101", "100", "011",
	    "0010", "00001", "0001", "00000" },
	[6] = { "000001", "00001", "111", "110", "101", "100", "011", "010",
	    "0001", "001", "000000" },
	[7] = { "000001", "00001", "101", "100", "011", "11", "010", "0001",
	    "001", "000000" },
	[8] = { "000001", "0001", "00001", "011", "11", "10", "010", "001",
	    "000000" },
	[9] = { "000001", "000000", "0001", "11", "10", "001", "01", "00001" },
	[10] = { "00001", "00000", "001", "11", "10", "01", "0001" },
	[11] = { "0000", "0001", "001", "010", "1", "011" },
	[12] = { "0000", "0001", "01", "1", "001" },
	[13] = { "000", "001", "1", "01" },
	[14] = { "00", "01", "1" },
	[15] = { "0", "1" },

};

/* Table 9-10: by the zeros that are left, and of those how many stand before
 * this coefficient. */
static const char *const run_before[MANY + 1][15] = {
	[1] = { "1", "0" },
	[2] = { "1", "01", "00" },
	[3] = { "11", "10", "01", "00" },
	[4] = { "11", "10", "01", "001", "000" },
	[5] = { "11", "10", "011", "010", "001", "000" },
	[6] = { "11", "000", "001", "011", "010", "101", "100" },
	[MANY] = { "111", "110", "101", "100", "011", "010", "001", "0001",
	    "00001", "000001", "0000001", "00000001", "000000001",
	    "0000000001", "00000000001" },
};

/* What is not zero, the last first, each with the zeros before it. */
struct coeffs {
	int n, ones;		/* ones: leading here, at most 3 */
	int level[16], run[16];
	int zeros;		/* the sum of runs */
};

static struct coeffs
coeffs_of(const int level[16])
{
	struct coeffs c = { 0 };

	for (int i = 15; i >= 0; i--) {
		if (level[i] != 0)
			c.level[c.n++] = level[i];
		else if (c.n != 0) {
			c.run[c.n - 1]++;
			c.zeros++;
		}
	}
	while (c.ones < c.n && c.ones < 3 && abs(c.level[c.ones]) == 1)
		c.ones++;
	return c;
}

/* From eight coefficients nearby on, all words have six bits. */
static void
token_code(struct h264_bits *b, const struct coeffs *c, int nc)
{
	if (nc < 2)
		h264_code(b, coeff_token[c->n][c->ones]);
	else if (c->n == 0)
		h264_u(b, 6, 3);
	else
		h264_u(b, 6, (uint32_t)((c->n - 1) << 2 | c->ones));
}

static void
prefix_code(struct h264_bits *b, int zeros)
{
	h264_u(b, zeros, 0);
	h264_u(b, 1, 1);
}

/* 9.2.2.1: levelCode with such a suffixLength. */
static void
level_code(struct h264_bits *b, int code, int suffix)
{
	int escape = suffix == 0 ? 30 : 15 << suffix;

	if (code >= escape) {
		prefix_code(b, 15);
		h264_u(b, ESCAPE_BITS, (uint32_t)(code - escape));
	} else if (suffix == 0 && code >= 14) {
		prefix_code(b, 14);
		h264_u(b, 4, (uint32_t)(code - 14));
	} else {
		prefix_code(b, code >> suffix);
		h264_u(b, suffix, (uint32_t)code & ((1u << suffix) - 1));
	}
}

/* The first after less than three of +-1 is none of these. */
static void
levels_code(struct h264_bits *b, const struct coeffs *c)
{
	int suffix = c->n > 10 && c->ones < 3 ? 1 : 0;

	for (int i = 0; i < c->ones; i++)
		h264_u(b, 1, c->level[i] < 0);
	for (int i = c->ones; i < c->n; i++) {
		int v = c->level[i], size = abs(v);
		int code = 2 * size - (v > 0 ? 2 : 1);

		level_code(b, i == c->ones && i < 3 ? code - 2 : code, suffix);
		if (suffix == 0)
			suffix = 1;
		if (size > 3 << (suffix - 1) && suffix < SUFFIX_MAX)
			suffix++;
	}
}

static void
runs_code(struct h264_bits *b, const struct coeffs *c)
{
	int left = c->zeros;

	if (c->n != 0 && c->n < 16)
		h264_code(b, total_zeros[c->n][left]);
	for (int i = 0; i < c->n - 1 && left > 0; i++) {
		h264_code(b, run_before[left < MANY ? left : MANY][c->run[i]]);
		left -= c->run[i];
	}
}

void
h264_luma_code(struct h264_bits *b, const int level[16], int nc)
{
	struct coeffs c = coeffs_of(level);

	token_code(b, &c, nc);
	levels_code(b, &c);
	runs_code(b, &c);
}

/* Tables 9-5, nC = -1, and 9-9 (a). */
void
h264_chroma_code(struct h264_bits *b, int level)
{
	struct coeffs c = coeffs_of((const int [16]){ level });

	h264_code(b, c.n == 0 ? "01" : c.ones == 0 ? "000111" : "1");
	levels_code(b, &c);
	if (c.n != 0)
		h264_code(b, "1");	/* total_zeros: 0 */
}
