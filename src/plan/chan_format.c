#include "plan/chan_parts.h"

#include "plan/conf.h"

#define KBIT	INT64_C(1000)
#define MBIT	INT64_C(1000000)

static void
read_even(struct errs *e, const struct node *m, const char *key, int min,
    int max, int *out)
{
	int64_t v;

	if (!conf_int(e, m, key, min, max, &v))
		return;
	if (v % 2 != 0)		/* 4:2:0 halves both */
		conf_fault(e, conf_get(m, key), "%s must be even, not %d",
		    key, (int)v);
	else
		*out = (int)v;
}

/* 29.97 is what people call 30000/1001. */
static void
read_rate(struct errs *e, const struct node *m, struct rate *out)
{
	static const struct rate ntsc = { 30000, 1001 }, pal = { 25, 1 };
	struct rate r;

	if (!conf_rate(e, m, "frame_rate", &r))
		return;
	if ((r.num == ntsc.num && r.den == ntsc.den) ||
	    (r.num == 2997 && r.den == 100))
		*out = ntsc;
	else if (r.num == pal.num && r.den == pal.den)
		*out = pal;
	else
		conf_fault(e, conf_get(m, "frame_rate"), "frame_rate '%.80s' "
		    "is not supported; use 30000/1001 (29.97) or 25",
		    conf_get(m, "frame_rate")->text);
}

static void
read_video(struct format *f, struct errs *e, const struct node *m)
{
	CONF_KEYS(e, m, "width", "height", "frame_rate", "bitrate");
	read_even(e, m, "width", 160, 3840, &f->width);
	read_even(e, m, "height", 90, 2160, &f->height);
	read_rate(e, m, &f->rate);
	conf_bitrate(e, m, "bitrate", 100 * KBIT, 100 * MBIT,
	    &f->video_bitrate);
}

static void
read_codec(struct errs *e, const struct node *m)
{
	static const char *const names[] = { "aac", "ac3", "mp2" };
	int i;

	if (conf_choice(e, m, "codec", names, 3, &i) && i != 0)
		conf_fault(e, conf_get(m, "codec"),
		    "audio codec '%s' is not supported yet; use aac",
		    names[i]);
}

static void
read_audio(struct format *f, struct errs *e, const struct node *m)
{
	int64_t v;

	CONF_KEYS(e, m, "codec", "sample_rate", "channels", "bitrate");
	read_codec(e, m);
	if (conf_int(e, m, "sample_rate", 1, 192000, &v) &&
	    v != f->sample_rate)
		conf_fault(e, conf_get(m, "sample_rate"),
		    "sample_rate %d is not supported; use 48000", (int)v);
	if (conf_int(e, m, "channels", 1, 2, &v))
		f->channels = (int)v;
	conf_bitrate(e, m, "bitrate", 32 * KBIT, 512 * KBIT,
	    &f->audio_bitrate);
}

static void
read_grid(struct format *f, struct errs *e, const struct node *m)
{
	int64_t v;

	if (!conf_int(e, m, "grid_minutes", 1, 60, &v))
		return;
	if (60 % v != 0)
		conf_fault(e, conf_get(m, "grid_minutes"),
		    "grid_minutes must divide 60; %d does not", (int)v);
	else
		f->grid_minutes = (int)v;
}

void
chan_read_format(struct chan *c, const struct node *root, struct errs *e)
{
	const struct node *m = conf_map(e, root, "format");

	c->format = format_default();
	CONF_KEYS(e, m, "video", "audio", "grid_minutes");
	read_video(&c->format, e, conf_map(e, m, "video"));
	read_audio(&c->format, e, conf_map(e, m, "audio"));
	read_grid(&c->format, e, m);
}
