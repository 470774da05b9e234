#include "ts/aframe.h"
#include "base/length.h"

#define ADTS_HEADER	7
#define ADTS_CRC	2
#define ADTS_SAMPLES	1024	/* of a raw data block */
#define AC3_HEADER	7	/* up to lfeon */
#define AC3_SAMPLES	1536
#define AC3_BSID_MAX	8	/* above: half rate, or Enhanced AC-3 */
#define AC3_RATES	38	/* frmsizecod */
#define MPA_HEADER	4
#define MP2_SAMPLES	1152


static bool
adts_parse(const uint8_t *p, size_t len, struct aframe *f)
{
	static const int rates[] = {
		96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050,
		16000, 12000, 11025, 8000, 7350,
	};
	static const int channels[] = { 0, 1, 2, 3, 4, 5, 6, 8 };
	size_t header = ADTS_HEADER, rate;

	if (len < ADTS_HEADER || p[0] != 0xff || (p[1] & 0xf6) != 0xf0)
		return false;
	if ((p[1] & 1) == 0)			/* protection_absent */
		header += ADTS_CRC;
	if ((rate = p[2] >> 2 & 0xf) >= LENGTH(rates))
		return false;
	f->len = (size_t)(p[3] & 3) << 11 | (size_t)p[4] << 3 | p[5] >> 5;
	f->samples = ADTS_SAMPLES * (1 + (p[6] & 3));
	f->sample_rate = rates[rate];
	f->channels = channels[(p[2] & 1) << 2 | p[3] >> 6];
	return f->len > header;
}

/* The low frequency channel's bit stands behind mix levels that only some
 * modes have (TS 102 366 4.4.2). */
static int
ac3_lfe(unsigned acmod, unsigned bits)
{
	int at = 4;

	if ((acmod & 1) != 0 && acmod != 1)
		at -= 2;			/* cmixlev */
	if ((acmod & 4) != 0)
		at -= 2;			/* surmixlev */
	if (acmod == 2)
		at -= 2;			/* dsurmod */
	return bits >> at & 1;
}

static bool
ac3_parse(const uint8_t *p, size_t len, struct aframe *f)
{
	static const int rates[] = { 48000, 44100, 32000 };
	static const size_t kbits[AC3_RATES / 2] = {	/* table 4.13 */
		32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256,
		320, 384, 448, 512, 576, 640,
	};
	static const int channels[] = { 2, 1, 2, 3, 3, 4, 4, 5 };
	unsigned code, size, acmod;

	if (len < AC3_HEADER || p[0] != 0x0b || p[1] != 0x77)
		return false;
	code = p[4] >> 6;
	size = p[4] & 0x3f;
	if (code >= LENGTH(rates) || size >= AC3_RATES ||
	    p[5] >> 3 > AC3_BSID_MAX)
		return false;
	acmod = p[6] >> 5;
	f->samples = AC3_SAMPLES;
	f->sample_rate = rates[code];
	f->channels = channels[acmod] + ac3_lfe(acmod, p[6] & 0x1fu);
	/* In words of 16 bits; at 44.1 kHz every other frame has one more. */
	f->len = kbits[size / 2] * 1000 * AC3_SAMPLES / 16 /
	    (size_t)f->sample_rate;
	if (f->sample_rate == 44100)
		f->len += size & 1;
	f->len *= 2;
	return true;
}

static bool
mp2_parse(const uint8_t *p, size_t len, struct aframe *f)
{
	static const int rates[] = { 44100, 48000, 32000 };
	static const size_t kbits[] = {			/* 0: free format */
		0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256,
		320, 384, 0,
	};
	unsigned code;

	/* Sync word, ID 1 (MPEG-1), layer '10'. */
	if (len < MPA_HEADER || p[0] != 0xff || (p[1] & 0xfe) != 0xfc)
		return false;
	code = p[2] >> 2 & 3;
	if (code >= LENGTH(rates) || kbits[p[2] >> 4] == 0)
		return false;
	f->samples = MP2_SAMPLES;
	f->sample_rate = rates[code];
	f->channels = p[3] >> 6 == 3 ? 1 : 2;
	f->len = kbits[p[2] >> 4] * 1000 * MP2_SAMPLES / 8 /
	    (size_t)f->sample_rate + (p[2] >> 1 & 1);
	return true;
}

bool
aframe_parse(enum aframe_codec c, const uint8_t *data, size_t len,
    struct aframe *f)
{
	static bool (*const parse[])(const uint8_t *, size_t,
	    struct aframe *) = {
		[AFRAME_AAC] = adts_parse,
		[AFRAME_AC3] = ac3_parse,
		[AFRAME_MP2] = mp2_parse,
	};

	return parse[c](data, len, f) && f->len <= len;
}
