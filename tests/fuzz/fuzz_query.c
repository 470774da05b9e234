/* What stands in a query and behind the last '/': moments (?at=, from=, to=),
 * values, names of segments.  What is understood is what it says, written out
 * and read again it is the same, and nothing is out of its range. */

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/arith.h"
#include "base/instant.h"
#include "base/tz.h"
#include "base/uri.h"
#include "base/xmem.h"
#include "fuzz.h"
#include "ts/hls.h"

#define DAY_S	86400

static bool
is_whole_utc(const char *s)
{
	size_t len = strlen(s);

	return len >= 20 && s[10] == 'T' && s[16] == ':' && s[len - 1] == 'Z';
}

static void
take_played(const char *s)
{
	int64_t ns = instant_parse_player(s);

	need(ns >= -1 && ns / NS_PER_S < INT64_C(7289654400));
}

/* A moment that is written as a date is on that date. */
static void
take_instant(const char *s)
{
	int64_t ns = instant_parse(s), sec = ns / NS_PER_S;
	char text[80];
	int year, month, day;

	need(ns >= -1 && ns / NS_PER_S < INT64_C(7289654400));
	if (ns < 0)
		return;
	civil_from_days(sec / DAY_S, &year, &month, &day);
	(void)snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d."
	    "%09" PRId64 "Z", year, month, day, (int)(sec % DAY_S / 3600),
	    (int)(sec % 3600 / 60), (int)(sec % 60), ns % NS_PER_S);
	need(instant_parse(text) == ns);
	/* A leap second is the next day's first. */
	if (is_whole_utc(s) && strncmp(s + 17, "60", 2) != 0)
		need(strncmp(s, text, 19) == 0);
}

static void
take_value(const char *query)
{
	char *value = uri_query(query, "at"), *back;
	struct buf b = { 0 };

	if (value == NULL)
		return;
	take_instant(value);
	buf_adds(&b, "x=1&at=");
	uri_add_escaped(&b, value);
	back = uri_query(buf_str(&b), "at");
	need(back != NULL && strcmp(back, value) == 0);
	free(back);
	free(value);
	buf_fini(&b);
}

static void
take_name(const char *name)
{
	int64_t n = hls_parse_name(name);
	char text[40];

	need(n >= -1);
	if (n < 0)
		return;
	(void)snprintf(text, sizeof text, "%" PRId64 ".ts", n);
	need(strcmp(name, text) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);

	take_instant(text);
	take_played(text);
	take_value(text);
	take_name(text);
	free(text);
	return 0;
}
