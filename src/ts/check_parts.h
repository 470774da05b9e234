/* check_parts.h - what the parts of the analyser share; for them alone.
 *
 * check_sync.c cuts the input into packets, check.c looks at each packet's
 * header and hands it on: PCRs to check_clock.c, tables to check_section.c
 * and from there to check_table.c and check_si.c, PES packets to check_pes.c,
 * what is in them to check_frame.c.  A clock whose PCRs stop is told by check_still.c.
 * Complaints end in check_fault.c. */

#ifndef TS_CHECK_PARTS_H
#define TS_CHECK_PARTS_H

#include "ts/check.h"
#include "ts/grid.h"

__extension__ typedef __int128 check_int128;

#define CHECK_NPIDS	8192
#define CHECK_SECTION	4096		/* bytes of the longest, 2.4.4.11 */
#define PCR_MS		(PCR_HZ / 1000)

/* Something that must come again and again. */
struct check_every {
	int64_t last;		/* 27 MHz, or CHECK_NO_TIME */
	bool missed;		/* absent for too long ... */
	struct check_place at;	/* ... since here */
};

/* The PCRs of a PID, unrolled to a clock that never jumps. */
#define CLOCK_WINDOW	33	/* PCRs over which a constant rate shows */

struct check_clock {
	bool started;
	int64_t pcr;		/* the last, as written */
	int64_t now;		/* the same, since the stream's first */
	uint64_t pos;
	int64_t lent;		/* of now: told by units, no PCR has come */
	struct check_place missed;	/* where that was first seen */
	uint64_t broken;	/* the last PCR, by number, off its time */
	struct clock_mark {
		struct check_place place;
		int64_t now;
	} window[CLOCK_WINDOW];
	size_t nwindow;
};

/* A table's section on its way: fits any, grows no further. */
struct check_section {
	uint8_t *data;
	size_t len;
	bool open;		/* false: wait for a unit start */
};

/* Pictures held until no earlier one can come. */
#define REORDER_WINDOW	32

struct check_picture {
	int64_t pts;		/* unrolled */
	struct check_place place;
};

/* An elementary stream's PES packets. */
struct check_es {
	uint8_t head[19];	/* up to the DTS, 2.4.3.6 */
	size_t nhead;
	bool in_head;		/* still collecting it */
	size_t skip;		/* header bytes yet to pass */
	bool valid;		/* payload is coming that can be read */
	uint64_t got, said;	/* PES_packet_length; 0: unbounded */
	bool damaged;
	struct check_place start;
	bool stamped;		/* this PES packet has a PTS */
	int64_t pts, dts;	/* of it, or of the last that had one */
	bool late;		/* already said of this access unit */
	uint64_t nstamps;
	int64_t udts;		/* dts, unrolled */
	int64_t max_upts, first_upts;
	int64_t step;		/* what the DTS usually advances by */
	unsigned matched, missed;
	uint64_t uneven;
	struct check_every stamp;
	/* how far units may be ahead of the clock, in ticks of 90 kHz */
	int64_t moved;		/* what the last DTS advanced by */
	int64_t stride;		/* the most, within reason */
	int64_t most;		/* DTS - PCR, valid if knows */
	bool knows;
	uint64_t pcrs;		/* of the clock, when these began: */
	int64_t pending;	/* the most since then */
	bool shaken;		/* the DTS has jumped */
	unsigned beyond;	/* units in a row that say: no PCR */
	struct check_picture window[REORDER_WINDOW];	/* by pts */
	size_t nwindow;
	uint64_t shown;
	int64_t last_shown;
	/* video: a key frame is sought */
	uint64_t code;		/* the last eight bytes */
	bool seeking;
	bool flagged;		/* random_access_indicator */
	uint64_t pictures, key_at;
	int64_t key_dts;
	/* audio: frames are counted */
	uint8_t frame[8];
	size_t nframe, frame_left;
	bool in_sync;		/* the last frame ended where one begins */
	bool due;		/* a PTS waits for the frame it belongs to */
	bool based;		/* base and samples are valid */
	int64_t base;		/* PTS of the run's first frame */
	int64_t samples;	/* since then, of sample_rate */
	int64_t off;		/* of the last PTS against these */
	int64_t drift;		/* of earlier runs */
};

struct check_pid {
	struct check_stream m;
	enum check_framing {
		FRAMING_NONE,
		FRAMING_ADTS,
		FRAMING_MPEG,	/* ISO/IEC 11172-3, 13818-3 */
		FRAMING_AC3,	/* and E-AC-3, ETSI TS 102 366 */
	} framing;
	bool has_cc;
	uint8_t cc;
	bool twice;		/* the last packet was a repetition */
	bool new_clock;		/* the next PCR is one's, 2.4.3.5 */
	bool random_access;	/* flagged in the packet in hand */
	uint64_t sum;		/* of the last packet's payload */
	bool is_pmt, is_pcr;	/* of some programme */
	bool in_pmt;		/* some PMT names it */
	uint16_t pcr_pid;	/* whose clock it runs by */
	int64_t seen;		/* check->now of its last packet */
	bool absent;
	struct check_clock *clock;
	struct check_section *section;
	struct check_es *es;
	uint16_t fault[CHECK_NKINDS];	/* index + 1 into faults */
};

/* Programmes are told apart up to a number no multiplex has. */
#define PROGRAMMES_MAX	512

/* A section as it last came. */
struct check_version {
	bool seen;
	uint8_t version, crc[4];
};

struct check_prog {
	bool listed;		/* in the current PAT */
	int version;
	struct check_version pmt;
	struct check_every every;
	struct check_eit {	/* present, following */
		struct check_version version;
		struct check_every every;
	} eit[2];
	int64_t told;		/* when either came last, or CHECK_NO_TIME */
};

/* An instant to be told when the next PCR says what the time was. */
enum check_event_kind {
	EVENT_PAT, EVENT_PMT, EVENT_PTS, EVENT_EIT, EVENT_TDT,
};

#define EVENTS_MAX	1024

struct check_event {
	enum check_event_kind kind;
	uint16_t id;		/* PMT: programme index; PTS: PID; EIT: twice
				 * the programme's index, plus 1: following */
	uint16_t clock;		/* PID */
	struct check_place place;
};

#define FRAMER_SIZE	65536

struct check_framer {
	uint8_t buf[FRAMER_SIZE];
	size_t have;
	size_t size;		/* of a packet, 0: not known yet */
	size_t skip;		/* of what stands between two packets */
	bool in_sync;
	uint64_t pos;		/* of buf[0] in the input */
	uint64_t lost;		/* bytes skipped since sync was lost */
	struct check_place lost_at;
};

struct check_pacer {
	int64_t first, last;	/* arrivals; first < 0: none yet */
	int64_t base, pcr_base;	/* where measuring began */
	bool started;
	uint64_t n;
	int64_t min, max;	/* arrival - PCR, ns */
	/* Sums for a line through the points, of milliseconds and
	 * microseconds: beyond 64 bits after some hours. */
	check_int128 x, y, xx, xy, yy;
};

struct check {
	struct check_report r;
	struct check_framer framer;
	struct check_pid *pids[CHECK_NPIDS];
	struct check_place at;	/* the packet in hand */
	int64_t arrival;
	bool has_ref;
	uint16_t ref;		/* PID of the clock that tells the time */
	int64_t now;		/* its time */
	int64_t swept;
	struct check_programme programmes[PROGRAMMES_MAX];
	struct check_prog progs[PROGRAMMES_MAX];
	int pat_version;
	struct check_every pat, tdt;
	struct check_version sdt;
	bool has_cat;
	bool has_scrambled;
	struct check_place scrambled;	/* the first such packet */
	uint16_t nit_pid;
	struct check_event events[EVENTS_MAX];
	size_t nevents;
	struct check_fault *faults;
	size_t nfaults, cap_faults;
	struct check_pacer pacer;
};

/* check.c */
struct check_pid *check_pid(struct check *c, uint16_t pid);
void check_packet(struct check *c, const uint8_t *p);

/* check_sync.c */
void check_framer_feed(struct check *c, const uint8_t *data, size_t len);
void check_framer_end(struct check *c);

/* check_fault.c: the packet in hand is the place, or the one given. */
void check_complain(struct check *c, enum check_kind k, uint16_t pid,
    int64_t value);
void check_complain_at(struct check *c, enum check_kind k, uint16_t pid,
    const struct check_place *at, int64_t value);
void check_hist_add(struct check_hist *h, int64_t ticks);
void check_span_add(struct check_span *s, int64_t v);
void check_faults_finish(struct check *c);

/* check_every.c: events on the clock of a PID (CHECK_NO_PID: of the first
 * there is) wait for its next PCR, check_every_pcr(): then the clock moves
 * from what it was to (pos, now); hole: nothing is known of between. */
void check_event(struct check *c, enum check_event_kind kind, uint16_t id,
    uint16_t clock);
void check_every_pcr(struct check *c, uint16_t clock,
    const struct check_clock *was, uint64_t pos, int64_t now, bool hole);
void check_every_sweep(struct check *c);
void check_every_end(struct check *c);

/* check_clock.c */
void check_clock_pcr(struct check *c, struct check_pid *p, int64_t pcr,
    bool flagged);
const struct check_clock *check_clock_of(const struct check *c,
    const struct check_pid *p);

/* No PCR has come on q for at least that long: the time goes on without. */
void check_clock_lend(struct check *c, struct check_pid *q, int64_t past);
void check_clock_end(struct check *c);

/* check_still.c: an access unit of p, which has a clock, with its DTS that
 * far ahead of the last PCR.  True if that PCR is too old to be held
 * against it. */
bool check_still_unit(struct check *c, struct check_pid *p, int64_t lead);

/* Another packet has come, of any kind. */
void check_still_bytes(struct check *c);

/* check_section.c: payload of a packet of a PID that holds tables. */
void check_section_packet(struct check *c, struct check_pid *p,
    const uint8_t *load, size_t len, bool start);
void check_section_lost(struct check_pid *p);

/* check_table.c: a whole section, its CRC right. */
void check_table(struct check *c, struct check_pid *p, const uint8_t *s,
    size_t len);

/* check_si.c: the same, of a programme's EIT, and of a TDT, which has no CRC.
 * And of any table: a section that differs from the last one like it has
 * another version_number. */
void check_eit(struct check *c, struct check_pid *p,
    struct check_programme *g, const uint8_t *s, size_t len);
void check_tdt(struct check *c, const uint8_t *s, size_t len);
void check_version(struct check *c, struct check_pid *p,
    struct check_version *v, const uint8_t *s, size_t len);

/* check_codec.c: what a PMT's entry says of its stream. */
void check_codec(struct check_pid *p, uint8_t type, const uint8_t *desc,
    size_t len);

/* check_name.c: a DVB string as UTF-8, without control characters. */
void check_name(char out[CHECK_NAME_MAX], const uint8_t *s, size_t len);

/* check_pes.c */
void check_pes_packet(struct check *c, struct check_pid *p,
    const uint8_t *load, size_t len, bool start);
void check_pes_lost(struct check_pid *p);
void check_pes_end(struct check *c, struct check_pid *p);

/* check_stamp.c: a PES packet's time stamps. */
void check_stamp(struct check *c, struct check_pid *p, int64_t pts,
    int64_t dts);
void check_stamp_end(struct check *c, struct check_pid *p);

/* check_frame.c: what PES packets hold. */
void check_frame_start(struct check_pid *p, bool stamped);
void check_frame_lost(struct check_pid *p);
void check_frame_bytes(struct check *c, struct check_pid *p,
    const uint8_t *data, size_t len);

/* check_pace.c */
void check_pace_bytes(struct check *c);
void check_pace_pcr(struct check *c);
void check_pace_end(struct check *c);

#endif
