#include "media/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xmem.h"
#include "media/run.h"

#define TIMEOUT_MS	20000
#define MAX_JSON	(1 << 20)	/* bytes */
#define MAX_REASON	200		/* bytes of ffprobe's own words */

/* Demuxers of files that hold pictures or sound themselves.  Never one that
 * opens further files (hls, dash, concat, imf, image2) or that takes any
 * text for media. */
#define FORMATS "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,flv,avi,mpegts,mpeg," \
    "mpegvideo,asf,ogg,wav,w64,mp3,aac,flac,ac3,eac3,mxf,dv"

/* What ffprobe says of a file that it has read and that is at fault. */
static const char *const verdicts[] = {
	"Invalid data found when processing input",
	"Invalid argument",
	"End of file",
	NULL
};

static int
set_bad(struct asset *a, const char *why)
{
	free(a->bad);
	a->bad = xstrdup(why);
	a->duration_us = 0;
	a->has_video = a->has_audio = false;
	a->video_stream = a->audio_stream = -1;
	return -1;
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

/* The duration in a format or stream object, or -1. */
static int64_t
duration_of(const json_t *object)
{
	const char *s = json_string_value(json_object_get(object, "duration"));

	return s != NULL ? parse_seconds(s) : -1;
}

static bool
has_disposition(const json_t *stream, const char *name)
{
	const json_t *d = json_object_get(stream, "disposition");

	return json_integer_value(json_object_get(d, name)) != 0;
}

static bool
is_kind(const json_t *stream, const char *kind)
{
	const char *type, *codec;

	type = json_string_value(json_object_get(stream, "codec_type"));
	codec = json_string_value(json_object_get(stream, "codec_name"));
	if (type == NULL || strcmp(type, kind) != 0)
		return false;
	if (codec != NULL && strcmp(codec, "unknown") == 0)
		return false;
	/* Cover art calls itself a video stream of one picture. */
	return !has_disposition(stream, "attached_pic");
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

static int
fill(const json_t *root, struct asset *a)
{
	const json_t *streams = json_object_get(root, "streams");
	const json_t *video = pick_stream(streams, "video");
	const json_t *audio = pick_stream(streams, "audio");

	a->video_stream = index_of(video);
	a->audio_stream = index_of(audio);
	a->has_video = a->video_stream >= 0;
	a->has_audio = a->audio_stream >= 0;
	a->duration_us = pick_duration(root, video, audio);
	if (!a->has_video && !a->has_audio)
		return set_bad(a, "has neither pictures nor sound");
	if (a->duration_us <= 0)
		return set_bad(a, "has no known duration");
	if (a->duration_us > PROBE_MAX_US)
		return set_bad(a, "claims to last more than 31 days");
	return 0;
}

int
probe_parse(const char *json, size_t len, struct asset *a)
{
	json_t *root = json_loadb(json, len, 0, NULL);
	int rc;

	if (json_is_object(root))
		rc = fill(root, a);
	else
		rc = set_bad(a, "ffprobe's answer makes no sense");
	json_decref(root);
	return rc;
}

static const char *
why_not_regular(mode_t mode)
{
	if (S_ISDIR(mode))
		return "is a directory";
	if (S_ISFIFO(mode))
		return "is a FIFO, not a file";
	if (S_ISSOCK(mode))
		return "is a socket, not a file";
	return "is a device, not a file";
}

/* Why path is not worth an ffprobe, or NULL.  Its kind is looked at before
 * it is opened: opening a FIFO or a tape has effects. */
static const char *
check_file(const char *path)
{
	struct stat st;
	int fd;

	if (stat(path, &st) < 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return why_not_regular(st.st_mode);
	if (st.st_size == 0)
		return "is empty";
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return strerror(errno);
	close(fd);
	return NULL;
}

static bool
is_verdict(const char *reason)
{
	for (const char *const *v = verdicts; *v != NULL; v++) {
		if (strcmp(reason, *v) == 0)
			return true;
	}
	return false;
}

/* The last words of ffprobe's last line, "file:PATH: WORDS"; bytes from the
 * file that may stand before them are no text for a log. */
static char *
last_words(struct buf *err)
{
	const char *s = buf_str(err), *at;
	char *words;

	while ((at = strstr(s, ": ")) != NULL)
		s = at + 2;
	words = xstrndup(s, MAX_REASON);
	words[strcspn(words, "\n")] = '\0';
	for (char *p = words; *p != '\0'; p++) {
		if (*p < ' ' || *p > '~')
			*p = '?';
	}
	return words;
}

/* ffprobe exited with a failure: why, and is it the file's? */
static bool
take_failure(struct run_job *r, struct asset *a)
{
	char *words, *why;
	bool final;

	if (strstr(buf_str(&r->err), "not on whitelist") != NULL) {
		set_bad(a, "is in no format that airs");
		return true;
	}
	words = last_words(&r->err);
	final = is_verdict(words);
	if (WIFSIGNALED(r->status))
		why = xasprintf("ffprobe died of signal %d",
		    WTERMSIG(r->status));
	else if (final)
		why = xasprintf("is no media file that can be read: %s",
		    words);
	else
		why = xasprintf("ffprobe: %s",
		    *words != '\0' ? words : "failed without a word");
	set_bad(a, why);
	free(why);
	free(words);
	return final;
}

/* True if the answer in r is the file's own. */
static bool
take_answer(struct run_job *r, struct asset *a)
{
	char *why;

	switch (r->end) {
	case RUN_NOT_STARTED:
		why = xasprintf("cannot run %s: %s", r->argv[0],
		    strerror(r->error));
		set_bad(a, why);
		free(why);
		return false;
	case RUN_TIMEOUT:
		set_bad(a, "ffprobe did not end within 20 s");
		return false;
	case RUN_STOPPED:
		set_bad(a, "not probed: stopped");
		return false;
	case RUN_TOO_MUCH:
		set_bad(a, "ffprobe said more than 1 MiB about it");
		return true;
	case RUN_EXITED:
		break;
	}
	if (r->status != 0)
		return take_failure(r, a);
	probe_parse((const char *)r->out.data, r->out.len, a);
	return true;
}

/* For entries whose texts are numbers or ffmpeg's own names only: what a
 * file calls itself may be in any encoding, and JSON is UTF-8. */
static bool
ask(const char *ffprobe, const volatile int *stop, const char *url,
    struct asset *a)
{
	const char *const argv[] = {
		ffprobe, "-v", "error", "-hide_banner",
		"-protocol_whitelist", "file,pipe",
		"-format_whitelist", FORMATS,
		"-show_entries", "format=duration:"
		    "stream=index,codec_type,codec_name,duration:"
		    "stream_disposition=default,attached_pic",
		"-of", "json", "-i", url, NULL
	};
	struct run_job r = {
		.argv = argv, .timeout_ms = TIMEOUT_MS, .max_out = MAX_JSON,
		.stop = stop,
	};
	bool final;

	run_program(&r);
	final = take_answer(&r, a);
	buf_fini(&r.out);
	buf_fini(&r.err);
	return final;
}

bool
probe_file(const char *ffprobe, const volatile int *stop, struct asset *a)
{
	const char *why = check_file(a->path);
	bool final;
	char *url;

	if (why != NULL) {
		set_bad(a, why);
		return false;		/* found again without ffprobe */
	}
	url = xasprintf("file:%s", a->path);
	final = ask(ffprobe, stop, url, a);
	free(url);
	return final;
}
