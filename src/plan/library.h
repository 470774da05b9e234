/* library.h - the library as the planner sees it: a snapshot that does not
 * change.  media/ fills it; whoever holds it may read it from any thread. */

#ifndef PLAN_LIBRARY_H
#define PLAN_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MARKER_KINDS(X) X(intro) X(outro) X(avail) X(bumper) X(chapter)

enum marker_kind {
#define X(name) MARKER_##name,
	MARKER_KINDS(X)
#undef X
	MARKER_NKINDS
};

struct marker {
	enum marker_kind kind;
	int64_t start_us;	/* 0 <= start <= end <= duration */
	int64_t end_us;		/* start for a marker that is a point */
	bool range;		/* an end was given */
	bool imported;		/* from the container's chapters, not from a
				 * sidecar */
};

#define ASSET_TYPES(X)							\
	X(episode) X(movie)						\
	X(commercial) X(promo) X(trailer) X(teaser) X(psa)		\
	X(station_id) X(bumper) X(stinger) X(filler)

enum asset_type {
#define X(name) ASSET_##name,
	ASSET_TYPES(X)
#undef X
	ASSET_NTYPES
};

/* How the pictures' values mean light (ITU-T H.273 8.2). */
enum asset_transfer {
	TRANSFER_SDR,
	TRANSFER_PQ,		/* SMPTE ST 2084: HDR10 */
	TRANSFER_HLG,		/* ARIB STD-B67 */
};

struct asset_audio {
	int stream;		/* ffmpeg's stream index */
	int channels;		/* 0: not known */
	char language[4];	/* ISO 639-2 ("eng"), "" where not told */
	char codec[16];		/* ffmpeg's name, for people only */
};

/* A list of texts, as people wrote them. */
struct texts {
	char **v;
	size_t n, cap;
};

/* What an asset is to people: from its name, its container's tags, its .nfo
 * and its sidecar.  NULL, 0 or empty where nobody said. */
struct asset_about {
	char *series;
	int series_year;	/* tells two series of one name apart */
	int season, episode;	/* -1: not known; a special's season is 0 */
	int year;
	char *plot;
	char *rating;		/* "TV-PG" */
	char *icon;		/* the address (http, https) of a picture */
	struct texts genres, tags;
	struct texts directors, writers, actors;
	char *advertiser;	/* of a spot: no two of one in a break */
	char *category;		/* the same */
};

/* How loud it is (EBU R128, ITU-R BS.1770-4), in hundredths: LUFS x 100 and
 * dBTP x 100. */
struct asset_loudness {
	bool known;		/* false: not measured, or silent throughout */
	int integrated, true_peak;
};

/* A moment at which a break hurts least: the middle of black, of silence, or
 * of both. */
struct asset_lull {
	int64_t at_us;
	bool black, silent;
};

/* More lulls than this a programme is not kept with. */
#define ASSET_LULLS_MAX	200

struct asset {
	char *path;		/* absolute, bytes as the file system has them */
	char *title;
	enum asset_type type;
	struct asset_about about;
	struct asset_loudness loudness;
	struct asset_lull *lulls;	/* by time */
	size_t nlulls;
	int64_t duration_us;	/* probed; 0 when bad */
	bool has_video;		/* a moving picture, not cover art */
	bool has_audio;
	int video_stream;	/* ffmpeg's stream index, -1: none */
	int audio_stream;	/* of audio[0] */
	struct asset_audio *audio;	/* the container's default first */
	size_t naudio;
	int width, height;	/* coded size, 0 where not known */
	int64_t video_start_us;	/* of the first picture, after the file's
				 * first time stamp of all; 0 if not known */
	enum asset_transfer transfer;
	char video_codec[16];	/* ffmpeg's names, "" where there is none; */
	char audio_codec[16];	/* for people only */
	struct marker *markers;	/* by start, then end */
	size_t nmarkers;
	char *bad;		/* why it cannot air, or NULL */
};

struct library {
	struct asset *assets;	/* by path, bytewise */
	size_t n;
};

/* A copy of the text becomes the last of t. */
void texts_add(struct texts *t, const char *text);
void texts_fini(struct texts *t);

/* About nothing; free what it holds with asset_about_fini(). */
#define ASSET_ABOUT_NONE { .season = -1, .episode = -1 }
void asset_about_copy(struct asset_about *to, const struct asset_about *from);
void asset_about_fini(struct asset_about *a);

/* A copy that stands by itself; free what an asset holds with asset_fini(). */
void asset_copy(struct asset *to, const struct asset *from);
void asset_fini(struct asset *a);

/* For qsort(3): the order in which an asset has its markers. */
int marker_compare(const void *va, const void *vb);

/* Frees the assets and l itself; NULL is fine. */
void library_free(struct library *l);

/* The asset with that path, or NULL. */
const struct asset *library_find(const struct library *l, const char *path);

/* "episode" and so on; "avail" and so on. */
const char *asset_type_name(enum asset_type t);
const char *marker_kind_name(enum marker_kind k);

/* The type or kind of that name, or -1. */
int asset_type_find(const char *name);
int marker_kind_find(const char *name);

/* True for what goes into a break: every type from commercial to filler
 * but bumper and station_id, which have places of their own, and filler. */
bool asset_type_is_spot(enum asset_type t);

#endif
