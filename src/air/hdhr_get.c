/* What a device of our model would say of itself and its tuners. */

#include "air/hdhr_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "ts/mux.h"

#define TUNER		"/tuner"
#define PACKET_BITS	(188 * 8)

/* t is NULL where nobody watches. */
typedef void get_fn(const struct hdhr_tuner *t, struct buf *out);

static void
get_channel(const struct hdhr_tuner *t, struct buf *out)
{
	if (t == NULL)
		buf_adds(out, "none");
	else
		buf_addf(out, "auto:%s", t->number);
}

static void
get_vchannel(const struct hdhr_tuner *t, struct buf *out)
{
	buf_adds(out, t != NULL ? t->number : "none");
}

static void
get_channelmap(const struct hdhr_tuner *t, struct buf *out)
{
	(void)t;
	buf_adds(out, "us-bcast");
}

static void
get_program(const struct hdhr_tuner *t, struct buf *out)
{
	buf_addf(out, "%d", t != NULL ? MUX_SERVICE_ID : 0);
}

static void
get_filter(const struct hdhr_tuner *t, struct buf *out)
{
	(void)t;
	buf_adds(out, "0x0000-0x1fff");
}

/* Where it sends to, and who holds it: HTTP needs neither. */
static void
get_none(const struct hdhr_tuner *t, struct buf *out)
{
	(void)t;
	buf_adds(out, "none");
}

static void
get_status(const struct hdhr_tuner *t, struct buf *out)
{
	if (t == NULL)
		buf_adds(out, "ch=none lock=none ss=0 snq=0 seq=0 bps=0 "
		    "pps=0");
	else
		buf_addf(out, "ch=auto:%s lock=8vsb ss=100 snq=100 seq=100 "
		    "bps=%" PRId64 " pps=%" PRId64, t->number, t->bitrate,
		    t->bitrate / PACKET_BITS);
}

/* One line: control characters would make it more. */
static void
get_streaminfo(const struct hdhr_tuner *t, struct buf *out)
{
	size_t at;

	if (t == NULL) {
		buf_adds(out, "none");
		return;
	}
	buf_addf(out, "%d: %s ", MUX_SERVICE_ID, t->number);
	at = out->len;
	buf_adds(out, t->name);
	for (; at < out->len; at++)
		if (out->data[at] < ' ')
			out->data[at] = ' ';
	buf_adds(out, "\n");
}

static const struct {
	const char *name;
	get_fn *get;
} of_tuner[] = {
	{ "channel", get_channel },
	{ "channelmap", get_channelmap },
	{ "filter", get_filter },
	{ "lockkey", get_none },
	{ "program", get_program },
	{ "status", get_status },
	{ "streaminfo", get_streaminfo },
	{ "target", get_none },
	{ "vchannel", get_vchannel },
};

static const struct {
	const char *name, *value;
} of_system[] = {
	{ "/sys/features", "channelmap: us-bcast us-cable us-hrc us-irc\n"
	    "modulation: 8vsb qam256 qam64\n"
	    "auto-modulation: auto auto6t auto6c qam\n" },
	{ "/sys/hwmodel", HDHR_MODEL },
	{ "/sys/model", HDHR_FIRMWARE },
	{ "/sys/version", HDHR_VERSION },
};

static void
get_help(struct buf *out)
{
	buf_adds(out, "Supported configuration options:\n");
	for (size_t i = 0; i < LENGTH(of_system); i++)
		buf_addf(out, "%s\n", of_system[i].name);
	for (size_t i = 0; i < LENGTH(of_tuner); i++)
		buf_addf(out, TUNER "<n>/%s\n", of_tuner[i].name);
}

/* "3/status", behind TUNER. */
static bool
get_of_tuner(const struct hdhr_device *d, const char *s, struct buf *out)
{
	unsigned long n;
	char *end;

	if (*s < '0' || *s > '9')
		return false;
	n = strtoul(s, &end, 10);
	if (n >= d->tuners || *end != '/')
		return false;
	for (size_t i = 0; i < LENGTH(of_tuner); i++) {
		if (strcmp(end + 1, of_tuner[i].name) != 0)
			continue;
		of_tuner[i].get(n < d->nused ? &d->used[n] : NULL, out);
		return true;
	}
	return false;
}

bool
hdhr_get(const struct hdhr_device *d, const char *name, struct buf *out)
{
	if (strncmp(name, TUNER, strlen(TUNER)) == 0)
		return get_of_tuner(d, name + strlen(TUNER), out);
	if (strcmp(name, "help") == 0) {
		get_help(out);
		return true;
	}
	for (size_t i = 0; i < LENGTH(of_system); i++) {
		if (strcmp(name, of_system[i].name) == 0) {
			buf_adds(out, of_system[i].value);
			return true;
		}
	}
	return false;
}
