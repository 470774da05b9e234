/* Zone files to instants: any bytes are refused or are a zone, and a zone's
 * local times lead back to where they came from; close to a change only to
 * somewhere near, since a file may have changes as wild as it likes. */

#include <string.h>

#include "base/tz.h"
#include "fuzz.h"

#define DAY	INT64_C(86400)
#define APART	(2 * DAY)	/* as far as an offset can go */

static bool
is_steady(const struct tz *z, int64_t t)
{
	int64_t at = t - APART;

	while (at < t + APART && tz_offset(z, at) == tz_offset(z, t))
		at += 3600;
	return at >= t + APART;
}

static void
there_and_back(const struct tz *z, int64_t t)
{
	struct civil c = tz_local(z, t);
	int64_t back = tz_instant(z, &c);

	need(back - t <= 2 * APART && t - back <= 2 * APART);
	need(back == t || !is_steady(z, t));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *why = NULL;
	struct tz *z = tz_parse(data, size, &why);

	if (z == NULL) {
		need(why != NULL);
		return 0;
	}
	/* Across a century, and close to what the file itself names. */
	for (int64_t t = -40 * 365 * DAY; t < 80 * 365 * DAY; t += 37 * DAY)
		there_and_back(z, t + 5 * 3600);
	for (size_t at = 44; at + 4 <= size && at < 344; at += 4) {
		int32_t t;

		memcpy(&t, data + at, sizeof t);
		there_and_back(z, t);
	}
	tz_free(z);
	return 0;
}
