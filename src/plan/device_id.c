#include "plan/device_id.h"

#include <stddef.h>
#include <string.h>

#define RANGE_MASK	UINT32_C(0x0ffffff0)
#define RANGE		UINT32_C(0x50000000)

/* The digits in odd places, from the left, are exchanged for these, those in
 * even ones stand for themselves; the sum without carry is 0. */
static unsigned
checksum(uint32_t id)
{
	static const unsigned char swap[16] = {
		0xa, 0x5, 0xf, 0x6, 0x7, 0xc, 0x1, 0xb,
		0x9, 0x2, 0x8, 0xd, 0x4, 0x3, 0xe, 0x0,
	};
	unsigned sum = 0;

	for (int shift = 24; shift >= 0; shift -= 8)
		sum ^= swap[id >> (shift + 4) & 0xf] ^ (id >> shift & 0xf);
	return sum;
}

bool
device_id_check(uint32_t id)
{
	return id != 0 && checksum(id) == 0;
}

/* The last digit stands for itself, so it makes the sum what it should be. */
uint32_t
device_id_make(uint32_t bits)
{
	uint32_t id = (bits & RANGE_MASK) | RANGE;

	return id | checksum(id);
}

static int
hex_value(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = memchr(digits, c, sizeof digits - 1);

	return at != NULL ? (int)((at - digits) % 16) : -1;
}

bool
device_id_parse(const char *text, uint32_t *id)
{
	uint32_t got = 0;

	if (strlen(text) != DEVICE_ID_DIGITS)
		return false;
	for (; *text != '\0'; text++) {
		int v = hex_value(*text);

		if (v < 0)
			return false;
		got = got << 4 | (uint32_t)v;
	}
	if (!device_id_check(got))
		return false;
	*id = got;
	return true;
}
