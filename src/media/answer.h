/* answer.h - what ffprobe's JSON says about a file.  Pure; any bytes. */

#ifndef MEDIA_ANSWER_H
#define MEDIA_ANSWER_H

#include <stddef.h>

#include "base/arith.h"
#include "media/chapters.h"
#include "plan/facts.h"
#include "plan/library.h"

/* What no sound file exceeds: its duration, its streams' indices, how many
 * of them carry sound, the size of its pictures: decoders keep dozens. */
#define PROBE_MAX_US		(31 * 86400 * US_PER_S)
#define PROBE_MAX_STREAM	10000
#define PROBE_MAX_AUDIO		64
#define PROBE_MAX_SIDE		32768
#define PROBE_MAX_PIXELS	(40 * 1000 * 1000)	/* 8K has 33 million */
#define PROBE_MAX_CHANNELS	64
#define PROBE_MAX_TITLE		500	/* bytes of a chapter's title */

/* The tags that say what the file is: MP4's names, Matroska's. */
#define ANSWER_TAGS							\
	"title,show,season_number,episode_sort,genre,date,year,"	\
	"description,synopsis,content_rating,iTunEXTC,"			\
	"TITLE,SHOW,SEASON_NUMBER,EPISODE_SORT,GENRE,DATE,YEAR,"	\
	"DATE_RELEASED,DESCRIPTION,SYNOPSIS,CONTENT_RATING,LAW_RATING"

/* The entries to ask ffprobe for with -show_entries. */
#define ANSWER_ENTRIES							\
	"format=duration,start_time:"					\
	"format_tags=" ANSWER_TAGS ":"					\
	"stream=index,codec_type,codec_name,start_time,duration,"	\
	"width,height,"							\
	"channels,color_transfer:"					\
	"stream_tags=language:"						\
	"stream_disposition=default,attached_pic:"			\
	"chapter=start_time,end_time:"					\
	"chapter_tags=title"

/* Fill a's duration, streams, picture and codecs, *c and *tags from the
 * text.  0, or -1 with a->bad set (malloc'd) and both empty.  What is in the
 * text beyond the limits above is left out; bytes that are no UTF-8 become
 * '?'. */
int answer_parse(const char *json, size_t len, struct asset *a,
    struct chapters *c, struct facts *tags);

/* Make a bad: no streams, no duration, and why.  Returns -1. */
int answer_set_bad(struct asset *a, const char *why);

/* The first three letters of ISO 639-2 in lower case, or "": what a file
 * calls a language may be anything. */
void answer_language(char out[4], const char *text);

#endif
