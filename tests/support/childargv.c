/* childargv.c - the command line of a child for one file, as the daemon would
 * make it: its arguments, each ended by a NUL.
 *
 * childargv [option=value ...] FILE
 * in= (house frame of the asset), n0=, count=, rate=N/D, size=WxH, codec=,
 * channels=, language=, title=, fade=1. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "air/argv.h"
#include "base/xmem.h"
#include "media/ffcaps.h"
#include "media/probe.h"

static struct format format;
static struct asset asset;
static struct argv_child child = { .ffmpeg = "ffmpeg", .format = &format,
	.asset = &asset };
static int64_t count = 75;

static void
take_format(const char *key, const char *v)
{
	if (strcmp(key, "rate") == 0)
		sscanf(v, "%" SCNd64 "/%" SCNd64, &format.rate.num,
		    &format.rate.den);
	else if (strcmp(key, "size") == 0)
		sscanf(v, "%dx%d", &format.width, &format.height);
	else if (strcmp(key, "channels") == 0)
		format.channels = (int)strtol(v, NULL, 10);
	else if (strcmp(key, "codec") == 0)
		format.audio_codec = v[0] == 'm' ? FORMAT_MP2 :
		    strcmp(v, "ac3") == 0 ? FORMAT_AC3 : FORMAT_AAC;
	else {
		fprintf(stderr, "childargv: what is %s?\n", key);
		exit(64);
	}
}

static void
take(const char *key, char *v)
{
	if (strcmp(key, "in") == 0)
		child.in = strtoll(v, NULL, 10);
	else if (strcmp(key, "n0") == 0)
		child.n0 = strtoll(v, NULL, 10);
	else if (strcmp(key, "count") == 0)
		count = strtoll(v, NULL, 10);
	else if (strcmp(key, "language") == 0)
		child.language = v;
	else if (strcmp(key, "title") == 0)
		asset.title = v;
	else if (strcmp(key, "fade") == 0)
		child.fade_in = child.fade_out = true;
	else
		take_format(key, v);
}

static void
facts(char *path)
{
	struct chapters chapters = { 0 };
	struct facts tags;

	asset.path = path;
	asset.video_stream = asset.audio_stream = -1;
	probe_file("ffprobe", NULL, NULL, &asset, &chapters,
	    &tags);
	chapters_fini(&chapters);
	facts_fini(&tags);
	if (asset.bad != NULL) {
		fprintf(stderr, "bad: %s\n", asset.bad);
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	struct argv_caps caps = { 0 };
	char **out;

	format = format_default();
	for (int i = 1; i < argc - 1; i++) {
		char *v = strchr(argv[i], '=');

		if (v == NULL)
			return 64;
		*v = '\0';
		take(argv[i], v + 1);
	}
	if (argc < 2)
		return 64;
	facts(argv[argc - 1]);
	if (!asset.has_video || asset.transfer != TRANSFER_SDR)
		ffcaps_find("ffmpeg", NULL, NULL, &caps);	/* it takes a while */
	child.caps = &caps;
	child.n1 = child.n0 + count;
	out = argv_child(&child);
	for (char **p = out; *p != NULL; p++)
		fwrite(*p, 1, strlen(*p) + 1, stdout);
	argv_free(out);
	ffcaps_fini(&caps);
	return 0;
}
