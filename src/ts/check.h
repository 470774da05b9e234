/* check.h - is it a good transport stream?  Reads any, of any number of
 * programmes, and reports what ETSI TR 101 290 (priorities 1 and 2) and
 * ISO/IEC 13818-1 would complain about, each complaint with its place, and
 * what a splice leaves behind: holes and steps in the time stamps, sound
 * that does not follow on, access units that come too late.
 *
 * Feed bytes in any split, then call check_end() and read the report.  The
 * only clock is the stream's: its PCRs.  Between two of them time goes by
 * bytes; a place's time is that of the last PCR before it.  Where there are
 * arrival times as well, the stream's pace is measured.
 *
 * A *fault* makes a stream bad; a *note* is something that a standard
 * recommends otherwise or that is odd but legal.  Memory is bounded whatever
 * the bytes are. */

#ifndef TS_CHECK_H
#define TS_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHECK_PLACES	10	/* first and last, per kind and PID */
#define CHECK_DELTAS	32	/* different ones told apart */
#define CHECK_NO_PID	0xffffu
#define CHECK_NO_TIME	INT64_MIN
#define CHECK_NAME_MAX	96

/* kind, name, clause, level, what a place's value is, a sentence.  Clauses
 * are of TR 101 290; with a letter in front, of ISO/IEC 13818-1. */
#define CHECK_KINDS(X) \
	X(SYNC_LOSS, "TS_sync_loss", "1.1", FAULT, BYTES, \
	    "sync was lost: bytes that are no packets") \
	X(SYNC_BYTE, "Sync_byte_error", "1.2", FAULT, NONE, \
	    "a packet does not begin with 0x47") \
	X(PAT, "PAT_error_2", "1.3.a", FAULT, US, \
	    "no PAT for 0.5 s or at all, or PID 0 is scrambled or holds " \
	    "other tables") \
	X(CC, "Continuity_count_error", "1.4", FAULT, PACKETS, \
	    "packets are missing, out of order or sent too often") \
	X(PMT, "PMT_error_2", "1.5.a", FAULT, US, \
	    "no PMT for 0.5 s or at all, or its PID is scrambled") \
	X(PID, "PID_error", "1.6", FAULT, US, \
	    "a PID that a PMT names is absent for 5 s") \
	X(TRANSPORT, "Transport_error", "2.1", FAULT, NONE, \
	    "transport_error_indicator is set") \
	X(CRC, "CRC_error", "2.2", FAULT, TABLE, \
	    "a table's section is damaged") \
	X(PCR_REPETITION, "PCR_repetition_error", "2.3.a", FAULT, US, \
	    "no PCR for 100 ms or at all") \
	X(PCR_DISCONTINUITY, "PCR_discontinuity_indicator_error", "2.3.b", \
	    FAULT, US, "the PCR jumps and no flag says so") \
	X(PCR_ACCURACY, "PCR_accuracy_error", "2.4", FAULT, NS, \
	    "a PCR is more than 500 ns off the constant rate") \
	X(PTS, "PTS_error", "2.5", FAULT, US, "no PTS for 700 ms") \
	X(CAT, "CAT_error", "2.6", FAULT, TABLE, \
	    "scrambled packets but no CAT, or PID 1 holds other tables") \
	X(EIT, "EIT_error", "3.6.a", FAULT, US, \
	    "what is on or what follows is not told for 2 s where it was, " \
	    "or twice within 25 ms") \
	X(TDT, "TDT_error", "3.8", FAULT, US, \
	    "the time is not told for 30 s where it was") \
	X(DISCONTINUITY, "discontinuity", "H 2.4.3.5", FAULT, NONE, \
	    "discontinuity_indicator in mid-stream: two streams in a row") \
	X(VERSION, "table_version", "H 2.4.4", FAULT, TABLE, \
	    "a table says something else, its version_number does not") \
	X(PACKET, "packet_syntax", "H 2.4.3.3", FAULT, NONE, \
	    "a packet's header or adaptation field is impossible") \
	X(PES, "pes_syntax", "H 2.4.3.6", FAULT, NONE, \
	    "a PES packet's header is impossible, or its length wrong") \
	X(PTS_DTS, "pts_before_dts", "H 2.7.5", FAULT, US, \
	    "an access unit is shown before it is decoded") \
	X(DTS_ORDER, "dts_not_increasing", "H 2.7.5", FAULT, US, \
	    "a DTS does not lie after the one before it") \
	X(DTS_GAP, "dts_gap", "H 2.7.4", FAULT, US, \
	    "a step in the decoding times: access units are missing") \
	X(PTS_GAP, "pts_gap", "H 2.7.4", FAULT, US, \
	    "a hole in the pictures as they are shown, or one twice") \
	X(AUDIO_GAP, "audio_gap", "H 2.7.4", FAULT, US, \
	    "sound does not follow on where the last frame ended") \
	X(LATE, "late_access_unit", "H 2.4.2.6", FAULT, US, \
	    "bytes of an access unit come after its DTS: buffer underflow") \
	X(EARLY, "early_access_unit", "H 2.4.2.6", FAULT, US, \
	    "an access unit waits longer in the decoder than it may") \
	X(PCR_40MS, "pcr_over_40_ms", "DVB", NOTE, US, \
	    "no PCR for 40 ms: ETSI TS 101 154 wants one") \
	X(TABLES_100MS, "tables_over_100_ms", "DVB", NOTE, US, \
	    "no PAT or PMT for 100 ms: slow to tune in to") \
	X(UNEVEN, "uneven_step", "-", NOTE, US, \
	    "a time stamp is somewhat off the stream's even step")

enum check_kind {
#define X(kind, ...) CHECK_##kind,
	CHECK_KINDS(X)
#undef X
	CHECK_NKINDS
};

/* What the value of a place means. */
enum check_unit {
	CHECK_UNIT_NONE,
	CHECK_UNIT_US,		/* a length of time */
	CHECK_UNIT_NS,
	CHECK_UNIT_BYTES,
	CHECK_UNIT_PACKETS,	/* missing ones, modulo 16; 0: too many */
	CHECK_UNIT_TABLE,	/* table_id, or -1 */
};

struct check_kind_info {
	const char *name, *clause, *text;
	bool fault;
	enum check_unit unit;
};

struct check_place {
	uint64_t pos;		/* of the packet in the input, bytes */
	uint64_t packet;	/* its number, from 0 */
	int64_t time;		/* since the first PCR, 27 MHz, or NO_TIME */
	int64_t value;		/* check_kind_info.unit */
};

struct check_fault {
	enum check_kind kind;
	uint16_t pid;		/* CHECK_NO_PID: of the stream as a whole */
	bool fault;		/* false: a note */
	uint64_t count;
	size_t nplaces;		/* the first, and behind them the last */
	struct check_place places[2 * CHECK_PLACES];
};

/* Distances of time stamps, each with its frequency, as they came up. */
struct check_hist {
	struct check_delta {
		int64_t ticks;	/* 90 kHz */
		uint64_t n;
	} deltas[CHECK_DELTAS];
	size_t n;
	uint64_t other;		/* those that found no place */
};

struct check_span {
	uint64_t n;		/* 0: nothing measured */
	int64_t min, max;
};

enum check_class {
	CHECK_OTHER,		/* no one refers to it */
	CHECK_PSI,		/* tables */
	CHECK_DATA,		/* subtitles, teletext, cues, private */
	CHECK_VIDEO,
	CHECK_AUDIO,
};

struct check_pcr {
	uint64_t n;
	int64_t max_gap;	/* 27 MHz; legal steps forward only */
	int64_t first;		/* as written */
	uint64_t back, jumps;	/* steps back, steps of over 1 s */
	uint64_t judged, unjudged;	/* where the rate was constant; not */
	int64_t max_error_ns;	/* of those judged */
};

/* One PID.  Times are ticks of 90 kHz. */
struct check_stream {
	uint16_t pid;
	uint16_t programme;	/* the first that names it, 0: none */
	enum check_class class;
	uint8_t type;		/* stream_type */
	const char *codec;	/* "" where unknown */
	char language[4];
	uint64_t packets, scrambled, duplicates, cc_errors, discontinuities;
	uint64_t random_access;	/* flags of that name */
	uint64_t pes, pes_without_pts;
	int64_t first_pts;	/* valid if pes > pes_without_pts */
	int64_t pts_span;	/* from the first to the last */
	struct check_hist dts_deltas;	/* in order of arrival */
	struct check_hist pts_deltas;	/* video: in order of display */
	struct check_span delay;	/* DTS - PCR */
	bool uneven;		/* no constant step: gaps are notes */
	uint64_t keys;		/* pictures where decoding can begin */
	struct check_span key_pictures, key_ticks;	/* between two */
	uint64_t frames;	/* audio; 0: not counted for this codec */
	uint32_t sample_rate;
	int64_t drift;		/* of the stamps against the samples */
	struct check_pcr pcr;	/* n = 0: carries none */
};

struct check_programme {
	uint16_t number, pmt_pid, pcr_pid;
	char name[CHECK_NAME_MAX], provider[CHECK_NAME_MAX];	/* UTF-8 */
	uint64_t pmts;
	int64_t pmt_max_gap;	/* 27 MHz */
	uint64_t pmt_changes;
	bool has_eit;		/* then, "" for nothing: */
	char now[CHECK_NAME_MAX], next[CHECK_NAME_MAX];
	bool av;		/* has both; then, in ticks of 90 kHz: */
	int64_t av_start, av_end;	/* first, last: audio PTS - video PTS */
};

/* How arrival keeps up with the PCR, from 2 s after the first byte. */
struct check_pace {
	bool measured;
	int64_t silence_ns;	/* the longest, anywhere */
	int64_t spread_ns;	/* between the earliest and the latest */
	int64_t ppb;		/* the stream's clock against ours, ... */
	int64_t off_ppb;	/* ... known to so much, either way */
};

struct check_report {
	size_t packet_size;	/* 188, 192 or 204; 0: no packet was found */
	uint64_t bytes, packets, nulls;
	uint64_t garbage;	/* bytes that are no packets */
	uint64_t tail;		/* bytes of a last, cut packet */
	int64_t duration;	/* 27 MHz, since the first PCR */
	uint16_t ts_id;
	uint64_t pats, pat_changes;
	int64_t pat_max_gap;	/* 27 MHz */
	uint64_t tables[256];	/* sections by table_id */
	int64_t utc;		/* of the last TDT, or CHECK_NO_TIME */
	bool accuracy;		/* the rate is constant: 2.4 was judged */
	struct check_pace pace;
	const struct check_programme *programmes;
	size_t nprogrammes;
	const struct check_stream **streams;	/* by PID */
	size_t nstreams;
	const struct check_fault *faults;	/* by kind, then PID */
	size_t nfaults;
	uint64_t total_faults, total_notes;	/* sums of their counts */
};

struct check;

struct check *check_new(void);
void check_free(struct check *c);

/* arrival_ns: when these bytes came, on any steady clock; -1 for a file. */
void check_feed(struct check *c, const uint8_t *data, size_t len,
    int64_t arrival_ns);

/* The input has ended: the report, which lives as long as c does. */
const struct check_report *check_end(struct check *c);

/* What is known so far: totals, packets and duration are valid. */
const struct check_report *check_sofar(const struct check *c);

const struct check_kind_info *check_kind_info(enum check_kind k);

#endif
