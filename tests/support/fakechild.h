/* fakechild.h - what a child would send, without decoding or encoding: the
 * transport stream that an ffmpeg command line of the daemon asks for.
 *
 * Every picture and every audio frame says in its payload which one it is,
 * so that a viewer's capture can be checked unit by unit.  The payload stands
 * where FAKE_MARK is, in bytes of seven bits with the top one set (there is no
 * start code among them):
 *
 *	asset		5 bytes, least significant first: fakechild_hash()
 *	position	9 bytes: the asset's house frame; of sound, the
 *			asset's sample plus FAKE_SAMPLE_BIAS
 *	process		5 bytes: who made it
 *
 * The packets are written by code of its own, not by the daemon's. */

#ifndef FAKECHILD_H
#define FAKECHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define FAKE_MARK	"RVF"
#define FAKE_MARK_LEN	3
#define FAKE_ASSET_LEN	5
#define FAKE_POS_LEN	9
#define FAKE_PROC_LEN	5
#define FAKE_SAMPLE_BIAS (INT64_C(1) << 40)

enum fakechild_codec {
	FAKE_AAC,
	FAKE_AC3,
	FAKE_MP2,
};

/* What a command line asks for. */
struct fakechild_plan {
	const char *path;	/* the asset's, borrowed of argv; NULL: none */
	uint32_t asset;		/* its hash; 0: none */
	uint32_t process;
	int64_t num, den;	/* pictures per second */
	int64_t in;		/* the asset's house frame of the first one */
	int64_t pictures;	/* INT64_MAX: without end */
	int64_t gop, offset;	/* keys where (i + offset) mod gop = 0 */
	bool reorder;		/* B pictures, two deep */
	enum fakechild_codec codec;
	int64_t sample_rate;
	int64_t sample;		/* the asset's, of the first one fed */
	int64_t samples;	/* how many are fed */
	int64_t lag;		/* of the first one after the first picture */
	int64_t video_bitrate, audio_bitrate;	/* bit/s asked for */
	size_t picture_bytes, audio_bytes;	/* of an access unit */
};

/* By option and filter name, whatever their order and whatever else there is;
 * NULL, or what is missing. */
const char *fakechild_parse(char *const *argv, struct fakechild_plan *p);

/* Access units as large as the bit rates asked for make them. */
void fakechild_full_size(struct fakechild_plan *p);

uint32_t fakechild_hash(const char *path);

struct fakechild;

struct fakechild *fakechild_new(const struct fakechild_plan *p);
void fakechild_free(struct fakechild *f);

/* Append the next picture with the sound that goes before it; false where
 * there was none left: what was appended then is the last of the sound. */
bool fakechild_next(struct fakechild *f, struct buf *out);

/* Pictures written so far. */
int64_t fakechild_count(const struct fakechild *f);

/* Faults: the next video packet skips a value of its continuity counter; the
 * PCR runs so many seconds ahead from here on. */
void fakechild_skip_cc(struct fakechild *f);
void fakechild_jump_pcr(struct fakechild *f, int64_t seconds);

#endif
