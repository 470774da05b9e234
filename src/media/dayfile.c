#include "media/dayfile.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/tz.h"
#include "base/xmem.h"
#include "media/jsontext.h"

#define DATE_LEN	10		/* of "2026-01-15" */

char *
dayfile_path(const char *dir, const char *slug, int64_t date,
    const char *suffix)
{
	int year, month, day;

	civil_from_days(date, &year, &month, &day);
	return xasprintf("%s/%s/%04d-%02d-%02d%s", dir, slug, year, month,
	    day, suffix);
}

int64_t
dayfile_date(const char *name)
{
	int year, month, day, end = 0, y, m, d;
	int64_t date;

	if (sscanf(name, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 ||
	    end != DATE_LEN || year < 1970)
		return -1;
	date = civil_to_days(year, month, day);
	civil_from_days(date, &y, &m, &d);
	return y == year && m == month && d == day ? date : -1;
}

static int
compare_dates(const void *va, const void *vb)
{
	const int64_t *a = va, *b = vb;

	return (*a > *b) - (*a < *b);
}

int
dayfile_days(const char *dir, const char *slug, const char *suffix,
    int64_t **dates, size_t *n)
{
	char *path = xasprintf("%s/%s", dir, slug);
	DIR *d = opendir(path);
	struct dirent *e;
	size_t cap = 0;

	free(path);
	*dates = NULL;
	*n = 0;
	if (d == NULL)
		return -1;
	while ((e = readdir(d)) != NULL) {
		int64_t date = dayfile_date(e->d_name);

		if (date < 0 || strcmp(e->d_name + DATE_LEN, suffix) != 0)
			continue;
		xgrow(dates, &cap, *n + 1, sizeof **dates);
		(*dates)[(*n)++] = date;
	}
	closedir(d);
	if (*n != 0)
		qsort(*dates, *n, sizeof **dates, compare_dates);
	return 0;
}

json_t *
dayfile_json_frame(struct rate r, int64_t n)
{
	return json_instant(rate_frame_ns(r, n));
}

void
dayfile_add_line(struct buf *out, json_t *j)
{
	char *text = json_dumps(j, JSON_COMPACT);

	if (text != NULL)
		buf_addf(out, "%s\n", text);
	free(text);
	json_decref(j);
}
