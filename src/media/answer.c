#include "media/answer.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "base/xmem.h"
#include "plan/naming.h"

int
answer_set_bad(struct asset *a, const char *why)
{
	free(a->bad);
	free(a->audio);
	a->audio = NULL;
	a->naudio = 0;
	a->bad = xstrdup(why);
	a->duration_us = 0;
	a->has_video = a->has_audio = false;
	a->video_stream = a->audio_stream = -1;
	a->width = a->height = 0;
	a->transfer = TRANSFER_SDR;
	a->video_codec[0] = a->audio_codec[0] = '\0';
	return -1;
}

void
answer_language(char out[4], const char *text)
{
	size_t n = 0;

	memset(out, 0, 4);
	for (; n < 4 && text[n] != '\0'; n++) {
		char c = text[n] >= 'A' && text[n] <= 'Z' ?
		    (char)(text[n] - 'A' + 'a') : text[n];

		if (n == 3 || c < 'a' || c > 'z')
			break;
		out[n] = c;
	}
	/* "und" is ISO's word for nobody having said. */
	if (n != 3 || text[3] != '\0' || strcmp(out, "und") == 0)
		memset(out, 0, 4);
}

/* "12.345678" in microseconds, further digits dropped; -1 where it is no
 * such number ("N/A", negative) and INT64_MAX where it is absurdly long. */
static int64_t
parse_seconds(const char *s)
{
	int64_t us = 0, unit = US_PER_S;

	if (*s < '0' || *s > '9')
		return -1;
	for (; *s >= '0' && *s <= '9'; s++) {
		us = us * 10 + (*s - '0') * US_PER_S;
		if (us > PROBE_MAX_US)
			return INT64_MAX;
	}
	if (*s == '.') {
		for (s++; *s >= '0' && *s <= '9'; s++)
			us += (*s - '0') * (unit /= 10);
	}
	return *s == '\0' ? us : -1;
}

static const char *
text_of(const json_t *object, const char *name)
{
	const char *s = json_string_value(json_object_get(object, name));

	return s != NULL ? s : "";
}

/* A chapter's time: it may begin before the file does. */
static bool
parse_time(const char *s, int64_t *us)
{
	bool negative = *s == '-';

	*us = parse_seconds(s + negative);
	if (*us < 0)
		return false;
	if (*us > PROBE_MAX_US)
		*us = PROBE_MAX_US;
	if (negative)
		*us = -*us;
	return true;
}

/* The duration in a format or stream object, or -1. */
static int64_t
duration_of(const json_t *object)
{
	return parse_seconds(text_of(object, "duration"));
}

/* A whole number from 0 to max, or 0. */
static int
int_of(const json_t *object, const char *name, int max)
{
	json_int_t v = json_integer_value(json_object_get(object, name));

	return v > 0 && v <= max ? (int)v : 0;
}

static bool
has_disposition(const json_t *stream, const char *name)
{
	const json_t *d = json_object_get(stream, "disposition");

	return json_integer_value(json_object_get(d, name)) != 0;
}

/* Its index for ffmpeg's -map, -1 where there is none to trust. */
static int
index_of(const json_t *stream)
{
	const json_t *v = json_object_get(stream, "index");
	json_int_t i = json_integer_value(v);

	if (!json_is_integer(v) || i < 0 || i > PROBE_MAX_STREAM)
		return -1;
	return (int)i;
}

static bool
is_kind(const json_t *stream, const char *kind)
{
	if (strcmp(text_of(stream, "codec_type"), kind) != 0 ||
	    strcmp(text_of(stream, "codec_name"), "unknown") == 0)
		return false;
	/* Cover art calls itself a video stream of one picture. */
	return !has_disposition(stream, "attached_pic") &&
	    index_of(stream) >= 0;
}

/* The stream of that kind to air: the first marked as default, else the
 * first; NULL where there is none. */
static const json_t *
pick_stream(const json_t *streams, const char *kind)
{
	const json_t *s, *first = NULL;
	size_t i;

	json_array_foreach(streams, i, s) {
		if (!is_kind(s, kind))
			continue;
		if (has_disposition(s, "default"))
			return s;
		if (first == NULL)
			first = s;
	}
	return first;
}

/* The container's word counts: it covers all streams.  Where it has none, as
 * in some raw streams, the picture's own, then the sound's. */
static int64_t
pick_duration(const json_t *root, const json_t *video, const json_t *audio)
{
	int64_t us = duration_of(json_object_get(root, "format"));

	if (us <= 0)
		us = duration_of(video);
	if (us <= 0)
		us = duration_of(audio);
	return us;
}

/* ffmpeg's names are words of ASCII; what is longer is cut. */
static void
copy_codec(char out[16], const json_t *stream)
{
	const char *s = text_of(stream, "codec_name");
	size_t n = strlen(s);

	memset(out, 0, 16);
	memcpy(out, s, n < 15 ? n : 15);
	for (char *p = out; *p != '\0'; p++) {
		if (*p <= ' ' || *p > '~')
			*p = '?';
	}
}

static enum asset_transfer
transfer_of(const json_t *video)
{
	const char *s = text_of(video, "color_transfer");

	if (strcmp(s, "smpte2084") == 0)
		return TRANSFER_PQ;
	return strcmp(s, "arib-std-b67") == 0 ? TRANSFER_HLG : TRANSFER_SDR;
}

static void
fill_video(struct asset *a, const json_t *video)
{
	a->has_video = video != NULL;
	a->video_stream = video != NULL ? index_of(video) : -1;
	a->width = int_of(video, "width", PROBE_MAX_SIDE);
	a->height = int_of(video, "height", PROBE_MAX_SIDE);
	a->transfer = transfer_of(video);
	copy_codec(a->video_codec, video);
}

static bool
is_too_large(const json_t *video)
{
	json_int_t w = json_integer_value(json_object_get(video, "width"));
	json_int_t h = json_integer_value(json_object_get(video, "height"));

	return w > PROBE_MAX_SIDE || h > PROBE_MAX_SIDE ||
	    (w > 0 && h > PROBE_MAX_PIXELS / w);
}

static void
add_audio(struct asset *a, const json_t *stream)
{
	const json_t *tags = json_object_get(stream, "tags");
	struct asset_audio *out = &a->audio[a->naudio++];

	out->stream = index_of(stream);
	out->channels = int_of(stream, "channels", PROBE_MAX_CHANNELS);
	answer_language(out->language, text_of(tags, "language"));
	copy_codec(out->codec, stream);
}

/* The one to air first, the others in the container's order. */
static void
fill_audio(struct asset *a, const json_t *streams, const json_t *best)
{
	const json_t *s;
	size_t i;

	free(a->audio);
	a->audio = NULL;
	a->naudio = 0;
	a->has_audio = best != NULL;
	a->audio_stream = best != NULL ? index_of(best) : -1;
	copy_codec(a->audio_codec, best);
	if (best == NULL)
		return;
	a->audio = xcalloc(PROBE_MAX_AUDIO, sizeof *a->audio);
	add_audio(a, best);
	json_array_foreach(streams, i, s) {
		if (s != best && is_kind(s, "audio") &&
		    a->naudio < PROBE_MAX_AUDIO)
			add_audio(a, s);
	}
	a->audio = xreallocarray(a->audio, a->naudio, sizeof *a->audio);
}

/* At most PROBE_MAX_TITLE bytes, no character cut in two. */
static char *
copy_title(const char *s)
{
	size_t n = strlen(s);

	if (n > PROBE_MAX_TITLE) {
		n = PROBE_MAX_TITLE;
		while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
	}
	return xstrndup(s, n);
}

static void
fill_chapters(struct chapters *c, const json_t *root)
{
	const json_t *list = json_object_get(root, "chapters"), *item;
	size_t i, n = json_array_size(list);
	struct chapter ch;

	if (n > CHAPTERS_MAX)
		n = CHAPTERS_MAX;
	if (n == 0)
		return;
	c->v = xcalloc(n, sizeof *c->v);
	for (i = 0; i < n; i++) {
		item = json_array_get(list, i);
		if (!parse_time(text_of(item, "start_time"), &ch.start_us) ||
		    !parse_time(text_of(item, "end_time"), &ch.end_us))
			continue;
		ch.title = copy_title(text_of(json_object_get(item, "tags"),
		    "title"));
		c->v[c->n++] = ch;
	}
}

/* How long after the file's first time stamp the picture begins. */
static int64_t
start_of(const json_t *root, const json_t *video)
{
	const json_t *format = json_object_get(root, "format");
	int64_t first, own;

	if (video == NULL || !parse_time(text_of(format, "start_time"),
	    &first) || !parse_time(text_of(video, "start_time"), &own) ||
	    own <= first || own - first >= PROBE_MAX_US)
		return 0;
	return own - first;
}

static int
fill(const json_t *root, struct asset *a)
{
	const json_t *streams = json_object_get(root, "streams");
	const json_t *video = pick_stream(streams, "video");
	const json_t *audio = pick_stream(streams, "audio");

	if (video == NULL && audio == NULL)
		return answer_set_bad(a, "has neither pictures nor sound");
	if (video != NULL && is_too_large(video))
		return answer_set_bad(a, "has pictures of more than 40 "
		    "million pixels");
	fill_video(a, video);
	a->video_start_us = start_of(root, video);
	fill_audio(a, streams, audio);
	a->duration_us = pick_duration(root, video, audio);
	if (a->duration_us <= 0)
		return answer_set_bad(a, "has no known duration");
	if (a->duration_us > PROBE_MAX_US)
		return answer_set_bad(a, "claims to last more than 31 days");
	return 0;
}

/* ffprobe puts U+FFFD for what is no UTF-8 in a file's texts; what an older
 * or a newer one lets through must not cost us its whole answer. */
static char *
clean_copy(const char *json, size_t len)
{
	char *copy = xmalloc(len + 1);
	size_t i, n;

	if (len > 0)
		memcpy(copy, json, len);
	copy[len] = '\0';		/* utf8_len() reads no further */
	for (i = 0; i < len; i += n) {
		if ((n = utf8_len((const uint8_t *)copy + i)) == 0) {
			copy[i] = '?';
			n = 1;
		}
	}
	return copy;
}

/* A tag whatever the case of its name. */
static const char *
tag_of(const json_t *tags, const char *name)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)tags, key, v) {
		if (strcasecmp(key, name) == 0 && json_is_string(v))
			return json_string_value(v);
	}
	return "";
}

/* The first that there is of the names, which end with NULL. */
static const char *
first_tag(const json_t *tags, const char *const *names)
{
	const char *s = "";

	for (; *names != NULL && *s == '\0'; names++)
		s = tag_of(tags, *names);
	return s;
}
#define FIRST_TAG(tags, ...)						\
	first_tag(tags, (const char *const[]){ __VA_ARGS__, NULL })

/* A whole number, -1 where it is none. */
static int
number_of(const char *s)
{
	int64_t v = 0;

	for (; *s >= '0' && *s <= '9' && v <= FACTS_NUMBER_MAX; s++)
		v = v * 10 + (*s - '0');
	return *s == '\0' && v > 0 && v <= FACTS_NUMBER_MAX ? (int)v : -1;
}

/* iTunes writes "us-tv|TV-PG|400|". */
static void
set_rating(struct asset_about *a, const json_t *tags)
{
	const char *s = FIRST_TAG(tags, "content_rating", "law_rating",
	    "iTunEXTC"), *bar = strchr(s, '|');
	char *word;

	if (bar != NULL)
		s = bar + 1;
	word = xstrndup(s, strcspn(s, "|"));
	facts_set(&a->rating, word, FACTS_WORD_MAX);
	free(word);
}

/* A title that is what the release was called says less than the file's
 * name. */
static void
fill_tags(struct facts *f, const json_t *root)
{
	const json_t *tags = json_object_get(json_object_get(root, "format"),
	    "tags");
	const char *title = tag_of(tags, "title");

	if (!naming_is_release(title))
		facts_set(&f->title, title, FACTS_TITLE_MAX);
	facts_set_series(&f->about, tag_of(tags, "show"));
	f->about.season = number_of(tag_of(tags, "season_number"));
	f->about.episode = number_of(tag_of(tags, "episode_sort"));
	facts_add_list(&f->about.genres, tag_of(tags, "genre"));
	f->about.year = facts_year(FIRST_TAG(tags, "date", "date_released",
	    "year"));
	facts_set(&f->about.plot, FIRST_TAG(tags, "synopsis", "description"),
	    FACTS_PLOT_MAX);
	set_rating(&f->about, tags);
}

int
answer_parse(const char *json, size_t len, struct asset *a,
    struct chapters *c, struct facts *tags)
{
	char *clean = clean_copy(json, len);
	json_t *root = json_loadb(clean, len, 0, NULL);
	int rc;

	*c = (struct chapters){ 0 };
	*tags = (struct facts)FACTS_NONE;
	if (json_is_object(root))
		rc = fill(root, a);
	else
		rc = answer_set_bad(a, "ffprobe's answer makes no sense");
	if (rc == 0) {
		fill_chapters(c, root);
		fill_tags(tags, root);
	}
	json_decref(root);
	free(clean);
	return rc;
}
