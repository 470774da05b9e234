#include "air/slate_text.h"

#include <inttypes.h>
#include <string.h>

#include "base/arith.h"
#include "base/tz.h"

#define DAY_S	86400

/* Names are any bytes: only a new line would be taken for one. */
static void
line_add(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++)
		buf_add(out, *s == '\n' ? " " : s, 1);
	buf_adds(out, "\n");
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static void
time_add(struct buf *out, int64_t at)
{
	int64_t s = div_floor(at, NS_PER_S);
	int year, month, day, sec = (int)mod_floor(s, DAY_S);

	civil_from_days(div_floor(s, DAY_S), &year, &month, &day);
	buf_addf(out, "%04d-%02d-%02d %02d:%02d:%02d UTC", year, month, day,
	    sec / 3600, sec / 60 % 60, sec % 60);
}

void
slate_text(struct buf *out, const struct chan *ch, const struct segment *s,
    const char *cause, int64_t at)
{
	buf_addf(out, "%s ", ch->number);
	line_add(out, ch->name);
	buf_addf(out, "%s-%" PRId64 "\n", ch->slug, s->n0);
	if (s->asset != NULL)
		line_add(out, base_name(s->asset->path));
	line_add(out, cause[0] != '\0' ? cause : "waiting for the child");
	time_add(out, at);
}
